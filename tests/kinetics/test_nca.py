"""Non-compartmental analysis beside curves whose numbers are known in closed form, and beside a reference."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gradatim.domain.fault import BadInput
from gradatim.kinetics import doses, nca, published, simulate
from gradatim.words import say
from tests.kinetics.reference import table

HOURS = [0, 0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24]


def test_a_bolus_into_one_compartment_is_exact() -> None:
    """C = 5·exp(−0.15·t): areas of exponentials are those of the rule, so every number is that of the formula."""
    found = nca(HOURS, [5 * math.exp(-0.15 * t) for t in HOURS], 100, level_unit="mg/L")
    assert found.slope is not None
    assert found.slope.rate == pytest.approx(0.15, rel=1e-12)
    assert found.slope.intercept == pytest.approx(5, rel=1e-12)
    assert found.half_life == pytest.approx(math.log(2) / 0.15, rel=1e-12)
    assert found.area_whole == pytest.approx(5 / 0.15, rel=1e-12)
    assert found.extrapolated == pytest.approx(100 * math.exp(-0.15 * 24), rel=1e-9)
    assert found.residence == pytest.approx(1 / 0.15, rel=1e-12)
    assert found.clearance == pytest.approx(3, rel=1e-12)
    assert found.volume == pytest.approx(20, rel=1e-12)
    assert (found.highest, found.highest_at, found.notes) == (5, 0, ())


def test_the_published_adult_after_a_tablet() -> None:
    """F is 1 and the clearance 10.8 L/h (180 mL/min, KOCHAK): 20 mg have an area of 1852 ng·h/mL (facts, 15)."""
    adult = published("adult-derived")
    times = np.concatenate([np.arange(0, 4, 0.05), np.arange(4, 48.1, 0.5)])
    levels = simulate(adult.model(), doses(20, [0]), adult.typical(), times).levels[:, 0]
    found = nca(times.tolist(), levels.tolist(), 20)
    assert found.clearance == pytest.approx(10.8, rel=2e-3)
    assert found.area_whole == pytest.approx(1852, rel=2e-3)
    assert found.half_life == pytest.approx(3.629, rel=2e-2)  # ln 2 / β, β 0.191 per h; the line begins a little early
    assert found.highest_at == pytest.approx(1.31, abs=0.05)
    assert found.residence == pytest.approx(1 + (28.8 + 19.679) / 10.8, rel=5e-3)  # 1 / KA + Vss / CL


def test_a_steady_state() -> None:
    """One interval of 8 hours of 5·exp(−0.15·t): accumulation 1 / (1 − exp(−1.2))."""
    times = [0, 1, 2, 4, 6, 8]
    found = nca(times, [5 * math.exp(-0.15 * t) for t in times], 50, level_unit="mg/L", tau=8)
    area = 5 / 0.15 * -math.expm1(-1.2)
    assert found.area_tau == pytest.approx(area, rel=1e-12)
    assert found.average == pytest.approx(area / 8, rel=1e-12)
    assert found.accumulation == pytest.approx(1 / -math.expm1(-1.2), rel=1e-12)
    assert found.clearance == pytest.approx(50 / area, rel=1e-12)
    assert found.residence is None
    between = nca(
        [0, 1, 2, 4, 6, 12], [5 * math.exp(-0.15 * t) for t in (0, 1, 2, 4, 6, 12)], 50, level_unit="mg/L", tau=8
    )
    assert between.area_tau == pytest.approx(area, rel=1e-12)  # the level at 8 hours lies on the exponential


def test_an_infusion_shortens_the_residence_time_by_half_of_itself() -> None:
    times = [0, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 12, 18, 24]
    k, long = 0.15, 1.5
    levels = [5 / long / k * (1 - math.exp(-k * min(t, long))) * math.exp(-k * max(t - long, 0)) for t in times]
    found = nca(times, levels, 100, level_unit="mg/L", infusion=long)
    assert found.residence == pytest.approx(1 / k, rel=2e-3)


def test_the_reference_of_one_compartment() -> None:
    """Analytic case of the reference folder: V 20, k 0.15, a bolus of 100."""
    rows = [
        one
        for one in table("analytic/bertrand_mentre_50digit.csv")
        if (one["ncmt"], one["route"], one["regimen"]) == ("1", "bolus", "single")
    ]
    found = nca(
        [0, *(float(one["t_h"]) for one in rows)],
        [5, *(float(one["central_concentration"]) for one in rows)],
        100,
        level_unit="mg/L",
    )
    assert found.slope is not None
    assert found.slope.rate == pytest.approx(0.15, rel=1e-9)
    assert found.clearance == pytest.approx(3, rel=1e-9)


def test_the_slope_takes_the_straight_end_and_names_its_points() -> None:
    """Two phases, 2 per h and 0.1 per h: the line is that of the end, and no point of the steep beginning is in it."""
    times = [0, 0.5, 1, 2, 4, 8, 12, 16, 24]
    found = nca(times, [100 * math.exp(-2 * t) + 10 * math.exp(-0.1 * t) for t in times])
    assert found.slope is not None
    assert found.slope.rate == pytest.approx(0.1, rel=3e-3)
    assert found.slope.times[0] >= 4
    assert found.slope.times[-1] == 24


def test_the_highest_level_is_never_on_the_line() -> None:
    found = nca([0, 1, 2, 3, 4], [0, 8, 4, 2, 1])
    assert found.slope is not None
    assert found.slope.times == (2, 3, 4)


def test_areas_by_hand() -> None:
    """Up by straight lines, down by exponentials: (0+4)/2 + 4·(2−1)… and the level of 0 at the end is left out."""
    found = nca([0, 1, 2, 3], [0, 4, 2, 0])
    assert found.area == pytest.approx(2 + (4 - 2) / math.log(2))
    assert found.last_at == 2


def test_what_cannot_be_said_is_not_said() -> None:
    found = nca([0, 1, 2, 3], [0, 1, 2, 3], 10)
    assert (found.slope, found.half_life, found.clearance, found.area_whole) == (None, None, None, None)
    assert "no half-life" in say(found.notes[0])
    far = nca([0, 1, 2, 3, 4], [0, 10, 9.5, 9, 8.6], 10)
    assert far.extrapolated is not None
    assert far.extrapolated > 50
    assert [one.key for one in far.notes] == ["nca.short-slope", "nca.far"]


def test_every_fault_at_once() -> None:
    with pytest.raises(BadInput) as bad:
        nca([0, 2, 1], [1, -1], 0, tau=9, infusion=-1)
    assert {fault.path for fault in bad.value.faults} == {"times", "levels", "dose", "tau", "infusion"}
    with pytest.raises(BadInput, match="none is above 0"):
        nca([0, 1], [0, 0])
