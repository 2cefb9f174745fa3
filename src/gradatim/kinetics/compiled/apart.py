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

from gradatim.kinetics.compiled.decay import decay, fma
from gradatim.kinetics.compiled.jit import jit

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
def follow(
    first: int, end: int, histories: Histories, body: Body, out: Floats, most_doses: int, most_notes: int
) -> None:
    """The levels of the people from ``first`` up to and without ``end``, into ``out`` [notes]. ``most_doses``, ``most_notes``: the most
    that any of them has."""
    gaps, made, given = np.empty(most_doses + 1), np.empty((7, most_doses + 1)), np.empty((4, most_doses + 1))
    since, straight, near, far = np.empty(most_notes), np.empty(most_notes), np.empty(most_notes), np.empty(most_notes)
    for person in range(first, end):
        d0, d1 = histories.dose_first[person], histories.dose_first[person + 1]
        n0, n1 = histories.note_first[person], histories.note_first[person + 1]
        doses, notes = d1 - d0, n1 - n0
        ka, k12, k21 = body.ka[person], body.k12[person], body.k21[person]
        mode = modes(ka, body.k10[person], k12, k21)
        times, lag = histories.dose_times[d0:d1], body.lag[person]
        for dose in range(1, doses):
            gaps[dose] = times[dose] - times[dose - 1]
        _between(mode, ka, k12, k21, gaps, made, doses)
        _states(mode, ka, k21, made, histories.amounts[d0:d1], body.bioavailability[person], body.depot, given, doses)
        _spread(times, lag, histories.note_times[n0:n1], given, doses, since, straight, near, far)
        _levels(mode, since, straight, near, far, notes, body.scale[person], out[n0:n1])


@jit
def _between(mode: Modes, ka: float, k12: float, k21: float, gaps: Floats, made: Floats, doses: int) -> None:
    """From each dose to the next: what stays of the depot, and the six entries of the body and of what the depot gives it."""
    for dose in range(1, doses):
        t = gaps[dose]
        one, _ = decay(mode.r1 * t)
        two, gone12 = decay(mode.g12 * t)
        three, gone23 = decay(mode.g23 * t)
        two, d12 = one * two, one * gone12 * mode.over12
        three, d23 = two * three, two * gone23 * mode.over23
        fast, gut = two if mode.fast_second else three, one if mode.gut == 0 else (two if mode.gut == 1 else three)
        d = fma(mode.body12, d12, mode.body23 * d23)
        third = max(d12 - d23, 0.0) * mode.over13
        made[0, dose] = gut
        made[1, dose] = fma(mode.slow, d, fast)
        made[2, dose] = k21 * d
        made[3, dose] = k12 * d
        made[4, dose] = fma(mode.slow_tissue, d, fast)
        made[5, dose] = ka * fma(mode.slow, third, fma(mode.gut12, d12, mode.gut23 * d23))
        made[6, dose] = ka * k12 * third


@jit
def _states(
    mode: Modes, ka: float, k21: float, made: Floats, amounts: Floats, share: float, depot: bool, given: Floats,
    doses: int,
) -> None:  # fmt: skip
    """After each dose: the weights of e^-αt, D(r1, r2) and D(r2, r3) in the level."""
    gut, blood, tissue = 0.0, 0.0, 0.0
    left, inside, deep = given[0], given[1], given[2]
    for dose in range(doses):
        if dose > 0:
            to_blood, to_tissue = (
                fma(made[5, dose], gut, made[2, dose] * tissue),
                fma(made[6, dose], gut, made[4, dose] * tissue),
            )
            gut, blood, tissue = (
                made[0, dose] * gut,
                fma(made[1, dose], blood, to_blood),
                fma(made[3, dose], blood, to_tissue),
            )
        more = amounts[dose] * share
        if depot:
            gut += more
        else:
            blood += more
        left[dose], inside[dose], deep[dose] = gut, blood, tissue
    back12, gut12 = mode.body12 * mode.over12, fma(mode.slow, mode.over13, mode.gut12) * mode.over12
    back23, gut23 = mode.body23 * mode.over23, fma(-mode.slow, mode.over13, mode.gut23) * mode.over23
    for dose in range(doses):
        gut, blood = ka * left[dose], inside[dose]
        back = fma(mode.slow, blood, k21 * deep[dose])
        left[dose], inside[dose], deep[dose] = blood, fma(back, back12, gut * gut12), fma(back, back23, gut * gut23)


@jit
def _spread(
    times: Floats,
    lag: float,
    notes: Floats,
    given: Floats,
    doses: int,
    since: Floats,
    straight: Floats,
    near: Floats,
    far: Floats,
) -> None:
    """Write beside each time what the last dose before it has left."""
    note, size = 0, len(notes)
    begin, a, b, c = 0.0, 0.0, 0.0, 0.0
    for dose in range(doses + 1):
        until = times[dose] + lag if dose < doses else math.inf
        while note < size and notes[note] < until:
            since[note] = notes[note] - begin
            straight[note], near[note], far[note] = a, b, c
            note += 1
        if dose < doses:
            begin, a, b, c = until, given[0, dose], given[1, dose], given[2, dose]


@jit
def _levels(
    mode: Modes, since: Floats, straight: Floats, near: Floats, far: Floats, notes: int, scale: float, out: Floats
) -> None:
    r1, g12, g23, fast_second = mode.r1, mode.g12, mode.g23, mode.fast_second
    for note in range(notes):
        t = max(since[note], 0.0)
        one, _ = decay(r1 * t)
        two, gone12 = decay(g12 * t)
        three, gone23 = decay(g23 * t)
        fast = two if fast_second else two * three
        inner = fma(straight[note], fast, fma(near[note], gone12, far[note] * (two * gone23)))
        out[note] = one * inner * scale
