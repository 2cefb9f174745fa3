"""Dated doses: one id each, the same however they are asked for, none lost or doubled when clocks change; supply is their sum."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.property.strategies import (
    ANYBODY,
    BACLOFEN,
    DAY,
    ZONES,
    Down,
    Up,
    approved,
    at,
    clock_times,
    courses,
    day_range,
    doses,
    downs,
    heavy,
    ups,
)

from gradatim.domain.change import hold, retime
from gradatim.domain.clock import Instant, exists
from gradatim.domain.course import Course
from gradatim.domain.dose import OralDose, total
from gradatim.domain.fault import BadInput
from gradatim.domain.making import portions
from gradatim.domain.plan import Plan
from gradatim.domain.prescription import Before, Prescription, Reviews, TableRow
from gradatim.domain.schedule import Mode, ScheduledDose, dose_id, due_between, expand
from gradatim.domain.supply import needs
from gradatim.domain.tablets import Liquid, Solid
from gradatim.domain.timeline import as_planned
from gradatim.domain.titrate import titrate

modes = st.sampled_from(Mode)
zones = st.sampled_from(ZONES)


@st.composite
def windows(draw: st.DrawFn, course: Course) -> tuple[date, date]:
    first = course.versions[0].start + timedelta(days=draw(st.integers(-5, 60)))
    return first, first + timedelta(days=draw(st.integers(0, 80)))


def ids(found: list[ScheduledDose]) -> list[str]:
    return [dose.id for dose in found]


@heavy
@given(courses(), modes, zones, st.data())
def test_every_dose_is_there_once_with_its_amount(course: Course, mode: Mode, zone: str, data: st.DataObject) -> None:
    first, last = data.draw(windows(course))
    found = expand(course, BACLOFEN, zone, first, last, mode)
    wanted = []
    for day in day_range(first, last):
        if mode is Mode.PLANNED:
            pair = course.planned(day)
            plan, stretch = pair or (None, None)
        else:
            plan, stretch = course.in_force(day), course.to_take(day)
        if plan is not None and stretch is not None and exists(day, zone):
            wanted += [
                (dose_id(plan.id, day, s.id), day, s.at, d)
                for s, d in zip(plan.slots, stretch.step.doses, strict=True)
                if d
            ]
    assert [(f.id, f.day, f.at, f.dose) for f in found] == wanted
    assert len(set(ids(found))) == len(found)
    assert all(f.portion.dose == f.dose for f in found)
    assert all(a.instant < b.instant for a, b in pairwise(found))


@heavy
@given(courses(), modes, zones, st.data())
def test_in_pieces_is_the_same_as_at_once(course: Course, mode: Mode, zone: str, data: st.DataObject) -> None:
    first, last = data.draw(windows(course))
    cut = first + timedelta(days=data.draw(st.integers(0, (last - first).days)))
    whole = expand(course, BACLOFEN, zone, first, last, mode)
    assert (
        expand(course, BACLOFEN, zone, first, cut, mode) + expand(course, BACLOFEN, zone, cut + DAY, last, mode)
        == whole
    )
    assert expand(course, BACLOFEN, zone, first, last, mode) == whole


@heavy
@given(courses(), zones, zones, st.data())
def test_travel_keeps_ids_and_amounts(course: Course, home: str, away: str, data: st.DataObject) -> None:
    first, last = data.draw(windows(course))
    here, there = (expand(course, BACLOFEN, zone, first, last) for zone in (home, away))
    assert [(f.id, f.dose, f.at) for f in here] == [(f.id, f.dose, f.at) for f in there]


@heavy
@given(courses(), zones, st.data())
def test_moving_the_clock_times_keeps_ids_and_amounts(course: Course, zone: str, data: st.DataObject) -> None:
    on = course.latest.start + timedelta(days=data.draw(st.integers(0, 40)))
    count = len(course.latest.slots)
    later = course.with_draft(retime(course, on, data.draw(clock_times(least=count, most=count))))
    first, last = course.latest.start, on + timedelta(days=20)
    held = expand(course, BACLOFEN, zone, on, last, Mode.TO_TAKE)
    agreed = approved(later, ANYBODY, on)
    after = expand(agreed, BACLOFEN, zone, on, on, Mode.TO_TAKE)
    assert [(f.id, f.dose) for f in after] == [(f.id, f.dose) for f in held if f.day == on]
    assert [(f.id, f.at) for f in expand(agreed, BACLOFEN, zone, first, on - DAY)] == [
        (f.id, f.at) for f in expand(course, BACLOFEN, zone, first, on - DAY)
    ]


@heavy
@given(courses(), zones, st.data())
def test_a_new_version_keeps_the_ids_of_the_days_before_it(course: Course, zone: str, data: st.DataObject) -> None:
    on = course.latest.start + timedelta(days=data.draw(st.integers(0, 40)))
    later = approved(course.with_draft(hold(course, on, 5)), ANYBODY, on)
    span = (course.latest.start, on - DAY)
    for mode in Mode:
        assert expand(later, BACLOFEN, zone, *span, mode) == expand(course, BACLOFEN, zone, *span, mode)
    both = expand(later, BACLOFEN, zone, course.latest.start, on + timedelta(days=30))
    assert len(set(ids(both))) == len(both)


@heavy
@given(courses(), zones, st.integers(-5, 60), st.integers(1, 96), modes)
def test_what_is_due_between_two_instants(course: Course, zone: str, days: int, hours: int, mode: Mode) -> None:
    start = Instant(1_767_225_600 + days * 86_400).plus(((course.latest.start - date(2026, 1, 1)).days) * 86_400)
    end = start.plus(hours * 3600)
    first = course.latest.start + timedelta(days=days - 3)
    everything = expand(course, BACLOFEN, zone, first, first + timedelta(days=14), mode)
    assert due_between(course, BACLOFEN, zone, start, end, mode) == [f for f in everything if start <= f.instant < end]
    middle = start.plus(hours * 1800)
    halves = due_between(course, BACLOFEN, zone, start, middle, mode) + due_between(
        course, BACLOFEN, zone, middle, end, mode
    )
    assert halves == due_between(course, BACLOFEN, zone, start, end, mode)


@given(st.one_of(ups, downs()), zones)
def test_a_draft_gives_nothing_to_take(made: Up | Down, zone: str) -> None:
    course = Course(versions=(made.plan,))
    assert expand(course, BACLOFEN, zone, made.plan.start, made.plan.until, Mode.TO_TAKE) == []


# --- supply -----------------------------------------------------------------------------------------------------------


def by_hand(plan: Plan, first: date, last: date) -> tuple[Counter[str], Counter[str], OralDose]:
    """Quarters of tablets or microlitres by product, splits, and mg in all, from the steps alone."""
    made = portions(plan, BACLOFEN)
    amounts: Counter[str] = Counter()
    splits: Counter[str] = Counter()
    mg_in_all = OralDose(0)
    for stretch in as_planned(plan):
        begin, end = max(stretch.first, first), last if stretch.last is None else min(stretch.last, last)
        for _ in range(max((end - begin).days + 1, 0)):
            mg_in_all += total(stretch.step.doses)
            for dose in filter(None, stretch.step.doses):
                match made[dose]:
                    case Solid(pieces=pieces):
                        for part in pieces:
                            amounts[part.product.id] += part.quarters
                            splits[part.product.id] += part.quarters % 4 != 0
                    case Liquid(product=bottle, microlitres=volume):
                        amounts[bottle.id] += volume
    return amounts, splits, mg_in_all


@heavy
@given(st.one_of(ups, downs()), st.integers(0, 60))
def test_supply_is_the_sum_over_the_calendar(made: Up | Down, days: int) -> None:
    course = Course(versions=(made.plan,))
    first, last = made.plan.start, made.plan.start + timedelta(days=days)
    found = needs(expand(course, BACLOFEN, "UTC", first, last))
    amounts, splits, mg_in_all = by_hand(made.plan, first, last)
    assert {n.product.id: n.quarters or n.microlitres for n in found} == +amounts
    assert {n.product.id: n.splits for n in found if n.splits} == +splits
    held = Fraction(0)
    for need in found:
        if need.product.strength is not None:
            assert need.dispense == -(-need.quarters // 4)
            held += Fraction(need.quarters * need.product.strength.micrograms, 4)
        elif need.product.concentration is not None:
            held += Fraction(need.microlitres * need.product.concentration.micrograms_per_ml, 1000)
    assert held == mg_in_all.micrograms


@heavy
@given(st.one_of(ups, downs()), st.integers(0, 30), st.integers(0, 30))
def test_supply_of_two_parts_adds_up(made: Up | Down, one: int, two: int) -> None:
    course = Course(versions=(made.plan,))
    start = made.plan.start
    cut, end = start + timedelta(days=one), start + timedelta(days=one + two + 1)

    def quarters(first: date, last: date) -> Counter[str]:
        return Counter(
            {n.product.id: n.quarters + n.microlitres for n in needs(expand(course, BACLOFEN, "UTC", first, last))}
        )

    assert quarters(start, cut) + quarters(cut + DAY, end) == quarters(start, end)


# --- clocks -----------------------------------------------------------------------------------------------------------


def steady(times: tuple, start: date) -> Course:
    row = TableRow(days=1, doses=doses(*([5] * len(times))))
    order = Prescription(
        start=start, times=times, products=("us/5",), table=(row,), reviews=Reviews(before=Before.NONE)
    )
    return Course(versions=(titrate(order, ANYBODY, BACLOFEN, "p1"),))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "times", [("08:00", "14:00", "21:00"), ("00:30", "02:30", "03:00", "23:45")], ids=["day", "night"]
)
def test_a_year_with_its_clock_changes_loses_and_doubles_nothing(zone: str, times: tuple[str, ...]) -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    found = expand(steady(at(*times), first), BACLOFEN, zone, first, last)
    assert Counter(f.day for f in found) == dict.fromkeys(day_range(first, last), len(times))
    assert all(a.instant < b.instant for a, b in pairwise(found))
    for f in found:
        wall = f.instant.local(zone)
        if wall.time() != f.at:  # only a time that the clock never shows may be shown otherwise
            shown = ZoneInfo(zone)
            from datetime import datetime

            naive = datetime.combine(f.day, f.at, shown)
            back = naive.astimezone(ZoneInfo("UTC")).astimezone(shown)
            assert back.replace(tzinfo=None) != naive.replace(tzinfo=None), (
                f"{f.day} {f.at} exists in {zone} but became {wall}"
            )


@settings(max_examples=100)
@given(clock_times(), st.sampled_from([("Pacific/Apia", date(2011, 12, 30)), ("Pacific/Fakaofo", date(2011, 12, 30))]))
def test_a_date_that_was_skipped_has_no_doses_and_its_neighbours_all(times: tuple, where: tuple[str, date]) -> None:
    zone, gone = where
    first, last = gone - 3 * DAY, gone + 3 * DAY
    found = Counter(f.day for f in expand(steady(times, first), BACLOFEN, zone, first, last))
    assert not found[gone]
    assert all(found[day] == len(times) for day in day_range(first, last) if day != gone)


@given(clock_times(least=2, most=4), clock_times(least=2, most=4), zones, st.integers(2, 300))
def test_doses_stay_in_order_across_a_move_of_clock_times(old: tuple, new: tuple, zone: str, days: int) -> None:
    count = min(len(old), len(new))
    old, new = old[:count], new[:count]
    course = steady(old, date(2026, 1, 1))
    course = approved(course, ANYBODY, date(2026, 1, 1))
    on = date(2026, 1, 1) + timedelta(days=days)
    try:
        course = approved(course.with_draft(retime(course, on, new)), ANYBODY, on)
    except BadInput:
        return
    found = expand(course, BACLOFEN, zone, on - 2 * DAY, on + 2 * DAY)
    assert len(found) == 5 * count
    assert all(a.instant < b.instant for a, b in pairwise(found))
