"""Quantiles over many people at every time, without keeping a single curve: levels are counted in fine classes and forgotten.

A class is the exponent of a level and its first ``fine`` bits: 2^fine classes from each level to its double. Counts are whole numbers, so
adding them up gives the same in any order, any chunks and any number of threads. A quantile is the middle of the class in which the
smallest level lies that is reached by at least that share of the people: off by at most 2^-(fine+1) of itself, and 2^-24 for rounding it
to a single first.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.kinetics.course import Between, Parameters, course_of, everybody
from gradatim.kinetics.crew import BLOCKS, LANES, Crew, crews, too_wide, worth_it
from gradatim.kinetics.crowd import in_order
from gradatim.kinetics.engines import Engine, cores, on_gpu
from gradatim.kinetics.events import Schedule
from gradatim.kinetics.parts import Seen, each_part
from gradatim.kinetics.population import Population
from gradatim.kinetics.simulate import simulate
from gradatim.kinetics.structure import LinearModel
from gradatim.kinetics.tape import LONGEST

if TYPE_CHECKING:
    from gradatim.kinetics.cluster import Client

Floats = NDArray[np.float64]
Chunks = Callable[[int, int], Parameters]
"""The parameters of some people, by the number of the first and how many: those of a `Population`, or any others."""

CHUNK = 65_536
"""People at a time: so many that Python is hidden."""
KEPT = 8192
"""People at a time where their numbers are kept until they are counted."""
_LEAST = 2048
PIECE = 96
_ODD = 32  # rows that do not all begin in the same place of the cache
_MANTISSA = 23  # of the singles that levels are rounded to


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bands:
    """How many of ``people`` were in which class of level at ``times``: ``counts`` [T, classes].

    The first class is everything below ``least``, the last everything from ``most`` on.
    """

    times: Floats
    people: int
    counts: NDArray[np.uint32] | NDArray[np.int64]
    least: float
    fine: int

    @property
    def error(self) -> float:
        """How far a quantile is off at most, as a share of itself; for those below ``least``, which are told as 0, ``least`` itself."""
        return 2.0 ** -(self.fine + 1) + 2.0**-24

    @property
    def most(self) -> float:
        """Where the last class begins; a quantile that lies there is told as infinite."""
        return math.ldexp(self.least, (self.counts.shape[1] - 2) >> self.fine)

    def quantile(self, share: ArrayLike) -> Floats:
        """Levels [Q, T] that shares (0 to 1) of the people do not exceed: of the ⌈share · people⌉-th smallest, at least the first."""
        shares = np.atleast_1d(np.asarray(share, dtype=np.float64))
        if np.any(~((shares >= 0) & (shares <= 1))):
            raise one_fault("share", "is not from 0 to 1", "Write 0.05 for 5 %")
        reached = np.cumsum(self.counts, axis=1, dtype=np.int64)
        middles = _middles(self.least, self.fine, self.counts.shape[1])
        found = np.empty((len(shares), len(self.times)))
        for number, wanted in enumerate(shares.tolist()):
            rank = max(1, math.ceil(wanted * self.people * (1 - 1e-15)))
            found[number] = middles[np.argmax(reached >= rank, axis=1)]
        return found

    def and_also(self, other: Bands) -> Bands:
        """The bands of the people of both: the same in any order."""
        if (self.least, self.fine, self.counts.shape) != (
            other.least,
            other.fine,
            other.counts.shape,
        ) or not np.array_equal(self.times, other.times):
            raise one_fault("bands", "do not have the same times and classes", "Make both with the same settings")
        return Bands(
            times=self.times, people=self.people + other.people, counts=self.counts.astype(np.int64) + other.counts, least=self.least, fine=self.fine
        )  # fmt: skip


def bands(
    model: LinearModel,
    schedule: Schedule,
    people: Chunks | Population,
    number: int,
    times: ArrayLike,
    *,
    first: int = 0,
    between: Between = Between.NEXT,
    fine: int = 7,
    least: float = 2.0**-20,
    octaves: int = 40,
    threads: int | None = None,
    chunk: int | None = None,
    watch: Callable[[int], None] | None = None,
    engine: Engine | str = Engine.CPU,
    on: Client | None = None,
) -> Bands:
    """The bands of ``number`` people from the ``first`` on, in memory that does not grow with them.

    ``least``, a power of 2 in the level unit, and ``octaves``: from which level on, and how often doubled, levels are told apart.
    ``people`` may be asked by several threads at once; a `Population` itself is drawn on the GPU where that can be. ``chunk``: how many people
    at a time, else as many as do well. ``watch`` is told after each chunk how many people are done. ``on``: a Dask client, whose workers then
    do the counting with one thread a part; the counts are the same. Raises `BadInput` as `simulate` does, where there is no such engine, and
    for a GPU on a cluster.
    """
    asked = in_order(times)
    exponent = math.frexp(least)
    far = exponent[1] - 1 < -126 or exponent[1] - 1 + octaves > 127
    if exponent[0] != 0.5 or far or not 1 <= fine <= 10 or octaves < 1 or not 1 <= number < 2**32:
        problem = f"least {least:g}, fine {fine}, octaves {octaves}, number {number}"
        raise BadInput(
            [
                Fault(
                    "bands",
                    problem,
                    "Give a power of 2, 1 to 10 bits, 1 octave or more as far as singles reach, and 1 person or more",
                )
            ]
        )
    classes = (octaves << fine) + 2
    by_gpu = on_gpu(engine, worth_it(model, len(asked) * number), too_wide(model), on_cluster=on is not None)
    if on is not None:
        part = _Part(model, schedule, people, asked, between, fine, least, octaves)
        total = _gathered(
            part, (len(asked), classes), number, first=first, chunk=chunk, most=2 * CHUNK, watch=watch, on=on
        )
        return Bands(times=asked, people=number, counts=total, least=least, fine=fine)
    counter = _Counter(asked, classes, _MANTISSA - fine, ((exponent[1] + 126) << fine) - 1)
    if by_gpu:
        from gradatim.kinetics.gpu.many import Counting

        by = (counter.shift, counter.base, classes - 1)
        counting = Counting(model=model, schedule=schedule, times=asked, between=between, classes=classes, by=by)
        counts = counting.count(people, first, number, chunk, watch)
        return Bands(times=asked, people=number, counts=counts, least=least, fine=fine)
    asked_for = people.parameters if isinstance(people, Population) else people
    crowd, step = threads or cores(), max(1, min(chunk or CHUNK, max(_LEAST, -(-number // (threads or cores())))))
    parts, done, telling = iter(range(first, first + number, step)), 0, Lock()

    def count() -> NDArray[np.uint32]:
        nonlocal done
        counts = counter.empty()
        try:
            while (begin := next(parts, None)) is not None:
                some = min(step, first + number - begin)
                drawn = asked_for(begin, some)
                course = course_of(model, schedule, drawn, between)
                everybody(course.size, some)
                if worth_it(model, len(asked) * some):
                    for crew in crews(model, course, asked):
                        counter.run(crew, counts)
                else:
                    counter.add(simulate(model, schedule, drawn, asked, between=between).levels, counts)
                with telling:
                    done += some
                    if watch is not None:
                        watch(done)
        except BaseException:
            deque(parts, 0)  # nobody begins another
            raise
        return counts

    if crowd == 1 or step >= number:
        total = count()
    else:
        with ThreadPoolExecutor(crowd) as pool:
            total, *others = [one.result() for one in [pool.submit(count) for _ in range(crowd)]]
        for other in others:
            total += other
    return Bands(times=asked, people=number, counts=total, least=least, fine=fine)


def counted(
    numbers: Callable[[int, int], Floats],
    rows: int,
    people: int,
    *,
    chunk: int | None = None,
    watch: Callable[[int], None] | None = None,
    on: Client | None = None,
) -> Bands:
    """The same of any numbers [rows, people] that are not negative, made for some people at a time: by the first and how many. ``times``
    of what comes back are the rows. Classes are those that `bands` has by default."""
    counter = _usual(rows)
    part = _CountedPart(numbers, rows)
    counts = _gathered(part, (rows, counter.classes), people, first=0, chunk=chunk, most=KEPT, watch=watch, on=on)
    return Bands(times=counter.times, people=people, counts=counts, least=2.0**-20, fine=7)


def seen_of(numbers: Floats) -> Seen:
    """How many of the people are in which class, of numbers [rows, people], with the classes that `counted` has."""
    counter = _usual(len(numbers))
    counts = counter.empty()
    counter.add(numbers, counts)
    return Seen.of(counts)


def bands_of(times: Floats, people: int, parts: Sequence[Seen]) -> Bands:
    """What parts that `seen_of` counted amount to."""
    counts = _usual(len(times)).empty()
    for part in parts:
        part.into(counts)
    return Bands(times=times, people=people, counts=counts, least=2.0**-20, fine=7)


def _usual(rows: int) -> _Counter:
    fine, octaves, exponent = 7, 40, -19
    base = ((exponent + 126) << fine) - 1
    return _Counter(np.arange(rows, dtype=np.float64), (octaves << fine) + 2, _MANTISSA - fine, base)


def _gathered(
    part: Callable[[int, int], Seen],
    shape: tuple[int, int],
    number: int,
    *,
    first: int,
    chunk: int | None,
    most: int,
    watch: Callable[[int], None] | None,
    on: Client | None,
) -> NDArray[np.uint32]:
    total, done = np.zeros(shape, dtype=np.uint32), 0
    for _, some, seen in each_part(part, number, first=first, chunk=chunk, most=most, on=on):
        seen.into(total)
        done += some
        if watch is not None:
            watch(done)
    return total


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Counting some people: what is sent to a worker."""

    model: LinearModel
    schedule: Schedule
    people: Chunks | Population
    times: Floats
    between: Between
    fine: int
    least: float
    octaves: int

    def __call__(self, first: int, number: int) -> Seen:
        found = bands(
            self.model, self.schedule, self.people, number, self.times, first=first, between=self.between, fine=self.fine, least=self.least,
            octaves=self.octaves, threads=1,
        )  # fmt: skip
        return Seen.of(found.counts.astype(np.uint32, copy=False))


@dataclass(frozen=True, slots=True, eq=False)
class _CountedPart:
    numbers: Callable[[int, int], Floats]
    rows: int

    def __call__(self, first: int, number: int) -> Seen:
        return seen_of(self.numbers(first, number))


@dataclass(frozen=True, slots=True, eq=False)
class _Counter:
    """How levels are put into classes. Whole numbers: whoever counts whom, in whatever order, the sum is the same."""

    times: Floats
    classes: int
    shift: int
    base: int

    def empty(self) -> NDArray[np.uint32]:
        """Nobody counted yet, [T, classes]."""
        return np.zeros((len(self.times), self.classes), dtype=np.uint32)

    def run(self, crew: Crew, counts: NDArray[np.uint32]) -> None:
        """Count some people without keeping their levels."""
        from gradatim.kinetics.compiled.sinks import Counted

        waiting = np.zeros((2, PIECE + LONGEST + 1, LANES * BLOCKS + _ODD), dtype=np.uint16)
        since, due, by = (
            np.zeros(3, dtype=np.int64),
            np.zeros(5, dtype=np.int64),
            (self.shift, self.base, self.classes - 1),
        )
        crew.run([Counted(waiting, since, due, counts, by, len(crew.subjects))], piece=PIECE)

    def add(self, levels: Floats, counts: NDArray[np.uint32]) -> None:
        """Count levels [T, N]."""
        with np.errstate(over="ignore", under="ignore"):
            bits = np.ascontiguousarray(levels, dtype=np.float32).view(np.int32)
        places = np.clip((bits >> self.shift) - self.base, 0, self.classes - 1)
        for into, place in zip(counts, places, strict=True):
            into += np.bincount(place, minlength=self.classes).astype(np.uint32)  # noqa: PLW2901 - a row of the counts


def _middles(least: float, fine: int, classes: int) -> Floats:
    """The middle of each class; 0 below the first, infinite above the last."""
    place = np.arange(classes - 2)
    low = least * np.exp2(place >> fine) * (1 + (place & ((1 << fine) - 1)) / 2.0**fine)
    width = least * np.exp2(place >> fine) / 2.0**fine
    return np.concatenate([[0.0], low + width / 2, [np.inf]])
