"""The printed calendar, read back from the PDF: what it says is the plan, on every page, whatever the names."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pikepdf
import pypdf
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gradatim.domain.approval import CopiedFrom
from gradatim.domain.calendar import Calendar, lay_out
from gradatim.domain.course import Blocked, Course
from gradatim.domain.knowledge import Level
from gradatim.domain.person import Person
from gradatim.domain.plan import Plan, Review
from gradatim.domain.prescription import Prescription, TableRow
from gradatim.domain.schedule import Mode
from gradatim.domain.titrate import titrate
from gradatim.report.calendar_pdf import to_pdf
from gradatim.words import short_day
from gradatim.words.english import INTENDED_USE, TEMPLATES
from tests.property.strategies import at, custom_ups, doses, downs, go_on, reviews_of, table_ups
from tests.report.paper import (
    BACLOFEN,
    BY,
    LEAFLET,
    PRINTED,
    START,
    approved,
    calendar,
    child,
    day_rows,
    evening_heavy,
    falling,
    flat,
    liquid,
    many_steps,
    pages,
    person,
    printed,
    read_aloud,
    rising,
    six_times,
)

DRAFT = str(TEMPLATES["page.draft"])

PLANS = {"rising": rising, "falling": falling, "six times": six_times, "evening-heavy": evening_heavy}


def in_mg(micrograms: int) -> Fraction:
    return Fraction(micrograms, 1000)


def expect_the_plan(laid: Calendar, made: bytes) -> None:
    """Every row: the dose printed = tablets × strength = the dose of the calendar, day after day, none missing, none more."""
    rows = day_rows(made)
    days = [laid.first + timedelta(days=n) for n in range((laid.last - laid.first).days + 1)]
    assert [row.date for row in rows] == [short_day(day) for day in days]
    for row, day in zip(rows, days, strict=True):
        planned = tuple(in_mg(dose.dose.micrograms) for dose in laid.doses if dose.day == day)
        assert row.doses == row.made_of == planned, row
        assert row.total == sum(planned)
        assert row.number == (day - laid.course.versions[0].start).days + 1


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("name", PLANS)
def test_every_row_adds_up_and_is_the_plan(name: str, large: bool) -> None:
    plan = PLANS[name]()
    expect_the_plan(calendar(approved(plan, person()), person()), printed(plan, large=large))


def test_liquids_have_mg_and_ml_with_the_concentration() -> None:
    made = printed(liquid(), child())
    expect_the_plan(calendar(approved(liquid(), child()), child()), made)
    assert "1.8 mg 1.8 mL of 1 mg/mL" in read_aloud(made)


plans = st.one_of(
    custom_ups().map(lambda up: (up.plan, up.person)),
    table_ups().map(lambda up: (up.plan, up.person)),
    downs().map(lambda down: (down.plan, person())),
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(plans, st.booleans())
def test_every_row_of_any_plan_adds_up(made_for: tuple[Plan, Person], large: bool) -> None:
    plan, who = made_for
    plan = approved(plan, who)
    last = min(plan.until, plan.start + timedelta(days=40))
    laid = lay_out(Course(versions=(plan,)), who, BACLOFEN, PRINTED, last=last)
    expect_the_plan(laid, to_pdf(laid, LEAFLET, large=large))


def test_a_dose_that_the_clocks_move_says_when() -> None:
    order = Prescription(
        start=date(2027, 3, 27), times=at("01:30", "13:00"), products=("uk/10",), table=(TableRow(days=5, doses=doses(5, 10)),)
    )  # fmt: skip
    plan = approved(titrate(order, person(), BACLOFEN, "dst"), person())
    made = to_pdf(calendar(plan), LEAFLET)
    expect_the_plan(calendar(plan), made)
    assert read_aloud(made).count("this day at 02:30: the clocks change") == 1


# --- each page stands alone -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
def test_each_page_stands_alone(large: bool) -> None:
    all_pages = pages(printed(falling(), large=large))
    for number, page in enumerate(all_pages, start=1):
        assert INTENDED_USE in page
        assert f"Page {number} of {len(all_pages)}" in page
        assert "Margaret Okafor" in page
        assert "plan t1, version 1" in page
        assert "printed Mon 30 Nov 2026" in page
        assert "APPROVED" in page
        assert "valid until Wed 13 Jan 2027" in page
        assert flat(LEAFLET.missed_dose_for("GB").text) in page
        assert "Do not stop baclofen suddenly." in page
        assert "call emergency services now" in page
        assert "destroy every copy" in page
        assert "Prescriber" in page
        assert "Pharmacist" in page


def test_the_danger_signs_stand_on_the_first_and_the_last_page() -> None:
    first, *_, last = pages(printed(rising()))
    for sign in LEAFLET.danger_signs:
        if sign.level in (Level.EMERGENCY, Level.TODAY):
            assert sign.sign in first
            assert sign.sign in last.replace(" • ", " ")


def test_the_page_named_for_danger_signs_has_them() -> None:
    for large in (False, True):
        all_pages = pages(printed(rising(), large=large))
        named = next(n for n, page in enumerate(all_pages, start=1) if "Slow or shallow breathing" in page)
        assert f"All danger signs: page {named} and page {len(all_pages)}." in all_pages[0]


def test_the_head_says_who_what_until_when_and_from_where() -> None:
    said = read_aloud(printed(rising()))
    assert "Baclofen calendar for Margaret Okafor" in said
    assert f"Approved by {BY}, prescriber, Mon 30 Nov 2026, 10:15" in said
    assert "VALID UNTIL Wed 6 Jan 2027" in said
    assert "US label (US-TAB [T], US-OZO [T], US-SUSP [T], US-LYV [T])" in said
    assert "Printed on Mon 30 Nov 2026, 10:15, Europe/London" in said
    assert "84 tablets of 20 mg · 18 tablets of 10 mg · 18 tablets of 5 mg" in said


def test_a_copied_plan_says_from_whose_paper() -> None:
    copied = CopiedFrom(prescriber="Dr Lindqvist", dated=START - timedelta(days=4))
    made = to_pdf(calendar(approved(rising(), person(), copied)), LEAFLET)
    assert f"COPIED from Dr Lindqvist’s paper of Fri 27 Nov 2026, by {BY} (nurse)" in read_aloud(made)


def test_an_override_has_its_name_and_reason() -> None:
    said = read_aloud(printed(six_times()))
    assert f"{BY} (prescriber), Mon 30 Nov 2026, 10:15: “seen weekly in the clinic”" in said
    assert "Blocks approval, overridden:" in said


@pytest.mark.parametrize(
    ("plan", "warning"), [(rising(), "Do not go up."), (falling(), "Do not go down.")], ids=["up", "down"]
)
def test_a_review_asks_and_says_what_silence_means(plan: Plan, warning: str) -> None:
    said = read_aloud(printed(plan))
    gates = [item for item in plan.items if isinstance(item, Review)]
    assert said.count("Review before step") == len(gates)
    assert said.count("If any answer is no, or nobody answers: keep taking the doses above") == len(gates)
    assert said.count(warning) == len(gates)
    for ask in gates[0].asks:
        assert said.count(f"{TEMPLATES[ask]} yes no") == len(gates)


def test_after_a_taper_the_days_without_are_watched() -> None:
    assert read_aloud(printed(falling())).count("No baclofen on this day. Watch for danger signs.") == 14


def test_a_late_answer_moves_the_printed_days_and_what_waits_says_so() -> None:
    course = Course(versions=(approved(rising(), person()),))
    late = go_on(course, reviews_of(rising())[0].id, START + timedelta(days=5))
    expected = lay_out(late, person(), BACLOFEN, PRINTED)
    assert [span.first for span in expected.spans[:2]] == [START, START + timedelta(days=5)]
    expect_the_plan(expected, to_pdf(expected, LEAFLET))
    to_take = lay_out(late, person(), BACLOFEN, PRINTED, mode=Mode.TO_TAKE)
    made = to_pdf(to_take, LEAFLET)
    expect_the_plan(to_take, made)
    assert "A review is not answered: these doses go on until it is." in read_aloud(made)


# --- drafts and blocked plans -----------------------------------------------------------------------------------------


def test_a_draft_says_so_on_every_page_and_aloud() -> None:
    made = to_pdf(calendar(rising()), LEAFLET)
    assert all(page.count(DRAFT) >= 1 and "DRAFT" in page.replace(DRAFT, "") for page in pages(made))
    assert read_aloud(made).count(DRAFT) == 1 + 4  # once at the head, once for each step
    assert "Approved by" not in read_aloud(made)
    title = pypdf.PdfReader(io.BytesIO(made)).metadata
    assert title is not None
    assert str(title.title).startswith("DRAFT, not approved")


def test_an_approved_plan_is_not_called_a_draft() -> None:
    assert not any("DRAFT" in page for page in pages(printed(rising())))


def test_a_blocked_plan_is_not_printed() -> None:
    with pytest.raises(Blocked) as refused:
        to_pdf(calendar(six_times()), LEAFLET)
    assert refused.value.findings


# --- the file ---------------------------------------------------------------------------------------------------------


def test_it_is_tagged_for_screen_readers() -> None:
    with pikepdf.open(io.BytesIO(printed(rising()))) as pdf:
        root = pdf.Root
        assert bool(root.MarkInfo.Marked)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert str(root.Lang) == "en"
        with pdf.open_metadata() as xmp:
            assert xmp["pdfuaid:part"] == "1"
            assert "Margaret Okafor" in str(xmp["dc:title"])
        tags = {
            str(item.S)
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and "/S" in item and "/P" in item
        }
        assert {"/Table", "/TR", "/TH", "/TD", "/H1", "/H2", "/Figure"} <= tags
        figures = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"]
        assert any("15 mg a day" in str(item.get("/Alt")) for item in figures)


def test_the_typeface_is_inside() -> None:
    with pikepdf.open(io.BytesIO(printed(rising()))) as pdf:
        described = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        ]
        assert described
        assert all("/FontFile2" in item or "/FontFile3" in item for item in described)
        assert any("AtkinsonHyperlegible" in str(item.FontName) for item in described)


@pytest.mark.parametrize(("letter", "size"), [(False, (595, 842)), (True, (612, 792))], ids=["A4", "US Letter"])
def test_the_size_of_the_paper(letter: bool, size: tuple[int, int]) -> None:
    for page in pypdf.PdfReader(io.BytesIO(printed(rising(), letter=letter))).pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == size


def test_the_same_calendar_gives_the_same_bytes() -> None:
    assert to_pdf(calendar(falling()), LEAFLET) == to_pdf(calendar(falling()), LEAFLET)


def test_two_weeks_stand_on_one_page() -> None:
    fullest = max(page.count("1 tablet of 20 mg 60 mg") for page in pages(printed(rising())))
    assert fullest >= 14


def test_two_years_can_be_printed() -> None:
    assert len(day_rows(printed(many_steps()))) > 700


# --- hostile names ----------------------------------------------------------------------------------------------------

HOSTILE = (
    '#import "@preview/x:1.0.0": y', "#panic()", "$x$ *b* _i_ `c` <label> @ref = H", "</text></svg><script>alert(1)</script>",
    "\\ \\u{41} // comment /* */", '"; #set page(width: 1pt)', "{json: 1}",
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_markup_in_a_name_stays_text(name: str) -> None:
    who = person(name)
    plan = approved(replace(rising(), id=name), who)
    noted = replace(
        plan,
        items=tuple(
            replace(i, note=name) if not isinstance(i, Review) else replace(i, asks=(name,)) for i in plan.items
        ),
    )
    said = read_aloud(to_pdf(calendar(noted, who), LEAFLET)).replace(" ", "")
    assert f"Baclofen calendar for {name}".replace(" ", "") in said
    assert said.count(name.replace(" ", "")) >= 3


def test_a_line_end_in_a_name_stays_on_its_line() -> None:
    assert "Baclofen calendar for Ann Page 9 of 9" in read_aloud(printed(rising(), person("Ann\r\n\x00Page 9 of 9")))


def test_a_sign_that_turns_the_text_round_is_dropped() -> None:
    assert "\u202e" not in read_aloud(printed(rising(), person("\u202e15 mg")))


def test_a_long_name_is_whole_once_and_short_in_the_head() -> None:
    name = "Wolfeschlegelsteinhausenbergerdorff" * 6
    made = printed(rising(), person(name))
    assert name in read_aloud(made).replace(" ", "")
    assert all("…" in page for page in pages(made))
    for page in pypdf.PdfReader(io.BytesIO(made)).pages:
        assert _rightmost(page) < float(page.mediabox.width) - 30


def _rightmost(page: pypdf.PageObject) -> float:
    """Where the last letter of a page may begin, at most."""
    places: list[float] = []

    def visit(text: str, _cm: list[float], tm: list[float], _font: object, _size: float) -> None:
        if text.strip():
            places.append(tm[4])

    page.extract_text(visitor_text=visit)
    return max(places)


@pytest.mark.parametrize(
    "name", ["محمد علي", "Ann 😀", "张伟", "Ольга", "Søren Ærø", "\ud800", "👩\u200d🦽"], ids=ascii
)
def test_any_script_is_printed_or_named_by_its_code(name: str) -> None:
    made = printed(rising(), person(name))
    assert "Baclofen calendar for" in read_aloud(made)
    expect_the_plan(calendar(approved(rising(), person())), made)


def test_nobody_named_leaves_a_line_for_the_name() -> None:
    assert "Name: ____" in pages(printed(rising(), person(None)))[2]
