"""What a plan document says, and what it refuses to read back."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from tests.journals import begun, scheme

from gradatim.domain.calendar import lay_out
from gradatim.domain.clock import Instant
from gradatim.domain.course import Course
from gradatim.domain.fault import BadInput
from gradatim.exchange.document import ask_text, document, read_document
from gradatim.languages import LANGUAGES, speaking
from gradatim.monographs import bibliography, monograph

NOW = Instant.parse("2026-11-30T08:00:00Z")


def written(language: str) -> dict[str, Any]:
    book = begun(scheme(5, 10))
    person = book.record().person
    assert person is not None
    plan = replace(scheme(5, 10), drug=monograph().id)
    with speaking(language):
        return document(lay_out(Course(versions=(plan,)), person, monograph(), NOW), bibliography())


@pytest.mark.parametrize(
    "ask", ["spoken.dose", "packet.took", "weekday.0", "Is {amount} bearable?", "{", "ask.unknown"]
)
def test_a_question_in_somebodys_own_words_is_said_as_it_is(ask: str) -> None:
    assert ask_text(ask) == ask


def test_a_known_question_is_said_in_the_language() -> None:
    with speaking("de"):
        assert ask_text("ask.no-danger-sign") == "Sind Sie frei von Warnzeichen?"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reader", LANGUAGES)
def test_whoever_speaks_what_reads_a_document_back(language: str, reader: str) -> None:
    made = written(language)
    assert made["language"] == language
    with speaking(reader):
        assert read_document(made, monograph()).course.versions[0].id == "p1"


@pytest.mark.parametrize("language", ["xx", "", 3, [], {}, None])
def test_a_language_that_is_none_is_told(language: object) -> None:
    wrong = {**written("en"), "language": language}
    with pytest.raises(BadInput) as bad:
        read_document(wrong, monograph())
    assert [fault.path for fault in bad.value.faults] == ["language"]


def test_a_changed_word_of_a_dose_is_told_in_any_language() -> None:
    wrong = copy.deepcopy(written("fr"))
    wrong["doses"][0]["text"] = "2 comprimés de 10 mg = 20 mg"
    with pytest.raises(BadInput) as bad:
        read_document(wrong, monograph())
    assert bad.value.faults[0].path == "doses[0].text"
