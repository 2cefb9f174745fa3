"""What a record says when it is looked at: how long the box lasts, what somebody should act on."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from gradatim.domain.low_stock import stock_findings
from gradatim.domain.order_list import order_list
from gradatim.domain.run_out import outlook
from gradatim.domain.stock import inventory
from gradatim.domain.watch import quiet, watch
from gradatim.monographs import leaflet, monograph
from gradatim.report.heed_data import ahead_data, closed_ahead, order_data, stock_data, watch_data
from gradatim.server.api.days import Day
from gradatim.server.api.folded import folded
from gradatim.server.api.shapes import PROBLEMS
from gradatim.server.rights import noted
from gradatim.server.who import Scope

router = Router(tags=["papers"])
Date = date  # a name for it in classes that have a field of this name


class StockIn(Schema):
    """``until``: also what to order so that every dose until this day can be made, and for ``margin`` days more."""

    until: Day | None = None
    margin: Annotated[int, Field(ge=0, le=60)] = 0


class BoxOut(Schema):
    """What is left of one product: quarters of tablets, or microlitres."""

    product: str
    quarters: int | None = None
    microlitres: int | None = None
    known: bool
    uncertain: list[str]
    name: str
    says: str = Field(description="How much is left, in words.")
    needed: bool = Field(description="The doses ahead use it.")
    run_out: Date | None = Field(description="The day of the first dose that cannot be made for want of it.")


class ClosedOut(Schema):
    """A day without a pharmacy: a weekend, a public holiday."""

    day: Date
    name: str


class TripOut(Schema):
    """Days away from home, to come or begun; the entry that says so."""

    entry: UUID
    first: Date
    last: Date
    note: str | None


class AheadOut(Schema):
    """The weeks to come. ``collect_by``: the last open day on which every dose can still be made; ``order_by`` where it is known how long
    a repeat takes."""

    until: Date
    collect_by: Date | None
    order_by: Date | None
    closed: list[ClosedOut]
    trips: list[TripOut]


class SaidOut(Schema):
    """Something that has to be done or asked about the box."""

    rule: str
    level: str
    message: str
    source: list[str]


class NeedOut(Schema):
    """An amount of one product."""

    product: str
    strength_mg: float | None = None
    count: float | None = None
    dispense: int | None = None
    splits: int | None = None
    ml: float | None = None
    mg_per_ml: float | None = None


class OrderLineOut(Schema):
    """One product of the order. ``order`` None: count the box first."""

    product: str
    name: str
    usable: int | None
    need: NeedOut
    order: NeedOut | None
    says: str


class OrderOut(Schema):
    """What to ask for."""

    until: date
    margin_days: int
    repeats_left: int | None
    lines: list[OrderLineOut]


class StockOut(Schema):
    """The boxes, how long they last on the changing plan, and what to order."""

    date: Date
    lasts: str = Field(description="How long it lasts, in a sentence.")
    stock: list[BoxOut]
    run_out: Date | None
    first_dose_that_cannot_be_made: str | None
    days_left: int | None
    not_counted: list[str]
    findings: list[SaidOut]
    ahead: AheadOut
    order: OrderOut | None = None
    region: str | None = Field(default=None, description="What is wrong with the preference `region`, if anything.")


class AnswerOut(Schema):
    """Who dealt with it, and how."""

    by: str
    said: str
    at: str


class WatchOut(Schema):
    """One thing that somebody should act on. ``level``: E emergency services now, D prescriber or pharmacist today, V next visit."""

    rule: str
    level: str
    severity: str
    message: str
    act: str
    source: list[str]
    data: list[str]
    rests: bool
    answer: AnswerOut | None
    rests_until: str | None


@router.get("/records/{uuid:record}/stock", response={200: StockOut, **PROBLEMS}, operation_id="stock")
def stock(request: HttpRequest, record: UUID, asked: Query[StockIn]) -> dict[str, Any]:
    """What is left, until when it lasts at the doses planned, what to do about it, and what to order."""
    found = folded(request, record, Scope.READ)
    stocks = inventory(found.record, monograph(), found.now)
    ahead = outlook(found.record, monograph(), leaflet(), stocks)
    closed, wrong = closed_ahead(found.record, found.day)
    made = stock_data(stocks, ahead, stock_findings(found.record, leaflet(), stocks, ahead, closed))
    made["ahead"] = ahead_data(found.record, ahead, closed)
    if asked.until is not None:
        made["order"] = order_data(order_list(found.record, monograph(), leaflet(), stocks, asked.until, asked.margin))
    if wrong is not None:
        made["region"] = f"{wrong.problem}. {wrong.remedy}"
    noted(found.right, "read the stock")
    return made


@router.get("/records/{uuid:record}/watch", response={200: list[WatchOut], **PROBLEMS}, operation_id="watch")
def watching(request: HttpRequest, record: UUID) -> list[dict[str, Any]]:
    """What in the record is a sign of danger and what to do, gravest first; with what rests."""
    found = folded(request, record, Scope.READ)
    shown = quiet(watch(found.record, monograph(), leaflet(), found.now), found.record, found.now)
    noted(found.right, "read the watch")
    return [watch_data(one) for one in shown]
