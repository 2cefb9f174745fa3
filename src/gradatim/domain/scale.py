"""A question that is answered with a whole number: its ends, its window, and what a difference on it means.

A stored value is a whole number of the scale's smallest parts: grade 3 is 3 on a 0 to 10 scale; 14.3 seconds are 143, because that
scale counts in tenths (``parts = 10``). `Scale.typed` reads what a person types, `Scale.written` says it back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction

from gradatim.domain.citation import Citation
from gradatim.domain.fault import BadInput, Fault, Unreadable


class Better(StrEnum):
    """Which end of a scale is the good one."""

    LOW = "low"
    HIGH = "high"


class Every(StrEnum):
    """How often a scale is asked."""

    DAY = "day"
    WEEK = "week"
    VISIT = "visit"  # at a visit: entered then, never asked for


class Rater(StrEnum):
    """Who gives the value."""

    PERSON = "person"
    CLINICIAN = "clinician"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What one value means. ``written`` is how the value is printed where it is no plain number: ``1+``."""

    value: int
    words: str
    written: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreBand:
    """A name for the values from ``start`` (included) to the start of the next band (not included)."""

    start: int
    words: str
    source: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportantDifference:
    """A published difference that matters, for one population, in the scale's unit: ``low`` alone, or ``low`` to ``high``.

    ``conditions`` are codes of the monograph. It holds for people who have one of them, and for nobody else.
    """

    population: str
    conditions: tuple[str, ...]
    low: str
    source: tuple[Citation, ...]
    high: str | None = None
    basis: str | None = None  # how it was found, when not by asking people

    def __post_init__(self) -> None:
        if self.span[0] <= 0 or self.span[0] > self.span[1]:
            raise Unreadable(
                f"{self.low} to {self.high} is not a difference", "Give a low above 0, and a high above it"
            )

    @property
    def span(self) -> tuple[Fraction, Fraction]:
        """Exactly, in the scale's unit. Both ends are the same where the source gives one number."""
        try:
            return Fraction(Decimal(self.low)), Fraction(Decimal(self.high or self.low))
        except (InvalidOperation, OverflowError, ValueError):
            raise Unreadable(
                f"{self.low!r}, {self.high!r} is not a difference", "Write digits, for example 0.7"
            ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEmbedded:
    """A scale that is not asked here, because its licence does not allow it or was not seen."""

    id: str
    name: str
    reason: str
    source: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """One question with whole-number answers from ``low`` to ``high``, in steps of ``step``."""

    id: str
    name: str
    question: str
    low: int
    high: int
    frame: str  # the window that the answer looks back over
    every: Every
    source: tuple[Citation, ...]
    better: Better | None = None  # None: neither end is the good one
    step: int = 1
    parts: int = 1  # stored values in one unit: 10 where tenths are stored
    unit: str = ""
    anchors: tuple[Anchor, ...] = ()
    anchored_only: bool = False  # only the anchors' values exist
    bands: tuple[ScoreBand, ...] = ()
    important: tuple[ImportantDifference, ...] = ()
    not_found: str | None = None  # what was searched for and has no source
    derived: str | None = None  # what here is ours, and why
    how: str | None = None  # how to measure it
    only_if: str | None = None  # asked only when this other scale's answer is above its lowest
    by: Rater = Rater.PERSON

    def __post_init__(self) -> None:
        faults = []
        if not self.low < self.high or self.step < 1 or self.parts < 1 or (self.high - self.low) % self.step:
            remedy = "Give a low below the high, and a step and parts of 1 or more that fit between them"
            faults.append(Fault("high", f"{self.low} to {self.high} by {self.step} is not a scale", remedy))
        for name, values in (
            ("anchors", [anchor.value for anchor in self.anchors]),
            ("bands", [band.start for band in self.bands]),
        ):
            if values != sorted(set(values)) or any(not self.low <= value <= self.high for value in values):
                faults.append(Fault(name, f"{values} do not rise from {self.low} to {self.high}", "Put them in order"))
        if self.bands and self.bands[0].start != self.low:
            faults.append(Fault("bands", "do not cover the scale", f"Begin the first band at {self.low}"))
        if self.anchored_only and not self.anchors:
            faults.append(Fault("anchors", "are missing", "Name every value, or leave out anchored_only"))
        if faults:
            raise BadInput(faults)

    @property
    def values(self) -> tuple[int, ...]:
        """Every value that can be given, rising."""
        if self.anchored_only:
            return tuple(anchor.value for anchor in self.anchors)
        return tuple(range(self.low, self.high + 1, self.step))

    @property
    def sentence(self) -> str:
        """The values in words, for a remedy: ``a whole number from 0 to 10``; ``0, 1, 1+, 2, 3 or 4``."""
        if self.anchored_only:
            shown = [self.written(value) for value in self.values]
            return f"{', '.join(shown[:-1])} or {shown[-1]}"
        kind = "a whole number" if self.parts == 1 else "a number"
        return f"{kind} from {self.written(self.low)} to {self.written(self.high)}"

    def accepts(self, value: int) -> int:
        """The value itself. Raises `Unreadable`, with what to give instead, for any that is not on the scale."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise Unreadable(f"{value!r} is not a whole number", f"Give {self.sentence}")
        if not self.low <= value <= self.high:
            raise Unreadable(f"{self.written(value)} is not on the scale {self.name!r}", f"Give {self.sentence}")
        if value not in self.values:
            raise Unreadable(f"{self.written(value)} lies between two steps", f"Give {self._nearest(Fraction(value))}")
        return value

    def typed(self, text: str) -> int:
        """The value of what a person types: ``7``, ``14.3``, ``14,3 s``, ``1+``, ``−2``. Raises `Unreadable`."""
        said = text.strip()
        for anchor in self.anchors:
            if anchor.written is not None and said == anchor.written:
                return anchor.value
        bare = said.removesuffix(self.unit).rstrip() if self.unit else said
        if re.fullmatch(r"[-−+]?[0-9]{1,6}([.,][0-9]{1,6})?", bare) is None:
            raise Unreadable(f"{text!r} is not a number", f"Give {self.sentence}")
        exact = Fraction(bare.replace("−", "-").replace(",", ".")) * self.parts
        if exact.denominator != 1 and self.low <= exact <= self.high:
            raise Unreadable(f"{said} lies between two steps", f"Give {self._nearest(exact)}")
        if exact.denominator != 1:
            raise Unreadable(f"{said} is not on the scale {self.name!r}", f"Give {self.sentence}")
        return self.accepts(int(exact))

    def written(self, value: int) -> str:
        """``7``; ``14.3 s``; ``1+``; ``−2``."""
        named = self._anchor(value)
        if named is not None and named.written is not None:
            return named.written
        return f"{self._bare(value)} {self.unit}".rstrip()

    def words(self, value: int) -> str | None:
        """What the value means, where it has words of its own."""
        named = self._anchor(value)
        return named.words if named else None

    def in_unit(self, value: int) -> Fraction:
        """A stored value in the scale's unit, exactly: 143 tenths are 14.3 seconds. Differences are given in this unit."""
        return Fraction(value, self.parts)

    def band(self, value: Fraction | float) -> ScoreBand | None:
        """The band of a stored value, or of a mean or median of such values; None where no source gives bands."""
        return next((band for band in reversed(self.bands) if value >= band.start), None)

    def improved(self, before: Fraction | float, after: Fraction | float) -> bool | None:
        """Whether the change is towards the good end; None for no change, or where neither end is the good one."""
        if self.better is None or before == after:
            return None
        return (after < before) is (self.better is Better.LOW)

    def _anchor(self, value: int) -> Anchor | None:
        return next((anchor for anchor in self.anchors if anchor.value == value), None)

    def _bare(self, value: int) -> str:
        amount = Decimal(abs(value)) / self.parts
        return f"{'−' if value < 0 else ''}{amount.normalize():f}"

    def _nearest(self, exact: Fraction) -> str:
        below = max(value for value in self.values if value <= exact)
        above = min(value for value in self.values if value >= exact)
        return f"{self.written(below)} or {self.written(above)}"
