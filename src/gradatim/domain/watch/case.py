"""A record laid out for the watch at one instant: what was noted, what was not taken, what was too much, how the plan moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from itertools import dropwhile, takewhile
from typing import Any, Self

from gradatim.domain.citation import Citation, Evidence
from gradatim.domain.clock import Instant, instants_of_day, slot_of
from gradatim.domain.dose import OralDose, total
from gradatim.domain.entry import DoseTaken, EventKind, ExtraDose, Happened, SymptomNoted
from gradatim.domain.finding import Fact, Finding, Message
from gradatim.domain.guardrail import Severity
from gradatim.domain.knowledge import DangerSign, Level
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.record import Logged, Record
from gradatim.domain.renal import renal_function
from gradatim.domain.sign import Beside
from gradatim.domain.today import DoseNow, DoseState, Gap, gap_at, states
from gradatim.domain.watch.reach import AFTER_RISE, NOT_TAKEN, Reach

DERIVED = (Citation("D", Evidence.DERIVED),)
WEAK = 60  # mL/min/1.73 m²: under it encephalopathy was counted [MUANDA], and the bands of [WOLF] halve the dose

SEVERITY = {Level.EMERGENCY: Severity.URGENT, Level.TODAY: Severity.CAUTION, Level.NEXT_VISIT: Severity.INFO}
"""D is a caution and never a "stop": beside a drug that must not be stopped suddenly that word would be read as an order."""

_LEFT = frozenset({DoseState.MISSED, DoseState.SKIPPED, DoseState.UNSURE, DoseState.HELD})


def known_since(one: Logged[Any]) -> Instant:
    """When an entry came to say what it says: as it was written, or as it was last corrected."""
    return max([one.entry.recorded, *(entry.recorded for entry in one.corrections)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A sign or reaction that somebody noted, by its id in the leaflet."""

    id: str
    sign: str
    at: Instant
    known: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTaken:
    """A planned dose that was not taken, or not in full."""

    dose: DoseNow
    data: tuple[str, ...]
    known: Instant

    @property
    def at(self) -> Instant:
        """When it was due."""
        return self.dose.dose.instant


class TooMuch(StrEnum):
    """How more was taken than planned."""

    EXTRA = "extra"  # written down as extra
    MORE = "more"  # a planned dose, and more of it
    TWICE = "twice"  # one planned dose, recorded or given twice
    BEYOND = "beyond"  # the day's doses add up to more than the plan of that day
    TOLD = "told"  # somebody noted that it happened, without an amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """Drug taken beyond the plan. ``amount`` is 0 where nobody said how much."""

    how: TooMuch
    amount: OralDose
    at: Instant
    data: tuple[str, ...]
    known: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The planned daily dose changed with the first minute of a day."""

    day: date
    at: Instant
    old: OralDose
    new: OralDose
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the rules look at."""

    record: Record
    monograph: Monograph
    leaflet: Leaflet
    now: Instant
    day: date
    gap: Gap | None
    doses: tuple[DoseNow, ...]
    noted: tuple[Noted, ...]
    moves: tuple[Move, ...]
    kidneys: float | None  # the lowest estimate that counts, mL/min

    @classmethod
    def of(cls, record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant) -> Self:
        """Lay out a record that was folded as of ``now``."""
        day = record.day_of(now)
        gap = gap_at(record, monograph, leaflet, now)
        first = day - timedelta(days=NOT_TAKEN.days + 1)
        return cls(
            record=record, monograph=monograph, leaflet=leaflet, now=now, day=day, gap=gap,
            doses=states(record, monograph, leaflet, now, first, day, gap), noted=tuple(_noted(record, leaflet, now)),
            moves=tuple(move for move in _moves(record, day) if move.at <= now), kidneys=_kidneys(record),
        )  # fmt: skip

    def within(self, at: Instant, reach: Reach) -> bool:
        """Whether an instant lies in a reach that ends now."""
        return self.now.seconds - reach.seconds <= at.seconds <= self.now.seconds

    def wall(self, at: Instant) -> tuple[date, time]:
        """The day and the clock at an instant, where the person lives."""
        slot = slot_of(at, self.record.zone_on(self.record.day_of(at)))
        return slot.day, slot.at

    def clock(self, at: Instant) -> dict[str, Fact]:
        """The same as the facts ``day`` and ``at``."""
        day, clock = self.wall(at)
        return {"day": day, "at": clock}

    def start_of(self, day: date) -> Instant:
        """The first minute of a local day."""
        return start_of(self.record, day)

    @property
    def weak_kidneys(self) -> bool | None:
        """Whether the kidneys are known to be weak; None where nothing is known of them."""
        if self.record.person is not None and self.record.person.dialysis:
            return True
        return None if self.kidneys is None else self.kidneys < WEAK

    @property
    def has_pump(self) -> bool:
        """Whether the person has a pump for the drug."""
        person = self.record.person
        return person is not None and any(code in person.conditions for code in self.leaflet.watch.pump)

    def sign(self, id: str) -> DangerSign:
        """A danger sign by its id."""
        return next(sign for sign in self.leaflet.danger_signs if sign.id == id)

    def meaning(self, noted: str, beside: Beside) -> DangerSign | None:
        """The danger sign that something noted is a case of beside something; None where it has no such meaning."""
        for meaning in self.leaflet.watch.meanings:
            if meaning.beside is beside and noted in meaning.noted:
                return self.sign(meaning.means)
        return None

    def called(self, noted: str) -> str:
        """The leaflet's words for what was noted."""
        for sign in self.leaflet.danger_signs:
            if sign.id == noted:
                return sign.sign
        return next(reaction.name for reaction in self.leaflet.reactions if reaction.id == noted)

    def not_taken(self) -> tuple[NotTaken, ...]:
        """The planned doses within reach that were not taken, or not in full, in order of time."""
        held = self.now if self.gap is None else self.gap.since.plus(self.leaflet.gap.hours * 3600)
        found = []
        for one in self.doses:
            if not self.within(one.dose.instant, NOT_TAKEN):
                continue
            short = (
                one.done is not None
                and isinstance(one.done.counts.what, DoseTaken)
                and one.done.counts.what.amount < one.dose.dose
            )
            if one.state in _LEFT or short:
                entry = () if one.done is None else (one.done.counts.id,)
                known = known_since(one.done.counts) if one.done is not None else one.window.closes
                known = min(known, held) if one.state is DoseState.HELD else known
                found.append(NotTaken(dose=one, data=(one.dose.id, *entry), known=known))
        return tuple(found)

    def cuts(self) -> tuple[Move, ...]:
        """The cuts of the planned daily dose within reach."""
        return tuple(move for move in self.moves if move.new < move.old and self.within(move.at, NOT_TAKEN))

    def rises(self) -> tuple[Move, ...]:
        """The rises of the planned daily dose within reach, the beginning of the drug among them."""
        return tuple(move for move in self.moves if move.new > move.old and self.within(move.at, AFTER_RISE))


def start_of(record: Record, day: date) -> Instant:
    """The first minute of a local day."""
    found = instants_of_day(day, (time(0),), record.zone_on(day))
    return found[0] if found else start_of(record, day + timedelta(days=1))


def found(
    rule: str,
    level: Level,
    said: Message,
    *,
    data: Iterable[str],
    newest: Instant,
    source: tuple[Citation, ...] = DERIVED,
    why: str = "",
) -> Finding:
    """A finding of the watch."""
    ids = tuple(dict.fromkeys(data))
    return Finding(
        rule=rule, severity=SEVERITY[level], message=said, source=source, why=why, level=level, data=ids, newest=newest
    )  # fmt: skip


def by_sign(rule: str, sign: DangerSign, said: Message, *, data: Iterable[str], newest: Instant) -> Finding:
    """A finding with the level, the text and the sources of a danger sign."""
    return found(rule, sign.level, said, data=data, newest=newest, source=sign.source, why=sign.act)


def _noted(record: Record, leaflet: Leaflet, now: Instant) -> Iterator[Noted]:
    known = {sign.id for sign in leaflet.danger_signs} | {reaction.id for reaction in leaflet.reactions}
    events = {EventKind.SEIZURE: leaflet.watch.seizure, EventKind.FALL: leaflet.watch.fall}
    logged: list[tuple[Logged[Any], str]] = [
        (one, one.what.sign) for one in record.of(SymptomNoted) if one.what.sign in known
    ]
    logged += [(one, events[one.what.event]) for one in record.of(Happened) if one.what.event in events]
    for one, sign in sorted(logged, key=lambda pair: (pair[0].at.seconds, pair[0].id)):
        if one.at <= now:
            yield Noted(id=one.id, sign=sign, at=one.at, known=known_since(one))


def _kidneys(record: Record) -> float | None:
    """The estimate that decides; where another lies on the other side of an edge, the lower of the two."""
    if record.person is None:
        return None
    function = renal_function(record.person)
    if function.disagreement is not None:
        return function.disagreement[0][1]
    return None if function.deciding is None else function.deciding[1]


def _moves(record: Record, day: date) -> Iterator[Move]:
    first = day - timedelta(days=AFTER_RISE.days + 1)
    last: OralDose | None = None
    for span in record.spans(first, day):
        new = span.stretch.day_total
        if last is None and record.holdings and span.first == record.holdings[0].first:
            before = span.plan.before
            last = total(before) if before is not None else None if span.plan.on_drug_days else OralDose(0)
        if last is not None and new != last:
            holding = record.holding_on(span.first)
            assert holding is not None
            yield Move(day=span.first, at=start_of(record, span.first), old=last, new=new, data=holding.entry.id)
        last = new


def takings_between(record: Record, first: Instant, last: Instant) -> tuple[Logged[DoseTaken | ExtraDose], ...]:
    """What was taken after ``first``, and until ``last``. Read from the end: a record holds years."""
    late = dropwhile(lambda one: one.at > last, reversed(record.takings))
    return tuple(reversed(tuple(takewhile(lambda one: one.at > first, late))))
