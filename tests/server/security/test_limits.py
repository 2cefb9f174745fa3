"""How often somebody may ask, and what a shared address, a forged one and very many of them mean."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from gradatim.server import limits, middleware
from tests.server.made import PASSWORD, account, browser
from tests.server.security.askers import accounts_mode, with_token
from tests.server.security.operations import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def limits_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own factor taken away, and the clock stopped so that no minute ends meanwhile."""
    monkeypatch.setattr(settings, "RATE", 1)
    monkeypatch.setattr(time, "time", lambda: 1_795_000_020.0)


def ask(times: int, client: Client, path: str = "/api/v1/session", method: str = "GET", **rest: object) -> list[int]:
    return [client.generic(method, path, content_type="application/json", **rest).status_code for _ in range(times)]  # type: ignore[arg-type]


def guesses(client: Client, times: int, **rest: object) -> list[int]:
    return ask(times, client, "/api/v1/pair", "POST", data=b'{"code": "22222222", "label": "x"}', **rest)


def test_a_code_is_guessed_ten_times_in_a_minute_and_no_more() -> None:
    assert guesses(browser(), 12) == [410] * 10 + [429] * 2
    assert browser().post("/pair", {"code": "22222222"}).status_code == 429
    assert guesses(browser(REMOTE_ADDR="192.0.2.9"), 1) == [410]


def test_the_codes_of_invitations_count_together_with_those_of_devices() -> None:
    body = b'{"code": "22222222"}'
    for path in ("show", "accept"):
        ask(5, browser(), f"/api/v1/invitations/{path}", "POST", data=body)
    assert guesses(browser(), 1) == [429]


def test_a_minute_is_to_be_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = [browser().post("/api/v1/pair", {}, "application/json") for _ in range(11)][-1]
    assert (refused.status_code, refused["Retry-After"], refused["Content-Type"]) == (
        429,
        "60",
        "application/problem+json",
    )
    monkeypatch.setattr(time, "time", lambda: 1_795_000_080.0)
    assert guesses(browser(), 1) == [410]


@pytest.mark.parametrize(
    "headers", [{"X-Forwarded-For": "192.0.2.{}"}, {"X-Real-IP": "192.0.2.{}"}, {"Forwarded": "for=192.0.2.{}"}, {"True-Client-IP": "192.0.2.{}"}, {"Authorization": "Bearer gradatim_{}"},
                {"Cookie": "gradatim-device=gradatim_{}"}, {"User-Agent": "{}"}, {"X-Forwarded-For": "127.0.0.1, 192.0.2.{}"}]
)  # fmt: skip
def test_no_header_gives_more_guesses(headers: dict[str, str]) -> None:
    answers = [
        guesses(Client(SERVER_NAME="127.0.0.1"), 1, headers={name: value.format(n) for name, value in headers.items()})[
            0
        ]
        for n in range(12)
    ]
    assert answers == [410] * 10 + [429] * 2


def test_other_spellings_of_the_address_give_no_more_guesses() -> None:
    for path in ("/api/v1/pair?x=1", "/api/v1/pair#x", "/api/v1/%70air", "/api/v1/pair?") * 3:
        browser().generic("POST", path, b'{"code": "22222222", "label": "x"}', "application/json")
    assert guesses(browser(), 1) == [429]


def test_a_stranger_may_ask_120_times_and_does_not_keep_devices_out() -> None:
    assert ask(122, browser()) == [200] * 120 + [429] * 2
    made = world()
    assert ask(3, with_token(made.secret), "/api/v1/records") == [200] * 3


def test_a_device_may_ask_600_times_and_does_not_keep_its_neighbours_out() -> None:
    """At home and in a clinic everybody comes from one address."""
    made, other = world(), world()
    assert ask(601, with_token(made.secret), "/api/v1/session")[-2:] == [200, 429]
    assert ask(1, with_token(other.secret), "/api/v1/records") == [200]


def test_secrets_that_are_made_up_share_the_count_of_their_address(monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.EACH_MINUTE["address"] == 3000
    monkeypatch.setitem(limits.EACH_MINUTE, "address", 300)
    answers = [ask(1, with_token(f"gradatim_{number}"), "/api/v1/session")[0] for number in range(302)]
    assert answers == [200] * 300 + [429] * 2


def test_thirty_people_of_a_clinic_sign_in_within_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    with accounts_mode(monkeypatch):
        for _ in range(30):
            somebody, page = account(), browser()
            proof = page.get("/api/v1/session").json()["csrf"]
            told = page.post(
                "/_allauth/browser/v1/auth/login", {"email": somebody.email, "password": PASSWORD}, "application/json", headers={"X-CSRFToken": proof}
            )  # fmt: skip
            assert told.status_code == 200, told.content


def test_a_password_is_guessed_a_few_times_only(monkeypatch: pytest.MonkeyPatch) -> None:
    with accounts_mode(monkeypatch):
        somebody = account()
        answers = []
        for number in range(12):
            page = browser(REMOTE_ADDR=f"192.0.2.{number}")
            proof = page.get("/api/v1/session").json()["csrf"]
            answers.append(
                page.post("/_allauth/browser/v1/auth/login", {"email": somebody.email, "password": "wrong, wrong, wrong"}, "application/json", headers={"X-CSRFToken": proof}).status_code
            )  # fmt: skip
        assert answers[:5] == [400] * 5
        assert set(answers[5:]) <= {400, 429}
        page = browser(REMOTE_ADDR="192.0.2.99")
        proof = page.get("/api/v1/session").json()["csrf"]
        right = page.post(
            "/_allauth/browser/v1/auth/login",
            {"email": somebody.email, "password": PASSWORD},
            "application/json",
            headers={"X-CSRFToken": proof},
        )
        assert right.status_code in (400, 429), "whoever guesses must not learn that a guess was right"


def test_looking_whether_the_server_lives_is_counted_apart() -> None:
    assert ask(limits.EACH_MINUTE["probe"] + 1, browser(), "/health/live")[-2:] == [200, 429]
    assert ask(1, browser()) == [200]


@pytest.mark.parametrize(
    ("address", "place"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2::1", "2001:db8:1:2::/64"), ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"), ("::ffff:192.0.2.7", "192.0.2.7"), ("", "unknown"),
     ("x", "unknown"), ("1.2.3", "unknown"), ("::1", "::/64"), ("fe80::1%eth0", "fe80::/64")]
)  # fmt: skip
def test_one_machine_is_one_address(address: str, place: str) -> None:
    assert limits.place(address) == place


def test_very_many_addresses_fill_no_memory() -> None:
    """The counts are bounded; the oldest go first, so that who guesses on keeps theirs."""
    guesses(browser(REMOTE_ADDR="192.0.2.1"), 10)
    request = browser().get("/health/live").wsgi_request
    for number in range(60_000):
        request.META["REMOTE_ADDR"] = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        limits.over(request)
        if number % 5000 == 0:
            assert guesses(browser(REMOTE_ADDR="192.0.2.1"), 1) == [429]
    counts = cache._cache  # type: ignore[attr-defined]
    assert len(counts) <= 50_000
    assert max(map(len, counts)) < 100
    assert max(map(len, counts.values())) < 50


# --- proxies ----------------------------------------------------------------------------------------------------------------


def seen(
    said: str, remote: str = "192.0.2.1", proxies: tuple[str, ...] = ("192.0.2.1", "198.51.100.0/24"), scheme: str = ""
) -> tuple[str, str]:
    request = browser().get("/health/live").wsgi_request
    request.META |= {"REMOTE_ADDR": remote, "HTTP_X_FORWARDED_FOR": said, "HTTP_X_FORWARDED_PROTO": scheme}
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(settings, "CONFIG", replace(settings.CONFIG, proxies=proxies))
        middleware._believe_proxy(request)
    assert "HTTP_X_FORWARDED_FOR" not in request.META
    return request.META["REMOTE_ADDR"], request.scheme or ""


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("203.0.113.5", "203.0.113.5"), ("6.6.6.6, 203.0.113.5", "203.0.113.5"), ("203.0.113.5, 198.51.100.7", "203.0.113.5"), ("", "192.0.2.1"), ("unknown", "192.0.2.1"),
        ("6.6.6.6, unknown", "192.0.2.1"), ("203.0.113.5:4711", "203.0.113.5"), ("[2001:db8::5]:4711", "2001:db8::5"), ("2001:db8::5", "2001:db8::5"), ("6.6.6.6,, 203.0.113.5", "203.0.113.5"),
        ("127.0.0.1, 203.0.113.5", "203.0.113.5"), ("198.51.100.7", "198.51.100.7"), ("x" * 10_000, "192.0.2.1"), ("<script>", "192.0.2.1"),
    ],
)  # fmt: skip
def test_a_trusted_proxy_is_believed_as_far_as_it_saw_itself(said: str, address: str) -> None:
    assert seen(said)[0] == address


def test_nobody_else_is_believed() -> None:
    assert seen("203.0.113.5", remote="203.0.113.9", scheme="https") == ("203.0.113.9", "http")
    assert seen("203.0.113.5", proxies=(), scheme="https") == ("192.0.2.1", "http")
    assert seen("203.0.113.5", scheme="https") == ("203.0.113.5", "https")


def test_who_forges_an_address_before_the_proxys_gets_no_more_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, proxies=("127.0.0.1",)))
    answers = [
        guesses(Client(SERVER_NAME="127.0.0.1"), 1, headers={"X-Forwarded-For": f"10.0.0.{n}, 203.0.113.5"})[0]
        for n in range(12)
    ]
    assert answers == [410] * 10 + [429] * 2


def test_what_was_counted_is_known_to_the_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert browser().get("/metrics").status_code == 200
    for change in ({"REMOTE_ADDR": "192.0.2.1"},):
        assert browser(**change).get("/metrics").status_code == 404
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, metrics_token="a" * 20))
    assert browser().get("/metrics").status_code == 404
    for said in ("Bearer " + "a" * 19, "a" * 20, "Bearer é", "Basic " + "a" * 20, "Bearer  " + "a" * 20):
        assert browser().get("/metrics", headers={"Authorization": said}).status_code == 404
    told = browser().get("/metrics", headers={"Authorization": "Bearer " + "a" * 20})
    assert told.status_code == 200
    assert b"gradatim_requests_total" in told.content


def test_metrics_name_no_address_no_person_and_no_method_that_was_made_up() -> None:
    made = world()
    client = with_token(made.secret)
    client.get(f"/api/v1/records/{made.record}")
    client.generic("EVIL", "/api/v1/secret-path")
    told = browser().get("/metrics").content
    for secret in (str(made.record), "secret-path", "EVIL", made.owner.email, "127.0.0.1"):
        assert secret.encode() not in told
