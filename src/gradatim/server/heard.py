"""What is written down about signing in: who did, and that somebody could not. Never what was typed."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.signals import email_changed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from gradatim.server import who
from gradatim.server.models import Account
from gradatim.server.rights import audited

log = logging.getLogger("gradatim.sign_in")


@receiver(user_logged_in, dispatch_uid="gradatim.signed_in")
def signed_in(sender: object, user: Account, request: HttpRequest | None = None, **_: Any) -> None:
    """Somebody signed in."""
    if request is not None:
        who.belongs(request)
    audited("signed in", account=user)


@receiver(user_logged_out, dispatch_uid="gradatim.signed_out")
def signed_out(sender: object, user: Account | None, **_: Any) -> None:
    """Somebody signed out."""
    if user is not None and user.pk is not None:
        audited("signed out", account=user)


@receiver(user_login_failed, dispatch_uid="gradatim.not_signed_in")
def not_signed_in(sender: object, **_: Any) -> None:
    """Somebody tried. The address that was typed stays out of the log, for it may be a password."""
    log.warning("sign-in failed")


@receiver(email_changed, dispatch_uid="gradatim.address_changed")
def address_changed(sender: object, user: Account, **_: Any) -> None:
    """An account has another address, proved by a code. The addresses themselves are not written down."""
    audited("address changed", account=user, subject=user.pk)
