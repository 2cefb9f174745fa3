"""The way up: never down, never more than asked, exactly to the target, reviews where asked."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.property.strategies import (
    ANYBODY,
    BACLOFEN,
    Up,
    at,
    clock_times,
    custom_orders,
    custom_ups,
    doses,
    mg,
    people,
    protocol_ups,
    rising_ups,
    starts,
    table_ups,
    ug,
    ups,
)

from gradatim.domain.dose import OralDose, total
from gradatim.domain.fault import BadInput
from gradatim.domain.making import portions
from gradatim.domain.person import Person
from gradatim.domain.plan import Doses, Review, State, Step
from gradatim.domain.prescription import Before, ByPercent, PerDay, PerDose, Prescription, Spread
from gradatim.domain.timeline import as_planned
from gradatim.domain.titrate import titrate


def levels(up: Up) -> list[Doses]:
    """Every level, with the doses taken before where the order gives them."""
    return [*([up.order.before] if up.order.before else []), *(step.doses for step in up.plan.steps)]


@given(rising_ups)
def test_no_dose_ever_falls_and_every_step_rises(up: Up) -> None:
    for old, new in pairwise(levels(up)):
        assert all(n >= o for o, n in zip(ug(old), ug(new), strict=True))
        assert total(new) > total(old)


@given(rising_ups)
def test_the_last_step_is_exactly_the_target(up: Up) -> None:
    assert total(up.plan.steps[-1].doses) == up.order.target


@given(custom_ups())
def test_no_step_is_larger_than_asked(up: Up) -> None:
    for old, new in pairwise(levels(up)):
        rises = [n - o for o, n in zip(ug(old), ug(new), strict=True)]
        match up.order.step:
            case PerDose(amount=amount):
                assert max(rises) <= amount.micrograms
            case PerDay(amount=amount):
                assert sum(rises) <= amount.micrograms
            case ByPercent(percent=percent):
                assert sum(rises) * 100 <= percent * total(old).micrograms
            case None:
                pytest.fail("a custom order has a step")


@given(custom_orders(), people(adults=True))
def test_an_order_is_planned_to_its_target_or_refused_with_a_remedy(order: Prescription, person: Person) -> None:
    try:
        plan = titrate(order, person, BACLOFEN, "p1")
    except BadInput as bad:
        assert all(fault.path and fault.problem and fault.remedy for fault in bad.faults)
        return
    assert total(plan.steps[-1].doses) == order.target


@given(ups)
def test_steps_stand_as_long_as_asked_and_only_the_last_is_open(up: Up) -> None:
    assert [step.days for step in up.plan.steps][-1] is None
    wanted = [row.days for row in up.order.table[:-1]]
    if not up.order.table:
        protocol = None if up.order.protocol is None else BACLOFEN.titration(up.order.protocol)
        assert up.order.interval_days or (protocol and protocol.interval)
        days = up.order.interval_days or (protocol.interval.high if protocol and protocol.interval else 0)
        wanted = [days] * (len(up.plan.steps) - 1)
    assert [step.days for step in up.plan.steps[:-1]] == wanted
    assert up.plan.start == up.order.start
    assert up.plan.until >= up.plan.start + timedelta(days=sum(wanted))
    assert up.plan.state is State.DRAFT
    assert up.plan.approval is None


@given(protocol_ups())
def test_a_protocol_is_followed(up: Up) -> None:
    assert up.order.protocol is not None
    assert up.order.target is not None
    protocol = BACLOFEN.titration(up.order.protocol)
    first = up.plan.steps[0].doses
    if protocol.start.per_dose is not None:
        assert {d for d in first if d} == {protocol.start.per_dose.low}
        assert sum(map(bool, first)) <= max(protocol.times)
    elif protocol.start.per_day is not None:
        assert total(first) <= protocol.start.per_day.low
    for old, new in pairwise(step.doses for step in up.plan.steps):
        rises = [n - o for o, n in zip(ug(old), ug(new), strict=True)]
        assert protocol.step is not None
        if protocol.step.per_dose is not None:
            assert max(rises) <= protocol.step.per_dose.low.micrograms
        if protocol.step.per_day is not None:
            assert sum(rises) <= protocol.step.per_day.low.micrograms
    assert all(step.source == protocol.source for step in up.plan.steps)
    if protocol.maximum_dose is not None and up.order.target <= protocol.maximum_dose * len(up.order.times):
        assert all(max(step.doses) <= protocol.maximum_dose for step in up.plan.steps), (
            "its own largest single dose is respected"
        )


@pytest.mark.parametrize("protocol", ["us-label", "ca-label"])
def test_eighty_a_day_in_four_doses_is_twenty_each(protocol: str) -> None:
    order = Prescription(start=as_date(), times=at("06:00", "12:00", "18:00", "23:00"), products=("us/10", "us/20", "us/5"), protocol=protocol,
                         target=mg(80))  # fmt: skip
    plan = titrate(order, ANYBODY, BACLOFEN, "p1")
    assert plan.steps[-1].doses == doses(20, 20, 20, 20)


def test_the_us_label_is_its_printed_table() -> None:
    order = Prescription(
        start=as_date(),
        times=at("08:00", "14:00", "21:00"),
        products=("us/10", "us/20", "us/5"),
        protocol="us-label",
        target=mg(60),
    )
    rungs = [(step.doses, step.days) for step in titrate(order, ANYBODY, BACLOFEN, "p1").steps]
    assert rungs == [(doses(5, 5, 5), 3), (doses(10, 10, 10), 3), (doses(15, 15, 15), 3), (doses(20, 20, 20), None)]


# --- which time of day first ------------------------------------------------------------------------------------------


def as_date() -> date:
    return date(2026, 12, 1)


ORDER = {
    Spread.TOGETHER: lambda n: [list(range(n))],
    Spread.EVENING_FIRST: lambda n: [[p] for p in reversed(range(n))],
    Spread.MORNING_FIRST: lambda n: [[p] for p in range(n)],
    Spread.MORNING_LAST: lambda n: [list(range(1, n)), [0]] if n > 1 else [[0]],
}


@given(st.sampled_from(sorted(ORDER)), clock_times(), st.integers(1, 3), st.integers(1, 4))
def test_times_of_day_rise_in_the_order_asked(spread: Spread, times: tuple, rounds: int, first: int) -> None:
    count = len(times)
    order = Prescription(
        start=as_date(), times=times, products=("us/10", "us/5"), start_doses=(mg(5 * first),) * count, step=PerDose(amount=mg(5)), interval_days=3,
        target=mg(5 * count * (first + rounds)), spread=spread,
    )  # fmt: skip
    plan = titrate(order, ANYBODY, BACLOFEN, "p1")
    risen = [[p for p in range(count) if new[p] != old[p]] for old, new in pairwise(step.doses for step in plan.steps)]
    assert risen == ORDER[spread](count) * rounds


@given(clock_times(least=2), st.integers(1, 12), st.integers(1, 20), st.data())
def test_a_spread_goes_to_the_smallest_dose_for_its_weight_ties_to_the_evening(
    times: tuple, step: int, rise: int, data: st.DataObject
) -> None:
    count = len(times)
    weights = tuple(data.draw(st.lists(st.integers(1, 3), min_size=count, max_size=count)))
    first = data.draw(st.lists(st.integers(1, 3), min_size=count, max_size=count))
    start = tuple(mg(5) * n for n in first)
    order = Prescription(start=as_date(), times=times, products=("us/5", "us/20"), start_doses=start, step=PerDay(amount=mg(5) * step),
                         interval_days=3, target=total(start) + mg(5) * rise, spread=Spread.SPREAD, weights=weights)  # fmt: skip
    plan = titrate(order, ANYBODY, BACLOFEN, "p1")
    for step_ in plan.steps[1:]:
        new = [n // 5000 for n in ug(step_.doses)]
        for p in range(count):
            if new[p] == first[p]:
                continue
            for q in range(count):
                before_last, other = Fraction(new[p] - 1, weights[p]), Fraction(new[q], weights[q])
                assert before_last <= other
                if before_last == other and q > p:
                    pytest.fail(f"{p} rose before {q}, later in the day, with the same load: {new}")


@given(clock_times(least=2, most=4))
def test_weights_are_never_ignored(times: tuple) -> None:
    """A bedtime-heavy order must end bedtime-heavy, whatever unit its step is counted in, or be refused."""
    heavy = (1,) * (len(times) - 1) + (3,)
    try:
        order = Prescription(start=as_date(), times=times, products=("us/5", "us/20"), start_doses=(mg(5),) * len(times), step=PerDose(amount=mg(5)),
                             interval_days=3, target=mg(5) * len(times) * 4, weights=heavy)  # fmt: skip
        last = titrate(order, ANYBODY, BACLOFEN, "p1").steps[-1].doses
    except BadInput:
        return
    assert last[-1] > last[0]


# --- reviews ----------------------------------------------------------------------------------------------------------


@given(ups)
def test_reviews_stand_exactly_where_asked(up: Up) -> None:
    wanted = up.order.reviews
    items, number = up.plan.items, 0
    for place, item in enumerate(items):
        if not isinstance(item, Step):
            continue
        number += 1
        gated = place > 0 and isinstance(items[place - 1], Review)
        match wanted.before:
            case Before.EACH:
                assert gated == (number > 1)
            case Before.NONE:
                assert not gated
            case Before.SOME:
                assert gated == (number in wanted.steps)
    found = [item for item in items if isinstance(item, Review)]
    assert len({r.id for r in found}) == len(found)
    assert all(r.by is wanted.by for r in found)
    assert all(r.asks == (wanted.asks or r.asks) and r.asks for r in found)


@given(table_ups())
def test_a_table_is_taken_as_written(up: Up) -> None:
    assert [step.doses for step in up.plan.steps] == [row.doses for row in up.order.table]


@given(ups)
def test_every_dose_of_a_plan_can_be_made(up: Up) -> None:
    assert set(portions(up.plan, BACLOFEN)) == {d for step in up.plan.steps for d in step.doses if d}


@given(ups)
def test_planned_days_follow_without_gap_or_overlap(up: Up) -> None:
    stretches = as_planned(up.plan)
    assert stretches[0].first == up.plan.start
    for one, two in pairwise(stretches):
        assert one.last is not None
        assert one.step.days is not None
        assert (one.last - one.first).days + 1 == one.step.days
        assert two.first == one.last + timedelta(days=1)
    assert stretches[-1].last is None


@given(starts, clock_times(), st.integers(1, 4))
def test_a_step_smaller_than_can_be_made_is_refused(start, times: tuple, tenths: int) -> None:  # type: ignore[no-untyped-def]
    order = Prescription(start=start, times=times, products=("ca/10",), start_doses=(mg(10),) * len(times), interval_days=3,
                         step=PerDay(amount=OralDose(tenths * 2000)), target=mg(10) * (len(times) + 2))  # fmt: skip
    with pytest.raises(BadInput, match="never reached"):
        titrate(order, ANYBODY, BACLOFEN, "p1")
