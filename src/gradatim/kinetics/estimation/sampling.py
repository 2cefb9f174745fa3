"""The whole posterior of one person, by draws: an independence sampler that Laplace's approximation proposes to.

A proposal comes, nine times in ten, from a t distribution with 5 degrees of freedom around the mode, wide as Laplace has it; else from the prior.
A posterior is at most a constant times its prior, so the ratio of the two has a bound and the chains are uniformly ergodic (Mengersen KL,
Tweedie RL, Ann Stat 1996;24:101-21): no proposal is ever missed for good. All levels are worked out beforehand, at once. Random numbers are those of
`gradatim.kinetics.chance`: the same seed gives the same draws on every machine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradatim.domain.fault import one_fault
from gradatim.kinetics.chance import Purpose, normal, uniform
from gradatim.kinetics.crowd import curves
from gradatim.kinetics.elementary import log
from gradatim.kinetics.estimation.descent import below
from gradatim.kinetics.estimation.diagnosis import effective, rhat
from gradatim.kinetics.estimation.draws import Draws
from gradatim.kinetics.estimation.fit import Fit, root_of
from gradatim.kinetics.estimation.known import Observed, Prior

Floats = NDArray[np.float64]

_FREEDOM = 5
_FROM_PRIOR = 0.1
_WARM = 50
RHAT, EFFECTIVE = 1.01, 400.0
"""What is asked of every eta before a posterior is called ``settled`` (Vehtari A et al., Bayesian Anal 2021;16:667-718)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Posterior:
    """``draws`` are those of all chains, one chain after the other. Of each eta: ``rhat`` and ``effective``, how many independent draws they are
    worth. ``accepted``: the share of proposals; ``weight``: the effective share of the same proposals as importance weights."""

    draws: Draws
    chains: int
    rhat: Floats
    effective: Floats
    accepted: float
    weight: float

    @property
    def settled(self) -> bool:
        """Whether the chains agree and are worth enough draws. Where not: take more draws."""
        varies = np.diag(self.draws.prior.omega) > 0
        return bool(np.all(self.rhat[varies] < RHAT) and np.all(self.effective[varies] > EFFECTIVE))

    def correlation(self) -> Floats:
        """Of the etas, [p, p]."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.atleast_2d(np.corrcoef(self.draws.etas))


def posterior(found: Fit, *, draws: int = 4000, chains: int = 4, seed: int = 0) -> Posterior:
    """So many draws in all, of so many chains. Raises `BadInput` for a fit that ended at no minimum, and for fewer than 2 chains of 8 draws."""
    if not found.found:
        raise one_fault(
            "fit", f"the search is {found.ended}", "Look at the levels and doses, or fit again with thorough=True"
        )
    if chains < 2 or draws // chains < 8:
        raise one_fault("draws", f"{draws} draws of {chains} chains", "Ask for 2 or more chains of 8 or more draws")
    each = draws // chains
    size, p = chains * (each + _WARM), len(found.etas)
    z, proposed = _proposals(found, size, seed)
    weights = -0.5 * minus_two_log(found.prior, found.observed, z) - proposed
    luck = log(uniform(seed, Purpose.POSTERIOR, np.arange(size), 1, name="accept")[0]).tolist()
    kept, moved = _walk(weights.tolist(), luck, chains, each)
    by_chain = z[:, kept].reshape(p, chains, each)
    etas = found.prior.factor @ z[:, kept]
    with np.errstate(under="ignore"):
        shares = np.exp(weights - np.max(weights))
    return Posterior(
        draws=Draws(prior=found.prior, schedule=found.observed.schedule, etas=etas, seed=seed), chains=chains,
        rhat=np.array([rhat(one) for one in by_chain]), effective=np.array([effective(one) for one in by_chain]),
        accepted=moved / (chains * each), weight=float(shares.sum() ** 2 / (size * (shares**2).sum())),
    )  # fmt: skip


def _proposals(found: Fit, size: int, seed: int) -> tuple[Floats, Floats]:
    """Proposed z [p, K], and the logarithm of their density, up to a constant that is the same for all."""
    p, numbers = len(found.etas), np.arange(size)
    back = np.linalg.pinv(found.prior.factor)
    mode, spread = back @ found.etas, back @ found.covariance @ back.T
    root = root_of(spread + 1e-12 * np.eye(p))
    standard = normal(seed, Purpose.POSTERIOR, numbers, p + _FREEDOM, name="propose")
    around, chi = standard[:p], (standard[p:] ** 2).sum(axis=0)
    local = mode[:, None] + root @ (around * np.sqrt(_FREEDOM / chi))
    wide = uniform(seed, Purpose.POSTERIOR, numbers, 1, name="wide")[0] < _FROM_PRIOR
    z = np.where(wide, around, local)
    off = np.linalg.solve(root, z - mode[:, None])
    t = (
        math.lgamma((_FREEDOM + p) / 2) - math.lgamma(_FREEDOM / 2) - 0.5 * p * math.log(_FREEDOM * math.pi)
        - float(np.linalg.slogdet(root)[1]) - 0.5 * (_FREEDOM + p) * np.log1p((off**2).sum(axis=0) / _FREEDOM)
    )  # fmt: skip
    prior = -0.5 * p * math.log(2 * math.pi) - 0.5 * (z**2).sum(axis=0)
    return z, np.logaddexp(math.log(1 - _FROM_PRIOR) + t, math.log(_FROM_PRIOR) + prior)


def _walk(weights: list[float], luck: list[float], chains: int, each: int) -> tuple[list[int], int]:
    """Which proposal each draw is, and how often a chain moved after its beginning."""
    kept, moved, step = [], 0, each + _WARM
    for chain in range(chains):
        now = chain * step
        for place in range(chain * step + 1, (chain + 1) * step):
            if luck[place] < weights[place] - weights[now]:
                now = place
                moved += place - chain * step >= _WARM
            if place - chain * step >= _WARM:
                kept.append(now)
        # the warm-up holds _WARM proposals, the first of them the beginning
    return kept, moved


def minus_two_log(prior: Prior, observed: Observed, z: Floats) -> Floats:
    """The objective of `gradatim.kinetics.estimation.descent` at each of some z [p, K], by the engine for many; infinite where an eta leaves no
    parameter."""
    value = (z**2).sum(axis=0)
    if not observed.measured:
        return np.asarray(value)
    with np.errstate(over="ignore", invalid="ignore"):
        values = prior.parameters(prior.factor @ z)
    possible = np.all(
        [np.isfinite(one) & (one > 0) for name, one in values.items() if name in prior.variability.on], axis=0
    )
    values = {name: np.where(possible, one, prior.typical[name]) for name, one in values.items()}
    f = curves(prior.model, observed.schedule, values, observed.times).levels
    return np.where(possible, value + misfits(prior, observed, f).sum(axis=0), np.inf)


def misfits(prior: Prior, observed: Observed, f: Floats) -> Floats:
    """What each measured level adds to the objective, for levels f [T, K]."""
    v = prior.scatter.additive**2 + (prior.scatter.proportional * f) ** 2
    y, limited = observed.levels[:, None], observed.below
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(v > 0, (y - f) ** 2 / v + np.log(v), np.inf)
        for place in np.flatnonzero(limited).tolist():
            scaled = (y[place] - f[place]) / np.sqrt(v[place])
            found[place] = [-2.0 * below(one)[0] if math.isfinite(one) else math.inf for one in scaled.tolist()]
    return np.asarray(found)
