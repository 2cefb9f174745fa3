"""Wall-clock moments, instants, and how a day's times become instants in a zone.

A `LocalSlot` says what the clock on the wall shows and has no zone; an `Instant` is a point in time. The two never mix:
going from one to the other takes the name of a zone, and there is no default one. The rules are the IANA database as
`zoneinfo` finds it, the machine's own before PyPI's tzdata, read once per process.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import cache, lru_cache
from itertools import pairwise
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from gradatim.domain.fault import Unreadable

MIN_GAP = timedelta(minutes=15)
"""Times of one day, and the last and first across midnight, are at least this far apart on the wall clock."""

_DAY, _SECOND = 86_400, timedelta(seconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_FIRST = (date.min.toordinal() + 1 - _EPOCH_DAY) * _DAY  # a day inside what datetime holds, at both ends
_LAST = (date.max.toordinal() - _EPOCH_DAY) * _DAY - 1
_Mark = tuple[time, time, int]  # a time of day: its first occurrence, its second one, and seconds since midnight
_ENDS: tuple[_Mark, ...] = tuple((at, at.replace(fold=1), 0) for at in (time.min, time.max))

_STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})")
# No dots, no leading slash, each part capitalised. See `zone` for what else that keeps out.
_ZONE = re.compile(r"(?!Factory$)[A-Z][A-Za-z0-9_+-]{0,31}(/[A-Z][A-Za-z0-9_+-]{0,31}){0,2}")


class UnknownZone(Unreadable):
    """A name that is no zone of the IANA database; ``remedy`` names the closest ones."""

    def __str__(self) -> str:
        return f"{self.problem}; {self.remedy[0].lower()}{self.remedy[1:]}"


def _since_epoch(moment: datetime) -> int:
    """Whole seconds to a moment that is in UTC already; in plain arithmetic, for a record holds tens of thousands."""
    days = moment.toordinal() - _EPOCH_DAY
    return days * _DAY + moment.hour * 3600 + moment.minute * 60 + moment.second


def _require_whole_minute(at: time) -> None:
    if at.tzinfo is not None or at.second or at.microsecond:
        raise ValueError(f"a slot's time is whole minutes without a zone, for example time(8, 0), not {at!r}")


@dataclass(frozen=True, slots=True, order=True)
class LocalSlot:
    """A wall-clock moment with no zone: a date and whole minutes. In a given zone it may happen twice, or never.

    Ordered as the wall shows it. Ordering it against an `Instant` raises TypeError; the two are never equal.
    """

    day: date
    at: time

    def __post_init__(self) -> None:
        _require_whole_minute(self.at)
        if type(self.day) is not date or self.at.fold:
            raise ValueError(f"a slot's day is a plain date, its time has no fold: not {self.day!r}, {self.at!r}")


@dataclass(frozen=True, slots=True, order=True)
class Instant:
    """A point in time: whole seconds since 1970-01-01 00:00 UTC, leap seconds not counted.

    ValueError outside 0001-01-02 … 9999-12-30 UTC, so that every zone can show every instant.
    """

    seconds: int

    def __post_init__(self) -> None:
        if type(self.seconds) is not int or not _FIRST <= self.seconds <= _LAST:
            raise ValueError(f"an instant is a whole number of seconds in the years 1 to 9999, not {self.seconds!r}")

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """The instant of an aware datetime, any fraction of a second dropped. ValueError when it has no zone."""
        if moment.utcoffset() is None:
            raise ValueError(f"{moment.isoformat()} has no zone: give it one, for example tzinfo=UTC")
        return cls((moment - _EPOCH) // _SECOND)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"2026-12-01T08:00:00Z"`` or the like with an offset, ``+01:00``, in place of Z.

        Seconds may be left out; fractions of them are dropped. Raises `Unreadable`, a ValueError, for anything else.
        """
        try:
            if _STAMP.fullmatch(text):
                moment = datetime.fromisoformat(text)
                return cls(_since_epoch(moment)) if text[-1] == "Z" else cls.of(moment)
        except (ValueError, OverflowError):
            pass  # the right shape, but no such moment: month 13, hour 24, second 60, year 0
        raise Unreadable(
            f"{text[:40]!r} is not an instant", "Write date, time and Z or an offset, for example 2026-12-01T08:00:00Z"
        )

    def __str__(self) -> str:
        return self.iso()

    def iso(self) -> str:
        """``"2026-12-01T08:00:00Z"``: always UTC, always whole seconds. `parse` reads it back."""
        return f"{self.utc().replace(tzinfo=None).isoformat()}Z"

    def utc(self) -> datetime:
        """The aware datetime in UTC."""
        return _EPOCH + timedelta(seconds=self.seconds)

    def local(self, zone_name: str) -> datetime:
        """The aware datetime in a zone. Raises `UnknownZone`."""
        return self.utc().astimezone(zone(zone_name))

    def plus(self, seconds: int) -> Self:
        """The instant so many seconds later, or earlier when negative: elapsed time, not wall-clock time."""
        return type(self)(self.seconds + seconds)


def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name such as ``"Europe/London"``, cached. Raises `UnknownZone` with the closest names.

    Refused, though a machine may hold files for them: ``localtime`` (another zone on each machine), ``right/…`` (counts
    leap seconds), ``posix/…``, ``posixrules`` and ``Factory`` (no place at all).
    """
    return _zone(name)


@cache  # failures are not kept, so it holds at most one entry per name in the database
def _zone(name: str) -> ZoneInfo:
    if _ZONE.fullmatch(name):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass  # no such file, not a zone file, or a folder such as America
    shown = name if name.isprintable() and 0 < len(name) <= 40 else repr(name[:40])
    close = _closest(name[:64])
    remedy = f"Did you mean {' or '.join(close)}?" if close else "Write an IANA name, for example Europe/London"
    raise UnknownZone(f"{shown} is not a zone", remedy)


@cache
def _zone_names() -> dict[str, str]:
    """Names worth suggesting, by lower case: UTC and places, not Etc/GMT+1, an hour behind UTC. Slow, once."""
    names = (name for name in sorted(available_timezones()) if _ZONE.fullmatch(name))
    return {name.lower(): name for name in names if name == "UTC" or ("/" in name and not name.startswith("Etc/"))}


def _closest(name: str) -> list[str]:
    names, asked = _zone_names(), "_".join(name.lower().split())
    place = asked.rpartition("/")[2]
    found = [low for low in names if low.rpartition("/")[2] == place][:3]
    found = found or get_close_matches(asked, names, cutoff=0.85) or get_close_matches(asked, names)
    return [names[low] for low in found]


def exists(day: date, zone_name: str) -> bool:
    """Whether the zone has this date at all: Pacific/Apia went from 29 to 31 December 2011. Raises `UnknownZone`."""
    return _exists(day, zone_name)


@lru_cache(maxsize=4096)
def _exists(day: date, zone_name: str) -> bool:
    # A date is missing when a gap swallows both its ends; any lesser gap leaves an end standing.
    return not all(_first_occurrences(day, _ENDS, _zone(zone_name))[1])


def slot_of(instant: Instant, zone_name: str) -> LocalSlot:
    """What the wall clock of a zone shows at an instant, seconds dropped. Raises `UnknownZone`."""
    wall = instant.local(zone_name)
    return LocalSlot(wall.date(), time(wall.hour, wall.minute))


def instants_of_day(day: date, times: tuple[time, ...], zone_name: str) -> tuple[Instant, ...]:
    """One instant for each time of a day: strictly increasing, and in order with those of the days around it.

    A time that happens twice (the clocks went back) is its first occurrence. A time that does not happen (the clocks
    went forward) moves forward by the length of the gap: 02:30 becomes 03:30. Where that would reach or pass the next
    slot, of this day or the day after, the times that collide are spread evenly, in whole seconds, between the slot
    before them, or one hour before the gap if that is later, and the slot after them.

    Empty for a date that the zone skipped (see `exists`): there is no such day, so it has no slots. The days around are
    taken to have the same times. Raises `UnknownZone`; and ValueError, a programmer's error, for times that are not
    naive whole minutes, do not increase, or are closer than `MIN_GAP`, across midnight too. Their ``fold`` is ignored.
    """
    return _instants_of_day(day, times, zone_name)


@lru_cache(maxsize=1 << 14)
def _instants_of_day(day: date, times: tuple[time, ...], zone_name: str) -> tuple[Instant, ...]:
    marks = _marks(times)
    seconds, gaps = _first_occurrences(day, marks, _zone(zone_name))
    if any(gaps):
        seconds = _in_order(day, marks, zone_name) if _exists(day, zone_name) else []
    return tuple(map(Instant, seconds))


@lru_cache(maxsize=4096)
def _marks(times: tuple[time, ...]) -> tuple[_Mark, ...]:
    for at in times:
        _require_whole_minute(at)
    marks = tuple((at.replace(fold=0), at.replace(fold=1), at.hour * 3600 + at.minute * 60) for at in times)
    starts = [start for _, _, start in marks]
    starts += [start + _DAY for start in starts[:1]]
    if any(later - start < MIN_GAP.seconds for start, later in pairwise(starts)):
        raise ValueError(f"times must increase by 15 minutes or more, across midnight too: {[*map(str, times)]}")
    return marks


def _first_occurrences(day: date, marks: tuple[_Mark, ...], tz: ZoneInfo) -> tuple[list[int], list[int]]:
    """Each time in seconds since the epoch, and the length of the gap it lies in, 0 for none.

    The two readings of a wall time (PEP 495, ``fold``) differ only at a change of offset; in a gap the second has the
    larger offset. The first takes the offset before the change, which moves a time forward by the length of its gap.
    """
    midnight = (day.toordinal() - _EPOCH_DAY) * _DAY
    seconds, gaps = [], []
    for first, second, start in marks:
        before, after = tz.utcoffset(datetime.combine(day, first, tz)), tz.utcoffset(datetime.combine(day, second, tz))
        assert before is not None  # a ZoneInfo always knows
        assert after is not None
        seconds.append(midnight + start - before.days * _DAY - before.seconds)
        gaps.append(0 if before == after else max(0, (after - before) // _SECOND))
    return seconds, gaps


def _in_order(day: date, marks: tuple[_Mark, ...], zone_name: str) -> list[int]:
    """The seconds of a day with times in a gap, after squeezing those that collide.

    The gap is shorter than a day, or the day would not exist, so the slots that bound it lie on the day or the days
    beside it. Gaps since 1973 are whole minutes, so there is at least a minute to squeeze into.
    """
    parts = [_first_occurrences(day + timedelta(days=n), marks, _zone(zone_name)) for n in (-1, 0, 1)]
    seconds, gaps = ([n for part in side for n in part] for side in zip(*parts, strict=True))
    lost = [n for n, gap in enumerate(gaps) if gap]
    start, end = lost[0], lost[-1] + 1
    crowded = bisect_left(seconds, seconds[end], start, end)
    low = max(seconds[crowded - 1], _change(seconds[start], gaps[start], zone_name) - 3600)
    for n in range(crowded, end):
        seconds[n] = low + (seconds[end] - low) * (n - crowded + 1) // (end - crowded + 1)
    return seconds[len(marks) : -len(marks)]


def _change(after: int, gap: int, zone_name: str) -> int:
    """When the clocks went forward by ``gap`` seconds: the first second with the offset in force at ``after``."""
    offset, near = Instant(after).local(zone_name).utcoffset(), range(after - gap + 1, after + 1)
    return near[bisect_left(near, True, key=lambda n: Instant(n).local(zone_name).utcoffset() == offset)]
