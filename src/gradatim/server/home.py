"""Personal mode: the one account of a household, made at the first start, to which every paired device belongs."""

from __future__ import annotations

from django.db import transaction

from gradatim.server import models
from gradatim.server.api.records import own_record

_EMAIL = "home@localhost"  # a name only: nobody signs in by it, for it has no password


def household() -> models.Account:
    """The account of the household, made with one empty record where there is none."""
    with transaction.atomic():
        found = models.Account.objects.filter(email=_EMAIL).first()
        if found is None:
            found = models.Account.objects.create_user(_EMAIL, name="Home")
            own_record(found)
    return found
