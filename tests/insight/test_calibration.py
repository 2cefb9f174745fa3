"""Simulated records with known truth: is it recovered, do the intervals hold it, and how often is something found in nothing?

The long tests go through the cases of the tables in docs/explanation/what-changed.md. The bounds lie around the figures stated there,
with room for the chance of so many records: they catch a method that breaks, and do not measure it again to the last digit.
"""

from __future__ import annotations

import pytest
from tests.insight.simulated import (
    Person,
    share_with_cuts,
    share_with_weekdays,
    tally_shifts,
    tally_slopes,
)

RISES = (14,) * 6  # twelve weeks, five changes of dose; the last is looked at
MEMORIES = (0.0, 0.3, 0.5)


def test_shifts_in_short() -> None:
    moved = tally_shifts(Person(phi=0.4), RISES, -2.0, 300)
    assert moved.covered > 0.90
    assert moved.error == pytest.approx(0, abs=0.25)
    assert moved.alarms > 0.25
    assert moved.half_width < 2.8
    still = tally_shifts(Person(phi=0.5), RISES, 0.0, 300, seed=6)
    assert still.alarms < 0.10


def test_slopes_in_short() -> None:
    moved = tally_slopes(Person(phi=0.4), 84, -0.3, 200)
    assert moved.covered > 0.89
    assert moved.error == pytest.approx(0, abs=0.04)
    assert moved.alarms > 0.8
    assert tally_slopes(Person(phi=0.5), 84, 0.0, 200).alarms < 0.11


def test_cuts_and_weekdays_in_short() -> None:
    assert share_with_cuts(Person(phi=0.5), 120, 80)[0] < 0.15
    assert share_with_cuts(Person(phi=0.3), 120, 40, move=-2.5)[1] > 0.7
    assert share_with_weekdays(Person(phi=0.5), 84, 80) < 0.14
    assert share_with_weekdays(Person(phi=0.3), 182, 30, sunday=2.0) > 0.8


@pytest.mark.long
@pytest.mark.parametrize("phi", [*MEMORIES, 0.7])
@pytest.mark.parametrize("true", [0.0, -2.0, 1.0])
def test_shifts_on_a_record_of_twelve_weeks(phi: float, true: float) -> None:
    found = tally_shifts(Person(phi=phi), RISES, true, 2000)
    assert 0.925 <= found.covered <= 0.975
    assert found.error == pytest.approx(0, abs=0.1)
    if true == 0:
        assert 0.02 <= found.alarms <= 0.07


@pytest.mark.long
@pytest.mark.parametrize("phi", MEMORIES)
@pytest.mark.parametrize(
    ("person", "segments", "low", "high"),
    [
        ({}, (10, 14), 0.95, 0.995),  # the first change of a record: memory is unknown, and the interval wide
        ({}, (7,) * 6, 0.94, 0.99),  # weekly steps
        ({}, (5, 5), 0.94, 1.0),  # the least there may be: 4 days a side count
        ({}, (30,) * 12, 0.92, 0.965),  # a year
        ({"missing": 0.3}, RISES, 0.93, 0.98),
        ({"level": 2.0}, RISES, 0.92, 0.975),
        ({"level": 0.5}, RISES, 0.92, 0.975),  # most days are 0
    ],
    ids=["first change", "weekly", "least", "year", "gaps", "low", "floor"],
)
def test_shifts_on_other_records(
    phi: float, person: dict[str, float], segments: tuple[int, ...], low: float, high: float
) -> None:
    found = tally_shifts(Person(phi=phi, **person), segments, 0.0, 1500)
    assert low <= found.covered <= high


@pytest.mark.long
def test_what_the_page_admits_slow_weather_beneath() -> None:
    """Where a third of the variance is slower than the model knows, intervals hold the truth less often than they say."""
    for phi in MEMORIES:
        assert 0.86 <= tally_shifts(Person(phi=phi, trait=0.3), RISES, 0.0, 1500).covered <= 0.95


@pytest.mark.long
@pytest.mark.parametrize("phi", [*MEMORIES, 0.7])
@pytest.mark.parametrize(("days", "true"), [(28, 0.0), (84, 0.0), (84, -0.2), (365, 0.0), (365, -0.05)])
def test_slopes(phi: float, days: int, true: float) -> None:
    found = tally_slopes(Person(phi=phi), days, true, 1000)
    assert 0.925 <= found.covered <= (1.0 if days == 28 else 0.98)
    assert found.error == pytest.approx(0, abs=0.1 if days == 28 else 0.03)


@pytest.mark.long
@pytest.mark.parametrize("phi", MEMORIES)
@pytest.mark.parametrize("missing", [0.0, 0.3])
@pytest.mark.parametrize("days", [42, 84, 365])
def test_false_alarms_of_change_points(phi: float, missing: float, days: int) -> None:
    assert share_with_cuts(Person(phi=phi, missing=missing), days, 500)[0] <= 0.09


@pytest.mark.long
@pytest.mark.parametrize(
    ("phi", "days", "found"), [(0.0, 84, 0.85), (0.3, 84, 0.6), (0.3, 365, 0.85), (0.5, 365, 0.75)]
)
def test_a_move_of_two_points_is_found(phi: float, days: int, found: float) -> None:
    assert share_with_cuts(Person(phi=phi), days, 200, move=-2.0)[1] >= found


@pytest.mark.long
@pytest.mark.parametrize("phi", [*MEMORIES, 0.7])
@pytest.mark.parametrize("days", [56, 84, 365])
def test_false_alarms_of_weekdays(phi: float, days: int) -> None:
    assert share_with_weekdays(Person(phi=phi), days, 600) <= 0.08
