"""What comes before everything else: emergencies that nobody has dealt with yet."""

from __future__ import annotations

from gradatim.domain.clock import Instant
from gradatim.domain.knowledge import Level
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.record import Record
from gradatim.domain.watch import Shown, quiet, watch


def open_findings(record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant) -> tuple[Shown, ...]:
    """The emergencies, and what asks for a call today, that nobody has answered; gravest first."""
    if not record.holdings:
        return ()
    shown = quiet(watch(record, monograph, leaflet, now), record, now)
    return tuple(one for one in shown if one.answer is None and one.finding.level in (Level.EMERGENCY, Level.TODAY))


def emergencies(shown: tuple[Shown, ...]) -> tuple[Shown, ...]:
    """Those of them that are emergencies: while one is open, no dose is offered, and none is to be left out, without being told."""
    return tuple(one for one in shown if one.finding.level is Level.EMERGENCY)
