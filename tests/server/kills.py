"""Kill the server, or PostgreSQL, while devices write, again and again. ``python -m tests.server.kills 1000`` prints the figures."""

from __future__ import annotations

import argparse
import os
import signal
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.server.device import Cut, Device, Tally, days_of
from tests.server.postgres import Cluster, cluster
from tests.server.running import Running, running

WRITERS = 4
CHECK_EVERY = 50


@dataclass(slots=True)
class Figures:
    """What happened. ``unacknowledged``: stored though the answer never came."""

    rounds: int = 0
    killed: dict[str, int] = field(default_factory=dict)
    acknowledged: int = 0
    unacknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    broken: list[str] = field(default_factory=list)
    unavailable: int = 0

    def sound(self) -> bool:
        """Whether nothing acknowledged is lost and nothing is there twice."""
        return not (self.lost or self.doubled or self.broken) and self.acknowledged > 0


def campaign(folder: Path, rounds: int, *, postgres: Cluster | None = None, seed: int = 1) -> Figures:
    """Kill this often. With PostgreSQL a part of the kills hit one of its workers, and a part its first process."""
    chance, figures = Random(seed), Figures()
    with running(folder / "data", None if postgres is None else postgres.url) as server:
        homes = server.households(2, WRITERS // 2)
        devices = []
        for number in range(WRITERS):
            home = homes[number % 2]
            mine = days_of(f"person-{number % 2}", f"device-{number}", 1, chance)
            devices.append(
                Device("", home["record"], home["tokens"][number // 2], mine, Random(number), Tally(), rough=0.03)
            )
        stop = threading.Event()
        server.start()
        for device in devices:
            device.address = server.address
        threads = [
            threading.Thread(target=_write, args=(device, number, stop)) for number, device in enumerate(devices)
        ]
        for thread in threads:
            thread.start()
        try:
            for number in range(rounds):
                _wait_for_a_write(devices, postgres)
                time.sleep(chance.uniform(0, 0.06))
                what = _kill(server, postgres, chance)
                figures.killed[what] = figures.killed.get(what, 0) + 1
                figures.rounds += 1
                if number % CHECK_EVERY == CHECK_EVERY - 1:
                    _check(server, devices, homes, figures, postgres)
        finally:
            stop.set()
            for thread in threads:
                thread.join(120)
        assert not any(thread.is_alive() for thread in threads)
        _check(server, devices, homes, figures, postgres)
        figures.acknowledged = sum(len(device.acked) for device in devices)
        figures.unavailable = sum(device.tally.unavailable for device in devices)
    return figures


def _write(device: Device, number: int, stop: threading.Event) -> None:
    """Write new entries for ever, each batch again until it is acknowledged."""
    day = 0
    while not stop.is_set():
        batch = days_of(device.mine[0].person, f"device-{number}", 1, Random(number * 1_000_003 + day))[: 1 + day % 4]
        device.mine = [*device.mine[:4], *batch]
        while True:
            try:
                device.push(batch)
                break
            except Cut:
                if stop.is_set():
                    device.close()
                    return
        day += 1
    device.close()


def _wait_for_a_write(devices: list[Device], postgres: Cluster | None, patience: float = 60) -> None:
    """Until something more is acknowledged: a kill counts only while somebody writes."""
    before, until = sum(len(one.acked) for one in devices), time.monotonic() + patience
    while sum(len(one.acked) for one in devices) == before:
        if time.monotonic() > until:
            raise TimeoutError("nothing is acknowledged any more")
        if postgres is not None and postgres.process is None:  # killed while it recovered, it ended as a whole
            postgres.start_again()
        time.sleep(0.003)


def _kill(server: Running, postgres: Cluster | None, chance: Random) -> str:
    what = (
        "server"
        if postgres is None
        else chance.choice(("server", "a worker of PostgreSQL", "a worker of PostgreSQL", "PostgreSQL"))
    )
    if what == "server" or postgres is None:
        server.kill()
        server.start()
        return "server"
    first = postgres.process
    if first is None or what == "PostgreSQL":  # killed while it recovered, it ends as a whole
        with suppress(ProcessLookupError):
            os.kill(first or postgres.last or 2**22, signal.SIGKILL)
        postgres.start_again()
        return "PostgreSQL"
    with suppress(OSError, IndexError):
        workers = [int(pid) for pid in Path(f"/proc/{first}/task/{first}/children").read_text().split()]
        os.kill(chance.choice(workers), signal.SIGKILL)
    return what


def _check(
    server: Running, devices: list[Device], homes: list[dict[str, object]], figures: Figures, postgres: Cluster | None
) -> None:
    """What is stored against what was acknowledged before it was looked at."""
    if postgres is not None:
        postgres.be_there()
    for home in homes:
        acked = set().union(*(set(device.acked) for device in devices if device.record == home["record"]))
        _, ids, broken = server.rows(str(home["record"]))
        figures.lost += len(acked - set(ids))
        figures.doubled += len(ids) - len(set(ids))
        figures.broken += broken
        figures.unacknowledged = max(figures.unacknowledged, len(set(ids) - acked))


def main() -> None:
    """Print the figures of both databases."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("rounds", type=int, nargs="?", default=1000)
    wanted = said.parse_args()
    for name in ("SQLite", "PostgreSQL"):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gradatim-kills-")))
            begun = time.monotonic()
            figures = campaign(
                folder, wanted.rounds, postgres=stack.enter_context(cluster()) if name == "PostgreSQL" else None
            )
            print(f"{name}: {figures.rounds} kills {figures.killed} in {time.monotonic() - begun:.0f} s")
            print(
                f"  acknowledged {figures.acknowledged:,}, lost {figures.lost}, doubled {figures.doubled}, broken chains {len(figures.broken)}"
            )
            print(
                f"  answered 503 {figures.unavailable} times; stored though no answer came, at most {figures.unacknowledged}",
                flush=True,
            )


if __name__ == "__main__":
    main()
