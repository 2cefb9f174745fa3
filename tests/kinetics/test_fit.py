"""MAP estimates: those of NONMEM, those of a general optimiser, and refusals where the literature gives too little to fit with."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import optimize

from gradatim.domain.fault import BadInput
from gradatim.kinetics import (
    FirstOrder,
    Row,
    Scatter,
    Schedule,
    Transit,
    Variability,
    doses,
    library,
    mammillary,
    published,
    read_events,
)
from gradatim.kinetics.engines import has_numba
from gradatim.kinetics.estimation import (
    Ended,
    Measured,
    Observed,
    Prior,
    fit,
    fit_all,
    fit_histories,
    several,
    with_all_it_takes,
)
from gradatim.kinetics.estimation.closed import form_of, histories_of
from gradatim.kinetics.estimation.descent import below, misfit
from gradatim.kinetics.estimation.fit import fit_of, inverse, starts_of
from gradatim.kinetics.estimation.general import fit_anything, with_slopes
from gradatim.kinetics.propagator import Rates
from gradatim.kinetics.variability import How
from tests.kinetics.problems import objective, priors, problems
from tests.kinetics.reference import file

NUMBA = pytest.mark.skipif(not has_numba(), reason="Numba is not installed")
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


search: Any = optimize.minimize

# --- published estimates ---------------------------------------------------------------------------------------------------

NM001 = Prior(
    model=mammillary(1, FirstOrder()), typical={"CL": 4.0, "V": 70.0, "KA": 1.0}, scatter=Scatter(proportional=math.sqrt(0.05)),
    variability=Variability(on=("CL", "V", "KA"), omega=((0.2, 0, 0), (0, 0.2, 0), (0, 0, 0.2))),
)  # fmt: skip


@pytest.mark.parametrize("subject", range(8))
@pytest.mark.parametrize("thorough", [False, True])
def test_nonmem(subject: int, thorough: bool) -> None:
    """Etas, first-order covariance and objective that NONMEM printed (mapbayr's inst/nm001)."""
    schedules = read_events(file("mapbayr_nm001/data_to_fit001.csv"), ignore=("s2_sampling",))
    line = [
        float(cell)
        for cell in file("mapbayr_nm001/nonmem_run001.phi").read_text("utf-8").splitlines()[2 + subject].split()
    ]
    found = fit(NM001, Observed.of_schedule(schedules[subject]), thorough=thorough)
    assert found.found
    assert np.max(np.abs(found.etas - line[2:5])) < 1e-6
    printed = np.array([[line[5], line[6], line[8]], [line[6], line[7], line[9]], [line[8], line[9], line[10]]])
    assert np.max(np.abs(found.first_order - printed)) < 1e-7
    assert abs(found.marginal - line[11]) < 1e-6


SURVEY = Prior(
    model=mammillary(2, FirstOrder()),
    typical={"CL": 10.8, "V1": 28.8, "Q": 12.930048, "V2": 19.679240228905393, "KA": 2.23},
    variability=Variability(on=("CL", "V1"), omega=((0.09, 0.0), (0.0, 0.16))), scatter=Scatter(proportional=0.15),
)  # fmt: skip
SURVEYED = Observed(
    schedule=Schedule(rows=tuple(
        Row(number=n, time=24.0 * (n // 3) + (8, 14, 21)[n % 3], evid=1, amt=5.0 if n < 9 else 10.0) for n in range(12)
    )),
    measured=(Measured(time=34, level=0.065), Measured(time=37.75, level=0.028), Measured(time=82, level=0.120)),
)  # fmt: skip


def test_four_other_programs() -> None:
    """mapbayr 0.10.2, posologyr 1.2.8, Tucuxi-core and SciPy all found these, to the digits they printed."""
    found = fit(SURVEY, SURVEYED)
    assert np.allclose(found.etas, (0.1690215, 0.2471974), atol=1e-6)
    assert np.allclose(found.standard_errors, (0.0872, 0.2943), atol=5e-5)


# --- a general optimiser ---------------------------------------------------------------------------------------------------


def no_lower_minimum(prior: Prior, observed: Observed) -> None:
    found = fit(prior, observed)
    assert found.found
    assert found.objective == pytest.approx(objective(prior, observed, found.etas), rel=1e-8, abs=1e-8)
    for start in (found.etas, np.zeros_like(found.etas)):
        theirs: Any = search(
            lambda etas: objective(prior, observed, etas), start, method="Nelder-Mead",
            options={"xatol": 1e-7, "fatol": 1e-10, "maxiter": 2000, "initial_simplex": np.vstack([start, start + 0.3 * np.eye(len(start))])},
        )  # fmt: skip
        assert found.objective <= theirs.fun + 1e-6


@given(problems())
@settings(SLOW, max_examples=25)
def test_no_lower_minimum_is_found_by_scipy(made: tuple[Prior, Observed]) -> None:
    no_lower_minimum(*made)


@pytest.mark.long
@given(problems())
@settings(SLOW, max_examples=1000)
def test_no_lower_minimum_is_found_by_scipy_in_a_thousand(made: tuple[Prior, Observed]) -> None:
    no_lower_minimum(*made)


@given(problems((How.LOG_NORMAL, How.PROPORTIONAL, How.ADDITIVE, How.LOGIT)))
@SLOW
def test_the_mode_is_flat_and_bends_as_told(made: tuple[Prior, Observed]) -> None:
    """Whatever an eta does to its parameter: the slope is 0, and the inverse of the curvature is half the covariance."""
    prior, observed = made
    found = fit(prior, observed)
    assert found.found
    h, axes = 1e-3, np.linalg.cholesky(found.first_order).T

    def at(shift: np.ndarray) -> float:
        return objective(prior, observed, found.etas + shift)

    slope = [(8 * (at(h * axis) - at(-h * axis)) - at(2 * h * axis) + at(-2 * h * axis)) / (12 * h) for axis in axes]
    assert np.max(np.abs(slope)) < 1e-6  # along axes in which the curvature is about 2
    if found.bent:
        ours = axes @ (2 * np.linalg.inv(found.covariance)) @ axes.T

        def bend(a: np.ndarray, b: np.ndarray, wide: float) -> float:
            over = at(wide * (a + b)) - at(wide * (a - b)) - at(wide * (b - a)) + at(-wide * (a + b))
            return over / (4 * wide**2)

        pairs = list(zip(*np.triu_indices(len(axes)), strict=True))
        theirs = [(4 * bend(axes[a], axes[b], 4e-3) - bend(axes[a], axes[b], 8e-3)) / 3 for a, b in pairs]
        assert np.allclose([ours[pair] for pair in pairs], theirs, rtol=1e-4, atol=1e-4)


@given(priors((How.LOG_NORMAL, How.PROPORTIONAL)))
@settings(SLOW, max_examples=10)
def test_closed_and_general_give_the_same(prior: Prior) -> None:
    observed = Observed(
        schedule=doses(10.0, [0, 6, 13]),
        measured=tuple(Measured(time=time, level=0.1) for time in (1.0, 5.5, 14.25, 30.0)),
    )
    found = fit(prior, observed, thorough=False)
    other = fit_of(prior, observed, fit_anything(prior, observed, starts_of(len(found.etas), thorough=False)))
    assert form_of(prior) is not None
    assert np.allclose(found.etas, other.etas, atol=1e-6)
    assert found.objective == pytest.approx(other.objective, abs=1e-9)
    assert np.allclose(found.covariance, other.covariance, rtol=1e-4, atol=1e-7)
    seen = with_slopes(prior, observed, found.etas)
    assert seen is not None
    assert np.allclose(found.levels, seen[0], rtol=1e-12)
    assert np.allclose(found.slopes, seen[1], rtol=1e-7, atol=1e-10)


def test_lag_share_and_additional_doses() -> None:
    """A lag, a bioavailability with an eta of its own, and doses repeated by ADDL: the closed form as the exact engine has them."""
    prior = Prior(
        model=mammillary(1, FirstOrder()), typical={"CL": 8.0, "V": 50.0, "KA": 1.2, "ALAG1": 0.75, "F1": 0.6}, scatter=Scatter(additive=0.02),
        variability=Variability(on=("F1", "CL"), omega=((0.3, 0.05), (0.05, 0.1)), how=(How.LOGIT, How.LOG_NORMAL)),
    )  # fmt: skip
    rows = (Row(number=1, time=0.0, evid=1, amt=20.0, ii=6.0, addl=3), Row(number=2, time=25.0, evid=1, amt=10.0))
    seen = tuple(
        Measured(time=time, level=level) for time, level in ((0.5, 0.01), (1.5, 0.2), (8.0, 0.35), (26.5, 0.3))
    )
    observed = Observed(schedule=Schedule(rows=rows), measured=seen)
    found = fit(prior, observed)
    assert form_of(prior) is not None
    other = fit_of(prior, observed, fit_anything(prior, observed, starts_of(2, thorough=True)))
    assert np.allclose(found.etas, other.etas, atol=1e-7)
    assert found.levels[0] == 0.0
    assert np.allclose(found.levels, other.levels, rtol=1e-10)
    assert fit_all(prior, [observed]).etas[0] == pytest.approx(fit(prior, observed, thorough=False).etas, abs=1e-12)


def test_a_trough_drawn_just_before_a_bolus_does_not_hold_it() -> None:
    """The order of rows at the same time is that of the table."""
    prior = Prior(
        model=mammillary(1),
        typical={"CL": 8.0, "V": 50.0},
        scatter=Scatter(proportional=0.1),
        variability=Variability.of_cv({"CL": 0.3}),
    )

    def level(*rows: Row) -> float:
        schedule = Schedule(rows=(Row(number=1, time=0.0, evid=1, amt=50.0), *rows))
        return float(fit(prior, Observed.of_schedule(schedule)).levels[0])

    seen, dose = Row(number=2, time=6.0, dv=0.4), Row(number=3, time=6.0, evid=1, amt=50.0)
    assert level(seen, dose) == pytest.approx(level(seen), rel=1e-7)
    assert level(dose, seen) > 1.5 * level(seen, dose)


@pytest.mark.parametrize("gap", [0.0, 1e-14, 1e-9, 1e-5, -1e-12, 0.3, -0.3])
def test_equal_rates_are_no_special_case(gap: float) -> None:
    """Absorption as fast as elimination: levels and slopes as those of the exact engine."""
    prior = Prior(
        model=mammillary(1, FirstOrder()), typical={"CL": 10.0, "V": 20.0, "KA": 0.5 * (1 + gap)}, scatter=Scatter(additive=0.05),
        variability=Variability(on=("CL", "V", "KA"), omega=((0.09, 0, 0), (0, 0.09, 0), (0, 0, 0.09))),
    )  # fmt: skip
    observed = Observed(
        schedule=doses(10.0, [0, 8]), measured=tuple(Measured(time=t, level=0.3) for t in (0.01, 1, 8.5, 30))
    )
    found = fit(prior, observed, thorough=False)
    seen = with_slopes(prior, observed, found.etas)
    assert seen is not None
    assert np.allclose(found.levels, seen[0], rtol=1e-13)
    assert np.allclose(found.slopes, seen[1], rtol=1e-8, atol=1e-12)


STEADY = Schedule(rows=(
    Row(number=1, time=0.0, evid=1, amt=20.0, ii=8.0, ss=1), Row(number=2, time=8.0, evid=1, amt=20.0, dur=2.0, ii=8.0, addl=3),
))  # fmt: skip


@pytest.mark.parametrize("way", [FirstOrder(), Transit(3)])
def test_other_events_and_ways_in(way: FirstOrder | Transit) -> None:
    """A steady state, infusions, a chain of transit compartments: the same descent with levels of the exact engine."""
    more = {"MTT": 1.0} if isinstance(way, Transit) else {}
    prior = Prior(
        model=mammillary(1, way), typical={"CL": 10.0, "V": 60.0, "KA": 1.5, **more}, scatter=Scatter(proportional=0.2, additive=0.01),
        variability=Variability.of_cv({"CL": 0.3, "V": 0.3, **dict.fromkeys(more, 0.4)}),
    )  # fmt: skip
    observed = Observed(
        schedule=STEADY,
        measured=(Measured(time=1, level=0.4), Measured(time=7.5, level=0.2), Measured(time=20, level=0.35)),
    )
    found = fit(prior, observed)
    theirs: Any = search(
        lambda etas: objective(prior, observed, etas),
        np.zeros_like(found.etas),
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-13},
    )
    assert found.found
    assert np.allclose(found.etas, theirs.x, atol=2e-6)


def test_names_do_not_make_a_model() -> None:
    """Somebody's own model with the usual names of parameters and other rates is not taken for the usual one."""
    usual = mammillary(1, FirstOrder())

    def fill(values: Mapping[str, np.ndarray]) -> tuple[Rates, np.ndarray]:
        rates, volume = usual.fill({**values, "KA": 2 * values["KA"]})
        return rates, volume

    odd = replace(usual, fill=fill)
    prior = replace(NM001, model=odd)
    assert form_of(NM001) is not None
    assert form_of(prior) is None
    observed = Observed(
        schedule=doses(100.0, [0]), measured=(Measured(time=0.5, level=0.5), Measured(time=8, level=0.7))
    )
    twice = replace(NM001, typical={**NM001.typical, "KA": 2.0})
    assert np.allclose(fit(prior, observed).etas, fit(twice, observed).etas, atol=1e-6)


# --- nothing, little and too little -----------------------------------------------------------------------------------------


def test_without_a_level_nothing_is_learnt() -> None:
    found = fit(NM001, Observed(schedule=doses(10.0, [0])))
    assert np.array_equal(found.etas, np.zeros(3))
    assert np.allclose(found.covariance, NM001.omega, rtol=1e-9)
    assert np.allclose(found.shrinkage, 1.0)
    assert found.objective == 0


def test_a_variance_of_nothing_stays_where_it_is() -> None:
    still = Variability(on=("CL", "V"), omega=((0.09, 0.0), (0.0, 0.0)))
    prior = Prior(
        model=mammillary(1, FirstOrder()),
        typical={"CL": 10, "V": 60, "KA": 1},
        variability=still,
        scatter=Scatter(additive=0.02),
    )
    found = fit(prior, Observed(schedule=doses(10.0, [0, 8]), measured=(Measured(time=9.0, level=0.2),)))
    assert found.found
    assert found.etas[1] == 0
    assert found.etas[0] < 0
    assert found.covariance[1, 1] == 0
    assert math.isnan(found.shrinkage[1])


def test_below_the_limit_is_less_than_the_limit() -> None:
    """A trough below 50 pulls the clearance up, less than a trough of 5 and more than none at all."""
    prior = Prior.of_published(published("simon-2018"))
    taken = doses(20.0, [0, 8, 16])

    def cl(*levels: Measured) -> float:
        return fit(prior, Observed(schedule=taken, measured=levels)).parameters["CL"]

    assert cl() == pytest.approx(11.6)
    assert cl() < cl(Measured(time=24, level=50, below=True)) < cl(Measured(time=24, level=20))


@pytest.mark.parametrize("z", [-400.0, -40.0, -26.0, -25.001, -24.999, -5.0, 0.0, 3.0])
def test_the_tail_of_the_normal(z: float) -> None:
    from scipy.stats import norm

    value, ratio = below(z)
    assert value == pytest.approx(norm.logcdf(z), rel=1e-6)
    assert ratio == pytest.approx(math.exp(norm.logpdf(z) - norm.logcdf(z)), rel=1e-6)


@given(st.floats(0.01, 10), st.floats(0.01, 10), st.floats(0, 0.5), st.floats(0.01, 1), st.booleans())
@SLOW
def test_slopes_of_the_misfit(y: float, f: float, proportional: float, additive: float, limited: bool) -> None:
    def at(level: float) -> float:
        return misfit(y, level, proportional, additive, limited)[0]

    value, slope, bend = misfit(y, f, proportional, additive, limited)
    h = 1e-5 * f
    assert slope == pytest.approx((at(f + h) - at(f - h)) / (2 * h), rel=1e-4, abs=1e-4 * (1 + abs(value)))
    assert bend >= 0


def test_models_without_published_variability_or_error_are_refused() -> None:
    assert with_all_it_takes() == ("marsot-2014", "simon-2018")
    for id in set(library()) - set(with_all_it_takes()):
        covariates = {"WT": 20.0} if library()[id].needs else {}
        with pytest.raises(BadInput, match=r"not published|no rate of absorption") as told:
            Prior.of_published(published(id), covariates)
        assert all("marsot-2014, simon-2018" in fault.remedy for fault in told.value.faults)
    with pytest.raises(BadInput) as all_at_once:
        Prior.of_published(published("kochak-1985"))
    assert len(all_at_once.value.faults) == 3
    own = Prior.of_published(published("adult-derived"), {"CRCL": 40}, scatter=Scatter(proportional=0.2))
    assert own.typical["CL"] == pytest.approx(5.69, abs=0.01)


def test_every_fault_of_the_levels_with_its_row() -> None:
    with pytest.raises(BadInput) as told:
        Observed(schedule=doses(10, [0]), measured=(
            Measured(time=5, level=-1, row=3), Measured(time=4, level=1, row=4), Measured(time=6, level=0, below=True, row=5),
            Measured(time=math.nan, level=math.inf, row=6),
        ))  # fmt: skip
    assert [fault.path for fault in told.value.faults] == [
        "row 3.DV",
        "row 4.TIME",
        "row 5.DV",
        "row 6.TIME",
        "row 6.DV",
    ]
    early = Observed(
        schedule=doses(10, [4]), measured=(Measured(time=4, level=1, row=1), Measured(time=9, level=0, row=2))
    )
    with pytest.raises(BadInput) as told:
        fit(NM001, early)
    assert [fault.path for fault in told.value.faults] == ["row 1.TIME", "row 2.DV"]
    assert all(fault.remedy for fault in told.value.faults)
    assert fit(Prior.of_published(published("marsot-2014")), early).found  # additive scatter weighs them


def test_a_prior_that_does_not_fit_together_is_refused() -> None:
    with pytest.raises(BadInput) as told:
        Prior(
            model=mammillary(1),
            typical={"CL": 1.0, "V": 0.0},
            variability=Variability.of_cv({"V": 0.2, "KA": 0.2}),
            scatter=Scatter(),
        )
    assert {fault.path for fault in told.value.faults} >= {"variability.KA", "variability.V", "scatter"}


APART = (Scatter(additive=0.1), ((26.0, 900.0), (26.5, 3.0), (27.0, 60.0)))
LATE, LATER = ((None, ((time, 100.0),)) for time in (1900.0, 5000.0))


@pytest.mark.parametrize(("case", "thorough", "ended"), [
    (APART, False, Ended.LONG), (APART, True, Ended.LONG), (LATE, False, Ended.NOWHERE), (LATE, True, Ended.STUCK),
    (LATER, False, Ended.NOWHERE), (LATER, True, Ended.NOWHERE),
])  # fmt: skip
def test_a_search_that_fails_says_so(
    case: tuple[Scatter | None, tuple[tuple[float, float], ...]], thorough: bool, ended: Ended
) -> None:
    """Levels hundreds of standard deviations off any curve make a valley too narrow for a hundred steps. Eleven weeks after the last dose the model
    leaves nothing of it: with that the typical person cannot be weighed, and somebody slower is so far off that a step's length is no number.
    Nothing is raised, alone or among others, and the neighbours in a batch are none the worse for it."""
    scatter, levels = case
    prior = Prior.of_published(published("simon-2018"), scatter=scatter)
    taken = doses(20.0, [0, 8, 16, 24])
    bad = Observed(schedule=taken, measured=tuple(Measured(time=time, level=level) for time, level in levels))
    typical = float(fit(prior, Observed(schedule=taken)).expected([26.0])[0])
    good = Observed(schedule=taken, measured=(Measured(time=26.0, level=typical + 0.05),))
    found = fit(prior, bad, thorough=thorough)
    assert found.ended is ended
    assert not found.found
    assert np.all(np.isfinite(found.covariance))
    assert np.all(np.linalg.eigvalsh(found.first_order) > 0)
    many = fit_all(prior, [good, bad, good], thorough=thorough)
    assert many.found.tolist() == [True, False, True]
    assert np.array_equal(many.etas[0], fit(prior, good, thorough=thorough).etas)
    assert np.array_equal(many.etas[0], many.etas[2])
    assert np.all(np.isfinite(many.covariance))


@pytest.mark.parametrize("below", [False, True])
def test_however_late_a_level_nothing_is_raised(below: bool) -> None:
    """The square of its variance is lost in rounding long before the level is."""
    prior = Prior.of_published(published("simon-2018"))
    for time in (600.0, 1150.0, 1200.0, 2300.0, 5000.0):
        late = Observed(schedule=doses(20.0, [0]), measured=(Measured(time=time, level=50.0, below=below),))
        assert fit(prior, late).ended in Ended


def test_a_method_that_hardly_errs_leaves_a_covariance() -> None:
    """Along two of the three axes only the prior holds, which is lost in rounding beside a curvature of 10^17 along the third."""
    prior = Prior.of_published(published("simon-2018"), scatter=Scatter(additive=1e-6))
    seen = Observed(schedule=doses(20.0, [0, 8, 16, 24]), measured=(Measured(time=9.0, level=200.0),) * 2)
    found = fit(prior, seen)
    for covariance in (found.first_order, found.covariance, *fit_all(prior, [seen, seen]).covariance):
        left = np.linalg.eigvalsh(covariance)
        assert left[0] == pytest.approx(0, abs=1e-9)
        assert 0.04 < left[1] < left[2] < 0.178  # variances among people: 0.177, 0.043, 0.047
    assert np.all(found.shrinkage <= 1 + 1e-9)
    assert np.all(np.isfinite(found.standard_errors))


def test_an_inverse_only_helps_where_rounding_has_lost_something() -> None:
    usual = np.array([[4.0, 1.0], [1.0, 3.0]])
    steep = np.full((2, 2), 1e17) + 2 * np.eye(2)
    both = inverse(np.array([usual, steep]))
    assert np.array_equal(both[0], np.linalg.inv(usual))
    assert np.allclose(both[1], [[0.25, -0.25], [-0.25, 0.25]], rtol=1e-12)


def test_the_lag_by_number_stands_before_the_one_without() -> None:
    """A level is refused as too early by the same lag that the fit takes."""
    prior = replace(NM001, typical={**NM001.typical, "ALAG1": 2.0, "ALAG": 0.5})
    form = form_of(prior)
    assert form is not None
    assert form.lag == prior.lag == 2.0
    early = Observed(schedule=doses(10.0, [0]), measured=(Measured(time=1.0, level=0.1),))
    with pytest.raises(BadInput, match="no drug has got in"):
        fit(prior, early)


# --- many ---------------------------------------------------------------------------------------------------------------------


def crowd(number: int) -> list[Observed]:
    random = np.random.default_rng(5)
    found = []
    for _ in range(number):
        taken = doses(20.0, sorted(random.choice(120, 9, replace=False).astype(float)))
        times = np.sort(taken.rows[0].time + random.uniform(0.5, 80, random.integers(0, 5)))
        seen = tuple(
            Measured(time=t, level=float(random.uniform(5, 400)), below=bool(random.random() < 0.1))
            for t in times.tolist()
        )
        found.append(Observed(schedule=taken, measured=seen))
    return found


def test_many_are_each_alone() -> None:
    people, prior = crowd(40), Prior.of_published(published("simon-2018"))
    together = fit_all(prior, people)
    alone = [fit(prior, one, thorough=False) for one in people]
    assert np.all(together.found)
    assert np.max(np.abs(together.etas - [one.etas for one in alone])) < 1e-12
    assert np.allclose(together.covariance, [one.covariance for one in alone], rtol=1e-10)
    assert np.allclose(together.levels, np.concatenate([one.levels for one in alone]), rtol=1e-12)


@NUMBA
def test_compiled_is_plain_to_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    people, prior = crowd(320), Prior.of_published(published("simon-2018"))
    kernels = fit_all(prior, people, threads=1)
    threads = fit_all(prior, people, threads=3)
    monkeypatch.setattr(several, "has_numba", lambda: False)
    without = fit_all(prior, people)
    for name in ("etas", "objective", "covariance", "levels"):
        assert np.array_equal(getattr(kernels, name), getattr(threads, name))
        assert np.array_equal(getattr(kernels, name), getattr(without, name))


def test_from_arrays_with_covariates() -> None:
    people, prior = crowd(6), Prior.of_published(published("simon-2018"))
    told = histories_of(people, 0.0)
    levels, below = (np.concatenate([getattr(one, name) for one in people]) for name in ("levels", "below"))
    same = fit_histories(prior, told, levels, below=below)
    assert np.array_equal(same.etas, fit_all(prior, people).etas)
    cl = np.linspace(5, 15, 6)
    own = fit_histories(prior, told, levels, below=below, typical={"CL": cl})
    for k, one in enumerate(people):
        other = replace(prior, typical={**prior.typical, "CL": cl[k]})
        assert np.array_equal(own.etas[k], fit(other, one, thorough=False).etas)
    with pytest.raises(BadInput) as bad:
        fit_histories(prior, told, np.where(np.arange(len(levels)) < 2, -1.0, levels), typical={"CL": cl[:2]})
    assert len(bad.value.faults) == 3


def test_shrinkage_of_many() -> None:
    prior = Prior.of_published(published("simon-2018"))
    nobody = fit_all(prior, [Observed(schedule=doses(10, [0]))] * 5)
    assert np.allclose(nobody.shrinkage, 1.0)
