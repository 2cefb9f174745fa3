"""Making a dose from what stands on the shelf: exactly, or not at all.

Solids are counted in quarters of a piece, so that tablets × strength is an exact integer sum. The best way to make a dose has,
in this order: no quarters, fewest splits, fewest pieces, fewest different products, products already in use, larger strengths.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from math import gcd
from typing import ClassVar

from gradatim.domain.dose import OralDose, millilitres
from gradatim.domain.fault import Fault, one_fault
from gradatim.domain.product import Product

WHOLE = 4  # quarters in one piece
MOST_PIECES = 20  # more pieces than this at one time is refused as unusable


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """How doses may be made: ``quarters`` only on the prescriber's word; ``mark_microlitres`` is the finest mark of the syringe."""

    quarters: bool = False
    mark_microlitres: int = 100

    def __post_init__(self) -> None:
        if not 10 <= self.mark_microlitres <= 5000:
            raise one_fault(
                "mark_microlitres",
                f"a syringe marked every {millilitres(self.mark_microlitres)} is not plausible",
                "Give the distance between marks in microlitres: 100 for a mark every 0.1 mL",
            )


@dataclass(frozen=True, slots=True)
class Pieces:
    """Some pieces of one solid product, in quarters: 6 quarters are one and a half tablets."""

    product: Product
    quarters: int

    @property
    def dose(self) -> OralDose:
        """What they hold."""
        assert self.product.strength is not None
        return OralDose(self.product.strength.micrograms * self.quarters // WHOLE)

    @property
    def split(self) -> bool:
        """Whether a piece has to be split."""
        return self.quarters % WHOLE != 0


@dataclass(frozen=True, slots=True)
class Solid:
    """A dose as tablets or packets; larger strengths first."""

    kind: ClassVar[str] = "solid"
    pieces: tuple[Pieces, ...]

    @property
    def dose(self) -> OralDose:
        """What it holds in all."""
        return OralDose(sum(part.dose.micrograms for part in self.pieces))


@dataclass(frozen=True, slots=True)
class Liquid:
    """A dose as a volume of one liquid, in microlitres."""

    kind: ClassVar[str] = "liquid"
    product: Product
    microlitres: int

    @property
    def dose(self) -> OralDose:
        """What it holds. Only exact volumes are ever made, so this cannot fail for a `Liquid` from `portion`."""
        assert self.product.concentration is not None
        dose = self.product.concentration.dose_in(self.microlitres)
        assert dose is not None
        return dose


Portion = Solid | Liquid


@dataclass(frozen=True, slots=True, kw_only=True)
class CannotMake:
    """A dose that the products cannot make: the nearest that they can, and which other products would make it."""

    dose: OralDose
    below: OralDose | None
    above: OralDose | None
    would_do: tuple[str, ...]

    def fault(self, at: str) -> Fault:
        """The same as a fault in an input."""
        near = [str(dose) for dose in (self.below, self.above) if dose]
        remedy = f"The nearest that can be made: {' and '.join(near)}" if near else "Nothing near it can be made"
        if self.would_do:
            remedy += f". With these it could be made: {', '.join(self.would_do)}"
        return Fault(at, f"{self.dose} cannot be made exactly from the products given", remedy)


def smallest_piece(product: Product, making: Making) -> OralDose | None:
    """The smallest amount of a product that can be measured, or None for a liquid whose mark holds no whole microgram."""
    if product.concentration is not None:
        return product.concentration.dose_in(making.mark_microlitres)
    assert product.strength is not None
    micrograms, rest = divmod(product.strength.micrograms, _parts(product, making))
    return None if rest else OralDose(micrograms)


def _parts(product: Product, making: Making) -> int:
    if making.quarters and product.scored:
        return WHOLE
    return min(product.divisible_into, 2)


def quantum(products: Iterable[Product], making: Making) -> OralDose:
    """The smallest amount that the products can make: every multiple of it can be made."""
    pieces = [piece for product in products if (piece := smallest_piece(product, making))]
    return min(pieces)


def portion(
    dose: OralDose,
    products: tuple[Product, ...],
    making: Making,
    *,
    in_use: frozenset[str] = frozenset(),
    others: tuple[Product, ...] = (),
) -> Portion | CannotMake:
    """The best way to make ``dose`` (not zero).

    Solids are preferred to liquids; ``in_use`` breaks ties towards products already taken; ``others`` are products that a
    refusal may suggest.
    """
    best = _best_solid(dose, tuple(p for p in products if p.is_solid), making, in_use)
    if best is not None:
        return best
    for product in products:
        volume = None if product.is_solid else _volume(dose, product, making)
        if volume is not None:
            return Liquid(product, volume)
    would_do = tuple(p.id for p in others if not isinstance(portion(dose, (p,), making), CannotMake))
    below, above = (_nearest(dose, products, making, way) for way in (-1, +1))
    return CannotMake(dose=dose, below=below, above=above, would_do=would_do)


def _volume(dose: OralDose, product: Product, making: Making) -> int | None:
    assert product.concentration is not None
    volume, rest = divmod(dose.micrograms * 1000, product.concentration.micrograms_per_ml)
    return volume if not rest and volume % making.mark_microlitres == 0 else None


def _best_solid(dose: OralDose, products: tuple[Product, ...], making: Making, in_use: frozenset[str]) -> Solid | None:
    shelf = sorted(products, key=lambda p: (p.strength or dose, p.id), reverse=True)
    found: list[tuple[tuple[object, ...], tuple[Pieces, ...]]] = []

    def walk(place: int, left: int, taken: tuple[Pieces, ...], pieces: int) -> None:
        if left == 0:
            found.append((_cost(taken, in_use), taken))
            return
        if place == len(shelf) or pieces >= MOST_PIECES:
            return
        product = shelf[place]
        assert product.strength is not None
        per_quarter = product.strength.micrograms  # of a whole; the rest is counted in quarter-micrograms
        step = WHOLE // _parts(product, making)
        most = min(left // per_quarter, (MOST_PIECES - pieces) * WHOLE)
        for quarters in range(most - most % step, -1, -step):
            part = (Pieces(product, quarters),) if quarters else ()
            walk(place + 1, left - quarters * per_quarter, taken + part, pieces + -(-quarters // WHOLE))

    walk(0, dose.micrograms * WHOLE, (), 0)
    return Solid(min(found, key=lambda way: way[0])[1]) if found else None


def _cost(taken: tuple[Pieces, ...], in_use: frozenset[str]) -> tuple[object, ...]:
    return (
        sum(part.quarters % 2 for part in taken),
        sum(part.split for part in taken),
        sum(-(-part.quarters // WHOLE) for part in taken),
        len(taken),
        sum(part.product.id not in in_use for part in taken),
        tuple(-part.dose.micrograms for part in taken),
        tuple(part.product.id for part in taken),
    )


def _nearest(dose: OralDose, products: tuple[Product, ...], making: Making, way: int) -> OralDose | None:
    """The makeable dose next to ``dose`` below (``way`` −1) or above (+1); None where there is none within reach."""
    near: list[int] = []
    for unit in (u.micrograms for p in products if not p.is_solid and (u := smallest_piece(p, making))):
        near.append((-(-dose.micrograms // unit) - 1 if way < 0 else dose.micrograms // unit + 1) * unit)
    solids = tuple(p for p in products if p.is_solid)
    pieces = [u.micrograms for p in solids if (u := smallest_piece(p, making))]
    if pieces:
        grain = gcd(*pieces)
        most = MOST_PIECES * max(p.strength.micrograms for p in solids if p.strength)
        start = min(dose.micrograms, most + grain)
        amounts = (
            range((-(-start // grain) - 1) * grain, 0, -grain)
            if way < 0
            else range((start // grain + 1) * grain, most + 1, grain)
        )
        made = (a for a in islice(amounts, 400) if _best_solid(OralDose(a), solids, making, frozenset()))
        near += [found for found in (next(made, None),) if found is not None]
    fitting = [amount for amount in near if amount > 0 and (amount - dose.micrograms) * way > 0]
    return OralDose(min(fitting) if way > 0 else max(fitting)) if fitting else None
