"""Nobody gets, changes or learns anything of a record without a right to it, whether it exists or not; for every operation there is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from django.test import Client

from gradatim.server.who import ALL
from tests.server.kept import clock_at
from tests.server.made import account
from tests.server.security.askers import (
    NAME,
    STRANGERS,
    accounts_mode,
    asked,
    client_of,
    everything,
    granted_askers,
    personal_mode,
    signed_in,
    subsets,
    token,
    undone,
)
from tests.server.security.operations import ANYBODY, CASES, Case, Operation, World, operations, world

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

ALL_OPERATIONS = operations()
WITH_IDS = [one for one in ALL_OPERATIONS if one.ids]
OWN = [one for one in ALL_OPERATIONS if not one.about_a_record and one.id not in ANYBODY]
WITH_MORE = [one for one in WITH_IDS if len(one.ids) > 1]
ABOUT_RECORDS = [one for one in ALL_OPERATIONS if one.about_a_record]


@pytest.fixture(autouse=True)
def both_ways_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Accounts mode: there, devices and sessions both count. It is a day on which the plan is followed."""
    clock_at(monkeypatch, "2026-12-02T09:00:00+00:00")
    with accounts_mode(monkeypatch):
        yield


def names(found: list[Operation] | tuple[Operation, ...]) -> list[str]:
    return [one.id for one in found]


def test_every_operation_stands_in_the_table_and_nothing_else_does() -> None:
    assert sorted(CASES) == sorted(names(ALL_OPERATIONS))
    assert set(CASES) >= ANYBODY


def test_every_id_of_an_address_is_known() -> None:
    made = world()
    assert {one for operation in ALL_OPERATIONS for one in operation.ids} <= set(made.ids)


@pytest.mark.parametrize("operation", ALL_OPERATIONS, ids=names(ALL_OPERATIONS))
def test_nobody_without_credentials_gets_further_than_the_door(operation: Operation) -> None:
    made = world()
    before = everything()
    for case in CASES[operation.id]:
        body = case.body(made) if case.body else None
        told = asked(STRANGERS["nobody"](made), operation.method, f"{operation.at(made.ids)}?{case.query}", body)
        if operation.id in ANYBODY:
            assert told.status == case.status
        else:
            assert told.status == 401
            assert json.loads(told.body)["type"] == "urn:gradatim:problem:no-credentials"
    assert everything() == before


@pytest.mark.parametrize("operation", WITH_IDS, ids=names(WITH_IDS))
@pytest.mark.parametrize("stranger", STRANGERS)
def test_what_is_anothers_is_as_if_it_were_not_there(operation: Operation, stranger: str) -> None:
    if stranger.startswith("administrator") and any(case.administrator for case in CASES[operation.id]):
        return  # theirs; that it needs them is shown below
    them, other = world(followed=True), world()
    client = STRANGERS[stranger](them)
    for case in CASES[operation.id]:
        body = case.body(them) if case.body else None
        for ids in _mixtures(operation, them, other):
            hidden = tuple(ids.values())
            before = everything()
            nowhere = {name: uuid4() for name in ids}
            for address_ids in (ids, nowhere):  # once, so that nothing differs by what is remembered
                asked(client, operation.method, f"{operation.at(address_ids)}?{case.query}", body, hidden)
            there = asked(client, operation.method, f"{operation.at(ids)}?{case.query}", body, hidden)
            never = asked(
                client, operation.method, f"{operation.at(nowhere)}?{case.query}", body, tuple(nowhere.values())
            )
            assert there == never
            assert there.status in ((401, 404) if operation.about_a_record and not case.device else (401, 403, 404))
            assert everything() == before
            for secret in (str(them.record), them.owner.email, "a private note", "a-name"):
                assert secret.encode() not in there.body


def _mixtures(operation: Operation, them: World, other: World) -> Iterator[dict[str, UUID]]:
    """Their ids, and their ids under a record of a third."""
    yield {name: them.ids[name] for name in operation.ids}
    if len(operation.ids) > 1:
        for name in operation.ids:
            yield {one: (other if one == name else them).ids[one] for one in operation.ids}


@pytest.mark.parametrize("operation", WITH_MORE, ids=names(WITH_MORE))
def test_an_id_of_another_record_is_not_found_through_ones_own(operation: Operation) -> None:
    me, them = world(), world()
    client = token(me.owner)
    for case in CASES[operation.id]:
        body = case.body(me) if case.body else None
        for name in operation.ids:
            if name == "record":
                continue
            mixed = {one: (them if one == name else me).ids[one] for one in operation.ids}
            nowhere = mixed | {name: uuid4()}
            before = everything()
            answers = [
                asked(client, operation.method, f"{operation.at(i)}?{case.query}", body, tuple(i.values()))
                for i in (mixed, nowhere, mixed, nowhere)
            ]
            assert answers[2] == answers[3]
            assert answers[2].status == 404
            assert everything() == before


THIN_AND_FULL = [pytest.param(True, id="thin"), pytest.param(False, id="full", marks=pytest.mark.long)]


@pytest.mark.parametrize("thin", THIN_AND_FULL)
@pytest.mark.parametrize("operation", ABOUT_RECORDS, ids=names(ABOUT_RECORDS))
def test_within_a_record_everybody_may_do_what_role_grant_and_device_allow(operation: Operation, thin: bool) -> None:
    them = world(followed=True)
    for case in CASES[operation.id]:
        for who in granted_askers(case.needs | case.device if thin else None):
            with undone():
                may = case.allows(who.role, who.may, who.device)
                _right_or_refused(operation, case, client_of(who, them), them, may=may, who=str(who))


@pytest.mark.parametrize("thin", THIN_AND_FULL)
@pytest.mark.parametrize("operation", OWN, ids=names(OWN))
def test_about_ones_own_account_a_device_may_do_what_it_was_given(operation: Operation, thin: bool) -> None:
    made = world()
    runs_it = account(NAME, administrator=True)
    for case in CASES[operation.id]:
        for scopes in subsets(ALL, case.device if thin else None):
            for who in (made.owner, runs_it):
                if who is runs_it and not case.administrator:
                    continue
                with undone():
                    may = case.allows(None, ALL, scopes) and (who is runs_it or not case.administrator)
                    _right_or_refused(operation, case, token(who, scopes), made, may=may, who=str(sorted(scopes)))


def _right_or_refused(operation: Operation, case: Case, client: Client, them: World, *, may: bool, who: str) -> None:
    before = everything()
    body = case.body(them) if case.body else None
    told = asked(client, operation.method, f"{operation.at(them.ids)}?{case.query}", body)
    kind = json.loads(told.body).get("type", "") if told.status >= 400 else ""
    if may and case.problem:
        assert (told.status, kind) == (case.status, f"urn:gradatim:problem:{case.problem}"), (who, told)
    elif may:
        assert told.status in {case.status, *case.or_else}, (who, told)
        assert kind != "urn:gradatim:problem:not-allowed"
    else:
        assert told.status == 403, (who, told)
        assert kind == "urn:gradatim:problem:not-allowed", (who, told)
        assert b"a private note" not in told.body
        assert everything() == before, who


@pytest.mark.parametrize("operation", WITH_IDS, ids=names(WITH_IDS))
def test_in_personal_mode_a_session_is_nobody(operation: Operation, monkeypatch: pytest.MonkeyPatch) -> None:
    made = world()
    client = signed_in(made.owner)
    with personal_mode(monkeypatch):
        for case in CASES[operation.id]:
            body = case.body(made) if case.body else None
            assert asked(client, operation.method, f"{operation.at(made.ids)}?{case.query}", body).status == 401
