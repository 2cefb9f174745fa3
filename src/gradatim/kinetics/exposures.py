"""The exact exposure of many people by their numbers, some at a time, here or on a cluster: each goes to the own place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradatim.domain.fault import one_fault
from gradatim.kinetics.bands import Chunks
from gradatim.kinetics.course import Between
from gradatim.kinetics.events import Schedule
from gradatim.kinetics.exposure import Exposure, exposure
from gradatim.kinetics.parts import each_part
from gradatim.kinetics.structure import LinearModel

if TYPE_CHECKING:
    from gradatim.kinetics.cluster import Client

Floats = NDArray[np.float64]
AT_ONCE = 1024
"""People at a time: every stretch of their levels is kept until its peaks are found."""


def exposures(
    model: LinearModel,
    schedule: Schedule,
    people: Chunks,
    number: int,
    edges: ArrayLike,
    *,
    first: int = 0,
    above: float | None = None,
    step: float = 0.5,
    between: Between = Between.NEXT,
    chunk: int | None = None,
    watch: Callable[[int], None] | None = None,
    on: Client | None = None,
) -> Exposure:
    """What `exposure` says of ``number`` people from the ``first`` on, arrays [K, N] in their order; ``people`` as for `bands`.

    The same bits in any ``chunk``, and on any workers of ``on``, a Dask client. ``watch`` is told how many people are done. Raises
    `BadInput` as `exposure` does.
    """
    if number < 1:
        raise one_fault("number", f"{number} people", "Give 1 or more")
    part = _Part(model, schedule, people, np.asarray(edges, dtype=np.float64), above, step, between)
    whole: list[Floats] = []
    done = 0
    for begin, some, found in each_part(part, number, first=first, chunk=chunk, most=AT_ONCE, on=on):
        if found.shape[2] != some:
            raise one_fault(
                "people", f"{found.shape[2]} subjects for {some} people", "Give one parameter for each of them"
            )
        whole = whole or [np.empty((found.shape[1], number)) for _ in found]
        for into, measure in zip(whole, found, strict=True):
            into[:, begin - first : begin - first + some] = measure
        done += some
        if watch is not None:
            watch(done)
    highest, highest_at, lowest, area, *over = whole
    return Exposure(
        edges=part.edges, highest=highest, highest_at=highest_at, lowest=lowest, area=area, above=over[0] if over else None
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Some people: what is sent to a worker."""

    model: LinearModel
    schedule: Schedule
    people: Chunks
    edges: Floats
    above: float | None
    step: float
    between: Between

    def __call__(self, first: int, number: int) -> Floats:
        seen = exposure(
            self.model, self.schedule, self.people(first, number), self.edges, above=self.above, step=self.step, between=self.between
        )  # fmt: skip
        over = [] if seen.above is None else [seen.above]
        return np.array([seen.highest, seen.highest_at, seen.lowest, seen.area, *over])
