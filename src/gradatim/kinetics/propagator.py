"""How amounts in linear compartments move over a stretch of time, to nearly the last digit, because nothing is ever subtracted.

Drug flows between compartments at rates ``between[i, j]`` (from j into i) and leaves at ``lost[j]``, none negative. Over ``dt``

    x(t + dt) = P·x(t) + Φ·r,     ∫x = Φ·x(t) + Ψ·r,     P = exp(A·dt),  Φ = ∫₀^dt exp(A·s) ds,  Ψ = ∫₀^dt Φ

with r a constant input and A the rate matrix. Every entry of the three is a sum of products of numbers that are not negative, if one
begins with the series of exp((A + µI)·h) for a small h and doubles: P(2h) = P², Φ(2h) = Φ + PΦ, Ψ(2h) = Ψ + hΦ + PΨ. So equal rate
constants, a clearance of 0 and a depot a million times faster than the tissue are ordinary cases, and no eigenvalue is ever looked for. The
one difference, of µ and what leaves a compartment, is rounded beside 1.

Doubling alone would lose digits where P is near 1. What has left, w, is therefore carried beside P, and each column of P and w is kept
at a sum of 1: drug is neither made nor lost by rounding. This is the idea of Grassmann, Taksar and Heyman (Oper Res 1985;33:1107-16)
for Markov chains, here for the series of Xue J and Ye Q (Math Comp 2013;82:1577-96). Steady states are solved in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TERMS = 18  # Σ 1/k! from here on is below 2⁻⁵³


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rates:
    """Rates per unit of time for n compartments and N subjects: ``between`` [n, n, N], from column into row, diagonal 0; ``lost`` [n, N]."""

    between: Floats
    lost: Floats

    def __post_init__(self) -> None:
        n = len(self.lost)
        if self.between.shape != (n, *self.lost.shape) or self.lost.ndim != 2:
            raise ValueError(
                f"rates of shape {self.between.shape} and losses of shape {self.lost.shape} do not belong together"
            )

    def of(self, subjects: NDArray[np.int64]) -> Rates:
        """The rates of some subjects, in that order."""
        return Rates(between=self.between[:, :, subjects], lost=self.lost[:, subjects])

    def matrix(self) -> Floats:
        """A, [n, n, N]: dx/dt = A·x."""
        whole = self.between.copy()
        for j in range(len(self.lost)):
            whole[j, j] = -(self.lost[j] + self.between[:, j].sum(axis=0))
        return whole


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Propagator:
    """P, Φ, Ψ of shape [n, n, N], and ``out`` [n, N], the share of each compartment that has left the body by the end."""

    moved: Floats
    fed: Floats
    summed: Floats
    out: Floats


def applied(matrix: Floats, vector: Floats) -> Floats:
    """matrix [n, m, …, N] times vector [m, …, N], summed in a fixed order: no result hangs on how many subjects stand beside it."""
    total = matrix[:, 0] * vector[0]
    for k in range(1, len(vector)):
        total += matrix[:, k] * vector[k]
    return np.asarray(total)


def _times(a: Floats, b: Floats) -> Floats:
    return applied(a[:, :, None], b)


def _sum(parts: Floats) -> Floats:
    """The sum over the first axis, in its order."""
    total: Floats = parts[0].copy()
    for part in parts[1:]:
        total += part
    return total


def propagator(rates: Rates, dt: Floats) -> Propagator:
    """What a stretch of ``dt`` ≥ 0 does, [N]: one for each subject. dt 0 gives P = I, Φ = Ψ = 0."""
    leaving = rates.lost + _sum(rates.between)
    speed = leaving.max(axis=0)
    doublings = np.maximum(
        np.frexp(speed * dt)[1], 0
    )  # so many that at most 1 is left: each subject has its own number
    h = np.ldexp(dt, -doublings)
    moved, fed, summed = _series(rates, leaving, speed, h)
    out = applied(np.swapaxes(fed, 0, 1), rates.lost)
    shrink = _whole(moved, out)
    fed *= shrink
    summed *= shrink
    for turn in range(int(doublings.max(initial=0))):
        some = slice(None) if np.all(doublings > turn) else np.flatnonzero(doublings > turn)
        p, f, s, w = moved[..., some], fed[..., some], summed[..., some], out[..., some]
        summed[..., some] = s + h[some] * f + _times(p, s)
        fed[..., some] = f + _times(p, f)
        w = w + applied(np.swapaxes(p, 0, 1), w)
        p = _times(p, p)
        _whole(p, w)
        moved[..., some], out[..., some] = p, w
        h[some] *= 2
    return Propagator(moved=moved, fed=fed, summed=summed, out=out)


def _series(rates: Rates, leaving: Floats, speed: Floats, h: Floats) -> tuple[Floats, Floats, Floats]:
    """P, Φ and Ψ over a short time, times exp(speed·h): the first row of blocks of exp of [[A, I, 0], [0, 0, I], [0, 0, 0]]·h, shifted
    by ``speed``. The factor is what each column then sums to, so that no exponential is needed."""
    n, size = rates.lost.shape
    step = rates.between * h
    for j in range(n):
        step[j, j] = (speed - leaving[j]) * h
    stay = speed * h
    moved = np.zeros((n, n, size))
    for j in range(n):
        moved[j, j] = 1.0
    fed, summed = np.zeros_like(moved), np.zeros_like(moved)
    term, fed_term, summed_term = moved.copy(), fed, summed
    for k in range(1, TERMS + n + 1):
        part = 1.0 / k
        summed_term = (fed_term * h + summed_term * stay) * part
        fed_term = (term * h + fed_term * stay) * part
        term = _times(term, step) * part
        moved = moved + term
        fed = fed + fed_term
        summed = summed + summed_term
    return moved, fed, summed


def _whole(moved: Floats, out: Floats) -> Floats:
    """Keep what is still in and what has left at a sum of 1. Gives what each column was multiplied by."""
    share = 1.0 / (_sum(moved) + out)
    moved *= share
    out *= share
    return np.asarray(share)


def settle(between: Floats, lost: Floats, given: Floats) -> Floats:
    """The x [n, N] with ``diag(lost + Σ between)·x − between·x = given``, by elimination without subtraction.

    With P and w of a dosing interval it is the steady state just after a dose ``given``; with rates, that of a constant input.
    Infinite or not a number where what is given never leaves.
    """
    p, w, b = between.copy(), lost.copy(), np.array(given, dtype=np.float64)
    n = len(w)
    diagonal = np.empty_like(w)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for k in range(n - 1, -1, -1):
            diagonal[k] = w[k] + _sum(np.stack([*p[:k, k], np.zeros_like(w[k])]))
            for j in range(k):
                share = p[k, j] / diagonal[k]
                share = np.where(p[k, j] == 0, 0.0, share)
                p[:k, j] += p[:k, k] * share  # the entry [j, j] that this makes is never read: a way back to itself
                w[j] += w[k] * share
            b[:k] += np.where(b[k] == 0, 0.0, p[:k, k] * (b[k] / diagonal[k]))
        x = np.empty_like(b)
        for k in range(n):
            total = b[k] + _sum(np.stack([*(p[k, :k] * x[:k]), np.zeros_like(b[k])]))
            x[k] = np.where(total == 0, 0.0, total / diagonal[k])
    return x
