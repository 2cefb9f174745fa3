"""What events mean, one rule at a time, with numbers that can be checked by hand: 100 mg in 10 L is 10 mg/L, and K 0 keeps it there."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gradatim.domain.fault import BadInput
from gradatim.kinetics.events import Row, Schedule
from gradatim.kinetics.mammillary import Direct, FirstOrder, mammillary
from gradatim.kinetics.simulate import simulate

MODEL = mammillary(1)
STILL = {"CL": 0.0, "V": 10.0}
LEAVING = {"CL": 10.0 * math.log(2), "V": 10.0}  # half is gone each hour


def row(time: float, evid: int = 1, **cells: Any) -> Row:
    return Row(number=1, time=time, evid=evid, **{"amt": 100.0 if evid in {1, 4} else 0.0, **cells})


def levels(*rows: Row, at: list[float], values: dict[str, float] = STILL) -> list[float]:
    return [round(float(level), 9) for level in simulate(MODEL, Schedule(rows=rows), values, at).levels[:, 0]]


def test_a_dose_at_a_time_counts_at_it() -> None:
    assert levels(row(2), at=[1.999, 2.0, 3.0]) == [0, 10, 10]


def test_rows_at_one_time_act_in_their_order() -> None:
    found = simulate(MODEL, Schedule(rows=(row(1, 0), row(1), row(1, 0), row(1, 3), row(1, 0))), STILL).levels[:, 0]
    assert found.tolist() == [0, 10, 10, 0, 0]


def test_an_additional_dose_comes_before_the_rows_of_its_time() -> None:
    found = simulate(MODEL, Schedule(rows=(row(0, ii=12, addl=1), row(12, 0), row(12, 3), row(12, 0))), STILL).levels[
        :, 0
    ]
    assert found.tolist() == [10, 20, 0, 0]


def test_times_that_are_equal_but_for_rounding_are_equal() -> None:
    """3 · 0.1 is not 0.3 to a computer; the fourth dose is given all the same, and 0.7 + 0.1 + … meets 1.0."""
    assert levels(row(0, ii=0.1, addl=9), at=[0.3]) == [40]
    assert levels(row(0.7, ii=0.1, addl=9), at=[1.0]) == [40]
    assert levels(row(0.1, dur=0.2), at=[0.3, 0.4]) == [10, 10]
    assert levels(row(0), at=[math.nextafter(36.13, 0)], values={**STILL, "ALAG1": 36.13}) == [10]


def test_a_reset_stops_infusions_lagged_doses_and_additional_doses() -> None:
    lagged = {**STILL, "ALAG1": 3.0}
    assert levels(row(0, rate=10.0), row(5, 3), at=[4, 5, 20]) == [4, 0, 0]
    assert levels(row(0), row(1, 3), at=[10], values=lagged) == [0]
    assert levels(row(0, ii=2, addl=9), row(5, 3), at=[4, 5, 30]) == [30, 0, 0]


def test_a_reset_and_dose_doses_after_the_reset_and_repeats_only_the_dose() -> None:
    assert levels(row(0), row(5, 4, ii=1, addl=2), at=[4, 5, 6, 7, 8]) == [10, 10, 20, 30, 30]


def test_time_may_start_again_at_a_reset_and_nowhere_else() -> None:
    rows = (row(0), row(10, 0), row(0, 4, amt=50.0), row(3, 0))
    found = simulate(MODEL, Schedule(rows=rows), LEAVING).levels[:, 0]
    assert np.allclose(found, [10, 10 * 2**-10, 5, 5 * 2**-3])
    with pytest.raises(BadInput, match="only a reset"):
        Schedule(rows=(row(5), row(1)))
    with pytest.raises(BadInput, match="time starts again"):
        simulate(MODEL, Schedule(rows=rows), LEAVING, [0.0, 1.0])


def test_bioavailability_shortens_an_infusion_by_rate_and_thins_one_by_duration() -> None:
    half = {**STILL, "F1": 0.5}
    assert levels(row(0, rate=10.0), at=[2, 5, 9], values=half) == [2, 5, 5]
    assert levels(row(0, dur=10.0), at=[2, 5, 10, 11], values=half) == [1, 2.5, 5, 5]


def test_a_rate_or_a_duration_may_be_the_models() -> None:
    assert levels(row(0, rate=-2.0), at=[2, 4, 9], values={**STILL, "D1": 4.0}) == [5, 10, 10]
    assert levels(row(0, rate=-1.0), at=[2, 4, 9], values={**STILL, "R1": 25.0}) == [5, 10, 10]


def test_a_steady_state_is_there_before_its_dose() -> None:
    # Half is gone each hour, so before each hourly dose there is what one dose is: 10.
    found = simulate(MODEL, Schedule(rows=(row(0, ii=1.0, ss=1), row(1, 0))), LEAVING, [0, 1]).levels[:, 0]
    assert np.allclose(found, [20, 10])


def test_a_steady_state_replaces_or_adds() -> None:
    replacing = levels(row(-5, rate=1.0, amt=1e6), row(0, ii=1.0, ss=1), at=[0], values=LEAVING)
    assert np.allclose(replacing, 20)
    adding = levels(row(0), row(0, ii=1.0, ss=2), at=[0, 1], values=LEAVING)
    assert np.allclose(adding, [30, 15])
    cancelled = levels(row(-1.5, ii=1.0, addl=9), row(0, ii=1.0, ss=1), at=[0, 2], values=LEAVING)
    assert np.allclose(cancelled, [20, 5])


def test_a_steady_state_with_a_lag_is_that_of_the_cycle_at_its_row() -> None:
    # The last dose came at 0.25 − 1 = −0.75, so 20 has fallen for 0.75 h; the next comes at 0.25.
    found = levels(row(0, ii=1.0, ss=1), at=[0, 0.25], values={**LEAVING, "ALAG1": 0.25})
    assert np.allclose(found, [20 * 2**-0.75, 20])


@pytest.mark.parametrize(("lag", "fits"), [(1.0, True), (1.0000001, False)])
def test_a_lag_above_the_interval_has_no_steady_state(lag: float, fits: bool) -> None:
    values = {**LEAVING, "ALAG1": lag}
    if fits:
        assert np.allclose(levels(row(0, ii=1.0, ss=1), at=[0, 1], values=values), [20, 20])
    else:
        with pytest.raises(BadInput, match=r"row 1\.II: a lag of 1 above the interval of 1"):
            levels(row(0, ii=1.0, ss=1), at=[0], values=values)


@pytest.mark.parametrize("lasting", [0.5, 1.0, 2.5, 3.0, 7.25])
@pytest.mark.parametrize("lag", [0.0, 0.3, 0.99])
def test_infusions_that_outlast_their_interval_overlap(lasting: float, lag: float) -> None:
    values = {**LEAVING, "ALAG1": lag}
    at = [0.0, 0.2, 0.4, 1.3, 5.1]
    steady = levels(row(0, ii=1.0, ss=1, addl=9, dur=lasting), at=at, values=values)
    run = levels(row(-60, ii=1.0, addl=69, dur=lasting), at=at, values=values)
    assert np.allclose(steady, run, rtol=1e-9)


def test_a_constant_infusion_is_there_and_stops_after_its_row() -> None:
    found = levels(row(0, amt=0.0, rate=70.0, ss=1), at=[0, 1], values=LEAVING)
    assert np.allclose(found, [7 / math.log(2), 3.5 / math.log(2)])


def test_what_never_leaves_has_no_steady_state() -> None:
    with pytest.raises(BadInput, match="never leaves"):
        levels(row(0, ii=1.0, ss=1), at=[0])


def test_doses_go_where_the_row_says_by_number_or_by_name() -> None:
    model = mammillary(1, FirstOrder())
    for cmt in (2, "central", "Central"):
        found = simulate(model, Schedule(rows=(row(0, cmt=cmt),)), {**STILL, "KA": 1.0}, [0.0]).levels
        assert found[0, 0] == 10
    with pytest.raises(BadInput, match=r"row 1\.CMT: the model has no compartment .gut.\. It has 1 depot, 2 central"):
        simulate(model, Schedule(rows=(row(0, cmt="gut"),)), {**STILL, "KA": 1.0}, [0.0])


def test_levels_are_in_the_unit_asked_for() -> None:
    from gradatim.kinetics.units import Units

    dose = Schedule(rows=(row(0),))
    found = [
        simulate(mammillary(1, Direct(), units=Units(level=unit)), dose, STILL, [0.0]).levels[0, 0]
        for unit in ("mg/L", "ng/mL", "µg/mL")
    ]
    assert found == [10, 10_000, 10]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"CL": 1.0}, "parameters.V: is missing"),
        ({"CL": 1.0, "V": 10.0, "KA": 1.0}, "parameters.KA: is no parameter"),
        ({"CL": -1.0, "V": 10.0}, "parameters.CL: -1 is out of range"),
        ({"CL": 1.0, "V": 0.0}, "parameters.V1: 0 is not a number above 0"),
        ({"CL": 1.0, "V": math.nan}, "parameters.V: nan is out of range"),
        ({"CL": [1.0, 2.0], "V": [1.0, 2.0, 3.0]}, "some have 2 and some 3 subjects"),
        ({"CL": 1.0, "V": 10.0, "F2": 1.0}, "parameters.F2: is no parameter"),
    ],
)
def test_parameters_that_do_not_fit(values: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        simulate(MODEL, Schedule(rows=(row(0),)), values, [0.0])
    assert said in str(caught.value)


def test_all_faults_of_a_schedule_come_at_once() -> None:
    rows = (
        Row(number=1, time=0, evid=1, amt=1, rate=-2), Row(number=2, time=1, evid=1, amt=1, cmt=7), Row(number=3, time=2, evid=1, amt=1, rate=-1),
    )  # fmt: skip
    with pytest.raises(BadInput) as caught:
        simulate(MODEL, Schedule(rows=rows), STILL, [0.0, 5.0])
    assert [fault.path for fault in caught.value.faults] == ["row 1.RATE", "row 2.CMT", "row 3.RATE"]
    assert "Give D1 among the parameters" in str(caught.value)
