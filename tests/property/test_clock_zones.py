"""The laws of `instants_of_day`, held in every zone at every change of its clocks, and against another library.

The judge here does not turn a wall time into an instant the way the code does (PEP 495's ``fold``). It only asks what
the wall shows at an instant, and tries the offsets in force around it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from whenever import ZonedDateTime

from gradatim.domain.clock import MIN_GAP, Instant, LocalSlot, exists, instants_of_day, slot_of

Times = tuple[time, ...]

ZONES = sorted(available_timezones() - {"Factory", "localtime"})  # see `zone`
QUARTER = MIN_GAP // timedelta(minutes=1)
ALL_DAY = 24 * 60


def times(*minutes: int) -> Times:
    return tuple(time(*divmod(minute, 60)) for minute in minutes)


TYPICAL = times(8 * 60, 14 * 60, 21 * 60)
FOUR = times(0, 6 * 60, 12 * 60, 18 * 60)
HOURLY = times(*range(0, ALL_DAY, 60))
DENSEST = times(*range(0, ALL_DAY, QUARTER))
DENSEST_OFF_THE_QUARTER = times(*range(7, ALL_DAY, QUARTER))

# --- the judge -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class History:
    """A zone's UTC offsets over some years, in seconds: ``offsets[n]`` holds before ``changes[n]``."""

    changes: tuple[int, ...]
    offsets: tuple[int, ...]

    def offset(self, instant: int) -> int:
        return self.offsets[bisect_right(self.changes, instant)]

    def near(self, instant: int) -> tuple[int, ...]:
        """The offsets in force within two days: one, or two around a change."""
        two_days = 2 * 86_400
        first = bisect_left(self.changes, instant - two_days)
        return self.offsets[first : bisect_right(self.changes, instant + two_days) + 1]

    def read(self, day: date, at: time) -> tuple[int, bool]:
        """The first instant at which the wall shows this and True; or where its gap moves it to and False."""
        wall = seconds_on_the_wall(day, at)
        offsets = self.near(wall)
        found = [wall - offset for offset in offsets if self.offset(wall - offset) == offset]
        return (min(found), True) if found else (wall - min(offsets), False)

    def has(self, day: date) -> bool:
        return any(self.read(day, at)[1] for at in (*DENSEST, time(23, 59)))


def seconds_on_the_wall(day: date, at: time) -> int:
    return int(datetime.combine(day, at, UTC).timestamp())


@cache
def history(name: str, first_year: int, last_year: int) -> History:
    """Found by asking for the offset once a day, and bisecting where it differs: changes are days apart."""
    tz = ZoneInfo(name)

    def offset(instant: int) -> timedelta:
        found = datetime.fromtimestamp(instant, tz).utcoffset()
        assert found is not None
        return found

    def first_with(wanted: timedelta, instants: range) -> int:
        return instants[bisect_left(instants, True, key=lambda instant: offset(instant) == wanted)]

    start, end = (seconds_on_the_wall(date(year, 1, 1), time(0)) for year in (first_year, last_year + 1))
    changes, offsets = [], [offset(start)]
    for instant in range(start, end, 86_400):
        now = offset(instant)
        if now != offsets[-1]:
            changes.append(first_with(now, range(instant - 86_400 + 1, instant + 1)))
            offsets.append(now)
    return History(tuple(changes), tuple(each // timedelta(seconds=1) for each in offsets))


@cache
def histories(first_year: int, last_year: int) -> dict[History, list[str]]:
    """Every distinct history, with the zones that share it."""
    shared: dict[History, list[str]] = {}
    for name in ZONES:
        shared.setdefault(history(name, first_year, last_year), []).append(name)
    return shared


def assert_the_laws_hold(name: str, past: History, days: list[date], at: Times) -> None:
    """``days`` follow one another; the first and last only bound the others."""
    there = [day for day in days if past.has(day)]
    got: list[int] = []
    for day in days:
        instants = instants_of_day(day, at, name)
        assert len(instants) == (len(at) if day in there else 0), (name, day, at)
        got += [instant.seconds for instant in instants]
    slots = [LocalSlot(day, each) for day in there for each in at]
    where = (name, str(days[0]), at)
    assert len(got) == len(slots), where
    assert all(a < b for a, b in pairwise(got)), where

    judged = [past.read(slot.day, slot.at) for slot in slots]
    squeezed: list[int] = []
    following: int | None = None  # the next slot whose wall time happens
    for n in reversed(range(len(slots))):
        expected, happens = judged[n]
        if happens:
            assert got[n] == expected, (*where, slots[n])
            following = expected
        elif following is None:
            continue  # the slot that bounds it is beyond these days
        elif expected < following:
            assert got[n] == expected, (*where, slots[n])
        else:
            squeezed.append(n)
    if squeezed and squeezed[-1] > 0:
        first, last = squeezed[-1], squeezed[0]
        change = next(c for c in past.changes if got[last + 1] - 86_400 * 2 < c <= got[last + 1])
        low = max(got[first - 1], change - 3600)
        steps = [b - a for a, b in pairwise([low, *got[first : last + 2]])]
        assert last - first + 1 == len(squeezed), where
        assert max(steps) - min(steps) <= 1, (*where, steps)
        assert min(steps) > 0, (*where, steps)


def slot_sets(past: History, change: int, chance: Random) -> Iterator[Times]:
    """Usual days, the densest days, and days around what the wall shows before and after a change."""
    yield from (TYPICAL, FOUR, DENSEST, DENSEST_OFF_THE_QUARTER)
    after, before = past.offset(change), past.offset(change - 1)
    low, high = sorted((change + after, change + before))
    edges = sorted({wall // 60 % ALL_DAY for wall in (low, (low + high) // 2, high - 60, high)})
    yield from (times(edge) for edge in edges)
    yield spread([edge - 15 for edge in edges])
    yield spread(edges)
    yield spread([low // 60 - 1, low // 60 + 14, low // 60 + 29, high // 60])
    for _ in range(4):
        yield spread([low // 60 + chance.randint(-240, 240) for _ in range(chance.randint(2, 9))])
    for _ in range(2):
        yield spread([chance.randrange(ALL_DAY) for _ in range(chance.randint(1, 30))])


def spread(minutes: list[int]) -> Times:
    """The minutes of a day that keep `MIN_GAP` from those chosen before them, round the clock."""
    chosen: list[int] = []
    for minute in (minute % ALL_DAY for minute in minutes):
        if all(QUARTER <= (minute - other) % ALL_DAY <= ALL_DAY - QUARTER for other in chosen):
            chosen.append(minute)
    return times(*sorted(chosen))


def days_around(past: History, change: int) -> list[date]:
    """The dates that the wall shows just before and just after a change, with two more on either side."""
    before, after = (datetime.fromtimestamp(n + past.offset(n), UTC).date() for n in (change - 1, change))
    first, last = min(before, after), max(before, after)
    return [first + timedelta(days=n) for n in range(-2, (last - first).days + 3)]


# --- every change of every zone --------------------------------------------------------------------------------


def test_there_are_changes_to_look_at() -> None:
    found = histories(2024, 2032)
    assert sum(map(len, found.values())) == len(ZONES) > 500
    assert sum(len(past.changes) for past in found) > 500
    jumps = {after - before for past in found for before, after in pairwise(past.offsets)}
    assert {3600, -3600, 1800, -1800, 7200, -7200} <= jumps


def test_the_laws_hold_at_every_change_2024_to_2032() -> None:
    for past, names in histories(2024, 2032).items():
        chance = Random(names[0])
        for change in past.changes:
            days = days_around(past, change)
            for at in slot_sets(past, change, chance):
                assert_the_laws_hold(names[0], past, days, at)


def test_zones_that_share_a_history_share_their_instants() -> None:
    for past, names in histories(2024, 2032).items():
        for change in past.changes:
            day = days_around(past, change)[2]
            for at in (TYPICAL, HOURLY):
                assert len({instants_of_day(day, at, name) for name in names}) == 1, (names, day)


@pytest.mark.long
def test_the_laws_hold_at_every_change_since_1973() -> None:
    for past, names in histories(1973, 2023).items():
        chance = Random(names[0])
        for change in past.changes:
            days = days_around(past, change)
            for at in slot_sets(past, change, chance):
                assert_the_laws_hold(names[0], past, days, at)


@pytest.mark.parametrize("name", ["Pacific/Apia", "Pacific/Kwajalein", "Pacific/Kiritimati", "Antarctica/Casey"])
def test_the_laws_hold_where_a_date_or_hours_were_skipped(name: str) -> None:
    past = history(name, 1973, 2023)
    assert past.changes
    for change in past.changes:
        days = days_around(past, change)
        for at in slot_sets(past, change, Random(name)):
            assert_the_laws_hold(name, past, days, at)
        assert [exists(day, name) for day in days] == [past.has(day) for day in days]


# --- any zone, any day, any times ------------------------------------------------------------------------------


@st.composite
def some_days(draw: st.DrawFn) -> tuple[str, History, list[date]]:
    """Five days of a zone, half the time around a change of its clocks."""
    name = draw(st.sampled_from(ZONES))
    year = draw(st.integers(1974, 2099))
    past = history(name, year - 1, year + 1)
    changes = [change for change in past.changes if datetime.fromtimestamp(change, UTC).year == year]
    around_a_change = draw(st.booleans())
    if changes and around_a_change:
        return name, past, days_around(past, draw(st.sampled_from(changes)))
    day = draw(st.dates(date(year, 1, 1), date(year, 12, 31)))
    return name, past, [day + timedelta(days=n) for n in range(-2, 3)]


some_times = st.lists(st.integers(0, ALL_DAY - 1), max_size=40).map(spread)


@given(some_days(), some_times)
@settings(max_examples=600, deadline=None)
def test_the_laws_hold_on_any_day(where: tuple[str, History, list[date]], at: Times) -> None:
    name, past, days = where
    assert_the_laws_hold(name, past, days, at)


@given(st.sampled_from(ZONES), st.integers(-(10**8), 4 * 10**9))
@example("Europe/London", 1_792_888_200)  # 01:30 on 25 October 2026, first
@example("Europe/London", 1_792_891_800)  # and again
@settings(max_examples=600, deadline=None)
def test_an_instant_is_one_of_the_moments_that_its_slot_names(name: str, seconds: int) -> None:
    instant = Instant(seconds - seconds % 60)
    slot = slot_of(instant, name)
    (first,) = instants_of_day(slot.day, (slot.at,), name)
    assert first <= instant
    assert slot_of(first, name) == slot


@given(st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.timezones()))  # noqa: DTZ001
def test_instants_survive_writing_and_reading(moment: datetime) -> None:
    instant = Instant.of(moment)
    assert Instant.parse(instant.iso()) == instant == Instant.of(instant.utc())
    assert Instant.parse(moment.astimezone(UTC).isoformat()) == instant


# --- against whenever ------------------------------------------------------------------------------------------


def by_whenever(name: str, day: date, at: time) -> tuple[int, bool]:
    """The instant that `whenever` takes for a wall time, and whether the wall ever shows it."""
    moment = ZonedDateTime(day.year, day.month, day.day, at.hour, at.minute, tz=name, disambiguation="compatible")
    return moment.timestamp(), (moment.hour, moment.minute) == (at.hour, at.minute)


def assert_whenever_agrees(name: str, days: list[date], at: Times) -> None:
    days = [day for day in days if exists(day, name)]
    theirs = [by_whenever(name, day, each) for day in days for each in at]
    ours = [instant.seconds for day in days for instant in instants_of_day(day, at, name)]
    assert len(ours) == len(theirs)
    following = 0
    for mine, (their, happens) in zip(reversed(ours), reversed(theirs), strict=True):
        if happens:
            following = their
        if happens or their < following:
            assert mine == their, (name, days[0], at)


def test_whenever_agrees_at_every_change_2024_to_2032() -> None:
    for past, names in histories(2024, 2032).items():
        for change in past.changes:
            for at in (TYPICAL, FOUR, DENSEST, times(2 * 60 + 30)):
                assert_whenever_agrees(names[0], days_around(past, change), at)


@given(some_days(), some_times)
@settings(max_examples=600, deadline=None)
def test_whenever_agrees_on_any_day(where: tuple[str, History, list[date]], at: Times) -> None:
    name, _, days = where
    assert_whenever_agrees(name, days, at)
