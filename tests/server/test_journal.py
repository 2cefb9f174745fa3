"""The journal in a database: the laws of every journal, what the database itself refuses, and what verifying finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from gradatim.domain.fault import BadInput
from gradatim.server import triggers
from gradatim.server.journal import NoRecord, Source, TableJournal
from gradatim.server.models import Entry, Erasure, Record
from gradatim.server.verifying import journals
from tests.journal.conformance import JournalLaws, Opener, any_appends_give_each_entry_once
from tests.journal.made import entries, every_kind
from tests.server.opening import table_journal

pytestmark = pytest.mark.usefixtures("kept")


def opener_of(record: UUID) -> Opener:
    return partial(table_journal, str(connection.settings_dict["NAME"]), record)


def fresh() -> TableJournal:
    return TableJournal(Record.objects.create().pk)


class TestTableJournal(JournalLaws):
    @pytest.fixture
    def opener(self, kept: None) -> Opener:
        return opener_of(Record.objects.create().pk)


def test_any_appends_give_each_entry_once() -> None:
    any_appends_give_each_entry_once(lambda: opener_of(Record.objects.create().pk))


def test_two_records_of_one_person_do_not_meet() -> None:
    one, other = fresh(), fresh()
    one.append(entries(3))
    assert other.since().entries == ()
    other.append(entries(2))
    assert one.since().entries == entries(3)


def test_who_brought_an_entry_is_kept_beside_it() -> None:
    journal = fresh()
    TableJournal(journal.record, Source(account="somebody", device="a phone"), clock=lambda: 1_795_000_000).append(
        entries(1)
    )
    row = Entry.objects.get(record_id=journal.record)
    assert (row.account, row.device, row.received) == ("somebody", "a phone", 1_795_000_000)


def test_a_record_that_is_not_there_is_no_journal() -> None:
    journal = TableJournal(UUID(int=1))
    for asked in (journal.since, journal.verify, partial(journal.append, entries(1))):
        with pytest.raises(NoRecord):
            asked()


@pytest.mark.parametrize("table", list(triggers.KEPT))
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_remove_what_was_written(table: str, statement: str) -> None:
    journal = fresh()
    journal.append(entries(2))
    gone = fresh().record
    Erasure.objects.create(record_id=gone, entries=0, head="")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO gradatim_audit (at, account, action, subject, detail) VALUES (CURRENT_TIMESTAMP, '', 'x', '', '')"
        )
        cursor.execute(
            "INSERT INTO gradatim_access (record_id, account, name, role, device, label, action, hour)"
            " VALUES (%s, %s, '', '', '', '', '', CURRENT_TIMESTAMP)",
            [journal.record.hex if connection.vendor == "sqlite" else journal.record, journal.record.hex],
        )
    column = {
        "gradatim_entry": "body",
        "gradatim_access": "name",
        "gradatim_erasure": "head",
        "gradatim_audit": "action",
    }[table]
    with (
        pytest.raises(DatabaseError, match=f"{table}: rows are never"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table, column, "'forged'"))
    assert journal.since().entries == entries(2)


def test_all_triggers_are_there() -> None:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        assert {name for (name,) in cursor.fetchall()} >= triggers.names(connection.vendor)


# --- verifying --------------------------------------------------------------------------------------------------------


@pytest.fixture
def without_triggers(kept: None) -> Callable[[str], None]:
    """Run a statement as somebody would who has the whole database in hand. What it breaks is one record of this test."""

    def run(statement: str) -> None:
        names = [(name, table) for table in triggers.KEPT for name in (f"{table}_no_update", f"{table}_no_delete")]
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
                again = [sql for (sql,) in cursor.fetchall()]
                for name, _ in names:
                    cursor.execute(f"DROP TRIGGER {name}")
            else:
                again = [f"ALTER TABLE {table} ENABLE TRIGGER {name}" for name, table in names]
                for name, table in names:
                    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
            cursor.execute(statement)
            for sql in again:
                cursor.execute(sql)

    return run


def where(journal: TableJournal) -> str:
    return f"record_id = '{journal.record.hex if connection.vendor == 'sqlite' else journal.record}'"


def test_a_journal_as_it_was_written_is_sound() -> None:
    journal = fresh()
    journal.append(every_kind())
    assert journal.verify() == (len(every_kind()), ())


@pytest.mark.parametrize(
    "change", ["body = replace(body, 'mg', 'mg ')", "account = 'another'", "device = 'another'", "received = received + 1", "entry = 'x' || substr(entry, 2)", "schema = 'gradatim/entry/0'"]
)  # fmt: skip
def test_any_change_of_a_row_is_found(change: str, without_triggers: Callable[[str], None]) -> None:
    journal = fresh()
    journal.append(every_kind())
    wanted = next(
        place
        for place, row in enumerate(Entry.objects.filter(record_id=journal.record).order_by("place"))
        if "mg" in row.body
    )
    without_triggers(f"UPDATE gradatim_entry SET {change} WHERE {where(journal)} AND place = {wanted}")
    _, broken = journal.verify()
    assert [one.place for one in broken] == [wanted]


@pytest.mark.parametrize(("place", "found"), [(0, 0), (2, 2), (4, 4)])
def test_a_row_that_was_removed_is_found(place: int, found: int, without_triggers: Callable[[str], None]) -> None:
    journal = fresh()
    journal.append(entries(5))
    without_triggers(f"DELETE FROM gradatim_entry WHERE {where(journal)} AND place = {place}")
    _, broken = journal.verify()
    assert broken[0].place == found


def test_two_rows_that_changed_places_are_found(without_triggers: Callable[[str], None]) -> None:
    journal = fresh()
    journal.append(entries(4))
    for one, other in ((1, 100), (2, 1), (100, 2)):
        without_triggers(f"UPDATE gradatim_entry SET place = {other} WHERE {where(journal)} AND place = {one}")
    assert {one.place for one in journal.verify()[1]} >= {1, 2}


def test_a_journal_cut_at_its_end_is_found_by_its_record(without_triggers: Callable[[str], None]) -> None:
    journal = fresh()
    journal.append(entries(4))
    without_triggers(f"DELETE FROM gradatim_entry WHERE {where(journal)} AND place >= 2")
    assert [one.place for one in journal.verify()[1]] == [2]


class Meanwhile(TableJournal):
    """A journal in which something happens while its rows are read: before the first of them, or after the last."""

    def __init__(self, journal: TableJournal, do: Callable[[], object], *, first: bool) -> None:
        super().__init__(journal.record)
        self._do, self._first = do, first

    def _all(self) -> Iterator[Entry]:
        if self._first:
            self._do()
        yield from super()._all()
        if not self._first:
            self._do()


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("before", [0, 4])
def test_a_journal_that_grows_while_it_is_verified_is_sound(before: int, first: bool) -> None:
    journal = fresh()
    journal.append(entries(before))
    found = Meanwhile(journal, lambda: journal.append(entries(7)), first=first).verify()
    assert found == (7 if first else before, ())


@pytest.mark.parametrize("first", [True, False])
def test_what_is_cut_while_a_journal_grows_is_found(first: bool, without_triggers: Callable[[str], None]) -> None:
    journal = fresh()
    journal.append(entries(6))
    without_triggers(f"DELETE FROM gradatim_entry WHERE {where(journal)} AND place >= 4")
    _, broken = Meanwhile(journal, lambda: TableJournal(journal.record).append(entries(9)), first=first).verify()
    assert 4 in {one.place for one in broken}


def test_rows_beyond_what_the_record_says_are_found(without_triggers: Callable[[str], None]) -> None:
    journal = fresh()
    journal.append(entries(6))
    without_triggers(f"UPDATE gradatim_record SET count = 4 WHERE id = {where(journal).partition(' = ')[2]}")
    assert journal.verify()[1][-1].place == 6


def test_a_record_that_is_erased_while_all_are_verified_is_passed_over() -> None:
    _, kept, erased = fresh(), fresh(), fresh()
    found = journals()
    next(found)
    Record.objects.filter(pk=erased.record).update(erased=timezone.now())
    rest = {record.pk for record, _, _ in found}
    assert kept.record in rest
    assert erased.record not in rest


def test_the_head_at_a_cursor_is_that_of_the_append() -> None:
    journal = fresh()
    first = journal.store(entries(2))
    journal.append(entries(3, first=2))
    assert journal.head_at(first.cursor) == first.head
    assert journal.head_at(6) is None
    with pytest.raises(BadInput):
        journal.since(6)
