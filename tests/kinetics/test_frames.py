"""Outputs as tidy tables and labelled arrays, read back by the libraries that they are for."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pyarrow
import pyarrow.parquet
import pytest
import xarray

from gradatim.domain.fault import BadInput
from gradatim.kinetics.adherence import Adherence
from gradatim.kinetics.bands import bands
from gradatim.kinetics.catalogue import published
from gradatim.kinetics.crowd import curves
from gradatim.kinetics.cubes import cube, dataset, frame, frame_of_histories, levels_of_arms
from gradatim.kinetics.event_table import read_events
from gradatim.kinetics.events import doses
from gradatim.kinetics.expected import Dosing, expected
from gradatim.kinetics.exposure import exposure
from gradatim.kinetics.frames import KEY, Frame
from gradatim.kinetics.histories import follow
from gradatim.kinetics.population import Population
from gradatim.kinetics.simulate import simulate
from gradatim.kinetics.subject import subject
from gradatim.kinetics.summary import summary
from gradatim.kinetics.trial import arms_of, trial

SIMON = published("simon-2018")
MODEL = SIMON.model()
PEOPLE = Population.of_published(SIMON, seed=1)
EVENTS = doses(20, [0.0, 8.0, 16.0])
TIMES = np.arange(0, 25.0, 4)
EDGES = [0.0, 8.0, 24.0]
FOUR = PEOPLE.parameters(0, 4)


def test_trajectories() -> None:
    found = simulate(MODEL, EVENTS, FOUR, TIMES, area=True)
    measured = PEOPLE.measured(found.levels)
    told = dataset(found, SIMON, ids=[11, 12, 13, 14], measured=measured)
    assert dict(told.sizes) == {"subject": 4, "time": 7}
    assert float(told.IPRED.sel(subject=13, time=8)) == found.levels[2, 2]
    assert float(told.DV.sel(subject=14, time=4)) == measured[1, 3]
    assert {name: told[name].attrs["units"] for name in ("IPRED", "DV", "A1", "A2", "AREA", "time")} == {
        "IPRED": "ng/mL", "DV": "ng/mL", "A1": "mg", "A2": "mg", "AREA": "ng/mL·h", "time": "h"
    }  # fmt: skip
    assert np.array_equal(told.A2.values, found.amount(MODEL.compartments[1]).T)
    assert told.attrs["model"] == "simon-2018"
    assert json.loads(told.attrs["source"]) == ["SIMON [A]"]
    table = pandas.DataFrame(frame(found, SIMON, ids=[11, 12, 13, 14], measured=measured).columns)
    assert list(table.columns) == ["ID", "TIME", "IPRED", "DV", "A1", "A2", "AREA"]
    assert len(table) == 28
    wide = table.pivot_table(index="TIME", columns="ID", values="IPRED")
    assert np.array_equal(wide.to_numpy(), found.levels)
    same = told.to_dataframe().reset_index()
    assert np.array_equal(same["DV"], table["DV"])
    plain = frame(curves(MODEL, EVENTS, FOUR, TIMES), MODEL)
    assert list(plain.columns) == ["ID", "TIME", "IPRED"]
    assert plain.columns["ID"][:8].tolist() == [0] * 7 + [1]
    assert "model" not in plain.about


def test_bands_and_what_is_expected() -> None:
    found = bands(MODEL, EVENTS, PEOPLE.parameters, 300, TIMES)
    told = dataset(found, SIMON, quantiles=(0.1, 0.9))
    assert np.array_equal(told.IPRED.sel(quantile=0.9).values, found.quantile(0.9)[0])
    tidy = frame(found, SIMON, quantiles=(0.1, 0.9)).columns
    assert tidy["quantile"].tolist() == [0.1] * 7 + [0.9] * 7
    who = subject("simon-2018")
    dosing = Dosing(doses=((0.0, 20.0), (8.0, 20.0)), edges=(0.0, 24.0))
    seen = expected(who, dosing, percents=(5, 95), people=50)
    curve = dataset(seen, SIMON)
    assert curve.PRED.sel(quantile=0.05).values.tolist() == list(seen.levels)
    assert curve.IPRED.sel(quantile=0.95).values.tolist() == list(seen.spreads[1].levels)
    alone = frame(expected(who, dosing), SIMON).columns
    assert len(alone["PRED"]) == len(seen.hours)
    assert np.isnan(alone["IPRED"]).all()


def test_exposure() -> None:
    exact, passing = exposure(MODEL, EVENTS, FOUR, EDGES, above=100), summary(MODEL, EVENTS, FOUR, TIMES, EDGES)
    told = dataset(exact, SIMON)
    assert dict(told.sizes) == {"subject": 4, "interval": 2}
    assert told.AUC.attrs["units"] == "ng/mL·h"
    assert told.END.values.tolist() == [8, 24]
    assert float(told.CMAX.sel(subject=2, interval=1)) == exact.highest[1, 2]
    assert float(told.ABOVE.sel(subject=0, interval=0)) == exact.above[0, 0]  # type: ignore[index]
    tidy = frame(passing, SIMON).columns
    assert list(tidy) == ["ID", "START", "END", "CMAX", "TMAX", "CMIN", "CAVG", "AUC"]
    assert tidy["AUC"].tolist() == passing.area.T.ravel().tolist()


def test_a_trial() -> None:
    arms = arms_of({"three": EVENTS, "one": doses(60, [0.0])}, {"": PEOPLE})
    found = trial(MODEL, arms, 60, TIMES, EDGES)
    told = dataset(found, SIMON)
    assert dict(told.sizes) == {"arm": 2, "quantile": 3, "interval": 2}
    assert float(told.AUC.sel(arm="one", quantile=0.5, interval=0)) == found.arm("one").quantile("area", 0.5)[0, 0]
    assert float(told.CMAX_SD.sel(arm="one", quantile=0.5, interval=1)) == found.arm("one").sd[0, 1]
    levels = levels_of_arms(found, SIMON)
    assert (
        float(levels.dataset().IPRED.sel(arm="three", quantile=0.95, time=8))
        == found.arms[0].levels.quantile(0.95)[0, 2]
    )
    table = frame(found, SIMON).to_arrow()
    assert table.column("arm").to_pylist()[::6] == ["three", "one"]
    assert table.schema.field("CMAX_MEAN").metadata == {b"units": b"ng/mL"}


def test_doses_and_times_of_ones_own() -> None:
    told = Adherence(missed=0.3).taken(EVENTS, TIMES, first=0, number=4, seed=2)
    levels = follow(MODEL, told, FOUR)
    found = frame_of_histories(told, levels, SIMON, ids=["a", "b", "c", "d"])
    assert found.columns["ID"][6:8].tolist() == ["a", "b"]
    assert found.to_arrow().column("IPRED").to_pylist() == levels.tolist()
    with pytest.raises(BadInput, match="one for each of 28 times"):
        frame_of_histories(told, levels[1:], SIMON)


def test_nothing_is_copied() -> None:
    found = frame(curves(MODEL, EVENTS, FOUR, TIMES), SIMON)
    numbers = found.columns["IPRED"]
    table = found.to_arrow()
    assert table.column("IPRED").chunk(0).buffers()[1].address == numbers.ctypes.data
    shared = pandas.DataFrame(found.columns, copy=False)
    assert np.shares_memory(shared["IPRED"].to_numpy(), numbers)


def test_readers_of_arrows_stream_take_a_frame_itself() -> None:
    found = frame(curves(MODEL, EVENTS, FOUR, TIMES), SIMON)
    table = pyarrow.table(found)
    assert table.num_rows == len(found) == 28
    assert json.loads(table.schema.metadata[KEY])["model"] == "simon-2018"
    assert pandas.DataFrame.from_arrow(found)["IPRED"].tolist() == found.columns["IPRED"].tolist()


def test_parquet_and_back(tmp_path: Path) -> None:
    found = frame(simulate(MODEL, EVENTS, FOUR, TIMES), SIMON)
    file = tmp_path / "levels.parquet"
    assert found.to_parquet(file) == file.read_bytes()
    back = pyarrow.parquet.read_table(file)
    assert {name: back.column(name).to_numpy().tolist() for name in back.column_names} == {
        name: column.tolist() for name, column in found.columns.items()
    }
    about = json.loads(back.schema.metadata[KEY])
    assert about["source"] == ["SIMON [A]"]
    assert about["missing"] == list(SIMON.missing)
    assert back.schema.field("IPRED").metadata[b"units"] == b"ng/mL"
    assert pandas.read_parquet(file)["TIME"].tolist() == found.columns["TIME"].tolist()


def test_rows_with_holes() -> None:
    found = Frame.of_rows(("arm", "level"), [("a", 1.5), ("b", None)], text=("arm",), units={"level": "mg/L"})
    assert found.to_arrow().to_pylist() == [{"arm": "a", "level": 1.5}, {"arm": "b", "level": None}]
    assert Frame.of_rows(("arm", "level"), [], text=("arm",)).to_arrow().schema.types == [
        pyarrow.string(),
        pyarrow.float64(),
    ]


def test_events_of_a_real_arrow_table() -> None:
    table = pyarrow.table(
        {
            "ID": [1, 1, 2],
            "TIME": [0.0, 5.5, 0.0],
            "AMT": [100.0, None, 50.0],
            "CMT": ["1", None, "depot"],
            "WT": [70.0, 70.0, 55.0],
        }
    )
    one, two = read_events(table, covariates=("WT",))
    assert [(row.time, row.amt, row.evid) for row in one.rows] == [(0, 100, 1), (5.5, 0, 0)]
    assert (two.id, two.rows[0].cmt, two.covariates) == ("2", "depot", {"WT": (55,)})
    chunked = pyarrow.chunked_array([[0.0], [5.5, 0.0]])
    assert read_events(table.set_column(1, "TIME", chunked), covariates=("WT",)) == (one, two)
    with pytest.raises(BadInput, match=r"row 2\.TIME: is empty"):
        read_events(pyarrow.table({"TIME": [0.0, None], "AMT": [5.0, 0.0]}))


def test_what_does_not_fit_is_refused() -> None:
    found = curves(MODEL, EVENTS, FOUR, TIMES)
    for wrong in ({"ids": [1, 2]}, {"ids": [1, 1, 2, 3]}, {"measured": np.zeros((4, 7))}):
        with pytest.raises(BadInput):
            cube(found, SIMON, **wrong)
    with pytest.raises(BadInput, match="equally long"):
        Frame(columns={"a": np.zeros(2), "b": np.zeros(3)})


@pytest.mark.parametrize(("module", "ask"), [("pyarrow", lambda one: one.frame().to_arrow()), ("xarray", lambda one: one.dataset()), ("pyarrow", lambda one: one.frame().to_parquet())])  # fmt: skip
def test_without_the_extra_it_is_said_what_to_install(module: str, ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found = cube(curves(MODEL, EVENTS, FOUR, TIMES), SIMON)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(BadInput, match=rf'{module}.*pip install "gradatim\[frames\]"'):
        ask(found)
    assert found.frame().columns


def test_a_dataset_survives_a_file_of_its_own(tmp_path: Path) -> None:
    told = dataset(curves(MODEL, EVENTS, FOUR, TIMES), SIMON)
    assert isinstance(told, xarray.Dataset)
    again = xarray.Dataset.from_dict(json.loads(json.dumps(told.to_dict())))
    assert again.identical(told)
