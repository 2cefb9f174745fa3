"""Every journal of the database read again, row by row."""

from __future__ import annotations

from collections.abc import Iterator

from gradatim.server.journal import Broken, TableJournal
from gradatim.server.models import Record


def journals() -> Iterator[tuple[Record, int, tuple[Broken, ...]]]:
    """Each journal that was not erased: how many rows it has, and every place where its chain does not hold."""
    for record in Record.objects.filter(erased=None).order_by("made", "id").iterator():
        yield (record, *TableJournal(record.pk).verify())
