"""A made-up person to try everything on: a record with the twelve weeks up to now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction

from gradatim.domain.clock import Instant
from gradatim.domain.entry import Entry
from gradatim.journal.demo import WEEKS, demo_entries
from gradatim.monographs import monograph
from gradatim.server import models
from gradatim.server.home import household
from gradatim.server.journal import TableJournal


def made_up(now: Instant) -> tuple[Entry, ...]:
    """The entries of the twelve weeks that end today, up to now."""
    first = datetime.fromtimestamp(now.seconds, UTC).date() - timedelta(days=WEEKS * 7 - 1)
    return tuple(entry for entry in demo_entries(monograph(), start=first) if entry.recorded <= now)


def fill_household(now: Instant) -> None:
    """Make the empty record of a new household that of the made-up person."""
    with transaction.atomic():
        record = household().grants.get().record
        TableJournal(record.pk).store(made_up(now))
        models.Record.objects.filter(pk=record.pk).update(demo=True)
