"""The plan against the protocol that it names, and against slips of the pen."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from gradatim.domain.dose import OralDose, total
from gradatim.domain.finding import Finding, OneOf, message
from gradatim.domain.guardrail import Kind, Severity
from gradatim.domain.plan import Purpose, Review
from gradatim.domain.protocol import Population, TaperProtocol, TitrationProtocol
from gradatim.domain.safety.case import Case

TENFOLD = 10


def protocol_rules(case: Case) -> Iterator[Finding]:
    """Findings about the order itself."""
    yield from _slips(case)
    yield from _unreviewed(case)
    yield from _unused(case)
    name = case.plan.protocol
    if name is None:
        return
    for titration in case.monograph.titrations:
        if titration.id == name:
            yield from _titration(case, titration)
    for taper in case.monograph.tapers:
        if taper.id == name:
            yield from _taper(case, taper)


def _slips(case: Case) -> Iterator[Finding]:
    first = next((stretch for stretch in case.stretches if stretch.day_total), case.stretches[0]).step.doses
    for guardrail in case.of_kind(Kind.START_DOSE):
        usual = guardrail.recommended
        if usual and case.first_start and max(first).micrograms >= TENFOLD * usual.dose.micrograms:
            said = message("slip.tenfold", dose=max(first), usual=usual)
            yield Finding(
                rule="tenfold-slip", severity=Severity.STOP, message=said, source=guardrail.source, at="start"
            )
    jumps = [
        c
        for c in case.changes
        if c.rise > 0 and total(c.old) and total(c.new).micrograms >= TENFOLD * total(c.old).micrograms
    ]
    if jumps:
        said = message("slip.tenfold-jump", old=total(jumps[0].old), new=total(jumps[0].new), day=jumps[0].day)
        source = tuple(c for g in case.of_kind(Kind.STEP_DAY)[:1] for c in g.source)
        yield Finding(rule="tenfold-jump", severity=Severity.STOP, message=said, source=source, at="step")
    tiny = [d for s in case.stretches for d in s.step.doses if d and d < case.monograph.smallest_plausible_dose]
    if tiny:
        said = message("slip.tiny", dose=min(tiny), smallest=case.monograph.smallest_plausible_dose)
        yield Finding(rule="unit-slip", severity=Severity.STOP, message=said, source=(), at="start")


def _unused(case: Case) -> Iterator[Finding]:
    taken = [doses for s in case.stretches for doses in (s.step.doses,)] + (
        [case.plan.before] if case.plan.before else []
    )
    idle = tuple(slot.at for place, slot in enumerate(case.plan.slots) if not any(doses[place] for doses in taken))
    if idle:
        said = message("plan.time-unused", times=idle)
        yield Finding(rule="time-unused", severity=Severity.INFO, message=said, source=(), at="times")


def _unreviewed(case: Case) -> Iterator[Finding]:
    if len(case.rises) > 1 and not any(isinstance(item, Review) for item in case.plan.items):
        yield Finding(
            rule="no-review", severity=Severity.CAUTION, message=message("plan.no-review"), source=(), at="reviews"
        )


def _titration(case: Case, protocol: TitrationProtocol) -> Iterator[Finding]:
    if case.plan.purpose is not Purpose.TITRATION:
        return
    yield from _suits(case, protocol)
    times = max(sum(map(bool, stretch.step.doses)) for stretch in case.stretches)
    if times not in protocol.times:
        said = message("protocol.times", times=times, protocol=protocol.title, usual=OneOf(map(str, protocol.times)))
        yield Finding(
            rule="times-differ-from-protocol",
            severity=Severity.CAUTION,
            message=said,
            source=protocol.source,
            at="times",
        )
    least = 0 if protocol.interval is None else protocol.interval.low
    short = [timed for timed in case.timed_rises if timed[0] < least]
    if short:
        said = message(
            "protocol.faster-interval",
            days=min(days for days, _ in short),
            usual=least,
            protocol=protocol.title,
            day=short[0][1],
        )
        yield Finding(
            rule="titration-faster-than-source",
            severity=Severity.STOP,
            message=said,
            source=protocol.source,
            at="interval_days",
        )
    if (most := _largest_step(protocol, case)) is not None:
        large = [c for c in case.rises if c.rise > most.micrograms]
        if large:
            said = message(
                "protocol.faster-step",
                step=OralDose(max(c.rise for c in large)),
                usual=most,
                protocol=protocol.title,
                day=large[0].day,
            )
            yield Finding(
                rule="titration-step-beyond-source",
                severity=Severity.STOP,
                message=said,
                source=protocol.source,
                at="step",
            )
    top = max(stretch.day_total for stretch in case.stretches)
    if protocol.maximum_day is not None and top > protocol.maximum_day:
        said = message("protocol.above-maximum", day_total=top, usual=protocol.maximum_day, protocol=protocol.title)
        yield Finding(
            rule="above-protocol-maximum", severity=Severity.STOP, message=said, source=protocol.source, at="target"
        )


def _largest_step(protocol: TitrationProtocol, case: Case) -> OralDose | None:
    if protocol.step is None:
        return None
    if protocol.step.per_day is not None:
        return protocol.step.per_day.high
    if protocol.step.per_dose is not None:
        return protocol.step.per_dose.high * max(protocol.times)
    weight = case.person.weight
    per_kg = protocol.step.per_day_per_kg
    return None if weight is None or per_kg is None else OralDose(per_kg.high * weight.grams // 1000)


def _suits(case: Case, protocol: TitrationProtocol) -> Iterator[Finding]:
    months = None if case.person.age is None else case.person.age.months
    low, under = protocol.age_from_months, protocol.age_under_months
    wrong_age = months is not None and ((low is not None and months < low) or (under is not None and months >= under))
    if wrong_age or (protocol.population is Population.CHILD) != case.person.is_child:
        said = message("protocol.population", protocol=protocol.title, applies_to=protocol.applies_to)
        yield Finding(
            rule="protocol-not-for-this-age",
            severity=Severity.STOP,
            message=said,
            source=protocol.source,
            at="protocol",
        )
    if protocol.markets and case.person.market is not None and case.person.market not in protocol.markets:
        said = message("protocol.market", protocol=protocol.title, markets=protocol.markets, market=case.person.market)
        yield Finding(
            rule="protocol-of-another-country",
            severity=Severity.INFO,
            message=said,
            source=protocol.source,
            at="protocol",
        )
    if protocol.only_for is not None and case.person.indication != protocol.only_for:
        said = message("protocol.only-for", protocol=protocol.title, only_for=protocol.only_for)
        yield Finding(
            rule="protocol-for-another-indication",
            severity=Severity.CAUTION,
            message=said,
            source=protocol.source,
            at="protocol",
        )


def _taper(case: Case, protocol: TaperProtocol) -> Iterator[Finding]:
    def faster(rule: str, what: str, **facts: int | str | OralDose) -> Finding:
        said = message(f"taper.{what}", protocol=protocol.title, **facts)
        return Finding(rule=rule, severity=Severity.STOP, message=said, source=protocol.source, at="protocol")

    days = case.days_down
    if (
        protocol.total is not None
        and days is not None
        and case.plan.purpose is Purpose.TAPER
        and days < protocol.total.low
    ):
        yield faster("taper-faster-than-source", "faster-total", days=days, usual=protocol.total.low)
    if protocol.step is not None:
        large = [c for c in case.cuts if -c.rise > protocol.step.high.micrograms]
        if large:
            yield faster(
                "taper-step-beyond-source",
                "faster-step",
                step=OralDose(max(-c.rise for c in large)),
                usual=protocol.step.high,
            )
    if protocol.fraction is not None and protocol.step is None:
        over = [
            c
            for c in case.cuts
            if total(c.new) and Fraction(-c.rise, total(c.old).micrograms) > Fraction(protocol.fraction.high, 100)
        ]
        if over:
            yield faster("taper-step-beyond-source", "faster-share", usual=protocol.fraction.high)
    if protocol.interval is not None:
        short = [days for days, _ in case.timed_cuts if days < protocol.interval.low]
        if short:
            yield faster(
                "taper-interval-beyond-source", "faster-interval", days=min(short), usual=protocol.interval.low
            )
    if protocol.needs is not None:
        said = message("taper.needs", protocol=protocol.title, needs=protocol.needs)
        yield Finding(
            rule="protocol-needs", severity=Severity.STOP, message=said, source=protocol.source, at="protocol"
        )
    if protocol.on_drug_over_days is not None and case.plan.on_drug_days <= protocol.on_drug_over_days:
        said = message("taper.for-longer-use", protocol=protocol.title, usual=protocol.on_drug_over_days)
        yield Finding(
            rule="protocol-for-longer-use", severity=Severity.INFO, message=said, source=protocol.source, at="protocol"
        )
