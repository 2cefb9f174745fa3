"""Where noted levels go: kept, counted by class, or kept as each person's highest, lowest and area. One thread has one person, so only
counts are shared; they are whole numbers, added up by atomics, and the same in any order.
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import Any

import numpy as np

from gradatim.kinetics.gpu.device import part
from gradatim.kinetics.gpu.device import words as cuda

ONE = np.uint32(1)
HIGHEST, LOWEST, AREA = 0, 1, 2
"""What the first axis of a measured answer has."""
SPAN, BEGINS, OTHER, OTHER_BEGINS, EDGE = range(5)
"""What the marks of a time are: the one or two intervals that it belongs to (−1: none), whether each begins there, and the edge that it is."""


class Sink(Enum):
    """``reals``, ``whole`` and ``marks`` mean, in each; what is not named is not looked at."""

    STORED = "stored"  # reals [T, W]: the levels, doubles or singles rounded from doubles
    COUNTED = "counted"  # whole [T, classes]: counts; marks [1, 3]: a class is a level's bits shifted by the first, less the second, up to the third
    MEASURED = "measured"  # reals [3, K + 1, W]: highest, lowest, area so far at each edge; whole [K, W]: the time of the highest; marks [T, 5]


@cache
def noter(sink: Sink) -> Any:
    """The function that takes a level of person ``i`` at time ``slot``, and the area under the level so far."""
    return {Sink.STORED: _stored, Sink.COUNTED: _counted, Sink.MEASURED: _measured}[sink]


@part
def _stored(reals: Any, whole: Any, marks: Any, slot: int, i: int, level: float, summed: float) -> None:  # noqa: ARG001
    reals[slot, i] = level


@part
def _counted(reals: Any, whole: Any, marks: Any, slot: int, i: int, level: float, summed: float) -> None:  # noqa: ARG001
    bits = np.int64(np.float32(level).view(np.int32))
    place = min(max((bits >> marks[0, 0]) - marks[0, 1], 0), marks[0, 2])
    cuda.atomic.add(whole, (slot, place), ONE)


@part
def _span(reals: Any, whole: Any, span: int, begins: int, slot: int, i: int, level: float) -> None:
    if span >= 0:
        if begins > 0 or level > reals[HIGHEST, span, i]:
            reals[HIGHEST, span, i] = level
            whole[span, i] = slot
        if begins > 0 or level < reals[LOWEST, span, i]:
            reals[LOWEST, span, i] = level


@part
def _measured(reals: Any, whole: Any, marks: Any, slot: int, i: int, level: float, summed: float) -> None:
    _span(reals, whole, marks[slot, SPAN], marks[slot, BEGINS], slot, i, level)
    _span(reals, whole, marks[slot, OTHER], marks[slot, OTHER_BEGINS], slot, i, level)
    if marks[slot, EDGE] >= 0:
        reals[AREA, marks[slot, EDGE], i] = summed
