"""The one seam of storage: a journal appends entries and gives them back since a cursor. Nothing else is ever asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gradatim.domain.entry import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some entries in the order in which they were stored, and the cursor to go on from. ``more``: not all were given."""

    entries: tuple[Entry, ...]
    cursor: int
    more: bool = False


class Journal(Protocol):
    """Where one person's entries are kept. Implementations pass one conformance suite.

    ``append`` stores all of the entries or none, durably, before it returns the cursor behind them. An entry already there is left
    as it is, so that sending twice is harmless; the same id with other content is `BadInput`, and so is another person's entry.
    ``since`` gives what was stored after a cursor, 0 for everything, in the order of storage; ``limit`` bounds one page.
    """

    def append(self, entries: Sequence[Entry]) -> int: ...

    def since(self, cursor: int = 0, limit: int | None = None) -> Page: ...
