"""Which review an answer is meant for, and from which day it works."""

from __future__ import annotations

from datetime import date, timedelta

from gradatim.domain.clock import LocalSlot
from gradatim.domain.course import Course
from gradatim.domain.plan import Plan, Review


def review_meant(course: Course, day: date) -> str | None:
    """The review that waits on a day, else the next one of the version in force that nobody has said "go on" to."""
    plan, waiting = course.in_force(day), course.to_take(day)
    if waiting is not None and waiting.waiting is not None:
        return waiting.waiting
    done = {given.review for given in course.answers if given.go_on}
    items = () if plan is None else plan.items
    return next((item.id for item in items if isinstance(item, Review) and item.id not in done), None)


def taken_back(course: Course, day: date) -> str | None:
    """The review whose "go on" does not work yet: a "not yet" said on this day takes it back."""
    ahead = [given for given in course.answers if given.go_on and given.from_day > day]
    return ahead[-1].review if ahead else None


def works_from(plan: Plan, local: LocalSlot) -> date:
    """Today where no dose of today is past, else tomorrow."""
    return local.day if local.at < plan.slots[0].at else local.day + timedelta(days=1)


def asked_by(course: Course, id: str) -> Review | None:
    """The review of this id."""
    items = (item for plan in course.versions for item in plan.items)
    return next((item for item in items if isinstance(item, Review) and item.id == id), None)
