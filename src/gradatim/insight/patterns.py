"""Whether a scale keeps to the days of the week, or to the times of the day.

Each week (or day) is a block, and its values less their mean are ranked over all blocks; the Kruskal–Wallis statistic (1952, J Am Stat
Assoc 47:583) says how far the weekdays (or parts of the day) lie apart. How often chance does as much is found by turning each block round
by a random number of places, `DRAWS` times: a turned week keeps its values and its neighbours, and only their names change. The table of
the chi-squared distribution is not used, because it takes neighbouring days as unrelated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

import numpy as np
from scipy.stats import rankdata

from gradatim.domain.finding import Message, message
from gradatim.insight.chance import generator
from gradatim.insight.enough import Lacking, TooLittle
from gradatim.insight.series import Days, Moment, Numbers, Series, Spread, spread

MINIMUM_WEEKS = 6  # [D] weeks with data on at least `DAYS_OF_A_WEEK` days
DAYS_OF_A_WEEK = 4
VALUES_PER_WEEKDAY = 4  # [D]
MINIMUM_DAYS = 14  # [D] days with check-ins in at least two parts of the day
VALUES_PER_PART = 7  # [D] a part of the day with fewer is left out
DRAWS = 999
WEEKDAY_METHOD = "insight.method.weekday"
TIME_METHOD = "insight.method.time-of-day"


class Part(StrEnum):
    """Parts of the day, by the clock on the wall."""

    NIGHT = "night"  # 00:00 to 05:59
    MORNING = "morning"  # 06:00 to 11:59
    AFTERNOON = "afternoon"  # 12:00 to 17:59
    EVENING = "evening"  # 18:00 to 23:59


PARTS = tuple(Part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The values of one weekday (``monday`` to ``sunday``) or one part of the day."""

    name: str
    spread: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """The groups of a scale, in their order, and the chance ``p`` of groups as far apart where there is no pattern.

    ``statistic`` is Kruskal–Wallis' H of the ranked values less the mean of their block; ``blocks`` is how many blocks were turned.
    """

    scale: str
    groups: tuple[Group, ...]
    statistic: float
    p: float
    blocks: int
    method: str

    @property
    def notes(self) -> tuple[Message, ...]:
        """What must be said beside the numbers."""
        return (message("insight.note.blocks-turned", blocks=self.blocks, draws=DRAWS),)


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def weekday(series: Series) -> Pattern | TooLittle:
    """The weekdays of a scale. Weeks begin on Monday; a week with data on one day alone does not count."""
    days = series.days
    week, place = np.divmod(days - 1, 7)  # proleptic day 1 was a Monday
    kept = _in_blocks_of(2, week)
    week, place, values = week[kept], place[kept], series.numbers[kept]
    sizes = np.unique(week, return_counts=True)[1]
    weeks = int((sizes >= DAYS_OF_A_WEEK).sum())
    if weeks < MINIMUM_WEEKS:
        return TooLittle(what=Lacking.WEEKS, have=weeks, need=MINIMUM_WEEKS)
    fewest = int(np.bincount(place, minlength=7).min())
    if fewest < VALUES_PER_WEEKDAY:
        return TooLittle(what=Lacking.VALUES_PER_WEEKDAY, have=fewest, need=VALUES_PER_WEEKDAY)
    return _pattern(series.scale, WEEKDAYS, week, place, values, WEEKDAY_METHOD)


def time_of_day(scale: str, moments: Sequence[Moment]) -> Pattern | TooLittle:
    """The parts of the day of a scale. Check-ins in one part of one day count as one, their median. A day with check-ins in one
    part alone says nothing of parts, and does not count."""
    found: dict[tuple[int, int], list[float]] = {}
    for moment in moments:
        found.setdefault((moment.at.toordinal(), moment.at.hour // 6), []).append(moment.value)
    cells = sorted(found)
    day = np.array([one for one, _ in cells], dtype=np.int64)
    part = np.array([one for _, one in cells], dtype=np.int64)
    values = np.array([float(median(found[cell])) for cell in cells], dtype=np.float64)
    often = np.bincount(part, minlength=len(PARTS)) >= VALUES_PER_PART
    kept = often[part]
    kept[kept] = _in_blocks_of(2, day[kept])
    day, part, values = day[kept], part[kept], values[kept]
    parts = np.unique(part)
    days = len(np.unique(day))
    if days < MINIMUM_DAYS:
        return TooLittle(what=Lacking.DAYS_WITH_TWO_TIMES, have=days, need=MINIMUM_DAYS)
    names = tuple(PARTS[number] for number in parts)
    return _pattern(scale, names, day, np.searchsorted(parts, part), values, TIME_METHOD)


def _in_blocks_of(least: int, block: Days) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which entries lie in a block with at least so many."""
    _, number, size = np.unique(block, return_inverse=True, return_counts=True)
    return np.asarray(size[number] >= least, dtype=np.bool_)


def _pattern(scale: str, names: Sequence[str], block: Days, place: Days, values: Numbers, method: str) -> Pattern:
    _, number, size = np.unique(block, return_inverse=True, return_counts=True)
    middle = np.bincount(number, weights=values) / size
    # Rounded, so that what is equal in decimals is equal in ranks.
    ranks = rankdata(np.round(values - middle[number], 9))
    draws = generator(method, scale, *zip(block.tolist(), place.tolist(), values.tolist(), strict=True))
    turned = turns(draws, size)
    member = np.asarray(place[:, None] == np.arange(len(names))[None, :], dtype=np.float64)
    seen = kruskal_wallis(ranks[None, :], member)[0]
    by_chance = kruskal_wallis(ranks[turned], member)
    groups = tuple(Group(name=str(name), spread=spread(values[place == at])) for at, name in enumerate(names))
    return Pattern(
        scale=scale,
        groups=groups,
        statistic=float(seen),
        p=float((1 + (by_chance >= seen - 1e-9).sum()) / (1 + DRAWS)),
        blocks=len(size),
        method=method,
    )


def turns(draw: np.random.Generator, size: Days) -> Days:
    """Where each value comes from in each of `DRAWS` draws (draws × values): every block turned by a random number of places."""
    start = np.repeat(np.cumsum(size) - size, size)
    length = np.repeat(size, size)
    by = draw.integers(0, size, size=(DRAWS, len(size)))
    return np.asarray(start + (np.arange(len(start)) - start + np.repeat(by, size, axis=1)) % length, dtype=np.int64)


def kruskal_wallis(ranks: Numbers, member: Numbers) -> Numbers:
    """H, corrected for ties, of each row of ranks (rows × values); ``member`` (values × groups) is 1 where a value is of a group.

    Where all values are equal H is 0.
    """
    n = ranks.shape[1]
    sums = ranks @ member
    raw = (sums**2 / member.sum(axis=0)).sum(axis=1) - n * (n + 1) ** 2 / 4
    left_over = ((ranks - (n + 1) / 2) ** 2).sum(axis=1) / (n - 1)
    return np.asarray(np.where(left_over > 0, raw / np.where(left_over > 0, left_over, 1), 0.0), dtype=np.float64)
