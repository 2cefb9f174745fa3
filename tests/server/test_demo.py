"""A made-up person to try everything on: whole at once, told apart from a real record, and thrown away without a trace in it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.conf import LazySettings

from gradatim.domain.clock import Instant
from gradatim.domain.fold import fold
from gradatim.journal.demo import PERSON
from gradatim.server import models
from gradatim.server.api.records import MOST_DEMOS
from gradatim.server.day import day_of
from gradatim.server.home import household
from gradatim.server.journal import NoRecord, TableJournal
from gradatim.server.models import Account, Role
from gradatim.server.who import ALL, Scope, new_device
from tests.server.made import account, browser, granted, program, send
from tests.server.signing import accounts_mode

WORD = {"confirm": "erase"}


def phone(owner: Account, scopes: frozenset[Scope] = ALL) -> Any:
    """A paired browser; the checks of its own pages are tested elsewhere."""
    client = browser()
    client.handler.enforce_csrf_checks = False
    client.cookies["gradatim-device"] = new_device(owner, "A phone", scopes, program=False)[1]
    return client


def begun(client: Any) -> dict[str, Any]:
    answer = send(client, "post", "/records/demo")
    assert answer.status_code == 201, answer.content
    told: dict[str, Any] = answer.json()
    return told


@pytest.fixture
def owner(db: None) -> Account:
    return account("")


def test_it_is_a_record_of_twelve_weeks_up_to_now(owner: Account) -> None:
    client = phone(owner)
    told = begun(client)
    assert (told["demo"], told["role"], told["scopes"]) == (True, "person", ["log", "plan", "read", "share", "today"])
    journal = TableJournal(models.Record.objects.get(pk=told["id"]).pk)
    entries = journal.since().entries
    assert told["entries"] == len(entries) > 300
    assert told["person"] == entries[0].person
    assert journal.verify() == (len(entries), ())
    now = Instant(int(time.time()))
    assert all(entry.recorded <= now for entry in entries)
    assert now.seconds - max(entry.recorded.seconds for entry in entries) < 36 * 3600
    record = fold(entries)
    assert record.set_aside == ()
    assert record.person == PERSON
    assert day_of(record, now).called == PERSON.called
    packet = send(client, "get", f"/records/{told['id']}/packet").json()
    assert packet["person"]["called"] == PERSON.called
    assert packet["doses"]
    assert [one["demo"] for one in send(client, "get", "/records").json()] == [True]
    assert send(client, "get", f"/records/{told['id']}").json() == told


def test_a_record_of_ones_own_is_none(owner: Account) -> None:
    client = phone(owner)
    assert send(client, "post", "/records").json()["demo"] is False


def test_it_is_for_the_person_whose_account_it_is_and_can_be_shared(owner: Account) -> None:
    told = begun(phone(owner))
    other = account("B. Name")
    assert send(phone(other), "get", f"/records/{told['id']}").status_code == 404
    granted(told["id"], other, Role.CARER)
    seen = send(phone(other), "get", f"/records/{told['id']}").json()
    assert (seen["demo"], seen["role"]) == (True, "carer")


@pytest.mark.parametrize("missing", [Scope.PLAN, Scope.LOG])
def test_a_device_that_may_not_write_it_begins_none(missing: Scope, owner: Account) -> None:
    answer = send(phone(owner, ALL - {missing}), "post", "/records/demo")
    assert (answer.status_code, answer.json()["detail"]) == (403, f"This needs: {missing}.")
    assert not owner.grants.exists()


def test_there_are_few_at_once_and_room_again_after_one_is_thrown_away(owner: Account) -> None:
    client = phone(owner)
    made = [begun(client)["id"] for _ in range(MOST_DEMOS)]
    refused = send(client, "post", "/records/demo")
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:gradatim:problem:not-allowed")
    assert owner.grants.count() == MOST_DEMOS
    assert send(client, "post", "/records").status_code == 201, "a real one may always be begun beside them"
    assert send(client, "delete", f"/records/{made[0]}", WORD).status_code == 204
    begun(client)


def test_asked_again_with_the_same_key_there_is_one(owner: Account) -> None:
    client = phone(owner)
    answers = [send(client, "post", "/records/demo", headers={"Idempotency-Key": "once"}).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert owner.grants.count() == 1


@pytest.mark.parametrize("accounts", [False, True], ids=["personal", "accounts"])
def test_any_device_that_keeps_the_account_throws_it_away_also_as_the_only_record(accounts: bool, owner: Account, settings: LazySettings) -> None:  # fmt: skip
    if accounts:
        accounts_mode(settings)
    told = begun(phone(owner))
    for scopes in (ALL - {Scope.ACCOUNT}, ALL - {Scope.SHARE}):
        assert send(phone(owner, scopes), "delete", f"/records/{told['id']}", WORD).status_code == 403
    other = phone(owner, frozenset({Scope.ACCOUNT, Scope.SHARE}))
    assert send(other, "delete", f"/records/{told['id']}", {"confirm": "yes"}).status_code == 422
    assert send(other, "delete", f"/records/{told['id']}", WORD).status_code == 204
    with pytest.raises(NoRecord):
        TableJournal(models.Record.objects.get(pk=told["id"]).pk).since()
    assert not models.Entry.objects.filter(record_id=told["id"]).exists()
    assert send(phone(owner), "get", "/records").json() == []
    begun(phone(owner))


def test_a_record_of_a_person_still_asks_who_erases_it(owner: Account, settings: LazySettings) -> None:
    accounts_mode(settings)
    told = send(phone(owner), "post", "/records").json()
    answer = send(phone(owner), "delete", f"/records/{told['id']}", WORD)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:gradatim:problem:sign-in-again")


def test_the_empty_record_of_a_household_stays_beside_it(db: None) -> None:
    home = household()
    client = phone(home)
    told = begun(client)
    assert [(one["demo"], one["entries"]) for one in send(client, "get", "/records").json()] == [
        (False, 0), (True, told["entries"])
    ]  # fmt: skip
    assert send(client, "delete", f"/records/{told['id']}", WORD).status_code == 204
    assert [one["demo"] for one in send(client, "get", "/records").json()] == [False]


def test_an_administrator_begins_none(db: None, settings: LazySettings) -> None:
    accounts_mode(settings)
    assert send(program(account("", administrator=True)), "post", "/records/demo").status_code == 403
