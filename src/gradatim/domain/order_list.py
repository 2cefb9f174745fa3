"""What to order so that every dose until a day can be made: whole tablets by product, less what is there and may be used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gradatim.domain.fault import one_fault
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.pack import Box, held
from gradatim.domain.product import Product
from gradatim.domain.record import Record
from gradatim.domain.run_out import HORIZON, doses_ahead, parts_of
from gradatim.domain.schedule import ScheduledDose
from gradatim.domain.stock import Inventory, Stock
from gradatim.domain.supply import Need

REPEATS_LEFT = "repeats-left"  # the preference that says how often the prescription may still be filled


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One product: what the doses use, what may be used of the box today (None: not known, so count first), and what is missing.

    ``order.dispense`` is what to ask for: whole tablets, a started one counted in full, or microlitres.
    """

    stock: Stock
    need: Need
    usable: int | None
    order: Need


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderList:
    """For every dose from now to ``until``, and ``margin_days`` beyond. ``repeats_left`` is None where nobody said."""

    until: date
    margin_days: int
    lines: tuple[OrderLine, ...]
    repeats_left: int | None = None


def order_list(
    record: Record, monograph: Monograph, leaflet: Leaflet, stocks: Inventory, until: date, margin_days: int = 0
) -> OrderList:
    """What is missing for the doses until a day, that day included; for each product the larger of held and expected.

    What goes off before it would be used is not counted on. Raises `BadInput` for a day that is past or more than `HORIZON` days ahead.
    """
    days = (until - stocks.day).days
    if days < 0 or margin_days < 0 or days + margin_days > HORIZON:
        raise one_fault(
            "until",
            f"{until} and {margin_days} days more cannot be ordered for",
            f"Give a day within {HORIZON} days from today",
        )
    lines: dict[str, OrderLine] = {}
    for expected in (False, True):
        doses = doses_ahead(record, monograph, leaflet, stocks.now, days + margin_days, expected=expected)
        for line in _lines(doses, stocks):
            known = lines.get(line.need.product.id)
            if known is None or _size(line) > _size(known):
                lines[line.need.product.id] = line
    return OrderList(
        until=until, margin_days=margin_days, lines=tuple(lines.values()), repeats_left=whole(record.preferences.get(REPEATS_LEFT))
    )  # fmt: skip


def whole(text: str | None) -> int | None:
    """A preference that is a number of days or times, 0 to `HORIZON`; None where it is not given or is none."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 3 or int(text) > HORIZON:
        return None
    return int(text)


def _size(line: OrderLine) -> tuple[int, int]:
    return line.order.quarters or line.order.microlitres, line.need.quarters or line.need.microlitres


def _need(product: Product, amount: int) -> Need:
    return Need(product=product, quarters=amount) if product.is_solid else Need(product=product, microlitres=amount)


def _lines(doses: list[ScheduledDose], stocks: Inventory) -> list[OrderLine]:
    needed: dict[str, int] = {}
    missing: dict[str, int] = {}
    products: dict[str, Product] = {}
    boxes = {stock.product.id: Box(stock.packs, stock.in_use_days) for stock in stocks.stocks if stock.known}
    for dose in sorted(doses, key=lambda one: one.instant):
        for product, amount in parts_of(dose.portion):
            products[product.id] = product
            needed[product.id] = needed.get(product.id, 0) + amount
            box = boxes.get(product.id, Box())
            there = amount if box.holds(amount, dose.day) else held(box.packs, dose.day)
            box.take(there, dose.day)
            missing[product.id] = missing.get(product.id, 0) + amount - there
    return [
        OrderLine(
            stock=stocks.of(one), need=_need(one, needed[id]), usable=stocks.of(one).usable_on(stocks.day), order=_need(one, missing[id])
        )
        for id, one in products.items()
    ]  # fmt: skip
