"""A database held in hand: another than Django's usual one, a snapshot of it, or a change of it that happens whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from gradatim.domain.fault import BadInput, one_fault
from gradatim.server.backup import schema
from gradatim.server.config import Config, database

_OURS = 0x67726164  # the advisory lock of whoever changes the tables; any number that is always the same
_PATIENCE = 20  # seconds
_AT_A_TIME = 0.25  # seconds that a lock is waited for while others are held; PostgreSQL looks for a deadlock after one
_HELD_UP = ("55P03", "40P01")  # PostgreSQL's lock_not_available and deadlock_detected


@contextmanager
def opened(config: Config, *, snapshot: bool = False) -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own to the database of a configuration. Until it is closed this thread has it as the usual one.

    So models, migrations and their data steps all work on it, whatever Django's settings say. ``snapshot``: a transaction on it sees one
    moment, holds up nobody, and writes nothing.
    """
    settings: dict[str, Any] = database(config)
    if snapshot and config.database:
        from psycopg import IsolationLevel

        settings["OPTIONS"]["isolation_level"] = IsolationLevel.REPEATABLE_READ
    elif snapshot:
        settings["OPTIONS"]["transaction_mode"] = "DEFERRED"
    usual, mine = connections[DEFAULT_DB_ALIAS], ConnectionHandler({DEFAULT_DB_ALIAS: settings})[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = mine
    try:
        yield mine
    finally:
        connections[DEFAULT_DB_ALIAS] = usual
        mine.close()


@contextmanager
def whole(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Change rows and tables in one transaction. Nobody else writes meanwhile; a kill at any moment leaves what was there before."""
    sqlite = connection.vendor == "sqlite"
    connection.ensure_connection()
    if sqlite:
        connection.disable_constraint_checking()  # SQLite listens to this only outside of a transaction; Django's migrations need it
    try:
        with transaction.atomic():
            if not sqlite:
                _alone(connection)
            yield
            connection.check_constraints()
    finally:
        if sqlite:
            connection.enable_constraint_checking()


def _alone(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}s'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_OURS])
        # Checked at once: a table cannot be altered while checks of its rows are put off.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    tables, until = ours(connection), monotonic() + _PATIENCE
    while (held_up := _locked(connection, tables)) is not None:
        if monotonic() > until:
            raise held_up[1]
        tables.remove(held_up[0])
        tables.insert(0, held_up[0])


def _locked(connection: BaseDatabaseWrapper, tables: list[str]) -> tuple[str, OperationalError] | None:
    """Lock tables, all or none. Else the table that another held, and what was said of it.

    Whoever writes takes tables in an order of its own, so waiting long for one while holding others would be a deadlock, and PostgreSQL
    ends either side of one. This lets go again well before it looks for one, and whoever calls begins the next time with that table.
    """
    at = ""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_AT_A_TIME}s'")
            for at in tables:
                cursor.execute(f"LOCK TABLE {connection.ops.quote_name(at)} IN ACCESS EXCLUSIVE MODE")
            cursor.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}s'")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) not in _HELD_UP:
            raise
        return at, error
    return None


def ours(connection: BaseDatabaseWrapper) -> list[str]:
    """The tables of this program that are there. In a SQLite file all are; a PostgreSQL may hold those of others."""
    there = set(connection.introspection.table_names())
    if connection.vendor == "sqlite" or not there:
        return sorted(there)
    today = tuple(".".join(node) for node in schema.loader().graph.nodes)
    states = (today, schema.applied(connection))  # a table of before may be gone today
    known = {shape.name for state in states for shape in schema.all_shapes(state, "the database")}
    return sorted(there & (known | {"django_migrations"}))


def drop_ours(connection: BaseDatabaseWrapper) -> None:
    """Remove the tables of this program, and what the triggers on them call."""
    tables = [connection.ops.quote_name(name) for name in ours(connection)]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table in tables:
                cursor.execute(f"DROP TABLE {table}")
        elif tables:
            cursor.execute(
                "SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger"
                " WHERE NOT tgisinternal AND tgrelid = ANY(%s::regclass[])",
                [tables],
            )
            functions = [name for (name,) in cursor.fetchall()]
            cursor.execute(f"DROP TABLE {', '.join(tables)} CASCADE")
            for function in functions:
                cursor.execute(f"DROP FUNCTION {function}")


def told(error: DatabaseError, what: str, remedy: str) -> BadInput:
    """An error of the database as a fault. Only what is said of the machine or the file is repeated: other errors quote what was stored."""
    said = str(error).strip().splitlines() if type(error) in (DatabaseError, OperationalError) else []
    return one_fault("database", f"{what}: {next(iter(said), type(error).__name__)}", remedy)
