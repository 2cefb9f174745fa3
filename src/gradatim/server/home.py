"""Personal mode: the one account of a household, made at the first start, to which every paired device belongs."""

from __future__ import annotations

from django.db import transaction

from gradatim.domain.fault import one_fault
from gradatim.server import models, who
from gradatim.server.rights import audited, own_record

_EMAIL = "home@localhost"  # a name only: nobody signs in by it, for it has no password


def household() -> models.Account:
    """The account of the household, made with one empty record where there is none."""
    with transaction.atomic():
        found = models.Account.objects.filter(email=_EMAIL).first()
        if found is None:
            found = models.Account.objects.create_user(_EMAIL, name="Home")
            own_record(found)
    return found


def devices() -> list[models.Device]:
    """What may act for the household now."""
    return list(household().devices.filter(revoked=None).order_by("made", "id"))


def end_device(beginning: str) -> models.Device:
    """End the one device whose id begins so. Raises `BadInput` where that is none, or more than one."""
    found = [one for one in devices() if beginning and str(one.pk).startswith(beginning.lower())]
    if len(found) != 1:
        raise one_fault(
            "--end",
            f"{beginning!r} begins the id of {'no device' if not found else 'more than one'}",
            "See the ids: gradatim devices",
        )
    who.revoke(found[0])
    audited("device ended", account=found[0].account, subject=found[0].pk)
    return found[0]
