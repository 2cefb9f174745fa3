"""What can be found out afterwards: who signed in and out, that somebody tried, and nothing that was typed. And how TLS is spoken."""

from __future__ import annotations

import json
import logging
import ssl
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from gradatim.server import home_certificate, logs, serving
from gradatim.server.models import Audit
from tests.server.made import PASSWORD, account, browser, send
from tests.server.security.askers import accounts_mode, token
from tests.server.security.operations import world

SIGN_IN = "/_allauth/browser/v1/auth/login"


def sign_in(page: Any, email: str, password: str) -> Any:
    proof = page.get("/api/v1/session").json()["csrf"]
    return page.post(
        SIGN_IN, {"email": email, "password": password}, "application/json", headers={"X-CSRFToken": proof}
    )


@pytest.mark.django_db
def test_who_signed_in_and_out_is_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    with accounts_mode(monkeypatch):
        somebody, page = account(), browser()
        assert sign_in(page, somebody.email, PASSWORD).status_code == 200
        proof = page.get("/api/v1/session").json()["csrf"]
        page.delete("/_allauth/browser/v1/auth/session", headers={"X-CSRFToken": proof})
        told = Audit.objects.filter(account=str(somebody.pk)).order_by("id")
        assert [one.action for one in told] == ["signed in", "signed out"]
        assert somebody.email not in str(list(told.values()))


@pytest.mark.django_db
def test_that_somebody_could_not_is_logged_without_a_word_of_what_they_typed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with accounts_mode(monkeypatch), caplog.at_level(logging.INFO):
        somebody = account()
        assert sign_in(browser(), somebody.email, "my other password 9").status_code == 400
        line = logs.Line(as_json=True)
        told = [line.format(one) for one in caplog.records]
        assert any(json.loads(one)["event"] == "sign-in failed" for one in told)
        assert not any(somebody.email in one or "other password" in one for one in told)


@pytest.mark.django_db
def test_every_refusal_has_its_line_with_its_number(caplog: pytest.LogCaptureFixture) -> None:
    made, other = world(), world()
    with caplog.at_level(logging.INFO):
        answers = [
            send(token(other.owner), "get", f"/records/{made.record}"),
            send(browser(), "get", "/records"),
            send(token(made.owner, frozenset()), "get", "/devices"),
            browser().post("/api/v1/pair", b"{", "application/json"),
        ]
    lines = {one.id: one.status for one in caplog.records if one.name == "gradatim.request"}  # type: ignore[attr-defined]
    assert [lines[one["X-Request-Id"]] for one in answers] == [404, 401, 403, 400]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET\nforged=1", "G" * 200, "\x1b[31m"])
def test_a_method_of_their_own_invention_is_not_in_the_log(method: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        browser().generic(method, "/api/v1/session")
    line = logs.Line(as_json=False)
    told = [line.format(one) for one in caplog.records if one.name == "gradatim.request"]
    assert told
    assert all("forged" not in one and "\x1b" not in one and "GGG" not in one for one in told)


@pytest.mark.django_db
def test_a_mistake_of_ours_says_its_number_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    made = world()
    client = token(made.owner)

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("10 mg of a secret")

    monkeypatch.setattr("gradatim.server.api.sync.read_entries", broken)
    told = send(
        client,
        "post",
        f"/records/{made.record}/entries",
        {"schema": "gradatim/entry/1", "sent": "2026-12-01T08:00:00Z", "entries": []},
    )
    assert told.status_code == 500
    assert told["X-Request-Id"]
    assert set(told.json()) == {"type", "title", "status"}


@pytest.mark.django_db
def test_what_fails_on_the_way_lets_nobody_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception while somebody is looked up is no permission."""
    made = world()
    client = token(made.owner)

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError

    for place in ("gradatim.server.who._by_secret", "gradatim.server.rights.MOST"):
        with monkeypatch.context() as changed:
            changed.setattr(place, broken if place.endswith("secret") else {})
            told = send(client, "get", f"/records/{made.record}/entries")
            assert told.status_code == 500
            assert b"a private note" not in told.content


def test_only_new_tls_is_spoken(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    file = home_certificate.certificate_for(tmp_path / "data", "127.0.0.1", datetime.now(UTC))

    def nothing(_: HttpRequest) -> HttpResponse:
        return HttpResponse()

    server = serving.make(replace(settings.CONFIG, port=0, tls_certificate=file, tls_key=file), nothing)
    context = server.ssl_adapter.context
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert not any(
        weak in one["name"] for one in context.get_ciphers() for weak in ("RC4", "3DES", "NULL", "MD5", "EXP", "anon")
    )
    assert context.options & ssl.OP_NO_COMPRESSION


def test_a_password_is_kept_by_a_slow_function_with_its_own_salt() -> None:
    from django.contrib.auth.hashers import ScryptPasswordHasher

    from gradatim.server import django_settings

    assert django_settings.PASSWORD_HASHERS[0].endswith("ScryptPasswordHasher")
    hasher = ScryptPasswordHasher()
    one, other = hasher.encode("a long password", hasher.salt()), hasher.encode("a long password", hasher.salt())
    assert one != other
    kept: dict[str, Any] = dict(hasher.decode(one))
    assert kept["work_factor"] * kept["block_size"] * kept["parallelism"] >= 2**14 * 8 * 5, (
        "as OWASP recommends for scrypt"
    )
    assert len(kept["salt"]) * 6 >= 128
