"""Rows of a backup into empty tables, whichever database they came from."""

from __future__ import annotations

from typing import Any

from django.core.management.color import no_style
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Field

from gradatim.domain.fault import one_fault
from gradatim.server.backup import schema
from gradatim.server.backup.document import Header, Table
from gradatim.server.backup.schema import Shape

_AT_ONCE = 500


def make_tables(connection: BaseDatabaseWrapper, migrations: tuple[str, ...]) -> None:
    """The tables as they were in a state, in a database that has none."""
    executor = MigrationExecutor(connection)
    executor.loader = schema.loader(connection)
    wanted = set(schema.nodes(migrations))
    graph = executor.loader.graph
    last = [node for node in sorted(wanted) if not any(child.key in wanted for child in graph.node_map[node].children)]
    executor.migrate(last)
    if schema.applied(connection) != tuple(sorted(migrations)):
        raise one_fault("database", "cannot be brought to the state of the backup", "Use the Gradatim that wrote it")


class Loader:
    """Stores each row as it comes. Nothing is set or changed on the way: no date of today, no new id."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._shapes: dict[str, Shape] = {}
        self._waiting: list[list[Any]] = []
        self._table: Table | None = None
        self._fields: tuple[Field[Any, Any], ...] = ()

    def begin(self, header: Header) -> None:
        """Learn the columns."""
        self._shapes = {shape.name: shape for shape in schema.shapes(header.migrations, "the backup")}

    def row(self, table: Table, cells: list[Any]) -> None:
        """Store one row, with those that come before and after."""
        if table is not self._table or len(self._waiting) >= _AT_ONCE:
            self._store()
        if table is not self._table:
            self._table, self._fields = table, self._shapes[table.name].placed(table.columns)
        self._waiting.append(
            [
                field.get_db_prep_save(schema.value(field, cell), self._connection)
                for field, cell in zip(self._fields, cells, strict=True)
            ]
        )

    def finish(self, header: Header) -> None:
        """Store the last rows, have new ids begin behind those that are there, and count."""
        self._store()
        with self._connection.cursor() as cursor:
            models = [shape.model for shape in self._shapes.values()]
            for statement in self._connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)
            for table in header.tables:
                cursor.execute(f"SELECT COUNT(*) FROM {self._quoted(table.name)}")
                (count,) = cursor.fetchone()
                if count != table.rows:
                    raise one_fault(
                        "database", f"took {count} rows of {table.name}, not {table.rows}", "Try another database"
                    )

    def _store(self) -> None:
        if self._table is None or not self._waiting:
            return
        columns = ", ".join(self._quoted(name) for name in self._table.columns)
        marks = ", ".join(["%s"] * len(self._table.columns))
        with self._connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {self._quoted(self._table.name)} ({columns}) VALUES ({marks})", self._waiting
            )
        self._waiting = []

    def _quoted(self, name: str) -> str:
        return self._connection.ops.quote_name(name)
