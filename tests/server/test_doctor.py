"""Each check of `gradatim doctor` is broken once, and is then found, with its remedy; and nothing is changed by looking."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection, connections
from pytest_django.plugin import DjangoDbBlocker

from gradatim.domain.clock import Instant
from gradatim.server import doctor, doctor_database, home_certificate, lock
from gradatim.server.backup.daily import backup_if_due
from gradatim.server.backup.database import opened
from gradatim.server.config import configure, settled
from gradatim.server.doctor import Point, State, examine, worst
from gradatim.server.journal import TableJournal
from gradatim.server.migrating import migrate_safely
from gradatim.server.models import Record
from tests.journal.made import entries
from tests.server import postgres
from tests.server.served import gradatim

NOW = Instant(int(time.time()))
Points = dict[str, Point]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Path:
    """A sound installation with a journal and a backup, to be copied."""
    data = tmp_path_factory.mktemp("sound") / "data"
    config = configure({"GRADATIM_DATA": str(data)})
    settled(config)
    with django_db_blocker.unblock():
        migrate_safely(config, NOW)
        with opened(config):
            TableJournal(Record.objects.create().pk).append(entries(5))
            TableJournal(Record.objects.create().pk).append(entries(3))
        backup_if_due(config, NOW)
    return data


@pytest.fixture
def data(sound: Path, tmp_path: Path) -> Path:
    """Such an installation of a test's own."""
    copied = Path(shutil.copytree(sound, tmp_path / "data"))
    copied.chmod(0o700)
    return copied


@pytest.fixture
def look(data: Path, kept: None, settings: LazySettings) -> Callable[..., Points]:
    """The points by their name; of several under one name the gravest."""

    def looked(**said: str) -> Points:
        usual = connections["default"]
        found = examine({"GRADATIM_DATA": str(data), **{f"GRADATIM_{name.upper()}": text for name, text in said.items()}})  # fmt: skip
        assert connections["default"] is usual
        order = list(State)
        return {point.name: point for point in sorted(found, key=lambda point: order.index(point.state))}

    return looked


@pytest.fixture
def table(data: Path) -> Iterator[sqlite3.Connection]:
    """The database, for somebody who changes it by hand."""
    with closing(sqlite3.connect(data / "gradatim.sqlite3", isolation_level=None)) as changed:
        yield changed


def test_a_sound_installation_is_called_so_and_not_touched(look: Callable[..., Points], data: Path) -> None:
    def state() -> dict[str, tuple[str, int]]:
        return {str(path): (sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) for path in data.rglob("*") if path.is_file()}  # fmt: skip

    before = state()
    points = look()
    assert worst(list(points.values())) == 0, points
    assert state() == before
    assert points["journals"].found.startswith("2 with 8 entries")
    assert {"settings", "program", "folder", "secret key", "database", "write-ahead log", "tables", "triggers", "clock", "journals", "backups", "key of the backups"} <= set(points)  # fmt: skip


@pytest.mark.parametrize("beside", [False, True], ids=["nobody-has-it-open", "somebody-has"])
def test_what_it_looks_through_cannot_write(beside: bool, data: Path, kept: None, table: sqlite3.Connection) -> None:
    if beside:
        table.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('other', 'x', '2030-01-01')")
    config = configure({"GRADATIM_DATA": str(data)})
    assert config.sqlite.with_name("gradatim.sqlite3-wal").exists() == beside
    with doctor_database._read_only(config), pytest.raises(DatabaseError, match="readonly"):
        Record.objects.create()


def test_how_far_it_is_is_told(look: Callable[..., Points], data: Path) -> None:
    told: list[tuple[int, int]] = []
    examine({"GRADATIM_DATA": str(data)}, lambda done, total: told.append((done, total)))
    assert [total for _, total in told] == [8, 8]
    assert told[-1] == (8, 8)


def found(point: Point, state: State, words: str) -> None:
    assert point.state is state, point
    assert words in point.found, point
    assert point.remedy


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    points = examine({"GRADATIM_DATA": str(tmp_path / "none")})
    found(points[-1], State.LOOK, "is not there")
    assert worst(points) == 1
    assert not (tmp_path / "none").exists()


def test_settings_that_do_not_fit(look: Callable[..., Points]) -> None:
    points = look(address="0.0.0.0:1", hots="x")
    found(points["settings"], State.BROKEN, "GRADATIM_")
    found(points["database"], State.BROKEN, "was not looked at")


def test_files_that_others_may_read(look: Callable[..., Points], data: Path) -> None:
    (data / "gradatim.sqlite3").chmod(0o644)
    assert look()["folder"].state is State.GOOD  # nobody comes as far as that
    data.chmod(0o755)
    faults = [point.found for point in examine({"GRADATIM_DATA": str(data)}) if point.name == "folder"]
    assert any("gradatim.sqlite3 (mode 644)" in fault for fault in faults)
    assert any(f"{data} (mode 755)" in fault for fault in faults)
    data.chmod(0o700)
    (data / "secret-key").chmod(0o640)
    found(look()["folder"], State.BROKEN, "secret-key")


def test_files_of_another_user(look: Callable[..., Points], data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    found(look()["folder"], State.BROKEN, "and this is user 54321")


def test_a_secret_key_that_is_gone(look: Callable[..., Points], data: Path) -> None:
    (data / "secret-key").unlink()
    found(look()["secret key"], State.LOOK, "is missing")
    assert not (data / "secret-key").exists()


@pytest.mark.parametrize(("free", "state"), [(50, State.BROKEN), (500, State.LOOK), (5000, State.GOOD)])
def test_a_disk_that_is_full(free: int, state: State, look: Callable[..., Points], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free * 1024 * 1024))
    assert look()["disk of the data"].state is state


@pytest.mark.parametrize(("said", "count", "state"), [("MemAvailable: 100000 kB", 1, State.LOOK), ("MemAvailable: 900000 kB", 1, State.GOOD), ("", 0, None)])  # fmt: skip
def test_memory(said: str, count: int, state: State | None) -> None:
    points = list(doctor.memory(f"MemTotal: 1 kB\n{said}\n"))
    assert [point.state for point in points] == [state] * count


def test_data_on_a_disk_of_the_network(data: Path) -> None:
    assert list(doctor.mounted(data, "/dev/sda1 / ext4 rw 0 0\n")) == []
    (point,) = doctor.mounted(data, f"/dev/sda1 / ext4 rw 0 0\nnas:/x {data.resolve().parent} nfs4 rw 0 0\n")
    found(point, State.BROKEN, "network")


def test_a_library_that_is_missing_or_another(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "segno":
            raise metadata.PackageNotFoundError
        return "6.0"

    monkeypatch.setattr(metadata, "version", version)
    broken = [point.found for point in doctor.program() if point.state is State.BROKEN]
    assert broken == ["segno is not installed", "Django is 6.0"]


def test_certificates(look: Callable[..., Points], data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    file = home_certificate.certificate_for(data, "127.0.0.1", now)
    said = {"tls_certificate": str(file), "tls_key": str(file)}
    assert look(**said)["certificate"].state is State.GOOD
    assert look(**said)["certificate of this household"].state is State.GOOD
    found(look(tls_certificate=str(file), tls_key=str(data / home_certificate.AUTHORITY))["certificate"], State.BROKEN, "does not fit")  # fmt: skip
    for days, state, words in ((-390, State.LOOK, "holds until"), (-500, State.BROKEN, "ended on")):
        (data / home_certificate.AUTHORITY).unlink()
        file.unlink()
        home_certificate.certificate_for(data, "127.0.0.1", now + timedelta(days=days))
        found(look(**said)["certificate"], state, words)
    file.write_text("nonsense")
    found(look(**said)["certificate"], State.BROKEN, "")


def test_a_proxy_without_a_name(look: Callable[..., Points]) -> None:
    found(look(proxies="127.0.0.1")["hosts"], State.LOOK, "a proxy is named")
    assert look(proxies="127.0.0.1", hosts="gradatim.example.org")["hosts"].state is State.GOOD


def test_a_server_that_runs_and_does_not_answer(look: Callable[..., Points], data: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(time, "sleep", lambda _: None)
    assert look()["server"].state is State.NOTE
    held = lock.Lock(data)
    held.hold()
    found(look()["server"], State.BROKEN, "does not answer")
    held.say("http://127.0.0.1:1")
    found(look()["server"], State.BROKEN, "at http://127.0.0.1:1")
    monkeypatch.setattr(doctor, "answers", lambda *_, **__: True)
    assert look()["server"].state is State.GOOD
    held.leave()


def test_a_database_that_is_not_there(look: Callable[..., Points], data: Path) -> None:
    (data / "gradatim.sqlite3").unlink()
    found(look()["database"], State.LOOK, "is not there")


def test_a_database_that_is_none(look: Callable[..., Points], data: Path) -> None:
    (data / "gradatim.sqlite3").write_bytes(b"no database" * 1000)
    found(look()["database"], State.BROKEN, "cannot be used")


def test_a_database_that_is_damaged(look: Callable[..., Points], data: Path) -> None:
    path = data / "gradatim.sqlite3"
    content = bytearray(path.read_bytes())
    with closing(sqlite3.connect(path)) as asked:
        page = asked.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_gradatim_entry_1'").fetchone()[0]  # fmt: skip
        size = asked.execute("PRAGMA page_size").fetchone()[0]
    content[(page - 1) * size + 8 : page * size - 8] = bytes(size - 16)
    path.write_bytes(content)
    assert look()["database"].state is State.BROKEN


def test_references_that_lead_nowhere(look: Callable[..., Points], table: sqlite3.Connection) -> None:
    table.execute("PRAGMA foreign_keys = OFF")
    table.execute("INSERT INTO gradatim_pairing_code VALUES ('x', '[]', '2026-01-01', '2026-01-01', NULL, 'nobody')")
    found(look()["references"], State.BROKEN, "1 rows point to nothing")


def test_a_write_ahead_log_that_is_off(look: Callable[..., Points], table: sqlite3.Connection) -> None:
    assert table.execute("PRAGMA journal_mode=DELETE").fetchone() == ("delete",)
    table.close()
    found(look()["write-ahead log"], State.LOOK, "is off")


def test_tables_of_another_version(look: Callable[..., Points], table: sqlite3.Connection) -> None:
    table.execute("DELETE FROM django_migrations WHERE app = 'gradatim' AND name LIKE '0002%'")
    found(look()["tables"], State.LOOK, "1 steps")
    table.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('gradatim', '9999_later', '2030-01-01')")
    found(look()["tables"], State.BROKEN, "newer")


@pytest.mark.parametrize("statement", ["DROP TRIGGER gradatim_entry_no_update", "DROP TRIGGER gradatim_audit_no_delete"])  # fmt: skip
def test_triggers_that_are_gone(statement: str, look: Callable[..., Points], table: sqlite3.Connection) -> None:
    table.execute(statement)
    found(look()["triggers"], State.BROKEN, statement.rsplit(maxsplit=1)[-1])


def test_triggers_that_do_nothing(look: Callable[..., Points], table: sqlite3.Connection) -> None:
    table.execute("DROP TRIGGER gradatim_entry_no_update")
    table.execute("CREATE TRIGGER gradatim_entry_no_update BEFORE UPDATE ON gradatim_entry BEGIN SELECT 1; END")
    found(look()["triggers"], State.BROKEN, "gradatim_entry_no_update")


def test_a_journal_that_was_changed(look: Callable[..., Points], table: sqlite3.Connection) -> None:
    kept = table.execute("SELECT sql FROM sqlite_master WHERE name = 'gradatim_entry_no_update'").fetchone()[0]
    table.execute("DROP TRIGGER gradatim_entry_no_update")
    table.execute("UPDATE gradatim_entry SET body = replace(body, '10', '90') WHERE place = 2")
    table.execute(kept)
    points = look()
    assert points["triggers"].state is State.GOOD
    found(points["journal"], State.BROKEN, "place 2")
    assert "journals" not in points


def test_a_clock_that_is_behind(look: Callable[..., Points], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: NOW.seconds - 3600)
    found(look()["clock"], State.BROKEN, "this machine says")


def test_backups(look: Callable[..., Points], data: Path, tmp_path: Path) -> None:
    assert look()["disk of the backups"].state is State.NOTE  # the same disk
    (made,) = (data / "backups").iterdir()
    old = made.rename(made.with_name("gradatim-20260101T000000Z-automatic.age"))
    os.utime(old, (1, 1))
    found(look()["backups"], State.LOOK, "days old")
    old.unlink()
    found(look()["backups"], State.LOOK, "there is none")
    assert look(backup_folder=str(tmp_path / "none"))["backups"].state is State.LOOK


def test_the_key_of_the_backups(look: Callable[..., Points], data: Path) -> None:
    key = data / "backup-key.txt"
    key.write_text("nonsense")
    found(look()["key of the backups"], State.BROKEN, "")
    key.unlink()
    found(look()["key of the backups"], State.BROKEN, "")
    assert "key of the backups" not in look(backup_recipients="age1x")


def test_the_command_says_it_in_words_and_as_json(data: Path) -> None:
    assert gradatim("doctor", "--data", str(data)).stdout.endswith("All is well.\n")
    (data / "secret-key").chmod(0o644)
    done = gradatim("doctor", "--data", str(data), "--json")
    assert done.returncode == 2
    points = json.loads(done.stdout)
    assert {frozenset(point) for point in points} == {frozenset({"name", "state", "found", "remedy"})}
    assert [point["name"] for point in points if point["state"] == "broken"] == ["folder"]


def test_the_worst_point_is_the_exit_code() -> None:
    def points(*states: State) -> list[Point]:
        return [Point(name="x", state=state, found="x") for state in states]

    assert [worst(points(*states)) for states in ((), (State.GOOD, State.NOTE), (State.NOTE, State.LOOK), (State.LOOK, State.BROKEN))] == [0, 0, 1, 2]  # fmt: skip


# --- PostgreSQL ----------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(postgres.programs() is None, reason="PostgreSQL is not installed")
@pytest.mark.usefixtures("kept")
def test_a_postgresql_that_would_lose_what_it_acknowledged(tmp_path: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("runs with the tests on PostgreSQL")
    with postgres.cluster(durable=False) as cluster:
        said = {"GRADATIM_DATA": str(tmp_path), "GRADATIM_DATABASE": cluster.url, "GRADATIM_SECRET_KEY": "abcdefghijkl" * 6}  # fmt: skip
        tmp_path.chmod(0o700)
        config = configure(said)
        migrate_safely(config, NOW)
        with opened(config) as there:
            TableJournal(Record.objects.create().pk).append(entries(4))
            with there.cursor() as cursor:
                cursor.execute("ALTER TABLE gradatim_entry DISABLE TRIGGER gradatim_entry_no_delete")
        points = examine(said)
        broken = [(point.name, point.found.split()[0]) for point in points if point.state is State.BROKEN]
        assert broken == [("durability", "fsync"), ("durability", "synchronous_commit"), ("durability", "full_page_writes"), ("triggers", "do")]  # fmt: skip
        assert {"log of the database", "role of the database"} <= {point.name for point in points if point.state is State.LOOK}  # fmt: skip
        with opened(config) as there, there.cursor() as cursor:
            cursor.execute("ALTER TABLE gradatim_entry ENABLE TRIGGER gradatim_entry_no_delete")
            for name, value in (("fsync", "on"), ("synchronous_commit", "on"), ("full_page_writes", "on"), ("log_min_error_statement", "panic")):  # fmt: skip
                cursor.execute(f"ALTER SYSTEM SET {name} = {value}")
        cluster.stop()
        options = f"-k {cluster.folder} -c listen_addresses=''"
        cluster.run("pg_ctl", "-D", str(cluster.data), "-l", str(cluster.folder / "log"), "-w", "-o", options, "start")
        left: Any = [point.name for point in examine(said) if point.state in (State.BROKEN, State.LOOK)]
        assert left == ["role of the database", "backups"]


@pytest.mark.usefixtures("kept")
def test_a_postgresql_that_does_not_answer(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    points = examine({"GRADATIM_DATA": str(tmp_path), "GRADATIM_DATABASE": "postgresql://u:hidden@127.0.0.1:9/x", "GRADATIM_SECRET_KEY": "abcdefghijkl" * 6})  # fmt: skip
    assert points[-1].name == "database"
    found(points[-1], State.BROKEN, "cannot be used")
    assert "hidden" not in points[-1].found
