"""The other medicines, as a doctor asks for them: what is taken regularly, and what was taken once in the last weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from gradatim.domain.clock import Instant
from gradatim.domain.entry import OtherChange, OtherTaken
from gradatim.domain.finding import Fact, message
from gradatim.domain.record import Record
from gradatim.words import day_text, say

_WEEKS = timedelta(weeks=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """Something taken now and then: how it is called, and what is said of it."""

    name: str
    text: str


def regular(record: Record) -> tuple[str, ...]:
    """What is taken regularly."""
    return record.person.medicines if record.person else ()


def once(record: Record, now: Instant) -> tuple[Once, ...]:
    """What was taken without being a regular medicine, the last one first."""
    known = {name.lower() for name in regular(record)}
    first = record.day_of(now) - _WEEKS
    found: dict[str, list[tuple[str, str]]] = {}
    for one in reversed(record.of(OtherTaken)):
        day = record.day_of(one.at)
        if (
            one.what.change is OtherChange.ONCE
            and first <= day
            and one.at <= now
            and one.what.name.lower() not in known
        ):
            said = " ".join(f"{one.what.name} {one.what.amount or ''}".split())
            found.setdefault(one.what.name.lower(), []).append((said, day_text(day)))
    made = []
    for name, times in found.items():
        said, last = times[0]
        key = "once" if len(times) == 1 else "often"
        made.append(Once(name=name, text=_said(key, name=said, day=last, count=len(times))))
    return tuple(made)


def medicines_text(record: Record, now: Instant) -> str:
    """All of it in one line."""
    beside = "; ".join(one.text for one in once(record, now))
    named = ", ".join(regular(record))
    if named:
        return f"{named}; {beside}" if beside else named
    return _said("none-but", beside=beside) if beside else _said("none")


def _said(key: str, **facts: Fact) -> str:
    return say(message(f"medicines.{key}", **facts))
