"""A calendar file for a phone: one event for each dose, at its instant in UTC (decision 0005).

What is written is what rings, so three rules hold here. A draft never rings, and never touches the events of an
approved version. A file made after a change replaces or cancels every event that a file of an earlier version may have
left. A dose that waits for a review says so where it rings.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import quote

import icalendar

from gradatim.domain.calendar import Calendar
from gradatim.domain.clock import Instant, instants_of_day, slot_of
from gradatim.domain.course import Blocked
from gradatim.domain.fault import one_fault
from gradatim.domain.making import portions
from gradatim.domain.plan import Plan, Review
from gradatim.domain.schedule import Mode, ScheduledDose, dose_id, expand
from gradatim.domain.timeline import Stretch, as_answered, as_expected, as_planned, stretch_on
from gradatim.exchange.document import ask_text
from gradatim.languages import spoken
from gradatim.words import day_time, dose_sentence, phrase, portion_text, reason_text, units_text

if TYPE_CHECKING:
    from collections.abc import Iterator


LENGTH = timedelta(minutes=15)
LONGEST_NOTICE = 240  # minutes; an alarm longer before would ring nearer to the dose before

_BLOCK = 2_000_000  # sequence numbers of one version: minutes of nearly four years; a thousand versions fit 32 bits
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # turn what follows round: 15 mg, 51 mg


@dataclass(frozen=True, slots=True, kw_only=True)
class _Version:
    """One version of the plan, laid out as planned and by the answers so far."""

    plan: Plan
    planned: tuple[Stretch, ...]
    answered: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """What every event of one file is written from."""

    calendar: Calendar
    neutral: bool
    alarm_minutes: int
    missed_dose: str | None
    versions: dict[int, _Version]

    @property
    def zone(self) -> str:
        return self.calendar.person.zone

    def of(self, dose: ScheduledDose) -> _Version:
        return self.versions[dose.version]


def to_ics(
    calendar: Calendar, *, neutral: bool = False, alarm_minutes: int = 0, missed_dose: str | None = None
) -> bytes:
    """The calendar as an iCalendar file.

    ``neutral`` keeps the drug's name out of the file, and the dose out of titles and alarms. ``missed_dose`` is what to
    do about a forgotten dose, for the description. Raises `Blocked` for a plan that a finding stops.
    """
    if not 0 <= alarm_minutes <= LONGEST_NOTICE:
        raise one_fault("alarm_minutes", f"{alarm_minutes} minutes before the dose", f"Give 0 to {LONGEST_NOTICE}")
    if calendar.blocked:
        raise Blocked(calendar.stops)
    versions = {plan.version: _laid_out(plan, calendar) for plan in calendar.course.versions}
    file = _File(
        calendar=calendar, neutral=neutral, alarm_minutes=alarm_minutes, missed_dose=missed_dose, versions=versions
    )
    replacing, removed = _left_over(calendar)
    doses = sorted([*calendar.doses, *replacing], key=lambda dose: (dose.instant, dose.id))
    written = _head(file)
    for dose in doses:
        written.add_component(_event(file, dose))
    for gone, instant in sorted(removed.items(), key=lambda item: (item[1], item[0])):
        written.add_component(_cancelled(file, gone, instant))
    text: bytes = written.to_ical()
    return text


def _laid_out(plan: Plan, calendar: Calendar) -> _Version:
    return _Version(
        plan=plan,
        planned=as_expected(plan, calendar.course.answers),
        answered=as_answered(plan, calendar.course.answers),
    )


def _head(file: _File) -> icalendar.Calendar:
    drug, called = phrase("calendar.drug"), file.calendar.person.called
    name = phrase("calendar.name-of", drug=drug, name=called) if called else phrase("calendar.name", drug=drug)
    name = phrase("calendar.name-neutral") if file.neutral else name
    written = icalendar.Calendar()
    written.add("prodid", f"-//Gradatim//Gradatim//{spoken().upper()}")
    written.add("version", "2.0")
    written.add("calscale", "GREGORIAN")
    written.add("method", "PUBLISH")
    written.add("x-wr-calname", one_line(name))
    written.add("x-wr-timezone", file.zone)
    return written


# --- one event -------------------------------------------------------------------------------------------------


def _event(file: _File, dose: ScheduledDose) -> icalendar.Event:
    if dose.portion.dose != dose.dose:
        raise ValueError(f"{dose.id}: the units add up to {dose.portion.dose}, not {dose.dose}")
    plan = file.of(dose).plan
    title = _title(file, dose)
    approved = _newest_approved(file.calendar)
    about = plan if plan.approval is None or approved is None else approved
    beside = plan.approval is None and approved is not None
    event = _bare(file.calendar, _uid(dose.id, beside=beside), dose.instant, about)
    event.add("status", "TENTATIVE" if plan.approval is None else "CONFIRMED")
    event.add("summary", title)
    event.add("description", _description(file, dose))
    if plan.approval is not None:
        event.add_component(_alarm(title, file.alarm_minutes))
    return event


def _cancelled(file: _File, id: str, instant: Instant) -> icalendar.Event:
    event = _bare(file.calendar, _uid(id), instant, file.calendar.plan)
    event.add("status", "CANCELLED")
    event.add("summary", phrase("calendar.cancelled-item" if file.neutral else "calendar.cancelled"))
    return event


def _bare(calendar: Calendar, uid: str, instant: Instant, plan: Plan) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", uid)
    event.add("dtstamp", calendar.issued.utc())
    event.add("dtstart", instant.utc())
    event.add("dtend", instant.utc() + LENGTH)
    event.add("sequence", sequence(plan, calendar.issued))
    event.add("last-modified", (calendar.issued if plan.approval is None else plan.approval.at).utc())
    event.add("transp", "TRANSPARENT")
    return event


def _alarm(title: str, minutes: int) -> icalendar.Alarm:
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(minutes=-minutes))
    return alarm


def sequence(plan: Plan, issued: Instant) -> int:
    """The number by which calendars tell a newer event from an older one: version, then approved above draft, then
    minutes since the approval. So a later file wins, after an answer or a move to another zone too, and an old copy of
    the plan never wins against a newer version.
    """
    if plan.approval is None:
        return plan.version * _BLOCK
    minutes = max(issued.seconds - plan.approval.at.seconds, 0) // 60
    return plan.version * _BLOCK + min(1 + minutes, _BLOCK - 1)


def _uid(id: str, *, beside: bool = False) -> str:
    """The dose's own id. A draft beside an approved version has others, so that it cannot silence what rings."""
    return f"{'draft.' if beside else ''}{quote(id, safe=':')}@gradatim"


def _newest_approved(calendar: Calendar) -> Plan | None:
    return next((plan for plan in reversed(calendar.course.versions) if plan.approval is not None), None)


# --- what it says ----------------------------------------------------------------------------------------------


def _title(file: _File, dose: ScheduledDose) -> str:
    """A draft, and that a review has to be answered, come first: a short display never shows the dose alone."""
    draft = "-draft" if file.of(dose).plan.approval is None else ""
    if file.neutral:
        return phrase(f"calendar.item{draft}", at=day_time(dose.at))
    waits = "-waits" if _stay_with(file, dose) else ""
    return phrase(
        f"calendar.dose{waits}{draft}", drug=phrase("calendar.drug"), dose=dose.dose, units=units_text(dose.portion)
    )


def _description(file: _File, dose: ScheduledDose) -> str:
    wall = slot_of(dose.instant, file.zone)
    held = _stay_with(file, dose)
    lines = [
        "" if file.of(dose).plan.approval else phrase("calendar.draft"),
        "" if held is None else _condition(file, dose, held),
        dose_sentence(wall.at, dose.portion),
        f"{portion_text(dose.portion)}.",
        phrase("calendar.when", day=wall.day, at=day_time(wall.at), zone=file.zone),
        "" if wall.at == dose.at else phrase("calendar.clocks-change", at=day_time(dose.at)),
        _step(file, dose),
        _next_review(file, dose),
        file.missed_dose and phrase("calendar.missed", rule=file.missed_dose),
        file.calendar.person.called and phrase("calendar.for", name=one_line(file.calendar.person.called)),
        *_plan_lines(file, dose),
    ]
    text = "\n".join(one_line(line) for line in lines if line)
    return _without_name(text, file.calendar) if file.neutral else text


def _step(file: _File, dose: ScheduledDose) -> str:
    version = file.of(dose)
    steps = version.plan.steps
    return phrase("calendar.step", number=dose.step, steps=len(steps), why=reason_text(steps[dose.step - 1]))


def _plan_lines(file: _File, dose: ScheduledDose) -> Iterator[str]:
    plan = file.of(dose).plan
    yield phrase("calendar.plan", plan=plan.rev, day=slot_of(file.calendar.issued, file.zone).day)
    yield _approval(plan, file.zone)
    yield phrase("calendar.valid", day=plan.until)


def _approval(plan: Plan, zone: str) -> str:
    approval = plan.approval
    if approval is None:
        return phrase("calendar.approved-by-nobody")
    by, role = one_line(approval.by), phrase(f"role.{approval.role}")
    if approval.copied_from is not None:
        paper = approval.copied_from
        whose = one_line(paper.prescriber)
        return phrase("calendar.copied", whose=whose, dated=paper.dated, by=by, role=role)
    return phrase("calendar.approved", by=by, role=role, day=slot_of(approval.at, zone).day)


def _condition(file: _File, dose: ScheduledDose, held: Stretch) -> str:
    """That a dose after an unanswered review is not to be taken yet, and what is."""
    version = file.of(dose)
    made = portions(version.plan, file.calendar.monograph)
    doses = "; ".join(
        f"{day_time(slot.at)} {portion_text(made[amount]) if amount else phrase('calendar.nothing')}"
        for slot, amount in zip(version.plan.slots, held.step.doses, strict=True)
    )
    gates = sum(s.review is not None and held.number < s.number <= dose.step for s in version.planned)
    if gates == 1:
        return phrase("calendar.only-if", doses=doses)
    return phrase("calendar.only-if-all", gates=gates, doses=doses)


def _next_review(file: _File, dose: ScheduledDose) -> str:
    version = file.of(dose)
    after = next((s for s in version.planned if s.number == dose.step + 1), None)
    if after is None or after.review is None or after.number <= version.answered[-1].number:
        return ""
    asks = " ".join(map(ask_text, after.review.asks))
    if dose.waiting:
        return phrase(f"calendar.review-open-{after.review.by}", asks=asks)
    return phrase(f"calendar.review-{after.review.by}", day=after.first, asks=asks)


def _stay_with(file: _File, dose: ScheduledDose) -> Stretch | None:
    """The stretch that holds on the dose's day by the answers so far, where it is another one than planned."""
    if file.calendar.mode is Mode.TO_TAKE:
        return None
    version = file.of(dose)
    held = stretch_on(version.answered, dose.day)
    assert held is not None, "the last stretch is open"
    return None if held.step.doses == version.plan.steps[dose.step - 1].doses else held


def one_line(text: str) -> str:
    """Free text that stays one line and reads in one direction, whatever is in it."""
    if text.isprintable():
        return " ".join(text.split())
    kept = _TURNING.sub("", text)
    return " ".join("".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c for c in kept).split())


def _without_name(text: str, calendar: Calendar) -> str:
    known = {calendar.monograph.name, calendar.plan.drug, phrase("calendar.drug")}
    names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    return re.sub(names, phrase("calendar.the-medicine"), text, flags=re.IGNORECASE)


# --- what earlier files left -----------------------------------------------------------------------------------


def _left_over(calendar: Calendar) -> tuple[list[ScheduledDose], dict[str, Instant]]:
    """Doses beyond the calendar's days that replace one of an earlier version; ids to cancel, with their old instants.

    Nothing for a draft: it must not touch what rings.
    """
    if calendar.plan.approval is None:
        return [], {}
    older, own = _of_older_versions(calendar), _of_other_answers(calendar)
    if not (older or own):
        return [], {}
    first, last = min(calendar.first, _begin(calendar)), _horizon(calendar)
    now = expand(calendar.course, calendar.monograph, calendar.person.zone, first, last, calendar.mode)
    shown, valid = {dose.id for dose in calendar.doses}, {dose.id for dose in now}
    old = own | older
    replacing = [dose for dose in now if dose.id in older and dose.id not in shown]
    return replacing, {gone: old[gone] for gone in old.keys() - valid - shown}


def _begin(calendar: Calendar) -> date:
    return min(calendar.plan.start, slot_of(calendar.issued, calendar.person.zone).day)


def _horizon(calendar: Calendar) -> date:
    return max([calendar.last, *(plan.until for plan in calendar.course.versions)])


def _of_older_versions(calendar: Calendar) -> dict[str, Instant]:
    """What files of earlier versions, in either mode, may hold on days that a later version governs."""
    found: dict[str, Instant] = {}
    for plan, later in pairwise(calendar.course.versions):
        first, last = max(_begin(calendar), later.start), max(plan.until, calendar.last)
        for stretches in [as_planned(plan), *_as_ever_answered(plan, calendar)]:
            found |= _ids(plan, stretches, first, last, calendar.person.zone)
    return found


def _of_other_answers(calendar: Calendar) -> dict[str, Instant]:
    """What files of this version, in either mode and with fewer answers, may hold; without what is to be taken now."""
    plan, zone = calendar.plan, calendar.person.zone
    *before, now = _as_ever_answered(plan, calendar)
    found: dict[str, Instant] = {}
    for stretches in [as_planned(plan), *before]:
        if stretches != now:
            found |= _ids(plan, stretches, plan.start, _horizon(calendar), zone)
    to_take = _ids(plan, now, plan.start, _horizon(calendar), zone) if found else {}
    return {own: instant for own, instant in found.items() if own not in to_take}


def _as_ever_answered(plan: Plan, calendar: Calendar) -> list[tuple[Stretch, ...]]:
    """What was to be taken after each answer in turn; what is now to be taken comes last."""
    reviews = {item.id for item in plan.items if isinstance(item, Review)}
    answers = tuple(answer for answer in calendar.course.answers if answer.review in reviews)
    return [as_answered(plan, answers[:count]) for count in range(len(answers) + 1)]


def _ids(plan: Plan, stretches: tuple[Stretch, ...], first: date, last: date, zone: str) -> dict[str, Instant]:
    times = tuple(slot.at for slot in plan.slots)
    found: dict[str, Instant] = {}
    for stretch in stretches:
        day, end = max(stretch.first, first), last if stretch.last is None else min(stretch.last, last)
        while day <= end:
            moments = instants_of_day(day, times, zone)  # none on a date that the zone skips
            for slot, dose, instant in zip(plan.slots, stretch.step.doses, moments, strict=False):
                if dose:
                    found[dose_id(plan.id, day, slot.id)] = instant
            day += timedelta(days=1)
    return found
