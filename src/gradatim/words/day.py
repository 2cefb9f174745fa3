"""What a day says of its doses, in whole sentences: the same on the terminal and on a page."""

from __future__ import annotations

from datetime import date

from gradatim.domain.entry import DoseSkipped, DoseTaken, WatchAnswered
from gradatim.domain.finding import message
from gradatim.domain.record import Logged
from gradatim.domain.schedule import ScheduledDose
from gradatim.domain.taking import span_text
from gradatim.domain.today import DoseNow, DoseState, Gap, Timing, Today
from gradatim.words.entries import clock_text, moment_text
from gradatim.words.phrases import units_text
from gradatim.words.say import say

SHAPES = {
    DoseState.BEFORE: "·", DoseState.EARLY: "·", DoseState.DUE: "◐", DoseState.LATE: "◐", DoseState.HELD: "▭", DoseState.TAKEN: "●",
    DoseState.SKIPPED: "–", DoseState.UNSURE: "?", DoseState.MISSED: "○",
}  # fmt: skip
"""The shape of each state, so that none is told by colour alone."""


def state_text(one: DoseNow, zone: str) -> str:
    """Where a dose stands, in words."""
    what = None if one.done is None else one.done.counts.what
    match one.state:
        case DoseState.TAKEN:
            assert one.done is not None
            late = {Timing.LATE: "-late", Timing.EARLY: "-early"}.get(one.timing or Timing.ON_TIME, "")
            taken = say(message(f"today.taken{late}", at=clock_text(one.done.counts.at, zone)))
            if isinstance(what, DoseTaken) and what.amount != one.dose.dose:
                return say(message("today.taken-other", taken=taken, amount=what.amount, planned=one.dose.dose))
            return taken
        case DoseState.SKIPPED if isinstance(what, DoseSkipped) and what.reason:
            return say(message("today.skipped-why", why=what.reason))
        case DoseState.LATE:
            return say(message("today.is-late", until=clock_text(one.window.closes, zone)))
        case DoseState.MISSED | DoseState.HELD:
            return say(message(f"today.is-{one.state}"))
        case _:
            return say(message(f"today.{one.state}"))


def wait_text(seen: Today) -> str:
    """That the last dose was too short a time ago."""
    assert seen.wait is not None
    assert seen.last is not None
    since, least = ((end.seconds - seen.last.at.seconds) // 60 for end in (seen.now, seen.wait))
    return say(message("guard.close", since=span_text(since), least=span_text(least)))


def held_text(gap: Gap, zone: str) -> str:
    """That nothing is to be taken before somebody has been asked."""
    return say(message("today.held", since=moment_text(gap.since, zone), hours=gap.hours))


def told_text(told: Logged[WatchAnswered], zone: str) -> str:
    """What somebody said who was asked about a gap: it goes before the plan, which does not know it."""
    return say(message("today.told", by=told.what.by, at=moment_text(told.at, zone), said=told.what.said))


def next_text(dose: ScheduledDose, day: date) -> str:
    """Which dose comes next, seen from a day."""
    key = "today.next" if dose.day == day else "today.next-tomorrow"
    return say(message(key, amount=dose.dose, at=f"{dose.at:%H:%M}", units=units_text(dose.portion)))
