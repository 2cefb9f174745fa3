"""The sources that something in a packet cites, with their titles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from gradatim.domain.citation import Citation, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketSource:
    """A source that something in the packet cites."""

    key: str
    title: str
    address: str | None


def sources_of(made: object, known: Mapping[str, Source]) -> tuple[PacketSource, ...]:
    """The titles behind the keys that a packet cites, in order. A derived value has none."""
    keys = sorted({citation.key for citation in _cited(made) if citation.key in known})
    return tuple(PacketSource(key=key, title=known[key].title, address=known[key].address) for key in keys)


def _cited(value: object) -> Iterator[Citation]:
    if isinstance(value, Citation):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _cited(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _cited(getattr(value, field.name))
