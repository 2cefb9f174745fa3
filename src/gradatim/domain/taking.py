"""Before a dose is recorded: which one is meant, what it is made of, and what has to be asked first.

A guard never stops somebody from writing down what has happened; it stops a dose that is about to be taken until the person has
seen why, and the entry then names what was passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from gradatim.domain.alarm import emergencies, open_findings
from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.entry import DoseSkipped, DoseTaken, DoseUnsure, ExtraDose, Units, Used
from gradatim.domain.fault import BadInput, one_fault
from gradatim.domain.finding import Finding, Message, message
from gradatim.domain.guardrail import Severity
from gradatim.domain.knowledge import DangerSign
from gradatim.domain.making import shelf
from gradatim.domain.missed import ON_TIME, rule_for
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.plan import Plan
from gradatim.domain.record import Done, Record
from gradatim.domain.tablets import CannotMake, Portion, Solid, portion
from gradatim.domain.today import (
    GAP_GUARD,
    DoseNow,
    DoseState,
    Gap,
    gap_at,
    last_taking,
    least_apart,
    smallest_interval,
    states,
    today,
    told_at,
)

W = TypeVar("W", DoseSkipped, DoseUnsure)

_AHEAD = {DoseState.EARLY: "to come"}

JUST_NOW = 15 * 60
"""Seconds: a dose recorded as taken longer ago than this is history, and no guard can prevent it any more."""

LOOK_BACK = timedelta(days=30)  # how far back a dose may be named by its day and time


@dataclass(frozen=True, slots=True, kw_only=True)
class Already:
    """Nothing was recorded: it had been before."""

    done: Done


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """Nothing was recorded: these have to be seen first. Passing them over takes their rules as ``despite``."""

    findings: tuple[Finding, ...]


def used(made: Portion) -> Units:
    """What a portion is made of, frozen for the record."""
    if isinstance(made, Solid):
        return tuple(Used(product=p.product.id, strength=p.product.strength, quarters=p.quarters) for p in made.pieces)
    return (Used(product=made.product.id, concentration=made.product.concentration, microlitres=made.microlitres),)


def units_for(amount: OralDose, plan: Plan, monograph: Monograph) -> Units:
    """An amount as pieces of the plan's products. Raises `BadInput` where they cannot make it."""
    if not amount:
        raise one_fault("amount", "0 mg is not a dose taken", "Record it as left out: gradatim skip")
    made = portion(amount, shelf(monograph, plan.products), plan.making)
    if isinstance(made, CannotMake):
        raise BadInput([made.fault("amount")])
    return used(made)


def meant(
    record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant, said: str | None, day: date | None
) -> DoseNow:
    """The dose that somebody means: by its clock time or slot and the day, or else the one that is due, held, or due within the hour.

    Raises `BadInput` when none is, naming the doses of the day: a tap never falls on a neighbouring dose.
    """
    here = record.day_of(now)
    wanted = day or here
    if not here - LOOK_BACK <= wanted <= here:
        raise one_fault("--day", f"{wanted} is not one of the last {LOOK_BACK.days} days", "Name the day of the dose")
    found = states(record, monograph, leaflet, now, wanted, wanted, gap_at(record, monograph, leaflet, now))
    listed = ", ".join(f"{one.dose.at:%H:%M} {_AHEAD.get(one.state, str(one.state))}" for one in found) or "no dose"
    if said is not None:
        seen = today(record, monograph, leaflet, now)
        late = [
            one for one in (seen.due, seen.held) if one is not None and day is None
        ]  # last night's, at three in the morning
        for one in (*late, *found):
            if said in (f"{one.dose.at:%H:%M}", f"{one.dose.at:%H:%M}".removeprefix("0"), one.dose.slot, one.dose.id):
                return one
        raise one_fault("DOSE", f"{said!r} is no dose of {wanted}", f"That day has: {listed}")
    if day is None:
        seen = today(record, monograph, leaflet, now)
        open_now = seen.due or seen.held
        if open_now is not None:
            return open_now
        near = [
            one
            for one in seen.doses
            if one.state is DoseState.EARLY and one.dose.instant.seconds - now.seconds <= ON_TIME
        ]
        if near:
            return near[0]
        last = [
            one
            for one in states(record, monograph, leaflet, now, here - timedelta(days=1), here)
            if one.state is DoseState.TAKEN and one.done and 0 <= now.seconds - one.done.counts.at.seconds <= ON_TIME
        ]
        if last:
            return last[-1]
    raise one_fault(
        "DOSE", "no dose is due now", f"Name the one you mean by its time, for example 08:00. The day has: {listed}"
    )


def take(
    record: Record,
    monograph: Monograph,
    leaflet: Leaflet,
    now: Instant,
    one: DoseNow,
    *,
    at: Instant | None = None,
    units: Units | None = None,
    despite: tuple[str, ...] = (),
    reason: str | None = None,
) -> DoseTaken | Already | Guarded:
    """The entry of a dose taken, unless it is already there or a guard has to be seen first. ``units``: other than planned."""
    if one.done is not None and isinstance(one.done.counts.what, DoseTaken):
        return Already(done=one.done)
    check_day(record, one.dose.day, at or now)
    pieces = used(one.dose.portion) if units is None else units
    amount = OralDose(sum(piece.dose.micrograms for piece in pieces if piece.dose is not None))
    guards = _guards(record, monograph, leaflet, now, one, at or now, amount)
    left = tuple(finding for finding in guards if finding.rule not in despite)
    if left:
        return Guarded(findings=left)
    passed = tuple(finding.rule for finding in guards)
    return DoseTaken(dose=one.dose.id, amount=amount, units=pieces, despite=passed, reason=reason)


def check_day(record: Record, planned: date, at: Instant) -> None:
    """Raises `BadInput` where a dose is said to have been taken farther from its day than the day before or after."""
    day = record.day_of(at)
    if abs((day - planned).days) > 1:
        raise one_fault(
            "--at", f"{day} is far from {planned}, the day of this dose", "Give the time at which it was taken, or name the dose of that day"
        )  # fmt: skip


def skip(one: DoseNow, reason: str | None) -> DoseSkipped | Already:
    """The entry of a dose left out on purpose."""
    return _unless_dealt(one, DoseSkipped(dose=one.dose.id, reason=reason))


def unsure(one: DoseNow) -> DoseUnsure | Already:
    """The entry of a dose that nobody is sure about. It is not offered again: never two."""
    if one.state is DoseState.EARLY:
        raise one_fault(
            "DOSE", f"the dose of {one.dose.at:%H:%M} is still to come", "Name the dose that you are not sure about"
        )
    return _unless_dealt(one, DoseUnsure(dose=one.dose.id))


def _unless_dealt(one: DoseNow, what: W) -> W | Already:
    if one.done is not None and (
        isinstance(one.done.counts.what, DoseTaken) or type(one.done.counts.what) is type(what)
    ):
        return Already(done=one.done)
    return what


def extra(
    leaflet: Leaflet,
    now: Instant,
    amount: OralDose,
    units: Units = (),
    *,
    at: Instant | None = None,
    despite: tuple[str, ...] = (),
    reason: str | None = None,
    gap: Gap | None = None,
) -> ExtraDose | Guarded:
    """The entry of drug taken beside the plan: always asked about first, unless it has already happened. ``gap``: the one there is now."""
    when = at or now
    guards: tuple[Finding, ...] = ()
    if now.seconds - when.seconds <= JUST_NOW:
        asked = _guard("guard-extra", message("guard.extra", amount=amount), _sign(leaflet, "extra-dose"))
        guards = (asked,) if gap is None else (_gap_guard(gap, leaflet), asked)
    if any(finding.rule not in despite for finding in guards):
        return Guarded(findings=guards)
    return ExtraDose(amount=amount, units=units, despite=tuple(finding.rule for finding in guards), reason=reason)


def _sign(leaflet: Leaflet, id: str) -> DangerSign | None:
    return next((sign for sign in leaflet.danger_signs if sign.id == id), None)


def _guard(rule: str, said: Message, sign: DangerSign | None = None) -> Finding:
    return Finding(
        rule=rule, severity=Severity.CAUTION, message=said, source=() if sign is None else sign.source, why="" if sign is None else sign.act
    )  # fmt: skip


def _gap_guard(gap: Gap, leaflet: Leaflet) -> Finding:
    return Finding(
        rule=GAP_GUARD, severity=Severity.STOP, message=message("guard.gap", hours=gap.hours), source=leaflet.gap.source, why=leaflet.gap.text
    )  # fmt: skip


def _guards(
    record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant, one: DoseNow, at: Instant, amount: OralDose
) -> tuple[Finding, ...]:
    if now.seconds - at.seconds > JUST_NOW:
        return ()
    rule = rule_for(record, leaflet)
    gap = gap_at(record, monograph, leaflet, at)
    last = last_taking(record, at)
    found: list[Finding] = []
    alarms = emergencies(open_findings(record, monograph, leaflet, now))
    if alarms:
        first = alarms[0].finding
        found.append(
            Finding(
                rule="guard-emergency",
                severity=Severity.URGENT,
                message=message("guard.emergency"),
                source=first.source,
                why=first.why,
            )
        )
    if gap is not None:
        found.append(_gap_guard(gap, leaflet))
    if one.done is not None:
        found.append(_guard("guard-dealt", message(f"guard.{one.done.counts.what.kind}", at=one.dose.at)))
    elif one.state is DoseState.MISSED:
        found.append(
            Finding(
                rule="guard-missed",
                severity=Severity.CAUTION,
                message=message("guard.missed", at=one.dose.at),
                source=rule.source,
                why=rule.text,
            )
        )
    if last is not None:
        since = (at.seconds - last.at.seconds) // 60
        least = least_apart(record, monograph, leaflet, one.dose.day)
        usual = smallest_interval(record, monograph, one.dose.day)
        early = one.dose.instant.seconds - at.seconds > ON_TIME
        if early and usual is not None and since < usual:
            found.append(
                _guard(
                    "guard-early",
                    message("guard.early", at=one.dose.at, since=span_text(since), usual=span_text(usual)),
                )
            )
        elif since < least:
            found.append(
                Finding(
                    rule="guard-close",
                    severity=Severity.CAUTION,
                    message=message("guard.close", since=span_text(since), least=span_text(least)),
                    source=rule.source,
                )
            )
    elif one.dose.instant.seconds - at.seconds > ON_TIME:
        found.append(_guard("guard-early", message("guard.early-first", at=one.dose.at)))
    told = told_at(record, now)
    if told is not None and amount == one.dose.dose and (last is None or last.at <= told.at):
        found.append(_guard("guard-told", message("guard.told", by=told.what.by, said=told.what.said, planned=amount)))
    if amount > one.dose.dose:
        found.append(
            _guard(
                "guard-more", message("guard.more", amount=amount, planned=one.dose.dose), _sign(leaflet, "extra-dose")
            )
        )
    elif amount < one.dose.dose:
        found.append(_guard("guard-less", message("guard.less", amount=amount, planned=one.dose.dose)))
    return tuple(found)


def span_text(minutes: int) -> str:
    """``1 h 20 min``."""
    hours, rest = divmod(max(minutes, 0), 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"
