"""What a trial in one person showed: the difference between its two timings, held against every order that chance could have drawn.

For each pair: the mean of the counted days of the second timing less that of the first. (A median of three days would leap by whole
points.) Where the timings make no difference, each pair could as well have come the other way round; the p is the share of all 2^pairs orders
whose mean difference is at least as large (Fisher 1935; Edgington and Onghena 2007). That share is exact whatever the memory of the days,
because chance decided the order. The interval holds every difference that this test does not refuse; its ends are means of subsets of
the pairs (Hartigan 1969, J Am Stat Assoc 64:1303).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gradatim.domain.finding import Message, message
from gradatim.insight.enough import Lacking, TooLittle
from gradatim.insight.margin import LEVEL, Interval
from gradatim.insight.nof1 import MINIMUM_DAYS, MINIMUM_PAIRS, Block, Design
from gradatim.insight.series import Numbers, Series, Towards

METHOD = "insight.method.nof1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The means of the two blocks of a pair, in the order of ``timings``, and the days with data behind each."""

    number: int
    means: tuple[float, float]
    days: tuple[int, int]

    @property
    def difference(self) -> float:
        """The second timing less the first."""
        return self.means[1] - self.means[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class NOf1:
    """``difference`` is the second of ``timings`` less the first, the mean over ``pairs``; ``left_out`` names the pairs without
    enough days. ``orders`` is how many orders ``p`` was counted over."""

    scale: str
    timings: tuple[str, str]
    pairs: tuple[Pair, ...]
    left_out: tuple[int, ...]
    difference: float
    interval: Interval
    p: float
    towards: Towards | None
    method: str = METHOD

    @property
    def orders(self) -> int:
        """How many orders chance could have drawn."""
        return int(2 ** len(self.pairs))

    @property
    def notes(self) -> tuple[Message, ...]:
        """What must be said beside the numbers."""
        return (message("insight.note.orders", orders=self.orders), message("insight.note.not-blinded"))


def analyse(series: Series, planned: Design, *, level: float = LEVEL) -> NOf1 | TooLittle:
    """Analyse a trial on one scale. Days count by the timing that was drawn for them, whether or not it was kept to.

    ``level`` is met or passed: the interval says which level it reaches.
    """
    found, left_out = [], []
    for opener, closer in zip(planned.blocks[::2], planned.blocks[1::2], strict=True):
        one, other = (opener, closer) if opener.timing == planned.timings[0] else (closer, opener)
        values = _counted(series, one), _counted(series, other)
        if min(map(len, values)) < MINIMUM_DAYS:
            left_out.append(opener.pair)
            continue
        means = float(values[0].mean()), float(values[1].mean())
        found.append(Pair(number=opener.pair, means=means, days=(len(values[0]), len(values[1]))))
    if len(found) < MINIMUM_PAIRS:
        return TooLittle(what=Lacking.PAIRS, have=len(found), need=MINIMUM_PAIRS)
    differences = np.array([pair.difference for pair in found])
    difference = float(differences.mean())
    return NOf1(
        scale=series.scale,
        timings=planned.timings,
        pairs=tuple(found),
        left_out=tuple(left_out),
        difference=difference,
        interval=interval(differences, level),
        p=chance(differences),
        towards=series.towards(difference),
    )


def _counted(series: Series, block: Block) -> Numbers:
    return series.between(block.counts_from, block.last).numbers


def _subsets(pairs: int) -> Numbers:
    """Every subset of the pairs as a row of ones and zeros, the empty one first."""
    return np.asarray((np.arange(2**pairs)[:, None] >> np.arange(pairs)) & 1, dtype=np.float64)


def chance(differences: Numbers) -> float:
    """The exact two-sided p: the share of all orders with a mean difference at least as far from 0."""
    signs = 1 - 2 * _subsets(len(differences))
    means = np.abs(signs @ differences)
    return float((means >= abs(differences.sum()) - 1e-9).mean())


def interval(differences: Numbers, level: float) -> Interval:
    """The differences that the test at ``1 - level`` does not refuse, for at least as many pairs as make that possible.

    With m the largest whole number up to ``2^pairs (1 - level) / 2``, the ends are the m-th least and m-th largest subset mean.
    """
    subsets = _subsets(len(differences))[1:]
    means = np.sort(subsets @ differences / subsets.sum(axis=1))
    orders = len(means) + 1
    m = int(orders * (1 - level) / 2 + 1e-9)
    if m < 1:
        raise ValueError(f"{len(differences)} pairs cannot give an interval of level {level}")
    return Interval(low=float(means[m - 1]), high=float(means[-m]), level=1 - 2 * m / orders)
