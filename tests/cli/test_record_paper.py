"""What the record shows: insight, the page for the doctor and the card for the hospital, from no data to twelve weeks."""

from __future__ import annotations

import pytest
from pypdf import PdfReader

from tests.cli.conftest import Diary


def text_of(path: object) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(str(path)).pages).split())


# --- insight ---------------------------------------------------------------------------------------------------------


def test_insight_counts_the_doses_and_speaks_of_together_never_because(demo: Diary) -> None:
    said = demo.says("insight")
    assert "recorded as taken" in said
    assert "Before and after each change" in said
    assert "Together with, never because" in said
    assert "Comparisons shown" in said
    assert "caused" not in said


def test_insight_as_data_and_by_scale(demo: Diary) -> None:
    data = demo.data("insight", "--days", "28", "--scale", "spasticity")
    doses = data["doses"]
    assert doses["due"] == doses["taken"] + doses["missed"] + doses["skipped"] + doses["unsure"] + doses["held"]
    assert doses["taken"] == doses["on_time"] + doses["early"] + doses["late"]
    assert doses["gaps"][0]["hours"] >= 24
    assert {one["scale"] for one in data["results"]} <= {"spasticity"}
    assert "'stiffness' is not a scale" in demo.says("insight", "--scale", "stiffness", code=2)


def test_insight_with_no_data_is_silent_and_says_so(mine: Diary) -> None:
    for moment in ("2026-11-25 18:00", "2026-12-01 09:00"):
        said = mine.at(moment).says("insight")
        assert "Before and after each change of the day's total (" not in said
        assert "too little in the check-ins yet" in said
    data = mine.data("insight")
    assert data["doses"]["missed"] == 0, "the dose of 08:00 is late and may still be taken"


# --- the page for the doctor -----------------------------------------------------------------------------------------


def test_the_page_for_the_doctor_is_one_page(demo: Diary) -> None:
    out = demo.folder / "report.pdf"
    assert "Wrote" in demo.says("report", "--out", out)
    assert len(PdfReader(out).pages) == 1
    said = text_of(out)
    assert "Can the evening dose be the larger one?" in said
    assert "self-reported" in said.lower()


def test_the_page_as_html_stands_alone_over_14_or_28_days(demo: Diary) -> None:
    out = demo.folder / "report.html"
    demo.says("report", "--out", out)
    fourteen = out.read_text()
    assert fourteen.lower().startswith("<!doctype html>")
    assert "http://" not in fourteen.replace("http://www.w3.org", "")
    assert "<script" not in fourteen
    demo.says("report", "--out", out, "--days", "28")
    assert out.read_text() != fourteen


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("report", "--out", "report.doc"), "Name it report.pdf or report.html"),
        (("report", "--out", "report"), "Name it report.pdf or report.html"),
        (("report", "--out", "report.pdf", "--days", "7"), "Give 14 or 28"),
        (("card", "--out", "card.html"), "Name it card.pdf or card.png"),
        (("report", "--out", "nowhere/report.html"), "cannot be written"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is_written(demo: Diary, words: tuple[str, ...], says: str) -> None:
    before = sorted(demo.folder.rglob("*"))
    assert says in demo.says(*words, code=2)
    assert sorted(demo.folder.rglob("*")) == before


@pytest.mark.parametrize("moment", ["2026-11-25 18:00", "2026-12-01 22:00"])
def test_the_page_of_a_plan_only_and_of_one_day(mine: Diary, moment: str) -> None:
    if moment.startswith("2026-12"):
        mine.at("2026-12-01 08:00").says("take")
        mine.says("checkin", "spasticity=4")
    mine.at(moment)
    mine.says("report", "--out", "report.html")
    assert "Diary Person" in (mine.folder / "report.html").read_text()


def test_a_note_with_marks_of_html_is_shown_as_written(mine: Diary) -> None:
    mine.at("2026-12-01 08:00").says("log", "note", "ask: <script>alert(1)</script> & #let x = 1")
    mine.says("report", "--out", "report.html")
    page = (mine.folder / "report.html").read_text()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    mine.says("report", "--out", "report.pdf")
    assert "#let x = 1" in text_of(mine.folder / "report.pdf")


# --- the card --------------------------------------------------------------------------------------------------------


def test_the_card_says_the_real_dose_the_last_dose_and_not_to_stop(demo: Diary) -> None:
    out = demo.folder / "card.pdf"
    assert "Wrote" in demo.says("card", "--out", out)
    said = text_of(out)
    assert "baclofen" in said.lower()
    assert "40 mg" in said
    assert "stop" in said.lower()
    assert "01632 960001" in said
    assert "24 Nov" in said, "the last dose"


def test_the_card_for_the_phone_is_an_image_and_nothing_taken_is_no_fault(mine: Diary) -> None:
    out = mine.folder / "card.png"
    mine.says("card", "--out", out)
    assert out.read_bytes().startswith(b"\x89PNG")
