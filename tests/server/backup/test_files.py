"""The files: names, who may read them, what opens them, which ones go, and what is left when the disk is full."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from gradatim.domain.fault import BadInput
from gradatim.journal import sealing
from gradatim.journal.sealing import SecretKeys
from gradatim.server.backup import files, keys
from gradatim.server.backup.daily import backup_if_due
from gradatim.server.backup.database import opened
from gradatim.server.backup.restoring import restore
from gradatim.server.backup.taking import back_up, check
from tests.journal.made import entries
from tests.server.backup.conftest import Kept, New, filled
from tests.server.backup.machine import NOW, fill

A_DAY = 24 * 3600


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_backup_is_for_its_owner_alone_and_so_is_the_key(small: Kept) -> None:
    assert names(small.made.path.parent) == ["gradatim-20261123T050000Z.age"]
    for path in (small.made.path, small.key):
        assert path.stat().st_mode & 0o777 == 0o600


def test_nothing_of_the_record_can_be_read_in_it(small: Kept) -> None:
    data = small.made.path.read_bytes()
    assert data.startswith(b"age-encryption.org/v1\n-> X25519 ")
    assert not any(word in data for word in (b"A. Name", b"gradatim_entry", b"dose-taken", b"example.org"))


def test_two_in_one_second_are_two(small: Kept, new: New, tmp_path: Path) -> None:
    made = [back_up(small.machine.config, NOW, folder=tmp_path / "there").path.name for _ in range(2)]
    assert made == ["gradatim-20261123T050000Z.age", "gradatim-20261123T050000Z-2.age"]


def test_a_machine_without_a_database_has_nothing_to_back_up(new: New) -> None:
    there = new()
    with pytest.raises(BadInput, match="nothing to back up"):
        back_up(there.config, NOW)
    assert names(there.config.backup_folder) == []


# --- keys -------------------------------------------------------------------------------------------------------------


def test_the_key_is_drawn_once(small: Kept, tmp_path: Path) -> None:
    before = small.key.read_bytes()
    back_up(small.machine.config, NOW, folder=tmp_path)
    assert small.key.read_bytes() == before
    assert before.count(b"AGE-SECRET-KEY-1") == 1
    assert sealing.public_key(small.machine.own_keys.keys[0]).encode() in before
    assert not list(small.key.parent.glob(".backup-key*"))


def test_a_key_that_came_meanwhile_stays(small: Kept) -> None:
    before = small.key.read_bytes()
    keys._draw(small.key, NOW)
    assert small.key.read_bytes() == before


def test_named_keys_take_the_place_of_the_own_one(new: New) -> None:
    one, other, wrong = (sealing.new_key() for _ in range(3))
    there = new(GRADATIM_BACKUP_RECIPIENTS=f"{sealing.public_key(one)}, {sealing.public_key(other)}")
    made = filled(there, entries(2)).made
    assert not keys.key_file(there.config).exists()
    for key in (one, other):
        assert check(made.path, SecretKeys(keys=(wrong, key))) == made.checked
    with pytest.raises(BadInput, match="the key is another"):
        check(made.path, SecretKeys(keys=(wrong,)))


def test_named_keys_that_are_none_are_all_told(new: New) -> None:
    there = new(GRADATIM_BACKUP_RECIPIENTS=f"age1nonsense,{sealing.new_key()}")
    with pytest.raises(BadInput) as caught:
        filled(there, entries(1))
    said = [(fault.path, fault.problem) for fault in caught.value.faults]
    assert said == [
        ("GRADATIM_BACKUP_RECIPIENTS[0]", "'age1nonsense' is no public key of age"),
        ("GRADATIM_BACKUP_RECIPIENTS[1]", "is a secret key"),
    ]
    assert names(there.config.backup_folder) == []


def test_an_easy_passphrase_is_refused_before_anything_is_done(small: Kept, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="whoever finds the file"):
        back_up(small.machine.config, NOW, passphrase="password", folder=tmp_path / "there")
    assert not (tmp_path / "there").exists()


@pytest.mark.long
def test_with_a_passphrase(small: Kept, new: New, tmp_path: Path) -> None:
    made = back_up(small.machine.config, NOW, passphrase="four words on paper", folder=tmp_path)
    there = new()
    with pytest.raises(BadInput, match="is sealed with a passphrase"):
        restore(there.config, made.path, NOW, key=small.key)
    with pytest.raises(BadInput, match="the passphrase is another"):
        restore(there.config, made.path, NOW, passphrase="five words on paper")
    restore(there.config, made.path, NOW, passphrase="four words on paper")
    assert there.contents() == small.machine.contents()


# --- automatic ones ---------------------------------------------------------------------------------------------------


def test_one_a_day(new: New) -> None:
    there = filled(new(), entries(2)).machine
    first = backup_if_due(there.config, NOW)
    assert first is not None
    assert first.path.name == "gradatim-20261123T050000Z-automatic.age"
    assert first.checked.header.automatic
    assert backup_if_due(there.config, NOW.plus(18 * 3600)) is None
    second = backup_if_due(there.config, NOW.plus(19 * 3600))
    assert second is not None
    assert second.path.name == "gradatim-20261124T000000Z-automatic.age"


def test_where_nothing_is_stored_none_is_due(new: New) -> None:
    there = new()
    assert backup_if_due(there.config, NOW) is None
    with opened(there.config):
        pass
    assert backup_if_due(there.config, NOW) is None
    assert names(there.config.backup_folder) == []


def test_older_automatic_ones_go_and_those_of_people_stay(new: New) -> None:
    kept = filled(new(GRADATIM_BACKUP_KEEP="2"), entries(2))
    folder = kept.made.path.parent
    others = ("gradatim-20200101T000000Z.age", "gradatim-20200101T000000Z-automatic.age.bak", "notes-automatic.age")
    for name in others:
        (folder / name).write_text("somebody's")
    for day in range(4):
        assert backup_if_due(kept.machine.config, NOW.plus(day * A_DAY)) is not None
    assert names(folder) == sorted(
        [
            *others,
            kept.made.path.name,
            "gradatim-20261125T050000Z-automatic.age",
            "gradatim-20261126T050000Z-automatic.age",
        ]
    )


def test_the_new_one_stays_even_where_the_clock_went_back(new: New) -> None:
    kept = filled(new(GRADATIM_BACKUP_KEEP="1"), entries(2))
    backup_if_due(kept.machine.config, NOW.plus(A_DAY))
    made = backup_if_due(kept.machine.config, NOW)
    assert made is not None
    assert [path for _, path in files.automatic(kept.made.path.parent)] == [made.path]


def test_what_a_killed_program_left_goes_after_a_day(small: Kept, tmp_path: Path) -> None:
    old, young = tmp_path / ".gradatim-backup-old", tmp_path / ".gradatim-backup-young"
    for path in (old, young):
        path.write_text("half")
    os.utime(old, (0, 0))
    back_up(small.machine.config, NOW, folder=tmp_path)
    assert names(tmp_path) == [young.name, "gradatim-20261123T050000Z.age"]


# --- a file that is not what was written ------------------------------------------------------------------------------


def test_a_disk_that_changes_a_bit_gives_no_backup(
    small: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = sealing.seal

    def bad_disk(chunks: Any, out: BinaryIO, to: Any) -> None:
        plain(chunks, out, to)
        out.seek(1000)
        byte = out.read(1)
        out.seek(1000)
        out.write(bytes([byte[0] ^ 4]))

    monkeypatch.setattr(sealing, "seal", bad_disk)
    with pytest.raises(BadInput, match="was changed, or is not whole"):
        back_up(small.machine.config, NOW, folder=tmp_path)
    assert names(tmp_path) == []


def test_a_table_that_changes_under_the_reader_gives_no_backup(
    small: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gradatim.server.backup import taking

    rows = taking._rows
    monkeypatch.setattr(taking, "_rows", lambda *told: list(rows(*told))[:-1])
    with pytest.raises(BadInput, match=r"rows are missing|more rows|another table"):
        back_up(small.machine.config, NOW, folder=tmp_path)
    assert names(tmp_path) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_a_write_that_fails_leaves_nothing(
    small: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refused(file: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refused)
    with pytest.raises(BadInput, match=os.strerror(number)):
        back_up(small.machine.config, NOW, folder=tmp_path)
    assert names(tmp_path) == []


# --- a disk that is full ----------------------------------------------------------------------------------------------


@pytest.fixture
def little_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one and a half MiB."""
    where = tmp_path / "disk"
    where.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1536k", "none", str(where)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    yield where
    subprocess.run(["umount", "-l", str(where)], check=True)


def fill_up(disk: Path, leave: int) -> Path:
    """Take all space but so many bytes."""
    ballast = disk / "ballast"
    space = os.statvfs(disk)
    ballast.write_bytes(b"\0" * max(0, space.f_bavail * space.f_frsize - leave))
    return ballast


@pytest.mark.parametrize("left", [0, 4096, 16384])
def test_a_full_disk_leaves_no_backup(full: Kept, little_disk: Path, left: int) -> None:
    ballast = fill_up(little_disk, left)
    with pytest.raises(BadInput, match="No space left on device") as caught:
        back_up(full.machine.config, NOW, folder=little_disk)
    assert "Make space" in str(caught.value)
    assert names(little_disk) == ["ballast"]
    ballast.unlink()
    made = back_up(full.machine.config, NOW, folder=little_disk)
    assert check(made.path, full.machine.own_keys) == made.checked


@pytest.mark.parametrize("left", [100_000, 250_000, 400_000])
def test_a_full_disk_leaves_the_database_as_it_was(full: Kept, new: New, little_disk: Path, left: int) -> None:
    there = new("sqlite", GRADATIM_DATA=str(little_disk))
    ballast = fill_up(little_disk, left)
    with pytest.raises(BadInput, match=r"full|disk I/O error|No space|unable to open"):
        restore(there.config, full.made.path, NOW, key=full.key)
    with opened(there.config) as connected:
        assert connected.introspection.table_names() == []
    ballast.unlink()


def test_after_space_returns_it_restores(small: Kept, new: New, little_disk: Path) -> None:
    there = new("sqlite", GRADATIM_DATA=str(little_disk))
    ballast = fill_up(little_disk, 300_000)
    with pytest.raises(BadInput):
        restore(there.config, small.made.path, NOW, key=small.key)
    ballast.unlink()
    restore(there.config, small.made.path, NOW, key=small.key)
    assert there.contents() == small.machine.contents()


def test_a_full_disk_leaves_what_was_to_be_replaced(small: Kept, new: New, little_disk: Path) -> None:
    there = new("sqlite", GRADATIM_DATA=str(little_disk))
    restore(there.config, small.made.path, NOW, key=small.key)
    with opened(there.config) as connected, connected.cursor() as cursor:
        fill(entries(2))
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = there.contents()
    ballast = fill_up(little_disk, 120_000)
    with pytest.raises(BadInput, match=r"full|disk I/O error|No space"):
        restore(there.config, small.made.path, NOW, key=small.key, replace=True)
    assert there.contents() == before
    ballast.unlink()
    assert there.contents() == before
