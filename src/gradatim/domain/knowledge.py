"""What is known about the drug beside its doses: what people read, and what the watch compares against."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gradatim.domain.citation import Citation
from gradatim.domain.guardrail import EVERYBODY, Applies, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The drug's name in one coding system. Unverified codes are shown as such and never sent to other programs."""

    system: str
    value: str
    source: tuple[Citation, ...]
    meaning: str | None = None
    verified: bool = True


class Level(StrEnum):
    """What a danger sign asks for."""

    EMERGENCY = "E"  # emergency services now
    TODAY = "D"  # prescriber or pharmacist today
    NEXT_VISIT = "V"


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerSign:
    """A sign, when it counts, and what to do: fixed text of reading age 12."""

    id: str
    sign: str
    level: Level
    act: str
    when: str
    source: tuple[Citation, ...]
    derived: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionRule:
    """An illness or state of the person that speaks for care or against the drug."""

    id: str
    conditions: tuple[str, ...]
    severity: Severity
    why: str
    source: tuple[Citation, ...]
    applies: Applies = EVERYBODY
    product_contains: str | None = None  # fires only for products with this ingredient


class InteractionLevel(StrEnum):
    """Severity of an interaction as graded in the facts."""

    MAJOR = "major"
    MODERATE = "moderate"
    MINOR = "minor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """A medicine or class beside which baclofen is more dangerous. ``members`` are lower-case names that belong to it."""

    id: str
    with_class: str
    members: tuple[str, ...]
    mechanism: str
    level: InteractionLevel
    action: str
    source: tuple[Citation, ...]
    derived: str | None = None


class MissedKind(StrEnum):
    """How a missed-dose rule decides."""

    UNLESS_NEXT_WITHIN = "unless_next_within"  # take it unless the next is due within ``minutes``
    ONLY_WITHIN = "only_within"  # take it only within ``minutes`` of its time
    UNLESS_NEARLY_NEXT = "unless_nearly_next"  # the source gives no number


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedDoseRule:
    """What to do about a forgotten dose. Never double. ``by_choice``: only where the prescriber wants it."""

    id: str
    kind: MissedKind
    text: str
    source: tuple[Citation, ...]
    markets: tuple[str, ...] = ()
    minutes: int | None = None
    by_choice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRule:
    """After how long without any dose nobody should go on alone."""

    hours: int
    text: str
    source: tuple[Citation, ...]
    derived: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency:
    """How often a reaction was seen, in the words and percentages of one source."""

    source: tuple[Citation, ...]
    words: str | None = None
    percent_low: str | None = None
    percent_high: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """An unwanted effect with every published frequency that was seen."""

    id: str
    name: str
    plain: str
    frequencies: tuple[Frequency, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A paragraph of advice: food, driving, alcohol, storage, stopping, withdrawal, overdose …"""

    id: str
    title: str
    text: str
    source: tuple[Citation, ...]
    derived: str | None = None
    not_found: str | None = None  # what was searched for and has no source


class Grade(StrEnum):
    """How a claim of the founding article stands against formal sources."""

    SUPPORTED = "S"
    PARTLY = "P"
    CONTRADICTED = "C"
    NO_SOURCE = "N"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim of the founding article or of a reader's comment. Never used as a rule."""

    id: str
    origin: str  # article, comment
    claim: str
    grades: tuple[Grade, ...]
    answer: str
    source: tuple[Citation, ...] = ()
