"""The tour shows every screen in every way that it names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from tests.browser.home import SCREENS


def test_every_screen_is_on_the_tour(docs: Path, made_by: Callable[[str], ModuleType]) -> None:
    script = made_by("make_tour")
    elsewhere = {"welcome", "signin", "account"}  # before anybody is known, and on a server with accounts
    assert {screen.partition("/")[0] for screen in script.SCREENS} | elsewhere >= set(SCREENS)
    assert (docs / "explanation" / "tour.md").read_text("utf-8") == script.page(), "run: python docs/make_tour.py"
    pictures = {script.file_of(screen, look) for screen in script.SCREENS for look in script.LOOKS}
    assert set(script.PICTURES.iterdir()) == pictures
    assert all(one.read_bytes()[8:12] == b"WEBP" for one in pictures)
