"""Plans that are not in a record: drafted, changed, checked and compared while somebody types. Nothing is stored, no record is seen."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from gradatim.domain import change as domain
from gradatim.domain.clock import slot_of
from gradatim.domain.compare import compare as differences
from gradatim.domain.compare import without_newest
from gradatim.domain.course import Course
from gradatim.domain.fault import one_fault
from gradatim.domain.person import Person
from gradatim.domain.plan import Plan, slots_at
from gradatim.domain.reading import plain, read
from gradatim.exchange.document import PlanFile, number
from gradatim.exchange.order import coming_down
from gradatim.monographs import monograph
from gradatim.report.kidneys import renal_data
from gradatim.server.api.drawn import PlanOut, laid, opened, ordered, shown
from gradatim.server.api.folded import asker_of, now, under
from gradatim.server.api.paper import CALENDAR_FILES, calendar_file
from gradatim.server.api.plan_shapes import (
    Change,
    ChangedOut,
    ChangeIn,
    CheckedOut,
    ComparedOut,
    CompareIn,
    DocumentIn,
    DraftIn,
    FileIn,
    HeldOut,
    HoldIn,
    RenalIn,
    RenalOut,
    RetimeIn,
    SlowDownIn,
    StepBackIn,
    SwitchIn,
    TaperIn,
)
from gradatim.server.api.shapes import PROBLEMS
from gradatim.server.problems import Problem
from gradatim.server.who import Scope
from gradatim.words import say

router = Router(tags=["plans"])


@router.post("/plans/draft", response={200: PlanOut, **PROBLEMS}, operation_id="draft_plan")
def draft(request: HttpRequest, said: DraftIn) -> PlanOut:
    """A draft of an order, checked and laid out. Fast enough to be asked for at every key."""
    _may_plan(request)
    before = None
    if said.document is not None:
        with under("document"):
            before = opened(said.document).course
    with under("order"):
        made = ordered(said.order if before is None else {"id": before.latest.id, **said.order})
        course = made.course if before is None else before.with_draft(made.course.latest)
        return shown(laid(course, made.person, now()), said.order)


@router.post("/plans/taper", response={200: PlanOut, **PROBLEMS}, operation_id="taper_plan")
def taper(request: HttpRequest, said: TaperIn) -> PlanOut:
    """The way down from a plan, as a new version of it. Never faster than asked."""
    _may_plan(request)
    with under("document"):
        found = opened(said.document)
    if "start" not in said.taper:
        raise one_fault("taper.start", "is missing", "Give the first day of the way down")
    start = read(date, said.taper["start"], "taper.start")
    plan, stretch = found.course.in_force(start), found.course.to_take(start)
    if plan is None or stretch is None:
        remedy = "Have it approved first, or send an order with the doses taken now"
        raise one_fault("taper.start", f"no approved plan is in force on {start}", remedy)
    if stretch.waiting is not None and stretch.last is None and "current" not in said.taper:
        raise one_fault(
            "taper.current",
            f"the plan is held at {stretch.day_total} a day since {stretch.first}, because review {stretch.waiting} is not answered",
            "Answer it first, or give what is taken",
        )
    order = {"id": plan.id, "person": plain(found.person), "taper": {**coming_down(plan, stretch, start), **said.taper}}
    made = ordered(order)
    return shown(laid(found.course.with_draft(made.course.latest), found.person, now()), order)


@router.post("/plans/change", response={200: ChangedOut, **PROBLEMS}, operation_id="change_plan")
def change(request: HttpRequest, said: ChangeIn) -> ChangedOut:
    """Hold, step back, slow down, switch products or move the times: a new version, never a faster one."""
    _may_plan(request)
    with under("document"):
        found = opened(said.document)
    with under("change"):
        course = found.course.with_draft(_changed(found.course, said.change))
        calendar = laid(course, found.person, now())
    made = shown(calendar, today=_today(found))
    return ChangedOut(
        **{name: getattr(made, name) for name in PlanOut.model_fields}, held=_held(found.course, course.latest.start),
        changes=[say(one) for one in differences(found.course, course)],
    )  # fmt: skip


@router.post("/plans/check", response={200: CheckedOut, **PROBLEMS}, operation_id="check_plan")
def check(request: HttpRequest, said: DocumentIn) -> CheckedOut:
    """Check a plan or an order against the published limits."""
    _may_plan(request)
    with under("document"):
        found = opened(said.document)
        calendar = laid(found.course, found.person, now())
    made = shown(calendar, None if "schema" in said.document else said.document)
    return CheckedOut(
        findings=made.document["findings"], fields=made.fields, blocked=made.blocked, stops=[one.rule for one in calendar.stops]
    )  # fmt: skip


@router.post("/plans/compare", response={200: ComparedOut, **PROBLEMS}, operation_id="compare_plans")
def compare(request: HttpRequest, said: CompareIn) -> ComparedOut:
    """What differs between two plans, or between the last two versions of one."""
    _may_plan(request)
    with under("old"):
        old = opened(said.old).course
    if said.new is not None:
        with under("new"):
            new = opened(said.new).course
        return ComparedOut(changes=[say(one) for one in differences(old, new)])
    earlier = without_newest(old)
    return ComparedOut(changes=[] if earlier is None else [say(one) for one in differences(earlier, old)])


@router.post("/plans/file", response={200: None, **PROBLEMS}, operation_id="plan_file", openapi_extra=CALENDAR_FILES)
def file(request: HttpRequest, said: DocumentIn, asked: Query[FileIn]) -> HttpResponse:
    """A plan as a PDF to print, a calendar file, a table or JSON. One that a stop finding blocks makes no file."""
    _may_plan(request)
    with under("document"):
        found = opened(said.document)
        calendar = laid(found.course, found.person, now())
    return calendar_file(calendar, asked.format, page=asked.page, large=asked.large, neutral=asked.neutral)


@router.post("/renal", response={200: RenalOut, **PROBLEMS}, operation_id="renal")
def renal(request: HttpRequest, said: RenalIn) -> dict[str, Any]:
    """Kidney function by every formula that fits, and what it means for baclofen."""
    _may_plan(request)
    parts = {name: part for name, part in said.model_dump().items() if part is not None}
    found = renal_data(read(Person, {"zone": "UTC", **parts}), monograph())
    if found is None:
        raise one_fault("sex", "no formula fits", "Adults need their sex (and weight), children their height")
    return found


def _may_plan(request: HttpRequest) -> None:
    if Scope.PLAN not in asker_of(request).scopes:
        raise Problem("not-allowed", "This needs: plan.")


def _changed(course: Course, said: Change) -> Plan:
    match said:
        case HoldIn():
            return domain.hold(course, said.on, said.days, said.note)
        case StepBackIn():
            return domain.step_back(course, said.on, said.note, monograph())
        case SlowDownIn():
            return domain.slow_down(course, said.on, said.every)
        case SwitchIn():
            return domain.switch(course, said.on, tuple(said.products), monograph(), said.syringe_mark)
        case RetimeIn():
            times = read(tuple[time, ...], said.times, "times")
            slots_at(times)
            return domain.retime(course, said.on, times)


def _held(course: Course, on: date) -> HeldOut | None:
    held = course.to_take(on)
    if held is None or held.waiting is None or held.last is not None:
        return None
    return HeldOut(review=held.waiting, since=held.first, mg=number(held.day_total))


def _today(found: PlanFile) -> date:
    return slot_of(now(), found.person.zone).day
