"""What a hostile reading of the record found: dangerous or untrue things that it said, each as a test that it does not say them."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from tests.journals import BACLOFEN, DAY, LEAFLET, Book, D, at, begun, dose, mg, offered, scheme, shown

from gradatim.cli import main
from gradatim.domain.clock import Instant
from gradatim.domain.entry import (
    ExtraDose,
    Measured,
    OtherTaken,
    PersonDescribed,
    SymptomNoted,
    WatchAnswered,
    What,
)
from gradatim.domain.fault import BadInput
from gradatim.domain.knowledge import Level
from gradatim.domain.person import Age, Filtration
from gradatim.domain.plan import slots_at
from gradatim.domain.taking import Guarded, extra, meant, take, units_for
from gradatim.domain.today import DoseState
from gradatim.domain.watch import watch
from gradatim.report.card import hospital_card
from gradatim.report.clinician import gather
from gradatim.report.clinician_html import to_html

STEADY = scheme(20, reviews=False)
KNOWN: dict[str, Any] = {"age": Age.parse("45"), "egfr": Filtration.parse("95")}


def levels(book: Book, now: Instant) -> dict[str, Level | None]:
    return {one.rule: one.level for one in watch(book.record(now), BACLOFEN, LEAFLET, now)}


def taking(book: Book, now: Instant, said: str | None = None, **how: Any) -> object:
    record = book.record(now)
    return take(record, BACLOFEN, LEAFLET, now, meant(record, BACLOFEN, LEAFLET, now, said, None), **how)


def four_days(**facts: Any) -> Book:
    book = begun(STEADY, **(KNOWN | facts))
    book.take_all(D, D + 3 * DAY)
    return book


def away() -> Book:
    """The last dose in the morning of the first day; nothing since."""
    book = begun(STEADY, **KNOWN)
    book.take(dose(1), at("08:00"), amount=20)
    return book


def asked(book: Book, when: Instant, said: str = "start again with 5 mg three times a day") -> None:
    book.write(WatchAnswered(rule="gap", by="Dr B. Name", said=said), when)


# --- after a gap ------------------------------------------------------------------------------------------------------


def test_what_the_prescriber_said_after_a_gap_goes_before_the_plan() -> None:
    """ "Start again with 5 mg" was followed by "Take 20 mg now"."""
    book = away()
    asked(book, at("+3 10:00"))
    seen = book.today(at("+3 10:01"))
    assert seen.told is not None
    assert seen.told.what.said == "start again with 5 mg three times a day"
    book.take(dose(1, D + 3 * DAY), at("+3 10:05"), amount=5)
    assert book.today(at("+3 14:00")).told is not None, "with the next dose too"
    book.approve(scheme(5, version=2, start=D + 3 * DAY, reviews=False), at("+3 15:00"))
    assert book.today(at("+3 21:00")).told is None, "until a plan says it"


def test_an_answer_does_not_lift_a_gap_for_ever() -> None:
    """Six days after the answer, eight without a dose, the full dose was offered and the watch said nothing."""
    book = away()
    asked(book, at("+3 10:00"))
    assert book.gap(at("+4 09:59")) is None
    assert book.gap(at("+4 10:01")) is not None
    assert not offered(book.today(at("+9 10:00")))
    assert levels(book, at("+9 10:00"))["watch-gap"] is Level.TODAY


def test_a_gap_that_ends_unasked_is_told() -> None:
    """The full dose after four days without, written down an hour later: no question, and nothing from the watch."""
    book = away()
    book.take(dose(1, D + 4 * DAY), at("+4 08:05"), at("+4 09:00"), amount=20)
    assert levels(book, at("+4 09:00"))["watch-gap-ended"] is Level.TODAY
    asked(book, at("+4 08:00"))
    assert "watch-gap-ended" not in levels(book, at("+4 09:00")), "somebody was asked before"


def test_a_little_beside_the_plan_is_no_way_back_to_the_full_dose() -> None:
    """5 mg "beside the plan" after four days without ended the gap without a question: the full dose was due."""
    book = away()
    book.write(ExtraDose(amount=mg(5)), at("+4 06:30"), at("+4 07:00"))
    book.write(ExtraDose(amount=mg(5)), at("+4 07:30"), at("+4 07:50"))
    assert not offered(book.today(at("+4 08:00")))
    gap = book.gap(at("+4 08:00"))
    assert gap is not None
    assert gap.since == at("08:00")


def test_an_extra_dose_in_a_gap_shows_the_gap_first() -> None:
    book = away()
    now = at("+4 08:00")
    units = units_for(mg(5), STEADY, BACLOFEN)
    guarded = extra(LEAFLET, now, mg(5), units, gap=book.gap(now))
    assert isinstance(guarded, Guarded)
    assert [one.rule for one in guarded.findings] == ["guard-gap", "guard-extra"]


# --- two doses at once ------------------------------------------------------------------------------------------------


def test_a_dose_is_not_offered_right_after_another() -> None:
    """The evening dose was taken early at 18:40; in the same minute the one of 14:00 "may still be taken"."""
    book = begun(STEADY)
    book.take(dose(1), at("08:00"), amount=20)
    book.take(dose(3), at("18:40"), amount=20)
    seen = book.today(at("18:40"))
    assert seen.wait == at("20:40")
    book.write(ExtraDose(amount=mg(20)), at("+1 07:30"))
    assert book.today(at("+1 08:00")).wait is not None, "nor after one beside the plan"
    assert book.today(at("+1 09:30")).wait is None


def test_doses_planned_close_together_are_guarded_too() -> None:
    """Where the plan has less than two hours between doses, nothing was too close."""
    book = begun(scheme(10, times=("08:00", "09:30", "20:00"), reviews=False))
    book.take(dose(1), at("09:29"))
    said = taking(book, at("09:30"), "09:30")
    assert isinstance(said, Guarded)
    assert "guard-close" in [one.rule for one in said.findings]


def test_more_doses_a_day_begin_tomorrow() -> None:
    """Three doses were taken; a plan of four, written down at 21:10, asked for its fourth at 22:00."""
    book = begun(scheme(10, reviews=False))
    for slot, hour in ((1, "08:00"), (2, "14:00"), (3, "21:00")):
        book.take(dose(slot), at(hour))
    book.approve(scheme(10, times=("08:00", "13:00", "18:00", "22:00"), version=2, reviews=False), at("21:10"))
    assert not offered(book.today(at("22:00")))
    assert book.totals(D, D + DAY) == [30, 40]


def test_fewer_doses_a_day_begin_tomorrow() -> None:
    """The morning dose was taken for the one at bedtime, which bore its name: 37 hours without any, and no gap."""
    book = begun(scheme(10, reviews=False))
    book.take(dose(1), at("08:00"))
    book.approve(scheme(30, times=("21:00",), version=2, reviews=False), at("09:00"))
    assert shown(book.today(at("21:00"))) == {
        "12-01 s1": DoseState.TAKEN, "12-01 s2": DoseState.MISSED, "12-01 s3": DoseState.DUE
    }  # fmt: skip


def test_the_same_doses_at_other_times_may_still_begin_today() -> None:
    book = begun(scheme(10, reviews=False))
    later = replace(
        STEADY, version=2, slots=slots_at((time(10), time(15), time(22))), items=scheme(10, reviews=False).items
    )
    book.approve(later, at("07:00"))
    assert [one.at.hour for one in book.planned(D, D)] == [10, 15, 22]


# --- times that cannot be ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("when", [Instant(0), at("-5 08:00"), at("-2 23:00")])
def test_a_dose_of_today_was_not_taken_years_ago(when: Instant) -> None:
    """ "--at 2020-01-01" was written down as "taken early, 01:00" and the dose was done."""
    book = begun(STEADY)
    with pytest.raises(BadInput, match="is far from"):
        taking(book, at("08:10"), "08:00", at=when)
    assert not isinstance(taking(book, at("08:40"), "08:00", at=at("08:00")), Guarded)


# --- the watch --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (Measured(egfr=Filtration.parse("20")), True),
        (Measured(egfr=Filtration.parse("45")), True),
        (Measured(egfr=Filtration.parse("80")), False),
    ],
)
def test_kidneys_that_became_weak_under_the_plan_are_not_passed_over(what: What, told: bool) -> None:
    """60 mg a day, and a laboratory value of 20 typed in: the watch found nothing."""
    book = four_days()
    book.write(what, at("+4 07:00"))
    assert (levels(book, at("+4 07:30")).get("watch-kidneys-low") is Level.TODAY) is told
    if told:
        book.approve(replace(STEADY, version=2, start=D + 4 * DAY), at("+4 12:00"))
        assert "watch-kidneys-low" not in levels(book, at("+4 12:30")), "a plan that was approved knowing it"


def test_dialysis_that_begins_under_the_plan_is_not_passed_over() -> None:
    book = four_days()
    book.describe(at("+4 07:00"), dialysis=True, **KNOWN)
    assert isinstance(book.entries[-1].what, PersonDescribed)
    assert levels(book, at("+4 07:30"))["watch-kidneys-low"] is Level.TODAY


def test_three_doses_within_an_hour_and_a_sign_are_an_emergency() -> None:
    """It was "prescriber today": no dose was more than planned, and so nothing was too much."""
    book = begun(STEADY, **KNOWN)
    for slot, hour in ((1, "20:00"), (2, "20:10"), (3, "21:00")):
        book.take(dose(slot), at(hour), amount=20)
    assert levels(book, at("22:00"))["watch-doses-together"] is Level.TODAY
    book.write(SymptomNoted(sign="drowsiness"), at("22:00"))
    assert levels(book, at("22:10"))["watch-overdose-signs"] is Level.EMERGENCY


@pytest.mark.parametrize("beside", ["morphine", "alcohol"])
def test_sleepiness_beside_an_opioid_is_not_for_the_next_visit(beside: str) -> None:
    """After a rise it was graded as mild, whatever slowed breathing beside it."""
    book = begun(scheme(10, 20, days=3, reviews=False), **KNOWN)
    book.take_all(D, D + 3 * DAY)
    book.write(OtherTaken(name=beside), at("+4 07:00"))
    book.write(SymptomNoted(sign="drowsiness"), at("+4 07:10"))
    assert levels(book, at("+4 07:30"))["watch-sleepy-unexplained"] is Level.TODAY


# --- paper ------------------------------------------------------------------------------------------------------------


def test_the_card_of_somebody_who_came_off_does_not_say_the_last_dose_for_ever() -> None:
    """Four days after the last 5 mg it said "5 mg a day on the last 3 whole days"."""
    book = begun(scheme((5,), (0,), times=("08:00",), days=5, reviews=False))
    book.take_all(D, D + 4 * DAY)
    off = D + 13 * DAY
    now = at("09:00", off)
    card = hospital_card(book.record(now), BACLOFEN, LEAFLET, now)
    assert "0 mg a day" in card.really
    assert "5 mg" not in card.really
    assert not card.really_note


def test_the_report_does_not_deny_a_change_of_dose_without_check_ins() -> None:
    """From 10 to 20 mg, and no scale to compare: "No change of dose in the record"."""
    book = begun(scheme(10, 20, days=3, reviews=False), **KNOWN)
    book.take_all(D, D + 5 * DAY)
    now = at("+6 07:00")
    page = to_html(gather(book.record(now), BACLOFEN, LEAFLET, now))
    assert "No change of dose in the record" not in page
    assert "The dose was changed, and no check-in is recorded to compare." in page


# --- the command line -------------------------------------------------------------------------------------------------

ORDER = """
[person]
called = "{name}"
age = 45
sex = "female"
weight = "62 kg"
creatinine = "70 umol/L"
locale = "GB"
zone = "Europe/London"

[prescription]
protocol = "scotland-weekly"
start = 2026-12-01
times = ["08:00", "14:00", "21:00"]
products = ["uk/10"]
target = "45 mg"
"""


class Terminal:
    """``run("take")``: exit code and what was printed; ``clock("+1 08:00")`` is what time it is."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self.folder, self.patch, self.capture = folder, patch, capture
        patch.setenv("XDG_DATA_HOME", str(folder))
        patch.setenv("GRADATIM_JOURNAL", str(folder / "journal.jsonl"))
        self.clock("07:00")

    def clock(self, text: str) -> None:
        self.patch.setenv("SOURCE_DATE_EPOCH", str(at(text).seconds))

    def run(self, *arguments: object) -> tuple[int, str]:
        self.patch.setattr(sys, "argv", ["gradatim", *map(str, arguments)])
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        printed = self.capture.readouterr()
        assert isinstance(code, int)
        return code, " ".join((printed.out + printed.err).split())

    def plan_of(self, name: str) -> Path:
        order, plan = self.folder / f"{name}.toml", self.folder / f"{name}.json"
        order.write_text(ORDER.format(name=name))
        assert self.run("plan", order, "--out", plan)[0] == 0
        assert self.run("approve", plan, "--by", "Dr B. Name")[0] == 0
        return plan


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    made = Terminal(tmp_path, monkeypatch, capsys)
    assert made.run("follow", made.plan_of("A. Name"))[0] == 0
    return made


def test_the_plan_of_somebody_else_is_not_followed(terminal: Terminal) -> None:
    """It was: person and doses of the journal became somebody else's, without a word."""
    code, said = terminal.run("follow", terminal.plan_of("C. Other"))
    assert code == 2
    assert "is the plan of C. Other, and this journal is of A. Name" in said


def test_today_shows_what_was_said_and_not_the_full_dose(terminal: Terminal) -> None:
    terminal.clock("08:00")
    terminal.run("take")
    terminal.clock("+3 08:10")
    terminal.run("watch", "--answer", "gap", "--by", "Dr B. Name", "--said", "start again with 2.5 mg")
    said = terminal.run("today")[1]
    assert "Dr B. Name said on Fri 4 Dec 08:10: start again with 2.5 mg" in said
    assert "Take 5 mg now" not in said
    assert "Next: 5 mg" not in said


def test_undo_does_not_guess_while_a_clock_is_wrong(terminal: Terminal) -> None:
    """With the clock a year back, undo took back the dose of the morning in place of what had just been written."""
    terminal.clock("08:00")
    terminal.run("take")
    terminal.clock("-365 08:00")
    terminal.run("log", "note", "a wrong clock")
    code, said = terminal.run("undo")
    assert code == 2
    assert "stamped later than this moment" in said


def test_a_dose_is_not_corrected_to_another_week(terminal: Terminal) -> None:
    terminal.clock("08:00")
    id = terminal.run("take")[1].split("[")[1].split("]")[0]
    code, said = terminal.run("correct", id, "--day", "2026-11-01", "--at", "08:00", "--why", "a slip")
    assert code == 2
    assert "is far from 2026-12-01" in said


def test_a_plan_of_another_name_that_does_not_know_the_doses_says_how_far_it_jumps(terminal: Terminal) -> None:
    """From 50 to 15 mg a day overnight, by a plan made as if nothing had been taken: not a word."""
    order, plan = terminal.folder / "other.toml", terminal.folder / "other.json"
    order.write_text(
        ORDER.format(name="A. Name")
        .replace("2026-12-01", "2026-12-02")
        .replace("14:00", "13:00")
        .replace("scotland-weekly", "us-label")
    )
    for command in (("plan", order, "--out", plan), ("approve", plan, "--by", "Dr B. Name")):
        assert terminal.run(*command)[0] == 0
    terminal.clock("+10 07:00")
    terminal.run("answer", "--by", "A. Name", "--go-on")
    terminal.clock("+13 21:30")
    assert terminal.run("follow", plan)[0] == 2, "not without a word that it comes in place of the other"
    code, said = terminal.run("follow", plan, "--instead")
    assert code == 0
    assert "This plan was not checked against that step" in said
