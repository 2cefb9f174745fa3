"""The random numbers of `gradatim.kinetics.chance`, to the same bits, several times sooner."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped, unused-ignore]
from numba import types  # type: ignore[import-untyped, unused-ignore]
from numpy.typing import NDArray

from gradatim.kinetics import elementary as el
from gradatim.kinetics.chance import MULTIPLIERS, ROUNDS, WEYL
from gradatim.kinetics.compiled.jit import jit, word

M0, M1 = (np.uint64(one) for one in MULTIPLIERS)
W0, W1 = (np.uint64(one) for one in WEYL)
A, B, C, D, E, F, LOG = el.A, el.B, el.C, el.D, el.E, el.F, el.LOG
Word = np.uint64
LN2_HIGH, LN2_LOW = el.LN2_HIGH, el.LN2_LOW


@word
def high_half(_typing: Any, a: Any, b: Any) -> Any:  # noqa: ARG001
    """The upper 64 bits of a product."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        wide = ir.IntType(128)
        whole = builder.mul(*(builder.zext(one, wide) for one in arguments))
        return builder.trunc(builder.lshr(whole, ir.Constant(wide, 64)), ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), generate


@jit
def philox(a: Word, b: Word, c: Word, d: Word, k0: Word, k1: Word) -> tuple[Word, Word, Word, Word]:
    """Philox 4×64-10 of one counter."""
    for turn in range(ROUNDS):
        if turn > 0:
            k0, k1 = k0 + W0, k1 + W1
        high0, low0, high1, low1 = high_half(a, M0), a * M0, high_half(c, M1), c * M1
        a, b, c, d = high1 ^ b ^ k0, low1, high0 ^ d ^ k1, low0
    return a, b, c, d


@jit
def share(bits: Word) -> Any:
    """From 0 to 1, neither included."""
    return (np.float64(bits >> np.uint64(11)) + 0.5) * 2.0**-53


@jit
def seven(c: Any, x: float) -> Any:
    """A polynomial of seven coefficients, highest power first."""
    return (((((c[0] * x + c[1]) * x + c[2]) * x + c[3]) * x + c[4]) * x + c[5]) * x + c[6]


@jit
def eight(c: Any, x: float) -> Any:
    """A polynomial of eight."""
    return ((((((c[0] * x + c[1]) * x + c[2]) * x + c[3]) * x + c[4]) * x + c[5]) * x + c[6]) * x + c[7]


@jit
def log(x: float) -> Any:
    """The natural logarithm, as `gradatim.kinetics.elementary.log`."""
    bits = np.float64(x).view(np.int64)
    up = (((bits >> 32) & 0xFFFFF) + 0x95F64) & 0x100000
    k = np.float64((bits >> 52) - 1023 + (up >> 20))
    f = np.int64((bits & 0xFFFFFFFFFFFFF) | ((0x3FF00000 ^ up) << 32)).view(np.float64) - 1.0
    s = f / (2.0 + f)
    z = s * s
    r = z * seven(LOG, z)
    square = 0.5 * f * f
    return k * LN2_HIGH - ((square - (s * (square + r) + k * LN2_LOW)) - f)


@jit
def normal_quantile(p: float) -> Any:
    """The normal quantile, as `gradatim.kinetics.elementary.normal_quantile`."""
    q = p - 0.5
    if abs(q) <= 0.425:
        near = 0.180625 - q * q
        return q * (eight(A, near) / eight(B, near))
    tail = np.sqrt(-log(p if q < 0 else 1.0 - p))
    middle, far = tail - 1.6, tail - 5.0
    found = eight(C, middle) / eight(D, middle) if tail <= 5.0 else eight(E, far) / eight(F, far)
    return -found if q < 0 else found


@jit
def fill(out: NDArray[np.float64], people: NDArray[np.uint64], of: Word, k0: Word, k1: Word, normal: bool) -> None:
    """Numbers [count, N] of each person."""
    count = len(out)
    for place in range(len(people)):
        for block in range((count + 3) // 4):
            four = philox(np.uint64(block), np.uint64(of), people[place], np.uint64(0), np.uint64(k0), np.uint64(k1))
            for number in range(min(4, count - 4 * block)):
                one = share(four[number])
                out[4 * block + number, place] = normal_quantile(one) if normal else one
