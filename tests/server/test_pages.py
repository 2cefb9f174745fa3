"""The pages: what they say is due is what the terminal says, they work without a script, and nobody else's words get into them."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from gradatim.cli import main
from gradatim.domain.alarm import emergencies, open_findings
from gradatim.domain.clock import Instant
from gradatim.domain.entry import Entry, NoteWritten, SymptomNoted, WatchAnswered, new_id
from gradatim.domain.fold import fold
from gradatim.domain.record import Record
from gradatim.domain.today import DoseState, today
from gradatim.journal.lines import LinesJournal
from gradatim.monographs import leaflet, monograph
from gradatim.server import app_place, home_certificate, models
from gradatim.server.app_place import front
from gradatim.server.day import Day, day_of
from gradatim.server.journal import TableJournal
from gradatim.server.models import Account
from gradatim.server.pages import UNREADABLE
from gradatim.server.pairing import code_for
from gradatim.server.who import ALL, Scope, new_device
from tests.server.made import account, browser, demo, record_of

pytestmark = pytest.mark.one_database

TEMPLATES = sorted(Path(str(files("gradatim.server"))).joinpath("templates").rglob("*.html"))
STATIC = sorted(Path(str(files("gradatim.server"))).joinpath("static").iterdir())


def until(moment: str) -> list[Entry]:
    """The made-up record up to a moment."""
    end = Instant.parse(moment)
    return [entry for entry in demo() if entry.recorded <= end]


def noted(entries: list[Entry], what: Any, moment: str) -> list[Entry]:
    at = Instant.parse(moment)
    return [*entries, replace(entries[-1], id=new_id(at.seconds * 1000, b"0123456789"), at=at, recorded=at, what=what)]


def seen_at(entries: list[Entry], moment: str) -> tuple[Record, Day]:
    record = fold(entries)
    return record, day_of(record, Instant.parse(moment))


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


# --- what is due ---------------------------------------------------------------------------------------------------------

DUE, QUIET, SOON = "2026-09-15T07:10:00Z", "2026-09-15T09:30:00Z", "2026-09-15T05:00:00Z"
MOMENTS = [
    pytest.param(DUE, DUE, None, id="due"),
    pytest.param(DUE, "2026-09-15T08:40:00Z", None, id="late"),
    pytest.param(QUIET, QUIET, None, id="nothing-due"),
    pytest.param(SOON, SOON, None, id="to-come"),
    pytest.param("2026-09-14T07:30:00Z", "2026-09-15T20:00:00Z", None, id="gap"),
    pytest.param(DUE, "2026-09-15T07:20:00Z", SymptomNoted(sign="seizure"), id="emergency"),
    pytest.param("2026-08-01T07:00:00Z", "2026-08-01T07:30:00Z", None, id="first-day"),
    pytest.param("2026-10-22T12:00:00Z", "2026-10-22T13:05:00Z", None, id="end"),
]


@pytest.mark.parametrize(("known", "moment", "what"), MOMENTS)
def test_a_page_says_what_the_terminal_says(known: str, moment: str, what: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    entries = until(known) if what is None else noted(until(known), what, moment)
    LinesJournal(tmp_path / "journal.jsonl").append(entries)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(Instant.parse(moment).seconds))
    monkeypatch.setenv("COLUMNS", "1000")
    monkeypatch.setattr(sys, "argv", ["gradatim", "today", "--journal", str(tmp_path / "journal.jsonl")])
    with pytest.raises(SystemExit):
        main()
    terminal = plain(capsys.readouterr().out)
    _, day = seen_at(entries, moment)
    assert day.first
    for line in (*day.alarms, *day.first):
        assert plain(line.text) in terminal
        assert line.source in terminal
    for row in day.doses:
        assert plain(f"{row.at} {row.amount} {row.units} {row.state}") in terminal


def test_over_weeks_no_dose_is_offered_where_somebody_has_to_be_asked_first() -> None:
    """Every five hours of six weeks, with doses missing and signs noted: emergencies first, and no amount beside them."""
    met = set()
    for number in range(200):
        at = Instant.parse("2026-08-20T03:00:00Z").plus(number * 5 * 3600)
        moment = at.iso()
        entries = [one for one in until(moment) if one.recorded.utc().day % 9 not in (3, 4)]
        if number % 4 == 0:
            entries = noted(entries, SymptomNoted(sign="seizure"), moment)
        record, day = seen_at(entries, moment)
        seen = today(record, monograph(), leaflet(), at)
        urgent = emergencies(open_findings(record, monograph(), leaflet(), at))
        offered = [line.text for line in day.first if re.search(r"\b(Take|take it)\b.* mg", plain(line.text))]
        assert len(offered) <= 1
        if urgent:
            assert day.alarms[0].tone == "danger"
            assert plain(day.first[0].text) == "Do not take or leave out a dose on your own now: ask them."
        if urgent or seen.gap is not None:
            assert offered == []
            assert not any(" mg" in plain(note.text) for note in day.notes if "beside the plan" not in note.text)
            assert len(day.doses) == sum(one.done is not None for one in seen.doses)
            met.add("emergency" if urgent else "gap")
        elif seen.due is not None and seen.wait is None and seen.told is None:
            assert len(offered) == 1
            assert str(seen.due.dose.dose) in plain(offered[0])
            met.add("due" if seen.due.state is DoseState.DUE else "late")
    assert met == {"emergency", "gap", "due", "late"}


def test_what_somebody_said_who_was_asked_goes_before_the_plan() -> None:
    moment = "2026-09-15T20:00:00Z"
    entries = noted(until("2026-09-14T07:30:00Z"), WatchAnswered(rule="gap", by="Dr B. Name", said="5 mg three times a day"), moment)  # fmt: skip
    _, day = seen_at(entries, moment)
    assert "Dr B. Name said" in day.first[0].text
    assert not any("Take" in line.text for line in day.first)


def test_a_number_and_its_unit_stay_on_one_line() -> None:
    _, day = seen_at(until(DUE), DUE)
    told = [text for line in (*day.first, *day.notes) for text in (line.text, line.act)] + [f"{row.amount} {row.units}" for row in day.doses]  # fmt: skip
    assert any("\u00a0mg" in text for text in told)
    assert not any(re.search(r"\d mg", text.replace("\u00a0", "_")) for text in told)


# --- the pages -----------------------------------------------------------------------------------------------------------


class Parts(HTMLParser):
    """The elements of a page, checked to be closed in their order."""

    VOID = frozenset({"meta", "link", "input", "img", "br", "path", "rect"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.found if name == tag]


def checked(response: Any, status: int = 200) -> Parts:
    """A page: nothing inline, nothing from elsewhere, every field with its name."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    text = response.content.decode()
    parts = Parts(text)
    for tag, attrs in parts.found:
        assert tag != "style"
        assert tag != "script" or attrs.get("src", "").startswith("/static/")  # type: ignore[union-attr]
        assert not any(name == "style" or name.startswith("on") for name in attrs), (tag, attrs)
        for name in ("src", "href", "action"):
            assert (attrs.get(name) or "/").startswith(("/", "#")), (tag, attrs)
    labels = {attrs["for"] for attrs in parts.all("label")}
    for attrs in parts.all("input"):
        assert attrs.get("type") == "hidden" or attrs["id"] in labels
    assert [attrs.get("lang") for attrs in parts.all("html")] == ["en"]
    assert len(parts.all("h1")) == 1
    return parts


def token(client: Client) -> str:
    page = client.get("/").content.decode()
    found = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found is not None, page
    return found[1]


def post(client: Client, path: str, **said: str) -> Any:
    return client.post(path, {"csrfmiddlewaretoken": token(client), **said})


def paired(owner: Account, label: str = "Kitchen tablet", scopes: frozenset[Scope] = ALL) -> Client:
    client = browser()
    _, secret = new_device(owner, label, scopes, program=False)
    client.cookies["gradatim-device"] = secret
    return client


@pytest.fixture
def owner(db: None) -> Account:
    return account("")


def test_a_browser_pairs_without_a_script(owner: Account) -> None:
    client = browser()
    page = checked(client.get("/"))
    assert [attrs["action"] for attrs in page.all("form")] == ["/pair"]
    code, _ = code_for(owner)
    response = post(client, "/pair", code=f" {code[:4].lower()} {code[4:]}", label="My phone")
    assert (response.status_code, response["Location"]) == (302, front())
    cookie = response.cookies["gradatim-device"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    text = client.get("/").content.decode()
    assert "My phone" in text
    assert code not in text


@pytest.mark.parametrize("code", ["", "ABCD2345", "x", "é" * 100, "<script>alert(1)</script>"])
def test_a_code_that_is_none_is_told_beside_its_field(code: str, owner: Account) -> None:
    client = browser()
    response = post(client, "/pair", code=code, label='"><script>')
    page = checked(response, 410 if code else 422)
    assert any(attrs.get("aria-invalid") == "true" for attrs in page.all("input"))
    assert "<script>alert" not in response.content.decode()


def test_a_code_works_once(owner: Account) -> None:
    code, _ = code_for(owner)
    assert post(browser(), "/pair", code=code, label="one").status_code == 302
    assert post(browser(), "/pair", code=code, label="two").status_code == 410


def test_codes_cannot_be_tried_one_after_the_other(owner: Account, settings: LazySettings) -> None:
    settings.RATE = 1
    client = browser()
    found = [post(client, "/pair", code=f"ABCD{number:04}", label="x").status_code for number in range(14)]
    assert found[0] == 410
    assert found[-1] == 429


def test_a_post_without_the_token_of_our_page_is_refused(owner: Account) -> None:
    code, _ = code_for(owner)
    assert browser().post("/pair", {"code": code, "label": "x"}).status_code == 403
    client = paired(owner)
    for path in ("/code", "/devices/end"):
        assert client.post(path, {}).status_code == 403


def test_what_is_due_is_on_the_page_of_every_record(owner: Account) -> None:
    now = Instant.of(datetime.now(UTC).replace(microsecond=0))
    shift = now.seconds - Instant.parse(DUE).seconds
    one, other = record_of(owner), record_of(owner)
    TableJournal(one).append(until(DUE))
    assert shift > 0
    client = paired(owner)
    text = client.get("/").content.decode()
    checked(client.get("/"))
    assert "Example person" in text
    assert "Kitchen tablet" in text
    assert "Nothing is written down in this record yet." in text
    assert "Do not take the next dose before you have asked." in plain(text)  # nothing was recorded for weeks
    accesses = models.Access.objects.filter(record_id=one)
    assert [access.action for access in accesses] == ["saw today"]
    assert not models.Access.objects.filter(record_id=other).exists()


def test_words_of_people_are_shown_and_never_run(owner: Account) -> None:
    record = record_of(owner)
    moment = "2026-09-15T20:00:00Z"
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    entries = noted(until("2026-09-14T07:30:00Z"), SymptomNoted(sign="seizure", note=hostile), moment)
    entries = noted(entries, NoteWritten(text=hostile), "2026-09-15T20:01:00Z")
    TableJournal(record).append(entries)
    client = paired(owner, label=hostile[:80])
    page = checked(client.get("/"))
    assert all(attrs.get("src") != "x" for attrs in page.all("img"))
    owner.name = hostile
    owner.save()
    checked(client.get("/"))


def test_a_record_that_cannot_be_read_says_so_and_the_rest_is_there(owner: Account, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    record = record_of(owner)
    TableJournal(record).append(until(DUE))
    row = models.Entry.objects.get(record_id=record, place=0)
    models.Record.objects.filter(pk=record).update(count=len(until(DUE)) + 1)
    models.Entry.objects.create(record_id=record, place=len(until(DUE)), entry="x", schema=row.schema, body='{"id": "x"}', received=1, account="", hash="0" * 64)  # fmt: skip
    response = paired(owner).get("/")
    checked(response)
    assert UNREADABLE in response.content.decode()
    assert " mg" not in response.content.decode().split("Danger signs</h2>")[0]


def test_a_device_that_may_see_little_sees_little(owner: Account) -> None:
    record = record_of(owner)
    TableJournal(record).append(until(DUE))
    text = paired(owner, scopes=frozenset({Scope.LOG})).get("/").content.decode()
    assert "may not see what is due" in text
    assert "Example person" not in text
    assert "Pair another device" not in text
    client = paired(owner, scopes=frozenset({Scope.TODAY}))
    assert "Example person" in client.get("/").content.decode()
    client.handler.enforce_csrf_checks = False
    for path in ("/code", "/devices/end"):
        checked(client.post(path, {"device": str(owner.devices.first().pk)}), 403)  # type: ignore[union-attr]


def test_nothing_of_another_household_is_there(owner: Account) -> None:
    other = account("Somebody else")
    TableJournal(record_of(other)).append(until(DUE))
    device, _ = new_device(other, "Their phone", ALL, program=False)
    client = paired(owner)
    text = client.get("/").content.decode()
    assert "Example person" not in text
    assert "Their phone" not in text
    checked(post(client, "/devices/end", device=str(device.pk)), 404)
    checked(post(client, "/devices/end", device=str(device.pk), sure="yes"), 404)
    device.refresh_from_db()
    assert device.revoked is None


def test_a_further_device_is_paired_by_a_picture(owner: Account) -> None:
    client = paired(owner)
    response = post(client, "/code")
    page = checked(response)
    assert page.all("svg")
    code = re.search(r"#pair=([0-9A-Z]{8})", response.content.decode())
    assert code is not None
    assert post(browser(), "/pair", code=code[1], label="A phone").status_code == 302
    checked(browser().get("/"))
    stranger = browser()
    assert stranger.post("/code", {"csrfmiddlewaretoken": token(stranger)}).status_code == 401


def test_a_device_is_ended_once_somebody_is_sure(owner: Account) -> None:
    client, phone = paired(owner), paired(owner, "Old phone")
    old = owner.devices.get(label="Old phone")
    assert "Old phone" in phone.get("/").content.decode()
    checked(post(client, "/devices/end", device=str(old.pk)))
    assert "Old phone" in client.get("/").content.decode()
    assert post(client, "/devices/end", device=str(old.pk), sure="yes").status_code == 302
    assert "Old phone" not in client.get("/").content.decode()
    assert "Pair this device" in phone.get("/").content.decode()
    mine = owner.devices.get(label="Kitchen tablet")
    response = post(client, "/devices/end", device=str(mine.pk), sure="yes")
    assert response.cookies["gradatim-device"]["max-age"] == 0
    for wrong in ("", "nonsense"):
        checked(post(paired(owner), "/devices/end", device=wrong), 404)


def test_a_code_is_never_in_an_address_that_a_server_sees() -> None:
    script = files("gradatim.server").joinpath("static", "pair.js").read_text()
    assert "location.hash" in script
    assert "fetch" not in script
    assert "innerHTML" not in script


def test_with_accounts_it_says_where_one_signs_in(owner: Account, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    settings.CONFIG = replace(settings.CONFIG, accounts=True)
    for built, says in ((True, '<a href="/app/#/signin">the app</a>'), (False, "was not built into this installation")):
        monkeypatch.setattr(app_place, "is_built", lambda found=built: found)
        response = browser().get("/")
        checked(response)
        assert says in response.content.decode()


@pytest.mark.parametrize("path", STATIC, ids=lambda path: path.name)
def test_a_file_of_the_pages_is_sent_once(path: Path) -> None:
    client = browser()
    response = client.get(f"/static/{path.name}")
    assert response.status_code == 200
    assert response.content == path.read_bytes()
    again = client.get(f"/static/{path.name}", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["nothing.css", "..%2fpages.py", "%2e%2e/pages.py", "gradatim.css/", ""])
def test_no_other_file_is_sent(name: str) -> None:
    assert browser().get(f"/static/{name}").status_code == 404


@pytest.mark.parametrize("path", [*TEMPLATES, *STATIC], ids=lambda path: path.name)
def test_no_page_names_another_server_and_none_has_a_script_or_style_in_it(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)
    assert "<style" not in text
    assert not re.search(r"<script(?! src=\"/static/)", text)
    assert not re.search(r"\s(style|on[a-z]+)=", text)
    assert "safe" not in re.findall(r"\{\{[^}]*\|(\w+)", text) or path.name == "code.html"


def test_targets_are_large_enough_and_colours_can_be_read() -> None:
    """44 px at least; 4.5 to 1 for text, by the formula of WCAG 2.2, in both schemes."""
    css = files("gradatim.server").joinpath("static", "gradatim.css").read_text()
    for selector in ("\nbutton, .button {", "\nsummary {", "\n.top a {", "\ninput:not"):
        block = css.split(selector, 1)[1].split("}", 1)[0]
        assert int(re.search(r"min-height: (\d+)px", block)[1]) >= 44  # type: ignore[index]
    light, dark = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", part)) for part in css.split("@media", 1))
    for scheme in (light, {**light, **dark}):
        pairs = [("ink", "paper"), ("ink", "card"), ("soft", "paper"), ("soft", "card"), ("step", "paper"), ("step", "card"), ("on-step", "step")]  # fmt: skip
        pairs += [(tone, where) for tone in ("look", "rest", "danger") for where in (f"{tone}-light", "card", "paper")]
        pairs += [(text, f"{tone}-light") for tone in ("step", "look", "rest", "danger") for text in ("ink", "soft")]
        for one, other in pairs:
            assert _contrast(scheme[one], scheme[other]) >= 4.5, (one, other)
        assert _contrast(scheme["edge"], scheme["paper"]) >= 3


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        said = colour[1:] if len(colour) == 7 else "".join(letter * 2 for letter in colour[1:])
        parts = [int(said[place : place + 2], 16) / 255 for place in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


# --- the certificate of the household ------------------------------------------------------------------------------------


def test_the_certificate_of_the_household_is_given_without_its_key(owner: Account, settings: LazySettings, tmp_path: Path) -> None:  # fmt: skip
    assert browser().get("/home-certificate").status_code == 404
    file = home_certificate.certificate_for(tmp_path, "192.168.1.10", datetime.now(UTC))
    settings.CONFIG = replace(settings.CONFIG, data=tmp_path, tls_certificate=file, tls_key=file)
    response = browser().get("/home-certificate")
    assert response["Content-Type"] == "application/x-x509-ca-cert"
    assert b"PRIVATE" not in response.content
    assert response.content == home_certificate.authority_of(tmp_path)
    assert home_certificate.fingerprint(tmp_path) in browser().get("/").content.decode()
