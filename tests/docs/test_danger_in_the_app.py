"""The danger signs that the app holds by itself are those of the monograph, in every language."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

from gradatim.languages import LANGUAGES, speaking


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_in_the_app_are_up_to_date(made_by: Callable[[str], ModuleType], language: str) -> None:
    script = made_by("make_danger")
    with speaking(language):
        assert script.file_of(language).read_text("utf-8") == script.made(), "run: python docs/make_danger.py"
