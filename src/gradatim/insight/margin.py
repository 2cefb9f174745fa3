"""How far a difference may be off, when neighbouring days are alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import stdtr, stdtrit

from gradatim.insight.memory import GRID, Memory, fit
from gradatim.insight.series import Days, Numbers

LEVEL = 0.95

# A median of differences (Hodges–Lehmann) or of slopes (Theil–Sen) varies more than a mean or a least-squares slope of normal values:
# by π/3 in variance (Hodges and Lehmann 1963; Sen 1968).
OF_MEDIANS = (np.pi / 3) ** 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """``low`` to ``high``; made so that about ``level`` of such intervals hold the true value."""

    low: float
    high: float
    level: float

    def __post_init__(self) -> None:
        if not (self.low <= self.high and 0 < self.level < 1):
            raise ValueError(f"{self.low} to {self.high} at {self.level} is not an interval")

    @property
    def holds_zero(self) -> bool:
        """Whether no difference at all is among the values."""
        return self.low <= 0 <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """Standard ``errors`` of one difference for each φ of the memory, their ``weights``, and the degrees of ``freedom``.

    The difference, divided by its standard error, is taken as Student's t for each φ, and the φ are mixed by their weights.
    """

    errors: tuple[float, ...]
    weights: tuple[float, ...]
    freedom: int

    def _below(self, distance: float) -> float:
        return float(np.dot(self.weights, stdtr(self.freedom, distance / np.asarray(self.errors))))

    def half_width(self, level: float = LEVEL) -> float:
        """How far the interval reaches to each side."""
        tail = (1 + level) / 2
        times = float(stdtrit(self.freedom, tail))
        # The mixture lies between its narrowest and its widest part.
        narrow, wide = 0.999 * times * min(self.errors), 1.001 * times * max(self.errors)
        return float(brentq(lambda distance: self._below(distance) - tail, narrow, wide, xtol=1e-9))

    def chance(self, difference: float) -> float:
        """How often a difference at least as large, in either direction, would turn up if there were none."""
        return min(1.0, 2 * (1 - self._below(abs(difference))))

    def around(self, difference: float, level: float = LEVEL) -> Interval:
        """The interval around a difference."""
        half = self.half_width(level)
        return Interval(low=difference - half, high=difference + half, level=level)


def margin(days: Days, values: Numbers, design: Numbers, contrast: Numbers, remembered: Memory, step: float) -> Margin:
    """The margin of the rank estimate that stands for ``contrast @ values``: a median of differences for a difference of means, a median
    of slopes for a slope. ``design`` (n × p) describes the levels or the line that the values lie around.

    The variance of a weighted sum is σ² Σₖ φ^k c(k), with c(k) the sum of products of weights ``k`` days apart.
    """
    n, p = design.shape
    place = days - days[0]
    on_days = np.zeros(int(place[-1]) + 1)
    on_days[place] = contrast
    apart = np.correlate(on_days, on_days, mode="full")[len(on_days) - 1 :]
    apart[1:] *= 2
    shape = (GRID[:, None] ** np.arange(len(apart))) @ apart
    errors = OF_MEDIANS * np.sqrt(fit(days, values, design, step).variance * shape)
    return Margin(errors=tuple(errors.tolist()), weights=remembered.weights, freedom=n - p)
