"""Slopes and new levels: found where they were put, and silence where there is too little."""

from __future__ import annotations

import numpy as np
import pytest
from tests.insight.simulated import Person, a_day, a_series, doses, noise

from gradatim.insight.change_points import ChangePoints, best_cut, change_points
from gradatim.insight.doses import changes
from gradatim.insight.enough import Lacking, TooLittle
from gradatim.insight.series import Series, Towards
from gradatim.insight.trend import Trend, trend

WOBBLE = [0, 1, 0, -1, 1, 0, -1]


def slope(series: Series) -> Trend:
    found = trend(series)
    assert isinstance(found, Trend)
    return found


def cuts(series: Series, *days: int) -> ChangePoints:
    found = change_points(series, changes(doses(*days)) if days else ())
    assert isinstance(found, ChangePoints)
    return found


def test_a_slope_by_hand() -> None:
    """One point down in each of eight weeks, the same wobble in each."""
    found = slope(a_series([9 - week + off for week in range(8) for off in WOBBLE]))
    assert found.per_week == pytest.approx(-1)
    assert found.interval.low < -1 < found.interval.high < 0
    assert found.towards is Towards.BETTER
    assert (found.first, found.last, found.days) == (a_day(0), a_day(55), 56)


def test_gaps_do_not_bend_a_slope() -> None:
    values = [9 - day / 7 if day % 5 and not 20 < day < 30 else None for day in range(56)]
    assert slope(a_series(values)).per_week == pytest.approx(-1)


@pytest.mark.parametrize(
    ("values", "lacking"),
    [
        ([1.0] * 13 + [None] * 40, TooLittle(what=Lacking.DAYS, have=13, need=14)),
        ([1.0] * 27, TooLittle(what=Lacking.SPAN, have=27, need=28)),
        ([], TooLittle(what=Lacking.DAYS, have=0, need=14)),
    ],
)
def test_too_little_for_a_slope(values: list[float | None], lacking: TooLittle) -> None:
    assert trend(a_series(values)) == lacking


def test_a_flat_record_has_no_slope_and_no_cut() -> None:
    flat = a_series([4] * 60)
    assert slope(flat).per_week == 0
    assert slope(flat).interval.low < 0 < slope(flat).interval.high
    assert cuts(flat).points == ()


def test_a_new_level_is_found_with_its_dose_beside_it() -> None:
    series = a_series([7 + off for _ in range(6) for off in WOBBLE] + [4 + off for _ in range(6) for off in WOBBLE])
    (point,) = cuts(series, 40, 44).points
    assert (point.last_before, point.on) == (a_day(41), a_day(42))
    assert (point.before.median, point.after.median) == (7, 4)
    assert point.change is not None
    assert point.change.on == a_day(40)
    assert point.days_apart == 2
    (alone,) = cuts(series).points
    assert (alone.change, alone.days_apart) == (None, None)


def test_a_dose_far_away_is_not_named() -> None:
    series = a_series([7 + off for _ in range(6) for off in WOBBLE] + [4 + off for _ in range(6) for off in WOBBLE])
    (point,) = cuts(series, 34, 50).points
    assert point.change is None


def test_a_bad_weekend_is_not_a_level() -> None:
    values = [4 + off for _ in range(12) for off in WOBBLE]
    values[40:43] = [10, 10, 10]
    assert cuts(a_series(values)).points == ()


def test_too_little_for_change_points() -> None:
    assert change_points(a_series([1.0] * 27)) == TooLittle(what=Lacking.DAYS, have=27, need=28)


def test_the_same_record_is_cut_on_the_same_days() -> None:
    series = Person(phi=0.3).scores(np.random.default_rng(1), np.repeat([0.0, -2.0], 50))
    assert cuts(series) == cuts(series)


def test_the_best_cut_against_going_through_all() -> None:
    row = noise(np.random.default_rng(2), 40, 0.4)
    whole = ((row - row.mean()) ** 2).sum()
    gains = [whole - sum(((side - side.mean()) ** 2).sum() for side in (row[:k], row[k:])) for k in range(7, 34)]
    assert best_cut(row[None, :])[0] == pytest.approx(max(gains))
