"""``gradatim simulate``: levels of plans and of what was taken, on the terminal and as files."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from gradatim.kinetics.cluster import workers
from tests.cli.conftest import EXAMPLES, Diary, Run

MS, NIGHT, EGFR, CHILD = (
    EXAMPLES / f"{name}.toml" for name in ("ms-adult", "bedtime-heavy", "egfr-45", "child-by-weight")
)
FEW = ("--people", "60", "--days", "5")


def said(ran: object) -> str:
    return " ".join(ran.out.split())  # type: ignore[attr-defined]


def said_of(text: str) -> str:
    return " ".join(text.split())


def test_the_terminal_shows_a_chart_a_table_and_what_it_means(run: Run) -> None:
    done = run("simulate", EGFR, "--people", "60")
    assert done.code == 0, done.err
    text = said(done)
    assert "█" in text
    assert "AUC24" in text
    assert "Tue 1 Dec – Mon 14 Dec 5 91 6.49 34.2 820" in text
    assert "Kidneys: 45 mL/min/1.73 m² (reported)" in text
    assert "Your 15 mg a day give you the same average level as 27 mg a day give somebody with normal kidneys" in text
    assert "no usable link was found" in text
    assert "KOCHAK [A]" in text
    assert max(map(len, done.out.splitlines())) <= 100


def test_each_day_on_the_terminal(run: Run) -> None:
    text = said(run("simulate", MS, *FEW, "--every-day"))
    assert "Sat 5 Dec 30" in text
    assert "AUC24, 5 to 95 %" in text


def test_plans_beside_one_another(run: Run) -> None:
    text = said(run("simulate", MS, NIGHT, "--bands", "none"))
    assert "bedtime-heavy, beside ms-adult: the average level is 49 % lower" in text
    assert "51 %" in text
    assert "people" not in text.split("A model expects")[1].split("Model:")[0]


def test_the_same_plan_without_some_days(run: Run) -> None:
    text = said(
        run(
            "simulate",
            MS,
            "--from",
            "2026-12-14",
            "--to",
            "2026-12-27",
            "--missed",
            "2026-12-19,2026-12-20",
            "--bands",
            "none",
        )
    )
    assert "without the doses of Sat 19 Dec – Sun 20 Dec 2026" in text
    assert "14 % lower" in text


def test_other_people_and_models(run: Run) -> None:
    def area(*arguments: object) -> float:
        found = json.loads(run("simulate", MS, *FEW, "--bands", "none", "--format", "json", *arguments).out)
        return float(found["days"]["rows"][-1][found["days"]["columns"].index("area")])

    normal, half = area("--person", "crcl=103mL/min"), area("--person", "crcl=40mL/min")
    assert half / normal == pytest.approx(180 / 95, rel=0.03)  # facts, 12.4; not yet settled on the fifth day
    assert area("--person", EGFR) == area("--person", "crcl=45mL/min")
    assert area("--model", "simon-2018") != normal
    child = run("simulate", CHILD, "--days", "3", "--people", "60")
    assert "for 49 children with cerebral palsy" in said(child)


def test_csv_and_json_are_the_same_numbers(run: Run) -> None:
    table = list(csv.DictReader(io.StringIO(run("simulate", MS, *FEW, "--format", "csv").out)))
    found = json.loads(run("simulate", MS, *FEW, "--format", "json").out)
    assert list(table[0]) == found["curve"]["columns"] == ["arm", "at", "hour", "level", "at_most", "p5", "p50", "p95"]
    assert len(table) == len(found["curve"]["rows"]) == 5 * 48 + 1
    assert float(table[40]["p95"]) == pytest.approx(found["curve"]["rows"][40][-1], rel=1e-5)
    days = list(csv.DictReader(io.StringIO(run("simulate", MS, *FEW, "--format", "csv", "--table", "days").out)))
    assert [one["mg"] for one in days] == ["15", "15", "15", "30", "30"]


def test_the_seed_decides(run: Run) -> None:
    one, same, other = (run("simulate", MS, *FEW, "--format", "csv", "--seed", seed).out for seed in (7, 7, 8))
    assert one == same
    assert one != other


def test_an_engine_that_is_not_there_is_never_replaced_unasked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradatim.kinetics.engines.no_gpu", lambda: "no NVIDIA GPU, or no driver, is found")
    refused = run("simulate", MS, *FEW, "--engine", "gpu")
    assert refused.code == 2
    assert "there is no GPU to count with" in refused.err
    assert "pip install -U 'gradatim[gpu]'" in " ".join(refused.err.split())
    assert run("simulate", MS, *FEW, "--engine", "best").out == run("simulate", MS, *FEW).out
    assert "Use one of: cpu, gpu, best" in " ".join(run("simulate", MS, *FEW, "--engine", "tpu").err.split())


def test_files_by_their_endings(run: Run, tmp_path: Path) -> None:
    starts = {"png": b"\x89PNG", "svg": b"<svg", "csv": b"arm,at", "json": b"{", "txt": b"Level of baclofen"}
    for ending, start in starts.items():
        out = tmp_path / f"levels.{ending}"
        done = run("simulate", MS, *FEW, "--out", out)
        assert done.code == 0, done.err
        assert out.read_bytes().startswith(start)
        assert f"Wrote {out}" in done.out


def test_parquet_with_units_and_origin(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "levels.parquet"
    assert run("simulate", MS, *FEW, "--seed", "7", "--out", out).code == 0
    table = pyarrow.parquet.read_table(out)
    lines = list(csv.DictReader(io.StringIO(run("simulate", MS, *FEW, "--seed", "7", "--format", "csv").out)))
    assert table.column_names == list(lines[0])
    assert table.num_rows == len(lines) == 241
    assert [f"{one:.6g}" for one in table.column("p95").to_pylist()] == [line["p95"] for line in lines]
    assert table.column("at").to_pylist() == [line["at"] for line in lines]
    assert table.column("at_most").to_pylist() == [None] * 241
    assert table.schema.types == [pyarrow.string()] * 2 + [pyarrow.float64()] * 6
    assert table.schema.field("p95").metadata == {b"units": b"ng/mL"}
    assert table.schema.field("hour").metadata == {b"units": b"h"}
    about = json.loads(table.schema.metadata[b"gradatim"])
    assert about["model"] == "adult-derived"
    assert "KOCHAK [A]" in about["source"]
    assert (about["people"], about["seed"]) == (60, 7)
    assert run("simulate", MS, *FEW, "--table", "days", "--out", out).code == 0
    days = pyarrow.parquet.read_table(out)
    assert days.column("mg").to_pylist() == [15, 15, 15, 30, 30]
    assert [days.schema.field(name).metadata[b"units"] for name in ("mg", "hours", "area", "area_p5", "lowest_p95")] == [
        b"mg", b"h", b"ng/mL\xc2\xb7h", b"ng/mL\xc2\xb7h", b"ng/mL"
    ]  # fmt: skip


def test_parquet_without_pyarrow_says_what_to_install(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "levels.parquet"
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = run("simulate", MS, *FEW, "--out", out)
    assert done.code == 2
    assert 'pip install "gradatim[frames]"' in said_of(done.err)
    assert not out.exists()


def test_the_people_on_processes_of_their_own(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same to the last digit, the bar going on, and by the address of a cluster that runs already."""
    arguments = ("simulate", MS, "--days", "2", "--people", "1300", "--format", "csv")
    alone = run(*arguments).out
    told: list[int] = []

    @contextmanager
    def watched(whole: int, people: int) -> Iterator[Callable[[int], None]]:
        assert (whole, people) == (2 * 1300, 1300)
        yield told.append

    monkeypatch.setattr("gradatim.cli.simulate._watched", watched)
    done = run(*arguments, "--workers", "2")
    assert (done.code, done.out) == (0, alone), done.err
    assert told == sorted(told)
    assert len(told) >= 4
    assert told[-1] == 2 * 1300
    with workers(1) as client:
        assert run(*arguments, "--cluster", str(client.scheduler_info()["address"])).out == alone


def test_a_cluster_that_cannot_be(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    both = run("simulate", MS, *FEW, "--workers", "2", "--cluster", "tcp://127.0.0.1:9")
    assert both.code == 2
    assert "Leave one of them out" in said_of(both.err)
    monkeypatch.setattr("gradatim.kinetics.cluster._PATIENCE", 0.3)
    away = run("simulate", MS, *FEW, "--cluster", "tcp://127.0.0.1:9")
    assert away.code == 2
    assert "nothing answers at tcp://127.0.0.1:9. Start it with" in said_of(away.err)
    monkeypatch.setitem(sys.modules, "distributed", None)
    without = run("simulate", MS, *FEW, "--workers", "2")
    assert without.code == 2
    assert 'pip install "gradatim[scale]"' in said_of(without.err)


def test_bands_of_people_who_take_doses_as_a_journal_shows(demo: Diary, run: Run) -> None:
    arguments = ("simulate", MS, "--days", "4", "--people", "80", "--format", "json")
    plain, like = (json.loads(run(*arguments, *more).out) for more in ((), ("--adherence-from", demo.file)))
    names, rows = like["days"]["columns"], like["days"]["rows"]
    assert [row[names.index("area")] for row in rows] == [row[names.index("area")] for row in plain["days"]["rows"]]
    low = names.index("area_p5")
    assert sum(row[low] for row in rows) < sum(row[low] for row in plain["days"]["rows"])
    (sentence,) = [one for one in like["meaning"] if "as the journal shows" in one]
    assert "drawn again 7 at a time" in sentence
    assert not [one for one in plain["meaning"] if "as the journal shows" in one]
    assert run(*arguments, "--adherence-from", demo.file).out == run(*arguments, "--adherence-from", demo.file).out
    beside = json.loads(run(*arguments, "--journal", demo.file, "--adherence-from", demo.file).out)
    alone = json.loads(run(*arguments, "--journal", demo.file).out)
    taken = [[row for row in found["days"]["rows"] if row[0] != "ms-adult"] for found in (beside, alone)]
    assert taken[0] == taken[1]  # what was taken is not drawn anew


def test_what_was_really_taken(demo: Diary) -> None:
    text = demo.says("simulate", "--people", "60")
    assert "what was taken, beside the plan" in text
    assert "not recorded" in text
    beside = demo.says("simulate", MS, "--days", "5", "--journal", demo.file, "--people", "60")
    assert "what was taken, beside ms-adult" in beside
    found = demo.data("simulate", "--days", "21", "--people", "60")
    assert [arm["of"] for arm in found["arms"]] == ["plan", "taken"]
    assert found["arms"][1]["not_recorded"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((MS, "--model", "kochak-1985"), "no rate of absorption"),
        ((MS, "--model", "he-2014"), "is not for somebody of 45 years"),
        ((MS, "--bands", "5,x"), "are not percent"),
        ((MS, "--out", "levels.docx"), "nothing is written as .docx"),
        ((MS, "--format", "png"), "png is a file"),
        ((MS, "--to", "2026-11-01"), "is before"),
        ((MS, "--person", "crcl=40kg"), "cannot be turned into"),
        ((MS, "--person", "hair=red"), "hair"),
        ((MS, "--missed", "2030-01-01"), "lies outside"),
        (("--to", "2026-12-01"), "a journal ends now"),
        ((MS, "--adherence-from", "nowhere.jsonl"), "there is no journal here"),
        ((MS, "--adherence-from", "nowhere.jsonl", "--bands", "none"), "changes the bands, and there are none"),
        (("--journal", "nowhere.jsonl"), "there is no journal here"),
        ((MS, "--person", "nobody.toml"), "nobody.toml"),
    ],
)
def test_refusals(run: Run, arguments: tuple[object, ...], expected: str) -> None:
    done = run("simulate", *arguments)
    assert done.code == 2
    assert expected.lower() in " ".join(done.err.split()).lower()
