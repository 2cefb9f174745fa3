"""The danger signs that the app holds by itself are those of the monograph."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType


def test_the_texts_in_the_app_are_up_to_date(made_by: Callable[[str], ModuleType]) -> None:
    script = made_by("make_danger")
    assert script.FILE.read_text("utf-8") == script.made(), "run: python docs/make_danger.py"
