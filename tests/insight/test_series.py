"""What a series, a segment and a change of dose are, and what they refuse."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest
from tests.insight.simulated import a_day, a_series, doses

from gradatim.domain.dose import OralDose
from gradatim.insight.doses import Segment, changes, levels
from gradatim.insight.enough import Lacking, TooLittle
from gradatim.insight.series import Better, Moment, Series, SinceDose, Towards, spread


def test_a_day_counts_once_by_its_median() -> None:
    check_ins = [(a_day(1), 2.0), (a_day(0), 5.0), (a_day(1), 9.0), (a_day(1), 3.0), (a_day(4), 1.0)]
    series = Series.of_check_ins("pain", check_ins)
    assert series.values == ((a_day(0), 5.0), (a_day(1), 3.0), (a_day(4), 1.0))
    assert np.diff(series.days).tolist() == [1, 3]  # days 2 and 3 are a gap, not a nought


@pytest.mark.parametrize(
    "values",
    [
        ((a_day(1), 1.0), (a_day(0), 1.0)),
        ((a_day(0), 1.0), (a_day(0), 2.0)),
        ((a_day(0), 11.0),),
        ((a_day(0), -1.0),),
        ((a_day(0), float("nan")),),
    ],
    ids=["out of order", "twice", "above", "below", "no number"],
)
def test_a_series_that_cannot_be_is_refused(values: tuple[tuple[date, float], ...]) -> None:
    with pytest.raises(ValueError, match="pain"):
        Series(scale="pain", values=values)


@pytest.mark.parametrize(
    ("better", "difference", "towards"),
    [
        (Better.LOW, -1, Towards.BETTER),
        (Better.LOW, 1, Towards.WORSE),
        (Better.HIGH, 1, Towards.BETTER),
        (Better.HIGH, -1, Towards.WORSE),
        (Better.HIGH, 0, Towards.NEITHER),
        (None, 5, None),
    ],
)
def test_which_way_a_difference_points(better: Better | None, difference: float, towards: Towards | None) -> None:
    assert a_series([1, 2], better=better).towards(difference) is towards


def test_a_spread_by_hand() -> None:
    found = spread(np.array([1.0, 2.0, 3.0, 4.0, 10.0]))
    assert (found.count, found.low_quartile, found.median, found.high_quartile) == (5, 2, 3, 4)


def test_a_time_of_day_has_no_zone_and_hours_do_not_run_back() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        Moment(at=datetime(2026, 1, 5, tzinfo=UTC), value=1)
    with pytest.raises(ValueError, match="not a check-in"):
        SinceDose(hours=-0.1, value=1)


def test_a_rest_is_no_change_of_dose() -> None:
    one, two, three = doses(7, 7, 7)
    rest = Segment(first=two.first, last=two.last, day_total=one.day_total, label="rest")
    (change,) = changes([one, rest, three])
    assert (change.before.first, change.before.last, change.on) == (one.first, rest.last, three.first)
    assert change.rising


def test_segments_do_not_overlap() -> None:
    with pytest.raises(ValueError, match="has ended"):
        changes(
            [
                Segment(first=a_day(0), last=None, day_total=OralDose.mg(5)),
                Segment(first=a_day(3), last=None, day_total=OralDose.mg(10)),
            ]
        )


def test_a_level_for_each_dose_and_for_each_four_weeks_of_it() -> None:
    number = levels(a_series([1.0] * 80).days, changes(doses(10, 70)))
    assert np.unique(number, return_counts=True)[1].tolist() == [10, 28, 28, 14]
    assert levels(a_series([]).days, ()).size == 0


def test_too_little_says_of_what() -> None:
    lacking = TooLittle(what=Lacking.DAYS_AFTER, have=2, need=4)
    assert lacking.message.key == "insight.too-little.days-after"
    assert dict(lacking.message.facts) == {"have": 2, "need": 4}
    with pytest.raises(ValueError, match="enough"):
        TooLittle(what=Lacking.DAYS, have=4, need=4)
