"""A prescription turned into a plan for the way up."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from itertools import combinations, pairwise

from gradatim.domain.citation import Citation
from gradatim.domain.dose import OralDose, total
from gradatim.domain.fault import BadInput, one_fault
from gradatim.domain.ladder import climb, share_up, whole
from gradatim.domain.making import shelf, unmakeable
from gradatim.domain.monograph import Monograph
from gradatim.domain.person import Person
from gradatim.domain.plan import Because, Doses, Item, Plan, Purpose, Review, Step, numbered, slots_at
from gradatim.domain.prescription import UP_ASKS, PerDay, PerDose, Prescription, Reviews, StepBy
from gradatim.domain.protocol import Amount, TitrationProtocol
from gradatim.domain.tablets import quantum

PAPER_DAYS = 28  # how long the last step is printed when the prescriber names no end
NOTHING = OralDose(0)


def titrate(order: Prescription, person: Person, monograph: Monograph, id: str) -> Plan:
    """The draft of a plan. Raises `BadInput` with every fault: unknown protocol or product, a step or dose that the products
    cannot make, a target that the steps do not meet, a weight that a protocol needs."""
    if order.before is not None and not any(order.before):
        order = replace(order, before=None)  # nothing taken before is a first start
    slots = slots_at(order.times)
    products = shelf(monograph, order.products)
    protocol = None if order.protocol is None else monograph.titration(order.protocol)
    source = () if protocol is None else protocol.source
    if order.table:
        items = assemble(
            [(row.doses, row.days) for row in order.table], order.reviews, UP_ASKS, Because.TABLE, source, order.before
        )
    else:
        if order.start_doses and (
            faults := unmakeable(
                (Step(doses=order.start_doses, because=Because.START),), slots, products, order.making, monograph
            )
        ):
            raise BadInput(faults)
        levels = _levels(order, person, protocol, quantum(products, order.making))
        interval = order.interval_days or _interval(protocol)
        items = assemble(
            [(doses, interval) for doses in levels], order.reviews, UP_ASKS, Because.RISE, source, order.before
        )
    if faults := unmakeable(items, slots, products, order.making, monograph):
        raise BadInput(faults)
    reached = order.start + timedelta(days=sum(item.days or 0 for item in items if isinstance(item, Step)))
    return Plan(
        id=id, version=1, drug=monograph.id, purpose=Purpose.TITRATION, start=order.start,
        until=max(order.until or reached + timedelta(days=PAPER_DAYS - 1), order.start),
        slots=slots, items=items, products=order.products, making=order.making, protocol=order.protocol,
        before=order.before, on_drug_days=order.on_drug_days,
    )  # fmt: skip


def assemble(
    levels: list[tuple[Doses, int]],
    reviews: Reviews,
    asks: tuple[str, ...],
    because: Because,
    source: tuple[Citation, ...],
    before: Doses | None,
) -> tuple[Item, ...]:
    """Levels as steps with the reviews between them; the last level stays open."""
    items: list[Item] = []
    for number, (doses, days) in enumerate(levels, start=1):
        if reviews.stand_before(number):
            items.append(Review(id=f"r{number}", by=reviews.by, asks=reviews.asks or asks))
        first = Because.START if because is Because.RISE and before is None else because
        items.append(
            Step(
                doses=doses,
                days=None if number == len(levels) else days,
                because=first if number == 1 else because,
                source=source,
            )
        )
    if unused := [n for n in reviews.steps if n > len(levels)]:
        raise one_fault("reviews.steps", f"there is no step {unused[0]}", f"The plan has {len(levels)} steps")
    return numbered(items, 1)


def _levels(order: Prescription, person: Person, protocol: TitrationProtocol | None, unit: OralDose) -> list[Doses]:
    assert order.target is not None
    step = order.step or _step(protocol, person, unit)
    if order.weights and isinstance(step, PerDose):
        raise one_fault("weights", "do not go with a step per dose", "Give a step per day, for example 15 mg per day")
    if order.before is not None:
        first, below = order.before, []
    else:
        first = order.start_doses or _start(order, protocol, person, unit)
        below = [first]
    if total(first) > order.target:
        raise one_fault(
            "target",
            f"{order.target} a day is below the start, {total(first)}",
            "Give a higher target, or plan a taper",
        )
    cap = None if protocol is None else protocol.maximum_dose
    by_label = (
        order.before is None
        and order.start_doses is None
        and protocol is not None
        and protocol.start.per_dose is not None
    )
    resting = tuple(place for place, dose in enumerate(first) if not dose) if by_label else ()
    levels = [
        *below,
        *climb(first, order.target, step, unit, order.spread, weights=order.weights, cap=cap, resting=resting),
    ]
    reached = total(levels[-1]) if levels else total(first)
    if reached != order.target:
        low, high = reached, reached + unit
        if reached + unit <= order.target:
            raise one_fault(
                "step",
                f"the step is less than the smallest amount that can be made, {unit}, so {order.target} is never reached",
                "Give a larger step, or products that make smaller amounts",
            )
        raise one_fault(
            "target",
            f"{order.target} a day cannot be shared among the doses in amounts of {unit}",
            f"The nearest are {low} and {high}",
        )
    if not levels:
        raise one_fault(
            "target", f"{order.target} a day is already taken", "Give a higher target, or hold the present dose"
        )
    return levels


def _start(order: Prescription, protocol: TitrationProtocol | None, person: Person, unit: OralDose) -> Doses:
    if protocol is None:
        raise one_fault("start_doses", "is missing", "Give the doses of the first day")
    count = len(order.times)
    nothing = (NOTHING,) * count
    amount = protocol.start
    if amount.per_dose is not None:
        used = widest(order.times, protocol.rungs[0].times if protocol.rungs else protocol.times[0])
        return tuple(amount.per_dose.low if place in used else NOTHING for place in range(count))
    day = whole(_per_day(amount, person, protocol.id), unit)
    if not day:
        raise one_fault(
            "products",
            f"the start of {protocol.id} is less than the smallest amount that can be made, {unit}",
            "Add a product that makes smaller amounts, for example a liquid",
        )
    return share_up(nothing, list(range(count)), day, unit, weights=order.weights)


def widest(times: tuple[time, ...], used: int) -> tuple[int, ...]:
    """Which ``used`` of the times of day lie farthest apart over 24 hours; all of them where there are no more."""

    def gaps(places: tuple[int, ...]) -> list[int]:
        minutes = [times[place].hour * 60 + times[place].minute for place in places]
        return sorted(later - earlier for earlier, later in pairwise([*minutes, minutes[0] + 24 * 60]))

    return max(combinations(range(len(times)), min(used, len(times))), key=gaps)


def _step(protocol: TitrationProtocol | None, person: Person, unit: OralDose) -> StepBy:
    if protocol is None or protocol.step is None or not protocol.usable:
        name = "no protocol" if protocol is None else protocol.id
        raise one_fault(
            "step", f"{name} gives no step that a plan can follow", "Give a step of your own, for example 5 mg per day"
        )
    if protocol.step.per_dose is not None:
        return PerDose(amount=protocol.step.per_dose.low)
    return PerDay(amount=whole(_per_day(protocol.step, person, protocol.id), unit))


def _interval(protocol: TitrationProtocol | None) -> int:
    if protocol is None or protocol.interval is None:
        name = "no protocol" if protocol is None else protocol.id
        raise one_fault("interval_days", f"{name} gives no interval between steps", "Give the days between steps")
    return protocol.interval.high


def _per_day(amount: Amount, person: Person, protocol: str) -> OralDose:
    if amount.per_day is not None:
        return amount.per_day.low
    if person.weight is None:
        raise one_fault(
            "person.weight", f"{protocol} goes by body weight, which is missing", "Give the weight, for example 18 kg"
        )
    assert amount.per_day_per_kg is not None
    return OralDose(amount.per_day_per_kg.low * person.weight.grams // 1000)
