"""The plan of a record: who may follow, approve and answer, what is checked before, and what is written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from gradatim.domain import course as domain
from gradatim.domain.approval import Approval
from gradatim.domain.approval import Role as Capacity
from gradatim.domain.entry import Entry, NoteWritten, PersonDescribed, PlanApproved, ReviewAnswered
from gradatim.domain.entry.ids import new_id
from gradatim.domain.fold import fold
from gradatim.domain.plan import Answerer
from gradatim.domain.reading import plain
from gradatim.exchange.order import read_order
from gradatim.journal.codec import SCHEMA, entry_data
from gradatim.journal.writing import written_down
from gradatim.monographs import monograph
from gradatim.server.api.drawn import laid, opened
from gradatim.server.journal import Source, TableJournal
from gradatim.server.models import Grant, Role
from gradatim.server.who import Scope
from tests.server.kept import Kept, clock_at, faults
from tests.server.made import account, granted, program, send
from tests.server.security.askers import with_token
from tests.server.signing import Visitor, accounts_mode
from tests.server.signing import signed_in as signing_in
from tests.server.test_plans import order

EVE = "2026-08-07T18:05:00+00:00"  # the first review may be answered, and is not
GRAVE = "2026-10-12T18:00:00+00:00"  # the watch says something that nobody has dealt with
BACK = "2026-09-30T18:00:00+00:00"  # after a step back, a clinician says when to go on
Patch = pytest.MonkeyPatch


@pytest.fixture
def eve(db: None, monkeypatch: Patch) -> Kept:
    return Kept(monkeypatch, EVE)


@pytest.fixture
def empty(db: None, monkeypatch: Patch) -> Kept:
    return Kept(monkeypatch, "2026-11-23T08:00:00+00:00", empty=True)


@pytest.fixture
def begun(empty: Kept) -> Kept:
    """A record whose person is described, and nothing else: nobody who was invited writes the first entry."""
    person = read_order(order(), monograph()).person
    first = written_down(
        [PersonDescribed(person=person)],
        subject=None,
        at=empty.now,
        recorded=empty.now,
        by="A. Name",
        device=lambda: "x",
        zone=person.zone,
    )
    TableJournal(empty.record, Source(account=str(empty.owner.pk))).append(first)
    return empty


def draft(kept: Kept, **prescription: Any) -> dict[str, Any]:
    made = send(kept.person, "post", "/plans/draft", {"order": order(**prescription)})
    assert made.status_code == 200, made.content
    return made.json()["document"]  # type: ignore[no-any-return]


def held(kept: Kept, on: str, days: int = 7) -> dict[str, Any]:
    """The plan of the record with a hold: a draft of its next version."""
    doc = kept.get("/plan").json()["document"]
    made = send(
        kept.person, "post", "/plans/change", {"document": doc, "change": {"kind": "hold", "on": on, "days": days}}
    )
    assert made.status_code == 200, made.content
    return made.json()["document"]  # type: ignore[no-any-return]


PAPER = {"prescriber": "Dr B. Name", "dated": "2026-11-20"}


# --- reading ----------------------------------------------------------------------------------------------------------


def test_the_plan_in_force_with_its_answers_and_the_next_review(eve: Kept) -> None:
    said = eve.get("/plan").json()
    assert said["document"]["plan"]["id"] == "example"
    assert said["document"]["course"]["versions"][0]["approval"]["by"] == "Dr B. Name"
    assert said["figure"]["today"] == "2026-08-07"
    review = said["review"]
    assert (review["id"], review["by"], review["from_day"], review["mg"], review["next_mg"], review["not_yet"]) == (
        "v1-r1", "person", "2026-08-08", 15, 20, None
    )  # fmt: skip
    assert review["asks"]


def test_a_review_that_is_not_due_says_when(db: None, monkeypatch: Patch) -> None:
    early = Kept(monkeypatch, "2026-08-03T18:00:00+00:00").get("/plan").json()["review"]
    assert "2026-08-07" in early["not_yet"]
    assert early["next_mg"] is None


def test_who_brought_an_approval_is_told(eve: Kept) -> None:
    (only,) = eve.get("/plan").json()["approvals"]
    assert (only["by"], only["brought_by"], only["brought_as"], only["verified"]) == (
        "Dr B. Name",
        "A. Name",
        "person",
        False,
    )


def test_before_the_first_plan_there_is_none(empty: Kept) -> None:
    said = empty.get("/plan")
    assert (said.status_code, said.json()["type"]) == (409, "urn:gradatim:problem:no-plan")


# --- approving --------------------------------------------------------------------------------------------------------


def test_a_person_copies_a_paper_and_begins_the_record(empty: Kept) -> None:
    said = empty.post("/plan/approve", {"document": draft(empty), "copied_from": PAPER})
    assert said.status_code == 201, said.content
    made = said.json()
    assert (made["version"], made["holds_from"], made["jumps"]) == (1, "2026-12-01", [])
    described, approved = empty.entries()
    assert [one.id for one in (described, approved)] == made["entries"]
    assert isinstance(described.what, PersonDescribed)
    assert isinstance(approved.what, PlanApproved)
    approval = approved.what.plan.approval
    assert approval is not None
    assert (approval.by, approval.role, approval.at) == ("A. Name", "person", empty.now)
    assert approval.copied_from is not None
    assert approval.copied_from.prescriber == "Dr B. Name"
    assert (approved.author, approved.recorded, approved.at, approved.zone) == (
        "A. Name",
        empty.now,
        empty.now,
        "America/New_York",
    )
    assert made["cursor"] == 2
    assert made["head"] == TableJournal(empty.record).head_at(2)
    (only,) = empty.get("/plan").json()["approvals"]
    assert not only["verified"]


@pytest.mark.parametrize("role", [Role.PERSON, Role.CARER])
def test_nobody_but_a_prescriber_approves_without_paper(empty: Kept, role: Role) -> None:
    client = empty.person if role is Role.PERSON else empty.join(role, "C. Name")
    said = empty.post("/plan/approve", {"document": draft(empty)}, client)
    assert (said.status_code, list(faults(said))) == (403, ["copied_from"])
    assert empty.entries() == ()


def test_a_prescriber_approves_in_their_own_name_and_is_verified(begun: Kept) -> None:
    doctor = begun.join(Role.PRESCRIBER, "Dr B. Name")
    assert begun.post("/plan/approve", {"document": draft(begun)}, doctor).status_code == 201
    (approval,) = begun.get("/plan").json()["approvals"]
    assert (approval["by"], approval["brought_as"], approval["verified"]) == ("Dr B. Name", "prescriber", True)
    assert [entry.author for entry in begun.entries()] == ["A. Name", "Dr B. Name"]
    Grant.objects.filter(record_id=begun.record, role=Role.PRESCRIBER).update(
        revoked=timezone.now() + timedelta(seconds=5)
    )
    assert begun.get("/plan").json()["approvals"][0]["verified"]


def test_with_accounts_a_prescriber_signs_as_who_they_have_just_proved_to_be(begun: Kept, settings: Any, monkeypatch: Patch) -> None:  # fmt: skip
    """An unlocked phone of theirs is not their signature; copying a paper is none."""
    import time

    accounts_mode(settings)
    doctor = account("Dr B. Name")
    granted(begun.record, doctor, Role.PRESCRIBER)
    here, where = signing_in(doctor), f"/records/{begun.record}/plan/approve"
    device = here.api("post", "/devices", {"label": "A phone"}).cookies["gradatim-device"].value
    signed, later = {"document": draft(begun)}, time.time() + 601
    phone = Visitor()
    phone.client.cookies["gradatim-device"] = device
    another = signing_in(account("D. Name"))  # a proof, of somebody else
    another.client.cookies["gradatim-device"] = device
    for client in (program(doctor), phone, another):
        said = send(client, "post", where, signed) if isinstance(client, Client) else client.api("post", where, signed)
        assert (said.status_code, said.json()["type"]) == (403, "urn:gradatim:problem:sign-in-again")
    assert len(begun.entries()) == 1
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: later)
        assert here.api("post", where, signed).status_code == 403
        assert here.confirm().status_code == 200
        assert here.api("post", where, signed).status_code == 201
    (approval,) = begun.get("/plan").json()["approvals"]
    assert (approval["by"], approval["verified"]) == ("Dr B. Name", True)
    copied = {"document": draft(begun, target="20 mg"), "copied_from": PAPER, "instead": True}
    assert phone.api("post", where, copied).status_code == 201


def approved_elsewhere(begun: Kept) -> tuple[dict[str, Any], Entry]:
    """An approval that a machine of Dr B. Name made by itself: as a plan to follow, and as an entry."""
    sent = opened(draft(begun))
    proposed = domain.propose(sent.course)
    approval = Approval(by="Dr B. Name", role=Capacity.PRESCRIBER, at=begun.now)
    today = date.fromisoformat("2026-11-23")
    course = domain.approve(proposed, laid(proposed, sent.person, begun.now).findings, approval, (), today)
    own = {"schema": "gradatim/plan/1", "person": plain(sent.person), "course": plain(course)}
    first = begun.entries()[0]
    signed = replace(
        first,
        id=new_id(begun.now.seconds * 1000, b"0123456789"),
        author="Dr B. Name",
        what=PlanApproved(plan=course.latest),
    )
    return own, signed


def batch(begun: Kept, *entries: Entry) -> dict[str, Any]:
    """Entries to send."""
    return {"schema": SCHEMA, "sent": begun.now.iso(), "entries": entry_data(entries)}


def test_no_other_way_leads_round_the_proof(begun: Kept, settings: Any, monkeypatch: Patch) -> None:
    """An approval that a phone made by itself, sent as a plan to follow or as an entry, needs the same proof; a copy of a paper needs none."""
    import time

    accounts_mode(settings)
    doctor = account("Dr B. Name")
    granted(begun.record, doctor, Role.PRESCRIBER)
    here, later = signing_in(doctor), time.time() + 601
    phone = Visitor()
    phone.client.cookies["gradatim-device"] = (
        here.api("post", "/devices", {"label": "A phone"}).cookies["gradatim-device"].value
    )
    own, signed = approved_elsewhere(begun)
    pushed = batch(begun, signed)
    ways = (("/plan", {"document": own}), ("/entries", pushed))
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: later)
        for client in (phone, here):
            for way, body in ways:
                said = client.api("post", f"/records/{begun.record}{way}", body)
                assert (said.status_code, said.json()["type"]) == (403, "urn:gradatim:problem:sign-in-again")
    assert len(begun.entries()) == 1
    assert here.api("post", f"/records/{begun.record}/plan", ways[0][1]).status_code == 201


def test_neither_a_token_nor_a_pairing_code_carries_a_prescribers_signature(begun: Kept, settings: Any) -> None:
    """Also one that was made a moment ago by who had just proved who they are: whoever holds it is not them. The rest goes through."""
    accounts_mode(settings)
    doctor = account("Dr B. Name")
    granted(begun.record, doctor, Role.PRESCRIBER)
    here, where = signing_in(doctor), f"/records/{begun.record}"
    code = here.api("post", "/devices/codes", {}).json()["code"]
    paired = send(Client(SERVER_NAME="127.0.0.1"), "post", "/pair", {"code": code, "label": "A laptop"})
    made = here.api("post", "/tokens", {"label": "A program", "scopes": ["plan", "log"]}).json()["token"]
    own, signed = approved_elsewhere(begun)
    note = replace(signed, id=new_id(begun.now.seconds * 1000, b"9876543210"), what=NoteWritten(text="A note"))
    for secret in (made, paired.cookies["gradatim-device"].value):
        client = with_token(secret)
        followed = send(client, "post", f"{where}/plan", {"document": own})
        assert (followed.status_code, list(faults(followed))) == (403, ["document.course"])
        pushed = send(client, "post", f"{where}/entries", batch(begun, note, signed))
        assert (pushed.status_code, pushed.json()["type"]) == (403, "urn:gradatim:problem:sign-in-again")
        assert list(faults(pushed)) == ["entries[1].what.plan.approval"]
        assert send(client, "post", f"{where}/plan/approve", {"document": draft(begun)}).status_code == 403
        assert send(client, "post", f"{where}/entries", batch(begun, note)).status_code == 200
        assert [one.what for one in begun.entries()[1:]] == [note.what]
    settings.CONFIG = replace(settings.CONFIG, accounts=False)  # a household has no accounts to prove
    assert send(with_token(made), "post", f"{where}/plan", {"document": own}).status_code == 201


def test_a_copy_by_a_prescriber_is_not_verified(begun: Kept) -> None:
    doctor = begun.join(Role.PRESCRIBER, "Dr C. Name")
    assert begun.post("/plan/approve", {"document": draft(begun), "copied_from": PAPER}, doctor).status_code == 201
    assert not begun.get("/plan").json()["approvals"][0]["verified"]


def test_who_was_no_prescriber_when_it_was_brought_verified_nothing(begun: Kept) -> None:
    doctor = begun.join(Role.PRESCRIBER, "Dr B. Name")
    assert begun.post("/plan/approve", {"document": draft(begun)}, doctor).status_code == 201
    mine = Grant.objects.filter(record_id=begun.record, role=Role.PRESCRIBER)
    for wrong in ({"made": timezone.now() + timedelta(hours=1)}, {"revoked": timezone.now() - timedelta(hours=1)}):
        mine.update(**wrong)
        (approval,) = begun.get("/plan").json()["approvals"]
        assert (approval["brought_by"], approval["brought_as"], approval["verified"]) == ("Dr B. Name", None, False)
        mine.update(made=timezone.now() - timedelta(hours=1), revoked=None)
        assert begun.get("/plan").json()["approvals"][0]["verified"]


def test_a_stop_blocks_until_a_clinician_gives_a_reason(begun: Kept) -> None:
    doctor = begun.join(Role.PRESCRIBER, "Dr B. Name")
    high = draft(begun, target="200 mg")
    said = begun.post("/plan/approve", {"document": high}, doctor)
    assert (said.status_code, said.json()["type"]) == (409, "urn:gradatim:problem:blocked")
    rules = [one["problem"].split(":")[0] for one in said.json()["faults"]]
    assert "above-protocol-maximum" in rules
    assert all("Source: " in one["problem"] for one in said.json()["faults"])
    assert len(begun.entries()) == 1
    unknown = begun.post(
        "/plan/approve", {"document": high, "overrides": [{"rule": "no-such", "reason": "seen daily"}]}, doctor
    )
    assert unknown.status_code == 422
    other = [{"rule": rule, "reason": "seen daily", "by": "Dr X. Name"} for rule in rules]
    said = begun.post("/plan/approve", {"document": high, "overrides": other}, doctor)
    assert faults(said).keys() == {f"overrides[{place}].by" for place in range(len(rules))}
    own = [{"rule": rule, "reason": "seen daily"} for rule in rules]
    assert begun.post("/plan/approve", {"document": high, "overrides": own}, doctor).status_code == 201
    kept = begun.entries()[-1].what
    assert isinstance(kept, PlanApproved)
    assert {(one.by, one.role, one.reason) for one in kept.plan.overrides} == {
        ("Dr B. Name", "prescriber", "seen daily")
    }


def test_on_paper_the_override_is_the_prescribers(empty: Kept) -> None:
    high = draft(empty, target="200 mg")
    stops = send(empty.person, "post", "/plans/check", {"document": high}).json()["stops"]
    own = [{"rule": rule, "reason": "seen daily", "role": "person", "by": "A. Name"} for rule in stops]
    said = empty.post("/plan/approve", {"document": high, "copied_from": PAPER, "overrides": own})
    assert "overrides[0].role" in faults(said)
    paper = [{"rule": rule, "reason": "seen daily"} for rule in stops]
    assert empty.post("/plan/approve", {"document": high, "copied_from": PAPER, "overrides": paper}).status_code == 201
    kept = empty.entries()[-1].what
    assert isinstance(kept, PlanApproved)
    assert {one.by for one in kept.plan.overrides} == {"Dr B. Name"}


def test_a_paper_of_tomorrow_is_no_paper(empty: Kept) -> None:
    said = empty.post("/plan/approve", {"document": draft(empty), "copied_from": PAPER | {"dated": "2027-01-01"}})
    assert list(faults(said)) == ["copied_from.dated"]


def test_a_new_version_is_approved_over_what_the_record_knows(eve: Kept) -> None:
    doctor = eve.join(Role.PRESCRIBER, "Dr B. Name")
    doc = held(eve, "2026-08-09")
    assert (
        eve.post("/answers", {"go_on": True}).status_code == 201
    )  # from 8 August 20 mg are taken: the draft was made for 15
    said = eve.post("/plan/approve", {"document": doc}, doctor)
    assert said.status_code == 422
    assert "document.before" in faults(said)
    fresh = held(eve, "2026-08-09")
    assert eve.post("/plan/approve", {"document": fresh}, doctor).status_code == 201
    assert [one["version"] for one in eve.get("/plan").json()["approvals"]] == [1, 2]
    again = eve.post("/plan/approve", {"document": fresh}, doctor)
    assert again.status_code == 422
    assert "follows another example v2 already" in str(faults(again))


def test_a_draft_over_another_history_is_not_approved(eve: Kept) -> None:
    doctor, doc = eve.join(Role.PRESCRIBER, "Dr B. Name"), held(eve, "2026-08-09")
    doc["course"]["versions"][0]["approval"]["at"] = "2026-07-30T10:00:00Z"
    said = eve.post("/plan/approve", {"document": doc}, doctor)
    assert (said.status_code, list(faults(said))) == (422, ["document.course.versions[0]"])


def test_a_jump_that_nobody_checked_is_named(eve: Kept) -> None:
    other = order(
        start="2026-08-10",
        start_doses=["10 mg"] * 3,
        target="60 mg",
        step={"kind": "per_dose", "amount": "5 mg"},
        interval_days=7,
    )
    del other["prescription"]["protocol"]
    other["person"] = eve.get("/plan").json()["document"]["person"]
    other["prescription"]["products"] = ["uk/10"]
    doc = send(eve.person, "post", "/plans/draft", {"order": other}).json()["document"]
    body = {"document": doc, "copied_from": PAPER | {"dated": "2026-08-01"}}
    stops = send(eve.person, "post", "/plans/check", {"document": doc}).json()["stops"]
    body["overrides"] = [{"rule": rule, "reason": "was told so"} for rule in stops]
    said = eve.post("/plan/approve", body)
    assert (said.status_code, list(faults(said))) == (422, ["document.course"])
    made = eve.post("/plan/approve", body | {"instead": True})
    assert made.status_code == 201, made.content
    assert made.json()["jumps"] == [{"day": "2026-08-10", "before_mg": 15, "after_mg": 30}]


# --- following --------------------------------------------------------------------------------------------------------


def approved(kept: Kept, **prescription: Any) -> dict[str, Any]:
    """A document that was approved elsewhere."""
    from gradatim.domain import course as domain
    from gradatim.domain.approval import Approval
    from gradatim.domain.approval import Role as Capacity
    from gradatim.domain.calendar import lay_out
    from gradatim.exchange.document import document, read_document
    from gradatim.monographs import bibliography

    found = read_document(draft(kept, **prescription), monograph())
    laid = lay_out(found.course, found.person, monograph(), kept.now)
    done = domain.approve(
        domain.propose(found.course), laid.findings, Approval(by="Dr B. Name", role=Capacity.PRESCRIBER, at=kept.now), (), laid.first
    )  # fmt: skip
    return document(lay_out(done, found.person, monograph(), kept.now), bibliography())


def test_an_approved_document_is_followed_once(empty: Kept) -> None:
    doc = approved(empty)
    assert empty.post("/plan", {"document": doc}).status_code == 201
    again = empty.post("/plan", {"document": doc})
    assert (again.status_code, again.json()["entries"]) == (200, [])
    assert again.json()["cursor"] == len(empty.entries()) == 2
    assert not empty.get("/plan").json()["approvals"][0][
        "verified"
    ]  # brought by the person: nobody here saw the prescriber


def test_a_draft_is_not_followed(empty: Kept) -> None:
    said = empty.post("/plan", {"document": draft(empty)})
    assert list(faults(said)) == ["document.course"]
    assert empty.entries() == ()


def test_another_persons_plan_is_refused(empty: Kept) -> None:
    doc = approved(empty)
    assert empty.post("/plan", {"document": doc}).status_code == 201
    other = doc | {"person": doc["person"] | {"called": "Example 2"}}
    for part in ("doses", "steps", "findings", "supply"):
        other.pop(part, None)
    assert list(faults(empty.post("/plan", {"document": other}))) == ["document.person"]


def test_a_prescriber_brings_only_their_own_approval(begun: Kept) -> None:
    doctor = begun.join(Role.PRESCRIBER, "Dr X. Name")
    said = begun.post("/plan", {"document": approved(begun)}, doctor)
    assert said.status_code == 403
    assert list(faults(said)) == ["entries[0].what.plan.approval.by"]


def test_a_version_that_the_record_knows_otherwise_is_refused_whole(empty: Kept) -> None:
    doc = approved(empty)
    assert empty.post("/plan", {"document": doc}).status_code == 201
    other = approved(empty, target="45 mg") | {"schema": doc["schema"]}
    text = str(other["course"]["versions"][0]["id"])
    other = {"schema": doc["schema"], "person": other["person"], "course": other["course"]}
    other["course"]["versions"][0]["id"] = doc["plan"]["id"]
    assert text != doc["plan"]["id"]
    said = empty.post("/plan", {"document": other})
    assert said.status_code == 422
    assert len(empty.entries()) == 2


# --- answering --------------------------------------------------------------------------------------------------------


def test_a_person_says_go_on(eve: Kept) -> None:
    said = eve.post("/answers", {"go_on": True})
    assert said.status_code == 201, said.content
    made = said.json()
    assert (made["review"], made["from_day"], made["mg"], made["next_mg"]) == ("v1-r1", "2026-08-08", 15, 20)
    entry = eve.entries()[-1]
    assert entry.id == made["entry"]
    assert isinstance(entry.what, ReviewAnswered)
    assert (entry.what.by, entry.what.role, entry.author, entry.recorded) == ("A. Name", "person", "A. Name", eve.now)
    again = eve.post("/answers", {"go_on": True})
    assert (again.status_code, list(faults(again))) == (422, ["review"])


def test_not_yet_takes_back_a_go_on_that_does_not_work_yet(eve: Kept, monkeypatch: Patch) -> None:
    eve.post("/answers", {"go_on": True})
    clock_at(monkeypatch, "2026-08-07T18:06:00+00:00")
    said = eve.post("/answers", {"go_on": False}).json()
    assert (said["review"], said["go_on"], said["next_mg"]) == ("v1-r1", False, 15)


def test_who_may_answer_what(db: None, monkeypatch: Patch) -> None:
    kept = Kept(monkeypatch, BACK)
    carer, doctor = kept.join(Role.CARER, "C. Name"), kept.join(Role.PRESCRIBER, "Dr B. Name")
    assert kept.post("/answers", {"go_on": True}).status_code == 422  # it is for a clinician
    assert kept.post("/answers", {"go_on": True}, carer).status_code == 422
    assert list(faults(kept.post("/answers", {"go_on": True, "role": "clinician"}))) == ["by"]
    for wrong in ({"role": "person"}, {"by": "A. Name"}):
        assert kept.post("/answers", {"go_on": True, **wrong}, carer).status_code == 403
    for wrong in ({"role": "person"}, {"by": "A. Name"}):
        assert kept.post("/answers", {"go_on": True, **wrong}, doctor).status_code == 403
    told = kept.post("/answers", {"go_on": True, "role": "clinician", "by": "Dr B. Name"}, carer)
    assert told.status_code == 201, told.content
    entry = kept.entries()[-1]
    assert isinstance(entry.what, ReviewAnswered)
    assert (entry.author, entry.what.by, entry.what.role) == ("C. Name", "Dr B. Name", "clinician")


def test_a_prescriber_answers_as_clinician(db: None, monkeypatch: Patch) -> None:
    kept = Kept(monkeypatch, BACK)
    assert kept.post("/answers", {"go_on": True}, kept.join(Role.PRESCRIBER, "Dr B. Name")).status_code == 201
    what = kept.entries()[-1].what
    assert isinstance(what, ReviewAnswered)
    assert (what.by, what.role) == ("Dr B. Name", "clinician")


def test_the_watch_is_heard_before_going_on(db: None, monkeypatch: Patch) -> None:
    kept = Kept(monkeypatch, GRAVE)
    doctor, before = kept.join(Role.PRESCRIBER, "Dr B. Name"), len(kept.entries())
    said = kept.post("/answers", {"go_on": True}, doctor)
    assert (said.status_code, said.json()["type"]) == (409, "urn:gradatim:problem:blocked")
    assert "watch-interaction-nsaids" in str(faults(said))
    assert len(kept.entries()) == before
    assert kept.post("/answers", {"go_on": False}, doctor).status_code == 201
    assert kept.post("/answers", {"go_on": True, "anyway": True}, doctor).status_code == 201


def test_an_answer_that_a_fast_clock_would_hide_is_refused(eve: Kept) -> None:
    person = eve.entries()[0].person
    ahead = eve.now.plus(600)
    what = ReviewAnswered(plan="example", review="v1-r1", go_on=True, by="A. Name", role=Answerer.PERSON, from_day=ahead.utc().date() + timedelta(days=1))  # fmt: skip
    TableJournal(eve.record, Source()).append(
        written_down(
            [what],
            subject=person,
            at=ahead,
            recorded=ahead,
            by="A. Name",
            device=lambda: "a phone",
            zone="Europe/London",
        )
    )
    said = eve.post("/answers", {"go_on": False, "review": "v1-r1"})
    assert (said.status_code, list(faults(said))) == (422, ["clock"])
    assert eve.entries()[-1].device == "a phone"


def test_a_record_from_the_future_is_not_written_to(eve: Kept, monkeypatch: Patch) -> None:
    clock_at(monkeypatch, "2026-08-05T08:00:00+00:00")
    assert list(faults(eve.post("/answers", {"go_on": True}))) == ["clock"]


@pytest.mark.parametrize(
    ("path", "body"),
    [("/plan", {"document": {}}), ("/plan/approve", {"document": {}}), ("/answers", {"go_on": True})],
)
def test_only_who_may_plan(eve: Kept, path: str, body: dict[str, Any]) -> None:
    reader = eve.join(Role.CARER, "C. Name", (Scope.READ, Scope.LOG))
    assert eve.post(path, body, reader).status_code == 403
    assert send(program(account()), "post", f"/records/{eve.record}{path}", body).status_code == 404


def test_an_account_without_a_name_writes_nothing(eve: Kept) -> None:
    eve.owner.name = " "
    eve.owner.save()
    assert list(faults(eve.post("/answers", {"go_on": True}))) == ["account.name"]


def test_two_answers_at_once_are_one(kept: None, monkeypatch: Patch) -> None:
    eve = Kept(monkeypatch, EVE)
    codes: list[int] = []

    def say() -> None:
        codes.append(eve.post("/answers", {"go_on": True}, program(eve.owner)).status_code)
        connection.close()

    threads = [Thread(target=say) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(codes) == [201, 422, 422, 422]
    assert len(fold(eve.entries()).of(ReviewAnswered)) == 1
