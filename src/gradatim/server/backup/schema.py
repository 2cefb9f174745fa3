"""Which tables a backup holds, in which order and with which columns: told by the migrations, so that any earlier state is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from graphlib import TopologicalSorter
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Field, Model

from gradatim.domain.fault import one_fault
from gradatim.server.backup.document import Table

LEFT_OUT = {
    "account_emailconfirmation": "codes that end within days",
    "auth_group": "this program has no groups",
    "auth_group_permissions": "this program has no groups",
    "auth_permission": "made anew with the tables",
    "django_content_type": "made anew with the tables",
    "django_session": "everybody signs in again",
    "gradatim_answered": "answers that are kept for a day",
    "gradatim_pairing_code": "codes that end within minutes",
    "socialaccount_socialtoken": "this program keeps none",
    "usersessions_usersession": "everybody signs in again",
}
"""The tables that no backup holds, and why. Every other table is in, so that a new one cannot be forgotten."""

Node = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One table in one state of the migrations: its model as it was then, and its columns."""

    model: type[Model]
    fields: tuple[Field[Any, Any], ...]

    @property
    def name(self) -> str:
        """The name of the table."""
        return self.model._meta.db_table

    @property
    def columns(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(str(field.column) for field in self.fields)

    @property
    def order(self) -> tuple[str, ...]:
        """The columns of the key, by which rows are put in order."""
        key = self.model._meta.pk
        parts = getattr(key, "fields", None) or (key,)
        return tuple(part.attname for part in parts)

    def table(self, rows: int) -> Table:
        """How it is told in a header."""
        return Table(name=self.name, columns=self.columns, rows=rows)

    def placed(self, columns: Sequence[str]) -> tuple[Field[Any, Any], ...]:
        """The fields in the order of a backup's columns."""
        known = dict(zip(self.columns, self.fields, strict=True))
        return tuple(known[column] for column in columns)


def value(field: Field[Any, Any], said: Any) -> Any:
    """A cell of a backup as a Python value. Raises `BadInput`."""
    try:
        return None if said is None else field.to_python(said)
    except (ValidationError, ValueError, TypeError):
        raise one_fault(
            f"{field.model._meta.db_table}.{field.column}", "holds something of another kind", "Use another copy"
        ) from None


def cell(value: Any) -> Any:
    """A value as JSON has it. Only what the tables really hold: anything else is a mistake of the program."""
    match value:
        case None | bool() | int() | float() | str() | list() | dict():
            return value
        case UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case _:
            raise TypeError(f"a backup holds no {type(value).__name__}")


def applied(connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    """The state of a database: its migrations, ``app.name`` each; none where there are no tables."""
    return tuple(sorted(".".join(node) for node in MigrationRecorder(connection).applied_migrations()))


def nodes(migrations: Iterable[str]) -> list[Node]:
    """The same as Django names them."""
    return [(app, name) for app, _, name in (one.partition(".") for one in migrations)]


def loader(connection: BaseDatabaseWrapper | None = None) -> MigrationLoader:
    """All migrations that this program knows, each as it was: a later one that stands for several does not hide them."""
    return MigrationLoader(connection, replace_migrations=False)


def all_shapes(migrations: Iterable[str], at: str) -> list[Shape]:
    """Every table of a state. Raises `BadInput` where this program does not know the state."""
    known, wanted = loader(), nodes(migrations)
    if strange := [node for node in wanted if node not in known.graph.nodes]:
        raise one_fault(
            at,
            f"is of a state that this program does not know: {', '.join('.'.join(node) for node in strange[:3])}",
            "Use the Gradatim that wrote it, or a newer one",
        )
    if lacking := {parent for node in wanted for parent in known.graph.forwards_plan(node)} - set(wanted):
        raise one_fault(at, f"is of a state that never was: {'.'.join(min(lacking))} is missing", "Use another copy")
    apps = known.project_state(wanted).apps
    return [
        Shape(model=model, fields=tuple(model._meta.concrete_fields))
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]


def shapes(migrations: Iterable[str], at: str) -> tuple[Shape, ...]:
    """The tables that a backup of a state holds, each behind those that it points to. Raises `BadInput` for an unknown state."""
    found = {shape.name: shape for shape in all_shapes(migrations, at) if shape.name not in LEFT_OUT}
    before = {
        name: sorted(
            field.related_model._meta.db_table
            for field in shape.fields
            if field.is_relation and isinstance(field.related_model, type)
        )
        for name, shape in sorted(found.items())
    }
    return tuple(found[name] for name in TopologicalSorter(before).static_order())
