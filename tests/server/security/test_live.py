"""What only the real server shows: what is said on one connection, slowly, in pieces, in other spellings."""

from __future__ import annotations

import gzip
import json
import select
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from gradatim.server import patience, serving
from gradatim.server.models import Device, Entry
from gradatim.server.who import ALL, new_device, revoke
from tests.journal.made import entry
from tests.server.made import pushed
from tests.server.security.operations import World, world
from tests.server.security.served_here import Line, asked, served

pytestmark = pytest.mark.usefixtures("kept")


@pytest.fixture(scope="module")
def port(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    with django_db_blocker.unblock(), served() as found:
        yield found


@pytest.fixture
def made(kept: None) -> World:
    return world()


@pytest.fixture
def line(port: int) -> Iterator[Line]:
    found = Line(port)
    yield found
    found.close()


def bearer(secret: str) -> str:
    return f"Authorization: Bearer {secret}"


def test_an_open_connection_of_a_device_that_was_ended_gets_nothing_more(line: Line, made: World) -> None:
    own = bearer(made.secret)
    path = f"/api/v1/records/{made.record}/entries?limit=1"
    first = line.ask("GET", path, own)
    assert first.data["more"]
    revoke(Device.objects.get(pk=made.phone.pk))
    for address in (f"{path}&after={first.data['cursor']}", path, f"/api/v1/records/{made.record}"):
        assert line.ask("GET", address, own).status == 401


def test_two_who_share_a_connection_are_still_two(line: Line, made: World) -> None:
    """As behind a proxy, where one connection carries everybody."""
    other = world()
    _, secret = new_device(other.owner, "x", ALL, program=True)
    for _ in range(3):
        assert line.ask("GET", f"/api/v1/records/{made.record}", bearer(made.secret)).status == 200
        assert line.ask("GET", f"/api/v1/records/{made.record}", bearer(secret)).status == 404
        assert line.ask("GET", f"/api/v1/records/{made.record}").status == 401


# --- where one request ends -------------------------------------------------------------------------------------------------


def test_what_comes_in_chunks_is_refused_and_its_rest_is_no_request(line: Line, made: World) -> None:
    hidden = f"GET /api/v1/records HTTP/1.1\r\nHost: 127.0.0.1\r\n{bearer(made.secret)}\r\n\r\n"
    line.say(
        f"POST /api/v1/pair HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}".encode()
    )
    told = line.hear()
    assert told is not None
    assert told.status == 411
    assert told.headers["Content-Type"] == "application/problem+json"
    assert line.hear() is None


@pytest.mark.parametrize(
    "headers",
    [
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "Transfer-Encoding: gzip, chunked",
        "transfer-encoding: CHUNKED",
        "Content-Length: x",
        "Content-Length: 1, 1",
    ],
)
def test_a_length_that_is_said_twice_or_oddly_ends_the_connection(line: Line, headers: str) -> None:
    line.say(
        f"POST /api/v1/pair HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n\r\n0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    )
    told = line.hear()
    assert told is not None
    assert 400 <= told.status < 600
    assert line.hear() is None


def test_a_body_that_nobody_read_is_not_taken_for_the_next_request(line: Line) -> None:
    body = b"DELETE /api/v1/devices/x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    for path in ("/nowhere", "/api/v1/session", "/health/live"):
        line.ask("POST", path, "Content-Type: application/json", body=body)
        assert line.ask("GET", "/health/live").status == 200


@pytest.mark.parametrize(
    "raw", [b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", b"GET / HTTP/1.1\r\nX y: z\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
            b"GET / HTTP/1.1\nHost: 127.0.0.1\n\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET http://evil.example.org/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n",
            b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X-A: b\r\n" * 6000 + b"\r\n", b"CONNECT a:1 HTTP/1.1\r\n\r\n"]
)  # fmt: skip
def test_what_is_no_request_is_refused_and_nothing_of_it_is_repeated(port: int, raw: bytes) -> None:
    line = Line(port, 15)
    line.say(raw)
    if raw in (b"\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"):
        line.socket.shutdown(1)
    told = line.hear()
    if told is not None:
        assert 400 <= told.status < 600, told
        assert b"evil" not in told.body
        assert b"aaaa" not in told.body
        assert "Traceback" not in told.body.decode()
    line.close()
    assert asked(port, "GET", "/health/live").status == 200


@pytest.mark.parametrize("name", ["X_Forwarded_For", "X-Forwarded_For", "Authorization_", "Content_Length", "HOST_"])
def test_a_header_with_a_line_under_it_is_not_taken_for_another(line: Line, made: World, name: str) -> None:
    assert (
        line.ask("GET", f"/api/v1/records/{made.record}", f"{name}: {bearer(made.secret).partition(' ')[2]}").status
        == 401
    )


SPELT = {
    "/api/v1/records/{id}": 200, "/api/v1/%72ecords/{id}": 200, "//api/v1/records/{id}": 400, "/api/v1/records%2F{id}": 404, "/api/v1/records/{id}%2Fentries": 404,
    "/api/v1/records/{id}%00": 404, "/api/v1/records/%7b{id}%7d": 404, "/api/v1/../v1/records/{id}": 404, "/api/v1/records/{ID}": 404, "/api/v1/records/{id}/": 404,
    "/static/../../../../etc/passwd": 404, "/static/..%2f..%2f..%2fetc%2fpasswd": 404, "/static/%2e%2e/%2e%2e/etc/passwd": 404, "/static/%2fetc%2fpasswd": 404,
    "/api/v1/records/{id}?x=%ff%fe": 200, "/%ff%fe": 404, "/api/v1/records/{id};entries": 404,
}  # fmt: skip


@pytest.mark.parametrize("spelt", SPELT)
def test_an_address_in_another_spelling_is_the_same_or_nothing(line: Line, made: World, spelt: str) -> None:
    told = line.ask("GET", spelt.format(id=made.record, ID=str(made.record).upper()), bearer(made.secret))
    assert told.status == SPELT[spelt]
    assert b"root:" not in told.body


# --- slowly -----------------------------------------------------------------------------------------------------------------


def test_who_sends_a_byte_now_and_then_is_not_waited_for_without_end(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "PATIENCE", patience.Patience(2))
    began, ended = time.monotonic(), False
    with Line(port) as line:
        line.say(
            b"POST /api/v1/pair HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n"
        )
        while not ended and time.monotonic() - began < 20:
            with suppress(BrokenPipeError, ConnectionResetError):
                line.say(b" ")
            ended = bool(select.select([line.socket], [], [], 0.2)[0])
        told = line.hear()
    assert ended
    assert 2 <= time.monotonic() - began < 15
    assert told is None or told.status in (400, 408)


def test_a_request_that_takes_long_to_answer_is_answered(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "PATIENCE", patience.Patience(0.5))
    from gradatim.server import health

    real = health.ready

    def slow(request: Any) -> Any:
        time.sleep(2)
        return real(request)

    from django.urls import clear_url_caches, get_resolver

    pattern = next(one for one in get_resolver().url_patterns if str(one.pattern) == "health/ready")
    monkeypatch.setattr(pattern, "callback", slow)
    clear_url_caches()
    assert asked(port, "GET", "/health/ready").status == 200


def test_connections_that_say_nothing_keep_nobody_out(port: int) -> None:
    silent = [Line(port) for _ in range(60)]
    began = time.monotonic()
    assert asked(port, "GET", "/health/live").status == 200
    assert time.monotonic() - began < 5
    for one in silent:
        one.close()


def test_who_hangs_up_in_the_middle_leaves_nothing_half_written(port: int, made: World) -> None:
    body = json.dumps(pushed([entry(number) for number in range(100, 400)])).encode()
    head = f"POST /api/v1/records/{made.record}/entries HTTP/1.1\r\nHost: 127.0.0.1\r\n{bearer(made.secret)}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    for share in (0.1, 0.5, 0.99):
        with Line(port) as line:
            line.say(head, body[: int(len(body) * share)])
    time.sleep(0.5)
    assert Entry.objects.filter(record_id=made.record).count() == 3
    with Line(port) as line:
        line.say(head, body)
        told = line.hear()
    assert told is not None
    assert told.data["stored"] == 300


def test_bombs_from_many_at_once_leave_the_server_standing(port: int, made: World) -> None:
    bomb = gzip.compress(b"[" * 100_000_000)
    answers = []

    def throw() -> None:
        line = Line(port)
        answers.append(
            line.ask("POST", f"/api/v1/records/{made.record}/entries", bearer(made.secret), "Content-Type: application/json", "Content-Encoding: gzip", body=bomb).status
        )  # fmt: skip
        line.close()

    crowd = [threading.Thread(target=throw) for _ in range(6)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert answers == [413] * 6


def test_the_server_does_not_say_what_it_is_made_of(line: Line) -> None:
    told = line.ask("GET", "/health/live")
    for value in told.headers.values():
        assert not any(word in value.lower() for word in ("cheroot", "python", "django", "wsgi"))
