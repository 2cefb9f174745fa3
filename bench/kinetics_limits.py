"""What the machine can do at most: memory filled past the cache, and the recursion for levels with nothing stored."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types

from gradatim.kinetics.compiled.jit import jit, word
from gradatim.kinetics.compiled.steps import advance
from gradatim.kinetics.compiled.vectors import WIDE, Words

PATTERN = ((1, False, False), (1, 1, 1), (1, 1, 1))


@word
def stream(_typing: Any, out: Any, begin: Any, end: Any) -> Any:
    """Ones, a cache line at a time: zeros would be set by an instruction of their own."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        words = Words(context, builder)
        data = words.data(signature.args[0], arguments[0])
        with words.loop(arguments[1], arguments[2], 2 * WIDE) as at:
            words.stream([words.number(1.0)] * 2, data, at, signature.args[0].dtype)
        return context.get_dummy_value()

    return types.void(out, begin, end), generate


@jit
def fill(out: Any, begin: int, end: int) -> None:
    """Fill a part."""
    stream(out, begin, end)


@jit
def _arithmetic(w: Any, pattern: Any, seen: Any, rounds: int, lanes: int, steps: int) -> None:
    for _ in range(rounds):
        advance(
            w, pattern, seen, False, False, (), 0, 10 * lanes, -1, 0, 3 * lanes, 6 * lanes, 7 * lanes, w, 0, 0, steps, lanes, (0, 0, 0)
        )  # fmt: skip


def arithmetic(rounds: int) -> None:
    """So many times 16 steps of 128 people, in the first cache."""
    lanes = 128
    w = np.full(20 * lanes, 0.3)
    _arithmetic(w, PATTERN, (0,), rounds, lanes, 16)
