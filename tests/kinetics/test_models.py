"""The forms of models, the three spellings of a body, and units."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gradatim.domain.fault import BadInput, Unreadable
from gradatim.kinetics.disposition import Disposition
from gradatim.kinetics.events import doses
from gradatim.kinetics.mammillary import Transit, mammillary
from gradatim.kinetics.network import from_matrix, network
from gradatim.kinetics.simulate import simulate
from gradatim.kinetics.units import Quantity, Units, factor

KOCHAK = Disposition.of_clearances(10.8, 28.8, (12.930048, 19.679240228905393))
RATE = st.floats(0.01, 50)


def test_a_published_body_in_all_spellings() -> None:
    macro = KOCHAK.macro()
    assert np.allclose(macro.rates, [1.29, 0.191], rtol=1e-6)
    assert np.allclose(KOCHAK.half_lives(), [3.63, 0.54], atol=0.005)
    assert round(float(KOCHAK.steady_volume), 1) == 48.5
    assert round(float(KOCHAK.elimination), 3) == 0.375
    assert macro.coefficients.sum() == pytest.approx(1 / 28.8)


@given(RATE, RATE, st.lists(st.tuples(RATE, RATE), max_size=2))
def test_there_and_back(clearance: float, volume: float, tissues: list[tuple[float, float]]) -> None:
    body = Disposition.of_clearances(clearance, volume, *tissues)
    macro = body.macro()
    gaps = -np.diff(macro.rates) / macro.rates[:-1]
    assume(len(tissues) == 0 or (gaps.min() > 1e-3 and macro.coefficients.min() > 1e-6 * macro.coefficients.max()))
    back = Disposition.of_macro(macro.coefficients, macro.rates)
    assert back.clearance == pytest.approx(clearance, rel=1e-6)
    assert back.volume == pytest.approx(volume, rel=1e-9)
    assert float(back.steady_volume) == pytest.approx(volume + sum(size for _, size in tissues), rel=1e-4)
    assert np.allclose(back.macro().rates, macro.rates, rtol=1e-6)


def test_a_flow_of_nothing_is_a_compartment_that_nothing_reaches() -> None:
    body = Disposition.of_clearances(1.0, 10.0, (0.0, 5.0))
    assert float(body.volumes[1]) == 0
    found = simulate(mammillary(2), doses(10, [0.0]), {"CL": 1, "V1": 10, "Q": 0, "V2": 5}, [5.0])
    assert found.levels[0, 0] == pytest.approx(np.exp(-0.5))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Disposition.of_clearances(-1, 0), "CL: -1 is negative or no number"),
        (lambda: Disposition.of_clearances(-1, 0), "V1: 0 is not a number above 0"),
        (lambda: Disposition.of_macro([1, 1], [2, 2]), "rates: two of them are equal"),
        (lambda: Disposition.of_macro([1], [2, 2]), "not as many coefficients as rates"),
        (lambda: Disposition.of_micro(1, 1, (1, 1), (1, 1), (1, 1)), "peripherals: 4 compartments"),
        (lambda: mammillary(4), "compartments: 4 is not 1, 2 or 3"),
        (lambda: mammillary(1, Transit(2.5)), "absorption.steps: 2.5 steps"),  # type: ignore[arg-type]
        (lambda: Units(level="h"), "units.level: h cannot be turned into mg/L"),
        (lambda: Units(dose="tablet"), "units.dose: 'tablet' is not a known unit"),
        (lambda: network(("a",), {("a", "b"): "K"}, "a"), "flows: 'b' is no compartment"),
        (lambda: network(("a",), {("a", "a"): "K"}, "c"), "flows: a flows into itself"),
        (lambda: network(("a",), {("a", None): "K"}, "c"), "observed: 'c' is no compartment"),
        (lambda: from_matrix([[1.0]], ("a", "b"), "a"), "matrix: is not 2 rows of 2 numbers"),
        (lambda: from_matrix([[-1.0, -0.5], [1.0, 0.0]], ("a", "b"), "a"), "matrix[0][1]: -0.5 from b into a is below 0"),
        (lambda: from_matrix([[-1.0, 0.0], [2.0, 0.0]], ("a", "b"), "a"), "matrix[0][0]: a gives away more than it loses. Put at most -2 here"),
    ],
)  # fmt: skip
def test_what_no_body_can_be(make: object, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        make()  # type: ignore[operator]
    assert said in str(caught.value)


def test_a_matrix_is_the_model_that_its_flows_are() -> None:
    matrix = [[-1.2, 0.0, 0.0], [1.2, -0.7, 0.3], [0.0, 0.5, -0.3]]
    by_matrix = from_matrix(matrix, ("depot", "central", "tissue"), "central", volume=8.0)
    by_name = {"KA": 1.2, "CL": 1.6, "V1": 8.0, "Q": 4.0, "V2": 4.0 / 0.3}
    from gradatim.kinetics.mammillary import FirstOrder

    times = [0.1, 1.0, 10.0]
    one = simulate(by_matrix, doses(10, [0.0]), {}, times).levels
    assert np.allclose(one, simulate(mammillary(2, FirstOrder()), doses(10, [0.0]), by_name, times).levels, rtol=1e-12)
    assert dict(by_matrix.defaults) == pytest.approx({"V": 8.0, "K12": 1.2, "K23": 0.5, "K32": 0.3, "K20": 0.2})


def test_quantities_keep_their_unit() -> None:
    assert Quantity.parse("180 mL/min").to("L/h") == pytest.approx(10.8)
    assert Quantity.parse("315.9 mL/h/kg").to("L/h/kg") == pytest.approx(0.3159)
    assert Quantity.parse("40 %").to("1") == 0.4
    assert factor("mg/L", "ng/mL") == 1000
    for text in ("ten L", "10 l", "-5 L", "10 L/parsec"):
        with pytest.raises(Unreadable):
            Quantity.parse(text)
    with pytest.raises(Unreadable, match="L is volume, mg is mass"):
        factor("L", "mg")
