"""Levels over time: a model, a schedule and parameters for one subject or a hundred thousand, exact between events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.kinetics.course import Between, Course, Parameters, course_of, groups
from gradatim.kinetics.events import Schedule
from gradatim.kinetics.program import (
    Feed,
    Move,
    Note,
    Put,
    Settle,
    Source,
    Step,
    Times,
    Wipe,
    compiled,
    cycles,
    times_of,
)
from gradatim.kinetics.propagator import Propagator, Rates, applied, propagator, settle
from gradatim.kinetics.structure import LinearModel, Setting

Floats = NDArray[np.float64]
_AT_ONCE = 16_384  # propagators made in one go: enough to hide Python, small enough for the cache


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Levels:
    """What a simulation gives. ``times`` [T]; ``amounts`` [T, n, N] in the dose unit; ``levels`` [T, N] in the level unit;
    ``area`` [T, N], the area under the level since the first time, exact (units: level × time), where it was asked for."""

    times: Floats
    compartments: tuple[str, ...]
    amounts: Floats
    levels: Floats
    area: Floats | None = None

    def amount(self, compartment: str) -> Floats:
        """The amounts in one compartment, [T, N]."""
        return self.amounts[:, self.compartments.index(compartment)]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segment:
    """A stretch without events: from ``start`` for ``dt`` under ``setting``. Amounts at its two ends and what flows in, [n, N]; the
    area under the level, [N]."""

    start: float
    dt: float
    setting: Setting
    state: Floats
    after: Floats
    fed: Floats
    area: Floats


def simulate(
    model: LinearModel,
    schedule: Schedule,
    parameters: Parameters,
    times: ArrayLike | None = None,
    *,
    between: Between = Between.NEXT,
    area: bool = False,
) -> Levels:
    """Levels at ``times`` (in order; a dose at a time counts), or at every row of the schedule when there are none.

    Subjects are the entries of the parameters; they share one schedule. Where lags or lengths of infusions differ between subjects they
    are taken group by group. Raises `BadInput` with every fault of parameters and schedule, and where there is no steady state.
    """
    course = course_of(model, schedule, parameters, between)
    asked = None if times is None else np.atleast_1d(np.asarray(times, dtype=np.float64))
    if asked is not None and (asked.ndim != 1 or not np.all(np.isfinite(asked)) or np.any(np.diff(asked) < 0)):
        raise BadInput([Fault("times", "are not numbers in order", "Sort them")])
    shown = np.array([row.time for row in schedule.rows]) if asked is None else asked
    amounts = np.empty((len(shown), len(model.compartments), course.size))
    levels = np.empty((len(shown), course.size))
    areas = np.zeros((len(shown), course.size)) if area else None
    for subjects in groups(model, course):
        for seen in _walk(model, course, subjects, asked, area):
            if isinstance(seen, _Noted) and seen.slot >= 0:
                amounts[seen.slot][:, subjects], levels[seen.slot, subjects] = seen.state, seen.level
                if areas is not None and seen.area is not None:
                    areas[seen.slot, subjects] = seen.area
    return Levels(times=shown, compartments=model.compartments, amounts=amounts, levels=levels, area=areas)


def segments(
    model: LinearModel, schedule: Schedule, parameters: Parameters, times: Floats, between: Between = Between.NEXT
) -> Iterator[tuple[NDArray[np.int64], list[Segment]]]:
    """For each group of subjects the stretches from the first to the last of ``times``, cut at events and at every one of them."""
    course = course_of(model, schedule, parameters, between)
    for subjects in groups(model, course):
        found: list[Segment] = []
        begun = False
        for seen in _walk(model, course, subjects, times, True):
            if isinstance(seen, Segment):
                if begun:
                    found.append(seen)
            elif seen.slot == len(times) - 1:
                break
            else:
                begun = True
        yield subjects, found


# --- the walk -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Noted:
    slot: int
    state: Floats
    level: Floats
    area: Floats | None


def _walk(
    model: LinearModel, course: Course, subjects: NDArray[np.int64], times: Floats | None, area: bool
) -> Iterator[_Noted | Segment]:
    """Run the steps of a group, and show what is noted and, with ``area``, every stretch that is moved through."""
    settings = (
        course.settings if len(subjects) == course.size else [setting.of(subjects) for setting in course.settings]
    )
    clocks: list[Times] = [times_of(setting, 0) for setting in settings]
    notes = None if times is None else times.tolist()
    steps = compiled(model, course.schedule, clocks, until=course.until, own=course.own, notes=notes)
    made = _Propagators(steps, settings)
    size, watched, scale = len(subjects), model.place(model.observed), model.units.level_factor
    state = np.zeros((len(model.compartments), size))
    fed, feeding, summed, now = np.zeros_like(state), False, np.zeros(size), course.schedule.rows[0].time
    if times is not None:
        now = min(now, float(times[0]))
    for step in steps:
        match step:
            case Move(dt, number):
                by, setting = made.take(dt, number), settings[number]
                after = applied(by.moved, state)
                if feeding:
                    after += applied(by.fed, fed)
                if area:
                    grown = applied(by.fed[watched : watched + 1], state)[0]
                    if feeding:
                        grown += applied(by.summed[watched : watched + 1], fed)[0]
                    grown *= scale / setting.volume
                    summed = summed + grown
                    yield Segment(start=now, dt=dt, setting=setting, state=state, after=after, fed=fed, area=grown)
                state, now = after, now + dt
            case Put(source):
                state = state.copy()
                state[source.compartment] += _size(source, settings)
            case Feed(running):
                fed, feeding = np.zeros_like(state), bool(running)
                for source in running:
                    fed[source.compartment] += _size(source, settings)
            case Wipe():
                state = np.zeros_like(state)
            case Settle():
                state = state + steady(step, settings)
            case Note(slot, number):
                shown = course.slots[slot] if times is None else slot
                level = state[watched] * (scale / settings[number].volume)
                yield _Noted(shown, state, level, summed if area else None)
                now = float(times[slot]) if times is not None else course.schedule.rows[slot].time


def _size(source: Source, settings: Sequence[Setting]) -> Floats:
    setting = settings[source.setting]
    found = source.size * setting.share(source.portion)
    if source.scaled:
        bioavailability = setting.about("F", source.compartment, 1.0)
        assert bioavailability is not None
        found = found * bioavailability
    return found


def steady(step: Settle, settings: Sequence[Setting]) -> Floats:
    """The state [n, N] that a source alone has reached, by solving for it: no run-in, and nothing subtracted.

    Raises `BadInput` where what is given never leaves.
    """
    found = _steady(step, settings)
    if not np.all(np.isfinite(found)):
        raise one_fault(
            "parameters", "what is given never leaves, so there is no steady state", "Give a clearance above 0"
        )
    return found


def _steady(step: Settle, settings: Sequence[Setting]) -> Floats:
    setting = settings[step.source.setting]
    rates, size = setting.rates, len(setting.volume)
    given = np.zeros_like(rates.lost)
    given[step.source.compartment] = _size(step.source, settings)
    if step.every == 0:
        return settle(rates.between, rates.lost, given)

    def over(dt: float) -> Propagator:
        return propagator(rates, np.full(size, dt))

    def through(by: Propagator, state: Floats, fed: Floats) -> Floats:
        return applied(by.moved, state) + applied(by.fed, fed)

    cycle = over(step.every)
    if step.lasting is None:
        after = settle(cycle.moved, cycle.out, given)
        return after if step.since == 0 else through(over(step.since), after, np.zeros_like(given))
    whole, more = cycles(step.lasting, step.every)
    high, low = (whole + 1) * given, whole * given
    once = through(over(step.every - more), through(over(more), np.zeros_like(given), high), low)
    start = settle(cycle.moved, cycle.out, once)
    if step.since in {step.every, 0}:
        return start
    if step.since <= more:
        return through(over(step.since), start, high)
    return through(over(step.since - more), through(over(more), start, high), low)


class _Propagators:
    """Propagators of each length and setting, made in batches when first needed, and dropped after their last use."""

    def __init__(self, steps: Sequence[Step], settings: Sequence[Setting]) -> None:
        self.settings = settings
        self.uses: dict[tuple[float, int], int] = {}
        for step in steps:
            if isinstance(step, Move):
                self.uses[step.dt, step.setting] = self.uses.get((step.dt, step.setting), 0) + 1
        self.waiting = list(self.uses)[::-1]
        self.made: dict[tuple[float, int], Propagator] = {}

    def take(self, dt: float, setting: int) -> Propagator:
        key = (dt, setting)
        if key not in self.made:
            self._make()
        found = self.made[key]
        self.uses[key] -= 1
        if not self.uses[key]:
            del self.made[key]
        return found

    def _make(self) -> None:
        size = len(self.settings[0].volume)
        keys = [self.waiting.pop() for _ in range(min(len(self.waiting), max(1, _AT_ONCE // size)))]
        between = np.concatenate([self.settings[number].rates.between for _, number in keys], axis=-1)
        lost = np.concatenate([self.settings[number].rates.lost for _, number in keys], axis=-1)
        whole = propagator(Rates(between=between, lost=lost), np.repeat([dt for dt, _ in keys], size))
        for place, key in enumerate(keys):
            part = slice(place * size, (place + 1) * size)
            self.made[key] = Propagator(
                moved=whole.moved[..., part],
                fed=whole.fed[..., part],
                summed=whole.summed[..., part],
                out=whole.out[..., part],
            )


def simulate_table(
    model: LinearModel, schedules: Sequence[Schedule], parameters: Parameters, *, between: Between = Between.NEXT
) -> dict[str, Levels]:
    """Levels at every row of every subject of a table, by their ids; ``parameters`` as in `simulate`, the same for all.

    Raises `BadInput` with the faults of all subjects.
    """
    found: dict[str, Levels] = {}
    faults: list[Fault] = []
    for schedule in schedules:
        try:
            found[schedule.id] = simulate(model, schedule, parameters, between=between)
        except BadInput as bad:
            faults += [Fault(f"ID {schedule.id}, {fault.path}", fault.problem, fault.remedy) for fault in bad.faults]
    if faults:
        raise BadInput(faults)
    return found
