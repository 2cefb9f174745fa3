"""Which language is spoken, and the one catalogue of each: `gettext` files that the program and the app share.

English is written where it is said; a catalogue holds what replaces it, by a key and the English it was made from. A text whose English
has changed since is said in English until somebody has translated it anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import c2py
from importlib.resources import files
from types import MappingProxyType

LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "de": "Deutsch", "es": "Español", "fr": "Français"})
"""Each language by its tag, with its name in itself. Another one is a line here and its catalogue."""

Template = str | Mapping[str, str]
"""What is said of a key: a sentence with places for facts; or one for ``one`` and one for ``other``, chosen by the fact ``n``."""

_spoken: ContextVar[str] = ContextVar("spoken", default="en")


class UnknownLanguage(LookupError):
    """A language without a catalogue."""


def spoken() -> str:
    """The language that is spoken here and now, as its tag."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak another language inside, in this thread or task only. Raises `UnknownLanguage`."""
    if language not in LANGUAGES:
        raise UnknownLanguage(f"{language!r} is not spoken here; these are: {', '.join(LANGUAGES)}")
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def language_for(accepted: str) -> str:
    """The best language for an ``Accept-Language`` header, or for a list such as ``de-AT,fr``. English where none is known.

    >>> language_for("nl, fr-CH;q=0.8, de;q=0.9")
    'de'
    """
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted.split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            share = float(weight or 1)
        except ValueError:
            continue
        known = tag.strip().lower().split("-")[0]
        if share > 0 and known in LANGUAGES:
            wanted.append((-share, place, known))
    return min(wanted)[2] if wanted else "en"


def translated(key: str, english: Template, language: str | None = None) -> Template:
    """What a key says in the language, or the English where the catalogue has nothing for just this English."""
    tag = spoken() if language is None else language
    return english if tag == "en" else catalogue(tag).get(key, english)


def form(template: Template, n: int, language: str | None = None) -> str:
    """The form of a template for a number, by the plural rule of the language."""
    if isinstance(template, str):
        return template
    tag = spoken() if language is None else language
    first = n == 1 if tag == "en" else catalogue(tag).first(n)
    return template["one" if first else "other"]


class Catalogue:
    """The translations of one language, and its plural rule: ``first`` says whether a number takes the first form."""

    def __init__(self, said: Mapping[tuple[str, str], Template], rule: str) -> None:
        self._said, self._rule = said, c2py(rule)

    def get(self, key: str, english: Template) -> Template:
        """What was made from this English under this key, or the English."""
        return self._said.get((key, _english(english)), english)

    def lacks(self, key: str, english: Template) -> bool:
        """Whether there is nothing under this key that was made from this English."""
        return (key, _english(english)) not in self._said

    def renamed(self, area: str, field: str) -> Mapping[str, str]:
        """From the English of every text with such a key (``area:id.field``) to what it is called in this language."""
        return {
            english: said
            for (key, english), said in self._said.items()
            if key.startswith(f"{area}:") and key.endswith(f".{field}") and isinstance(said, str)
        }

    def first(self, n: int) -> bool:
        """Whether a number takes the first form."""
        return self._rule(n) == 0

    def __len__(self) -> int:
        return len(self._said)


def _english(template: Template) -> str:
    return template if isinstance(template, str) else template["other"]


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of a language, read once. Raises `UnknownLanguage`."""
    from babel.messages.pofile import read_po  # who speaks English never needs it

    if language not in LANGUAGES:
        raise UnknownLanguage(f"{language!r} is not spoken here; these are: {', '.join(LANGUAGES)}")
    said: dict[tuple[str, str], Template] = {}
    with files(__package__).joinpath(f"{language}.po").open("rb") as file:
        read = read_po(file, locale=language)
    if read.num_plurals > 2:
        raise UnknownLanguage(
            f"{language!r} has {read.num_plurals} plural forms; two can be said so far, and a count of tablets may not be wrong"
        )
    for one in read:
        strings = [str(string or "") for string in (one.string if isinstance(one.string, tuple) else (one.string,))]
        if not one.id or one.fuzzy or not all(strings):
            continue
        key = str(one.context)
        if isinstance(one.id, str):
            said[key, one.id] = strings[0]
        else:
            said[key, one.id[1]] = {"one": strings[0], "other": strings[-1]}
    return Catalogue(MappingProxyType(said), read.plural_expr)
