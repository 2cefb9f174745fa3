"""Whether a model fits people: residuals of a fit, and prediction errors beside what the model makes up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradatim.domain.fault import one_fault
from gradatim.kinetics.chance import Purpose, normal
from gradatim.kinetics.crowd import curves
from gradatim.kinetics.elementary import normal_quantile
from gradatim.kinetics.estimation.fit import Fit
from gradatim.kinetics.estimation.known import Observed, Prior
from gradatim.kinetics.simulate import simulate

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Residuals:
    """Of each measured level, [T]: what the typical person would have (PRED), what this one would (IPRED), the weighted residual of this one
    (IWRES), and the conditional weighted residual (CWRES; Hooker AC et al., Pharm Res 2007;24:2187-97). NaN where a level lay below a limit."""

    times: Floats
    measured: Floats
    typical: Floats
    individual: Floats
    weighted: Floats
    conditional: Floats


def residuals(found: Fit) -> Residuals:
    """CWRES: y − (f − J·η̂) whitened by J·Ω·Jᵀ + diag v(f), both at the mode. About standard normal where the model holds."""
    prior, observed, f = found.prior, found.observed, found.levels
    y = np.where(observed.below, np.nan, observed.levels)
    typical = (
        simulate(prior.model, observed.schedule, prior.typical, observed.times).levels[:, 0] if len(f) else np.empty(0)
    )
    v = prior.scatter.additive**2 + (prior.scatter.proportional * f) ** 2
    seen = ~observed.below
    conditional = np.full(len(f), np.nan)
    if seen.any():
        slopes = found.slopes[seen]
        covariance = slopes @ prior.omega @ slopes.T + np.diag(v[seen])
        conditional[seen] = _whitened(covariance, y[seen] - (f[seen] - slopes @ found.etas))
    return Residuals(
        times=observed.times, measured=observed.levels, typical=typical, individual=f, weighted=(y - f) / np.sqrt(v),
        conditional=conditional,
    )  # fmt: skip


def _whitened(covariance: Floats, values: Floats) -> Floats:
    """The symmetric root of the inverse, times some values: no order of the levels is preferred."""
    weights, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors @ ((vectors.T @ values) / np.sqrt(np.maximum(weights, 1e-300))))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PredictionErrors:
    """Of all measured levels, in the order of the people. ``apart`` (npd): the share of made-up levels below each, as a normal quantile.
    ``joint`` (NPDE): the same after the levels of a person are decorrelated (Brendel K et al., Pharm Res 2006;23:2036-49; Comets E et al.,
    Comput Methods Programs Biomed 2008;90:154-66). Both standard normal where the model holds; no parameter is estimated for them."""

    apart: Floats
    joint: Floats
    replicates: int


def prediction_errors(
    prior: Prior, people: Sequence[Observed], *, replicates: int = 1000, seed: int = 0
) -> PredictionErrors:
    """Beside so many made-up people with the doses and times of each. Levels below a limit are refused: what they were is not known."""
    if any(one.below.any() for one in people):
        raise one_fault("measured", "some levels lay below the limit", "Leave them out for this check, and say so")
    apart, joint = [np.empty(0)], [np.empty(0)]
    for number, one in enumerate(people):
        if not one.measured:
            continue
        made = made_up(prior, one, number * replicates, replicates, seed)
        centre = made.mean(axis=1)
        root = np.linalg.cholesky(np.atleast_2d(np.cov(made)))
        white = np.linalg.solve(root, made - centre[:, None])
        apart.append(_as_normal(made, one.levels))
        joint.append(_as_normal(white, np.linalg.solve(root, one.levels - centre)))
    return PredictionErrors(apart=np.concatenate(apart), joint=np.concatenate(joint), replicates=replicates)


def made_up(prior: Prior, one: Observed, first: int, number: int, seed: int) -> Floats:
    """Measured levels [T, K] of made-up people with one person's doses and times, by their numbers from ``first`` on."""
    people = np.arange(first, first + number)
    etas = prior.variability.etas(normal(seed, Purpose.PERSON, people, len(prior.variability.on), name="made up"))
    true = curves(prior.model, one.schedule, prior.parameters(etas), one.times).levels
    noise = [normal(seed, Purpose.RESIDUAL, people, len(true), of=kind, name="made up") for kind in range(2)]
    return prior.scatter.of(true, noise)


def _as_normal(made: Floats, seen: Floats) -> Floats:
    """The normal quantile of the share of made-up levels below each; half a level stands for those at the ends."""
    number = made.shape[1]
    share = (made < seen[:, None]).sum(axis=1) / number
    return normal_quantile(np.clip(share, 0.5 / number, 1 - 0.5 / number))
