"""The doctor's look into the database: read only, over a connection of its own."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.models import Max, Sum
from django.db.utils import ConnectionHandler

from gradatim.domain.clock import Instant
from gradatim.domain.fault import BadInput
from gradatim.server import triggers
from gradatim.server.backup import files, keys
from gradatim.server.config import Config, database
from gradatim.server.doctor import Point, Progress, State, broken, good, look, note
from gradatim.server.models import Entry, Record
from gradatim.server.verifying import journals

_OLDEST_POSTGRESQL = 140000
_OLD = 2  # days after which an automatic backup is missing
_AHEAD = 120  # seconds


def examine(config: Config, progress: Progress) -> Iterator[Point]:
    """Everything about the database, its journals and its backups."""
    if not config.database and not config.sqlite.exists():
        yield look("database", f"{config.sqlite} is not there", "gradatim serve makes it")
        return
    with _read_only(config):
        try:
            connection.ensure_connection()
            yield from _postgresql() if config.database else _sqlite(config)
            tables = list(_tables())
            yield from tables
            if any(point.state is not State.GOOD for point in tables):
                return
            yield from _triggers()
            yield from _clock()
            yield from _journals(progress)
        except DatabaseError as error:
            said = str(error).strip().splitlines()
            yield broken(
                "database",
                f"cannot be used: {said[0] if said else type(error).__name__}",
                "Check that it runs, its address, and who may read it; or restore a backup: gradatim restore",
            )
            return
        stored = Entry.objects.exists()
    yield from backups(config, Instant(int(time.time())), stored=stored)


@contextmanager
def _read_only(config: Config) -> Iterator[None]:
    """A connection that cannot write, as the usual one of this thread."""
    told: dict[str, Any] = database(config)
    if config.database:
        told["OPTIONS"]["options"] = "-c default_transaction_read_only=on"
        told["CONN_MAX_AGE"] = 0
    else:
        # Where nobody has it open there is nothing beside the file, and nothing has to be made beside it.
        how = "mode=ro" if config.sqlite.with_name(f"{config.sqlite.name}-wal").exists() else "immutable=1"
        told["NAME"] = f"file:{quote(str(config.sqlite.absolute()))}?{how}"
        told["OPTIONS"] = {"timeout": 5, "transaction_mode": "DEFERRED"}
    usual = connections[DEFAULT_DB_ALIAS]
    mine: BaseDatabaseWrapper = ConnectionHandler({DEFAULT_DB_ALIAS: told})[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = mine
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = usual
        mine.close()


def _asked(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _sqlite(config: Config) -> Iterator[Point]:
    said = [str(row[0]) for row in _asked("PRAGMA integrity_check(5)")]
    if said != ["ok"]:
        yield broken(
            "database",
            f"is damaged: {said[0]}",
            "Stop the server, keep the file, and restore a backup into a new folder: gradatim restore",
        )
    else:
        yield good("database", f"SQLite {sqlite3.sqlite_version}, {config.sqlite}: whole")
    if lost := _asked("PRAGMA foreign_key_check"):
        yield broken(
            "references",
            f"{len(lost)} rows point to nothing, in {', '.join(sorted({str(row[0]) for row in lost}))}",
            "Restore a backup into a new folder, and compare: gradatim restore",
        )
    mode = str(_asked("PRAGMA journal_mode")[0][0])
    header = config.sqlite.open("rb")
    with header:
        wal = header.read(20)[18:20] == b"\x02\x02"
    if not wal:
        yield look(
            "write-ahead log",
            f"is off (journal mode {mode}): somebody opened the file with another program",
            "Start the server once: it switches it on",
        )
    else:
        yield good("write-ahead log", "on; every stored entry is flushed to the disk")


def _postgresql() -> Iterator[Point]:
    names = (
        "server_version",
        "server_version_num",
        "fsync",
        "synchronous_commit",
        "full_page_writes",
        "server_encoding",
        "log_statement",
        "log_min_error_statement",
        "log_min_duration_statement",
    )
    known = {name: str(_asked(f"SHOW {name}")[0][0]) for name in names}
    if int(known["server_version_num"]) < _OLDEST_POSTGRESQL:
        yield broken("database", f"PostgreSQL {known['server_version']} is too old", "Use version 14 or newer")
    else:
        yield good("database", f"PostgreSQL {known['server_version']}")
    if known["server_encoding"] != "UTF8":
        yield broken(
            "database",
            f"its letters are {known['server_encoding']}",
            "Make it with UTF8: createdb -E UTF8, then restore a backup into it",
        )
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        if known[name] == "off":
            yield broken(
                "durability",
                f"{name} is off: what is acknowledged can be lost when the machine stops",
                f"Set {name} = on in postgresql.conf, and reload",
            )
    quiet = known["log_statement"] == "none" and known["log_min_duration_statement"] == "-1"
    if not quiet or known["log_min_error_statement"] not in ("log", "fatal", "panic"):
        yield look(
            "log of the database",
            "statements can get into PostgreSQL's own log, with what people wrote down in them",
            "Set log_min_error_statement = panic, log_statement = none, log_min_duration_statement = -1 and log_error_verbosity = terse",
        )
    if _asked("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == [(True,)]:
        yield look(
            "role of the database", "is a superuser", "Give the server a role that owns its database and nothing more"
        )


def _tables() -> Iterator[Point]:
    loader = MigrationLoader(connection)
    applied, ours = set(loader.applied_migrations), set(loader.disk_migrations)
    if unknown := applied - ours:
        yield broken(
            "tables",
            f"were changed by a newer Gradatim: {'.'.join(min(unknown))} is not known here",
            "Use that version, or restore a backup from before",
        )
    elif waiting := ours - applied:
        yield look(
            "tables",
            f"{len(waiting)} steps to this version wait",
            "Start the server once: it takes a backup, then the steps",
        )
    else:
        yield good("tables", "are those of this version")


def _triggers() -> Iterator[Point]:
    wanted = triggers.names(connection.vendor)
    if connection.vendor == "sqlite":
        there = dict(_asked("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        lines = set(triggers.statements("sqlite"))
        found = {name for name, line in there.items() if line in lines}
    else:
        found = {
            row[0] for row in _asked("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        }
    if missing := sorted(wanted - found):
        yield broken(
            "triggers",
            f"do not guard what was written: {', '.join(missing)}",
            "Somebody changed the database by hand. Verify the journals below, then restore a backup into a new database: gradatim restore",
        )
    else:
        yield good("triggers", f"{len(wanted)} guard what was written")


def _clock() -> Iterator[Point]:
    newest = Entry.objects.aggregate(newest=Max("received"))["newest"]
    now = int(time.time())
    if newest is not None and newest > now + _AHEAD:
        yield broken(
            "clock",
            f"this machine says {Instant(now)}, and the newest entry was received at {Instant(newest)}",
            "Set the clock of this machine: doses would be shown at the wrong time",
        )
    else:
        yield good("clock", str(Instant(now)))


def _journals(progress: Progress) -> Iterator[Point]:
    total = Record.objects.filter(erased=None).aggregate(total=Sum("count"))["total"] or 0
    done, count, whole = 0, 0, True
    for record, number, places in journals():
        done, count = done + max(number, record.count), count + 1
        progress(min(done, total), total)
        if places:
            whole = False
            yield broken(
                "journal",
                f"{record.pk} is not as it was written: {'; '.join(map(str, places[:5]))}",
                "Stop the server and keep everything. Restore a backup into a new folder and compare; devices send again what they have",
            )
    if whole:
        yield good("journals", f"{count} with {done} entries, each as it was written")


def backups(config: Config, now: Instant, *, stored: bool) -> Iterator[Point]:
    """Whether there is a backup of these days, and something that opens it."""
    if not stored:
        yield note("backups", "nothing is stored yet that would need one")
        return
    there = sorted(config.backup_folder.glob("*.age"), key=lambda path: path.stat().st_mtime)
    days = [day for day, _ in files.automatic(config.backup_folder)]
    if not there:
        yield look(
            "backups",
            f"there is none in {config.backup_folder}",
            "gradatim backup; the server makes one each day while it runs",
        )
        return
    newest = max([*days, Instant(int(there[-1].stat().st_mtime)).utc().date()])
    age = (now.utc().date() - newest).days
    if age > _OLD:
        yield look(
            "backups", f"the newest is {age} days old", "gradatim backup; then see in the log why the server makes none"
        )
    else:
        yield good("backups", f"{len(there)} in {config.backup_folder}, the newest of {newest}")
    key = keys.key_file(config)
    if not config.backup_recipients:
        try:
            keys.secret_keys(key)
            yield good("key of the backups", f"{key}; a copy of it belongs elsewhere")
        except BadInput as bad:
            yield broken(
                "key of the backups",
                str(bad.faults[0].problem),
                f"Bring {key} back: without it no backup made until now opens. If it is lost: gradatim backup",
            )
    if config.backup_folder.stat().st_dev == config.data.stat().st_dev:
        yield note(
            "disk of the backups",
            "is the same as that of the data",
            "Copy them to another, or set GRADATIM_BACKUP_FOLDER",
        )
