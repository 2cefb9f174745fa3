"""Virtual trials beside people who are all kept, sums that are exact, and areas of doses of one's own."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradatim.domain.fault import BadInput
from gradatim.kinetics import engines
from gradatim.kinetics.adherence import Adherence
from gradatim.kinetics.catalogue import published
from gradatim.kinetics.events import Row, Schedule, doses
from gradatim.kinetics.exposure import exposure
from gradatim.kinetics.histories import Histories, areas, follow
from gradatim.kinetics.mammillary import Parallel, mammillary
from gradatim.kinetics.parts import Seen, exact_sums, spread_of, told
from gradatim.kinetics.population import Population
from gradatim.kinetics.simulate import simulate
from gradatim.kinetics.summary import summary
from gradatim.kinetics.trial import TrialArm, arms_of, trial
from gradatim.kinetics.variability import Normal

ADULT = published("adult-derived")
MODEL = ADULT.model()
PEOPLE = Population.of_published(ADULT, covariates={"CRCL": Normal(mean=90, sd=20, low=20)}, seed=3)
WEAK = Population.of_published(ADULT, covariates={"CRCL": 30.0}, seed=3)
THREE = doses(20, [24.0 * day + hour for day in range(3) for hour in (8, 14, 21)])
LESS = doses(15, [24.0 * day + hour for day in range(3) for hour in (8, 14, 21)])
TIMES = np.arange(0, 73.0, 3)
EDGES = np.array([0.0, 24.0, 48.0, 72.0])
LATE = Adherence(missed=0.3, late=Normal(mean=1, sd=1))


@pytest.fixture(autouse=True)
def by_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without kernels, of which each would have to be fetched for a few people."""
    monkeypatch.setattr("gradatim.kinetics.histories.has_numba", lambda: False)


# --- sums ---------------------------------------------------------------------------------------------------------------

POSITIVE = st.floats(0, 1e300, allow_subnormal=True)


@given(st.lists(POSITIVE, min_size=1, max_size=40), st.integers(1, 39))
def test_a_sum_is_exact_however_it_is_cut(numbers: list[float], cut: int) -> None:
    row = np.array([numbers])
    (total,) = exact_sums(row)
    assert Fraction(total, 1 << 1126) == sum(map(Fraction, numbers))
    parts = [exact_sums(part)[0] for part in (row[:, cut:], row[:, :cut]) if part.size]
    assert sum(parts) == total
    assert told(total, 1) == math.fsum(numbers)


@given(st.lists(st.floats(1e-3, 1e6), min_size=1, max_size=30))
def test_a_spread_is_that_of_the_numbers(numbers: list[float]) -> None:
    row = np.array(numbers)
    found = spread_of(exact_sums(row[None])[0], exact_sums((row * row)[None])[0], len(row))
    wanted = statistics.stdev(numbers) if len(numbers) > 1 else 0.0
    assert found == pytest.approx(wanted, rel=1e-9, abs=1e-7 * max(numbers))


def test_counts_without_empty_classes_add_up() -> None:
    random = np.random.default_rng(1)
    parts = [(random.integers(0, 3, (4, 30)) * (random.random(30) < 0.3)).astype(np.uint32) for _ in range(3)]
    whole = np.zeros((4, 30), dtype=np.uint32)
    one, *others = map(Seen.of, parts)
    for other in others:
        one = one.and_also(other)
    one.into(whole)
    assert np.array_equal(whole, sum(parts))


# --- areas ---------------------------------------------------------------------------------------------------------------


def test_areas_are_exact() -> None:
    drawn = PEOPLE.parameters(0, 12)
    taken = LATE.taken(THREE, EDGES, first=0, number=12, seed=5)
    found = areas(MODEL, taken, drawn).reshape(12, -1)
    assert np.all(found[:, 0] == 0)
    for person in range(12):
        mine = slice(*taken.dose_first[person : person + 2])
        rows = tuple(
            Row(time=time, evid=1, amt=amt)
            for time, amt in zip(taken.dose_times[mine].tolist(), taken.amounts[mine].tolist(), strict=True)
        )
        own = {name: value[person : person + 1] for name, value in drawn.items()}
        wanted = exposure(MODEL, Schedule(rows=rows), own, EDGES).area[:, 0]
        assert found[person, 1:] == pytest.approx(wanted, rel=1e-12)


def test_areas_are_the_same_among_others() -> None:
    drawn = PEOPLE.parameters(0, 30)
    whole = areas(MODEL, LATE.taken(THREE, EDGES, first=0, number=30, seed=5), drawn)
    part = {name: value[11:14] for name, value in drawn.items()}
    alone = areas(MODEL, LATE.taken(THREE, EDGES, first=11, number=3, seed=5), part)
    assert np.array_equal(whole[44:56], alone)


def test_areas_of_doses_that_go_in_two_ways_and_over_time() -> None:
    body = {"CL": 2.0, "V": 10.0, "KA1": 0.4, "KA2": 2.0, "FR": 0.3}
    told = Histories(
        dose_first=np.array([0, 2]), dose_times=np.array([1.0, 9.0]), amounts=np.array([10.0, 20.0]),
        note_first=np.array([0, 3]), note_times=np.array([0.0, 12.0, 24.0]),
    )  # fmt: skip
    two_ways = mammillary(1, Parallel())
    rows = (Row(time=1.0, evid=1, amt=10.0), Row(time=9.0, evid=1, amt=20.0))
    wanted = exposure(two_ways, Schedule(rows=rows), body, [0.0, 12.0, 24.0]).area[:, 0]
    assert areas(two_ways, told, body)[1:] == pytest.approx(wanted, rel=1e-12)
    lasting = replace(told, durations=np.array([2.0, 6.0]))  # the second flows on beyond the edge
    flowing = tuple(replace(row, dur=over) for row, over in zip(rows, (2.0, 6.0), strict=True))
    straight = {name: body[name] for name in ("CL", "V")}
    wanted = exposure(mammillary(1), Schedule(rows=flowing), straight, [0.0, 12.0, 24.0]).area[:, 0]
    assert areas(mammillary(1), lasting, straight)[1:] == pytest.approx(wanted, rel=1e-12)


# --- trials --------------------------------------------------------------------------------------------------------------

ARMS = arms_of({"three": THREE, "less": LESS}, {"usual": PEOPLE, "weak": WEAK}, {"all": None, "late": LATE})


def test_every_plan_with_everybody_in_every_way() -> None:
    assert [arm.name for arm in ARMS][:5] == [
        "three, usual, all",
        "three, usual, late",
        "three, weak, all",
        "three, weak, late",
        "less, usual, all",
    ]
    assert [arm.name for arm in arms_of({"a": THREE, "b": LESS}, {"p": PEOPLE})] == ["a", "b"]
    assert [arm.name for arm in arms_of({"a": THREE}, {"p": PEOPLE})] == ["a"]
    assert [arm.name for arm in arms_of({"a": THREE}, {"p": PEOPLE}, {"all": None, "late": LATE})] == ["all", "late"]


def mean_of(numbers: Iterable[float]) -> float:
    """Rounded once."""
    exact = [Fraction(float(one)) for one in numbers]
    return float(sum(exact) / len(exact))


def test_an_arm_is_what_its_people_have_one_by_one() -> None:
    found = trial(MODEL, ARMS[:2], 150, TIMES, EDGES, first=4, seed=5)
    drawn = PEOPLE.parameters(4, 150)
    levels = simulate(MODEL, THREE, drawn, TIMES).levels
    seen = summary(MODEL, THREE, drawn, TIMES, EDGES)
    usual, late = found.arms
    close = usual.levels.error
    for share in (0.05, 0.5, 0.95):
        wanted = np.quantile(levels, share, axis=1, method="inverted_cdf")
        assert usual.levels.quantile(share)[0] == pytest.approx(wanted, rel=close, abs=usual.levels.least)
        for name, numbers in (("highest", seen.highest), ("lowest", seen.lowest), ("area", seen.area)):
            of_all = np.quantile(numbers, share, axis=1, method="inverted_cdf")
            assert usual.quantile(name, share)[0] == pytest.approx(of_all, rel=close, abs=usual.levels.least)
    for place, numbers in enumerate((seen.highest, seen.lowest, seen.area)):
        assert usual.mean[place].tolist() == [mean_of(row) for row in numbers.tolist()]
        assert usual.sd[place] == pytest.approx(numbers.std(axis=1, ddof=1), rel=1e-12, abs=1e-12)
    assert usual.beside.quantile([0, 1]).ravel() == pytest.approx([1, 1], rel=close)
    taken = LATE.taken(THREE, TIMES, first=4, number=150, seed=5)
    own = follow(MODEL, taken, drawn).reshape(150, -1).T
    wanted = np.quantile(own, 0.5, axis=1, method="inverted_cdf")
    assert late.levels.quantile(0.5)[0] == pytest.approx(wanted, rel=close, abs=usual.levels.least)
    ends = [int(place) for place in np.searchsorted(TIMES, EDGES)]
    tops = [own[a : b + 1].max(axis=0) for a, b in pairwise(ends)]
    assert late.mean[0].tolist() == [mean_of(top) for top in tops]


def test_the_same_people_are_in_every_arm() -> None:
    """Linear: three quarters of the dose are three quarters of the area in each of them, which chance between arms would blur."""
    found = trial(MODEL, [ARMS[0], ARMS[4]], 200, TIMES, EDGES)
    assert found.arm("less, usual, all").beside.quantile([0, 0.5, 1]).ravel() == pytest.approx([0.75] * 3, rel=0.004)
    fewer = trial(MODEL, ARMS[:2], 400, TIMES, EDGES).arms[1]
    assert float(fewer.beside.quantile(0.5)[0, 0]) == pytest.approx(0.7, abs=0.05)
    assert fewer.mean[2, 1] / trial(MODEL, ARMS[:1], 400, TIMES, EDGES).arms[0].mean[2, 1] == pytest.approx(
        0.7, abs=0.05
    )


@pytest.mark.parametrize(("people", "chunk"), [(5, 1), (60, 17)])
def test_no_cut_can_be_seen(people: int, chunk: int) -> None:
    whole, cut = (trial(MODEL, ARMS[:4], people, TIMES, EDGES, chunk=size, seed=2) for size in (None, chunk))
    for one, other in zip(whole.arms, cut.arms, strict=True):
        assert np.array_equal(one.mean, other.mean)
        assert np.array_equal(one.sd, other.sd)
        assert np.array_equal(one.levels.counts, other.levels.counts)
        assert np.array_equal(one.measures.counts, other.measures.counts)
        assert np.array_equal(one.beside.counts, other.beside.counts)


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 3))
def test_progress_is_told(chunks: int) -> None:
    seen: list[int] = []
    trial(MODEL, ARMS[:1], 6, TIMES, EDGES, chunk=chunks, watch=seen.append)
    assert seen == [*range(chunks, 6, chunks), 6]


def test_what_makes_no_trial_is_refused_at_once() -> None:
    arm = TrialArm(name="a", schedule=THREE, people=PEOPLE.parameters)
    with pytest.raises(BadInput) as caught:
        trial(MODEL, [arm, arm], 0, TIMES, [0.0, 25.0])
    assert [fault.path for fault in caught.value.faults] == ["arms", "number", "edges"]


@pytest.mark.long
@pytest.mark.skipif(not engines.has_numba(), reason="Numba is not installed")
def test_a_campaign_on_a_cluster_with_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    from gradatim.kinetics.cluster import workers

    monkeypatch.undo()
    hours = np.arange(0, 72.5, 0.5)
    here = trial(MODEL, ARMS, 40_000, hours, EDGES, seed=1)
    with workers(2) as client:
        for chunk in (None, 7001):
            there = trial(MODEL, ARMS, 40_000, hours, EDGES, seed=1, chunk=chunk, on=client)
            for one, other in zip(here.arms, there.arms, strict=True):
                assert np.array_equal(one.mean, other.mean)
                assert np.array_equal(one.levels.counts, other.levels.counts)
