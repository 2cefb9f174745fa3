"""Every journal of the database read again, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from gradatim.server.journal import Broken, NoRecord, TableJournal
from gradatim.server.models import Record


def journals() -> Iterator[tuple[Record, int, tuple[Broken, ...]]]:
    """Each journal that was not erased: how many rows it has, and every place where its chain does not hold."""
    for record in Record.objects.filter(erased=None).order_by("made", "id"):
        with suppress(NoRecord):  # erased since
            found = TableJournal(record.pk).verify()
            yield (record, *found)
