"""What was really taken over some days, beside what was planned: counts and milligrams, never a score.

Nothing that was due before the record began is counted, and nothing whose time has not run out: a person who starts on Monday has
missed nothing on Sunday, and a dose that may still be taken is not a missed one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.entry import DoseTaken, ExtraDose
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.record import Done, Logged, Record
from gradatim.domain.schedule import day_of_dose
from gradatim.domain.today import DoseNow, DoseState, Timing, gap_at, states

_CLOSED = frozenset({DoseState.TAKEN, DoseState.SKIPPED, DoseState.UNSURE, DoseState.MISSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Doses by what became of them. ``due`` are those whose time is over or that were dealt with: taken + missed + skipped + unsure.

    ``missed`` means that nothing is recorded. ``held`` waits for somebody to be asked and is not among ``due``. ``twice`` are doses
    recorded as taken more than once; ``extra`` are doses beside the plan.
    """

    due: int = 0
    taken: int = 0
    on_time: int = 0
    early: int = 0
    late: int = 0
    missed: int = 0
    skipped: int = 0
    unsure: int = 0
    held: int = 0
    twice: int = 0
    extra: int = 0

    @property
    def known(self) -> int:
        """Doses of which it is known whether they were taken."""
        return self.taken + self.skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenDay:
    """One local day. ``planned`` is the whole day's plan as it stood that day, ``taken`` all that was taken of it and beside it.

    A planned dose counts on the day it was planned for, even when it was taken after midnight; an extra dose on the day it was
    taken. ``whole`` when the record had begun before the day's first dose and no dose of the day is still open.
    """

    day: date
    planned: OralDose
    taken: OralDose
    tally: Tally
    whole: bool

    @property
    def recorded(self) -> bool:
        """Whether anything was written down about the doses of this day."""
        return self.tally.known + self.tally.unsure + self.tally.extra > 0

    @property
    def certain(self) -> bool:
        """Whether the milligrams are all there is to know: each dose of a whole day was taken or left out on purpose, once."""
        return self.whole and self.tally.known == self.tally.due and not self.tally.twice

    @property
    def unknown(self) -> int:
        """Doses of the day of which nobody knows whether they were taken."""
        return self.tally.missed + self.tally.unsure

    @property
    def in_full(self) -> bool:
        """Whether every planned dose of a whole day was taken."""
        return self.whole and self.tally.due > 0 and self.tally.taken == self.tally.due


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseFree:
    """A stretch without any dose although one was planned in it. ``until`` None: it has not ended. ``hours`` are whole hours."""

    since: Instant
    until: Instant | None
    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence:
    """The days from ``first`` to ``last``, cut to where the record begins and to today; empty where there was no plan yet.

    ``gaps`` are the stretches longer than the monograph's hours; ``longest`` is the longest stretch, whatever its length. Stretches
    count when they reach into these days.
    """

    first: date
    last: date
    days: tuple[TakenDay, ...]
    gaps: tuple[DoseFree, ...]
    longest: DoseFree | None

    @property
    def tally(self) -> Tally:
        """The doses of all days."""
        return _sum(day.tally for day in self.days)

    @property
    def whole_days(self) -> tuple[TakenDay, ...]:
        """Days that can be compared with their plan."""
        return tuple(day for day in self.days if day.whole)

    @property
    def covered(self) -> int:
        """Whole days on which every planned dose was taken."""
        return sum(day.in_full for day in self.days)


def adherence(
    record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant, first: date, last: date
) -> Adherence:
    """What was taken from first to last, as known at ``now``; the record must be folded as of ``now``."""
    today = record.day_of(now)
    if record.since is None:
        return Adherence(first=first, last=last, days=(), gaps=(), longest=None)
    first, last = max(first, record.day_of(record.since)), min(last, today)
    if first > last:
        return Adherence(first=first, last=last, days=(), gaps=(), longest=None)
    gap = gap_at(record, monograph, leaflet, now)
    before = first - timedelta(days=1)
    found = states(record, monograph, leaflet, now, before, last, gap)
    days = _days(record, found, record.since, first, last)
    stretches = _stretches(record, found, now)
    reaching = [one for one in stretches if record.day_of(one.until or now) >= first]
    return Adherence(
        first=first, last=last, days=days,
        gaps=tuple(one for one in reaching if _seconds(one, now) > leaflet.gap.hours * 3600),
        longest=max(reaching, key=lambda one: _seconds(one, now), default=None),
    )  # fmt: skip


def _seconds(one: DoseFree, now: Instant) -> int:
    return (one.until or now).seconds - one.since.seconds


def _sum(tallies: Iterable[Tally]) -> Tally:
    names = Tally.__slots__
    added = dict.fromkeys(names, 0)
    for tally in tallies:
        for name in names:
            added[name] += getattr(tally, name)
    return Tally(**added)


def _days(record: Record, found: tuple[DoseNow, ...], since: Instant, first: date, last: date) -> tuple[TakenDay, ...]:
    planned: dict[date, list[DoseNow]] = {}
    for one in found:
        planned.setdefault(one.dose.day, []).append(one)
    known = {one.dose.id for one in found}
    beside = _beside(record, known, since, first, last)
    days = []
    for place in range((last - first).days + 1):
        day = first + timedelta(days=place)
        doses = planned.get(day, [])
        counted = [one for one in doses if one.dose.instant >= since]
        extra = beside.get(day, [])
        taken = sum(extra) + sum(_amount(one.done, since) for one in doses)
        open_ = any(one.state not in _CLOSED for one in counted)
        days.append(TakenDay(
            day=day, planned=OralDose(sum(one.dose.dose.micrograms for one in doses)), taken=OralDose(taken),
            tally=replace(_tally(counted), extra=len(extra)), whole=bool(doses) and len(counted) == len(doses) and not open_,
        ))  # fmt: skip
    return tuple(days)


def _amount(done: Done | None, since: Instant) -> int:
    if done is None or not isinstance(done.counts.what, DoseTaken) or done.counts.at < since:
        return 0
    return done.counts.what.amount.micrograms


def _tally(counted: list[DoseNow]) -> Tally:
    by_state = Counter(one.state for one in counted)
    timing = Counter(one.timing for one in counted if one.timing is not None)
    return Tally(
        due=sum(by_state[state] for state in _CLOSED), taken=by_state[DoseState.TAKEN], on_time=timing[Timing.ON_TIME],
        early=timing[Timing.EARLY], late=timing[Timing.LATE], missed=by_state[DoseState.MISSED],
        skipped=by_state[DoseState.SKIPPED], unsure=by_state[DoseState.UNSURE], held=by_state[DoseState.HELD],
        twice=sum(1 for one in counted if one.done is not None and one.done.taken_twice),
    )  # fmt: skip


def _beside(record: Record, known: set[str], since: Instant, first: date, last: date) -> dict[date, list[int]]:
    """Micrograms taken beside the plan, by day: extra doses, and doses that the plan had when they were taken and has no more."""
    found: dict[date, list[int]] = {}
    for one in record.takings:
        if one.at < since:
            continue
        if isinstance(one.what, DoseTaken) and (
            one.what.dose in known
            or not first <= (day_of_dose(one.what.dose) or first) <= last
            or record.done[one.what.dose].counts.id != one.id
        ):
            continue
        day = record.day_of(one.at)
        if first <= day <= last:
            found.setdefault(day, []).append(one.what.amount.micrograms)
    return found


def _stretches(record: Record, found: tuple[DoseNow, ...], now: Instant) -> list[DoseFree]:
    """Between one dose and the next, and from the last one to now, wherever a planned dose in between was not taken."""
    assert record.since is not None
    not_taken = [
        one.dose.instant for one in found
        if one.state in (DoseState.MISSED, DoseState.SKIPPED, DoseState.UNSURE, DoseState.HELD) and one.dose.instant >= record.since
    ]  # fmt: skip
    taken: list[Logged[DoseTaken | ExtraDose]] = [one for one in record.takings if one.at <= now]
    starts = [one.at for one in taken if one.at >= record.since] or ([not_taken[0]] if not_taken else [])
    earlier = [one.at for one in taken if one.at < record.since]
    marks = [*earlier[-1:], *starts]
    found_free = []
    for since, until in [*pairwise(marks), *((mark, None) for mark in marks[-1:])]:
        end = until or now
        if any(since <= one < end for one in not_taken):
            found_free.append(DoseFree(since=since, until=until, hours=(end.seconds - since.seconds) // 3600))
    return found_free
