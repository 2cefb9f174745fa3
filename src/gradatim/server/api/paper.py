"""Files that are made of a plan or a record: their kinds, their names, and room to make them in."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, assert_never

from django.http import HttpResponse

from gradatim.domain.calendar import Calendar
from gradatim.domain.course import Blocked
from gradatim.exchange.csv_file import to_csv
from gradatim.exchange.document import document
from gradatim.exchange.ics import to_ics
from gradatim.monographs import bibliography, leaflet
from gradatim.server.api.folded import blocked, heavy
from gradatim.server.api.schemas import json_text

Page = Literal["a4", "letter"]
CalendarFormat = Literal["pdf", "ics", "csv", "json"]
KINDS = {
    "pdf": "application/pdf", "html": "text/html; charset=utf-8", "png": "image/png", "ics": "text/calendar; charset=utf-8",
    "csv": "text/csv; charset=utf-8", "json": "application/json",
}  # fmt: skip
_SHUT = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""For a page that is saved and opened as a file: should a browser show it at once, it is nobody's page and runs nothing."""


def typst_page(page: Page) -> Literal["a4", "us-letter"]:
    """The paper as the typesetter names it."""
    return "us-letter" if page == "letter" else "a4"


def files(*formats: str) -> dict[str, Any]:
    """What the description says of an answer that is one of these files."""
    content: dict[str, Any] = {}
    for one in formats:
        kind = KINDS[one].partition(";")[0]
        text = {"type": "string", "contentMediaType": kind}
        content[kind] = {"schema": {"type": "object", "x-schema": "PlanDocument"} if one == "json" else text}
    headers = {
        "Content-Disposition": {"schema": {"type": "string"}, "description": "A name for the file, plain ASCII."}
    }
    return {"responses": {200: {"description": "The file.", "content": content, "headers": headers}}}


CALENDAR_FILES = files("pdf", "ics", "csv", "json")


def file(content: bytes | str, format: str, name: str) -> HttpResponse:
    """A file to be saved. ``name`` is ours, without anything that was typed."""
    response = HttpResponse(content, content_type=KINDS[format])
    response["Content-Disposition"] = f'attachment; filename="{name}.{format}"'
    if format == "html":
        response["Content-Security-Policy"] = _SHUT
    return response


def dated(what: str, day: date) -> str:
    """``report-2026-12-01``: nothing in it names a drug or a person."""
    return f"{what}-{day.isoformat()}"


def calendar_file(
    calendar: Calendar, format: CalendarFormat, *, page: Page = "a4", large: bool = False, neutral: bool = False, alarm_minutes: int = 0
) -> HttpResponse:  # fmt: skip
    """A calendar as a file. `Problem` for one that a stop finding blocks: nobody may take doses from it, not even as a draft."""
    if calendar.blocked:
        raise blocked(calendar.stops)
    name = dated("calendar", calendar.first)
    try:
        match format:
            case "ics":
                hint = leaflet().missed_dose_for(calendar.person.market).text
                return file(
                    to_ics(calendar, neutral=neutral, alarm_minutes=alarm_minutes, missed_dose=hint), format, name
                )
            case "csv":
                return file(to_csv(calendar), format, name)
            case "json":
                return file(json_text(document(calendar, bibliography())), format, name)
            case "pdf":
                from gradatim.report.calendar_pdf import to_pdf

                with heavy():
                    made = to_pdf(calendar, leaflet(), paper=typst_page(page), large=large)
                return file(made, format, name)
            case _:
                assert_never(format)
    except Blocked as stopped:
        raise blocked(stopped.findings) from None
