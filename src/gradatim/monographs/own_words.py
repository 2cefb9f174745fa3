"""What a person's own words may mean: the sign itself, or the emergencies that sound like it."""

from __future__ import annotations

import re
from difflib import get_close_matches

from gradatim.domain.knowledge import DangerSign, Level
from gradatim.monographs.loader import leaflet


def known_sign(sign: str) -> bool:
    """Whether the watch knows a sign by its id."""
    return sign in {one.id for one in leaflet().danger_signs} | {one.id for one in leaflet().reactions}


def recognised(said: str) -> tuple[str, tuple[DangerSign, ...]]:
    """The id of a sign, whatever its case, blanks and plural; and the emergencies that words of the person's own may mean."""
    plainly = "-".join(said.lower().split())
    for id in (plainly, plainly.removesuffix("s"), f"{plainly}s"):
        if known_sign(id):
            return id, ()
    words = {_stem(word) for word in re.findall(r"[a-z]{4,}", said.lower())} - _COMMON
    near = set(get_close_matches(plainly, [one.id for one in leaflet().danger_signs], cutoff=0.75))
    perhaps = [
        one
        for one in leaflet().danger_signs
        if one.level is Level.EMERGENCY
        and (
            one.id in near
            or _alike(words, {_stem(w) for w in re.findall(r"[a-z]{4,}", f"{one.id} {one.sign}".lower())})
        )
    ]
    return said, tuple(perhaps[:4])


_COMMON = {
    "have",
    "with",
    "that",
    "this",
    "very",
    "feel",
    "cannot",
    "could",
    "when",
    "your",
    "after",
    "from",
    "been",
    "were",
    "what",
}
_STEM = 5  # letters of a word that are compared, so that breath, breathe and breathing are one


def _stem(word: str) -> str:
    return word[:_STEM]


def _alike(said: set[str], known: set[str]) -> bool:
    return any(word in known or get_close_matches(word, list(known), n=1, cutoff=0.8) for word in said)
