"""What is due now, what comes next, and what became of each dose of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from gradatim.domain.clock import Instant, instants_of_day
from gradatim.domain.dose import OralDose
from gradatim.domain.entry import DoseSkipped, DoseTaken, DoseUnsure, ExtraDose, PlanApproved, WatchAnswered
from gradatim.domain.knowledge import MissedDoseRule, MissedKind
from gradatim.domain.missed import ON_TIME, Window, minutes_without_number, rule_for, window
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.record import Done, Logged, Record
from gradatim.domain.schedule import ScheduledDose

GAP_RULE = "gap"  # what an answer to the gap guard names
GAP_GUARD = "guard-gap"  # what an entry names that was made despite it
LOOK_BACK = timedelta(days=3)  # how far back a missed dose still explains a gap
TOLD = 7 * 24 * 60 * 60  # ours [D]: by then a new plan should say it
_BESIDE = timedelta(days=2)  # the day before may be a date that the zone skipped; after a move, days overlap


class DoseState(StrEnum):
    """Where a planned dose stands at an instant."""

    BEFORE = "before"  # due before the record began: not known, and never called missed
    EARLY = "early"  # its time has not come
    DUE = "due"
    LATE = "late"  # more than an hour past its time, and may still be taken
    HELD = "held"  # not to be taken before somebody has been asked: a gap without any dose
    TAKEN = "taken"
    SKIPPED = "skipped"
    UNSURE = "unsure"
    MISSED = "missed"


TO_TAKE = frozenset({DoseState.DUE, DoseState.LATE})
_OPEN = frozenset({*TO_TAKE, DoseState.HELD, DoseState.EARLY})


class Timing(StrEnum):
    """How a dose that was taken stands to its time."""

    EARLY = "early"
    ON_TIME = "on time"
    LATE = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseNow:
    """One planned dose at an instant. ``done`` is what was recorded about it; ``timing`` for doses taken."""

    dose: ScheduledDose
    state: DoseState
    window: Window
    done: Done | None = None
    timing: Timing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """No dose for so long that nobody should go on alone. ``since``: the last dose, or when the first one was due."""

    since: Instant
    hours: int
    ever_taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """A day at an instant.

    ``doses`` are those of the local day, and with them those of the day before that may still be taken. At most one of them is due
    or late. ``due`` is that one; ``next`` the next that is still to come. ``extras`` are what was taken beside the plan.
    ``wait`` is until when the dose that is due would come too soon after the last taking; None where it does not. ``told`` is
    what somebody who was asked said about a gap, while no plan that was written down since says it.
    ``begins`` is the first day of the plan, before it.
    """

    now: Instant
    day: date
    zone: str
    doses: tuple[DoseNow, ...]
    due: DoseNow | None
    next: ScheduledDose | None
    last: Logged[DoseTaken | ExtraDose] | None
    gap: Gap | None
    rule: MissedDoseRule
    extras: tuple[Logged[ExtraDose], ...]
    begins: date | None = None
    wait: Instant | None = None
    told: Logged[WatchAnswered] | None = None

    @property
    def planned(self) -> OralDose:
        """What the day's plan adds up to."""
        return OralDose(sum(one.dose.dose.micrograms for one in self.doses if one.dose.day == self.day))

    @property
    def held(self) -> DoseNow | None:
        """The dose that would be due if there were no gap."""
        return next((one for one in self.doses if one.state is DoseState.HELD), None)


def today(record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant) -> Today:
    """The day at ``now``. Fold all entries that are there, also those stamped later than ``now`` by a device whose clock runs ahead:
    a dose that somebody has taken must not be offered again."""
    day = record.day_of(now)
    rule = rule_for(record, leaflet)
    gap = gap_at(record, monograph, leaflet, now)
    around = states(record, monograph, leaflet, now, day - _BESIDE, day, gap)
    shown = tuple(one for one in around if one.dose.day == day or one.state in _OPEN)
    ahead = sorted(record.doses(monograph, day - _BESIDE, day + _BESIDE), key=_when)
    due = next((one for one in shown if one.state in TO_TAKE), None)
    last = last_taking(record, now)
    return Today(
        now=now, day=day, zone=record.zone_on(day), doses=shown, rule=rule, gap=gap,
        due=due, wait=None if due is None else _wait(record, monograph, leaflet, due, last, now), told=told_at(record, now),
        next=next((dose for dose in ahead if dose.instant > now and dose.id not in record.done), None),
        last=last,
        extras=tuple(one for one in record.of(ExtraDose) if record.day_of(one.at) == day),
        begins=record.holdings[0].first if record.holdings and record.holdings[0].first > day else None,
    )  # fmt: skip


def least_apart(record: Record, monograph: Monograph, leaflet: Leaflet, day: date) -> int:
    """Minutes to leave between two doses: those of the missed-dose rule, or the plan's smallest interval where that is less."""
    rule, usual = rule_for(record, leaflet), smallest_interval(record, monograph, day)
    least = minutes_without_number(leaflet) if rule.kind is MissedKind.UNLESS_NEARLY_NEXT else rule.minutes or 60
    return least if usual is None else min(least, usual)


def smallest_interval(record: Record, monograph: Monograph, day: date) -> int | None:
    """Minutes between the two neighbouring planned doses around a day that lie closest; None where there are no two."""
    times = sorted(
        dose.instant.seconds for dose in record.doses(monograph, day - timedelta(days=1), day + timedelta(days=1))
    )
    apart = [(later - one) // 60 for one, later in pairwise(times)]
    return min(apart, default=None)


def _wait(
    record: Record, monograph: Monograph, leaflet: Leaflet, due: DoseNow, last: Logged[DoseTaken | ExtraDose] | None, now: Instant
) -> Instant | None:  # fmt: skip
    if last is None:
        return None
    least = least_apart(record, monograph, leaflet, due.dose.day)
    until = last.at.plus(60 * least)
    return until if now < until else None


def told_at(record: Record, now: Instant) -> Logged[WatchAnswered] | None:
    """What was said last about a gap: until a plan is written down that can know it, and for `TOLD` at the most."""
    said = [one for one in record.of(WatchAnswered) if one.what.rule == GAP_RULE and one.at <= now]
    return said[-1] if said and now < told_until(record, said[-1]) else None


def told_until(record: Record, said: Logged[WatchAnswered]) -> Instant:
    """Before when that goes before the plan, while nothing else is said about a gap; the moment itself where a plan knows it."""
    planned = any(one.entry.recorded >= said.entry.recorded for one in record.of(PlanApproved))
    return said.at if planned else said.at.plus(TOLD + 1)


def states(
    record: Record,
    monograph: Monograph,
    leaflet: Leaflet,
    now: Instant,
    first: date,
    last: date,
    gap: Gap | None = None,
) -> tuple[DoseNow, ...]:
    """Every planned dose from first to last, in order of time, as it stands at ``now``. ``gap`` holds back the one that would be due."""
    rule, stand_in = rule_for(record, leaflet), minutes_without_number(leaflet)
    doses = sorted(record.doses(monograph, first - _BESIDE, last + _BESIDE), key=_when)
    openings = {dose.day: dose for dose in reversed(doses)}
    found: list[DoseNow] = []
    for place, dose in enumerate(doses):
        if not first <= dose.day <= last:
            continue
        after = doses[place + 1] if place + 1 < len(doses) else None
        span = window(dose.instant, _following(record, dose, after, openings[dose.day]), rule, stand_in)
        done = record.done.get(dose.id)
        state = _state(record, span, done, now, held=gap is not None)
        timing = timing_of(done.counts.at, span) if done is not None and state is DoseState.TAKEN else None
        found.append(DoseNow(dose=dose, state=state, window=span, done=done, timing=timing))
    return tuple(found)


def _following(
    record: Record, dose: ScheduledDose, after: ScheduledDose | None, opening: ScheduledDose
) -> Instant | None:
    """What bounds the window of a dose: the dose after it; or, if sooner, the day's opening dose of the day after as if nothing changed
    until then. Else a change of today would open again what yesterday had missed."""
    day = dose.day + timedelta(days=1)
    same = instants_of_day(day, (opening.at,), record.zone_on(day))
    found = [instant for instant in same if instant > dose.instant]
    return min([*found, *([] if after is None else [after.instant])], default=None)


def _when(dose: ScheduledDose) -> Instant:
    return dose.instant


def _state(record: Record, span: Window, done: Done | None, now: Instant, *, held: bool) -> DoseState:
    if done is not None:
        match done.counts.what:
            case DoseTaken():
                return DoseState.TAKEN
            case DoseSkipped():
                return DoseState.SKIPPED
            case DoseUnsure():
                return DoseState.UNSURE
    if now < span.due:
        return DoseState.EARLY
    if record.since is None or span.due < record.since:
        return (
            DoseState.BEFORE
        )  # it may have been taken before anything was written down: never offered, never called missed
    if now > span.closes:
        return DoseState.MISSED
    if held:
        return DoseState.HELD
    return DoseState.DUE if now <= span.on_time_until else DoseState.LATE


def timing_of(at: Instant, span: Window) -> Timing:
    """How a dose taken at an instant stands to its time."""
    if at < span.due.plus(-ON_TIME):
        return Timing.EARLY
    return Timing.ON_TIME if at <= span.on_time_until else Timing.LATE


def last_taking(record: Record, now: Instant) -> Logged[DoseTaken | ExtraDose] | None:
    """The last time that any drug was taken, planned or not."""
    return next((one for one in reversed(record.takings) if one.at <= now), None)


def _last_before_gap(record: Record, leaflet: Leaflet, now: Instant) -> Logged[DoseTaken | ExtraDose] | None:
    """The last taking, without doses beside the plan that came only after the hours of the gap guard: a little drug is no way back."""
    beside: list[Logged[DoseTaken | ExtraDose]] = []
    last = None
    for one in reversed(record.takings):
        if one.at > now:
            continue
        last = one
        if isinstance(one.what, DoseTaken) or GAP_GUARD in one.what.despite:
            break
        beside.append(one)
    for one in reversed(beside):
        if last is None or one.at.seconds - last.at.seconds > leaflet.gap.hours * 3600:
            break
        last = one
    return last


def gap_at(record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant) -> Gap | None:
    """The gap without any dose at ``now``, once it is longer than the monograph's hours.

    It takes a planned dose that was not taken, so that a plan of one dose a day is not one gap after another; and a dose that falls
    within those hours may still be taken on time. "Not sure" counts as not taken: who asks once too often loses nothing. A person
    who has not begun baclofen at all has no gap. An answer to the rule ``gap`` by somebody who was asked lifts it for those hours: who has
    taken nothing by then has to ask again. A dose beside the plan does not end a gap, unless the warning was seen and passed over.
    """
    last = _last_before_gap(record, leaflet, now)
    if record.since is None:
        return None
    day = record.day_of(now)
    holding = record.holding_on(day)
    if last is None and (holding is None or not (holding.plan.on_drug_days or any(holding.plan.before or ()))):
        return None
    anchor = record.since if last is None else last.at
    if now.seconds - anchor.seconds <= leaflet.gap.hours * 3600:
        return None
    first = max(record.day_of(anchor) - timedelta(days=1), day - LOOK_BACK)
    passed = [
        one
        for one in states(record, monograph, leaflet, now, first, day)
        if one.dose.instant > anchor and one.state not in (DoseState.TAKEN, DoseState.EARLY, DoseState.BEFORE)
    ]
    if last is None and passed:
        anchor = max(anchor, passed[0].dose.instant)
    limit = anchor.seconds + leaflet.gap.hours * 3600
    closed = [one for one in passed if one.state not in TO_TAKE]
    tolerated = any(one.dose.instant.seconds <= limit + ON_TIME and now <= one.window.on_time_until for one in passed)
    if not closed or tolerated or now.seconds <= limit:
        return None
    answered = [
        one
        for one in record.of(WatchAnswered)
        if one.what.rule == GAP_RULE and anchor < one.at <= now <= one.at.plus(leaflet.gap.hours * 3600)
    ]
    if any(one.what.until is None or now < one.what.until for one in answered):
        return None
    return Gap(since=anchor, hours=(now.seconds - anchor.seconds) // 3600, ever_taken=last is not None)
