"""The tape of a schedule that has only doses given at once: the same as from its steps, without walking through each of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gradatim.kinetics.events import Row, Schedule
from gradatim.kinetics.program import Times, even
from gradatim.kinetics.structure import LinearModel
from gradatim.kinetics.tape import LONGEST, Factor, Op, Tape, fused

_MAKE, _GO, _RUN, _PUT, _NOTE, _SCALE = (int(op) for op in (Op.MAKE, Op.GO, Op.RUN, Op.PUT, Op.NOTE, Op.SCALE))
_MOST = (
    64  # different lengths of time; above, the tape is written step by step, which drops what is not needed any more
)


def plain_tape(
    model: LinearModel, schedule: Schedule, settings: Sequence[Times], times: NDArray[np.float64]
) -> Tape | None:
    """None where the schedule, or the model's way of taking its doses, is not so plain."""
    rows = schedule.rows
    if len(settings) != 1 or any(
        row.evid > 2 or row.ss or row.addl or row.rate or row.dur or (row.evid == 1 and row.amt <= 0) for row in rows
    ):
        return None
    into: dict[str | int | None, tuple[int, int]] = {}
    factors: dict[Factor, int] = {}
    for cmt in {row.cmt for row in rows if row.evid == 1}:
        place = model.place(1 if cmt is None else cmt)
        (portion, *others) = model.portions(place)
        to = model.place(portion.into)
        if others or portion.spread or settings[0].lag(to) > 0:
            return None
        into[cmt] = to, factors.setdefault((portion, 0, True, to), len(factors))
    when = np.array([row.time for row in rows])
    moments = np.unique(np.concatenate([when, times]))
    lengths = even(np.diff(moments).tolist())
    different, which = np.unique(lengths, return_inverse=True)
    if np.any(np.diff(when) < 0) or len(different) > _MOST:
        return None
    noted = np.searchsorted(times, moments, side="right").tolist()
    given = np.searchsorted(when, moments, side="right").tolist()
    lines: list[tuple[int, int, int, int]] = [
        (_SCALE, 0, 0, 0),
        *((_MAKE, place, 0, 0) for place in range(len(different))),
    ]
    numbers: list[float] = [0.0, *different.tolist()]
    stays = (np.diff(noted) == 1) & (np.diff(given) == 0)  # from the second moment on: noted once, nothing given
    turns = np.flatnonzero(np.diff(which) | ~stays[1:] | ~stays[:-1]) + 1
    ends = [0, *turns.tolist(), len(which)] if len(which) else [0]
    for first, end in pairwise(ends):
        if first == 0:
            _at(lines, numbers, rows, into, (0, given[0]), (0, noted[0]))
        place, slot = int(which[first]), noted[first]
        if stays[first]:
            for begin in range(slot, slot + end - first, LONGEST):
                lines.append((_RUN, place, begin, min(begin + LONGEST, slot + end - first)))
                numbers.append(0.0)
        else:
            lines.append((_GO, place, 0, 0))
            numbers.append(0.0)
            _at(lines, numbers, rows, into, (given[first], given[first + 1]), (slot, noted[first + 1]))
    if not len(which):
        _at(lines, numbers, rows, into, (0, given[0]), (0, noted[0]))
    lines, numbers = fused(lines, numbers)
    return Tape(
        lines=np.array(lines, dtype=np.int64), numbers=np.array(numbers), factors=tuple(factors), settles=(), places=len(different),
        slots=len(times), integrals=False,
    )  # fmt: skip


def _at(
    lines: list[tuple[int, int, int, int]],
    numbers: list[float],
    rows: Sequence[Row],
    into: dict[str | int | None, tuple[int, int]],
    given: tuple[int, int],
    noted: tuple[int, int],
) -> None:
    """What happens at one moment: doses in the order of the rows, then notes."""
    for row in rows[given[0] : given[1]]:
        if row.evid == 1:
            lines.append((_PUT, *into[row.cmt], 0))
            numbers.append(row.amt)
    for slot in range(*noted):
        lines.append((_NOTE, 0, slot, 0))
        numbers.append(0.0)
