"""Bad input: one report of all faults with their paths, exit 2, nothing written. Stops: exit 3 and no paper."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

ORDER = """
[person]
age = 45
zone = "Europe/London"
sex = "female"
weight = "62 kg"
creatinine = "70 umol/L"
locale = "US"

[prescription]
protocol = "us-label"
start = 2026-12-01
times = ["08:00", "14:00", "21:00"]
products = ["us/10", "us/20"]
target = "60 mg"
"""

BAD = [
    ("age = 45\n", 'age = 45\nwieght = "62 kg"\n', "person.wieght", "Did you mean weight"),
    ('"62 kg"', '"62"', "person.weight", "has no unit"),
    ('"60 mg"', '"-60 mg"', "prescription.target", "negative"),
    ('"60 mg"', '"60"', "prescription.target", "has no unit"),
    ('"60 mg"', '"60 mcg"', "prescription.target", "micrograms are for pumps"),
    ('"60 mg"', '"5.5 tablets"', "prescription.target", "not in mg"),
    ('"60 mg"', '"62.5 mg"', "target", "nearest are"),
    ('target = "60 mg"', 'target = "60 mg"\nuntil = 2026-11-01', "prescription.until", "before the start"),
    ("Europe/London", "Europe/Lodnon", "person.zone", "Did you mean Europe/London"),
    ("us-label", "us-lable", "prescription.protocol", "Did you mean us-label"),
    ('"us/20"', '"us/99"', "prescription.products[1]", "not a known product"),
    ('"14:00", "21:00"', '"21:00", "14:00"', "prescription.times[2]", "in order"),
    ("2026-12-01", '"first of December"', "prescription.start", "not a date"),
    ('"70 umol/L"', '"70 mg/dL"', "person.creatinine", "is it umol/L"),
    ('"70 umol/L"', '"70"', "person.creatinine", "has no unit"),
    ('"us/10", "us/20"', '"us/20"', "step 1, 08:00", "5 mg cannot be made"),
    ("age = 45", "age = 450", "person.age", "plausible"),
    ('locale = "US"', 'locale = "XX"', "person.market", "no limits of its own"),
    ('locale = "US"', 'conditions = ["epilepsi"]', "person.conditions[0]", "Did you mean epilepsy"),
]


@pytest.mark.parametrize(("old", "new", "path", "says"), BAD)
def test_one_fault_is_named_with_its_path_and_remedy(
    run: Run, tmp_path: Path, old: str, new: str, path: str, says: str
) -> None:
    file, out = tmp_path / "order.toml", tmp_path / "plan.json"
    assert old in ORDER
    file.write_text(ORDER.replace(old, new))
    done = run("plan", file, "--out", out)
    said = " ".join(done.err.split())
    assert done.code == 2, done.out
    assert path in said
    assert says in said
    assert "nothing was written" in said
    assert sorted(tmp_path.iterdir()) == [file]


def test_all_faults_come_at_once(run: Run, tmp_path: Path) -> None:
    text = ORDER
    chosen = [BAD[n] for n in (0, 1, 2, 8, 9, 10, 11, 13)]
    for old, new, _, _ in chosen:
        text = text.replace(old, new)
    file = tmp_path / "order.toml"
    file.write_text(text)
    said = " ".join(run("plan", file).err.split())
    for _, _, path, _ in chosen:
        assert path in said
    assert said.startswith(f"{len(chosen)} things to correct")


TABLES = [
    ("days, 08:00 (mg), 21:00 (mg)\n3, 5, 5\n3, , 5, 10\n", "row 3: has 4 cells"),
    ("days, 08:00 (mg), 21:00 (mg)\n3, 5.5 tablets, 5\n", "row 2, column 2: '5.5 tablets' is not in mg"),
    ("days, 08:00 (mg), 21:00 (mg)\n3, , 5\n", "row 2, column 2"),
    ("days, 08:00, 21:00\n3, 5, 5\n", "has no unit"),
    ("days, 08:00 (mg), 21:00 (mg), total\n3, 5, 10, 5\n", "the doses add up to 15 mg"),
    ("days, 08:00 (mg), 21:00 (mg)\nfirst, 5, 5\n", "row 2, column 1: 'first' is not a number of days"),
    ("from, 08:00 (mg)\n2026-12-08, 5\n2026-12-01, 10\n", "does not come after"),
    ("day, 08:00 (mg)\n1-3, 5\n5-6, 10\n", "does not go on from day 4"),
    ("days, 28:00 (mg)\n1, 5\n", "not a time of day"),
    ("days, 08:00 (mg)\n1, -5\n", "row 2, column 2"),
    ("hello\n", "has no rows"),
]


@pytest.mark.parametrize(("table", "says"), TABLES)
def test_a_table_is_refused_where_it_is_unclear(run: Run, tmp_path: Path, table: str, says: str) -> None:
    file = tmp_path / "steps.csv"
    file.write_text(table)
    done = run("plan", "--table", file, "--start", "2026-12-01", "--zone", "Europe/London", "--products", "us/5")
    assert done.code == 2
    assert says in " ".join(done.err.split())


@pytest.mark.parametrize(
    "table",
    [
        "days; 08:00 (mg); 21:00 (mg)\n7; 5; 10",
        "days\t08:00 (mg)\t21:00 (mg)\n7\t5\t10",
        "| days | 08:00 | 21:00 |\n|---|---|---|\n| 7 | 5 mg | 10 mg |",
    ],
)
def test_pasted_tables_are_read_back_in_words(run: Run, tmp_path: Path, table: str) -> None:
    file = tmp_path / "steps.txt"
    file.write_text(table)
    done = run("plan", "--table", file, "--start", "2026-12-01", "--zone", "Europe/London", "--products", "us/5")
    assert done.code == 0, done.err
    assert "Read back" in done.out
    assert "At 21:00 take 10 mg: two tablets of 5 mg." in done.out


@pytest.mark.parametrize(
    "flags",
    [
        ("--egfr", "25"),
        ("--dialysis",),
        ("--start-doses", "50mg,50mg,50mg", "--target", "150mg"),
        ("--every", "1"),
        ("--target", "120mg"),
    ],
)
def test_a_stop_exits_with_3_names_its_source_and_makes_no_paper(
    run: Run, tmp_path: Path, flags: tuple[str, ...]
) -> None:
    file = tmp_path / "order.toml"
    file.write_text(ORDER)
    done = run("check", file)
    assert done.code == 0
    planned = run("plan", file, *flags)
    assert planned.code == 3
    assert "▲ BLOCKS" in planned.out
    for ending in ("pdf", "ics"):
        assert run("plan", file, *flags, "--out", tmp_path / f"x.{ending}").code == 3
        assert not (tmp_path / f"x.{ending}").exists()


def test_egfr_25_is_blocked_with_its_source(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "order.toml"
    file.write_text(ORDER)
    findings = json.loads(run("plan", file, "--egfr", "25", "--format", "json").out)["findings"]
    stop = next(f for f in findings if f["rule"] == "avoid-kidney-failure")
    assert stop["severity"] == "stop"
    assert any("WOLF [A]" in source and "Am J Kidney Dis" in source for source in stop["source"])


def test_an_override_needs_a_clinician_and_a_reason_and_is_kept(run: Run, tmp_path: Path) -> None:
    order, file = tmp_path / "order.toml", tmp_path / "plan.json"
    order.write_text(ORDER)
    assert run("plan", order, "--target", "90mg", "--out", file).code == 3
    blocked = run("approve", file, "--by", "Dr A")
    assert blocked.code == 3
    assert "day-adult-us" in blocked.err
    findings = json.loads(file.read_text())["findings"]
    stops = [f["rule"] for f in findings if f["severity"] == "stop"]
    assert run("approve", file, "--by", "Dr A", *sum((["--override", f"{rule}="] for rule in stops), [])).code == 2
    assert run("approve", file, "--by", "Dr A", "--override", "no-such-rule=because").code == 2
    given = sum((["--override", f"{rule}=inpatient, seen daily"] for rule in stops), [])
    assert run("approve", file, "--by", "Dr A", *given).code == 0
    assert run("calendar", file, "--steps").code == 0
    kept = json.loads(file.read_text())["plan"]["overrides"]
    assert {override["rule"] for override in kept} == set(stops)
    assert {override["reason"] for override in kept} == {"inpatient, seen daily"}
    assert "inpatient, seen daily" in run("calendar", file, "--steps").out


def test_damaged_and_foreign_files_are_refused(run: Run, tmp_path: Path) -> None:
    for name, text in (
        ("a.json", "{"),
        ("b.toml", "= 3"),
        ("c.json", "[1]"),
        ("d.json", '{"schema": "other"}'),
        ("e.toml", "\x00"),
    ):
        file = tmp_path / name
        file.write_text(text)
        assert run("calendar", file).code == 2
    assert run("calendar", tmp_path / "missing.json").code == 2
    assert run("calendar", tmp_path).code == 2


def test_a_file_is_written_whole_or_not_at_all(run: Run, tmp_path: Path) -> None:
    order = tmp_path / "order.toml"
    order.write_text(ORDER)
    done = run("plan", order, "--out", tmp_path / "no-such-folder" / "plan.json")
    assert done.code == 2
    assert "cannot be written" in " ".join(done.err.split())
    assert sorted(tmp_path.iterdir()) == [order]


def test_a_pdf_needs_a_file(run: Run, tmp_path: Path) -> None:
    order = tmp_path / "order.toml"
    order.write_text(ORDER)
    assert run("plan", order, "--format", "pdf").code == 2


def test_the_real_program_starts_and_says_its_intended_use() -> None:
    done = subprocess.run([sys.executable, "-m", "gradatim", "--version"], capture_output=True, text=True, check=True)
    assert "does not replace a prescriber" in done.stdout
