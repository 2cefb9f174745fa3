"""Warnings before the box is empty, by days left at the doses planned, not by a pill count.

An empty box means stopping suddenly. The warnings rise as it comes near, and come earlier where the last days are a trip or days on
which pharmacies are closed. What is not known is asked about. No warning ever changes a dose or says to make one differently.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from gradatim.domain.citation import Citation, Evidence
from gradatim.domain.entry import TripPlanned
from gradatim.domain.finding import Fact, Finding, gravest_first, message
from gradatim.domain.guardrail import Severity
from gradatim.domain.knowledge import Level
from gradatim.domain.monograph import Leaflet
from gradatim.domain.order_list import whole
from gradatim.domain.record import Record
from gradatim.domain.run_out import Outlook, ProductRunOut, RunOut, parts_of
from gradatim.domain.stock import Inventory

WARN_AT = (14, 7, 3)
"""Days left at which to warn. No source gives a number: derived [D], see the topic ``supply`` of the monograph."""

TRIP_MARGIN = WARN_AT[-1]
"""Days beyond a trip for which there should be enough: derived [D], so that nobody comes home to the last warning."""

REPEAT_DAYS = "repeat-days"
"""The preference that says how many days a repeat takes. Nothing is assumed where it is not given."""

TRIP = "trip"  # what stands for a trip among the names of closed days

_STAGES = (
    ("stock-out", Severity.URGENT, Level.TODAY),
    ("stock-nearly-out", Severity.URGENT, Level.TODAY),
    ("stock-low", Severity.CAUTION, Level.TODAY),
    ("stock-order", Severity.INFO, Level.NEXT_VISIT),
)
_LIMITS = (0, *reversed(WARN_AT))
_LOW = 2  # the gravest stage that a trip alone may bring: there is drug for some days yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Refill:
    """The days that matter for getting more. ``collect_by``: the last day, open and at home, on which every dose can still be made.

    It is None where no such day is left. ``order_by``: when to order, where it is known how many days a repeat takes. ``shut`` is why
    `collect_by` is earlier than the eve of the run-out date: the names of the closed days, or `TRIP`.
    """

    run_out: date
    collect_by: date | None
    order_by: date | None
    shut: tuple[str, ...] = ()


def refill(record: Record, ahead: RunOut, closed: Mapping[date, str], *, trips: bool = True) -> Refill | None:
    """When to order and to collect; None while nothing runs out within the horizon. ``closed`` names the days without a pharmacy."""
    if ahead.day is None:
        return None
    # Who is on a trip already has another pharmacy near.
    away = [trip.what for trip in record.of(TripPlanned) if trips and trip.what.first > ahead.today]

    def open_until(day: date) -> tuple[date, list[str]]:
        names: list[str] = []
        while day >= ahead.today:
            name = closed.get(day) or (TRIP if any(trip.first <= day <= trip.last for trip in away) else None)
            if name is None:
                break
            names.append(name)
            day -= timedelta(days=1)
        return day, names

    collect, names = open_until(ahead.day - timedelta(days=1))
    lead = whole(record.preferences.get(REPEAT_DAYS))
    order = None if lead is None else max(ahead.today, open_until(ahead.day - timedelta(days=lead))[0])
    return Refill(
        run_out=ahead.day, collect_by=collect if collect >= ahead.today else None, order_by=order, shut=tuple(dict.fromkeys(reversed(names)))
    )  # fmt: skip


def stock_findings(
    record: Record, leaflet: Leaflet, stocks: Inventory, ahead: Outlook, closed: Mapping[date, str]
) -> tuple[Finding, ...]:
    """All that has to be said of the boxes now, gravest first; at most one finding for each rule."""
    source = _source(leaflet)
    soonest = ahead.earlier
    found: list[Finding] = []
    plan = refill(record, soonest, closed)
    at_home = refill(record, soonest, closed, trips=False)
    if plan is not None and at_home is not None:
        found += _running_out(soonest, plan, at_home, source)
    found += _trips(record, soonest, source)
    found += _questions(record, stocks, ahead, source)
    return gravest_first(found)


def _running_out(ahead: RunOut, plan: Refill, at_home: Refill, source: tuple[Citation, ...]) -> list[Finding]:
    first, left = ahead.first, ahead.days_left
    assert first is not None
    assert left is not None
    names = _names(
        one
        for one in ahead.products
        if (until := ahead.days_until(one.first)) is not None and until <= max(left, WARN_AT[0])
    )
    data = (
        first.id,
        *(one.stock.counted for one in ahead.products if one.first is not None and one.stock.counted is not None),
    )
    found: list[Finding] = []
    place = min(_stage(ahead, _days(ahead, at_home)), max(_LOW, _stage(ahead, _days(ahead, plan))))
    if place < len(_STAGES):
        rule, severity, level = _STAGES[place]
        found.append(_finding(
            rule, severity, level, source, data, products=names, day=first.day, at=first.at, days=left
        ))  # fmt: skip
        if plan.shut and left:
            told: dict[str, Fact] = (
                {"why": plan.shut} if plan.collect_by is None else {"why": plan.shut, "by": plan.collect_by}
            )
            rule = "stock-no-open-day" if plan.collect_by is None else "stock-closed"
            found.append(_finding(rule, severity, level, source, (), day=first.day, **told))
        if ahead.other_way is not None:
            instead = tuple(product.name for product, _ in parts_of(ahead.other_way))
            found.append(_finding(
                "stock-other-way", Severity.INFO, level, source, (first.id,), products=instead, day=first.day, at=first.at
            ))  # fmt: skip
    if plan.order_by is not None and plan.order_by <= ahead.today:
        found.append(_finding(
            "stock-order-by", Severity.CAUTION, Level.TODAY, source, (), products=names, day=first.day
        ))  # fmt: skip
    return found


def _days(ahead: RunOut, plan: Refill) -> int:
    """Days that are left to get more: to the last open day, and that day."""
    return 1 if plan.collect_by is None else (plan.collect_by - ahead.today).days + 1


def _stage(ahead: RunOut, days: int) -> int:
    return bisect_left(_LIMITS, days if ahead.days_left else 0)


def _trips(record: Record, ahead: RunOut, source: tuple[Citation, ...]) -> list[Finding]:
    if ahead.first is None:
        return []
    lead = whole(record.preferences.get(REPEAT_DAYS)) or 0
    for trip in record.of(TripPlanned):
        until = trip.what.last + timedelta(days=TRIP_MARGIN)
        to_go = (trip.what.first - ahead.today).days
        if trip.what.last < ahead.today or to_go > WARN_AT[0] + lead or ahead.first.day > until:
            continue
        short = _names(one for one in ahead.products if one.first is not None and one.first.day <= until)
        soon = to_go <= WARN_AT[1] + lead
        severity, level = (Severity.CAUTION, Level.TODAY) if soon else (Severity.INFO, Level.NEXT_VISIT)
        return [_finding(
            "stock-trip", severity, level, source, (trip.id,), products=short, first=trip.what.first, last=trip.what.last,
            until=until, day=ahead.first.day, at=ahead.first.at,
        )]  # fmt: skip
    return []


def _questions(record: Record, stocks: Inventory, ahead: Outlook, source: tuple[Citation, ...]) -> list[Finding]:
    both = sorted((*ahead.held.products, *ahead.expected.products), key=lambda one: one.needed.instant, reverse=True)
    needed = {one.stock.product.id: one for one in both}
    soon = stocks.day + timedelta(days=WARN_AT[0])
    found: list[Finding] = []

    def ask(
        rule: str,
        level: Level,
        about: list[ProductRunOut],
        data: tuple[str, ...],
        severity: Severity = Severity.CAUTION,
    ) -> None:
        if about:
            found.append(_finding(rule, severity, level, source, data, products=_names(about)))

    everything = list(needed.values())
    never = [one for one in everything if one.stock.amount is None]
    if never:
        near = any(one.needed.day <= soon for one in never)
        found.append(_finding(
            "stock-unknown", Severity.CAUTION if near else Severity.INFO, Level.NEXT_VISIT, source, (),
            products=_names(never), day=min(one.needed.day for one in never),
        ))  # fmt: skip
    over = [one for one in everything if one.stock.overdrawn is not None]
    below = any(not one.stock.known and one.needed.day <= soon for one in over)
    grave = Severity.URGENT if below else Severity.CAUTION
    ask("stock-negative", Level.TODAY, over, tuple(one.stock.overdrawn for one in over if one.stock.overdrawn), grave)
    for rule, of in (("stock-uncertain", "uncertain"), ("stock-twice", "twice")):
        about = [one for one in everything if one.stock.amount is not None and getattr(one.stock, of)]
        ask(rule, Level.NEXT_VISIT, about, tuple(dict.fromkeys(id for one in about for id in getattr(one.stock, of))))
    spoiled = [one for one in everything if one.stock.spoiled_on(stocks.day)]
    ask("stock-spoiled", Level.NEXT_VISIT, spoiled, (), Severity.INFO)
    bottles = [one for one in everything if not one.stock.product.is_solid and one.stock.in_use_days is None]
    ask("stock-in-use", Level.NEXT_VISIT, bottles, (), Severity.INFO)
    if stocks.unread:
        found.append(_finding("stock-unread", Severity.CAUTION, Level.NEXT_VISIT, source, stocks.unread))
    said = record.preferences.get(REPEAT_DAYS)
    if said is not None and whole(said) is None:
        found.append(_finding("stock-repeat-days", Severity.INFO, Level.NEXT_VISIT, source, (), said=said))
    return found


def _source(leaflet: Leaflet) -> tuple[Citation, ...]:
    topics = {topic.id: topic.source for topic in leaflet.topics}
    cited = (*topics.get("supply", ()), *topics.get("stopping", ()), Citation("D", Evidence.DERIVED))
    return tuple(dict.fromkeys(cited))


def _names(about: Iterable[ProductRunOut]) -> tuple[str, ...]:
    return tuple(one.stock.product.name for one in about)


def _finding(
    rule: str, severity: Severity, level: Level, source: tuple[Citation, ...], data: tuple[str, ...], **facts: Fact
) -> Finding:
    key = rule.replace("stock-", "stock.", 1)
    return Finding(rule=rule, severity=severity, message=message(key, **facts), source=source, level=level, data=data)
