"""What happened in some weeks, dated and newest first: what a doctor would ask for, each in one line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from gradatim.domain.clock import Instant
from gradatim.domain.entry import (
    DoseSkipped,
    EventKind,
    ExtraDose,
    Happened,
    OtherChange,
    OtherTaken,
    ReviewAnswered,
    SymptomNoted,
)
from gradatim.domain.finding import Fact, message
from gradatim.domain.guardrail import Severity
from gradatim.domain.knowledge import Level
from gradatim.domain.monograph import Leaflet
from gradatim.domain.record import Record
from gradatim.domain.schedule import day_of_dose
from gradatim.insight.adherence import Adherence
from gradatim.report.lines.axes import short_date
from gradatim.report.taken_text import gap_text
from gradatim.words import say

_DAYS = 6  # further days of one reason that are named
_GRAVE = {Level.EMERGENCY: Severity.URGENT.value, Level.TODAY: Severity.CAUTION.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened. ``sign``: how grave, empty for what is not graded."""

    on: date
    at: int  # seconds, for the order within a day
    text: str
    sign: str = ""


def happened(record: Record, leaflet: Leaflet, found: Adherence, now: Instant) -> tuple[Event, ...]:
    """Everything from the first to the last day of ``found``, newest first."""
    every = (
        *_gaps(record, found), *_events(record), *_signs(record, leaflet), *_extra(record), *_skipped(record, found.first, found.last), *_others(record),
        *_plan(record, found), *_answers(record),
    )  # fmt: skip
    some = (one for one in every if found.first <= one.on <= found.last and one.at <= now.seconds)
    return tuple(sorted(some, key=lambda one: (one.on, one.at), reverse=True))


def _said(key: str, **facts: Fact) -> str:
    return say(message(f"happened.{key}", **facts))


def _flat(text: str | None) -> str:
    return " ".join((text or "").split())


def _gaps(record: Record, found: Adherence) -> Iterator[Event]:
    for one in found.gaps:
        text = _said("gap", gap=gap_text(record, one))
        yield Event(on=record.day_of(one.since), at=one.since.seconds, text=text, sign=Severity.CAUTION.value)


def _events(record: Record) -> Iterator[Event]:
    for one in record.of(Happened):
        name, note = say(message(f"event.{one.what.event}")), _flat(one.what.note)
        if one.what.on is not None:
            name = _said("ahead", event=name, day=one.what.on)
        sign = {EventKind.SEIZURE: "urgent", EventKind.FALL: "caution", EventKind.HOSPITAL: "caution"}.get(
            one.what.event, ""
        )
        text = _said("noted-with", what=name, note=note) if note else name
        yield Event(on=record.day_of(one.at), at=one.at.seconds, text=text, sign=sign)


def _signs(record: Record, leaflet: Leaflet) -> Iterator[Event]:
    names = {sign.id: (sign.sign, _GRAVE.get(sign.level, "")) for sign in leaflet.danger_signs}
    names |= {reaction.id: (reaction.name, "") for reaction in leaflet.reactions if reaction.id not in names}
    for one in record.of(SymptomNoted):
        name, sign = names.get(one.what.sign, (_flat(one.what.sign), ""))
        note = _flat(one.what.note)
        text = _said("noted-with", what=name, note=note) if note else name
        yield Event(on=record.day_of(one.at), at=one.at.seconds, text=text, sign=sign)


def _extra(record: Record) -> Iterator[Event]:
    for one in record.of(ExtraDose):
        text, note = _said("extra", amount=one.what.amount), _flat(one.what.reason)
        text = _said("noted-with", what=text, note=note) if note else text
        yield Event(on=record.day_of(one.at), at=one.at.seconds, text=text, sign=Severity.CAUTION.value)


def _skipped(record: Record, first: date, last: date) -> Iterator[Event]:
    """Doses left out for a reason that was given: once for each reason, on the last of its days, with all of them."""
    found: dict[str, list[tuple[date, int]]] = {}
    for one in record.of(DoseSkipped):
        if one.what.reason and record.done[one.what.dose].counts.id == one.id:
            day = day_of_dose(one.what.dose) or record.day_of(one.at)
            if first <= day <= last:
                found.setdefault(_flat(one.what.reason), []).append((day, one.at.seconds))
    for why, times in found.items():
        newest, at = max(times)
        others = sorted({day for day, _ in times} - {newest}, reverse=True)
        days = ", ".join(short_date(day) for day in others[:_DAYS]) + (" …" if len(others) > _DAYS else "")
        key = "skipped" if len(times) == 1 else "skipped-on" if others else "skipped-some"
        yield Event(on=newest, at=at, text=_said(key, count=len(times), why=why, days=days))


def _others(record: Record) -> Iterator[Event]:
    """Other medicines begun and ended, and those taken now and then once, on the last day."""
    seen: dict[str, int] = {}
    for one in record.of(OtherTaken):
        seen[one.what.name.lower()] = seen.get(one.what.name.lower(), 0) + (one.what.change is OtherChange.ONCE)
    told: set[str] = set()
    for one in reversed(record.of(OtherTaken)):
        name = " ".join(f"{one.what.name} {one.what.amount or ''}".split())
        times = 1
        if one.what.change is OtherChange.ONCE:
            if one.what.name.lower() in told:
                continue
            told.add(one.what.name.lower())
            times = seen[one.what.name.lower()]
        key = f"medicine-{one.what.change.value}" if times == 1 else "medicine-often"
        yield Event(on=record.day_of(one.at), at=one.at.seconds, text=_said(key, name=name, count=times))


def _plan(record: Record, found: Adherence) -> Iterator[Event]:
    """Another version, a dose that went down, and every change with a note; a rise without one stands in the chart alone."""
    begin = record.holdings[0].first if record.holdings else found.first
    for one, other in pairwise(record.spans(begin, found.last)):
        old, new = one.stretch.day_total, other.stretch.day_total
        replaced = one.plan.rev != other.plan.rev
        note = _flat(other.stretch.step.note) if other.stretch.step != one.stretch.step else ""
        if not (replaced or new < old or note):
            continue
        key = "plan" if replaced else "dose"
        text = _said(
            key if old != new else "plan-same", old=old, new=new, plan=other.plan.id, version=other.plan.version
        )
        text = _said("noted-with", what=text, note=note) if note else text
        yield Event(on=other.first, at=0, text=text)


def _answers(record: Record) -> Iterator[Event]:
    for one in record.of(ReviewAnswered):
        if not one.what.go_on:
            yield Event(on=record.day_of(one.at), at=one.at.seconds, text=_said("not-yet", by=one.what.by))
