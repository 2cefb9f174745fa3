"""A template of a key with its places filled: the ground of everything that is said."""

from __future__ import annotations

import re

from gradatim.languages import form, spoken, translated
from gradatim.words.english import TEMPLATES

_STOPPED = re.compile(
    r"\{(\w+)\}\.(?!\.)"
)  # a sentence that ends with a place: what is put there may end in a stop, as 1. Dez. does


class NothingToSay(LookupError):
    """A key without a template."""


def sentence(key: str, *, n: int = 0, **texts: str | int) -> str:
    """The template of a key in the language that is spoken, filled with texts. ``n`` chooses the form where there are two.

    Raises `NothingToSay` for a missing template: nothing is ever said half.
    """
    if key not in TEMPLATES:
        raise NothingToSay(f"nothing to say for {key!r}")
    template = form(translated(key, TEMPLATES[key]), n)
    for name in _STOPPED.findall(template) if spoken() != "en" else ():
        if str(texts.get(name, "")).endswith(".") and not str(texts[name]).endswith(".."):
            template = template.replace(f"{{{name}}}.", f"{{{name}}}")
    return template.format(n=n, **texts)


def known(key: str) -> bool:
    """Whether there is a template."""
    return key in TEMPLATES


def capital(text: str) -> str:
    """What stands within a sentence as the begin of one. Nothing stays nothing."""
    return f"{text[:1].upper()}{text[1:]}"


def numbers(text: str) -> str:
    """The numbers of a text with the decimal sign of the language: ``2.5 mg``, or ``2,5 mg``."""
    return text if spoken() == "en" else re.sub(r"(?<=\d)\.(?=\d)", ",", text)


def grouped(text: str) -> str:
    """Thousands as safe medication writing asks: ``1,250 mL``; elsewhere than in English, where a comma is the decimal sign, a space."""
    sign = "," if spoken() == "en" else "\N{NO-BREAK SPACE}"
    return re.sub(r"(?<![\d.,])\d{4,}", lambda found: f"{int(found[0]):,}".replace(",", sign), text)


def either(first: str, last: str) -> str:
    """Two things of which one holds: ``this or that``."""
    return sentence("list.or", first=first, last=last)


def listed(first: str, last: str) -> str:
    """Two things that belong together: ``this and that``."""
    return sentence("list.and", first=first, last=last)
