"""The files of backups: their names, how one is written, and which automatic ones go."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from gradatim.domain.clock import Instant
from gradatim.domain.fault import one_fault
from gradatim.server.backup.keys import settle

_MINE_ONLY = 0o600
_STAMP = "%Y%m%dT%H%M%SZ"
_AUTOMATIC = re.compile(r"gradatim-([0-9]{8}T[0-9]{6}Z)-automatic(-[0-9]+)?\.age")
_DRAFT = ".gradatim-backup-"
_STALE = 24 * 3600  # seconds after which a draft is one that a killed program left


def automatic(folder: Path) -> list[tuple[date, Path]]:
    """The automatic backups in a folder with their days (UTC), the oldest first."""
    found = [(match[1], path) for path in folder.glob("*.age") if (match := _AUTOMATIC.fullmatch(path.name))]
    return [(datetime.strptime(stamp[:8], "%Y%m%d").date(), path) for stamp, path in sorted(found)]  # noqa: DTZ007


def remove_old(folder: Path, keep: int, new: Path) -> list[Path]:
    """Remove automatic backups until so many are left. The new one stays, and so do those that somebody made."""
    others = [path for _, path in automatic(folder) if path != new]
    gone = others[: max(0, len(others) + 1 - keep)]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


@contextmanager
def draft(folder: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file in the folder, which is gone afterwards unless `named` gave it a name. Raises `BadInput` where it cannot be written."""
    path = folder / f"{_DRAFT}{secrets.token_hex(8)}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sweep(folder)
        try:
            with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, _MINE_ONLY), "w+b") as opened:
                yield path, opened
        finally:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise one_fault(
            str(folder), f"the backup cannot be written: {error.strerror or error}", "Make space, or name another folder in GRADATIM_BACKUP_FOLDER"
        ) from None  # fmt: skip


def named(path: Path, made: Instant, *, automatic: bool) -> Path:
    """Give a finished file its name."""
    name = f"gradatim-{made.utc():{_STAMP}}{'-automatic' if automatic else ''}"
    final, number = path.with_name(f"{name}.age"), 1
    while final.exists():
        number += 1
        final = path.with_name(f"{name}-{number}.age")
    path.rename(final)
    settle(path.parent)
    return final


def _sweep(folder: Path) -> None:
    """Remove drafts that a killed program left."""
    for path in folder.glob(f"{_DRAFT}*"):
        if time.time() - path.stat().st_mtime > _STALE:
            path.unlink(missing_ok=True)
