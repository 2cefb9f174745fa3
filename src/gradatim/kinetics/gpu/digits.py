"""exp, log, the normal quantile and Philox for kernels: `gradatim.kinetics.elementary` and `gradatim.kinetics.chance`, step by step."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradatim.kinetics import elementary as el
from gradatim.kinetics.chance import MULTIPLIERS, ROUNDS, WEYL
from gradatim.kinetics.gpu.device import part, times

M0, M1 = (np.uint64(one) for one in MULTIPLIERS)
W0, W1 = (np.uint64(one) for one in WEYL)
LOW, HALF, UNUSED = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(11)
A, B, C, D, E, F, LOG, SERIES = el.A, el.B, el.C, el.D, el.E, el.F, el.LOG, el.SERIES
LN2_HIGH, LN2_LOW, LOG2_E, ROUND, LOWEST, HIGHEST = (
    el.LN2_HIGH, el.LN2_LOW, el.LOG2_E, el.ROUND, el.LOWEST, el.HIGHEST
)  # fmt: skip


@part
def horner(coefficients: Any, x: Any) -> Any:
    """A polynomial, highest power first."""
    total = coefficients[0]
    for one in range(1, len(coefficients)):
        total = times(total, x) + coefficients[one]
    return total


@part
def two_to(power: Any) -> Any:
    """2 to a whole number from −1022 to 1023."""
    return np.int64((power + 1023) << 52).view(np.float64)


@part
def exp(x: Any) -> Any:
    """e to x; 0 below the smallest double, infinite above the largest."""
    if x > HIGHEST:
        return math.inf
    if x < LOWEST:
        return 0.0
    shifted = times(x, LOG2_E) + ROUND
    k = shifted - ROUND
    r = (x - times(k, LN2_HIGH)) - times(k, LN2_LOW)
    less_one = r + times(times(r, r), horner(SERIES, r))
    power = np.int64(k)
    half = power >> 1
    return times(times(1.0 + less_one, two_to(half)), two_to(power - half))


@part
def log(x: Any) -> Any:
    """The natural logarithm of an ordinary number above 0."""
    bits = np.float64(x).view(np.int64)
    up = (((bits >> 32) & 0xFFFFF) + 0x95F64) & 0x100000
    k = np.float64((bits >> 52) - 1023 + (up >> 20))
    f = np.int64((bits & 0xFFFFFFFFFFFFF) | ((0x3FF00000 ^ up) << 32)).view(np.float64) - 1.0
    s = f / (2.0 + f)
    z = times(s, s)
    r = times(z, horner(LOG, z))
    square = times(times(0.5, f), f)
    return times(k, LN2_HIGH) - ((square - (times(s, square + r) + times(k, LN2_LOW))) - f)


@part
def normal_quantile(p: Any) -> Any:
    """The z below which a share p, 0 < p < 1, of a standard normal lies."""
    q = p - 0.5
    if abs(q) <= 0.425:
        near = 0.180625 - times(q, q)
        return times(q, horner(A, near) / horner(B, near))
    tail = math.sqrt(-log(p if q < 0 else 1.0 - p))
    middle, far = tail - 1.6, tail - 5.0
    found = horner(C, middle) / horner(D, middle) if tail <= 5.0 else horner(E, far) / horner(F, far)
    return -found if q < 0 else found


@part
def high_half(a: Any, b: Any) -> Any:
    """The upper 64 bits of a product."""
    a0, a1, b0, b1 = a & LOW, a >> HALF, b & LOW, b >> HALF
    low = a0 * b0
    middle = a1 * b0 + (low >> HALF)
    other = a0 * b1 + (middle & LOW)
    return a1 * b1 + (middle >> HALF) + (other >> HALF)


@part
def philox(a: Any, b: Any, c: Any, d: Any, k0: Any, k1: Any) -> Any:
    """Philox 4×64-10 of one counter."""
    for turn in range(ROUNDS):
        if turn > 0:
            k0, k1 = k0 + W0, k1 + W1
        high0, low0, high1, low1 = high_half(a, M0), a * M0, high_half(c, M1), c * M1
        a, b, c, d = high1 ^ b ^ k0, low1, high0 ^ d ^ k1, low0
    return a, b, c, d


@part
def share(bits: Any) -> Any:
    """From 0 to 1, neither included."""
    return times(np.float64(bits >> UNUSED) + 0.5, 2.0**-53)
