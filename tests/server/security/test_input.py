"""What nobody would send by accident: broken JSON, bombs, letters that are none, numbers without end. Refused whole, told plainly, quickly."""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc
from typing import Any

import pytest
from django.test import Client

from gradatim.domain.entry import NoteWritten
from gradatim.server.api.strict import DEEPEST
from gradatim.server.limits import SMALL
from gradatim.server.middleware import LARGEST_BODY
from gradatim.server.models import Account, Device, Entry
from gradatim.server.problems import MOST_FAULTS
from tests.journal.made import entry
from tests.server.made import browser, pushed, send
from tests.server.security.askers import everything, token, with_token
from tests.server.security.operations import world

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

HALF = "\\ud800"


def raw(client: Client, path: str, body: bytes, **headers: str) -> Any:
    return client.generic("POST", f"/api/v1{path}", body, "application/json", headers=headers)


def refused(response: Any, *statuses: int) -> dict[str, Any]:
    assert response.status_code in statuses, response.content[:300]
    assert response["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = response.json()
    return told


def a_push(**change: Any) -> dict[str, Any]:
    body = pushed((entry(7, NoteWritten(text="x")),))
    body["entries"][0] |= change
    return body


BROKEN = {
    "nothing": b"",
    "not JSON": b"{",
    "a text": b'"x"',
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "NaN": b'{"label": "x", "scopes": ["read"], "days": NaN}',
    "Infinity": b'{"label": "x", "scopes": ["read"], "days": Infinity}',
    "a number beyond all": b'{"label": "x", "scopes": ["read"], "days": 1e999}',
    "a number of many digits": b'{"label": "x", "scopes": ["read"], "days": ' + b"9" * 5000 + b"}",
    "a number of too many days": b'{"label": "x", "scopes": ["read"], "days": 99999999999999999999}',
    "a day that is none": b'{"label": "x", "scopes": ["read"], "days": 1.5}',
    "a key twice": b'{"label": "x", "label": "y", "scopes": ["read"]}',
    "a key that is unknown": b'{"label": "x", "scopes": ["read"], "administrator": true}',
    "half a letter": b'{"label": "' + HALF.encode() + b'", "scopes": ["read"]}',
    "half a letter in a key": b'{"label": "x", "scopes": ["read"], "' + HALF.encode() + b'": 1}',
    "a letter that is no letter": b'{"label": "a\\u0000b", "scopes": ["read"]}',
    "not UTF-8": b'{"label": "\xff", "scopes": ["read"]}',
    "UTF-16": '{"label": "x", "scopes": ["read"]}'.encode("utf-16"),
    "a mark at its start": b"\xef\xbb\xbf" + b'{"label": "x", "scopes": ["read"]}',
    "many brackets": b"[" * 100_000,
    "many brackets that end": b'{"label":' * 500 + b"1" + b"}" * 500,
    "something behind its end": b'{"label": "x", "scopes": ["read"]} {}',
    "an unknown scope": b'{"label": "x", "scopes": ["administrator"]}',
    "a label without letters": b'{"label": " \\t ", "scopes": ["read"]}',
    "a label of two lines": b'{"label": "a\\nERROR forged line", "scopes": ["read"]}',
    "a label that turns the writing round": '{"label": "A \u202eenohp", "scopes": ["read"]}'.encode(),
    "a label with letters without width": '{"label": "A\u200b phone", "scopes": ["read"]}'.encode(),
    "a label without end": json.dumps({"label": "x" * 5000, "scopes": ["read"]}).encode(),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_refused_as_a_problem(what: str) -> None:
    made = world()
    before = everything()
    told = refused(raw(with_token(made.secret), "/tokens", BROKEN[what]), 400, 422)
    assert everything() == before
    assert len(json.dumps(told)) < 2000


@pytest.mark.parametrize("what", BROKEN)
@pytest.mark.parametrize("path", ["/pair", "/invitations/show"])
def test_so_is_what_nobody_sends(path: str, what: str) -> None:
    refused(raw(browser(), path, BROKEN[what]), 400, 403, 413, 422)


@pytest.mark.parametrize("depth", [DEEPEST, 200, 500, 900, 990, 5000, 100_000])
@pytest.mark.parametrize(
    "around", ['{"schema": "gradatim/entry/1", "sent": "2026-11-23T08:00:00Z", "entries": [%s]}', "%s"]
)
def test_brackets_in_brackets_end_somewhere(depth: int, around: str) -> None:
    made = world()
    for deep in ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth):
        body = (around % deep).encode()
        told = refused(raw(with_token(made.secret), f"/records/{made.record}/entries", body), 400, 422)
        deeper = depth + around.count("{") + around.count("[") > DEEPEST
        assert (told["type"] == "urn:gradatim:problem:bad-request") is deeper
    assert Entry.objects.filter(record_id=made.record).count() == 3


def test_brackets_as_deep_as_is_taken_are_told_like_other_faults() -> None:
    made = world()
    depth = DEEPEST - 4
    told = refused(
        send(
            with_token(made.secret),
            "post",
            f"/records/{made.record}/entries",
            a_push(what=json.loads("[" * depth + "]" * depth)),
        ),
        422,
    )
    assert told["faults"]


@pytest.mark.parametrize(
    "change",
    [
        {"id": "00000000-0000-0000-0000-000000000000"}, {"id": "x" * 10_000}, {"id": 1}, {"id": None}, {"id": ["x"]}, {"person": ""}, {"person": "x" * 100_000},
        {"zone": "../../../etc/passwd"}, {"zone": "/etc/passwd"}, {"zone": "Europe/London\n"}, {"zone": "x" * 100_000}, {"zone": "."}, {"zone": ""},
        {"at": "9999-12-31T23:59:59Z"}, {"at": "0001-01-01T00:00:00Z"}, {"at": 0}, {"at": "2026-11-23T08:00:00+99:99"}, {"at": "٢٠٢٦-11-23T08:00:00Z"},
        {"recorded": "99999-01-01T00:00:00Z"}, {"what": None}, {"what": {"kind": "dose-taken", "dose": "x", "amount": "1e999 mg", "units": []}},
        {"what": {"kind": "dose-taken", "dose": "x", "amount": "9" * 5000 + " mg", "units": []}}, {"what": {"kind": "dose-taken", "dose": "x", "amount": 1e300, "units": []}},
        {"what": {"kind": "dose-taken", "dose": "x", "amount": -5, "units": []}}, {"what": {"kind": "__class__"}}, {"what": {"kind": ["note"]}}, {"__class__": "x"},
        {"what": {"kind": "happened", "event": "fall", "note": "", "on": "9999-99-99"}}, {"what": {"kind": "check-in", "scores": [{"scale": "spasticity", "value": 10**400}]}},
    ],
)  # fmt: skip
def test_an_entry_with_one_thing_wrong_is_refused_and_says_where(change: dict[str, Any]) -> None:
    made = world()
    before = everything()
    told = refused(send(with_token(made.secret), "post", f"/records/{made.record}/entries", a_push(**change)), 422)
    assert all(one["path"].startswith("entries[0]") and one["remedy"] for one in told["faults"])
    assert len(json.dumps(told)) < 20_000
    assert everything() == before


def test_letters_that_no_file_can_hold_reach_none() -> None:
    made = world()
    before = everything()
    body = json.dumps(a_push(what={"kind": "note", "text": "x"})).replace('"text": "x"', f'"text": "{HALF}"')
    refused(raw(with_token(made.secret), f"/records/{made.record}/entries", body.encode()), 400)
    for letters in ("a\u0000b", "\u0000"):
        refused(send(with_token(made.secret), "post", f"/records/{made.record}/entries", a_push(person=letters)), 400)
    assert everything() == before


def test_letters_that_only_look_strange_are_kept_as_they_are() -> None:
    made = world()
    text = "😴 \u202e\u200b e\u0301 \ufeff 𝔘 \\u0000 \x7f"
    assert (
        send(
            with_token(made.secret),
            "post",
            f"/records/{made.record}/entries",
            a_push(what={"kind": "note", "text": text}),
        ).status_code
        == 200
    )
    told = send(with_token(made.secret), "get", f"/records/{made.record}/entries?after=3").json()
    assert told["entries"][0]["what"]["text"] == text


def test_a_record_named_by_a_long_name_is_refused_on_both_databases() -> None:
    made = world()
    fresh = send(token(made.owner), "post", "/records").json()["id"]
    for name, statuses in (("x" * 200, (200,)), ("x" * 201, (422,))):
        body = pushed((entry(1, person=name),))
        assert send(token(made.owner), "post", f"/records/{fresh}/entries", body).status_code in statuses
        fresh = send(token(made.owner), "post", "/records").json()["id"]


@pytest.mark.parametrize("sent", ["2199-12-31T23:59:59Z", "1900-01-01T00:00:00Z", "1970-01-01T00:00:00Z"])
def test_a_clock_that_is_ages_off_is_told_and_harms_nothing(sent: str) -> None:
    made = world()
    told = send(with_token(made.secret), "post", f"/records/{made.record}/entries", pushed((entry(7),), sent))
    assert told.status_code == 200, told.content
    assert told.json()["clock"]["wrong"]
    assert Device.objects.get(pk=made.phone.pk).clock_ahead is not None


@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=99999999999999999999",
        "after=x",
        "after=1e3",
        "limit=0",
        "limit=501",
        "limit=",
        "head=x",
        "head=" + "0" * 65,
        "after=1&after=2",
    ],
)
def test_a_cursor_that_is_none_is_refused(query: str) -> None:
    made = world()
    response = send(with_token(made.secret), "get", f"/records/{made.record}/entries?{query}")
    assert response.status_code in ((200,) if query.count("after") == 2 else (422,)), response.content


# --- much -------------------------------------------------------------------------------------------------------------------


def test_more_than_is_taken_at_once_is_refused_before_it_is_read() -> None:
    made = world()
    refused(raw(with_token(made.secret), f"/records/{made.record}/entries", b" " * (LARGEST_BODY + 1)), 413)
    refused(raw(browser(), "/pair", b" " * (SMALL + 1)), 413)
    one = entry(7, NoteWritten(text="x"))
    many = [one.__class__(**{n: getattr(one, n) for n in one.__slots__} | {"id": entry(n).id}) for n in range(10, 511)]
    refused(send(with_token(made.secret), "post", f"/records/{made.record}/entries", pushed(many)), 422)


@pytest.mark.parametrize("length", ["-1", "+1", "1_0", "0x10", "x", "", "99999999999999999999999", "1.0", " 1"])
def test_a_length_that_is_none_is_refused(length: str) -> None:
    response = browser().generic("POST", "/api/v1/pair", b"{}", "application/json", CONTENT_LENGTH=length)
    assert response.status_code in (400, 413, 422)


def bomb(size: int) -> bytes:
    return gzip.compress(b" " * size)


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, 200 * 1024 * 1024])
def test_what_grows_when_it_is_unpacked_is_stopped(size: int) -> None:
    made = world()
    packed = bomb(size)
    assert len(packed) < size / 500
    client = with_token(made.secret)
    tracemalloc.start()
    refused(raw(client, f"/records/{made.record}/entries", packed, **{"Content-Encoding": "gzip"}), 413)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * LARGEST_BODY


def test_where_nobody_is_known_less_is_unpacked() -> None:
    refused(raw(browser(), "/pair", bomb(SMALL + 1), **{"Content-Encoding": "gzip"}), 413)


@pytest.mark.parametrize(
    "packed", [b"", b"x", gzip.compress(b"{}", mtime=0)[:-1], gzip.compress(b"{}", mtime=0) + b"x", gzip.compress(b"{}", mtime=0) * 2, gzip.compress(gzip.compress(b"{}", mtime=0), mtime=0), b"\x1f\x8b" * 100]
)  # fmt: skip
def test_what_is_not_gzip_is_refused(packed: bytes) -> None:
    refused(raw(browser(), "/pair", packed, **{"Content-Encoding": "gzip"}), 400, 422)


@pytest.mark.parametrize("coding", ["br", "deflate", "zstd", "gzip, gzip", "x-gzip", "identity, gzip", "compress"])
def test_other_packings_are_not_taken(coding: str) -> None:
    refused(raw(browser(), "/pair", b"{}", **{"Content-Encoding": coding}), 415)


def test_a_packed_push_is_taken() -> None:
    made = world()
    body = gzip.compress(json.dumps(a_push()).encode())
    told = raw(with_token(made.secret), f"/records/{made.record}/entries", body, **{"Content-Encoding": "gzip"})
    assert told.status_code == 200


def test_a_thousand_faults_make_no_answer_without_end() -> None:
    made = world()
    body = a_push()
    body["entries"] = [body["entries"][0] | {f"author{n}": "y" * 1000 for n in range(2000)} for _ in range(2)]
    began = time.monotonic()
    told = refused(send(with_token(made.secret), "post", f"/records/{made.record}/entries", body), 422)
    assert len(told["faults"]) == MOST_FAULTS
    assert str(MOST_FAULTS) in told["detail"]
    assert len(json.dumps(told)) < 1_000_000
    assert time.monotonic() - began < 10


def test_a_long_word_is_quoted_in_part() -> None:
    made = world()
    told = refused(
        send(with_token(made.secret), "post", f"/records/{made.record}/entries", a_push(at="x" * 1_000_000)), 422
    )
    assert len(json.dumps(told)) < 5000


# --- what is said back --------------------------------------------------------------------------------------------------


MARKUP = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    "path",
    [
        f"/{MARKUP}",
        f"/api/v1/{MARKUP}",
        f"/api/v1/records/{MARKUP}",
        f"/static/{MARKUP}",
        f"/_allauth/{MARKUP}/callback",
    ],
)
def test_no_page_repeats_what_was_asked(path: str) -> None:
    response = browser().get(
        path,
        {"x": MARKUP},
        headers={"Referer": f"http://127.0.0.1/{MARKUP}", "User-Agent": MARKUP, "Cookie": f"x={MARKUP}"},
    )
    assert response.status_code == 404
    assert MARKUP.encode() not in response.content
    assert response["Content-Type"].startswith("application/")
    assert all(MARKUP not in value for value in response.headers.values())


def test_what_is_quoted_in_a_problem_is_data() -> None:
    made = world()
    response = send(with_token(made.secret), "post", f"/records/{made.record}/entries", a_push(zone=MARKUP))
    assert response["Content-Type"] == "application/problem+json"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: x=y", "a\nb", "a\rb", "a\x00b"])
def test_no_header_is_split(value: str) -> None:
    made = world()
    client = with_token(made.secret)
    for response in (
        send(client, "post", "/tokens", {"label": value, "scopes": ["read"]}),
        send(client, "get", "/records", headers={"Idempotency-Key": value}),
        send(client, "post", "/devices/codes", {}, headers={"Idempotency-Key": value}),
        client.get("/api/v1/session", {"x": value}),
    ):
        assert "Set-Cookie" not in response.headers
        assert all("\n" not in f"{name}{one}" and "\r" not in f"{name}{one}" for name, one in response.headers.items())


def test_a_label_on_a_page_is_words_and_never_markup() -> None:
    made = world()
    Device.objects.filter(pk=made.ids["device"]).update(label=MARKUP)
    Account.objects.filter(pk=made.owner.pk).update(name=MARKUP)
    page = browser()
    from gradatim.server.who import cookie_name

    page.cookies[cookie_name()] = made.secret
    shown = page.get("/")
    assert shown.status_code == 200
    assert MARKUP.encode() not in shown.content


@pytest.mark.parametrize("label", ["a\u0000b", "a\u202eb", "a\nb", "x" * 1000, "\ud800"])
@pytest.mark.parametrize("code", ["22222222", "\u0000", "x" * 10_000, "\ud800", "٢٢٢٢"])
def test_the_page_for_pairing_takes_anything_and_fails_at_nothing(label: str, code: str) -> None:
    response = Client(SERVER_NAME="127.0.0.1").post(
        "/pair", {"code": code.encode("utf-8", "replace").decode(), "label": label.encode("utf-8", "replace").decode()}
    )
    assert response.status_code in (400, 410, 422), response.content
