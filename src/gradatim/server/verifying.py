"""Every journal of the database read again, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from gradatim.server.journal import Broken, TableJournal
from gradatim.server.models import Record


def journals() -> Iterator[tuple[UUID, int, tuple[Broken, ...]]]:
    """Each journal that was not erased: how many rows it has, and every place where its chain does not hold."""
    for record in Record.objects.filter(erased=None).order_by("made", "id").values_list("pk", flat=True):
        yield (record, *TableJournal(record).verify())
