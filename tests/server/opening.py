"""Open a journal of the test database from any process."""

from __future__ import annotations

from uuid import UUID

from gradatim.domain.journal import Journal


def table_journal(database: str, record: UUID) -> Journal:
    """The journal of a record in this database. In a fresh process Django is set up first."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.server.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
        from django.conf import settings
        from django.db import connections

        settings.DATABASES["default"]["NAME"] = database
        connections["default"].settings_dict["NAME"] = database
    from gradatim.server.journal import TableJournal

    return TableJournal(record)
