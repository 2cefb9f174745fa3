"""exp(−z) and 1 − exp(−z) of numbers not below 0, for one number or eight at a time.

Numba from PyPI asks the C library for each exponential. Here z is cut into a whole number of ln 2 (in two parts, Cody and Waite) and a rest
from −½ ln 2 to ½ ln 2, the rest put into a polynomial, and the power of 2 written into the bits: sums and products only, which LLVM makes
vectors of. With fused multiply-add, which rounds once everywhere: where a processor has none, it is worked out, and the digits stay the same.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped, unused-ignore]
from numba import types  # type: ignore[import-untyped, unused-ignore]

from gradatim.kinetics.compiled.jit import word
from gradatim.kinetics.compiled.vectors import cgutils
from gradatim.kinetics.elementary import LN2_HIGH, LN2_LOW, LOG2_E, ROUND

_DEEP = 709.0  # from 1022½ · ln 2 on the power of 2 is one below those of ordinary doubles: its bits are those of 0
_BIAS = 1023
SERIES = (
    2.5100375929185925e-08,
    2.762007600563138e-07,
    2.7557268480106926e-06,
    2.480152132210459e-05,
    1.9841269863040675e-04,
    1.388888891719689e-03,
    8.333333333330065e-03,
    4.1666666666624164e-02,
    1.6666666666666669e-01,
    0.5,
)
"""Of (e^r − 1 − r)/r², highest power first: put through the points of Chebyshev up to ½ ln 2; off by at most 4e-17 of e^r − 1."""


def fused(builder: Any, a: Any, b: Any, c: Any) -> Any:
    """a·b + c, rounded once, of doubles or vectors of them."""
    size = f"v{a.type.count}f64" if isinstance(a.type, ir.VectorType) else "f64"
    kind = ir.FunctionType(a.type, [a.type] * 3)
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, f"llvm.fma.{size}"), [a, b, c])


def decays(builder: Any, z: Any) -> tuple[Any, Any]:
    """exp(−z) and 1 − exp(−z) of a double or a vector of them, each within 2 units in the last place (the first within half the smallest
    double where it is no ordinary one); 0 and 1 above 708.74; not a number stays so."""
    wide = isinstance(z.type, ir.VectorType)
    whole = ir.VectorType(ir.IntType(64), z.type.count) if wide else ir.IntType(64)

    def number(value: float) -> Any:
        return ir.Constant(z.type, [value] * z.type.count) if wide else ir.Constant(z.type, value)

    bits = [52] * z.type.count if wide else 52
    z = builder.select(builder.fcmp_ordered(">", z, number(_DEEP)), number(_DEEP), z)
    shifted = fused(builder, z, number(-LOG2_E), number(ROUND + _BIAS))
    k = builder.fsub(shifted, number(ROUND + _BIAS))
    x = builder.fneg(z)
    r = fused(builder, k, number(-LN2_LOW), fused(builder, k, number(-LN2_HIGH), x))
    r2 = builder.fmul(r, r)
    odd, even = number(SERIES[0]), number(SERIES[1])
    for one, other in zip(SERIES[2::2], SERIES[3::2], strict=True):
        odd, even = fused(builder, odd, r2, number(one)), fused(builder, even, r2, number(other))
    less_one = fused(builder, r2, fused(builder, odd, r, even), r)
    power = builder.bitcast(builder.shl(builder.bitcast(shifted, whole), ir.Constant(whole, bits)), z.type)
    left = fused(builder, power, less_one, power)
    gone = fused(builder, builder.fneg(power), less_one, builder.fsub(number(1.0), power))
    return left, gone


@word
def fma(_typing: Any, a: Any, b: Any, c: Any) -> Any:  # noqa: ARG001
    """a·b + c, rounded once."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return fused(builder, *arguments)

    return types.float64(types.float64, types.float64, types.float64), generate


@word
def decay(_typing: Any, z: Any) -> Any:  # noqa: ARG001
    """`decays` of one number; in a loop, LLVM makes vectors of it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return context.make_tuple(builder, signature.return_type, decays(builder, *arguments))

    pair: Any = types.UniTuple
    return pair(types.float64, 2)(types.float64), generate
