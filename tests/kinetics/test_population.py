"""Virtual people: moments as theory has them, the same person in any chunk, and only numbers that have a source."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from gradatim.domain.fault import BadInput
from gradatim.kinetics.catalogue import library, published
from gradatim.kinetics.events import Row, Schedule
from gradatim.kinetics.mammillary import FirstOrder, mammillary
from gradatim.kinetics.population import Population
from gradatim.kinetics.simulate import simulate
from gradatim.kinetics.variability import How, Normal, OneOf, Scatter, Uniform, Variability, cockcroft_gault

MANY = 200_000
OMEGA = ((0.09, 0.03, 0.0), (0.03, 0.16, -0.02), (0.0, -0.02, 0.04))
TYPICAL = {"CL": 10.8, "V1": 28.8, "Q": 12.93, "V2": 19.68, "KA": 1.0}


def drawn(variability: Variability, number: int = MANY) -> dict[str, np.ndarray]:
    return Population(typical=TYPICAL, variability=variability, seed=11).parameters(0, number)


def test_covariances_are_those_of_omega() -> None:
    found = drawn(Variability(on=("CL", "V1", "KA"), omega=OMEGA))
    etas = np.array([np.log(found[name] / TYPICAL[name]) for name in ("CL", "V1", "KA")])
    for i in range(3):
        assert abs(etas[i].mean()) < 4.5 * math.sqrt(OMEGA[i][i] / MANY)
        for j in range(3):
            room = 4.5 * math.sqrt((OMEGA[i][i] * OMEGA[j][j] + OMEGA[i][j] ** 2) / MANY)
            assert abs((etas[i] * etas[j]).mean() - OMEGA[i][j]) < room
    assert stats.kstest(etas[0] / 0.3, "norm").pvalue > 1e-3


def test_a_printed_cv_comes_out_as_that_cv() -> None:
    found = drawn(Variability.of_cv({"CL": 0.56, "V1": 0.683}, {("V1", "CL"): 0.5}))
    for name, cv in (("CL", 0.56), ("V1", 0.683)):
        assert abs(found[name].std() / found[name].mean() / cv - 1) < 0.02
        assert abs(np.median(found[name]) / TYPICAL[name] - 1) < 0.01
    assert abs(np.corrcoef(np.log(found["CL"]), np.log(found["V1"]))[0, 1] - 0.5) < 0.01
    assert np.all(found["Q"] == TYPICAL["Q"])


def test_other_ways_to_vary() -> None:
    one = ((0.04,),)
    for how, mean, sd in ((How.ADDITIVE, 10.8, 0.2), (How.PROPORTIONAL, 10.8, 2.16)):
        found = drawn(Variability(on=("CL",), omega=one, how=how))["CL"]
        assert abs(found.mean() - mean) < 5 * sd / math.sqrt(MANY)
        assert abs(found.std() / sd - 1) < 0.01
    share = Population(
        typical={"F1": 0.74}, variability=Variability(on=("F1",), omega=((1.0,),), how=How.LOGIT)
    ).parameters(0, 9999)
    assert 0 < share["F1"].min() < 0.3
    assert 0.9 < share["F1"].max() < 1


def test_a_person_is_the_same_in_any_chunk() -> None:
    people = Population(
        typical=lambda drawn: {"CL": drawn["CRCL"] / 10, "V": 30},
        variability=Variability.of_cv({"CL": 0.3, "V": 0.2}),
        covariates={
            "AGE": Uniform(low=20, high=80), "WT": Normal(mean=74, sd=12, low=40, high=120), "SEX": OneOf(values=(0, 1)),
            "SCR": Normal(mean=0.0, sd=0.25, of_logarithm=True),
            "CRCL": lambda drawn: cockcroft_gault(age=drawn["AGE"], weight=drawn["WT"], creatinine=drawn["SCR"], female=drawn["SEX"]),
        },
        seed=5,
    )  # fmt: skip
    whole = people.parameters(0, 1000)
    for first, number in ((0, 1), (13, 200), (999, 1)):
        part = people.parameters(first, number)
        assert all(np.array_equal(part[name], whole[name][first : first + number]) for name in whole)
    assert not np.array_equal(
        whole["CL"], Population(typical=people.typical, covariates=people.covariates, seed=6).parameters(0, 1000)["CL"]
    )


def test_distributions_are_what_they_say() -> None:
    u = (np.arange(100_000) + 0.5) / 100_000
    cut = Normal(mean=70, sd=15, low=50, high=90)
    theory = stats.truncnorm((50 - 70) / 15, (90 - 70) / 15, 70, 15)
    assert np.max(np.abs(cut.of(u) - theory.ppf(u))) < 1e-9
    logs = Normal(mean=0.1, sd=0.3, low=0.5, of_logarithm=True).of(u)
    assert logs.min() >= 0.5
    assert np.mean(Uniform(low=2, high=4).of(u)) == pytest.approx(3)
    sex = OneOf(values=(0, 1), weights=(1, 3)).of(u)
    assert sex.mean() == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("age", "weight", "creatinine", "female", "clearance"),
    [
        (65, 70, 1.4, 0, 52.1),
        (45, 60, 0.9, 1, 74.8),
        (60, 80, 1.2, 0, 74.1),
        (45, 65, 0.9, 1, 81.0),
        (50, 80, 1.0, 0, 100.0),
    ],
)
def test_cockcroft_and_gault(age: float, weight: float, creatinine: float, female: float, clearance: float) -> None:
    given = {"age": age, "weight": weight, "creatinine": creatinine, "female": female}
    found = cockcroft_gault(**{name: np.array([float(value)]) for name, value in given.items()})
    assert abs(found[0] - clearance) < 0.051


def test_occasions_differ_within_a_person() -> None:
    people = Population(
        typical={"CL": 10.0, "V": 30.0, "KA": 1.0}, variability=Variability.of_cv({"CL": 0.3}), occasions=Variability.of_cv({"CL": 0.15}), seed=1
    )  # fmt: skip
    at = people.on_occasions(0, 50_000)
    logs = np.log(np.array([at({"OCC": occasion})["CL"] for occasion in range(3)]) / 10)
    between, within = math.log1p(0.3**2), math.log1p(0.15**2)
    assert np.var(logs) == pytest.approx(between + within, rel=0.03)
    assert np.mean(np.var(logs, axis=0, ddof=1)) == pytest.approx(within, rel=0.03)
    assert np.array_equal(
        np.asarray(people.on_occasions(7, 1)({"OCC": 2})["CL"]), np.exp(logs[2, 7:8]) * 10
    ) or np.allclose(np.asarray(people.on_occasions(7, 1)({"OCC": 2})["CL"]), np.exp(logs[2, 7:8]) * 10, rtol=1e-14)
    rows = tuple(Row(time=24.0 * day, evid=1, amt=20) for day in range(3))
    events = Schedule(rows=rows, covariates={"OCC": (0.0, 1.0, 2.0)})
    levels = simulate(mammillary(1, FirstOrder()), events, people.on_occasions(0, 5), [1.0, 30.0, 50.0]).levels
    assert levels.shape == (3, 5)


def test_measured_levels_scatter_as_said() -> None:
    true = np.full((40, 5000), 2.0)
    people = Population(typical={}, scatter=Scatter(proportional=0.2, additive=0.3), seed=3)
    found = people.measured(true)
    assert found.mean() == pytest.approx(2.0, abs=0.005)
    assert found.std() == pytest.approx(math.hypot(0.4, 0.3), rel=0.01)
    assert np.array_equal(people.measured(true[:, 7:9], first=7), found[:, 7:9])
    assert Population(typical={}).measured(true) is not None
    with pytest.raises(BadInput):
        Scatter(additive=-1)


def test_a_library_model_brings_what_its_source_tells_and_no_more() -> None:
    simon = Population.of_published(published("simon-2018"), seed=1)
    assert simon.variability is not None
    assert dict(zip(simon.variability.on, np.diag(simon.variability.omega), strict=True)) == pytest.approx(
        {"KA": math.log1p(0.44**2), "CL": math.log1p(0.21**2), "V": math.log1p(0.22**2)}
    )
    assert np.count_nonzero(simon.variability.omega) == 3  # no correlation is published
    assert simon.scatter == Scatter(proportional=0.24)
    marsot = Population.of_published(published("marsot-2014"))
    assert marsot.scatter is not None
    assert marsot.scatter.additive == pytest.approx(96.0)  # 0.096 mg/L in ng/mL
    kochak = Population.of_published(published("kochak-1985"))
    assert kochak.variability is None
    assert kochak.scatter is None
    assert any("spread" in what for what in kochak.missing)
    for model in library().values():
        people = Population.of_published(model, covariates=dict.fromkeys(model.needs, 30.0))
        assert people.parameters(0, 3).keys() == {one.name for one in model.parameters}
        assert people.missing == model.missing


def test_kidneys_of_many_people_are_those_of_each() -> None:
    adult = published("adult-derived")
    clearances = np.array([15.0, 40.0, 103.0])
    together = adult.typical_of({"CRCL": clearances})["CL"]
    assert together.tolist() == [adult.typical({"CRCL": one})["CL"] for one in clearances]
    machine = published("renal-replacement").typical_of({"CRCL": clearances, "HD": np.array([0, 1, 0])})["CL"]
    assert machine[1] == pytest.approx(128 * 0.06 / 0.74)
    assert machine[2] == together[2]


def test_an_omega_that_is_none_is_refused() -> None:
    for wrong in (
        {"omega": ((1.0, 0.0),)}, {"omega": ((1.0, 0.5), (0.4, 1.0))}, {"omega": ((1.0, 2.0), (2.0, 1.0))}, {"omega": ((-1.0, 0.0), (0.0, 1.0))},
        {"omega": ((0.0, 0.3), (0.3, 1.0))}, {"how": (How.LOG_NORMAL,)}, {"on": ("CL", "CL")},
    ):  # fmt: skip
        with pytest.raises(BadInput):
            Variability(**({"on": ("CL", "V"), "omega": ((1.0, 0.0), (0.0, 1.0))} | wrong))
    half = Variability(on=("A", "B"), omega=((0.0, 0.0), (0.0, 0.25)))
    assert np.all(half.etas(np.ones((2, 4)))[0] == 0)
    with pytest.raises(BadInput, match="no typical value"):
        drawn(Variability(on=("MTT",), omega=((1.0,),)), 5)
    for bad in (lambda: Normal(mean=0, sd=0), lambda: OneOf(values=(1, 2), weights=(1,))):
        with pytest.raises(BadInput):
            bad()
