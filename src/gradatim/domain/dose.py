"""Amounts of drug: exact integers of a small unit, never floats.

Oral doses count micrograms, intrathecal doses count nanograms. The two cannot be compared, added or mistaken for one another:
the thousandfold slip between mg and micrograms is a type error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import total_ordering
from typing import Self

from gradatim.domain.fault import Unreadable

_NUMBER = re.compile(r"(\d{1,9})(?:\.(\d{1,9}))?\Z")


def exact(text: str, scale: int, what: str) -> int:
    """Read a plain decimal number as an integer of ``1/scale`` units, exactly; ``scale`` is a power of ten.

    Raises `Unreadable` for signs, exponents, commas, or more decimals than the unit holds.
    """
    text = text.strip()
    found = _NUMBER.match(text)
    if found is None:
        if text.startswith("-"):
            raise Unreadable(f"{text!r} is negative", f"Write {what} as a positive number")
        if "," in text:
            raise Unreadable(
                f"{text!r} has a comma, which reads as 1,000 in one country and 1.0 in another",
                "Write decimals with a point: 2.5",
            )
        raise Unreadable(f"{text!r} is not a plain number", f"Write {what} in digits, for example 5 or 2.5")
    scaled = Decimal(text) * scale
    if scaled != int(scaled):
        raise Unreadable(f"{text!r} has more decimals than can be measured", "Write fewer decimals")
    return int(scaled)


def digits(amount: int, scale: int) -> str:
    """``amount / scale`` in the safest notation: no trailing zeros, a leading zero. `gradatim.words` groups thousands."""
    whole, part = divmod(amount, scale)
    if not part:
        return f"{whole}"
    decimals = f"{part:0{len(str(scale)) - 1}d}".rstrip("0")
    return f"{whole}.{decimals}"


def split_unit(text: str, example: str) -> tuple[str, str]:
    """``"2.5 mg"`` → ``("2.5", "mg")``. Raises `Unreadable` when the unit is missing."""
    found = re.match(r"\s*([-+]?[\d.,]+)\s*(.*?)\s*\Z", text)
    if found is None:
        raise Unreadable(f"{text!r} is not an amount", f"Write a number and a unit, for example {example}")
    if not found[2]:
        raise Unreadable(f"{text!r} has no unit", f"Write the unit, for example {example}")
    return found[1], found[2]


@total_ordering
@dataclass(frozen=True, slots=True)
class OralDose:
    """An amount taken by mouth, in micrograms (1 mg = 1000). Zero means nothing is taken; never negative."""

    micrograms: int

    def __post_init__(self) -> None:
        if type(self.micrograms) is not int or self.micrograms < 0:
            raise ValueError(f"an oral dose is a whole number of micrograms, not {self.micrograms!r}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"5 mg"``. The unit must be there and must be mg: micrograms are for pumps."""
        number, unit = split_unit(text, "5 mg")
        if unit.lower() != "mg":
            micro = unit.lower() in {"mcg", "ug", "µg", "μg", "microgram", "micrograms"}
            raise Unreadable(
                f"{text!r} is not in mg",
                "Doses by mouth are in mg; micrograms are for pumps: check the order"
                if micro
                else "Write the dose in mg, for example 5 mg",
            )
        return cls(exact(number, 1000, "the dose"))

    @classmethod
    def mg(cls, amount: int) -> Self:
        """A whole number of milligrams."""
        return cls(amount * 1000)

    def __add__(self, other: OralDose) -> OralDose:
        return OralDose(self.micrograms + other.micrograms) if isinstance(other, OralDose) else NotImplemented

    def __sub__(self, other: OralDose) -> OralDose:
        return OralDose(self.micrograms - other.micrograms) if isinstance(other, OralDose) else NotImplemented

    def __mul__(self, times: int) -> OralDose:
        return OralDose(self.micrograms * times) if type(times) is int else NotImplemented

    def __lt__(self, other: OralDose) -> bool:
        return self.micrograms < other.micrograms if isinstance(other, OralDose) else NotImplemented

    def __bool__(self) -> bool:
        return self.micrograms > 0

    @property
    def in_mg(self) -> Decimal:
        """The exact number of milligrams, for documents and tables."""
        return Decimal(self.micrograms) / 1000

    def __str__(self) -> str:
        return f"{digits(self.micrograms, 1000)} mg"


NOTHING = OralDose(0)


def total(doses: tuple[OralDose, ...]) -> OralDose:
    """The sum of some doses, for instance of one day."""
    return OralDose(sum(dose.micrograms for dose in doses))


@total_ordering
@dataclass(frozen=True, slots=True)
class IntrathecalDose:
    """An amount given into the spinal fluid, in nanograms (1 microgram = 1000). Not comparable with `OralDose`."""

    nanograms: int

    def __post_init__(self) -> None:
        if type(self.nanograms) is not int or self.nanograms < 0:
            raise ValueError(f"an intrathecal dose is a whole number of nanograms, not {self.nanograms!r}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"50 micrograms"`` (or ``mcg``). mg is refused: intrathecal doses are a thousand times smaller."""
        number, unit = split_unit(text, "50 micrograms")
        if unit.lower() not in {"mcg", "microgram", "micrograms"}:
            raise Unreadable(
                f"{text!r} is not in micrograms", "Write intrathecal doses in micrograms, for example 50 micrograms"
            )
        return cls(exact(number, 1000, "the dose"))

    def __add__(self, other: IntrathecalDose) -> IntrathecalDose:
        return (
            IntrathecalDose(self.nanograms + other.nanograms) if isinstance(other, IntrathecalDose) else NotImplemented
        )

    def __lt__(self, other: IntrathecalDose) -> bool:
        return self.nanograms < other.nanograms if isinstance(other, IntrathecalDose) else NotImplemented

    def __str__(self) -> str:
        return f"{digits(self.nanograms, 1000)} micrograms"


@dataclass(frozen=True, slots=True, order=True)
class Concentration:
    """How much drug a liquid holds, in micrograms per mL. A dose of liquid is never kept in mL alone."""

    micrograms_per_ml: int

    def __post_init__(self) -> None:
        if type(self.micrograms_per_ml) is not int or self.micrograms_per_ml <= 0:
            raise ValueError(
                f"a concentration is a positive whole number of micrograms per mL, not {self.micrograms_per_ml!r}"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"1 mg/mL"`` or the printed form of a bottle, ``"5 mg/5 mL"``; ``"50 micrograms/mL"`` for ampoules."""
        found = re.match(r"\s*([\d.]+)\s*(mg|micrograms|mcg)\s*/\s*([\d.]*)\s*mL\s*\Z", text, re.IGNORECASE)
        if found is None:
            raise Unreadable(
                f"{text!r} is not a concentration", "Write it as on the bottle, for example 5 mg/5 mL or 1 mg/mL"
            )
        drug = exact(found[1], 1000, "the drug") * (1000 if found[2].lower() == "mg" else 1)
        volume = exact(found[3] or "1", 1000, "the volume")
        if not volume or not drug or drug % volume:
            raise Unreadable(
                f"{text!r} is not an exact concentration", "Write it as on the bottle, for example 5 mg/5 mL"
            )
        return cls(drug // volume)

    def dose_in(self, microlitres: int) -> OralDose | None:
        """The dose in a volume, or None where it is not a whole number of micrograms."""
        micrograms, rest = divmod(self.micrograms_per_ml * microlitres, 1000)
        return None if rest else OralDose(micrograms)

    def __str__(self) -> str:
        return f"{digits(self.micrograms_per_ml, 1000)} mg/mL"


def millilitres(microlitres: int) -> str:
    """``2500`` → ``"2.5 mL"``."""
    return f"{digits(microlitres, 1000)} mL"
