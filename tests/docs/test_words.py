"""The catalogues of the other languages hold what program and app say today, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

from gradatim.languages import LANGUAGES


@pytest.fixture(scope="module")
def script(made_by: Callable[[str], ModuleType]) -> ModuleType:
    return made_by("make_words")


@pytest.mark.parametrize("language", sorted(LANGUAGES.keys() - {"en"}))
def test_a_catalogue_is_up_to_date(script: ModuleType, language: str) -> None:
    made = script.catalogue(language, list(script.english()))
    assert script.written(made) == (script.FOLDER / f"{language}.po").read_bytes(), "run: python docs/make_words.py"
    assert [one.context for one in made if one.id and script.lacking(one.string)] == []


def test_a_text_whose_english_changed_is_not_said_any_more(script: ModuleType) -> None:
    texts = list(script.english())
    key, english, where = next(one for one in texts if one[0] == "packet.state-taken")
    same, changed = (script.catalogue("de", [(key, text, where)]) for text in (english, f"{english} indeed"))
    assert [script.lacking(one.string) for one in same if one.id] == [False]
    assert [script.lacking(one.string) for one in changed if one.id] == [True]


def test_no_two_texts_have_one_key(script: ModuleType) -> None:
    keys = [key for key, _, _ in script.english()]
    assert sorted(keys) == sorted(set(keys))
