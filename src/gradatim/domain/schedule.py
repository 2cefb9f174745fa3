"""Dated doses: a course expanded over days in a zone, each with an id that survives travel, new versions and re-expansion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from gradatim.domain.clock import Instant, instants_of_day, slot_of
from gradatim.domain.course import Course
from gradatim.domain.dose import OralDose
from gradatim.domain.making import portions
from gradatim.domain.monograph import Monograph
from gradatim.domain.plan import Plan
from gradatim.domain.tablets import Portion
from gradatim.domain.timeline import Stretch, as_answered, as_expected


class Mode(StrEnum):
    """Which doses to expand."""

    PLANNED = (
        "planned"  # every step on its expected date, newest version included, approved or not: for paper and discussion
    )
    TO_TAKE = "to take"  # approved versions only, held where a review is not answered: for reminders


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledDose:
    """One dose: when by the wall clock and as an instant, how much, and how it is made.

    ``id`` is made of plan, date and slot: it stays when the clock time, the zone or the version changes.
    """

    id: str
    day: date
    at: time
    slot: str
    instant: Instant
    dose: OralDose
    portion: Portion
    version: int
    step: int
    waiting: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days on which one version's stretch holds, cut to where the next version starts."""

    plan: Plan
    stretch: Stretch
    first: date
    last: date


def dose_id(plan_id: str, day: date, slot: str) -> str:
    """``plan:2026-12-01:s1``."""
    return f"{plan_id}:{day.isoformat()}:{slot}"


def day_of_dose(id: str) -> date | None:
    """The day that a planned dose was planned for; None for what is no such id."""
    parts = id.rsplit(":", 2)
    try:
        return date.fromisoformat(parts[1]) if len(parts) == 3 else None
    except ValueError:
        return None


def spans(course: Course, first: date, last: date, mode: Mode = Mode.PLANNED) -> Iterator[Span]:
    """What holds on the days from first to last, version by version, in order. Days before the first version give nothing."""
    versions = [v for v in course.versions if mode is Mode.PLANNED or v.approval is not None]
    for place, plan in enumerate(versions):
        later = [v.start for v in versions[place + 1 :]]
        until = min([last, *(start - timedelta(days=1) for start in later)])
        for stretch in as_expected(plan, course.answers) if mode is Mode.PLANNED else as_answered(plan, course.answers):
            begin = max(stretch.first, first)
            end = until if stretch.last is None else min(stretch.last, until)
            if begin <= end:
                yield Span(plan=plan, stretch=stretch, first=begin, last=end)


def expand(
    course: Course, monograph: Monograph, zone: str, first: date, last: date, mode: Mode = Mode.PLANNED
) -> list[ScheduledDose]:
    """Every dose from first to last, in order of time. Times without a dose, and dates that the zone skips, give none."""
    return doses_of(spans(course, first, last, mode), monograph, zone)


def doses_of(held: Iterable[Span], monograph: Monograph, zone: str) -> list[ScheduledDose]:
    """Every dose of some spans, in their order, by the clock of a zone."""
    found: list[ScheduledDose] = []
    for span in held:
        plan, stretch = span.plan, span.stretch
        made = portions(plan, monograph)
        times = tuple(slot.at for slot in plan.slots)
        day = span.first
        while day <= span.last:
            for slot, dose, instant in zip(
                plan.slots, stretch.step.doses, instants_of_day(day, times, zone), strict=False
            ):
                if dose:
                    found.append(ScheduledDose(
                        id=dose_id(plan.id, day, slot.id), day=day, at=slot.at, slot=slot.id, instant=instant, dose=dose,
                        portion=made[dose], version=plan.version, step=stretch.number, waiting=stretch.waiting,
                    ))  # fmt: skip
            day += timedelta(days=1)
    return found


def due_between(
    course: Course, monograph: Monograph, zone: str, start: Instant, end: Instant, mode: Mode = Mode.TO_TAKE
) -> list[ScheduledDose]:
    """The doses whose instant lies in ``start ≤ instant < end``."""
    first = slot_of(start, zone).day - timedelta(days=1)
    last = slot_of(end, zone).day + timedelta(days=1)
    return [dose for dose in expand(course, monograph, zone, first, last, mode) if start <= dose.instant < end]
