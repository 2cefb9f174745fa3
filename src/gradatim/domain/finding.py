"""What a check found, as data: a message key with its facts, never a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from gradatim.domain.citation import Citation
from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.guardrail import Bound, Severity
from gradatim.domain.knowledge import Level
from gradatim.domain.person import Age


class OneOf(tuple[str, ...]):
    """Things of which one holds: said as ``3 or 4``."""

    __slots__ = ()

    def __str__(self) -> str:
        return " or ".join(self)


Fact = str | int | Age | OralDose | Bound | date | time | tuple[str, ...] | tuple[time, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """Something to say: ``key`` names the template in `gradatim.words`, ``facts`` fill it."""

    key: str
    facts: tuple[tuple[str, Fact], ...] = ()


def message(key: str, **facts: Fact) -> Message:
    """A message with its facts in the order given."""
    return Message(key, tuple(facts.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a check found.

    ``rule`` identifies the guardrail or rule (one finding per rule and plan); ``at`` names the field of the order that caused
    it; ``source`` says who sets the limit. What the watch finds also has a ``level`` of action, in ``data`` the ids of the
    entries and doses that made it fire, and in ``newest`` when the last of them came to be known.
    """

    rule: str
    severity: Severity
    message: Message
    source: tuple[Citation, ...]
    at: str = ""
    why: str = ""
    level: Level | None = None
    data: tuple[str, ...] = ()
    newest: Instant | None = None

    @property
    def blocks(self) -> bool:
        """Whether it keeps a plan from being approved until overridden."""
        return self.severity.blocks


_ORDER = (Severity.URGENT, Severity.STOP, Severity.CAUTION, Severity.INFO)


def gravest_first(findings: list[Finding]) -> tuple[Finding, ...]:
    """Findings in order of severity, otherwise as found."""
    return tuple(sorted(findings, key=lambda finding: _ORDER.index(finding.severity)))
