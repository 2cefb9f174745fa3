"""One person's levels in plain Python numbers: for so few of them, arrays would only get in the way.

The sums and products of `gradatim.kinetics.propagator` and of the walk in `gradatim.kinetics.simulate`, in their order: the same bits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gradatim.kinetics.propagator import TERMS
from gradatim.kinetics.structure import LinearModel, Setting
from gradatim.kinetics.tape import Op, Tape

Matrix = list[list[float]]
Vector = list[float]
State = tuple[float, ...]

_MAKE, _GO, _RUN, _PUT, _NOTE, _SCALE, _DUE = (
    int(op) for op in (Op.MAKE, Op.GO, Op.RUN, Op.PUT, Op.NOTE, Op.SCALE, Op.DUE)
)


def takes(model: LinearModel, tape: Tape) -> bool:
    """Whether it is plain enough: doses given at once, few compartments, few different lengths of time."""
    ops = set(tape.lines[:, 0].tolist())
    few = len(model.compartments) <= 4 and int(np.sum(tape.lines[:, 0] == Op.MAKE)) <= 32
    return few and ops <= {Op.MAKE, Op.GO, Op.RUN, Op.PUT, Op.NOTE, Op.SCALE, Op.WIPE, Op.DUE}


def levels(model: LinearModel, tape: Tape, settings: Sequence[Setting]) -> NDArray[np.float64]:
    """Levels [T] of the first subject of the settings."""
    n, seen = len(model.compartments), model.place(model.observed)
    factors = tape.factor_rows(settings)[:, 0].tolist()
    scales = [model.units.level_factor / float(setting.volume[0]) for setting in settings]
    made: list[Matrix] = [[] for _ in range(tape.places)]
    walk = _WALKS[n]
    x: State
    found, x, scale = [0.0] * tape.slots, (0.0,) * n, scales[0]
    due: tuple[int, float] | None = None
    for (op, a, b, c), size in zip(tape.lines.tolist(), tape.numbers.tolist(), strict=True):
        if op == _RUN:
            p, begin = made[a], b
            if due is not None:
                x, _ = walk(p, x, 1)
                x, begin, due = (*x[: due[0]], x[due[0]] + due[1], *x[due[0] + 1 :]), b + 1, None
                found[b] = x[seen] * scale
            x, passed = walk(p, x, c - begin)
            found[begin:c] = [state[seen] * scale for state in passed]
        elif op == _DUE:
            due = a, size * factors[2 * b] * factors[2 * b + 1]
        elif op == _GO:
            x, _ = walk(made[a], x, 1)
        elif op == _PUT:
            more = size * factors[2 * b] * factors[2 * b + 1]
            x = (*x[:a], x[a] + more, *x[a + 1 :])
        elif op == _NOTE:
            found[b] = x[seen] * scale
        elif op == _SCALE:
            scale = scales[b]
        elif op == _MAKE:
            rates = settings[b].rates
            made[a] = moved(rates.between[:, :, 0].tolist(), rates.lost[:, 0].tolist(), size)
        else:
            x = (0.0,) * n
    return np.array(found)


def _one(p: Matrix, x: State, times: int) -> tuple[State, list[State]]:
    passed: list[State] = []
    (a,), ((aa,),) = x, p
    for _ in range(times):
        a = aa * a
        passed.append((a,))
    return (a,), passed


def _two(p: Matrix, x: State, times: int) -> tuple[State, list[State]]:
    passed: list[State] = []
    (a, b), ((aa, ab), (ba, bb)) = x, p
    for _ in range(times):
        a, b = aa * a + ab * b, ba * a + bb * b
        passed.append((a, b))
    return (a, b), passed


def _three(p: Matrix, x: State, times: int) -> tuple[State, list[State]]:
    passed: list[State] = []
    (a, b, c), ((aa, ab, ac), (ba, bb, bc), (ca, cb, cc)) = x, p
    if ab == 0 and ac == 0:  # a depot
        for _ in range(times):
            a, b, c = aa * a, ba * a + bb * b + bc * c, ca * a + cb * b + cc * c
            passed.append((a, b, c))
        return (a, b, c), passed
    for _ in range(times):
        a, b, c = aa * a + ab * b + ac * c, ba * a + bb * b + bc * c, ca * a + cb * b + cc * c
        passed.append((a, b, c))
    return (a, b, c), passed


def _more(p: Matrix, x: State, times: int) -> tuple[State, list[State]]:
    passed = []
    for _ in range(times):
        x = tuple(_sum([share * y for share, y in zip(row, x, strict=True)]) for row in p)
        passed.append(x)
    return x, passed


_WALKS = {1: _one, 2: _two, 3: _three, 4: _more}
"""Moving by one propagator again and again, written out for few compartments; every state on the way."""


def moved(between: Matrix, lost: Vector, dt: float) -> Matrix:
    """P over ``dt``."""
    n = len(lost)
    places = range(n)
    leaving = [lost[j] + _sum([between[i][j] for i in places]) for j in places]
    speed = max(leaving)
    doublings = max(math.frexp(speed * dt)[1], 0)
    h = math.ldexp(dt, -doublings)
    step = [[(speed - leaving[j]) * h if i == j else between[i][j] * h for j in places] for i in places]
    stay = speed * h
    term = [[float(i == j) for j in places] for i in places]
    p, fed_term, fed = term, [[0.0] * n for _ in places], [[0.0] * n for _ in places]
    away = [i for i in places if lost[i]]
    for k in range(1, TERMS + n + 1):
        part = 1.0 / k
        for i in away:
            fed_term[i] = [(term[i][j] * h + fed_term[i][j] * stay) * part for j in places]
        term = [[value * part for value in row] for row in _product(term, step)]
        p = [[a + b for a, b in zip(one, other, strict=True)] for one, other in zip(p, term, strict=True)]
        for i in away:
            fed[i] = [a + b for a, b in zip(fed[i], fed_term[i], strict=True)]
    out = [_sum([fed[i][j] * lost[i] for i in places]) for j in places]
    p, out = _whole(p, out)
    for _ in range(doublings):
        out = [out[j] + _sum([p[i][j] * out[i] for i in places]) for j in places]
        p, out = _whole(_product(p, p), out)
    return p


def _product(a: Matrix, b: Matrix) -> Matrix:
    if len(a) == 3:  # written out: most of the time goes by here
        (d, e, f), (g, h, i), (j, k, m) = b
        return [[x * d + y * g + z * j, x * e + y * h + z * k, x * f + y * i + z * m] for x, y, z in a]
    columns = list(zip(*b, strict=True))
    return [[_sum([x * y for x, y in zip(row, column, strict=True)]) for column in columns] for row in a]


def _sum(parts: Vector) -> float:
    """In its order: from Python 3.12 on the built-in one rounds less."""
    total = 0.0
    for part in parts:
        total += part
    return total


def _whole(p: Matrix, out: Vector) -> tuple[Matrix, Vector]:
    shares = [1.0 / (_sum([row[j] for row in p]) + out[j]) for j in range(len(out))]
    return [[x * share for x, share in zip(row, shares, strict=True)] for row in p], [
        x * s for x, s in zip(out, shares, strict=True)
    ]
