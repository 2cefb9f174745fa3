"""A journal in one file of JSON lines: see `gradatim.journal.chain` for what a line is.

One append is one write under a lock, on the disk before it is acknowledged. A last line that was torn is moved to ``NAME.torn`` beside
the file by the next append, and reported until then and after. Damage elsewhere stays where it is, is reported, and stops nobody from
writing on.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from filelock import FileLock

from gradatim.domain.clock import Instant
from gradatim.domain.entry import Entry
from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.domain.journal import Page
from gradatim.journal.chain import Chain, Damage, moved
from gradatim.journal.codec import canonical

_APPEND = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_MINE_ONLY = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What `LinesJournal.verify` found in the whole file.

    ``first_break`` is the line from which on it is not as it was written, None for an unbroken chain. ``duplicates`` were stored
    twice and count once. ``set_aside`` is the file of torn lines, if there ever were any.
    """

    lines: int
    entries: int
    first_break: int | None
    damage: tuple[Damage, ...]
    duplicates: int
    set_aside: Path | None

    @property
    def sound(self) -> bool:
        """Whether every line is there and as it was written."""
        return self.first_break is None and not self.damage


class LinesJournal:
    """A `gradatim.domain.journal.Journal` in a file, which the first append makes, for one person. Threads and processes may share it.

    Every failure to read or write is `BadInput` with a remedy, and leaves the file as it was. ``patience``: seconds to wait for others.
    """

    def __init__(self, path: Path, patience: float = 10.0) -> None:
        self.path = path.resolve()
        self._patience = patience
        self._turn = Lock()
        self._chain = Chain(self.path)
        self._seen: tuple[int, ...] | None = None  # which file it was, how long, and when written
        self._moved: tuple[Damage, ...] = ()

    @property
    def person(self) -> str | None:
        """Whose journal it is; None while it is empty."""
        with self._turn:
            return self._read().person

    @property
    def damage(self) -> tuple[Damage, ...]:
        """Every line that is not as it was written, those included that this object has set aside."""
        with self._turn:
            chain = self._read()
            return (*self._moved, *chain.damage, *chain.tail)

    def append(self, entries: Sequence[Entry]) -> int:
        """Store all of the entries or none; see `Journal`. What this returns is on the disk."""
        entries = tuple(entries)
        with self._turn:
            if not entries:
                return self._read().cursor
            with self._writing():
                chain = self._look()
                new = _new(entries, chain)
                lines = chain.lines_for(new) if new else b""
                self._store(chain, lines)
                return self._look().cursor

    def since(self, cursor: int = 0, limit: int | None = None) -> Page:
        """What was stored after a cursor; see `Journal`. A cursor counts entries in the order of storage."""
        with self._turn:
            chain = self._read()
            if not 0 <= cursor <= chain.cursor:
                raise one_fault(
                    "cursor", f"{cursor} is not a place in this journal, which ends at {chain.cursor}", "Read it from 0"
                )
            if limit is not None and limit < 1:
                raise one_fault("limit", f"{limit} entries are no page", "Give 1 or more")
            found, behind, more = chain.after(cursor, limit)
            return Page(entries=found, cursor=behind, more=more)

    def verify(self) -> Verified:
        """Read the whole file again, and say whether it is as it was written."""
        with self._turn:
            self._seen = None
            chain = self._read()
            torn = _torn(self.path)
            return Verified(
                lines=chain.lines,
                entries=len(chain.entries),
                first_break=chain.first_break or next((one.line for one in chain.tail), None),
                damage=(*chain.damage, *chain.tail),
                duplicates=chain.duplicates,
                set_aside=torn if torn.exists() else None,
            )

    # --- reading ------------------------------------------------------------------------------------------------------

    def _read(self) -> Chain:
        """What the file holds. A torn end may be another's append under way, so it is looked at again in turn."""
        before = self._seen
        chain = self._look()
        if chain.tail and self._seen != before:
            with suppress(OSError), self._lock():
                chain = self._look()
        return chain

    def _look(self) -> Chain:
        try:
            with self.path.open("rb") as file:
                found = os.fstat(file.fileno())
                seen = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
                if seen == self._seen:
                    return self._chain
                chain = self._chain
                if self._seen and seen[:2] == self._seen[:2] and found.st_size >= chain.end and chain.ended:
                    file.seek(chain.end)
                    reports = len(chain.damage)
                    self._seen = None
                    chain.feed(file.read())
                    if len(chain.damage) == reports:
                        self._seen = seen
                        return chain
                file.seek(0)
                chain = Chain(self.path)
                chain.feed(file.read())
        except FileNotFoundError:
            chain, seen = Chain(self.path), None
        except OSError as error:
            raise _refused(self.path, "read", error) from None
        self._chain, self._seen = chain, seen
        return chain

    # --- writing ------------------------------------------------------------------------------------------------------

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """The turn among processes: `flock`, which ends with the process that holds it, however that ends."""
        lock = FileLock(self.path.with_name(f"{self.path.name}.lock"), mode=_MINE_ONLY)
        lock.acquire(timeout=self._patience, poll_interval=0.005)
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            if not self.path.parent.exists():
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                _sync_folder(self.path.parent.parent)
            with self._lock():
                yield
        except TimeoutError:
            raise one_fault(str(self.path), "is in use by another program", "Close it there, then try again") from None
        except OSError as error:
            raise _refused(self.path, "written", error) from None

    def _store(self, chain: Chain, lines: bytes) -> None:
        file = os.open(self.path, _APPEND, _MINE_ONLY)
        try:
            size = os.fstat(file).st_size
            if not chain.end:
                _sync_folder(self.path.parent)
            if chain.tail and lines:
                self._set_aside(file, chain)
                size = chain.end
            _put(file, lines, size)
        finally:
            os.close(file)
            if self._seen:
                self._seen = (*self._seen[:2], -1)  # a clock may be too coarse to tell

    def _set_aside(self, file: int, chain: Chain) -> None:
        """Move the torn end to the other file, first there and then away from here: it may come twice, never not at all."""
        torn, found = _torn(self.path), os.fstat(file)
        size = found.st_size - chain.end
        with self.path.open("rb") as whole:
            whole.seek(chain.end)
            bytes_ = whole.read()
        title = {
            "bytes": size,
            "from": self.path.name,
            "line": chain.tail[0].line,
            "written": Instant(int(found.st_mtime)).iso(),
        }
        other = os.open(torn, _APPEND, _MINE_ONLY)
        try:
            _put(other, canonical(title) + b"\n" + bytes_ + b"\n", os.fstat(other).st_size)
        finally:
            os.close(other)
        _sync_folder(torn.parent)
        os.ftruncate(file, chain.end)
        os.fsync(file)
        self._moved += tuple(moved(one, torn) for one in chain.tail)


def _new(entries: tuple[Entry, ...], chain: Chain) -> tuple[Entry, ...]:
    """Those that are not there yet. Raises `BadInput` for one that says something else than what is there, or is another's."""
    person = chain.person if chain.person is not None else entries[0].person
    faults, new = [], dict[str, Entry]()
    for place, entry in enumerate(entries):
        if entry.person != person:
            faults.append(
                Fault(
                    f"entries[{place}].person",
                    f"is {entry.person!r}, and this journal is of {person!r}",
                    "Keep a journal for each person",
                )
            )
        there = chain.known.get(entry.id) or new.setdefault(entry.id, entry)
        if there != entry:
            faults.append(
                Fault(
                    f"entries[{place}].id",
                    f"{entry.id} is there already and says something else",
                    "Add a correction instead",
                )
            )
    if faults:
        raise BadInput(faults)
    return tuple(new.values())


def _put(file: int, lines: bytes, size: int) -> None:
    """Write at the end of a file of this ``size``, and on to the disk; or leave the file as long as it was."""
    try:
        left = memoryview(lines)
        while left:
            left = left[os.write(file, left) :]
        os.fsync(file)
    except BaseException:
        with suppress(OSError):
            os.ftruncate(file, size)
            os.fsync(file)
        raise


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder last, where the system lets us. Windows does so by itself."""
    if os.name != "nt" and os.access(folder, os.R_OK):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _torn(path: Path) -> Path:
    return path.with_name(f"{path.name}.torn")


def _refused(path: Path, done: str, error: OSError) -> BadInput:
    remedy = (
        "Make some room on the disk, then try again"
        if error.errno in _FULL
        else "Check who may read and write the file and its folder"
    )
    return one_fault(str(path), f"cannot be {done}, nothing was changed: {error.strerror or error}", remedy)
