"""Small things that every part of the packet says: moments by the person's clock, texts in one line, and a fact as a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from gradatim.domain.clock import Instant
from gradatim.domain.finding import Fact, message
from gradatim.domain.record import Record
from gradatim.words import say
from gradatim.words.entries import moment_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The words for something that has an id."""

    id: str
    text: str


def said(key: str, **facts: Fact) -> str:
    """A sentence of the packet, or of another catalogue where the key has a dot in it."""
    return say(message(key if "." in key else f"packet.{key}", **facts))


def line(text: str) -> str:
    """A free text in one line, for a sentence: as it was written otherwise."""
    return " ".join(text.split())


def moment(record: Record, at: Instant) -> str:
    """``Tue 24 Nov 08:02``, by the clock of the day that it belongs to."""
    return moment_text(at, record.zone_on(record.day_of(at)))
