"""Draft, proposed, approved, active, superseded; who may approve; who may take a stop upon themselves."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from gradatim.domain.approval import Approval, CopiedFrom, Override, Role
from gradatim.domain.change import hold
from gradatim.domain.clock import Instant
from gradatim.domain.course import Blocked, Course, approve, propose
from gradatim.domain.dose import OralDose
from gradatim.domain.fault import BadInput
from gradatim.domain.finding import Finding
from gradatim.domain.person import Age, Filtration, Person
from gradatim.domain.plan import State
from gradatim.domain.prescription import Prescription
from gradatim.domain.reading import plain, read
from gradatim.domain.safety import review
from gradatim.domain.titrate import titrate
from gradatim.monographs import monograph

BACLOFEN = monograph()
START = date(2026, 12, 1)
NOW = Instant.parse("2026-11-30T10:00:00Z")
WEAK = Person(zone="Europe/London", age=Age.parse("45"), market="US", egfr=Filtration.parse("25"))
PRESCRIBER = Approval(by="Dr Okafor", role=Role.PRESCRIBER, at=NOW)


def draft(start: date = START) -> Course:
    order = Prescription(
        start=start,
        times=(time(8), time(14), time(21)),
        products=("us/10", "us/5", "us/20"),
        protocol="us-label",
        target=OralDose.mg(60),
    )
    return Course(versions=(titrate(order, WEAK, BACLOFEN, "p1"),))


def found(course: Course) -> tuple[Finding, ...]:
    return review(course.latest, WEAK, BACLOFEN)


def override(
    rule: str = "avoid-kidney-failure",
    by: str = "Dr Okafor",
    role: Role = Role.PRESCRIBER,
    reason: str = "weekly bloods",
) -> Override:
    return Override(rule=rule, by=by, role=role, reason=reason, at=NOW)


def approved(on: date = START, start: date = START) -> Course:
    course = draft(start)
    return approve(propose(course), found(course), PRESCRIBER, (override(),), on)


def test_a_draft_is_proposed_then_approved() -> None:
    course = draft()
    assert course.latest.state is State.DRAFT
    assert propose(course).latest.state is State.PROPOSED
    assert approved().latest.state is State.APPROVED
    assert approved().latest.approval == PRESCRIBER


def test_a_stop_blocks_until_it_is_overridden() -> None:
    course = propose(draft())
    with pytest.raises(Blocked) as caught:
        approve(course, found(course), PRESCRIBER, (), START)
    assert [f.rule for f in caught.value.findings] == ["avoid-kidney-failure"]


def test_the_override_is_kept_with_its_reason() -> None:
    (kept,) = approved().latest.overrides
    assert (kept.rule, kept.by, kept.role, kept.reason) == (
        "avoid-kidney-failure",
        "Dr Okafor",
        Role.PRESCRIBER,
        "weekly bloods",
    )
    again = read(Course, plain(approved()))
    assert again.latest.overrides == (kept,)


def test_an_overridden_stop_is_still_found() -> None:
    assert any(f.blocks for f in review(approved().latest, WEAK, BACLOFEN))


@pytest.mark.parametrize("role", [Role.PERSON, Role.CARER])
def test_only_a_clinician_overrides(role: Role) -> None:
    with pytest.raises(BadInput, match="cannot override"):
        override(role=role)


@pytest.mark.parametrize("role", [Role.PRESCRIBER, Role.PHARMACIST, Role.NURSE])
def test_any_clinician_may(role: Role) -> None:
    assert override(role=role).role is role


@pytest.mark.parametrize("reason", ["", "  ", "ok", " x "])
def test_an_override_needs_a_reason(reason: str) -> None:
    with pytest.raises(BadInput, match="reason"):
        override(reason=reason)


def test_an_override_needs_a_name() -> None:
    with pytest.raises(BadInput, match="named"):
        override(by="  ")


def test_only_a_prescriber_approves_in_their_own_name() -> None:
    with pytest.raises(BadInput, match="cannot approve"):
        Approval(by="Ana", role=Role.PERSON, at=NOW)


def test_others_may_copy_a_prescribers_paper_and_say_so() -> None:
    copied = Approval(
        by="Ana", role=Role.PERSON, at=NOW, copied_from=CopiedFrom(prescriber="Dr Okafor", dated=date(2026, 11, 28))
    )
    course = draft()
    done = approve(propose(course), found(course), copied, (override(),), START)
    assert done.latest.approval is not None
    assert done.latest.approval.copied_from == CopiedFrom(prescriber="Dr Okafor", dated=date(2026, 11, 28))


def test_a_copy_is_checked_the_same_way() -> None:
    copied = Approval(
        by="Ana", role=Role.PERSON, at=NOW, copied_from=CopiedFrom(prescriber="Dr Okafor", dated=date(2026, 11, 28))
    )
    course = draft()
    with pytest.raises(Blocked):
        approve(propose(course), found(course), copied, (), START)


def test_a_paper_needs_a_prescriber() -> None:
    with pytest.raises(BadInput, match="nobody is named"):
        Approval(by="Ana", role=Role.PERSON, at=NOW, copied_from=CopiedFrom(prescriber=" ", dated=START))


def test_an_approved_plan_cannot_be_approved_again() -> None:
    course = approved()
    with pytest.raises(BadInput, match="Only a proposed plan"):
        approve(course, found(course), PRESCRIBER, (override(),), START)


def test_changing_an_approved_plan_makes_a_draft_without_its_overrides() -> None:
    course = approved()
    changed = course.with_draft(hold(course, START + timedelta(days=2), 5))
    assert changed.latest.state is State.DRAFT
    assert (changed.latest.approval, changed.latest.overrides) == (None, ())
    assert changed.versions[0] is course.versions[0]
    with pytest.raises(Blocked):
        approve(propose(changed), review(changed.latest, WEAK, BACLOFEN), PRESCRIBER, (), START)


def test_a_first_plan_copied_in_late_may_begin_in_the_past() -> None:
    assert approved(on=START + timedelta(days=4)).in_force(START) is not None


def test_a_second_one_may_not() -> None:
    course = approved()
    changed = propose(course.with_draft(hold(course, START + timedelta(days=2), 5)))
    with pytest.raises(BadInput, match="past doses cannot change"):
        approve(changed, review(changed.latest, WEAK, BACLOFEN), PRESCRIBER, (override(),), START + timedelta(days=3))


def test_versions_count_from_one() -> None:
    course = approved()
    with pytest.raises(BadInput, match="Versions of one plan"):
        Course(versions=(course.latest, course.latest))


def test_no_version_stands_open_under_another() -> None:
    from dataclasses import replace

    course = approved()
    second = replace(course.latest, version=2)
    with pytest.raises(BadInput, match="Only the last may be open"):
        Course(versions=(draft().latest, second))
