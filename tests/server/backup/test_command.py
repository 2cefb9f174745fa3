"""``gradatim backup`` and ``gradatim restore`` as people type them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.journal.made import entries
from tests.server.backup.conftest import Kept, New, filled
from tests.server.backup.machine import Machine
from tests.server.backup.test_processes import ROOT, environ


def gradatim(there: Machine, *words: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "gradatim", *words],
        cwd=ROOT, env=environ(there) | {"SOURCE_DATE_EPOCH": "1795410001", "COLUMNS": "300"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def there(new: New) -> Kept:
    return filled(new(), entries(2))


def test_a_backup_and_back(there: Kept, small: Kept) -> None:
    code, out, err = gradatim(there.machine, "backup")
    folder = there.machine.config.backup_folder
    assert (code, err) == (0, "")
    assert out.startswith(
        f"Wrote {folder}/gradatim-20261123T050001Z.age: 2 accounts, 1 journal, 2 entries. It was read back whole.\n"
    )
    assert f"It opens only with the key in {there.key}." in out
    assert "without it nobody can open the backup" in out

    code, out, err = gradatim(there.machine, "restore", str(small.made.path), "--key", str(small.key), "--replace")
    assert (code, err) == (0, "")
    assert f"What was there is in {folder}/gradatim-20261123T050001Z-2.age: 2 accounts, 1 journal, 2 entries.\n" in out
    assert "Restored 2 accounts, 1 journal, 3 entries, as of 2026-11-23T05:00:00Z. Every journal was verified.\n" in out
    assert there.machine.contents() == small.machine.contents()


def test_what_is_there_is_not_replaced_unasked(there: Kept, small: Kept) -> None:
    code, out, err = gradatim(there.machine, "restore", str(small.made.path), "--key", str(small.key))
    assert (code, out) == (2, "")
    assert "is not empty" in err
    assert "--replace" in err


@pytest.mark.long
def test_a_passphrase_from_a_file(there: Kept, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("four words on paper\n")
    code, out, err = gradatim(there.machine, "backup", "--folder", str(tmp_path), "--passphrase-file", str(words))
    assert (code, err) == (0, "")
    assert "It opens with the passphrase only." in out
    (made,) = tmp_path.glob("*.age")
    before = there.machine.contents()
    code, _, err = gradatim(there.machine, "restore", str(made), "--passphrase-file", str(words), "--replace")
    assert (code, err) == (0, "")
    assert there.machine.contents() == before
