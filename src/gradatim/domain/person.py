"""The person a plan is for: only what the guardrails and formulae speak of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Self

from gradatim.domain.clock import UnknownZone, zone
from gradatim.domain.dose import digits, exact, split_unit
from gradatim.domain.fault import BadInput, Fault, Unreadable
from gradatim.domain.guardrail import Applies

ADULT_MONTHS = 18 * 12
MARKETS = ("US", "CA", "GB", "IE", "AU", "FR", "DE", "CH", "BR", "IT", "ES", "RU")


class Sex(StrEnum):
    """Sex as the renal formulae use it."""

    FEMALE = "female"
    MALE = "male"


_MONTHS = "months?|Monate?|mois|mes|meses"


@dataclass(frozen=True, slots=True, order=True)
class Age:
    """Age in completed months; written ``45`` or ``45 years``, for infants ``8 months``."""

    months: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"45"``, ``"45 years"``, ``"8 months"``; also ``"8 Monate"``, ``"8 mois"``, ``"8 meses"``."""
        found = re.match(rf"(\d{{1,4}})\s*(?:y|years?|Jahre?|ans?|años?|({_MONTHS}))?\Z", text.strip(), re.IGNORECASE)
        if found is None:
            raise Unreadable(f"{text!r} is not an age", "Write whole years, for example 45, or 8 months")
        months = int(found[1]) * (1 if found[2] else 12)
        if months > 120 * 12:
            raise Unreadable(f"{text!r} is not a plausible age", "Write the age in whole years, up to 120")
        return cls(months)

    @property
    def years(self) -> int:
        """Completed years."""
        return self.months // 12

    def __str__(self) -> str:
        return f"{self.months} months" if self.months % 12 else f"{self.years} years"


def _within(value: int, low: int, high: int, text: str, remedy: str) -> int:
    if not low <= value <= high:
        raise Unreadable(f"{text!r} is not plausible", remedy)
    return value


@dataclass(frozen=True, slots=True, order=True)
class Weight:
    """Body weight in grams; written ``62 kg``."""

    grams: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"62 kg"``. Other units are refused, not converted: an unclear unit is how tenfold errors begin."""
        number, unit = split_unit(text, "62 kg")
        if unit.lower() != "kg":
            raise Unreadable(f"{text!r} is not in kg", "Write the weight in kg, for example 62 kg")
        return cls(
            _within(
                exact(number, 1000, "the weight"),
                1000,
                350_000,
                text,
                "Check the number; weights run from 1 kg to 350 kg",
            )
        )

    @property
    def kg(self) -> float:
        """Kilograms."""
        return self.grams / 1000

    def __str__(self) -> str:
        return f"{digits(self.grams, 1000)} kg"


@dataclass(frozen=True, slots=True, order=True)
class Height:
    """Body height in millimetres; written ``168 cm``."""

    millimetres: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"168 cm"`` or ``"1.68 m"``."""
        number, unit = split_unit(text, "168 cm")
        if unit.lower() not in {"cm", "m"}:
            raise Unreadable(f"{text!r} is not in cm", "Write the height in cm, for example 168 cm")
        height = exact(number, 1000, "the height") if unit.lower() == "m" else exact(number, 10, "the height")
        return cls(_within(height, 300, 2500, text, "Check the number; heights run from 30 cm to 250 cm"))

    @property
    def cm(self) -> float:
        """Centimetres."""
        return self.millimetres / 10

    def __str__(self) -> str:
        return f"{digits(self.millimetres, 10)} cm"


UMOL_PER_MG_DL = Fraction("88.4")


@dataclass(frozen=True, slots=True)
class Creatinine:
    """Serum creatinine with the unit of the report kept: ``80 umol/L`` or ``0.9 mg/dL``. 1 mg/dL = 88.4 µmol/L."""

    thousandths: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"80 umol/L"`` (also ``µmol/L``) or ``"0.9 mg/dL"``. The unit must be there."""
        number, unit = split_unit(text, "80 umol/L or 0.9 mg/dL")
        spelt = {"umol/l": "umol/L", "µmol/l": "umol/L", "μmol/l": "umol/L", "mg/dl": "mg/dL"}.get(unit.lower())
        if spelt is None:
            raise Unreadable(
                f"{text!r} has a unit that creatinine is not reported in", "Write umol/L or mg/dL as on the report"
            )
        value = exact(number, 1000, "the creatinine")
        low, high, other = (100, 30_000, "umol/L") if spelt == "mg/dL" else (8_000, 2_600_000, "mg/dL")
        return cls(_within(value, low, high, text, f"Check the unit: is it {other}?"), spelt)

    @property
    def mg_dl(self) -> float:
        """mg/dL."""
        value = Fraction(self.thousandths, 1000)
        return float(value if self.unit == "mg/dL" else value / UMOL_PER_MG_DL)

    @property
    def umol_l(self) -> float:
        """µmol/L."""
        value = Fraction(self.thousandths, 1000)
        return float(value * UMOL_PER_MG_DL if self.unit == "mg/dL" else value)

    def __str__(self) -> str:
        return f"{digits(self.thousandths, 1000)} {self.unit}"


@dataclass(frozen=True, slots=True, order=True)
class Filtration:
    """A kidney function measured or reported by a laboratory, in tenths of mL/min/1.73 m²; written ``45 mL/min``."""

    tenths: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"45"`` or ``"45 mL/min"``."""
        found = re.match(r"([-\d.,]+)\s*(mL/min(/1\.73 ?m2)?)?\Z", text.strip(), re.IGNORECASE)
        if found is None:
            raise Unreadable(f"{text!r} is not a kidney function", "Write mL/min as reported, for example 45")
        return cls(_within(exact(found[1], 10, "the eGFR"), 0, 3000, text, "Check the number; eGFR runs from 0 to 300"))

    @property
    def ml_min(self) -> float:
        """mL/min/1.73 m²."""
        return self.tenths / 10

    def __str__(self) -> str:
        return f"{digits(self.tenths, 10)} mL/min"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who takes the drug. ``zone`` is where the person lives by the clock (tz database name); ``market`` is the country whose
    limits apply (ISO 3166, ``UK`` is read as ``GB``); ``conditions``, ``indication`` are codes of the monograph's vocabulary;
    ``medicines`` are free names. What is unknown is None: rules that need it say so."""

    zone: str
    called: str | None = None
    age: Age | None = None
    sex: Sex | None = None
    weight: Weight | None = None
    height: Height | None = None
    creatinine: Creatinine | None = None
    egfr: Filtration | None = None
    dialysis: bool = False
    market: str | None = None
    indication: str | None = None
    conditions: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        faults = []
        try:
            zone(self.zone)
        except UnknownZone as unknown:
            faults.append(Fault("zone", unknown.problem, unknown.remedy))
        if self.market == "UK":
            object.__setattr__(self, "market", "GB")
        if self.market is not None and self.market not in MARKETS:
            faults.append(
                Fault(
                    "market",
                    f"{self.market!r} has no limits of its own here",
                    f"Use one of {', '.join(MARKETS)}, or leave it out",
                )
            )
        if faults:
            raise BadInput(faults)

    @property
    def is_child(self) -> bool:
        """Under 18 years. An unknown age counts as adult, and a finding says that it is unknown."""
        return self.age is not None and self.age.months < ADULT_MONTHS

    def suits(self, applies: Applies, filtration: float | None, on_drug_days: int) -> bool:
        """Whether every part of ``applies`` holds; ``filtration`` is the kidney function that the rules use, mL/min."""
        months = ADULT_MONTHS if self.age is None else self.age.months
        known_age = self.age is not None
        wanted = {*self.conditions, *(() if self.indication is None else (self.indication,))}
        return all((
            not applies.markets or self.market in applies.markets,
            applies.age_from_months is None or (months >= applies.age_from_months and (known_age or applies.age_from_months <= ADULT_MONTHS)),
            applies.age_under_months is None or (known_age and months < applies.age_under_months),
            applies.weight_under_kg is None or (self.weight is not None and self.weight.grams < applies.weight_under_kg * 1000),
            applies.egfr_from is None or (filtration is not None and filtration >= applies.egfr_from),
            applies.egfr_under is None or (filtration is not None and filtration < applies.egfr_under),
            applies.dialysis is None or self.dialysis is applies.dialysis,
            not applies.conditions or bool(wanted & set(applies.conditions)),
            not applies.indications or self.indication in applies.indications,
            applies.on_drug_over_days is None or on_drug_days > applies.on_drug_over_days,
        ))  # fmt: skip
