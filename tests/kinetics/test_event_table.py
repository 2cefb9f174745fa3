"""Tables of events: the same rows from anything that has columns, and every fault at once with its row, its column and the remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas
import pytest

from gradatim.domain.fault import BadInput
from gradatim.kinetics.event_table import read_events
from gradatim.kinetics.events import Row, Schedule

COLUMNS: dict[str, list[Any]] = {
    "id": [1, 1, 2, 2], "Time": [0, 5.5, 0, 3], "amt": [100, None, 50, "."], "II": [12, 0, "", 0], "ADDL": [2, None, 0, 0],
    "cmt": [1, 2, "Depot", None], "evid": [1, 0, 1, 0], "DV": [".", 3.5, ".", 1], "wt": [70, 70, 55, 55],
}  # fmt: skip
LINES = [dict(zip(COLUMNS, cells, strict=True)) for cells in zip(*COLUMNS.values(), strict=True)]


def faults(source: Any, **more: Any) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read_events(source, **more)
    return [str(fault) for fault in caught.value.faults]


def check(found: tuple[Schedule, ...]) -> None:
    assert [schedule.id for schedule in found] == ["1", "2"]
    assert found[0].rows[0] == Row(number=1, time=0, evid=1, amt=100, ii=12, addl=2, cmt=1)
    assert found[0].rows[1] == Row(number=2, time=5.5, cmt=2, dv=3.5)
    assert found[1].rows[0] == Row(number=3, time=0, evid=1, amt=50, cmt="Depot")
    assert found[1].covariates == {"wt": (55, 55)}


def test_a_mapping_of_columns() -> None:
    check(read_events(COLUMNS, covariates=("wt",)))


def test_a_list_of_mappings() -> None:
    check(read_events(LINES, covariates=("wt",)))


def test_a_csv_file(tmp_path: Path) -> None:
    lines = [
        ",".join(COLUMNS),
        *(",".join("" if cell is None else str(cell) for cell in line.values()) for line in LINES),
    ]
    file = tmp_path / "events.csv"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    check(read_events(file, covariates=("wt",)))
    check(read_events(str(file), covariates=("wt",)))


def test_a_data_frame() -> None:
    cells = {name: [None if cell in {".", ""} else cell for cell in column] for name, column in COLUMNS.items()}
    cells["cmt"] = ["1", "2", "Depot", None]
    check(read_events(pandas.DataFrame(cells), covariates=("wt",)))


def test_a_table_that_only_looks_like_arrow_or_polars() -> None:
    class Column:
        def __init__(self, cells: list[Any]) -> None:
            self.cells = cells

        def to_pylist(self) -> list[Any]:
            return self.cells

    class Table:
        column_names = tuple(COLUMNS)

        def __getitem__(self, name: str) -> Column:
            return Column(COLUMNS[name])

    check(read_events(Table(), covariates=("wt",)))


def test_without_evid_a_row_with_a_dose_is_one() -> None:
    (found,) = read_events({"TIME": [0, 1, 2], "AMT": [5, 0, 0], "MDV": [1, 0, 1]})
    assert [row.evid for row in found.rows] == [1, 0, 2]


def test_time_goes_forward() -> None:
    assert faults({"TIME": [0, 3, 2], "AMT": [1, 1, 1]}) == [
        "row 3.TIME: 2 comes after 3. Sort by time; only a reset (EVID 3 or 4) may start time again"
    ]


def test_all_faults_at_once() -> None:
    table = {
        "TIME": [0, 1, "noon", 3, 2, 5, 6, 7, 8, 9], "EVID": [1, 1, 1, 1, 1, 0, 9, 1, 1, 1],
        "AMT": [10, -1, 5, 0, 5, 5, 0, 5, 0, 5], "RATE": [0, 0, -3, 2, 0, 0, 0, 1, 0, 0], "DUR": [0, 0, 0, 0, 0, 0, 0, 1, 0, 0],
        "ADDL": [3, 0, 0, 0, 0, 0, 0, 0, 0, 0], "II": [0] * 10, "SS": [0, 0, 0, 0, 1, 0, 0, 0, 0, 1.5],
    }  # fmt: skip
    assert faults(table) == [
        "row 3.TIME: 'noon' is not a number. Write a number, or leave it empty",
        "row 10.SS: 1.5 is not a whole number. Correct it",
        "row 1.II: 3 more doses without an interval. Give in II the time from dose to dose",
        "row 2.AMT: -1 is negative. Give 0 or more",
        "row 3.RATE: -3 is negative. Give a rate above 0; -1 (or -2) leaves the rate (or duration) to the model",
        "row 4.AMT: an infusion of nothing, or one without an end. Give the amount: amount / rate is how long it lasts",
        "row 5.II: a steady state without an interval. Give in II the time from dose to dose",
        "row 6.AMT: 5 in a row that gives no dose. Leave it at 0, or make EVID 1 or 4",
        "row 7.EVID: 9 is no kind of event. 0 observes, 1 doses, 2 other, 3 resets, 4 resets and doses",
        "row 8.DUR: both a rate and a duration. Give one of them",
        "row 9.AMT: a dose of 0. Give the amount, or make EVID 0 or 2",
    ]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"TIME": [0], "AMT": [1], "RTE": [2]}, "RTE: is no known column. Did you mean RATE?"),
        ({"AMT": [1]}, "TIME: there is no such column. Add it. There are AMT"),
        ({"TIME": [0, 1], "AMT": [1]}, "the columns are not equally long"),
        ({"TIME": [0, 0, 0], "AMT": [1, 1, 1], "ID": [1, 2, 1]}, "row 3.ID: 1 comes back after another"),
        ({"TIME": [0], "AMT": [0], "SS": [1], "II": [5], "EVID": [1]}, "row 1.RATE: a steady state of nothing"),
        (
            {"TIME": [0], "AMT": [0], "SS": [1], "II": [5], "RATE": [5], "EVID": [1]},
            "row 1.II: a constant infusion has no interval",
        ),
        ({"TIME": [0], "AMT": [5], "SS": [3], "II": [5]}, "row 1.SS: 3 is not known"),
        ({"TIME": [0], "AMT": [5], "CMT": [-1]}, "row 1.CMT: -1 would switch a compartment off"),
        ({"TIME": [0], "AMT": [5], "ADDL": [-2], "II": [5]}, "row 1.ADDL: -2 is negative"),
        ({"TIME": [None], "AMT": [5]}, "row 1.TIME: is empty"),
        ({"TIME": ["inf"], "AMT": [5]}, "row 1.TIME: 'inf' is not an ordinary number"),
        (7, "there are no columns in 7"),
    ],
)
def test_one_fault(table: Any, said: str) -> None:
    assert any(said in line for line in faults(table)), faults(table)


def test_a_covariate_has_a_number_in_every_row() -> None:
    assert faults({"TIME": [0, 1], "AMT": [5, 0], "WT": [70, None]}, covariates=("WT",)) == [
        "row 2.WT: is empty. Give a number in every row"
    ]
    assert "AGE: there is no such column" in faults({"TIME": [0], "AMT": [5]}, covariates=("AGE",))[0]


def test_a_crooked_csv_file(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text("TIME,AMT\n0,5\n1\n", "utf-8")
    assert faults(file) == ["row 2: does not have 2 cells. Give every row as many as the head"]
