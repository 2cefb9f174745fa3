"""An order for the way down turned into a plan: by protocol, by steps, or to a last day. Never faster than asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

from gradatim.domain.citation import Citation
from gradatim.domain.dose import OralDose, total
from gradatim.domain.fault import BadInput, one_fault
from gradatim.domain.guardrail import Kind
from gradatim.domain.ladder import descend, descend_each, lower, share_of, whole
from gradatim.domain.making import shelf, unmakeable
from gradatim.domain.monograph import Monograph
from gradatim.domain.plan import Because, Doses, Item, Plan, Purpose, Review, Step, numbered, slots_at
from gradatim.domain.prescription import DOWN_ASKS, ByPercent, PerDay, PerDose, TaperOrder
from gradatim.domain.protocol import TaperProtocol
from gradatim.domain.tablets import quantum

PAPER_DAYS_AFTER = 14  # how long the days without the drug are printed, for watching
NOTHING = OralDose(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """The levels below the present dose and the days on each; the last level is the end."""

    levels: list[Doses]
    days: list[int]
    source: tuple[Citation, ...] = ()


def taper(order: TaperOrder, monograph: Monograph, id: str) -> Plan:
    """The draft of a taper. Raises `BadInput` with every fault, as `titrate` does; `review` says what is faster than a source."""
    slots = slots_at(order.times)
    products = shelf(monograph, order.products)
    unit = quantum(products, order.making)
    if order.protocol is not None:
        way = _by_protocol(order, monograph.taper(order.protocol), unit, Rest.of(monograph))
    elif order.stop_on is not None:
        rest = Rest.of(monograph)
        rest = replace(rest, days=max(order.interval_days or 0, rest.days))
        way = _by_total(order, (order.stop_on - order.start).days, unit, rest, ())
    else:
        way = _by_steps(order, unit)
    if not way.levels or total(way.levels[-1]) != order.to:
        raise one_fault(
            "step",
            f"the step is less than the smallest amount that can be made, {unit}, so {order.to} is never reached",
            "Give a larger step, or products that make smaller amounts",
        )
    items = _items(order, way)
    if faults := unmakeable(items, slots, products, order.making, monograph):
        raise BadInput(faults)
    end = order.start + timedelta(days=sum(way.days[:-1]))
    return Plan(
        id=id, version=1, drug=monograph.id, purpose=Purpose.TAPER, start=order.start, until=end + timedelta(days=PAPER_DAYS_AFTER - 1),
        slots=slots, items=items, products=order.products, making=order.making, protocol=order.protocol,
        before=order.current, on_drug_days=order.on_drug_days,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What the guardrails allow where an order or a protocol says nothing: days between cuts, the largest cut in mg and as a
    share of the dose before, the last dose."""

    days: int
    largest: OralDose
    last: OralDose
    share: Fraction

    @classmethod
    def of(cls, monograph: Monograph) -> Rest:
        """From the guardrails of the monograph; the strictest where there are several."""

        def doses(kind: Kind) -> list[OralDose]:
            return [
                bound.dose
                for g in monograph.guardrails
                if g.kind is kind and (bound := g.absolute if kind is Kind.TAPER_STEP_DAY else g.recommended)
            ]

        intervals = [
            int(g.recommended.value) for g in monograph.guardrails if g.kind is Kind.TAPER_INTERVAL and g.recommended
        ]
        shares = [g.absolute.value for g in monograph.guardrails if g.kind is Kind.TAPER_STEP_FRACTION and g.absolute]
        return cls(
            days=max(intervals),
            largest=min(doses(Kind.TAPER_STEP_DAY)),
            last=min(doses(Kind.TAPER_LAST_DAY)),
            share=min(shares),
        )


def _items(order: TaperOrder, way: _Way) -> tuple[Item, ...]:
    items: list[Item] = []
    for number, (doses, days) in enumerate(zip(way.levels, way.days, strict=True), start=1):
        if order.reviews.stand_before(number):
            items.append(Review(id=f"r{number}", by=order.reviews.by, asks=order.reviews.asks or DOWN_ASKS))
        because = Because.STOPPED if not total(doses) else Because.AS_BEFORE if doses == order.current else Because.CUT
        items.append(
            Step(doses=doses, days=None if number == len(way.levels) else days, because=because, source=way.source)
        )
    if unused := [n for n in order.reviews.steps if n > len(way.levels)]:
        raise one_fault("reviews.steps", f"there is no step {unused[0]}", f"The plan has {len(way.levels)} steps")
    return numbered(items, 1)


def _by_steps(order: TaperOrder, unit: OralDose) -> _Way:
    assert order.interval_days is not None
    step = order.step
    if isinstance(step, ByPercent):
        return _by_percent(order, step.percent, order.interval_days, unit, ())
    floor = order.floor or NOTHING
    if isinstance(step, PerDose):
        levels = list(descend_each(order.current, whole(step.amount, unit), order.to, order.spread, floor))
        return _Way(levels=levels, days=[order.interval_days] * len(levels))
    assert isinstance(step, PerDay)
    most = whole(step.amount, unit)

    def cut(doses: Doses) -> Doses:
        left = total(doses) - order.to
        return lower(doses, left if total(doses) <= floor else min(most, left), unit, order.spread)

    levels = list(descend(order.current, cut, order.to))
    return _Way(levels=levels, days=[order.interval_days] * len(levels))


def _by_percent(order: TaperOrder, percent: int, interval: int, unit: OralDose, source: tuple[Citation, ...]) -> _Way:
    """A level is the asked curve D·(1 − p)ⁿ rounded *up* to what can be made, so no day lies below it; equal levels merge.

    The curve never reaches zero: it ends with one interval on the floor (default: the smallest amount that can be made), then stops.
    """
    floor = max(order.floor or unit, unit, order.to)
    asked = total(order.current).micrograms
    levels: list[Doses] = []
    days: list[int] = []
    doses, power, scale = order.current, 1, 1
    while True:
        power, scale = power * (100 - percent), scale * 100
        exact_level = asked * power
        at_floor = exact_level <= floor.micrograms * scale
        level = floor if at_floor else OralDose(-(-exact_level // (scale * unit.micrograms)) * unit.micrograms)
        cut = OralDose(max(total(doses).micrograms - level.micrograms, 0))
        if cut:
            doses = lower(doses, cut, unit, order.spread)
            levels.append(doses)
            days.append(interval)
        elif days:
            days[-1] += interval
        else:  # the first cut asked for is less than can be made: the present dose goes on
            levels.append(doses)
            days.append(interval)
        if at_floor:
            break
    if order.to < floor:
        levels.append(lower(doses, total(doses) - order.to, unit, order.spread))
        days.append(interval)
    return _Way(levels=levels, days=days, source=source)


def _by_protocol(order: TaperOrder, protocol: TaperProtocol, unit: OralDose, rest: Rest) -> _Way:
    if not protocol.usable:
        raise one_fault(
            "protocol",
            f"{protocol.id} gives no numbers that a plan can follow",
            "Choose another protocol, or give a step and an interval of your own",
        )
    interval = max(order.interval_days or 0, protocol.interval.low if protocol.interval else 0)
    if protocol.fraction is not None and protocol.step is None:
        return _by_percent(order, protocol.fraction.low, max(interval, 1), unit, protocol.source)
    days = protocol.total.high if protocol.total else 1
    if protocol.step is None:
        return _by_total(order, days, unit, replace(rest, days=max(interval, rest.days)), protocol.source)
    return _by_range(order, protocol, days, unit, max(interval, rest.days), rest)


def _by_range(order: TaperOrder, protocol: TaperProtocol, days: int, unit: OralDose, interval: int, rest: Rest) -> _Way:
    """Steps within the protocol's range: the smallest that fits its total at ``interval`` with no cut too large for the dose
    before it, else the largest without such a cut, taking longer."""
    assert protocol.step is not None
    low, high = protocol.step.low, protocol.step.high
    last = order.floor or protocol.last_day or NOTHING
    levels: list[Doses] = []
    kindest: list[Doses] = []
    for size in range(max(low, unit).micrograms, max(high, unit).micrograms + 1, unit.micrograms):

        def cut(doses: Doses, step: OralDose = whole(OralDose(size), unit)) -> Doses:
            day = total(doses)
            if protocol.fraction is not None:
                step = min(step, max(share_of(day, protocol.fraction.high, unit), low, unit))
            else:  # gentler than the protocol at the end, where its step would be too much of what is left
                step = min(step, max(share_of(day, int(rest.share * 100), unit), unit))
            step = day - order.to if order.to < day <= last else min(step, day - order.to)
            return lower(doses, step, unit, order.spread)

        levels = list(descend(order.current, cut, order.to))
        cuts = [total(one) - total(two) for one, two in pairwise([order.current, *levels])]
        gentle = not _too_large(order, cuts[:-1], rest)
        if gentle:
            kindest = levels
        if gentle and (len(levels) - 1) * interval <= days:
            break
    else:
        levels = kindest or levels
    return _timed(order, levels, max(days, (len(levels) - 1) * interval), protocol.source)


def _by_total(order: TaperOrder, days: int, unit: OralDose, rest: Rest, source: tuple[Citation, ...]) -> _Way:
    """Near-equal cuts that reach the end exactly ``days`` after the start, the larger ones first and the last from a small dose.

    As many levels as fit with the recommended rest between them; more, with less rest, where a cut would else be too large. An
    interval that the order asks for is never shortened.
    """
    least = order.interval_days or 1
    if days < least:
        raise one_fault(
            "interval_days",
            f"{least} days between cuts do not fit into {days} days",
            "Give a later end, or a shorter interval",
        )
    down = total(order.current) - order.to
    last = min(max(whole(rest.last, unit), unit), down) if not order.to else NOTHING
    units = -(-(down - last).micrograms // unit.micrograms)
    parts = max(1, min(days // rest.days, units))
    while parts < min(units, days // least) and _too_large(order, _shared(units, parts, unit), rest):
        parts += 1
    cuts = [*_shared(units, parts, unit), last]
    levels: list[Doses] = []
    doses = order.current
    for cut in cuts:
        step = min(cut, total(doses) - order.to)
        if step:
            doses = lower(doses, step, unit, order.spread)
            levels.append(doses)
    return _timed(order, levels, days, source)


def _shared(units: int, parts: int, unit: OralDose) -> list[OralDose]:
    """``units`` shared over ``parts`` cuts, the larger ones first."""
    return [unit * (units // parts + (n < units % parts)) for n in range(parts)]


def _too_large(order: TaperOrder, cuts: list[OralDose], rest: Rest) -> bool:
    day = total(order.current).micrograms
    for cut in cuts:
        if cut > rest.largest or Fraction(cut.micrograms, day) > rest.share:
            return True
        day -= cut.micrograms
    return False


def _timed(order: TaperOrder, levels: list[Doses], days: int, source: tuple[Citation, ...]) -> _Way:
    """The levels over ``days``, the later ones longer: the last cut is the riskiest.

    With nothing between the present dose and the end, the present dose goes on for all the days.
    """
    if len(levels) == 1:
        levels = [order.current, *levels]
    kept = len(levels) - 1
    base, rest = divmod(days, kept) if kept else (1, 0)
    return _Way(levels=levels, days=[base + (n >= kept - rest) for n in range(kept)] + [1], source=source)
