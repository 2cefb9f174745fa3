"""One version after another: how soon a step may follow the last one, and a version that is overtaken before it starts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from gradatim.domain.approval import Approval, Role
from gradatim.domain.change import hold, step_back
from gradatim.domain.clock import Instant
from gradatim.domain.course import Course, answer, approve, propose
from gradatim.domain.dose import OralDose, total
from gradatim.domain.person import Age, Filtration, Person
from gradatim.domain.plan import Answerer, Plan, Purpose, State
from gradatim.domain.prescription import Before, Prescription, Reviews, TableRow
from gradatim.domain.safety import review
from gradatim.domain.schedule import Mode, spans
from gradatim.domain.timeline import Answer
from gradatim.domain.titrate import titrate
from gradatim.monographs import monograph

DRUG = monograph()
START = date(2026, 12, 1)
TIMES = (time(8), time(14), time(21))
ADULT = Person(zone="UTC", age=Age(45 * 12), market="US", egfr=Filtration(900))
SIGNED = Approval(by="Dr A. Name", role=Role.PRESCRIBER, at=Instant.parse("2026-11-25T10:00:00Z"))


def mg(*amounts: int) -> tuple[OralDose, ...]:
    return tuple(map(OralDose.mg, amounts))


def table(
    *rows: tuple[int, ...], start: date = START, before: tuple[int, ...] | None = None, each: Before = Before.NONE
) -> Plan:
    steps = tuple(TableRow(days=7, doses=mg(*row)) for row in rows)
    taken = None if before is None else mg(*before)
    order = Prescription(
        start=start, times=TIMES, products=("us/5", "us/10"), table=steps, before=taken, on_drug_days=100 if before else 0,
        reviews=Reviews(before=each),
    )  # fmt: skip
    return titrate(order, ADULT, DRUG, "p")


def signed(course: Course, plan: Plan, on: date = date(2026, 11, 25)) -> Course:
    return approve(propose(course.with_draft(plan)), (), SIGNED, (), on)


def first(plan: Plan, on: date = date(2026, 11, 25)) -> Course:
    return approve(propose(Course(versions=(plan,))), (), SIGNED, (), on)


def rules(course: Course) -> set[str]:
    return {finding.rule for finding in review(course.latest, ADULT, DRUG, course.versions[:-1], course.answers)}


def down(start: date, *doses: int) -> Plan:
    made = table(doses, start=start)
    return replace(made, purpose=Purpose.TAPER)


def test_cuts_a_day_apart_in_one_version_after_another_are_found() -> None:
    course = first(replace(table((20, 20, 20), (20, 20, 15), before=(20, 20, 20)), purpose=Purpose.TAPER))
    next_day = START + timedelta(days=8)  # the cut of the first version was the day before
    soon = course.with_draft(down(next_day, 20, 15, 15))
    later = course.with_draft(down(next_day + timedelta(days=13), 20, 15, 15))
    assert "taper-interval" in rules(soon)
    assert "taper-interval" not in rules(later)


def test_rises_a_day_apart_in_one_version_after_another_are_found() -> None:
    course = first(table((5, 5, 5), (5, 5, 10)))
    next_day = START + timedelta(days=8)
    soon = course.with_draft(table((5, 10, 10), start=next_day))
    later = course.with_draft(table((5, 10, 10), start=next_day + timedelta(days=6)))
    found = {rule for rule in rules(soon) if rule.startswith("step-interval")}
    assert found
    assert not found & rules(later)


def test_a_cut_that_never_came_because_nobody_said_go_on_is_no_cut() -> None:
    down_by_review = replace(
        table((20, 20, 20), (20, 20, 15), before=(20, 20, 20), each=Before.EACH), purpose=Purpose.TAPER
    )
    course = first(down_by_review)
    draft = down(START + timedelta(days=8), 20, 15, 20)
    held = course.with_draft(draft)
    assert "taper-interval" not in rules(held)
    went = answer(
        course,
        Answer(
            review="v1-r1",
            go_on=True,
            by="A. Name",
            role=Answerer.PERSON,
            on=START + timedelta(days=6),
            from_day=START + timedelta(days=7),
        ),
    )
    assert "taper-interval" in rules(went.with_draft(down(START + timedelta(days=8), 20, 15, 15)))


def test_a_version_that_has_not_started_can_be_overtaken() -> None:
    course = signed(first(table((5, 5, 5), (10, 10, 10))), table((15, 15, 15), start=START + timedelta(days=20)))
    on = START + timedelta(days=9)
    changed = signed(course, hold(course, on, None), on)
    assert changed.latest.version == 3
    assert changed.standing(changed.versions[1], on) is State.SUPERSEDED
    days = [START + timedelta(days=n) for n in range(9, 60)]
    held = [changed.to_take(day) for day in days]
    assert {total(one.step.doses) for one in held if one is not None} == {OralDose.mg(30)}
    assert all(span.plan.version != 2 for span in spans(changed, START, days[-1], Mode.TO_TAKE))


def test_a_step_back_is_possible_while_a_rise_is_already_approved() -> None:
    course = signed(first(table((5, 5, 5), (10, 10, 10))), table((15, 15, 15), start=START + timedelta(days=20)))
    on = START + timedelta(days=9)
    changed = signed(course, step_back(course, on, "weak legs", DRUG), on)
    taken = changed.to_take(on)
    assert taken is not None
    assert total(taken.step.doses) == OralDose.mg(15)
    later = changed.to_take(START + timedelta(days=40))
    assert later is not None
    assert total(later.step.doses) <= OralDose.mg(30)


def test_an_overtaken_version_does_not_stand_in_the_way_of_an_answer() -> None:
    course = signed(
        first(table((5, 5, 5), (10, 10, 10), each=Before.EACH)), table((15, 15, 15), start=START + timedelta(days=20))
    )
    on = START + timedelta(days=5)
    changed = signed(course, hold(course, on, 7), on)
    waiting = changed.to_take(on + timedelta(days=8))
    assert waiting is not None
    assert waiting.waiting is not None
    given = Answer(
        review=waiting.waiting,
        go_on=True,
        by="A. Name",
        role=Answerer.CLINICIAN,
        on=on + timedelta(days=8),
        from_day=on + timedelta(days=9),
    )
    assert len(answer(changed, given).answers) == 1
