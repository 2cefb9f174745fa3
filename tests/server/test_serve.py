"""`gradatim serve`: what it makes, what it refuses, how it stops; in processes of its own where that is what is tested."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import ssl
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography import x509
from pytest_django.plugin import DjangoDbBlocker

from gradatim.domain.clock import Instant
from gradatim.domain.fault import BadInput
from gradatim.server import home_certificate, lock, start
from gradatim.server import serving as serving_
from gradatim.server.app_place import front
from gradatim.server.config import Config, configure, home_address, settled
from gradatim.server.migrating import migrate_safely
from tests.journal.made import entries
from tests.server import postgres
from tests.server.made import pushed
from tests.server.served import ROOT, Served, environ, free_port, gradatim, serving


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server without settings, for everything that does not stop it."""
    with serving(tmp_path_factory.mktemp("served") / "new" / "data", "--code") as found:
        yield found


@pytest.fixture(scope="module")
def emptied(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Path:  # fmt: skip
    """A folder with the tables of this version and nothing in them, to be copied."""
    data = tmp_path_factory.mktemp("emptied") / "data"
    settled(config := _config(data))
    with django_db_blocker.unblock():
        migrate_safely(config, Instant.parse("2026-11-23T08:00:00Z"))
    return data


@pytest.fixture
def data(emptied: Path, tmp_path: Path) -> Path:
    """Such a folder of a test's own."""
    return Path(shutil.copytree(emptied, tmp_path / "data"))


def _config(data: Path, **said: str) -> Config:
    return configure({"GRADATIM_DATA": str(data), **{f"GRADATIM_{name.upper()}": text for name, text in said.items()}})


def refused(config: Config) -> str:
    """Why it is not started: every fault, with its remedy."""
    with pytest.raises(BadInput) as caught:
        start.prepared(config).leave()
    assert all(fault.remedy for fault in caught.value.faults)
    assert not lock.held(config.data)
    return str(caught.value)


def faults(*arguments: str, **said: str) -> str:
    """What a command that is refused says: exit code 2, and no traceback."""
    done = gradatim("serve", *arguments, **said)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    return done.stderr


def paired(served: Served, code: str) -> str:
    """The cookie of a device paired by a code."""
    body = json.dumps({"code": code, "label": "A test"}).encode()
    answer, said = served.ask("/api/v1/pair", "POST", body, {"Content-Type": "application/json"})
    assert answer.status == 201, said
    cookie = answer.getheader("Set-Cookie")
    assert cookie is not None
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    return cookie.partition(";")[0]


def port_of(served: Served) -> int:
    return int(served.address.rsplit(":", 1)[1])


def test_without_settings_it_serves_a_household(served: Served) -> None:
    code = served.out.partition("#pair=")[2][:8]
    assert f"{served.address}{front()}#pair={code}" in served.out
    assert "Stop it" in served.out
    assert stat.S_IMODE(served.data.stat().st_mode) == 0o700
    for path in served.data.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    cookie = paired(served, code)
    answer, said = served.ask("/api/v1/records", headers={"Cookie": cookie})
    assert len(json.loads(said)) == 1
    again = json.dumps({"code": code, "label": "x"}).encode()
    assert served.ask("/api/v1/pair", "POST", again, {"Content-Type": "application/json"})[0].status == 410

    listed = gradatim("devices", "--data", str(served.data)).stdout
    assert "A test" in listed
    ended = gradatim("devices", "--data", str(served.data), "--end", listed.split()[0])
    assert ended.returncode == 0, ended.stderr
    answer, _ = served.ask("/api/v1/records", headers={"Cookie": cookie})
    assert answer.status == 401


def test_a_further_code_comes_from_the_terminal(served: Served) -> None:
    made = gradatim("pair", "--data", str(served.data)).stdout
    assert f"{served.address}{front()}#pair=" in made
    code = made.partition("#pair=")[2][:8]
    assert paired(served, code.lower())
    assert code not in served.log


def test_a_head_of_a_file_has_no_body(served: Served) -> None:
    full, body = served.ask("/static/gradatim.css")
    head, nothing = served.ask("/static/gradatim.css", "HEAD")
    assert (full.status, head.status, nothing) == (200, 200, b"")
    assert head.getheader("Content-Length") == full.getheader("Content-Length") == str(len(body))


def test_a_made_up_person_to_look_around(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    data.parent.mkdir()
    with serving(data, "--demo", "--code") as served:
        port = port_of(served)
        assert f"http://localhost:{port}{front()}#pair=" in served.out, (
            "another name than a real household on this machine"
        )
        cookie = paired(served, served.out.partition("#pair=")[2][:8])
        answer, said = served.ask("/api/v1/records", headers={"Cookie": cookie})
        (record,) = json.loads(said)
        assert (answer.status, record["demo"]) == (200, True)
        assert record["entries"] > 300
        answer, said = served.ask(f"/api/v1/records/{record['id']}/packet", headers={"Cookie": cookie})
        assert json.loads(said)["person"]["called"] == "Example person"
        assert served.stop() == 0
    assert "takes a new folder" in faults("--demo", "--data", str(data), "--address", "127.0.0.1:0")
    assert "GRADATIM_MODE" in faults("--demo", "--data", str(tmp_path / "other"), GRADATIM_MODE="accounts")


def test_without_a_folder_it_leaves_none_behind(tmp_path: Path) -> None:
    where = tmp_path / "temporary"
    where.mkdir()
    with subprocess.Popen(
        [sys.executable, "-m", "gradatim", "serve", "--demo", "--address", "127.0.0.1:0", "--code"],
        stdout=subprocess.PIPE, text=True, env=environ(TMPDIR=str(where)), cwd=ROOT,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert "Gradatim listens at http://localhost:" in process.stdout.readline()
        assert len(list(where.iterdir())) == 1
        process.send_signal(signal.SIGINT)
        assert process.wait(25) == 0
    assert list(where.iterdir()) == []


def test_a_second_server_on_the_same_folder_is_refused(served: Served) -> None:
    said = faults("--data", str(served.data), "--address", "127.0.0.1:0")
    assert "a server runs on it already" in said
    assert served.address in said


def test_nothing_is_given_to_other_names_and_other_sites(served: Served) -> None:
    """DNS rebinding, pages of other sites, and what never reaches the program: refused, each with all headers."""
    expected = ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy")  # fmt: skip
    for status, path, method, headers in (
        (200, "/health/live", "GET", {}),
        (200, "/", "GET", {}),
        (200, "/static/gradatim.css", "GET", {}),
        (404, "/nothing", "GET", {}),
        (400, "/", "GET", {"Host": "rebound.example.org"}),
        (400, "/", "GET", {"Host": "127.0.0.1.example.org"}),
        (403, "/pair", "POST", {"Origin": "https://elsewhere.example.org"}),
        (403, "/pair", "POST", {"Origin": "null"}),
        (403, "/api/v1/pair", "POST", {"Origin": "https://elsewhere.example.org"}),
        (403, "/pair", "POST", {"Sec-Fetch-Site": "cross-site"}),
        (403, "/api/v1/pair", "POST", {"Sec-Fetch-Site": "same-site"}),
        (403, "/pair", "POST", {}),  # no token of our own page
        (413, "/api/v1/pair", "POST", {"Content-Length": "99999999"}),
        (404, "/home-certificate", "GET", {}),
    ):  # fmt: skip
        answer, said = served.ask(path, method, None, headers)
        assert answer.status == status, (path, headers, said)
        for name in expected:
            assert answer.getheader(name), (path, name)
        assert b"http" not in said.replace(b"http://www.w3.org/2000/svg", b"").replace(b"https://www.w3.org/", b"")
    with socket.create_connection(("127.0.0.1", port_of(served))) as raw:
        raw.sendall(b"NONSENSE\r\n\r\n")
        said = raw.recv(4000)
    assert said.startswith(b"HTTP/1.1 400")
    assert b"Content-Security-Policy" in said
    assert b"application/problem+json" in said


def test_who_says_nothing_keeps_nobody_waiting(served: Served) -> None:
    idle = [socket.create_connection(("127.0.0.1", port_of(served))) for _ in range(40)]  # more than there are threads
    begun = time.monotonic()
    assert served.ask("/health/live")[0].status == 200
    assert time.monotonic() - begun < 3
    for one in idle:
        one.close()


def test_the_probe_of_a_container(served: Served) -> None:
    def probe(port: int) -> int:
        said = environ(GRADATIM_ADDRESS=f"127.0.0.1:{port}")
        return subprocess.run([sys.executable, "-m", "gradatim.server.probe"], env=said, timeout=20, check=False).returncode  # fmt: skip

    assert probe(port_of(served)) == 0
    assert probe(free_port()) == 1


def test_every_refusal_is_told_before_anything_is_made(tmp_path: Path) -> None:
    said = faults("--data", str(tmp_path / "data"), GRADATIM_ADDRESS="0.0.0.0:8321", GRADATIM_SECRET_KEY="x")
    for name in ("MODE", "SECRET_KEY", "HOSTS", "TLS_CERTIFICATE"):
        assert f"GRADATIM_{name}" in said
    assert not (tmp_path / "data").exists()


def _under_way(data: Path, number: int) -> None:
    """The database is held from outside, so that a push waits; then the server is told to stop, and then the database is let go."""
    with serving(data, "--code") as served:
        cookie = paired(served, served.out.partition("#pair=")[2][:8])
        answer, said = served.ask("/api/v1/session", headers={"Cookie": cookie})
        csrf, made = json.loads(said)["csrf"], str(answer.getheader("Set-Cookie"))
        head = {
            "Cookie": f"{cookie}; {made.partition(';')[0]}", "X-CSRFToken": csrf, "Content-Type": "application/json",
        }  # fmt: skip
        record = json.loads(served.ask("/api/v1/records", headers={"Cookie": cookie})[1])[0]["id"]
        holder = sqlite3.connect(data / "gradatim.sqlite3", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        got: list[tuple[int, bytes]] = []

        def push() -> None:
            body = json.dumps(pushed(entries(3))).encode()
            answer, said = served.ask(f"/api/v1/records/{record}/entries", "POST", body, head)
            got.append((answer.status, said))

        pusher = threading.Thread(target=push)
        pusher.start()
        time.sleep(0.4)
        begun = time.monotonic()
        served.process.send_signal(number)
        time.sleep(0.8)
        with pytest.raises(ConnectionRefusedError):
            served.ask("/health/live")  # nobody new is let in
        assert got == []
        assert served.process.poll() is None
        holder.execute("ROLLBACK")
        pusher.join(20)
        assert got[0][0] == 200, got
        assert json.loads(got[0][1])["stored"] == 3
        assert served.process.wait(20) == 0
        assert time.monotonic() - begun < 20
        assert holder.execute("SELECT count(*) FROM gradatim_entry").fetchone() == (3,)
        holder.close()
        assert "stopped" in served.log
    assert not lock.held(data)


def test_a_request_under_way_is_answered_before_it_stops(data: Path) -> None:
    _under_way(data, signal.SIGTERM)


@pytest.mark.long
def test_ctrl_c_stops_it_alike(data: Path) -> None:
    _under_way(data, signal.SIGINT)


@pytest.mark.long
def test_a_request_that_does_not_end_is_cut_off(data: Path) -> None:
    with serving(data) as served, socket.create_connection(("127.0.0.1", port_of(served))) as raw:
        raw.sendall(
            b"POST /api/v1/pair HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
        )
        time.sleep(0.5)
        begun = time.monotonic()
        code = served.stop()
        assert code in (0, 1)
        assert time.monotonic() - begun < 20


@pytest.mark.long
def test_what_a_service_prints_has_no_code(data: Path) -> None:
    with serving(data) as served:
        assert "#pair=" not in served.out
        assert "gradatim pair" in served.out
        assert served.stop() == 0
    assert "no server runs" in gradatim("pair", "--data", str(data)).stderr


@pytest.mark.long
@pytest.mark.skipif(postgres.programs() is None, reason="PostgreSQL is not installed")
def test_it_serves_from_a_postgresql(tmp_path: Path) -> None:
    with postgres.cluster(durable=False) as cluster:
        with serving(tmp_path / "data", "--code", GRADATIM_DATABASE=cluster.url) as served:
            cookie = paired(served, served.out.partition("#pair=")[2][:8])
            assert served.ask("/api/v1/records", headers={"Cookie": cookie})[0].status == 200
            assert served.stop() == 0
        assert not (tmp_path / "data" / "gradatim.sqlite3").exists()


@pytest.mark.long
@pytest.mark.skipif(home_address() is None, reason="this machine has no address at home")
def test_at_home_a_phone_can_come_in(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data, "--home", GRADATIM_ADDRESS=f"127.0.0.1:{free_port()}") as served:
        assert served.address.startswith(f"https://{home_address()}:")
        assert "/home-certificate" in served.out
        assert home_certificate.fingerprint(data) in served.out
        authority = home_certificate.authority_of(data)
        assert authority is not None
        trusting = ssl.create_default_context(cadata=authority.decode())
        trusting.verify_flags |= ssl.VERIFY_X509_STRICT
        for path, told in (("/", home_certificate.fingerprint(data).encode()), ("/home-certificate", authority)):
            with closing(served.connect(trusting)) as connection:
                connection.request("GET", path)
                answer = connection.getresponse()
                assert told in answer.read()
                assert answer.getheader("Strict-Transport-Security") is None  # the certificate is not one for ever
        assert served.stop() == 0


# --- the same without a process of its own ------------------------------------------------------------------------------


def test_a_port_that_is_taken(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(BadInput) as caught:
        serving_.listening(_config(data, address=f"127.0.0.1:{taken.getsockname()[1]}"), _hello)
    assert "another program listens there" in str(caught.value)


def test_an_address_that_is_not_of_this_machine(data: Path) -> None:
    config = replace(_config(data), host="198.51.100.7")
    with pytest.raises(BadInput) as caught:
        serving_.listening(config, _hello)
    assert "this machine has no such address" in str(caught.value)


def test_a_database_that_is_locked(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "_PATIENCE", 0.1)
    holder = sqlite3.connect(data / "gradatim.sqlite3", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert "Another program holds it" in refused(_config(data))
    holder.close()


def test_a_database_that_is_none(data: Path) -> None:
    (data / "gradatim.sqlite3").write_bytes(b"this is no database, and it is long enough to be read as one" * 20)
    assert "not a database" in refused(_config(data))


@pytest.mark.usefixtures("kept")
def test_a_database_of_a_newer_version(data: Path) -> None:
    with closing(sqlite3.connect(data / "gradatim.sqlite3")) as changed:
        changed.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('gradatim', '9999_later', '2030-01-01')")  # fmt: skip
        changed.commit()
    assert "newer" in refused(_config(data))


def test_a_postgresql_that_is_not_there(data: Path) -> None:
    done = gradatim("serve", "--data", str(data), GRADATIM_DATABASE=f"postgresql://u:hidden@127.0.0.1:{free_port()}/x")
    assert done.returncode == 2
    assert "Check that PostgreSQL runs" in done.stderr
    assert "Traceback" not in done.stderr
    assert "hidden" not in done.stderr


def test_files_of_another_user(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    said = refused(_config(data))
    assert f"{data} belongs to user {mine}" in said.replace(": belongs", " belongs")
    assert "gradatim.sqlite3" in said


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="cannot be used"):
        start.prepared(_config(tmp_path / "file" / "data"))


def test_a_lock_goes_with_its_process(tmp_path: Path) -> None:
    one = lock.Lock(tmp_path)
    one.hold()
    assert lock.held(tmp_path)
    assert lock.address(tmp_path) is None
    one.say("http://127.0.0.1:1")
    assert lock.address(tmp_path) == "http://127.0.0.1:1"
    with pytest.raises(BadInput, match="already"):
        lock.Lock(tmp_path).hold()
    one.leave()
    assert not lock.held(tmp_path)
    assert lock.address(tmp_path) is None
    code = f"from pathlib import Path; from gradatim.server.lock import Lock; Lock(Path({str(tmp_path)!r})).hold(); import os; os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code], check=False, timeout=20)
    assert not lock.held(tmp_path)


def test_a_certificate_that_does_not_fit(data: Path, tmp_path: Path) -> None:
    home_certificate.certificate_for(data, "127.0.0.1", datetime.now(UTC))
    config = _config(data, tls_certificate=str(data / home_certificate.SERVER), tls_key=str(data / home_certificate.AUTHORITY))  # fmt: skip
    with pytest.raises(BadInput, match="cannot be used with"):
        serving_.make(config, _hello)


def test_home_needs_no_certificate_of_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADATIM_TLS_CERTIFICATE", "x")
    with pytest.raises(BadInput, match="--home"):
        start.configured(data=tmp_path, home=True)
    monkeypatch.delenv("GRADATIM_TLS_CERTIFICATE")
    monkeypatch.setattr(start, "home_address", lambda: None)
    with pytest.raises(BadInput, match="no address on a private network"):
        start.configured(data=tmp_path, home=True)


def _hello(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    assert environ["wsgi.url_scheme"] == "https"
    assert environ.get("HTTP_X_FORWARDED_FOR", "") in ("", "192.0.2.1")
    return [b"hello"]


def test_tls_is_spoken_by_each_connection_for_itself(data: Path) -> None:
    """A handshake that never comes keeps nobody waiting; who speaks http is told; a header with ``_`` is not one with ``-``."""
    file = home_certificate.certificate_for(data, "127.0.0.1", datetime.now(UTC))
    config = replace(_config(data, tls_certificate=str(file), tls_key=str(file)), port=0, threads=4)
    server = serving_.listening(config, _hello)
    port = server.bind_addr[1]
    runs = threading.Thread(target=server.serve)
    runs.start()
    try:
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
        with socket.create_connection(("127.0.0.1", port)) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"https://" in plain.recv(1000)
        authority = home_certificate.authority_of(data)
        assert authority is not None
        trusting = ssl.create_default_context(cadata=authority.decode())
        trusting.verify_flags |= ssl.VERIFY_X509_STRICT
        begun = time.monotonic()
        with closing(HTTPSConnection("127.0.0.1", port, timeout=20, context=trusting)) as connection:
            for _ in range(3):  # one connection stays open
                connection.request("GET", "/", headers={"X-Forwarded-For": "192.0.2.1", "X_Forwarded_For": "203.0.113.9"})  # fmt: skip
                assert connection.getresponse().read() == b"hello"
        assert time.monotonic() - begun < 5
        before = ssl.get_server_certificate(("127.0.0.1", port))
        file.unlink()
        home_certificate.certificate_for(data, "127.0.0.1", datetime.now(UTC))
        server.renew(config)
        assert ssl.get_server_certificate(("127.0.0.1", port)) != before
        with closing(HTTPSConnection("127.0.0.1", port, timeout=20)) as stranger, pytest.raises(ssl.SSLCertVerificationError):  # fmt: skip
            stranger.request("GET", "/")
        for one in silent:
            one.close()
    finally:
        server.stop()
        runs.join(20)


def test_the_certificate_of_the_server_is_renewed_and_the_authority_stays(tmp_path: Path) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    path = home_certificate.certificate_for(tmp_path, "192.168.1.10", now)
    first, authority = path.read_bytes(), home_certificate.authority_of(tmp_path)
    leaf = x509.load_pem_x509_certificate(first)
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=397)
    assert home_certificate.certificate_for(tmp_path, "192.168.1.10", now + timedelta(days=300)).read_bytes() == first
    assert home_certificate.certificate_for(tmp_path, "192.168.1.11", now).read_bytes() != first
    assert home_certificate.certificate_for(tmp_path, "192.168.1.10", now + timedelta(days=380)).read_bytes() != first
    assert home_certificate.authority_of(tmp_path) == authority
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("nonsense")
    assert b"CERTIFICATE" in home_certificate.certificate_for(tmp_path, "192.168.1.10", now).read_bytes()
    (tmp_path / home_certificate.AUTHORITY).write_text("nonsense")
    with pytest.raises(BadInput):
        home_certificate.certificate_for(tmp_path, "192.168.1.10", now)


def test_the_authority_vouches_for_home_alone(tmp_path: Path) -> None:
    """A phone that trusts it trusts it for no other site."""
    now = datetime.now(UTC)
    home_certificate.certificate_for(tmp_path, "192.168.1.10", now)
    authority = home_certificate._read(tmp_path / home_certificate.AUTHORITY)
    assert authority is not None
    constraints = authority.certificate.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    basic = authority.certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (basic.ca, basic.path_length) == (True, 0)
    elsewhere = home_certificate._server(authority, "203.0.114.7", now)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    home_certificate._write(tmp_path / "elsewhere.pem", elsewhere)
    context.load_cert_chain(tmp_path / "elsewhere.pem")
    asking = ssl.create_default_context(cadata=home_certificate.authority_of(tmp_path).decode())  # type: ignore[union-attr]
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
        _shake(context, asking, "203.0.114.7")


def _shake(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> None:
    here, there = ssl.MemoryBIO(), ssl.MemoryBIO()
    one = client.wrap_bio(here, there, server_hostname=name)
    other = server.wrap_bio(there, here, server_side=True)
    for _ in range(4):
        for side in (one, other):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue


def test_on_a_terminal_it_shows_a_picture_of_the_link() -> None:
    text = start.qr_text("http://127.0.0.1:8321/#pair=ABCDEFGH")
    assert len(text.splitlines()) > 10
    assert "█" in text or "▄" in text


def test_what_fails_beside_the_server_keeps_nothing_else_from_being_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []

    def fails(*_: object) -> None:
        done.append("failed")
        raise RuntimeError

    class Soon(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            return len(done) > 2

    monkeypatch.setattr(start, "warm", fails)
    monkeypatch.setattr(start, "_certificate", fails)
    monkeypatch.setattr(start, "_sessions", lambda *_: done.append("sessions"))
    monkeypatch.setattr(start, "_backup", lambda *_: done.append("backup"))
    start._beside(_config(tmp_path), cast("Any", None), Soon())
    assert done == ["failed", "failed", "sessions", "backup"]
