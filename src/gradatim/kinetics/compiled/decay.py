"""exp(−z) and 1 − exp(−z) of numbers not below 0, in loops that LLVM turns into vectors. With fused multiply-add, which rounds once
everywhere: where a processor has none, it is worked out, and the digits stay the same."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped, unused-ignore]
from numba import types  # type: ignore[import-untyped, unused-ignore]

from gradatim.kinetics.compiled.jit import jit, word
from gradatim.kinetics.compiled.vectors import cgutils
from gradatim.kinetics.elementary import LN2_HIGH, LN2_LOW, LOG2_E, ROUND, SERIES

_DEEP = 708.0  # below exp(−708) lies what an ordinary double cannot hold: told as 0
S0, S1, S2, S3, S4, S5, S6, S7, S8, S9, S10, S11 = SERIES


@word
def fma(_typing: Any, a: Any, b: Any, c: Any) -> Any:  # noqa: ARG001
    """a·b + c, rounded once."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        double = ir.DoubleType()
        kind = ir.FunctionType(double, [double] * 3)
        return builder.call(cgutils.get_or_insert_function(builder.module, kind, "llvm.fma.f64"), arguments)

    return types.float64(types.float64, types.float64, types.float64), generate


@jit
def decay(z: float) -> tuple[float, float]:
    """exp(−z) and 1 − exp(−z) for z ≥ 0, each within 2 units in the last place; 0 and 1 from 708 on."""
    x = -min(z, _DEEP)
    shifted = fma(x, LOG2_E, ROUND)
    k = shifted - ROUND
    r = fma(k, -LN2_LOW, fma(k, -LN2_HIGH, x))
    r2 = r * r
    high = fma(fma(S0, r, S1), r2, fma(S2, r, S3))
    middle = fma(fma(S4, r, S5), r2, fma(S6, r, S7))
    low = fma(fma(S8, r, S9), r2, fma(S10, r, S11))
    r4 = r2 * r2
    series = fma(fma(high, r4, middle), r4, low)
    less_one = fma(r2, series, r)
    power = np.int64((np.float64(shifted).view(np.int64) + 1023) << 52).view(np.float64)
    left = fma(power, less_one, power)
    gone = -fma(power, less_one, power - 1.0)
    return left if z < _DEEP else 0.0, gone
