"""Putting it right: undo, undo of the undo, other times and amounts; and the history, which keeps every word of it."""

from __future__ import annotations

import csv
import io

import pytest

from tests.cli.conftest import Diary

FIRST = "2026-12-01"  # a Tuesday: 5 mg, half a tablet of 10 mg, at 08:00, 14:00 and 21:00


# --- putting it right ------------------------------------------------------------------------------------------------


def test_undo_at_once_takes_back_what_it_says(mine: Diary) -> None:
    """Twenty times within one second of the tap: what is said is what is so."""
    mine.at(f"{FIRST} 08:02")
    for _ in range(20):
        assert "Recorded" in mine.says("take")
        assert "Taken back: Tue 1 Dec 08:02 5 mg taken" in mine.says("undo")
        assert mine.states()["08:00"] == "due"


def test_a_chain_of_undos_within_one_second_means_what_it_says(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:02").says("take")
    (last,) = mine.ids("dose-taken")
    for number in range(12):
        last = mine.says("undo", last).rsplit("gradatim undo ", 1)[1].split()[0]
        assert mine.states()["08:00"] == ("taken" if number % 2 else "due")


def test_taking_back_twice_adds_nothing_and_names_the_way_back(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:02").says("take")
    (entry,) = mine.ids("dose-taken")
    mine.says("undo", entry)
    before = mine.file.read_bytes()
    said = mine.says("undo", entry)
    assert "Already taken back" in said
    assert mine.file.read_bytes() == before
    mine.says("undo", said.rsplit("gradatim undo ", 1)[1].split()[0])
    assert mine.states()["08:00"] == "taken"


def test_the_last_correction_within_one_second_counts(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:30").says("take")
    (entry,) = mine.ids("dose-taken")
    for minute in range(10, 22):
        mine.says("correct", entry, "--at", f"08:{minute}", "--why", "again")
        assert f"taken 08:{minute}" in mine.says("today")


def test_undo_and_undo_of_the_undo(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:02").says("take")
    said = mine.at(f"{FIRST} 08:03").says("undo")
    assert "It stays in the history." in said
    assert mine.states()["08:00"] == "due"
    back = said.rsplit("gradatim undo ", 1)[1].split()[0]
    mine.at(f"{FIRST} 08:04").says("undo", back)
    assert mine.states()["08:00"] == "taken"
    assert "Nothing was added" in mine.says("take")


def test_undo_again_takes_back_the_entry_before_and_ends(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:02").says("take")
    mine.at(f"{FIRST} 08:05").says("log", "note", "slept well")
    assert "slept well" in mine.at(f"{FIRST} 08:06").says("undo")
    assert "5 mg taken" in mine.at(f"{FIRST} 08:07").says("undo")
    before = mine.file.read_bytes()
    assert "there is nothing to take back" in mine.at(f"{FIRST} 08:08").says("undo", code=2)
    assert mine.file.read_bytes() == before


def test_a_plan_cannot_be_undone(mine: Diary) -> None:
    (plan,) = mine.ids("plan-approved")
    assert "cannot be taken back" in mine.says("undo", plan, code=2)


def test_time_and_amount_are_put_right_and_the_first_words_stay(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:30").says("take")
    (entry,) = mine.ids("dose-taken")
    mine.at(f"{FIRST} 09:00")
    said = mine.says("correct", entry, "--at", "07:50", "--why", "wrote it down late")
    assert "Put right: 5 mg taken" in said
    assert "taken 07:50" in mine.says("today")
    mine.says("correct", entry, "--amount", "10mg", "--why", "took a whole one")
    history = mine.says("history")
    assert "Put right: 10 mg taken: 1 tablet of 10 mg" in history
    assert f"[{entry}] (put right)" in history
    assert "Put right: 5 mg taken" in history
    assert "taken 07:50" in mine.says("today"), "the time that was put right stays"


def test_a_correction_across_days(mine: Diary) -> None:
    mine.at("2026-12-02 09:30").says("take")
    (entry,) = mine.ids("dose-taken")
    said = mine.says("correct", entry, "--day", "yesterday", "--at", "21:40", "--why", "it was last night")
    assert "(the dose of 08:00 on Wed 2 Dec), at Tue 1 Dec 21:40" in said
    assert mine.data("today")["last_taken"] == "2026-12-01T21:40:00Z"


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        ((), "nothing is put right"),
        (("--at", "23:00"), "has not come yet"),
        (("--amount", "3mg"), "cannot be made"),
        (("--day", "yesterday"), "nothing is put right"),
    ],
)
def test_a_correction_that_says_nothing_or_cannot_be_is_refused(mine: Diary, flags: tuple[str, ...], says: str) -> None:
    mine.at(f"{FIRST} 08:30").says("take")
    (entry,) = mine.ids("dose-taken")
    before = mine.file.read_bytes()
    assert says in mine.says("correct", entry, *flags, "--why", "to see", code=2)
    assert mine.file.read_bytes() == before


def test_an_id_must_name_one_entry(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:30").says("take")
    assert "is no entry of this journal" in mine.says("correct", "ffff", "--at", "08:00", "--why", "to see", code=2)
    assert "is no entry of this journal" in mine.says("undo", "a", code=2)


# --- the history -----------------------------------------------------------------------------------------------------


def test_the_history_shows_everything_with_its_status(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:02").says("take")
    mine.at(f"{FIRST} 08:03").says("undo", "--why", "wrong tap")
    mine.at(f"{FIRST} 08:30").says("take")
    said = mine.says("history")
    assert "(taken back)" in said
    assert "Took back: 5 mg taken" in said
    rows = list(csv.DictReader(io.StringIO(mine("history", "--all", "--format", "csv").out)))
    assert [(row["kind"], row["status"]) for row in rows] == [
        ("person", ""), ("plan-approved", ""), ("dose-taken", "taken back"), ("correction", "corrects"), ("dose-taken", ""),
    ]  # fmt: skip
    assert rows[2]["time"] == "08:02"
    assert rows[2]["at"] == "2026-12-01T08:02:00Z"


def test_the_history_by_day_and_kind(mine: Diary) -> None:
    for day in (1, 2, 3):
        mine.at(f"2026-12-0{day} 08:00").says("take")
    mine.says("log", "note", "a note")
    assert len(mine.data("history", "--kind", "dose-taken")) == 3
    assert len(mine.data("history", "--first", "2026-12-02", "--last", "2026-12-02")) == 1
    assert "Nothing is written down for these days." in mine.says(
        "history", "--first", "2027-01-01", "--last", "2027-01-02"
    )
    assert "Use one of: dose-taken, note, person, plan-approved" in mine.says("history", "--kind", "dosetaken", code=2)
    assert "before" in mine.says("history", "--first", "2026-12-03", "--last", "2026-12-01", code=2)


@pytest.mark.parametrize("formula", ["=HYPERLINK(1)", "+1+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_spreadsheet_takes_no_note_for_a_formula(mine: Diary, formula: str) -> None:
    mine.says("log", "note", "--", formula)
    text = mine("history", "--all", "--format", "csv").out
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    assert any(cell.startswith("'") and cell.endswith(formula[1:]) for cell in cells)
    assert mine.last("note")["text"] == formula, "the journal keeps the words as they are"
