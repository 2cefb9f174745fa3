"""What is due now, in words, for a page: the same order of things as `gradatim today`. Emergencies first; and while one is open, or doses
are held, no dose is offered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from gradatim.domain.alarm import emergencies, open_findings
from gradatim.domain.clock import Instant
from gradatim.domain.entry import StockChanged
from gradatim.domain.finding import Fact, message
from gradatim.domain.knowledge import Level
from gradatim.domain.low_stock import WARN_AT
from gradatim.domain.plan import Review
from gradatim.domain.record import Record
from gradatim.domain.run_out import outlook
from gradatim.domain.stock import inventory
from gradatim.domain.today import DoseNow, DoseState, Today, today
from gradatim.monographs import leaflet, monograph
from gradatim.words import say, short_day, sources_text, units_text
from gradatim.words.day import SHAPES, held_text, next_text, state_text, told_text, wait_text
from gradatim.words.entries import clock_text, moment_text

_NUMBER_AND_UNIT = re.compile(r"(?<=[0-9½¼¾]) (?=(?:mg|mL|µg|hours|minutes|days|tablets?|packets?)\b)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence and how it weighs: ``danger``, ``look``, ``rest``, ``step`` or nothing; what to do about it, and the source of that."""

    text: str
    tone: str = ""
    head: str = ""
    act: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A dose of the day."""

    shape: str
    tone: str
    at: str
    amount: str
    units: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A record at this moment. ``first`` is what to do; ``alarms`` come before it, ``notes`` after the doses."""

    called: str
    when: str
    alarms: tuple[Line, ...]
    first: tuple[Line, ...]
    doses: tuple[Row, ...]
    notes: tuple[Line, ...]


def day_of(record: Record, now: Instant) -> Day:
    """The day of a folded record at ``now``."""
    seen = today(record, monograph(), leaflet(), now)
    shown = open_findings(record, monograph(), leaflet(), now)
    urgent = emergencies(shown)
    alarms = [one for one in shown if one in urgent or seen.gap is None or one.finding.rule != "watch-gap"]
    held = bool(urgent) or seen.gap is not None
    local = now.local(seen.zone)
    return Day(
        called=(record.person.called if record.person is not None else None) or "This record",
        when=f"{short_day(seen.day)}, {local:%H:%M} ({seen.zone})",
        alarms=tuple(
            Line(
                head=_said(f"packet.level-{one.finding.level or Level.NEXT_VISIT}"), text=_unbroken(say(one.finding.message)),
                act=_unbroken(one.finding.why),
                tone="danger" if one in urgent else "look", source=sources_text(one.finding.source),
            )
            for one in alarms
        ),
        first=(Line(text=_said("today.ask-first"), tone="danger"),) if urgent else tuple(_first(record, seen)),
        doses=tuple(_row(seen, one) for one in seen.doses if not held or one.done is not None),
        notes=tuple(_notes(record, seen, held=held)),
    )  # fmt: skip


def _first(record: Record, seen: Today) -> Iterator[Line]:
    """What to do now. Nobody with an open emergency comes here."""
    zone, gap = seen.zone, leaflet().gap
    if seen.gap is not None:
        yield Line(
            text=_unbroken(held_text(seen.gap, zone)),
            act=_unbroken(gap.text),
            source=sources_text(gap.source),
            tone="danger",
        )
        return
    if seen.told is not None:
        yield Line(text=_unbroken(told_text(seen.told, zone)), tone="look")
    if not record.holdings:
        yield Line(text=_said("packet.no-plan"), tone="rest")
    elif seen.due is None:
        nothing = message("today.nothing-due" if seen.doses else "today.no-plan")
        yield Line(text=_unbroken(say(nothing if seen.begins is None else message("today.begins", day=seen.begins))))
    elif seen.wait is not None:
        yield Line(text=_unbroken(wait_text(seen)), tone="look")
    elif seen.told is None:
        dose, closes = seen.due.dose, seen.due.window.closes
        key = "today.take" if seen.due.state is DoseState.DUE else "today.late"
        until = (clock_text if closes.local(zone).date() == seen.day else moment_text)(closes, zone)
        text = _said(key, amount=dose.dose, units=units_text(dose.portion), at=dose.at)
        yield Line(text=text, act=_said("packet.until", until=until), tone="step")


def _notes(record: Record, seen: Today, *, held: bool) -> Iterator[Line]:
    for extra in seen.extras:
        yield Line(text=_said("packet.took-beside", at=moment_text(extra.at, seen.zone), amount=extra.what.amount))
    if held:
        return
    for one in seen.doses:
        if one.state is DoseState.MISSED and seen.due is None:
            yield Line(text=_said("today.missed", at=one.dose.at), tone="look")
        if one.state is DoseState.BEFORE and seen.now <= one.window.closes:
            yield Line(text=_said("packet.state-before"))
    if seen.told is None and seen.next is not None:
        yield Line(text=_unbroken(next_text(seen.next, seen.day)))
    elif seen.told is None and seen.begins is None and record.holdings:
        yield Line(text=_said("today.no-more"))
    for span in record.spans(seen.day, seen.day):
        stretch = span.stretch
        due = None if stretch.step.days is None else stretch.first + timedelta(days=stretch.step.days)
        if stretch.waiting is not None and due is not None and due <= seen.day:
            asked = (one for one in span.plan.items if isinstance(one, Review) and one.id == stretch.waiting)
            yield from (Line(text=_said(f"packet.review-{one.by}", day=due), tone="rest") for one in asked)
    if record.of(StockChanged):
        yield from _box(record, seen)


def _box(record: Record, seen: Today) -> Iterator[Line]:
    ahead = outlook(record, monograph(), leaflet(), inventory(record, monograph(), seen.now)).earlier
    if ahead.first is not None and not ahead.days_left:
        yield Line(text=_said("packet.box-out", day=ahead.first.day, at=ahead.first.at), tone="danger")
    elif ahead.first is not None and ahead.days_left is not None and ahead.days_left <= WARN_AT[0]:
        yield Line(text=_said("packet.box-lasts", day=ahead.first.day, at=ahead.first.at), tone="look")
    elif ahead.unknown:
        yield Line(text=_said("packet.box-unknown", products=tuple(one.stock.product.name for one in ahead.unknown)), tone="look")  # fmt: skip


def _row(seen: Today, one: DoseNow) -> Row:
    at = f"{one.dose.at:%H:%M}" if one.dose.day == seen.day else f"{one.dose.at:%H:%M} yesterday"
    close = seen.wait is not None and one is seen.due
    tones = {DoseState.DUE: "look", DoseState.LATE: "look", DoseState.TAKEN: "step", DoseState.HELD: "rest", DoseState.UNSURE: "rest"}  # fmt: skip
    return Row(
        shape=SHAPES[one.state], tone="" if close else tones.get(one.state, ""), at=at, amount=_unbroken(str(one.dose.dose)),
        units=_unbroken(units_text(one.dose.portion)),
        state=_said("today.is-close") if close else _unbroken(state_text(one, seen.zone)),
    )  # fmt: skip


def _said(key: str, **facts: Fact) -> str:
    return _unbroken(say(message(key, **facts)))


def _unbroken(text: str) -> str:
    """No line ends between a number and its unit: ``10`` on one line and ``mg`` on the next are read as two things."""
    return _NUMBER_AND_UNIT.sub("\u00a0", text)
