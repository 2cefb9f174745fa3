"""Making a backup: one moment of the database in one sealed file, which gets its name only after it was read back whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from gradatim import __version__
from gradatim.domain.clock import Instant
from gradatim.domain.fault import one_fault
from gradatim.journal import sealing
from gradatim.journal.sealed import check_passphrase
from gradatim.journal.sealing import Passphrase, PublicKeys, SecretKeys
from gradatim.server.backup import files, keys, schema
from gradatim.server.backup.chains import Chains
from gradatim.server.backup.database import opened, told
from gradatim.server.backup.document import FORMAT, BrokenPlace, End, Header, Reader, Sink, Table, compressed, lines
from gradatim.server.config import Config

_PIECE = 64 * 1024
_AT_ONCE = 2000  # rows fetched together


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a backup holds, once it was read whole. ``broken``: journals that did not verify already when it was made."""

    header: Header
    end: End
    journals: int
    entries: int

    @property
    def broken(self) -> tuple[BrokenPlace, ...]:
        """Where the chains of journals do not hold, as they did not then."""
        return self.end.broken


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup that was made, read back and found whole. ``removed``: older automatic ones that went for it."""

    path: Path
    checked: Checked
    removed: tuple[Path, ...] = ()


def back_up(
    config: Config, now: Instant, *, automatic: bool = False, passphrase: str | None = None, folder: Path | None = None
) -> Made:
    """Back up the database while it may be at work. Raises `BadInput`, and leaves nothing then."""
    if passphrase is not None:
        check_passphrase(passphrase)
    if not config.database and not config.sqlite.exists():
        raise one_fault(
            str(config.sqlite), "is not there: there is nothing to back up", "Start the server once: gradatim serve"
        )
    try:
        with opened(config, snapshot=True) as connection, transaction.atomic():
            return written(connection, config, now, automatic=automatic, passphrase=passphrase, folder=folder)
    except DatabaseError as error:
        raise told(error, "cannot be read", "See that it runs and is whole: gradatim doctor") from error


def written(
    connection: BaseDatabaseWrapper,
    config: Config,
    now: Instant,
    *,
    automatic: bool,
    passphrase: str | None = None,
    folder: Path | None = None,
) -> Made:
    """The same, of what a transaction that is under way sees."""
    state = schema.applied(connection)
    if not state:
        raise one_fault(
            "database", "has no tables: there is nothing to back up", "Start the server once: gradatim serve"
        )
    to: PublicKeys | Passphrase
    by: SecretKeys | Passphrase
    to, by = keys.seals(config, now) if passphrase is None else (word := Passphrase(text=passphrase), word)
    place = folder or config.backup_folder
    shapes = schema.shapes(state, "the database")
    tables = tuple(shape.table(shape.model._base_manager.count()) for shape in shapes)
    header = Header(format=FORMAT, program=__version__, made=now, migrations=state, tables=tables, automatic=automatic)
    with files.draft(place) as (path, file):
        chains = Chains()
        text = lines(header, _rows(shapes, tables, chains), chains.broken())
        sealing.seal(compressed(text), file, to)
        file.flush()
        os.fsync(file.fileno())
        checked = check(path, by)
        if checked.header != header:
            raise one_fault(str(place), "the backup reads back as another", "Check the disk, then try again")
        final = files.named(path, now, automatic=automatic)
    # While a journal is broken, an older backup may be the one that holds it whole.
    removed = files.remove_old(place, config.backup_keep, final) if automatic and not checked.broken else []
    return Made(path=final, checked=checked, removed=tuple(removed))


def check(path: Path, by: SecretKeys | Passphrase, *sinks: Sink) -> Checked:
    """Read a backup from its first byte to its last. Raises `BadInput` where it is not whole, not as it was written, or not known here."""
    chains, at = Chains(), str(path)
    reader = Reader(at, _Known(at), chains, *sinks)
    try:
        with path.open("rb") as file:
            sealing.unseal(file, reader.feed, by, at)
    except OSError as error:
        raise one_fault(at, f"cannot be read: {error.strerror or error}", "Check the name and the folder") from None
    header, end = reader.close()
    if found := set(chains.broken()) ^ set(end.broken):
        first = min(found, key=lambda one: (one.record, one.place))
        raise one_fault(at, f"the journal {first.record} does not verify at place {first.place}", "Use another copy")
    return Checked(header=header, end=end, journals=chains.journals, entries=chains.entries)


def _rows(
    shapes: tuple[schema.Shape, ...], tables: tuple[Table, ...], chains: Chains
) -> Iterator[tuple[Table, list[Any]]]:
    for shape, table in zip(shapes, tables, strict=True):
        names = [field.attname for field in shape.fields]
        rows = shape.model._base_manager.order_by(*shape.order).values_list(*names).iterator(chunk_size=_AT_ONCE)
        for row in rows:
            cells = [schema.cell(value) for value in row]
            chains.row(table, cells)
            yield table, cells


class _Known:
    """Refuses at its header a backup whose tables are not those of the state that it names."""

    def __init__(self, at: str) -> None:
        self._at = at

    def begin(self, header: Header) -> None:
        """Compare."""
        expected = sorted((shape.name, sorted(shape.columns)) for shape in schema.shapes(header.migrations, self._at))
        if expected != sorted((table.name, sorted(table.columns)) for table in header.tables):
            raise one_fault(self._at, "holds other tables than its state has", "Use the Gradatim that wrote it")

    def row(self, table: Table, cells: list[Any]) -> None:
        """Nothing more."""
