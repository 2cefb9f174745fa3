"""The level function inside somebody else's estimates: NONMEM's etas are where its objective is least with our levels in it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from gradatim.kinetics.event_table import read_events
from gradatim.kinetics.events import Schedule
from gradatim.kinetics.mammillary import FirstOrder, mammillary
from gradatim.kinetics.simulate import simulate
from tests.kinetics.reference import file

MODEL = mammillary(1, FirstOrder())


def objective(schedule: Schedule, etas: np.ndarray) -> float:
    values = {"CL": 4 * np.exp(etas[0]), "V": 70 * np.exp(etas[1]), "KA": np.exp(etas[2])}
    levels = simulate(MODEL, schedule, values).levels[:, 0]
    seen = [
        (row.dv, level)
        for row, level in zip(schedule.rows, levels, strict=True)
        if row.evid == 0 and row.dv is not None
    ]
    y, f = np.array(seen).T
    return float(np.sum((y - f) ** 2 / (0.05 * f**2) + np.log(0.05 * f**2)) + np.sum(etas**2) / 0.2)


@pytest.mark.parametrize("subject", range(8))
def test_mapbayr_nm001(subject: int) -> None:
    schedules = read_events(file("mapbayr_nm001/data_to_fit001.csv"), ignore=("s2_sampling",))
    lines = file("mapbayr_nm001/nonmem_run001.phi").read_text("utf-8").splitlines()[2:]
    printed = np.array([float(cell) for cell in lines[subject].split()[2:5]])
    schedule = schedules[subject]

    def at(etas: np.ndarray) -> float:
        return objective(schedule, etas)

    found = minimize(at, printed, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-15})
    assert np.max(np.abs(found.x - printed)) < 1e-6
    step = 1e-4
    slope = [(at(printed + step * axis) - at(printed - step * axis)) / (2 * step) for axis in np.eye(3)]
    assert np.max(np.abs(slope)) < 1e-4
