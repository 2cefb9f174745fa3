"""The main path as a prescriber walks it: plan, check, approve, hand over, change, compare, come down."""

from __future__ import annotations

import csv
import io
import json
import re
from fractions import Fraction
from pathlib import Path

import pytest

from tests.cli.conftest import EXAMPLES, Run

FLAGS = (
    "--protocol", "us-label", "--start", "2026-12-01", "--times", "08:00,14:00,21:00", "--zone", "Europe/London",
    "--products", "us/10,us/20", "--target", "60mg", "--age", "45", "--sex", "female", "--weight", "62kg", "--creatinine", "80umol/L",
)  # fmt: skip
WRITTEN = re.compile(r"(\d+(?:\.\d+)?) mg  ((?:[\d½¼¾]+ tablets? of [\d.]+ mg(?: \+ )?)+)")
PARTS = {"¼": Fraction(1, 4), "½": Fraction(1, 2), "¾": Fraction(3, 4)}


def added(units: str) -> Fraction:
    """What "1½ tablets of 10 mg + …" adds up to, read as a person reads it."""
    sum_mg = Fraction(0)
    for count, strength in re.findall(r"([\d½¼¾]+) tablets? of ([\d.]+) mg", units):
        number = sum((PARTS[sign] for sign in count if sign in PARTS), Fraction(0)) + int(
            "".join(filter(str.isdigit, count.translate({0xBD: "", 0xBC: "", 0xBE: ""}))) or 0
        )
        sum_mg += number * Fraction(strength)
    return sum_mg


@pytest.fixture
def planned(run: Run, ms_adult: Path, tmp_path: Path) -> Path:
    file = tmp_path / "plan.json"
    assert run("plan", ms_adult, "--out", file).code == 0
    return file


@pytest.fixture
def approved(run: Run, planned: Path) -> Path:
    assert run("approve", planned, "--by", "Dr A", "--at", "2026-11-25T10:00:00Z").code == 0
    return planned


@pytest.fixture
def climbing(run: Run, approved: Path) -> Path:
    """The approved plan on its second step: the first review answered in time."""
    assert run("answer", approved, "--by", "me", "--go-on", "--at", "2026-12-03T22:00:00-05:00").code == 0
    return approved


def test_a_prescription_in_flags_becomes_a_dated_calendar(run: Run) -> None:
    done = run("plan", *FLAGS)
    assert done.code == 0
    assert "DRAFT: not approved" in done.out
    assert "Thu 10 Dec 2026" in done.out
    assert "60 mg a day" in done.out
    assert "84 tablets of 20 mg, 27 tablets of 10 mg" in " ".join(done.out.split())


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_is_planned_without_a_stop_and_adds_up_in_text_and_json(run: Run, example: Path) -> None:
    text = run("plan", example)
    assert text.code == 0, text.err
    lines = WRITTEN.findall(text.out)
    for mg, units in lines:
        assert added(units) == Fraction(mg)
    data = json.loads(run("plan", example, "--format", "json").out)
    assert data["doses"]
    totals: dict[str, Fraction] = {}
    for dose in data["doses"]:
        if isinstance(dose["units"], list):
            parts = [(u["product"], Fraction(str(u["count"])), Fraction(str(u["strength_mg"]))) for u in dose["units"]]
        else:
            u = dose["units"]
            parts = [(u["product"], Fraction(str(u["ml"])), Fraction(str(u["mg_per_ml"])))]
        assert sum(count * size for _, count, size in parts) == Fraction(str(dose["mg"]))
        for product, count, _ in parts:
            totals[product] = totals.get(product, Fraction(0)) + count
    assert totals == {need["product"]: Fraction(str(need.get("count", need.get("ml")))) for need in data["supply"]}


def test_json_reads_back_as_the_same_plan(run: Run, planned: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.json"
    assert run("calendar", planned, "--out", again).code == 0
    assert json.loads(again.read_text()) == json.loads(planned.read_text())


def test_a_document_whose_doses_were_changed_by_hand_is_refused(run: Run, planned: Path) -> None:
    data = json.loads(planned.read_text())
    data["doses"][3]["mg"] = 50
    planned.write_text(json.dumps(data))
    done = run("calendar", planned)
    assert done.code == 2
    assert "doses[3].mg" in done.err


def test_approval_names_who_and_when_and_a_second_one_is_refused(run: Run, approved: Path) -> None:
    plan = json.loads(approved.read_text())["plan"]
    assert (plan["state"], plan["approved_by"], plan["approved_at"]) == ("approved", "Dr A", "2026-11-25T10:00:00Z")
    assert "Approved by Dr A (prescriber) on Wed 25 Nov 2026" in run("calendar", approved, "--steps").out
    assert run("approve", approved, "--by", "Dr B").code == 2


def test_a_copy_from_paper_is_labelled_as_such_everywhere(run: Run, planned: Path, tmp_path: Path) -> None:
    done = run(
        "approve", planned, "--by", "A carer", "--role", "carer", "--copied-from", "Dr P", "--dated", "2026-11-20"
    )
    assert done.code == 0
    assert "COPIED from Dr P's paper of Fri 20 Nov 2026, by A carer" in run("calendar", planned, "--steps").out
    run("calendar", planned, "--out", tmp_path / "c.ics")
    assert "Dr P" in (tmp_path / "c.ics").read_text().replace("\r\n ", "")
    assert json.loads(planned.read_text())["plan"]["copied_from"] == {"prescriber": "Dr P", "dated": "2026-11-20"}


def test_a_carer_cannot_approve_of_their_own(run: Run, planned: Path) -> None:
    before = planned.read_text()
    done = run("approve", planned, "--by", "A carer", "--role", "carer")
    assert done.code == 2
    assert "carer cannot approve" in done.err
    assert planned.read_text() == before


def test_drafts_give_nothing_to_take(run: Run, planned: Path) -> None:
    data = json.loads(run("calendar", planned, "--to-take", "--format", "json").out)
    assert data["doses"] == []


def test_an_unanswered_review_holds_and_an_answer_goes_on(run: Run, approved: Path) -> None:
    def highest() -> float:
        doses = json.loads(run("calendar", approved, "--to-take", "--format", "json").out)["doses"]
        return float(max(dose["mg"] for dose in doses))

    assert highest() == 5
    assert run("answer", approved, "--by", "me", "--go-on", "--at", "2026-12-06T20:00:00-05:00").code == 0
    data = json.loads(run("calendar", approved, "--to-take", "--format", "json").out)
    assert next(d["date"] for d in data["doses"] if d["mg"] == 10) == "2026-12-07"
    assert highest() == 10


def test_nobody_opens_the_whole_climb_in_one_evening(run: Run, approved: Path) -> None:
    early = run("answer", approved, "--by", "me", "--go-on", "--at", "2026-12-02T10:00:00-05:00")
    assert early.code == 2
    assert "may be answered from 2026-12-03" in " ".join(early.err.split())
    assert run("answer", approved, "--by", "me", "--go-on", "--at", "2026-12-03T20:00:00-05:00").code == 0
    assert run("answer", approved, "--by", "me", "--go-on", "--at", "2026-12-03T20:01:00-05:00").code == 2
    skipped = run("answer", approved, "--by", "me", "--go-on", "--review", "v1-r3", "--at", "2026-12-06T20:00:00-05:00")
    assert "v1-r2 comes first" in " ".join(skipped.err.split())


def test_a_draft_made_before_an_answer_came_is_not_approved_after_it(run: Run, approved: Path) -> None:
    assert run("hold", approved, "--on", "2026-12-20").code == 0
    assert run("answer", approved, "--by", "me", "--go-on", "--at", "2026-12-03T20:00:00-05:00").code == 0
    done = run("approve", approved, "--by", "Dr A", "--at", "2026-12-19T10:00:00Z")
    assert done.code == 2
    assert "made for other doses" in done.err


def test_an_approved_plan_is_not_written_over_by_another(run: Run, approved: Path, ms_adult: Path) -> None:
    before = approved.read_text()
    done = run("plan", ms_adult, "--target", "45mg", "--out", approved)
    assert done.code == 2
    assert "holds the approved" in " ".join(done.err.split())
    assert approved.read_text() == before


def test_a_person_named_beside_a_plan_counts(run: Run, approved: Path) -> None:
    taken = ("--current", "5mg,5mg,5mg", "--start", "2026-12-02", "--step-per-day", "5mg", "--every", "7")
    assert "epilepsy" in run("taper", approved, *taken, "--condition", "epilepsy").out.lower()


def test_a_carer_cannot_override_by_copying(run: Run, ms_adult: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    assert run("plan", ms_adult, "--egfr", "20", "--out", file).code == 3
    stops = [f["rule"] for f in json.loads(file.read_text())["findings"] if f["severity"] == "stop"]
    copied = ("--by", "A carer", "--role", "carer", "--copied-from", "Dr B", "--dated", "2026-11-20")
    given = [flag for rule in stops for flag in ("--override", f"{rule}=he said so")]
    assert run("approve", file, *copied, *given).code == 2
    assert run("approve", file, *copied, *given, "--override-by", "Dr B").code == 0


def test_a_window_that_ends_before_it_begins_is_refused(run: Run, approved: Path) -> None:
    assert run("calendar", approved, "--first", "2027-02-01", "--last", "2027-01-01").code == 2


def test_not_yet_holds(run: Run, approved: Path) -> None:
    assert run("answer", approved, "--by", "me", "--not-yet", "--at", "2026-12-03T10:00:00Z").code == 0
    data = json.loads(run("calendar", approved, "--to-take", "--format", "json").out)
    assert {d["mg"] for d in data["doses"]} == {5}


def test_an_edit_of_an_approved_plan_is_a_new_draft_and_earlier_days_stay(run: Run, approved: Path) -> None:
    before = {d["id"]: d for d in json.loads(approved.read_text())["doses"]}
    done = run("hold", approved, "--on", "2026-12-06", "--days", "7", "--note", "sleepy")
    assert done.code == 0
    assert "from Thu 10 Dec 2026" in done.out
    plan = json.loads(approved.read_text())["plan"]
    assert (plan["version"], plan["state"]) == (2, "draft")
    data = json.loads(run("calendar", approved, "--first", "2026-12-01", "--format", "json").out)
    early = [d for d in data["doses"] if d["date"] < "2026-12-06"]
    assert early == [before[d["id"]] for d in early]
    assert len(early) == 15


def test_compare_says_the_difference_in_words(run: Run, climbing: Path) -> None:
    run("hold", climbing, "--on", "2026-12-06", "--days", "7")
    said = " ".join(run("compare", climbing).out.split())
    assert (
        "from Mon 7 Dec 2026 to Wed 9 Dec 2026: morning (08:00), midday (14:00), bedtime (21:00) 15 mg → 10 mg" in said
    )


def test_step_back_slow_down_switch_and_retime(run: Run, climbing: Path) -> None:
    assert run("step-back", climbing, "--on", "2026-12-08").code == 0, "back to the first step"
    assert json.loads(climbing.read_text())["steps"][0]["because"] == "step-back"
    assert run("approve", climbing, "--by", "Dr A", "--at", "2026-12-07T10:00:00Z").code == 0
    assert run("slow-down", climbing, "--on", "2026-12-10", "--every", "14days").code == 0
    assert run("slow-down", climbing, "--on", "2026-12-10", "--every", "1").code == 2
    assert run("switch", climbing, "--on", "2026-12-12", "--products", "us/5").code == 0
    assert run("retime", climbing, "--on", "2026-12-12", "--times", "07:00,13:00,20:00").code == 0
    assert run("retime", climbing, "--on", "2026-12-12", "--times", "07:00,25:00").code == 2


def test_each_version_shows_the_tablets_that_it_uses(run: Run, approved: Path) -> None:
    """The same dose from other tablets after a switch: the days before keep theirs, on the terminal too."""
    assert run("switch", approved, "--on", "2026-12-03", "--products", "us/5").code == 0
    shown = run("calendar", approved, "--first", "2026-12-01", "--steps").out
    before, after = shown.split("Step 1")[1:3]
    assert "½ tablet of 10 mg" in before
    assert "tablet of 5 mg" not in before
    assert "1 tablet of 5 mg" in after


def test_a_switch_that_cannot_make_a_dose_names_the_nearest_and_writes_nothing(run: Run, approved: Path) -> None:
    before = approved.read_text()
    done = run("switch", approved, "--on", "2026-12-02", "--products", "us/20")
    assert done.code == 2
    assert "5 mg cannot be made exactly" in done.err
    assert "10 mg" in done.err
    assert approved.read_text() == before


def test_no_way_down_from_doses_that_may_not_be_taken(run: Run, approved: Path) -> None:
    """The record holds at 15 mg because nobody answered; a person who went on is not to be cut to 10 mg."""
    done = run("taper", approved, "--start", "2027-02-01", "--protocol", "default-long")
    assert done.code == 2
    assert "held at 15 mg a day since 2026-12-01" in " ".join(done.err.split())
    assert "gradatim answer" in done.err


def test_the_way_down_from_a_plan(run: Run, approved: Path, tmp_path: Path) -> None:
    out = tmp_path / "down.json"
    for day in ("03", "06", "09"):
        assert run("answer", approved, "--by", "me", "--go-on", "--at", f"2026-12-{day}T22:00:00-05:00").code == 0
    done = run("taper", approved, "--start", "2026-12-20", "--protocol", "default", "--out", out)
    assert done.code == 0, done.err
    data = json.loads(out.read_text())
    totals = [step["day_mg"] for step in data["steps"]]
    assert totals == sorted(totals, reverse=True)
    assert totals[-1] == 0
    assert data["plan"]["version"] == 2


def test_csv_has_a_row_for_each_dose(run: Run, planned: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("calendar", planned, "--format", "csv").out)))
    assert len(rows) == len(json.loads(planned.read_text())["doses"])


def test_supply_by_step_and_to_a_date(run: Run, planned: Path) -> None:
    assert "42 tablets of 20 mg" not in run("supply", planned, "--until", "2026-12-09", "--by-step").out
    data = json.loads(run("supply", planned, "--until", "2026-12-09", "--format", "json").out)
    assert data["supply"] == [{"product": "us/10", "strength_mg": 10, "count": 27, "dispense": 27, "splits": 18}]


def test_renal_shows_every_formula(run: Run) -> None:
    done = run(
        "renal", "--age", "84", "--sex", "female", "--weight", "45kg", "--creatinine", "110umol/L", "--format", "json"
    )
    data = json.loads(done.out)
    assert set(data["estimates"]) == {"CKD-EPI 2021", "Cockcroft-Gault, actual weight"}
    assert data["deciding"]["band"] == "30 to under 60"
    assert run("renal", "--age", "84", "--creatinine", "110").code == 2


def test_monograph_shows_facts_with_sources(run: Run) -> None:
    assert "Wolf" in run("monograph", "show", "baclofen", "avoid-kidney-failure").out
    assert "20 mg" in run("monograph", "show", "baclofen", "us-label").out
    for topic in (
        "products",
        "titration",
        "taper",
        "guardrails",
        "interactions",
        "reactions",
        "danger",
        "claims",
        "codes",
        "topics",
        "bibliography",
    ):
        assert run("monograph", "show", "baclofen", topic).code == 0
    assert "50 mcg" in (page := run("monograph", "show", "intrathecal", "screening").out) or "50 micrograms" in page
    assert run("monograph", "check").code == 0


def test_help_teaches_by_example(run: Run) -> None:
    for command in (
        "plan",
        "taper",
        "hold",
        "step-back",
        "slow-down",
        "switch",
        "retime",
        "compare",
        "check",
        "approve",
        "answer",
        "calendar",
        "supply",
        "renal",
    ):
        done = run(command, "--help")
        assert done.code == 0
        assert f"gradatim {command}" in done.out
