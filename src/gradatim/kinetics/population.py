"""Virtual people by their numbers: the same seed gives the same person, whoever else is drawn, in whatever order, wherever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradatim.domain.fault import one_fault
from gradatim.kinetics.chance import Purpose, normal, uniform
from gradatim.kinetics.published import ErrorKind, PublishedModel
from gradatim.kinetics.structure import Values
from gradatim.kinetics.variability import Distribution, Scatter, Variability

Floats = NDArray[np.float64]
Covariates: TypeAlias = Mapping[str, Floats]
Derived: TypeAlias = Callable[[Covariates], Floats]
"""A covariate that follows from those before it, such as creatinine clearance."""
Typical: TypeAlias = Values | Callable[[Covariates], Values]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Population:
    """Typical parameters, or a function of covariates [N] that gives them; how people differ (between persons, and from occasion to
    occasion on top of it); distributions of covariates, by name, in order; how measurements scatter.

    ``missing`` says what the source of the numbers does not give, and is therefore not varied.
    """

    typical: Typical
    variability: Variability | None = None
    occasions: Variability | None = None
    covariates: Mapping[str, Distribution | Derived | float] = field(default_factory=dict)
    scatter: Scatter | None = None
    seed: int = 0
    missing: tuple[str, ...] = ()

    @classmethod
    def of_published(
        cls,
        model: PublishedModel,
        *,
        covariates: Mapping[str, Distribution | Derived | float] | None = None,
        seed: int = 0,
    ) -> Population:
        """The people of a model of the library, as far as it tells: log-normal by its CVs, without correlations (none is published)."""
        cv = {spread.on: spread.cv.to("1") for spread in model.spreads}
        kinds = {one.error: one.size for one in model.residuals}
        unit = model.model().units.level
        scatter = Scatter(
            proportional=kinds[ErrorKind.PROPORTIONAL].to("1") if ErrorKind.PROPORTIONAL in kinds else 0.0,
            additive=kinds[ErrorKind.ADDITIVE].to(unit) if ErrorKind.ADDITIVE in kinds else 0.0,
        )
        names = [*model.needs, *model.options]
        return cls(
            typical=lambda drawn: model.typical_of({name: drawn[name] for name in names if name in drawn}),
            variability=Variability.of_cv(cv) if cv else None, covariates=covariates or {}, scatter=scatter if kinds else None, seed=seed,
            missing=model.missing,
        )  # fmt: skip

    def drawn(self, first: int, number: int) -> dict[str, Floats]:
        """The covariates of some people, by the number of the first and how many, [N] each."""
        people = np.arange(first, first + number)
        found: dict[str, Floats] = {}
        for name, source in self.covariates.items():
            if isinstance(source, int | float):
                found[name] = np.full(number, float(source))
            elif callable(source):
                found[name] = np.asarray(source(found), dtype=np.float64)
            else:
                found[name] = source.of(uniform(self.seed, Purpose.COVARIATE, people, 1, name=name)[0])
            if found[name].shape != (number,):
                raise one_fault(
                    f"covariates.{name}", f"has the shape {found[name].shape}", "Give one number for each person"
                )
        return found

    def parameters(self, first: int, number: int) -> dict[str, Floats]:
        """The parameters of some people, [N] each: what `curves`, `bands` and the others take."""
        return self._parameters(first, number, None)

    def on_occasions(self, first: int, number: int, name: str = "OCC") -> Callable[[Mapping[str, float]], Values]:
        """Parameters by occasion: for a schedule whose rows have the covariate ``name``, the number of the occasion, 0 or more."""
        return lambda row: self._parameters(first, number, int(row[name]))

    def _parameters(self, first: int, number: int, occasion: int | None) -> dict[str, Floats]:
        people = np.arange(first, first + number)
        typical = self.typical(self.drawn(first, number)) if callable(self.typical) else self.typical
        found = {name: _everybody(value, number) for name, value in typical.items()}
        if self.variability is not None:
            standard = normal(self.seed, Purpose.PERSON, people, len(self.variability.on))
            found = self.variability.applied(found, self.variability.etas(standard))
        if self.occasions is not None and occasion is not None:
            standard = normal(self.seed, Purpose.OCCASION, people, len(self.occasions.on), of=occasion)
            found = self.occasions.applied(found, self.occasions.etas(standard))
        return found

    def measured(self, levels: ArrayLike, first: int = 0) -> Floats:
        """Levels [T, N] of people from ``first`` on, as they would be measured. Unchanged where no scatter is known."""
        true = np.asarray(levels, dtype=np.float64)
        if self.scatter is None:
            return true
        people = np.arange(first, first + true.shape[1])
        noise = [normal(self.seed, Purpose.RESIDUAL, people, len(true), of=kind) for kind in range(2)]
        return self.scatter.of(true, noise)


def _everybody(value: ArrayLike, number: int) -> Floats:
    array = np.asarray(value, dtype=np.float64)
    return np.broadcast_to(array, (number,)) if array.ndim == 0 else array
