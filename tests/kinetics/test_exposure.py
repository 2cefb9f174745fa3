"""Exposure: peaks where calculus puts them, areas that are dose over clearance, and time above a level."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradatim.domain.fault import BadInput
from gradatim.kinetics.events import Row, Schedule, doses
from gradatim.kinetics.exposure import exposure
from gradatim.kinetics.mammillary import FirstOrder, mammillary
from gradatim.kinetics.simulate import simulate
from tests.kinetics.made_up import RATES, dosings, models, schedule

ORAL = mammillary(1, FirstOrder())


@given(RATES, RATES, RATES)
@settings(max_examples=25)
def test_one_dose_peaks_where_the_formula_says(cl: float, v: float, ka: float) -> None:
    k = cl / v
    if abs(ka / k - 1) < 1e-3:
        return
    found = exposure(ORAL, doses(100, [0.0]), {"CL": cl, "V": v, "KA": ka}, [0.0, 400.0], step=0.5)
    at = math.log(ka / k) / (ka - k)
    if at < 400:
        assert found.highest_at[0, 0] == pytest.approx(at, rel=1e-6)
        peak = 100 * ka / v / (ka - k) * (math.exp(-k * at) - math.exp(-ka * at))
        assert found.highest[0, 0] == pytest.approx(peak, rel=1e-10)


def test_area_average_and_fluctuation_at_steady_state() -> None:
    steady = Schedule(rows=(Row(time=0, evid=1, amt=20, ii=8, ss=1),))
    found = exposure(ORAL, steady, {"CL": 8.0, "V": 44.5, "KA": 2.23}, [0.0, 8.0])
    assert found.area[0, 0] == pytest.approx(20 / 8.0, rel=1e-13)
    assert found.average[0, 0] * 1000 == pytest.approx(312.5)
    assert round(found.highest[0, 0] * 1000) == 484
    assert round(found.lowest[0, 0] * 1000) == 152
    assert round(found.fluctuation[0, 0] * 100) == 106


@given(models(), dosings(), st.floats(0.05, 5))
@settings(max_examples=10)
def test_nothing_on_a_fine_grid_is_beyond(made: tuple, rows: tuple[Row, ...], above: float) -> None:
    model, values = made
    edges = np.array([0.0, 13.0, 50.0, 120.0])
    found = exposure(model, schedule(*rows), values, edges, above=above, step=0.25)
    grid = np.linspace(0, 120, 6001)
    seen = simulate(model, schedule(*rows), values, grid, area=True)
    assert found.above is not None
    assert seen.area is not None
    for place in range(3):
        inside = (grid >= edges[place]) & (grid < edges[place + 1])
        level = seen.levels[inside, 0]
        assert level.max() <= found.highest[place, 0] * (1 + 1e-9) + 1e-15
        assert found.lowest[place, 0] <= level.min() * (1 + 1e-9) + 1e-15
        # 0.02 h apart: each crossing is known to that much, and there are at most two for each dose and each end of an infusion.
        assert abs(np.mean(level > above) * np.diff(edges)[place] - found.above[place, 0]) < 0.02 * (4 * len(rows) + 2)
    first = np.searchsorted(grid, edges)
    assert np.allclose(found.area[:, 0], np.diff(seen.area[np.minimum(first, 6000), 0]), rtol=1e-9, atol=1e-13)


def test_time_above_a_level_by_hand() -> None:
    half_each_hour = {"CL": 10 * math.log(2), "V": 10.0}
    found = exposure(mammillary(1), doses(100, [0.0, 10.0]), half_each_hour, [0.0, 10.0, 20.0], above=2.5)
    assert found.above is not None
    assert found.above[:, 0] == pytest.approx([2.0, math.log2((10 + 10 * 2**-10) / 2.5)], rel=1e-9)
    assert found.highest[:, 0] == pytest.approx([10, 10 + 10 * 2**-10])
    assert found.lowest[:, 0] == pytest.approx([10 * 2**-10, (10 + 10 * 2**-10) * 2**-10])


def test_a_peak_between_two_ends_that_are_below() -> None:
    values = {"CL": 10.0, "V": 10.0, "KA": 4.0}
    peak = exposure(ORAL, doses(10, [0.0]), values, [0.0, 8.0]).highest[0, 0]
    coarse = exposure(ORAL, doses(10, [0.0]), values, [0.0, 8.0], above=float(peak) * 0.999, step=4.0).above
    fine = exposure(ORAL, doses(10, [0.0]), values, [0.0, 8.0], above=float(peak) * 0.999, step=0.01).above
    assert coarse is not None
    assert fine is not None
    assert coarse[0, 0] == pytest.approx(fine[0, 0], rel=1e-6)


def test_subjects_with_lags_of_their_own_stay_in_order() -> None:
    three = np.ones(3)
    values = {"CL": np.array([5.0, 6.0, 7.0]), "V": 30.0 * three, "KA": three, "ALAG1": np.array([1.0, 0.0, 1.0])}
    found = exposure(ORAL, doses(10, [0.0]), values, [0.0, 24.0])
    for place in range(3):
        alone = {name: value[place] for name, value in values.items()}
        assert found.highest[0, place] == exposure(ORAL, doses(10, [0.0]), alone, [0.0, 24.0]).highest[0, 0]


@pytest.mark.parametrize("edges", [[0.0], [0.0, 0.0], [3.0, 1.0], [0.0, math.nan]])
def test_edges_go_up(edges: list[float]) -> None:
    with pytest.raises(BadInput, match="do not go up"):
        exposure(ORAL, doses(1, [0.0]), {"CL": 1, "V": 1, "KA": 1}, edges)


def test_what_never_leaves_has_no_exposure_at_steady_state() -> None:
    steady = Schedule(rows=(Row(time=0, evid=1, amt=20, ii=8, ss=1),))
    with pytest.raises(BadInput, match="never leaves"):
        exposure(ORAL, steady, {"CL": 0.0, "V": 44.5, "KA": 2.23}, [0.0, 8.0])
