"""Every page in every language: no English is left on it, and half a milligram has the decimal sign of the language everywhere."""

from __future__ import annotations

import html
import io
import re
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pypdf
import pytest

from gradatim.domain.dose import OralDose
from gradatim.domain.entry import DoseTaken
from gradatim.domain.plan import Step
from gradatim.domain.record import Record
from gradatim.languages import LANGUAGES, speaking
from gradatim.monographs import leaflet, monograph
from gradatim.report import card
from gradatim.report.clinician import gather
from gradatim.report.clinician_html import to_html
from gradatim.report.clinician_pdf import to_pdf
from tests.journals import BACLOFEN, D, at, begun, scheme

HALF = OralDose(12_500)
OTHERS = sorted(LANGUAGES.keys() - {"en"})
ENGLISH = re.compile(r"\b(the|with|your|taken|tablets?|days?|dose is|from|until|creatinine|recorded|planned)\b")


@cache
def record() -> Record:
    """Ten days of halves of 25 mg, with a change of dose among them."""
    plan = scheme(5, 10, days=4, reviews=False)
    items = tuple(
        replace(one, doses=(HALF if place == 0 else OralDose(25_000),) * 3) if isinstance(one, Step) else one
        for place, one in enumerate(plan.items)
    )
    book = begun(replace(plan, items=items, products=("de/25",)), market="DE", creatinine="70 umol/L")
    for one in book.record().doses(BACLOFEN, D, D + timedelta(days=9)):
        book.write(DoseTaken(dose=one.id, amount=one.dose), one.instant)
    return book.record()


def papers() -> dict[str, str]:
    now = at("20:00", D + timedelta(days=9))
    made = gather(record(), monograph(), leaflet(), now)
    carded = card.hospital_card(record(), monograph(), leaflet(), now)
    return {
        "page": _text(to_pdf(made)),
        "html": html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", to_html(made), flags=re.DOTALL)),
        "card": _text(card.to_pdf(carded)),
        "card aloud": carded.sentences,
    }


def _text(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("language", OTHERS)
def test_a_half_has_a_comma_and_no_english_is_left(language: str) -> None:
    with speaking(language):
        said = papers()
    for name, text in said.items():
        plain = " ".join(text.split())
        assert re.findall(r"\d\.\d+ ?(?:mg|mL|kg)\b", plain) == [], name
        assert "12,5" in plain or "37,5" in plain, name
        assert ENGLISH.findall(plain) == [], (
            name,
            [plain[max(0, found.start() - 40) : found.end() + 40] for found in ENGLISH.finditer(plain)],
        )


def test_the_same_in_english_has_a_point() -> None:
    assert all("12.5" in text or "37.5" in text for text in papers().values())
