"""What became of a dose: taken, left out, not sure, or taken beside the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gradatim.domain.dose import Concentration, OralDose
from gradatim.domain.fault import one_fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What was really taken of one product, as it was then: ``quarters`` of a solid of this ``strength`` (4 are a tablet), or
    ``microlitres`` of a liquid of this ``concentration``."""

    product: str
    strength: OralDose | None = None
    quarters: int = 0
    concentration: Concentration | None = None
    microlitres: int = 0

    def __post_init__(self) -> None:
        solid = self.strength is not None and self.quarters > 0 and self.concentration is None and not self.microlitres
        liquid = self.concentration is not None and self.microlitres > 0 and self.strength is None and not self.quarters
        if not (solid or liquid):
            raise one_fault(
                "",
                f"{self.product}: neither tablets nor a volume",
                "Give strength and quarters, or concentration and microlitres",
            )
        if self.dose is None:
            raise one_fault("", f"{self.product}: that is no whole number of micrograms", "Check the amount")

    @property
    def dose(self) -> OralDose | None:
        """What it holds; None only where a volume holds no whole number of micrograms, which the constructor refuses."""
        if self.strength is not None:
            micrograms, rest = divmod(self.strength.micrograms * self.quarters, 4)
            return None if rest else OralDose(micrograms)
        assert self.concentration is not None
        return self.concentration.dose_in(self.microlitres)


Units = tuple[Used, ...]


def _check_amount(amount: OralDose, units: Units) -> None:
    if not amount:
        raise one_fault("amount", "0 mg is not a dose taken", "Record it as skipped instead")
    held = sum(used.dose.micrograms for used in units if used.dose is not None)
    if units and held != amount.micrograms:
        raise one_fault("units", f"hold {OralDose(held)}, not {amount}", "Tablets and mg must say the same")


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseTaken:
    """A planned dose taken: how much, of what, frozen as it was. ``despite`` names the guards that were shown and passed over."""

    kind: ClassVar[str] = "dose-taken"
    dose: str
    amount: OralDose
    units: Units = ()
    despite: tuple[str, ...] = ()
    reason: str | None = None

    def __post_init__(self) -> None:
        _check_amount(self.amount, self.units)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseSkipped:
    """A planned dose left out, and why."""

    kind: ClassVar[str] = "dose-skipped"
    dose: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseUnsure:
    """Nobody knows whether a planned dose was taken."""

    kind: ClassVar[str] = "dose-unsure"
    dose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraDose:
    """Drug taken beside the plan."""

    kind: ClassVar[str] = "extra-dose"
    amount: OralDose
    units: Units = ()
    despite: tuple[str, ...] = ()
    reason: str | None = None

    def __post_init__(self) -> None:
        _check_amount(self.amount, self.units)
