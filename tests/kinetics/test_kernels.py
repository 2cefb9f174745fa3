"""The compiled engine beside the NumPy engine, which is its judge: not nearly the same numbers, but the same bits."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gradatim.kinetics import crew, crowd, engines
from gradatim.kinetics.course import Between, course_of
from gradatim.kinetics.events import Row, Schedule, doses
from gradatim.kinetics.mammillary import Direct, FirstOrder, Mixed, Parallel, Transit, ZeroOrder, mammillary
from gradatim.kinetics.network import network
from gradatim.kinetics.plain import plain_tape
from gradatim.kinetics.program import compiled, times_of
from gradatim.kinetics.simulate import simulate
from gradatim.kinetics.structure import LinearModel
from gradatim.kinetics.summary import summary
from gradatim.kinetics.tape import Op, tape_of
from tests.kinetics.made_up import dosings, schedule

FEW = settings(max_examples=25)
GRID = np.arange(0, 120, 1.75)
NUMBA = pytest.mark.skipif(not engines.has_numba(), reason="Numba is not installed")
_BODY = {1: ("CL", "V"), 2: ("CL", "V1", "Q", "V2"), 3: ("CL", "V1", "Q2", "V2", "Q3", "V3")}
_WAY: dict[Any, tuple[str, ...]] = {
    Direct(): (), FirstOrder(): ("KA",), Parallel(): ("KA1", "KA2", "FR"), Mixed(): ("KA", "FR", "D2"), Transit(3): ("MTT", "KA"),
    ZeroOrder(): ("D1",),
}  # fmt: skip
FORMS = [(2, FirstOrder()), (1, Mixed()), (3, Direct())]
ALL_FORMS = [(number, way) for number in _BODY for way in _WAY]


@pytest.fixture(autouse=True)
def _always(monkeypatch: pytest.MonkeyPatch) -> None:
    """However little there is to do, the kernels do it."""
    monkeypatch.setattr(crew, "_ENOUGH", 0)


def people(number: int, way: Any, size: int, seed: int = 1) -> dict[str, Any]:
    """Parameters of some people, from sluggish to wild, with shares that are shares."""
    random = np.random.default_rng(seed)
    values: dict[str, Any] = {name: np.exp(random.normal(0.5, 1.2, size)) for name in (*_BODY[number], *_WAY[way])}
    values |= {name: value * 10 for name, value in values.items() if name.startswith(("V", "CL"))}
    if "FR" in values:
        values["FR"] = random.uniform(0, 1, size)
    for name in ("D1", "D2"):
        if name in values:
            values[name] = 2.5
    return values


def same_as_numpy(
    model: LinearModel, events: Schedule, values: Any, times: Any, between: Between = Between.NEXT
) -> None:
    judge = simulate(model, events, values, times, between=between).levels
    for threads in (1, 2):
        found = crowd.curves(model, events, values, times, between=between, threads=threads)
        assert np.array_equal(found.levels, judge, equal_nan=True)


@NUMBA
@pytest.mark.parametrize(("number", "way"), FORMS)
@given(rows=dosings(), others=dosings(), size=st.sampled_from([2, 16, 37, 300]))
@FEW
def test_the_same_bits_as_numpy(
    number: int, way: Any, rows: tuple[Row, ...], others: tuple[Row, ...], size: int
) -> None:
    values = people(number, way, size) | {"F1": np.linspace(0.1, 0.9, size), "F2": 0.7}
    same_as_numpy(mammillary(number, way), schedule(*rows, *others), values, GRID)


@NUMBA
@pytest.mark.long
@pytest.mark.parametrize(("number", "way"), ALL_FORMS)
@given(rows=dosings(), size=st.sampled_from([2, 129, 2500]), seed=st.integers(0, 99))
@FEW
def test_the_same_bits_in_every_form(number: int, way: Any, rows: tuple[Row, ...], size: int, seed: int) -> None:
    same_as_numpy(mammillary(number, way), schedule(*rows), people(number, way, size, seed), GRID)


EVENTS = {
    "bolus into the second compartment": (Row(time=0, evid=1, amt=10, cmt=2, ii=6, addl=7),),
    "infusion by rate": (Row(time=1, evid=1, amt=100, rate=7.0), Row(time=9, evid=1, amt=50, rate=50.0)),
    "infusion longer than its interval": (Row(time=0, evid=1, amt=100, dur=30.0, ii=12, addl=5, ss=1),),
    "steady state of a bolus": (
        Row(time=0, evid=1, amt=100, ii=8, ss=1),
        Row(time=24, evid=1, amt=70, ii=12, ss=2, addl=3),
    ),
    "a constant infusion": (Row(time=3, evid=1, rate=4.0, ss=1), Row(time=8, evid=1, amt=9)),
    "resets": (Row(time=0, evid=1, amt=9, dur=50), Row(time=7, evid=3), Row(time=9, evid=4, amt=3, ii=3, addl=4)),
    "a century": (Row(time=0, evid=1, amt=100), Row(time=876_000, evid=1, amt=1)),
    "only looking": (Row(time=0, evid=0),),
}


@NUMBA
@pytest.mark.parametrize("name", EVENTS)
def test_what_events_mean_is_not_decided_again(name: str) -> None:
    times = np.unique([*GRID, *(row.time for row in EVENTS[name]), 876_000.5] if name == "a century" else GRID)
    same_as_numpy(mammillary(2, FirstOrder()), Schedule(rows=EVENTS[name]), people(2, FirstOrder(), 70), times)


@NUMBA
def test_lags_and_shares_of_their_own() -> None:
    model, values = mammillary(2, FirstOrder()), people(2, FirstOrder(), 40)
    values |= {"ALAG": np.repeat([0.0, 0.3, 1.1, 7.0], 10), "F1": np.linspace(0.2, 1, 40), "F2": 0.5}
    rows = (Row(time=0, evid=1, amt=10, ii=6, addl=9), Row(time=2, evid=1, amt=20, rate=4, cmt=2))
    same_as_numpy(model, Schedule(rows=rows), values, GRID)


@NUMBA
@pytest.mark.parametrize("between", list(Between))
def test_covariates_that_change(between: Between) -> None:
    rows = tuple(Row(time=12.0 * day, evid=1, amt=30) for day in range(9))
    events = Schedule(rows=rows, covariates={"CRCL": (90, 90, 60, 30, 30, 45, 80, 100, 100)})
    base = people(2, FirstOrder(), 33)

    def parameters(row: Any) -> dict[str, Any]:
        return base | {"CL": base["CL"] * row["CRCL"] / 100, "V1": base["V1"] * (1 + row["CRCL"] / 500)}

    same_as_numpy(mammillary(2, FirstOrder()), events, parameters, GRID, between)


HARD = {
    "equal rates": {"CL": 10.0, "V1": 10.0, "Q": 0.0, "V2": 5.0, "KA": 1.0},
    "nearly equal": {"CL": 10.0, "V1": 10.0, "Q": 1e-9, "V2": 1.0, "KA": 1.0 + 1e-9},
    "no clearance": {"CL": 0.0, "V1": 10.0, "Q": 3.0, "V2": 5.0, "KA": 2.0},
    "stiff": {"CL": 1e-5, "V1": 1.0, "Q": 1e3, "V2": 1e4, "KA": 1e4},
    "no absorption": {"CL": 3.0, "V1": 1.0, "Q": 1.0, "V2": 1.0, "KA": 0.0},
}


@NUMBA
def test_where_others_lose_digits() -> None:
    values = {name: np.array([case[name] for case in HARD.values()] * 4) for name in HARD["stiff"]}
    times = np.array([0, 1e-9, 1e-3, 0.5, 8, 24, 168, 1e4, 1e6])
    same_as_numpy(mammillary(2, FirstOrder()), doses(100, [0.0, 24.0, 9000.0]), values, times)


@NUMBA
def test_a_network_with_leaks_in_two_places_and_its_watched_compartment_first() -> None:
    flows: dict[tuple[str, str | None], str] = {
        ("csf", "blood"): "KC", ("blood", None): "KE", ("csf", None): "KL", ("blood", "fat"): "KF", ("fat", "blood"): "KB",
    }  # fmt: skip
    model = network(("csf", "blood", "fat"), flows, "csf")
    random = np.random.default_rng(3)
    values = {name: np.exp(random.normal(-1, 1, 50)) for name in ("KC", "KE", "KL", "KF", "KB", "V")}
    same_as_numpy(model, Schedule(rows=(Row(time=0, evid=1, amt=1, dur=100, cmt="csf"),)), values, GRID)


@NUMBA
def test_any_chunk_and_any_number_of_threads() -> None:
    model, values = mammillary(2, FirstOrder()), people(2, FirstOrder(), 1000)
    events = doses(10, np.arange(0, 120, 7.5))
    whole = crowd.curves(model, events, values, GRID, threads=3).levels
    for part in (slice(0, 1), slice(3, 20), slice(100, 741), slice(999, 1000)):
        alone = crowd.curves(model, events, {name: value[part] for name, value in values.items()}, GRID, threads=1)
        assert np.array_equal(alone.levels, whole[:, part])


@NUMBA
def test_singles_are_doubles_rounded_once_and_room_is_used_again() -> None:
    model, values, events = mammillary(2, FirstOrder()), people(2, FirstOrder(), 333), doses(10, [0.0, 8.0, 30.0])
    first = crowd.curves(model, events, values, GRID)
    singles = crowd.curves(model, events, values, GRID, dtype=np.float32).levels
    assert np.array_equal(singles, first.levels.astype(np.float32))
    kept, place = first.levels.copy(), first.levels.ctypes.data
    again = crowd.curves(model, events, values, GRID, into=first).levels
    assert again.ctypes.data == place
    assert np.array_equal(again, kept)


@NUMBA
@given(rows=dosings(), cuts=st.sets(st.integers(0, len(GRID) - 1), min_size=2, max_size=5))
@example(rows=tuple(Row(time=time, evid=1, amt=10) for time in GRID[::4].tolist()), cuts={0, 4, 8, 20, 21})
@FEW
def test_exposure_in_passing(rows: tuple[Row, ...], cuts: set[int]) -> None:
    model, values, events = mammillary(2, FirstOrder()), people(2, FirstOrder(), 21), schedule(*rows)
    edges = GRID[sorted(cuts)]
    found = summary(model, events, values, GRID, edges)
    judge = simulate(model, events, values, GRID, area=True)
    assert judge.area is not None
    for k, (a, b) in enumerate(zip(sorted(cuts), sorted(cuts)[1:], strict=False)):
        part = judge.levels[a : b + 1]
        assert np.array_equal(found.highest[k], part.max(axis=0))
        assert np.array_equal(found.lowest[k], part.min(axis=0))
        assert np.array_equal(found.highest_at[k], GRID[a + part.argmax(axis=0)])
        assert np.array_equal(found.area[k], judge.area[b] - judge.area[a])


@given(rows=dosings(), times=st.lists(st.integers(0, 480).map(lambda quarter: quarter / 4), min_size=1, max_size=40))
@FEW
def test_a_plain_schedule_is_written_without_walking(rows: tuple[Row, ...], times: list[float]) -> None:
    """The short way to a tape gives the same levels, one person's in plain numbers and to the same bits."""
    plain = schedule(*(replace(row, dur=0.0) for row in rows))
    when, model = np.array(sorted(times)), mammillary(2, FirstOrder())
    values = {"CL": 10.8, "V1": 28.8, "Q": 12.9, "V2": 19.7, "KA": 1.1, "F1": 0.7}
    judge = simulate(model, plain, values, when).levels
    assert np.array_equal(crowd.curves(model, plain, values, when).levels, judge)
    course = course_of(model, plain, values, Between.NEXT)
    short = plain_tape(model, plain, [times_of(course.settings[0], 0)], when)
    assert short is not None
    assert set(short.lines[:, 0]) <= {Op.MAKE, Op.GO, Op.RUN, Op.PUT, Op.NOTE, Op.SCALE, Op.DUE}


@pytest.mark.parametrize(
    ("number", "way"), [(1, Direct()), (1, FirstOrder()), (2, FirstOrder()), (3, FirstOrder()), (3, Direct())]
)
def test_one_person_in_plain_numbers(number: int, way: Any) -> None:
    events = schedule(*(Row(time=7.5 * place, evid=1, amt=10 + place) for place in range(9)), Row(time=33, evid=3))
    model, values = mammillary(number, way), people(number, way, 1, seed=number)
    for extra in ({}, {"ALAG1": 0.4, "F1": 0.3}):
        found = crowd.curves(model, events, values | extra, GRID).levels
        assert np.array_equal(found, simulate(model, events, values | extra, GRID).levels)


def test_a_tape_drops_what_it_does_not_need_any_more() -> None:
    model, events = mammillary(2, FirstOrder()), doses(1, np.cumsum(np.arange(1, 200) ** 1.01))
    course = course_of(model, events, {"CL": 1, "V1": 1, "Q": 1, "V2": 1, "KA": 1}, Between.NEXT)
    steps = compiled(
        model, events, [times_of(course.settings[0], 0)], until=course.until, own=course.own, notes=[0.0, 3e4]
    )
    tape = tape_of(steps, 2)
    assert int(np.sum(tape.lines[:, 0] == Op.MAKE)) > 150
    assert tape.places <= 2


def test_a_tape_makes_a_propagator_once_for_each_length() -> None:
    model, events = mammillary(2, FirstOrder()), doses(1, np.arange(0, 200, 5.0), dur=1.0)
    course = course_of(model, events, {"CL": 1, "V1": 1, "Q": 1, "V2": 1, "KA": 1}, Between.NEXT)
    steps = compiled(
        model,
        events,
        [times_of(course.settings[0], 0)],
        until=course.until,
        own=course.own,
        notes=np.arange(300.0).tolist(),
    )
    tape = tape_of(steps, 300)
    assert int(np.sum(tape.lines[:, 0] == Op.MAKE)) == 1


def test_without_numba_everything_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    model, values, events = mammillary(2, FirstOrder()), people(2, FirstOrder(), 30), doses(10, [0.0, 8.0, 30.0])
    with_it = crowd.curves(model, events, values, GRID).levels
    monkeypatch.setenv("GRADATIM_NO_NUMBA", "1")
    engines.has_numba.cache_clear()
    try:
        assert not engines.has_numba()
        assert np.array_equal(crowd.curves(model, events, values, GRID).levels, with_it)
    finally:
        monkeypatch.undo()
        engines.has_numba.cache_clear()


def test_nothing_heavy_is_loaded_for_one_person() -> None:
    code = (
        "import sys; from gradatim.kinetics import curves, doses, mammillary; "
        "curves(mammillary(1), doses(1, [0.0]), {'CL': 1, 'V': 2}, [0.0, 1.0]); print('numba' in sys.modules, 'scipy' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "False"]
