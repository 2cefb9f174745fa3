"""Where in a list that goes up a number stands."""

from __future__ import annotations

from typing import Any

from gradatim.kinetics.gpu.device import part


@part
def last_until(first: Any, begin: int, end: int, of: Any, more: float) -> int:
    """The last place from ``begin`` up to and without ``end`` whose number, with ``more`` added, is not above ``of``; ``begin`` − 1: none."""
    low, high = begin, end
    while low < high:
        middle = (low + high) // 2
        if first[middle] + more <= of:
            low = middle + 1
        else:
            high = middle
    return low - 1
