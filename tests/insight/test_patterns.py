"""Weekdays, parts of the day, and hours since a dose."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import product

import numpy as np
import pytest
from scipy.stats import kruskal, rankdata
from tests.insight.simulated import START as FIRST
from tests.insight.simulated import a_series

from gradatim.insight.chance import generator
from gradatim.insight.enough import Lacking, TooLittle
from gradatim.insight.patterns import DRAWS, Pattern, kruskal_wallis, time_of_day, turns, weekday
from gradatim.insight.series import Moment, SinceDose
from gradatim.insight.since_dose import ByHours, by_hours

START = datetime.combine(FIRST, time())


def moments(*hours: tuple[int, float], days: int = 20) -> list[Moment]:
    return [
        Moment(at=START + timedelta(days=day, hours=hour), value=value + day % 3)
        for day in range(days)
        for hour, value in hours
    ]


def test_a_bad_sunday_every_week() -> None:
    found = weekday(a_series([3, 3, 4, 3, 2, 3, 7] * 8))
    assert isinstance(found, Pattern)
    assert found.groups[0].name == "monday"
    assert [group.spread.median for group in found.groups] == [3, 3, 4, 3, 2, 3, 7]
    assert found.p == pytest.approx(1 / (1 + DRAWS))
    assert found.blocks == 8


def test_days_all_alike_have_no_pattern() -> None:
    found = weekday(a_series([3] * 70))
    assert isinstance(found, Pattern)
    assert (found.statistic, found.p) == (0, 1)


@pytest.mark.parametrize(
    ("values", "lacking"),
    [
        ([3] * 35, TooLittle(what=Lacking.WEEKS, have=5, need=6)),
        ([3, 3, 3, 3, 3, 3, None] * 8, TooLittle(what=Lacking.VALUES_PER_WEEKDAY, have=0, need=4)),
        ([], TooLittle(what=Lacking.WEEKS, have=0, need=6)),
    ],
)
def test_too_little_for_weekdays(values: list[float | None], lacking: TooLittle) -> None:
    assert weekday(a_series(values)) == lacking


def test_mornings_and_evenings() -> None:
    found = time_of_day("sleepiness", moments((8, 5), (20, 2)))
    assert isinstance(found, Pattern)
    assert [group.name for group in found.groups] == ["morning", "evening"]
    assert found.groups[0].spread.median == found.groups[1].spread.median + 3
    assert found.p < 0.01


def test_two_check_ins_of_one_part_count_once_and_a_rare_part_is_left_out() -> None:
    rare = [Moment(at=START + timedelta(hours=3), value=1)]
    found = time_of_day("sleepiness", [*moments((8, 4), (9, 6), (20, 5)), *rare])
    assert isinstance(found, Pattern)
    assert [group.spread.count for group in found.groups] == [20, 20]
    assert found.p > 0.9


@pytest.mark.parametrize(
    ("given", "have"),
    [(moments((8, 4)), 0), (moments((8, 4), (20, 4), days=13), 13), ([], 0)],
    ids=["one part", "13", "none"],
)
def test_too_little_for_times(given: list[Moment], have: int) -> None:
    assert time_of_day("sleepiness", given) == TooLittle(what=Lacking.DAYS_WITH_TWO_TIMES, have=have, need=14)


def test_a_turned_block_keeps_its_values_and_its_neighbours() -> None:
    size = np.array([3, 2, 4])
    for row in turns(generator("x"), size):
        for block in np.split(row, np.cumsum(size)[:-1]):
            first = block.min()
            assert ((block - block[0]) % len(block) == np.arange(len(block))).all()
            assert sorted(block) == list(range(first, first + len(block)))


def test_turning_against_every_turn_there_is() -> None:
    """Four blocks of three places: 81 turns, gone through one by one."""
    ranks = rankdata([1, 4, 2, 3, 9, 5, 2, 8, 1, 4, 6, 6])
    member = np.tile(np.eye(3), (4, 1))
    seen = kruskal_wallis(ranks[None, :], member)[0]
    blocks = ranks.reshape(4, 3)
    every = [
        kruskal_wallis(
            np.concatenate([np.roll(block, by) for block, by in zip(blocks, turn, strict=True)])[None, :], member
        )[0]
        for turn in product(range(3), repeat=4)
    ]
    exact = np.mean(np.array(every) >= seen - 1e-9)
    drawn = kruskal_wallis(ranks[turns(generator("seed"), np.array([3, 3, 3, 3]))], member)
    assert np.mean(drawn >= seen - 1e-9) == pytest.approx(exact, abs=0.03)


def test_the_statistic_against_scipy() -> None:
    values = np.array([1.0, 2, 2, 5, 6, 6, 3, 9, 9])
    group = np.array([0, 0, 0, 1, 1, 1, 1, 2, 2])
    member = np.asarray(group[:, None] == np.arange(3), dtype=np.float64)
    expected = kruskal(*(values[group == number] for number in range(3))).statistic
    assert kruskal_wallis(rankdata(values)[None, :], member)[0] == pytest.approx(expected)


def test_hours_since_a_dose_by_hand() -> None:
    hours = [0.5] * 5 + [1.0] * 6 + [2.9] * 4 + [11.9] * 5 + [12.0, 30.0]
    found = by_hours("sleepiness", [SinceDose(hours=hour, value=hour) for hour in hours])
    assert isinstance(found, ByHours)
    assert [band.count for band in found.bands] == [5, 6, 4, 0, 0, 0, 5]
    assert [band.spread and band.spread.median for band in found.bands] == [0.5, 1, None, None, None, None, 11.9]
    assert found.later == 2  # an edge belongs to the band that it opens


def test_too_little_for_hours() -> None:
    few = [SinceDose(hours=hour, value=1) for hour in [0.5] * 9 + [1.5] * 9 + [2.5] * 4]
    assert by_hours("sleepiness", few) == TooLittle(what=Lacking.HOUR_BANDS, have=2, need=3)
