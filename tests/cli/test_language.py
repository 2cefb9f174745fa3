"""The sentences of the program in another language, by a variable; pages and calendar files with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import icalendar
import pypdf
import pytest

from tests.cli.conftest import EXAMPLES, Run

NAMES = {"de": ("Baclofen", "Tablette"), "es": ("Baclofeno", "comprimido"), "fr": ("Baclofène", "comprimé")}


@pytest.mark.parametrize("language", NAMES)
def test_a_calendar_is_in_the_language_and_has_the_same_doses(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    drug, tablet = NAMES[language]
    plan = tmp_path / "plan.json"
    assert run("plan", EXAMPLES / "ms-adult.toml", "--out", plan).code == 0
    assert run("approve", plan, "--by", "Dr B. Name").code == 0
    assert run("calendar", plan, "--out", tmp_path / "en.ics").code == 0
    monkeypatch.setenv("GRADATIM_LANGUAGE", language)
    for kind in ("ics", "pdf"):
        assert run("calendar", plan, "--out", tmp_path / f"{language}.{kind}").code == 0
    english, other = (_events(tmp_path / f"{tag}.ics") for tag in ("en", language))
    assert [(one["UID"], one["DTSTART"].dt) for one in other] == [(one["UID"], one["DTSTART"].dt) for one in english]
    assert all(drug in one["SUMMARY"] and tablet in one["SUMMARY"] for one in other)
    page = "".join(one.extract_text() for one in pypdf.PdfReader(tmp_path / f"{language}.pdf").pages)
    assert tablet in page
    assert not any(word in page for word in ("tablet of", "Do not stop", "a day", "Step 1", "printed"))


def _events(file: Path) -> list[Any]:
    return list(icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT"))


def test_an_unknown_language_is_refused_with_those_that_are_known(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADATIM_LANGUAGE", "xx")
    ran = run("plan", EXAMPLES / "ms-adult.toml")
    assert ran.code == 2
    assert "GRADATIM_LANGUAGE" in ran.err
    assert "de" in ran.err
    assert ran.out == ""
