"""Bringing the tables to what this program needs: backed up first, all steps or none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.sql import emit_post_migrate_signal
from django.db import DEFAULT_DB_ALIAS, DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from gradatim.domain.clock import Instant
from gradatim.domain.fault import BadInput, one_fault
from gradatim.server.backup import schema
from gradatim.server.backup.database import opened, told, whole
from gradatim.server.backup.taking import written
from gradatim.server.config import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """What was done: the steps, ``app.name`` each, and the backup from before, where there was something to back up."""

    steps: tuple[str, ...] = ()
    backup: Path | None = None


def migrate_safely(config: Config, now: Instant) -> Migrated:
    """Bring the database to the state of this program. Raises `BadInput`, and has changed nothing then.

    A new database gets its tables. Where steps wait and something is stored, an automatic backup is made and verified first.
    """
    try:
        with opened(config) as connection:
            if not waiting(connection):
                return Migrated()
            with whole(connection):
                steps = waiting(connection)  # another process may have been faster
                found = schema.shapes(schema.applied(connection), "the database")
                something = any(shape.model._base_manager.exists() for shape in found)
                made = written(connection, config, now, automatic=True).path if steps and something else None
                _take(connection, made)
    except DatabaseError as error:
        raise told(
            error, "cannot be brought to this version; nothing was changed", "See that it runs: gradatim doctor"
        ) from error
    return Migrated(steps=steps, backup=made)


def to_today(connection: BaseDatabaseWrapper, progress: Any = None) -> None:
    """Every step that waits; within a transaction that is under way."""
    executor = MigrationExecutor(connection, progress)
    executor.migrate(executor.loader.graph.leaf_nodes())
    emit_post_migrate_signal(verbosity=0, interactive=False, db=DEFAULT_DB_ALIAS)


def waiting(connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    """The steps that wait, in their order. Raises `BadInput` for a database that a newer program has changed."""
    executor = MigrationExecutor(connection)
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    if unknown:
        raise one_fault(
            "database", f"was changed by a newer Gradatim: {'.'.join(min(unknown))} is not known here",
            "Use that version, or restore a backup from before into a new database: gradatim restore FILE",
        )  # fmt: skip
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return tuple(f"{migration.app_label}.{migration.name}" for migration, _ in plan)


def _take(connection: BaseDatabaseWrapper, made: Path | None) -> None:
    """Take the steps, and say which one failed."""
    now: list[str] = []

    def progress(action: str, migration: Any = None, fake: bool = False) -> None:
        if action == "apply_start":
            now[:] = [str(migration)]

    try:
        to_today(connection, progress)
    except BadInput:
        raise
    except Exception as error:
        kept = f"; a backup from before is {made}" if made else ""
        raise one_fault(
            "database",
            f"the step {next(iter(now), 'after the last')} failed ({type(error).__name__}), and nothing was changed{kept}",
            "Go on with the Gradatim that you had, and report this",
        ) from error
