"""A disk that is full: a clear answer, nothing corrupted, and everything goes on once there is room again."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from random import Random

import pytest
from django.db import connection

from gradatim.domain.entry import Entry
from tests.server.device import Cut, Device, Tally, days_of
from tests.server.postgres import Cluster
from tests.server.running import running

POSTGRES = connection.vendor == "postgresql"
SIZE = 96 if POSTGRES else 6  # MiB


@contextmanager
def small_disk() -> Iterator[Path]:
    """A file system of its own in memory. It takes the right to mount one."""
    place = Path(tempfile.mkdtemp(prefix="gradatim-disk-", dir="/tmp"))  # where PostgreSQL's own user can go
    place.chmod(0o755)
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m,mode=755", "tmpfs", place],
        check=False,
        capture_output=True,
        text=True,
    )
    if made.returncode:
        place.rmdir()
        pytest.skip(f"no file system can be mounted here: {made.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)
        place.rmdir()


def fill(place: Path) -> Path:
    """Take all room that is left, to the last block."""
    stone = place / "stone"
    with stone.open("wb", buffering=0) as file:
        size = 1024 * 1024
        while size:
            try:
                file.write(b"\0" * size)
            except OSError:
                size //= 2
    return stone


def offer(device: Device, batch: list[Entry]) -> bool:
    """Whether the server stored it."""
    try:
        device.push(batch)
    except Cut:
        return False
    return True


@pytest.mark.skipif(os.name == "nt" or not Path("/proc/mounts").exists(), reason="mounts a file system of its own")
def test_a_full_disk_refuses_clearly_corrupts_nothing_and_recovers(tmp_path: Path) -> None:
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk())
        url, cluster = None, None
        if POSTGRES:
            cluster = Cluster(disk)
            cluster.make("--wal-segsize=1")
            cluster.start()
            stack.callback(cluster.stop, "immediate")
            cluster.run("createdb", "-h", str(disk), "-U", "gradatim", "gradatim")
            url = cluster.url
        server = stack.enter_context(running(disk / "data" if not POSTGRES else tmp_path / "data", url))
        home = server.households(1, 1)[0]
        server.start()
        device = Device(server.address, home["record"], home["tokens"][0], [], Random(1), Tally(), rough=0)
        stack.callback(device.close)
        fresh = (days_of("person", "device", 5, Random(number)) for number in count())
        assert offer(device, next(fresh))
        stone = fill(disk)
        while offer(device, next(fresh)):  # what the database had reserved is used up by and by
            assert len(device.acked) < 100_000, "the disk is not full"
        before = set(device.acked)
        assert device.tally.unavailable, "a full disk has to be told as a problem, 503"
        assert not offer(device, next(fresh))
        assert device.acked == before
        stone.unlink()
        for _ in range(200):
            if offer(device, next(fresh)):
                break
            if cluster is not None and cluster.process is None:
                cluster.start_again()
        else:
            pytest.fail("the server does not recover")
        server.kill()
        rows, ids, broken = server.rows(home["record"])
        assert broken == []
        assert set(device.acked) <= set(ids)
        assert rows == len(set(ids))
