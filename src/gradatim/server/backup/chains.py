"""Whether the journals in a backup hold together, found while it is read: what `TableJournal.verify` finds in a database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from gradatim.domain.fault import one_fault
from gradatim.journal.chain import BEFORE_ALL
from gradatim.server.backup.document import BrokenPlace, Header, Table
from gradatim.server.journal import seal, unlike

RECORDS = "gradatim_record"
ENTRIES = "gradatim_entry"


@dataclass(slots=True)
class _Chain:
    count: int
    head: str
    erased: bool
    expected: int = 0
    last: str = BEFORE_ALL


class Chains:
    """Follows every journal. Rows of one journal come in their order, behind their record."""

    def __init__(self) -> None:
        self._found: dict[str, _Chain] = {}
        self._broken: list[BrokenPlace] = []
        self.entries = 0

    def begin(self, header: Header) -> None:
        """Nothing to do yet."""

    def row(self, table: Table, cells: list[Any]) -> None:
        """One row of any table."""
        if table.name not in (RECORDS, ENTRIES):
            return
        row = SimpleNamespace(**dict(zip(table.columns, cells, strict=True)))
        try:
            if table.name == RECORDS:
                self._found[row.id] = _Chain(count=row.count, head=row.head, erased=row.erased is not None)
            else:
                self._entry(row)
        except (AttributeError, KeyError, TypeError):
            raise one_fault(table.name, "holds a row that belongs to no journal", "Use another copy") from None

    def _entry(self, row: Any) -> None:
        chain = self._found[row.record_id]
        self.entries += 1
        if row.place != chain.expected:
            self._broken.append(BrokenPlace(record=row.record_id, place=chain.expected))
        if seal(row, chain.last) != row.hash or unlike(row) is not None:
            self._broken.append(BrokenPlace(record=row.record_id, place=row.place))
        chain.last, chain.expected = row.hash, row.place + 1

    @property
    def journals(self) -> int:
        """How many there are, without those that were erased."""
        return sum(not chain.erased for chain in self._found.values())

    def broken(self) -> Iterator[BrokenPlace]:
        """Every place that does not hold, once, in order; asked after the last row."""
        ends = [
            BrokenPlace(record=record, place=chain.expected)
            for record, chain in self._found.items()
            if not chain.erased and (chain.count, chain.head) != (chain.expected, chain.last)
        ]
        erased = {record for record, chain in self._found.items() if chain.erased}
        found = {one for one in (*self._broken, *ends) if one.record not in erased}
        yield from sorted(found, key=lambda one: (one.record, one.place))
