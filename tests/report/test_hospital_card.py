"""The hospital card: what was really taken beside what is planned, the last dose with its zone, and that the drug must not stop."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from functools import cache

import pikepdf
import pypdf
import pytest

from gradatim.domain.clock import Instant
from gradatim.domain.entry import OtherChange, OtherTaken, PersonDescribed, Preference
from gradatim.domain.knowledge import Level
from gradatim.domain.record import Record
from gradatim.report.card import _PHONE, Card, _data, hospital_card, to_pdf, to_png
from gradatim.report.typesetting import picture
from tests.journals import BACLOFEN, DAY, LEAFLET, LONDON, at, begun, dose, scheme
from tests.report.paper import adds_up_to, number, pages
from tests.report.pixels import margins_are_blank, pixels
from tests.report.records import LONG, START, demo, hardly_written, named, nothing, one_day, person, six_a_day, too_much

MM = 72 / 25.4
CASES: dict[str, Callable[[], tuple[Record, Instant]]] = {
    "full": demo, "nothing": nothing, "one day": one_day, "six a day": six_a_day, "long names": lambda: named(f"{LONG} {LONG}"),
    "Arabic": lambda: named("محمد علي"), "too much": too_much, "hardly written": hardly_written,
}  # fmt: skip


@cache
def card(name: str) -> Card:
    record, now = CASES[name]()
    return hospital_card(record, BACLOFEN, LEAFLET, now)


printed = cache(lambda name: to_pdf(card(name)))
said = cache(lambda name: " ".join(pages(printed(name))))


@pytest.mark.parametrize("name", CASES)
def test_it_is_one_sheet(name: str) -> None:
    assert len(pypdf.PdfReader(io.BytesIO(printed(name))).pages) == 1


def test_it_fits_us_letter() -> None:
    (page,) = pypdf.PdfReader(io.BytesIO(to_pdf(card("full"), paper="us-letter"))).pages
    assert (page.mediabox.width, page.mediabox.height) == (612, 792)


def starts(pdf: bytes) -> Iterator[tuple[str, float, float]]:
    """Where each piece of text begins, in points from the left and from the top."""
    page = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]
    found: list[tuple[str, float, float]] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: object, _size: float) -> None:
        if text.strip():
            x, y = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append((text.strip(), x, float(page.mediabox.height) - y))

    page.extract_text(visitor_text=visit)
    yield from found


@pytest.mark.parametrize("name", CASES)
def test_both_sides_are_85_by_54_millimetres_and_nothing_is_cut_off(name: str) -> None:
    left = 19.4 * MM
    top = next(y for text, _, y in starts(printed(name)) if text.startswith("I take")) - 8 * MM
    end = next(y for text, _, y in starts(printed(name)) if text.startswith("Printed"))
    on_card = [(text, x, y) for text, x, y in starts(printed(name)) if top < y < end - 8 * MM]
    assert len(on_card) > 10
    bottom = top + 8 * MM + 54 * MM
    assert all(left <= x <= left + 2 * 85.6 * MM for _, x, _ in on_card)
    assert all(y < bottom for _, _, y in on_card), [text for text, _, y in on_card if y >= bottom]
    assert "Last dose" in said(name)
    assert "Self-reported" in said(name)


@pytest.mark.parametrize("name", ["full", "long names", "too much", "hardly written"])
def test_the_picture_is_for_a_phone_and_has_room(name: str) -> None:
    made = picture("card.typ", _data(card(name), "phone"), card(name).now.seconds, 36)
    small = pixels(made)
    assert small.shape[:2] == (390, 180)
    assert margins_are_blank(small, 0.05, 0.03)


def test_the_picture_has_1080_by_2340_pixels() -> None:
    made = to_png(card("full"))
    assert made[16:24] == (1080).to_bytes(4, "big") + (2340).to_bytes(4, "big")
    assert _PHONE * 360 / 72 == 1080


def test_the_same_record_gives_the_same_bytes() -> None:
    record, now = demo()
    again = hospital_card(record, BACLOFEN, LEAFLET, now)
    assert again == card("full")
    assert to_pdf(again) == printed("full")
    assert to_png(again) == to_png(again)


# --- what it says ---------------------------------------------------------------------------------------------------------


def test_the_drug_is_written_in_full() -> None:
    assert "I take baclofen by mouth" in said("full")


def test_the_real_dose_stands_before_the_planned_one() -> None:
    text = said("full")
    assert "Really taken 40 mg on 5 of 7 days, 25 mg on 1" in text
    assert "Not every dose is written down on 1 of 7 days: at least 25 mg." in text
    assert text.index("Really taken") < text.index("Planned today")
    assert "Planned today 40 mg" in text


def test_each_dose_is_its_tablets() -> None:
    found = re.findall(r"\d\d:\d\d ([\d.]+) mg = ((?:[\d½¼¾]+ tablets? of [\d.]+ mg(?: \+ )?)+)", said("six a day"))
    assert len(found) == 6
    assert all(number(mg) == adds_up_to(units) == 25 for mg, units in found)


def test_the_last_dose_has_its_day_time_and_zone() -> None:
    assert "Last dose 15 mg, Tue 24 Nov 2026, 21:29 (Europe/London, UTC+0)" in said("full")
    assert "As of Tue 24 Nov 2026, 22:29 (Europe/London, UTC+0)" in said("full")


def test_it_says_when_nothing_is_known() -> None:
    text = said("nothing")
    assert "Really taken no whole day is recorded" in text
    assert "Last dose none recorded" in text
    assert "Kidneys not known" in text
    assert "no approved plan" in text


def test_an_extra_dose_can_be_the_last_one() -> None:
    book = begun(scheme(start=START))
    book.take(dose(1, START), at("08:00", START, LONDON))
    made = hospital_card(book.record(), BACLOFEN, LEAFLET, at("09:00", START, LONDON))
    assert made.last == "10 mg, Wed 2 Sep 2026, 08:00 (Europe/London, UTC+1)"


def test_every_sign_of_stopping_is_the_monographs() -> None:
    text = said("full").lower()
    for sign in LEAFLET.danger_signs:
        if sign.id.startswith("withdrawal-") and sign.level is Level.EMERGENCY and not sign.id.endswith("pump"):
            assert sign.sign.lower() in text
    assert "do not stop suddenly" in text
    assert "sources: us-tab [t]" in text


def test_kidneys_have_the_day_of_the_test() -> None:
    assert "creatinine 70 µmol/L on Tue 1 Sep 2026; CKD-EPI 2021 93 mL/min/1.73 m²" in said("full")
    book = begun(scheme(start=START))
    book.write(PersonDescribed(person=person("Example person")), at("06:00", START, LONDON))
    made = hospital_card(book.record(), BACLOFEN, LEAFLET, at("09:00", START, LONDON))
    assert made.kidneys.startswith("creatinine 80 µmol/L, as described on Wed 2 Sep 2026; CKD-EPI 2021")


def test_medicines_that_are_a_risk_come_first() -> None:
    book = begun(scheme(start=START))
    for name in ("vitamin D", "morphine", "something else"):
        book.write(OtherTaken(name=name, change=OtherChange.STARTED), at("06:00", START, LONDON))
    made = hospital_card(book.record(), BACLOFEN, LEAFLET, at("09:00", START, LONDON))
    assert made.risks[0].startswith("morphine (major interaction: ")
    assert set(made.risks[1:]) == {"vitamin D", "something else"}


def test_contacts_are_in_the_order_in_which_they_are_called() -> None:
    book = begun(scheme(start=START))
    for name, value in (
        ("neighbour", "01632 960009"),
        ("pharmacist", "01632 960002"),
        ("prescriber", "Dr A. Name"),
        ("emergency", " "),
    ):
        book.write(Preference(name=f"contact-{name}", value=value), at("06:00", START, LONDON))
    made = hospital_card(book.record(), BACLOFEN, LEAFLET, at("09:00", START, LONDON))
    assert made.contacts == ("Prescriber: Dr A. Name", "Pharmacist: 01632 960002", "Neighbour: 01632 960009")


def test_a_long_contact_keeps_its_number() -> None:
    assert said("long names").count("01632 960003") >= 1
    assert "01632 960003" in said("Arabic")  # not turned round by the words before it


def test_the_picture_has_its_sentences() -> None:
    for words in (
        "40 mg on 5 of 7 days",
        "21:29 (Europe/London",
        "Do not stop suddenly",
        "creatinine 70",
        "01632 960001",
    ):
        assert words in card("full").sentences


def test_it_is_tagged_for_screen_readers() -> None:
    with pikepdf.open(io.BytesIO(printed("full"))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        with pdf.open_metadata() as xmp:
            assert xmp["pdfuaid:part"] == "1"
        tags = {
            str(one.S) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one and "/P" in one
        }
        assert {"/H1", "/H2"} <= tags


def test_a_plan_that_ended_days_ago_shows_what_was_taken_until_then() -> None:
    book = begun(scheme(start=START))
    book.take_all(START, START + 8 * DAY)
    made = hospital_card(book.record(), BACLOFEN, LEAFLET, at("12:30", START + 9 * DAY, LONDON))
    assert made.really == "30 mg a day on the last 7 whole days"


def test_who_takes_less_than_planned_has_both_on_the_card() -> None:
    book = begun(scheme(start=START))
    for planned in book.record().doses(BACLOFEN, START, START + 7 * DAY):
        if planned.slot == "s2":
            book.skip(planned.id, planned.instant)
        else:
            book.take(planned.id, planned.instant)
    made = hospital_card(book.record(), BACLOFEN, LEAFLET, at("23:30", START + 7 * DAY, LONDON))
    assert (made.really, made.planned) == ("20 mg a day on the last 7 whole days", "30 mg")
