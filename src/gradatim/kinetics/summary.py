"""Exposure of many people who follow one schedule, as their levels pass by: nothing is stored but the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradatim.domain.fault import BadInput, Fault
from gradatim.kinetics.course import Between, Parameters, course_of
from gradatim.kinetics.crew import LANES, Crew, crews, too_wide, worth_it
from gradatim.kinetics.crowd import in_order
from gradatim.kinetics.engines import Engine, cores, on_gpu
from gradatim.kinetics.events import Schedule
from gradatim.kinetics.simulate import Levels, simulate
from gradatim.kinetics.structure import LinearModel

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Summary:
    """Of each interval between two ``edges`` [K + 1] and each subject, [K, N]: the ``highest`` and ``lowest`` of the levels at the times
    asked for, both ends of the interval among them, the first time of the highest, and the exact ``area`` (level × time)."""

    edges: Floats
    highest: Floats
    highest_at: Floats
    lowest: Floats
    area: Floats

    @property
    def average(self) -> Floats:
        """Area divided by length."""
        return self.area / np.diff(self.edges)[:, None]


def summary(
    model: LinearModel,
    schedule: Schedule,
    parameters: Parameters,
    times: ArrayLike,
    edges: ArrayLike,
    *,
    between: Between = Between.NEXT,
    threads: int | None = None,
    engine: Engine | str = Engine.CPU,
) -> Summary:
    """What levels at ``times`` amount to between ``edges``, which are among them. `exposure` finds peaks between times too, and is slower.

    Raises `BadInput` as `simulate` does, for edges that are not among the times or do not go up, and where there is no such ``engine``.
    """
    asked, ends = in_order(times), np.atleast_1d(np.asarray(edges, dtype=np.float64))
    places = np.searchsorted(asked, ends, side="left")
    if len(ends) < 2 or np.any(np.diff(ends) <= 0) or np.any(asked[np.minimum(places, len(asked) - 1)] != ends):
        raise BadInput(
            [
                Fault(
                    "edges", "are not times that go up", "Give two or more of the times, each later than the one before"
                )
            ]
        )
    last = np.searchsorted(asked, ends, side="right") - 1
    course = course_of(model, schedule, parameters, between)
    worth = worth_it(model, len(asked) * course.size)
    if on_gpu(engine, worth, too_wide(model)):
        from gradatim.kinetics.gpu import many

        highest, when, lowest, area = many.measures(model, course, asked, places, last)
        return Summary(edges=ends, highest=highest, highest_at=asked[when], lowest=lowest, area=np.diff(area, axis=0))
    if not worth:
        return _by_numpy(simulate(model, schedule, parameters, asked, between=between, area=True), ends, places, last)
    spans, marks = _spans(len(asked), places, last), np.full(len(asked), -1, dtype=np.int64)
    marks[places] = np.arange(len(ends))
    whole: list[NDArray[Any]] = []
    for crew in crews(model, course, asked, frozenset(places.tolist())):
        found = _measured(crew, spans, marks, len(ends), threads or cores())
        if len(crew.subjects) == course.size:
            whole = [part[:, : course.size] for part in found]
            break
        whole = whole or [np.empty((len(part), course.size), dtype=part.dtype) for part in found]
        for into, part in zip(whole, found, strict=True):
            into[:, crew.subjects] = part[:, : len(crew.subjects)]
    highest, when, lowest, area = whole
    return Summary(edges=ends, highest=highest, highest_at=asked[when], lowest=lowest, area=np.diff(area, axis=0))


def _measured(
    crew: Crew, spans: NDArray[np.int64], marks: NDArray[np.int64], edges: int, threads: int
) -> tuple[Floats, NDArray[np.int64], Floats, Floats]:
    from gradatim.kinetics.compiled.sinks import ROWS, Measured

    shape = (edges - 1, crew.width)
    highest, when, lowest = np.full(shape, -np.inf), np.zeros(shape, dtype=np.int64), np.full(shape, np.inf)
    area = np.zeros((edges, crew.width))
    sinks = [Measured(np.zeros(ROWS * LANES), spans, marks, highest, when, lowest, area) for _ in range(threads)]
    crew.run(sinks, area=True)
    return highest, when, lowest, area


def _spans(times: int, first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.int64]:
    """The one or two intervals that each time belongs to, −1 for none."""
    found = np.full((times, 2), -1, dtype=np.int64)
    for number in range(len(first) - 1):
        for slot in range(int(first[number]), int(last[number + 1]) + 1):
            found[slot, int(found[slot, 0] >= 0)] = number
    return found


def _by_numpy(levels: Levels, ends: Floats, first: NDArray[np.int64], last: NDArray[np.int64]) -> Summary:
    assert levels.area is not None
    parts = [levels.levels[first[k] : last[k + 1] + 1] for k in range(len(ends) - 1)]
    when = [levels.times[first[k] + part.argmax(axis=0)] for k, part in enumerate(parts)]
    return Summary(
        edges=ends, highest=np.array([part.max(axis=0) for part in parts]), highest_at=np.array(when),
        lowest=np.array([part.min(axis=0) for part in parts]), area=np.diff(levels.area[first], axis=0),
    )  # fmt: skip
