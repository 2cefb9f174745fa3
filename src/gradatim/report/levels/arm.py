"""What a level is worked out from: the doses of a plan, or those that a record says were taken, over some days."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import StrEnum

from gradatim.domain.clock import Instant, instants_of_day
from gradatim.domain.course import Course
from gradatim.domain.dose import OralDose, total
from gradatim.domain.fault import one_fault
from gradatim.domain.finding import Message, message
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.record import Record
from gradatim.domain.schedule import doses_of, spans
from gradatim.domain.today import DoseState, states
from gradatim.insight.adherence import adherence
from gradatim.kinetics.expected import Dosing
from gradatim.report.lines.taken import taken_line

BEFORE = timedelta(days=21)
"""Doses so long before the window are reckoned in: what is left of older ones is below a millionth, with kidneys that clear nothing too."""
LONGEST = 366
"""Days at most in one figure."""
_NOT_KNOWN = frozenset({DoseState.MISSED, DoseState.UNSURE, DoseState.HELD})


class Of(StrEnum):
    """Whether doses are planned, or were taken."""

    PLAN = "plan"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tread:
    """Consecutive days with the same planned total."""

    first: date
    last: date
    total: OralDose


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """Doses from ``first`` to ``last``, whole days. ``unknown`` are planned doses of which nobody knows whether they were taken: they are not
    among the doses of ``dosing``, and with them the level would be that of ``at_most``. ``before``: the total of the day before, where known."""

    name: str
    of: Of
    start: Instant
    first: date
    last: date
    dosing: Dosing
    treads: tuple[Tread, ...]
    unknown: tuple[tuple[float, float], ...] = ()
    notes: tuple[Message, ...] = ()
    before: OralDose | None = None

    @property
    def at_most(self) -> Dosing | None:
        """With the unknown doses as planned; None where there is none."""
        if not self.unknown:
            return None
        return replace(self.dosing, doses=tuple(sorted((*self.dosing.doses, *self.unknown))))

    @property
    def days(self) -> int:
        """How many whole days."""
        return (self.last - self.first).days + 1

    def place(self, hour: float) -> float:
        """How many days after the first an hour lies: every day counts as one, also one of 23 hours."""
        edges = self.dosing.edges
        day = min(max(bisect_right(edges, hour) - 1, 0), len(edges) - 2)
        return day + (hour - edges[day]) / (edges[day + 1] - edges[day])

    @property
    def days_unknown(self) -> tuple[date, ...]:
        """The days of the window with a dose that is not known."""
        found = []
        for place in range(self.days):
            start, end = self.dosing.edges[place : place + 2]
            if any(start <= hour < end for hour, _ in self.unknown):
                found.append(self.first + timedelta(days=place))
        return tuple(found)

    def without(self, first: date, last: date, name: str) -> Arm:
        """The same with the doses of some days left out, under another name: a missed weekend."""
        edges = self.dosing.edges
        start, end = max((first - self.first).days, 0), min((last - self.first).days + 1, self.days)
        if start >= end:
            raise one_fault("missed", f"{first} to {last} lies outside", f"Give days from {self.first} to {self.last}")
        return replace(self, name=name, dosing=self.dosing.without(edges[start], edges[end]))


def planned(
    name: str, course: Course, zone: str, monograph: Monograph, *, first: date | None = None, last: date | None = None, days: int | None = None
) -> Arm:  # fmt: skip
    """The doses of a plan as on paper, every step on its expected date. By default from the newest version's start to its last day.

    Before the first version stand the doses of ``before``, where the plan tells them; else nothing was taken, which a note says.
    """
    begin = first or course.latest.start
    end = last or (begin + timedelta(days=days - 1) if days else max(course.latest.until, begin))
    _window(begin, end)
    held = list(spans(course, begin - BEFORE, end))
    found = [(dose.instant, dose.dose) for dose in doses_of(held, monograph, zone)]
    earliest = course.versions[0]
    notes: tuple[Message, ...] = ()
    until_then: OralDose | None = None
    if earliest.before is not None and any(earliest.before):
        day, times = begin - BEFORE, tuple(slot.at for slot in earliest.slots)
        while day < min(earliest.start, end):
            found += [
                (at, dose) for at, dose in zip(instants_of_day(day, times, zone), earliest.before, strict=False) if dose
            ]
            day += timedelta(days=1)
        if earliest.start >= begin:
            until_then = total(earliest.before)
            notes = (message("levels.before", total=until_then),)
    elif earliest.start >= begin:
        notes = (message("levels.from-nothing"),)
    treads = tuple(
        Tread(first=max(span.first, begin), last=span.last, total=span.stretch.day_total)
        for span in held
        if span.last >= begin
    )
    edges, start = edges_of(begin, end, zone)
    return Arm(
        name=name, of=Of.PLAN, start=start, first=begin, last=end, treads=joined(treads), notes=notes, before=until_then,
        dosing=Dosing(doses=hours_of(found, start), edges=edges),
    )  # fmt: skip


def taken(
    name: str, record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant, *, first: date | None = None, days: int = 14
) -> Arm:  # fmt: skip
    """What a record says was taken, at the times when it was taken: the last whole days, or from ``first`` to yesterday; the curve goes on to
    now. However long the record is, only these days and `BEFORE` are looked at."""
    today = record.day_of(now)
    last = today - timedelta(days=1)
    begin = first or today - timedelta(days=days)
    if record.since is not None:
        begin = max(begin, record.day_of(record.since))
    _window(begin, last)
    zone = record.zone_on(begin)
    edges, start = edges_of(begin, last, zone)
    least = start.plus(-BEFORE.days * 24 * 3600)
    given = [(one.at, one.what.amount) for one in record.takings if least <= one.at <= now]
    seen = states(record, monograph, leaflet, now, begin - BEFORE, today)
    unknown = hours_of(
        ((one.dose.instant, one.dose.dose) for one in seen if one.state in _NOT_KNOWN and one.dose.instant <= now),
        start,
    )
    line = taken_line(adherence(record, monograph, leaflet, now, begin, last))
    notes = []
    if count := sum(hour >= 0 for hour, _ in unknown):
        notes.append(message("levels.unknown-one" if count == 1 else "levels.unknown", count=count))
    if record.since is not None and record.since > least:
        notes.append(message("levels.record-begins", day=record.day_of(record.since)))
    return Arm(
        name=name, of=Of.TAKEN, start=start, first=begin, last=last, treads=tuple(Tread(first=a, last=b, total=total) for a, b, total in line.treads),
        dosing=Dosing(doses=hours_of(given, start), edges=edges, end=(now.seconds - start.seconds) / 3600), unknown=unknown, notes=tuple(notes),
    )  # fmt: skip


def held(name: str, like: Arm, record: Record, monograph: Monograph) -> Arm:
    """The doses that a record's plans had for the days of an arm of that record, as they stood on each day."""
    found = record.doses(monograph, like.first - BEFORE, like.last)
    return Arm(
        name=name, of=Of.PLAN, start=like.start, first=like.first, last=like.last, treads=like.treads,
        dosing=Dosing(doses=hours_of(((dose.instant, dose.dose) for dose in found), like.start), edges=like.dosing.edges),
    )  # fmt: skip


def ahead(name: str, record: Record, monograph: Monograph, now: Instant, *, days: int = 28) -> Arm:
    """The doses that a record's plan has for the coming days, from today on; until then as the plans stood.

    Steps behind a review that lies ahead are among them, as if it were answered in time; but where one waits already the dose stays as it is.
    """
    begin = record.day_of(now)
    end = begin + timedelta(days=days - 1)
    _window(begin, end)
    stays, goes_on = (_treads(record, begin, end, expected=expected) for expected in (False, True))
    waits = _total_on(stays, begin) != _total_on(goes_on, begin)
    treads = stays if waits else goes_on
    found = record.doses(monograph, begin - BEFORE, begin - timedelta(days=1))
    found += record.doses(monograph, begin, end, expected=not waits)
    notes = [message("levels.ahead")]
    if waits or stays != goes_on:
        notes.append(message("levels.review-waits" if waits else "levels.reviews-ahead"))
    eve = tuple(record.spans(begin - timedelta(days=1), begin - timedelta(days=1)))
    edges, start = edges_of(begin, end, record.zone_on(begin))
    return Arm(
        name=name, of=Of.PLAN, start=start, first=begin, last=end, treads=treads, notes=tuple(notes),
        before=eve[0].stretch.day_total if eve else None,
        dosing=Dosing(doses=hours_of(((dose.instant, dose.dose) for dose in found), start), edges=edges),
    )  # fmt: skip


def _treads(record: Record, first: date, last: date, *, expected: bool) -> tuple[Tread, ...]:
    found = record.spans(first, last, expected=expected)
    return joined([Tread(first=one.first, last=one.last, total=one.stretch.day_total) for one in found])


def _total_on(treads: Sequence[Tread], day: date) -> OralDose | None:
    return next((one.total for one in treads if one.first <= day <= one.last), None)


def _window(first: date, last: date) -> None:
    if last < first:
        raise one_fault("days", f"{last} is before {first}", "Give a later last day, or wait until a day is over")
    if (last - first).days >= LONGEST:
        raise one_fault(
            "days", f"{(last - first).days + 1} days are too many", f"Give {LONGEST} at most, with --days or --to"
        )


def edges_of(first: date, last: date, zone: str) -> tuple[tuple[float, ...], Instant]:
    """Where each day begins by the clock of the person, in elapsed hours: a day in which the clocks change has 23 or 25."""
    midnights = [
        moment
        for place in range((last - first).days + 2)
        for moment in instants_of_day(first + timedelta(days=place), (time(0),), zone)
    ]
    return tuple((moment.seconds - midnights[0].seconds) / 3600 for moment in midnights), midnights[0]


def hours_of(given: Iterable[tuple[Instant, OralDose]], start: Instant) -> tuple[tuple[float, float], ...]:
    """Doses in elapsed hours and mg, in order."""
    return tuple(sorted(((at.seconds - start.seconds) / 3600, dose.micrograms / 1000) for at, dose in given))


def joined(treads: Sequence[Tread]) -> tuple[Tread, ...]:
    """Neighbours with the same total as one."""
    found: list[Tread] = []
    for one in treads:
        if found and found[-1].total == one.total:
            found[-1] = replace(found[-1], last=one.last)
        else:
            found.append(one)
    return tuple(found)
