"""Reviews: without an answer the doses stay as they are, up and down; a late answer moves the rest and shortens nothing."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.property.strategies import (
    ANYBODY,
    BACLOFEN,
    DAY,
    all_answered,
    approved,
    at,
    day_range,
    doses,
    downs,
    go_on,
    heavy,
    mg,
    reviews_of,
    ups,
)

from gradatim.domain.change import hold
from gradatim.domain.course import Course, answer, propose
from gradatim.domain.fault import BadInput
from gradatim.domain.plan import Answerer, Plan, Review
from gradatim.domain.timeline import Answer, as_answered, as_planned, stretch_on

plans = st.one_of(ups.map(lambda up: up.plan), downs().map(lambda down: down.plan)).filter(
    lambda plan: bool(reviews_of(plan))
)
FAR = timedelta(days=4000)


def due(plan: Plan, place: int) -> date:
    """The day after the step before a review, all in time."""
    return next(s.first for s in as_planned(plan) if s.review is not None and s.review.id == reviews_of(plan)[place].id)


@given(plans, st.data())
def test_without_an_answer_the_doses_stay_for_ever(plan: Plan, data: st.DataObject) -> None:
    course = approved(Course(versions=(plan,)), ANYBODY, plan.start)
    place = data.draw(st.integers(0, len(reviews_of(plan)) - 1))
    for asked in reviews_of(plan)[:place]:
        course = go_on(course, asked.id, plan.start)
    day = due(plan, place)
    kept = course.to_take(day - DAY)
    assert kept is not None
    for later in (day, day + DAY, day + timedelta(days=400), day + FAR):
        held = course.to_take(later)
        assert held is not None
        assert held.step.doses == kept.step.doses
        assert held.waiting == reviews_of(plan)[place].id


@given(plans)
def test_answered_in_time_it_runs_as_planned(plan: Plan) -> None:
    course = all_answered(approved(Course(versions=(plan,)), ANYBODY, plan.start))
    assert [(s.first, s.last, s.step) for s in as_answered(plan, course.answers)] == [
        (s.first, s.last, s.step) for s in as_planned(plan)
    ]


@given(plans, st.integers(1, 90), st.data())
def test_a_late_answer_moves_the_rest_by_exactly_its_lateness(plan: Plan, late: int, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(reviews_of(plan)) - 1))
    late_one = reviews_of(plan)[place].id
    on = due(plan, place) + timedelta(days=late)
    course = approved(Course(versions=(plan,)), ANYBODY, plan.start)
    for asked in reviews_of(plan):
        course = go_on(course, asked.id, on if asked.id == late_one else plan.start)
    planned, real = as_planned(plan), as_answered(plan, course.answers)
    assert len(real) == len(planned)
    for was, now in zip(planned, real, strict=True):
        moved = timedelta(days=late) if was.first >= due(plan, place) else timedelta()
        assert now.first == was.first + moved
        assert now.step == was.step
        if was.last is not None and now.last is not None:
            assert now.last - now.first >= was.last - was.first, "no step is shortened"


@given(plans, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20), st.booleans()), max_size=8), st.data())
def test_whatever_the_answers_no_step_is_shortened_skipped_or_early(
    plan: Plan, said: list, data: st.DataObject
) -> None:
    ids = [r.id for r in reviews_of(plan)]
    answers = tuple(
        Answer(review=data.draw(st.sampled_from(ids)), go_on=yes, by="Ana", role=Answerer.CLINICIAN, on=plan.start + timedelta(days=n),
               from_day=plan.start + timedelta(days=n + ahead))
        for n, ahead, yes in said
    )  # fmt: skip
    real = as_answered(plan, answers)
    planned = as_planned(plan)
    assert [s.step for s in real] == [s.step for s in planned[: len(real)]]
    for was, now in zip(planned, real, strict=False):
        assert now.first >= was.first
        if now.last is not None and now.step.days is not None:
            assert (now.last - now.first).days + 1 >= now.step.days
    assert all(two.first == one.last + DAY for one, two in pairwise(real) if one.last is not None)
    assert real[-1].last is None
    for now in real[1:]:
        if now.review is not None:
            assert any(a.go_on and a.review == now.review.id and a.on <= now.first for a in answers)


@heavy
@given(plans, st.integers(0, 40), st.data())
def test_a_later_answer_never_changes_the_days_before_it(plan: Plan, n: int, data: st.DataObject) -> None:
    course = approved(Course(versions=(plan,)), ANYBODY, plan.start)
    days = sorted(data.draw(st.lists(st.integers(0, 60), min_size=1, max_size=6)))
    for gap in days:
        on = plan.start + timedelta(days=gap)
        later = go_on(course, data.draw(st.sampled_from([r.id for r in reviews_of(plan)])), on, on + timedelta(days=data.draw(st.integers(0, 9))),
                      yes=data.draw(st.booleans()))  # fmt: skip
        past = day_range(plan.start, on - DAY)
        seen = [(s.step, s.number) for d in past if (s := course.to_take(d))]
        assert [(s.step, s.number) for d in past if (s := later.to_take(d))] == seen
        course = later


@given(plans, st.integers(0, 30), st.integers(0, 30))
def test_not_yet_holds_until_go_on(plan: Plan, first: int, wait: int) -> None:
    asked, day = reviews_of(plan)[0].id, due(plan, 0)
    course = approved(Course(versions=(plan,)), ANYBODY, plan.start)
    course = go_on(course, asked, day + timedelta(days=first), yes=False)
    kept = course.to_take(day - DAY)
    assert kept is not None
    assert stretch_on(as_answered(plan, course.answers), day + FAR).step == kept.step  # type: ignore[union-attr]
    opened = day + timedelta(days=first + wait)
    course = go_on(course, asked, opened)
    assert course.to_take(opened - DAY).step == kept.step  # type: ignore[union-attr]
    assert course.to_take(opened).number == kept.number + 1  # type: ignore[union-attr]


@given(plans, st.integers(1, 20))
def test_a_go_on_taken_back_before_it_works_does_not_work(plan: Plan, early: int) -> None:
    asked, day = reviews_of(plan)[0].id, due(plan, 0)
    assume(day - timedelta(days=early) >= plan.start)
    course = approved(Course(versions=(plan,)), ANYBODY, plan.start)
    course = go_on(course, asked, day - timedelta(days=early))
    course = go_on(course, asked, day - timedelta(days=max(early - 1, 1)), yes=False)
    held = course.to_take(day + FAR)
    assert held is not None
    assert held.waiting == asked


FIRST = "v1-r1"  # the question before the second step of version 1


def label() -> Course:
    from gradatim.domain.prescription import Prescription
    from gradatim.domain.titrate import titrate

    order = Prescription(
        start=date(2026, 12, 1),
        times=at("08:00", "14:00", "21:00"),
        products=("us/10", "us/5"),
        protocol="us-label",
        target=mg(60),
    )
    plan = titrate(order, ANYBODY, BACLOFEN, "p1")
    return approved(Course(versions=(plan,)), ANYBODY, plan.start)


def test_not_yet_said_later_on_the_same_day_wins() -> None:
    """Ana taps "go on" the evening before; an hour later her nurse says "not yet". Nothing has been taken: it must hold."""
    course = go_on(label(), FIRST, date(2026, 12, 3), date(2026, 12, 4))
    course = go_on(course, FIRST, date(2026, 12, 3), yes=False)
    held = course.to_take(date(2026, 12, 4))
    assert held is not None
    assert held.step.doses == doses(5, 5, 5)


def test_not_yet_corrected_to_go_on_the_same_day_goes_on() -> None:
    course = go_on(label(), FIRST, date(2026, 12, 3), yes=False)
    course = go_on(course, FIRST, date(2026, 12, 3), date(2026, 12, 4))
    held = course.to_take(date(2026, 12, 4))
    assert held is not None
    assert held.step.doses == doses(10, 10, 10)


@given(plans, st.data())
def test_an_answer_for_an_old_version_does_nothing_to_a_new_one(plan: Plan, data: st.DataObject) -> None:
    course = all_answered(approved(Course(versions=(plan,)), ANYBODY, plan.start))
    on = plan.start + timedelta(days=data.draw(st.integers(0, 30)))
    later = approved(course.with_draft(hold(course, on, data.draw(st.integers(1, 9)))), ANYBODY, on)
    assert not {r.id for r in reviews_of(later.latest)} & {r.id for r in reviews_of(plan)}
    new = as_answered(later.latest, later.answers)
    alone = as_answered(later.latest, ())
    assert new == alone
    if reviews_of(later.latest):
        assert new[-1].waiting == reviews_of(later.latest)[0].id


@given(plans)
def test_drafts_and_proposals_give_nothing_to_take(plan: Plan) -> None:
    course = Course(versions=(plan,))
    for open_course in (course, propose(course)):
        assert all(open_course.to_take(plan.start + timedelta(days=n)) is None for n in (0, 1, 30, 900))
        assert open_course.in_force(plan.start) is None
        assert open_course.planned(plan.start) is not None


@pytest.mark.parametrize(("by", "role", "may"), [
    (Answerer.PERSON, Answerer.PERSON, True), (Answerer.PERSON, Answerer.CARER, True), (Answerer.PERSON, Answerer.CLINICIAN, True),
    (Answerer.CARER, Answerer.PERSON, False), (Answerer.CARER, Answerer.CARER, True), (Answerer.CLINICIAN, Answerer.CARER, False),
    (Answerer.CLINICIAN, Answerer.PERSON, False), (Answerer.CLINICIAN, Answerer.CLINICIAN, True),
])  # fmt: skip
def test_who_may_answer(by: Answerer, role: Answerer, may: bool) -> None:
    from dataclasses import replace

    course = label()
    items = tuple(replace(i, by=by) if isinstance(i, Review) else i for i in course.latest.items)
    course = Course(versions=(replace(course.latest, items=items),))
    given_ = Answer(review=FIRST, go_on=True, by="X", role=role, on=date(2026, 12, 4), from_day=date(2026, 12, 4))
    if may:
        assert answer(course, given_).answers == (given_,)
    else:
        with pytest.raises(BadInput, match="may not answer"):
            answer(course, given_)


def test_an_answer_to_no_review_of_the_plan_is_refused() -> None:
    with pytest.raises(BadInput, match="no review of this plan"):
        go_on(label(), "r99", date(2026, 12, 4))


def test_an_answer_cannot_work_on_a_day_before_it_was_given() -> None:
    with pytest.raises(BadInput, match="past days"):
        go_on(label(), FIRST, date(2026, 12, 4), date(2026, 12, 3))


def test_answers_to_one_version_do_not_open_a_fresh_plan_put_over_it() -> None:
    """Version 2 is planned anew, not changed from version 1: its questions are its own all the same."""
    from gradatim.domain.prescription import Prescription
    from gradatim.domain.titrate import titrate

    course = all_answered(label())
    on = date(2026, 12, 20)
    order = Prescription(
        start=on,
        times=at("08:00", "14:00", "21:00"),
        products=("us/10", "us/5"),
        protocol="us-label",
        target=mg(90),
        before=doses(20, 20, 20),
        on_drug_days=19,
    )
    course = approved(course.with_draft(titrate(order, ANYBODY, BACLOFEN, "p1")), ANYBODY, on)
    assert not {r.id for r in reviews_of(course.versions[0])} & {r.id for r in reviews_of(course.latest)}
    assert as_answered(course.latest, course.answers) == as_answered(course.latest, ())
    assert as_answered(course.latest, course.answers)[-1].waiting is not None
