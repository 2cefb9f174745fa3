"""Schedules from what the rest of the program knows: the dated doses of a plan, and the doses that a record says were taken."""

from __future__ import annotations

from collections.abc import Iterable

from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.fault import one_fault
from gradatim.domain.record import Record
from gradatim.domain.schedule import ScheduledDose
from gradatim.kinetics.events import Row, Schedule
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
