"""Draws from the posterior, forecasts and checks: against quadrature, against theory, and calibrated by simulation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from scipy.signal import lfilter

from gradatim.domain.fault import BadInput
from gradatim.kinetics import FirstOrder, Scatter, Schedule, Variability, doses, mammillary, published, simulate
from gradatim.kinetics.estimation import (
    Ended,
    Measured,
    Observed,
    Prior,
    fit,
    forecasts,
    posterior,
    prediction_errors,
    residuals,
)  # fmt: skip
from gradatim.kinetics.estimation.checks import made_up
from gradatim.kinetics.estimation.diagnosis import effective, rhat
from gradatim.kinetics.estimation.sampling import minus_two_log
from tests.kinetics.problems import objective

SIMON = Prior.of_published(published("simon-2018"))
TAKEN = doses(20.0, [24.0 * day + hour for day in range(3) for hour in (8, 14, 21)])
SEEN = Observed(schedule=TAKEN, measured=(
    Measured(time=56.0, level=60.0), Measured(time=57.5, level=320.0), Measured(time=61.9, level=150.0), Measured(time=72.0, level=80.0, below=True),
))  # fmt: skip
WIDE = Prior(
    model=mammillary(1, FirstOrder()), typical={"CL": 10.0, "V": 60.0, "KA": 1.5}, scatter=Scatter(proportional=0.6),
    variability=Variability(on=("CL", "V"), omega=((0.5, 0.2), (0.2, 0.6))),
)  # fmt: skip


def test_the_objective_of_draws_is_that_of_fits() -> None:
    z = np.random.default_rng(2).standard_normal((3, 40))
    theirs = [objective(SIMON, SEEN, SIMON.factor @ one) for one in z.T]
    assert np.allclose(minus_two_log(SIMON, SEEN, z), theirs, rtol=1e-9)


@pytest.mark.parametrize("seed", [1, 2])
def test_draws_are_those_of_the_posterior(seed: int) -> None:
    """Means, spread and skewness beside a sum over a fine grid: a posterior wide enough to be far from normal."""
    observed = Observed(
        schedule=doses(20.0, [0, 8]), measured=(Measured(time=3.0, level=0.15), Measured(time=15.0, level=0.2))
    )
    found = posterior(fit(WIDE, observed), draws=40_000, seed=seed)
    side = np.linspace(-4.5, 4.5, 141)
    grid = np.array(np.meshgrid(side, side)).reshape(2, -1)
    weights = np.exp(-0.5 * minus_two_log(WIDE, observed, grid))
    etas = WIDE.factor @ grid
    truth = np.average(etas, axis=1, weights=weights)
    spread = np.sqrt(np.average((etas - truth[:, None]) ** 2, axis=1, weights=weights))
    assert found.settled
    assert found.accepted > 0.3
    assert np.all(np.abs(found.draws.etas.mean(axis=1) - truth) < 4.5 * spread / np.sqrt(found.effective))
    assert np.allclose(found.draws.etas.std(axis=1), spread, rtol=0.03)
    for k in range(2):
        order = np.argsort(etas[k])
        cumulative = np.cumsum(weights[order]) / weights.sum()
        quantiles = [etas[k][order][np.searchsorted(cumulative, share)] for share in (0.05, 0.5, 0.95)]
        assert np.allclose(np.quantile(found.draws.etas[k], (0.05, 0.5, 0.95)), quantiles, atol=0.06 * spread[k] + 0.04)


def test_the_same_seed_gives_the_same_draws() -> None:
    found = fit(SIMON, SEEN)
    one, same, other = (posterior(found, draws=400, seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(one.draws.etas, same.draws.etas)
    assert not np.array_equal(one.draws.etas, other.draws.etas)
    assert one.draws.etas.shape == (3, 400)
    assert np.all(np.abs(one.correlation()) <= 1 + 1e-12)


def test_without_levels_the_posterior_is_the_prior() -> None:
    found = posterior(fit(SIMON, Observed(schedule=TAKEN)), draws=8000, seed=5)
    z = np.linalg.solve(SIMON.factor, found.draws.etas)
    assert np.allclose(z.std(axis=1), 1, atol=0.06)
    assert found.accepted > 0.7


def test_too_few_draws_are_not_called_settled() -> None:
    assert not posterior(fit(SIMON, SEEN), draws=200).settled
    with pytest.raises(BadInput, match="2 or more chains"):
        posterior(fit(SIMON, SEEN), draws=10)
    with pytest.raises(BadInput, match="thorough"):
        posterior(replace(fit(SIMON, SEEN), ended=Ended.STUCK))


# --- diagnosis -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_effective_draws_of_an_ar1_chain(rho: float) -> None:
    shares = []
    for seed in range(12):
        noise = np.random.default_rng(seed).standard_normal((4, 5000)) * np.sqrt(1 - rho**2)
        noise[:, 0] /= np.sqrt(1 - rho**2)
        chains = lfilter([1.0], [1.0, -rho], noise, axis=1)
        shares.append(effective(chains) / chains.size)
        assert rhat(chains) < 1.03
    assert np.mean(shares) == pytest.approx((1 - rho) / (1 + rho), rel=0.08)


def test_chains_that_disagree_are_noticed() -> None:
    random = np.random.default_rng(9)
    apart = random.standard_normal((4, 500)) + np.arange(4)[:, None]
    drifting = random.standard_normal((4, 500)) + np.linspace(0, 3, 500)
    assert rhat(apart) > 1.2
    assert rhat(drifting) > 1.1
    assert effective(apart) < 40
    assert np.isnan(rhat(np.ones((4, 100))))


# --- bands and forecasts ----------------------------------------------------------------------------------------------------


def test_bands_grow_away_from_what_was_measured() -> None:
    found = fit(SIMON, SEEN)
    times = [57.5, 61.9, 80.0]
    low, middle, high = found.draws(2000, seed=1).bands(times)
    assert np.all((low < middle) & (middle < high))
    assert np.allclose(middle, found.expected(times), rtol=0.1)
    measured = found.draws(2000, seed=1).bands(times, measured=True)
    assert np.all(measured[2] - measured[0] > high - low)
    before = fit(SIMON, Observed(schedule=TAKEN)).draws(2000, seed=1).bands(times)
    assert np.all(high - low < before[2] - before[0])
    for one in (found, found.draws(4000), posterior(found).draws):
        for name, (bottom, top) in one.interval().items():
            assert bottom < found.parameters[name] < top
    with pytest.raises(BadInput, match="percent"):
        found.draws().bands(times, (5, 950))


def test_other_doses_than_those_taken() -> None:
    found = fit(SIMON, SEEN)
    double = Schedule(rows=tuple(replace(row, amt=2 * row.amt) for row in TAKEN.rows))
    assert np.allclose(found.expected([60.0], double), 2 * found.expected([60.0]))
    assert np.allclose(found.draws(50).levels([60.0], double), 2 * found.draws(50).levels([60.0]))


def test_a_forecast_knows_nothing_of_what_comes() -> None:
    whole = forecasts(SIMON, SEEN)
    assert [one.known for one in whole.each] == [0, 1, 2, 3]
    assert whole.each[0].expected == pytest.approx(whole.each[0].typical)
    changed = replace(
        SEEN, measured=(*SEEN.measured[:2], Measured(time=61.9, level=5.0), Measured(time=72.0, level=900.0))
    )
    again = forecasts(SIMON, changed)
    assert [one.expected for one in again.each[:3]] == [one.expected for one in whole.each[:3]]
    assert again.each[3].expected != whole.each[3].expected
    assert np.isnan(whole.each[3].error)
    assert whole.each[1].error == pytest.approx(whole.each[1].expected / 320.0 - 1)
    assert whole.imprecision() >= abs(whole.bias()) - 1e-12
    later = fit(SIMON, SEEN.until(60.0))
    assert whole.each[2].expected == pytest.approx(float(later.expected([61.9])[0]))


def test_levels_help_to_forecast() -> None:
    """Over made-up people the person's own forecast is nearer than the typical one, and about 90 % lie inside."""
    times = [8.9, 13.5, 33.0, 37.5]
    design = Observed(schedule=TAKEN, measured=tuple(Measured(time=time, level=1.0) for time in times))
    made = made_up(SIMON, design, 0, 60, seed=4).T
    each = [
        one
        for levels in np.maximum(made, 1.0).tolist()
        for one in forecasts(
            SIMON,
            replace(design, measured=tuple(map(lambda t, y: Measured(time=t, level=y), times, levels))),
            thorough=False,
            draws=300,
        ).each
    ]
    known = [one for one in each if one.known == 3]
    own, typical = (
        np.median([abs(np.log(getattr(one, name) / one.measured)) for one in known]) for name in ("expected", "typical")
    )
    assert own < typical
    assert 0.84 < np.mean([one.inside for one in each]) < 0.96


# --- residuals and prediction errors ----------------------------------------------------------------------------------------


def studied(number: int, prior: Prior, seed: int) -> list[Observed]:
    random = np.random.default_rng(seed)
    found = []
    for person in range(number):
        times = np.sort(random.uniform(9, 80, 4))
        design = Observed(schedule=TAKEN, measured=tuple(Measured(time=time, level=1.0) for time in times.tolist()))
        levels = np.maximum(made_up(prior, design, person, 1, seed)[:, 0], 0.5)
        seen = tuple(
            Measured(time=time, level=level) for time, level in zip(times.tolist(), levels.tolist(), strict=True)
        )
        found.append(replace(design, measured=seen, id=str(person)))
    return found


def test_prediction_errors_are_standard_normal_where_the_model_holds() -> None:
    found = prediction_errors(SIMON, studied(150, SIMON, 21), replicates=1000, seed=2)
    assert stats.kstest(found.joint, "norm").pvalue > 1e-3
    assert stats.kstest(found.apart, "norm").pvalue > 1e-6  # levels of one person go together
    by_person = found.joint.reshape(-1, 4)
    assert np.max(np.abs(np.corrcoef(by_person.T) - np.eye(4))) < 0.35
    assert np.asarray(np.corrcoef(found.apart.reshape(-1, 4).T))[0, 1] > np.asarray(np.corrcoef(by_person.T))[0, 1]


def test_prediction_errors_show_a_model_that_does_not_hold() -> None:
    slow = replace(SIMON, typical={**SIMON.typical, "CL": 1.5 * SIMON.typical["CL"]})
    assert stats.kstest(prediction_errors(slow, studied(150, SIMON, 21), replicates=500).joint, "norm").pvalue < 1e-6
    with pytest.raises(BadInput, match="below the limit"):
        prediction_errors(SIMON, [SEEN])


def test_residuals_of_many_are_standard_normal() -> None:
    found = [residuals(fit(SIMON, one, thorough=False)) for one in studied(150, SIMON, 22)]
    conditional = np.concatenate([one.conditional for one in found])
    assert abs(conditional.mean()) < 0.2
    assert 0.85 < conditional.std() < 1.2
    one = residuals(fit(SIMON, SEEN))
    assert np.isnan(one.weighted[3])
    assert np.isnan(one.conditional[3])
    assert one.weighted[1] == pytest.approx((320.0 - one.individual[1]) / (0.24 * one.individual[1]))
    assert np.allclose(one.typical, simulate(SIMON.model, TAKEN, SIMON.typical, SEEN.times).levels[:, 0])


# --- calibration ------------------------------------------------------------------------------------------------------------


def ranks(prior: Prior, design: Observed, number: int, bins: int, believed: Prior | None = None) -> np.ndarray:
    """Simulation-based calibration (Talts S et al., arXiv 1804.06788): where a drawn truth lies among the draws of its own posterior, [p, number].
    Uniform where sampler and model are right."""
    each = bins - 1
    found = []
    random = np.random.default_rng(77)
    for person in range(number):
        eta = prior.factor @ random.standard_normal(len(prior.omega))
        true = simulate(
            prior.model, design.schedule, {k: v[0] for k, v in prior.parameters(eta[:, None]).items()}, design.times
        ).levels[:, 0]
        noise = random.standard_normal((2, len(true)))
        levels = np.maximum(prior.scatter.of(true, list(noise)), 1e-6)
        limit = 60.0
        seen = tuple(
            Measured(time=one.time, level=max(level, limit) if one.below else level, below=one.below and level < limit)
            for one, level in zip(design.measured, levels.tolist(), strict=True)
        )
        drawn = posterior(
            fit(believed or prior, replace(design, measured=seen), thorough=False),
            draws=max(800, 12 * each),
            seed=person,
        ).draws
        thin = drawn.etas[:, :: drawn.etas.shape[1] // each][:, :each]
        found.append((thin < eta[:, None]).sum(axis=1))
    return np.array(found).T


DESIGN = Observed(schedule=TAKEN, measured=(
    Measured(time=9.0, level=1), Measured(time=13.5, level=1), Measured(time=33, level=1), Measured(time=55.0, level=1, below=True),
))  # fmt: skip


def uniform(found: np.ndarray, bins: int, least: float) -> None:
    for one in found:
        assert stats.chisquare(np.bincount(one * 10 // bins, minlength=10)).pvalue > least


def test_ranks_are_uniform() -> None:
    uniform(ranks(SIMON, DESIGN, 150, 20), 20, 1e-4)


def test_ranks_of_a_wrong_scatter_are_not() -> None:
    """The test would notice: a scatter told four times too small gives posteriors that leave the truth outside."""
    sure = replace(SIMON, scatter=Scatter(proportional=0.06))
    with pytest.raises(AssertionError):
        uniform(ranks(SIMON, DESIGN, 60, 20, believed=sure), 20, 1e-4)


@pytest.mark.long
@pytest.mark.parametrize("id", ["simon-2018", "marsot-2014"])
def test_ranks_are_uniform_in_two_thousand(id: str) -> None:
    uniform(ranks(Prior.of_published(published(id)), DESIGN, 2000, 100), 100, 1e-3)
