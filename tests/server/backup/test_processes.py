"""Real processes: one that is killed while it restores, one that writes while a backup is made, a server that is in the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from django.db import transaction

from gradatim.domain.fault import BadInput
from gradatim.server.backup.database import opened, whole
from gradatim.server.backup.restoring import restore
from gradatim.server.backup.taking import back_up
from gradatim.server.journal import TableJournal
from gradatim.server.lock import Lock
from gradatim.server.models import Record
from tests.journal.made import entries, entry
from tests.server.backup.conftest import Kept, New, filled
from tests.server.backup.machine import NOW, Machine, read

ROOT = Path(__file__).parents[3]


def environ(there: Machine) -> dict[str, str]:
    """Of a process on that machine."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("GRADATIM_", "DJANGO_"))}
    return plain | there.environ


def dying(there: Machine, kept: Kept, how: str) -> int | None:
    """Restore in a process that dies so; gives the number of statements of one that did not."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.server.backup.dying", str(kept.made.path), str(kept.key), how],
        cwd=ROOT, env=environ(there), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if how == "never":
        assert done.returncode == 0, done.stderr
        return int(done.stdout)
    assert done.returncode == -signal.SIGKILL, (how, done.stderr)
    return None


def assert_old(there: Machine, before: object) -> None:
    assert there.contents() == before
    with opened(there.config):
        for record in Record.objects.filter(erased=None):
            assert TableJournal(record.pk).verify()[1] == ()


def test_killed_before_the_end_it_changed_nothing(small: Kept, new: New) -> None:
    there = filled(new(), entries(2)).machine
    before = there.contents()
    dying(there, small, "before-commit")
    assert_old(there, before)


@pytest.mark.long
def test_killed_at_any_statement(small: Kept, new: New) -> None:
    there = filled(new(), entries(2)).machine
    before = there.contents()
    whole = dying(filled(new(), entries(2)).machine, small, "never")
    assert whole is not None
    for number in sorted({*Random(5).sample(range(1, whole), 30), 1, whole - 1}):
        dying(there, small, str(number))
        assert_old(there, before)
    dying(there, small, str(whole))  # SQLite is told something after the end too
    assert there.contents() in (before, small.machine.contents())
    dying(there, small, "after-commit")
    assert there.contents() == small.machine.contents()


@pytest.mark.long
def test_killed_at_any_moment(small: Kept, new: New) -> None:
    """By the clock, from outside, with the command as people run it; each time what is not there replaces what is."""
    chance, changed, rounds = Random(6), 0, 25
    there = filled(new(), entries(2))
    ways = [(small, small.machine.contents()), (there, there.machine.contents())]
    takes = 0.0
    for number in range(rounds + 1):
        (kept, after), (_, before) = ways
        command = [
            sys.executable,
            "-m",
            "gradatim",
            "restore",
            str(kept.made.path),
            "--key",
            str(kept.key),
            "--replace",
        ]
        begin = time.monotonic()
        running = subprocess.Popen(
            command, cwd=ROOT, env=environ(there.machine), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        if number:
            time.sleep(chance.uniform(0.3, 1.1) * takes)
            running.kill()
        running.wait()
        takes = takes or time.monotonic() - begin
        now = there.machine.contents()
        assert now in (before, after)
        if now == after:
            changed += 1
            ways.reverse()
    assert 1 <= changed <= rounds


def test_a_server_that_runs_is_in_the_way(small: Kept, new: New) -> None:
    there = filled(new(), entries(2)).machine
    before = there.contents()
    server = Lock(there.config.data)
    server.hold()
    try:
        with pytest.raises(BadInput, match="a server runs on it already"):
            restore(there.config, small.made.path, NOW, key=small.key, replace=True)
    finally:
        server.leave()
    assert there.contents() == before
    restore(there.config, small.made.path, NOW, key=small.key, replace=True)
    assert there.contents() == small.machine.contents()


def test_a_backup_made_while_somebody_writes_is_one_moment(new: New) -> None:
    kept = filled(new(), [entry(0)])
    record = str(kept.filled.record)
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.server.backup.writing", record, "1"], cwd=ROOT, env=environ(kept.machine), stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    assert writer.stdout is not None
    seen = []
    try:
        acknowledged = int(writer.stdout.readline())
        for number in range(5):
            made = back_up(kept.machine.config, NOW.plus(number))
            _, rows = read(made.path, kept.machine.own_keys)
            found = [row["entry"] for row in sorted(rows["gradatim_entry"], key=lambda row: row["place"])]
            assert found == [one.id for one in entries(len(found))]
            assert len(found) % 2 == 1  # an append is there whole
            assert len(found) >= acknowledged
            head = next(row for row in rows["gradatim_record"] if row["id"] == record)
            assert head["count"] == len(found)
            seen.append(len(found))
            acknowledged = int(writer.stdout.readline())
    finally:
        writer.kill()
        writer.wait()
        writer.stdout.close()
    assert seen[-1] > seen[0]


def test_nothing_is_stored_between_the_last_backup_and_the_replacing(small: Kept, new: New) -> None:
    kept = filled(new(), [entry(0)])
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.server.backup.writing", str(kept.filled.record), "1"],
        cwd=ROOT, env=environ(kept.machine), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert writer.stdout is not None
    try:
        first = int(writer.stdout.readline())
        done = restore(kept.machine.config, small.made.path, NOW, key=small.key, replace=True)
        acknowledged = [first, *(int(line) for line in writer.stdout)]  # it ends by itself: its record is gone
    finally:
        writer.kill()
        writer.wait()
        writer.stdout.close()
    assert done.before is not None
    assert done.before.checked.entries >= acknowledged[-1]
    assert kept.machine.contents() == small.machine.contents()


def test_whoever_writes_in_the_other_order_ends_first_and_is_not_in_the_way(new: New) -> None:
    there = filled(new(), [entry(0)]).machine
    if not there.config.database:
        pytest.skip("SQLite has one lock for everything")
    ended = []

    def wanting() -> None:
        """Hold the later table; ask for the earlier one once the other has it, as an append does."""
        held = (
            "SELECT 1 FROM pg_locks WHERE relation = 'gradatim_entry'::regclass AND granted"
            " AND mode = 'AccessExclusiveLock'"
        )
        with opened(there.config) as mine, transaction.atomic(), mine.cursor() as cursor:
            cursor.execute("LOCK TABLE gradatim_record IN ROW SHARE MODE")
            holding.set()
            cursor.execute(held)
            while not cursor.fetchone():
                time.sleep(0.005)
                cursor.execute(held)
            cursor.execute("LOCK TABLE gradatim_entry IN ROW EXCLUSIVE MODE")
            ended.append("the writer")

    holding = threading.Event()
    with ThreadPoolExecutor(1) as beside:
        writer = beside.submit(wanting)
        assert holding.wait(10)
        with opened(there.config) as connected, whole(connected):
            ended.append("the change")
        writer.result(10)
    assert ended == ["the writer", "the change"]
