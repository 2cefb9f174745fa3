"""A note asks something in any of our languages; what asks nothing is a note."""

from __future__ import annotations

import pytest

from gradatim.domain.person import Age
from gradatim.words.asked import asked


@pytest.mark.parametrize("sign", ["ask:", "Ask: ", "ask :", "?", "? ", "¿", "Frage:", "Question\u202f:", "pregunta: "])
def test_a_question_is_known_by_its_sign(sign: str) -> None:
    assert asked(f"{sign}may the evening\n dose be larger?") == "may the evening dose be larger?"


@pytest.mark.parametrize("note", ["", "felt well", "ask", "I ask: why", "askance: no", "?", "¿  ", "question"])
def test_a_note_without_the_sign_or_without_words_asks_nothing(note: str) -> None:
    assert asked(note) == ""


@pytest.mark.parametrize("text", ["8 months", "8 Monate", "8 mois", "8 meses", "8 MONTHS"])
def test_an_age_in_months_is_read_in_any_language(text: str) -> None:
    assert Age.parse(text).months == 8


@pytest.mark.parametrize("text", ["45", "45 years", "45 Jahre", "45 ans", "45 años", "45y"])
def test_an_age_in_years_is_read_in_any_language(text: str) -> None:
    assert Age.parse(text).years == 45
