"""Health and metrics: what they tell to whom, and that they tell nothing of what is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from gradatim.server import health
from gradatim.server.logs import FIELDS
from tests.journal.made import entries
from tests.server.made import account, browser, program, pushed, record_of, send

TOKEN = "t0ken-of-the-metrics-"


def test_the_process_lives_whatever_the_database_does(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*args: Any, **rest: Any) -> None:
        raise DatabaseError("the text of a person")

    monkeypatch.setattr(connection, "cursor", down)
    monkeypatch.setattr(connection, "ensure_connection", down)
    assert browser().get("/health/live").json()["status"] == "alive"


@pytest.mark.django_db
def test_it_is_ready_when_the_database_has_the_tables_of_this_version() -> None:
    assert browser().get("/health/ready").json()["status"] == "ready"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'gradatim'")
    response = browser().get("/health/ready")
    assert response.status_code == 503
    assert "another version" in response.json()["detail"]


@pytest.mark.django_db
def test_it_is_not_ready_without_its_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*args: Any, **rest: Any) -> None:
        raise DatabaseError("the text of a person")

    monkeypatch.setattr(health, "waiting", down)
    response = browser().get("/health/ready")
    assert response.status_code == 503
    assert b"person" not in response.content


@pytest.mark.django_db
def test_it_is_not_ready_on_a_database_that_a_newer_program_has_changed() -> None:
    MigrationRecorder(connection).record_applied("gradatim", "9999_from_the_future")
    response = browser().get("/health/ready")
    assert response.status_code == 503
    assert "another version" in response.json()["detail"]


@pytest.mark.parametrize(
    ("said", "address", "header", "given"),
    [
        ({}, "127.0.0.1", "", True),
        ({}, "192.0.2.9", "", False),
        ({"host": "192.168.1.5"}, "127.0.0.1", "", False),
        ({"proxies": ("127.0.0.1",)}, "127.0.0.1", "", False),  # everybody comes from there
        ({"metrics_token": TOKEN}, "192.0.2.9", f"Bearer {TOKEN}", True),
        ({"metrics_token": TOKEN}, "127.0.0.1", "", False),
        ({"metrics_token": TOKEN}, "127.0.0.1", f"Bearer {TOKEN}x", False),
        ({"metrics_token": TOKEN}, "127.0.0.1", "Bearer é", False),
    ],
)
def test_the_numbers_are_for_this_machine_or_for_who_has_the_token(said: dict[str, Any], address: str, header: str, given: bool, settings: LazySettings) -> None:  # fmt: skip
    settings.CONFIG = replace(settings.CONFIG, **said)
    client = Client(SERVER_NAME="localhost", REMOTE_ADDR=address)
    response = client.get("/metrics", headers={"Authorization": header} if header else {})
    assert response.status_code == (200 if given else 404)
    assert (b"gradatim_requests_total" in response.content) == given


@pytest.mark.django_db
def test_what_is_counted_is_counted_under_the_pattern_of_an_address() -> None:
    owner = account()
    record = record_of(owner)
    before = _value("gradatim_entries_stored_total")
    client = program(owner)
    assert send(client, "post", f"/records/{record}/entries", pushed(entries(3))).status_code == 200
    assert send(client, "post", f"/records/{record}/entries", pushed(entries(3))).json()["stored"] == 0
    client.generic("BREW", "/api/v1/records")
    text = Client(SERVER_NAME="localhost").get("/metrics").content.decode()
    assert _value("gradatim_entries_stored_total") == before + 3
    assert str(record) not in text
    assert 'method="other"' in text
    assert "BREW" not in text
    labels = {name for family in health.REGISTRY.collect() for sample in family.samples for name in sample.labels}
    assert labels <= {*FIELDS, "le"}


def _value(name: str) -> float:
    return health.REGISTRY.get_sample_value(name) or 0
