"""Restoring a backup: read whole and checked before anything is touched, then all of it in one transaction, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from gradatim.domain.clock import Instant
from gradatim.domain.fault import one_fault
from gradatim.server import models, triggers
from gradatim.server.backup import keys, schema
from gradatim.server.backup.database import drop_ours, opened, told, whole
from gradatim.server.backup.document import BrokenPlace
from gradatim.server.backup.loading import Loader, make_tables
from gradatim.server.backup.taking import Checked, Made, check, written
from gradatim.server.config import Config, settled
from gradatim.server.journal import TableJournal
from gradatim.server.lock import Lock
from gradatim.server.migrating import to_today
from gradatim.server.rights import audited


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored; the backup of what was there before, where something was; and journals that were erased there and are back."""

    checked: Checked
    before: Made | None = None
    back_again: tuple[str, ...] = ()


def restore(
    config: Config, file: Path, now: Instant, *, key: Path | None = None, passphrase: str | None = None, replace: bool = False
) -> Restored:  # fmt: skip
    """Bring a database to what a backup holds, and to the tables of today. Raises `BadInput`, and has changed nothing then.

    No server may run on the folder meanwhile. Without ``replace`` only an empty database is taken. With it, what is there is backed up
    first, in the same transaction: nothing that is written meanwhile is lost between the two.
    """
    by = keys.opens(config, file, key, passphrase)
    checked = check(file, by)
    settled(config)
    alone = Lock(config.data)
    alone.hold()
    try:
        with opened(config) as connection, whole(connection):
            before = _before(connection, config, now, replace=replace)
            erased = _erased(connection)
            drop_ours(connection)
            make_tables(connection, checked.header.migrations)
            loader = Loader(connection)
            if check(file, by, loader) != checked:
                raise one_fault(str(file), "changed while it was read", "Try again with a file that nobody writes to")
            loader.finish(checked.header)
            to_today(connection)
            _verify(connection, checked)
            audited("restored", detail=f"backup of {checked.header.made.iso()}")
            back = {str(one) for one in models.Record.objects.filter(erased=None).values_list("id", flat=True)}
    except DatabaseError as error:
        raise told(
            error, "the backup was not restored, and nothing was changed", "See to it, then try again"
        ) from error
    finally:
        alone.leave()
    return Restored(checked=checked, before=before, back_again=tuple(sorted(back & erased)))


def _before(connection: BaseDatabaseWrapper, config: Config, now: Instant, *, replace: bool) -> Made | None:
    """The backup of what is there; None where nothing is."""
    state = schema.applied(connection)
    found = schema.shapes(state, "the database") if state else ()
    if not any(shape.model._base_manager.exists() for shape in found):
        return None
    if not replace:
        raise one_fault(
            "database", "is not empty", "Restore into a new one; or replace what is there, which is backed up first: --replace"
        )  # fmt: skip
    return written(connection, config, now, automatic=False)


def _erased(connection: BaseDatabaseWrapper) -> set[str]:
    """The journals that were erased here: somebody wanted them gone."""
    state = schema.applied(connection)
    found = (
        [shape for shape in schema.shapes(state, "the database") if shape.name == "gradatim_erasure"] if state else []
    )
    return {str(one) for shape in found for one in shape.model._base_manager.values_list("record_id", flat=True)}


def _verify(connection: BaseDatabaseWrapper, checked: Checked) -> None:
    """Read every journal again from the database, and see that nothing of it can be changed."""
    found = {
        BrokenPlace(record=str(record), place=broken.place)
        for record in models.Record.objects.filter(erased=None).values_list("id", flat=True)
        for broken in TableJournal(record).verify()[1]
    }
    if wrong := found ^ set(checked.broken):
        first = min(wrong, key=lambda one: (one.record, one.place))
        raise one_fault(
            "database", f"the journal {first.record} would not verify at place {first.place}", "Use another copy"
        )
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'" if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D' AND pg_table_is_visible(tgrelid)"
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(query)
        there = {name for (name,) in cursor.fetchall()}
    if lacking := triggers.names(connection.vendor) - there:
        raise one_fault("database", f"would not refuse changes: {min(lacking)} is missing", "Please report this")
