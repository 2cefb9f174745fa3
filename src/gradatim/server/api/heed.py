"""What a record says when it is looked at: what changed, how long the box lasts, what somebody should act on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from gradatim.domain.fault import one_fault
from gradatim.domain.low_stock import stock_findings
from gradatim.domain.order_list import order_list
from gradatim.domain.run_out import outlook
from gradatim.domain.stock import inventory
from gradatim.domain.watch import quiet, watch
from gradatim.insight.adherence import adherence
from gradatim.insight.of_record import insight_of
from gradatim.monographs import leaflet, monograph, scales
from gradatim.report.heed_data import closed_ahead, order_data, stock_data, watch_data
from gradatim.report.insight_data import insight_data
from gradatim.server.api.days import Day
from gradatim.server.api.folded import folded, heavy
from gradatim.server.api.shapes import PROBLEMS
from gradatim.server.rights import noted
from gradatim.server.who import Scope

router = Router(tags=["papers"])
Date = date  # a name for it in classes that have a field of this name


class InsightIn(Schema):
    """Over how many days the doses are counted, and which scale."""

    days: Annotated[int, Field(ge=1, le=3660)] = 28
    scale: Annotated[str | None, Field(max_length=80)] = None


class GapOut(Schema):
    """Hours without any dose."""

    since: str
    until: str | None
    hours: int


class DosesOut(Schema):
    """How many doses were due, and what became of them."""

    first: date
    last: date
    due: int
    taken: int
    on_time: int
    early: int
    late: int
    missed: int
    skipped: int
    unsure: int
    held: int
    extra: int
    days: int
    days_covered: int
    gaps: list[GapOut]


class ResultOut(Schema):
    """What one method found in one scale, in sentences."""

    scale: str
    method: str
    says: list[str]
    p: float | None
    p_adjusted: float | None
    notes: list[str]


class LackOut(Schema):
    """Where there is too little to say anything."""

    scale: str
    method: str
    says: str


class InsightOut(Schema):
    """What was taken, and what changed together with each step."""

    doses: DosesOut
    results: list[ResultOut]
    too_little: list[LackOut]
    comparisons: list[str]


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


class OrderOut(Schema):
    """What to ask for."""

    until: date
    margin_days: int
    repeats_left: int | None
    lines: list[OrderLineOut]


class StockOut(Schema):
    """The boxes, how long they last on the changing plan, and what to order."""

    date: Date
    stock: list[BoxOut]
    run_out: Date | None
    first_dose_that_cannot_be_made: str | None
    days_left: int | None
    not_counted: list[str]
    findings: list[SaidOut]
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


@router.get("/records/{uuid:record}/insight", response={200: InsightOut, **PROBLEMS}, operation_id="insight")
def insight(request: HttpRequest, record: UUID, asked: Query[InsightIn]) -> dict[str, Any]:
    """What was taken, and what changed together with each step: with its margin, or silence where there is too little."""
    if asked.scale is not None and asked.scale not in scales():
        raise one_fault("scale", f"{asked.scale!r} is not a scale", f"Use one of: {', '.join(scales())}")
    found = folded(request, record, Scope.READ)
    first = max(found.day - timedelta(days=asked.days - 1), date(2000, 1, 1))
    with heavy():
        taken = adherence(found.record, monograph(), leaflet(), found.now, first, found.day)
        made = insight_data(taken, insight_of(found.record, found.day), asked.scale)
    noted(found.right, "read the insight")
    return made


@router.get("/records/{uuid:record}/stock", response={200: StockOut, **PROBLEMS}, operation_id="stock")
def stock(request: HttpRequest, record: UUID, asked: Query[StockIn]) -> dict[str, Any]:
    """What is left, until when it lasts at the doses planned, what to do about it, and what to order."""
    found = folded(request, record, Scope.READ)
    stocks = inventory(found.record, monograph(), found.now)
    ahead = outlook(found.record, monograph(), leaflet(), stocks)
    closed, wrong = closed_ahead(found.record, found.day)
    made = stock_data(stocks, ahead, stock_findings(found.record, leaflet(), stocks, ahead, closed))
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
