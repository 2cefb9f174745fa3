"""The database is busy for longer than anybody waits: a plain answer, nothing half written, and all well again afterwards."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections

from gradatim.domain.entry import NoteWritten
from gradatim.server import config
from gradatim.server.journal import TableJournal
from gradatim.server.models import Device, Entry, Record
from tests.journal.made import entry
from tests.server.made import pushed
from tests.server.security.operations import World, world
from tests.server.security.served_here import Told, asked, served

pytestmark = pytest.mark.usefixtures("kept")
SOON = 1  # second


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    options = dict(connection.settings_dict["OPTIONS"])
    options |= {"timeout": SOON} if connection.vendor == "sqlite" else {"options": f"-c lock_timeout={SOON}s"}
    connection.close()
    monkeypatch.setitem(connections.settings["default"], "OPTIONS", options)
    with served() as found:
        yield found
    connection.close()


@contextmanager
def held(made: World) -> Iterator[None]:
    """Somebody else writes to this record, and does not end."""
    if connection.vendor == "sqlite":
        other: Any = sqlite3.connect(connection.settings_dict["NAME"])
        other.execute("BEGIN IMMEDIATE")
    else:
        kept = connection.settings_dict
        other = psycopg.connect(dbname=kept["NAME"], user=kept["USER"], host=kept["HOST"])
        other.execute("SELECT * FROM gradatim_record WHERE id = %s FOR UPDATE", [made.record])
        other.execute("LOCK TABLE gradatim_device IN ROW EXCLUSIVE MODE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


def push(port: int, made: World) -> Told:
    body = json.dumps(pushed([entry(number, NoteWritten(text="x")) for number in range(10, 20)])).encode()
    own = f"Authorization: Bearer {made.secret}"
    return asked(
        port, "POST", f"/api/v1/records/{made.record}/entries", own, "Content-Type: application/json", body=body
    )


def test_who_waits_too_long_is_told_so_and_nothing_is_half_written(port: int) -> None:
    made = world()
    Device.objects.filter(pk=made.phone.pk).update(seen="2026-12-01T08:00:00Z")
    with held(made):
        told = push(port, made)
        assert (told.status, told.data["type"]) == (503, "urn:gradatim:problem:unavailable")
        assert told.headers["Content-Type"] == "application/problem+json"
        assert told.headers["Retry-After"]
        reading = asked(port, "GET", "/health/live")
        assert reading.status == 200
    assert Entry.objects.filter(record_id=made.record).count() == 3
    assert Record.objects.get(pk=made.record).count == 3
    assert TableJournal(made.record).verify() == (3, ())
    again = push(port, made)
    assert (again.status, again.data["stored"]) == (200, 10)
    assert TableJournal(made.record).verify() == (13, ())


def test_a_session_that_cannot_be_stored_is_no_mistake_of_the_server(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outside of the interface, in what keeps sessions, the answer is the same."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import OperationalError

    def locked(*_: Any, **__: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(SessionStore, "load", locked)
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, accounts=True))
    cookie = f"Cookie: {settings.SESSION_COOKIE_NAME}={'a' * 32}"
    for path in ("/api/v1/records", "/_allauth/browser/v1/auth/session"):
        told = asked(port, "GET", path, cookie)
        assert (told.status, told.data["type"]) == (503, "urn:gradatim:problem:unavailable")


def test_nobody_waits_for_ever_on_either_database() -> None:
    made = config.database(replace(settings.CONFIG, database="postgresql://a@127.0.0.1/a"))
    assert "lock_timeout" in made["OPTIONS"]["options"]
    assert config.database(replace(settings.CONFIG, database=""))["OPTIONS"]["timeout"] <= 30
