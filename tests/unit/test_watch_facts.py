"""What the watch compares against is checked with the rest of a monograph: unknown names, two readings, and readings that lower a sign."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gradatim.domain.dose import OralDose
from gradatim.domain.fault import Fault
from gradatim.domain.sign import Beside, SignMeaning, WatchFacts
from gradatim.monographs import leaflet, monograph
from gradatim.monographs.signs import signs

FACTS = leaflet().watch


def faults(facts: WatchFacts) -> list[Fault]:
    return list(signs(monograph(), replace(leaflet(), watch=facts)))


def test_the_packaged_one_is_whole() -> None:
    assert faults(FACTS) == []
    assert FACTS.too_much_from == OralDose.mg(200)


@pytest.mark.parametrize(
    ("name", "said", "path"),
    [
        ("seizure", "sezure", "watch.seizure"),
        ("sleepy", "drowsiness", "watch.sleepy"),
        ("mood", ("suicide-plan", "mood"), "watch.mood"),
        ("fall", "fall", "watch.fall"),
        ("slows_breathing", ("opioid",), "watch.slows_breathing"),
        ("surgery", "surgery", "watch.surgery"),
        ("pump", ("pump",), "watch.pump"),
    ],
)
def test_an_unknown_name_is_a_fault_with_its_place_and_a_remedy(name: str, said: Any, path: str) -> None:
    found = faults(replace(FACTS, **{name: said}))
    assert [fault.path for fault in found] == [path]
    assert found[0].remedy


@pytest.mark.parametrize(
    ("meaning", "problem"),
    [
        (SignMeaning(means="hive", noted=("rash",)), "'hive' is not a known danger sign"),
        (SignMeaning(means="hives", noted=("rashes",)), "'rashes' is not a known danger sign or reaction"),
        (SignMeaning(means="hives", noted=("confusion",)), "confusion means two things beside nothing"),
        (
            SignMeaning(means="mild-sleepiness", noted=("seizure",), beside=Beside.RISE),
            "seizure is graver than mild-sleepiness",
        ),
    ],
)
def test_a_reading_that_cannot_be_meant_is_a_fault(meaning: SignMeaning, problem: str) -> None:
    assert [fault.problem for fault in faults(replace(FACTS, meanings=(*FACTS.meanings, meaning)))] == [problem]


def test_a_graver_reading_is_none() -> None:
    meaning = SignMeaning(means="hives", noted=("mild-sleepiness",), beside=Beside.RISE)
    assert faults(replace(FACTS, meanings=(*FACTS.meanings, meaning))) == []
