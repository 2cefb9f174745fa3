"""Restores a backup and dies on the way: ``python -m tests.server.backup.dying FILE KEY HOW``, with a server's environment.

HOW is the number of the statement before which it is killed, or ``before-commit``, ``after-commit``, ``never``. It prints how many
statements there were.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def die() -> None:
    """As by ``kill -9``: nothing is tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(file: str, key: str, how: str) -> None:
    """Restore, with a signal handler on each new connection that counts and kills."""
    from gradatim.server.start import begun

    begun()
    from django.conf import settings
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.signals import connection_created

    from gradatim.server.backup.restoring import restore
    from tests.server.backup.machine import NOW

    count = 0

    def counted(execute: Callable[..., Any], *told: Any) -> Any:
        nonlocal count
        count += 1
        if how == str(count):
            die()
        return execute(*told)

    def watch(connection: BaseDatabaseWrapper, **_: Any) -> None:
        connection.execute_wrappers.append(counted)

    connection_created.connect(watch)
    commit = BaseDatabaseWrapper._commit  # type: ignore[attr-defined]

    def committed(self: BaseDatabaseWrapper) -> None:
        if how == "before-commit":
            die()
        commit(self)
        if how == "after-commit":
            die()

    BaseDatabaseWrapper._commit = committed  # type: ignore[attr-defined]
    restore(settings.CONFIG, Path(file), NOW, key=Path(key), replace=True)
    print(count)


if __name__ == "__main__":
    main(*sys.argv[1:])
