"""Shares of a daily dose: rounded down to what can be made, never up."""

from __future__ import annotations

import pytest

from gradatim.domain.dose import OralDose
from gradatim.domain.ladder import share_of, whole

FIVE = OralDose.mg(5)


@pytest.mark.parametrize(
    ("day", "percent", "share"), [(20, 24, 0), (20, 25, 5), (60, 10, 5), (60, 24, 10), (60, 25, 15), (100, 100, 100)]
)
def test_a_share_is_never_more_than_asked(day: int, percent: int, share: int) -> None:
    assert share_of(OralDose.mg(day), percent, FIVE) == OralDose.mg(share)


@pytest.mark.parametrize(("amount", "down"), [(4, 0), (5, 5), (9, 5), (10, 10)])
def test_whole_rounds_down(amount: int, down: int) -> None:
    assert whole(OralDose.mg(amount), FIVE) == OralDose.mg(down)
