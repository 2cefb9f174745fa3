"""What is made of a record, over HTTP: the same as on the command line, of the right kind, for who may read, and noted."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from pypdf import PdfReader

from gradatim.domain.entry import CheckIn, NoteWritten, PersonDescribed, Preference, What
from gradatim.domain.fold import fold
from gradatim.journal.writing import written_down
from gradatim.server.api import folded
from gradatim.server.journal import TableJournal
from gradatim.server.models import Access, Role
from gradatim.server.who import Scope
from tests.server.kept import Kept, faults
from tests.server.made import account, browser, program, send

pytestmark = pytest.mark.one_database

Patch = pytest.MonkeyPatch
LATE = "2026-10-20T18:00:00+00:00"


@pytest.fixture
def record(db: None, monkeypatch: Patch) -> Kept:
    return Kept(monkeypatch, LATE)


FILES = [
    ("/report", "application/pdf", "report-2026-10-20.pdf", b"%PDF-"),
    ("/report?format=html&days=28", "text/html; charset=utf-8", "report-2026-10-20.html", b"<!"),
    ("/card?page=letter", "application/pdf", "card-2026-10-20.pdf", b"%PDF-"),
    ("/card?format=png", "image/png", "card-2026-10-20.png", b"\x89PNG"),
    ("/calendar?format=ics&mode=to-take&last=2026-10-31", "text/calendar; charset=utf-8", None, b"BEGIN:VCALENDAR"),
    ("/calendar?format=csv", "text/csv; charset=utf-8", None, b""),
    ("/calendar?page=letter&large=true", "application/pdf", None, b"%PDF-"),
]


@pytest.mark.parametrize(("path", "kind", "name", "begins"), FILES, ids=[path for path, *_ in FILES])
def test_a_paper_is_of_its_kind_and_named_plainly(
    record: Kept, path: str, kind: str, name: str | None, begins: bytes
) -> None:
    said = record.get(path)
    assert (said.status_code, said["Content-Type"]) == (200, kind)
    assert said.content.startswith(begins)
    named = said["Content-Disposition"]
    assert named.isascii()
    assert named.startswith("attachment; filename=")
    assert name is None or name in named
    assert "aclofen" not in named
    assert said["Cache-Control"] == "no-store"


def test_the_page_for_the_doctor_says_the_real_doses(record: Kept) -> None:
    (page,) = PdfReader(io.BytesIO(record.get("/report?page=letter").content)).pages
    assert "40 mg" in page.extract_text()
    assert abs(float(page.mediabox.width) - 612) < 1


def test_a_page_that_is_opened_as_a_file_runs_nothing(record: Kept) -> None:
    policy = record.get("/report?format=html")["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_the_calendar_as_data_is_a_plan_document(record: Kept) -> None:
    made = json.loads(record.get("/calendar?format=json&first=2026-10-20&last=2026-10-21&mode=to-take").content)
    assert made["schema"] == "gradatim/plan/1"
    assert {dose["date"] for dose in made["doses"]} == {"2026-10-20", "2026-10-21"}
    assert sum(dose["mg"] for dose in made["doses"]) == 80
    assert list(faults(record.get("/calendar?first=2026-10-21&last=2026-10-20"))) == ["last"]
    assert record.get("/calendar?first=2026-10-20&last=2099-10-20").status_code == 422


def test_the_history_in_words_page_by_page(record: Kept) -> None:
    lines, after, pages = [], None, 0
    while True:
        said = record.get(f"/history?limit=150{'' if after is None else f'&after={after}'}").json()
        lines += said["lines"]
        after, pages = said["next"], pages + 1
        if after is None:
            break
    entries = record.entries()
    assert pages > 2
    assert {one["entry"]["id"] for one in lines} == {one.id for one in entries}
    assert len(lines) == len(entries)
    stamps = [one["entry"]["at"] for one in lines]
    assert stamps == sorted(stamps, reverse=True)
    assert {"put right", "corrects"} & {one["status"] for one in lines}
    taken = next(one for one in lines if one["entry"]["what"]["kind"] == "dose-taken")
    assert " mg" in taken["says"]
    assert taken["time"] in taken["entry"]["at"] or taken["date"] > "2026-03"


def test_a_part_of_the_history(record: Kept) -> None:
    said = record.get("/history?kind=symptom&first=2026-08-01&last=2026-09-30&limit=3").json()
    assert {one["entry"]["what"]["kind"] for one in said["lines"]} <= {"symptom"}
    assert "dose-taken" in said["kinds"]
    assert all("2026-08-01" <= one["date"] <= "2026-09-30" for one in said["lines"])
    assert list(faults(record.get("/history?after=x"))) == ["after"]


def test_a_history_without_a_plan(db: None, monkeypatch: Patch) -> None:
    empty = Kept(monkeypatch, LATE, empty=True)
    assert empty.get("/history").json() == {"lines": [], "next": None, "kinds": []}
    for path in ("/report", "/card", "/calendar", "/insight", "/levels", "/stock", "/watch"):
        said = empty.get(path)
        assert (said.status_code, said.json()["type"]) == (409, "urn:gradatim:problem:no-plan")


def test_insight_is_that_of_the_command_line(record: Kept) -> None:
    from gradatim.domain.clock import Instant
    from gradatim.insight.adherence import adherence
    from gradatim.insight.of_record import insight_of
    from gradatim.monographs import leaflet, monograph
    from gradatim.report.insight_data import insight_data

    folded_now = fold(record.entries())
    taken = adherence(folded_now, monograph(), leaflet(), record.now, date(2026, 10, 14), date(2026, 10, 20))
    assert isinstance(record.now, Instant)
    made = record.get("/insight?days=7&scale=spasticity").json()
    figures = made.pop("figures")
    assert [one["scale"] for one in figures["lines"]] == ["spasticity"]
    assert made == json.loads(json.dumps(insight_data(taken, insight_of(folded_now, date(2026, 10, 20)), "spasticity")))
    assert made["results"]
    assert list(faults(record.get("/insight?scale=none"))) == ["scale"]


def test_the_figures_beside_what_changed(record: Kept) -> None:
    made = record.get("/insight?days=84").json()
    figures = made["figures"]
    taken, first, last = figures["taken"], figures["taken"]["first"], figures["taken"]["last"]
    assert last == "2026-10-20"
    assert [one["day"] for one in taken["days"]] == sorted({one["day"] for one in taken["days"]})
    assert sum(one["missed"] for one in taken["days"]) == made["doses"]["missed"]
    assert len(taken["table"]) == len(taken["days"]) + 1
    assert {day for piece in taken["pieces"] for day in piece} <= {
        one["day"] for one in taken["days"] if one["taken_mg"] is not None
    }
    (line, *_) = (one for one in figures["lines"] if one["scale"] == "spasticity")
    scored = {
        one.at.local(one.zone).date().isoformat() for one in record.entries()
        if isinstance(one.what, CheckIn) and any(score.scale == "spasticity" for score in one.what.scores)
    }  # fmt: skip
    shown = [one["day"] for piece in line["pieces"] for one in piece]
    assert set(shown) == {day for day in scored if first <= day <= last}
    assert len(line["pieces"]) > 1, "a day without a check-in is a gap"
    steps = {one["day"]: one["mg"] for one in line["steps"]}
    assert steps == {one["first"]: one["mg"] for one in taken["treads"] if one["first"] in steps}
    assert (line["low"], line["high"], line["better"]) == (0, 10, "low")
    assert line["important"] is None, "no source gives a difference for this scale"
    compared = [one for one in made["results"] if one["method"] == "insight.method.before-after"]
    assert {one["change"]["on"] for one in compared} <= {one["day"] for one in line["steps"]} | {first}
    assert all(one["verdict"] and one["how"] for one in compared)
    assert {one["stands_out"] for one in compared} >= {"alone", "chance"}
    assert all(
        one["sides"]["before"]["low"] <= one["sides"]["before"]["middle"] <= one["sides"]["before"]["high"]
        for one in compared
    )
    assert all(one["sides"] is None for one in made["results"] if one not in compared)


def test_the_box_and_what_to_order(record: Kept) -> None:
    made = record.get("/stock").json()
    assert made["stock"]
    assert made["order"] is None
    assert all(one["name"] and one["says"] for one in made["stock"])
    assert made["lasts"].startswith("The first dose that cannot be made")
    closed = {one["day"]: one["name"] for one in made["ahead"]["closed"]}
    assert "2026-10-24" in closed, "a Saturday"
    assert "2026-10-22" not in closed
    assert made["date"] <= made["ahead"]["collect_by"] < made["run_out"]
    assert made["ahead"]["trips"] == []
    made = record.get("/stock?until=2026-12-31&margin=7").json()
    (line, *_) = made["order"]["lines"]
    assert (made["order"]["until"], made["order"]["margin_days"]) == ("2026-12-31", 7)
    assert line["need"]["dispense"] >= line["order"]["dispense"] > 0
    assert line["says"].startswith(f"{line['name']}: order {line['order']['dispense']} tablets of ")
    assert record.get("/stock?until=2026-01-01").status_code == 422


def test_the_watch(db: None, monkeypatch: Patch) -> None:
    kept = Kept(monkeypatch, "2026-10-12T18:00:00+00:00")
    found = {one["rule"]: one for one in kept.get("/watch").json()}
    assert found["watch-interaction-nsaids"]["level"] == "D"
    assert all(one["source"] and one["message"] for one in found.values())


PATHS = ["/plan", "/report", "/card", "/calendar", "/history", "/insight", "/levels", "/stock", "/watch"]


@pytest.mark.parametrize("path", PATHS)
def test_only_who_may_read(record: Kept, path: str) -> None:
    keeper = record.join(Role.CARER, "C. Name", (Scope.TODAY, Scope.LOG, Scope.PLAN))
    assert record.get(path, keeper).status_code == 403
    stranger = record.get(path, program(account()))
    nothing = send(program(account()), "get", f"/records/00000000-0000-4000-8000-000000000000{path}")
    assert stranger.status_code == nothing.status_code == 404
    assert stranger.content == nothing.content
    assert record.get(path, browser()).status_code == 401
    assert not Access.objects.filter(record_id=record.record).exists()


def test_who_looked_is_noted(record: Kept) -> None:
    carer = record.join(Role.CARER, "C. Name")
    for path in PATHS:
        assert record.get("/calendar?format=csv" if path == "/calendar" else path, carer).status_code == 200
    noted = set(Access.objects.filter(record_id=record.record, name="C. Name").values_list("action", flat=True))
    assert noted == {f"read the {path.strip('/')}" for path in PATHS}


@pytest.fixture
def full() -> Iterator[None]:
    for _ in range(folded.AT_ONCE):
        assert folded._room.acquire(blocking=False)
    yield
    for _ in range(folded.AT_ONCE):
        folded._room.release()


@pytest.mark.parametrize("path", ["/report", "/card", "/calendar", "/insight", "/levels"])
def test_there_is_room_for_so_many_papers_and_no_pile_up(
    record: Kept, full: None, monkeypatch: Patch, path: str
) -> None:
    monkeypatch.setattr(folded, "PATIENCE", 0.01)
    said = record.get(path)
    assert (said.status_code, said.json()["type"]) == (503, "urn:gradatim:problem:unavailable")
    assert said["Retry-After"] == "3"
    assert record.get("/history?limit=1").status_code == 200


def test_room_is_given_back(record: Kept, monkeypatch: Patch) -> None:
    def broken(*args: Any, **kwargs: Any) -> bytes:
        raise RuntimeError

    monkeypatch.setattr("gradatim.server.api.papers.clinician_pdf.to_pdf", broken)
    for _ in range(folded.AT_ONCE + 1):
        assert record.get("/report").status_code == 500
    monkeypatch.undo()
    assert folded._room.acquire(timeout=0.1)
    folded._room.release()


HOSTILE = '<script>alert(1)</script> "; filename="x.exe \r\nSet-Cookie: x=1 {{7*7}}#[x] \u202e ' + "\U0001d518" * 99


def test_hostile_text_appears_as_text(db: None, monkeypatch: Patch) -> None:
    kept = Kept(monkeypatch, "2026-08-03T18:00:00+00:00")
    described = next(one.what.person for one in kept.entries() if isinstance(one.what, PersonDescribed))
    what: list[What] = [
        PersonDescribed(person=replace(described, called=f"=1+1{HOSTILE}")), NoteWritten(text=f"ask: {HOSTILE}"),
        Preference(name="contact-clinic", value=HOSTILE), Preference(name="region", value=HOSTILE),
    ]  # fmt: skip
    moment = kept.now.plus(-100)
    subject = kept.entries()[0].person
    TableJournal(kept.record).append(
        written_down(
            what, subject=subject, at=moment, recorded=moment, by=HOSTILE, device=lambda: "x", zone="Europe/London"
        )
    )
    for path in (
        "/report?format=html",
        "/report",
        "/card",
        "/calendar?format=ics",
        "/calendar?format=csv",
        "/history",
        "/stock",
        "/plan",
    ):
        said = kept.get(path)
        assert said.status_code == 200, path
        assert not said.has_header("Set-Cookie")
        assert "exe" not in said.get("Content-Disposition", "")
    html = kept.get("/report?format=html").content
    assert b"<script>alert" not in html
    assert b"&lt;script&gt;alert" in html


def test_papers_from_many_threads(kept: None, monkeypatch: Patch) -> None:
    record = Kept(monkeypatch, "2026-08-10T18:00:00+00:00")
    monkeypatch.setattr(folded, "PATIENCE", 30)
    codes: list[int] = []

    def ask() -> None:
        codes.append(record.get("/card").status_code)
        connection.close()

    threads = [Thread(target=ask) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert codes == [200] * 4
