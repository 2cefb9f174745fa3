"""Many devices at once against a real server: what is lost, what is doubled, how fast. ``python -m tests.server.load`` prints the figures."""

from __future__ import annotations

import argparse
import resource
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from random import Random

from gradatim.domain.entry import Entry
from gradatim.domain.reading import plain
from gradatim.journal.codec import canonical
from tests.server.device import Device, Tally, days_of
from tests.server.postgres import cluster
from tests.server.running import running

AT_ONCE = 12
A_BATCH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of it. ``raw`` is how many rows of the same size the same database takes in a second, in batches of 50, by one connection."""

    database: str
    devices: int
    written: int
    lost: int
    doubled: int
    broken: list[str]
    unseen: int
    seconds: float
    raw: float
    tally: Tally

    def lines(self) -> list[str]:
        """The figures, one a line."""
        rate = self.written / self.seconds
        return [
            f"{self.database}: {self.devices} devices, {self.written:,} entries, {self.seconds:.1f} s",
            f"  lost {self.lost}, doubled {self.doubled}, broken chains {len(self.broken)}, not seen by another device {self.unseen}",
            f"  connections cut {self.tally.cut:,}, batches with repeats {self.tally.repeated:,}, entries sent again {self.tally.again:,}",
            f"  {rate:,.0f} entries/s; raw inserts of the same database {self.raw:,.0f} rows/s; ratio {rate / self.raw:.3f}",
            f"  {(len(self.tally.pushes) + len(self.tally.pulls)) / self.seconds:,.0f} requests/s",
            f"  push {_percentiles(self.tally.pushes)}",
            f"  pull {_percentiles(self.tally.pulls)}",
        ]


def load(folder: Path, *, devices: int, days: int, url: str | None = None, seed: int = 1) -> Outcome:
    """Let devices write for as many days each, four to a record, and count afterwards."""
    chance = Random(seed)
    with running(folder / "data", url, GRADATIM_THREADS="8") as server:
        households = server.households(-(-devices // 4), 4)
        server.start()
        tallies = [Tally() for _ in range(AT_ONCE)]
        everyone: list[Device] = []
        for number in range(devices):
            home = households[number // 4]
            mine = days_of(f"person-{number // 4}", f"device-{number}", days, chance)
            everyone.append(
                Device(
                    server.address,
                    home["record"],
                    home["tokens"][number % 4],
                    mine,
                    Random(chance.random()),
                    tallies[0],
                )
            )
        seconds = _at_once([(one, tallies) for one in everyone])
        for one in everyone:
            one.rough = 0
            one.fetch_all()
            one.close()
        server.kill()
        lost, doubled, broken, unseen = 0, 0, [], 0
        for number, home in enumerate(households):
            group = everyone[number * 4 : number * 4 + 4]
            wanted = {entry.id: plain(entry) for one in group for entry in one.mine}
            count, ids, bad = server.rows(home["record"])
            lost += len(set(wanted) - set(ids))
            doubled += len(ids) - len(set(ids)) + sum(len(one.twice) for one in group) + abs(count - len(ids))
            broken += bad
            unseen += sum(one.seen.get(id) != said for one in group for id, said in wanted.items())
    whole = Tally()
    for tally in tallies:
        for name in ("pushes", "pulls", "acknowledged", "cut", "repeated", "again", "unavailable"):
            setattr(whole, name, getattr(whole, name) + getattr(tally, name))
    written = sum(len(one.mine) for one in everyone)
    return Outcome(
        database="PostgreSQL" if url else "SQLite", devices=devices, written=written, lost=lost, doubled=doubled, broken=broken, unseen=unseen,
        seconds=seconds, raw=_raw(folder, url, everyone[0].mine), tally=whole,
    )  # fmt: skip


def _at_once(work: Sequence[tuple[Device, list[Tally]]]) -> float:
    """Every device lives its days, some at the same time; how long it took."""
    waiting: SimpleQueue[Device] = SimpleQueue()
    for device, _ in work:
        waiting.put(device)
    faults: list[BaseException] = []

    def hand(tally: Tally) -> None:
        while not faults:
            try:
                device = waiting.get_nowait()
            except Empty:
                return
            device.tally = tally
            try:
                device.live(patience=600)
            except BaseException as fault:  # noqa: BLE001
                faults.append(fault)
            device.close()

    threads = [threading.Thread(target=hand, args=(tally,)) for tally in work[0][1]]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return time.perf_counter() - begun


def _raw(folder: Path, url: str | None, entries: Sequence[Entry]) -> float:
    """Rows of the same size in a second, without a server, in batches of 50 that are on the disk when they return."""
    bodies = [canonical(plain(entry)).decode() for entry in entries]
    rows = [(str(number), f"{number:036}", bodies[number % len(bodies)], "0" * 64) for number in range(6000)]
    batches = [rows[start : start + A_BATCH] for start in range(0, len(rows), A_BATCH)]
    make = "CREATE TABLE raw (place text PRIMARY KEY, entry text, body text, hash text)"
    if url is None:
        plainly = sqlite3.connect(folder / "raw.sqlite3", isolation_level=None)
        plainly.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + make)
        begun = time.perf_counter()
        for batch in batches:
            plainly.execute("BEGIN IMMEDIATE")
            plainly.executemany("INSERT INTO raw VALUES (?, ?, ?, ?)", batch)
            plainly.execute("COMMIT")
        took = time.perf_counter() - begun
        plainly.close()
    else:
        import psycopg

        with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute(make)
            begun = time.perf_counter()
            for batch in batches:
                with connection.transaction():
                    cursor.executemany("INSERT INTO raw VALUES (%s, %s, %s, %s)", batch)
            took = time.perf_counter() - begun
    return sum(map(len, batches)) / took


def _percentiles(seconds: list[float]) -> str:
    found = sorted(seconds)
    return ", ".join(
        f"{name} {found[min(len(found) - 1, int(len(found) * part))] * 1e3:.1f} ms"
        for name, part in (("half", 0.5), ("95 %", 0.95), ("99 %", 0.99), ("worst", 1))
    )


def main() -> None:
    """Print the figures of both databases."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--devices", type=int, default=200)
    said.add_argument("--days", type=int, default=90)
    wanted = said.parse_args()
    for postgres in (False, True):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gradatim-load-")))
            url = stack.enter_context(cluster()).url if postgres else None
            for line in load(folder, devices=wanted.devices, days=wanted.days, url=url).lines():
                print(line)
            sys.stdout.flush()
    print(
        f"peak memory of a server and its mother: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MiB"
    )


if __name__ == "__main__":
    main()
