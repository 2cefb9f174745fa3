"""What the watch says, how long the box lasts, and what to order, as plain data with its sentences."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from gradatim.almanac import closed_days
from gradatim.domain.fault import Unreadable
from gradatim.domain.finding import Finding
from gradatim.domain.order_list import OrderList
from gradatim.domain.record import Record
from gradatim.domain.run_out import HORIZON, Outlook
from gradatim.domain.stock import Inventory
from gradatim.domain.watch import Shown
from gradatim.exchange.document import need_data
from gradatim.words import say


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
    return {
        "date": stocks.day.isoformat(),
        "stock": [
            {
                "product": one.product.id, "quarters" if one.product.is_solid else "microlitres": one.amount,
                "known": one.known, "uncertain": list(one.uncertain),
            }
            for one in stocks.stocks
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


def order_data(found: OrderList) -> dict[str, Any]:
    """What to ask for. ``usable`` None: the box was not counted, so nobody knows what is missing; in the product's smallest parts."""
    return {
        "until": found.until.isoformat(), "margin_days": found.margin_days, "repeats_left": found.repeats_left,
        "lines": [
            {"product": line.need.product.id, "name": line.need.product.name, "usable": line.usable, "need": need_data(line.need),
             "order": None if line.usable is None else need_data(line.order)}
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
