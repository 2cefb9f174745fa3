"""The own account: its name, this browser as a device, ending everything else, a copy of all that is held, erasing."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal
from uuid import UUID

from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from gradatim.domain.fault import one_fault
from gradatim.server import erasure, models, who
from gradatim.server.account_copy import copy_of
from gradatim.server.addresses import readdress
from gradatim.server.api import devices, records
from gradatim.server.api.devices import DeviceOut
from gradatim.server.api.shapes import PROBLEMS, In, Label
from gradatim.server.models import LONGEST_NAME
from gradatim.server.problems import Problem
from gradatim.server.rights import MOST, Right, audited, grants_of, noted, right_to
from gradatim.server.sign_in import need_confirmation
from gradatim.server.who import ALL, Asker, Scope

router = Router(tags=["account"])


class AccountOut(Schema):
    """The account that asks."""

    id: UUID
    name: str
    email: str
    administrator: bool


class ChangeIn(In):
    """The name under which others see the account, and in which it writes; the address, where the server sends no mail to prove one."""

    name: Annotated[str | None, Field(min_length=1, max_length=LONGEST_NAME)] = None
    email: Annotated[str | None, Field(min_length=3, max_length=254)] = None


class DeviceIn(In):
    """What this browser is to be called."""

    label: Label


class EndedOut(Schema):
    """How many were ended."""

    devices: int
    sessions: int


class EraseIn(In):
    """That it is meant: what is erased cannot be brought back by anybody here."""

    confirm: Literal["erase"]


@router.get("/account", response={200: AccountOut, **PROBLEMS}, operation_id="get_account")
def account(request: HttpRequest) -> AccountOut:
    """The own account."""
    return _out(_keeper(request).account)


@router.patch("/account", response={200: AccountOut, **PROBLEMS}, operation_id="change_account")
def change(request: HttpRequest, wanted: ChangeIn) -> AccountOut:
    """Change the name, and what was written under the old one keeps it; or the address, which takes a fresh proof of who asks."""
    asker = _keeper(request)
    found = asker.account
    with transaction.atomic():
        if wanted.email is not None:
            need_confirmation(request, asker)
            readdress(found, wanted.email)
        if wanted.name is not None:
            _rename(found, wanted.name)
    return _out(found)


def _rename(found: models.Account, wanted: str) -> None:
    name = " ".join(wanted.split())
    if not name or not name.isprintable():
        raise one_fault("name", "is not a line of letters", "Write your name")
    found.name = name
    found.save(update_fields=["name"])
    audited("name changed", account=found, subject=found.pk)


@devices.router.post("/devices", response={201: DeviceOut, **PROBLEMS}, operation_id="make_device")
def make_device(request: HttpRequest, response: HttpResponse, wanted: DeviceIn) -> Status[DeviceOut]:
    """Make the browser in which somebody signed in a device: it stays signed in and works offline until it is ended."""
    asker = _keeper(request)
    if asker.device is not None:
        raise Problem("there-already", "This is a device already.")
    device, secret = who.new_device(asker.account, wanted.label, ALL, program=False)
    who.belongs(request, device)
    audited("device made", account=asker.account, subject=device.pk)
    who.set_cookie(response, secret)
    return Status(201, devices._out(device, device))


@devices.router.post("/devices/end-others", response={200: EndedOut, **PROBLEMS}, operation_id="end_other_devices")
def end_others(request: HttpRequest) -> EndedOut:
    """End every other device, program and session of this account, and every pairing code: after a loss, or a password that others knew."""
    asker = _keeper(request)
    this = None if asker.device is None else asker.device.pk
    found = [one for one in asker.account.devices.filter(revoked=None) if one.pk != this]
    own = request.session.session_key if request.user.is_authenticated and request.user.pk == asker.account.pk else None
    sessions = erasure.end_sessions(asker.account, but=own)
    for one in found:
        who.revoke(one)
    models.PairingCode.objects.filter(account=asker.account, used=None).delete()
    audited("all others ended", account=asker.account, detail=f"{len(found)} devices, {sessions} sessions")
    return EndedOut(devices=len(found), sessions=sessions)


@router.get("/account/export", response={200: dict[str, Any], **PROBLEMS}, operation_id="export_account")
def export(request: HttpRequest) -> HttpResponse:
    """Everything that is held about this account, with a plain copy of each record whose person it is."""
    asker = _keeper(request)
    if Scope.READ not in asker.scopes:
        raise Problem("not-allowed", "This needs: read.")
    for grant in grants_of(asker.account):
        if grant.role == models.Role.PERSON:
            noted(
                Right(asker=asker, grant=grant, scopes=asker.scopes & MOST[models.Role.PERSON]), "exported everything"
            )
    audited("account exported", account=asker.account)
    data = json.dumps(copy_of(asker.account), ensure_ascii=False, indent=1)
    response = HttpResponse(data, content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="gradatim-account.json"'
    return response


@router.delete("/account", response={204: None, **PROBLEMS}, operation_id="erase_account")
def erase_account(request: HttpRequest, said: EraseIn, response: HttpResponse) -> Status[None]:
    """Erase this account and every record of which it is the only person. Its part in others' records ends; what it wrote there stays."""
    asker = _keeper(request)
    need_confirmation(request, asker)
    erasure.erase_account(asker.account)
    logout(request)
    response.delete_cookie(who.cookie_name(), samesite="Strict")
    return Status(204, None)


@records.router.delete("/records/{uuid:record}", response={204: None, **PROBLEMS}, operation_id="erase_record")
def erase_record(request: HttpRequest, record: UUID, said: EraseIn) -> Status[None]:
    """Erase a record, for its only person. To every other device it is from now on as if it had never been."""
    asker = _keeper(request)
    right = right_to(asker, record, Scope.SHARE)
    if not right.grant.record.demo:  # a made-up person has nothing to protect
        need_confirmation(request, asker)
    erasure.erase_record(right.record, asker.account)
    return Status(204, None)


def _keeper(request: HttpRequest) -> Asker:
    asker: Asker = request.auth  # type: ignore[attr-defined]
    if Scope.ACCOUNT not in asker.scopes:
        raise Problem("not-allowed", "This needs: account.")
    return asker


def _out(one: models.Account) -> AccountOut:
    return AccountOut(id=one.pk, name=one.name, email=one.email, administrator=one.administrator)
