"""Quantiles of people who are counted and forgotten, beside those of people who are all kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradatim.domain.fault import BadInput
from gradatim.kinetics import crew, engines
from gradatim.kinetics.bands import Bands, bands
from gradatim.kinetics.events import doses
from gradatim.kinetics.mammillary import FirstOrder, mammillary
from gradatim.kinetics.population import Population
from gradatim.kinetics.simulate import simulate
from gradatim.kinetics.variability import Variability

MODEL = mammillary(2, FirstOrder())
EVENTS = doses(20, [0.0, 8.0, 16.0, 24.0, 96.0])
TIMES = np.arange(0, 120, 1.5)
SHARES = [0.0, 0.05, 0.5, 0.95, 1.0]
PEOPLE = Population(
    typical={"CL": 10.8, "V1": 28.8, "Q": 12.9, "V2": 19.7, "KA": 1.0}, variability=Variability.of_cv({"CL": 0.3, "V1": 0.4, "KA": 0.5}), seed=2
)  # fmt: skip


def exact(number: int, first: int = 0) -> np.ndarray:
    levels = simulate(MODEL, EVENTS, PEOPLE.parameters(first, number), TIMES).levels
    return np.quantile(levels, SHARES, axis=1, method="inverted_cdf")


def within(found: Bands, wanted: np.ndarray) -> None:
    got = found.quantile(SHARES)
    told = wanted >= found.least
    assert np.all(np.abs(got[told] - wanted[told]) <= found.error * wanted[told])
    assert np.all(got[~told] == 0)


@pytest.fixture(params=["compiled", "numpy"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "compiled" and not engines.has_numba():
        pytest.skip("Numba is not installed")
    monkeypatch.setattr(crew, "_ENOUGH", 0 if request.param == "compiled" else 10**12)
    return str(request.param)


@pytest.mark.parametrize("number", [1, 17, 1000])
@pytest.mark.parametrize("fine", [3, 7, 10])
def test_within_what_is_promised(engine: str, number: int, fine: int) -> None:
    found = bands(MODEL, EVENTS, PEOPLE.parameters, number, TIMES, fine=fine)
    assert found.error == 2.0 ** -(fine + 1) + 2.0**-24
    assert np.all(found.counts.sum(axis=1) == number)
    within(found, exact(number))


def test_any_chunks_threads_and_engine_count_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bands(MODEL, EVENTS, PEOPLE.parameters, 700, TIMES)
    for chunk, threads in ((700, 1), (64, 2), (333, 3), (1, 1)):
        number = 700 if chunk > 1 else 9
        found = bands(MODEL, EVENTS, PEOPLE.parameters, number, TIMES, chunk=chunk, threads=threads)
        wanted = whole if chunk > 1 else bands(MODEL, EVENTS, PEOPLE.parameters, 9, TIMES)
        assert np.array_equal(found.counts, wanted.counts)
    monkeypatch.setattr(crew, "_ENOUGH", 0 if engines.has_numba() else 10**12)
    assert np.array_equal(bands(MODEL, EVENTS, PEOPLE.parameters, 700, TIMES, threads=2).counts, whole.counts)


@pytest.mark.skipif(not engines.has_numba(), reason="Numba is not installed")
@pytest.mark.parametrize("number", [2080, 2200, 9000])
def test_classes_counted_while_later_levels_are_worked_out(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """More people than wait together, in rows that fill vectors and that do not, and more times than wait together."""
    times = np.arange(0, 120, 0.5)
    monkeypatch.setattr(crew, "_ENOUGH", 0)
    found = bands(MODEL, EVENTS, PEOPLE.parameters, number, times, threads=1)
    assert np.all(found.counts.sum(axis=1) == number)
    monkeypatch.setattr(crew, "_ENOUGH", 10**12)
    assert np.array_equal(found.counts, bands(MODEL, EVENTS, PEOPLE.parameters, number, times).counts)


@given(st.permutations([0, 1, 2, 3]))
@settings(max_examples=10)
def test_parts_add_up_in_any_order(order: list[int]) -> None:
    whole = bands(MODEL, EVENTS, PEOPLE.parameters, 200, TIMES)
    parts = [bands(MODEL, EVENTS, PEOPLE.parameters, 50, TIMES, first=50 * place) for place in order]
    added = parts[0].and_also(parts[1]).and_also(parts[2].and_also(parts[3]))
    assert added.people == 200
    assert np.array_equal(added.counts, whole.counts)
    assert np.array_equal(added.quantile(SHARES), whole.quantile(SHARES))


def test_levels_out_of_reach_are_told_so(engine: str) -> None:
    found = bands(MODEL, EVENTS, PEOPLE.parameters, 40, TIMES, least=2.0**-4, octaves=1)
    got, wanted = found.quantile(0.5)[0], exact(40)[2]
    assert found.most == 2.0**-3
    assert np.all(got[wanted < 2.0**-4] == 0)
    assert np.all(np.isinf(got[wanted >= 2.0**-3]))


def test_what_cannot_be_counted_is_refused() -> None:
    for wrong in ({"least": 0.3}, {"fine": 0}, {"octaves": 0}):
        with pytest.raises(BadInput, match="power of 2"):
            bands(MODEL, EVENTS, PEOPLE.parameters, 5, TIMES, **wrong)
    with pytest.raises(BadInput, match=r"0\.05 for 5"):
        bands(MODEL, EVENTS, PEOPLE.parameters, 5, TIMES).quantile(5)
    with pytest.raises(BadInput, match="2 subjects for 5 people"):
        bands(MODEL, EVENTS, lambda *_: PEOPLE.parameters(0, 2), 5, TIMES)
    one, other = (bands(MODEL, EVENTS, PEOPLE.parameters, 5, TIMES, fine=fine) for fine in (5, 6))
    with pytest.raises(BadInput, match="same times"):
        one.and_also(other)


def test_progress_is_told() -> None:
    told: list[int] = []
    bands(MODEL, EVENTS, PEOPLE.parameters, 25, TIMES, chunk=10, threads=1, watch=told.append)
    assert told == [10, 20, 25]


def test_a_fault_in_one_chunk_ends_all() -> None:
    asked: list[int] = []

    def people(first: int, number: int) -> dict[str, Any]:
        asked.append(first)
        return PEOPLE.parameters(first, number) | ({"CL": np.full(number, -1.0)} if first == 20 else {})

    with pytest.raises(BadInput, match="CL"):
        bands(MODEL, EVENTS, people, 1000, TIMES, chunk=10, threads=2)
    assert len(asked) < 10


@pytest.mark.long
@pytest.mark.skipif(not engines.has_numba(), reason="Numba is not installed")
def test_a_million_people_in_memory_that_does_not_grow() -> None:
    import resource

    def run(number: int) -> tuple[Any, int]:
        found = bands(MODEL, EVENTS, PEOPLE.parameters, number, TIMES)
        return found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    _, small = run(100_000)
    found, large = run(1_000_000)
    assert large - small < 20_000  # KiB
    assert np.all(found.counts.sum(axis=1) == 1_000_000)
