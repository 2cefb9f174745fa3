"""The slope of a scale over its days, in points a week.

The slope is the median of the slopes between all pairs of weeks (Theil 1950; Sen 1968, J Am Stat Assoc 63:1379), which some odd weeks
move little. Weeks count from the first day, each by the mean of its values: between days of a whole-number scale most slopes are 0, and
their median would say "no slope" where there is one. The interval is as wide as `gradatim.insight.margin` says for a straight line through
days that are alike; the textbook interval takes them as unrelated and is too short. A slope describes the days of the record. It says
nothing of the days to come.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.stats import theilslopes

from gradatim.domain.finding import Message, message
from gradatim.insight.enough import Lacking, TooLittle
from gradatim.insight.margin import LEVEL, Interval, margin
from gradatim.insight.memory import Memory, fit, weigh
from gradatim.insight.series import Numbers, Series, Towards

MINIMUM_DAYS = 14  # [D] with fewer the interval is wider than any slope that a 0–10 scale could keep up for a month
MINIMUM_SPAN = 28  # [D] four weeks, so that a weekday does not look like a slope
METHOD = "insight.method.trend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The slope of a scale from ``first`` to ``last``, over the ``days`` with data between them."""

    scale: str
    first: date
    last: date
    days: int
    per_week: float
    interval: Interval
    p: float
    towards: Towards | None
    memory: Memory
    method: str = METHOD

    @property
    def notes(self) -> tuple[Message, ...]:
        """What must be said beside the numbers."""
        return (
            message("insight.note.days-alike", percent=self.memory.percent, days=self.memory.days),
            message("insight.note.no-forecast"),
        )


def trend(series: Series, *, level: float = LEVEL) -> Trend | TooLittle:
    """The slope of a whole series; cut it first (`Series.between`) for the slope of some of its days."""
    days, values = series.days, series.numbers
    if len(days) < MINIMUM_DAYS:
        return TooLittle(what=Lacking.DAYS, have=len(days), need=MINIMUM_DAYS)
    span = int(days[-1] - days[0]) + 1
    if span < MINIMUM_SPAN:
        return TooLittle(what=Lacking.SPAN, have=span, need=MINIMUM_SPAN)
    weeks = (days - days[0]) / 7
    design = np.column_stack([np.ones(len(days)), weeks - weeks.mean()])
    remembered = weigh(fit(days, values, design, series.step), len(days))
    contrast = design[:, 1] / (design[:, 1] @ design[:, 1])
    found = margin(days, values, design, contrast, remembered, series.step)
    slope = slope_of_weeks(weeks, values)
    return Trend(
        scale=series.scale,
        first=series.values[0][0],
        last=series.values[-1][0],
        days=len(days),
        per_week=slope,
        interval=found.around(slope, level),
        p=found.chance(slope),
        towards=series.towards(slope),
        memory=remembered,
    )


def slope_of_weeks(weeks: Numbers, values: Numbers) -> float:
    """Theil–Sen slope of the weekly means; ``weeks`` is the time of each value in weeks from the first, gaps and all."""
    _, number, count = np.unique(np.floor(weeks), return_inverse=True, return_counts=True)
    return float(
        theilslopes(np.bincount(number, weights=values) / count, np.bincount(number, weights=weeks) / count)[0]
    )
