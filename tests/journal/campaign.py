"""Kill a process that appends, again and again, and count what was lost. Run as ``python -m tests.journal.campaign``; POSIX only.

One process with a single thread forks the writers, so that a round takes milliseconds and not the start of an interpreter. A writer
appends batches that everybody can foretell, and says through a pipe when one is acknowledged. It is killed from outside at any moment,
or kills itself within a call to the system: before it, after it, or with a part of the bytes written.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from gradatim.domain.entry import Entry
from gradatim.journal.lines import LinesJournal
from tests.journal.made import entries

ROUNDS_A_FILE = 20
CALLS = ("write", "fsync", "ftruncate", "open", "mkdir")


@dataclass(slots=True)
class Figures:
    """What happened. ``unacknowledged``: on the disk though the writer was killed before it could say so; at most one a kill."""

    kills: int = 0
    inside_a_call: int = 0
    acknowledged: int = 0
    unacknowledged: int = 0
    torn: int = 0
    lost: int = 0
    doubled: int = 0
    strange: int = 0
    unsound: int = 0


def batch(writer: int, number: int) -> tuple[Entry, ...]:
    """The batch with this number of one writer: one to three entries."""
    return entries(1 + (writer + number) % 3, first=writer * 10_000 + number * 3)


def child(work: Callable[[int], None]) -> tuple[int, int]:
    """Fork a process for some work, which is given a pipe to say what is done; its id and the end of the pipe to listen at."""
    listen, say = os.pipe()
    pid = os.fork()
    if pid:
        os.close(say)
        return pid, listen
    try:
        os.close(listen)
        work(say)
    except BaseException as error:  # noqa: BLE001
        os.write(2, f"{error!r}\n".encode())
        os._exit(3)
    os._exit(0)


def write_on(path: Path, writer: int) -> Callable[[int], None]:
    """Append for ever."""

    def work(say: int) -> None:
        journal, acknowledge = LinesJournal(path), os.write
        for number in count():
            journal.append(batch(writer, number))
            acknowledge(say, b".")

    return work


def die_within(call: int, part: float | None) -> None:
    """Have this process killed at its so-manieth call to the system from now: before it, or ``part`` through it, 1 for after it."""
    calls = count()

    def deadly(name: str) -> Callable[..., Any]:
        really: Callable[..., Any] = getattr(os, name)

        def run(*arguments: Any, **named: Any) -> Any:
            if next(calls) != call:
                return really(*arguments, **named)
            with suppress(OSError):
                if part is not None and name == "write":
                    really(arguments[0], bytes(arguments[1])[: round(len(arguments[1]) * part)])
                elif part is not None:
                    really(*arguments, **named)
            os.kill(os.getpid(), signal.SIGKILL)
            raise AssertionError("killed, and alive")

        return run

    for name in CALLS:
        setattr(os, name, deadly(name))


def heard(listen: int) -> int:
    """How many batches were acknowledged before the pipe ended."""
    said = 0
    while some := os.read(listen, 65536):
        said += len(some)
    os.close(listen)
    return said


def check(figures: Figures, path: Path, before: Sequence[Entry], writers: dict[int, int]) -> tuple[Entry, ...]:
    """Count what is there after a kill against what must be: all that was, all that was acknowledged, at most one batch more each.
    The next append must work, and the file be sound behind it. Gives what is there then."""
    found = LinesJournal(path).since().entries
    ids = {entry.id for entry in found}
    figures.doubled += len(found) - len(ids)
    figures.lost += sum(entry.id not in ids for entry in before)
    expected = {entry.id: entry for entry in before}
    for writer, acknowledged in writers.items():
        figures.acknowledged += acknowledged
        must = [entry for number in range(acknowledged) for entry in batch(writer, number)]
        figures.lost += sum(entry.id not in ids for entry in must)
        there = [entry.id in ids for entry in batch(writer, acknowledged)]
        figures.unacknowledged += all(there)
        figures.strange += any(there) and not all(there)
        expected |= {entry.id: entry for entry in (*must, *batch(writer, acknowledged))}
    figures.strange += sum(expected.get(entry.id) != entry for entry in found)
    last = (0, figures.kills)
    LinesJournal(path).append(batch(*last))
    report = LinesJournal(path).verify()
    after = LinesJournal(path).since().entries
    figures.unsound += not report.sound or report.duplicates > 0 or after != (*found, *batch(*last))
    return after


def campaign(folder: Path, kills: int, seed: int) -> Figures:
    """So many rounds: a third of the writers kill themselves within a call, every fifth round has two writers at once."""
    figures, chance = Figures(), Random(seed)
    path, stored = folder / "journal.jsonl", tuple[Entry, ...]()
    while figures.kills < kills:
        if figures.kills % ROUNDS_A_FILE == 0:
            path, stored = folder / f"{figures.kills}" / "journal.jsonl", ()
        within = chance.random() < 1 / 3
        names = [figures.kills * 2 + 10, figures.kills * 2 + 11][: 1 if within or figures.kills % 5 else 2]
        if within:
            plan = (chance.randrange(40), chance.choice([None, chance.random(), 1.0]))

            def work(say: int, path: Path = path, name: int = names[0], plan: Any = plan) -> None:
                acknowledge, journal = os.write, LinesJournal(path)
                die_within(*plan)
                for number in count():
                    journal.append(batch(name, number))
                    acknowledge(say, b".")

            running = [child(work)]
        else:
            running = [child(write_on(path, name)) for name in names]
            time.sleep(chance.choice([chance.uniform(0, 0.003), chance.uniform(0, 0.03)]))
            for pid, _ in running:
                os.kill(pid, signal.SIGKILL)
        acknowledged = {}
        for name, (pid, listen) in zip(names, running, strict=True):
            acknowledged[name] = heard(listen)
            status = os.waitpid(pid, 0)[1]
            assert os.WIFSIGNALED(status), f"a writer ended by itself: {status}"
        figures.kills += len(names)
        figures.inside_a_call += within
        figures.torn += bool(LinesJournal(path).damage)
        stored = check(figures, path, stored, acknowledged)
    return figures


def calls_of(path: Path) -> list[str]:
    """The names of the calls of one append, found in a process that lives."""
    names: list[str] = []

    def work(say: int) -> None:
        acknowledge, journal = os.write, LinesJournal(path)
        for name in CALLS:
            setattr(os, name, noting(name, getattr(os, name)))
        journal.append(batch(5, 0))
        acknowledge(say, " ".join(names).encode())

    def noting(name: str, really: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            names.append(name)
            return really(*arguments, **named)

        return run

    pid, listen = child(work)
    said = os.read(listen, 65536).decode()
    os.close(listen)
    os.waitpid(pid, 0)
    return said.split()


def every_step(folder: Path, parts: int) -> Figures:
    """An append that begins a journal, and one to a journal with a torn end: killed before and after every call, and in so many parts
    of each write."""
    figures = Figures()
    for torn in (False, True):
        for call, name in enumerate(calls_of(_begun(folder / f"{torn}", torn=torn)[0])):
            for part in (None, *(place / parts for place in range(1, parts if name == "write" else 1)), 1.0):
                path, stored = _begun(folder / f"{torn}-{call}-{part}", torn=torn)

                def work(say: int, path: Path = path, plan: Any = (call, part)) -> None:
                    acknowledge, journal = os.write, LinesJournal(path)
                    die_within(*plan)
                    journal.append(batch(5, 0))
                    acknowledge(say, b".")

                pid, listen = child(work)
                acknowledged = heard(listen)
                assert os.WIFSIGNALED(os.waitpid(pid, 0)[1])
                figures.kills += 1
                figures.inside_a_call += 1
                figures.torn += bool(LinesJournal(path).damage) and not torn
                check(figures, path, stored, {5: acknowledged})
    return figures


def _begun(folder: Path, *, torn: bool) -> tuple[Path, tuple[Entry, ...]]:
    path = folder / "journal.jsonl"
    if not torn:
        return path, ()
    journal = LinesJournal(path)
    journal.append(batch(1, 0))
    journal.append(batch(2, 0))
    os.truncate(path, path.stat().st_size - 50)
    return path, batch(1, 0)


def main() -> None:
    """``campaign FOLDER KILLS SEED`` or ``steps FOLDER PARTS`` come as arguments; the figures go out as JSON."""
    folder, numbers = Path(sys.argv[2]), [*map(int, sys.argv[3:])]
    figures = campaign(folder, *numbers) if sys.argv[1] == "campaign" else every_step(folder, *numbers)
    print(json.dumps(asdict(figures)))


if __name__ == "__main__":
    main()
