"""What people met who used the record for the first time: each was dangerous or misleading, and is named here so that it stays mended."""

from __future__ import annotations

import pytest

from gradatim.monographs.own_words import recognised
from tests.cli.conftest import Diary

FIRST = "2026-12-01"


def kept(mine: Diary, days: int) -> None:
    """Every dose of the first days taken in time."""
    for day in range(1, days + 1):
        for clock in ("08:00", "14:00", "21:00"):
            mine.at(f"2026-12-{day:02d} {clock}").says("take")


def test_an_emergency_comes_before_the_dose_and_no_dose_is_offered(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:05").says("log", "seizure", code=0)
    said = mine.says("today")
    assert said.index("Emergency services now") < said.index(
        "Do not take or leave out a dose on your own now: ask them."
    )
    assert "Take 5 mg now" not in said
    assert "Next:" not in said
    refused = mine.says("take", code=3)
    assert "An emergency is written down, and nobody has dealt with it." in refused
    assert "Call emergency services now" in refused
    assert "Recorded" in mine.says("take", "--anyway")


def test_once_somebody_has_dealt_with_it_the_day_goes_on(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:05").says("log", "seizure")
    rules = [one["rule"] for one in mine.data("watch", code=3) if one["level"] == "E"]
    for rule in rules:
        mine.says(
            "watch", "--answer", rule, "--by", "Dr B. Name", "--said", "seen in hospital, go on as planned", code=None
        )
    assert "Take 5 mg now" in mine.says("today")


def test_what_asks_for_a_call_today_stands_above_the_dose(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:05").says("take")
    mine.at(f"{FIRST} 10:00").says("take", "--extra", "--amount", "5mg", "--anyway")
    said = mine.at(f"{FIRST} 14:00").says("today")
    assert said.index("Prescriber or pharmacist today") < said.index("Take 5 mg now")


def test_going_on_shows_the_doses_and_the_questions_and_is_refused_while_something_stands_against_it(
    mine: Diary,
) -> None:
    kept(mine, 7)
    mine.at("2026-12-07 21:30").says("log", "symptom", "weaker-after-rise", code=None)
    before = mine.file.read_bytes()
    said = mine.says("answer", "--by", "A. Name", "--go-on", code=3)
    assert "From 2026-12-08: 15 mg → " in said
    assert "Is the sleepiness bearable?" in said
    assert "This stands against it" in said
    assert mine.file.read_bytes() == before
    assert "go on, said A. Name" in mine.says("answer", "--by", "A. Name", "--go-on", "--anyway")


def test_a_go_on_that_does_not_work_yet_can_be_taken_back(mine: Diary) -> None:
    kept(mine, 7)
    mine.at("2026-12-07 21:30").says("answer", "--by", "A. Name", "--go-on")
    assert "not yet, said A. Name" in mine.says("answer", "--by", "A. Name", "--not-yet")
    mine.at("2026-12-08 08:00")
    assert "Take 5 mg now" in mine.says("today", code=None)


def test_the_plan_of_somebody_of_another_sex_or_age_is_refused(mine: Diary) -> None:
    other = mine.folder / "dad.toml"
    other.write_text((mine.folder / "order.toml").read_text().replace('"female"', '"male"'))
    mine.says("plan", other, "--out", mine.folder / "dad.json", code=None)
    mine.says("approve", mine.folder / "dad.json", "--by", "Dr A. Name", code=None)
    assert "this journal is of" in mine.says("follow", mine.folder / "dad.json", "--instead", code=2)


def test_the_name_stands_on_the_first_line_of_the_day(mine: Diary) -> None:
    assert mine.at(f"{FIRST} 08:00").says("today").startswith("Diary Person · Tue 1 Dec 2026")


@pytest.mark.parametrize(
    ("said", "sign"),
    [
        ("Seizures", "seizures"),
        ("SEIZURE", "seizure"),
        ("withdrawal hallucinations", "withdrawal-hallucinations"),
        ("Blue lips", "blue-lips"),
    ],
)
def test_a_sign_is_known_whatever_its_case_blanks_and_plural(said: str, sign: str) -> None:
    assert recognised(said) == (sign, ())


@pytest.mark.parametrize(
    ("said", "sign"),
    [
        ("halucinations", "withdrawal-hallucinations"), ("cannot be woken up", "cannot-be-woken"), ("i cant breathe", "slow-breathing"),
        ("racing heart", "withdrawal-fast-heart"), ("very stiff", "withdrawal-rigidity"), ("high fever", "withdrawal-fever"),
        ("I want to kill myself", "suicide-plan"), ("her face is swelling", "face-or-throat-swelling"), ("seizzure", "seizure"),
    ],
)  # fmt: skip
def test_words_of_ones_own_name_the_emergencies_that_they_may_mean(said: str, sign: str) -> None:
    _, perhaps = recognised(said)
    assert sign in [one.id for one in perhaps]


@pytest.mark.parametrize("said", ["bored", "a nice day", "tea tastes odd"])
def test_ordinary_words_name_no_emergency(said: str) -> None:
    assert recognised(said) == (said, ())


def test_free_words_say_that_nobody_reads_them(mine: Diary) -> None:
    assert "Nobody reads this by itself" in mine.at(f"{FIRST} 09:00").says("log", "note", "I feel strange")


def test_what_was_swallowed_can_always_be_written_down(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:00").says("take")
    said = mine.at(f"{FIRST} 10:00").says("take", "--extra", "--amount", "500mg", "--anyway")
    assert "500 mg taken beside the plan" in said
    assert "Emergency services now" in said


def test_undo_never_reaches_past_what_cannot_be_taken_back(mine: Diary) -> None:
    kept(mine, 7)
    mine.at("2026-12-07 21:30").says("answer", "--by", "A. Name", "--go-on")
    before = mine.file.read_bytes()
    assert "the last entry is not one that can be taken back" in mine.says("undo", code=2)
    assert mine.file.read_bytes() == before


def test_at_three_in_the_morning_ten_in_the_evening_is_last_nights_dose(mine: Diary) -> None:
    mine.at(f"{FIRST} 14:00").says("take")
    mine.at("2026-12-02 02:43").says("take", "21:00")
    assert mine.last("dose-taken")["dose"].endswith(f":{FIRST}:s3")
    assert "already recorded" in mine.says("take")


def test_one_dose_a_day_is_left_out_after_twelve_hours(diary: Diary) -> None:
    order = (
        '[person]\nzone = "Europe/London"\nage = 45\nsex = "female"\nlocale = "GB"\negfr = 90\n'
        '[prescription]\nstart = 2026-12-01\nproducts = ["uk/10"]\ntable = """\ndays, 21:00 (mg)\n14, 5\n"""\n'
    )
    (diary.folder / "daily.toml").write_text(order)
    diary.says("plan", "daily.toml", "--out", diary.plan, code=None)
    diary.says("approve", diary.plan, "--by", "Dr A. Name", code=None)
    diary.at("2026-11-30 12:00").says("follow", diary.plan)
    diary.at("2026-12-01 21:00").says("take")
    assert "You may still take it" in diary.at("2026-12-03 08:59").says("today")
    assert "You may still take it" not in diary.at("2026-12-03 09:01").says("today", code=None)
    assert "before you have asked" in diary.says("today", code=None)


def test_today_names_the_review_that_waits_and_the_box_that_runs_low(mine: Diary) -> None:
    kept(mine, 8)
    mine.says("stock", "count", "uk/10=6")
    said = mine.at("2026-12-09 08:00").says("today", code=None)
    assert "A review waits since Tue 8 Dec 2026" in said
    assert "tablets left" in said


def test_a_clock_that_is_a_year_behind_writes_nothing(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:00").says("take")
    mine.at("2025-12-01 09:00")
    assert "Set the clock of this machine" in mine.says("log", "note", "hello", code=2)


def test_a_terminal_without_halves_never_prints_one_tablet_for_one_and_a_half() -> None:
    assert "1½ tablets".encode("ascii", "gradatim-plainer") == b"1 1/2 tablets"
    assert "½ tablet".encode("ascii", "gradatim-plainer").strip() == b"1/2 tablet"
