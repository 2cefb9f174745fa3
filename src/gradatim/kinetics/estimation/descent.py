"""Where the posterior of one person's etas is highest, and how it bends there.

The objective is NONMEM's for one subject (FOCE with interaction, and post hoc): with f the levels and v = σa² + σp²·f² their variance,

    Σ ((y − f)²/v + ln v)  +  ηᵀ·Ω⁻¹·η          a level below a limit L gives −2·ln Φ((L − f)/√v) instead (M3, Beal SL 2001;28:481-504)

that is −2·ln of the posterior, without what does not hang on η. It is worked on as η = L·z with L·Lᵀ = Ω, so that the prior is round and a
variance of 0 does no harm. Steps are Fisher's scoring (Gauss-Newton with the variance's own part), always downhill, halved until they go
down enough (Armijo); near the end, or where that is slow, the exact curvature, central differences of the analytic gradient, takes its place.
"""

from __future__ import annotations

import math

from gradatim.kinetics.estimation.modes import Belief, Design, Desk, Numbers, Row, levels_of, room

FOUND, STUCK, LONG, NOWHERE = range(4)
"""How a descent ends: at a minimum; where no step goes down though one should; after too many steps; or it had no beginning."""

_STEPS = 100
_HALVINGS = 40
_CLOSE = 1e-3  # of what a step promises: from here on the exact curvature
_PATIENCE = 10  # steps, after which the exact curvature is worth its price: what was expected is then far from it
_ENOUGH = 1e-17
_ROUNDED = 1e-9  # of what a step promises: below, the objective itself is too coarse to judge it
_FAR = 4.0  # the longest step, in standard deviations of the prior
_DIFFERENCE = 1e-4
_DEEP = -25.0


def below(z: float) -> tuple[float, float]:
    """ln Φ(z) and φ(z)/Φ(z), also far below 0."""
    if z < _DEEP:
        w = 1.0 / (z * z)
        series = 1.0 - w * (1.0 - 3.0 * w * (1.0 - 5.0 * w))
        return -0.5 * z * z - math.log(-z) - 0.9189385332046727 + math.log(series), -z / series
    share = 0.5 * math.erfc(-z * 0.7071067811865476)
    return math.log(share), 0.3989422804014327 * math.exp(-0.5 * z * z) / share


def misfit(y: float, f: float, proportional: float, additive: float, limited: int) -> tuple[float, float, float]:
    """What one measured level adds to the objective, its slope by f, and the curvature that is expected; infinite where nothing scatters, or so
    little that squares are lost: months after the last dose."""
    v = additive * additive + proportional * proportional * f * f
    if not 1e-200 < v < 1e300:
        return math.inf, 0.0, 0.0
    dv = 2.0 * proportional * proportional * f
    if limited:
        s = math.sqrt(v)
        z = (y - f) / s
        dz = -1.0 / s - z * dv / (2.0 * v)
        value, ratio = below(z)
        return -2.0 * value, -2.0 * ratio * dz, 2.0 * ratio * (z + ratio) * dz * dz
    r = y - f
    return r * r / v + math.log(v), -2.0 * r / v + (dv - r * r / v * dv) / v, 2.0 / v + (dv / v) * (dv / v)


def objective(z: Numbers, belief: Belief, design: Design, at: Desk, gradient: Row, fisher: Row) -> float:
    """The objective at z; the gradient and Fisher's curvature by z are written."""
    number, factor = belief.number, belief.factor
    value = 0.0
    for i in range(number):
        total = 0.0
        for j in range(i + 1):
            total += factor[i * number + j] * z[j]
        at.eta[i] = total
        value += z[i] * z[i]
        gradient[i] = 2.0 * z[i]
        for j in range(number):
            fisher[i * number + j] = 2.0 if i == j else 0.0
    if not levels_of(belief, design, at):
        return math.inf
    by_z = at.change  # no longer needed for what it was
    for place in range(design.noted):
        more, slope, bend = misfit(
            design.measured[place], at.levels[place], belief.proportional, belief.additive, design.limited[place]
        )
        value += more
        for j in range(number):
            total = 0.0
            for i in range(j, number):
                total += at.by_eta[place * number + i] * factor[i * number + j]
            by_z[j] = total
        for i in range(number):
            gradient[i] += slope * by_z[i]
            for j in range(number):
                fisher[i * number + j] += bend * by_z[i] * by_z[j]
    return value if value < 1e300 else math.inf


def solved(matrix: Row, right: Numbers, number: int, found: Row, work: Row) -> bool:
    """matrix·found = right by Cholesky; False where the matrix is not positive."""
    for j in range(number):
        left = matrix[j * number + j]
        for k in range(j):
            left -= work[j * number + k] * work[j * number + k]
        if not left > 1e-14 * abs(matrix[j * number + j]):
            return False
        work[j * number + j] = math.sqrt(left)
        for i in range(j + 1, number):
            rest = matrix[i * number + j]
            for k in range(j):
                rest -= work[i * number + k] * work[j * number + k]
            work[i * number + j] = rest / work[j * number + j]
    for i in range(number):
        total = right[i]
        for k in range(i):
            total -= work[i * number + k] * found[k]
        found[i] = total / work[i * number + i]
    for i in range(number - 1, -1, -1):
        total = found[i]
        for k in range(i + 1, number):
            total -= work[k * number + i] * found[k]
        found[i] = total / work[i * number + i]
    return True


def descend(
    start: Numbers, belief: Belief, design: Design, at: Desk, z: Row, fisher: Row, bent: Row
) -> tuple[int, float, int]:
    """From a start to the minimum: how it ended, the objective there, and how often it was worked out. z, what lies on the desk, Fisher's and
    the exact curvature by z are those of the end."""
    number = belief.number
    gradient, step, tried, other = room(number), room(number), room(number), room(number)
    chosen, spare = room(number * number), room(number * number)
    for i in range(number):
        z[i] = start[i]
    value = objective(z, belief, design, at, gradient, fisher)
    calls, exact, ended = 1, False, LONG
    if value == math.inf:
        return NOWHERE, value, calls
    for turn in range(_STEPS):
        for i in range(number):
            other[i] = -gradient[i]
        if not (exact and solved(bent, other, number, step, chosen)):
            exact = False
            solved(fisher, other, number, step, chosen)
        promised = _promised(gradient, step, number)
        if not exact and (promised < _CLOSE or turn >= _PATIENCE):
            curvature(z, belief, design, at, bent)
            calls += 2 * number
            if solved(bent, other, number, tried, chosen):
                exact = True
                for i in range(number):
                    step[i] = tried[i]
                promised = _promised(gradient, step, number)
        if promised < _ENOUGH:
            ended = FOUND
            break
        long = 0.0
        for i in range(number):
            long += step[i] * step[i]
        share, gone, new = min(1.0, _FAR / math.sqrt(long)), False, value
        for _half in range(_HALVINGS):
            for i in range(number):
                tried[i] = z[i] + share * step[i]
            new = objective(tried, belief, design, at, other, spare)
            calls += 1
            coarse = promised < _ROUNDED and new <= value + 1e-12 * (1.0 + abs(value))
            if new <= value - 1e-4 * share * promised or coarse:
                gone = True
                break
            share *= 0.5
        if not gone:
            ended = FOUND if promised < _ROUNDED else STUCK
            break
        value = new
        exact = exact and promised < _CLOSE
        for i in range(number):
            z[i] = tried[i]
            gradient[i] = other[i]
        for i in range(number * number):
            fisher[i] = spare[i]
    curvature(z, belief, design, at, bent)
    value = objective(z, belief, design, at, gradient, fisher)
    return ended, value, calls + 2 * number + 1


def _promised(gradient: Numbers, step: Numbers, number: int) -> float:
    """By how much a step would go down twice over, were the objective a parabola."""
    total = 0.0
    for i in range(number):
        total -= gradient[i] * step[i]
    return total


def curvature(z: Numbers, belief: Belief, design: Design, at: Desk, bent: Row) -> None:
    """Second derivatives by z, from gradients to both sides, made symmetric."""
    number = belief.number
    there, up, down, spare = room(number), room(number), room(number), room(number * number)
    for i in range(number):
        there[i] = z[i]
    for j in range(number):
        there[j] = z[j] + _DIFFERENCE
        objective(there, belief, design, at, up, spare)
        there[j] = z[j] - _DIFFERENCE
        objective(there, belief, design, at, down, spare)
        there[j] = z[j]
        for i in range(number):
            bent[i * number + j] = (up[i] - down[i]) / (2.0 * _DIFFERENCE)
    for i in range(number):
        for j in range(i):
            both = 0.5 * (bent[i * number + j] + bent[j * number + i])
            bent[i * number + j] = both
            bent[j * number + i] = both
