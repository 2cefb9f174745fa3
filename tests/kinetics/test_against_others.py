"""Whole schedules against doses added up in 120 digits, and against SciPy's ODE solvers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.integrate import solve_ivp

from gradatim.kinetics.course import Between
from gradatim.kinetics.events import Row, Schedule
from gradatim.kinetics.mammillary import FirstOrder, Mixed, Parallel, Transit, ZeroOrder, mammillary
from gradatim.kinetics.network import network
from gradatim.kinetics.simulate import simulate
from gradatim.kinetics.structure import LinearModel
from tests.kinetics.made_up import dosings, models, schedule
from tests.kinetics.many_digits import state

AT = [0.25, 1.0, 7.5, 30.0, 99.0, 240.0]
Made = tuple[LinearModel, dict[str, float]]


def added_up(made: Made, rows: tuple[Row, ...], at: float) -> list[float]:
    model, values = made
    setting = model.setting(values)
    n = len(model.compartments)
    between = [[float(setting.rates.between[i, j, 0]) for j in range(n)] for i in range(n)]
    lost = [float(setting.rates.lost[j, 0]) for j in range(n)]
    given_in = []
    for row in rows:
        for portion in model.portions(0):
            place = model.place(portion.into)
            share = (
                1.0 if portion.share is None else 1 - values[portion.share] if portion.rest else values[portion.share]
            )
            length = row.dur or (values[f"D{place + 1}"] if portion.spread else 0.0)
            given_in.append((row.time, place, row.amt * share, length))
    return [float(x) for x in state(between, lost, given_in, at)]


@given(models(), dosings(4))
@settings(max_examples=6)
def test_any_schedule_to_ten_digits(made: Made, rows: tuple[Row, ...]) -> None:
    model, values = made
    found = simulate(model, schedule(*rows), values, AT).amounts[:, :, 0]
    for place, at in enumerate(AT):
        wanted = np.array(added_up(made, rows, at))
        there = wanted > 1e-250
        assert np.all(np.abs(found[place][there] / wanted[there] - 1) < 1e-10)


def solved(model: LinearModel, values: dict[str, float], rows: tuple[Row, ...], times: np.ndarray) -> np.ndarray:
    """The same by DOP853, stopped and started at each event."""
    matrix = model.setting(values).rates.matrix()[:, :, 0]
    running: list[tuple[float, float, int, float]] = []
    jumps: list[tuple[float, int, float]] = []
    for row in rows:
        for portion in model.portions(0):
            place = model.place(portion.into)
            share = (
                1.0 if portion.share is None else 1 - values[portion.share] if portion.rest else values[portion.share]
            )
            start = row.time + values.get(f"ALAG{place + 1}", 0.0)
            length = row.dur or (values[f"D{place + 1}"] if portion.spread else 0.0)
            if length:
                running.append((start, start + length, place, row.amt * share / length))
            else:
                jumps.append((start, place, row.amt * share))
    stops = sorted({0.0, *times.tolist(), *(t for t, _, _ in jumps), *(t for a, b, _, _ in running for t in (a, b))})
    x, found = np.zeros(len(matrix)), {}
    for now, after in zip(stops, [*stops[1:], stops[-1] + 1], strict=True):
        for at, place, amount in jumps:
            if at == now:
                x[place] += amount
        found[now] = x.copy()
        fed = np.zeros(len(x))
        for start, end, place, rate in running:
            if start <= now < end:
                fed[place] += rate

        def slope(_: float, y: np.ndarray, fed: np.ndarray = fed) -> np.ndarray:
            return np.asarray(matrix @ y + fed)

        x = solve_ivp(slope, (now, after), x, method="DOP853", rtol=1e-11, atol=1e-13).y[:, -1]
    return np.array([found[time] for time in times.tolist()])


TIMES = np.array([0.0, 0.2, 0.9, 2.0, 5.5, 8.0, 13.0, 24.0])
ROWS = (Row(time=0, evid=1, amt=20), Row(time=6.5, evid=1, amt=10, dur=3.0), Row(time=8, evid=1, amt=5))
WAYS: list[tuple[Any, dict[str, float]]] = [
    (FirstOrder(), {"KA": 0.9, "ALAG1": 0.3}),
    (ZeroOrder(), {"D1": 1.7}),
    (Parallel(), {"KA1": 2.0, "KA2": 0.2, "FR": 0.3, "ALAG2": 1.5}),
    (Mixed(), {"KA": 0.7, "FR": 0.6, "D2": 2.5, "ALAG2": 0.4}),
    (Transit(4), {"MTT": 0.8, "KA": 1.1}),
    (Transit(2, depot=False), {"MTT": 1.3}),
]


@pytest.mark.parametrize(("way", "values"), WAYS)
@pytest.mark.parametrize("compartments", [1, 3])
def test_ways_in_against_an_ode_solver(way: Any, values: dict[str, float], compartments: int) -> None:
    model = mammillary(compartments, way)
    body = (
        {"CL": 4.0, "V": 15.0}
        if compartments == 1
        else {"CL": 4.0, "V1": 15.0, "Q2": 6.0, "V2": 20.0, "Q3": 0.5, "V3": 60.0}
    )
    ours = simulate(model, schedule(*ROWS), body | values, TIMES).amounts[:, :, 0]
    theirs = solved(model, body | values, ROWS, TIMES)
    assert np.max(np.abs(ours - theirs) / (1e-4 + np.abs(theirs))) < 1e-8


def test_spinal_fluid_that_empties_into_the_blood() -> None:
    flows = {("csf", "blood"): "KC", ("blood", "csf"): "KB", ("blood", None): "KE"}
    model = network(("csf", "blood"), flows, "csf")
    values = {"KC": 0.46, "KB": 0.002, "KE": 0.19, "V": 0.15}
    ours = simulate(model, schedule(*ROWS), values, TIMES).amounts[:, :, 0]
    assert np.max(np.abs(ours - solved(model, values, ROWS, TIMES)) / (1e-9 + ours)) < 1e-8


def clearance(at: Any) -> dict[str, float]:
    return {"CL": 0.05 * at["CRCL"], "V": 20.0, "KA": 1.0}


CHANGING = Schedule(
    rows=tuple(Row(time=time, evid=int(time == 0), amt=100 if time == 0 else 0) for time in (0.0, 6.0, 12.0, 24.0)),
    covariates={"CRCL": (100.0, 40.0, 80.0, 20.0)},
)


def by_ode(crcl: Any) -> np.ndarray:
    def slope(t: float, x: np.ndarray) -> list[float]:
        return [-x[0], x[0] - 0.05 * crcl(t) / 20 * x[1]]

    x, found = np.array([100.0, 0.0]), [0.0]
    for start, end in ((0, 6), (6, 12), (12, 24)):
        x = solve_ivp(slope, (start + 1e-12, end - 1e-12), x, "DOP853", rtol=1e-11, atol=1e-12).y[:, -1]
        found.append(x[1])
    return np.array(found)


def test_covariates_between_rows() -> None:
    model = mammillary(1, FirstOrder())
    ways = {
        Between.NEXT: lambda t: np.array([40, 80, 20])[np.searchsorted([6, 12], t)],
        Between.LAST: lambda t: np.array([100, 40, 80])[np.searchsorted([6, 12], t)],
        Between.LINEAR: lambda t: np.interp(t, [0, 6, 12, 24], [100, 40, 80, 20]),
    }
    for between, crcl in ways.items():
        found = simulate(model, CHANGING, clearance, between=between).amount("central")[:, 0]
        assert np.allclose(found, by_ode(crcl), rtol=3e-4 if between is Between.LINEAR else 1e-9), between


def test_a_straight_line_is_followed_in_steps() -> None:
    model = mammillary(1, FirstOrder())
    exact = by_ode(lambda t: np.interp(t, [0, 6, 12, 24], [100, 40, 80, 20]))
    found = simulate(model, CHANGING, clearance, between=Between.LINEAR)
    assert len(found.times) == 4
    assert np.max(np.abs(found.amount("central")[1:, 0] / exact[1:] - 1)) < 3e-4
    still = replace(CHANGING, covariates={"CRCL": (50.0,) * 4})
    same = [simulate(model, still, clearance, between=between).levels for between in Between]
    assert np.array_equal(same[0], same[1])
    assert np.array_equal(same[0], same[2])
