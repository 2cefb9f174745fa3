"""Days on which a scale moved to another level, found without looking at the doses.

The values are replaced by their ranks, and the ranks cut into stretches by PELT (Killick 2012, J Am Stat Assoc 107:1590; in ruptures,
Truong 2020, Signal Processing 167:107299), which pays a penalty for each cut. The penalty is set so that a scale that never moved, with
the same days, gaps and memory, would be cut at all in `FALSE_ALARMS` of records: it is that quantile of the best single cut in `DRAWS`
records drawn from the memory of this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from ruptures import KernelCPD
from scipy.signal import lfilter
from scipy.stats import rankdata

from gradatim.domain.finding import Message, message
from gradatim.insight.chance import generator
from gradatim.insight.doses import Change, levels
from gradatim.insight.enough import Lacking, TooLittle
from gradatim.insight.memory import GRID, Memory, fit_levels, weigh
from gradatim.insight.series import Days, Numbers, Series, Spread, spread

MINIMUM_DAYS = 28  # [D] with fewer, a move of two points is rarely found: silence would be read as "nothing moved"
SHORTEST = 7  # [D] days with data on each side of a cut, so that a bad weekend is not a level
FALSE_ALARMS = 0.05
DRAWS = 499
NEAR_DAYS = 7  # a change of dose further away is not named beside a cut
METHOD = "insight.method.change-points"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePoint:
    """A new level from ``on``, the first day with data on it; ``last_before`` is the last day with data on the old one.

    ``change`` is the nearest change of dose within `NEAR_DAYS`, ``days_apart`` how long after it the new level began.
    """

    last_before: date
    on: date
    before: Spread
    after: Spread
    change: Change | None
    days_apart: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePoints:
    """Every day on which a scale moved to another level; none is an answer too. ``false_alarms``: see the module."""

    scale: str
    first: date
    last: date
    days: int
    points: tuple[ChangePoint, ...]
    false_alarms: float
    memory: Memory
    method: str = METHOD

    @property
    def notes(self) -> tuple[Message, ...]:
        """What must be said beside the days."""
        return (
            message("insight.note.days-alike", percent=self.memory.percent, days=self.memory.days),
            message("insight.note.false-alarms", percent=round(100 * self.false_alarms)),
            message("insight.note.together-with"),
        )


def change_points(series: Series, found: Sequence[Change] = ()) -> ChangePoints | TooLittle:
    """The change points of a series. The changes of dose ``found`` are named beside them, and do not move them."""
    days, values = series.days, series.numbers
    if len(days) < MINIMUM_DAYS:
        return TooLittle(what=Lacking.DAYS, have=len(days), need=MINIMUM_DAYS)
    ranks = rankdata(values) / len(values)
    # Levels of four weeks and of each dose keep a real move from being read as memory.
    left = fit_levels(days, ranks, levels(days, found), series.step / len(values))
    remembered = weigh(left, len(days))
    penalty = _penalty(series, remembered, left.variance)
    cuts = KernelCPD(kernel="linear", min_size=SHORTEST).fit(ranks[:, None]).predict(pen=penalty)
    edges = [0, *cuts]
    points = tuple(
        _point(series, values, *stretch, found) for stretch in zip(edges, edges[1:], edges[2:], strict=False)
    )
    return ChangePoints(
        scale=series.scale,
        first=series.values[0][0],
        last=series.values[-1][0],
        days=len(days),
        points=points,
        false_alarms=FALSE_ALARMS,
        memory=remembered,
    )


def _penalty(series: Series, remembered: Memory, variance: Numbers) -> float:
    """What a cut must be worth, in squared ranks."""
    draw = generator("change-points", series.scale, series.values)
    which = draw.choice(len(GRID), size=DRAWS, p=remembered.weights)
    still = _unmoved(draw, series.days, which) * np.sqrt(variance[which])[:, None]
    return float(np.quantile(best_cut(still), 1 - FALSE_ALARMS))


def _unmoved(draw: np.random.Generator, days: Days, which: Days) -> Numbers:
    """Records of unit variance that never move, one row each with its own φ of `GRID`, on the days with data."""
    place = days - days[0]
    noise = draw.standard_normal((len(which), int(place[-1]) + 1))
    for number in np.unique(which):
        phi = float(GRID[number])
        rows = which == number
        fresh = noise[rows]
        fresh[:, 1:] *= np.sqrt(1 - phi**2)
        noise[rows] = lfilter([1.0], [1.0, -phi], fresh, axis=1)
    return np.asarray(noise[:, place], dtype=np.float64)


def best_cut(rows: Numbers) -> Numbers:
    """For each row, by how much its best single cut lessens the sum of squares, with `SHORTEST` values on both sides."""
    n = rows.shape[1]
    sums = np.cumsum(rows, axis=1)
    left = np.arange(SHORTEST, n - SHORTEST + 1)
    first, whole = sums[:, left - 1], sums[:, -1:]
    gains = first**2 / left + (whole - first) ** 2 / (n - left) - whole**2 / n
    return np.asarray(gains.max(axis=1), dtype=np.float64)


def _point(series: Series, values: Numbers, first: int, cut: int, end: int, found: Sequence[Change]) -> ChangePoint:
    on = series.values[cut][0]
    near = min(found, key=lambda change: abs((on - change.on).days), default=None)
    if near is not None and abs((on - near.on).days) > NEAR_DAYS:
        near = None
    return ChangePoint(
        last_before=series.values[cut - 1][0],
        on=on,
        before=spread(values[first:cut]),
        after=spread(values[cut:end]),
        change=near,
        days_apart=None if near is None else (on - near.on).days,
    )
