"""Effect compartments and turnovers that stay linear, against SciPy's solver; the others refused."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from gradatim.domain.fault import BadInput
from gradatim.kinetics import FirstOrder, Row, Schedule, curves, doses, mammillary, simulate
from gradatim.kinetics.effect import Drive, Shape, effect_site, turnover
from tests.kinetics.made_up import dosings, models

BODY = {"CL": 10.8, "V1": 28.8, "Q": 12.93, "V2": 19.68, "KA": 1.0}
TWO = mammillary(2, FirstOrder())
GIVEN = doses(20.0, [0, 6, 13, 24])
TIMES = np.array([0.0, 0.5, 2, 6, 7.25, 12, 13, 20, 24, 30, 50])


def solved(values: dict[str, float], more: Any, start: float) -> np.ndarray:
    """The two compartments, the level, and one more equation, by SciPy from dose to dose."""
    k, k12, k21 = values["CL"] / values["V1"], values["Q"] / values["V1"], values["Q"] / values["V2"]

    def slope(_t: float, x: np.ndarray) -> list[float]:
        into = values["KA"] * x[0]
        return [-into, into - (k + k12) * x[1] + k21 * x[2], k12 * x[1] - k21 * x[2], more(x[1] / values["V1"], x[3])]

    state, now, found = np.array([0.0, 0.0, 0.0, start]), 0.0, {}
    for time in sorted({*TIMES.tolist(), *(row.time for row in GIVEN.rows)}):
        if time > now:
            state = solve_ivp(slope, (now, time), state, "DOP853", rtol=1e-11, atol=1e-13).y[:, -1]
            now = time
        state[0] += sum(row.amt for row in GIVEN.rows if row.time == time)
        found[time] = state[3]
    return np.array([found[time] for time in TIMES.tolist()])


@pytest.mark.parametrize("ke0", [0.05, 0.6, 10.8 / 28.8, 1.0, 40.0])
def test_an_effect_compartment_is_that_of_the_solver(ke0: float) -> None:
    ours = simulate(effect_site(TWO), GIVEN, {**BODY, "KE0": ke0}, TIMES).levels[:, 0]
    theirs = solved(BODY, lambda c, ce: ke0 * (c - ce), 0.0)
    assert np.max(np.abs(ours - theirs)) < 1e-9 * np.max(theirs)


def test_a_linear_turnover_is_that_of_the_solver() -> None:
    base, slope, kout = 12.0, 2.5, 0.3
    ours = turnover(TWO).response(GIVEN, {**BODY, "KOUT": kout}, TIMES, base=base, slope=slope)[:, 0]
    theirs = solved(BODY, lambda c, r: kout * base * (1 + slope * c) - kout * r, base)
    assert ours[0] == base
    assert np.max(np.abs(ours / theirs - 1)) < 1e-9


@given(models(), dosings(), st.floats(0.02, 20))
@settings(max_examples=60, deadline=None)
def test_the_body_does_not_notice_it(made: Any, rows: tuple[Row, ...], ke0: float) -> None:
    model, values = made
    times = np.linspace(0, 150, 31)
    with_site = simulate(effect_site(model), Schedule(rows=rows), {**values, "KE0": ke0}, times)
    without = simulate(model, Schedule(rows=rows), values, times)
    assert np.allclose(with_site.amounts[:, :-1], without.amounts, rtol=1e-10, atol=1e-280)


@given(models(), dosings(), st.floats(0.02, 20))
@settings(max_examples=40, deadline=None)
def test_areas_are_those_of_the_blood(made: Any, rows: tuple[Row, ...], ke0: float) -> None:
    """∫Ce = ∫C: what is lost at the site comes from the level and nowhere else; and it is what a fast site shows."""
    model, values = made
    values = {**values, "CL": max(values["CL"], 1.0)}
    rows = tuple(Row(time=row.time, evid=1, amt=row.amt, dur=row.dur) for row in rows)
    late = 1e7
    there = simulate(effect_site(model), Schedule(rows=rows), {**values, "KE0": ke0}, [late], area=True)
    here = simulate(model, Schedule(rows=rows), values, [late], area=True)
    assert there.area is not None
    assert here.area is not None
    assert np.allclose(there.area, here.area, rtol=1e-9)


def test_every_engine_takes_it() -> None:
    site = effect_site(mammillary(1, FirstOrder()))
    people: dict[str, Any] = {"CL": np.linspace(5, 15, 300), "V": 50.0, "KA": 1.5, "KE0": 0.2}
    times = np.linspace(0, 60, 601)
    assert np.array_equal(curves(site, GIVEN, people, times).levels, simulate(site, GIVEN, people, times).levels)


@pytest.mark.parametrize(
    ("drive", "shape"),
    [pair for pair in itertools.product(Drive, Shape) if pair != (Drive.MORE_PRODUCTION, Shape.LINEAR)],
)
def test_what_is_not_linear_is_refused_with_the_remedy(drive: Drive, shape: Shape) -> None:
    with pytest.raises(BadInput, match="solve_ivp"):
        turnover(TWO, drive, shape)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(BadInput, match="already"):
        effect_site(effect_site(TWO))
    with pytest.raises(BadInput, match="KE0: is not above 0"):
        simulate(effect_site(TWO), GIVEN, {**BODY, "KE0": 0.0}, TIMES)
    with pytest.raises(BadInput, match="nothing leaves it for good"):
        simulate(effect_site(TWO), GIVEN, {**BODY, "CL": 0.0, "KE0": 1.0}, TIMES)
    with pytest.raises(BadInput, match="slope: is below 0"):
        turnover(TWO).response(GIVEN, {**BODY, "KOUT": 1.0}, TIMES, slope=-0.1)
