"""One function says a message, in the language that is spoken: a second language is a catalogue, not a change."""

from __future__ import annotations

import re
from datetime import date, time
from enum import StrEnum
from functools import reduce

from gradatim.domain.citation import Citation
from gradatim.domain.dose import OralDose
from gradatim.domain.finding import Fact, Finding, Message, OneOf, message
from gradatim.domain.guardrail import Bound, Unit
from gradatim.domain.person import Age
from gradatim.words.phrases import bound_text, dose_text, part_of_day, product_name, short_day
from gradatim.words.sentence import either, known, numbers, sentence

_MEASURE = re.compile(r"\d+\.\d+ (?:mg|mg/mL|mg/kg|mL|kg)")


def say(message: Message) -> str:
    """The sentence of a message, in the language that is spoken. Raises `NothingToSay` for a missing template."""
    n = next((fact for name, fact in message.facts if name == "n" and isinstance(fact, int)), 0)
    return sentence(message.key, n=n, **{name: fact_text(fact) for name, fact in message.facts if name != "n"})


def phrase(key: str, **facts: Fact) -> str:
    """The same from a key and its facts."""
    return say(message(key, **facts))


def fact_text(fact: Fact) -> str:
    """A fact in words: doses with their unit, dates with their weekday, lists with commas."""
    match fact:
        case StrEnum() if known(key := f"{type(fact).__name__.lower()}.{fact.name.lower().replace('_', '-')}"):
            return sentence(key)
        case str() if _MEASURE.fullmatch(fact):
            return numbers(fact)
        case str():
            return product_name(fact)
        case int():
            return str(fact)
        case Age():
            months = fact.months % 12 != 0
            return sentence("age.months" if months else "age.years", n=fact.months if months else fact.years)
        case OralDose():
            return dose_text(fact)
        case Bound(unit=Unit.SHARE):
            return f"{float(fact.value) * 100:.0f} %"
        case Bound():
            return bound_text(fact)
        case time():
            return part_of_day(fact)
        case date():
            return short_day(fact)
        case OneOf():
            return reduce(either, fact)
        case tuple():
            return ", ".join(map(fact_text, fact))


def say_finding(finding: Finding) -> str:
    """What was found and why it matters."""
    sentence = say(finding.message)
    return f"{sentence} {finding.why}" if finding.why else sentence


def sources_text(source: tuple[Citation, ...]) -> str:
    """Source keys with their evidence tags: ``WOLF [A], NEPHRON [2]``. Derived values are said to be."""
    named = [str(citation) for citation in source if citation.key != "D"]
    if any(citation.key == "D" for citation in source):
        named.append(sentence("sources.derived", tag="[D]"))
    return ", ".join(named)
