"""A plan as the app shows it: its document, its figure as data and as a picture, and the field that each finding belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ninja import Schema
from pydantic import Field

from gradatim.domain.calendar import Calendar, lay_out
from gradatim.domain.clock import Instant
from gradatim.domain.course import Course
from gradatim.domain.fault import one_fault
from gradatim.domain.person import Person
from gradatim.domain.schedule import Mode
from gradatim.exchange.document import PlanFile, document, number, read_document
from gradatim.exchange.order import make_plan, read_order
from gradatim.monographs import bibliography, monograph
from gradatim.report.staircase import rows, staircase, to_svg
from gradatim.report.staircase.figure import described
from gradatim.server.api.schemas import PlanDocument
from gradatim.words import period

MOST_DOSES = 20_000
"""That are laid out for one request: ten years of five a day."""
MOST_ITEMS = 300
"""Steps and reviews of one version: nearly three years of weekly steps, each with its review. The work grows with their square."""
MOST_VERSIONS = 200
Mg = int | float
_WIDTH = 640  # of the picture, in pixels
_FIELDS = {"start": "start_doses"}  # what a finding is about → the field of an order, where they differ
_BY_PROTOCOL = frozenset({"start_doses", "step", "interval_days", "target", "floor", "stop_on"})


class FieldOut(Schema):
    """The field of what was sent that a finding is about: where to show it."""

    rule: str
    field: str


class TimedOut(Schema):
    """A dose at a time of day."""

    time: str
    mg: Mg


class TreadOut(Schema):
    """Consecutive days with the same doses. ``open``: it goes on after ``last``."""

    first: date
    last: date
    open: bool
    number: int
    version: int
    kind: str = Field(description="rising, hold, cut or stopped")
    mg: Mg = Field(description="of one day")
    doses: list[TimedOut]


class GateOut(Schema):
    """A review that has to be answered before the tread that begins on this day."""

    day: date
    by: str


class BeginOut(Schema):
    """The first day of a later version."""

    day: date
    version: int


class FigureOut(Schema):
    """The staircase: its data, the same as a table and in sentences, and drawn."""

    first: date
    last: date
    until: date
    today: date | None
    highest_mg: Mg
    treads: list[TreadOut]
    gates: list[GateOut]
    versions: list[BeginOut]
    table: list[list[str]]
    described: str
    svg: str


class PlanOut(Schema):
    """A plan laid out: its document with calendar, tablets, quantities and findings; whether a stop blocks it; its figure."""

    document: PlanDocument
    blocked: bool
    fields: list[FieldOut]
    figure: FigureOut | None


def laid(
    course: Course, person: Person, now: Instant, *, first: date | None = None, last: date | None = None,
    mode: Mode = Mode.PLANNED,
) -> Calendar:  # fmt: skip
    """A calendar within bounds. Raises `BadInput` for one that would keep this machine busy for long."""
    _check_size(course, first, last)
    return lay_out(course, person, monograph(), now, first=first, last=last, mode=mode)


def _check_size(course: Course, first: date | None = None, last: date | None = None) -> None:
    if len(course.versions) > MOST_VERSIONS:
        raise one_fault("course.versions", f"are more than {MOST_VERSIONS}", "Begin a plan of its own")
    if any(len(plan.items) > MOST_ITEMS for plan in course.versions):
        raise one_fault("step", f"makes more than {MOST_ITEMS} steps and reviews", "Give larger steps, or fewer")
    begin, end = first or min(plan.start for plan in course.versions), last or course.latest.until
    if ((end - begin).days + 1) * max(len(plan.slots) for plan in course.versions) > MOST_DOSES:
        raise one_fault("until", f"makes more than {MOST_DOSES} doses", "Plan for fewer days")


def shown(calendar: Calendar, order: Mapping[str, Any] | None = None, today: date | None = None) -> PlanOut:
    """A calendar as it is answered. ``order``: what was sent, so that findings are told beside its fields."""
    return PlanOut(
        document=document(calendar, bibliography()), blocked=bool(calendar.stops), fields=list(_fields(calendar, order)),
        figure=_figure(calendar, today) if calendar.spans else None,
    )  # fmt: skip


def _fields(calendar: Calendar, order: Mapping[str, Any] | None) -> Iterator[FieldOut]:
    table = None if order is None else next((name for name in ("prescription", "taper") if name in order), None)
    said = {} if order is None or table is None or not isinstance(order[table], Mapping) else order[table]
    for finding in calendar.findings:
        at = _FIELDS.get(finding.at, finding.at)
        if table is None or at.partition(".")[0] == "person" or not at:
            yield FieldOut(rule=finding.rule, field=at)
            continue
        if at in _BY_PROTOCOL and at not in said:
            at = next((name for name in ("protocol", "table") if name in said), at)
        yield FieldOut(rule=finding.rule, field=f"{table}.{at}")


def _figure(calendar: Calendar, today: date | None) -> FigureOut:
    made = staircase(calendar, today=today)
    return FigureOut(
        first=made.first, last=made.last, until=made.until, today=made.today, highest_mg=number(made.highest),
        treads=[
            TreadOut(
                first=one.first, last=one.last, open=one.open, number=one.number, version=one.version, kind=one.kind, mg=number(one.height),
                doses=[TimedOut(time=f"{at:%H:%M}", mg=number(dose)) for at, dose in one.amounts],
            )
            for one in made.treads
        ],
        gates=[GateOut(day=one.day, by=one.by) for one in made.gates],
        versions=[BeginOut(day=day, version=version) for day, version in made.versions],
        table=[list(row) for row in rows(made)], described=described(made),
        svg=to_svg(made, _WIDTH, title=f"Baclofen, mg a day, {period(made.first, made.last)}"),
    )  # fmt: skip


def opened(data: Mapping[str, Any]) -> PlanFile:
    """A plan document; or an order, planned on the spot."""
    if "schema" in data:
        _bounded(data)
        found = read_document(data, monograph())
    else:
        found = ordered(data)
    _check_size(found.course)
    return found


def ordered(data: Mapping[str, Any]) -> PlanFile:
    """An order, planned. A file that it names is not looked for: this machine's files are nobody's table."""
    prescription = data.get("prescription")
    if isinstance(prescription, Mapping) and "table_file" in prescription:
        raise one_fault("prescription.table_file", "names a file", "Send the text of the table as prescription.table")
    order = read_order(data, monograph())
    return PlanFile(person=order.person, course=Course(versions=(make_plan(order, monograph()),)))


def _bounded(data: Mapping[str, Any]) -> None:
    """Refuse a document whose derived doses would take long to compare, before anything is worked out."""
    doses = data.get("doses")
    if isinstance(doses, list) and len(doses) > MOST_DOSES:
        raise one_fault("doses", f"are more than {MOST_DOSES}", "Take the doses out: the plan says them all")
    try:
        days = (date.fromisoformat(data["last"]) - date.fromisoformat(data["first"])).days + 1
        times = max(len(plan["slots"]) for plan in data["course"]["versions"])
    except (KeyError, TypeError, ValueError):
        return  # the reader says what is wrong
    if doses is not None and days * times > MOST_DOSES:
        raise one_fault("last", f"makes more than {MOST_DOSES} doses", "Send the document for fewer days")
