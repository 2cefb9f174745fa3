"""The day-by-day part of the printed calendar as plain data: rows of days, steps and reviews."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from gradatim.domain.calendar import Calendar
from gradatim.domain.clock import exists
from gradatim.domain.dose import OralDose, total
from gradatim.domain.plan import Plan, Review, Slot
from gradatim.domain.product import Form
from gradatim.domain.schedule import ScheduledDose, Span
from gradatim.domain.tablets import WHOLE, Liquid, Portion
from gradatim.domain.timeline import as_expected
from gradatim.exchange.document import ask_text
from gradatim.words import day_text, day_time, period, phrase, reason_text
from gradatim.words.phrases import days_text, dose_text, pieces_text, units_text

_SPACE = "\u00a0"
_DRAWN = {
    1: 2,
    2: 4,
    3: 2,
    4: 1,
}  # pieces of one dose that have room, by the doses side by side; where one has not, none is drawn


def lines_of(count: int, *, large: bool) -> list[list[int]]:
    """The times of a day shared among the lines of its row: one a line in large print, else as many as stay legible."""
    if large:
        return [[place] for place in range(count)]
    lines = 1 if count <= 4 else -(-count // 3)
    wide = -(-count // lines)
    return [list(range(start, min(start + wide, count))) for start in range(0, count, wide)]


def drawable(portions: Iterable[Portion], lines: list[list[int]]) -> bool:
    """Whether every portion has room to be drawn."""
    room = 1 if len(lines) > 1 and len(lines[0]) > 1 else _DRAWN[len(lines[0])]
    return all(len(pieces_of(portion)) <= room for portion in portions)


def together(text: str) -> str:
    """Numbers kept beside their units: no line ends between ``10`` and ``mg``."""
    for unit in ("mg/mL", "mg", "mL"):
        text = text.replace(f" {unit}", f"{_SPACE}{unit}")
    return text


def _unit(text: str) -> str:
    """``1½ tablets of 10 mg`` in two parts at most: a line may end before ``of`` only."""
    words = together(text).split(" ")
    middle = len(words) // 2
    return f"{_SPACE.join(words[:middle])} {_SPACE.join(words[middle:])}" if middle else text


def units_of(portion: Portion) -> list[str]:
    """What to take, one entry for each product."""
    if isinstance(portion, Liquid):
        return [_unit(units_text(portion))]
    return [_unit(pieces_text(part)) for part in portion.pieces]


def pieces_of(portion: Portion) -> list[dict[str, Any]]:
    """The pieces to draw: each whole one, then what is left of a split one; none for liquids."""
    if isinstance(portion, Liquid):
        return []
    drawn: list[dict[str, Any]] = []
    for part in portion.pieces:
        assert part.product.strength is not None
        look = {"mg": str(part.product.strength).removesuffix(" mg"), "packet": part.product.form is Form.GRANULES}
        wholes, rest = divmod(part.quarters, WHOLE)
        drawn += [{**look, "quarters": WHOLE}] * wholes + ([{**look, "quarters": rest}] if rest else [])
    return drawn


def cell(slot: Slot, dose: OralDose, portion: Portion | None, *, drawn: bool, moved: str = "") -> dict[str, Any]:
    """One time of a day."""
    if portion is None:
        return {"at": day_time(slot.at), "dose": None}
    return {
        "at": day_time(slot.at), "dose": together(dose_text(dose)), "units": units_of(portion),
        "pieces": pieces_of(portion) if drawn else [], "moved": moved,
    }  # fmt: skip


def sections(calendar: Calendar, *, large: bool) -> list[dict[str, Any]]:
    """One section for each version: its times of the day, then its blocks in order."""
    by_day: dict[date, dict[str, ScheduledDose]] = defaultdict(dict)
    for dose in calendar.doses:
        by_day[dose.day][dose.slot] = dose
    made = []
    for version, group in groupby(calendar.spans, key=lambda span: span.plan.version):
        spans = list(group)
        plan = spans[0].plan
        lines = lines_of(len(plan.slots), large=large)
        drawn = drawable((dose.portion for dose in calendar.doses if dose.version == version), lines)
        made.append({
            "version": version,
            "open": plan.approval is None,
            "times": [day_time(slot.at) for slot in plan.slots],
            "lines": lines,
            "blocks": list(_blocks(calendar, spans, by_day, drawn=drawn)),
        })  # fmt: skip
    return made


def _span_before(calendar: Calendar, span: Span) -> Span | None:
    """What held before a span that stands first on the paper, for the question between them."""
    stretches = as_expected(span.plan, calendar.course.answers)
    held = next((s for s in stretches if s.number == span.stretch.number - 1), None)
    return (
        None
        if held is None
        else Span(plan=span.plan, stretch=held, first=held.first, last=span.first - timedelta(days=1))
    )


def _blocks(
    calendar: Calendar, spans: list[Span], by_day: dict[date, dict[str, ScheduledDose]], *, drawn: bool
) -> Iterator[dict[str, Any]]:
    steps = len(spans[0].plan.steps)
    before: Span | None = None
    for span in spans:
        review = span.stretch.review
        if before is None and span.first == span.stretch.first:
            before = _span_before(calendar, span)
        if review is not None and before is not None and span.first == span.stretch.first:
            yield _review(review, before, span)
        yield {
            "kind": "step",
            "title": phrase("page.step-of", number=span.stretch.number, steps=steps),
            "total": together(phrase("page.a-day", total=span.stretch.day_total)),
            "why": reason_text(span.stretch.step),
            "when": period(span.first, span.last),
            "waiting": span.stretch.waiting is not None,
        }  # fmt: skip
        for day in (span.first + timedelta(days=n) for n in range((span.last - span.first).days + 1)):
            yield _day(calendar, span, day, by_day.get(day, {}), drawn=drawn)
        before = span


def _day(calendar: Calendar, span: Span, day: date, doses: dict[str, ScheduledDose], *, drawn: bool) -> dict[str, Any]:
    number = (day - calendar.course.versions[0].start).days + 1
    cells = []
    for slot in span.plan.slots:
        dose = doses.get(slot.id)
        if dose is None:
            cells.append(cell(slot, OralDose(0), None, drawn=drawn))
            continue
        wall = dose.instant.local(calendar.person.zone)
        moved = (
            ""
            if wall.time().replace(tzinfo=None, fold=0) == dose.at
            else phrase("page.clocks-change", at=day_time(wall.time()))
        )
        cells.append(cell(slot, dose.dose, dose.portion, drawn=drawn, moved=moved))
    kind = "day" if doses else "stopped" if exists(day, calendar.person.zone) else "skipped"
    whole = total(tuple(dose.dose for dose in doses.values()))
    return {
        "kind": kind,
        "number": number,
        "date": day_text(day),
        "year": str(day.year),
        "cells": cells,
        "total": together(dose_text(whole)),
    }


def _review(review: Review, before: Span, after: Span) -> dict[str, Any]:
    held, coming = before.stretch.day_total, after.stretch.day_total
    way = "up" if coming > held else "down" if coming < held else "same"
    asks = [ask_text(ask) for ask in review.asks]
    return {
        "kind": "review",
        "title": phrase("page.review-title", number=after.stretch.number),
        "due": phrase("page.review-due", day=after.first).replace(" ", _SPACE),
        "asks": asks,
        "may": phrase(f"may-answer.{review.by}"),
        "else": together(phrase(f"page.review-else-{way}", number=before.stretch.number, total=held)),
    }  # fmt: skip


def step_rows(calendar: Calendar, made: dict[tuple[int, OralDose], Portion], *, large: bool) -> list[dict[str, Any]]:
    """The steps table: one row for each stretch."""
    rows = []
    for span in calendar.spans:
        plan: Plan = span.plan
        lines = lines_of(len(plan.slots), large=large)
        drawn = drawable((portion for (version, _), portion in made.items() if version == plan.version), lines)
        doses = zip(plan.slots, span.stretch.step.doses, strict=True)
        rows.append({
            "version": plan.version,
            "number": span.stretch.number,
            "why": reason_text(span.stretch.step),
            "when": phrase("page.and-on", days=period(span.first, span.last))
            if span.stretch.last is None and span.stretch.day_total else period(span.first, span.last),
            "days": days_text((span.last - span.first).days + 1),
            "source": span.stretch.step.source,
            "cells": [cell(slot, dose, made.get((plan.version, dose)), drawn=drawn) for slot, dose in doses],
            "lines": lines,
            "times": [day_time(slot.at) for slot in plan.slots],
            "total": together(dose_text(span.stretch.day_total)),
            "review": span.stretch.review is not None,
        })  # fmt: skip
    return rows
