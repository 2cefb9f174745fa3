"""When the box runs out: the doses of the changing plan, taken out of it one after another.

A pill count says little about a plan that climbs. So every dose ahead is made as the plan makes it, whole pieces and halves, each rest
of a tablet kept for the next dose, until one cannot be made. Both ways ahead are walked: doses held where a review is not
answered, and as expected, every review answered in time; the warnings go by the one that runs out first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gradatim.domain.clock import Instant
from gradatim.domain.making import shelf
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.pack import Box
from gradatim.domain.product import Product
from gradatim.domain.record import Record
from gradatim.domain.schedule import ScheduledDose
from gradatim.domain.stock import Inventory, Stock
from gradatim.domain.tablets import CannotMake, Portion, Solid, portion
from gradatim.domain.today import TO_TAKE, states

HORIZON = 400
"""Days that are looked ahead. What lasts longer is said to last more than so many days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRunOut:
    """One product on the way ahead: the first dose that uses it, and the first that cannot be made for want of it."""

    stock: Stock
    needed: ScheduledDose
    first: ScheduledDose | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOut:
    """One walk through the doses ahead.

    ``first`` is the first dose that cannot be made, None where that is beyond the `HORIZON` or never; ``lacking`` the products that it
    lacks. A product whose stock is not known cannot run out here: while `unknown` names one, the true day may be sooner. ``finished``:
    the doses of the plan end, and the boxes last for all of them. ``other_way`` is how the first dose could be made exactly from the
    plan's other products in the boxes: something to tell a pharmacist, never something to do.
    """

    today: date
    expected: bool
    products: tuple[ProductRunOut, ...]
    first: ScheduledDose | None
    lacking: tuple[Product, ...] = ()
    other_way: Portion | None = None
    finished: bool = False

    @property
    def day(self) -> date | None:
        """The day of the first dose that cannot be made: the run-out date."""
        return None if self.first is None else self.first.day

    @property
    def days_left(self) -> int | None:
        """Whole days, today the first of them, on which every dose can still be made. None: more than `HORIZON`, or for good."""
        return self.days_until(self.first)

    def days_until(self, dose: ScheduledDose | None) -> int | None:
        """The same for one product's first dose."""
        return None if dose is None else max(0, (dose.day - self.today).days)

    @property
    def unknown(self) -> tuple[ProductRunOut, ...]:
        """Products that the doses use and whose stock is not known."""
        return tuple(one for one in self.products if not one.stock.known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Both ways ahead."""

    held: RunOut
    expected: RunOut

    @property
    def earlier(self) -> RunOut:
        """The one that runs out first; held, where both do at the same dose."""
        one, other = self.held.first, self.expected.first
        if other is None or (one is not None and one.instant <= other.instant):
            return self.held
        return self.expected


def outlook(record: Record, monograph: Monograph, leaflet: Leaflet, stocks: Inventory) -> Outlook:
    """When the boxes run out, from the instant of the inventory on."""
    held_back, expected = (
        walk(doses_ahead(record, monograph, leaflet, stocks.now, HORIZON, expected=way), record, monograph, stocks, way)
        for way in (False, True)
    )
    return Outlook(held=held_back, expected=expected)


def doses_ahead(
    record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant, days: int, *, expected: bool
) -> list[ScheduledDose]:
    """The doses that still have to be made until so many days from today: those to come, and one that may still be taken.

    Not those taken, skipped or not sure, whenever their time is, and not those that are missed. One that is held because of a gap is
    needed all the same.
    """
    day = record.day_of(now)
    eve = day - timedelta(days=1)
    may_be_taken = {one.dose.id for one in states(record, monograph, leaflet, now, eve, day) if one.state in TO_TAKE}
    return [
        dose
        for dose in record.doses(monograph, eve, day + timedelta(days=days), expected=expected)
        if dose.id not in record.done and (dose.instant > now or dose.id in may_be_taken)
    ]


def parts_of(made: Portion) -> tuple[tuple[Product, int], ...]:
    """What a dose takes out of the boxes, each in its product's own unit."""
    if isinstance(made, Solid):
        return tuple((part.product, part.quarters) for part in made.pieces)
    return ((made.product, made.microlitres),)


def walk(
    doses: Sequence[ScheduledDose], record: Record, monograph: Monograph, stocks: Inventory, expected: bool
) -> RunOut:
    """Make one dose after another, in order of time, from what may be used on its day.

    Each product is followed until it fails by itself, as if the rest of a dose could always be made.
    """
    boxes = _Boxes(stocks)
    needed: dict[str, tuple[Product, ScheduledDose]] = {}
    failed: dict[str, ScheduledDose] = {}
    first: ScheduledDose | None = None
    lacking: tuple[Product, ...] = ()
    other_way: Portion | None = None
    for dose in sorted(doses, key=lambda one: one.instant):
        parts = parts_of(dose.portion)
        for product, _ in parts:
            needed.setdefault(product.id, (product, dose))
        live = [(product, amount) for product, amount in parts if product.id not in failed]
        short = boxes.short(live, dose.day)
        if short and first is None:
            first, lacking = dose, tuple(short)
            other_way = _other_way(dose, short, record, monograph, boxes)
        failed.update((product.id, dose) for product in short)
        boxes.make([(product, amount) for product, amount in live if product not in short], dose.day)
    products = tuple(
        ProductRunOut(stock=stocks.of(product), needed=dose, first=failed.get(id))
        for id, (product, dose) in needed.items()
    )
    ends = bool(doses) and (doses[-1].day - stocks.day).days < HORIZON - 1
    finished = ends and first is None and all(one.stock.known for one in products)
    return RunOut(
        today=stocks.day, expected=expected, products=products, first=first, lacking=lacking, other_way=other_way, finished=finished
    )  # fmt: skip


class _Boxes:
    """The box of every product whose stock is known, while doses are made."""

    def __init__(self, stocks: Inventory) -> None:
        self.known = {one.product.id: Box(one.packs, one.in_use_days) for one in stocks.stocks if one.known}

    def short(self, parts: Iterable[tuple[Product, int]], day: date) -> list[Product]:
        """The known products that do not hold their part."""
        return [one for one, amount in parts if one.id in self.known and not self.known[one.id].holds(amount, day)]

    def make(self, parts: Iterable[tuple[Product, int]], day: date) -> None:
        for product, amount in parts:
            if product.id in self.known:
                self.known[product.id].take(amount, day)


def _other_way(
    dose: ScheduledDose, short: list[Product], record: Record, monograph: Monograph, boxes: _Boxes
) -> Portion | None:
    holding = record.holding_on(dose.day)
    if holding is None:
        return None
    left = [one for one in shelf(monograph, holding.plan.products) if one.id in boxes.known and one not in short]
    while left:
        way = portion(dose.dose, tuple(left), holding.plan.making)
        if isinstance(way, CannotMake):
            return None
        poor = boxes.short(parts_of(way), dose.day)
        if not poor:
            return way
        left = [one for one in left if one not in poor]
    return None
