"""Doses that are missed and doses that come late, drawn by a person's number and a dose's number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradatim.domain.fault import BadInput, Fault
from gradatim.kinetics.chance import Purpose, uniform
from gradatim.kinetics.events import Schedule
from gradatim.kinetics.histories import Histories
from gradatim.kinetics.variability import Distribution

Floats = NDArray[np.float64]


class Taking(Protocol):
    """What becomes of planned doses: `Adherence` draws it, `OwnDays` takes it from somebody's own days."""

    def taken(self, planned: Schedule, times: ArrayLike, *, first: int, number: int, seed: int = 0) -> Histories:
        """What some people really take of a schedule, each read at the same ``times``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence:
    """How doses are taken. ``missed``: the share missed after a dose that was taken; ``missed_again``: the share missed after one that was
    missed (None: the same, so that doses are independent). ``late``: hours, or the model's time unit, from the planned time to the real
    one, of a dose that is taken; below 0: early. A two-state Markov chain, as in Girard P et al, Stat Med 1998;17:2313-33.

    No such numbers for baclofen are among our sources: whoever simulates says what is assumed.
    """

    missed: float = 0.0
    missed_again: float | None = None
    late: Distribution | None = None

    def __post_init__(self) -> None:
        faults = [
            Fault(name, f"{value:g} is no share", "Write 0.1 for one in ten")
            for name, value in (("missed", self.missed), ("missed_again", self.missed_again))
            if value is not None and not 0 <= value <= 1
        ]
        if faults:
            raise BadInput(faults)

    def taken(self, planned: Schedule, times: ArrayLike, *, first: int, number: int, seed: int = 0) -> Histories:
        """What some people really take of a schedule of doses given at once, each read at the same ``times``.

        Raises `BadInput` for a schedule with anything else.
        """
        plain = Histories.of_schedules([planned], [[]])
        when, amounts, people = plain.dose_times, plain.amounts, np.arange(first, first + number)
        skipped = self._skipped(people, len(when), seed)
        real = np.broadcast_to(when[:, None], skipped.shape)
        if self.late is not None and len(when):
            real = real + self.late.of(uniform(seed, Purpose.LATE, people, len(when)))
        return told(np.where(skipped, np.inf, real), amounts, times)

    def _skipped(self, people: NDArray[np.int64], doses: int, seed: int) -> NDArray[np.bool_]:
        chance = uniform(seed, Purpose.MISSED, people, doses)
        again = self.missed if self.missed_again is None else self.missed_again
        skipped = np.zeros(chance.shape, dtype=bool)
        before = np.zeros(len(people), dtype=bool)
        for dose, one in enumerate(chance):
            before = one < np.where(before, again, self.missed)
            skipped[dose] = before
        return skipped


def told(real: Floats, amounts: Floats, times: ArrayLike) -> Histories:
    """Histories of the times [doses, N] at which doses were taken, infinite where they were not, each read at the same ``times``."""
    when, number = real.T, real.shape[1]
    order = np.argsort(when, axis=1, kind="stable")
    sorted_ = np.take_along_axis(when, order, axis=1)
    kept = np.isfinite(sorted_)
    asked = np.atleast_1d(np.asarray(times, dtype=np.float64))
    return Histories(
        dose_first=np.concatenate([[0], np.cumsum(kept.sum(axis=1))]).astype(np.int64), dose_times=sorted_[kept], amounts=amounts[order][kept],
        note_first=np.arange(number + 1, dtype=np.int64) * len(asked), note_times=np.tile(asked, number),
    )  # fmt: skip
