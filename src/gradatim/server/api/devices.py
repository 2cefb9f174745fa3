"""Devices: pairing by a code, tokens for other programs, the list, and ending one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from gradatim import __version__
from gradatim.server import models, who
from gradatim.server.api.shapes import PROBLEMS, In, Label
from gradatim.server.app_place import front
from gradatim.server.idempotent import once_unseen
from gradatim.server.pairing import code_for
from gradatim.server.problems import Problem
from gradatim.server.rights import audited
from gradatim.server.who import Asker, Scope

router = Router(tags=["devices"])
LONGEST_TOKEN = 3660  # days


class SessionOut(Schema):
    """Who this browser is to the server, and the token that proves that a request comes from our own pages."""

    mode: str
    version: str
    account: UUID | None
    name: str | None
    device: UUID | None
    scopes: list[str]
    administrator: bool
    csrf: str


class CodeIn(In):
    """What the new device may do; everything this one may, if nothing is said."""

    scopes: list[Scope] | None = None


class CodeOut(Schema):
    """A code to type or to show as a QR code; it works once and not for long."""

    code: str
    address: str
    expires: datetime


class PairIn(In):
    """The code that another device shows, and what this one is to be called."""

    code: Annotated[str, Field(min_length=4, max_length=64)]
    label: Label


class DeviceOut(Schema):
    """A device or program that may act for this account. ``clock_ahead`` in seconds, as it was last noticed."""

    id: UUID
    label: str
    program: bool
    scopes: list[str]
    made: datetime
    seen: datetime | None
    expires: datetime | None
    this: bool
    clock_ahead: int | None


class TokenIn(In):
    """A token for another program: what it may do, and for how long."""

    label: Label
    scopes: Annotated[list[Scope], Field(min_length=1)]
    days: Annotated[int | None, Field(ge=1, le=LONGEST_TOKEN)] = 365


class TokenOut(Schema):
    """The token: shown now and never again."""

    token: str
    device: DeviceOut


@router.get("/session", response={200: SessionOut, **PROBLEMS}, auth=None, operation_id="session")
def session(request: HttpRequest) -> SessionOut:
    """Who asks; also for who is nobody yet."""
    asker = who.signed_in(request)
    return SessionOut(
        mode="accounts" if settings.CONFIG.accounts else "personal", version=__version__, csrf=get_token(request),
        account=None if asker is None else asker.account.pk,
        name=None if asker is None else asker.account.name, device=None if asker is None or asker.device is None else asker.device.pk,
        scopes=[] if asker is None else sorted(asker.scopes), administrator=asker is not None and asker.account.administrator,
    )  # fmt: skip


@router.post("/devices/codes", response={201: CodeOut, **PROBLEMS}, operation_id="make_code")
@once_unseen
def make_code(request: HttpRequest, wanted: CodeIn) -> Status[CodeOut]:
    """A code by which another device is paired. It may do no more than this one."""
    asker = _keeper(request)
    if asker.device is not None and asker.device.expires is not None:
        raise Problem("not-allowed", "What ends by itself pairs no device that does not.")
    scopes = asker.scopes if wanted.scopes is None else asker.scopes & set(wanted.scopes)
    code, expires = code_for(asker.account, scopes)
    audited("pairing code made", account=asker.account)
    return Status(
        201, CodeOut(code=code, address=request.build_absolute_uri(f"{front()}#pair={code}"), expires=expires)
    )


@router.post("/pair", response={201: DeviceOut, **PROBLEMS}, auth=None, operation_id="pair")
def pair(request: HttpRequest, response: HttpResponse, said: PairIn) -> Status[DeviceOut]:
    """Pair this browser by a code. Its secret comes as a cookie that no script can read."""
    now = timezone.now()
    with transaction.atomic():
        found = (
            models.PairingCode.objects.select_for_update()
            .filter(code_hash=who.hashed(who.plain_code(said.code)), used=None, expires__gt=now)
            .first()
        )
        if found is None or not found.account.is_active:
            raise Problem("gone", "This code is not known, was used, or has ended. Ask for another.")
        found.used = now
        found.save(update_fields=["used"])
        device, secret = who.new_device(
            found.account, said.label, frozenset(Scope(one) for one in found.scopes), program=False
        )
    audited("device paired", account=found.account, subject=device.pk)
    who.set_cookie(response, secret)
    return Status(201, _out(device, None))


@router.get("/devices", response={200: list[DeviceOut], **PROBLEMS}, operation_id="list_devices")
def devices(request: HttpRequest) -> list[DeviceOut]:
    """The devices and programs that may act for this account."""
    asker = _keeper(request)
    return [_out(one, asker.device) for one in asker.account.devices.filter(revoked=None).order_by("made", "id")]


@router.delete("/devices/{uuid:device}", response={204: None, **PROBLEMS}, operation_id="end_device")
def end(request: HttpRequest, device: UUID) -> Status[None]:
    """End a device: from now on its secret opens nothing."""
    asker = _keeper(request)
    found = asker.account.devices.filter(pk=device, revoked=None).first()
    if found is None:
        raise Problem("not-found")
    who.revoke(found)
    audited("device ended", account=asker.account, subject=device)
    return Status(204, None)


@router.post("/tokens", response={201: TokenOut, **PROBLEMS}, operation_id="make_token")
@once_unseen
def make_token(request: HttpRequest, wanted: TokenIn) -> Status[TokenOut]:
    """A token for another program, with no more scopes than this device has."""
    asker = _keeper(request)
    if more := set(wanted.scopes) - asker.scopes:
        raise Problem("not-allowed", f"This device has not: {', '.join(sorted(more))}.")
    own = None if asker.device is None else asker.device.expires
    ends = None if wanted.days is None else timezone.now() + timedelta(days=wanted.days)
    expires = min(filter(None, (own, ends)), default=None)  # no longer than who makes it
    device, secret = who.new_device(
        asker.account, wanted.label, frozenset(wanted.scopes), program=True, expires=expires
    )
    audited("token made", account=asker.account, subject=device.pk)
    return Status(201, TokenOut(token=secret, device=_out(device, asker.device)))


def _keeper(request: HttpRequest) -> Asker:
    asker: Asker = request.auth  # type: ignore[attr-defined]
    if Scope.ACCOUNT not in asker.scopes:
        raise Problem("not-allowed", "This needs: account.")
    return asker


def _out(one: models.Device, this: models.Device | None) -> DeviceOut:
    return DeviceOut(
        id=one.pk, label=one.label, program=one.program, scopes=one.scopes, made=one.made, seen=one.seen, expires=one.expires,
        this=this is not None and this.pk == one.pk, clock_ahead=one.clock_ahead,
    )  # fmt: skip
