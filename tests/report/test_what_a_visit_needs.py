"""What a neurologist and a carer missed on the papers: an overdose, doses that nobody wrote down, and sentences that were not true."""

from __future__ import annotations

import io
import re

import pypdf
import pytest

from gradatim.domain.clock import Instant
from gradatim.domain.entry import (
    DoseSkipped,
    EventKind,
    ExtraDose,
    Happened,
    OtherChange,
    OtherTaken,
    WatchAnswered,
)
from gradatim.domain.record import Record
from gradatim.insight.swallowed import swallowed
from gradatim.report.card import Card, hospital_card
from gradatim.report.card import to_pdf as card_pdf
from gradatim.report.clinician_html import to_html
from gradatim.report.clinician_page import ClinicianPage, clinician_page
from gradatim.report.clinician_pdf import to_pdf
from tests.journals import BACLOFEN, DAY, LEAFLET, LONDON, Book, at, begun, dose, mg, scheme
from tests.report.paper import pages
from tests.report.records import START, demo, given, hardly_written, too_much

Found = tuple[Record, Instant]


def page(found: Found) -> ClinicianPage:
    return clinician_page(given(found))


def card(found: Found) -> Card:
    return hospital_card(found[0], BACLOFEN, LEAFLET, found[1])


# --- swallowed, by the clock ------------------------------------------------------------------------------------------------


def hours(book: Book, now: Instant, many: int = 24) -> tuple[int, int, int, bool]:
    found = swallowed(book.record(now), BACLOFEN, LEAFLET, now, many)
    return found.amount.micrograms // 1000, found.planned.micrograms // 1000, found.unknown, found.partly


def test_yesterdays_dose_after_midnight_counts_by_the_clock() -> None:
    book = begun(scheme(start=START))
    book.take_all(START, START + DAY)
    night = START + 2 * DAY
    book.take(dose(1, night), at("08:00", night, LONDON))
    book.take(dose(2, night), at("14:00", night, LONDON))
    book.take(dose(3, night), at("+1 00:30", night, LONDON))
    book.take(dose(1, night + DAY), at("+1 08:00", night, LONDON))
    assert hours(book, at("+1 08:30", night, LONDON)) == (30, 30, 0, False)
    assert hours(book, at("+1 08:30", night, LONDON), 48) == (60, 60, 0, False)


def test_what_was_swallowed_before_the_record_began_counts_too() -> None:
    book = Book()
    book.describe(at("05:00", START, LONDON))
    book.write(ExtraDose(amount=mg(50)), at("06:00", START, LONDON))
    book.approve(scheme(start=START), at("10:00", START, LONDON))
    amount, planned, unknown, partly = hours(book, at("13:00", START, LONDON))
    assert (amount, planned, unknown, partly) == (50, 10, 1, True)


def test_a_dose_recorded_twice_is_in_it_and_said() -> None:
    book = begun(scheme(start=START))
    book.take_all(START, START + DAY)
    for minute in ("08:00", "08:20"):
        book.take(dose(1, START + 2 * DAY), at(minute, START + 2 * DAY, LONDON))
    found = book.record(), at("09:00", START + 2 * DAY, LONDON)
    name, amount, notes = page(found).clock[0]
    assert (name, amount) == ("Last 24 hours, by the clock", "40 mg")
    assert notes == "planned: 30 mg; one dose recorded twice: 10 mg"
    assert "One dose recorded twice: 10 mg more" in " ".join(card(found).beside)


def test_an_overdose_is_in_the_first_lines_of_the_report() -> None:
    made = page(too_much())
    assert made.clock[0][1:] == ("230 mg", "planned: 30 mg; extra: 200 mg")
    assert made.clock[1][1:] == ("260 mg", "planned: 60 mg; extra: 200 mg")
    (text,) = pages(to_pdf(given(too_much())))
    order = [
        "Emergency, not answered",
        "230 mg within 24 hours",
        "Recorded as taken",
        "Last 24 hours, by the clock 230 mg",
        "What happened",
    ]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)
    assert "Extra dose of 200 mg – “the whole box”" in text
    assert not any("within 24 hours" in item.text for item in made.findings)  # said once


def test_an_overdose_is_on_the_card() -> None:
    made = card(too_much())
    assert "230 mg within 24 hours, more than planned" in made.urgent
    assert made.clock == "230 mg (planned: 30 mg; extra: 200 mg)"
    assert made.beside == ("Extra doses in these 7 days: 200 mg on Tue 22 Sep 2026, 09:00.",)
    (text,) = pages(card_pdf(made))
    for words in (
        "Emergency: 200 mg more than planned",
        "230 mg (planned: 30 mg; extra: 200 mg)",
        "Last dose 200 mg",
        "Self-reported",
    ):
        assert words in text
    assert "230 mg within 24 hours" in made.sentences


def test_an_answered_emergency_leaves_the_box_and_keeps_its_answer() -> None:
    record, now = too_much()
    book = Book(person=record.entries[0].person, entries=list(record.entries), made=10_000)
    for one in given((record, now)).findings:
        if one.finding.level == "E":
            book.write(WatchAnswered(rule=one.finding.rule, by="Dr A. Name", said="seen in the hospital"), now)
    made = page((book.record(), now))
    assert made.urgent == ()
    assert made.findings[0].word == "Emergency"
    assert "Answered by Dr A. Name, Tue 22 Sep: “seen in the hospital”." in made.findings[0].text


# --- not recorded is not 0 mg -----------------------------------------------------------------------------------------------


def test_days_that_are_not_written_down_have_no_amount() -> None:
    made = page(hardly_written())
    assert made.amount == "Not known"
    assert made.amount_said == "35 of 39 doses are not written down (at least 0 to 10 mg a day). Planned: 30 mg a day."
    assert card(hardly_written()).really == "Not known: 19 of 21 doses are not written down (at least 0 to 10 mg a day)"
    assert made.clock[0][1] == "not known"
    assert made.clock[1][1] == "at least 10 mg"
    drawn = given(hardly_written()).recent_line.days
    assert [day.taken for day in drawn[:3]] == [mg(10), None, None]


def test_a_day_that_is_not_certain_stays_out_of_the_middle_and_the_range() -> None:
    book = begun(scheme(start=START))
    book.take_all(START, START + 9 * DAY)
    missing = [dose(slot, START + place * DAY) for place in (3, 5, 6) for slot in (1, 2, 3)]
    book.entries = [one for one in book.entries if getattr(one.what, "dose", None) not in missing]
    book.unsure(dose(1, START + 3 * DAY), at("08:00", START + 3 * DAY, LONDON))
    found = book.record(), at("23:30", START + 9 * DAY, LONDON)
    made = page(found)
    assert made.amount == "30 mg a day"
    assert made.amount_said == "On each of 7 days with every dose written down. Planned: 30 mg a day."
    assert "On 3 of 10 days not every dose is written down (at least 0 mg): left out of the amount above." in made.notes
    assert (card(found).really, card(found).really_note) == (
        "30 mg on 4 of 7 days",
        "Not every dose is written down on 3 of 7 days: at least 0 mg.",
    )


def test_a_gap_is_on_the_card() -> None:
    (gap,) = card(hardly_written()).beside
    assert gap == "Over 24 hours without any dose: 38 hours from Mon 14 Sep 2026, 08:00, still without a dose."
    assert card(hardly_written()).last.startswith("10 mg, Mon 14 Sep 2026, 08:00")


def test_a_dose_left_out_on_purpose_is_0_mg() -> None:
    book = begun(scheme(start=START))
    for place in range(3):
        for slot in (1, 2, 3):
            book.skip(dose(slot, START + place * DAY), at("08:00", START + place * DAY, LONDON))
    assert page((book.record(), at("23:30", START + 2 * DAY, LONDON))).amount == "0 mg a day"


# --- what was not true ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("taken", "said"),
    [
        ((), "none recorded"),
        ((("ibuprofen", OtherChange.ONCE, "400 mg"),), "no regular medicine; ibuprofen 400 mg once on Wed 2 Sep"),
        ((("sertraline", OtherChange.STARTED, None),), "sertraline"),
        ((("sertraline", OtherChange.STARTED, None), ("alcohol", OtherChange.ONCE, None), ("alcohol", OtherChange.ONCE, None)),
         "sertraline; alcohol, 2 times, last on Wed 2 Sep"),
    ],
)  # fmt: skip
def test_a_medicine_that_was_taken_once_is_not_denied(
    taken: tuple[tuple[str, OtherChange, str | None], ...], said: str
) -> None:
    book = begun(scheme(start=START))
    for name, change, amount in taken:
        book.write(OtherTaken(name=name, change=change, amount=amount), at("07:00", START, LONDON))
    found = book.record(), at("09:00", START, LONDON)
    assert dict(page(found).facts)["Other medicines"] == said
    if taken:
        assert taken[-1][0] in " ".join(card(found).risks)
    assert "no other medicine is recorded" not in card(found).sentences


def test_a_gap_that_was_answered_is_told_with_its_answer() -> None:
    book = begun(scheme(start=START))
    book.take_all(START, START + 5 * DAY)
    back = START + 8 * DAY
    book.write(WatchAnswered(rule="gap", by="Dr A. Name", said="start again at noon"), at("10:00", back, LONDON))
    book.take(dose(2, back), at("14:00", back, LONDON))
    texts = [item.text for item in page((book.record(), at("15:00", back, LONDON))).findings]
    (told,) = [text for text in texts if "Answered by" in text]
    assert told.startswith("No dose is recorded for 60 hours.")
    assert told.endswith("Answered by Dr A. Name, Thu 10 Sep: “start again at noon”. It does not fire now.")


def test_a_past_dose_has_the_clock_of_its_own_day() -> None:
    """After a move to New York a gap in London still began at eight in the morning."""
    book = begun(scheme(start=START))
    book.take_all(START, START + 2 * DAY)
    away = START + 6 * DAY
    book.describe(at("09:00", START + 4 * DAY, LONDON), zone="America/New_York")
    made = page((book.record(), at("23:00", away, LONDON)))
    assert any("from Fri 4 Sep 2026, 21:00" in note for note in made.notes)


# --- what a visit needs -----------------------------------------------------------------------------------------------------


def test_what_happened_is_dated_newest_first_and_cut_with_a_count() -> None:
    book = begun(scheme(start=START))
    book.take_all(START, START + 70 * DAY)
    for place in range(40):
        book.write(
            Happened(event=EventKind.FALL, note=f"fall number {place}"), at("12:00", START + place * DAY, LONDON)
        )
    found = book.record(), at("23:00", START + 70 * DAY, LONDON)
    texts = [item.text for item in page(found).happened]
    assert texts[0] == "Sun 11 Oct: A fall – “fall number 39”"
    assert len(texts) == 40
    (text,) = pages(to_pdf(given(found)))
    shown = re.findall(r"fall number (\d+)", text)
    assert shown == [str(39 - place) for place in range(len(shown))]
    assert f"{40 - len(shown)} more (in the HTML report)" in text


def test_what_happened_names_each_kind() -> None:
    texts = " | ".join(item.text for item in page(demo()).happened)
    for words in (
        "6 doses left out: felt sick", "ibuprofen 400 mg taken once", "bad sleep – “spasms all night”", "No dose for 48 hours from Tue 3 Nov 2026, 08:02",
        "New plan, example version 2: 45 mg → 40 mg a day – “weak legs and a fall after the last step”", "A fall – “in the kitchen, not hurt”",
        "Review answered “not yet”",
    ):  # fmt: skip
        assert words in texts


def test_a_skip_that_was_taken_after_all_is_no_skip() -> None:
    book = begun(scheme(start=START))
    book.write(DoseSkipped(dose=dose(1, START), reason="felt sick"), at("08:00", START, LONDON))
    book.take(dose(1, START), at("08:30", START, LONDON))
    assert page((book.record(), at("09:00", START, LONDON))).happened == ()


def test_a_review_that_does_not_wait_is_nothing_to_decide() -> None:
    book = begun(scheme(10, 20, start=START, days=7))
    book.take_all(START, START + 2 * DAY)
    assert page((book.record(), at("22:00", START + 2 * DAY, LONDON))).decide == ""
    late = page((book.record(), at("22:00", START + 9 * DAY, LONDON)))
    assert late.decide == "To decide: go on from 30 to 60 mg? (review by the clinician, open since Wed 9 Sep)"


@pytest.mark.parametrize("found", [too_much, hardly_written])
@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("us-letter", (612, 792))])
def test_it_is_still_one_page(found: object, paper: str, size: tuple[int, int]) -> None:
    made = to_pdf(given(found()), paper=paper)  # type: ignore[operator, arg-type]
    (one,) = pypdf.PdfReader(io.BytesIO(made)).pages
    assert (round(one.mediabox.width), round(one.mediabox.height)) == size


def test_nothing_scrolls_sideways_on_a_telephone() -> None:
    text = to_html(given(demo()))
    assert "overflow-x" not in text
    assert "min-width:36rem" not in text
    assert text.count('class="narrow"') == 3  # two weeks, and the whole time
    for cells in re.findall(r"<tr><th scope=\"row\">.*?</tr>", text):
        assert cells.count("<td ") == cells.count("data-name=")
