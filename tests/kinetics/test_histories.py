"""People with doses and times of their own, against the NumPy engine, against 120 digits, and where rates meet."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradatim.domain.fault import BadInput
from gradatim.kinetics import engines, histories
from gradatim.kinetics.adherence import Adherence
from gradatim.kinetics.events import Row, Schedule, doses
from gradatim.kinetics.histories import Histories, follow
from gradatim.kinetics.mammillary import Direct, FirstOrder, Mixed, Parallel, Transit, ZeroOrder, mammillary
from gradatim.kinetics.simulate import simulate
from gradatim.kinetics.variability import Normal, Uniform
from tests.kinetics.many_digits import state

NUMBA = pytest.mark.skipif(not engines.has_numba(), reason="Numba is not installed")
NAMES = {1: ("CL", "V"), 2: ("CL", "V1", "Q", "V2")}
TELLABLE = 1e-290


def people(number: int, size: int, seed: int = 1) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    return {name: np.exp(random.normal(1, 1.5, size)) for name in (*NAMES[number], "KA")}


def by_schedules(model: Any, told: Histories, values: dict[str, Any], cmt: Any = None) -> np.ndarray:
    """Each person alone, by the exact engine."""
    found = []
    for person in range(len(told)):
        mine, notes = slice(*told.dose_first[person : person + 2]), slice(*told.note_first[person : person + 2])
        lasting = np.zeros(len(told.dose_times)) if told.durations is None else told.durations
        rows = [
            Row(number=n, time=time, evid=1, amt=amount, cmt=cmt, dur=dur) if amount else Row(number=n, time=time)
            for n, (time, amount, dur) in enumerate(
                zip(told.dose_times[mine].tolist(), told.amounts[mine].tolist(), lasting[mine].tolist(), strict=True),
                1,
            )
        ]
        own = {name: value[person] if np.ndim(value) else value for name, value in values.items()}
        times = told.note_times[notes]
        if len(times):
            found.append(simulate(model, Schedule(rows=tuple(rows) or (Row(time=0.0),)), own, times).levels[:, 0])
    return np.concatenate(found)


def close(one: np.ndarray, other: np.ndarray, room: float = 1e-12) -> None:
    told = other > TELLABLE
    assert np.all(np.abs(one[told] / other[told] - 1) < room)
    assert np.all(one[~told] <= TELLABLE)


def made_up(size: int, seed: int, most: int = 8) -> Histories:
    random = np.random.default_rng(seed)
    given_doses = [
        (np.sort(random.uniform(0, 90, random.integers(0, most))).round(2), random.uniform(0.5, 50))
        for _ in range(size)
    ]
    times = [
        np.sort(random.choice([0.0, 1.0, 40.0, 100.0, *random.uniform(0, 200, 9)], random.integers(1, 12)))
        for _ in range(size)
    ]
    return Histories.of(given_doses, times)


@NUMBA
@pytest.mark.parametrize(("number", "way"), [(1, Direct()), (1, FirstOrder()), (2, Direct()), (2, FirstOrder())])
@given(seed=st.integers(0, 10_000))
@settings(max_examples=12)
def test_as_the_exact_engine_has_it(number: int, way: Any, seed: int) -> None:
    told, model, values = made_up(9, seed), mammillary(number, way), people(number, 9, seed)
    if isinstance(way, Direct):
        del values["KA"]
    values |= {"F1": np.linspace(0.3, 1, 9), "ALAG1": np.where(np.arange(9) % 3, 0.0, 1.5)}
    close(follow(model, told, values), by_schedules(model, told, values))
    if isinstance(way, FirstOrder):
        values |= {f"F{number}": 0.5}
        close(follow(model, told, values, cmt="central"), by_schedules(model, told, values, "central"))


@NUMBA
@given(
    st.floats(1e-4, 1e3), st.floats(0, 1e2), st.sampled_from([0.0, 1e-12, 1e-7, 0.3, 50.0]), st.floats(1e-4, 1e2),
    st.sampled_from(["ka", "equal", "nearly", "slow", "all"]),
)  # fmt: skip
@settings(max_examples=60)
def test_where_rates_meet(ka: float, k10: float, k12: float, k21: float, meet: str) -> None:
    """Rates of absorption that are, or nearly are, those of the body, which the usual formula cannot have."""
    roots = np.sort(np.abs(np.linalg.eigvals(np.array([[-(k10 + k12), k21], [k12, -k21]]))))
    if meet == "equal":
        ka = float(roots[1])
    elif meet == "nearly":
        ka = float(roots[1] * (1 + 1e-9))
    elif meet == "slow":
        ka = float(roots[0])
    elif meet == "all":
        k12, k21 = 0.0, k10 or 1.0
        ka = k10
    told = Histories.of(
        [([0.0, 7.0, 7.0, 31.0], [10, 5, 2.5, 40])], [[0, 1e-9, 1e-3, 0.1, 1, 6.9, 7, 7.2, 12, 31, 50, 200, 5000]]
    )
    values = {"CL": k10 * 4.0, "V1": 4.0, "Q": k12 * 4.0, "V2": 4.0 * k12 / k21 if k12 else 1.0, "KA": ka}
    model = mammillary(2, FirstOrder())
    close(follow(model, told, values), by_schedules(model, told, values), 2e-11)


STRESS = list(itertools.product((0.3, 1.0, 1.0 + 1e-9, 40.0), (0.0, 1.0), (1e-6, 1.0), (1e-3, 1.0)))


@NUMBA
def test_ten_digits_in_any_case_against_120() -> None:
    times = [0.0, 1e-6, 0.5, 3.0, 9.0, 60.0]
    given_doses = [(0.0, 0, 10.0, 0.0), (2.0, 0, 4.0, 0.0)]
    for ka, k10, k12, k21 in STRESS:
        told = Histories.of([([0.0, 2.0], [10.0, 4.0])], [times])
        values = {"CL": k10, "V1": 1.0, "Q": k12, "V2": k12 / k21, "KA": ka}
        found = follow(mammillary(2, FirstOrder()), told, values)
        exact = [
            state([[0, 0, 0], [ka, 0, k12 / (k12 / k21)], [0, k12, 0]], [0, k10, 0], given_doses, at)[1] for at in times
        ]
        for got, wanted in zip(found.tolist(), exact, strict=True):
            assert abs(got - float(wanted)) <= 1e-12 * float(wanted)


WIDER: dict[str, tuple[int, Any, tuple[str, ...]]] = {
    "three compartments, straight in": (3, Direct(), ()),
    "three compartments, a depot": (3, FirstOrder(), ("KA",)),
    "two depots": (2, Parallel(), ("KA1", "KA2", "FR")),
    "zero order": (2, ZeroOrder(), ("D1",)),
    "zero order beside a depot": (3, Mixed(), ("KA", "FR", "D2")),
}
BODY = {1: ("CL", "V"), 2: ("CL", "V1", "Q", "V2"), 3: ("CL", "V1", "Q2", "V2", "Q3", "V3")}


def wider(name: str, size: int, seed: int) -> tuple[Any, dict[str, Any]]:
    number, way, more = WIDER[name]
    random = np.random.default_rng(seed)
    values: dict[str, Any] = {each: np.exp(random.normal(1, 1.5, size)) for each in (*BODY[number], *more)}
    if "FR" in values:
        values["FR"] = random.uniform(0, 1, size)
    values |= {"F1": np.linspace(0.3, 1, size), "ALAG1": np.where(np.arange(size) % 3, 0.0, 1.5), "ALAG2": 0.25}
    return mammillary(number, way), values


def compiled_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that NumPy cannot stand in unseen."""

    def never(*_: Any) -> None:
        raise AssertionError("NumPy was asked")

    monkeypatch.setattr(histories, "_by_numpy", never)


@NUMBA
@pytest.mark.parametrize("name", WIDER)
def test_other_forms_as_the_exact_engine_has_them(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled_alone(monkeypatch)
    for seed in range(6):
        told = made_up(11, seed)
        model, values = wider(name, 11, seed)
        close(follow(model, told, values), by_schedules(model, told, values))


def lasting(told: Histories, seed: int) -> Histories:
    """Some doses as infusions, of which some run beside others."""
    random = np.random.default_rng(seed)
    size = len(told.dose_times)
    return replace(told, durations=np.where(random.random(size) < 0.7, 10 ** random.uniform(-2, 2, size), 0.0))


@pytest.mark.parametrize("engine", ["compiled", "numpy"])
@pytest.mark.parametrize(("number", "cmt"), [(1, None), (2, None), (3, None), (3, "depot")])
def test_infusions_of_their_own(number: int, cmt: str | None, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if engine == "numpy":
        monkeypatch.setattr(histories, "has_numba", lambda: False)
    elif not engines.has_numba():
        pytest.skip("Numba is not installed")
    elif cmt is None:
        compiled_alone(monkeypatch)
    for seed in range(4):
        told = lasting(made_up(9, seed), seed)
        random = np.random.default_rng(seed)
        names = (*BODY[number], "KA") if cmt else BODY[number]
        values = {each: np.exp(random.normal(1, 1.5, 9)) for each in names} | {"F1": 0.7, "ALAG1": 0.5}
        model = mammillary(number, FirstOrder() if cmt else Direct())
        close(follow(model, told, values, cmt=cmt), by_schedules(model, told, values, cmt))


@NUMBA
def test_three_compartments_where_rates_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tissues that are the same, that nothing enters, that nothing leaves, and absorption at a rate of the body."""
    compiled_alone(monkeypatch)
    told = Histories.of(
        [([0.0, 7.0, 7.0, 31.0], [10, 5, 2.5, 40])], [[0, 1e-9, 1e-3, 0.1, 6.9, 7, 12, 31, 50, 200, 5000]]
    )
    model = mammillary(3, FirstOrder())
    body = np.array([[-3.0, 0.5, 0.25], [1.0, -0.5, 0.0], [1.0, 0.0, -0.25]])
    slow, middle, fast = np.sort(-np.linalg.eigvals(body)).tolist()
    for ka in (slow, middle, fast, fast * (1 + 1e-9), 0.5, 1e-6, 1e5):
        for tissue in (
            {},
            {"V3": 2.0},
            {"V3": 2.0 * (1 + 1e-12)},
            {"Q2": 0.0},
            {"Q2": 0.0, "Q3": 0.0},
            {"V2": 1e9},
            {"CL": 0.0},
        ):
            values = {"CL": 1.0, "V1": 1.0, "Q2": 1.0, "V2": 2.0, "Q3": 1.0, "V3": 4.0, "KA": ka} | tissue
            close(follow(model, told, values), by_schedules(model, told, values), 2e-12)


@NUMBA
def test_a_model_that_is_not_taken_goes_to_numpy() -> None:
    told, model = made_up(6, 3), mammillary(2, Transit(2))
    values = {"CL": 2.0, "V1": 10.0, "Q": 1.0, "V2": 5.0, "KA": 1.0, "MTT": 2.0}
    close(follow(model, told, values), by_schedules(model, told, values))


@NUMBA
def test_any_part_and_any_number_of_threads_in_other_forms() -> None:
    told = lasting(made_up(300, 5), 5)
    model, values = mammillary(3, Direct()), people(2, 300, 5)
    values = {"CL": values["CL"], "V1": values["V1"], "Q2": values["Q"], "V2": values["V2"], "Q3": 3.0, "V3": 80.0}
    whole = follow(model, told, values, threads=1)
    assert np.array_equal(follow(model, told, values, threads=2), whole)
    room = np.empty_like(whole)
    assert follow(model, told, values, into=room) is room
    assert np.array_equal(room, whole)


@NUMBA
def test_any_part_and_any_number_of_threads() -> None:
    told, values, model = made_up(700, 5), people(2, 700, 5), mammillary(2, FirstOrder())
    whole = follow(model, told, values, threads=1)
    assert np.array_equal(follow(model, told, values, threads=2), whole)
    for person in (0, 333, 699):
        mine, notes = slice(*told.dose_first[person : person + 2]), slice(*told.note_first[person : person + 2])
        alone = Histories.of([(told.dose_times[mine], told.amounts[mine])], [told.note_times[notes]])
        own = {name: value[person] for name, value in values.items()}
        assert np.array_equal(follow(model, alone, own), whole[notes])


def test_without_numba_and_in_other_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    told = made_up(12, 8)
    three = {
        name: np.exp(np.random.default_rng(2).normal(0, 1, 12)) for name in ("CL", "V1", "Q2", "V2", "Q3", "V3", "KA")
    }
    model = mammillary(3, FirstOrder())
    close(follow(model, told, three), by_schedules(model, told, three))
    monkeypatch.setattr(histories, "has_numba", lambda: False)
    two, values = mammillary(2, FirstOrder()), people(2, 12, 8)
    close(follow(two, told, values), by_schedules(two, told, values))


def test_one_parameter_for_everybody() -> None:
    told, model = made_up(5, 9), mammillary(1, FirstOrder())
    values = {"CL": 2.0, "V": 10.0, "KA": 1.0}
    close(follow(model, told, values), by_schedules(model, told, values))


def test_histories_that_do_not_fit_are_told_at_once() -> None:
    with pytest.raises(BadInput) as told:
        Histories(
            dose_first=np.array([0, 2]), dose_times=np.array([3.0, 1.0]), amounts=np.array([1.0, -1.0]),
            note_first=np.array([0, 1, 2]), note_times=np.array([0.0]),
        )  # fmt: skip
    assert {fault.path for fault in told.value.faults} == {"dose_times", "note_first", "amounts"}
    with pytest.raises(BadInput, match="simulate_table"):
        Histories.of_schedules([Schedule(rows=(Row(time=0, evid=1, amt=3, dur=2),))], [[1.0]])
    with pytest.raises(BadInput, match="3 subjects for 5"):
        follow(mammillary(1), made_up(5, 1), {"CL": [1, 2, 3], "V": 3})
    with pytest.raises(BadInput, match="D1"):
        follow(mammillary(1, ZeroOrder()), made_up(1, 1), {"CL": 1, "V": 3, "D1": 0.0})
    with pytest.raises(BadInput, match="durations"):
        replace(made_up(1, 1), durations=np.array([-1.0]))
    with pytest.raises(BadInput, match="earlier call"):
        follow(mammillary(1), made_up(2, 1), {"CL": 1, "V": 3}, into=np.empty(3))


def test_additional_doses_and_notes_in_a_schedule() -> None:
    told = Histories.of_schedules([Schedule(rows=(Row(time=0, evid=1, amt=3, ii=8, addl=2), Row(time=9)))], [[1.0]])
    assert told.dose_times.tolist() == [0, 8, 16]
    assert told.amounts.tolist() == [3, 3, 3]


# --- adherence -----------------------------------------------------------------------------------------------------------

PLAN = doses(20, np.arange(0, 240, 8.0))


def test_everything_is_taken_when_nothing_is_missed() -> None:
    told = Adherence().taken(PLAN, [0.0, 24.0], first=0, number=3)
    assert np.array_equal(told.dose_times, np.tile(np.arange(0, 240, 8.0), 3))
    assert np.array_equal(told.note_times, np.tile([0.0, 24.0], 3))


def test_doses_are_missed_as_often_as_said() -> None:
    """A chain of taken and missed ones: in the long run missed / (1 − again + missed) are missed."""
    number = 4000
    told = Adherence(missed=0.1, missed_again=0.4).taken(PLAN, [0.0], first=0, number=number, seed=4)
    taken = len(told.dose_times) / number / 30
    start = 0.1
    expected = []
    for _ in range(30):
        expected.append(start)
        start = start * 0.4 + (1 - start) * 0.1
    sd = np.sqrt(0.14 * 0.86 / (number * 30) * (1 + 2 * 0.3 / 0.7))
    assert abs((1 - taken) - np.mean(expected)) < 4 * sd
    independent = Adherence(missed=0.2).taken(PLAN, [0.0], first=0, number=number, seed=4)
    assert abs(len(independent.dose_times) / number / 30 - 0.8) < 4 * np.sqrt(0.16 / (number * 30))


def test_late_doses_are_late_and_in_order() -> None:
    late = Adherence(late=Uniform(low=0.0, high=12.0)).taken(PLAN, [0.0], first=0, number=400, seed=1)
    times = late.dose_times.reshape(400, 30)
    assert np.all(np.diff(times, axis=1) >= 0)
    assert abs((times.sum(axis=1) - np.arange(0, 240, 8.0).sum()).mean() / 30 - 6.0) < 0.2


def test_a_person_misses_the_same_doses_in_any_chunk() -> None:
    ways = Adherence(missed=0.2, missed_again=0.5, late=Normal(mean=0.2, sd=0.4))
    whole = ways.taken(PLAN, [0.0], first=0, number=50, seed=9)
    part = ways.taken(PLAN, [0.0], first=20, number=5, seed=9)
    assert np.array_equal(part.dose_times, whole.dose_times[whole.dose_first[20] : whole.dose_first[25]])


def test_a_share_is_a_share() -> None:
    with pytest.raises(BadInput, match="one in ten"):
        Adherence(missed=10)
