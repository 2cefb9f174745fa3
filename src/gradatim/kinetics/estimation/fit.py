"""One person's most likely parameters, given the levels that were measured in them: MAP estimates with Laplace's approximation around them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradatim.kinetics.chance import Purpose, normal
from gradatim.kinetics.elementary import normal_quantile
from gradatim.kinetics.estimation import descent, everybody
from gradatim.kinetics.estimation.closed import form_of, histories_of, plainly_dosed, typical_row
from gradatim.kinetics.estimation.draws import Draws
from gradatim.kinetics.estimation.general import fit_anything, results
from gradatim.kinetics.estimation.known import Observed, Prior, refuse
from gradatim.kinetics.events import Schedule
from gradatim.kinetics.simulate import simulate

Floats = NDArray[np.float64]

_AWAY = 1.5  # standard deviations of the prior: where further descents begin
_LOST = 1e-14  # of the greatest of some eigenvalues: a lesser one is rounding


class Ended(StrEnum):
    """How the search ended."""

    FOUND = "found"  # at a minimum of the objective
    STUCK = "stuck"  # no step goes down, though one should
    LONG = "long"  # after a hundred steps
    NOWHERE = "nowhere"  # the typical person already cannot be weighed


ENDS = {
    descent.FOUND: Ended.FOUND, descent.STUCK: Ended.STUCK, descent.LONG: Ended.LONG, descent.NOWHERE: Ended.NOWHERE,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """The mode of the posterior of one person. A level says nothing about how a dose works, and no dose follows from it.

    ``etas`` [p] and ``covariance`` [p, p] (Laplace: twice the inverse curvature of the objective) are in the order of ``prior.variability.on``;
    ``first_order`` is the covariance by Gauss and Newton, what NONMEM prints as ETC. ``objective`` is NONMEM's: −2 ln posterior without the
    constants 2π and det Ω. ``levels`` [T] at the mode and ``slopes`` [T, p], their derivatives by the etas. ``bent``: whether the exact
    curvature was a curvature at all; where it was not, ``covariance`` is ``first_order``.
    """

    prior: Prior
    observed: Observed
    etas: Floats
    objective: float
    covariance: Floats
    first_order: Floats
    levels: Floats
    slopes: Floats
    ended: Ended
    calls: int
    bent: bool

    @property
    def found(self) -> bool:
        """Whether the search ended at a minimum; the numbers of one that did not are not to be used."""
        return self.ended is Ended.FOUND

    @property
    def parameters(self) -> dict[str, float]:
        """The person's parameters, in the model's units."""
        return {name: float(value[0]) for name, value in self.prior.parameters(self.etas[:, None]).items()}

    @property
    def standard_errors(self) -> Floats:
        """Of the etas, [p]. Of a log-normal parameter it is about the relative error."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    @property
    def shrinkage(self) -> Floats:
        """How much of what is known of each eta is still what was known before, [p]: its variance over that among people. 1: nothing was
        learnt; near 0: the levels decide. NaN for an eta that does not vary."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.diag(self.covariance) / np.diag(self.prior.omega))

    @property
    def marginal(self) -> float:
        """−2 ln of how likely the levels are under the prior, etas integrated out by Laplace with the first-order curvature: what NONMEM prints
        as the OBJ of a subject (FOCE with interaction), without n·ln 2π."""
        varies = np.diag(self.prior.omega) > 0
        among, left = (
            np.linalg.slogdet(one[np.ix_(varies, varies)])[1] for one in (self.prior.omega, self.first_order)
        )
        return float(self.objective + among - left)

    def interval(self, percent: float = 90.0) -> dict[str, tuple[float, float]]:
        """The middle so many percent of each parameter that varies, by Laplace's approximation."""
        wide = -float(normal_quantile(np.array([0.5 - percent / 200]))[0]) * self.standard_errors
        low, high = (self.prior.parameters((self.etas + sign * wide)[:, None]) for sign in (-1.0, 1.0))
        return {name: (float(low[name][0]), float(high[name][0])) for name in self.prior.variability.on}

    def expected(self, times: ArrayLike, schedule: Schedule | None = None) -> Floats:
        """Levels at some times [T] with the person's parameters, after the doses taken or those of another schedule."""
        taken = schedule or self.observed.schedule
        return simulate(self.prior.model, taken, self.parameters, times).levels[:, 0]

    def draws(self, number: int = 1000, seed: int = 0) -> Draws:
        """So many persons who this one might be, from Laplace's approximation: normal around the mode."""
        p = len(self.etas)
        standard = normal(seed, Purpose.POSTERIOR, np.arange(number), p, name="laplace")
        return Draws(
            prior=self.prior, schedule=self.observed.schedule, etas=self.etas[:, None] + root_of(self.covariance) @ standard, seed=seed,
        )  # fmt: skip


def root_of(covariance: Floats) -> Floats:
    """An S with S·Sᵀ = the covariance, also of one with zeros in it."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


def inverse(curvature: Floats) -> Floats:
    """Of one curvature by z or of many, [..., p, p]. Where it is so steep along one axis that what the prior adds along every other, 2, is lost in
    rounding, that is put back: no variance comes out above that among people for it, or below 0."""
    values = np.linalg.eigvalsh(curvature)
    lost = (values[..., 0] < _LOST * values[..., -1])[..., None, None]
    if not np.any(lost):
        return np.asarray(np.linalg.inv(curvature), dtype=np.float64)
    values, axes = np.linalg.eigh(curvature)
    held = (axes / np.maximum(values, 2.0)[..., None, :]) @ np.swapaxes(axes, -1, -2)
    return np.asarray(np.where(lost, held, np.linalg.inv(np.where(lost, np.eye(curvature.shape[-1]), curvature))))


def starts_of(number: int, *, thorough: bool) -> list[float]:
    """Where descents begin: at the typical person; ``thorough``: also a way off to both sides along each axis."""
    found = [0.0] * number
    if thorough:
        for axis in range(number):
            for side in (-_AWAY, _AWAY):
                found += [side if place == axis else 0.0 for place in range(number)]
    return found


def fit(prior: Prior, observed: Observed, *, thorough: bool = True) -> Fit:
    """The most likely parameters of one person. Plain Python, no kernel: milliseconds.

    Gradients are analytic for one and two compartments by clearances, with a depot or none, doses at once; of anything else they are
    differences of the exact engine. ``thorough``: descents from 1 + 2·p starts, for a posterior may have more than one hill; else one, from the
    typical person, as NONMEM does. No level: the typical person, with the covariance among people. Raises `BadInput` for levels that the
    prior cannot weigh, all at once; a search that fails is told by ``ended``.
    """
    refuse(prior, [observed])
    number = len(prior.variability.on)
    starts = starts_of(number, thorough=thorough)
    form = form_of(prior)
    if form is None or not plainly_dosed(prior.model, observed):
        return fit_of(prior, observed, fit_anything(prior, observed, starts))
    into = results(1, number, len(observed.measured))
    told = histories_of([observed], form.lag)
    people = everybody.People(
        typical_row(prior)[0].tolist(), told.dose_first.tolist(), told.dose_times.tolist(), told.amounts.tolist(), told.note_first.tolist(),
        told.note_times.tolist(), observed.levels.tolist(), observed.below.astype(int).tolist(),
    )  # fmt: skip
    everybody.fit_everybody(0, 1, starts, form.belief(arrays=False), people, into)
    return fit_of(prior, observed, into)


def fit_of(prior: Prior, observed: Observed, into: everybody.Results) -> Fit:
    """The results of one person, from curvatures by z to covariances of etas."""
    number = len(prior.variability.on)
    factor = prior.factor
    fisher, exact = (np.array(one, dtype=np.float64).reshape(number, number) for one in (into.fishers, into.curvatures))
    ended = ENDS[int(into.ends[0])]
    if ended is Ended.NOWHERE:
        fisher = exact = 2.0 * np.eye(number)
    bent = bool(np.all(np.isfinite(exact))) and bool(np.all(np.linalg.eigvalsh(exact) > 0))
    first_order = factor @ (2.0 * inverse(fisher)) @ factor.T
    return Fit(
        prior=prior, observed=observed, etas=np.array(into.etas), objective=float(into.values[0]),
        covariance=factor @ (2.0 * inverse(exact)) @ factor.T if bent else first_order, first_order=first_order,
        levels=np.array(into.levels), slopes=np.array(into.slopes).reshape(-1, number), ended=ended, calls=int(into.ends[1]), bent=bent,
    )  # fmt: skip
