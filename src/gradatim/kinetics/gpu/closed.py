"""Levels of one and two compartments, with a depot or none, by the closed form of `gradatim.kinetics.compiled.apart`: three exponentials
where a propagator would need thousands of products. Nothing cancels where two rates are equal or nearly so; see there.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradatim.kinetics.elementary import LN2_HIGH, LN2_LOW, LOG2_E, ROUND, SERIES
from gradatim.kinetics.gpu.device import cuda, kernel, part, times
from gradatim.kinetics.gpu.digits import horner, two_to
from gradatim.kinetics.gpu.places import last_until

SHARE, LAG, SCALE, KA, K10, K12, K21 = range(7)
"""Rows of what is told about each person."""
R1, G12, G23, FAST_SECOND = range(4)
"""Rows of a person's modes: the slowest rate, the gaps to the next two, and whether the faster rate of the body is the second."""
_APART, _LEAST, _DEEP = 1e-14, 1e-150, 708.0


@part
def _decay(z: float) -> Any:
    """exp(−z) and 1 − exp(−z) for z ≥ 0; 0 and 1 from 708 on."""
    x = -min(z, _DEEP)
    shifted = times(x, LOG2_E) + ROUND
    k = shifted - ROUND
    r = (x - times(k, LN2_HIGH)) - times(k, LN2_LOW)
    less_one = r + times(times(r, r), horner(SERIES, r))
    power = two_to(np.int64(k))
    grown = times(power, less_one)
    return grown + power if z < _DEEP else 0.0, -(grown + (power - 1.0))


@part
def _gap(between: float, larger: float) -> Any:
    """Between two rates, kept off 0."""
    return max(between, max(times(_APART, larger), _LEAST))  # noqa: PLW3301 - two at a time is what a device has


@kernel
def weigh(
    about: Any, dose_first: Any, states: Any, depot: int, seen: int, tissue: int, modes: Any, weights: Any, people: int
) -> None:
    """The modes [4, W] of each person, and the weights [3, doses] of e^-αt, D(r1, r2) and D(r2, r3) in the level after each dose, from the
    amounts [n, doses] just after it. ``depot`` and ``tissue`` are their places, −1 where there is none."""
    i = cuda.grid(1)
    if i >= people:
        return
    ka, k10, k12, k21 = about[KA, i], about[K10, i], about[K12, i], about[K21, i]
    a, both = k10 + k12, times(k12, k21)
    root = math.sqrt(times(a - k21, a - k21) + times(4.0, both))
    if a >= k21:
        slow_tissue = times(0.5, (a - k21) + root)
        slow = both / slow_tissue if both > 0.0 else 0.0
        fast = k21 + slow_tissue
    else:
        slow = times(0.5, (k21 - a) + root)
        fast = a + slow
    late = times(k10, k21 / fast) if fast > 0.0 else 0.0
    gap = _gap(root, fast)
    r1, body12, body23, gut12, gut23, fast_second = late, 1.0, 0.0, 0.0, 1.0, 0.0
    if ka <= late:
        r1, g12, g23 = ka, _gap(late - ka, late), gap
        body12, body23, gut12, gut23 = 0.0, 1.0, g12 / (g12 + g23), g23 / (g12 + g23)
    elif ka <= fast:
        g12, g23 = _gap(ka - late, ka), _gap(fast - ka, fast)
        body12, body23 = g12 / (g12 + g23), g23 / (g12 + g23)
    else:
        g12, g23, fast_second = gap, _gap(ka - fast, ka), 1.0
    modes[R1, i], modes[G12, i], modes[G23, i], modes[FAST_SECOND, i] = r1, g12, g23, fast_second
    over12, over23, third = 1.0 / g12, 1.0 / g23, times(slow, 1.0 / (g12 + g23))
    back12, back23 = times(body12, over12), times(body23, over23)
    from12, from23 = times(third + gut12, over12), times(gut23 - third, over23)
    for dose in range(dose_first[i], dose_first[i + 1]):
        blood = states[seen, dose]
        back = times(slow, blood)
        if tissue >= 0:
            back += times(k21, states[tissue, dose])
        gut = times(ka, states[depot, dose]) if depot >= 0 else 0.0
        weights[0, dose] = blood
        weights[1, dose] = times(back, back12) + times(gut, from12)
        weights[2, dose] = times(back, back23) + times(gut, from23)


@kernel
def read(
    about: Any, dose_first: Any, dose_times: Any, modes: Any, weights: Any, note_first: Any, note_times: Any, out: Any, people: int, notes: int
) -> None:  # fmt: skip
    """The level at each time, one thread for each."""
    note = cuda.grid(1)
    if note >= notes:
        return
    i = last_until(note_first, 0, people, note, 0.0)
    time, lag = note_times[note], about[LAG, i]
    dose = last_until(dose_times, dose_first[i], dose_first[i + 1], time, lag)
    level = 0.0
    if dose >= dose_first[i]:
        t = max(time - (dose_times[dose] + lag), 0.0)
        one, _ = _decay(times(modes[R1, i], t))
        two, gone12 = _decay(times(modes[G12, i], t))
        three, gone23 = _decay(times(modes[G23, i], t))
        fast = two if modes[FAST_SECOND, i] > 0.0 else times(two, three)
        inner = times(weights[1, dose], gone12) + times(weights[2, dose], times(two, gone23))
        level = times(times(one, times(weights[0, dose], fast) + inner), about[SCALE, i])
    out[note] = level
