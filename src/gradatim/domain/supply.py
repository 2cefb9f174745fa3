"""What to dispense: counted from the same dated doses that the calendar prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gradatim.domain.product import Product
from gradatim.domain.schedule import ScheduledDose
from gradatim.domain.tablets import WHOLE, Solid


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """How much of one product some doses use. ``quarters`` for solids (4 are a tablet), ``microlitres`` for liquids."""

    product: Product
    quarters: int = 0
    microlitres: int = 0
    splits: int = 0  # doses for which a tablet is split

    @property
    def dispense(self) -> int:
        """Whole pieces to hand out: a started tablet counts in full. Microlitres for liquids."""
        return -(-self.quarters // WHOLE) if self.product.is_solid else self.microlitres


def needs(doses: Iterable[ScheduledDose]) -> tuple[Need, ...]:
    """The sum over the doses, one `Need` for each product, solids first, larger strengths first."""
    quarters: dict[Product, int] = {}
    splits: dict[Product, int] = {}
    volumes: dict[Product, int] = {}
    for dose in doses:
        if isinstance(dose.portion, Solid):
            for part in dose.portion.pieces:
                quarters[part.product] = quarters.get(part.product, 0) + part.quarters
                splits[part.product] = splits.get(part.product, 0) + part.split
        else:
            volumes[dose.portion.product] = volumes.get(dose.portion.product, 0) + dose.portion.microlitres
    solids = [Need(product=p, quarters=q, splits=splits[p]) for p, q in quarters.items()]
    solids.sort(key=lambda need: (-(need.product.strength.micrograms if need.product.strength else 0), need.product.id))
    return (*solids, *(Need(product=p, microlitres=v) for p, v in volumes.items()))
