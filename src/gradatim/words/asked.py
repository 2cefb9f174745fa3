"""Notes that ask something: they stand on the page for the doctor."""

from __future__ import annotations

import re

_ASKS = re.compile(r"\s*(?:(?:ask|frage|question|pregunta)\s*:|[?¿])", re.IGNORECASE)


def asked(note: str) -> str:
    """What a note asks, without the sign by which it says so (``ask:``, ``Frage:``, ``?``) and in one line; empty where it asks nothing.

    Any of our languages is understood, whichever is spoken: a note stays the same note.
    """
    found = _ASKS.match(note)
    return "" if found is None else " ".join(note[found.end() :].split())
