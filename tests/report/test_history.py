"""The history in words: names where the journal has ids."""

from __future__ import annotations

from gradatim.domain.entry import CheckIn, Score, StockChange, StockChanged, SymptomNoted, What
from gradatim.report.history import lines_of
from tests.journals import at, begun


def said(what: What) -> str:
    book = begun()
    entry = book.write(what, at("09:00"))
    (line,) = lines_of(book.record(), [entry])
    return line.says


def test_a_product_has_its_name() -> None:
    text = said(StockChanged(change=StockChange.RECEIVED, product="uk/10", quarters=336))
    assert "84 tablets (Baclofen 10 mg tablet)" in text


def test_a_scale_is_no_reaction() -> None:
    assert "Weakness 3" in said(CheckIn(scores=(Score(scale="weakness", value=3),)))
    assert "Muscle weakness" in said(SymptomNoted(sign="weakness"))
