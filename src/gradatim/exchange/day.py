"""A day as data: what is due, what comes next, and what became of each dose."""

from __future__ import annotations

from typing import Any

from gradatim.domain.alarm import emergencies
from gradatim.domain.clock import Instant
from gradatim.domain.entry import DoseTaken, ExtraDose
from gradatim.domain.reading import plain
from gradatim.domain.today import DoseNow, Today
from gradatim.domain.watch import Shown
from gradatim.exchange.document import dose_data, number
from gradatim.words import say

SCHEMA = "gradatim/day/1"


def day_data(seen: Today, alarms: tuple[Shown, ...]) -> dict[str, Any]:
    """The day as plain data. Instants are UTC; ``zone`` is whose clock the times follow. ``alarms`` are the findings that nobody has dealt
    with: while one of them is an emergency, nothing is due."""
    urgent = bool(emergencies(alarms))
    return {
        "schema": SCHEMA,
        "now": seen.now.iso(),
        "date": seen.day.isoformat(),
        "zone": seen.zone,
        "doses": [_dose(one, seen.zone) for one in seen.doses],
        "alarms": [
            {"rule": one.finding.rule, "level": str(one.finding.level), "message": say(one.finding.message), "act": one.finding.why}
            for one in alarms
        ],
        "due": None if seen.due is None or urgent else seen.due.dose.id,
        "next": None if seen.next is None or seen.gap is not None or urgent else dose_data(seen.next, seen.zone),
        "extra": [{"entry": one.id, "at": one.at.iso(), **_amount(one.what)} for one in seen.extras],
        "last_taken": _iso(None if seen.last is None else seen.last.at),
        "gap": None if seen.gap is None else {"since": seen.gap.since.iso(), "hours": seen.gap.hours},
        "wait_until": _iso(seen.wait),
        "told": None if seen.told is None else {"by": seen.told.what.by, "said": seen.told.what.said, "at": seen.told.at.iso()},
        "missed_dose_rule": {"id": seen.rule.id, "text": seen.rule.text, "source": [str(citation) for citation in seen.rule.source]},
    }  # fmt: skip


def _dose(one: DoseNow, zone: str) -> dict[str, Any]:
    data = dose_data(one.dose, zone) | {"state": str(one.state), "can_be_taken_until": one.window.closes.iso()}
    if one.timing is not None:
        data["timing"] = str(one.timing)
    if one.done is not None:
        data["recorded"] = {
            "entry": one.done.counts.id,
            "at": one.done.counts.at.iso(),
            "others": [other.id for other in one.done.others],
        }
        if isinstance(one.done.counts.what, DoseTaken):
            data["recorded"] |= _amount(one.done.counts.what)
    return data


def _amount(taken: DoseTaken | ExtraDose) -> dict[str, Any]:
    return {"mg": number(taken.amount), "units": plain(taken.units)}


def _iso(at: Instant | None) -> str | None:
    return None if at is None else at.iso()
