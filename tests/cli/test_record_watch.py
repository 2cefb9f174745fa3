"""After a stretch without doses, and what the watch says: who has to be asked, what rests and what never does."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Diary


@pytest.fixture
def away(mine: Diary) -> Diary:
    """Doses taken until Friday at 14:00, none over the weekend; it is Monday morning."""
    for day in (1, 2, 3, 4):
        for clock in ("08:00", "14:00", "21:00"):
            if (day, clock) != (4, "21:00"):
                mine.at(f"2026-12-0{day} {clock}").says("take")
    return mine.at("2026-12-07 08:10")


# --- the gap ---------------------------------------------------------------------------------------------------------


def test_after_a_weekend_without_doses_the_day_says_ask_first_and_nothing_to_take(away: Diary) -> None:
    said = away.says("today")
    assert (
        "Do not take the next dose before you have asked. No dose is recorded since Fri 4 Dec 14:00, 66 hours ago."
        in said
    )
    assert "Call your prescriber or pharmacist now" in said
    assert "you see or hear things that are not there" in said
    assert "Source: DALEO [A], US-TAB [T], derived [D]" in said
    assert "gradatim watch --answer gap" in said
    assert "Take 5 mg now" not in said
    assert "Next: 5 mg" not in said
    assert away.states()["08:00"] == "held"
    assert away.data("today")["gap"]["hours"] == 66


def test_a_tap_in_the_gap_records_nothing(away: Diary) -> None:
    before = away.file.read_bytes()
    said = away.says("take", code=3)
    assert "Nothing was recorded" in said
    assert "The last dose on record is 66 hours old." in said
    assert "Do not go back to your full dose on your own" in said
    assert "gradatim watch --answer gap" in said
    assert away.file.read_bytes() == before


def test_what_the_prescriber_said_lifts_the_gap_and_stays_in_the_history(away: Diary) -> None:
    away.says("watch", "--answer", "gap", "--by", "Dr B. Name", "--said", "start again with 5 mg")
    said = away.says("today")
    assert "Dr B. Name said on" in said
    assert "Take 5 mg now" not in said
    assert "Dr B. Name said: start again with 5 mg. The plan has 5 mg." in away.says("take", code=3)
    assert "Recorded" in away.says("take", "--anyway")
    assert "gap dealt with by Dr B. Name: start again with 5 mg" in away.says("history")


def test_the_name_that_the_watch_shows_lifts_it_too(away: Diary) -> None:
    assert "[watch-gap]" in away.says("watch")
    away.says("watch", "--answer", "watch-gap", "--by", "Dr B. Name", "--said", "start again with 5 mg")
    assert away.last("watch-answered")["rule"] == "gap"
    assert away.states()["08:00"] == "due"


def test_who_was_asked_has_to_be_said(away: Diary) -> None:
    before = away.file.read_bytes()
    assert "--by: is missing" in away.says("watch", "--answer", "gap", "--said", "all right", code=2)
    assert "--said: is missing" in away.says("watch", "--answer", "gap", "--by", "Dr B. Name", code=2)
    assert away.file.read_bytes() == before
    assert away.states()["08:00"] == "held"


def test_no_answer_ahead_of_a_gap(mine: Diary) -> None:
    mine.at("2026-12-01 08:00").says("take")
    said = mine.says("watch", "--answer", "gap", "--by", "Dr B. Name", "--said", "whatever comes", code=2)
    assert "'gap' is not said by the watch now" in said


def test_an_answer_does_not_hold_for_the_next_gap(away: Diary) -> None:
    away.says("watch", "--answer", "gap", "--by", "Dr B. Name", "--said", "start again with 5 mg")
    away.says("take", "--anyway")
    assert away.at("2026-12-09 08:05").states()["08:00"] == "held"


def test_anyway_in_the_gap_keeps_that_it_was_passed_over(away: Diary) -> None:
    assert "Recorded" in away.says("take", "--anyway")
    assert away.last("dose-taken")["despite"] == ["guard-gap"]


def test_doses_of_the_gap_that_were_taken_and_not_written_down_close_it(away: Diary) -> None:
    away.says("take", "21:00", "--day", "yesterday", "--at", "21:05")
    assert away.states()["08:00"] == "due"


# --- the watch -------------------------------------------------------------------------------------------------------


def test_nothing_found_is_no_reassurance(mine: Diary) -> None:
    said = mine.at("2026-12-01 08:10").says("watch")
    assert "It cannot see what is not: if something feels wrong, act on that." in said


@pytest.mark.parametrize(
    ("sign", "text"),
    [
        ("seizure", "Call emergency services now"),
        ("cannot-be-woken", "Call emergency services now"),
        ("hives", "emergency services"),
        ("suicide-plan", "emergency services"),
    ],
)
def test_an_emergency_speaks_the_moment_it_is_written_down(mine: Diary, sign: str, text: str) -> None:
    mine.at("2026-12-01 09:00").says("take")
    said = mine.says("log", "symptom", sign)
    assert "▲ Emergency services now" in said
    assert f"[watch-sign-{sign}]" in said
    assert text in said
    assert "Source: " in said
    assert "Emergency" not in mine.says("log", "note", "a note"), "what was said before is not said at every entry"


def test_while_an_emergency_is_open_a_missed_dose_is_not_told_to_go_on_as_usual(mine: Diary) -> None:
    mine.at("2026-12-01 08:00").says("take")
    mine.at("2026-12-01 20:50")
    assert "Take the next one as usual" in mine.says("today")
    mine.says("log", "symptom", "seizure")
    assert "Take the next one as usual" not in mine.says("today")


def test_exit_code_3_until_the_emergency_is_dealt_with_and_it_never_rests(mine: Diary) -> None:
    mine.at("2026-12-01 08:00").says("take")
    mine.at("2026-12-01 09:00").says("log", "symptom", "seizure")
    assert "[watch-sign-seizure]" in mine.says("watch", code=3)
    said = mine.at("2026-12-01 09:30").says(
        "watch", "--answer", "watch-sign-seizure", "--said", "ambulance came", "--rest", "30"
    )
    assert "[watch-sign-seizure]" in said
    assert "Dealt with: Tue 1 Dec 09:30, person: ambulance came" in said
    for hour in ("10:00", "14:00"):
        assert "▲ Emergency services now [watch-sign-seizure]" in mine.at(f"2026-12-01 {hour}").says("watch")
    (one,) = [one for one in mine.data("watch") if one["rule"] == "watch-sign-seizure"]
    assert (one["level"], one["rests"], one["answer"]["said"]) == ("E", False, "ambulance came")
    mine.at("2026-12-01 14:30").says("log", "symptom", "seizure")
    assert "[watch-sign-seizure]" in mine.says("watch", code=3), "a new one is not covered by the old answer"


def test_level_today_rests_a_day_at_most(away: Diary) -> None:
    away.says("log", "symptom", "withdrawal-early", "--note", "spasms all night")
    said = away.says("watch", "--answer", "watch-withdrawal-early", "--said", "rang the practice", "--rest", "20")
    assert "Rests until Tue 8 Dec 08:10 [watch-withdrawal-early] Mon 7 Dec 08:10, person: rang the practice" in said
    assert "◆ Prescriber or pharmacist today [watch-withdrawal-early]" not in said
    assert "◆ Prescriber or pharmacist today [watch-withdrawal-early]" in away.at("2026-12-08 08:11").says("watch")


def test_level_next_visit_rests_as_long_as_said_and_a_month_at_most(demo: Diary) -> None:
    assert "[watch-kidneys-recheck]" in demo.says("watch")
    demo.says("watch", "--answer", "watch-kidneys-recheck", "--said", "test is booked", "--rest", "3")
    assert "· At the next visit [watch-kidneys-recheck]" not in demo.says("watch")
    assert demo.data("watch")[-1]["rests_until"] == "2026-11-28T00:00:00Z"
    assert "· At the next visit [watch-kidneys-recheck]" in demo.at("2026-11-28 00:01").says("watch")


def test_an_answer_needs_a_rule_that_is_said_now(mine: Diary) -> None:
    mine.at("2026-12-01 09:00")
    said = mine.says("watch", "--answer", "watch-fall", "--said", "it was nothing", code=2)
    assert "'watch-fall' is not said by the watch now" in said
    assert "It says: nothing" in said
    assert "--answer: is missing" in mine.says("watch", "--said", "rang the practice", code=2)


def test_the_watch_as_data_names_rule_level_data_and_source(mine: Diary) -> None:
    mine.at("2026-12-01 09:00").says("log", "symptom", "seizure")
    (one,) = mine.data("watch", code=3)
    (entry,) = [row["id"] for row in mine.data("history", "--kind", "symptom")]
    assert one["rule"] == "watch-sign-seizure"
    assert one["level"] == "E"
    assert one["data"] == [entry]
    assert one["source"]
    assert one["act"]


def test_another_medicine_is_set_beside_baclofen_at_once(mine: Diary) -> None:
    mine.at("2026-12-01 09:00").says("take")
    said = mine.says("log", "medicine", "oxycodone", "--started")
    assert "oxycodone: begun" in said
    assert "[watch-interaction-" in said
    assert "nothing was checked" in mine.says("log", "medicine", "zzzymab", "--started")
    assert "exclude one another" in mine.says("log", "medicine", "x", "--started", "--stopped", code=2)


def test_words_that_are_not_known_are_kept_and_not_judged(mine: Diary) -> None:
    said = mine.at("2026-12-01 09:00").says("log", "symptom", "seizzure")
    assert 'If you mean "A seizure (fit)": Call emergency services now.' in said
    assert "The watch does not know these words and has not judged them" in said
    assert "Noticed: seizzure" in said
