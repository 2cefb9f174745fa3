"""A packet in another language has the same doses, the same instants, the same ids; other words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from gradatim.domain.clock import Instant
from gradatim.domain.fold import fold
from gradatim.exchange.packet import packet, packet_data
from gradatim.journal.demo import demo_entries
from gradatim.languages import LANGUAGES, speaking
from gradatim.monographs import bibliography, leaflet, monograph, scales

OTHERS = sorted(LANGUAGES.keys() - {"en"})
NOW = Instant.parse("2026-10-20T13:10:00Z")


def told(language: str) -> Any:
    entries = demo_entries(monograph(), 7, date(2026, 8, 1))
    with speaking(language):
        made = packet(
            fold(entries), monograph(), leaflet(), NOW, scales=scales(), sources=bibliography(), cursor=len(entries)
        )
    return packet_data(made)


def differing(one: Any, other: Any, at: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where two answers differ."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from differing(one[key], other[key], f"{at}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from differing(left, right, f"{at}[{place}]")
    elif one != other:
        yield at, one, other


def is_words(one: Any) -> bool:
    """Whether a value is something that is read: letters with a space or a capital, and not an id, an instant or a bare amount."""
    return isinstance(one, str) and re.fullmatch(r"[\d.]+ ?(mg|mL|kg)?|[\w/:.+-]*[\d:-][\w/:.+-]*", one) is None


@pytest.mark.parametrize("language", OTHERS)
def test_it_differs_in_words_only(language: str) -> None:
    english, other = told("en"), told(language)
    found = list(differing(english, other))
    assert len(found) > 300
    assert (english["language"], other["language"]) == ("en", language)
    wrong = [one for one in found if one[0] != ".language" and not (is_words(one[1]) and is_words(one[2]))]
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_number_of_a_dose_is_in_its_words(language: str) -> None:
    for one, same in zip(told(language)["doses"], told("en")["doses"], strict=True):
        assert one["id"] == same["id"]
        for said in ("sentence", "take", "late", "until", "missed"):
            assert _numbers(one[said]) == _numbers(same[said]), one[said]
        assert _numbers(one["portion"]["text"]) == _numbers(same["portion"]["text"])


def _numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", text))
