"""exp, log and the normal quantile from sums, products and bits alone, so that every machine and every engine gives the same digits.

exp: by the nearest power of 2 and a series, within 1 unit in the last place. log: the method of fdlibm (Sun Microsystems, 1993), within 1.
Normal quantile: Wichura MJ, Appl Stat 1988;37:477-84 (AS 241, PPND16), about 1 part in 10^16.
`gradatim.kinetics.compiled.elementary` holds the same, number by number.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LOG2_E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 0.6931471803691238, 1.9082149292705877e-10
ROUND = 6755399441055744.0  # 1.5 · 2⁵²: adding it leaves the nearest whole number in the last bits
SERIES = tuple(1.0 / f for f in (6227020800, 479001600, 39916800, 3628800, 362880, 40320, 5040, 720, 120, 24, 6, 2))
"""1/13!, 1/12! … 1/2!."""
LOWEST, HIGHEST = -745.2, 709.78
LOG = (
    0.1479819860511658591,
    0.1531383769920937332,
    0.1818357216161805012,
    0.2222219843214978396,
    0.2857142874366239149,
    0.3999999999940941908,
    0.6666666666666735130,
)
A = (
    2509.0809287301226727,
    33430.575583588128105,
    67265.770927008700853,
    45921.953931549871457,
    13731.693765509461125,
    1971.5909503065514427,
    133.14166789178437745,
    3.387132872796366608,
)
B = (
    5226.495278852854561,
    28729.085735721942674,
    39307.89580009271061,
    21213.794301586595867,
    5394.1960214247511077,
    687.1870074920579083,
    42.313330701600911252,
    1.0,
)
C = (
    7.7454501427834140764e-4,
    0.0227238449892691845833,
    0.24178072517745061177,
    1.27045825245236838258,
    3.64784832476320460504,
    5.7694972214606914055,
    4.6303378461565452959,
    1.42343711074968357734,
)
D = (
    1.05075007164441684324e-9,
    5.475938084995344946e-4,
    0.0151986665636164571966,
    0.14810397642748007459,
    0.68976733498510000455,
    1.6763848301838038494,
    2.05319162663775882187,
    1.0,
)
E = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    0.0012426609473880784386,
    0.026532189526576123093,
    0.29656057182850489123,
    1.7848265399172913358,
    5.4637849111641143699,
    6.6579046435011037772,
)
F = (
    2.04426310338993978564e-15,
    1.4215117583164458887e-7,
    1.8463183175100546818e-5,
    7.868691311456132591e-4,
    0.0148753612908506148525,
    0.13692988092273580531,
    0.59983220655588793769,
    1.0,
)


def horner(coefficients: tuple[float, ...], x: Floats) -> Floats:
    """A polynomial, highest power first."""
    total = np.full_like(x, coefficients[0])
    for one in coefficients[1:]:
        total = total * x + one
    return total


def exp(x: Floats) -> Floats:
    """e to each; 0 below the smallest double, infinite above the largest."""
    x = np.asarray(x, dtype=np.float64)
    kept = np.minimum(np.maximum(x, LOWEST), HIGHEST)
    shifted = kept * LOG2_E + ROUND
    k = shifted - ROUND
    r = (kept - k * LN2_HIGH) - k * LN2_LOW
    less_one = r + r * r * horner(SERIES, r)
    power = k.astype(np.int64)
    half = power >> 1
    found = (1.0 + less_one) * two_to(half) * two_to(power - half)
    return np.asarray(np.where(x > HIGHEST, np.inf, np.where(x < LOWEST, 0.0, found)))


def two_to(power: NDArray[np.int64]) -> Floats:
    """2 to whole numbers from −1022 to 1023, by their bits."""
    return ((power + 1023) << 52).view(np.float64)


def log(x: Floats) -> Floats:
    """The natural logarithm of ordinary numbers above 0."""
    bits = np.ascontiguousarray(x, dtype=np.float64).view(np.int64)
    high = (bits >> 32) & 0xFFFFF
    up = (high + 0x95F64) & 0x100000  # into √½ … √2
    k = ((bits >> 52) - 1023 + (up >> 20)).astype(np.float64)
    mantissa = (bits & 0xFFFFFFFFFFFFF) | ((0x3FF00000 ^ up) << 32)
    f = mantissa.view(np.float64) - 1.0
    s = f / (2.0 + f)
    z = s * s
    r = z * horner(LOG, z)
    square = 0.5 * f * f
    return np.asarray(k * LN2_HIGH - ((square - (s * (square + r) + k * LN2_LOW)) - f))


def normal_quantile(p: Floats) -> Floats:
    """The z below which a share p, 0 < p < 1, of a standard normal lies."""
    q = p - 0.5
    near = 0.180625 - q * q
    tail = np.sqrt(-log(np.where(q < 0, p, 1.0 - p)))
    middle, far = tail - 1.6, tail - 5.0
    found = np.where(tail <= 5.0, horner(C, middle) / horner(D, middle), horner(E, far) / horner(F, far))
    return np.where(np.abs(q) <= 0.425, q * (horner(A, near) / horner(B, near)), np.where(q < 0, -found, found))
