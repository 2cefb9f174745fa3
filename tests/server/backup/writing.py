"""Appends entries to a journal, one after the other, and prints each cursor once it is acknowledged: ``… RECORD FIRST``."""

from __future__ import annotations

import sys
from itertools import count
from uuid import UUID


def main(record: str, first: str) -> None:
    """Until it is killed."""
    from gradatim.server.start import begun

    begun()
    from gradatim.server.journal import TableJournal
    from tests.journal.made import entries

    journal = TableJournal(UUID(record))
    for number in count(int(first), 2):
        print(journal.append(entries(2, first=number)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
