"""``gradatim fit``: what measured levels tell, and that it never tells a dose."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gradatim.cli.look import opened
from gradatim.kinetics.estimation import Measured, Observed, Prior, fit
from gradatim.kinetics.subject import subject
from gradatim.monographs import monograph
from gradatim.report.levels.arm import planned
from tests.cli.conftest import EXAMPLES, Diary, Run

MS, CHILD = EXAMPLES / "ms-adult.toml", EXAMPLES / "child-by-weight.toml"
LEVELS = "at,level\n2026-12-09T07:45,60 ng/mL\n2026-12-09T10:00,0.35 mg/L\n2026-12-12T18:30Z,<180 ng/mL\n"


@pytest.fixture
def levels(tmp_path: Path) -> Path:
    file = tmp_path / "levels.csv"
    file.write_text(LEVELS, "utf-8")
    return file


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_terminal_shows_levels_parameters_and_what_they_do_not_tell(run: Run, levels: Path) -> None:
    done = run("fit", levels, MS)
    assert done.code == 0, done.err
    text = words(done.out)
    assert "There is no accepted level of baclofen to aim at" in text
    assert "Change no dose because of it; ask your prescriber" in text
    assert re.search(r"Wed 9 Dec 10:00 350 \d+ \d+ to \d+ \d+", text)
    assert re.search(r"Sat 12 Dec 13:30 <180", text)
    assert re.search(r"cleared \(CL/F\), L/h 11.6 [\d.]+ [\d.]+ to [\d.]+ \d+ %", text)
    assert "SIMON [A]" in text
    assert "A dose left out, or taken at another time, makes these numbers wrong" in text
    assert not re.search(r"recommend|should take|increase|decrease|reduce|raise the|lower the|target|therapeutic", text)
    assert max(map(len, done.out.splitlines())) <= 100


def test_the_numbers_are_those_of_the_fit(run: Run, levels: Path) -> None:
    """The same problem put together by hand."""
    found = json.loads(run("fit", levels, MS, "--format", "json").out)
    plan = opened(MS)
    arm = planned("x", plan.course, plan.person.zone, monograph())
    who = subject("simon-2018", plan.person)
    told = tuple(
        Measured(time=(one - arm.start.seconds) / 3600, level=level, below=below)
        for one, level, below in ((1796820300, 60.0, False), (1796828400, 350.0, False), (1797100200, 180.0, True))
    )
    by_hand = fit(Prior.of_published(who.published), Observed(schedule=arm.dosing.schedule, measured=told))
    assert [one["at"] for one in found["measured"]] == [
        "2026-12-09T12:45:00Z",
        "2026-12-09T15:00:00Z",
        "2026-12-12T18:30:00Z",
    ]
    for one in found["parameters"]:
        assert one["most_likely"] == pytest.approx(by_hand.parameters[one["name"]], rel=1e-6)
        assert one["low"] < one["most_likely"] < one["high"]
        assert 0 <= one["learnt"] <= 1
    assert [one["fitted"] for one in found["measured"]] == pytest.approx(by_hand.levels.tolist(), rel=1e-5)
    assert found["settled"]


def test_the_picture_has_a_mark_for_each_level_and_says_what_it_does_not(
    run: Run, levels: Path, tmp_path: Path
) -> None:
    out = tmp_path / "fit.svg"
    assert "Wrote" in run("fit", levels, MS, "--out", out).out
    root = ElementTree.fromstring(out.read_text("utf-8"))
    text = words(" ".join(root.itertext()))
    assert (
        len([one for one in root.iter("{http://www.w3.org/2000/svg}circle") if one.get("r") == "3.4"]) == 3
    )  # two, and one in the key
    assert "Change no dose because of it" in text
    assert "you, most likely" in text
    assert "Sat 12 Dec 13:30" in text


def test_the_same_seed_gives_the_same_file(run: Run, levels: Path) -> None:
    one, same, other = (run("fit", levels, MS, "-f", "json", "--seed", seed).out for seed in (3, 3, 4))
    assert one == same != other


def test_other_models_and_scatters(run: Run, levels: Path) -> None:
    marsot = words(run("fit", levels, MS, "--model", "marsot-2014").out)
    assert "Marsot 2014" in marsot
    assert "This model does not know of kidneys: what yours clear is in the levels only." in marsot
    refused = run("fit", levels, MS, "--model", "adult-derived")
    assert refused.code == 2
    assert "how far measured levels scatter is not published" in words(refused.err)
    assert "marsot-2014, simon-2018" in words(refused.err)
    own = run("fit", levels, MS, "--model", "adult-derived", "--scatter", "15%,5ng/mL")
    assert own.code == 0
    assert "Kidneys:" in words(own.out)
    assert "This model does not know of kidneys" not in words(own.out)
    assert run("fit", levels, MS, "--scatter", "15 apples").code == 2
    child = run("fit", levels, CHILD)
    assert child.code == 2
    assert "is not for somebody of" in words(child.err)


def test_levels_that_nothing_expected_are_told(run: Run, levels: Path) -> None:
    """One of three outside is chance; two are a word about doses, times and model."""
    assert "Levels outside what was expected" not in words(run("fit", levels, MS).out)
    levels.write_text(
        "at,level\n2026-12-09T07:45,600 ng/mL\n2026-12-09T10:00,20 ng/mL\n2026-12-12T18:30Z,900 ng/mL\n", "utf-8"
    )
    told = words(run("fit", levels, MS).out)
    assert re.search(r"Levels outside what was expected before they were measured: [23] of 3\.", told)


def test_levels_that_no_person_can_have_are_told_without_numbers(run: Run, levels: Path, tmp_path: Path) -> None:
    """The search ends without a minimum: no parameter, no curve and no forecast is shown, and what to look at is said."""
    levels.write_text(
        "at,level\n2026-12-09T10:00,60 ng/mL\n2026-12-09T10:30,3 ng/mL\n2026-12-09T11:00,900 ng/mL\n", "utf-8"
    )
    stuck = "No numbers were found that fit these levels. Look at the doses, the times and the units first."
    done = run("fit", levels, MS, "--scatter", "0.1ng/mL")
    assert done.code == 0, done.err
    text = words(done.out)
    assert stuck in text
    assert re.search(r"Wed 9 Dec 10:00 60 – – – Wed 9 Dec 10:30 3 – – – Wed 9 Dec 11:00 900 – – –", text)
    for absent in ("learnt", "certain", "CL/F", "nan"):
        assert absent not in text
    told = json.loads(run("fit", levels, MS, "--scatter", "0.1ng/mL", "-f", "json").out)
    assert told["ended"] == "long"
    assert not told["settled"]
    assert (told["parameters"], told["measured"], told["curve"]) == ([], [], [])
    assert stuck in told["says"]
    out = tmp_path / "fit.svg"
    assert run("fit", levels, MS, "--scatter", "0.1ng/mL", "--out", out).code == 0
    root = ElementTree.fromstring(out.read_text("utf-8"))
    drawn = words(" ".join(root.itertext()))
    assert stuck in drawn
    assert "typical person" in drawn
    assert "you, most likely" not in drawn
    assert "certainty" not in drawn
    assert "nan" not in out.read_text("utf-8")
    circles = [one for one in root.iter("{http://www.w3.org/2000/svg}circle") if one.get("r") == "3.4"]
    assert len(circles) == 4  # three, and one in the key


def test_every_row_that_cannot_be_read(run: Run, levels: Path) -> None:
    levels.write_text(
        "at,level\nyesterday,60 ng/mL\n2026-12-09,60 ng/mL\n2026-12-09T10:00,350\n2026-12-09T11:00,20 mg\n", "utf-8"
    )
    done = run("fit", levels, MS)
    assert done.code == 2
    text = words(done.err)
    for part in ("row 2.at", "row 3.at", "has no time of day", "row 4.level", "has no unit", "row 5.level"):
        assert part in text
    levels.write_text("time,concentration\n", "utf-8")
    assert "Begin the file with at,level" in words(run("fit", levels, MS).err)
    levels.write_text("at,level\n", "utf-8")
    assert "holds no levels" in words(run("fit", levels, MS).err)
    assert run("fit", levels.with_name("none.csv"), MS).code == 2


def test_levels_outside_the_doses_that_are_known(run: Run, levels: Path) -> None:
    done = run("fit", levels, MS, "--from", "2026-12-10", "--to", "2026-12-20")
    assert done.code == 2
    assert "row 2.at" in done.err
    assert "row 3.at" in done.err
    assert "lies outside the days" in words(done.err)
    levels.write_text("at,level\n2026-12-01T07:00,60 ng/mL\n", "utf-8")
    early = run("fit", levels, MS)
    assert early.code == 2
    assert "no drug has got in by then" in words(early.err)


def test_what_was_really_taken(demo: Diary, tmp_path: Path) -> None:
    """With a journal the doses are those recorded, and what is not recorded is told."""
    record = demo.data("simulate", "--people", "60", "--days", "6")
    arm = next(one for one in record["arms"] if one["of"] == "taken")
    noon = f"{arm['last']}T12:00"
    file = tmp_path / "levels.csv"
    file.write_text(f"at,level\n{noon},90 ng/mL\n", "utf-8")
    text = demo.says("fit", file, "--journal", demo.file)
    assert "The doses are those recorded as taken" in text
    assert "One level tells little" in text
    assert demo.run("fit", file, MS, "--journal", demo.file).code == 2
