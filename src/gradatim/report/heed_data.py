"""What the watch says, how long the box lasts, and what to order, as plain data with its sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from gradatim.almanac import closed_days
from gradatim.domain.entry import TripPlanned
from gradatim.domain.fault import Unreadable
from gradatim.domain.finding import Finding, message
from gradatim.domain.low_stock import refill
from gradatim.domain.order_list import OrderLine, OrderList
from gradatim.domain.record import Record
from gradatim.domain.run_out import HORIZON, Outlook
from gradatim.domain.stock import Inventory
from gradatim.domain.watch import Shown
from gradatim.exchange.document import need_data
from gradatim.exchange.packet.box import lasts_text
from gradatim.words import say, supply_text
from gradatim.words.boxes import amount_text
from gradatim.words.phrases import product_name

_WEEKS_SHOWN = timedelta(weeks=8)  # that the picture of the box looks ahead


def watch_data(one: Shown) -> dict[str, Any]:
    """One finding of the watch, with what was said about it."""
    finding = one.finding
    return {
        "rule": finding.rule, "level": str(finding.level), "severity": str(finding.severity), "message": say(finding.message), "act": finding.why,
        "source": [str(citation) for citation in finding.source], "data": list(finding.data), "rests": one.rests,
        "answer": None if one.answer is None else {"by": one.answer.what.by, "said": one.answer.what.said, "at": one.answer.at.iso()},
        "rests_until": None if one.rests_until is None else one.rests_until.iso(),
    }  # fmt: skip


def stock_data(stocks: Inventory, ahead: Outlook, findings: tuple[Finding, ...]) -> dict[str, Any]:
    """The boxes, how long they last, and what has to be said of them."""
    soonest = ahead.earlier
    needed = {one.stock.product.id: one for one in soonest.products}
    unseen = tuple(
        one.stock for one in soonest.products if one.stock not in stocks.stocks
    )  # used, and never written down
    return {
        "date": stocks.day.isoformat(), "lasts": lasts_text(soonest),
        "stock": [
            {
                "product": one.product.id, "quarters" if one.product.is_solid else "microlitres": one.amount,
                "known": one.known, "uncertain": list(one.uncertain), "name": product_name(one.product.name), "says": amount_text(one.product, one.amount),
                "needed": one.product.id in needed,
                "run_out": None if (way := needed.get(one.product.id)) is None or way.first is None else way.first.day.isoformat(),
            }
            for one in (*stocks.stocks, *unseen)
        ],
        "run_out": None if soonest.day is None else soonest.day.isoformat(),
        "first_dose_that_cannot_be_made": None if soonest.first is None else soonest.first.id,
        "days_left": soonest.days_left,
        "not_counted": [one.stock.product.id for one in soonest.unknown],
        "findings": [
            {"rule": one.rule, "level": str(one.level), "message": say(one.message), "source": [str(citation) for citation in one.source]}
            for one in findings
        ],
    }  # fmt: skip


def ahead_data(record: Record, ahead: Outlook, closed: Mapping[date, str]) -> dict[str, Any]:
    """The days that matter for getting more, for a picture of the weeks to come. ``closed`` names the days without a pharmacy."""
    soonest = ahead.earlier
    plan = refill(record, soonest, closed)
    until = soonest.today + _WEEKS_SHOWN
    return {
        "until": until.isoformat(),
        "collect_by": None if plan is None or plan.collect_by is None else plan.collect_by.isoformat(),
        "order_by": None if plan is None or plan.order_by is None else plan.order_by.isoformat(),
        "closed": [{"day": day.isoformat(), "name": name} for day, name in sorted(closed.items()) if soonest.today <= day <= until],
        "trips": [
            {"entry": one.id, "first": one.what.first.isoformat(), "last": one.what.last.isoformat(), "note": one.what.note}
            for one in record.of(TripPlanned) if one.what.last >= soonest.today
        ],
    }  # fmt: skip


def order_text(line: OrderLine) -> str:
    """One product of an order, in a sentence."""
    product = line.need.product
    need, left = supply_text(line.need), amount_text(product, line.usable)
    if line.usable is None:
        return say(message("stock.to-order-count", name=product.name, need=need))
    if not (line.order.dispense if product.is_solid else line.order.microlitres):
        return say(message("stock.to-order-none", name=product.name, left=left))
    return say(message("stock.to-order", name=product.name, order=supply_text(line.order), need=need, left=left))


def order_data(found: OrderList) -> dict[str, Any]:
    """What to ask for. ``usable`` None: the box was not counted, so nobody knows what is missing; in the product's smallest parts."""
    return {
        "until": found.until.isoformat(), "margin_days": found.margin_days, "repeats_left": found.repeats_left,
        "lines": [
            {"product": line.need.product.id, "name": product_name(line.need.product.name), "usable": line.usable, "need": need_data(line.need),
             "order": None if line.usable is None else need_data(line.order), "says": order_text(line)}
            for line in found.lines
        ],
    }  # fmt: skip


def closed_ahead(record: Record, day: date) -> tuple[dict[date, str], Unreadable | None]:
    """The weekends and public holidays ahead, where the person lives; preference ``region`` for regional holidays. Beside them what is
    wrong with that preference, if anything: then the holidays of the whole country count."""
    market = None if record.person is None else record.person.market
    end = day + timedelta(days=HORIZON)
    try:
        return dict(closed_days(market, day, end, record.preferences.get("region")).days), None
    except Unreadable as fault:
        return dict(closed_days(market, day, end).days), fault
