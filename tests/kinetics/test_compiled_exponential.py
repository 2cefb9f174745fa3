"""exp(−z) and 1 − exp(−z) of the compiled engine, against 60 digits, at the ends, and as vectors."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pytest

from gradatim.kinetics import engines

pytestmark = pytest.mark.skipif(not engines.has_numba(), reason="Numba is not installed")
SMALLEST = 2.0**-1022
"""Of ordinary doubles."""
LN2 = 0.6931471805599453


@pytest.fixture(scope="module")
def loop() -> Any:
    import numba

    from gradatim.kinetics.compiled.decay import decay

    @numba.njit
    def run(z: Any, left: Any, gone: Any) -> None:
        for place in range(len(z)):
            left[place], gone[place] = decay(z[place])

    return run


def of(loop: Any, z: Any) -> tuple[np.ndarray, np.ndarray]:
    values = np.array(z, dtype=np.float64)
    left, gone = np.empty_like(values), np.empty_like(values)
    loop(values, left, gone)
    return left, gone


def ulps(found: float, exact: Decimal) -> float:
    """How far off, in units in the last place of what is exact."""
    return float(abs(Decimal(found) - exact) / Decimal(float(np.spacing(float(exact)))))


def exactly(z: float) -> tuple[Decimal, Decimal]:
    with localcontext() as digits:
        digits.prec = 60
        left = (-Decimal(z)).exp()
        return left, 1 - left if z > 1e-20 else Decimal(z) - Decimal(z) ** 2 / 2


def test_within_two_units_in_the_last_place(loop: Any) -> None:
    random = np.random.default_rng(6)
    halves = np.arange(1, 2044) * (LN2 / 2)  # where the power of 2 changes
    z = np.concatenate(
        [10 ** random.uniform(-300, 2.85, 1500), random.uniform(0, 3, 1500), halves * (1 - 1e-15), halves * (1 + 1e-15)]
    )
    for one, left, gone in zip(z.tolist(), *(part.tolist() for part in of(loop, z)), strict=True):
        exact_left, exact_gone = exactly(one)
        assert ulps(gone, exact_gone) < 2
        if exact_left >= Decimal(SMALLEST):
            assert ulps(left, exact_left) < 2
        else:
            assert abs(Decimal(left) - exact_left) < Decimal(SMALLEST)


def test_it_sinks_into_nothing_and_says_what_is_no_number(loop: Any) -> None:
    left, gone = of(loop, [0.0, 5e-324, 708.3, 708.5, 708.7, 709.0, 746.0, 1e300, np.inf, np.nan])
    assert (left[0], gone[0], np.signbit(gone[0])) == (1, 0, False)
    assert (left[1], gone[1]) == (1, 5e-324)
    assert left[2] > SMALLEST > left[3] > left[4] > 0
    for place, z in ((3, 708.5), (4, 708.7)):
        assert abs(Decimal(left[place]) - exactly(z)[0]) <= Decimal("5e-324")
    assert np.all(left[5:9] == 0)
    assert np.all(gone[2:9] == 1)
    assert np.isnan([left[9], gone[9]]).all()


def test_a_number_does_not_hang_on_its_neighbours(loop: Any) -> None:
    z = np.random.default_rng(1).uniform(0, 50, 37)
    whole = of(loop, z)
    for place in (0, 7, 8, 36):
        alone = of(loop, z[place : place + 1])
        assert (alone[0][0], alone[1][0]) == (whole[0][place], whole[1][place])


def test_llvm_makes_vectors_of_it(loop: Any) -> None:
    """Where this fails, histories are right and five times slower."""
    of(loop, [1.0])
    from llvmlite import binding  # type: ignore[import-untyped, unused-ignore]

    told = "\n".join(loop.inspect_llvm().values())
    if binding.get_host_cpu_features().get("avx2") or binding.get_host_cpu_name().startswith(("apple", "neoverse")):
        assert "x double> @llvm.fma.v" in told
    assert "call double @exp" not in told
