"""Published ways up and down, as data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from gradatim.domain.citation import Citation
from gradatim.domain.dose import OralDose, digits, exact
from gradatim.domain.fault import Unreadable, one_fault


@dataclass(frozen=True, slots=True)
class DoseRange:
    """``"10-15 mg"``, or ``"15 mg"`` where both ends are the same."""

    low: OralDose
    high: OralDose

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"15 mg"`` or ``"10-15 mg"``."""
        found = re.match(r"([\d.]+)-([\d.]+) mg\Z", text)
        if found is None:
            return cls(dose := OralDose.parse(text), dose)
        low, high = OralDose(exact(found[1], 1000, "the dose")), OralDose(exact(found[2], 1000, "the dose"))
        if low >= high:
            raise Unreadable(f"{text!r} does not go up", "Write the smaller end first")
        return cls(low, high)

    def __str__(self) -> str:
        return str(self.high) if self.low == self.high else f"{digits(self.low.micrograms, 1000)}-{self.high}"


@dataclass(frozen=True, slots=True)
class PerKg:
    """Micrograms per kilogram of body weight, written ``"0.3 mg/kg"`` or ``"0.75-2 mg/kg"``."""

    low: int
    high: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"0.3 mg/kg"`` or ``"0.75-2 mg/kg"``."""
        found = re.match(r"([\d.]+)(?:-([\d.]+))? mg/kg\Z", text)
        if found is None:
            raise Unreadable(f"{text!r} is not an amount per weight", "Write it as 0.3 mg/kg")
        low = exact(found[1], 1000, "the dose")
        return cls(low, exact(found[2], 1000, "the dose") if found[2] else low)

    def __str__(self) -> str:
        high = f"{digits(self.high, 1000)} mg/kg"
        return high if self.low == self.high else f"{digits(self.low, 1000)}-{high}"


@dataclass(frozen=True, slots=True)
class DayRange:
    """``"3 days"`` or ``"7-14 days"``."""

    low: int
    high: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"3 days"`` or ``"3-4 days"``."""
        found = re.match(r"(\d{1,4})(?:-(\d{1,4}))? days?\Z", text)
        if found is None or (found[2] and int(found[2]) <= int(found[1])):
            raise Unreadable(f"{text!r} is not a number of days", "Write 3 days or 3-4 days")
        return cls(int(found[1]), int(found[2] or found[1]))

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{self.low} day" if self.low == 1 else f"{self.low} days"
        return f"{self.low}-{self.high} days"


@dataclass(frozen=True, slots=True)
class PercentRange:
    """``"50 %"`` or ``"25-50 %"`` of the dose before the step."""

    low: int
    high: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"50 %"`` or ``"25-50 %"``."""
        found = re.match(r"(\d{1,3})(?:-(\d{1,3}))? %\Z", text)
        if found is None or not 0 < int(found[1]) <= int(found[2] or found[1]) <= 100:
            raise Unreadable(f"{text!r} is not a percentage", "Write 50 % or 25-50 %")
        return cls(int(found[1]), int(found[2] or found[1]))

    def __str__(self) -> str:
        return f"{self.low} %" if self.low == self.high else f"{self.low}-{self.high} %"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """How much at a start or a step: exactly one of per single dose, per day, or per day and kilogram."""

    per_dose: DoseRange | None = None
    per_day: DoseRange | None = None
    per_day_per_kg: PerKg | None = None

    def __post_init__(self) -> None:
        if sum(part is not None for part in (self.per_dose, self.per_day, self.per_day_per_kg)) != 1:
            raise one_fault("", "an amount is one of per_dose, per_day, per_day_per_kg", "Give exactly one of them")


class Population(StrEnum):
    """Whom a protocol was written for."""

    ADULT = "adult"
    SENSITIVE = "sensitive"  # older people, cerebral origin, stroke, psychiatric illness
    CHILD = "child"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One printed step of a protocol: the single dose and how often a day."""

    dose: OralDose
    times: int
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TitrationProtocol:
    """A published way up.

    Where the source gives a range, a plan uses the gentle end (low amounts, long intervals) unless the prescriber says
    otherwise. ``usable`` is False where the source lacks a step or interval: the prescriber must add it. ``rungs`` holds the
    printed table where the source prints one. ``markets`` empty: not bound to a country. ``times``: doses a day that it allows.
    """

    id: str
    title: str
    population: Population
    applies_to: str
    start: Amount
    times: tuple[int, ...]
    source: tuple[Citation, ...]
    step: Amount | None = None
    interval: DayRange | None = None
    markets: tuple[str, ...] = ()
    age_from_months: int | None = None
    age_under_months: int | None = None
    usual_day: DoseRange | None = None
    usual_day_per_kg: PerKg | None = None
    maximum_dose: OralDose | None = None
    maximum_day: OralDose | None = None
    rungs: tuple[Rung, ...] = ()
    decide_after_weeks: str | None = None
    only_for: str | None = None
    usable: bool = True
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaperProtocol:
    """A published way down. ``usable`` is False where the source gives no numbers (the text is then shown, not run).

    ``total`` counts from the first reduced day to the first day without the drug. ``on_drug_over_days`` is how long the
    person must have taken the drug for the protocol to apply. ``last_day`` is the largest daily dose it stops from.
    """

    id: str
    title: str
    applies_to: str
    source: tuple[Citation, ...]
    markets: tuple[str, ...] = ()
    total: DayRange | None = None
    step: DoseRange | None = None
    fraction: PercentRange | None = None
    interval: DayRange | None = None
    on_drug_over_days: int | None = None
    last_day: OralDose | None = None
    if_symptoms: str | None = None
    needs: str | None = None
    usable: bool = True
    note: str | None = None
