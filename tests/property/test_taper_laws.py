"""The way down: monotone, never faster than asked or than the source, to the end that was asked, on the day that was asked."""

from __future__ import annotations

from datetime import date, time, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.property.strategies import BACLOFEN, TAPERS, Down, at, clock_times, day_range, doses, downs, mg, ug

from gradatim.domain.dose import OralDose, total
from gradatim.domain.making import portions
from gradatim.domain.plan import Doses, Plan
from gradatim.domain.prescription import ByPercent, PerDay, PerDose, Spread, TaperOrder
from gradatim.domain.taper import taper
from gradatim.domain.timeline import as_planned

START = date(2026, 12, 1)
THREE = at("08:00", "14:00", "21:00")


def levels(down: Down) -> list[Doses]:
    """The present doses, then every level."""
    return [down.order.current, *(step.doses for step in down.plan.steps)]


def totals_by_day(plan: Plan, days: int) -> list[int]:
    """The daily total of each day from the start, micrograms."""
    found: list[int] = []
    for stretch in as_planned(plan):
        last = plan.start + timedelta(days=days - 1) if stretch.last is None else stretch.last
        found += [stretch.day_total.micrograms] * len(day_range(stretch.first, last))
    return found[:days]


def first_cut(down: Down) -> date:
    return next(s.first for s in as_planned(down.plan) if s.step.doses != down.order.current)


@given(downs())
def test_no_dose_ever_rises_and_every_cut_lowers_the_day(down: Down) -> None:
    for number, (old, new) in enumerate(pairwise(levels(down))):
        assert all(n <= o for o, n in zip(ug(old), ug(new), strict=True))
        assert total(new) < total(old) or (number == 0 and new == old), (
            "only the present dose may go on for a first interval"
        )


@given(downs())
def test_it_ends_where_asked_and_stays_there(down: Down) -> None:
    last = down.plan.steps[-1]
    assert total(last.doses) == down.order.to
    assert last.days is None
    assert all(total(step.doses) > down.order.to for step in down.plan.steps[:-1])


@given(downs())
def test_every_level_can_be_made(down: Down) -> None:
    portions(down.plan, BACLOFEN)


def at_or_under_floor(down: Down, old: Doses) -> bool:
    return total(old) <= (down.order.floor or OralDose(0))


@given(downs("day"))
def test_no_cut_by_day_is_larger_than_asked(down: Down) -> None:
    assert isinstance(down.order.step, PerDay)
    for old, new in pairwise(levels(down)):
        if not at_or_under_floor(down, old):
            assert total(old).micrograms - total(new).micrograms <= down.order.step.amount.micrograms


@given(downs("dose"))
def test_no_cut_by_dose_lowers_any_dose_by_more_than_asked(down: Down) -> None:
    assert isinstance(down.order.step, PerDose)
    for old, new in pairwise(levels(down)):
        if not at_or_under_floor(down, old):
            most = max(o - n for o, n in zip(ug(old), ug(new), strict=True))
            assert most <= down.order.step.amount.micrograms, f"{old} → {new}"


@given(downs("percent"))
def test_no_day_lies_below_the_asked_percentage_curve(down: Down) -> None:
    order = down.order
    assert isinstance(order.step, ByPercent)
    assert order.interval_days
    keep = Fraction(100 - order.step.percent, 100)
    start = total(order.current).micrograms
    floor = max((order.floor or down.unit).micrograms, down.unit.micrograms, order.to.micrograms)
    rounds = sum(step.days or 0 for step in down.plan.steps) // order.interval_days + 1
    asked, reached = Fraction(start), None
    for number, value in enumerate(totals_by_day(down.plan, rounds * order.interval_days)):
        if number % order.interval_days == 0:
            asked *= keep
            if reached is not None:
                break  # one interval on the floor has passed: from here it may stop
            reached = number if asked <= floor else None
        assert value >= asked, f"day {number}: {value} below {float(asked)}"


@given(downs("percent"))
def test_a_percentage_taper_is_no_more_than_one_smallest_amount_above_its_curve(down: Down) -> None:
    """Slower than asked only for want of a smaller piece."""
    order = down.order
    assert isinstance(order.step, ByPercent)
    assert order.interval_days
    keep = Fraction(100 - order.step.percent, 100)
    asked = Fraction(total(order.current).micrograms)
    floor = max((order.floor or down.unit).micrograms, down.unit.micrograms, order.to.micrograms)
    for number, value in enumerate(totals_by_day(down.plan, sum(step.days or 0 for step in down.plan.steps))):
        if number % order.interval_days == 0:
            asked *= keep
        assert value < asked + down.unit.micrograms or value <= floor


@pytest.mark.parametrize("way", ["day", "dose", "percent"])
@given(data=st.data())
def test_cuts_are_no_closer_than_the_interval_asked(way: str, data: st.DataObject) -> None:
    down = data.draw(downs(way))
    assert down.order.interval_days is not None
    assert all((step.days or 9999) >= down.order.interval_days for step in down.plan.steps)


# --- to an end date ---------------------------------------------------------------------------------------------------


@given(downs("date"))
def test_it_reaches_its_end_exactly_on_the_day_asked(down: Down) -> None:
    assert down.order.stop_on is not None
    last = as_planned(down.plan)[-1]
    assert last.first == down.order.stop_on
    assert last.day_total == down.order.to


def test_the_smallest_dose_is_not_stopped_before_the_day_asked() -> None:
    """One 5 mg tablet a day, to be stopped on 11 December: ten more days of it, not none."""
    order = TaperOrder(
        start=START,
        times=at("21:00"),
        current=doses(5),
        products=("us/5",),
        on_drug_days=10,
        stop_on=date(2026, 12, 11),
    )
    plan = taper(order, BACLOFEN, "t1")
    assert [(s.first, s.day_total) for s in as_planned(plan)] == [(START, mg(5)), (date(2026, 12, 11), mg(0))]


# --- by a source ------------------------------------------------------------------------------------------------------


@given(downs("protocol"))
def test_it_is_never_shorter_than_the_protocol(down: Down) -> None:
    protocol = BACLOFEN.taper(down.order.protocol or "")
    if protocol.total is None or down.order.to:
        return
    stop = as_planned(down.plan)[-1].first
    assert (stop - min(first_cut(down), down.plan.start)).days >= protocol.total.low


@pytest.mark.parametrize("protocol", TAPERS)
def test_even_from_the_smallest_dose_a_protocol_takes_its_time(protocol: str) -> None:
    order = TaperOrder(
        start=START, times=at("21:00"), current=doses(5), products=("us/5",), on_drug_days=100, protocol=protocol
    )
    days = sum(step.days or 0 for step in taper(order, BACLOFEN, "t1").steps)
    found = BACLOFEN.taper(protocol)
    least = found.total.low if found.total else found.interval.low if found.interval else 1
    assert days >= least


@given(downs("protocol"))
def test_its_cuts_are_no_closer_than_the_protocol(down: Down) -> None:
    protocol = BACLOFEN.taper(down.order.protocol or "")
    if protocol.interval is not None:
        assert all((step.days or 9999) >= protocol.interval.low for step in down.plan.steps)


@given(downs("protocol"))
def test_its_cuts_are_no_larger_than_the_protocol(down: Down) -> None:
    """Save where the shelf has nothing smaller, which the review blocks."""
    protocol = BACLOFEN.taper(down.order.protocol or "")
    last = down.order.floor or protocol.last_day or mg(0)
    for old, new in pairwise(levels(down)):
        cut = total(old).micrograms - total(new).micrograms
        if protocol.step is not None and total(old) > last:
            assert cut <= max(protocol.step.high, down.unit).micrograms


@given(downs("protocol"))
def test_after_use_of_any_length_the_last_dose_before_nothing_is_the_protocols_last_dose(down: Down) -> None:
    protocol = BACLOFEN.taper(down.order.protocol or "")
    if protocol.last_day is None or down.order.floor or down.order.to:
        return
    final = total(levels(down)[-2])
    assert final <= max(protocol.last_day, down.unit)


@pytest.mark.parametrize("kind", ["protocol", "stop_on"])
def test_an_interval_that_is_asked_for_is_kept_or_refused(kind: str) -> None:
    """Cuts a week apart were asked for: cuts every third day are faster than asked."""
    from gradatim.domain.fault import BadInput

    try:
        order = (
            TaperOrder(start=START, times=THREE, current=doses(20, 20, 20), products=("us/5", "us/10"), on_drug_days=100, protocol="uk-nhs", interval_days=7)
            if kind == "protocol"
            else TaperOrder(start=START, times=THREE, current=doses(20, 20, 20), products=("us/5", "us/10"), on_drug_days=100,
                            stop_on=START + timedelta(days=14), interval_days=7)
        )  # fmt: skip
        plan = taper(order, BACLOFEN, "t1")
    except BadInput:
        return
    assert all((step.days or 9999) >= 7 for step in plan.steps)


# --- which time of day first ------------------------------------------------------------------------------------------


@given(downs())
def test_times_of_day_fall_in_the_order_asked(down: Down) -> None:
    if isinstance(down.order.step, PerDose):
        return  # by rounds: see below
    for old, new in pairwise(levels(down)):
        active = [p for p, d in enumerate(old) if d]
        cut = [p for p in active if new[p] < old[p]]
        left = [p for p in active if new[p]]
        match down.order.spread:
            case Spread.MORNING_FIRST:  # a later time is touched only once all earlier ones are gone
                assert all(not new[q] for p in cut for q in active if q < p)
            case Spread.EVENING_FIRST:
                assert all(not new[q] for p in cut for q in active if q > p)
            case Spread.MORNING_LAST:
                assert active[0] not in cut or left in ([], [active[0]])
            case Spread.TOGETHER | Spread.SPREAD:  # the largest first
                for p in cut:
                    for q in active:
                        assert new[p].micrograms + down.unit.micrograms >= new[q].micrograms, f"{old} → {new}"


ROUNDS = {
    Spread.TOGETHER: lambda n: [list(range(n))],
    Spread.SPREAD: lambda n: [list(range(n))],
    Spread.EVENING_FIRST: lambda n: [[p] for p in reversed(range(n))],
    Spread.MORNING_FIRST: lambda n: [[p] for p in range(n)],
    Spread.MORNING_LAST: lambda n: [list(range(1, n)), [0]] if n > 1 else [[0]],
}


@given(st.sampled_from(sorted(ROUNDS)), clock_times(), st.integers(1, 4))
def test_by_dose_the_times_of_day_fall_round_by_round(spread: Spread, times: tuple[time, ...], rounds: int) -> None:
    count = len(times)
    current = (mg(5 * rounds),) * count
    order = TaperOrder(
        start=START,
        times=times,
        current=current,
        products=("us/5",),
        on_drug_days=100,
        step=PerDose(amount=mg(5)),
        interval_days=7,
        spread=spread,
    )
    steps = [current, *(step.doses for step in taper(order, BACLOFEN, "t1").steps)]
    fallen = [[p for p in range(count) if new[p] != old[p]] for old, new in pairwise(steps)]
    assert fallen == ROUNDS[spread](count) * rounds
