"""Runs a tape for many subjects who share it, block by block: the walk of `gradatim.kinetics.simulate`, 8 subjects at a time."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gradatim.kinetics.compiled.jit import jit
from gradatim.kinetics.compiled.sinks import begin_piece, end_piece, finish, go, note
from gradatim.kinetics.compiled.steps import advance, make
from gradatim.kinetics.tape import Op

_MAKE, _GO, _RUN, _PUT, _STOP, _FEED, _WIPE, _ADD, _NOTE, _SCALE, _DUE = (int(op) for op in Op)

Floats = NDArray[np.float64]


class Form(NamedTuple):
    """What a kernel is compiled for, in types: an integer says yes, a boolean no. ``pattern`` [n, n]: which entries of a propagator are
    not 0; ``leaks`` [n]: from where drug leaves the body; ``seen``: as many items as the place of the compartment that is read;
    ``fed``: whether there are infusions; ``area``: whether areas are asked for; ``full``: either, so that integrals are needed."""

    pattern: Any
    leaks: Any
    seen: Any
    full: Any
    fed: Any
    area: Any


class Numbers(NamedTuple):
    """The numbers of W subjects: ``rates`` [settings, n·n + n, W], ``scales`` [settings, W], ``factors`` [2 · factors, W], ``steady``
    [settles, n, W]."""

    rates: Floats
    scales: Floats
    factors: Floats
    steady: Floats


class Rows(NamedTuple):
    """Where in a workspace amounts, inputs, the area, the scales, lengths of time (or a dose that is due), and propagators begin."""

    state: int
    fed: int
    sums: int
    scales: int
    dt: int
    made: int


@jit
def run(
    form: Form,
    lines: Any,
    x: Any,
    cuts: Any,
    numbers: Numbers,
    held: int,
    sink: Any,
    begin: int,
    end: int,
    lanes: int,
    together: int,
    w: Any,
) -> None:
    """Run a tape for the subjects from ``begin`` up to and without ``end``, ``lanes`` at a time; all three multiples of 16.

    ``cuts``: where the tape is cut, line and slot; all subjects go through a piece before any goes on, so that what a sink keeps for its
    times stays in the cache; ``together``, a multiple of ``lanes``, before the sink takes them in. ``w``: workspaces, one for each block
    of subjects, of 2n + 4 rows of ``lanes`` and ``held`` more for each propagator held.
    """
    for cut in range(len(cuts) - 1):
        (line, slot), (until, after) = cuts[cut], cuts[cut + 1]
        for group in range(begin, end, together):
            last = min(group + together, end)
            begin_piece(sink, slot, group)
            for first in range(group, last, lanes):
                block = w[(first - begin) // lanes]
                _block(form, lines, x, numbers, held, sink, first, min(lanes, last - first), block, line, until)
            end_piece(sink, after - slot, last - group)
    finish(sink)


@jit
def _block(
    form: Form, lines: Any, x: Any, numbers: Numbers, held: int, sink: Any, first: int, lanes: int, w: Any, go_from: int,
    go_to: int,
) -> None:  # fmt: skip
    n, row = len(form.pattern), numbers.scales.shape[1]
    at = Rows(0, n * lanes, 2 * n * lanes, (2 * n + 1) * lanes, (2 * n + 3) * lanes, (2 * n + 4) * lanes)
    due = -1
    if go_from == 0:
        w[: at.made] = 0.0
    for place in range(go_from, go_to):
        op, a, b, c = lines[place]
        if op == _RUN:
            by = at.made + a * held * lanes
            go(sink, w, form, at, by, due, b, c, first, lanes)
            due = -1
        elif op == _GO:
            by = at.made + a * held * lanes
            advance(
                w, form.pattern, form.seen, form.fed, form.area, (), at.state, by, -1, 0, at.fed, at.sums, at.scales, w, 0, 0, 1, lanes,
                (0, 0, 0),
            )  # fmt: skip
        elif op == _MAKE:
            w[at.dt : at.dt + lanes] = x[place]
            rates = numbers.rates[b].reshape(-1)
            make(w, rates, form.pattern, form.leaks, form.full, at.made + a * held * lanes, at.dt, first, row, lanes)
        elif op == _PUT or op == _FEED or op == _DUE:  # noqa: PLR1714, SIM109 - compiled
            to = at.dt if op == _DUE else (at.state if op == _PUT else at.fed) + a * lanes
            if op == _DUE:
                due = a
                w[to : to + lanes] = 0.0
            into = w[to : to + lanes]
            share, whole = (
                numbers.factors[2 * b, first : first + lanes],
                numbers.factors[2 * b + 1, first : first + lanes],
            )
            for lane in range(lanes):
                into[lane] += x[place] * share[lane] * whole[lane]
        elif op == _STOP:
            w[at.fed : at.fed + n * lanes] = 0.0
        elif op == _WIPE:
            w[at.state : at.state + n * lanes] = 0.0
        elif op == _ADD:
            for i in range(n):
                into, more = (
                    w[at.state + i * lanes : at.state + (i + 1) * lanes],
                    numbers.steady[a, i, first : first + lanes],
                )
                for lane in range(lanes):
                    into[lane] += more[lane]
        elif op == _NOTE:
            note(sink, w, form, at, b, first, lanes)
        elif op == _SCALE:
            w[at.scales : at.scales + lanes] = numbers.scales[a, first : first + lanes]
            w[at.scales + lanes : at.scales + 2 * lanes] = numbers.scales[b, first : first + lanes]
