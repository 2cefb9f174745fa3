"""What differs between two plans, day by day and time by time, as messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from gradatim.domain.course import Course
from gradatim.domain.dose import OralDose
from gradatim.domain.finding import Message, message
from gradatim.domain.plan import Review
from gradatim.domain.schedule import Mode, spans


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    doses: dict[str, OralDose]
    times: dict[str, time]
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One time of day whose dose differs over some days; ``last`` None: from then on."""

    at: time
    first: date
    last: date | None
    old: OralDose
    new: OralDose


def _say(changes: list[Change]) -> Iterator[Message]:
    """``from Tue 3 Mar 2026: bedtime (21:00) 10 mg → 15 mg``; times of day that change alike are said together."""
    alike: dict[tuple[date, date | None, OralDose, OralDose], list[time]] = {}
    for change in sorted(changes, key=lambda c: (c.first, c.at)):
        alike.setdefault((change.first, change.last, change.old, change.new), []).append(change.at)
    for (first, last, old, new), times in alike.items():
        when = tuple(times)
        if last is None:
            yield message("change.dose", day=first, times=when, old=old, new=new)
        elif last == first:
            yield message("change.dose-on", day=first, times=when, old=old, new=new)
        else:
            yield message("change.dose-until", day=first, last=last, times=when, old=old, new=new)


def without_newest(course: Course) -> Course | None:
    """The course as it was before its newest version, with the answers that it had then; None where there is only one."""
    if len(course.versions) < 2:
        return None
    asked = {item.id for plan in course.versions[:-1] for item in plan.items if isinstance(item, Review)}
    answers = tuple(given for given in course.answers if given.review in asked)
    return Course(versions=course.versions[:-1], answers=answers)


def compare(old: Course, new: Course) -> tuple[Message, ...]:
    """What changes from one course to another, as planned: doses by time of day, clock times, products. Empty where nothing does."""
    first = min(old.versions[0].start, new.versions[0].start)
    last = max(old.latest.until, new.latest.until)
    before, after = _by_day(old, first, last), _by_day(new, first, last)
    changes = _changes(before, after, first, last)
    return (*_say(changes), *_times(before, after, first, last), *_products(before, after, first, last))


def _by_day(course: Course, first: date, last: date) -> dict[date, _Day]:
    days: dict[date, _Day] = {}
    for span in spans(course, first, last, Mode.PLANNED):
        slots = span.plan.slots
        laid = _Day(
            doses={slot.id: dose for slot, dose in zip(slots, span.stretch.step.doses, strict=True)},
            times={slot.id: slot.at for slot in slots}, products=span.plan.products,
        )  # fmt: skip
        for n in range((span.last - span.first).days + 1):
            days[span.first + timedelta(days=n)] = laid
    return days


_NOTHING = _Day(doses={}, times={}, products=())


def _changes(before: dict[date, _Day], after: dict[date, _Day], first: date, last: date) -> list[Change]:
    slots = dict.fromkeys(id for days in (before, after) for day in days.values() for id in day.doses)
    found: list[Change] = []
    for slot in slots:
        run: Change | None = None
        day = first
        while day <= last:
            one, two = before.get(day, _NOTHING), after.get(day, _NOTHING)
            old, new = one.doses.get(slot, OralDose(0)), two.doses.get(slot, OralDose(0))
            if run is not None and (old, new) != (run.old, run.new):
                found.append(Change(run.at, run.first, day - timedelta(days=1), run.old, run.new))
                run = None
            if run is None and old != new:
                at = (two.times if slot in two.times else one.times)[slot]
                run = Change(at, day, None, old, new)
            day += timedelta(days=1)
        if run is not None:
            found.append(run)
    return found


def _times(before: dict[date, _Day], after: dict[date, _Day], first: date, last: date) -> list[Message]:
    said: dict[tuple[str, time, time], Message] = {}
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        one, two = before.get(day, _NOTHING), after.get(day, _NOTHING)
        for slot in sorted(one.times.keys() & two.times.keys()):
            if one.times[slot] != two.times[slot] and (two.doses.get(slot) or one.doses.get(slot)):
                said.setdefault(
                    (slot, one.times[slot], two.times[slot]),
                    message("change.time", day=day, old=one.times[slot], new=two.times[slot]),
                )
    return list(said.values())


def _products(before: dict[date, _Day], after: dict[date, _Day], first: date, last: date) -> list[Message]:
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        one, two = before.get(day), after.get(day)
        if one and two and set(one.products) != set(two.products):
            return [message("change.products", day=day, old=one.products, new=two.products)]
    return []
