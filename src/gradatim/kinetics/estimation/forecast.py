"""What would have been said of the next level: fits on what was known by then, beside what was measured."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradatim.kinetics.estimation.draws import Draws
from gradatim.kinetics.estimation.fit import Fit, fit
from gradatim.kinetics.estimation.known import Observed, Prior

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """One measured level, and what the ``known`` levels before it made expect: ``expected`` for the person, ``typical`` for anybody like them, and
    the middle 90 % of what a measurement would show. ``below``: ``measured`` is a limit that it lay below."""

    time: float
    measured: float
    below: bool
    known: int
    typical: float
    expected: float
    low: float
    high: float
    found: bool

    @property
    def error(self) -> float:
        """Expected less measured, as a share of what was measured; NaN for one below a limit."""
        return float("nan") if self.below or not self.measured else self.expected / self.measured - 1.0

    @property
    def inside(self) -> bool:
        """Whether what was measured lies where 90 % were expected to."""
        return self.low <= self.measured if self.below else self.low <= self.measured <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecasts:
    """Each level after the one before it."""

    each: tuple[Forecast, ...]

    def bias(self, known: int = 1) -> float:
        """The median error of those with so many levels known or more, as a share. NaN where there are none."""
        return _median([one.error for one in self.each if one.known >= known])

    def imprecision(self, known: int = 1) -> float:
        """The median absolute error, likewise."""
        return _median([abs(one.error) for one in self.each if one.known >= known])


def _median(values: list[float]) -> float:
    usable = [one for one in values if not math.isnan(one)]
    return float(np.median(usable)) if usable else float("nan")


def forecasts(
    prior: Prior, observed: Observed, *, thorough: bool = True, draws: int = 1000, seed: int = 0
) -> Forecasts:
    """In the order of time: fit the levels measured before each, and expect it. Levels measured at the same time are all expected from those
    before. The doses are those that were really taken, also between the fit and the level. Raises as `fit` does."""
    seen, made = observed.measured, []
    fits: dict[int, tuple[Fit, Draws]] = {}  # the first level has none before it, so fits[0] is there from the start
    for one in seen:
        known = sum(other.time < one.time for other in seen)
        if known not in fits:
            found = fit(prior, observed.first(known), thorough=thorough)
            fits[known] = found, found.draws(draws, seed)
        found, might_be = fits[known]
        typical, _ = fits[0]
        low, high = might_be.bands([one.time], (5, 95), measured=True)[:, 0]
        made.append(Forecast(
            time=one.time, measured=one.level, below=one.below, known=known, typical=float(typical.expected([one.time])[0]),
            expected=float(found.expected([one.time])[0]), low=float(low), high=float(high), found=found.found,
        ))  # fmt: skip
    return Forecasts(each=tuple(made))
