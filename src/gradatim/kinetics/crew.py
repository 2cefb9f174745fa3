"""Subjects who go through the same steps at the same times, made ready for the kernels, and run on some threads."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradatim.kinetics.course import Course, groups
from gradatim.kinetics.engines import has_numba
from gradatim.kinetics.plain import plain_tape
from gradatim.kinetics.program import compiled, times_of
from gradatim.kinetics.structure import LinearModel, Setting
from gradatim.kinetics.tape import Tape, tape_of

Floats = NDArray[np.float64]

LANES = 128
"""Subjects side by side: what a kernel works on stays in the first cache."""
ALIGNED = 16
"""Subjects whose levels fill whole cache lines, as doubles or as singles."""
_WIDEST = 8  # compartments: loops over them are unrolled
BLOCKS = 8
"""Blocks of subjects whose levels wait together to be counted."""
_FOLLOWED = 64  # blocks that go through a piece of the tape before any goes on: what is counted for its times stays in the cache
_ENOUGH = 100_000  # levels: below, NumPy has them before a first kernel is fetched from disk


def worth_it(model: LinearModel, levels: int) -> bool:
    """Whether kernels are there, take the model, and are sooner than NumPy."""
    return levels >= _ENOUGH and len(model.compartments) <= _WIDEST and has_numba()


def too_wide(model: LinearModel) -> str:
    """Why no kernel takes a model; empty where they do."""
    return (
        f"{len(model.compartments)} compartments are more than {_WIDEST}" if len(model.compartments) > _WIDEST else ""
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Crew:
    """``subjects``: their places among all. ``numbers``: rates, scales, factors and steady states of ``width`` subjects, of whom the last
    is repeated to fill up."""

    subjects: NDArray[np.int64]
    width: int
    tape: Tape
    numbers: tuple[Floats, Floats, Floats, Floats]
    pattern: NDArray[np.bool_]
    leaks: NDArray[np.bool_]
    seen: int

    def run(self, sinks: list[Any], *, area: bool = False, piece: int | None = None) -> None:
        """Run the tape into sinks of `gradatim.kinetics.compiled.sinks`: one thread for each of them."""
        from gradatim.kinetics.compiled import shared

        def said_one(one: bool) -> Any:
            return 1 if one else False

        def said(mask: NDArray[np.bool_]) -> tuple[Any, ...]:
            return tuple(map(said_one, mask.tolist()))

        full = area or self.tape.integrals
        form = shared.Form(
            pattern=tuple(map(said, self.pattern)), leaks=said(self.leaks), seen=(0,) * self.seen,
            full=said_one(full), fed=said_one(self.tape.integrals), area=said_one(area),
        )  # fmt: skip
        held = int(self.pattern.sum()) * (3 if full else 1)
        lanes, n = min(LANES, self.width), len(self.pattern)
        blocks = 1 if piece is None else _FOLLOWED
        work = (2 * n + 4 + self.tape.places * held) * lanes
        cuts = self.tape.cut(self.tape.slots + 1) if piece is None else self.tape.cut(piece)
        numbers = shared.Numbers(*self.numbers)
        step = lanes * max(1, min(blocks, self.width // (lanes * len(sinks) * 4)))
        parts = iter(range(0, self.width, step))

        def keep_on(sink: Any) -> None:
            w = aligned(work * (step // lanes), np.dtype(np.float64)).reshape(step // lanes, work)
            while (begin := next(parts, None)) is not None:
                end = min(begin + step, self.width)
                shared.run(
                    form,
                    self.tape.lines,
                    self.tape.numbers,
                    cuts,
                    numbers,
                    held,
                    sink,
                    begin,
                    end,
                    lanes,
                    lanes * BLOCKS,
                    w,
                )

        if len(sinks) == 1:
            keep_on(sinks[0])
            return
        with ThreadPoolExecutor(len(sinks)) as pool:
            for done in [pool.submit(keep_on, sink) for sink in sinks]:
                done.result()


def crews(model: LinearModel, course: Course, times: Floats, stops: frozenset[int] = frozenset()) -> Iterator[Crew]:
    """The groups of a course, ready to run."""
    for subjects in groups(model, course):
        everybody = len(subjects) == course.size
        width = -(-len(subjects) // ALIGNED) * ALIGNED
        wide = np.concatenate([subjects, np.repeat(subjects[-1:], width - len(subjects))])
        same = everybody and width == course.size
        settings = course.settings if same else [setting.of(wide) for setting in course.settings]
        tape = written(model, course, settings, times, stops)
        pattern, leaks = _closed(settings), np.any([one.rates.lost.max(axis=1) > 0 for one in settings], axis=0)
        yield Crew(
            subjects=subjects, width=width, tape=tape, numbers=_numbers(model, tape, settings, pattern, leaks), pattern=pattern,
            leaks=leaks, seen=model.place(model.observed),
        )  # fmt: skip


_kept: dict[object, tuple[Tape, object]] = {}
_KEPT = 16
_keeping = Lock()


def written(
    model: LinearModel, course: Course, settings: list[Setting], times: Floats, stops: frozenset[int] = frozenset()
) -> Tape:
    """The tape of a course for the first subject of the settings, and for all who share it. The last few are remembered."""
    clocks = [times_of(setting, 0) for setting in settings]
    timed = any(row.rate for row in course.schedule.rows) or any(
        portion.spread for portions in model.entries.values() for portion in portions
    )
    about = tuple(
        (clock.lag(place), *((clock.bioavailability(place), clock.duration(place), clock.rate(place)) if timed else ()))
        for clock in clocks
        for place in range(len(model.compartments))
    )
    key = (id(model), id(course.schedule), times.tobytes(), tuple(course.until), tuple(course.own), about, stops)
    found = _kept.get(key)
    if found is not None:
        return found[0]
    tape = None if stops else plain_tape(model, course.schedule, clocks, times)
    if tape is None:
        steps = compiled(model, course.schedule, clocks, until=course.until, own=course.own, notes=times.tolist())
        tape = tape_of(steps, len(times), stops)
    with _keeping:
        while len(_kept) >= _KEPT:
            del _kept[next(iter(_kept))]
        _kept[key] = (tape, (model, course.schedule))  # kept alive, so that no other takes over their ids
    return tape


def _numbers(
    model: LinearModel, tape: Tape, settings: list[Setting], pattern: NDArray[np.bool_], leaks: NDArray[np.bool_]
) -> tuple[Floats, Floats, Floats, Floats]:
    apart = np.argwhere(pattern & ~np.eye(len(pattern), dtype=bool))
    away = np.flatnonzero(leaks)
    rates = np.empty((len(settings), len(apart) + len(away), len(settings[0].volume)))
    for into, setting in zip(rates, settings, strict=True):
        for row, (i, j) in zip(into, apart, strict=False):
            row[:] = setting.rates.between[i, j]
        for row, k in zip(into[len(apart) :], away, strict=True):
            row[:] = setting.rates.lost[k]
    scales = np.array([model.units.level_factor / setting.volume for setting in settings])
    return rates, scales, tape.factor_rows(settings), tape.steady_rows(settings)


def _closed(settings: list[Setting]) -> NDArray[np.bool_]:
    """Which compartments drug can get into from which, directly or not."""
    n = len(settings[0].rates.lost)
    found = np.eye(n, dtype=bool)
    for setting in settings:
        found |= setting.rates.between.max(axis=2) > 0
    for k in range(n):
        found |= found[:, k : k + 1] & found[k : k + 1]
    return found


def aligned(size: int, kind: np.dtype[Any]) -> NDArray[Any]:
    """Fresh memory that begins at a cache line."""
    raw = np.empty(size * kind.itemsize + 64, dtype=np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + size * kind.itemsize].view(kind)
