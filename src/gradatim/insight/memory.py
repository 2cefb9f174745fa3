"""How much a day resembles the day before it: the memory of a scale, and how sure it is.

Symptom scores of neighbouring days are alike. Ten such days say less than ten unrelated ones, and a method that takes them as
unrelated finds differences that are not there. The values around their level are taken as a first-order autoregression (AR(1)): days
``k`` apart resemble one another by φ^k, so that a gap weakens the link and needs no filling in. φ is not guessed as one number: each
φ from 0 to 0.9 gets a weight by the restricted likelihood of the record (Harville 1974, Biometrika 61:383), all being equally likely
beforehand. A short record leaves the weights broad, and every interval built on them wide.

A φ below 0 counts as 0: that errs on the wide side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gradatim.insight.doses import Change, levels
from gradatim.insight.series import Days, Numbers, Series

GRID: Numbers = np.linspace(0.0, 0.9, 19)
GRID.setflags(write=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """``weights`` of each φ of `GRID`, summing to 1; ``days`` is how many days with data they rest on."""

    weights: tuple[float, ...]
    days: int

    @property
    def typical(self) -> float:
        """The weighted mean of φ."""
        return float(np.dot(self.weights, GRID))

    @property
    def percent(self) -> int:
        """The same in percent, for a message."""
        return round(100 * self.typical)


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """What each φ of `GRID` leaves over: ``log_weights`` up to a constant, and the residual ``variance`` around the level."""

    log_weights: Numbers
    variance: Numbers


def fit(days: Days, values: Numbers, design: Numbers, step: float) -> Fit:
    """Restricted likelihood of ``values`` (n) around ``design`` (n × p, of full rank, p < n) for each φ.

    The variance is never less than that of rounding to ``step``: five equal scores do not mean that nothing varies.
    """
    n = len(values)
    rho, deviation = _links(days)
    columns = np.column_stack([design, values])
    white = np.empty((len(GRID), *columns.shape))
    white[:, 0] = columns[0]
    white[:, 1:] = (columns[1:] - rho[..., None] * columns[:-1]) / deviation[..., None]
    gram = np.einsum("gni,gnj->gij", white, white)
    return _fit(deviation, gram[:, :-1, :-1], gram[:, :-1, -1], gram[:, -1, -1], n, step)


def fit_levels(days: Days, values: Numbers, number: Days, step: float) -> Fit:
    """The same around one level for each ``number`` (which rises with the days). Of its design a whitened row has two entries at most,
    which makes two years with forty levels as quick as one slope."""
    n, p = len(values), int(number[-1]) + 1
    rho, deviation = _links(days)
    same = number[1:] == number[:-1]
    edge = np.flatnonzero(~same)
    own = np.ones((len(GRID), n))
    own[:, 1:] = (1 - rho * same) / deviation
    past = -rho[:, edge] / deviation[:, edge]
    white = np.empty((len(GRID), n))
    white[:, 0] = values[0]
    white[:, 1:] = (values[1:] - rho * values[:-1]) / deviation
    starts = np.concatenate([[0], edge + 1])
    here, before = np.arange(1, p), np.arange(p - 1)
    inner = np.zeros((len(GRID), p, p))
    inner[:, np.arange(p), np.arange(p)] = np.add.reduceat(own**2, starts, axis=1)
    inner[:, before, before] += past**2
    inner[:, before, here] = inner[:, here, before] = past * own[:, edge + 1]
    cross = np.add.reduceat(own * white, starts, axis=1)
    cross[:, before] += past * white[:, edge + 1]
    return _fit(deviation, inner, cross, (white**2).sum(axis=1), n, step)


def _links(days: Days) -> tuple[Numbers, Numbers]:
    """For each φ and each day but the first: its correlation with the day before it in the record, and the deviation of what is new."""
    rho = GRID[:, None] ** np.diff(days)
    return rho, np.sqrt(1 - rho**2)


def _fit(deviation: Numbers, inner: Numbers, cross: Numbers, square: Numbers, n: int, step: float) -> Fit:
    """From the products of a whitened design with itself (``inner``) and with the values (``cross``), and of these (``square``)."""
    free = n - inner.shape[1]
    left_over = square - (cross * np.linalg.solve(inner, cross[..., None])[..., 0]).sum(axis=1)
    variance = np.maximum(left_over / free, step**2 / 12)
    log_weights = -np.log(deviation).sum(axis=1) - np.linalg.slogdet(inner).logabsdet / 2 - free / 2 * np.log(variance)
    return Fit(log_weights, variance)


def weigh(found: Fit, days: int) -> Memory:
    """The weights of a fit."""
    weights = np.exp(found.log_weights - found.log_weights.max())
    return Memory(weights=tuple((weights / weights.sum()).tolist()), days=days)


def indicator(number: Days) -> Numbers:
    """A design with one column for each level that occurs."""
    return np.asarray(number[:, None] == np.unique(number)[None, :], dtype=np.float64)


def memory(series: Series, found: Sequence[Change] = ()) -> Memory:
    """The memory of a whole series around a level for each dose (see `levels`), so that a change of dose is not taken for memory.

    A record with no day to spare beyond its levels says nothing of memory: then all φ keep the same weight.
    """
    days = series.days
    number = levels(days, found)
    if len(days) < len(np.unique(number)) + 2:
        return Memory(weights=(1 / len(GRID),) * len(GRID), days=len(days))
    return weigh(fit_levels(days, series.numbers, number, series.step), len(days))
