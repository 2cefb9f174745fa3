"""Before and after one change of dose: which days, which numbers, and when nothing is said."""

from __future__ import annotations

import pytest
from tests.insight.simulated import a_day, a_series, doses

from gradatim.domain.citation import Citation
from gradatim.domain.dose import OralDose
from gradatim.insight.before_after import (
    MINIMUM_DAYS,
    BeforeAfter,
    Beside,
    ImportantDifference,
    before_after,
    each_change,
)
from gradatim.insight.doses import Segment, changes
from gradatim.insight.enough import Lacking, TooLittle
from gradatim.insight.memory import GRID, memory
from gradatim.insight.series import Series, Towards

LOW = [5, 6, 5, 4, 5, 6, 5]
HIGH = [3, 2, 3, 2, 4, 3, 3]
BAND = Citation.parse("FARRAR [A]")


def compare(series: Series, *days: int, points: float | None = None) -> BeforeAfter | TooLittle:
    band = None if points is None else ImportantDifference(points=points, source=BAND)
    return each_change(series, changes(doses(*days)), important=band)[0][1]


def shown(series: Series, *days: int, points: float | None = None) -> BeforeAfter:
    found = compare(series, *days, points=points)
    assert isinstance(found, BeforeAfter)
    return found


def test_by_hand() -> None:
    found = shown(a_series([*LOW, 3, *HIGH]), 7, 8)
    assert (found.before.spread.median, found.after.spread.median) == (5, 3)
    assert (found.before.spread.low_quartile, found.before.spread.high_quartile) == (5, 5.5)
    assert found.shift == -2
    assert found.interval.low < -2 < found.interval.high < 0
    assert found.interval.low + found.interval.high == pytest.approx(-4)
    assert found.towards is Towards.BETTER
    assert found.p < 0.05


def test_which_days_are_looked_at() -> None:
    found = shown(a_series([1.0] * 10 + [2.0] * 30), 10, 30)
    assert (found.before.first, found.before.last, found.before.days) == (a_day(3), a_day(9), 7)
    assert (found.after.first, found.after.last, found.after.days) == (
        a_day(11),
        a_day(23),
        13,
    )  # day 10 belongs to neither


def test_a_short_step_ends_the_window() -> None:
    found = shown(a_series([1.0] * 5 + [2.0] * 5 + [3.0] * 20), 5, 5, 20)
    assert (found.before.first, found.after.first, found.after.last) == (a_day(0), a_day(6), a_day(9))


def test_days_without_a_known_dose_are_not_before() -> None:
    old = Segment(first=a_day(0), last=a_day(6), day_total=OralDose.mg(5))
    new = Segment(first=a_day(10), last=None, day_total=OralDose.mg(10))
    (change,) = changes([old, new])
    series = a_series([1.0] * 30)
    found = before_after(series, change, remembered=memory(series))
    assert isinstance(found, BeforeAfter)
    assert (found.before.first, found.before.last, found.before.spread.count) == (a_day(3), a_day(6), 4)


@pytest.mark.parametrize(
    ("before", "after", "lacking"),
    [(4, 4, None), (3, 4, Lacking.DAYS_BEFORE), (4, 3, Lacking.DAYS_AFTER), (0, 0, Lacking.DAYS_BEFORE)],
)
def test_minimum_data_or_silence(before: int, after: int, lacking: Lacking | None) -> None:
    days = [5.0] * before + [None] * (7 - before) + [5.0] + [5.0] * after + [None] * (13 - after)
    found = compare(a_series(days), 7, 14)
    if lacking is None:
        assert isinstance(found, BeforeAfter)
    else:
        have = before if lacking is Lacking.DAYS_BEFORE else after
        assert found == TooLittle(what=lacking, have=have, need=MINIMUM_DAYS)


def test_equal_scores_still_have_a_margin() -> None:
    found = shown(a_series([5] * 21), 7, 14)
    assert found.shift == 0
    assert 0.1 < found.interval.high < 1
    assert found.p == 1


def test_no_interval_is_wider_than_the_scale() -> None:
    found = shown(a_series([0, 10, 0, 10, 5, 10, 0, 10, 0]), 4, 5)
    assert found.interval.high <= 10
    assert found.interval.low >= -10


def test_one_odd_day_moves_the_shift_little() -> None:
    usual = shown(a_series([*LOW, 3, *HIGH]), 7, 8)
    odd = shown(a_series([*LOW, 3, *HIGH[:-1], 10]), 7, 8)
    assert abs(odd.shift - usual.shift) <= 0.5
    assert odd.interval.high - odd.interval.low > usual.interval.high - usual.interval.low


def test_days_that_are_alike_widen_the_interval() -> None:
    """The same values, once in an order that jumps about and once in one that drifts."""
    jumping = [2, 6, 3, 7, 2, 6, 3, 7, 2, 6, 3, 7, 2, 6]
    drifting = sorted(jumping[:7]) + sorted(jumping[7:], reverse=True)
    one, other = shown(a_series([*jumping, *jumping]), 14, 14), shown(a_series([*drifting, *drifting]), 14, 14)
    assert other.memory.typical > one.memory.typical + 0.2
    assert other.interval.high - other.interval.low > 1.3 * (one.interval.high - one.interval.low)


@pytest.mark.parametrize(
    ("points", "beside"), [(None, None), (0.1, Beside.BEYOND), (2, Beside.OPEN), (9, Beside.WITHIN)]
)
def test_beside_a_published_band(points: float | None, beside: Beside | None) -> None:
    found = shown(a_series([*LOW, 3, *HIGH]), 7, 8, points=points)
    assert found.beside_important is beside
    keys = {note.key for note in found.notes}
    assert ("insight.note.no-band" in keys) == (points is None)
    assert {"insight.note.days-alike", "insight.note.together-with"} <= keys


def test_the_same_record_gives_the_same_numbers() -> None:
    assert shown(a_series([*LOW, 3, *HIGH]), 7, 8) == shown(a_series([*LOW, 3, *HIGH]), 7, 8)


def test_a_record_too_short_for_memory_keeps_every_memory() -> None:
    found = memory(a_series([1.0, 2.0]))
    assert set(found.weights) == {1 / len(GRID)}
    assert found.days == 2
