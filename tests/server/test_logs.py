"""No dose, name, address, secret, code or text gets into a line of the log or into the metrics, whatever goes wrong."""

from __future__ import annotations

import io
import json
import logging
import re
import sqlite3
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from gradatim.domain.dose import OralDose
from gradatim.domain.entry import (
    DoseTaken,
    ExtraDose,
    Happened,
    NoteWritten,
    OtherChange,
    OtherTaken,
    SymptomNoted,
    What,
)
from gradatim.domain.entry.life import EventKind
from gradatim.journal.codec import SCHEMA, entry_data
from gradatim.server import logs
from tests.journal.made import entry
from tests.server.served import Served, serving

pytestmark = pytest.mark.one_database

MARK = "Zaubernuss"  # in every field that takes a text
DOSE = 47_111  # micrograms, in every dose
HOSTILE = (MARK, "47.111", "47111", "example.org/secret", "zaubernuss")


# --- one line ------------------------------------------------------------------------------------------------------------


def line(record: logging.LogRecord, *, as_json: bool = False) -> str:
    return logs.Line(as_json=as_json).format(record)


def record(name: str = "gradatim.test", msg: object = "request", **extra: Any) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.INFO, __file__, 1, msg, None, None)
    made.__dict__.update(extra)
    return made


def test_a_line_has_the_fields_that_are_named_and_no_other() -> None:
    made = record(status=200, ms=3, route="api/v1/records", person=MARK, dose=DOSE, path=f"/{MARK}", args=(MARK,))
    assert line(made).endswith(" info    gradatim.test request route=api/v1/records status=200 ms=3")
    told = json.loads(line(made, as_json=True))
    assert {name: told[name] for name in told if name != "time"} == {
        "level": "info", "logger": "gradatim.test", "event": "request", "route": "api/v1/records", "status": 200, "ms": 3,
    }  # fmt: skip
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", told["time"])


@pytest.mark.parametrize("as_json", [False, True])
def test_the_words_of_other_libraries_stay_out(as_json: bool) -> None:
    for name in ("django.request", "allauth", "py.warnings", "gradatimx", "root", ""):
        assert MARK not in line(record(name, f"Not Found: /{MARK}", status=MARK), as_json=as_json)


@pytest.mark.parametrize("as_json", [False, True])
def test_an_exception_is_told_by_its_type_and_its_lines(as_json: bool) -> None:
    def failing() -> None:
        cause = ValueError(MARK)
        cause.add_note(MARK)
        raise RuntimeError(f"{MARK}: 47.111 mg") from cause

    with pytest.raises(RuntimeError) as caught:
        failing()
    said = line(record(exc_info=(caught.type, caught.value, caught.tb)), as_json=as_json)
    assert "RuntimeError" in said
    assert "failing" in said
    assert "test_logs.py" in said
    assert not any(word in said for word in HOSTILE)
    assert str(Path(__file__).parents[2]) not in said  # folders can name a person


def test_a_text_with_a_line_in_it_makes_no_second_line() -> None:
    said = line(record(route="a\nb 2026 info gradatim.test forged", id="x\r\ny"))
    assert len(said.splitlines()) == 1


def test_what_ends_a_thread_or_the_program_is_told_without_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.Line(as_json=False))
    logger = logging.getLogger("gradatim.logs")
    logger.addHandler(handler)
    for where, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(where, name, getattr(where, name))
    try:
        logs.no_words_of_others()

        def failing() -> None:
            raise RuntimeError(MARK)

        runs = threading.Thread(target=failing)
        runs.start()
        runs.join()
        error = RuntimeError(MARK)
        sys.excepthook(RuntimeError, error, None)

        class Odd:
            def __del__(self) -> None:
                raise RuntimeError(MARK)

        Odd()
    finally:
        logger.removeHandler(handler)
    assert out.getvalue().count("RuntimeError") == 3
    assert MARK not in out.getvalue()


# --- a whole server ------------------------------------------------------------------------------------------------------


def hostile_entries() -> list[dict[str, Any]]:
    amount = OralDose(DOSE)
    whats: tuple[What, ...] = (
        NoteWritten(text=MARK), SymptomNoted(sign=MARK, note=MARK), DoseTaken(dose=f"{MARK}:2026-12-01:{MARK}", amount=amount, reason=MARK),
        ExtraDose(amount=amount, reason=MARK), OtherTaken(name=MARK, amount=MARK, change=OtherChange.STARTED),
        Happened(event=EventKind.FALL, note=MARK),
    )  # fmt: skip
    made = [entry(number, what, person=MARK) for number, what in enumerate(whats)]
    return [{**one, "author": MARK, "device": MARK} for one in entry_data(made)]


def everything(served: Served) -> str:
    """Ask for everything, rightly and wrongly, with marks in every field; what the metrics say afterwards."""
    code = served.out.partition("#pair=")[2][:8]
    plain: dict[str, str] = {"Content-Type": "application/json", "User-Agent": MARK, "X-Request-Id": MARK, "Referer": f"{served.address}/{MARK}"}  # fmt: skip

    def send(path: str, method: str = "GET", body: Any = None, **headers: str) -> tuple[int, Any]:
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        answer, said = served.ask(path, method, data, {**plain, **headers})
        return answer.status, said

    answer, said = served.ask("/api/v1/pair", "POST", json.dumps({"code": code, "label": MARK}).encode(), plain)
    assert answer.status == 201, said
    device = str(answer.getheader("Set-Cookie")).partition(";")[0]
    answer, said = served.ask("/api/v1/session", headers={"Cookie": device})
    mine: dict[str, str] = {"Cookie": f"{device}; {str(answer.getheader('Set-Cookie')).partition(';')[0]}", "X-CSRFToken": json.loads(said)["csrf"]}  # fmt: skip
    status, said = send("/api/v1/tokens", "POST", {"label": MARK, "scopes": ["read", "log", "plan", "today"]}, **mine)
    assert status == 201, said
    secret = json.loads(said)["token"]
    bearer: dict[str, str] = {"Authorization": f"Bearer {secret}"}
    record = json.loads(send("/api/v1/records", **bearer)[1])[0]["id"]
    push = f"/api/v1/records/{record}/entries"
    batch: dict[str, Any] = {"schema": SCHEMA, "sent": "2026-12-01T08:00:00Z", "entries": hostile_entries()}
    status, said = send(push, "POST", batch, **bearer)
    assert status == 200, said
    assert send("/", **mine)[0] == 200
    changed = json.loads(json.dumps(batch))
    changed["entries"][0]["what"]["text"] = f"{MARK} otherwise"
    for body in (
        changed, {**batch, "schema": MARK}, {**batch, "sent": MARK}, {**batch, MARK: MARK}, {**batch, "entries": [{MARK: MARK}]},
        {**batch, "entries": [{**batch["entries"][1], "at": MARK}]}, f'{{"{MARK}": '.encode(), MARK.encode(), b"\xff\xfe" + MARK.encode(),
    ):  # fmt: skip
        assert 400 <= send(push, "POST", body, **bearer)[0] < 500
    for path in (f"/{MARK}", f"/api/v1/{MARK}", f"/api/v1/records/{MARK}", f"{push}?after={MARK}", f"{push}?head={MARK}", f"/static/{MARK}.css", f"/?q={MARK}#{MARK}", f"/_allauth/{MARK}"):  # fmt: skip
        send(path, **bearer)
        send(path, "DELETE", **bearer)
    for authorization in (f"Bearer gradatim_{MARK}", f"Basic {MARK}", MARK, f"Bearer {secret}x"):
        assert send("/api/v1/records", Authorization=authorization)[0] == 401
    send("/api/v1/pair", "POST", {"code": MARK, "label": MARK})
    send("/", Host=f"{MARK}.example.org")
    send("/pair", "POST", f"code={MARK}&label={MARK}".encode(), Origin=f"https://{MARK}.example.org")
    send(push, "POST", MARK.encode(), **bearer, **{"Content-Encoding": "gzip"})
    send("/api/v1/records", MARK.upper(), **bearer)
    for path in ("today", "packet", "plans", "history", "report"):
        send(f"/api/v1/records/{record}/{path}", **bearer)

    # The database refuses, with the values in its words.
    base = sqlite3.connect(served.data / "gradatim.sqlite3", isolation_level=None, timeout=20)
    base.execute(f"CREATE TRIGGER mean BEFORE INSERT ON gradatim_entry BEGIN SELECT RAISE(ABORT, '{MARK} 47.111'); END")
    more = {**batch, "entries": entry_data([entry(100, NoteWritten(text=MARK), person=MARK)])}
    assert send(push, "POST", more, **bearer)[0] in (500, 503)
    base.execute("DROP TRIGGER mean")
    base.execute("ALTER TABLE gradatim_entry RENAME TO gradatim_elsewhere")
    assert send(push, "POST", more, **bearer)[0] in (500, 503)
    send("/", **mine)
    base.execute("ALTER TABLE gradatim_elsewhere RENAME TO gradatim_entry")
    base.close()
    status, metrics = send("/metrics")
    assert status == 200
    for hidden in (code, secret, device.partition("=")[2], mine["X-CSRFToken"], record):
        assert hidden not in served.log
        assert hidden not in metrics.decode()
    return str(metrics.decode())


@pytest.mark.parametrize("form", ["text", pytest.param("json", marks=pytest.mark.long)])
def test_nothing_that_a_person_wrote_is_in_the_log_or_the_metrics(form: str, tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--code", GRADATIM_LOG_FORMAT=form) as served:
        metrics = everything(served)
        assert served.stop() == 0
        log = served.log
    for word in HOSTILE:
        assert word.lower() not in log.lower(), [line for line in log.splitlines() if word.lower() in line.lower()][:3]
        assert word.lower() not in metrics.lower()
    assert "error=" in log or '"error"' in log  # it was told that something failed
    for line in log.splitlines():
        if form == "json":
            told = json.loads(line)
            assert set(told) <= {"time", "level", "logger", "event", "error", "at", *logs.FIELDS}
        else:
            assert re.match(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00 (debug|info|warning|error|critical) +[a-z_.]+", line), line


@pytest.mark.long
def test_nothing_about_an_account_is_in_the_log_or_the_metrics(tmp_path: Path) -> None:
    """Signing up and in, rightly and wrongly, with marks as names, addresses and passwords."""
    email, password = f"{MARK}@example.org", f"{MARK}-47.111-long-enough"
    with serving(tmp_path / "data", GRADATIM_MODE="accounts", GRADATIM_SIGN_UP="yes") as served:
        answer, said = served.ask("/api/v1/session")
        cookie = str(answer.getheader("Set-Cookie")).partition(";")[0]
        head = {"Cookie": cookie, "X-CSRFToken": json.loads(said)["csrf"], "Content-Type": "application/json"}
        seen = set()
        for path, body in (
            ("auth/signup", {"email": email, "password": password, "name": MARK}),
            ("auth/signup", {"email": email, "password": password, "name": MARK}),
            ("auth/signup", {"email": MARK, "password": MARK}),
            ("auth/login", {"email": email, "password": password}),
            ("auth/login", {"email": email, "password": f"{password}x"}),
            ("auth/password/request", {"email": email}),
            ("auth/login", {MARK: MARK}),
        ):
            answer, said = served.ask(f"/_allauth/browser/v1/{path}", "POST", json.dumps(body).encode(), head)
            seen.add(answer.status)
        assert seen & {200, 401}
        assert 400 in seen
        metrics = served.ask("/metrics")[1].decode()
        assert served.stop() == 0
        for word in HOSTILE:
            assert word.lower() not in served.log.lower()
            assert word.lower() not in metrics.lower()
