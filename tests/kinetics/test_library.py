"""The model library: sources, what is missing, and every model held against its own numbers and the observations, misses included."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gradatim.domain.fault import BadInput
from gradatim.kinetics.catalogue import (
    MODELS,
    UnknownModel,
    check,
    compared,
    faults_of,
    library,
    observations,
    published,
)
from gradatim.kinetics.events import doses
from gradatim.kinetics.simulate import simulate
from gradatim.kinetics.vectors import Held


def test_the_library_has_no_faults() -> None:
    assert [str(fault) for fault in check()] == []


@pytest.mark.parametrize("beside", compared(), ids=lambda held: f"{held.model.id}:{held.vector.id}")
def test_each_model_beside_each_number(beside: Held) -> None:
    """Agreement where it is claimed, and a miss where a miss is written down: neither may change unseen."""
    misses = beside.vector.misses or beside.vector.id in beside.model.misses
    assert beside.agrees in ({False} if misses else {True, None})


def test_known_misses_are_few_and_named() -> None:
    missed = {(one.model.id, one.vector.id) for one in compared() if one.agrees is False}
    assert ("adult-derived", "wuis-fluctuation") in missed
    assert {name for model, name in missed if model == "adult-derived"} == {"wuis-fluctuation"}
    assert len(missed) == 9


@pytest.mark.parametrize("id", MODELS)
def test_every_model_runs_and_says_what_is_missing(id: str) -> None:
    model = published(id)
    found = simulate(model.model(), doses(20, [0.0]), model.typical(dict.fromkeys(model.needs, 30.0)), [1.0])
    assert 0 < found.levels[0, 0] < 5000
    assert model.missing
    assert model.compartments == 1 or id not in {"marsot-2014", "chevillard-2018", "simon-2018"}


def test_kidneys_halve_clearance() -> None:
    adult = library()["adult-derived"]
    normal, failing = (adult.typical({"CRCL": crcl})["CL"] for crcl in (103, 40))
    assert failing / normal == pytest.approx(0.53, abs=0.005)
    assert adult.typical()["CL"] == pytest.approx(10.8)


def test_dialysis_changes_with_time() -> None:
    model = published("renal-replacement")
    on, off = (model.typical({"CRCL": 0, "HD": hd})["CL"] for hd in (1, 0))
    assert on / 0.06 == pytest.approx(128 / 0.74)
    assert off / 0.06 == pytest.approx(30.2 / 0.74)


@pytest.mark.parametrize(
    ("id", "covariates", "said"),
    [
        ("he-2014", {}, "covariates.WT: is missing"),
        ("simon-2018", {"CRCL": 50}, "covariates.CRCL: is no covariate of this model. This model has no covariates"),
        ("adult-derived", {"CRCL": -1}, "covariates.CRCL: -1 is out of range"),
    ],
)
def test_covariates_that_do_not_fit(id: str, covariates: dict[str, float], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        published(id).typical(covariates)
    assert said in str(caught.value)


def test_spread_between_people() -> None:
    simon = {spread.on: spread for spread in published("simon-2018").spreads}
    assert simon["CL"].omega2 == pytest.approx(0.04315, abs=1e-5)


def test_a_name_that_is_none() -> None:
    with pytest.raises(UnknownModel, match="Did you mean kochak-1985"):
        published("kochak")


def test_the_checker_sees_what_is_wrong() -> None:
    simon = published("simon-2018")
    wrong = replace(simon.vectors[0], value=replace(simon.vectors[0].value, number=99.0))  # type: ignore[type-var]
    assert any("from what is printed" in str(fault) for fault in faults_of(replace(simon, vectors=(wrong,))))
    assert any(
        "Take misses out" in str(fault)
        for fault in faults_of(replace(simon, misses=tuple(v.id for v in observations())))
    )
    assert any("has no source" in str(fault) for fault in faults_of(replace(simon, source=())))
    assert any("nothing is said to be missing" in str(fault) for fault in faults_of(replace(simon, missing=())))
    with pytest.raises(BadInput, match="KA is missing"):
        replace(simon, parameters=simon.parameters[:2])
