"""A schedule with its numbers in: which parameters hold in which interval, and which subjects go through the same steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.kinetics.events import Row, Schedule
from gradatim.kinetics.structure import LinearModel, Setting, Values

Parameters: TypeAlias = Values | Callable[[Mapping[str, float]], Values]
"""Parameters by name, or a function that makes them from the covariates of a row."""

_PIECES = 32


class Between(StrEnum):
    """Which covariates hold between two rows."""

    NEXT = "next"  # those of the row that ends the interval (next observation carried backward): NONMEM's rule
    LAST = "last"  # those of the row that began it
    LINEAR = "linear"  # a straight line between them, in 32 steps that each hold their middle: not exact, error about 1/32² of the change


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Course:
    """A schedule with its numbers. For each row: the setting of the interval that ends there, that of the row itself, and its place
    in the schedule as it was given (−1: put in between)."""

    schedule: Schedule
    settings: list[Setting]
    until: list[int]
    own: list[int]
    slots: list[int]
    size: int


def course_of(model: LinearModel, schedule: Schedule, parameters: Parameters, between: Between) -> Course:
    if not schedule.rows:
        raise BadInput([Fault("schedule", "has no rows", "Give at least one event")])
    slots = list(range(len(schedule.rows)))
    lines: list[tuple[float, ...]] = [()] * len(slots)
    if callable(parameters) and schedule.covariates:
        lines = list(zip(*schedule.covariates.values(), strict=True))
    before = [lines[0], *lines[:-1]] if between is Between.LAST else lines
    if between is Between.LINEAR and callable(parameters):
        schedule, slots, before, lines = _in_pieces(schedule, lines)
    settings: list[Setting] = []
    known: dict[tuple[float, ...], int] = {}
    faults: list[Fault] = []
    for line in (*lines, *before):
        if line not in known:
            known[line] = len(settings)
            values = (
                parameters(dict(zip(schedule.covariates, line, strict=False))) if callable(parameters) else parameters
            )
            try:
                settings.append(model.setting(values))
            except BadInput as bad:
                faults += bad.faults
    if faults:
        raise BadInput(tuple(dict.fromkeys(faults)))
    size = max(len(setting.volume) for setting in settings)
    settings = [
        setting if len(setting.volume) == size else setting.of(np.zeros(size, np.int64)) for setting in settings
    ]
    until, own = [known[line] for line in before], [known[line] for line in lines]
    return Course(schedule=schedule, settings=settings, until=until, own=own, slots=slots, size=size)


_Lines: TypeAlias = list[tuple[float, ...]]


def _in_pieces(schedule: Schedule, lines: _Lines) -> tuple[Schedule, list[int], _Lines, _Lines]:
    """Rows put between the rows; the covariates in the middle of the piece that each ends, and those at each."""
    rows, slots, middle, ends = [schedule.rows[0]], [0], [lines[0]], [lines[0]]
    for place, (row, before) in enumerate(zip(schedule.rows[1:], schedule.rows, strict=False), 1):
        pieces = _PIECES if lines[place] != lines[place - 1] and row.time > before.time else 1

        def at(
            weight: float, one: tuple[float, ...] = lines[place - 1], other: tuple[float, ...] = lines[place]
        ) -> tuple[float, ...]:
            return tuple(a + (b - a) * weight for a, b in zip(one, other, strict=True))

        for piece in range(1, pieces + 1):
            time = before.time + (row.time - before.time) * piece / pieces
            rows.append(row if piece == pieces else Row(number=row.number, time=time, evid=2))
            slots.append(place if piece == pieces else -1)
            middle.append(at((piece - 0.5) / pieces) if pieces > 1 else lines[place])
            ends.append(at(piece / pieces) if piece < pieces else lines[place])
    columns = dict(zip(schedule.covariates, zip(*ends, strict=True), strict=False))
    return Schedule(rows=tuple(rows), covariates=columns, id=schedule.id), slots, middle, ends


def everybody(found: int, wanted: int) -> None:
    """Raises `BadInput` where parameters are not those of so many people."""
    if found != wanted:
        raise one_fault("people", f"{found} subjects for {wanted} people", "Give one parameter for each of them")


def groups(model: LinearModel, course: Course) -> list[NDArray[np.int64]]:
    """Subjects in groups whose steps come at the same times."""
    rates = {row.rate for row in course.schedule.rows if row.doses and row.rate}
    spread = any(portion.spread for portions in model.entries.values() for portion in portions)
    names = [
        "ALAG",
        *(["F"] if rates - {-2.0} else []),
        *(["D"] if spread or -2.0 in rates else []),
        *(["R"] if -1.0 in rates else []),
    ]
    marks = []
    for setting in course.settings:
        for place in range(len(model.compartments)):
            for name in names:
                found = setting.about(name, place, None)
                if found is not None and np.any(found != found[0]):
                    marks.append(found)
    if not marks:
        return [np.arange(course.size)]
    _, group = np.unique(np.stack(marks), axis=1, return_inverse=True)
    group = group.reshape(-1)
    return [np.flatnonzero(group == number) for number in range(int(group.max()) + 1)]
