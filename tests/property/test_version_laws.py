"""Versions by date: a later version never changes an earlier day, and nothing ever speeds a plan up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import accumulate, pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.property.strategies import (
    ANYBODY,
    APPROVAL,
    BACLOFEN,
    DAY,
    Down,
    Up,
    all_answered,
    approved,
    at,
    clock_times,
    courses,
    day_range,
    doses,
    downs,
    go_on,
    heavy,
    mg,
    reviews_of,
    rising_ups,
    ups,
)

from gradatim.domain.change import hold, retime, slow_down, step_back, switch
from gradatim.domain.course import Course, approve, propose
from gradatim.domain.dose import total
from gradatim.domain.fault import BadInput
from gradatim.domain.making import portions
from gradatim.domain.plan import Because, Hold, Plan, Purpose, Review, State, Step
from gradatim.domain.prescription import PerDay, Prescription
from gradatim.domain.timeline import as_answered, as_planned
from gradatim.domain.titrate import titrate

SHELVES = (
    ("us/5", "us/10"),
    ("uk/10",),
    ("us/suspension-5",),
    ("uk/solution-1",),
    ("de/5", "de/25"),
    ("us/10", "us/20", "us/5", "us/15"),
)
CHANGES = ("hold", "hold for good", "step back", "slow down", "switch", "retime")


def change(course: Course, what: str, on: date, data: st.DataObject) -> Plan:
    try:
        match what:
            case "hold":
                return hold(course, on, data.draw(st.integers(1, 30)), "exams")
            case "hold for good":
                return hold(course, on, None)
            case "step back":
                return step_back(course, on, "too sleepy", BACLOFEN)
            case "slow down":
                return slow_down(course, on, data.draw(st.integers(1, 40)))
            case "switch":
                return switch(course, on, data.draw(st.sampled_from(SHELVES)), BACLOFEN)
            case _:
                count = len(course.latest.slots)
                return retime(course, on, data.draw(clock_times(least=count, most=count)))
    except BadInput:
        assume(False)
        raise


def length(course: Course) -> int:
    return sum(step.days or 0 for step in course.latest.steps)


def some_day(course: Course, data: st.DataObject) -> date:
    return course.latest.start + timedelta(days=data.draw(st.integers(0, length(course) + 20)))


def taken(course: Course, days: list[date]) -> list[object]:
    """All that is answered about each of some days."""
    return [((s := course.to_take(day)) and (s.step.doses, s.number, s.waiting), course.in_force(day)) for day in days]


def planned_totals(course: Course, days: list[date]) -> list[int]:
    """As planned from the beginning: answers that came late, and moved what is expected, are left out."""
    course = replace(course, answers=())
    found = [course.planned(day) for day in days]
    return [0 if pair is None else pair[1].day_total.micrograms for pair in found]


def to_take_totals(course: Course, days: list[date]) -> list[int]:
    found = [course.to_take(day) for day in days]
    return [0 if stretch is None else stretch.day_total.micrograms for stretch in found]


def goes_up(plan: Plan) -> bool:
    return all(total(new.doses) >= total(old.doses) for old, new in pairwise(plan.steps))


# --- the past stays ---------------------------------------------------------------------------------------------------


@heavy
@given(courses(), st.sampled_from(CHANGES), st.data())
def test_no_change_alters_a_day_before_it(course: Course, what: str, data: st.DataObject) -> None:
    on = some_day(course, data)
    draft = change(course, what, on, data)
    before = day_range(course.latest.start - 3 * DAY, on - DAY)
    later = course.with_draft(draft)
    all_days = day_range(before[0] if before else on, on + timedelta(days=60))
    assert taken(later, all_days) == taken(course, all_days), "a draft gives no doses to take"
    assert [course.planned(d) for d in before] == [later.planned(d) for d in before]
    agreed = approved(later, ANYBODY, on)
    assert taken(agreed, before) == taken(course, before)
    answered = all_answered(agreed)
    assert taken(answered, before) == taken(course, before)
    assert agreed.in_force(on) is agreed.latest
    assert (draft.start, draft.version, draft.state) == (on, course.latest.version + 1, State.DRAFT)
    assert draft.approval is None
    assert draft.overrides == ()


@given(courses(), st.sampled_from(CHANGES), st.integers(1, 60), st.data())
def test_a_version_from_before_the_day_of_its_approval_is_refused(
    course: Course, what: str, late: int, data: st.DataObject
) -> None:
    on = some_day(course, data)
    later = course.with_draft(change(course, what, on, data))
    with pytest.raises(BadInput, match="past doses cannot change"):
        approved(later, ANYBODY, on + timedelta(days=late))


@heavy
@given(rising_ups, rising_ups, st.integers(1, 40), st.integers(1, 80))
def test_a_version_that_starts_before_the_one_in_force_began_cannot_rewrite_its_days(
    one: Up, two: Up, early: int, late: int
) -> None:
    """The trap: no plan governs the new version's first day, but one governs the days after it."""
    from dataclasses import replace

    course = approved(Course(versions=(one.plan,)), ANYBODY, one.plan.start)
    on = one.plan.start + timedelta(days=late)
    draft = replace(two.plan, id=one.plan.id, start=one.plan.start - timedelta(days=early), until=one.plan.until)
    governed = day_range(one.plan.start, on - DAY)
    try:
        after = approved(course.with_draft(draft), ANYBODY, on)
    except BadInput:
        return
    assert taken(after, governed) == taken(course, governed)


@heavy
@given(courses(), st.data())
def test_days_stay_through_a_chain_of_changes(course: Course, data: st.DataObject) -> None:
    seen: list[tuple[date, object]] = []
    on = course.latest.start
    for _ in range(4):
        reach = on + timedelta(days=data.draw(st.integers(0, 25)))
        seen += [(day, taken(course, [day])) for day in day_range(on, reach - DAY)]
        on = reach
        draft = change(course, data.draw(st.sampled_from(CHANGES)), on, data)
        course = approved(course.with_draft(draft), ANYBODY, on)
        if data.draw(st.booleans()):
            for asked in reviews_of(course.latest):
                course = go_on(course, asked.id, on)
    assert all(taken(course, [day]) == [was[0]] for day, was in seen if isinstance(was, list))


@given(courses(), st.sampled_from(CHANGES), st.data())
def test_every_changed_plan_can_be_made(course: Course, what: str, data: st.DataObject) -> None:
    portions(change(course, what, some_day(course, data), data), BACLOFEN)


@heavy
@given(st.one_of(ups, downs()), st.sampled_from(CHANGES), st.data())
def test_every_changed_draft_can_be_made_and_keeps_its_earlier_days(
    made: Up | Down, what: str, data: st.DataObject
) -> None:
    course = Course(versions=(made.plan,))
    on = some_day(course, data)
    mended = change(course, what, on, data)
    portions(mended, BACLOFEN)
    assert (mended.start, mended.version) == (made.plan.start, 1)
    later = course.with_draft(mended)
    for day in day_range(made.plan.start, on - DAY):
        old, new = course.planned(day), later.planned(day)
        assert old is not None
        assert new is not None
        assert old[1].step.doses == new[1].step.doses


# --- nothing is sped up -----------------------------------------------------------------------------------------------


@heavy
@given(courses(downs().map(lambda d: d.plan)), st.sampled_from(CHANGES), st.data())
def test_no_change_speeds_a_taper_up(course: Course, what: str, data: st.DataObject) -> None:
    on = some_day(course, data)
    draft = change(course, what, on, data)
    later = course.with_draft(draft)
    days = day_range(course.latest.start, on + timedelta(days=min(length(later), 150) + 30))
    for old, new in zip(accumulate(planned_totals(course, days)), accumulate(planned_totals(later, days)), strict=True):
        assert new >= old
    agreed = all_answered(approved(later, ANYBODY, on))
    for old, new in zip(
        accumulate(planned_totals(course, days)), accumulate(to_take_totals(agreed, days)), strict=True
    ):
        assert new >= old
    assert all(total(b.doses) <= total(a.doses) for a, b in pairwise(draft.steps)), "it never goes up on the way down"


@heavy
@given(courses(rising_ups.map(lambda u: u.plan)), st.sampled_from(CHANGES), st.data())
def test_no_change_speeds_a_titration_up(course: Course, what: str, data: st.DataObject) -> None:
    on = some_day(course, data)
    later = course.with_draft(change(course, what, on, data))
    days = day_range(course.latest.start, on + timedelta(days=min(length(later), 150) + 30))
    for old, new in zip(planned_totals(course, days), planned_totals(later, days), strict=True):
        assert new <= old
    agreed = all_answered(approved(later, ANYBODY, on))
    for old, new in zip(
        accumulate(planned_totals(course, days)), accumulate(to_take_totals(agreed, days)), strict=True
    ):
        assert new <= old


@heavy
@given(st.one_of(ups, downs()), st.integers(1, 60), st.data())
def test_a_hold_adds_exactly_its_days(made: Up | Down, days: int, data: st.DataObject) -> None:
    course = all_answered(approved(Course(versions=(made.plan,)), ANYBODY, made.plan.start))
    on = some_day(course, data)
    later = course.with_draft(hold(course, on, days))
    now = course.planned(on)
    assert now is not None
    for day in day_range(on, on + timedelta(days=min(length(course), 120) + days + 30)):
        then = later.planned(day)
        assert then is not None
        was = now if day < on + timedelta(days=days) else course.planned(day - timedelta(days=days))
        assert was is not None
        assert then[1].step.doses == was[1].step.doses


@heavy
@given(courses(), st.data())
def test_a_hold_for_good_never_ends(course: Course, data: st.DataObject) -> None:
    on = some_day(course, data)
    now = course.to_take(on)
    assert now is not None
    later = approved(course.with_draft(hold(course, on, None)), ANYBODY, on)
    assert {
        stretch.step.doses
        for n in (0, 1, 7, 30, 90, 500)
        if (stretch := later.to_take(on + timedelta(days=n))) is not None
    } == {now.step.doses}


@given(courses(), st.integers(1, 50), st.data())
def test_slow_down_never_shortens_a_step(course: Course, days: int, data: st.DataObject) -> None:
    on = some_day(course, data)
    try:
        slower = slow_down(course, on, days)
    except BadInput:
        return
    now = course.to_take(on)
    assert now is not None
    old = list(course.latest.steps)[now.number - 1 :]
    assert [step.doses for step in slower.steps] == [step.doses for step in old]
    for place, (was, step) in enumerate(zip(old, slower.steps, strict=True)):
        served = (on - now.first).days if place == 0 else 0  # of the present step, some days are behind
        assert (was.days is None) == (step.days is None)
        if was.days is not None and step.days is not None:
            assert step.days + served >= max(was.days, days)


@heavy
@given(courses(), st.data())
def test_switch_and_retime_leave_every_dose(course: Course, data: st.DataObject) -> None:
    on = some_day(course, data)
    draft = change(course, data.draw(st.sampled_from(["switch", "retime"])), on, data)
    answered = all_answered(course)
    now = course.to_take(on)
    assert now is not None
    if now.waiting is not None or len(course.answers) < len(reviews_of(course.latest)):
        return
    later = all_answered(approved(course.with_draft(draft), ANYBODY, on))
    days = day_range(on, on + timedelta(days=length(course) + 20))
    first = [s.doses for s in draft.steps]
    assert first == [s.doses for s in course.latest.steps][now.number - 1 :]
    in_time = all(
        given.from_day <= on for given in course.answers
    )  # later ones would come late in one and in time in the other
    if in_time and taken(answered, days) == taken(course, days):
        assert [s.step.doses for d in days if (s := later.to_take(d))] == [
            s.step.doses for d in days if (s := course.to_take(d))
        ]
    assert [slot.id for slot in draft.slots] == [slot.id for slot in course.latest.slots]


@heavy
@given(st.one_of(ups, downs()), st.sampled_from(CHANGES), st.booleans(), st.data())
def test_a_change_never_takes_a_review_away(made: Up | Down, what: str, draft: bool, data: st.DataObject) -> None:
    """Where each step after the first asked a question, each later change of dose still asks one."""
    plan = made.plan
    assume(len(reviews_of(plan)) == len(plan.steps) - 1 > 0)
    course = Course(versions=(plan,))
    if not draft:
        course = all_answered(approved(course, ANYBODY, plan.start))
    mended = change(course, what, some_day(course, data), data)
    held = None if draft else course.to_take(mended.start)
    doses_now = mended.steps[0].doses if held is None else held.step.doses
    for place, item in enumerate(mended.items):
        if isinstance(item, Review):
            continue
        asked = place > 0 and isinstance(mended.items[place - 1], Review)
        if item.doses != doses_now and place > 0 and item.because is not Because.STEP_BACK:  # going back needs no leave
            assert asked, f"{[str(d) for d in item.doses]} comes without the question that stood before it"
        doses_now = item.doses


# --- step back --------------------------------------------------------------------------------------------------------


@given(st.one_of(rising_ups, downs()), st.data())
def test_step_back_returns_to_the_doses_before(made: Up | Down, data: st.DataObject) -> None:
    course = all_answered(approved(Course(versions=(made.plan,)), ANYBODY, made.plan.start))
    on = some_day(course, data)
    now = course.to_take(on)
    assert now is not None
    try:
        back = step_back(course, on, "too sleepy", BACLOFEN)
    except BadInput:
        assert now.number == 1
        assert made.plan.before is None or made.plan.before == now.step.doses
        return
    earlier = [
        d
        for d in ([made.plan.before] if made.plan.before else []) + [s.doses for s in made.plan.steps[: now.number]]
        if d != now.step.doses
    ]
    assert back.steps[0].doses == earlier[-1]
    assert (back.steps[0].days or 0) >= 7
    gate = back.items[1]
    assert isinstance(gate, Review)
    assert gate.by == "clinician"


@given(st.one_of(rising_ups, downs()), st.data())
def test_stepping_back_again_goes_further_back_never_forward(made: Up | Down, data: st.DataObject) -> None:
    course = all_answered(approved(Course(versions=(made.plan,)), ANYBODY, made.plan.start))
    on = some_day(course, data)
    try:
        course = approved(course.with_draft(step_back(course, on, monograph=BACLOFEN)), ANYBODY, on)
        held = course.to_take(on + 2 * DAY)
        again = step_back(course, on + 2 * DAY, monograph=BACLOFEN)
    except BadInput:
        return
    assert held is not None
    known = list(([made.plan.before] if made.plan.before else []) + [s.doses for s in made.plan.steps])
    assert again.steps[0].doses in known
    if goes_up(made.plan):
        assert total(again.steps[0].doses) < total(held.step.doses), "on the way up, back is less"
    else:
        assert total(again.steps[0].doses) > total(held.step.doses), "on the way down, back is more"


def test_stepping_back_twice_on_the_label() -> None:
    """45 mg was too much, then 30 mg too: the next step back is 15 mg, not 45."""
    course, on = label_at_45()
    course = approved(course.with_draft(step_back(course, on)), ANYBODY, on)
    again = step_back(course, on + 2 * DAY, monograph=BACLOFEN)
    assert again.steps[0].doses == doses(5, 5, 5)


def label_at_45() -> tuple[Course, date]:
    order = Prescription(
        start=date(2026, 12, 1),
        times=at("08:00", "14:00", "21:00"),
        products=("us/10", "us/5"),
        protocol="us-label",
        target=mg(60),
    )
    plan = titrate(order, ANYBODY, BACLOFEN, "p1")
    return all_answered(approved(Course(versions=(plan,)), ANYBODY, plan.start)), date(2026, 12, 8)


@given(downs(), st.data())
def test_stepping_back_in_a_taper_halves_what_remains(down: Down, data: st.DataObject) -> None:
    course = all_answered(approved(Course(versions=(down.plan,)), ANYBODY, down.plan.start))
    on = some_day(course, data)
    try:
        back = step_back(course, on, monograph=BACLOFEN)
    except BadInput:
        return
    now = course.to_take(on)
    assert now is not None
    old = [s.doses for s in down.plan.steps]
    old_cuts = [total(a).micrograms - total(b).micrograms for a, b in pairwise([down.order.current, *old])]
    new = [s.doses for s in back.steps]
    new_cuts = [total(a).micrograms - total(b).micrograms for a, b in pairwise(new)]
    assert max(new_cuts) <= max(old_cuts)
    assert all(cut > 0 for cut in new_cuts)
    assert all(n <= o for a, b in pairwise(new) for o, n in zip(a, b, strict=True)), "no dose rises on the way down"


# --- approval ---------------------------------------------------------------------------------------------------------


@given(courses(), st.sampled_from(CHANGES), st.data())
def test_an_approved_version_is_never_edited(course: Course, what: str, data: st.DataObject) -> None:
    on = some_day(course, data)
    draft = change(course, what, on, data)
    later = course.with_draft(draft)
    assert later.versions[:-1] == course.versions
    with pytest.raises(BadInput):
        propose(course)
    with pytest.raises(BadInput):
        approve(later, (), APPROVAL, (), on)  # a draft was never proposed


@given(courses(), st.integers(1, 400))
def test_the_states_of_a_life(course: Course, days: int) -> None:
    plan = course.latest
    on = plan.start + timedelta(days=days)
    later = approved(course.with_draft(hold(course, on, None)), ANYBODY, on - DAY)
    assert later.standing(plan, plan.start - DAY) is State.APPROVED
    assert later.standing(plan, on - DAY) is State.ACTIVE
    assert later.standing(plan, on) is State.SUPERSEDED
    assert later.standing(later.latest, on - DAY) is State.APPROVED
    assert later.standing(later.latest, on) is State.ACTIVE


@given(courses())
def test_before_the_plan_there_is_nothing_to_take_and_nothing_to_change(course: Course) -> None:
    day = course.latest.start - DAY
    assert course.to_take(day) is None
    assert course.planned(day) is None
    with pytest.raises(BadInput):
        hold(course, day, 3)


# --- drafts of the life before approval -------------------------------------------------------------------------------


def draft_label() -> Course:
    order = Prescription(
        start=date(2026, 12, 1),
        times=at("08:00", "14:00", "21:00"),
        products=("us/10", "us/5"),
        protocol="us-label",
        target=mg(60),
    )
    return Course(versions=(titrate(order, ANYBODY, BACLOFEN, "p1"),))


@pytest.mark.parametrize("what", ["hold", "slow down"])
def test_a_draft_changed_on_the_first_day_of_a_rise_keeps_its_question(what: str) -> None:
    course, on = draft_label(), date(2026, 12, 4)
    mended = hold(course, on, 2) if what == "hold" else slow_down(course, on, 7)
    place = next(n for n, item in enumerate(mended.items) if isinstance(item, Step) and item.doses == doses(10, 10, 10))
    assert isinstance(mended.items[place - 1], Review)


def test_a_draft_is_not_switched_to_tablets_that_cannot_make_its_first_steps() -> None:
    course = draft_label()
    with pytest.raises(BadInput, match="cannot be made"):
        switch(
            course, date(2026, 12, 10), ("ca/20",), BACLOFEN
        )  # 20 mg three times a day: fine by then, but not before


def test_a_change_says_what_it_is() -> None:
    course, on = label_at_45()
    held = hold(course, on, 4, "exams")
    assert held.purpose is Purpose.CHANGE
    assert isinstance(held.steps[0], Hold)
    assert held.steps[0].note == "exams"
    assert held.steps[0].days == 4
    assert held.before == doses(15, 15, 15)
    assert held.on_drug_days == 7
    assert [stretch.step.doses for stretch in as_planned(held)] == [
        doses(15, 15, 15),
        doses(15, 15, 15),
        doses(20, 20, 20),
    ]


def test_moving_the_clock_times_needs_one_for_each_dose() -> None:
    course, on = label_at_45()
    with pytest.raises(BadInput, match="one time for each"):
        retime(course, on, (time(8), time(20)))


def test_a_custom_second_version_knows_what_was_taken_before() -> None:
    """A fresh plan put over an approved one is checked against what is taken today, even when its order does not say."""
    from gradatim.domain.safety import review

    course, on = label_at_45()
    order = Prescription(start=on, times=at("08:00", "14:00", "21:00", "23:00"), products=("us/20",), start_doses=doses(20, 20, 20, 20),
                         step=PerDay(amount=mg(20)), interval_days=7, target=mg(100))  # fmt: skip
    course = course.with_draft(titrate(order, ANYBODY, BACLOFEN, "p1"))
    rules = {f.rule for f in review(course.latest, ANYBODY, BACLOFEN, course.versions[:-1]) if f.blocks}
    assert rules & {"step-day-adult", "start-day-adult"}, "15 × 3 to 20 × 4 overnight is a rise of 35 mg"


def test_answers_of_one_version_leave_the_next_alone() -> None:
    course, on = label_at_45()
    later = approved(course.with_draft(hold(course, on, 2)), ANYBODY, on)
    assert [s.waiting for s in as_answered(later.latest, later.answers)][-1] is not None
    assert len(later.answers) == 3
