"""Stable from day to day: of equally good ways, the one with the products already taken."""

from __future__ import annotations

from gradatim.domain.dose import OralDose
from gradatim.domain.making import shelf, ways
from gradatim.domain.tablets import Making, Solid
from gradatim.monographs import monograph

ALL = shelf(monograph(), ("us/5", "us/10", "us/15", "us/20"))


def used(*doses: int) -> list[str]:
    made = ways(tuple(map(OralDose.mg, doses)), ALL, Making())[OralDose.mg(doses[-1])]
    assert isinstance(made, Solid)
    return sorted(part.product.id for part in made.pieces)


def test_alone_the_larger_strength_comes_first() -> None:
    assert used(25) == ["us/20", "us/5"]


def test_beside_a_strength_already_taken_that_one_is_kept() -> None:
    assert used(15, 25) == ["us/10", "us/15"]
