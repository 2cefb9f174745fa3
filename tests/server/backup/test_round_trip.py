"""A backup, a new machine, a restore: the same record, the same accounts and rights, whichever database either of them has."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import check_password
from django.db import DatabaseError, connection, transaction
from django.test import Client

from gradatim.domain.fault import BadInput
from gradatim.server import models, triggers
from gradatim.server.backup.database import opened
from gradatim.server.backup.restoring import restore
from gradatim.server.backup.taking import back_up
from gradatim.server.erasure import erase_record
from gradatim.server.journal import TableJournal
from gradatim.server.rights import audited
from tests.journal.made import entries, entry
from tests.server.backup.conftest import Kept, New, filled
from tests.server.backup.machine import KIND, KINDS, NOW, TOTP_SECRET, fill, read
from tests.server.made import PASSWORD, demo

PAIRS = [(one, other) for one in KINDS for other in KINDS]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_a_new_machine_holds_the_same_after_it(new: New, first: str, second: str) -> None:
    old, fresh = filled(new(first)), new(second)
    done = restore(fresh.config, old.made.path, NOW, key=old.key)
    assert (done.before, done.back_again, done.checked.journals, done.checked.entries) == (None, (), 1, len(demo()))
    was = old.machine.contents()
    assert fresh.contents() == was
    assert {table for table, rows in was.items() if not rows} <= {"socialaccount_socialapp"}
    with opened(fresh.config):
        journal = TableJournal(old.filled.record)
        assert journal.since().entries == demo()
        assert journal.verify() == (len(demo()), ())
        assert connection.vendor == second
    again = back_up(fresh.config, NOW)
    assert {name: rows for name, rows in read(again.path, fresh.own_keys)[1].items() if name != "gradatim_audit"} == {
        name: rows for name, rows in read(old.made.path, old.machine.own_keys)[1].items() if name != "gradatim_audit"
    }


@pytest.fixture(scope="module")
def restored(new: New, full: Kept) -> Kept:
    fresh = new()
    restore(fresh.config, full.made.path, NOW, key=full.key)
    return Kept(machine=fresh, filled=full.filled, made=full.made)


def test_people_come_in_as_before(restored: Kept) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time

    with opened(restored.machine.config):
        owner = models.Account.objects.get(pk=restored.filled.owner)
        assert check_password(PASSWORD, owner.password)
        totp = Authenticator.objects.get(user=owner, type="totp")
        code = format_hotp_value(hotp_value(TOTP_SECRET, next(yield_hotp_counters_from_time())))
        assert TOTP(totp).validate_code(code)
        answers = [
            Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Bearer {token}"})
            .get("/api/v1/records")
            .status_code
            for token in (restored.filled.token, restored.filled.revoked, "gradatim_x")
        ]
        assert answers == [200, 401, 401]


def test_what_was_for_a_short_time_is_gone(restored: Kept) -> None:
    with opened(restored.machine.config):
        assert not models.PairingCode.objects.exists()
        assert not models.Answered.objects.exists()


def test_new_rows_come_behind_the_old_ones(restored: Kept) -> None:
    with opened(restored.machine.config):
        TableJournal(restored.filled.record).append([entry(0, person=demo()[0].person)])
        last = models.Audit.objects.order_by("-id").values_list("id", flat=True)[0]
        audited("something")
        assert models.Audit.objects.order_by("-id")[0].id == last + 1
        models.Access.objects.create(
            record_id=restored.filled.record, account="", name="", role="", action="x", hour=NOW.utc()
        )
        assert TableJournal(restored.filled.record).verify() == (len(demo()) + 1, ())


@pytest.mark.parametrize("table", list(triggers.KEPT))
def test_the_database_still_refuses_to_forget(restored: Kept, table: str) -> None:
    with opened(restored.machine.config):
        refused = pytest.raises(DatabaseError, match=f"{table}: rows are never")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")


def test_that_it_was_restored_is_written_down(restored: Kept) -> None:
    with opened(restored.machine.config):
        row = models.Audit.objects.get(action="restored")
        assert row.detail == f"backup of {NOW.iso()}"


# --- into what is there already ---------------------------------------------------------------------------------------


def test_only_an_empty_database_is_taken(new: New, small: Kept) -> None:
    there = filled(new(), entries(2))
    before = there.machine.contents()
    with pytest.raises(BadInput, match=r"is not empty.*--replace"):
        restore(there.machine.config, small.made.path, NOW, key=small.key)
    assert there.machine.contents() == before


def test_what_is_replaced_is_backed_up_first(new: New, small: Kept) -> None:
    there = filled(new(), entries(2))
    before = there.machine.contents()
    done = restore(there.machine.config, small.made.path, NOW, key=small.key, replace=True)
    assert there.machine.contents() == small.machine.contents()
    assert done.before is not None
    assert done.before.path != there.made.path
    back = restore(there.machine.config, done.before.path, NOW, replace=True)
    assert back.checked.entries == 2
    assert there.machine.contents() == before


def test_a_backup_that_cannot_be_made_stops_the_replacing(new: New, small: Kept) -> None:
    there = filled(new(), entries(2))
    before = there.machine.contents()
    there.machine.config.backup_folder.rename(there.machine.config.data / "elsewhere")
    there.machine.config.backup_folder.write_text("no folder")
    with pytest.raises(BadInput, match="cannot be written"):
        restore(there.machine.config, small.made.path, NOW, key=small.key, replace=True)
    assert there.machine.contents() == before


def test_a_journal_that_was_erased_since_is_named(new: New) -> None:
    there = filled(new(), entries(2))
    with opened(there.machine.config):
        erase_record(there.filled.record, models.Account.objects.get(pk=there.filled.owner))
    done = restore(there.machine.config, there.made.path, NOW, replace=True)
    assert done.back_again == (str(there.filled.record),)


def test_tables_of_others_in_the_same_database_stay(new: New, small: Kept) -> None:
    if KIND == "sqlite":
        pytest.skip("a SQLite file is ours alone")
    there = new()
    with opened(there.config) as connected, connected.cursor() as cursor:
        cursor.execute("CREATE TABLE somebody_elses (n int); INSERT INTO somebody_elses VALUES (7)")
    restore(there.config, small.made.path, NOW, key=small.key)
    restore(there.config, small.made.path, NOW, key=small.key, replace=True)
    with opened(there.config) as connected, connected.cursor() as cursor:
        cursor.execute("SELECT n FROM somebody_elses")
        assert cursor.fetchall() == [(7,)]


# --- a journal that is broken already ---------------------------------------------------------------------------------


def without_triggers(*statements: str) -> None:
    """As somebody who has the whole database in hand."""
    with connection.cursor() as cursor:
        for table in triggers.KEPT:
            for event in ("no_update", "no_delete"):
                cursor.execute(
                    f"DROP TRIGGER {table}_{event}" + ("" if connection.vendor == "sqlite" else f" ON {table}")
                )
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("change", "places"),
    [
        ("UPDATE gradatim_entry SET body = replace(body, 'mg', 'mg ') WHERE place = 2", {2}),
        ("DELETE FROM gradatim_entry WHERE place = 1", {1, 2}),
        pytest.param("DELETE FROM gradatim_entry WHERE place >= 3", {3}, marks=pytest.mark.long),
        pytest.param("UPDATE gradatim_record SET head = 'x' WHERE count = 5", {5}, marks=pytest.mark.long),
        ("UPDATE gradatim_record SET count = 9 WHERE count = 5", {5}),
    ],
)
def test_it_is_backed_up_as_it_is_and_said(new: New, change: str, places: set[int]) -> None:
    there, fresh = new(), new()
    kept = filled(there, entries(5))
    with opened(there.config):
        without_triggers(change)
        found = {broken.place for broken in TableJournal(kept.filled.record).verify()[1]}
    assert found == places
    made = back_up(there.config, NOW)
    assert {(one.record, one.place) for one in made.checked.broken} == {(str(kept.filled.record), n) for n in places}
    done = restore(fresh.config, made.path, NOW, key=kept.key)
    assert done.checked.broken == made.checked.broken
    assert fresh.contents() == there.contents()


def test_while_one_is_broken_no_older_backup_goes(new: New) -> None:
    there = new(GRADATIM_BACKUP_KEEP="1")
    kept = filled(there, entries(5))
    first = back_up(there.config, NOW, automatic=True).path
    second = back_up(there.config, NOW.plus(86400), automatic=True)
    assert (second.removed, first.exists()) == ((first,), False)
    with opened(there.config):
        without_triggers("UPDATE gradatim_entry SET account = 'x' WHERE place = 2")
    third = back_up(there.config, NOW.plus(2 * 86400), automatic=True)
    assert (third.removed, second.path.exists()) == ((), True)
    assert kept.made.path.exists()


def test_the_time_of_a_backup_is_that_of_the_caller(small: Kept) -> None:
    assert small.made.checked.header.made == NOW
    assert small.made.path.name == "gradatim-20261123T050000Z.age"


def test_a_second_person_may_be_there(new: New, small: Kept) -> None:
    there = new()
    restore(there.config, small.made.path, NOW, key=small.key)
    with opened(there.config):
        fill(entries(2))
    made = back_up(there.config, NOW)
    assert (made.checked.journals, made.checked.entries) == (2, 5)
