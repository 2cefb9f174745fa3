"""Cited limits, whom they apply to, and the classification of a value against them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Self

from gradatim.domain.citation import Citation
from gradatim.domain.dose import OralDose, digits, exact
from gradatim.domain.fault import Unreadable, one_fault


class Kind(StrEnum):
    """What a guardrail limits. A *minimum* is broken from below, every other kind from above."""

    START_DAY = "start_day"  # mg in the first day of a titration
    START_DOSE = "start_dose"  # mg in one dose of the first step
    START_DAY_PER_KG = "start_day_per_kg"
    START_FRACTION = "start_fraction"  # share of the usual start that weak kidneys allow
    STEP_DAY = "step_day"  # rise of the daily dose at one step
    STEP_DOSE = "step_dose"  # rise of one dose at one step
    STEP_INTERVAL = "step_interval"  # minimum: days between rises
    DOSE = "dose"  # mg at one time
    DAY = "day"  # mg in a day
    DAY_PER_KG = "day_per_kg"
    DAY_CEILING = "day_ceiling"  # mg in a day that no source goes beyond
    DAY_FLAG = "day_flag"  # daily dose from which a danger is known for this person
    DOSE_GAP = "dose_gap"  # minimum: hours between two doses
    AVOID = "avoid"  # not for this person at all
    AVOID_TABLETS = "avoid_tablets"  # no tablets for this person
    TAPER_TOTAL = "taper_total"  # minimum: days from first cut to stop
    TAPER_STEP_DAY = "taper_step_day"  # cut of the daily dose at one step
    TAPER_STEP_FRACTION = "taper_step_fraction"  # cut as a share of the dose before
    TAPER_INTERVAL = "taper_interval"  # minimum: days between cuts
    TAPER_LAST_DAY = "taper_last_day"  # daily dose that is stopped from
    TAPER_PRESCRIBER = "taper_prescriber"  # only a prescriber's own schedule


MINIMA = frozenset({Kind.STEP_INTERVAL, Kind.DOSE_GAP, Kind.TAPER_TOTAL, Kind.TAPER_INTERVAL})
UNBOUNDED = frozenset({Kind.AVOID, Kind.AVOID_TABLETS, Kind.TAPER_PRESCRIBER})


class Unit(StrEnum):
    """The unit of a bound."""

    MG = "mg"
    MG_PER_KG = "mg/kg"
    DAYS = "days"
    HOURS = "hours"
    SHARE = "share"


UNIT_OF = dict.fromkeys(Kind, Unit.MG) | {
    Kind.START_DAY_PER_KG: Unit.MG_PER_KG, Kind.DAY_PER_KG: Unit.MG_PER_KG,
    Kind.STEP_INTERVAL: Unit.DAYS, Kind.TAPER_TOTAL: Unit.DAYS, Kind.TAPER_INTERVAL: Unit.DAYS,
    Kind.DOSE_GAP: Unit.HOURS, Kind.START_FRACTION: Unit.SHARE, Kind.TAPER_STEP_FRACTION: Unit.SHARE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit with its unit: ``"80 mg"``, ``"2 mg/kg"``, ``"3 days"``, ``"6 hours"``, ``"1/3"``. The value is exact."""

    value: Fraction
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one of the five forms."""
        if share := re.match(r"(\d{1,2})/([1-9]\d{0,2})\Z", text):
            return cls(Fraction(int(share[1]), int(share[2])), Unit.SHARE)
        found = re.match(r"([\d.]+) (mg/kg|mg|days?|hours?)\Z", text)
        if found is None:
            raise Unreadable(f"{text!r} is not a limit", "Write 80 mg, 2 mg/kg, 3 days, 6 hours or 1/3")
        unit = {"day": Unit.DAYS, "hour": Unit.HOURS}.get(found[2]) or Unit(found[2])
        return cls(Fraction(exact(found[1], 1000, "the limit"), 1000), unit)

    @property
    def dose(self) -> OralDose:
        """The bound as a dose. Only for bounds in mg."""
        if self.unit is not Unit.MG:
            raise TypeError(f"{self} is not a dose")
        return OralDose(int(self.value * 1000))

    def __str__(self) -> str:
        if self.unit is Unit.SHARE:
            return f"{self.value.numerator}/{self.value.denominator}"
        number = digits(int(self.value * 1000), 1000)
        unit = self.unit[:-1] if self.value == 1 and self.unit in (Unit.DAYS, Unit.HOURS) else self.unit
        return f"{number} {unit}"


class Severity(StrEnum):
    """How grave a finding is. ``stop`` and ``urgent`` block approval until a named clinician overrides."""

    INFO = "info"
    CAUTION = "caution"
    STOP = "stop"
    URGENT = "urgent"

    @property
    def blocks(self) -> bool:
        """Whether a plan with such a finding may not be approved as it is."""
        return self in (Severity.STOP, Severity.URGENT)


class Band(StrEnum):
    """Where a value lies against a guardrail."""

    WITHIN = "within"
    BEYOND_RECOMMENDED = "beyond recommended"
    BEYOND_ABSOLUTE = "beyond absolute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applies:
    """Whom a guardrail or rule applies to; every given part must hold. Empty: everybody.

    ``conditions``, ``medicines`` and ``indications`` hold when any of the listed ones is present. Ages in months; eGFR bands
    in mL/min(/1.73 m²) are half-open: from ≤ value < under. A part that needs a fact which is not known does not hold.
    """

    markets: tuple[str, ...] = ()
    age_from_months: int | None = None
    age_under_months: int | None = None
    weight_under_kg: int | None = None
    egfr_from: int | None = None
    egfr_under: int | None = None
    dialysis: bool | None = None
    conditions: tuple[str, ...] = ()
    indications: tuple[str, ...] = ()
    on_drug_over_days: int | None = None


EVERYBODY = Applies()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrail:
    """One cited limit.

    ``group`` names the population: among guardrails of the same kind and group, one written for the person's market
    replaces the one written for no market. ``at_limit`` means that reaching the bound already counts as beyond it.
    """

    id: str
    kind: Kind
    why: str
    source: tuple[Citation, ...]
    group: str = "adult"
    applies: Applies = EVERYBODY
    recommended: Bound | None = None
    absolute: Bound | None = None
    at_limit: bool = False
    beyond_recommended: Severity = Severity.CAUTION
    beyond_absolute: Severity = Severity.STOP

    def __post_init__(self) -> None:
        if self.kind in UNBOUNDED:
            if self.recommended or self.absolute:
                raise one_fault("recommended", f"{self.id}: {self.kind} has no bound", "Take the bounds out")
            return
        bounds = [bound for bound in (self.recommended, self.absolute) if bound is not None]
        if not bounds:
            raise one_fault("recommended", f"{self.id} has no bound", "Give recommended, absolute or both")
        if any(bound.unit is not UNIT_OF[self.kind] for bound in bounds):
            raise one_fault(
                "recommended",
                f"{self.id} is not in {UNIT_OF[self.kind]}",
                f"{self.kind} is counted in {UNIT_OF[self.kind]}",
            )
        if self.recommended and self.absolute and self._beyond(self.recommended.value, self.absolute):
            raise one_fault(
                "absolute", f"{self.id}: the recommended bound is beyond the absolute one", "Exchange or correct them"
            )

    def _beyond(self, value: Fraction, bound: Bound) -> bool:
        if self.at_limit and value == bound.value:
            return True
        return value < bound.value if self.kind in MINIMA else value > bound.value

    def classify(self, value: Fraction | int) -> Band:
        """Where ``value`` (in the unit of the kind: mg, mg/kg, days, hours, share) lies."""
        exact_value = Fraction(value)
        if self.absolute is not None and self._beyond(exact_value, self.absolute):
            return Band.BEYOND_ABSOLUTE
        if self.recommended is not None and self._beyond(exact_value, self.recommended):
            return Band.BEYOND_RECOMMENDED
        return Band.WITHIN

    def severity(self, band: Band) -> Severity | None:
        """How grave that is; None when within."""
        return {
            Band.WITHIN: None,
            Band.BEYOND_RECOMMENDED: self.beyond_recommended,
            Band.BEYOND_ABSOLUTE: self.beyond_absolute,
        }[band]
