"""Until when a forgotten dose may still be taken. Never double; never two doses due at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from gradatim.domain.clock import Instant
from gradatim.domain.knowledge import MissedDoseRule, MissedKind
from gradatim.domain.monograph import Leaflet
from gradatim.domain.record import Record

ON_TIME = 60 * 60
"""Seconds on either side of its time within which a dose counts as on time: the narrowest published window [WHMD]."""

LONGEST_LATE = 12 * 60 * 60
"""Seconds after its time at which a dose is left out at the latest, whatever the rule: with one dose a day the rules would let two
whole days' doses lie two hours apart. Ours [D]; no plan of two or more doses a day comes near it."""

_DAY = 24 * 60 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When a dose is on time, and when it is too late: ``due ≤ now ≤ on_time_until ≤ closes``, and ``closes`` is before the next
    dose is due. Both ends belong to the window."""

    due: Instant
    on_time_until: Instant
    closes: Instant


def window(due: Instant, next_due: Instant | None, rule: MissedDoseRule, minutes_without_number: int) -> Window:
    """The window of a dose under a missed-dose rule.

    ``minutes_without_number`` stands in where the source says "nearly time for the next" and gives no number. A dose is never late
    before half the time to the next has passed, or an hour if that is less: otherwise a dose with a near neighbour would be missed
    the moment it is due. Without a next dose the day after counts as one.
    """
    following = (next_due or due.plus(_DAY)).seconds
    grace = min(ON_TIME, (following - due.seconds) // 2)
    match rule.kind:
        case MissedKind.ONLY_WITHIN:
            end = due.seconds + 60 * (rule.minutes or 0)
        case MissedKind.UNLESS_NEXT_WITHIN:
            end = following - 60 * (rule.minutes or 0)
        case MissedKind.UNLESS_NEARLY_NEXT:
            end = following - 60 * minutes_without_number
        case _:
            assert_never(rule.kind)
    closes = min(max(end, due.seconds + grace), due.seconds + LONGEST_LATE, following - 1)
    return Window(due=due, on_time_until=due.plus(min(grace, closes - due.seconds)), closes=Instant(closes))


def rule_for(record: Record, leaflet: Leaflet) -> MissedDoseRule:
    """The rule of the person's country, or the one that the prescriber chose (preference ``missed-rule``)."""
    chosen = record.preferences.get("missed-rule")
    for rule in leaflet.missed_dose:
        if rule.id == chosen:
            return rule
    return leaflet.missed_dose_for(None if record.person is None else record.person.market)


def minutes_without_number(leaflet: Leaflet) -> int:
    """The minutes that stand in for "nearly time for the next": those of the rule that is bound to no country."""
    return leaflet.missed_dose_for(None).minutes or 0
