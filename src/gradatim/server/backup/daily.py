"""The automatic backup of the day."""

from __future__ import annotations

from gradatim.domain.clock import Instant
from gradatim.server.backup import files, schema
from gradatim.server.backup.database import opened
from gradatim.server.backup.taking import Made, back_up
from gradatim.server.config import Config


def backup_if_due(config: Config, now: Instant) -> Made | None:
    """Back up where no automatic backup is of this day (UTC) yet; None where one is, or where nothing is stored. Raises `BadInput`."""
    if now.utc().date() in {day for day, _ in files.automatic(config.backup_folder)}:
        return None
    if not config.database and not config.sqlite.exists():
        return None
    with opened(config, snapshot=True) as connection:
        if not schema.applied(connection):
            return None
    return back_up(config, now, automatic=True)
