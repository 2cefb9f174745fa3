"""Every governing guardrail held against the plan. The numbers are the monograph's; only the measuring is here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import assert_never

from gradatim.domain.dose import OralDose, total
from gradatim.domain.finding import Fact, Finding, Message, message
from gradatim.domain.guardrail import MINIMA, UNBOUNDED, Band, Bound, Guardrail, Kind, Severity, Unit
from gradatim.domain.plan import Doses, Slot
from gradatim.domain.safety.case import Case, highest, milligrams
from gradatim.domain.timeline import as_planned, stretch_on

Measure = tuple[Fraction, Fact, date]  # the value in the guardrail's unit, how to say it, and from which day

HEIGHTS = frozenset({Kind.DOSE, Kind.DAY, Kind.DAY_PER_KG, Kind.DAY_CEILING, Kind.DAY_FLAG})

AT = {
    Kind.START_DAY: "start", Kind.START_DOSE: "start", Kind.START_DAY_PER_KG: "start", Kind.START_FRACTION: "start",
    Kind.STEP_DAY: "step", Kind.STEP_DOSE: "step", Kind.STEP_INTERVAL: "interval_days", Kind.DOSE_GAP: "times",
    Kind.AVOID: "person", Kind.AVOID_TABLETS: "products", Kind.TAPER_TOTAL: "stop_on", Kind.TAPER_INTERVAL: "interval_days",
    Kind.TAPER_STEP_DAY: "step", Kind.TAPER_STEP_FRACTION: "step", Kind.TAPER_LAST_DAY: "floor",
}  # fmt: skip


def limits(case: Case) -> Iterator[Finding]:
    """A finding for each guardrail that the plan goes beyond; of several minima of one kind only the gravest, strictest."""
    strictest: dict[Kind, tuple[Fraction, Finding]] = {}
    for guardrail in case.guardrails:
        if guardrail.kind in UNBOUNDED:
            if _concerns(case, guardrail.kind):
                yield case.eased(_finding(guardrail, Band.BEYOND_ABSOLUTE, _avoid(case, guardrail)))
            continue
        measured = measure(case, guardrail.kind)
        if measured is None:
            continue
        value, said, day = measured
        band = guardrail.classify(value)
        bound = guardrail.absolute if band is Band.BEYOND_ABSOLUTE else guardrail.recommended
        if band is Band.WITHIN or bound is None:
            continue
        if guardrail.kind in HEIGHTS:
            day = next(first for height, first in _heights(case, guardrail.kind) if guardrail.classify(height) is band)
        facts = {"kidney": case.kidneys} if guardrail.kind in (Kind.START_FRACTION, Kind.DAY_FLAG) else {}
        finding = _finding(
            guardrail, band, message(f"limit.{guardrail.kind}", value=said, bound=bound, day=day, **facts)
        )
        if guardrail.kind in HEIGHTS and not finding.blocks and case.only_down:
            finding = replace(finding, severity=Severity.INFO)  # already taken, and going down
        if guardrail.kind not in MINIMA:
            yield finding
        elif guardrail.kind not in strictest or (finding.blocks, bound.value) > (
            strictest[guardrail.kind][1].blocks,
            strictest[guardrail.kind][0],
        ):
            strictest[guardrail.kind] = (bound.value, finding)
    yield from (finding for _, finding in strictest.values())


def _avoid(case: Case, guardrail: Guardrail) -> Message:
    kidneys = guardrail.kind is Kind.AVOID and guardrail.applies.egfr_under is not None and case.deciding is not None
    return (
        message(f"limit.{guardrail.kind}-kidneys", kidney=case.kidneys)
        if kidneys
        else message(f"limit.{guardrail.kind}")
    )


def _finding(guardrail: Guardrail, band: Band, said: Message) -> Finding:
    severity = guardrail.severity(band)
    assert severity is not None
    return Finding(
        rule=guardrail.id,
        severity=severity,
        message=said,
        source=guardrail.source,
        at=AT.get(guardrail.kind, "target"),
        why=guardrail.why,
    )


def _concerns(case: Case, kind: Kind) -> bool:
    if kind is Kind.AVOID_TABLETS:
        return any(product.is_solid for product in case.products)
    if kind is Kind.TAPER_PRESCRIBER:
        return bool(case.cuts)
    return True


def measure(case: Case, kind: Kind) -> Measure | None:
    """What the plan does where a guardrail of this kind looks; None where it does not come up or a fact is missing."""
    match kind:
        case Kind.START_DAY | Kind.START_DOSE | Kind.START_DAY_PER_KG | Kind.START_FRACTION:
            return _start(case, kind) if case.first_start else None
        case Kind.STEP_DAY | Kind.STEP_DOSE | Kind.STEP_INTERVAL:
            return _rise(case, kind)
        case Kind.DOSE | Kind.DAY | Kind.DAY_PER_KG | Kind.DAY_CEILING | Kind.DAY_FLAG:
            return _height(case, kind)
        case Kind.DOSE_GAP:
            return _gap(case)
        case (
            Kind.TAPER_TOTAL
            | Kind.TAPER_LAST_DAY
            | Kind.TAPER_STEP_DAY
            | Kind.TAPER_STEP_FRACTION
            | Kind.TAPER_INTERVAL
        ):
            return _cut(case, kind) if case.cuts else None
        case Kind.AVOID | Kind.AVOID_TABLETS | Kind.TAPER_PRESCRIBER:
            return None
        case _:
            assert_never(kind)


def _mg(dose: OralDose, day: date) -> Measure:
    return milligrams(dose.micrograms), dose, day


def _per_kg(case: Case, dose: OralDose, day: date) -> Measure | None:
    weight = case.person.weight
    if weight is None:
        return None
    value = Fraction(dose.micrograms, weight.grams)
    return value, f"{float(value):.3g} mg/kg", day


def _start(case: Case, kind: Kind) -> Measure | None:
    begins = next((stretch for stretch in case.stretches if stretch.day_total), case.stretches[0])
    first, day = begins.step.doses, begins.first
    if kind is Kind.START_DOSE:
        return _mg(max(first), day)
    if kind is Kind.START_DAY_PER_KG:
        return _per_kg(case, total(first), day)
    if kind is Kind.START_FRACTION:
        usual = [g.recommended for g in case.of_kind(Kind.START_DAY) if g.recommended]
        if not usual:
            return None
        value = milligrams(total(first).micrograms) / max(bound.value for bound in usual)
        return value, total(first), day
    return _mg(total(first), day)


def _rise(case: Case, kind: Kind) -> Measure | None:
    if kind is Kind.STEP_INTERVAL:
        if not case.timed_rises:
            return None
        days, day = min(case.timed_rises)
        return Fraction(days), _days(days), day
    found: list[tuple[OralDose, date]] = []
    for change in case.changes:  # a dose moved from one time to another is a rise of that dose, though not of the day
        most = max(new.micrograms - old.micrograms for old, new in zip(change.old, change.new, strict=True))
        size = change.rise if kind is Kind.STEP_DAY else most
        if size > 0:
            found.append((OralDose(size), change.day))
    return _mg(*max(found, key=lambda rise: (rise[0], -rise[1].toordinal()))) if found else None


def _heights(case: Case, kind: Kind) -> Iterator[tuple[Fraction, date]]:
    """What a guardrail of height looks at, step by step, with the first day of each step."""
    for stretch in case.stretches:
        amount = max(stretch.step.doses) if kind is Kind.DOSE else stretch.day_total
        if kind is not Kind.DAY_PER_KG:
            yield milligrams(amount.micrograms), stretch.first
        elif case.person.weight is not None:
            yield Fraction(amount.micrograms, case.person.weight.grams), stretch.first


def _height(case: Case, kind: Kind) -> Measure | None:
    if kind is Kind.DOSE:
        doses = [(dose, stretch.first) for stretch in case.stretches for dose in stretch.step.doses]
        return _mg(*max(doses, key=lambda pair: (pair[0], -pair[1].toordinal())))
    day_total, day = highest(case.stretches)
    return _per_kg(case, day_total, day) if kind is Kind.DAY_PER_KG else _mg(day_total, day)


def _gap(case: Case) -> Measure | None:
    gaps = [
        (gap, stretch.first)
        for stretch in case.stretches
        if (gap := shortest_gap(case.plan.slots, stretch.step.doses)) is not None
    ]
    if (across := _gap_across(case)) is not None:
        gaps.append((across, case.plan.start))
    if not gaps:
        return None
    gap, day = min(gaps)
    hours = Fraction(gap.seconds + gap.days * 86400, 3600)
    minutes = int(hours * 60)
    said = f"{minutes // 60} hours" if minutes % 60 == 0 else f"{minutes // 60} h {minutes % 60} min"
    return hours, said, day


def _gap_across(case: Case) -> timedelta | None:
    """The wall-clock time from the last dose of the version before to the first of this one."""
    held = stretch_on(as_planned(case.earlier[-1]), case.plan.start - timedelta(days=1)) if case.earlier else None
    if held is None:
        return None
    old = [slot.at for slot, dose in zip(case.earlier[-1].slots, held.step.doses, strict=True) if dose]
    new = [slot.at for slot, dose in zip(case.plan.slots, case.stretches[0].step.doses, strict=True) if dose]
    return _since_midnight(new[0]) + timedelta(days=1) - _since_midnight(old[-1]) if old and new else None


def shortest_gap(slots: tuple[Slot, ...], doses: Doses) -> timedelta | None:
    """The shortest wall-clock time between two doses, night included; None for fewer than two doses a day."""
    taken = [_since_midnight(slot.at) for slot, dose in zip(slots, doses, strict=True) if dose]
    if len(taken) < 2:
        return None
    return min(later - earlier for earlier, later in pairwise([*taken, taken[0] + timedelta(days=1)]))


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)


def _days(days: int) -> Bound:
    return Bound(Fraction(days), Unit.DAYS)


def _cut(case: Case, kind: Kind) -> Measure | None:
    ends = [change for change in case.cuts if not total(change.new)]
    if kind is Kind.TAPER_TOTAL:
        stop, days = case.stop, case.days_down
        return None if stop is None or days is None else (Fraction(days), _days(days), stop.day)
    if kind is Kind.TAPER_LAST_DAY:
        return max((_mg(total(change.old), change.day) for change in ends), key=lambda m: m[0], default=None)
    if kind is Kind.TAPER_INTERVAL:
        if not case.timed_cuts:
            return None
        days, day = min(case.timed_cuts)
        return Fraction(days), _days(days), day
    sizes = [(OralDose(-change.rise), change) for change in case.cuts]
    if kind is Kind.TAPER_STEP_DAY:
        size, change = max(sizes, key=lambda pair: (pair[0], -pair[1].day.toordinal()))
        return _mg(size, change.day)
    small = max((g.recommended.dose for g in case.of_kind(Kind.TAPER_LAST_DAY) if g.recommended), default=OralDose(0))
    shares = [(Fraction(s.micrograms, total(c.old).micrograms), c.day) for s, c in sizes if s > small and total(c.new)]
    if not shares:
        return None
    share, day = max(shares, key=lambda pair: (pair[0], -pair[1].toordinal()))
    return share, f"{float(share) * 100:.0f} %", day
