"""Sync over the interface: any order, any repetition, several devices; what is refused is told, and the clock of a device is noticed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from gradatim.domain.approval import CopiedFrom
from gradatim.domain.entry import NoteWritten
from gradatim.domain.fold import fold
from gradatim.journal.codec import read_entries
from gradatim.server.api.sync import CLOCK_OFF, MOST_ENTRIES
from gradatim.server.models import Device, Entry, Role
from gradatim.server.who import Scope
from tests.journal.made import OTHER, entries, entry
from tests.server.made import API, account, demo, granted, program, pushed, record_of, send

pytestmark = pytest.mark.django_db


def moment(**ahead: float) -> str:
    return (datetime.now(UTC) + timedelta(**ahead)).isoformat(timespec="seconds").replace("+00:00", "Z")


@pytest.fixture
def home() -> tuple[UUID, Client, Client]:
    """A record and two devices of its person."""
    owner = account()
    return record_of(owner), program(owner, label="Phone"), program(owner, label="Tablet")


def push(client: Client, record: UUID, some: Any, **changed: Any) -> Any:
    return send(client, "post", f"/records/{record}/entries", {**pushed(some, moment()), **changed})


def pull(client: Client, record: UUID, after: int = 0, limit: int = MOST_ENTRIES, head: str = "") -> Any:
    mark = f"&head={head}" if head else ""
    return send(client, "get", f"/records/{record}/entries?after={after}&limit={limit}{mark}")


def everything(client: Client, record: UUID, limit: int = MOST_ENTRIES) -> Any:
    found: list[Any] = []
    after, head, more = 0, "", True
    while more:
        page = pull(client, record, after, limit, head).json()
        found += read_entries(page["entries"], page["schema"])
        after, head, more = page["cursor"], page["head"], page["more"]
    return tuple(found)


def test_what_one_device_sends_another_fetches(home: tuple[UUID, Client, Client]) -> None:
    record, phone, tablet = home
    told = push(phone, record, demo()[:200])
    assert told.status_code == 200
    assert (told.json()["stored"], told.json()["already"], told.json()["cursor"]) == (200, 0, 200)
    assert everything(tablet, record) == demo()[:200]


@pytest.mark.parametrize("limit", [1, 7, 500])
def test_pages_of_any_size_are_the_whole(home: tuple[UUID, Client, Client], limit: int) -> None:
    record, phone, tablet = home
    push(phone, record, demo()[:30])
    assert everything(tablet, record, limit) == demo()[:30]


def test_any_order_with_repeats_from_two_devices_is_one_record(home: tuple[UUID, Client, Client]) -> None:
    record, phone, tablet = home
    chance = Random(3)
    for _ in range(60):
        batch = chance.sample(demo(), chance.randrange(1, 20))
        assert push(chance.choice([phone, tablet]), record, batch).status_code == 200
    for start in range(0, len(demo()), 100):
        push(phone, record, demo()[start : start + 100])
    stored = everything(tablet, record)
    assert len(stored) == len(demo())
    assert fold(stored).done == fold(demo()).done
    assert fold(stored).entries == fold(demo()).entries


def test_a_repeated_batch_changes_nothing(home: tuple[UUID, Client, Client]) -> None:
    record, phone, tablet = home
    first = push(phone, record, entries(5)).json()
    again = push(tablet, record, entries(5)).json()
    assert (again["stored"], again["already"]) == (0, 5)
    assert (again["cursor"], again["head"]) == (first["cursor"], first["head"])


def test_a_batch_with_a_bad_entry_is_refused_whole_and_says_which(home: tuple[UUID, Client, Client]) -> None:
    record, phone, _ = home
    body = pushed(entries(4), moment())
    body["entries"][1]["zone"] = "Nowhere/Here"
    del body["entries"][3]["author"]
    told = send(phone, "post", f"/records/{record}/entries", body)
    assert told.status_code == 422
    assert told["Content-Type"] == "application/problem+json"
    assert [fault["path"] for fault in told.json()["faults"]] == ["entries[1].zone", "entries[3].author"]
    assert all(fault["remedy"] for fault in told.json()["faults"])
    assert everything(phone, record) == ()


def test_the_same_id_with_another_content_is_refused(home: tuple[UUID, Client, Client]) -> None:
    record, phone, tablet = home
    push(phone, record, entries(3))
    told = push(tablet, record, [entry(7), replace(entry(1), what=NoteWritten(text="something else"))])
    assert told.status_code == 422
    assert [fault["path"] for fault in told.json()["faults"]] == ["entries[1].id"]
    assert everything(phone, record) == entries(3)


def test_another_persons_entries_are_refused(home: tuple[UUID, Client, Client]) -> None:
    record, phone, _ = home
    push(phone, record, entries(1))
    assert push(phone, record, [entry(5, person=OTHER)]).status_code == 422
    assert everything(phone, record) == entries(1)


@pytest.mark.parametrize(
    "changed",
    [
        {"schema": "gradatim/entry/999"},
        {"schema": 7},
        {"sent": "yesterday"},
        {"entries": {}},
        {"entries": [None]},
        {"entries": [[]]},
        {"more": 1},
    ],
)
def test_what_cannot_be_read_is_a_problem_with_its_path(
    home: tuple[UUID, Client, Client], changed: dict[str, Any]
) -> None:
    record, phone, _ = home
    told = push(phone, record, entries(1), **changed)
    assert told.status_code == 422
    assert told.json()["faults"]
    assert everything(phone, record) == ()


def test_more_than_a_batch_is_refused(home: tuple[UUID, Client, Client]) -> None:
    record, phone, _ = home
    assert push(phone, record, entries(MOST_ENTRIES + 1)).status_code == 422
    assert push(phone, record, entries(MOST_ENTRIES)).status_code == 200


# --- cursors and heads ------------------------------------------------------------------------------------------------


def test_a_device_goes_on_where_it_stopped(home: tuple[UUID, Client, Client]) -> None:
    record, phone, tablet = home
    push(phone, record, entries(3))
    page = pull(tablet, record).json()
    assert pull(tablet, record, page["cursor"], head=page["head"]).json()["entries"] == []
    push(phone, record, entries(2, first=3))
    later = pull(tablet, record, page["cursor"], head=page["head"]).json()
    assert read_entries(later["entries"], later["schema"]) == entries(2, first=3)


@pytest.mark.parametrize("after", [1, 2, 5])
def test_a_device_that_knew_another_journal_is_told_so(home: tuple[UUID, Client, Client], after: int) -> None:
    """A backup was restored that is older than what the device has seen: it sends everything again, and nothing is lost."""
    record, phone, tablet = home
    push(phone, record, entries(2))
    told = pull(tablet, record, after, head="f" * 64)
    assert told.status_code == 409
    assert told.json()["type"] == "urn:gradatim:problem:journal-changed"


@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=3",
        "after=x",
        "limit=0",
        f"limit={MOST_ENTRIES + 1}",
        "head=zz",
        "after=9999999999999999999999",
    ],
)
def test_a_cursor_that_was_never_given_is_refused(home: tuple[UUID, Client, Client], query: str) -> None:
    record, phone, _ = home
    push(phone, record, entries(2))
    assert send(phone, "get", f"/records/{record}/entries?{query}").status_code == 422


# --- clocks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ahead", "wrong"),
    [(0, False), (CLOCK_OFF - 20, False), (CLOCK_OFF + 20, True), (-3 * 3600, True), (26 * 3600, True)],
)
def test_a_clock_that_is_wrong_is_noticed_and_no_stamp_is_changed(
    home: tuple[UUID, Client, Client], ahead: int, wrong: bool
) -> None:
    record, phone, tablet = home
    some = entries(2)
    told = push(phone, record, some, sent=moment(seconds=ahead)).json()["clock"]
    assert told["wrong"] is wrong
    assert abs(told["ahead"] - ahead) <= 5
    assert everything(tablet, record) == some
    assert Device.objects.filter(label="Phone", clock_ahead__isnull=False).exists()
    received = Entry.objects.filter(record_id=record).values_list("received", flat=True)
    assert all(abs(one - datetime.now(UTC).timestamp()) < 60 for one in received)


# --- packed and bounded -----------------------------------------------------------------------------------------------


def packed(client: Client, record: UUID, data: bytes) -> Any:
    return client.post(
        f"{API}/records/{record}/entries", data, content_type="application/json", headers={"Content-Encoding": "gzip"}
    )


def test_a_packed_batch_is_stored_and_a_page_comes_packed(home: tuple[UUID, Client, Client]) -> None:
    record, phone, tablet = home
    assert (
        packed(phone, record, gzip.compress(json.dumps(pushed(demo()[:100], moment())).encode())).json()["stored"]
        == 100
    )
    page = tablet.get(f"{API}/records/{record}/entries", headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert len(page.content) < len(gzip.decompress(page.content)) / 3


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"not gzip", 400),
        (gzip.compress(b"[]" * 10_000_000, mtime=0), 413),
        (gzip.compress(json.dumps({}).encode(), mtime=0)[:-4], 400),
        (gzip.compress(b"{}", mtime=0) + b"more", 400),
    ],
    ids=["not gzip", "a bomb", "without its end", "with more behind it"],
)
def test_a_packed_body_that_is_broken_or_a_bomb_is_refused(
    home: tuple[UUID, Client, Client], data: bytes, status: int
) -> None:
    record, phone, _ = home
    assert packed(phone, record, data).status_code == status
    assert everything(phone, record) == ()


# --- roles ------------------------------------------------------------------------------------------------------------


def carer_of(record: UUID, *scopes: Scope, name: str = "A. Carer") -> Client:
    carer = account(name)
    granted(record, carer, Role.CARER, scopes)
    return program(carer)


def test_a_carer_writes_in_their_own_name_only(home: tuple[UUID, Client, Client]) -> None:
    record, phone, _ = home
    push(phone, record, entries(1))
    carer = carer_of(record, Scope.LOG, name="A. Carer")
    mine = replace(entry(5), author="A. Carer")
    assert push(carer, record, [mine]).status_code == 200
    told = push(carer, record, [mine, entry(6)])
    assert told.status_code == 403
    assert [fault["path"] for fault in told.json()["faults"]] == ["entries[1].author"]


@pytest.mark.parametrize("scopes", [(Scope.TODAY,), (Scope.READ, Scope.TODAY)])
def test_a_carer_without_the_right_writes_nothing(home: tuple[UUID, Client, Client], scopes: tuple[Scope, ...]) -> None:
    record, phone, _ = home
    assert push(carer_of(record, *scopes), record, [replace(entry(5), author="A. Carer")]).status_code == 403
    assert everything(phone, record) == ()


def test_a_carer_who_may_only_log_reads_nothing(home: tuple[UUID, Client, Client]) -> None:
    record, _, _ = home
    assert pull(carer_of(record, Scope.LOG), record).status_code == 403


def plan_entry() -> Any:
    return next(one for one in demo() if one.what.kind == "plan-approved")


def test_a_plan_takes_the_right_to_plan(home: tuple[UUID, Client, Client]) -> None:
    record, phone, _ = home
    push(phone, record, demo()[:1])  # whose record it is, the person says
    plan = plan_entry().what.plan
    paper = CopiedFrom(prescriber=plan.approval.by, dated=plan.start)
    copied = replace(plan, approval=replace(plan.approval, by="A. Carer", copied_from=paper))
    mine = replace(plan_entry(), author="A. Carer", what=replace(plan_entry().what, plan=copied))
    assert push(carer_of(record, Scope.LOG), record, [mine]).status_code == 403
    assert push(carer_of(record, Scope.PLAN), record, [mine]).status_code == 200


def test_a_prescriber_approves_in_no_other_name(home: tuple[UUID, Client, Client]) -> None:
    record, phone, _ = home
    push(phone, record, demo()[:1])
    other = account("Dr Another")
    granted(record, other, Role.PRESCRIBER)
    told = push(program(other), record, [replace(plan_entry(), author="Dr Another")])
    assert told.status_code == 403
    assert told.json()["faults"][0]["path"] == "entries[0].what.plan.approval.by"
    named = plan_entry().what.plan.approval.by
    prescriber = account(named)
    granted(record, prescriber, Role.PRESCRIBER)
    assert push(program(prescriber), record, [replace(plan_entry(), author=named)]).status_code == 200
    assert Entry.objects.get(record_id=record, place=1).account == str(prescriber.pk)


@pytest.mark.parametrize("ask", [pull, lambda client, record: push(client, record, entries(1))])
def test_a_device_that_was_ended_stops_at_once(
    home: tuple[UUID, Client, Client], ask: Callable[[Client, UUID], Any]
) -> None:
    record, phone, tablet = home
    assert ask(phone, record).status_code == 200
    ended = Device.objects.get(label="Phone")
    assert send(tablet, "delete", f"/devices/{ended.pk}").status_code == 204
    assert ask(phone, record).status_code == 401
    assert ask(tablet, record).status_code == 200
