"""Another e-mail address for an account, on a server that sends no mail. Where it sends mail, allauth proves the new one by a code."""

from __future__ import annotations

from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from gradatim.domain.fault import one_fault
from gradatim.server import models
from gradatim.server.problems import Problem
from gradatim.server.rights import audited


def readdress(account: models.Account, wanted: str) -> None:
    """Give an account another address in place of the one it has, unproved. Raises `Problem` where the server sends mail or another account
    has the address, `BadInput` where it is none."""
    if settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED:
        raise Problem("not-allowed", "This server sends mail: an address is proved first, at /_allauth/browser/v1/account/email.")  # fmt: skip
    email = wanted.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise one_fault("email", "is no e-mail address", "Write it like somebody@example.org") from None
    if any(one.pk != account.pk for one in filter_users_by_email(email)):
        raise _taken()
    try:
        with transaction.atomic():
            account.email = email
            account.save(update_fields=["email"])
            EmailAddress.objects.filter(user=account).delete()
            EmailAddress.objects.create(user=account, email=email, primary=True)
    except IntegrityError:  # somebody took it at this moment
        raise _taken() from None
    audited("address changed", account=account, subject=account.pk)


def _taken() -> Problem:
    return Problem("there-already", "This address has an account already.")
