"""Idempotency keys: done once, answered alike; what failed may be tried again; no secret is kept; a crash leaves all or nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from gradatim.server import idempotent, models, rights, who
from gradatim.server.api import api, records
from gradatim.server.models import Answered, Grant, Role
from gradatim.server.who import ALL
from tests.server.kept import Kept
from tests.server.made import account, browser, program, send
from tests.server.test_following import EVE

KEY = {"Idempotency-Key": "4f6e-1"}
Patch = pytest.MonkeyPatch


def again(client: Client, path: str, body: Any = None, key: str = "4f6e-1") -> Any:
    return send(client, "post", path, body, headers={"Idempotency-Key": key})


@pytest.fixture
def asker(db: None) -> Client:
    return program(account())


def test_the_same_request_is_done_once_and_answered_alike(asker: Client) -> None:
    first, second = again(asker, "/records"), again(asker, "/records")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert not first.has_header("Idempotency-Replayed")
    assert second["Idempotency-Replayed"] == "true"
    assert len(send(asker, "get", "/records").json()) == 1
    assert again(asker, "/records", key="4f6e-2").json()["id"] != first.json()["id"]
    assert send(asker, "post", "/records").json()["id"] != first.json()["id"]


def test_a_plan_is_answered_alike_and_written_once(db: None, monkeypatch: Patch) -> None:
    kept = Kept(monkeypatch, EVE)
    first, second = (kept.post("/answers", {"go_on": True}, headers=KEY) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert len([one for one in kept.entries() if one.what.kind == "review-answered"]) == 1


def test_the_same_key_for_something_else_is_refused(asker: Client) -> None:
    again(asker, "/records")
    for path, body in (("/records", {}), ("/records?x=1", None), ("/tokens", {"label": "x", "scopes": ["read"]})):
        said = again(asker, path, body)
        assert (said.status_code, said.json()["type"]) == (409, "urn:gradatim:problem:key-used")


def test_another_account_has_its_own_keys_and_another_device_is_not_answered(db: None) -> None:
    owner = account()
    one, other, stranger = program(owner), program(owner), program(account())
    made = again(one, "/records").json()["id"]
    assert again(stranger, "/records").json()["id"] != made
    said = again(other, "/records")
    assert (said.status_code, said.json()["type"]) == (409, "urn:gradatim:problem:key-used")


def test_what_failed_is_not_kept(db: None, monkeypatch: Patch) -> None:
    kept = Kept(monkeypatch, EVE)
    assert kept.post("/answers", {"go_on": True, "review": "no-such"}, headers=KEY).status_code == 422
    assert kept.post("/answers", {"go_on": True}, headers=KEY).status_code == 201


@pytest.mark.parametrize("error", [RuntimeError("a mistake"), DatabaseError("the disk is full")])
def test_a_failure_after_the_effect_takes_it_back(asker: Client, monkeypatch: Patch, error: Exception) -> None:
    real = records._out

    def fail(*args: Any) -> Any:
        raise error

    monkeypatch.setattr(records, "_out", fail)
    assert again(asker, "/records").status_code in (500, 503)
    monkeypatch.setattr(records, "_out", real)
    assert send(asker, "get", "/records").json() == []
    assert not Answered.objects.exists()
    assert again(asker, "/records").status_code == 201


def test_an_answer_that_cannot_be_kept_takes_the_effect_back(asker: Client, monkeypatch: Patch) -> None:
    def full(self: Answered, *args: Any, **kwargs: Any) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(Answered, "save", full)
    said = again(asker, "/records")
    assert (said.status_code, said["Content-Type"]) == (503, "application/problem+json")
    monkeypatch.undo()
    assert send(asker, "get", "/records").json() == []


def test_a_key_holds_for_a_day(asker: Client) -> None:
    first = again(asker, "/records").json()["id"]
    Answered.objects.update(at=timezone.now() - idempotent.KEPT + timedelta(minutes=1))
    assert again(asker, "/records").json()["id"] == first
    Answered.objects.update(at=timezone.now() - idempotent.KEPT - timedelta(seconds=1))
    assert again(asker, "/records").json()["id"] != first
    assert Answered.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [("/tokens", {"label": "A program", "scopes": ["read"]}, "token"), ("/devices/codes", {}, "code")],
)
def test_a_secret_is_shown_once_and_not_kept(asker: Client, path: str, body: Any, field: str) -> None:
    first, second = again(asker, path, body), again(asker, path, body)
    assert first.status_code == 201
    assert (second.status_code, second.json()["type"]) == (409, "urn:gradatim:problem:key-used")
    assert "shown once" in second.json()["detail"]
    assert Answered.objects.get().body == ""
    assert first.json()[field] not in second.content.decode()


def test_every_address_that_answers_with_a_secret_keeps_none() -> None:
    def fields(model: Any) -> set[str]:
        annotation = model.model_fields["response"].annotation
        return set(getattr(annotation, "model_fields", {}))

    unseen: list[str | None] = []
    seen: list[str | None] = []
    for one in api.operations():
        kinds = [
            deco.keywords["unseen"]
            for deco in getattr(one, "_run_decorators", ())
            if getattr(deco, "func", None) is idempotent._guarded
        ]
        secret = any(
            model is not None and {"token", "code", "secret"} & fields(model)
            for code, model in one.response_models.items()
            if code < 300
        )
        if kinds:
            assert kinds == [secret], one.operation_id
            (unseen if secret else seen).append(one.operation_id)
    assert {"make_token", "make_code"} <= set(unseen)
    assert {"begin_record", "follow_plan", "approve_plan", "answer_review"} <= set(seen)


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "ä"])
def test_a_key_is_a_plain_word(asker: Client, key: str) -> None:
    assert again(asker, "/records", key=key).status_code == 400
    assert again(asker, "/records", key="x" * 255).status_code == 201


def test_without_credentials_a_key_helps_nobody(asker: Client) -> None:
    again(asker, "/records")
    assert again(browser(), "/records").status_code == 401
    assert (
        again(Client(SERVER_NAME="127.0.0.1", headers={"Authorization": "Bearer gradatim_x"}), "/records").status_code
        == 401
    )


def test_a_browser_has_to_prove_itself_with_a_key_too(db: None) -> None:
    _, secret = who.new_device(account(), "A phone", ALL, program=False)
    client = browser()
    client.cookies["gradatim-device"] = secret
    said = again(client, "/records")
    assert (said.status_code, said.json()["type"]) == (403, "urn:gradatim:problem:csrf")


def test_who_may_no_longer_see_the_record_is_not_answered(db: None, monkeypatch: Patch) -> None:
    kept = Kept(monkeypatch, EVE)
    carer = kept.join(Role.CARER, "C. Name")
    assert kept.post("/answers", {"go_on": True}, carer, headers=KEY).status_code == 201
    Grant.objects.filter(record_id=kept.record, role=Role.CARER).update(revoked=timezone.now())
    assert kept.post("/answers", {"go_on": True}, carer, headers=KEY).status_code == 404


@pytest.fixture
def slow(kept: None, monkeypatch: Patch) -> Iterator[tuple[Event, Event]]:
    """Beginning a record waits for a sign after it has begun."""
    real, began, go_on = rights.own_record, Event(), Event()

    def wait(owner: models.Account) -> Grant:
        made = real(owner)
        began.set()
        go_on.wait(10)
        return made

    monkeypatch.setattr(records, "own_record", wait)
    yield began, go_on
    go_on.set()


def test_while_the_first_is_worked_on_the_second_is_told_so(slow: tuple[Event, Event]) -> None:
    began, go_on = slow
    owner = account()
    client, said = program(owner), []

    def first() -> None:
        said.append(again(client, "/records").status_code)
        connection.close()

    thread = Thread(target=first)
    thread.start()
    assert began.wait(10)
    second = again(client, "/records")
    go_on.set()
    thread.join()
    assert (second.status_code, second.json()["type"]) == (409, "urn:gradatim:problem:in-progress")
    assert second["Retry-After"] == "1"
    assert said == [201]
    assert again(client, "/records")["Idempotency-Replayed"] == "true"
    assert owner.grants.count() == 1


CRASH = """
    import os, sys
    import django
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.server.settings"
    django.setup()
    from django.conf import settings
    from django.db import connections
    settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = sys.argv[1]
    from django.test import Client
    from gradatim.server.models import Answered
    moment = sys.argv[3]
    real = Answered.save
    def save(self, *args, **kwargs):
        real(self, *args, **kwargs)
        if kwargs.get("update_fields") and moment == "inside":
            os._exit(7)
    Answered.save = save
    client = Client(SERVER_NAME="127.0.0.1", headers={"Authorization": "Bearer " + sys.argv[2], "Idempotency-Key": "k"})
    client.post("/api/v1/records", data="", content_type="application/json")
    os._exit(9)
"""


@pytest.mark.parametrize(("moment", "kept_records"), [("inside", 0), ("after", 1)])
def test_a_crash_leaves_all_of_it_or_nothing(kept: None, moment: str, kept_records: int) -> None:
    owner = account()
    _, secret = who.new_device(owner, "A program", ALL, program=True)
    name = str(connection.settings_dict["NAME"])
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CRASH), name, secret, moment],
        env=dict(os.environ),
        timeout=60,
        check=False,
    )
    assert ended.returncode == (9 if moment == "after" else 7)
    assert owner.grants.count() == Answered.objects.filter(account=owner).count() == kept_records
    client = Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "k"})
    assert send(client, "post", "/records").status_code == 201
    assert owner.grants.count() == 1


def test_the_table_holds_nothing_of_the_record(db: None, monkeypatch: Patch) -> None:
    kept = Kept(monkeypatch, EVE)
    kept.post("/answers", {"go_on": True}, headers=KEY)
    body = Answered.objects.get().body
    assert "Example person" not in body
    assert "units" not in body
