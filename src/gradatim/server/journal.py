"""The journal in a database: `gradatim.domain.journal.Journal` over rows that are only ever added, each sealed with the one before it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from uuid import UUID

from django.db import connection, transaction

from gradatim.domain.entry import Entry
from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.domain.journal import Page
from gradatim.journal.chain import BEFORE_ALL
from gradatim.journal.codec import SCHEMA, canonical, entry_data, parse, read_entries
from gradatim.server import models

_AT_ONCE = 500  # rows read or written in one statement; SQLite takes a limited number of values


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """By whom entries are brought: ids of an account and of a device, known to the server and not said by the sender."""

    account: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """What an append did: the cursor behind everything, the hash there, and how many were new or there already."""

    cursor: int
    head: str
    new: int
    already: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A place where a stored journal is not as it was written, and why."""

    place: int
    why: str

    def __str__(self) -> str:
        return f"place {self.place}: {self.why}"


_TURN = Lock()


def _turn() -> AbstractContextManager[object]:
    """SQLite takes one writer at a time and has the others sleep and try again; the threads of one process can simply queue."""
    return _TURN if connection.vendor == "sqlite" and not connection.in_atomic_block else nullcontext()


class NoRecord(Exception):
    """There is no such journal, or it was erased."""


class TableJournal:
    """One person's journal in the database. Any number may be open at once, in any number of threads and processes."""

    def __init__(self, record: UUID, source: Source | None = None, clock: Callable[[], float] = time.time) -> None:
        self.record = record
        self._source = source or Source()
        self._clock = clock

    def append(self, entries: Sequence[Entry]) -> int:
        """Store all or none; see `Journal.append`. The rows are on the disk when this returns."""
        return self.store(entries).cursor

    def store(self, entries: Sequence[Entry]) -> Appended:
        """The same, with all that is known afterwards."""
        data = entry_data(entries, "entries")
        with _turn(), transaction.atomic():
            kept = self._mine(locked=True)
            person = kept.person or (entries[0].person if entries else "")
            new = self._new(entries, person)
            rows = self._rows(kept, new, data)
            models.Entry.objects.bulk_create(rows, batch_size=_AT_ONCE)
            if rows:
                kept.person, kept.count, kept.head = person, kept.count + len(rows), rows[-1].hash
                kept.save(update_fields=["person", "count", "head"])
        return Appended(cursor=kept.count, head=kept.head, new=len(rows), already=len(entries) - len(rows))

    def since(self, cursor: int = 0, limit: int | None = None) -> Page:
        """What was stored after a cursor; see `Journal.since`."""
        if limit is not None and limit < 1:
            raise one_fault("limit", f"{limit} would give nothing", "Give 1 or more")
        count = self._mine().count
        if not 0 <= cursor <= count:
            raise one_fault("cursor", f"{cursor} was never given by this journal", "Begin again at 0")
        end = count if limit is None else min(cursor + limit, count)
        rows = models.Entry.objects.filter(record_id=self.record, place__gte=cursor, place__lt=end).order_by("place")
        found = _read(list(rows.values_list("schema", "body")))
        return Page(entries=found, cursor=end, more=end < count)

    def head_at(self, cursor: int) -> str | None:
        """The hash of the chain at a cursor; None where the journal is shorter."""
        if cursor == 0:
            return BEFORE_ALL
        found = models.Entry.objects.filter(record_id=self.record, place=cursor - 1).values_list("hash", flat=True)
        return found.first()

    def verify(self) -> tuple[int, tuple[Broken, ...]]:
        """Read the whole journal again: how many rows there are, and every place where the chain does not hold.

        Others may write meanwhile: the rows are held against what the record says before and after they are read.
        """
        kept = self._mine()
        broken: list[Broken] = []
        before, expected, last = BEFORE_ALL, 0, BEFORE_ALL
        head = BEFORE_ALL  # where the record said that its end was
        for row in self._all():
            if row.place != expected:
                broken.append(Broken(place=expected, why=f"{row.place - expected} rows are missing"))
                before = last if row.place == expected else before
            digest = seal(row, before)
            if digest != row.hash:
                broken.append(Broken(place=row.place, why="it was changed, or something before it was lost"))
            elif (why := unlike(row)) is not None:
                broken.append(Broken(place=row.place, why=why))
            before = last = row.hash
            expected = row.place + 1
            if expected == kept.count:
                head = row.hash
        now = self._mine()
        if (expected, last) == (now.count, now.head):
            return expected, tuple(broken)
        if head != kept.head or not kept.count <= expected < now.count:
            broken.append(Broken(place=expected, why=f"the record says {now.count} rows, and its end is another"))
        return expected, tuple(broken)

    def _mine(self, *, locked: bool = False) -> models.Record:
        rows = models.Record.objects.filter(pk=self.record, erased=None)
        found = (rows.select_for_update() if locked else rows).first()
        if found is None:
            raise NoRecord
        return found

    def _new(self, entries: Sequence[Entry], person: str) -> list[int]:
        """The places of those that are not there yet. Raises `BadInput` for one that says something else, or is another person's."""
        ids = [entry.id for entry in entries]
        there: dict[str, Entry] = {}
        for start in range(0, len(ids), _AT_ONCE):
            rows = models.Entry.objects.filter(record_id=self.record, entry__in=ids[start : start + _AT_ONCE])
            there |= {entry.id: entry for entry in _read(list(rows.values_list("schema", "body")))}
        faults, new = [], []
        for place, entry in enumerate(entries):
            if entry.person != person:
                faults.append(
                    Fault(f"entries[{place}].person", f"is {entry.person!r}, and this journal is of {person!r}", "Keep a journal for each person")
                )  # fmt: skip
            known = there.get(entry.id)
            if known is None:
                there[entry.id] = entry
                new.append(place)
            elif known != entry:
                faults.append(
                    Fault(f"entries[{place}].id", f"{entry.id} is there already and says something else", "Add a correction instead")
                )  # fmt: skip
        if faults:
            raise BadInput(faults)
        return new

    def _rows(self, kept: models.Record, new: Sequence[int], data: Sequence[dict[str, object]]) -> list[models.Entry]:
        rows, before, received = [], kept.head, int(self._clock())
        for place, which in enumerate(new, kept.count):
            row = models.Entry(
                record_id=self.record, place=place, entry=str(data[which]["id"]), schema=SCHEMA, body=canonical(data[which]).decode(),
                received=received, account=self._source.account, device=self._source.device,
            )  # fmt: skip
            row.hash = before = seal(row, before)
            rows.append(row)
        return rows

    def _all(self) -> Iterator[models.Entry]:
        return models.Entry.objects.filter(record_id=self.record).order_by("place").iterator(chunk_size=2000)


def _read(rows: Sequence[tuple[str, str]]) -> tuple[Entry, ...]:
    """Rows as entries, each in the version in which it was written."""
    found: list[Entry] = []
    start = 0
    while start < len(rows):
        schema, stop = rows[start][0], start
        while stop < len(rows) and rows[stop][0] == schema:
            stop += 1
        found += read_entries([parse(body.encode()) for _, body in rows[start:stop]], schema)
        start = stop
    return tuple(found)


def seal(row: models.Entry, before: str) -> str:
    """The hash of a row and of the one before it, over every column."""
    told = canonical(
        {
            "account": row.account, "after": before, "body": row.body, "device": row.device, "entry": row.entry, "place": row.place,
            "received": row.received, "record": str(row.record_id), "schema": row.schema,
        }
    )  # fmt: skip
    return sha256(told).hexdigest()


def unlike(row: models.Entry) -> str | None:
    """Why a row that was not changed still cannot be read."""
    try:
        (entry,) = _read([(row.schema, row.body)])
    except (BadInput, ValueError) as bad:
        return f"it cannot be understood: {bad}"
    return None if entry.id == row.entry else "it holds another entry than it says"
