"""Writing to a record while nobody else does: what was checked still holds when it is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction

from gradatim.domain.entry import Entry, What
from gradatim.domain.fault import one_fault
from gradatim.domain.finding import Message
from gradatim.domain.fold import fold
from gradatim.domain.record import Record
from gradatim.journal.writing import written_down
from gradatim.server import health, models
from gradatim.server.api.folded import Folded, fold_of
from gradatim.server.journal import Appended
from gradatim.server.problems import Problem
from gradatim.server.rights import Right, check_may_write
from gradatim.words import say

_CLOCK_OFF = 24 * 60 * 60  # seconds that another device may be ahead: more would hide what is written now


@contextmanager
def alone(right: Right, *, followed: bool = True) -> Iterator[Folded]:
    """The record while nobody else can write to it: what is checked here still holds when it is stored."""
    with transaction.atomic():
        if models.Record.objects.select_for_update().filter(pk=right.record, erased=None).first() is None:
            raise Problem("not-found")
        found = fold_of(right, followed=followed)
        newest = max((entry.recorded for entry in found.entries), default=found.now)
        if newest.seconds - found.now.seconds > _CLOCK_OFF:
            raise one_fault(
                "clock", f"the newest entry of this record is stamped {newest}, and it is {found.now}",
                "Correct the clock of the device that wrote it; what is written now would not count before that",
            )  # fmt: skip
        yield found


def own_name(right: Right) -> str:
    """The name in which an account writes. Raises `BadInput` where it has none."""
    if not right.asker.account.name.strip():
        raise one_fault("account.name", "is empty", "Give your account the name that is to stand in the record")
    return right.asker.account.name


def append(found: Folded, what: Sequence[What], zone: str | None = None) -> tuple[list[Entry], Record, Appended]:
    """Store things as entries of this moment, in the name of the account. Raises `BadInput` where one of them would not count."""
    right, device = found.right, found.right.asker.device
    written = written_down(
        what, subject=found.entries[0].person if found.entries else None, at=found.now, recorded=found.now, by=own_name(right),
        device=lambda: "browser" if device is None else str(device.pk), zone=zone or found.record.zone, after=found.entries,
    )  # fmt: skip
    check_may_write(right, tuple(written))
    record = fold((*found.entries, *written))
    if aside := [one for one in record.set_aside if one.entry in written]:
        raise one_fault("document", say(Message(aside[0].why)).rstrip("."), "Nothing was written")
    stored = right.journal.store(written)
    health.STORED.inc(stored.new)
    return written, record, stored
