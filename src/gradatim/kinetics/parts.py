"""Many people, some at a time, here or on a cluster; and what is put together of the parts so that no cut between them can be seen.

Counts are whole numbers, and what is kept of each person goes to the person's place: both are the same in any order. A sum of doubles is
not, so it is made exact: a whole number of 2^-1126, of which every double is a multiple, that is rounded once when it is told.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from gradatim.kinetics.cluster import Client

Floats = NDArray[np.float64]
Done = TypeVar("Done")
_UNIT = 1126  # 2^-1126: half of what the least double is, with the 53 bits of a mantissa below it
_BITS = 53
_HALF = 27


def each_part(
    work: Callable[[int, int], Done], people: int, *, first: int = 0, chunk: int | None, most: int, on: Client | None
) -> Iterator[tuple[int, int, Done]]:
    """What ``work`` says of ``people`` from the ``first`` on, ``chunk`` at a time: the number of the first of a part, how many, and the
    answer. In order here; on a cluster as they are done. Without a chunk as many at a time as suit the cluster, ``most`` of them at most.
    """
    if on is not None:
        from gradatim.kinetics.cluster import each, size_of_parts

        yield from each(on, work, _cuts(first, people, chunk or size_of_parts(on, people, most)))
        return
    for begin, some in _cuts(first, people, chunk or most):
        yield begin, some, work(begin, some)


def _cuts(first: int, people: int, step: int) -> Iterator[tuple[int, int]]:
    return ((begin, min(step, first + people - begin)) for begin in range(first, first + people, step))


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Counts [T, classes] of a part without the classes in which nobody is: a tenth of the bytes to send."""

    classes: NDArray[np.int64]
    counts: NDArray[np.uint32]

    @classmethod
    def of(cls, counts: NDArray[np.uint32]) -> Self:
        """Of whole counts."""
        classes = np.flatnonzero(counts.any(axis=0))
        return cls(classes, np.ascontiguousarray(counts[:, classes]))

    def and_also(self, other: Self) -> Seen:
        """Of both parts."""
        classes = np.union1d(self.classes, other.classes)
        counts = np.zeros((len(self.counts), len(classes)), dtype=np.uint32)
        for one in (self, other):
            counts[:, np.searchsorted(classes, one.classes)] += one.counts
        return Seen(classes, counts)

    def into(self, counts: NDArray[np.uint32]) -> None:
        """Add them to others."""
        counts[:, self.classes] += self.counts


def exact_sums(rows: Floats) -> list[int]:
    """The sum of each row of numbers [R, N], 0 or more, in 2^-1126: exact, so the same in any order and any parts. For up to 2^36 of them."""
    mantissa, exponent = np.frexp(rows)
    whole = np.ldexp(mantissa, _BITS).astype(np.int64)
    high, low = whole >> _HALF, whole & ((1 << _HALF) - 1)
    found = []
    for row, upper, lower in zip(exponent, high, low, strict=True):
        total = 0
        for place in np.unique(row).tolist():
            here = row == place
            total += ((int(upper[here].sum()) << _HALF) + int(lower[here].sum())) << (place + _UNIT - _BITS)
        found.append(total)
    return found


def told(total: int, of: int) -> float:
    """The mean of ``of`` numbers with an exact sum, rounded once."""
    return float(Fraction(total, of << _UNIT))


def spread_of(total: int, squares: int, of: int) -> float:
    """The standard deviation of ``of`` numbers from their sum and that of their squares: nothing is lost between the two. 0 of one."""
    if of < 2:
        return 0.0
    variance = (Fraction(squares, 1 << _UNIT) - Fraction(total, 1 << _UNIT) ** 2 / of) / (of - 1)
    return math.sqrt(max(variance, Fraction(0)))
