"""Invitations: to a record by its person, shown and accepted by who was invited."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from gradatim.domain.fault import one_fault
from gradatim.server import invitations, models, who
from gradatim.server.api.people import PersonOut, lock, needs, person_out, right_in
from gradatim.server.api.shapes import PROBLEMS, In, Label
from gradatim.server.app_place import front
from gradatim.server.idempotent import once_unseen
from gradatim.server.invitations import LASTS, LONGEST, MOST_OPEN
from gradatim.server.models import Role
from gradatim.server.problems import Problem
from gradatim.server.rights import MOST, Right, audited, noted
from gradatim.server.who import Asker, Scope

router = Router(tags=["people"])
Code = Annotated[str, Field(min_length=4, max_length=64)]


class InvitationIn(In):
    """Whom to invite, as what, how far, until when the code works, and for how long they may stay."""

    role: Role
    scopes: list[Scope] | None = Field(default=None, description="Needed for a carer or prescriber; a person has all.")
    label: Label
    days: Annotated[int, Field(ge=1, le=LONGEST)] = LASTS
    grant_days: Annotated[int | None, Field(ge=1, le=3660)] = None


class InvitationOut(Schema):
    """An invitation that waits to be used."""

    id: UUID
    role: str
    scopes: list[str]
    label: str
    made: datetime
    expires: datetime
    grant_expires: datetime | None


class InvitedOut(Schema):
    """An invitation with its code, shown now and never again."""

    code: str
    address: str
    invitation: InvitationOut


class CodeIn(In):
    """The code of an invitation."""

    code: Code


class ShownOut(Schema):
    """What an invitation is for. ``role`` None: an account on this server."""

    role: str | None
    scopes: list[str]
    invited_by: str | None
    expires: datetime
    grant_expires: datetime | None


@router.post("/records/{uuid:record}/invitations", response={201: InvitedOut, **PROBLEMS}, operation_id="invite")
@once_unseen
def invite(request: HttpRequest, record: UUID, wanted: InvitationIn) -> Status[InvitedOut]:
    """Invite somebody to this record: to no more than one may do oneself. The code is for them alone."""
    right = right_in(request, record, Scope.SHARE)
    invitations.need_accounts()
    scopes = _scopes(wanted, right)
    with transaction.atomic():
        lock(record)
        if invitations.waiting(record).count() >= MOST_OPEN:
            raise Problem("not-allowed", f"{MOST_OPEN} invitations wait already. Take one back first.")
        made, code = invitations.make(
            days=wanted.days, made_by=right.asker.account, label=wanted.label, record=record, role=wanted.role, scopes=scopes,
            grant_days=wanted.grant_days,
        )  # fmt: skip
    noted(right, f"invited a {wanted.role}")
    return Status(201, InvitedOut(code=code, address=request.build_absolute_uri(f"{front()}#join={code}"), invitation=_invitation(made)))  # fmt: skip


@router.get(
    "/records/{uuid:record}/invitations",
    response={200: list[InvitationOut], **PROBLEMS},
    operation_id="list_invitations",
)
def waiting(request: HttpRequest, record: UUID) -> list[InvitationOut]:
    """The invitations to this record that nobody has used yet."""
    right_in(request, record, Scope.SHARE)
    return [_invitation(one) for one in invitations.waiting(record).order_by("made", "id")]


@router.delete(
    "/records/{uuid:record}/invitations/{uuid:invitation}",
    response={204: None, **PROBLEMS},
    operation_id="take_back_invitation",
)
def take_back(request: HttpRequest, record: UUID, invitation: UUID) -> Status[None]:
    """Take an invitation back: its code opens nothing from now on."""
    right = right_in(request, record, Scope.SHARE)
    if not invitations.waiting(record).filter(pk=invitation).update(revoked=timezone.now()):
        raise Problem("not-found")
    audited("invitation taken back", account=right.asker.account, subject=invitation)
    return Status(204, None)


@router.post("/invitations/show", response={200: ShownOut, **PROBLEMS}, auth=None, operation_id="show_invitation")
def show(request: HttpRequest, said: CodeIn) -> ShownOut:
    """What an invitation is for. From now on this browser may make an account with it."""
    invitations.need_accounts()
    who.check_csrf(request)
    found = invitations.by_code(said.code)
    request.session[invitations.SHOWN] = str(found.pk)
    return ShownOut(
        role=found.role or None, scopes=found.scopes, invited_by=None if found.made_by is None else found.made_by.name,
        expires=found.expires, grant_expires=found.grant_expires,
    )  # fmt: skip


@router.post("/invitations/accept", response={201: PersonOut, **PROBLEMS}, operation_id="accept_invitation")
def accept(request: HttpRequest, said: CodeIn) -> Status[PersonOut]:
    """Join a record with the account that asks."""
    asker: Asker = request.auth  # type: ignore[attr-defined]
    needs(asker.scopes, Scope.ACCOUNT)
    invitations.need_accounts()
    grant = invitations.accept(invitations.by_code(said.code).pk, asker.account, device=asker.device)
    assert grant is not None  # one without a record is refused to an account that exists
    return Status(201, person_out(grant, Right(asker=asker, grant=grant, scopes=MOST[Role(grant.role)])))


def _scopes(wanted: InvitationIn, right: Right) -> frozenset[Scope]:
    """What an invitation grants. Raises `BadInput` for what the role cannot have, `Problem` for more than one has oneself."""
    most = MOST[wanted.role]
    if wanted.role is Role.PERSON:
        scopes = most if wanted.scopes is None else frozenset(wanted.scopes)
        if scopes != most:
            raise one_fault("scopes", "are not all of them", "Leave them out: a person holds the record whole")
        if wanted.grant_days is not None:
            raise one_fault("grant_days", "would leave a record without its person", "Leave it out")
    else:
        scopes = frozenset(wanted.scopes or ())
        if not scopes:
            raise one_fault("scopes", "are missing", f"Choose from {', '.join(sorted(most))}")
        if more := scopes - most:
            raise one_fault("scopes", f"a {wanted.role} cannot have {', '.join(sorted(more))}", f"Choose from {', '.join(sorted(most))}")  # fmt: skip
    if more := scopes - right.scopes:
        raise Problem("not-allowed", f"This device has not: {', '.join(sorted(more))}.")
    return scopes


def _invitation(one: models.Invitation) -> InvitationOut:
    return InvitationOut(
        id=one.pk, role=one.role, scopes=one.scopes, label=one.label, made=one.made, expires=one.expires, grant_expires=one.grant_expires
    )  # fmt: skip
