"""What holds for every linear model, whatever its numbers and doses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from gradatim.kinetics.disposition import Disposition
from gradatim.kinetics.events import Row, Schedule
from gradatim.kinetics.mammillary import Direct, FirstOrder, Spelling, mammillary
from gradatim.kinetics.simulate import simulate
from gradatim.kinetics.structure import LinearModel
from tests.kinetics.made_up import RATES, dosings, models, schedule

FEW = settings(max_examples=40)
GRID = np.arange(0, 120, 1.75)
Made = tuple[LinearModel, dict[str, float]]


def close(one: np.ndarray, other: np.ndarray, room: float = 1e-11) -> None:
    """Alike to a share of each number, but for what is nothing beside the largest."""
    assert np.all(np.abs(one - other) <= room * np.maximum(np.abs(one), np.abs(other)) + 1e-14 * np.abs(one).max())


@given(models(), dosings(), dosings())
@FEW
def test_superposition(made: Made, one: tuple[Row, ...], other: tuple[Row, ...]) -> None:
    model, values = made
    both = simulate(model, schedule(*one, *other), values, GRID).amounts
    close(
        both,
        simulate(model, schedule(*one), values, GRID).amounts + simulate(model, schedule(*other), values, GRID).amounts,
    )


@given(models(), dosings(), st.integers(-1000, 1000))
@FEW
def test_time_has_no_zero(made: Made, rows: tuple[Row, ...], shift: int) -> None:
    model, values = made
    moved = tuple(replace(row, time=row.time + shift) for row in rows)
    close(
        simulate(model, schedule(*rows), values, GRID).amounts,
        simulate(model, schedule(*moved), values, GRID + shift).amounts,
    )


@given(models(), dosings())
@FEW
def test_nothing_is_lost(made: Made, rows: tuple[Row, ...]) -> None:
    """What is in, and clearance times area, is what was given; only what is still being infused is not."""
    model, values = made
    end = 500.0
    found = simulate(model, schedule(*rows), values, [min(row.time for row in rows), end], area=True)
    assert found.area is not None
    cleared = values["CL"] * found.area[-1, 0]
    given_so_far = sum(row.amt for row in rows)
    assert abs(found.amounts[-1].sum() + cleared - given_so_far) < 1e-11 * given_so_far


@given(models(), dosings(), st.floats(0, 3))
@FEW
def test_bioavailability_scales(made: Made, rows: tuple[Row, ...], share: float) -> None:
    model, values = made
    every = {f"F{number}": share for number in range(1, len(model.compartments) + 1)}
    close(
        simulate(model, schedule(*rows), values | every, GRID).amounts,
        share * simulate(model, schedule(*rows), values, GRID).amounts,
    )


@given(
    models(),
    st.floats(1, 100),
    st.sampled_from([6.0, 8.0, 24.0]),
    st.sampled_from([0.0, 2.0, 6.0, 20.0, 50.0]),
    st.integers(0, 1024).map(lambda n: n / 1024),
)
@FEW
def test_the_steady_state_is_the_long_run(made: Made, amount: float, every: float, lasting: float, part: float) -> None:
    model, values = made
    values = {**values, **{f"ALAG{number}": part * every for number in range(1, len(model.compartments) + 1)}}
    slowest = -np.linalg.eigvals(model.setting(values).rates.matrix()[:, :, 0]).real.max()
    assume(slowest > 0.02)
    many = int(40 / slowest / every) + 12
    long = Row(time=0, evid=1, amt=amount, dur=lasting, ii=every, addl=many)
    grid = np.array(
        [0, 0.3125, 1.0, 2.5, 5.90625]
    )  # exact, as lags are: else a late clock is rounded more than an early one
    run = simulate(model, schedule(long), values, grid + (many - 3) * every).amounts
    steady = simulate(model, schedule(replace(long, ss=1, addl=5)), values, grid).amounts
    close(steady, run, 1e-9)


@given(models(), st.floats(1, 100), st.integers(1, 8), st.sampled_from([0.0, 3.0, 30.0]))
@FEW
def test_additional_doses_are_rows(made: Made, amount: float, more: int, lasting: float) -> None:
    model, values = made
    one = Row(time=2, evid=1, amt=amount, dur=lasting, ii=7.5, addl=more)
    rows = tuple(replace(one, time=2 + again * 7.5, ii=0, addl=0) for again in range(more + 1))
    close(
        simulate(model, schedule(one), values, GRID).amounts,
        simulate(model, schedule(*rows), values, GRID).amounts,
        1e-13,
    )


@given(models(), dosings(), st.lists(st.integers(0, 480).map(lambda q: q / 4), max_size=30))
@FEW
def test_looking_changes_nothing(made: Made, rows: tuple[Row, ...], more: list[float]) -> None:
    model, values = made
    often = np.unique([*GRID, *more])
    seen = simulate(model, schedule(*rows), values, often).amounts[np.searchsorted(often, GRID)]
    close(seen, simulate(model, schedule(*rows), values, GRID).amounts)


@given(st.floats(0.1, 100), st.integers(1, 7))
def test_an_infusion_in_pieces_is_one(amount: float, pieces: int) -> None:
    model, values = mammillary(2, Direct()), {"CL": 5, "V1": 10, "Q": 3, "V2": 30}
    length = 0.5
    parts = [Row(time=place * length, evid=1, amt=amount / pieces, dur=length) for place in range(pieces)]
    whole = Row(time=0, evid=1, amt=amount, dur=length * pieces)
    close(
        simulate(model, schedule(*parts), values, GRID).amounts, simulate(model, schedule(whole), values, GRID).amounts
    )


@given(RATES, RATES, RATES, RATES)
@FEW
def test_three_spellings_of_one_body(cl: float, v1: float, q: float, v2: float) -> None:
    dose = schedule(Row(time=0, evid=1, amt=100))
    by_clearance = simulate(mammillary(2), dose, {"CL": cl, "V1": v1, "Q": q, "V2": v2}, GRID).levels
    micro = {"K": cl / v1, "K12": q / v1, "K21": q / v2, "V1": v1}
    close(by_clearance, simulate(mammillary(2, spelling=Spelling.MICRO), dose, micro, GRID).levels)
    macro = Disposition.of_clearances(cl, v1, (q, v2)).macro()
    assume(macro.rates[0] > macro.rates[1] * 1.0001)
    names = dict(zip(("A", "B"), macro.coefficients.tolist(), strict=True)) | dict(
        zip(("ALPHA", "BETA"), macro.rates.tolist(), strict=True)
    )
    t = np.array([0.0, 0.5, 2.0])
    by_macro = simulate(mammillary(2, spelling=Spelling.MACRO), dose, names, t).levels
    close(by_macro, simulate(mammillary(2), dose, {"CL": cl, "V1": v1, "Q": q, "V2": v2}, t).levels, 1e-8)


@given(dosings(), st.lists(st.floats(0.5, 50), min_size=2, max_size=5))
@FEW
def test_subjects_side_by_side_are_each_alone_to_the_last_bit(rows: tuple[Row, ...], clearances: list[float]) -> None:
    model = mammillary(2, FirstOrder())
    body = {"V1": 20.0, "Q": 5.0, "V2": 30.0, "KA": 1.1}
    together = simulate(model, schedule(*rows), {**body, "CL": np.array(clearances)}, GRID).levels
    for place, clearance in enumerate(clearances):
        alone = simulate(model, schedule(*rows), {**body, "CL": clearance}, GRID).levels[:, 0]
        assert np.array_equal(together[:, place], alone)


def test_subjects_with_lags_and_infusions_of_their_own() -> None:
    model = mammillary(1, FirstOrder())
    dose = Schedule(
        rows=(Row(time=0, evid=1, amt=10, ii=12, addl=3), Row(time=1, evid=1, amt=5, rate=2, cmt="central"))
    )
    lags, shares = np.array([0.0, 0.4, 1.1, 0.4]), np.array([1.0, 0.7, 0.7, 0.7])
    values: dict[str, ArrayLike] = {
        "CL": np.array([3.0, 4.0, 5.0, 6.0]),
        "V": 20,
        "KA": 1.0,
        "ALAG1": lags,
        "F2": shares,
    }
    together = simulate(model, dose, values, GRID).levels
    for place in range(4):
        alone = simulate(
            model, dose, {"CL": 3.0 + place, "V": 20, "KA": 1.0, "ALAG1": lags[place], "F2": shares[place]}, GRID
        )
        assert np.array_equal(together[:, place], alone.levels[:, 0])
