"""Which fields of the data are words that people read, and the data with these words in another language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gradatim.languages import spoken, translated

WORDS = {
    "baclofen_oral/claims": ("claim", "answer"),
    "baclofen_oral/conditions": ("title", "why"),
    "baclofen_oral/danger": ("sign", "act", "when", "derived"),
    "baclofen_oral/guardrails": ("why",),
    "baclofen_oral/interactions": ("with_class", "mechanism", "action", "derived"),
    "baclofen_oral/missed": ("text", "derived"),
    "baclofen_oral/products": ("name", "storage", "note"),
    "baclofen_oral/reactions": ("name", "plain", "words", "note"),
    "baclofen_oral/taper": ("title", "applies_to", "if_symptoms", "needs", "note"),
    "baclofen_oral/titration": ("title", "applies_to", "note"),
    "baclofen_oral/topics": ("title", "text", "derived", "not_found"),
    "scales": (
        "name",
        "question",
        "frame",
        "words",
        "how",
        "derived",
        "not_found",
        "basis",
        "population",
        "unit",
        "reason",
    ),
}
"""The fields of each file that are words. What is not here is an id, a number, a source, or a name for matching."""

# A product is the same product in every language, and doses are counted by it: its words are put in where they are said.
_WHERE_SAID = ("baclofen_oral/products",)


def in_words(file: str, data: Any) -> Any:
    """The data of a file in the language that is spoken; what has no translation stays English."""
    if spoken() == "en" or file not in WORDS or file in _WHERE_SAID:
        return data
    return _walked(file, data, translated)


def words_of(file: str, data: Any) -> Iterator[tuple[str, str]]:
    """Each text of a file with its key, such as ``danger.danger_signs:seizure.act``."""
    found: list[tuple[str, str]] = []

    def note(key: str, text: str) -> str:
        found.append((key, text))
        return text

    _walked(file, data, note)
    yield from found


def _walked(file: str, data: Any, change: Callable[[str, str], Any]) -> Any:
    """Every text of the file replaced; a list item with an id is known by it, another by its place."""
    names = WORDS[file]

    def walk(value: Any, key: str, name: str) -> Any:
        if isinstance(value, dict):
            id = value.get("id") or value.get("code")
            here = key if id is None else f"{key}:{id}"
            return {field: walk(inner, f"{here}.{field}", field) for field, inner in value.items()}
        if isinstance(value, list):
            return [
                walk(
                    inner,
                    key if isinstance(inner, dict) and ("id" in inner or "code" in inner) else f"{key}[{place}]",
                    name,
                )
                for place, inner in enumerate(value)
            ]
        return change(key, value) if isinstance(value, str) and name in names else value

    return walk(data, file.rpartition("/")[2], "")
