"""The server's database from the command line: Django set up with the settings in force, and refused where it could not work."""

from __future__ import annotations

from django.conf import settings

from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.server.config import Config, configure
from gradatim.server.start import begun


def opened(*, accounts: bool = False) -> Config:
    """Make the tables usable in this process; ``accounts``: only in accounts mode. Raises `BadInput`."""
    if not settings.configured:
        configure()  # says every fault before Django begins
        begun()
    config: Config = settings.CONFIG
    if accounts and not config.accounts:
        raise one_fault("GRADATIM_MODE", "is personal: one household, no accounts", "Set GRADATIM_MODE=accounts")
    from django.db import DatabaseError, connection

    from gradatim.server.migrating import waiting

    try:
        steps = waiting(connection)
    except DatabaseError as error:
        raise BadInput(
            [Fault("GRADATIM_DATABASE", "does not answer", "Check that it runs, and its address")]
        ) from error
    if steps:
        raise one_fault(
            "GRADATIM_DATABASE", "has not the tables of this version", "Start the server once: gradatim serve"
        )
    return config
