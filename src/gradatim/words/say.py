"""One function says a message. English today; the language is a parameter so that a second one is a catalogue, not a change."""

from __future__ import annotations

from datetime import date, time

from gradatim.domain.citation import Citation
from gradatim.domain.dose import OralDose
from gradatim.domain.finding import Fact, Finding, Message
from gradatim.domain.guardrail import Bound, Unit
from gradatim.words.english import TEMPLATES
from gradatim.words.phrases import part_of_day, short_day


class NotTranslated(LookupError):
    """A message without a template, or a language without a catalogue."""


def say(message: Message, language: str = "en") -> str:
    """The sentence of a message. Raises `NotTranslated` for a missing template or language: nothing is ever said half."""
    if language != "en" or message.key not in TEMPLATES:
        raise NotTranslated(f"nothing to say for {message.key!r} in {language!r}")
    return TEMPLATES[message.key].format(**{name: fact_text(fact) for name, fact in message.facts})


def fact_text(fact: Fact) -> str:
    """A fact in words: doses with their unit, dates with their weekday, lists with commas."""
    match fact:
        case OralDose() | int() | str():
            return str(fact)
        case Bound(unit=Unit.SHARE):
            return f"{float(fact.value) * 100:.0f} %"
        case Bound():
            return str(fact)
        case time():
            return part_of_day(fact)
        case date():
            return short_day(fact)
        case tuple():
            return ", ".join(map(fact_text, fact))


def say_finding(finding: Finding, language: str = "en") -> str:
    """What was found and why it matters."""
    sentence = say(finding.message, language)
    return f"{sentence} {finding.why}" if finding.why else sentence


def sources_text(source: tuple[Citation, ...]) -> str:
    """Source keys with their evidence tags: ``WOLF [A], NEPHRON [2]``. Derived values are said to be."""
    named = [str(citation) for citation in source if citation.key != "D"]
    if any(citation.key == "D" for citation in source):
        named.append("derived [D]")
    return ", ".join(named)
