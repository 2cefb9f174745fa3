"""What is felt and what else happens: the check-in, typed and asked; symptoms, measurements, events, notes, the person."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time

import pytest

from tests.cli.conftest import Diary

# --- the check-in, typed ---------------------------------------------------------------------------------------------


def test_a_check_in_in_one_line(mine: Diary) -> None:
    said = mine.at("2026-12-01 20:00").says("checkin", "spasticity=4", "sleepiness=2", "mood=6", "--note", "good day")
    assert "Check-in: Spasticity 4, Sleepiness now 2, Mood 6. good day" in said
    assert mine.last("check-in")["scores"] == [
        {"scale": "spasticity", "value": 4}, {"scale": "sleepiness", "value": 2}, {"scale": "mood", "value": 6},
    ]  # fmt: skip


def test_only_a_note_is_a_check_in_too(mine: Diary) -> None:
    assert "good day" in mine.says("checkin", "--note", "good day")


def test_nothing_at_all_is_no_check_in(mine: Diary) -> None:
    before = mine.file.read_bytes()
    said = mine.says("checkin", code=2)
    assert "nothing was answered" in said
    assert "spasticity=4" in said
    assert mine.file.read_bytes() == before


def test_all_faults_come_at_once_and_nothing_is_written(mine: Diary) -> None:
    before = mine.file.read_bytes()
    said = mine.says("checkin", "spasticity=11", "spastcity=3", "mood", "pain=x", "sleepiness=0", "mood=6", code=2)
    assert said.startswith("5 things to correct; nothing was written.")
    for part in (
        "spasticity=11: 11 is not on the scale",
        "Give a whole number from 0 to 10",
        "Did you mean spasticity",
        "mood: gives no value",
        "'x' is not a number",
        "sleepiness=0",
    ):
        assert part in said
    assert mine.file.read_bytes() == before


def test_the_same_scale_twice_is_asked_about(mine: Diary) -> None:
    before = mine.file.read_bytes()
    assert "twice" in mine.says("checkin", "mood=6", "mood=3", code=2)
    assert mine.file.read_bytes() == before


def test_a_check_in_of_yesterday_needs_its_time(mine: Diary) -> None:
    mine.at("2026-12-02 09:00")
    assert "does not say when it was" in mine.says("checkin", "mood=6", "--day", "yesterday", code=2)
    assert "Tue 1 Dec 21:00" in mine.says("checkin", "mood=6", "--day", "yesterday", "--at", "21:00")


# --- the check-in, asked ---------------------------------------------------------------------------------------------


class Dialogue:
    """A command at a pseudo terminal, as a person sits at it."""

    def __init__(self, *arguments: str) -> None:
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gradatim", *arguments], stdin=slave, stdout=slave, stderr=slave
        )
        os.close(slave)
        self.said = ""

    def until(self, text: str, seconds: float = 30) -> None:
        """Read on until a text appears."""
        end = time.monotonic() + seconds
        while text not in self.said and time.monotonic() < end:
            if select.select([self.master], [], [], 0.1)[0]:
                try:
                    self.said += os.read(self.master, 4096).decode()
                except OSError:  # the program has closed its side
                    break
        assert text in self.said, self.said

    def reply(self, text: str, before: str) -> None:
        """Once ``before`` was asked, type a line."""
        self.until(before)
        self.said = self.said.split(before, 1)[1]
        os.write(self.master, f"{text}\n".encode())

    def end(self) -> int:
        self.until("Recorded")
        code = self.process.wait(30)
        os.close(self.master)
        return code


def test_asked_at_the_terminal_each_question_may_be_left_out_and_a_slip_is_asked_again(mine: Diary) -> None:
    mine.at("2026-12-01 20:00")
    talk = Dialogue("checkin")
    talk.reply("11", "> ")
    talk.until("is not on the scale")
    talk.reply("4", "> ")
    for _ in range(40):
        talk.until("> " if "Anything else" not in talk.said else "nothing)")
        if "Anything else" in talk.said:
            break
        talk.reply("", "> ")
        time.sleep(0.05)
        talk.until(" ")
    talk.reply("tired", "nothing)")
    assert talk.end() == 0
    assert mine.last("check-in") == {
        "kind": "check-in",
        "scores": [{"scale": "spasticity", "value": 4}],
        "note": "tired",
    }


# --- everything else -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("weight", "62kg"), "Measured: weight 62 kg"),
        (("creatinine", "80 umol/L"), "creatinine 80"),
        (("egfr", "45"), "eGFR 45"),
        (("blood-pressure", "120/80"), "blood pressure 120/80 mmHg"),
        (("fall", "--note", "in the kitchen"), "A fall: in the kitchen"),
        (("seizure",), "A seizure"),
        (("hospital",), "In hospital"),
        (("surgery", "--on", "2026-12-10"), "Surgery on Thu 10 Dec 2026"),
        (("other",), "Something else"),
        (("medicine", "ibuprofen", "--amount", "400mg"), "ibuprofen taken: 400mg"),
        (("note", "ask: can the evening dose be larger?"), "ask: can the evening dose be larger?"),
        (("goal", "walk to the shop", "1", "--weight", "4"), "Goal: walk to the shop, +1"),
        (("goal", "walk to the shop", "--", "-2"), "Goal: walk to the shop, -2"),
        (("symptom", "dizziness"), "Noticed: dizziness"),
    ],
)
def test_what_is_written_down_is_read_back(mine: Diary, words: tuple[str, ...], says: str) -> None:
    said = mine.at("2026-12-01 12:00").says("log", *words)
    assert "Recorded: Tue 1 Dec 12:00" in said
    assert says.casefold() in said.casefold()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("weight", "62"), "has no unit"),
        (("weight", "620kg"), "620"),
        (("creatinine", "80"), "has no unit"),
        (("egfr", "a lot"), "a lot"),
        (("blood-pressure", "120"), "for example 120/80"),
        (("blood-pressure", "80/120"), "80"),
        (("goal", "walk", "3"), "3"),
        (("goal", "walk", "1", "--weight", "0"), "weight"),
        (("note", " "), "empty"),
        (("fall", "--at", "23:00"), "has not come yet"),
        (("fall", "--day", "yesterday"), "does not say when it was"),
        (("surgery", "--on", "tomorrow"), "not a date"),
        (("person",), "nothing is new"),
        (("person", "--zone", "Europe/Lodnon"), "Did you mean Europe/London"),
        (("person", "--condition", "epilepsi"), "Did you mean epilepsy"),
    ],
)
def test_what_cannot_be_is_refused_with_the_remedy_and_nothing_is_written(
    mine: Diary, words: tuple[str, ...], says: str
) -> None:
    mine.at("2026-12-01 12:00")
    before = mine.file.read_bytes()
    assert says in mine.says("log", *words, code=2)
    assert mine.file.read_bytes() == before


def test_every_sign_of_the_list_can_be_written_down(mine: Diary) -> None:
    listed = mine("log", "signs").out.splitlines()
    assert listed[0].startswith("E  ")
    assert sum(line.startswith("E  ") for line in listed) >= 10
    sign = listed[0].split()[1]
    assert "the watch does not know it" not in mine.says("log", "symptom", sign)


def test_another_zone_holds_from_tomorrow(mine: Diary) -> None:
    mine.at("2026-12-01 12:00").says("log", "person", "--zone", "America/New_York")
    assert mine.data("today")["zone"] == "Europe/London"
    mine.at("2026-12-02 12:00")
    assert mine.data("today")["zone"] == "America/New_York"


def test_a_condition_that_is_new_is_kept(mine: Diary) -> None:
    mine.says("log", "person", "--condition", "epilepsy")
    assert mine.last("person")["person"]["conditions"] == ["epilepsy"]
    assert mine.last("person")["person"]["called"] == "Diary Person"


def test_goals_as_rated_last_make_one_score(mine: Diary) -> None:
    """Two goals of one weight, one as expected and one a step beyond: T = 50 + 10 / sqrt(0.7 · 2 + 0.3 · 4)."""
    assert "T 50.0 (50: as expected)" in mine.says("log", "goal", "walk to the shop", "0")
    assert "T 56.2" in mine.says("log", "goal", "get up alone", "1")
    assert "T 50.0" in mine.says("log", "goal", "get up alone", "0"), "the last rating of a goal counts"


def test_a_side_effect_says_how_common_it_is_by_each_source(mine: Diary) -> None:
    said = mine.says("log", "symptom", "drowsiness")
    assert "How common it is with baclofen" in said
    assert "10 to 63 in 100 people" in said
    assert "GLOBALRPH [M]" in said
