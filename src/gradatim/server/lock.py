"""One server to a folder of data: a lock that goes with its process, and where that server can be asked."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from gradatim.domain.fault import one_fault
from gradatim.server.config import unusable

FILE = "server.lock"


class Lock:
    """Held from `hold` until the process ends or `leave`, whatever ends it."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._file = -1

    def hold(self) -> None:
        """Take it. Raises `BadInput` where a server runs on this folder already."""
        path = self._data / FILE
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise unusable(path, error) from None
        if not _locked(file):
            os.close(file)
            where = address(self._data)
            raise one_fault(
                str(self._data),
                f"a server runs on it already{f', at {where}' if where else ''}",
                "Stop that one, or give this one a folder of its own: --data",
            )
        self._file = file
        os.ftruncate(file, 0)

    def say(self, where: str) -> None:
        """Write down where the server can be asked, for other commands on this machine."""
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, json.dumps({"address": where, "process": os.getpid()}).encode(), 0)

    def leave(self) -> None:
        """Let another have it."""
        if self._file >= 0:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = -1


def held(data: Path) -> bool:
    """Whether a server runs on a folder now. Nothing is written."""
    try:
        file = os.open(data / FILE, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _locked(file)
    finally:
        os.close(file)


def address(data: Path) -> str | None:
    """Where the server that runs on a folder can be asked; None while none is ready."""
    if not held(data):
        return None
    try:
        return str(json.loads((data / FILE).read_text("utf-8"))["address"])
    except (OSError, ValueError, KeyError):
        return None


if sys.platform == "win32":
    import msvcrt

    def _locked(file: int) -> bool:
        os.lseek(file, 1 << 20, os.SEEK_SET)  # beyond what is written, so that others can read it
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _locked(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
