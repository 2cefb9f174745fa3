"""What time alone will bring: when each day begins, when the gap guard will hold doses, and until when an answer counts.

A phone without network has no record to fold. So the record is asked beforehand, at every instant at which the answer can change,
and the phone is left with comparisons. All of it holds only while nothing more is written down.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from gradatim.domain.alarm import open_findings
from gradatim.domain.clock import Instant
from gradatim.domain.entry import DoseTaken, ExtraDose, WatchAnswered
from gradatim.domain.finding import Finding
from gradatim.domain.knowledge import Level
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.record import Logged, Record
from gradatim.domain.today import GAP_GUARD, GAP_RULE, LOOK_BACK, TOLD, DoseState, Gap, gap_at, states, told_until
from gradatim.domain.watch.reach import NOT_TAKEN, SIGN

_HELD = "watch-gap"
_HOUR = 3600
_EARLIEST, _LATEST = (
    -16 * _HOUR,
    40 * _HOUR,
)  # of the beginning of a day, from 00:00 UTC of its date; a move may put it off


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSpan:
    """From ``first`` on and before ``until`` doses are held, if nothing more is written down. ``until`` None: to the end of what was asked.

    ``since`` and ``ever_taken`` are those of the `Gap`.
    """

    first: Instant
    until: Instant | None
    since: Instant
    ever_taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldSpan:
    """From ``first`` on and before ``until`` an answer about a gap goes before the plan, if nothing more is written down and no later
    one has begun. One that a plan knows ends as it begins, and still stands before those that came earlier."""

    first: Instant
    until: Instant
    answer: Logged[WatchAnswered]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmAhead:
    """A finding that opens at ``first``, if nothing more is written down."""

    first: Instant
    finding: Finding


def day_begins(record: Record, day: date) -> Instant | None:
    """The first second that belongs to a day by the record's clock; None for a date that is not lived: skipped by the zone, or by a move."""
    midnight = Instant.of(datetime(day.year, day.month, day.day, tzinfo=UTC)).seconds
    seconds = range(midnight + _EARLIEST, midnight + _LATEST)
    place = bisect_left(seconds, True, key=lambda at: record.day_of(Instant(at)) >= day)
    if place == len(seconds) or record.day_of(Instant(seconds[place])) != day:
        return None
    return Instant(seconds[place])


def held_ahead(
    record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant, until: Instant
) -> tuple[HeldSpan, ...]:
    """When the gap guard holds doses from ``now`` to ``until``, both included, in order of time."""
    found: list[HeldSpan] = []
    before: Gap | None = None
    for at in sorted({now, *(edge for edge in _edges(record, monograph, leaflet, now, until) if now < edge <= until)}):
        gap = gap_at(record, monograph, leaflet, at)
        if _same(before, gap):
            continue
        if before is not None:
            found[-1] = HeldSpan(
                first=found[-1].first, until=at, since=found[-1].since, ever_taken=found[-1].ever_taken
            )
        if gap is not None:
            found.append(HeldSpan(first=at, until=None, since=gap.since, ever_taken=gap.ever_taken))
        before = gap
    return tuple(found)


def _same(one: Gap | None, other: Gap | None) -> bool:
    """Whether two answers of the guard differ in nothing but the hours that went by."""
    if one is None or other is None:
        return one is other
    return (one.since, one.ever_taken) == (other.since, other.ever_taken)


def _edges(record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant, until: Instant) -> Iterator[Instant]:
    """Every instant at which the guard may change its mind, and some at which it does not."""
    hours = leaflet.gap.hours * _HOUR
    first, last = record.day_of(now), record.day_of(until)
    for number in range((last - first).days + 2):
        begins = day_begins(record, first + timedelta(days=number))
        if begins is not None:
            yield begins
    for one in states(record, monograph, leaflet, now, first - LOOK_BACK - timedelta(days=1), last):
        due = one.window.due
        yield from (due, one.window.on_time_until.plus(1), one.window.closes.plus(1), due.plus(hours + 1))
    if record.since is not None:
        yield record.since.plus(hours + 1)
    for taking in reversed(record.takings):
        if taking.at.plus(hours + 1) < now:
            break
        yield from (taking.at, taking.at.plus(hours + 1))
    for answer in record.of(WatchAnswered):
        yield from (answer.at, answer.at.plus(hours + 1))
        if answer.what.until is not None:
            yield answer.what.until


def told_ahead(record: Record, now: Instant, until: Instant) -> tuple[ToldSpan, ...]:
    """What somebody who was asked about a gap said, and when it counts: all that can from ``now`` to ``until``, in order of time."""
    answers = [one for one in record.of(WatchAnswered) if one.what.rule == GAP_RULE and one.at <= until]
    spans = (ToldSpan(first=one.at, until=told_until(record, one), answer=one) for one in answers)
    return tuple(span for span in spans if span.first.plus(TOLD) >= now)


def alarms_ahead(
    record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant, until: Instant
) -> tuple[AlarmAhead, ...]:
    """What asks for help now, and what will by time alone: a sign that was noted counts for more once a dose beside it is missed, or the
    plan is cut. A rule is told once, and again where it becomes graver.

    Looked at are the next days in which a sign noted by now still counts. That the guard holds doses is not said here a second time.
    """
    until = min(until, now.plus(SIGN.seconds))
    found: list[AlarmAhead] = []
    told = set()
    for at in sorted({now, *(edge for edge in _turns(record, monograph, leaflet, now, until) if now < edge <= until)}):
        for one in open_findings(record, monograph, leaflet, at):
            finding = one.finding
            said = finding.rule == _HELD and finding.level is Level.TODAY and at > now
            if not said and (finding.rule, finding.level) not in told:
                told.add((finding.rule, finding.level))
                found.append(AlarmAhead(first=at, finding=finding))
    return tuple(found)


def _turns(record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant, until: Instant) -> Iterator[Instant]:
    """When a dose is missed, or held; when a day begins; and when what spoke for a sign, a dose not taken or a cut, is too long ago."""
    first, last = record.day_of(now), record.day_of(until)
    past = first - timedelta(days=NOT_TAKEN.days + 1)
    gone = NOT_TAKEN.seconds + 1
    for one in states(record, monograph, leaflet, now, past, last):
        yield one.window.closes.plus(1)
        if one.state not in (DoseState.EARLY, DoseState.BEFORE):
            yield one.window.due.plus(gone)
    for number in range((last - first).days + 1):
        begins = day_begins(record, first + timedelta(days=number))
        if begins is not None:
            yield begins
    for moved in {span.first for span in record.spans(past, first)}:
        begins = day_begins(record, moved)
        if begins is not None:
            yield begins.plus(gone)
    for span in held_ahead(record, monograph, leaflet, now, until):
        yield span.first


def recent_takings(record: Record, now: Instant, least: int) -> tuple[Logged[DoseTaken | ExtraDose], ...]:
    """The last takings, in order of time: ``least`` of them until ``now`` where there are so many, and as far back as the gap guard
    looks, which is to the last that ends a gap; with them those stamped later than ``now`` by a device whose clock runs ahead."""
    found: list[Logged[DoseTaken | ExtraDose]] = []
    until_now, ended = 0, False
    for one in reversed(record.takings):
        found.append(one)
        until_now += one.at <= now
        ended = ended or (one.at <= now and ends_gap(one))
        if until_now >= least and ended:
            break
    return tuple(reversed(found))


def ends_gap(taking: Logged[DoseTaken | ExtraDose]) -> bool:
    """Whether a taking ends a gap by itself: a planned dose does; drug beside the plan only where the warning was seen."""
    return isinstance(taking.what, DoseTaken) or GAP_GUARD in taking.what.despite
