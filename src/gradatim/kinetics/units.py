"""Numbers with units: read as the source prints them, turned into another unit only where somebody asks for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from gradatim.domain.fault import BadInput, Fault, Unreadable

_SIZE: dict[str, tuple[str, Fraction]] = {  # unit → what it measures, and how many of that measure's own unit it is
    "mg": ("mass", Fraction(1)),
    "g": ("mass", Fraction(1000)),
    "µg": ("mass", Fraction(1, 1000)),
    "ug": ("mass", Fraction(1, 1000)),
    "mcg": ("mass", Fraction(1, 1000)),
    "ng": ("mass", Fraction(1, 1_000_000)),
    "L": ("volume", Fraction(1)),
    "mL": ("volume", Fraction(1, 1000)),
    "h": ("time", Fraction(1)),
    "min": ("time", Fraction(1, 60)),
    "s": ("time", Fraction(1, 3600)),
    "d": ("time", Fraction(24)),
    "kg": ("body weight", Fraction(1)),
    "%": ("", Fraction(1, 100)),
    "1": ("", Fraction(1)),
}
_TEXT = re.compile(r"([0-9]+(?:\.[0-9]+)?)(?: (.+))?\Z")

Measure = tuple[tuple[str, int], ...]
"""What a unit measures: names with their powers, sorted. Clearance is volume +1, time −1."""


def unit_of(text: str) -> tuple[Measure, Fraction]:
    """What a unit measures and its size in mg, L, h and kg of body weight. Raises `Unreadable` for an unknown one.

    ``mL/h/kg`` divides by both; a product is written with ``·``. ``kg`` is always body weight, never drug.
    """
    powers: dict[str, int] = {}
    size = Fraction(1)
    for place, part in enumerate(text.split("/")):
        for word in part.split("·"):
            if word not in _SIZE:
                known = ", ".join(word for word in _SIZE if word != "1")
                raise Unreadable(f"{word or text!r} is not a known unit", f"Write units of {known}, for example mL/min")
            kind, each = _SIZE[word]
            sign = -1 if place else 1
            powers[kind] = powers.get(kind, 0) + sign
            size *= each**sign
    return tuple(sorted((kind, power) for kind, power in powers.items() if kind and power)), size


def factor(unit: str, into: str) -> float:
    """By how much a number in ``unit`` is multiplied to stand in ``into``. Raises `Unreadable` where they measure different things."""
    (measure, size), (wanted, other) = unit_of(unit), unit_of(into)
    if measure != wanted:
        raise Unreadable(
            f"{unit} cannot be turned into {into}", f"{unit} is {_said(measure)}, {into} is {_said(wanted)}"
        )
    return float(size / other)


def _said(measure: Measure) -> str:
    return " · ".join(kind if power == 1 else f"{kind}^{power}" for kind, power in measure) or "a bare number"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as printed, with its unit: ``"10.8 L/h"``. ``text`` keeps the digits of the source."""

    text: str
    number: float
    unit: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"0.273 L/h/kg"`` or a bare number. Never negative. Raises `Unreadable`."""
        found = _TEXT.match(text.strip())
        if found is None:
            raise Unreadable(f"{text!r} is not a quantity", "Write a number and its unit, for example 10.8 L/h")
        unit = found[2] or "1"
        unit_of(unit)
        return cls(text.strip(), float(found[1]), unit)

    def to(self, unit: str) -> float:
        """The number in another unit. Raises `Unreadable` where that measures something else."""
        return self.number * factor(self.unit, unit)

    @property
    def measure(self) -> Measure:
        """What it measures."""
        return unit_of(self.unit)[0]

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """What the plain numbers of a model are in: doses, volumes, times, and levels. Raises `BadInput` where they do not fit together.

    Nothing is scaled without its unit: levels in ng/mL of doses in mg are asked for as ``Units(level="ng/mL")``.
    """

    dose: str = "mg"
    volume: str = "L"
    time: str = "h"
    level: str = "mg/L"

    def __post_init__(self) -> None:
        faults = []
        for name, unit, wanted in (
            ("dose", self.dose, "mg"),
            ("volume", self.volume, "L"),
            ("time", self.time, "h"),
            ("level", self.level, "mg/L"),
        ):
            try:
                factor(unit, wanted)
            except Unreadable as bad:
                faults.append(Fault(f"units.{name}", bad.problem, bad.remedy))
        if faults:
            raise BadInput(faults)

    @property
    def level_factor(self) -> float:
        """What amount / volume is multiplied by to be a level."""
        return factor(f"{self.dose}/{self.volume}", self.level)
