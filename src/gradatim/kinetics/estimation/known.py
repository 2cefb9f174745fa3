"""What a fit starts from: what is known of people before a level is measured, and what was measured in one of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from gradatim.domain.fault import BadInput, Fault
from gradatim.kinetics.catalogue import MODELS, published
from gradatim.kinetics.events import Schedule
from gradatim.kinetics.population import Population
from gradatim.kinetics.published import PublishedModel, WayIn
from gradatim.kinetics.structure import LinearModel
from gradatim.kinetics.variability import Scatter, Variability

Floats = NDArray[np.float64]

_SOONER = 1e-9


def with_all_it_takes() -> tuple[str, ...]:
    """The models of the library that a person can be fitted with: those that say how people differ and how measured levels scatter."""
    return tuple(
        id for id in MODELS
        if published(id).spreads and published(id).residuals and published(id).way_in is not WayIn.DIRECT
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prior:
    """A model, the ``typical`` parameters of people like this one, how they differ (``variability``), and how measured levels ``scatter``.

    ``missing`` says what the source of the numbers does not give. Raises `BadInput` where one does not fit the others.
    """

    model: LinearModel
    typical: Mapping[str, float]
    variability: Variability
    scatter: Scatter
    missing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        faults: list[Fault] = []
        try:
            self.model.setting(self.typical, at="typical")
        except BadInput as bad:
            faults += bad.faults
        faults += [
            Fault(
                f"variability.{name}",
                "has no typical value",
                f"Give {name} among the typical parameters, or leave it out",
            )
            for name in self.variability.on
            if name not in self.typical
        ]
        faults += [
            Fault(f"variability.{name}", f"its typical value is {self.typical[name]:g}", "Give one above 0")
            for name in self.variability.on
            if name in self.typical and not self.typical[name] > 0
        ]
        if not (self.scatter.proportional or self.scatter.additive):
            faults.append(Fault("scatter", "is 0: measured levels would be the true ones", "Give a standard deviation"))
        if faults:
            raise BadInput(faults)

    @classmethod
    def of_published(
        cls,
        model: PublishedModel,
        covariates: Mapping[str, float] | None = None,
        *,
        scatter: Scatter | None = None,
    ) -> Self:
        """What a model of the library knows of people with these covariates. ``scatter``, in the model's level unit, takes the place of the
        published one. Nothing is made up: raises `BadInput` for a model whose source does not say how people differ, or how levels scatter.
        """
        able = f"Use one of: {', '.join(with_all_it_takes())}"
        faults = []
        if not model.spreads:
            faults.append(
                Fault("model", f"{model.id}: how people differ is not published, so nothing holds a fit together", able)
            )
        if not model.residuals and scatter is None:
            own = f"{able}; or give the scatter of your own measurements"
            faults.append(Fault("model", f"{model.id}: how far measured levels scatter is not published", own))
        if model.way_in is WayIn.DIRECT:
            faults.append(Fault("model", f"{model.id}: has no rate of absorption, so no curve after a tablet", able))
        if faults:
            raise BadInput(faults)
        people = Population.of_published(model)
        known = scatter or people.scatter
        assert people.variability is not None
        assert known is not None
        return cls(
            model=model.model(), typical=model.typical(covariates), variability=people.variability, scatter=known, missing=model.missing,
        )  # fmt: skip

    @property
    def omega(self) -> Floats:
        """The covariance of the etas, [p, p]."""
        return np.array(self.variability.omega, dtype=np.float64)

    @property
    def factor(self) -> Floats:
        """The lower L with L·Lᵀ = Ω, [p, p]."""
        return self.variability.etas(np.eye(len(self.variability.on)))

    @property
    def lag(self) -> float:
        """How much later than taken a dose gets in: ALAG1, which stands before ALAG as it does in every engine, or 0."""
        return float(self.typical.get("ALAG1", self.typical.get("ALAG", 0.0)))

    def parameters(self, etas: Floats) -> dict[str, Floats]:
        """The parameters of people with these etas [p, K], [K] each."""
        size = np.shape(etas)[1]
        typical = {name: np.full(size, float(value)) for name, value in self.typical.items()}
        return self.variability.applied(typical, etas)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A ``level`` that was measured at a ``time``; ``below``: it lay below the limit of the method, which is then ``level``. ``row``: of the table
    it stood in."""

    time: float
    level: float
    below: bool = False
    row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Observed:
    """One person: the doses that were taken, and the levels that were measured, in order of time. A dose at a time of measuring counts.

    Raises `BadInput` with everything wrong with the levels.
    """

    schedule: Schedule
    measured: tuple[Measured, ...] = ()
    id: str = "1"

    def __post_init__(self) -> None:
        if faults := list(self._faults()):
            raise BadInput(faults)

    def _faults(self) -> Iterator[Fault]:
        last = -math.inf
        for number, one in enumerate(self.measured, 1):
            row = f"row {one.row or number}"
            if not math.isfinite(one.time):
                yield Fault(f"{row}.TIME", f"{one.time} is no time", "Give a number")
            elif one.time < last:
                yield Fault(f"{row}.TIME", f"{one.time:g} comes after {last:g}", "Sort by time")
            else:
                last = one.time
            if not math.isfinite(one.level) or one.level < 0:
                yield Fault(
                    f"{row}.DV",
                    f"{one.level:g} is no level",
                    "Give 0 or more; below the limit give the limit, marked as such",
                )
            elif one.below and one.level == 0:
                yield Fault(f"{row}.DV", "below a limit of 0", "Give the limit of the method")

    @classmethod
    def of_schedule(cls, schedule: Schedule, below: str | None = None) -> Self:
        """From a table of events: the observation rows (EVID 0) that have a DV. ``below`` names the covariate that is not 0 where the DV is the
        limit that a level lay below. A level whose row stands before a dose at the same time was drawn before it: it comes out a billionth
        earlier, so that the dose does not count."""
        flags = schedule.covariates.get(below, ()) if below is not None else ()
        if below is not None and not flags and schedule.rows:
            raise BadInput([Fault(below, "is no covariate of the schedule", "Name it when the table is read")])
        seen = tuple(
            Measured(time=_seen_at(schedule, place), level=row.dv, below=bool(flags and flags[place]), row=row.number)
            for place, row in enumerate(schedule.rows)
            if row.evid == 0 and row.dv is not None
        )
        return cls(schedule=schedule, measured=seen, id=schedule.id)

    @property
    def times(self) -> Floats:
        """When levels were measured, [T]."""
        return np.array([one.time for one in self.measured])

    @property
    def levels(self) -> Floats:
        """What was measured, or the limit it lay below, [T]."""
        return np.array([one.level for one in self.measured])

    @property
    def below(self) -> NDArray[np.bool_]:
        """Which lay below the limit, [T]."""
        return np.array([one.below for one in self.measured], dtype=np.bool_)

    def until(self, time: float) -> Observed:
        """The same with the levels up to a time only."""
        return self.first(sum(one.time <= time for one in self.measured))

    def first(self, number: int) -> Observed:
        """The same with so many levels only."""
        return Observed(schedule=self.schedule, measured=self.measured[:number], id=self.id)


def _seen_at(schedule: Schedule, place: int) -> float:
    time = schedule.rows[place].time
    later = any(row.doses and row.time == time for row in schedule.rows[place + 1 :])
    return time - _SOONER * max(abs(time), 1.0) if later else time


def refuse(prior: Prior, people: Sequence[Observed]) -> None:
    """Raise `BadInput` for every level that a prior cannot weigh, with its row and the remedy."""
    faults = [fault for one in people for fault in _unweighable(prior, one, several=len(people) > 1)]
    if faults:
        raise BadInput(faults)


def _unweighable(prior: Prior, one: Observed, *, several: bool) -> Iterator[Fault]:
    if prior.scatter.additive:
        return
    first = min((row.time for row in one.schedule.rows if row.doses), default=math.inf)
    lag = prior.lag
    settled = any(row.ss for row in one.schedule.rows)
    whose = f"ID {one.id}, " if several else ""
    for number, seen in enumerate(one.measured, 1):
        row = f"{whose}row {seen.row or number}"
        if seen.time <= first + lag and not (settled and seen.time == first):
            problem = "no drug has got in by then, and a scatter in proportion to a level of 0 has no width"
            yield Fault(
                f"{row}.TIME",
                problem,
                "Give the doses before it, leave the row out, or use a model with an additive scatter",
            )
        elif seen.level == 0:
            yield Fault(
                f"{row}.DV",
                "a level of 0 where the scatter is in proportion",
                "Give the limit of the method, marked as below it",
            )
