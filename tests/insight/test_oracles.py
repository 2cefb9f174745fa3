"""The same numbers by another road: statsmodels, plain NumPy, and likelihoods written out in full."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal, t
from statsmodels.regression.linear_model import GLS
from statsmodels.stats.multitest import multipletests
from tests.insight.simulated import Person, doses, noise

from gradatim.insight.before_after import shift_between
from gradatim.insight.doses import changes, levels
from gradatim.insight.many import holm, many
from gradatim.insight.margin import OF_MEDIANS, Margin, margin
from gradatim.insight.memory import GRID, fit, fit_levels, indicator, memory, weigh
from gradatim.insight.series import Days, Numbers
from gradatim.insight.trend import slope_of_weeks


def correlation(days: Days, phi: float) -> Numbers:
    return np.asarray(phi ** np.abs(days[:, None] - days[None, :]), dtype=np.float64)


def a_record(seed: int) -> tuple[Days, Numbers, Numbers]:
    series = Person(phi=0.4, missing=0.3).scores(np.random.default_rng(seed), np.zeros(40))
    return series.days, series.numbers, indicator(levels(series.days, changes(doses(15, 25))))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("at", [0, 6, 12, 18])
def test_variance_and_likelihood_against_generalised_least_squares(seed: int, at: int) -> None:
    days, values, design = a_record(seed)
    found = fit(days, values, design, step=0)
    matrix = correlation(days, float(GRID[at]))
    oracle = GLS(values, design, sigma=matrix).fit()
    assert found.variance[at] == pytest.approx(oracle.scale)
    # The restricted likelihood is that of contrasts that the levels do not touch.
    free = np.linalg.svd(design)[0][:, design.shape[1] :]

    def restricted(which: int) -> float:
        inside = free.T @ correlation(days, float(GRID[which])) @ free
        own = found.variance[which]
        return float(multivariate_normal(cov=own * inside).logpdf(free.T @ values))

    assert found.log_weights[at] - found.log_weights[3] == pytest.approx(restricted(at) - restricted(3))


@pytest.mark.parametrize("seed", range(3))
def test_levels_and_the_general_design_agree(seed: int) -> None:
    series = Person(phi=0.6, missing=0.2).scores(np.random.default_rng(seed), np.zeros(120))
    number = levels(series.days, changes(doses(10, 5, 60, 45)))
    quick = fit_levels(series.days, series.numbers, number, 1)
    slow = fit(series.days, series.numbers, indicator(number), 1)
    assert quick.variance == pytest.approx(slow.variance)
    assert quick.log_weights == pytest.approx(slow.log_weights)


def test_the_margin_of_a_difference_against_its_variance_in_full() -> None:
    days, values, design = a_record(5)
    contrast = design[:, 1] / design[:, 1].sum() - design[:, 0] / design[:, 0].sum()
    remembered = weigh(fit(days, values, design, 0), len(days))
    found = margin(days, values, design, contrast, remembered, 0)
    for at in (0, 9, 18):
        matrix = correlation(days, float(GRID[at]))
        own = GLS(values, design, sigma=matrix).fit().scale
        assert found.errors[at] == pytest.approx(OF_MEDIANS * np.sqrt(own * contrast @ matrix @ contrast))


def test_one_memory_is_students_t_and_a_mixture_lies_between() -> None:
    one = Margin(errors=(0.5,), weights=(1.0,), freedom=9)
    assert one.half_width() == pytest.approx(0.5 * t.ppf(0.975, 9))
    assert one.chance(1.0) == pytest.approx(2 * t.sf(2, 9))
    two = Margin(errors=(0.5, 1.0), weights=(0.5, 0.5), freedom=9)
    draws = np.random.default_rng(1).choice([0.5, 1.0], 400_000) * t.rvs(9, size=400_000, random_state=2)
    assert two.half_width() == pytest.approx(float(np.quantile(np.abs(draws), 0.95)), rel=0.01)
    assert two.chance(two.half_width()) == pytest.approx(0.05)


@pytest.mark.parametrize("phi", [0.0, 0.3, 0.6])
def test_memory_is_recovered(phi: float) -> None:
    series = Person(phi=phi).scores(np.random.default_rng(7), np.zeros(700))
    assert memory(series).typical == pytest.approx(phi, abs=0.12)


@pytest.mark.parametrize("seed", range(4))
def test_shift_and_slope_by_brute_force(seed: int) -> None:
    draw = np.random.default_rng(seed)
    one, other = draw.integers(0, 11, 7).astype(float), draw.integers(0, 11, 12).astype(float)
    assert shift_between(one, other) == np.median([b - a for a in one for b in other])
    weeks = np.arange(70) / 7
    values = noise(draw, 70, 0.3)
    means = values.reshape(10, 7).mean(axis=1)
    slopes = [(means[j] - means[i]) / (j - i) for i in range(10) for j in range(i + 1, 10)]
    assert slope_of_weeks(weeks, values) == pytest.approx(np.median(slopes))


@pytest.mark.parametrize("seed", range(5))
def test_holm_against_statsmodels(seed: int) -> None:
    chances = np.round(np.random.default_rng(seed).random(12) ** 3, 3)
    refused, adjusted, _, _ = multipletests(chances, alpha=0.05, method="holm")
    assert holm(chances.tolist()) == pytest.approx(adjusted)
    assert many(chances.tolist()).together == refused.sum()


def test_many_by_hand() -> None:
    found = many([0.01, 0.04, 0.03, 0.5])
    assert found.adjusted == pytest.approx((0.04, 0.09, 0.09, 0.5))
    assert (found.shown, found.alone, found.together) == (4, 3, 1)
    assert found.expected == pytest.approx(0.2)
    assert dict(found.notes[0].facts)["expected"] == "0.2"
    assert many([]).adjusted == ()
    with pytest.raises(ValueError, match="between 0 and 1"):
        many([1.2])
