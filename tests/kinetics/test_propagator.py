"""Propagators against 120-digit arithmetic, where other engines lose digits: equal rates, no clearance, stiff tissues, long gaps."""

from __future__ import annotations

import itertools
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradatim.kinetics.propagator import Rates, propagator, settle
from tests.kinetics.many_digits import stretch

PROMISED = 1e-10
REACHED = 2e-12


def rates_of(between: list[list[float]], lost: list[float]) -> Rates:
    return Rates(between=np.array(between, dtype=float)[:, :, None], lost=np.array(lost, dtype=float)[:, None])


def oral(ka: float, k: float, k12: float, k21: float) -> tuple[list[list[float]], list[float]]:
    return [[0, 0, 0], [ka, 0, k21], [0, k12, 0]], [0, k, 0]


def chain(n: int, rate: float, k: float) -> tuple[list[list[float]], list[float]]:
    between = [[rate if i == j + 1 else 0.0 for j in range(n)] for i in range(n)]
    return between, [0.0] * (n - 1) + [k]


def deviation(between: list[list[float]], lost: list[float], dt: float) -> float:
    """The largest relative error of any entry of P, Φ and Ψ that a float can hold."""
    ours = propagator(rates_of(between, lost), np.array([dt]))
    worst = 0.0
    for found, wanted in zip((ours.moved, ours.fed, ours.summed), stretch(between, lost, dt), strict=True):
        for i, j in itertools.product(range(len(lost)), repeat=2):
            exact = wanted[i][j]
            if abs(exact) > Decimal("1e-290"):
                worst = max(worst, abs(float(Decimal(float(found[i, j, 0])) / exact - 1)))
            else:
                assert abs(float(found[i, j, 0])) < 1e-280
    return worst


STRESS = [
    pytest.param(*oral(1.3, 0.15, 0.4, 0.25), 8.0, id="ordinary"),
    pytest.param(*oral(1.0, 1.0, 0.0, 1.0), 3.0, id="all rates equal"),
    pytest.param(*oral(1.0, 1.0 + 1e-9, 0.0, 0.5), 3.0, id="nearly equal"),
    pytest.param(*oral(1.0, 1.0 + 1e-5, 1e-6, 1.0), 30.0, id="nearly equal, all three"),
    pytest.param(*oral(2.23, 0.0, 0.4, 0.6), 1e6, id="no clearance"),
    pytest.param(*oral(0.0, 0.2, 0.4, 0.6), 24.0, id="no absorption"),
    pytest.param(*oral(1e3, 1e-6, 1e3, 1e-4), 1e4, id="stiff"),
    pytest.param(*oral(1e6, 0.1, 0.5, 0.5), 24.0, id="absorbed in a blink"),
    pytest.param(*oral(1.0, 0.375, 0.449, 0.657), 8760.0, id="a year"),
    pytest.param(*oral(1.0, 0.375, 0.449, 0.657), 1e-9, id="a few microseconds"),
    pytest.param(*oral(1e-7, 5.0, 3.0, 1e-6), 500.0, id="a slow depot"),
    pytest.param(*chain(6, 2.5, 2.5), 4.0, id="six equal steps"),
    pytest.param(*chain(8, 11.0, 0.3), 1e-4, id="eight steps, hardly begun"),
]


@pytest.mark.parametrize(("between", "lost", "dt"), STRESS)
def test_every_entry_to_twelve_digits(between: list[list[float]], lost: list[float], dt: float) -> None:
    assert deviation(between, lost, dt) < REACHED


@pytest.mark.long
def test_the_whole_grid() -> None:
    worst = 0.0
    rates = ((1e-3, 1.0, 1.0000001, 1e3), (0.0, 1e-6, 1.0, 1 + 1e-9, 50.0), (0.0, 0.5, 1e3), (1e-4, 0.7, 1e3))
    for ka, k, k12, k21 in itertools.product(*rates):
        for dt in (1e-9, 1e-3, 1.0, 24.0, 1e4, 1e6):
            worst = max(worst, deviation(*oral(ka, k, k12, k21), dt))
    assert worst < REACHED < PROMISED


@given(
    st.lists(st.floats(1e-4, 1e3), min_size=4, max_size=4), st.floats(1e-6, 1e4),
)  # fmt: skip
@settings(max_examples=20)
def test_any_model(values: list[float], dt: float) -> None:
    assert deviation(*oral(*values), dt) < REACHED


def test_nothing_is_made_or_lost() -> None:
    between, lost = oral(1e3, 1e-9, 40.0, 0.3)
    made = propagator(rates_of(between, lost), np.array([1e5]))
    assert np.max(np.abs(made.moved.sum(axis=0) + made.out - 1)) < 4e-16


def test_no_time_changes_nothing() -> None:
    made = propagator(rates_of(*oral(1, 0.2, 0.3, 0.4)), np.array([0.0]))
    assert np.array_equal(made.moved[:, :, 0], np.eye(3))
    assert not made.fed.any()
    assert not made.out.any()


def test_a_subject_gets_the_same_bits_alone_and_among_others() -> None:
    random = np.random.default_rng(7)
    size = 1001
    between, lost = np.zeros((3, 3, size)), np.zeros((3, size))
    between[1, 0], between[2, 1], between[1, 2] = np.exp(random.normal(0, 3, (3, size)))
    lost[1] = np.exp(random.normal(0, 3, size))
    dt = np.exp(random.normal(0, 4, size))
    together = propagator(Rates(between=between, lost=lost), dt)
    for chosen in ([0], [1000], list(range(5, 500, 7)), list(range(1, 1000))):
        apart = propagator(Rates(between=between[:, :, chosen], lost=lost[:, chosen]), dt[chosen])
        for name in ("moved", "fed", "summed", "out"):
            assert np.array_equal(getattr(together, name)[..., chosen], getattr(apart, name))


def settled_exactly(between: list[list[float]], lost: list[float], dt: float, given_to: int) -> list[float]:
    """(I − P)⁻¹ of one dose by Cramer-free elimination in 120 digits."""
    moved = stretch(between, lost, dt)[0]
    n = len(lost)
    rows = [[Decimal(int(i == j)) - moved[i][j] for j in range(n)] + [Decimal(int(i == given_to))] for i in range(n)]
    for k in range(n):
        for i in range(n):
            if i != k and rows[i][k]:
                share = rows[i][k] / rows[k][k]
                rows[i] = [x - share * y for x, y in zip(rows[i], rows[k], strict=True)]
    return [float(rows[i][n] / rows[i][i]) for i in range(n)]


@pytest.mark.parametrize("tau", [1e-6, 0.5, 8.0, 24.0, 1e4])
@pytest.mark.parametrize("k", [1e-9, 0.2, 30.0])
def test_the_steady_state_is_solved_without_losing_digits(tau: float, k: float) -> None:
    between, lost = oral(1.3, k, 0.4, 0.25)
    made = propagator(rates_of(between, lost), np.array([tau]))
    found = settle(made.moved, made.out, np.array([[1.0], [0.0], [0.0]]))[:, 0]
    wanted = np.array(settled_exactly(between, lost, tau, 0))
    assert np.max(np.abs(found[wanted > 1e-290] / wanted[wanted > 1e-290] - 1)) < 1e-12


def test_what_never_leaves_has_no_steady_state() -> None:
    made = propagator(rates_of(*oral(1.3, 0.0, 0.4, 0.25)), np.array([8.0]))
    assert not np.all(np.isfinite(settle(made.moved, made.out, np.array([[1.0], [0.0], [0.0]]))))
