"""For who runs the machine, in accounts mode: accounts and invitations to make one. No address here tells anything of a record."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from gradatim.server import accounts, invitations, models
from gradatim.server.api.shapes import PROBLEMS, In, Label
from gradatim.server.app_place import front
from gradatim.server.idempotent import once_unseen
from gradatim.server.invitations import LASTS, LONGEST
from gradatim.server.problems import Problem
from gradatim.server.rights import audited
from gradatim.server.who import Asker, Scope

router = Router(tags=["machine"])


class ListedOut(Schema):
    """An account. ``seen``: when it last did something here."""

    id: UUID
    email: str
    name: str
    active: bool
    administrator: bool
    made: datetime
    seen: datetime | None
    devices: int


class AccountInvitationIn(In):
    """For whom, and for how many days the code works."""

    label: Label
    days: Annotated[int, Field(ge=1, le=LONGEST)] = LASTS


class AccountInvitedOut(Schema):
    """The code, shown now and never again."""

    code: str
    address: str
    expires: datetime


@router.get("/machine/accounts", response={200: list[ListedOut], **PROBLEMS}, operation_id="list_accounts")
def list_accounts(request: HttpRequest) -> list[ListedOut]:
    """Every account on this machine; nothing about records."""
    asker = _administrator(request)
    audited("accounts listed", account=asker.account)
    return [_out(one) for one in accounts.listed()]


@router.post(
    "/machine/accounts/{uuid:account}/disable", response={204: None, **PROBLEMS}, operation_id="disable_account"
)
def disable(request: HttpRequest, account: UUID) -> Status[None]:
    """Keep an account out: its sessions, devices and programs stop at once. What it wrote stays."""
    asker = _administrator(request)
    if account == asker.account.pk:
        raise Problem("not-allowed", "Nobody keeps themselves out.")
    accounts.let(_account(account), active=False, by=asker.account)
    return Status(204, None)


@router.post("/machine/accounts/{uuid:account}/enable", response={204: None, **PROBLEMS}, operation_id="enable_account")
def enable(request: HttpRequest, account: UUID) -> Status[None]:
    """Let an account in again, with the devices that it has."""
    asker = _administrator(request)
    accounts.let(_account(account), active=True, by=asker.account)
    return Status(204, None)


@router.post("/machine/invitations", response={201: AccountInvitedOut, **PROBLEMS}, operation_id="invite_account")
@once_unseen
def invite(request: HttpRequest, wanted: AccountInvitationIn) -> Status[AccountInvitedOut]:
    """Invite somebody to make an account. Administrators are made on the machine itself: ``gradatim accounts invite --administrator``."""
    asker = _administrator(request)
    made, code = invitations.make(days=wanted.days, made_by=asker.account, label=wanted.label)
    return Status(
        201,
        AccountInvitedOut(
            code=code, address=request.build_absolute_uri(f"{front()}#join={code}"), expires=made.expires
        ),
    )


def _administrator(request: HttpRequest) -> Asker:
    asker: Asker = request.auth  # type: ignore[attr-defined]
    if not settings.CONFIG.accounts or not asker.account.administrator or Scope.ACCOUNT not in asker.scopes:
        raise Problem("not-allowed", "This is for who runs the machine.")
    return asker


def _account(account: UUID) -> models.Account:
    found = models.Account.objects.filter(pk=account).first()
    if found is None:
        raise Problem("not-found")
    return found


def _out(one: accounts.Listed) -> ListedOut:
    kept = one.account
    return ListedOut(
        id=kept.pk, email=kept.email, name=kept.name, active=kept.is_active, administrator=kept.administrator, made=kept.made, seen=one.seen,
        devices=one.devices,
    )  # fmt: skip
