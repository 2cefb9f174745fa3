"""What another page in the same browser could try: requests in somebody's name, cookies, sessions, other names for this server."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import reload
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

from gradatim.server import who
from gradatim.server.app_place import front
from gradatim.server.models import Device
from gradatim.server.who import ALL
from tests.server.made import PASSWORD, account, browser
from tests.server.security.askers import accounts_mode, everything, page_of, signed_in
from tests.server.security.operations import ANYBODY, CASES, operations, world

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

UNSAFE = [one for one in operations() if one.method not in ("get", "head", "options")]
FORGED = {
    "without its proof": {},
    "with a proof that is made up": {"X-CSRFToken": "a" * 64},
    "from another origin": {"Origin": "https://evil.example.org"},
    "from this name by another scheme": {"Origin": "https://127.0.0.1"},
    "from another port": {"Origin": "http://127.0.0.1:1"},
    "from nowhere": {"Origin": "null"},
    "from a site that only begins alike": {"Origin": "http://127.0.0.1.example.org"},
    "said to be cross-site": {"Sec-Fetch-Site": "cross-site"},
    "said to be of a sister site": {"Sec-Fetch-Site": "same-site"},
}


@pytest.mark.parametrize("how", FORGED)
@pytest.mark.parametrize("way_in", ["device", "session"])
def test_no_other_page_acts_in_somebodys_name(how: str, way_in: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with accounts_mode(monkeypatch):
        made = world()
        page = page_of(made.secret) if way_in == "device" else signed_in(made.owner)
        assert page.defaults["HTTP_X_CSRFTOKEN"]
        if "proof" in how:
            del page.defaults["HTTP_X_CSRFTOKEN"]  # else it is right, and still the request comes from elsewhere
        before = everything()
        for operation in UNSAFE:
            if operation.id in ANYBODY and "proof" in how:
                continue  # there is nobody yet in whose name it could be done
            body: Any = next((case.body(made) for case in CASES[operation.id] if case.body), {})
            response = page.generic(
                operation.method.upper(),
                operation.at(made.ids),
                json.dumps(body),
                "application/json",
                headers=FORGED[how],
            )
            assert (response.status_code, response.json()["type"]) == (403, "urn:gradatim:problem:csrf"), operation.id
        assert everything() == before


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "text/json"]
)
def test_what_a_form_can_send_is_no_request(kind: str) -> None:
    """A page of another site may send these kinds without asking first."""
    made = world()
    body = b'{"label": "A program", "scopes": ["read"], "days": 1}'
    for client in (
        page_of(made.secret),
        Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Bearer {made.secret}"}),
    ):
        response = client.generic("POST", "/api/v1/tokens", body, kind)
        assert response.status_code == 415, response.content
    assert browser().generic("POST", "/api/v1/pair", b'{"code": "22222222", "label": "x"}', kind).status_code == 415


def test_json_with_a_charset_is_json() -> None:
    page = page_of(world().secret)
    body = b'{"label": "A program", "scopes": ["read"]}'
    assert page.generic("POST", "/api/v1/tokens", body, "application/json; charset=utf-8").status_code == 201


def test_our_own_page_may() -> None:
    page = page_of(world().secret)
    told = page.post(
        "/api/v1/records",
        {},
        "application/json",
        headers={"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"},
    )
    assert told.status_code == 201


def test_nobody_is_paired_to_anothers_account_by_a_page_of_theirs() -> None:
    """Else somebody would write their own doses into the record of who lured them."""
    made = world()
    code = page_of(made.secret).post("/api/v1/devices/codes", {}, "application/json").json()["code"]
    victim = browser()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example.org"}, {"Origin": "null"}):
        response = victim.post("/api/v1/pair", {"code": code, "label": "x"}, "application/json", headers=headers)
        assert response.status_code == 403
        assert not victim.cookies
    assert victim.post("/api/v1/pair", {"code": code, "label": "x"}, "application/json").status_code == 201


def test_a_bearer_token_that_is_wrong_does_not_fall_back_on_the_cookie() -> None:
    page = page_of(world().secret)
    for said in ("Bearer ", "Bearer gradatim_x", "Basic Zm9vOmJhcg==", "bearer", "Bearer"):
        assert page.get("/api/v1/records", headers={"Authorization": said}).status_code == 401


# --- cookies and sessions -------------------------------------------------------------------------------------------------


def test_the_cookie_of_a_device_is_out_of_reach() -> None:
    made = world()
    code = page_of(made.secret).post("/api/v1/devices/codes", {}, "application/json").json()["code"]
    client = browser()
    client.post("/api/v1/pair", {"code": code, "label": "x"}, "application/json")
    cookie = client.cookies[who.cookie_name()]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Strict", "/", "")
    assert len(cookie.value) >= 43 + len(who.PREFIX)  # 256 random bits


def test_where_browsers_come_by_https_every_cookie_is_for_https_and_for_this_host_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from gradatim.server import config, django_settings

    safe = replace(settings.CONFIG, accounts=True, proxies=("192.0.2.1",))
    with monkeypatch.context() as changed:
        changed.setattr(config, "configure", lambda: safe)
        changed.setattr(config, "settled", lambda found: found)
        made = reload(django_settings)
        assert made.SESSION_COOKIE_SECURE
        assert made.CSRF_COOKIE_SECURE
        assert made.SESSION_COOKIE_HTTPONLY
        assert made.SESSION_COOKIE_NAME.startswith("__Host-")
        assert made.CSRF_COOKIE_NAME.startswith("__Host-")
        assert made.SECURE_HSTS_SECONDS >= 31_536_000
        assert not made.DEBUG
    reload(django_settings)
    monkeypatch.setattr(settings, "CONFIG", safe)
    response = HttpResponse()
    who.set_cookie(response, "x")
    assert who.cookie_name().startswith("__Host-")
    assert response.cookies[who.cookie_name()]["secure"]


def test_a_session_that_somebody_else_began_is_not_the_one_that_is_signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    with accounts_mode(monkeypatch):
        victim = account()
        client = browser()
        client.get("/_allauth/browser/v1/config")
        client.cookies[settings.SESSION_COOKIE_NAME] = "fixedfixedfixedfixedfixedfixedfi"
        proof = client.get("/api/v1/session").json()["csrf"]
        told = client.post(
            "/_allauth/browser/v1/auth/login", {"email": victim.email, "password": PASSWORD}, "application/json", headers={"X-CSRFToken": proof}
        )  # fmt: skip
        assert told.status_code == 200, told.content
        assert client.cookies[settings.SESSION_COOKIE_NAME].value != "fixedfixedfixedfixedfixedfixedfi"
        old = browser()
        old.cookies[settings.SESSION_COOKIE_NAME] = "fixedfixedfixedfixedfixedfixedfi"
        assert old.get("/api/v1/records").status_code == 401
        assert client.get("/api/v1/records").status_code == 200


def test_in_personal_mode_there_is_nothing_to_sign_in_to(monkeypatch: pytest.MonkeyPatch) -> None:
    client = browser()
    for path in ("config", "auth/session", "auth/login", "auth/signup", "auth/password/request", "account/email"):
        assert client.get(f"/_allauth/browser/v1/{path}").status_code == 404
        assert client.post(f"/_allauth/browser/v1/{path}", {}, "application/json").status_code == 404


# --- names, methods, addresses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["evil.example.org", "127.0.0.1.example.org", "127.0.0.1@evil.example.org", "", "a b", "127.0.0.1:x", "[::1", "127.0.0.1\n", "xn--", "127.0.0.1,evil.example.org"]
)  # fmt: skip
def test_under_another_name_nothing_is_answered(host: str) -> None:
    """Also against DNS that points another name at this machine."""
    for path in ("/api/v1/session", "/health/live", "/metrics", "/nowhere"):
        response = Client().get(path, HTTP_HOST=host)
        assert response.status_code == 400
        assert response["Content-Type"] == "application/problem+json"
        assert not host.strip() or host.encode() not in response.content


def test_a_forwarded_name_is_not_believed() -> None:
    page = page_of(world().secret)
    for header in ("X-Forwarded-Host", "Forwarded", "X-Host", "X-Original-Host"):
        told = page.post(
            "/api/v1/devices/codes", {}, "application/json", headers={header: "host=evil.example.org"}
        ).json()
        assert told["address"].startswith(f"http://127.0.0.1{front()}#pair=")


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "X")


@pytest.mark.parametrize("method", METHODS)
def test_a_method_that_is_not_there_is_refused_as_a_problem(method: str) -> None:
    made = world()
    client = Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Bearer {made.secret}"})
    before = everything()
    for path in sorted({one.path for one in operations()}):
        takes = {one.method.upper() for one in operations() if one.path == path}
        if method in takes:
            continue
        response = client.generic(method, path.format(**made.ids), headers={"X-HTTP-Method-Override": "DELETE"})
        assert response.status_code == 405, (path, response.content)
        assert response["Content-Type"] == "application/problem+json", path
        assert set(response["Allow"].split(", ")) >= takes
    assert everything() == before


def test_a_method_in_a_header_or_in_the_address_changes_nothing() -> None:
    made = world()
    client = Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Bearer {made.secret}"})
    for extra in ({"X-HTTP-Method-Override": "DELETE"}, {"X-HTTP-Method": "DELETE"}):
        assert client.get("/api/v1/devices?_method=DELETE", headers=extra).status_code == 200
        assert client.generic("POST", f"/api/v1/devices/{made.ids['device']}", headers=extra).status_code == 405
    assert Device.objects.get(pk=made.ids["device"]).revoked is None


@pytest.mark.parametrize(
    "spelt", ["//api/v1/records/{id}", "/api/v1//records/{id}", "/api/v1/records/{id}/", "/api/v1/records/{id}/.", "/api/v1/records/{id}/../{id}", "/api/v1/./records/{id}",
              "/API/v1/records/{id}", "/api/v1/records/{id}%00", "/api/v1/records/{id}%2f", "/api/v1/records/{id}%20", "/api/v1/records/{ID}", "/api/v1/records/{hex}",
              "/api/v1/records/{{{id}}}", "/api/v1/records/urn:uuid:{id}", "/api/v1/records/{id};x=1", "/api/v1/records/{id}\\x", "/api/v1/records/*", "/api/v1/records/%2e%2e/records/{id}"]
)  # fmt: skip
def test_one_record_has_one_address(spelt: str) -> None:
    """So that nothing in front of the server, a filter or a cache, takes another spelling for something else."""
    made = world()
    client = Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Bearer {made.secret}"})
    told = {"id": str(made.record), "ID": str(made.record).upper(), "hex": made.record.hex}
    response = client.get(spelt.format(**told))
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert str(made.record).encode() not in response.content


def test_nothing_is_served_but_what_is_meant_to_be() -> None:
    found = {str(one.pattern) for one in get_resolver().url_patterns}
    assert found <= {
        "",
        "pair",
        "code",
        "devices/end",
        "home-certificate",
        "static/<str:name>",
        "app",
        "app/",
        "app/<path:name>",
        "api/v1/",
        "_allauth/",
        "_allauth/<str:provider_id>/callback",
        "health/live",
        "health/ready",
        "metrics",
    }
    assert not any(one in str(get_resolver().url_patterns) for one in ("admin", "debug"))


# --- what every answer carries --------------------------------------------------------------------------------------------


EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@pytest.mark.parametrize(
    "path", ["/api/v1/session", "/api/v1/records", "/health/live", "/health/ready", "/nowhere", "/api/v1/openapi.json"]
)
def test_every_answer_carries_what_keeps_browsers_careful(path: str) -> None:
    _carries(browser().get(path))


def test_so_do_answers_of_the_edge_itself() -> None:
    _carries(Client().get("/", HTTP_HOST="evil.example.org"))
    _carries(browser().post("/api/v1/pair", headers={"Sec-Fetch-Site": "cross-site"}))
    _carries(browser().generic("POST", "/api/v1/pair", b"x", "application/json", headers={"Content-Encoding": "br"}))


def _carries(response: Any) -> None:
    for name, value in EVERYWHERE.items():
        assert response.headers.get(name) == value, name
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    for loose in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*"):
        assert loose not in policy
    assert "Access-Control-Allow-Origin" not in response.headers
    assert "Server" not in response.headers


def test_every_scope_that_a_session_has_is_known() -> None:
    assert {one.value for one in ALL} == {"today", "read", "log", "plan", "share", "account"}


def test_an_answer_of_the_interface_is_data_and_no_page() -> None:
    """Opened on its own it is saved under a name of ours, whatever the address says."""
    page = page_of(world().secret)
    for path in ("/api/v1/session", "/api/v1/records", "/api/v1/nothing.html", "/api/v1/records/x.bat?y=.html"):
        response = page.get(path)
        assert response["Content-Disposition"] == 'attachment; filename="api.json"'
        assert response["Content-Type"].partition(";")[0] in ("application/json", "application/problem+json")
    assert page.get("/api/v1/account/export")["Content-Disposition"] == 'attachment; filename="gradatim-account.json"'
