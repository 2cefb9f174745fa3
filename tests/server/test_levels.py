"""The level in the blood over HTTP: the figure of the record or why there is none, for who may read, and within bounds."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest

from gradatim.domain.entry import PersonDescribed
from gradatim.domain.fold import fold
from gradatim.journal.demo import PERSON
from gradatim.journal.writing import written_down
from gradatim.monographs import leaflet, monograph
from gradatim.report.levels.of_record import levels_ahead, past_levels
from gradatim.report.levels.shown import shown
from gradatim.server.journal import TableJournal
from gradatim.server.models import Role
from gradatim.server.who import Scope
from tests.server.kept import Kept, faults

pytestmark = pytest.mark.one_database

LATE = "2026-10-20T18:00:00+00:00"


@pytest.fixture
def record(db: None, monkeypatch: pytest.MonkeyPatch) -> Kept:
    return Kept(monkeypatch, LATE)


def test_the_figure_is_that_of_the_record(record: Kept) -> None:
    folded_now = fold(record.entries())
    made = past_levels(folded_now, monograph(), leaflet(), record.now, days=7)
    assert record.get("/levels?days=7").json() == json.loads(json.dumps(shown(made)))
    ahead = levels_ahead(folded_now, monograph(), record.now, days=28)
    said = record.get("/levels?of=ahead&days=28").json()
    assert said == json.loads(json.dumps(shown(ahead)))
    assert said["figure"]["first"] == "2026-10-20"
    assert said["figure"]["taken"] is None


def test_asked_twice_it_is_the_same_and_soon_there(record: Kept) -> None:
    """The made-up people are drawn from one seed. Measured: 0.3 s of one processor for a fortnight, 0.5 s for four weeks."""
    first = record.get("/levels?days=28").content
    begun = time.process_time()
    assert record.get("/levels?days=28").content == first
    assert time.process_time() - begun < 3
    assert len(first) < 60_000


@pytest.mark.parametrize(("query", "fault"), [("days=0", "days"), ("days=29", "days"), ("of=other", "of")])
def test_no_more_than_can_be_waited_for(record: Kept, query: str, fault: str) -> None:
    said = record.get(f"/levels?{query}")
    assert said.status_code == 422
    assert list(faults(said)) == [fault]


def test_why_there_is_none_is_an_answer(record: Kept) -> None:
    described = PersonDescribed(person=replace(PERSON, dialysis=True))
    moment, subject = record.now.plus(-100), record.entries()[0].person
    new = written_down(
        [described], subject=subject, at=moment, recorded=moment, by="A. Name", device=lambda: "x", zone="Europe/London"
    )
    TableJournal(record.record).append(new)
    said = record.get("/levels")
    assert said.status_code == 200
    assert said.json()["figure"] is None
    assert said.json()["why_not"].startswith("No level is drawn: with dialysis ")


def test_it_is_said_in_the_language_that_is_asked_for(record: Kept) -> None:
    said = record.get("/levels?days=3", headers={"Accept-Language": "de"}).json()["figure"]
    assert said["title"] != record.get("/levels?days=3").json()["figure"]["title"]


def test_a_prescriber_may_see_it_and_a_helper_for_today_may_not(record: Kept) -> None:
    assert record.get("/levels?days=3", record.join(Role.PRESCRIBER, "P. Name")).status_code == 200
    helper = record.join(Role.CARER, "C. Name", (Scope.TODAY, Scope.LOG))
    assert record.get("/levels?days=3", helper).status_code == 403


def test_the_page_for_the_doctor_has_it_as_html(record: Kept) -> None:
    page = record.get("/report?format=html").content.decode()
    assert "Level of baclofen in the blood, as a model expects it" in page
    assert "It is no reason to change a dose." in page
