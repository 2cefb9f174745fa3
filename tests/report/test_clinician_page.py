"""The page for the clinician: always one, with what was really taken first, and nothing on it that the record does not say."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from functools import cache
from html.parser import HTMLParser

import pikepdf
import pypdf
import pytest

from gradatim.domain.clock import Instant
from gradatim.domain.entry import NoteWritten, Preference
from gradatim.domain.record import Record
from gradatim.domain.watch import watch
from gradatim.insight.before_after import BeforeAfter
from gradatim.report.clinician import MOST_SCALES, ReportInput, gather, worsening
from gradatim.report.clinician_html import to_html
from gradatim.report.clinician_page import clinician_page
from gradatim.report.clinician_pdf import page_data, to_pdf
from gradatim.report.typesetting import picture
from gradatim.words.english import INTENDED_USE
from tests.journals import BACLOFEN, DAY, LEAFLET, LONDON, at, begun, dose, scheme
from tests.report.paper import adds_up_to, flat, number, pages
from tests.report.pixels import margins_are_blank, pixels
from tests.report.records import CASES, START, demo, given, named, nothing, one_day, with_findings

made = cache(lambda name: CASES[name]())
printed = cache(lambda name: to_pdf(made(name)))
LETTER = ("full", "no data", "twelve findings")
said = cache(lambda name: " ".join(pages(printed(name))))


# --- always one page ------------------------------------------------------------------------------------------------------


def sheet(pdf: bytes) -> tuple[int, int]:
    (page,) = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return round(page.mediabox.width), round(page.mediabox.height)


@pytest.mark.parametrize("name", CASES)
def test_it_is_one_page(name: str) -> None:
    assert sheet(printed(name)) == (595, 842)


@pytest.mark.parametrize("name", LETTER)
def test_it_is_one_us_letter_page(name: str) -> None:
    assert sheet(to_pdf(made(name), paper="us-letter")) == (612, 792)


@pytest.mark.parametrize("name", ["full", "one endless word"])
def test_nothing_runs_into_the_margins(name: str) -> None:
    made_of = picture(
        "clinician.typ", page_data(made(name), "a4"), made(name).now.seconds, 36
    )  # raises beyond one page
    assert margins_are_blank(pixels(made_of), 0.04, 0.024)


@pytest.mark.parametrize("name", CASES)
def test_no_letter_is_smaller_than_nine_points(name: str) -> None:
    sizes: list[float] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            sizes.append(abs(size * tm[3] * cm[3]))

    pypdf.PdfReader(io.BytesIO(printed(name))).pages[0].extract_text(visitor_text=visit)
    assert min(sizes) >= 8.99


def test_what_has_no_room_is_counted() -> None:
    for name, count in (("twelve findings", 12), ("forty findings", 40)):
        shown = {int(number_) for number_ in re.findall(r"finding number (\d+)", said(name))}
        grave = {one for one in shown if one < count // 4}
        assert 3 <= len(grave) <= len(shown) < count
        assert f"{count - count // 4 - len(shown - grave)} more (in the HTML report)" in said(name)
        if len(grave) < count // 4:
            assert f"More emergencies: {count // 4 - len(grave)} (in the HTML report)" in said(name)


def test_the_gravest_findings_stay() -> None:
    assert "finding number 0 " in said("forty findings")
    assert said("forty findings").index("Emergency, not answered") < said("forty findings").index("Recorded as taken")


# --- what it says ---------------------------------------------------------------------------------------------------------


def test_what_was_taken_comes_first() -> None:
    text = said("full")
    order = [
        "Example person", "Self-reported", "To decide: go on from 40 to 45 mg?", "Questions from the person", "What should I do when I travel?",
        "Recorded as taken in the last 14 days", "40 mg a day", "Last 24 hours, by the clock 40 mg", "Last 48 hours, by the clock 65 mg", "42 due",
        "40 taken", "1 not recorded", "example, version 2", "by Dr B. Name, prescriber", "What happened in these 12 weeks", "To look at", "Supply",
        "Felt, and taken", "Weakness", "Before and after", "Sources:", INTENDED_USE,
    ]  # fmt: skip
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_each_dose_of_today_is_its_tablets() -> None:
    found = re.findall(r"\d\d:\d\d ([\d.]+) mg: ((?:[\d½¼¾]+ tablets? of [\d.]+ mg(?: \+ )?)+)", said("full"))
    assert (
        [number(mg) for mg, _ in found]
        == [adds_up_to(units) for _, units in found]
        == [Fraction(10), Fraction(15), Fraction(15)]
    )


def test_the_lead_is_what_the_record_says() -> None:
    clear = [day for day in made("full").recent.whole_days if day.certain]
    amounts = sorted(day.taken.micrograms // 1000 for day in clear)
    middle = amounts[(len(amounts) - 1) // 2]
    assert f"{middle} mg a day" in said("full")
    listed = f"{amounts[-1]} mg on {amounts.count(amounts[-1])} of {len(clear)} days, {amounts[0]} mg on {amounts.count(amounts[0])}"
    assert f"The middle one of {len(clear)} days with every dose written down: {listed}." in said("full")
    assert "On 1 of 14 days not every dose is written down (at least 25 mg)" in said("full")


def test_28_days_reach_the_weekend_without_tablets() -> None:
    assert "Over 24 hours without a dose: 48 hours from Tue 3 Nov 2026, 08:02" in said("28 days")


def test_without_a_record_it_says_so() -> None:
    assert "No plan is recorded" in said("no data")
    assert "Name: ____" in said("no data")
    assert "No check-in is recorded." in said("no data")


def test_the_first_day_is_not_judged() -> None:
    text = said("one day")
    assert "10 mg so far today" in text
    assert "The record begins on Wed 2 Sep 2026. Nothing before that is known or counted." in text
    assert "0 not recorded" in text


def test_two_years_show_the_last_twelve_weeks() -> None:
    assert "in the 12 weeks to Fri 1 Sep 2028" in said("two years")
    assert (made("two years").lines[0].last - made("two years").lines[0].first).days == 83


def test_findings_are_those_of_the_watch() -> None:
    record, now = demo()
    assert tuple(one.finding for one in made("full").findings) == watch(record, BACLOFEN, LEAFLET, now)


def test_it_never_says_because_of_the_dose() -> None:
    assert "“Together with”, never “because of”" in html("full")
    for text in (said("full"), html("full")):
        assert "because of" not in text.replace("never “because of”", "")


# --- what it is made from --------------------------------------------------------------------------------------------------


def test_the_table_is_what_was_compared() -> None:
    page, given_ = clinician_page(made("full")), made("full")
    compared = [one for one in given_.changed if isinstance(one.result, BeforeAfter)]
    cells = [cell for row in page.table[1:] for cell in row[1:] if not cell[0].startswith("too little")]
    assert len(cells) == len(compared) == given_.many.shown
    for one in compared:
        assert isinstance(one.result, BeforeAfter)
        ends = f"[{one.result.before.spread.count} + {one.result.after.spread.count}]"
        assert any(ends in cell[1] for cell in cells)


def test_weakness_stands_among_the_scales_when_it_got_worse_and_then_the_worst_change_first() -> None:
    report = made("full")
    lines = (*report.lines, *report.left_out)
    assert len(report.lines) == MOST_SCALES
    assert lines[0].scale.id == "weakness"
    worse = [worsening(line) for line in lines[1:]]
    assert worse == sorted(worse, reverse=True)
    assert worse[0] > 0


def test_a_scale_that_only_got_better_did_not_get_worse() -> None:
    line = made("full").lines[0]
    falling = tuple((line.first + place * DAY, 10.0 - place // 7) for place in range(60))
    assert worsening(replace(line, points=falling)) == 0
    assert worsening(replace(line, points=tuple(zip((day for day, _ in falling), range(60), strict=True)))) > 0


def asked(*notes: str, **preferences: str) -> tuple[str, ...]:
    book = begun(scheme(start=START))
    for place, text in enumerate(notes):
        book.write(NoteWritten(text=text), at("09:00", START + place * DAY))
    for name, value in preferences.items():
        book.write(Preference(name=name.replace("_", "-"), value=value), at("09:30", START))
    now = at("12:00", START + 9 * DAY)
    return tuple(one.text for one in gather(book.record(now), BACLOFEN, LEAFLET, now).questions)


def test_a_note_that_asks_is_a_question() -> None:
    notes = ("ask: May I drive?", "slept well", "?why so tired", "Ask:  and  spaces", "ask:")
    assert asked(*notes) == ("and spaces", "why so tired", "May I drive?")


def test_a_question_before_the_last_visit_was_asked_then() -> None:
    assert asked("? one", "? two", "? three", last_visit=(START + DAY).isoformat()) == ("three", "two")


def test_a_change_of_the_plan_alters_no_earlier_day() -> None:
    book = begun(scheme(start=START))
    book.take_all(START, START + 9 * DAY)
    now = at("23:30", START + 9 * DAY, LONDON)
    before = gather(book.record(now), BACLOFEN, LEAFLET, now).recent_line
    book.approve(scheme(20, start=START + 5 * DAY, version=2), now)
    after = gather(book.record(now), BACLOFEN, LEAFLET, now).recent_line
    assert after.days[:9] == before.days[:9]


@pytest.mark.parametrize("record", [demo, nothing, one_day])
def test_the_same_record_gives_the_same_bytes(record: object) -> None:
    found = record()  # type: ignore[operator]
    assert to_pdf(given(found)) == to_pdf(given(found))
    assert to_html(given(found)) == to_html(given(found))


# --- tags -------------------------------------------------------------------------------------------------------------------


def test_it_is_tagged_for_screen_readers() -> None:
    with pikepdf.open(io.BytesIO(printed("full"))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == "en"
        with pdf.open_metadata() as xmp:
            assert xmp["pdfuaid:part"] == "1"
            assert "Example person" in str(xmp["dc:title"])
        items = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one and "/P" in one]
        assert {"/H1", "/H2", "/Figure"} <= {str(one.S) for one in items}
        figures = [str(one.get("/Alt")) for one in items if one.S == "/Figure"]
        assert any(text.startswith("Weakness, 0 to 10") for text in figures)
        assert any("Taken and planned, mg a day" in text for text in figures)


# --- hostile names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["#panic()", "</main><script>alert(1)</script>$x$ *b* `c`", '" onload="x'])
def test_markup_in_a_name_stays_text(name: str) -> None:
    report = given(named(name))
    assert flat(name).replace(" ", "") in " ".join(pages(to_pdf(report))).replace(" ", "")
    assert Page.read(to_html(report)).tags.isdisjoint({"script", "iframe", "img", "link"})


# --- HTML -------------------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a page holds: its tags, headings, tables with their captions, and every address in it."""

    VOID = frozenset({"meta", "br", "rect", "circle", "path", "line"})

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.headings: list[str] = []
        self.tables: list[dict[str, int]] = []
        self.drawings: list[dict[str, str | None]] = []
        self.texts: dict[str, list[str]] = {}
        self.lang: str | None = None
        self.addresses: list[str] = []

    @classmethod
    def read(cls, text: str) -> Page:
        page = cls()
        page.feed(text)
        page.close()
        assert page.open == []
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.tags.add(tag)
        self.addresses += [
            f"{name}={value}"
            for name, value in attrs
            if name in ("href", "src", "action", "srcset") or name.startswith("on")
        ]
        if tag == "html":
            self.lang = known.get("lang")
        if tag == "table":
            self.tables.append({"caption": 0, "th": 0, "td": 0})
        if tag in ("caption", "th", "td"):
            self.tables[-1][tag] += 1
        if tag == "th":
            assert known.get("scope") in ("col", "row")
        if tag == "svg":
            self.drawings.append(known)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and data.strip():
            self.texts.setdefault(self.open[-1], []).append(data)
            if re.fullmatch(r"h[1-6]", self.open[-1]):
                self.headings.append(self.open[-1])


html = cache(lambda name: to_html(made(name)))


@pytest.mark.parametrize("name", CASES)
def test_the_html_stands_alone(name: str) -> None:
    page = Page.read(html(name))
    assert page.lang == "en"
    assert page.headings[0] == "h1"
    assert page.headings.count("h1") == 1
    assert set(page.headings[1:]) == {"h2"}
    assert page.tags.isdisjoint({"script", "link", "img", "iframe", "object", "form"})
    assert page.addresses == []
    outside = re.findall(
        r"(?:https?:)?//[\w.]+|url\([^#]|@import", html(name).replace("http://www.w3.org/2000/svg", "")
    )
    assert outside == []
    assert all(table["caption"] == 1 and table["td"] for table in page.tables)
    assert all(drawing.get("role") == "img" and drawing.get("aria-labelledby") for drawing in page.drawings)
    assert page.texts["title"][0].startswith("Baclofen: report for")
    assert INTENDED_USE in html(name)


def test_the_html_has_dark_and_print_styles() -> None:
    assert "prefers-color-scheme:dark" in html("full")
    assert "@media print" in html("full")


def test_the_html_is_the_full_list() -> None:
    text = html("forty findings")
    assert all(f"finding number {place} " in text for place in range(40))
    assert "in the HTML report" not in text


def test_every_drawing_has_its_table() -> None:
    page = Page.read(html("full"))
    report = made("full")
    assert len(page.tables) == 1 + 1 + len(report.lines) + len(report.left_out)  # before and after, taken, each scale
    weeks = 2  # the last days are drawn again week by week, for narrow screens
    assert len(page.drawings) == 2 + weeks + 1 + len(report.lines) + len(report.left_out)


def test_ids_of_the_drawings_are_their_own() -> None:
    ids = re.findall(r' id="([^"]+)"', html("full"))
    assert len(ids) == len(set(ids))


def test_a_report_says_its_number_of_findings_truly() -> None:
    report: ReportInput = with_findings(made("full"), 3)
    assert "more (in the HTML report)" not in " ".join(
        pages(to_pdf(replace(report, supply=(), questions=(), events=())))
    )


def test_a_record_is_read_as_of_now() -> None:
    """What is due later today is planned and not missed."""
    record: Record
    now: Instant
    record, now = one_day()
    later = gather(record, BACLOFEN, LEAFLET, now.plus(int(timedelta(hours=6).total_seconds())))
    assert later.recent.tally.missed == 1
    assert dose(2, START) not in record.done
