"""Goal attainment: the corrected formula, held against hand-worked values and against arithmetic with another tool."""

from __future__ import annotations

from decimal import Decimal
from math import sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradatim.domain.fault import BadInput
from gradatim.domain.goals import LEVELS, Goal, t_score

WEIGHTS = st.sampled_from((1, 2, 3, 4, 6, 9))
RATED = st.lists(st.tuples(WEIGHTS, st.integers(-2, 2)), min_size=1, max_size=8)


@given(st.lists(WEIGHTS, min_size=1, max_size=20))
def test_goals_reached_as_expected_give_exactly_50(weights: list[int]) -> None:
    assert t_score((weight, 0) for weight in weights) == 50
    assert str(t_score((weight, 0) for weight in weights)) == "50.0"


@pytest.mark.parametrize(
    ("rated", "score"),
    [
        # One goal: the root is its own weight, so each level is 10 points, whatever the weight.
        ([(1, 1)], "60.0"),
        ([(9, 2)], "70.0"),
        ([(4, -2)], "30.0"),
        # Two equal goals, both +1: 10·2 / √(0.7·2 + 0.3·4) = 20/√2.6 = 12.403
        ([(1, 1), (1, 1)], "62.4"),
        # Three equal goals, all −1: −30 / √(0.7·3 + 0.3·9) = −30/√4.8 = −13.693
        ([(1, -1), (1, -1), (1, -1)], "36.3"),
        # Three equal goals, all +2: 60/√4.8 = 27.386
        ([(1, 2), (1, 2), (1, 2)], "77.4"),
        # Weights 6 and 2, levels +1 and −1: 10·4 / √(0.7·40 + 0.3·64) = 40/√47.2 = 5.822
        ([(6, 1), (2, -1)], "55.8"),
        ([(1, 1), (1, 0), (1, -1)], "50.0"),
        ([(2, 1), (2, 1)], "62.4"),  # a common factor of all weights changes nothing
    ],
)
def test_worked_by_hand(rated: list[tuple[int, int]], score: str) -> None:
    assert t_score(rated) == Decimal(score)


@given(RATED)
def test_the_exact_score_is_the_formula_rounded(rated: list[tuple[int, int]]) -> None:
    weights = [weight for weight, _ in rated]
    root = sqrt(0.7 * sum(weight * weight for weight in weights) + 0.3 * sum(weights) ** 2)
    formula = 50 + 10 * sum(weight * level for weight, level in rated) / root
    assert abs(float(t_score(rated)) - formula) <= 0.05 + 1e-9


@given(RATED)
def test_turning_every_level_round_mirrors_the_score(rated: list[tuple[int, int]]) -> None:
    assert t_score(rated) + t_score((weight, -level) for weight, level in rated) == 100


@given(RATED, st.integers(0, 7))
def test_one_goal_a_level_higher_never_lowers_the_score(rated: list[tuple[int, int]], place: int) -> None:
    weight, level = rated[place % len(rated)]
    better = list(rated)
    better[place % len(rated)] = (weight, min(2, level + 1))
    assert t_score(better) >= t_score(rated)


def test_weights_count() -> None:
    assert t_score([(9, 1), (1, -1)]) > 50 > t_score([(1, 1), (9, -1)])


def test_a_goal_weighs_importance_times_difficulty() -> None:
    assert Goal(text="Walk to the shop by May").weight == 1
    assert Goal(text="Walk to the shop by May", importance=3, difficulty=2).weight == 6


@pytest.mark.parametrize(
    ("rest", "path"),
    [
        ({"text": "  "}, "text"),
        ({"importance": 0}, "importance"),
        ({"importance": 4}, "importance"),
        ({"difficulty": 0}, "difficulty"),
        ({"difficulty": True}, "difficulty"),
    ],
)
def test_a_goal_cannot_exist_in_a_bad_state(rest: dict[str, Any], path: str) -> None:
    with pytest.raises(BadInput) as bad:
        Goal(**{"text": "Walk to the shop by May", **rest})
    assert [fault.path for fault in bad.value.faults] == [path]


def test_every_fault_is_told() -> None:
    with pytest.raises(BadInput) as bad:
        t_score([(1, 3), (0, 0), (10, -3)])
    assert [fault.path for fault in bad.value.faults] == [
        "goals[0].level",
        "goals[1].weight",
        "goals[2].weight",
        "goals[2].level",
    ]
    with pytest.raises(BadInput, match="Rate one goal at least"):
        t_score([])


def test_the_levels_are_five() -> None:
    assert list(LEVELS) == [-2, -1, 0, 1, 2]
