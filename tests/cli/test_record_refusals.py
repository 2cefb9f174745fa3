"""Where no journal is yet, every command says so with the remedy; every help page teaches by example; the clock may be wrong."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Diary, Run

NEEDS_A_JOURNAL = [
    "today", "take", "take 08:00", "skip", "unsure", "undo", "correct 12345678 --why x --at 08:00", "checkin mood=6", "watch", "watch -f json",
    "insight", "insight -f json", "report --out report.pdf", "report --out report.html", "card --out card.pdf", "card --out card.png",
    "history", "history -f csv", "export --plain --out copy.json", "export --out copy.age", "journal verify", "journal plan --out plan.json",
    "stock", "stock -f json", "stock count uk/10=84", "stock receive uk/10=84", "stock lose uk/10=1", "stock open uk/solution-1",
    "stock order --until 2027-01-31", "stock refill uk/10", "answer --by me --go-on",
    "log symptom seizure", "log fall", "log seizure", "log hospital", "log surgery", "log other", "log medicine ibuprofen", "log weight 62kg",
    "log egfr 45", "log blood-pressure 120/80", "log note hello", "log trip 2026-12-24 2027-01-02", "log goal walk 1", "log prefer repeat-days 5",
    "log person --zone Europe/Paris", "nof1 result --timings a,b --first 2026-12-01 --seed 7 --scale spasticity",
]  # fmt: skip
"""Every command that reads or writes the journal, but ``follow`` and ``import``, which begin one."""


@pytest.mark.parametrize("words", NEEDS_A_JOURNAL)
def test_without_a_journal_one_fault_says_how_to_begin(diary: Diary, words: str) -> None:
    said = diary.says(*words.split(), code=2)
    assert "1 thing to correct; nothing was written." in said
    if "seizure" in words:  # an emergency comes before the file
        assert said.startswith("A seizure (fit): Call emergency services now.")
    assert "there is no journal here" in said
    assert "gradatim follow plan.json" in said
    assert list(diary.folder.iterdir()) == []


def test_a_file_that_is_empty_is_no_plan(diary: Diary) -> None:
    diary.file.touch()
    for words in ("today", "take", "watch", "stock", "insight", "report --out report.html", "card --out card.png"):
        said = diary.says(*words.split(), code=2)
        assert "no plan is followed in it" in said
        assert "gradatim follow plan.json" in said
    assert "Nothing is written down for these days." in diary.says("history")
    assert "is empty" in diary.says("export", "--plain", "--out", "copy.json", code=2)


def test_a_journal_named_on_the_command_line_goes_before_the_usual_one(mine: Diary) -> None:
    assert mine.says("today", "--journal", mine.folder / "none.jsonl", code=2)
    assert "2 entries" in mine.says("journal", "where", "--journal", mine.file)


def test_a_clock_that_went_back_is_said_and_a_dose_taken_stays_taken(mine: Diary) -> None:
    mine.at("2026-12-01 08:10").says("take")
    mine.at("2026-12-01 08:00")
    assert mine.states()["08:00"] == "taken"
    assert "Nothing was added" in mine.says("take", "08:00")
    assert "Check the clock" in mine.at("2026-11-30 08:00").says("today")
    assert "Check the clock" in mine.at("2020-01-01 08:00").says("today")


def test_the_demonstration_never_writes_over_anything(diary: Diary) -> None:
    diary.file.write_text("mine")
    assert "a journal is never written over" in diary.says("demo-journal", "--out", diary.file, code=2)
    assert diary.file.read_text() == "mine"


def test_the_demonstration_is_the_same_each_time_and_another_seed_makes_another(demo: Diary) -> None:
    demo.says("demo-journal", "--out", "again.jsonl")
    demo.says("demo-journal", "--out", "other.jsonl", "--seed", "8")
    assert (demo.folder / "again.jsonl").read_bytes() == demo.file.read_bytes()
    assert (demo.folder / "other.jsonl").read_bytes() != demo.file.read_bytes()


HELP = [
    "follow", "today", "take", "skip", "unsure", "undo", "correct", "checkin", "watch", "insight", "report", "card", "history", "export", "import",
    "demo-journal", "answer", "log", "stock", "journal", "nof1",
    *(f"log {name}" for name in (
        "symptom", "signs", "fall", "seizure", "hospital", "surgery", "other", "medicine", "weight", "creatinine", "egfr", "blood-pressure", "note",
        "trip", "goal", "prefer", "person",
    )),
    *(f"stock {name}" for name in ("count", "receive", "lose", "open", "order", "refill")),
    *(f"journal {name}" for name in ("plan", "where", "verify")),
    *(f"nof1 {name}" for name in ("design", "result")),
]  # fmt: skip


@pytest.mark.parametrize("command", HELP)
def test_help_teaches_by_example(run: Run, command: str) -> None:
    done = run(*command.split(), "--help")
    assert done.code == 0
    examples = [line for line in done.out.splitlines() if line.startswith("  gradatim ")]
    assert any(f"gradatim {command}" in line for line in examples)


def test_the_products_that_help_pages_name_exist(run: Run) -> None:
    known = run("monograph", "show", "baclofen", "products").out
    for command in (
        "take",
        "correct",
        "stock",
        *(f"stock {name}" for name in ("count", "receive", "lose", "open", "refill")),
    ):
        text = run(*command.split(), "--help").out.replace("\n", " ")
        for word in text.replace("=", " ").replace(",", " ").split():
            if word.startswith("uk/"):
                assert f"{word} " in known, f"{word} in the help of {command}"
