"""Arms that nobody prescribed, to look at: one day's dose split otherwise, one plan at other speeds. They are pictures, never plans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from fractions import Fraction
from itertools import pairwise

from gradatim.domain.clock import Instant, instants_of_day
from gradatim.domain.dose import OralDose, total
from gradatim.domain.fault import one_fault
from gradatim.domain.finding import message
from gradatim.domain.plan import Plan, Step
from gradatim.kinetics.expected import Dosing
from gradatim.report.levels.arm import BEFORE, Arm, Of, Tread, edges_of, hours_of, joined
from gradatim.words import say

Doses = tuple[OralDose, ...]


def stepped(
    name: str, first: date, zone: str, times: tuple[time, ...], steps: Sequence[tuple[int, Doses]], *, before: Doses | None = None
) -> Arm:  # fmt: skip
    """Steps of so many days, each with a dose for each time of day. ``before``: what was taken each day until then."""
    if not steps or any(days < 1 or len(doses) != len(times) for days, doses in steps):
        raise one_fault(
            "steps", "are not days with a dose for each time", "Give a day or more, and a dose for each time of day"
        )
    given: list[tuple[Instant, OralDose]] = []
    treads, day = [], first
    for days, doses in steps:
        treads.append(Tread(first=day, last=day + timedelta(days=days - 1), total=total(doses)))
        for place in range(days):
            given += zip(instants_of_day(day + timedelta(days=place), times, zone), doses, strict=False)
        day += timedelta(days=days)
    for place in range(BEFORE.days if before is not None else 0):
        given += zip(instants_of_day(first - timedelta(days=place + 1), times, zone), before or (), strict=False)
    last = treads[-1].last
    edges, start = edges_of(first, last, zone)
    note = message("levels.from-nothing") if before is None else message("levels.before", total=total(before))
    return Arm(
        name=name, of=Of.PLAN, start=start, first=first, last=last, treads=joined(treads), notes=(note,), before=None if before is None else total(before),
        dosing=Dosing(doses=hours_of(((at, dose) for at, dose in given if dose), start), edges=edges),
    )  # fmt: skip


def split(
    name: str,
    day_total: OralDose,
    weights: Sequence[int],
    first: date,
    zone: str,
    times: tuple[time, ...],
    *,
    days: int = 7,
) -> Arm:
    """One day's total by shares of the times of day, as at its settled level: ``(1, 1, 2)`` is heavy at bedtime. Not rounded to tablets."""
    if len(weights) != len(times) or min(weights, default=-1) < 0 or not sum(weights):
        raise one_fault("weights", f"{len(weights)} for {len(times)} times of day", "Give a whole number for each time")
    shares = [Fraction(sum(weights[: place + 1]), sum(weights)) * day_total.micrograms for place in range(len(weights))]
    ends = [0, *(int(share) for share in shares)]
    doses = tuple(OralDose(b - a) for a, b in pairwise(ends))
    return stepped(name, first, zone, times, [(days, doses)], before=doses)


def at_speed(plan: Plan, zone: str, days: int) -> Arm:
    """The steps of a plan, up or down, each lasting so many days; the last one twice as long, so that its settled level is seen."""
    items = [item for item in plan.items if isinstance(item, Step)]
    if days < 1:
        raise one_fault("days", f"{days} is no length of a step", "Give 1 or more")
    steps = [(days * (2 if item is items[-1] else 1), item.doses) for item in items]
    times = tuple(slot.at for slot in plan.slots)
    return stepped(say(message("levels.speed", days=days)), plan.start, zone, times, steps, before=plan.before)
