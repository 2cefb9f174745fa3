"""Runs a tape for many people who share it, one thread for each: the walk of `gradatim.kinetics.simulate`.

Rows of time, columns of people: the threads of a warp stand side by side, so what they write at one time lies side by side as well, and
goes to memory as whole lines. It is also how the answer is asked for, so nothing is turned afterwards.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from gradatim.kinetics.gpu.device import cuda, kernel, part, times
from gradatim.kinetics.gpu.sinks import Sink, noter
from gradatim.kinetics.gpu.stretch import maker
from gradatim.kinetics.tape import Op

_MAKE, _GO, _RUN, _PUT, _STOP, _FEED, _WIPE, _ADD, _NOTE, _SCALE, _DUE = (int(op) for op in Op)


@cache
def runner(n: int, seen: int, fed: bool, area: bool, sink: Sink) -> Any:  # noqa: PLR0915 - one kernel
    """The kernel for ``n`` compartments of which ``seen`` is read; ``fed``: with infusions; ``area``: with areas.

    ``lines`` [K, 4] and ``sizes`` [K] are the tape. ``rates`` [settings, n·n + n, W], ``scales`` [settings, W], ``factors`` [2 · factors, W],
    ``steady`` [settles, n, W]; ``held`` [places · n·n (· 3), W] is room for propagators. Then where levels go, as the sink says, and how many
    of the W columns are people.
    """
    square, full = n * n, fed or area
    block = 3 * square if full else square
    make, note = maker(n, full), noter(sink)

    @part
    def given(size: float, factors: Any, which: int, i: int) -> Any:
        return times(times(size, factors[2 * which, i]), factors[2 * which + 1, i])

    @kernel
    def run(  # noqa: PLR0915
        lines: Any, sizes: Any, rates: Any, scales: Any, factors: Any, steady: Any, held: Any, reals: Any, whole: Any, marks: Any, people: int
    ) -> None:  # fmt: skip
        i = cuda.grid(1)
        if i >= people:
            return
        x, after, inflow, p = (
            cuda.local.array(n, np.float64), cuda.local.array(n, np.float64), cuda.local.array(n, np.float64),
            cuda.local.array(block, np.float64),
        )  # fmt: skip
        fedrow, sumrow, given_row = (
            cuda.local.array(n, np.float64), cuda.local.array(n, np.float64), cuda.local.array(n, np.float64)
        )  # fmt: skip
        for k in range(n):
            x[k] = inflow[k] = given_row[k] = 0.0
        of_level, of_area, grown_by, summed, dose, due = 0.0, 0.0, 0.0, 0.0, 0.0, -1
        for place in range(len(lines)):
            op, a, b, c = lines[place, 0], lines[place, 1], lines[place, 2], lines[place, 3]
            if op == _RUN or op == _GO:  # noqa: PLR1714, SIM109 - compiled
                base = a * block
                for k in range(square):
                    p[k] = held[base + k, i]
                if fed:
                    for k in range(n):
                        given_row[k] = times(held[base + square + k * n, i], inflow[0])
                        for j in range(1, n):
                            given_row[k] += times(held[base + square + k * n + j, i], inflow[j])
                if area:
                    for k in range(n):
                        fedrow[k] = held[base + square + seen * n + k, i]
                        sumrow[k] = held[base + 2 * square + seen * n + k, i]
                    grown_by = times(sumrow[0], inflow[0])
                    for k in range(1, n):
                        grown_by += times(sumrow[k], inflow[k])
                for slot in range(b if op == _RUN else 0, c if op == _RUN else 1):
                    for k in range(n):
                        after[k] = times(p[k * n], x[0])
                        for j in range(1, n):
                            after[k] += times(p[k * n + j], x[j])
                        if fed:
                            after[k] += given_row[k]
                    if area:
                        grown = times(fedrow[0], x[0])
                        for k in range(1, n):
                            grown += times(fedrow[k], x[k])
                        if fed:
                            grown += grown_by
                        summed += times(grown, of_area)
                    for k in range(n):
                        x[k] = after[k]
                        if k == due:
                            x[k] += dose
                    due = -1
                    if op == _RUN:
                        note(reals, whole, marks, slot, i, times(x[seen], of_level), summed)
            elif op == _MAKE:
                make(rates[b], i, sizes[place], p)
                for k in range(block):
                    held[a * block + k, i] = p[k]
            elif op == _PUT:
                for k in range(n):
                    if k == a:
                        x[k] += given(sizes[place], factors, b, i)
            elif op == _DUE:
                due, dose = a, given(sizes[place], factors, b, i)
            elif op == _FEED:
                for k in range(n):
                    if k == a:
                        inflow[k] += given(sizes[place], factors, b, i)
            elif op == _STOP:
                for k in range(n):
                    inflow[k] = 0.0
            elif op == _WIPE:
                for k in range(n):
                    x[k] = 0.0
            elif op == _ADD:
                for k in range(n):
                    x[k] += steady[a, k, i]
            elif op == _NOTE:
                note(reals, whole, marks, b, i, times(x[seen], of_level), summed)
            elif op == _SCALE:
                of_area, of_level = scales[a, i], scales[b, i]

    return run
