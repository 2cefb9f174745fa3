"""The GPU engine beside the NumPy engine, which is its judge. Run by `test_gpu` in a process of its own, in Numba's simulator of CUDA or,
where there is one, on a GPU: which of them it is must be chosen before Numba is loaded. Few people and few times: the simulator is slow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gradatim.domain.fault import BadInput
from gradatim.kinetics import crowd, elementary
from gradatim.kinetics.bands import bands
from gradatim.kinetics.catalogue import published
from gradatim.kinetics.course import Between, course_of
from gradatim.kinetics.crowd import curves
from gradatim.kinetics.events import Row, Schedule, doses
from gradatim.kinetics.expected import Dosing, expected
from gradatim.kinetics.gpu import device, digits, many
from gradatim.kinetics.gpu import histories as on_device
from gradatim.kinetics.gpu import people as drawn
from gradatim.kinetics.gpu.device import cuda
from gradatim.kinetics.gpu.shared import runner
from gradatim.kinetics.gpu.sinks import Sink
from gradatim.kinetics.histories import Histories, follow
from gradatim.kinetics.mammillary import (
    Direct,
    FirstOrder,
    Mixed,
    Parallel,
    Spelling,
    Transit,
    ZeroOrder,
    mammillary,
)
from gradatim.kinetics.network import network
from gradatim.kinetics.population import Population
from gradatim.kinetics.simulate import simulate
from gradatim.kinetics.structure import LinearModel
from gradatim.kinetics.subject import subject
from gradatim.kinetics.summary import summary
from gradatim.kinetics.variability import How, Uniform, Variability
from tests.kinetics.test_chance import KNOWN
from tests.kinetics.test_kernels import EVENTS, HARD, people

MODEL = mammillary(2, FirstOrder())
TIMES = np.arange(0, 40, 3.25)
MIXTURE = Schedule(
    rows=(
        Row(time=0, evid=1, amt=10, ii=6, addl=4), Row(time=3, evid=1, amt=20, dur=5.0), Row(time=14.5, evid=1, amt=8, ii=12, ss=1),
        Row(time=20, evid=1, amt=30, dur=30.0, ii=12, ss=2),
    )
)  # fmt: skip
TYPICAL = {"CL": 10.8, "V1": 28.8, "Q": 12.9, "V2": 19.7, "KA": 1.0}
VARIED = Variability.of_cv({"CL": 0.3, "V1": 0.4, "KA": 0.5}, {("CL", "V1"): 0.4})
PEOPLE = Population(typical=TYPICAL, variability=VARIED, seed=2)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two blocks for five people, the last of them not full."""
    monkeypatch.setattr(device, "BLOCK", 4)


def same(model: LinearModel, events: Schedule, values: Any, times: Any, between: Between = Between.NEXT) -> None:
    judge = simulate(model, events, values, times, between=between).levels
    found = curves(model, events, values, times, between=between, engine="gpu").levels
    assert found.shape == judge.shape
    assert np.array_equal(found, judge)
    assert np.any(judge > 0)


# --- one schedule ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "way"),
    [
        (1, Direct()),
        (1, ZeroOrder()),
        (1, Parallel()),
        (2, FirstOrder()),
        (2, Mixed()),
        (3, FirstOrder()),
        (1, Transit(3)),
    ],
)
def test_the_same_bits_in_every_form(number: int, way: Any) -> None:
    same(mammillary(number, way), MIXTURE, people(number, way, 5), TIMES[:8])


@pytest.mark.parametrize("name", [name for name in EVENTS if name != "only looking"])
def test_what_events_mean_is_not_decided_again(name: str) -> None:
    times = [0.0, 40.0, 876_000.0, 876_000.5] if name == "a century" else TIMES[:7]
    same(MODEL, Schedule(rows=EVENTS[name]), people(2, FirstOrder(), 5), times)


def test_where_others_lose_digits() -> None:
    values = {name: np.array([case[name] for case in HARD.values()]) for name in HARD["stiff"]}
    same(MODEL, doses(100, [0.0, 24.0, 9000.0]), values, [0, 1e-9, 1e-3, 0.5, 24, 168, 1e6])


def test_lags_and_shares_of_their_own() -> None:
    values = people(2, FirstOrder(), 6) | {
        "ALAG": np.repeat([0.0, 0.3, 7.0], 2),
        "F1": np.linspace(0.2, 1, 6),
        "F2": 0.5,
    }
    rows = (Row(time=0, evid=1, amt=10, ii=6, addl=5), Row(time=2, evid=1, amt=20, rate=4, cmt=2))
    same(MODEL, Schedule(rows=rows), values, TIMES)


def test_covariates_that_change() -> None:
    rows = tuple(Row(time=12.0 * day, evid=1, amt=30) for day in range(4))
    base = people(2, FirstOrder(), 5)

    def parameters(row: Any) -> dict[str, Any]:
        return base | {"CL": base["CL"] * row["CRCL"] / 100, "V1": base["V1"] * (1 + row["CRCL"] / 500)}

    same(MODEL, Schedule(rows=rows, covariates={"CRCL": (90, 60, 30, 80)}), parameters, TIMES)


def test_one_person_and_exactly_full_blocks() -> None:
    for number in (1, 4, 8):
        same(MODEL, doses(10, [0.0, 8.0]), people(2, FirstOrder(), number), TIMES[:4])


def test_threads_beyond_the_last_person_write_nothing() -> None:
    """Five people in room for nine, and blocks of four threads."""
    values = people(2, FirstOrder(), 9)
    (party,) = many._parties(MODEL, course_of(MODEL, MIXTURE, values, Between.NEXT), TIMES)
    reals = cuda.to_device(np.full((len(TIMES), 9), -7.0))
    numbers = [party.tape.lines, party.tape.numbers, party.rates, party.scales, party.factors, party.steady]
    run, dummy = runner(3, 1, True, False, Sink.STORED), device.room((1, 1), np.int64)
    device.launch(run, 5, *device.sent(numbers), party.held(9), reals, dummy, dummy, 5)
    found = device.fetched(reals)
    assert np.all(found[:, 5:] == -7.0)
    assert np.array_equal(found[:, :5], simulate(MODEL, MIXTURE, values, TIMES).levels[:, :5])


def test_singles_are_doubles_rounded_once() -> None:
    values = people(2, FirstOrder(), 5)
    found = curves(MODEL, MIXTURE, values, TIMES, dtype=np.float32, engine="gpu").levels
    assert found.dtype == np.float32
    assert np.array_equal(found, simulate(MODEL, MIXTURE, values, TIMES).levels.astype(np.float32))


def test_room_is_used_again() -> None:
    values, events = people(2, FirstOrder(), 5), doses(10, [0.0, 8.0])
    first = curves(MODEL, events, values, TIMES[:5], dtype=np.float32, engine="gpu")
    whole = crowd._room(5, 5, np.dtype(np.float32), None)
    into = crowd.Curves(times=TIMES[:5], levels=whole[:, :5])
    again = curves(MODEL, events, values, TIMES[:5], dtype=np.float32, into=into, engine="gpu").levels
    assert again.ctypes.data == whole.ctypes.data
    assert np.array_equal(again, first.levels)


def few(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """As if the device had memory for so many people only."""
    for module in (many, on_device):
        monkeypatch.setattr(
            module, "at_once", lambda _each, _fixed, people, most=None: min(number, people, most or people)
        )


def test_more_people_than_the_device_has_memory_for(monkeypatch: pytest.MonkeyPatch) -> None:
    few(monkeypatch, 4)
    values = people(2, FirstOrder(), 7)
    same(MODEL, MIXTURE, values, TIMES[:6])
    told = summary(MODEL, MIXTURE, values, TIMES[:6], TIMES[[0, 5]], engine="gpu")
    assert np.array_equal(told.area, summary(MODEL, MIXTURE, values, TIMES[:6], TIMES[[0, 5]]).area)


def test_what_fits_is_told_by_the_free_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    class Context:
        def get_memory_info(self) -> Any:
            return type("Info", (), {"free": 10_000, "total": 10_000})

    monkeypatch.setattr(cuda, "current_context", Context)
    assert device.at_once(100, 0, 1000) == 80
    assert device.at_once(100, 7_000, 1000) == 10
    assert device.at_once(100, 0, 7) == 7
    assert device.at_once(10**9, 0, 7) == 1
    assert device.at_once(1, 0, 5000, 300) == 300


def test_one_copy_up_and_one_down(monkeypatch: pytest.MonkeyPatch) -> None:
    up: list[Any] = []
    down: list[Any] = []

    def counted(work: Callable[..., Any], told: list[Any]) -> Callable[..., Any]:
        def doing(*given: Any) -> Any:
            told.append(given)
            return work(*given)

        return doing

    monkeypatch.setattr(cuda, "to_device", counted(cuda.to_device, up))
    monkeypatch.setattr(many, "fetched", counted(device.fetched, down))
    curves(MODEL, MIXTURE, people(2, FirstOrder(), 3), TIMES[:4], engine="gpu")
    assert (len(up), len(down)) == (1, 1)


# --- exposure -------------------------------------------------------------------------------------------------------------


def test_exposure_in_passing() -> None:
    times, values = np.sort([*TIMES, 13.0, 13.0]), people(2, FirstOrder(), 5)
    for edges in (times[[0, 3, 4, 11]], times[[2, 5]]):
        found, judge = (summary(MODEL, MIXTURE, values, times, edges, engine=one) for one in ("gpu", "cpu"))
        for name in ("edges", "highest", "highest_at", "lowest", "area"):
            assert np.array_equal(getattr(found, name), getattr(judge, name)), name


# --- random numbers and people -------------------------------------------------------------------------------------------


@device.kernel
def _philox(counters: Any, keys: Any, out: Any) -> None:
    i = cuda.grid(1)
    if i < len(out):
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = digits.philox(
            counters[i, 0], counters[i, 1], counters[i, 2], counters[i, 3], keys[i, 0], keys[i, 1]
        )


def test_the_published_words() -> None:
    counters, keys = (np.array([case[k] for case in KNOWN], dtype=np.uint64) for k in range(2))
    out = device.room((len(KNOWN), 4), np.uint64)
    device.launch(_philox, len(KNOWN), cuda.to_device(counters), cuda.to_device(keys), out)
    assert device.fetched(out).tolist() == [list(case[2]) for case in KNOWN]


@device.kernel
def _elementary(numbers: Any, shares: Any, out: Any) -> None:
    i = cuda.grid(1)
    if i < len(numbers):
        out[0, i], out[1, i], out[2, i] = (
            digits.exp(numbers[i]),
            digits.log(shares[i]),
            digits.normal_quantile(shares[i]),
        )


def test_the_same_digits_of_exp_log_and_quantile() -> None:
    numbers = np.array([0.0, 1.0, -1.0, 1e-17, -745.1, 709.7, 710.0, -746.0, 33.3, -0.3466, 0.3466, 5.5, -700.1])
    shares = np.array([0.5, 2.0**-54, 1e-16, 1 - 2.0**-53, 0.075, 0.925, 0.0749, 0.2, 0.9999, 1e-11, 1e-12, 0.3, 0.7])
    out = device.room((3, len(numbers)))
    device.launch(_elementary, len(numbers), *device.sent([numbers, shares]), out)
    judge = [elementary.exp(numbers), elementary.log(shares), elementary.normal_quantile(shares)]
    assert np.array_equal(device.fetched(out), judge)


HOWS = Population(
    typical={**TYPICAL, "F1": 0.4, "Q": 0.0}, seed=-5,
    variability=Variability(
        on=("CL", "V1", "KA", "F1", "V2"), omega=tuple(tuple(0.04 if i == j else 0.01 for j in range(5)) for i in range(5)),
        how=(How.LOG_NORMAL, How.PROPORTIONAL, How.ADDITIVE, How.LOGIT, How.LOG_NORMAL),
    ),
)  # fmt: skip
ADULT = published("adult-derived")
MICRO = mammillary(2, FirstOrder(), Spelling.MICRO)
NETWORK = network(("gut", "blood"), {("gut", "blood"): "KG", ("gut", None): "KL", ("blood", None): "KE"}, "blood")
DRAWN = {
    "every way to differ": (MODEL, HOWS),
    "rates": (MICRO, Population(typical={"K": 0.4, "K12": 0.2, "K21": 0.6, "V1": 28.0, "KA": 2.0}, variability=Variability.of_cv({"K": 0.3}))),
    "a network": (NETWORK, Population(typical={"KG": 1.0, "KL": 0.2, "KE": 0.3, "V": 9.0}, variability=Variability.of_cv({"KE": 0.3}))),
    "shares": (
        mammillary(1, Parallel()),
        Population(
            typical={"CL": 9.0, "V": 30.0, "KA1": 2.0, "KA2": 0.3, "FR": 0.6},
            variability=Variability(on=("FR",), omega=((0.3,),), how=How.LOGIT),
        ),
    ),
    "a chain": (mammillary(1, Transit(2)), Population(typical={"CL": 9.0, "V": 30.0, "MTT": 2.0, "KA": 1.0}, variability=Variability.of_cv({"MTT": 0.3}))),
    "nobody differs": (MODEL, Population(typical=TYPICAL)),
    "a model of the library": (ADULT.model(), Population.of_published(ADULT, covariates={"CRCL": 40.0}, seed=9)),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_people_drawn_on_the_device_are_the_same_people(name: str) -> None:
    model, population = DRAWN[name]
    events = doses(10, [0.0, 8.0])
    assert drawn.drawable(model, events, population)
    first, number, n = 1_000_003, 5, len(model.compartments)
    course = course_of(model, events, population.parameters(first, number), Between.NEXT)
    (party,) = many._parties(model, course, TIMES)
    draft = drawn.Draft.of(model, population, party.tape)
    values, rates = device.room((len(draft.names), number)), device.room((n * n + n, number))
    scales, factors = device.room((1, number)), device.room(party.factors.shape)
    doubts = cuda.to_device(np.zeros(1, dtype=np.int64))
    draft.draw(first, number, values, rates, scales, factors, doubts)
    wanted = population.parameters(first, number)
    for found, parameter in zip(device.fetched(values), draft.names, strict=True):
        assert np.array_equal(found, np.broadcast_to(wanted[parameter], number)), parameter
    assert np.array_equal(device.fetched(rates), party.rates[0])
    assert np.array_equal(device.fetched(scales), party.scales)
    assert np.array_equal(device.fetched(factors), party.factors)
    assert device.fetched(doubts)[0] == 0


def equal_counts(model: LinearModel, events: Schedule, whom: Population, number: int, **more: Any) -> None:
    found = bands(model, events, whom, number, TIMES[:6], engine="gpu", **more)
    judge = bands(model, events, whom.parameters, number, TIMES[:6], threads=1)
    assert np.array_equal(found.counts, judge.counts)
    assert np.all(found.counts.sum(axis=1) == number)
    assert np.array_equal(found.quantile([0.05, 0.5, 0.95]), judge.quantile([0.05, 0.5, 0.95]))


@pytest.mark.parametrize("name", ["every way to differ", "shares"])
def test_counts_are_those_of_the_processor(name: str) -> None:
    model, population = DRAWN[name]
    equal_counts(model, doses(10, [0.0, 8.0, 16.0]), population, 13, chunk=6)


def test_levels_outside_of_all_classes_are_counted_too() -> None:
    asked: dict[str, Any] = {"fine": 3, "least": 0.125, "octaves": 1, "first": 5}
    found, judge = (
        bands(MODEL, doses(100, [0.0]), PEOPLE, 5, TIMES[:5], engine=one, **asked) for one in ("gpu", "cpu")
    )
    assert np.array_equal(found.counts, judge.counts)
    assert found.counts[:, 0].sum() > 0
    assert found.counts[:, -1].sum() > 0


def test_infusions_are_counted_too() -> None:
    events = Schedule(rows=(Row(time=0, evid=1, amt=10, dur=3.0), Row(time=9, evid=1, amt=5, rate=2.0)))
    assert drawn.drawable(MODEL, events, PEOPLE)
    equal_counts(MODEL, events, PEOPLE, 5)


NOT_DRAWN: dict[str, tuple[Schedule, Population]] = {
    "steady state": (MIXTURE, PEOPLE),
    "covariates": (
        doses(10, [0.0]),
        replace(PEOPLE, typical=lambda told: {**TYPICAL, "CL": 0.1 * told["CRCL"]}, covariates={"CRCL": Uniform(low=20.0, high=120.0)}),
    ),
    "covariates that follow": (
        doses(10, [0.0]),
        replace(PEOPLE, typical=lambda told: {**TYPICAL, "CL": told["CRCL"]}, covariates={"CRCL": lambda told: np.full(5, 9.0)}),  # noqa: ARG005
    ),
    "lags": (doses(10, [0.0]), Population(typical={**TYPICAL, "ALAG1": 0.3}, variability=Variability.of_cv({"ALAG1": 0.5}))),
    "numbers for each": (doses(10, [0.0]), Population(typical={**TYPICAL, "CL": np.linspace(1, 9, 5)})),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_DRAWN)
def test_other_people_are_drawn_by_the_processor_and_counted_on_the_device(name: str) -> None:
    events, whom = NOT_DRAWN[name]
    assert not drawn.drawable(MODEL, events, whom)
    equal_counts(MODEL, events, whom, 5)


def test_a_function_that_draws_is_asked_for_each_chunk() -> None:
    asked: list[tuple[int, int]] = []
    told: list[int] = []

    def some(first: int, number: int) -> Any:
        asked.append((first, number))
        return PEOPLE.parameters(first, number)

    found = bands(MODEL, doses(10, [0.0]), some, 9, TIMES[:3], first=5, chunk=4, engine="gpu", watch=told.append)
    judge = bands(MODEL, doses(10, [0.0]), PEOPLE.parameters, 9, TIMES[:3], first=5)
    assert np.array_equal(found.counts, judge.counts)
    assert asked == [(5, 4), (9, 4), (13, 1)]
    assert told == [4, 8, 9]


def test_memory_does_not_grow_with_people(monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(number: int) -> tuple[list[Any], list[int]]:
        rooms: list[Any] = []
        told: list[int] = []

        def room(shape: tuple[int, ...], kind: Any = np.float64) -> Any:
            rooms.append((shape, kind))
            return device.room(shape, kind)

        monkeypatch.setattr(many, "room", room)
        bands(MODEL, doses(10, [0.0]), PEOPLE, number, TIMES[:2], chunk=3, engine="gpu", watch=told.append)
        return rooms, told

    (small, _), (large, told) = taken(3), taken(11)
    assert small == large
    assert told == [3, 6, 9, 11]


def test_who_cannot_be_is_told_as_the_processor_tells_it() -> None:
    wild = Population(
        typical=TYPICAL, variability=Variability(on=("CL",), omega=((4.0,),), how=How.PROPORTIONAL), seed=3
    )
    said = []
    for engine in ("cpu", "gpu"):
        with pytest.raises(BadInput, match="CL") as told:
            bands(MODEL, doses(10, [0.0]), wild, 20, TIMES[:2], engine=engine, threads=1)
        said.append(str(told.value))
    assert said[0] == said[1]


def test_what_a_model_expects_is_the_same() -> None:
    dosing = Dosing(doses=((0.0, 10.0), (8.0, 10.0)), edges=(0.0, 12.0, 24.0))
    found, judge = (
        expected(subject("adult-derived"), dosing, percents=[5, 50], people=5, engine=one) for one in ("gpu", "cpu")
    )
    assert found == judge
    assert len(found.spreads) == 2


# --- own histories --------------------------------------------------------------------------------------------------------


def made_up(size: int, seed: int) -> Histories:
    random = np.random.default_rng(seed)
    given = [
        (np.sort(random.uniform(0, 60, random.integers(0, 6))).round(1), random.uniform(1, 50)) for _ in range(size)
    ]
    times = [
        np.sort(random.choice([0.0, 1.0, 40.0, *random.uniform(0, 200, 6)], random.integers(0, 6))) for _ in range(size)
    ]
    return Histories.of([*given, ([5.0, 5.0, 9.0], [1, 2, 3])], [*times, [5.0, 5.5, 9.0, 9.0, 50.0]])


@pytest.mark.parametrize(
    ("number", "way", "cmt"),
    [
        (1, Direct(), 1),
        (1, FirstOrder(), 1),
        (2, FirstOrder(), 1),
        (2, FirstOrder(), 2),
        (2, Direct(), 1),
        (3, FirstOrder(), 1),
        (1, Parallel(), 2),
    ],
)
def test_own_doses_and_own_times(number: int, way: Any, cmt: int, monkeypatch: pytest.MonkeyPatch) -> None:
    told, model = made_up(12, number), mammillary(number, way)
    late = {f"F{cmt}": np.linspace(0.3, 1, 13), f"ALAG{cmt}": np.where(np.arange(13) % 3, 0.0, 1.5)}
    values = people(number, way, 13) | late
    found = follow(model, told, values, cmt=cmt, engine="gpu")
    monkeypatch.setattr("gradatim.kinetics.histories.has_numba", lambda: False)
    judge = follow(model, told, values, cmt=cmt)
    told_of = judge > 1e-290
    assert np.all(np.abs(found[told_of] / judge[told_of] - 1) < 1e-12)
    assert np.all(found[~told_of] <= 1e-290)
    assert told_of.sum() > 15
    few(monkeypatch, 5)
    assert np.array_equal(follow(model, told, values, cmt=cmt, engine="gpu"), found)


def test_where_rates_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rates of absorption that are those of the body, or nearly, slower than all and faster than all."""
    k10, k12, k21 = 0.5, 0.3, 0.7
    slow, fast = np.sort(np.abs(np.linalg.eigvals(np.array([[-(k10 + k12), k21], [k12, -k21]])))).tolist()
    ka = np.array([slow, fast, fast * (1 + 1e-9), slow * (1 - 1e-12), 1e-3, 40.0, 0.5, 0.5])
    q = np.array([k12] * 6 + [0.0, 1e-9])
    values = {"CL": np.full(8, k10 * 4), "V1": 4.0, "Q": q * 4, "V2": np.maximum(q, 1e-9) * 4 / k21, "KA": ka}
    when = [0, 1e-9, 1e-3, 0.1, 1, 6.9, 7, 12, 31, 200]
    told = Histories.of([([0.0, 7.0, 7.0, 31.0], [10, 5, 2.5, 40])] * 8, [when] * 8)
    found = follow(MODEL, told, values, engine="gpu")
    monkeypatch.setattr("gradatim.kinetics.histories.has_numba", lambda: False)
    judge = follow(MODEL, told, values)
    seen = judge > 1e-290
    assert seen.sum() == 8 * 9
    assert np.all(np.abs(found[seen] / judge[seen] - 1) < 2e-11)


def test_nobody_is_asked_for_anything() -> None:
    told = Histories.of([([0.0], [1]), ([], [])], [[], []])
    assert len(follow(MODEL, told, people(2, FirstOrder(), 2), engine="gpu")) == 0


# --- what it is not for ---------------------------------------------------------------------------------------------------


def test_a_model_that_is_too_wide_is_refused_and_best_takes_the_processor() -> None:
    model = mammillary(1, Transit(8))
    values: dict[str, Any] = {"CL": [1.0, 2.0], "V": 3.0, "MTT": 1.0, "KA": 1.0}
    with pytest.raises(BadInput, match=r"10 compartments.*best"):
        curves(model, doses(1, [0.0]), values, [1.0], engine="gpu")
    judge = simulate(model, doses(1, [0.0]), values, [1.0]).levels
    assert np.array_equal(curves(model, doses(1, [0.0]), values, [1.0], engine="best").levels, judge)
