"""What the tests of backups share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from gradatim.server.backup.database import opened
from gradatim.server.backup.taking import Made, back_up
from gradatim.server.migrating import migrate_safely
from tests.journal.made import entries
from tests.server.backup.machine import KIND, NOW, Filled, Machine, fill, machine

New = Callable[..., Machine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A machine with something on it, and a backup of it."""

    machine: Machine
    filled: Filled
    made: Made

    @property
    def key(self) -> Path:
        return self.machine.config.data / "backup-key.txt"


@pytest.fixture(scope="module")
def new(django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[New]:
    """Makes new machines; each is gone after the tests of the module."""
    with ExitStack() as held, django_db_blocker.unblock():
        yield lambda kind=KIND, **environ: held.enter_context(
            machine(tmp_path_factory.mktemp("machine"), kind, **environ)
        )


@pytest.fixture(scope="module")
def small(new: New) -> Kept:
    """One with few entries. Nobody changes it."""
    return filled(new(), entries(3))


@pytest.fixture(scope="module")
def full(new: New) -> Kept:
    """One with the made-up record of twelve weeks. Nobody changes it."""
    return filled(new())


_EMPTY: list[bytes] = []


def filled(on: Machine, these: object = None) -> Kept:
    """Fill a machine, and back it up. The tables of SQLite are made once, and copied."""
    if _EMPTY and not on.config.database:
        on.config.sqlite.write_bytes(_EMPTY[0])
    migrate_safely(on.config, NOW)
    if not _EMPTY and not on.config.database:
        _EMPTY.append(on.config.sqlite.read_bytes())
    with opened(on.config):
        what = fill(these)
    return Kept(machine=on, filled=what, made=back_up(on.config, NOW))
