"""The levels of a record, past and ahead: what is drawn for the app and the page for the clinician, what is said, and when nothing is."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gradatim.cli.look import opened
from gradatim.domain.approval import Approval, Role
from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.entry import ExtraDose
from gradatim.domain.fold import fold
from gradatim.domain.person import Age, Sex, Weight
from gradatim.domain.plan import Review, State
from gradatim.domain.record import Record
from gradatim.journal.demo import demo_entries
from gradatim.monographs import leaflet, monograph
from gradatim.report.clinician import gather
from gradatim.report.clinician_html import to_html
from gradatim.report.levels import LevelFigure, level_figure, windows
from gradatim.report.levels.arm import held, taken
from gradatim.report.levels.of_record import ENDS, MOST_DAYS, NoLevel, levels_ahead, past_levels
from gradatim.report.levels.schema import levels_schema
from gradatim.report.levels.shown import shown
from gradatim.report.levels.table import curve_rows, data, day_rows
from tests.journals import BACLOFEN, LEAFLET, Book, at, begun, scheme

RECORD = fold(demo_entries(monograph()))
NOW = Instant.parse("2026-11-25T12:00:00Z")
TAPER = opened(Path(__file__).parents[2] / "examples" / "taper-after-3-months.toml")
GROWN: dict[str, Any] = {"age": Age(46 * 12), "sex": Sex.FEMALE, "weight": Weight(64_000)}
D = date(2026, 12, 1)


def past(days: int = 14, record: Record = RECORD) -> LevelFigure:
    found = past_levels(record, monograph(), leaflet(), NOW, days=days)
    assert isinstance(found, LevelFigure)
    return found


def figure(found: LevelFigure | NoLevel) -> dict[str, Any]:
    made = shown(found)
    assert made["why_not"] is None
    whole: dict[str, Any] = json.loads(json.dumps(made["figure"]))
    return whole


# --- the past -----------------------------------------------------------------------------------------------------------


def test_they_are_the_levels_of_the_command_line() -> None:
    """The same arms, the same people, the same numbers; only the plan goes without a band."""
    made = past(7)
    arm = taken("what was taken", RECORD, monograph(), leaflet(), NOW, days=7)
    whole = level_figure(
        [held("the plan", arm, RECORD, monograph()), arm], made.who, percents=ENDS, people=made.people, seed=made.seed
    )
    assert made.panels[0].levels.levels == whole.panels[0].levels.levels
    assert made.panels[1].levels == whole.panels[1].levels
    assert made.panels[0].levels.spreads == ()
    assert past(7) == made


def test_a_curve_of_few_days_and_columns_of_many() -> None:
    few = figure(past(14))
    own, plan = few["taken"], few["plan"]
    curve = own["curve"]
    assert not few["by_day"]
    assert {len(curve[name]) for name in ("places", "levels", "low", "high", "at_most", "sure")} == {
        len(curve["places"])
    }
    assert curve["places"] == sorted(curve["places"])
    assert (curve["places"][0], few["first"], few["last"]) == (0, "2026-11-11", "2026-11-25")
    assert curve["places"][-1] == 14.5, "until now, at noon"
    assert plan["curve"]["low"] is None
    assert max(curve["high"]) <= few["top"]
    many = figure(past(MOST_DAYS))
    assert many["by_day"]
    assert many["taken"]["curve"] is None
    assert [one["day"] for one in many["taken"]["days"]] == [
        (date(2026, 10, 28) + timedelta(days=k)).isoformat() for k in range(28)
    ]
    for one in many["taken"]["days"]:
        assert one["low"] <= one["lowest"] <= one["average"] <= one["highest"]
        assert one["lowest"] <= one["high"]
    assert figure(past(400)) == many, "no more days than can be waited for"


def test_where_a_dose_is_not_recorded_both_levels_are_told() -> None:
    made = figure(past(14))
    curve = made["taken"]["curve"]
    assert made["key"]["not_recorded"]
    assert made["key"]["at_most"]
    (ring,) = made["taken"]["not_recorded"]
    unsure = [place for place, sure in zip(curve["places"], curve["sure"], strict=True) if not sure]
    assert unsure
    assert ring <= min(unsure) < ring + 0.1, "it begins with that dose"
    both = zip(curve["levels"], curve["at_most"], curve["sure"], strict=True)
    assert all(more >= less and (sure or more > less) for less, more, sure in both)
    assert any("not recorded" in one for one in made["notes"])
    assert any(not one["sure"] and one["at_most"] > one["average"] for one in figure(past(28))["taken"]["days"])


def test_what_is_said_of_it() -> None:
    made = figure(past(14))
    assert "Nobody measured them" in made["not_measured"]
    assert "Change no dose because of it" in made["no_effect"]
    assert made["whose"][0] == "Kidneys: 90 mL/min, by Cockcroft-Gault, actual weight."
    assert made["whose"][1].startswith("Your 40 mg a day give you the same average level as 44 mg a day give somebody")
    assert made["whose"][1].endswith("derived [D].")
    assert made["compared"] == [], "a dose is not recorded: what is not known is not called lower"
    (said,) = figure(past(3))["compared"]
    assert said.startswith("What was taken, beside the plan: the average level is ")
    assert made["windows"].startswith("By the plan, on Tue 24 Nov 2026 the level is above your own middle level ")
    assert "no source tells" in made["windows"]
    assert any("200 made-up people" in one for one in made["model"])
    heading, *body = made["table"]
    assert all(heading)
    assert {len(row) for row in body} == {len(heading)}
    assert "what was taken" in made["described"]


def test_a_window_of_a_day_is_that_of_a_usual_day() -> None:
    """On a day of 25 hours, hours since midnight are not those of the clock."""
    after = Instant.parse("2026-10-26T12:00:00Z")
    found = past_levels(fold(demo_entries(monograph()), after), monograph(), leaflet(), after, days=3)
    assert isinstance(found, LevelFigure)
    assert [day.hours for day in found.panels[0].levels.days] == [24, 24, 25]
    assert windows(found.panels[0], found.who).startswith("On Sat 24 Oct 2026")


# --- ahead --------------------------------------------------------------------------------------------------------------


def test_ahead_goes_on_behind_reviews_that_lie_ahead_and_says_so() -> None:
    book = begun(scheme(5, 10, 15), **GROWN)
    made = figure(levels_ahead(book.record(), BACLOFEN, at("09:00", D + timedelta(days=1)), days=21))
    assert [(one["first"], one["mg"]) for one in made["treads"]] == [
        ("2026-12-02", 15), ("2026-12-08", 30), ("2026-12-15", 45),
    ]  # fmt: skip
    assert made["taken"] is None
    assert (
        "The plan asks for a review in these days. It is drawn as if each is answered in time with: go on."
        in made["notes"]
    )
    assert [one.split(":")[0] for one in made["steps"]] == [
        "On Tue 8 Dec 2026 the day's total goes from 15 mg to 30 mg",
        "On Tue 15 Dec 2026 the day's total goes from 30 mg to 45 mg",
    ]
    assert made["table"][0][0] == "Days"


def test_the_dose_beside_normal_kidneys_is_the_one_of_today() -> None:
    """A later step is nobody's dose yet."""
    book = begun(scheme(5, 10), **GROWN, creatinine=None)
    found = levels_ahead(book.record(), BACLOFEN, at("09:00", D), days=20)
    assert isinstance(found, LevelFigure)
    assert found.own == OralDose.mg(15)
    assert len(found.panels[0].arm.treads) == 2


def test_a_review_that_waits_keeps_the_dose() -> None:
    """What nobody has answered is not drawn as answered."""
    book = begun(scheme(5, 10), **GROWN)
    late = at("09:00", D + timedelta(days=9))
    made = figure(levels_ahead(book.record(late), BACLOFEN, late, days=7))
    assert [one["mg"] for one in made["treads"]] == [15]
    assert "A review waits for an answer. Until then the dose stays as it is, and so it is drawn." in made["notes"]
    assert made["steps"] == []


def tapered() -> tuple[Book, date]:
    """A record with a taper, and the first day on which nothing is taken any more."""
    plan = TAPER.course.latest
    approved = replace(
        plan, state=State.APPROVED, approval=Approval(by="Dr B. Name", role=Role.PRESCRIBER, at=Instant(0))
    )
    book = begun(approved, **GROWN)
    ahead = book.record().spans(plan.start, plan.until, expected=True)
    return book, next(one.first for one in ahead if not one.stretch.day_total)


def test_each_step_of_a_taper_is_a_share_of_what_is_left() -> None:
    book, stops = tapered()
    made = figure(levels_ahead(book.record(), BACLOFEN, at("09:00", stops - timedelta(days=21)), days=28))
    assert made["steps"][-1].startswith(f"On {stops:%a} {stops.day} {stops:%b %Y} the last ")
    assert "Of what is there, this step takes all." in made["steps"][-1]
    assert all("% lower" in one for one in made["steps"][:-1])
    assert made["plan"]["days"][-1]["highest"] == 0


# --- nothing ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "the age is not known"),
        ({"age": Age(9 * 12)}, "needs the weight"),
        ({"age": Age(18), "weight": Weight(11_000)}, "no model of the library fits"),
        ({**GROWN, "dialysis": True}, "with dialysis"),
    ],
)
def test_nothing_is_guessed(facts: dict[str, Any], said: str) -> None:
    book = begun(**facts)
    now = at("22:00", D + timedelta(days=3))
    for found in (past_levels(book.record(), BACLOFEN, LEAFLET, now), levels_ahead(book.record(), BACLOFEN, now)):
        made = shown(found)
        assert made["figure"] is None
        assert said in made["why_not"]


def test_a_child_has_a_model_for_children() -> None:
    book = begun(age=Age(9 * 12), weight=Weight(27_000))
    made = figure(levels_ahead(book.record(), BACLOFEN, at("09:00", D), days=7))
    assert any("He 2014" in one and "2-17 years" in one for one in made["model"])
    assert made["whose"] == []


def test_a_record_of_one_day_waits_for_tomorrow() -> None:
    first = past_levels(begun(**GROWN).record(), BACLOFEN, LEAFLET, at("22:00", D))
    assert isinstance(first, NoLevel)
    assert first.why.key == "levels.none-day"


def test_work_is_bounded() -> None:
    """Whoever sends ten thousand doses keeps no machine busy with them."""
    book = begun(**GROWN)
    for minute in range(1001):
        book.write(ExtraDose(amount=OralDose.mg(1)), at("08:00", D).plus(60 * minute))
    found = past_levels(book.record(), BACLOFEN, LEAFLET, at("22:00", D + timedelta(days=3)))
    assert isinstance(found, NoLevel)
    assert found.why.key == "levels.none-many"


def test_after_the_last_step_of_a_taper_nothing_lies_ahead() -> None:
    book, stops = tapered()
    now = at("09:00", stops + timedelta(days=1))
    plan = TAPER.course.latest
    for item in plan.items:
        if isinstance(item, Review):
            book.answer(item.id, at("06:00", plan.start), plan.start, by=item.by, plan=plan.id)
    found = levels_ahead(book.record(now), BACLOFEN, now)
    assert shown(found) == {"figure": None, "why_not": "No level is drawn: no dose is planned in the coming days."}


def test_numba_is_not_needed() -> None:
    """The server has NumPy by its own extra; the kernels are for millions of people."""
    code = (
        "import sys; sys.modules['numba'] = sys.modules['llvmlite'] = None\n"
        "from tests.report.test_levels_of_record import past; print(len(past(28).panels))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout.strip(), done.returncode) == ("2", 0), done.stderr


# --- files and pages ----------------------------------------------------------------------------------------------------


def test_the_file_is_what_its_schema_says() -> None:
    made = past(3)
    for columns, rows in (curve_rows(made), day_rows(made)):
        assert {len(row) for row in rows} == {len(columns)}
    whole = json.loads(json.dumps(data(made)))
    jsonschema.validate(whole, levels_schema())
    unheard = whole | {"arms": [whole["arms"][0] | {"of": "guessed"}]}
    assert not jsonschema.Draft202012Validator(levels_schema()).is_valid(unheard)
    assert not jsonschema.Draft202012Validator(levels_schema()).is_valid(whole | {"safe": True})


def test_the_page_for_the_clinician_shows_them_and_speaks_of_the_person() -> None:
    report = gather(RECORD, monograph(), leaflet(), NOW)
    with_levels, without = to_html(report, past(14)), to_html(report)
    heading = "Level of baclofen in the blood, as a model expects it"
    assert f"<h2>{heading}</h2>" in with_levels
    assert heading not in without
    part = with_levels[with_levels.index(f"<h2>{heading}") : with_levels.index("The figures as tables")]
    assert part.count("<figure") == 2, "for a wide and for a narrow screen"
    assert "Nobody measured them" in part
    assert "It is no reason to change a dose." in part
    assert "40 mg a day give this person the same average level as 44 mg a day" in part
    assert "your" not in part.lower(), "it is read by somebody else"
    assert with_levels.count("<table") == without.count("<table") + 1
    child = past_levels(begun().record(), BACLOFEN, LEAFLET, at("22:00", D + timedelta(days=3)))
    assert to_html(report, child) == without
