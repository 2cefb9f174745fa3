"""Levels of many people who follow one schedule, as fast as the machine writes them.

They are those of `simulate`, to the last bit: whether compiled (with Numba) or by NumPy, on how many threads, and beside whom, changes no
number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.kinetics.alone import levels, takes
from gradatim.kinetics.course import Between, Parameters, course_of
from gradatim.kinetics.crew import ALIGNED, aligned, crews, too_wide, worth_it, written
from gradatim.kinetics.engines import Engine, cores, on_gpu
from gradatim.kinetics.events import Schedule
from gradatim.kinetics.simulate import simulate
from gradatim.kinetics.structure import LinearModel

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curves:
    """``levels`` [T, N] at ``times`` [T], in the model's level unit; doubles, or singles rounded from doubles."""

    times: Floats
    levels: NDArray[Any]


def curves(
    model: LinearModel,
    schedule: Schedule,
    parameters: Parameters,
    times: ArrayLike,
    *,
    between: Between = Between.NEXT,
    dtype: DTypeLike = np.float64,
    threads: int | None = None,
    into: Curves | None = None,
    engine: Engine | str = Engine.CPU,
) -> Curves:
    """The levels that `simulate` gives, for as many subjects as the parameters have. ``times`` in order.

    ``dtype`` float32 halves the memory: everything is worked out in doubles and rounded once. ``into``: what an earlier call gave, of the
    same size, to be written over; touching fresh memory takes longer than filling it. Raises `BadInput` as `simulate` does, and
    where there is no such ``engine``.
    """
    asked, kind = in_order(times), np.dtype(dtype)
    if kind not in {np.dtype(np.float64), np.dtype(np.float32)}:
        raise one_fault("dtype", f"{kind} is not known", "Use float64 or float32")
    course = course_of(model, schedule, parameters, between)
    if on_gpu(engine, worth_it(model, len(asked) * course.size), too_wide(model)):
        from gradatim.kinetics.gpu import many

        whole = (
            np.empty((len(asked), course.size), dtype=kind)
            if into is None
            else _room(len(asked), course.size, kind, into)
        )
        many.levels(model, course, asked, kind, whole[:, : course.size])
        return Curves(times=asked, levels=whole[:, : course.size])
    if course.size == 1:
        tape = written(model, course, course.settings, asked)
        if takes(model, tape):
            return Curves(times=asked, levels=levels(model, tape, course.settings)[:, None].astype(kind, copy=False))
    if not worth_it(model, len(asked) * course.size):
        by_numpy = simulate(model, schedule, parameters, asked, between=between).levels
        return Curves(times=asked, levels=by_numpy.astype(kind, copy=False))
    whole = _room(len(asked), course.size, kind, into)
    for crew in crews(model, course, asked):
        everybody = len(crew.subjects) == course.size
        part = whole if everybody else _room(len(asked), len(crew.subjects), kind, None)
        _store(crew, part, threads or cores())
        if not everybody:
            whole[:, crew.subjects] = part[:, : len(crew.subjects)]
    return Curves(times=asked, levels=whole[:, : course.size])


def in_order(times: ArrayLike) -> Floats:
    """Times as an array. Raises `BadInput` where they are not in order."""
    asked = np.atleast_1d(np.asarray(times, dtype=np.float64))
    if asked.ndim != 1 or not len(asked) or not np.all(np.isfinite(asked)) or np.any(np.diff(asked) < 0):
        raise BadInput([Fault("times", "are not numbers in order", "Sort them")])
    return asked


def _store(crew: Any, whole: NDArray[Any], threads: int) -> None:
    from gradatim.kinetics.compiled.sinks import Stored

    crew.run([Stored(out=whole.reshape(-1), row=whole.shape[1])] * threads)


def _room(rows: int, subjects: int, kind: np.dtype[Any], into: Curves | None) -> NDArray[Any]:
    """[T, W] with every row at a cache line: new, or where an earlier answer stood."""
    width = -(-subjects // ALIGNED) * ALIGNED
    if into is None:
        return aligned(rows * width, kind).reshape(rows, width)
    old, place = into.levels, into.levels.ctypes.data
    if (
        old.shape != (rows, subjects)
        or old.dtype != kind
        or place % 64
        or old.strides != (width * kind.itemsize, kind.itemsize)
    ):
        raise one_fault("into", "is no answer of the same size and kind", "Give what an earlier call of curves gave")
    return np.lib.stride_tricks.as_strided(old, (rows, width), old.strides)
