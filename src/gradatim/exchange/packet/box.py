"""How long the box lasts, with what is not known about it said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gradatim.domain.clock import Instant
from gradatim.domain.low_stock import stock_findings
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.record import Record
from gradatim.domain.run_out import HORIZON, RunOut, outlook
from gradatim.domain.stock import inventory
from gradatim.exchange.packet.danger import PacketAlarm, alarm_of
from gradatim.exchange.packet.told import line, said
from gradatim.words.phrases import product_name


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketBox:
    """The earlier of both ways ahead. ``days_left`` counted from the day of the packet; the ``run_out`` day does not age with it.

    Both are None where nothing runs out within sight, and where it is not known: ``uncounted`` then names what nobody has counted.
    """

    days_left: int | None
    run_out: date | None
    first_dose: str | None
    finished: bool
    uncounted: tuple[str, ...]
    text: str
    warnings: tuple[PacketAlarm, ...]


def packet_box(
    record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant, closed: Mapping[date, str]
) -> PacketBox:
    """The box at ``now``. ``closed`` names the days without a pharmacy."""
    stocks = inventory(record, monograph, now)
    ahead = outlook(record, monograph, leaflet, stocks)
    soonest = ahead.earlier
    uncounted = tuple(product_name(one.stock.product.name) for one in soonest.unknown)
    return PacketBox(
        days_left=soonest.days_left, run_out=soonest.day, first_dose=None if soonest.first is None else soonest.first.id,
        finished=soonest.finished, uncounted=uncounted, text=lasts_text(soonest),
        warnings=tuple(alarm_of(now, one) for one in stock_findings(record, leaflet, stocks, ahead, closed)),
    )  # fmt: skip


def lasts_text(ahead: RunOut) -> str:
    """How long the box lasts, in a sentence."""
    first, products = ahead.first, tuple(line(product_name(one.stock.product.name)) for one in ahead.unknown)
    if not ahead.products:
        return said("box-no-plan")
    if first is not None and not ahead.days_left:
        return said("box-out", day=first.day, at=first.at)
    if first is not None and products:
        return said("box-lasts-unknown", day=first.day, at=first.at, products=products)
    if first is not None:
        return said("box-lasts", day=first.day, at=first.at)
    if products:
        return said("box-unknown", products=products)
    return said("box-finished") if ahead.finished else said("box-long", days=HORIZON)
