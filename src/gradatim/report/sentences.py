"""The fixed words of the printed pages, for their template."""

from __future__ import annotations

from gradatim.words import phrase
from gradatim.words.english.pages import PAGES

_HERE = "page."


def said_on_page() -> dict[str, str]:
    """Every fixed word of the calendar by its name in the template."""
    fixed = {
        key.removeprefix(_HERE): phrase(key)
        for key, said in PAGES.items()
        if key.startswith(_HERE) and isinstance(said, str) and "{" not in said
    }
    return {name.replace("-", "_"): said for name, said in fixed.items()} | {"intended": phrase("intended-use")}
