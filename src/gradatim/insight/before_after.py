"""One scale before and after one change of dose: both sides, the shift between them, and how far the shift may be off.

- Before: the last `WINDOW_BEFORE` days of the old dose. After: the new dose until its day `WINDOW_AFTER`, without its first day,
  because a score of that day may have been given before the first new dose was taken. [D]
- The shift is the median of all differences between a day after and a day before (Hodges and Lehmann 1963, Ann Math Stat 34:598). On
  a whole-number scale a difference of medians jumps by a whole point when one day changes; the shift moves by half a point, and one odd
  day moves it little.
- The interval lies around the shift, as far to each side as `gradatim.insight.margin` says. A bootstrap of blocks was not taken: a side
  of 4 to 7 days holds one or two blocks, and such intervals are far too short.
- Under `MINIMUM_DAYS` days with data on either side nothing is shown. On a 0–10 scale with a deviation of 1.5 points, 3 days a side give
  an interval that reaches 4 to 5.5 points each way: as good as silence. 4 days give 3 to 4.5, and more would keep back steps of 5 days. [D]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from gradatim.domain.citation import Citation
from gradatim.domain.finding import Message, message
from gradatim.insight.doses import Change
from gradatim.insight.enough import Lacking, TooLittle
from gradatim.insight.margin import LEVEL, Interval, margin
from gradatim.insight.memory import Memory, indicator, memory
from gradatim.insight.series import Numbers, Series, Spread, Towards, spread

WINDOW_BEFORE = 7
WINDOW_AFTER = 14
LEFT_OUT = 1
MINIMUM_DAYS = 4
METHOD = "insight.method.before-after"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportantDifference:
    """The least difference on a scale that people were found to notice, with its source and evidence tag."""

    points: float
    source: Citation

    def __post_init__(self) -> None:
        if not self.points > 0:
            raise ValueError(f"an important difference is more than 0 points, not {self.points}")


class Beside(StrEnum):
    """Where the whole interval lies beside an important difference, in either direction."""

    BEYOND = "beyond"  # every value of it is at least as large
    WITHIN = "within"  # every value of it is smaller
    OPEN = "open"  # some are and some are not: the record does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side: the days looked at, first and last included, how many they are, and the spread of those with data."""

    first: date
    last: date
    days: int
    spread: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeAfter:
    """A scale together with a change of dose. ``shift`` is after less before, in points of the scale, ``low`` to ``high`` bound it.

    ``p`` is the chance of such a shift where nothing changed; it belongs to this comparison alone (`gradatim.insight.many`).
    ``important`` None: no published band was found.
    """

    scale: str
    change: Change
    before: Side
    after: Side
    shift: float
    interval: Interval
    p: float
    towards: Towards | None
    memory: Memory
    important: ImportantDifference | None = None
    method: str = METHOD

    @property
    def beside_important(self) -> Beside | None:
        """The interval beside the important difference; None where no band was found."""
        if self.important is None:
            return None
        points, interval = self.important.points, self.interval
        if interval.low >= points or interval.high <= -points:
            return Beside.BEYOND
        return Beside.WITHIN if -points < interval.low and interval.high < points else Beside.OPEN

    @property
    def notes(self) -> tuple[Message, ...]:
        """What must be said beside the numbers."""
        return (
            message("insight.note.days-alike", percent=self.memory.percent, days=self.memory.days),
            message("insight.note.together-with"),
            message("insight.note.first-days-left-out", days=LEFT_OUT),
            message("insight.note.band" if self.important else "insight.note.no-band"),
        )


def shift_between(before: Numbers, after: Numbers) -> float:
    """The Hodges–Lehmann shift: the median of all differences, after less before."""
    return float(np.median(after[:, None] - before[None, :]))


def before_after(
    series: Series,
    change: Change,
    *,
    remembered: Memory,
    important: ImportantDifference | None = None,
    level: float = LEVEL,
) -> BeforeAfter | TooLittle:
    """Compare one scale before and after one change of dose. ``remembered`` is the `memory` of the whole series.

    The intervals of neighbouring changes share days, and so are not independent of one another.
    """
    day = timedelta(days=1)
    old_first = max(change.before.first, change.on - WINDOW_BEFORE * day)
    old_last = change.on - day if change.before.last is None else min(change.before.last, change.on - day)
    new_first = change.on + LEFT_OUT * day
    new_last = change.on + (WINDOW_AFTER - 1) * day
    if change.after.last is not None:
        new_last = min(change.after.last, new_last)
    before, after = series.between(old_first, old_last), series.between(new_first, new_last)
    for side, what in ((before, Lacking.DAYS_BEFORE), (after, Lacking.DAYS_AFTER)):
        if len(side.values) < MINIMUM_DAYS:
            return TooLittle(what=what, have=len(side.values), need=MINIMUM_DAYS)
    old, new = before.numbers, after.numbers
    shift = shift_between(old, new)
    found = margin(
        np.concatenate([before.days, after.days]),
        np.concatenate([old, new]),
        indicator(np.repeat(np.array([0, 1], dtype=np.int64), [len(old), len(new)])),
        np.concatenate([np.full(len(old), -1 / len(old)), np.full(len(new), 1 / len(new))]),
        remembered,
        series.step,
    )
    around = found.around(shift, level)
    widest = series.high - series.low  # no shift can be larger than the scale
    return BeforeAfter(
        scale=series.scale,
        change=change,
        before=Side(first=old_first, last=old_last, days=(old_last - old_first).days + 1, spread=spread(old)),
        after=Side(first=new_first, last=new_last, days=(new_last - new_first).days + 1, spread=spread(new)),
        shift=shift,
        interval=Interval(low=max(around.low, -widest), high=min(around.high, widest), level=level),
        p=found.chance(shift),
        towards=series.towards(shift),
        memory=remembered,
        important=important,
    )


def each_change(
    series: Series, found: Sequence[Change], *, important: ImportantDifference | None = None, level: float = LEVEL
) -> tuple[tuple[Change, BeforeAfter | TooLittle], ...]:
    """One scale at every change of dose, in order."""
    remembered = memory(series, found)
    return tuple(
        (change, before_after(series, change, remembered=remembered, important=important, level=level))
        for change in found
    )
