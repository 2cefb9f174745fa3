"""Who writes what in whose name: what a role may write, and what the server says of who brought it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from gradatim.domain.approval import CopiedFrom
from gradatim.domain.approval import Role as Capacity
from gradatim.domain.entry import Correction, Entry, NoteWritten, PlanApproved, PlanSuperseded, ReviewAnswered
from gradatim.domain.plan import Answerer
from gradatim.server.journal import TableJournal
from gradatim.server.models import Entry as Row
from gradatim.server.models import Role
from gradatim.server.who import Scope
from tests.journal.made import BEGIN, a_plan, an_id, entries, entry, every_kind
from tests.server.made import account, granted, pushed, send
from tests.server.security.askers import everything, token
from tests.server.security.operations import World, world

pytestmark = pytest.mark.django_db

DOCTOR, CARER = "Dr B. Name", "C. Name"


def by(author: str, what: Any, number: int = 500) -> Entry:
    return replace(entry(number, what), author=author)


def push(client: Any, made: World, *found: Entry) -> Any:
    return send(client, "post", f"/records/{made.record}/entries", pushed(found))


def carer_of(made: World, role: Role = Role.CARER, name: str = CARER, scopes: Any = None) -> Client:
    who = account(name)
    granted(made.record, who, role, scopes)
    return token(who)


def approved(name: str, *, copied: bool = False) -> PlanApproved:
    plan = a_plan()
    assert plan.approval is not None
    approval = replace(plan.approval, by=name)
    if copied:
        approval = replace(approval, role=Capacity.CARER, copied_from=CopiedFrom(prescriber=DOCTOR, dated=plan.start))
    return PlanApproved(plan=replace(plan, approval=approval))


@pytest.mark.parametrize("role", [Role.CARER, Role.PRESCRIBER])
@pytest.mark.parametrize("author", ["A. Name", "c. name", "C. Name ", "C.\u00a0Name", "С. Name", "C. Na\u200bme"])
def test_nobody_writes_in_anothers_name(role: Role, author: str) -> None:
    made = world()
    client = carer_of(made, role)
    before = everything()
    told = push(client, made, by(author, NoteWritten(text="x")))
    assert told.status_code == 403
    assert told.json()["faults"][0]["path"] == "entries[0].author"
    assert everything() == before


@pytest.mark.parametrize("role", [Role.CARER, Role.PRESCRIBER])
def test_one_line_in_anothers_name_refuses_them_all_and_names_each(role: Role) -> None:
    made = world()
    client = carer_of(made, role)
    before = everything()
    found = [by(CARER if number % 2 else "Somebody", NoteWritten(text="x"), number) for number in range(600, 606)]
    told = push(client, made, *found)
    assert [one["path"] for one in told.json()["faults"]] == [f"entries[{place}].author" for place in (0, 2, 4)]
    assert everything() == before


def test_whose_line_it_is_is_known_whatever_it_says() -> None:
    """A person's own devices may send what others wrote into their journal at home. By whom it came is stored beside it, and sealed."""
    made = world()
    told = push(token(made.owner), made, by(DOCTOR, NoteWritten(text="Take the double")))
    assert told.status_code == 200
    row = Row.objects.get(record_id=made.record, place=3)
    assert row.account == str(made.owner.pk)
    assert row.device
    assert TableJournal(made.record).verify()[1] == ()


@pytest.mark.parametrize("role", [Role.CARER, Role.PRESCRIBER])
def test_nobody_approves_a_plan_in_a_prescribers_name(role: Role) -> None:
    made = world()
    client = carer_of(made, role)
    before = everything()
    told = push(client, made, by(CARER, approved(DOCTOR)))
    assert told.status_code == 403, told.content
    assert any(one["path"] == "entries[0].what.plan.approval.by" for one in told.json()["faults"])
    assert everything() == before


def test_a_carer_does_not_approve_in_their_own_name_either() -> None:
    made = world()
    told = push(carer_of(made), made, by(CARER, approved(CARER)))
    assert told.status_code == 403, told.content


def test_a_prescriber_approves_in_their_own_name_and_a_carer_copies_the_paper() -> None:
    made = world()
    assert push(carer_of(made, Role.PRESCRIBER, DOCTOR), made, by(DOCTOR, approved(DOCTOR))).status_code == 200
    other = world()
    assert push(carer_of(other), other, by(CARER, approved(CARER, copied=True))).status_code == 200


def test_an_approval_that_a_person_brings_is_known_as_brought_by_them() -> None:
    """What somebody sends of the plan that their doctor approved elsewhere is kept as sent; the server's own word is who brought it."""
    made = world()
    assert push(token(made.owner), made, by("A. Name", approved(DOCTOR))).status_code == 200
    row = Row.objects.get(record_id=made.record, place=3)
    assert DOCTOR in row.body
    assert row.account == str(made.owner.pk)


@pytest.mark.parametrize(
    "what",
    [
        ReviewAnswered(plan="p1", review="v1-r1", go_on=True, by=DOCTOR, role=Answerer.CLINICIAN, from_day=a_plan().start),
        PlanSuperseded(plan="p1", version=1, by=DOCTOR, role=Capacity.PRESCRIBER, reason="x"), PlanApproved(plan=a_plan()),
    ],
)  # fmt: skip
def test_who_may_only_log_changes_no_plan(what: Any) -> None:
    made = world()
    client = carer_of(made, scopes=[Scope.LOG, Scope.READ])
    before = everything()
    told = push(client, made, by(CARER, what))
    assert told.status_code == 403
    assert told.json()["faults"][0]["path"] == "entries[0].what.kind"
    assert everything() == before


def test_who_may_only_plan_logs_nothing_and_the_other_way_round() -> None:
    """Of every kind of entry there is, each is allowed by exactly one of the two scopes."""
    made = world()
    allowed: dict[Scope, set[str]] = {}
    for scope in (Scope.LOG, Scope.PLAN):
        client = carer_of(made, scopes=[scope])
        kinds = set()
        for number, one in enumerate(every_kind()):
            what = approved(CARER, copied=True) if isinstance(one.what, PlanApproved) else one.what
            told = push(client, made, by(CARER, what, 2000 + 100 * (scope is Scope.PLAN) + number))
            assert told.status_code in (200, 403), told.content
            if told.status_code == 200:
                kinds.add(one.what.kind)
        allowed[scope] = kinds
    assert allowed[Scope.LOG] & allowed[Scope.PLAN] == set()
    assert allowed[Scope.LOG] | allowed[Scope.PLAN] == {one.what.kind for one in every_kind()}
    assert allowed[Scope.PLAN] >= {"plan-approved", "plan-superseded", "review-answered", "person", "preference"}


def test_an_id_of_somebody_elses_entry_tells_nothing() -> None:
    """Ids are only compared within one record."""
    made, other = world(), world()
    theirs = Row.objects.filter(record_id=other.record).first()
    assert theirs is not None
    mine = replace(entry(0, NoteWritten(text="quite another text")), id=an_id(77))
    send(token(other.owner), "post", f"/records/{other.record}/entries", pushed((mine,)))
    told = push(token(made.owner), made, replace(mine, what=NoteWritten(text="mine")))
    assert (told.status_code, told.json()["stored"]) == (200, 1)


def test_a_correction_reaches_into_no_other_record() -> None:
    made, other = world(), world()
    target = Row.objects.filter(record_id=other.record, place=0).values_list("entry", flat=True).get()
    before = list(Row.objects.filter(record_id=other.record).values())
    assert push(token(made.owner), made, entry(501, Correction(corrects=target, why="x"))).status_code == 200
    assert list(Row.objects.filter(record_id=other.record).values()) == before


def test_what_is_there_is_never_written_over() -> None:
    made = world()
    first = entry(0, NoteWritten(text="a private note"))
    for change in ({"what": NoteWritten(text="forged")}, {"author": "B. Name"}, {"at": BEGIN}, {"device": "forged"}):
        told = push(token(made.owner), made, replace(first, **change))
        assert told.status_code in ((422,) if replace(first, **change) != first else (200,))
    assert Row.objects.filter(record_id=made.record).count() == 3


def test_another_persons_entries_do_not_mix_in() -> None:
    made = world()
    told = push(token(made.owner), made, entry(502, person="somebody else"))
    assert told.status_code == 422
    assert told.json()["faults"][0]["path"] == "entries[0].person"


def test_a_record_that_is_begun_by_sending_is_none() -> None:
    made = world()
    told = send(token(made.owner), "post", f"/records/{uuid4()}/entries", pushed(entries(1)))
    assert told.status_code == 404


def test_a_carer_does_not_begin_what_the_record_is_about() -> None:
    """The first entry says whose record it is. A wrong one would keep the person's own entries out for good."""
    owner = account()
    from tests.server.made import record_of

    record = record_of(owner)
    who = account(CARER)
    granted(record, who, Role.CARER)
    told = send(token(who), "post", f"/records/{record}/entries", pushed((by(CARER, NoteWritten(text="x")),)))
    assert told.status_code == 403
    assert send(token(owner), "post", f"/records/{record}/entries", pushed(entries(1))).status_code == 200


# --- what anybody may put into an order of theirs ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["/etc/passwd", "../../../../etc/passwd", "examples/ms-adult.csv", "", ".", "\x01"])
def test_no_file_of_this_machine_is_read_for_an_order(name: str) -> None:
    made = world()
    order = {
        "person": {"zone": "UTC"},
        "prescription": {"table_file": name, "start": "2026-12-01", "products": ["us/10"]},
    }
    told = send(token(made.owner), "post", "/plans/draft", {"order": order})
    assert told.status_code == 422
    assert told.json()["faults"][0]["path"] == "order.prescription.table_file"
    assert "root:" not in told.content.decode()


def test_the_log_of_who_looked_is_written_in_the_servers_own_words() -> None:
    made = world()
    client = token(made.owner)
    send(client, "get", f"/records/{made.record}/entries")
    told = send(client, "get", f"/records/{made.record}/access").json()
    assert [one["action"] for one in told["accesses"]] == ["read entries"]
