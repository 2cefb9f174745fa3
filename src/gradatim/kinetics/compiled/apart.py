"""Each person's own doses at their own times, read at their own times: one or two compartments, with a depot or without, doses at once.

Times of one person are worked on as vectors. A level is written with divided differences of exponentials, D(a, b) = (e^-at − e^-bt)/(b − a)
and D(a, b, c), of the three rates in order, each from 1 − e^-z: nothing cancels where two rates are equal or nearly so, and every weight
is 0 or more but for one that cannot matter (D(a, b, c) = (D(a, b) − D(b, c))/(c − a) stands beside D of the rate of absorption, which is
the larger wherever the difference is lost). With k12, k21, k10 and ka, and α > β for the two rates of the body:

    central from central     e^-αt + (α − k10 − k12)·D(α, β)         α − k10 − k12 and α − k21 are 0 or more, and found without a difference
    central from tissue      k21·D(α, β)                             tissue from central    k12·D(α, β)
    tissue from tissue       e^-αt + (α − k21)·D(α, β)
    central from depot       ka·(D(ka, α) + (α − k10 − k12)·D(ka, α, β))
    tissue from depot        ka·k12·D(ka, α, β)
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gradatim.kinetics.compiled.beside import AHEAD, NUMBERS, WEIGHTS, after_doses, beside
from gradatim.kinetics.compiled.jit import jit
from gradatim.kinetics.compiled.vectors import WIDE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_APART = 1e-14  # rates nearer than this are moved so far apart: a change of 7e-12 in the faintest level that is told


class Histories(NamedTuple):
    """Doses and times of N people one after the other; ``dose_first`` and ``note_first`` [N + 1] say where each begins."""

    dose_first: Ints
    dose_times: Floats
    amounts: Floats
    note_first: Ints
    note_times: Floats


class Body(NamedTuple):
    """Rate constants [N], and what an amount is multiplied by to be a level. ``depot``: whether doses go there."""

    ka: Floats
    k10: Floats
    k12: Floats
    k21: Floats
    scale: Floats
    bioavailability: Floats
    lag: Floats
    depot: bool


class Modes(NamedTuple):
    """The three rates r1 ≤ r2 ≤ r3 by their differences, and what makes the parts of a level of their exponentials."""

    r1: float
    g12: float
    g23: float
    over12: float
    over23: float
    over13: float
    body12: float  # D(α, β) = body12·D(r1, r2) + body23·D(r2, r3)
    body23: float
    gut12: float  # D(ka, α), likewise
    gut23: float
    fast_second: bool  # whether α is r2; else it is r3
    slow: float  # α − k10 − k12
    slow_tissue: float  # α − k21
    gut: int  # the place of ka among the three


@jit
def _gap(between: float, larger: float) -> float:
    """Between two rates, kept off 0."""
    return max(between, _APART * larger, 1e-150)


@jit
def modes(ka: float, k10: float, k12: float, k21: float) -> Modes:
    """Of one person."""
    a, both = k10 + k12, k12 * k21
    root = math.sqrt((a - k21) * (a - k21) + 4.0 * both)
    if a >= k21:
        slow_tissue = 0.5 * ((a - k21) + root)
        slow = both / slow_tissue if both > 0 else 0.0
        fast = k21 + slow_tissue
    else:
        slow = 0.5 * ((k21 - a) + root)
        slow_tissue = both / slow if both > 0 else 0.0
        fast = a + slow
    late = k10 * (k21 / fast) if fast > 0 else 0.0
    gap = _gap(root, fast)
    if ka <= late:
        g12, g23 = _gap(late - ka, late), gap
        r1, gut, body12, body23, gut12, gut23 = ka, 0, 0.0, 1.0, g12 / (g12 + g23), g23 / (g12 + g23)
    elif ka <= fast:
        g12, g23 = _gap(ka - late, ka), _gap(fast - ka, fast)
        r1, gut, body12, body23, gut12, gut23 = late, 1, g12 / (g12 + g23), g23 / (g12 + g23), 0.0, 1.0
    else:
        g12, g23 = gap, _gap(ka - fast, ka)
        r1, gut, body12, body23, gut12, gut23 = late, 2, 1.0, 0.0, 0.0, 1.0
    return Modes(
        r1,
        g12,
        g23,
        1.0 / g12,
        1.0 / g23,
        1.0 / (g12 + g23),
        body12,
        body23,
        gut12,
        gut23,
        gut == 2,
        slow,
        slow_tissue,
        gut,
    )


@jit
def follow(first: int, end: int, histories: Histories, body: Body, out: Floats, most_doses: int) -> None:
    """The levels of the people from ``first`` up to and without ``end``, into ``out`` [notes]. ``most_doses``: the most that any has."""
    numbers, amounts = np.zeros((len(NUMBERS), WIDE)), np.empty((most_doses, WIDE))
    begun, parts = np.empty((most_doses + 1 + AHEAD, WIDE)), np.zeros((most_doses + 1 + AHEAD, WEIGHTS, WIDE))
    for group in range(first, end, WIDE):
        people, most = min(WIDE, end - group), 0
        for lane in range(people):
            person = group + lane
            most = max(most, histories.dose_first[person + 1] - histories.dose_first[person])
        begun[1 : most + 1 + AHEAD] = np.inf
        amounts[:most] = 0.0
        for lane in range(people):
            person = group + lane
            _told(body.ka[person], body.k10[person], body.k12[person], body.k21[person], numbers[:, lane])
            d0, d1, n0 = histories.dose_first[person], histories.dose_first[person + 1], histories.note_first[person]
            lag, share, scale = body.lag[person], body.bioavailability[person], body.scale[person]
            begun[0, lane] = histories.note_times[n0] if n0 < len(histories.note_times) else 0.0
            times, given, when, much = (
                histories.dose_times[d0:d1],
                histories.amounts[d0:d1],
                begun[1:, lane],
                amounts[:, lane],
            )
            for dose in range(len(times)):
                when[dose] = times[dose] + lag
                much[dose] = given[dose] * share * scale
        after_doses(numbers, begun, amounts, most, body.depot, parts)
        for lane in range(people):
            n0, n1 = histories.note_first[group + lane], histories.note_first[group + lane + 1]
            beside(histories.note_times, n0, n1, numbers, begun, parts, lane, out)


@jit
def _told(ka: float, k10: float, k12: float, k21: float, into: Floats) -> None:
    mode = modes(ka, k10, k12, k21)
    into[0], into[1], into[2] = mode.r1, mode.g12, mode.g23
    into[3], into[4], into[5] = mode.over12, mode.over23, mode.over13
    into[6], into[7], into[8], into[9] = mode.body12, mode.body23, mode.gut12, mode.gut23
    into[10], into[11] = mode.slow, mode.slow_tissue
    into[12], into[13] = 1.0 if mode.fast_second else 0.0, float(mode.gut)
    into[14], into[15], into[16] = ka, k12, k21
