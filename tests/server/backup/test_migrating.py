"""New tables for what is stored: backed up first, all steps or none, and said how to go back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from gradatim.domain.fault import BadInput
from gradatim.server import triggers
from gradatim.server.backup import files, schema
from gradatim.server.backup.database import opened, whole
from gradatim.server.backup.keys import secret_keys
from gradatim.server.backup.loading import Loader, make_tables
from gradatim.server.backup.restoring import restore
from gradatim.server.backup.taking import check
from gradatim.server.migrating import Migrated, migrate_safely
from tests.journal.made import entries
from tests.server.backup.conftest import Kept, New, filled
from tests.server.backup.machine import KIND, NOW, Machine

ALL = tuple(sorted(".".join(node) for node in MigrationLoader(None).graph.nodes))
FIRST = tuple(one for one in ALL if not one.startswith("gradatim.") or one == "gradatim.0001_begin")
SAMPLE = Path(__file__).parent / "samples" / "gradatim-0001.age"


def at_first(there: Machine) -> Machine:
    """With the tables of the first state, and something in them: what the program of that day wrote."""
    with opened(there.config) as connected, whole(connected):
        make_tables(connected, FIRST)
        loader = Loader(connected)
        loader.finish(check(SAMPLE, secret_keys(SAMPLE.with_name("key.txt")), loader).header)
    return there


def as_at_first(there: Machine) -> dict[str, list[tuple[Any, ...]]]:
    """What is stored, without the columns that came since: every record of before is of a real person."""
    found = there.contents()
    assert {row[-1] for row in found["gradatim_record"]} == {False}
    return found | {"gradatim_record": [row[:-1] for row in found["gradatim_record"]]}


def state(there: Machine) -> tuple[str, ...]:
    with opened(there.config) as connected:
        return schema.applied(connected)


def stays() -> bool:
    """Whether all triggers are there."""
    query = "SELECT name FROM sqlite_master" if KIND == "sqlite" else "SELECT tgname FROM pg_trigger"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()} >= triggers.names(connection.vendor)


def test_a_new_machine_gets_its_tables_and_no_backup(new: New) -> None:
    there = new()
    done = migrate_safely(there.config, NOW)
    assert (sorted(done.steps), done.backup) == (list(ALL), None)
    assert state(there) == ALL
    assert not there.config.backup_folder.exists()
    assert not (there.config.data / "backup-key.txt").exists()


def test_where_nothing_waits_nothing_is_done(small: Kept) -> None:
    assert migrate_safely(small.machine.config, NOW) == Migrated()
    assert files.automatic(small.made.path.parent) == []


def test_what_is_stored_is_backed_up_before(new: New) -> None:
    there = at_first(new())
    before = there.contents()
    done = migrate_safely(there.config, NOW)
    assert done.steps == tuple(one for one in ALL if one not in FIRST)
    assert done.backup is not None
    assert done.backup.name == "gradatim-20261123T050000Z-automatic.age"
    assert as_at_first(there) == before
    with opened(there.config):
        assert stays()
    again = new()
    restore(again.config, done.backup, NOW, key=there.config.data / "backup-key.txt")
    assert as_at_first(again) == before


def test_an_empty_database_of_before_needs_no_backup(new: New) -> None:
    there = new()
    with opened(there.config) as connected, whole(connected):
        make_tables(connected, FIRST)
    done = migrate_safely(there.config, NOW)
    assert (bool(done.steps), done.backup) == (True, None)


def test_without_a_backup_nothing_is_changed(new: New) -> None:
    there = at_first(new())
    before = there.contents()
    there.config.backup_folder.write_text("no folder")
    with pytest.raises(BadInput, match="cannot be written"):
        migrate_safely(there.config, NOW)
    assert (state(there), there.contents()) == (FIRST, before)


# --- a step that fails ------------------------------------------------------------------------------------------------


def _fails(apps: Any, schema_editor: Any) -> None:
    row = apps.get_model("gradatim", "Account").objects.using(schema_editor.connection.alias).first()
    raise ValueError(f"{row.email} is a secret of somebody")


def _rewrites(apps: Any, schema_editor: Any) -> None:
    apps.get_model("gradatim", "Account").objects.using(schema_editor.connection.alias).update(name="Nobody")


GOOD = (
    migrations.AddField("Device", "colour", models.CharField(max_length=10, default="red")),
    migrations.RunPython(_rewrites, migrations.RunPython.noop),
    migrations.AlterField("Account", "name", models.CharField(max_length=500, blank=True)),
    migrations.CreateModel("Extra", fields=[("id", models.BigAutoField(primary_key=True))]),
)


@pytest.fixture
def with_step(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Add a step to those that the program knows."""
    load = MigrationLoader.load_disk
    newest = [one for one in ALL if one.startswith("gradatim.")][-1].split(".")[1]

    def add(*operations: Any, name: str = "9998_more", after: str = newest) -> None:
        step = migrations.Migration(name, "gradatim")
        vars(step).update(operations=list(operations), dependencies=[("gradatim", after)])
        known = MigrationLoader.load_disk

        def loaded(self: MigrationLoader) -> None:
            known(self)
            self.disk_migrations["gradatim", name] = step

        monkeypatch.setattr(MigrationLoader, "load_disk", loaded)

    yield add
    monkeypatch.setattr(MigrationLoader, "load_disk", load)


def test_several_steps_are_taken_whole(new: New, with_step: Callable[..., None]) -> None:
    there = filled(new(), entries(3)).machine
    with_step(*GOOD)
    with_step(migrations.RemoveField("Device", "colour"), name="9999_most", after="9998_more")
    done = migrate_safely(there.config, NOW)
    assert done.steps == ("gradatim.9998_more", "gradatim.9999_most")
    with opened(there.config) as connected:
        assert "gradatim_extra" in connected.introspection.table_names()
        assert stays()


@pytest.mark.parametrize("failing", [migrations.RunPython(_fails), migrations.RunSQL("SELECT nonsense FROM nowhere")])
def test_a_step_that_fails_in_the_middle_leaves_everything_as_it_was(
    new: New, with_step: Callable[..., None], failing: Any
) -> None:
    kept = filled(new(), entries(3))
    there, before = kept.machine, kept.machine.contents()
    with_step(*GOOD)
    with_step(
        migrations.AddField("Device", "size", models.IntegerField(default=3)),
        failing,
        name="9999_most",
        after="9998_more",
    )
    with pytest.raises(BadInput, match=r"the step gradatim\.9999_most failed") as caught:
        migrate_safely(there.config, NOW)
    said = str(caught.value)
    (automatic,) = files.automatic(there.config.backup_folder)
    assert str(automatic[1]) in said
    assert "nothing was changed" in said
    assert "example.org" not in said
    assert (state(there), there.contents()) == (ALL, before)
    with opened(there.config) as connected:
        assert "gradatim_extra" not in connected.introspection.table_names()
        assert stays()


def test_a_backup_of_before_restores_into_tables_of_after(new: New, with_step: Callable[..., None]) -> None:
    old, there = filled(new(), entries(3)), new()
    with_step(*GOOD)
    restore(there.config, old.made.path, NOW, key=old.key)
    assert "gradatim.9998_more" in state(there)
    with opened(there.config) as connected, connected.cursor() as cursor:
        cursor.execute("SELECT colour FROM gradatim_device")
        assert {colour for (colour,) in cursor.fetchall()} == {"red"}
        assert stays()


# --- a newer program --------------------------------------------------------------------------------------------------


@pytest.fixture
def from_tomorrow(new: New) -> Machine:
    there = filled(new(), entries(3)).machine
    with opened(there.config) as connected:
        MigrationRecorder(connected).record_applied("gradatim", "9999_tomorrow")
    return there


def test_a_database_of_a_newer_program_is_left_alone(from_tomorrow: Machine, small: Kept) -> None:
    before = from_tomorrow.contents()
    with pytest.raises(BadInput, match=r"newer Gradatim: gradatim\.9999_tomorrow is not known here"):
        migrate_safely(from_tomorrow.config, NOW)
    with pytest.raises(BadInput, match=r"does not know: gradatim\.9999_tomorrow"):
        restore(from_tomorrow.config, small.made.path, NOW, key=small.key, replace=True)
    assert from_tomorrow.contents() == before


def test_a_file_that_is_no_database_is_left_alone(new: New, small: Kept) -> None:
    if KIND != "sqlite":
        pytest.skip("a file is damaged here")
    there = new()
    there.config.sqlite.write_bytes(b"SQLite format 3\0" + b"damaged " * 1000)
    before = there.config.sqlite.read_bytes()
    with pytest.raises(BadInput, match=r"not a database|malformed"):
        restore(there.config, small.made.path, NOW, key=small.key, replace=True)
    assert there.config.sqlite.read_bytes() == before
    shutil.move(there.config.sqlite, there.config.data / "damaged")
    restore(there.config, small.made.path, NOW, key=small.key)
    assert there.contents() == small.machine.contents()


def test_every_step_can_be_part_of_one_transaction() -> None:
    assert all(one.atomic for one in MigrationLoader(None).disk_migrations.values())


def test_every_table_is_in_a_backup_or_left_out_for_a_reason(small: Kept) -> None:
    with opened(small.machine.config) as connected:
        there = set(connected.introspection.table_names()) - {"django_migrations"}
    inside = {table.name for table in small.made.checked.header.tables}
    assert inside | set(schema.LEFT_OUT) == there
    assert not inside & set(schema.LEFT_OUT)
    assert all(schema.LEFT_OUT.values())
