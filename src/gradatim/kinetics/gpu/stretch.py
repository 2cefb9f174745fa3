"""What a stretch of time does to one person's amounts: `gradatim.kinetics.propagator.propagator` for one thread."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from gradatim.kinetics.gpu.device import part, times
from gradatim.kinetics.gpu.device import words as cuda
from gradatim.kinetics.propagator import TERMS


@cache
def maker(n: int, full: bool) -> Any:  # noqa: PLR0915 - one function that is compiled as a whole
    """The function that makes the propagator of ``n`` compartments; with ``full`` its integrals too.

    ``rates`` [n·n + n, W]: between compartments, row by row, then what is lost, column ``i`` of them. ``made``, the thread's own: P row by row,
    then Φ and Ψ. Arrays of fixed size that loops of fixed length go through become registers.
    """
    square, last = n * n, TERMS + n + 1

    @part
    def make(rates: Any, i: int, dt: float, made: Any) -> None:  # noqa: PLR0915
        between, lost = cuda.local.array(square, np.float64), cuda.local.array(n, np.float64)
        leaving, out, row = (
            cuda.local.array(n, np.float64), cuda.local.array(n, np.float64), cuda.local.array(n, np.float64)
        )  # fmt: skip
        speed = 0.0
        for j in range(n):
            lost[j] = rates[square + j, i]
            inside = 0.0
            for k in range(n):
                between[k * n + j] = rates[k * n + j, i]
                inside += between[k * n + j]
            leaving[j] = lost[j] + inside
            speed = max(speed, leaving[j])
        exponent: Any = (np.float64(times(speed, dt)).view(np.int64) >> 52) - 1022
        doublings: Any = max(exponent, 0)
        h = times(dt, np.int64((1023 - doublings) << 52).view(np.float64))
        stay = times(speed, h)
        for j in range(n):
            for k in range(n):
                between[k * n + j] = times(speed - leaving[j] if k == j else between[k * n + j], h)

        term, p = cuda.local.array(square, np.float64), cuda.local.array(square, np.float64)
        fed_term, f = cuda.local.array(square, np.float64), cuda.local.array(square, np.float64)
        more = square if full else 1
        summed_term, s = cuda.local.array(square, np.float64), cuda.local.array(square, np.float64)
        for place in range(square):
            term[place] = p[place] = 1.0 if place % (n + 1) == 0 else 0.0
            fed_term[place] = f[place] = 0.0
        for place in range(more):
            summed_term[place] = s[place] = 0.0
        for k in range(1, last):
            share = 1.0 / k
            for place in range(square):
                if full:
                    grown = times(fed_term[place], h) + times(summed_term[place], stay)
                    summed_term[place] = times(grown, share)
                    s[place] += summed_term[place]
                fed_term[place] = times(times(term[place], h) + times(fed_term[place], stay), share)
                f[place] += fed_term[place]
            for a in range(n):
                for b in range(n):
                    row[b] = times(term[a * n], between[b])
                    for c in range(1, n):
                        row[b] += times(term[a * n + c], between[c * n + b])
                for b in range(n):
                    term[a * n + b] = times(row[b], share)
                    p[a * n + b] += term[a * n + b]
        for j in range(n):
            out[j] = times(f[j], lost[0])
            for k in range(1, n):
                out[j] += times(f[k * n + j], lost[k])
            whole = p[j]
            for k in range(1, n):
                whole += p[k * n + j]
            share = 1.0 / (whole + out[j])
            out[j] = times(out[j], share)
            for k in range(n):
                p[k * n + j] = times(p[k * n + j], share)
                if full:
                    f[k * n + j] = times(f[k * n + j], share)
                    s[k * n + j] = times(s[k * n + j], share)
        for _ in range(doublings):
            if full:
                for place in range(square):
                    term[place] = s[place] + times(h, f[place])
                for a in range(n):
                    for b in range(n):
                        total, through = times(p[a * n], s[b]), times(p[a * n], f[b])
                        for c in range(1, n):
                            total += times(p[a * n + c], s[c * n + b])
                            through += times(p[a * n + c], f[c * n + b])
                        term[a * n + b] += total
                        fed_term[a * n + b] = f[a * n + b] + through
                for place in range(square):
                    s[place], f[place] = term[place], fed_term[place]
            for j in range(n):
                row[j] = times(p[j], out[0])
                for k in range(1, n):
                    row[j] += times(p[k * n + j], out[k])
            for a in range(n):
                for b in range(n):
                    total = times(p[a * n], p[b])
                    for c in range(1, n):
                        total += times(p[a * n + c], p[c * n + b])
                    term[a * n + b] = total
            for j in range(n):
                left, whole = out[j] + row[j], term[j]
                for k in range(1, n):
                    whole += term[k * n + j]
                share = 1.0 / (whole + left)
                out[j] = times(left, share)
                for k in range(n):
                    p[k * n + j] = times(term[k * n + j], share)
            h = times(h, 2.0)
        for place in range(square):
            made[place] = p[place]
            if full:
                made[square + place] = f[place]
                made[2 * square + place] = s[place]

    return make
