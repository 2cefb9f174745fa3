"""The doses of the day as a person records them: due, taken, a second tap, late, missed, early, other than planned."""

from __future__ import annotations

import pytest

from gradatim.cli.keep import Keeper
from gradatim.domain.clock import Instant
from gradatim.domain.entry import Entry, What
from tests.cli.conftest import Diary

FIRST = "2026-12-01"  # a Tuesday: 5 mg, half a tablet of 10 mg, at 08:00, 14:00 and 21:00


# --- a day without trouble -------------------------------------------------------------------------------------------


def test_before_the_first_day_nothing_is_due_and_nothing_can_be_taken(mine: Diary) -> None:
    assert "Your plan begins on Tue 1 Dec 2026." in mine.says("today")
    assert "no dose is due now" in mine.says("take", code=2)
    mine.at(f"{FIRST} 06:00")
    assert mine.states() == {"08:00": "early", "14:00": "early", "21:00": "early"}
    assert "Nothing is due now." in mine.says("today")


def test_a_day_from_the_first_dose_to_the_last(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:02")
    said = mine.says("today")
    assert "Take 5 mg now: ½ tablet of 10 mg." in said
    assert "It can be taken until 12:00." in said
    assert "Recorded: Tue 1 Dec 08:02 5 mg taken: ½ tablet of 10 mg (the dose of 08:00 on Tue 1 Dec)" in mine.says(
        "take"
    )
    mine.at(f"{FIRST} 14:05")
    assert mine.states() == {"08:00": "taken", "14:00": "due", "21:00": "early"}
    assert "Next: 5 mg at 21:00, ½ tablet of 10 mg." in mine.says("take")
    mine.at(f"{FIRST} 21:10")
    assert "Next: 5 mg tomorrow at 08:00" in mine.says("take")
    assert set(mine.states().values()) == {"taken"}
    assert mine.kinds().count("dose-taken") == 3


def test_a_second_tap_says_when_and_adds_nothing(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:02").says("take")
    before = mine.file.read_bytes()
    for minute in ("08:02", "08:03", "08:30"):
        said = mine.at(f"{FIRST} {minute}").says("take")
        assert "The 08:00 dose is already recorded: taken Tue 1 Dec 08:02. Nothing was added." in said
    assert "already recorded: taken Tue 1 Dec 08:02" in mine.at(f"{FIRST} 13:00").says("take", "08:00")
    assert mine.file.read_bytes() == before


def test_the_day_as_data(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:02").says("take")
    mine.at(f"{FIRST} 14:00")
    data = mine.data("today")
    assert (data["schema"], data["date"], data["zone"]) == ("gradatim/day/1", FIRST, "Europe/London")
    assert data["due"].endswith(f":{FIRST}:s2")
    assert data["next"]["time"] == "21:00"
    assert data["last_taken"] == "2026-12-01T08:02:00Z"
    assert data["missed_dose_rule"]["source"]
    assert [dose["mg"] for dose in data["doses"]] == [5, 5, 5]


def test_two_taps_in_two_windows_at_once_are_not_two_doses(mine: Diary) -> None:
    """The other tap is stored after this one has looked at the journal and before it writes."""
    mine.at(f"{FIRST} 08:02")
    really = Keeper.write

    def late(found: Keeper, *what: What, at: Instant | None = None) -> list[Entry]:
        mine.patch.setattr(Keeper, "write", really)
        assert "Recorded" in mine.says("take")
        return really(found, *what, at=at)

    mine.patch.setattr(Keeper, "write", late)
    assert "something was written to it this moment" in mine.says("take", code=2)
    assert mine.kinds().count("dose-taken") == 1


# --- which dose is meant ---------------------------------------------------------------------------------------------


def test_a_late_morning_dose_does_not_consume_the_next(mine: Diary) -> None:
    said = mine.at(f"{FIRST} 11:40").says("take")
    assert "the dose of 08:00" in said
    mine.at(f"{FIRST} 14:00")
    assert mine.states() == {"08:00": "taken", "14:00": "due", "21:00": "early"}
    assert "the dose of 14:00" in mine.says("take")
    assert "taken late, 11:40" in mine.says("today")


def test_with_nothing_due_a_tap_takes_no_neighbour_and_lists_the_day(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:00").says("take")
    said = mine.at(f"{FIRST} 11:00").says("take", code=2)
    assert "no dose is due now" in said
    assert "08:00 taken, 14:00 to come, 21:00 to come" in said
    assert mine.kinds().count("dose-taken") == 1


def test_a_dose_is_named_by_its_time_and_no_other_is_taken_for_it(mine: Diary) -> None:
    mine.at(f"{FIRST} 14:30")
    assert "the dose of 08:00" in mine.says("take", "8:00", "--at", "8:10")
    said = mine.says("take", "09:00", code=2)
    assert "'09:00' is no dose of 2026-12-01" in said
    assert "08:00 taken, 14:00 due, 21:00 to come" in said
    assert mine.states()["14:00"] == "due"


def test_the_evening_dose_after_midnight_is_that_of_yesterday(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:00").says("take")
    mine.at(f"{FIRST} 14:00").says("take")
    mine.at("2026-12-02 00:30")
    assert "21:00 yesterday" in mine.says("today")
    assert "(the dose of 21:00 on Tue 1 Dec)" in mine.says("take")
    mine.at("2026-12-02 08:00")
    assert mine.states() == {"08:00": "due", "14:00": "early", "21:00": "early"}


def test_last_night_is_written_down_in_the_morning_with_its_own_time(mine: Diary) -> None:
    mine.at(f"{FIRST} 14:00").says("take")
    said = mine.at("2026-12-02 09:00").says("take", "21:00", "--day", "yesterday", "--at", "23:40")
    assert "Tue 1 Dec 23:40 5 mg taken" in said
    assert "(the dose of 21:00 on Tue 1 Dec)" in said
    assert "written down Wed 09:00" in mine.says("history")
    assert mine.states()["08:00"] == "due"


def test_another_day_can_be_filled_in_a_month_back_and_not_ahead(mine: Diary) -> None:
    mine.at("2026-12-10 12:00")
    assert "Sat 5 Dec 14:10" in mine.says("take", "14:00", "--day", "2026-12-05", "--at", "14:10")
    for wrong in ("2026-12-11", "2026-11-01"):
        assert "is not one of the last 30 days" in mine.says("take", "14:00", "--day", wrong, code=2)
    assert "has not come yet" in mine.says("take", "14:00", "--at", "14:30", code=2)
    assert "not a time of day" in mine.says("take", "14:00", "--at", "25:00", code=2)
    assert "That day has: no dose" in mine.says("take", "14:00", "--day", "2026-11-30", code=2)


def test_two_doses_are_never_due_at_once(mine: Diary) -> None:
    for hour in range(24):
        mine.at(f"2026-12-02 {hour:02}:00")
        states = [one["state"] for one in mine.data("today")["doses"]]
        assert sum(state in ("due", "late") for state in states) <= 1


def test_a_missed_dose_is_said_once_without_blame_and_never_doubled(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:00").says("take")
    said = mine.at(f"{FIRST} 20:30").says("today")
    assert "not recorded" in said
    assert "Take the next one as usual. Do not double it." in said
    mine.at(f"{FIRST} 21:05")
    assert "the dose of 21:00" in mine.says("take")


# --- what is asked before a dose is recorded -------------------------------------------------------------------------


def test_a_dose_too_early_is_stopped_first_and_nothing_is_written(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:00").says("take")
    before = mine.file.read_bytes()
    said = mine.at(f"{FIRST} 10:00").says("take", "14:00", code=3)
    assert "Nothing was recorded" in said
    assert "The last dose was 2 h ago; the plan has at least 6 h between doses" in said
    assert "--anyway" in said
    assert mine.file.read_bytes() == before


def test_anyway_records_it_and_keeps_what_was_passed_over(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:00").says("take")
    mine.at(f"{FIRST} 10:00").says("take", "14:00", "--anyway", "--reason", "the nurse said so")
    kept = mine.last("dose-taken")
    assert kept["despite"] == ["guard-early"]
    assert kept["reason"] == "the nurse said so"
    assert mine.states()["14:00"] == "taken"
    assert "taken early" in mine.says("today")


def test_too_late_for_a_dose_is_said_with_its_source_unless_it_has_happened(mine: Diary) -> None:
    said = mine.at(f"{FIRST} 13:00").says("take", "08:00", code=3)
    assert "It is too late for the" in said
    assert "NHS" in said
    assert "Recorded" in mine.says("take", "08:00", "--at", "08:10")
    assert "despite" not in mine.last("dose-taken")


@pytest.mark.parametrize(("amount", "words"), [("10mg", "1 tablet of 10 mg"), ("2.5mg", "¼ tablet")])
def test_another_amount_than_planned_is_asked_about(mine: Diary, amount: str, words: str) -> None:
    mine.at(f"{FIRST} 08:00")
    done = mine("take", "--amount", amount)
    if words == "¼ tablet":  # the pack is not to be quartered
        assert done.code == 2
        assert "2.5 mg cannot be made" in done.err
        return
    assert done.code == 3
    assert "the plan has 5 mg" in " ".join(done.err.split())
    assert words in mine.says("take", "--amount", amount, "--anyway")
    assert mine.last("dose-taken")["despite"] == ["guard-more"]
    assert "taken 08:00: 10 mg, not the 5 mg of the plan" in mine.says("today")


def test_less_than_planned_says_so(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:00")
    assert "This is 2.5 mg; the plan has 5 mg." in mine.says("take", "--of", "uk/10=0.25", code=3)
    assert "¼ tablet of 10 mg" in mine.says("take", "--of", "uk/10=0.25", "--anyway")


def test_what_was_really_taken_is_kept_as_it_was(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:00")
    assert "5 mg taken: 5 mL of 1 mg/mL" in mine.says("take", "--of", "uk/solution-1=5mL")
    assert mine.last("dose-taken")["units"][0]["product"] == "uk/solution-1"


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (("--of", "uk/10"), "gives no number"),
        (("--of", "uk/10=0.33"), "Count in whole, half or quarter tablets"),
        (("--of", "uk/10=-1"), "negative"),
        (("--of", "uk/10=0"), "neither tablets nor a volume"),
        (("--of", "uk/99=1"), "is not a known product"),
        (("--of", "uk/10=1", "--amount", "10mg"), "say the same thing twice"),
        (("--amount", "5"), "has no unit"),
        (("--amount", "5mcg"), "micrograms"),
        (("--amount", "0mg"), "0 mg"),
        (("--amount", "3mg"), "cannot be made"),
        (("--extra",), "needs to know how much"),
    ],
)
def test_an_amount_that_cannot_be_is_refused_with_the_remedy(mine: Diary, flags: tuple[str, ...], says: str) -> None:
    mine.at(f"{FIRST} 08:00")
    before = mine.file.read_bytes()
    said = mine.says("take", *flags, code=2)
    assert says in said
    assert "nothing was written" in said
    assert mine.file.read_bytes() == before


def test_an_extra_dose_is_asked_about_then_kept_beside_the_plan(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:00").says("take")
    mine.at(f"{FIRST} 10:00")
    assert "An extra 10 mg beside the plan." in mine.says("take", "--extra", "--amount", "10mg", code=3)
    assert mine.kinds().count("extra-dose") == 0
    said = mine.says("take", "--extra", "--amount", "10mg", "--anyway")
    assert "10 mg taken beside the plan: 1 tablet of 10 mg" in said
    assert mine.last("extra-dose")["despite"] == ["guard-extra"]
    shown = mine.says("today")
    assert "10 mg beside the plan" in shown
    mine.at(f"{FIRST} 14:00")
    assert mine.states()["14:00"] == "due"


def test_an_extra_dose_makes_the_watch_speak_at_once(mine: Diary) -> None:
    mine.at(f"{FIRST} 09:00")
    said = mine.says("take", "--extra", "--amount", "20mg", "--anyway")
    assert "watch-extra-dose" in said


def test_nobody_is_sure_and_it_is_not_offered_again(mine: Diary) -> None:
    mine.at(f"{FIRST} 09:00")
    assert "Not sure about the dose of 08:00" in mine.says("unsure")
    assert mine.states()["08:00"] == "unsure"
    assert "Nothing is due now." in mine.says("today")
    said = mine.says("take", "08:00", code=3)
    assert "Taking it again could be a double dose" in said
    assert "already recorded as not sure" in mine.says("unsure", "08:00")


def test_nobody_is_unsure_about_a_dose_to_come(mine: Diary) -> None:
    """A slip of the hour would otherwise take the evening dose away."""
    mine.at(f"{FIRST} 09:00")
    assert "the dose of 21:00 is still to come" in mine.says("unsure", "21:00", code=2)
    assert mine.states()["21:00"] == "early"


def test_a_dose_left_out_on_purpose_keeps_its_reason(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:00")
    assert "left out: felt sick" in mine.says("skip", "--reason", "felt sick")
    assert "left out: felt sick" in mine.says("today")
    assert "already recorded as left out. Nothing was added." in mine.says("skip", "08:00")
    assert "is recorded as left out" in mine.says("take", "08:00", code=3)
    mine.says("take", "08:00", "--anyway")
    assert mine.states()["08:00"] == "taken"
    assert "already recorded: taken" in mine.says("skip", "08:00")
