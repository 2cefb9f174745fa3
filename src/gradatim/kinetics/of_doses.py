"""Schedules from what the rest of the program knows: the dated doses of a plan, and the doses that a record says were taken; and how they
were taken, day by day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta

from gradatim.domain.clock import Instant, instants_of_day
from gradatim.domain.dose import OralDose
from gradatim.domain.fault import one_fault
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.record import Record
from gradatim.domain.schedule import ScheduledDose
from gradatim.domain.today import DoseNow, DoseState, states
from gradatim.kinetics.events import Row, Schedule
from gradatim.kinetics.own_days import OwnDays, OwnDose
from gradatim.kinetics.structure import LinearModel
from gradatim.kinetics.units import factor


def hours_between(start: Instant, end: Instant) -> float:
    """Elapsed hours, not wall-clock hours: a day in which the clocks go forward has 23."""
    return (end.seconds - start.seconds) / 3600


def of_plan(
    model: LinearModel, planned: Iterable[ScheduledDose], start: Instant, *, cmt: str | int | None = None
) -> Schedule:
    """The dated doses of a plan as events, in the model's units, time 0 at ``start``. Doses before it come at times below 0."""
    return _schedule(model, ((dose.instant, dose.dose) for dose in planned), start, cmt)


def of_record(
    model: LinearModel, record: Record, start: Instant, *, until: Instant | None = None, cmt: str | int | None = None
) -> Schedule:
    """Every dose that a record says was taken, planned or beside the plan, when it was taken; those up to ``until``.

    A dose that nobody is sure of is not among them: the levels are those of what is known to have been taken.
    """
    taken = ((one.at, one.what.amount) for one in record.takings if until is None or one.at <= until)
    return _schedule(model, taken, start, cmt)


_NOT_TAKEN = frozenset({DoseState.SKIPPED, DoseState.MISSED, DoseState.HELD})


def days_of_record(
    record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant, first: date, last: date, *, block: int = 7
) -> OwnDays:
    """How the planned doses of a record were taken from ``first`` to ``last``, to be drawn from; the record folded as of ``now``.

    A dose counts as taken, so many hours late, as left out, or as not taken where nothing is recorded (`OwnDays.unrecorded` counts these).
    A day with a dose that nobody is sure of, from before the record began, or still open is not drawn. Doses beside the plan are not
    among them. Raises `BadInput` where there are too few days.
    """
    found: dict[date, list[DoseNow]] = {}
    for one in states(record, monograph, leaflet, now, first, last):
        found.setdefault(one.dose.day, []).append(one)
    whole = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    days = tuple(_own(record, day, found.get(day, [])) for day in whole)
    drawn = [one for day, own in zip(whole, days, strict=True) if own for one in found[day]]
    return OwnDays(
        days=days, block=block, unrecorded=sum(one.state in {DoseState.MISSED, DoseState.HELD} for one in drawn)
    )


def _own(record: Record, day: date, doses: list[DoseNow]) -> tuple[OwnDose, ...]:
    """The doses of a day; none where not everything of it is known."""
    (midnight,) = instants_of_day(day, (time(0),), record.zone_on(day))
    made = []
    for one in doses:
        hour = hours_between(midnight, one.dose.instant)
        if one.state is DoseState.TAKEN and one.done is not None:
            made.append(OwnDose(hour, hours_between(one.dose.instant, one.done.counts.at)))
        elif one.state in _NOT_TAKEN:
            made.append(OwnDose(hour, None))
        else:
            return ()
    return tuple(made)


def _schedule(
    model: LinearModel, given: Iterable[tuple[Instant, OralDose]], start: Instant, cmt: str | int | None
) -> Schedule:
    hour, milligram = factor("h", model.units.time), factor("mg", model.units.dose)
    ordered = sorted(given, key=lambda dose: dose[0])
    if not ordered:
        raise one_fault("doses", "there are none", "Widen the days, or check the record")
    return Schedule(rows=tuple(
        Row(number=number, time=hours_between(start, at) * hour, evid=1, amt=float(dose.in_mg) * milligram, cmt=cmt)
        for number, (at, dose) in enumerate(ordered, 1)
    ))  # fmt: skip
