"""Numbers against numbers: guardrails that contradict each other, and protocols that break the guardrails over them."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from gradatim.domain.fault import Fault
from gradatim.domain.guardrail import Applies, Band, Guardrail, Kind
from gradatim.domain.monograph import Monograph
from gradatim.domain.person import ADULT_MONTHS
from gradatim.domain.protocol import DoseRange, Population, TaperProtocol, TitrationProtocol
from gradatim.monographs.own_tests import Someone, governing_kind, per_day, start_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gradatim.domain.dose import OralDose

A_GROWN_UP = 40 * 12  # months: neither a child nor old
Limit: TypeAlias = tuple[str, Kind, Fraction | int]  # the field a number stands in, what limits it, the number


def bounds(part: Any) -> Iterator[Fault]:
    if not isinstance(part, Monograph):
        return
    rails = part.guardrails
    for (_, one), (place, other) in combinations(enumerate(rails), 2):
        same = one.kind is other.kind and one.group == other.group and _overlap(one.applies, other.applies)
        if same and (one.recommended, one.absolute) != (other.recommended, other.absolute):
            problem = f"{other.id} and {one.id} limit {one.kind} of the same people differently"
            yield Fault(f"guardrails[{place}]", problem, "Keep one, or tell their people apart by applies or group")
    for place, up in enumerate(part.titrations):
        at = f"titrations[{place}]"
        yield from _usable(up, at)
        if up.usable:
            yield from _within(up, at, tuple(_climb(up)), rails)
    for place, down in enumerate(part.tapers):
        if down.usable and down.needs is None:
            yield from _within(down, f"tapers[{place}]", tuple(_descent(down)), rails)


def _overlap(one: Applies, other: Applies) -> bool:
    def apart(low: int | None, under: int | None) -> bool:
        return low is not None and under is not None and under <= low

    markets = bool(set(one.markets) & set(other.markets)) or not (one.markets or other.markets)
    lists = ((one.conditions, other.conditions), (one.indications, other.indications))
    words = all(not a or not b or set(a) & set(b) for a, b in lists)  # two illnesses may each have a limit
    dialysis = None in (one.dialysis, other.dialysis) or one.dialysis == other.dialysis
    bands = not any(
        apart(a.age_from_months, b.age_under_months) or apart(a.egfr_from, b.egfr_under)
        for a, b in ((one, other), (other, one))
    )
    return markets and words and dialysis and bands


def _usable(up: TitrationProtocol, at: str) -> Iterator[Fault]:
    if not up.times:
        yield Fault(
            f"{at}.times", f"{up.id} does not say how many doses a day", "List them, the source's first choice first"
        )
    if up.usable and (up.interval is None or (up.step is None and not up.rungs)):
        yield Fault(
            f"{at}.usable", f"{up.id} has no step or no interval", "Say usable = false, or give both with a source"
        )
    for place, (low, high) in enumerate(pairwise(up.rungs), 1):
        if high.dose * high.times <= low.dose * low.times:
            yield Fault(f"{at}.rungs[{place}]", f"{up.id} does not climb here", "Write the lowest step first")
    for place, rung in enumerate(up.rungs):
        if rung.days is not None and up.interval is not None and rung.days < up.interval.low:
            problem = f"{up.id}: {rung.days} days are shorter than its interval of {up.interval}"
            yield Fault(f"{at}.rungs[{place}].days", problem, "Correct the table or the interval")


def _climb(up: TitrationProtocol) -> Iterator[Limit]:
    """The numbers of a way up that need no body weight."""
    step_day, first_day = per_day(up.step, up), start_day(up)
    days, doses = [r.dose * r.times for r in up.rungs], [r.dose for r in up.rungs]
    if up.interval is not None:
        yield "interval", Kind.STEP_INTERVAL, up.interval.low
    found: tuple[tuple[str, tuple[Kind, ...], OralDose | DoseRange | None], ...] = (
        ("start", (Kind.START_DAY,), first_day),
        ("start", (Kind.START_DOSE,), doses[0] if doses else up.start.per_dose),
        ("step", (Kind.STEP_DAY,), step_day),
        ("step", (Kind.STEP_DOSE,), up.step.per_dose if up.step else None),
        ("maximum_day", (Kind.DAY, Kind.DAY_CEILING), up.maximum_day),
        ("maximum_dose", (Kind.DOSE,), up.maximum_dose),
        ("usual_day", (Kind.DAY, Kind.DAY_CEILING), up.usual_day),
        ("rungs", (Kind.DAY, Kind.DAY_CEILING), max(days, default=None)),
        ("rungs", (Kind.DOSE,), max(doses, default=None)),
        ("rungs", (Kind.STEP_DAY,), max((b - a for a, b in pairwise(days) if b > a), default=None)),
        ("rungs", (Kind.STEP_DOSE,), max((b - a for a, b in pairwise(doses) if b > a), default=None)),
    )
    for field, kinds, amount in found:
        top = amount.high if isinstance(amount, DoseRange) else amount
        if top is not None:
            yield from ((field, kind, Fraction(top.in_mg)) for kind in kinds)


def _descent(down: TaperProtocol) -> Iterator[Limit]:
    if down.total:
        yield "total", Kind.TAPER_TOTAL, down.total.low
    if down.step:
        yield "step", Kind.TAPER_STEP_DAY, Fraction(down.step.high.in_mg)
    if down.fraction:
        yield "fraction", Kind.TAPER_STEP_FRACTION, Fraction(down.fraction.high, 100)
    if down.interval:
        yield "interval", Kind.TAPER_INTERVAL, down.interval.low
    if down.last_day is not None:
        yield "last_day", Kind.TAPER_LAST_DAY, Fraction(down.last_day.in_mg)


def _within(
    way: TitrationProtocol | TaperProtocol, at: str, limits: tuple[Limit, ...], rails: tuple[Guardrail, ...]
) -> Iterator[Fault]:
    """Numbers beyond an absolute bound, for anybody the protocol is for: each market, each age band inside its ages."""
    ages = {A_GROWN_UP}
    if isinstance(way, TitrationProtocol) and way.population is Population.CHILD:
        low, under = way.age_from_months or 0, way.age_under_months or ADULT_MONTHS
        edges = {edge for rail in rails for edge in (rail.applies.age_from_months, rail.applies.age_under_months)}
        ages = {low} | {edge for edge in edges if edge is not None and low < edge < under}
    on_drug = way.on_drug_over_days if isinstance(way, TaperProtocol) else None
    people = [
        Someone(market=market, age_months=age, on_drug_days=None if on_drug is None else on_drug + 1)
        for market in way.markets or (None,)
        for age in sorted(ages)
    ]
    for field, kind, value in limits:
        for someone in people:
            for rail in governing_kind(rails, kind, someone):
                if rail.classify(value) is Band.BEYOND_ABSOLUTE:
                    problem = f"{way.id}: {value} is beyond {rail.absolute} of {rail.id}"
                    remedy = "Correct the number, or say usable = false or what the protocol needs"
                    yield Fault(f"{at}.{field}", problem, remedy)
