"""Names of medicines as people write them: in the spelling of another language, with an accent, an ending, a strength behind it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# International names differ between European languages by rule: morphine, Morphin, morfina; codeine, Kodein, codéine.
_SOUNDS = (("ph", "f"), ("th", "t"), ("ch", "k"), ("qu", "k"), ("y", "i"), ("c", "k"), ("h", ""))
_TWICE = re.compile(r"(.)\1")
_ENDINGS = (re.compile(r"s\Z"), re.compile(r"(?:um|e|a|o)\Z"))
_SHORTEST = 3  # letters that stay of a name without its ending


def sounds(name: str) -> tuple[str, ...]:
    """The words of a name as they sound in most languages of Europe, without their endings.

    >>> sounds("Morphine 10 mg") == sounds("morfina 10 mg")
    True
    """
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return tuple(map(_word, re.findall(r"[^\W_]+", plain)))


def _word(word: str) -> str:
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    word = _TWICE.sub(r"\1", word)
    for ending in _ENDINGS:
        short = ending.sub("", word)
        word = short if len(short) >= _SHORTEST else word
    return word


_known = lru_cache(4096)(sounds)  # the names of a monograph; what people write is not kept


def named(text: str, medicines: Iterable[str]) -> set[str]:
    """Those medicines that a free text, such as "Ibuprofène 400 mg", names."""
    said = sounds(text)
    return {medicine for medicine in medicines if _within(said, _known(medicine))}


def _within(said: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return any(said[place : place + len(wanted)] == wanted for place in range(len(said) - len(wanted) + 1))
