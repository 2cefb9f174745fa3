"""Persons whom one person might be: draws of the etas after levels were measured, and the levels that they have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradatim.domain.fault import BadInput, Fault
from gradatim.kinetics.chance import Purpose, normal
from gradatim.kinetics.crowd import curves
from gradatim.kinetics.estimation.known import Prior
from gradatim.kinetics.events import Schedule

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draws:
    """``etas`` [p, K], all as likely as each other. ``schedule``: the doses that were taken."""

    prior: Prior
    schedule: Schedule
    etas: Floats
    seed: int = 0

    @property
    def parameters(self) -> dict[str, Floats]:
        """Of each, [K]."""
        return self.prior.parameters(self.etas)

    def thinned(self, number: int) -> Draws:
        """At most so many of them, evenly."""
        every = max(1, -(-self.etas.shape[1] // number))
        return Draws(prior=self.prior, schedule=self.schedule, etas=self.etas[:, ::every], seed=self.seed)

    def interval(self, percent: float = 90.0) -> dict[str, tuple[float, float]]:
        """The middle so many percent of each parameter that varies."""
        ends = [50.0 - percent / 2, 50.0 + percent / 2]
        values = self.parameters
        return {
            name: (float(low), float(high))
            for name in self.prior.variability.on
            for low, high in [np.percentile(values[name], ends)]
        }

    def levels(self, times: ArrayLike, schedule: Schedule | None = None) -> Floats:
        """At some times in order, [T, K]: after the doses taken, or those of another schedule."""
        return np.asarray(
            curves(self.prior.model, schedule or self.schedule, self.parameters, np.atleast_1d(times)).levels
        )

    def bands(
        self,
        times: ArrayLike,
        percents: Sequence[float] = (5, 50, 95),
        *,
        schedule: Schedule | None = None,
        measured: bool = False,
    ) -> Floats:
        """What so many percent of the draws do not exceed, [Q, T]: of the true level, or as it would be ``measured``. Raises `BadInput`."""
        if any(not 0 <= one <= 100 for one in percents):
            raise BadInput([Fault("percents", "are not percent", "Give numbers from 0 to 100")])
        found = self.levels(times, schedule)
        if measured:
            people = np.arange(found.shape[1])
            noise = [
                normal(self.seed, Purpose.RESIDUAL, people, len(found), of=kind, name="predicted") for kind in range(2)
            ]
            found = self.prior.scatter.of(found, noise)
        return np.asarray(np.percentile(found, list(percents), axis=1))
