"""The one object that every output is made from: text, JSON, CSV, ICS and PDF all print these doses, this supply, these findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gradatim.domain.clock import Instant, slot_of
from gradatim.domain.course import Course, unanswered_stops
from gradatim.domain.finding import Finding
from gradatim.domain.monograph import Monograph
from gradatim.domain.person import Person
from gradatim.domain.plan import Plan
from gradatim.domain.safety import review
from gradatim.domain.schedule import Mode, ScheduledDose, Span, expand, spans
from gradatim.domain.supply import Need, needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A course laid out day by day from ``first`` to ``last``. ``issued`` is when it was printed."""

    course: Course
    person: Person
    monograph: Monograph
    issued: Instant
    first: date
    last: date
    mode: Mode
    spans: tuple[Span, ...]
    doses: tuple[ScheduledDose, ...]
    findings: tuple[Finding, ...]
    supply: tuple[Need, ...]

    @property
    def plan(self) -> Plan:
        """The newest version: the one that the findings, the state and the approval are about."""
        return self.course.latest

    @property
    def stops(self) -> tuple[Finding, ...]:
        """The findings that block, and that no override of the newest version covers."""
        return unanswered_stops(self.findings, self.plan.overrides)

    @property
    def blocked(self) -> bool:
        """Whether nothing may be made of it that somebody could take doses from. A blocked draft beside an approved version
        does not keep the approved doses (`Mode.TO_TAKE`) from anybody."""
        return bool(self.stops) and (self.mode is Mode.PLANNED or self.plan.approval is not None)

    def overridden(self, finding: Finding) -> bool:
        """Whether a named clinician took this finding upon themselves."""
        return any(override.rule == finding.rule for override in self.plan.overrides)


def _begin(course: Course, issued: Instant, zone: str, mode: Mode) -> date:
    """The newest version's start; of doses to take, the start of the version in force, so that no present day is left out."""
    signed = [plan.start for plan in course.versions if plan.approval is not None]
    if mode is Mode.PLANNED or not signed:
        return course.latest.start
    now = course.in_force(slot_of(issued, zone).day)
    return signed[0] if now is None else now.start


def lay_out(
    course: Course,
    person: Person,
    monograph: Monograph,
    issued: Instant,
    *,
    first: date | None = None,
    last: date | None = None,
    mode: Mode = Mode.PLANNED,
) -> Calendar:
    """The calendar of a course; by default from the newest version's start to the last day that it is valid for."""
    begin = first or _begin(course, issued, person.zone, mode)
    end = last or max(course.latest.until, begin)
    doses = expand(course, monograph, person.zone, begin, end, mode)
    return Calendar(
        course=course, person=person, monograph=monograph, issued=issued, first=begin, last=end, mode=mode,
        spans=tuple(spans(course, begin, end, mode)), doses=tuple(doses),
        findings=review(course.latest, person, monograph, course.versions[:-1], course.answers), supply=needs(doses),
    )  # fmt: skip
