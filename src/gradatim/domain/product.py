"""What stands on the shelf: tablets, liquids, granules, ampoules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gradatim.domain.citation import Citation
from gradatim.domain.dose import Concentration, OralDose
from gradatim.domain.fault import one_fault


class Form(StrEnum):
    """Pharmaceutical form, EDQM's words."""

    TABLET = "tablet"
    GRANULES = "granules"
    SOLUTION = "solution"
    SUSPENSION = "suspension"
    INJECTION = "injection"


SOLID = frozenset({Form.TABLET, Form.GRANULES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product of one market.

    A solid has a ``strength``, a liquid a ``concentration``. ``divisible_into`` is the number of equal parts that the source
    says a piece may be split into (1: not at all; a tablet whose scoring is unknown counts as 1). ``scored`` is None where
    no source says. ``in_use_days`` is how long it may be used once opened, where known.
    """

    id: str
    market: str
    name: str
    form: Form
    source: tuple[Citation, ...]
    strength: OralDose | None = None
    concentration: Concentration | None = None
    scored: bool | None = None
    divisible_into: int = 1
    contains: tuple[str, ...] = ()
    storage: str | None = None
    in_use_days: int | None = None
    in_use_hours: int | None = None
    rxnorm: str | None = None
    only_for: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if self.form in SOLID and (self.strength is None or not self.strength or self.concentration is not None):
            raise one_fault(
                "strength", f"{self.id} is solid and needs a strength and no concentration", "Give the mg of one piece"
            )
        if self.form not in SOLID and (self.concentration is None or self.strength is not None):
            raise one_fault(
                "concentration", f"{self.id} is liquid and needs a concentration and no strength", "Give mg per mL"
            )
        if self.divisible_into not in (1, 2, 4) or (self.divisible_into > 1 and not self.scored):
            raise one_fault(
                "divisible_into", f"{self.id} cannot be split into {self.divisible_into}", "Only scored tablets: 2 or 4"
            )

    @property
    def is_solid(self) -> bool:
        """Whether doses are counted in pieces (else in mL)."""
        return self.form in SOLID
