"""Who asks: a device by its secret, or a person who signed in. Secrets are kept as hashes; one that was revoked stops at once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone

from gradatim.server import models
from gradatim.server.problems import Problem

PREFIX = "gradatim_"  # so that a secret that was committed or posted somewhere can be told
MEANT = "Gradatim-Account"
"""The header in which a page says for which account it asks."""
_A_YEAR = timedelta(days=400)  # what browsers keep a cookie for at most
_SEEN_EVERY = timedelta(minutes=5)
_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another
_CODE_LENGTH = 8
_OF_DEVICE = "device"  # where a session keeps which device its browser is


class Scope(StrEnum):
    """What somebody may do. The first five are about records, the last about the own account."""

    TODAY = "today"  # what is due, and what to do in danger: the packet
    READ = "read"  # everything that was written down, and the papers made of it
    LOG = "log"  # write down what was taken, felt, counted
    PLAN = "plan"  # follow and approve plans, answer reviews, describe the person
    SHARE = "share"  # invite, revoke, see who looked
    ACCOUNT = "account"  # devices, tokens, export, deletion


ALL = frozenset(Scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks. ``device`` None: somebody who signed in in this browser. ``scopes`` bound what any of the account's rights are good for."""

    account: models.Account
    device: models.Device | None
    scopes: frozenset[Scope]


def signed_in(request: HttpRequest) -> Asker | None:
    """Who asks, by bearer token, device cookie or session; None where nobody is known. Raises `Problem` where a page's proof is missing."""
    said = request.headers.get("Authorization")
    if said is not None:
        kind, _, secret = said.partition(" ")
        return _by_secret(secret.strip()) if kind.lower() == "bearer" else None
    cookie = request.COOKIES.get(cookie_name())
    asker = _by_secret(cookie) if cookie else None
    if asker is None and request.user.is_authenticated and settings.CONFIG.accounts:
        asker = Asker(account=request.user, device=None, scopes=ALL)
    if asker is not None:
        _check_meant(request, asker)
        check_csrf(request)
        _bind(request, asker)
    return asker


def _check_meant(request: HttpRequest, asker: Asker) -> None:
    """Raise `Problem` where a page asks for an account that this browser no longer belongs to: it was open while somebody else signed in."""
    if request.headers.get(MEANT, str(asker.account.pk)) != str(asker.account.pk):
        raise Problem("other-account")


def _bind(request: HttpRequest, asker: Asker) -> None:
    """A sign-in in a browser that was paired as a device is the device's, whichever of the two came first."""
    if asker.device is None or not request.user.is_authenticated:
        return
    if request.session.get(_OF_DEVICE) != str(asker.device.pk):
        belongs(request, asker.device)


def new_device(
    account: models.Account, label: str, scopes: frozenset[Scope], *, program: bool, expires: datetime | None = None
) -> tuple[models.Device, str]:
    """A device and its secret, which is never shown again."""
    secret = PREFIX + secrets.token_urlsafe(32)
    device = models.Device.objects.create(
        account=account, label=label.strip()[: models.LONGEST_LABEL] or "A device", scopes=sorted(scopes), program=program,
        secret_hash=hashed(secret), expires=expires,
    )  # fmt: skip
    return device, secret


def revoke(device: models.Device) -> None:
    """End a device now, the sign-in of the same browser, and every pairing code of its account: it may have made one, to come back by it."""
    device.revoked = device.revoked or timezone.now()
    device.save(update_fields=["revoked"])
    keys = UserSession.objects.filter(user=device.account_id).values_list("session_key", flat=True)
    theirs = [one for one in Session.objects.filter(session_key__in=list(keys)) if one.get_decoded().get(_OF_DEVICE) == str(device.pk)]  # fmt: skip
    Session.objects.filter(session_key__in=[one.session_key for one in theirs]).delete()
    UserSession.objects.filter(session_key__in=[one.session_key for one in theirs]).delete()
    models.PairingCode.objects.filter(account=device.account_id, used=None).delete()


def belongs(request: HttpRequest, device: models.Device | None = None) -> None:
    """A sign-in belongs to the device that its browser is, and ends with it. Without ``device``: the one whose cookie comes with the request."""
    asker = _by_secret(request.COOKIES.get(cookie_name(), "")) if device is None else None
    found = device if asker is None else asker.device
    if found is not None and request.user.pk == found.account_id:
        request.session[_OF_DEVICE] = str(found.pk)


def new_code() -> str:
    """A code to be typed by hand: about 39 bits, which its few minutes and the limit of tries make enough."""
    return "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))


def plain_code(typed: str) -> str:
    """A code as it was made, from how somebody typed it."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())[:64]


def hashed(secret: str) -> str:
    """How a secret is kept. It is long and random, so that one round is enough."""
    return sha256(secret.encode()).hexdigest()


def cookie_name() -> str:
    """The cookie that holds a browser's secret."""
    return "__Host-gradatim-device" if settings.CONFIG.secure else "gradatim-device"


def set_cookie(response: HttpResponse, secret: str) -> None:
    """Give a browser its secret, where no script can read it and no other site can send it."""
    response.set_cookie(
        cookie_name(), secret, max_age=int(_A_YEAR.total_seconds()), secure=settings.CONFIG.secure, httponly=True, samesite="Strict"
    )  # fmt: skip


def check_csrf(request: HttpRequest) -> None:
    """Raise `Problem` for an unsafe request that does not prove to come from our own pages."""
    if request.method in ("GET", "HEAD", "OPTIONS", "TRACE"):
        return
    check = CsrfViewMiddleware(lambda _: HttpResponse())
    request.csrf_processing_done = False  # type: ignore[attr-defined]
    check.process_request(request)
    if check.process_view(request, _nothing, (), {}) is not None:
        raise Problem("csrf")


def _nothing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    return HttpResponse()


def _by_secret(secret: str) -> Asker | None:
    if not secret.startswith(PREFIX) or len(secret) > 200:
        return None
    now = timezone.now()
    device = models.Device.objects.select_related("account").filter(secret_hash=hashed(secret), revoked=None).first()
    if device is None or not device.account.is_active or (device.expires is not None and device.expires <= now):
        return None
    if device.seen is None or now - device.seen > _SEEN_EVERY:
        models.Device.objects.filter(pk=device.pk).update(seen=now)
    return Asker(
        account=device.account, device=device, scopes=frozenset(Scope(one) for one in device.scopes if one in ALL)
    )
