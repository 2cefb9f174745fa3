"""Where a fact comes from, and how much of the source was seen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from gradatim.domain.fault import Unreadable


class Evidence(StrEnum):
    """How much of a source was seen. There is no tag for lay pages: they are never encoded."""

    TEXT = "T"  # text of the official document
    ABSTRACT = "A"  # abstract or record of a journal paper
    MIRROR = "M"  # copy, reseller, translation of an official document
    SECONDARY = "2"  # review page, news report, hospital handout, textbook
    DERIVED = "D"  # worked out here from cited numbers; not published


@dataclass(frozen=True, slots=True)
class Citation:
    """A source key with its evidence tag, written ``US-TAB [T]``. Keys resolve in the bibliography.

    A derived value is ``D [D]``, beside the sources it was derived from.
    """

    key: str
    evidence: Evidence

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"US-TAB [T]"``."""
        found = re.match(r"([A-Z0-9][A-Z0-9-]*) \[([TAM2D])\]\Z", text)
        if found is None:
            raise Unreadable(
                f"{text!r} is not a citation", "Write a source key and its evidence tag, for example US-TAB [T]"
            )
        return cls(found[1], Evidence(found[2]))

    def __str__(self) -> str:
        return f"{self.key} [{self.evidence}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One entry of the bibliography. ``address`` is a DOI, a register number or a page; mirrors say so in ``note``."""

    key: str
    title: str
    year: int | None = None
    address: str | None = None
    note: str | None = None
