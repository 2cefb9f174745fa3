"""An approved plan that a record takes up: whether it is this person's, what it stands in place of, and what it brings that is new."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from gradatim.domain.course import Course
from gradatim.domain.dose import OralDose, total
from gradatim.domain.entry import PersonDescribed, PlanApproved, ReviewAnswered, What
from gradatim.domain.fault import BadInput, Fault
from gradatim.domain.person import Person
from gradatim.domain.plan import Plan
from gradatim.domain.record import Holding, Record

_AGES_APART = 2  # years that two descriptions of one person may differ by


def signed(course: Course) -> Course | None:
    """The course without an open draft; None where nothing in it is approved."""
    versions = tuple(plan for plan in course.versions if plan.approval is not None)
    return (
        replace(course, versions=versions) if versions and versions != course.versions else course if versions else None
    )


def another(record: Record, person: Person) -> tuple[str, str] | None:
    """What somebody of another name, sex or age is called, and what the person of this record is; None where they may be the same."""
    if record.person is None:
        return None
    known, called = (" ".join((one.called or "").split()) for one in (record.person, person))
    other = (
        (known and called and known.casefold() != called.casefold())
        or (person.sex and record.person.sex and person.sex != record.person.sex)
        or (person.age and record.person.age and abs(person.age.years - record.person.age.years) > _AGES_APART)
    )
    return (called, known) if other else None


def displaced(record: Record, course: Course, day: date) -> Plan | None:
    """The plan of another name that holds on a day, and that this one would come in place of."""
    holding = record.holding_on(day) if record.holdings else None
    return None if holding is None or holding.plan.id == course.latest.id else holding.plan


def news(record: Record, person: Person, course: Course) -> list[What]:
    """What a plan document says that the record does not say yet: the person, approved versions, answers to reviews."""
    known = [one.what.plan for one in record.of(PlanApproved)]
    what: list[What] = [] if person == record.described else [PersonDescribed(person=person)]
    what += [
        PlanApproved(plan=plan, answers=() if record.holdings else course.answers)
        for plan in course.versions
        if plan.approval is not None and plan not in known
    ]
    if record.holdings:
        id = course.latest.id
        said = {(one.what.plan, one.what.review, one.what.go_on) for one in record.of(ReviewAnswered)}
        said |= {
            (one.what.plan.id, given.review, given.go_on)
            for one in record.of(PlanApproved)
            for given in one.what.answers
        }
        what += [
            ReviewAnswered(
                plan=id, review=given.review, go_on=given.go_on, by=given.by, role=given.role, from_day=given.from_day
            )
            for given in course.answers
            if (id, given.review, given.go_on) not in said
        ]
    return what


def joined(record: Record, course: Course) -> Course:
    """A course with what the record knows of the same plan beside it, so that nobody approves a draft for doses of last week.

    Raises `BadInput` where the record follows another version of the same number, or one as new as the draft.
    """
    mine = [one for one in record.holdings if one.plan.id == course.latest.id]
    if not mine:
        return course
    known = {one.plan.version: one.plan for one in mine}
    faults = []
    for place, plan in enumerate(course.versions):
        if (plan.approval is None and plan.version <= max(known)) or known.get(plan.version, plan) != plan:
            faults.append(
                Fault(
                    f"course.versions[{place}]",
                    f"is {plan.rev}, and the record follows another {known.get(plan.version, mine[-1].plan).rev} already",
                    "Take the plan from the record again, and change that",
                )
            )
    if faults:
        raise BadInput(faults)
    versions = known | {plan.version: plan for plan in course.versions}
    held = mine[-1].answers
    said = {(given.review, given.go_on) for given in held}
    more = tuple(given for given in course.answers if (given.review, given.go_on) not in said)
    return Course(versions=tuple(versions[number] for number in sorted(versions)), answers=(*held, *more))


def unknown_jump(record: Record, holding: Holding) -> tuple[OralDose, OralDose] | None:
    """The planned mg of the day before a plan of another name takes over, and of its first day, where it was made without knowing."""
    eve = holding.first - timedelta(days=1)
    before = record.holding_on(eve)
    if before is None or before.plan.id == holding.plan.id:
        return None
    (old,), (new,) = (
        [span.stretch.step.doses for span in record.spans(day, day)] or [()] for day in (eve, holding.first)
    )
    known = holding.plan.before is not None and total(holding.plan.before) == total(old)
    return None if known or total(old) == total(new) else (total(old), total(new))


def course_on(record: Record, day: date) -> Course | None:
    """The plan that holds on a day, with its versions and the answers so far, as a plan document holds it; None before the first."""
    holding = record.holding_on(day) or (record.holdings[0] if record.holdings else None)
    if holding is None:
        return None
    mine = [one for one in record.holdings if one.plan.id == holding.plan.id]
    return Course(versions=tuple(one.plan for one in mine), answers=holding.answers)
