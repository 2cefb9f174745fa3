"""Papers that are made of a record: the page for the doctor, the card for the hospital, the calendar."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from gradatim.domain.fault import one_fault
from gradatim.domain.schedule import Mode
from gradatim.monographs import leaflet, monograph
from gradatim.report import card, clinician, clinician_html, clinician_pdf
from gradatim.report.heed_data import closed_ahead
from gradatim.report.levels.of_record import past_levels
from gradatim.server.api.days import Day
from gradatim.server.api.drawn import laid
from gradatim.server.api.folded import folded, heavy
from gradatim.server.api.paper import (
    CALENDAR_FILES,
    CalendarFormat,
    Page,
    calendar_file,
    dated,
    file,
    files,
    typst_page,
)
from gradatim.server.api.shapes import PROBLEMS
from gradatim.server.rights import noted
from gradatim.server.who import Scope

router = Router(tags=["papers"])


class ReportIn(Schema):
    """The page for the doctor."""

    format: Literal["pdf", "html"] = "pdf"
    page: Page = "a4"
    days: Literal["14", "28"] = Field(default="14", description="What was really taken in so many days.")


class CardIn(Schema):
    """The card: a PDF for the wallet, a picture for the phone."""

    format: Literal["pdf", "png"] = "pdf"
    page: Page = "a4"


class CalendarIn(Schema):
    """The calendar of the plan that is followed. ``to-take``: only what it says to take, given the answers so far."""

    format: CalendarFormat = "pdf"
    page: Page = "a4"
    mode: Literal["planned", "to-take"] = "planned"
    first: Day | None = None
    last: Day | None = None
    large: bool = False
    neutral: bool = Field(default=False, description="A calendar file whose titles name no drug.")
    alarm_minutes: Annotated[int, Field(ge=0, le=120)] = 0


@router.get(
    "/records/{uuid:record}/report",
    response={200: None, **PROBLEMS},
    operation_id="report",
    openapi_extra=files("pdf", "html"),
)
def report(request: HttpRequest, record: UUID, asked: Query[ReportIn]) -> HttpResponse:
    """The page for the doctor: what was really taken, what was felt, what changed, what is left, what the person wants to ask."""
    found = folded(request, record, Scope.READ)
    with heavy():
        closed, _ = closed_ahead(found.record, found.day)
        made = clinician.gather(found.record, monograph(), leaflet(), found.now, int(asked.days), closed)
        if asked.format == "html":
            levels = past_levels(found.record, monograph(), leaflet(), found.now, days=int(asked.days))
            content: bytes | str = clinician_html.to_html(made, levels)
        else:
            content = clinician_pdf.to_pdf(made, paper=typst_page(asked.page))
    noted(found.right, "read the report")
    return file(content, asked.format, dated("report", found.day))


@router.get(
    "/records/{uuid:record}/card",
    response={200: None, **PROBLEMS},
    operation_id="card",
    openapi_extra=files("pdf", "png"),
)
def hospital_card(request: HttpRequest, record: UUID, asked: Query[CardIn]) -> HttpResponse:
    """The card for the hospital: the real dose, the last dose, the danger of stopping, kidneys, whom to call."""
    found = folded(request, record, Scope.READ)
    with heavy():
        made = card.hospital_card(found.record, monograph(), leaflet(), found.now)
        content = card.to_png(made) if asked.format == "png" else card.to_pdf(made, paper=typst_page(asked.page))
    noted(found.right, "read the card")
    return file(content, asked.format, dated("card", found.day))


@router.get(
    "/records/{uuid:record}/calendar",
    response={200: None, **PROBLEMS},
    operation_id="calendar",
    openapi_extra=CALENDAR_FILES,
)
def calendar(request: HttpRequest, record: UUID, asked: Query[CalendarIn]) -> HttpResponse:
    """The dated doses of the plan that is followed, to print, for a phone's calendar, or as data."""
    found = folded(request, record, Scope.READ)
    if asked.first is not None and asked.last is not None and asked.last < asked.first:
        raise one_fault("last", f"{asked.last} is before {asked.first}", "Give a later last day")
    mode = Mode.TO_TAKE if asked.mode == "to-take" else Mode.PLANNED
    made = laid(found.course, found.person, found.now, first=asked.first, last=asked.last, mode=mode)
    response = calendar_file(
        made, asked.format, page=asked.page, large=asked.large, neutral=asked.neutral, alarm_minutes=asked.alarm_minutes
    )
    noted(found.right, "read the calendar")
    return response
