"""The people of a record: who has to do with it and how far, and who looked or wrote."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from gradatim.domain.fault import one_fault
from gradatim.server import models
from gradatim.server.api.shapes import PROBLEMS, In
from gradatim.server.invitations import active_grants
from gradatim.server.models import Role
from gradatim.server.problems import Problem
from gradatim.server.rights import Right, audited, noted, right_to
from gradatim.server.who import Scope
from gradatim.words import phrase
from gradatim.words.sentence import known

router = Router(tags=["people"])
MOST_ROWS = 500


class PersonOut(Schema):
    """Somebody who has to do with a record now."""

    id: UUID = Field(description="Of the grant.")
    name: str
    role: str
    scopes: list[str]
    since: datetime
    expires: datetime | None
    you: bool


class NarrowIn(In):
    """What remains allowed: no more than was."""

    scopes: Annotated[list[Scope], Field(min_length=1)]


class AccessIn(Schema):
    """Which part of the log: ``before`` is ``next`` of the last answer, nothing for the newest."""

    before: Annotated[int | None, Field(ge=0, le=2**53)] = None
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = 100


class AccessOut(Schema):
    """Somebody did something in this hour, once or often. ``device`` is empty for a browser that signed in."""

    name: str
    role: str
    device: str
    action: str
    hour: datetime


class AccessesOut(Schema):
    """The newest first. ``next`` None: there is nothing older."""

    accesses: list[AccessOut]
    next: int | None


@router.get("/records/{uuid:record}/people", response={200: list[PersonOut], **PROBLEMS}, operation_id="list_people")
def people(request: HttpRequest, record: UUID) -> list[PersonOut]:
    """Who has to do with this record. Without ``share`` one sees only oneself."""
    right = right_in(request, record)
    rows = active_grants(record).select_related("account").order_by("made", "id")
    if Scope.SHARE not in right.scopes:
        rows = rows.filter(pk=right.grant.pk)
    return [person_out(one, right) for one in rows]


@router.patch(
    "/records/{uuid:record}/people/{uuid:grant}", response={200: PersonOut, **PROBLEMS}, operation_id="narrow_grant"
)
def narrow(request: HttpRequest, record: UUID, grant: UUID, wanted: NarrowIn) -> PersonOut:
    """Let a carer or prescriber do less from now on. More takes another invitation, so that both agree to it."""
    right = right_in(request, record, Scope.SHARE)
    with transaction.atomic():
        lock(record)
        found = _grant(record, grant)
        if found.role == Role.PERSON:
            raise Problem("not-allowed", "A person holds the record whole, or not at all.")
        if more := set(wanted.scopes) - set(found.scopes):
            raise one_fault("scopes", f"adds {', '.join(sorted(more))}", "Invite again for more than was granted")
        found.scopes = sorted(set(wanted.scopes))
        found.save(update_fields=["scopes"])
        audited("grant narrowed", account=right.asker.account, subject=found.pk, detail=_told(found))
    return person_out(found, right)


@router.delete("/records/{uuid:record}/people/{uuid:grant}", response={204: None, **PROBLEMS}, operation_id="end_grant")
def end(request: HttpRequest, record: UUID, grant: UUID) -> Status[None]:
    """End what somebody may do: by a person of the record, or by whoever holds it. It holds from the next request on.

    A person's part is ended by themselves, or by who invited them; the last one stays as long as the record does.
    """
    right = right_in(request, record)
    asker = right.asker
    with transaction.atomic():
        lock(record)
        found = active_grants(record).select_related("account").filter(pk=grant).first()
        own = found is not None and found.account_id == asker.account.pk
        if own:
            needs(asker.scopes, Scope.ACCOUNT)
        else:
            needs(right.scopes, Scope.SHARE)
        if found is None:
            raise Problem("not-found")
        if found.role == Role.PERSON:
            if not own and found.consented_by != str(asker.account.pk):
                raise Problem("not-allowed", "Only they themselves, or who invited them, can end a person's part.")
            if not active_grants(record).filter(role=Role.PERSON).exclude(pk=found.pk).exists():
                raise Problem("not-allowed", "This is the last person of the record. Erase the record instead.")
        found.revoked = timezone.now()
        found.save(update_fields=["revoked"])
        audited("grant ended", account=asker.account, subject=found.pk, detail=_told(found))
    noted(right, "left" if own else f"ended a {found.role}'s part")
    return Status(204, None)


def _said(action: str) -> str:
    """What was done, in the language that is spoken: it is stored in English."""
    key = f"access.{action.replace(chr(39), '').replace(' ', '-')}"
    return phrase(key) if known(key) else action


@router.get("/records/{uuid:record}/access", response={200: AccessesOut, **PROBLEMS}, operation_id="list_accesses")
def accesses(request: HttpRequest, record: UUID, asked: Query[AccessIn]) -> AccessesOut:
    """Who looked at this record or wrote to it, hour by hour; the own devices too. Looking here is not in it."""
    right_in(request, record, Scope.SHARE)
    # Rows are only ever added, so that counting them from the oldest gives places that stay; their own numbers would tell
    # how busy the whole machine is.
    rows = models.Access.objects.filter(record_id=record).order_by("id")
    end = rows.count() if asked.before is None else asked.before
    start = max(0, end - asked.limit)
    found = [
        AccessOut(name=one.name, role=one.role, device=one.label, action=_said(one.action), hour=one.hour)
        for one in reversed(rows[start:end])
    ]
    return AccessesOut(accesses=found, next=start or None)


def right_in(request: HttpRequest, record: UUID, *needed: Scope) -> Right:
    """The right of who asks."""
    return right_to(request.auth, record, *needed)  # type: ignore[attr-defined]


def needs(scopes: frozenset[Scope], scope: Scope) -> None:
    """Raise `Problem` where it is missing."""
    if scope not in scopes:
        raise Problem("not-allowed", f"This needs: {scope}.")


def lock(record: UUID) -> None:
    """Let nobody else change who has to do with a record until this transaction ends."""
    if not models.Record.objects.select_for_update().filter(pk=record, erased=None).exists():
        raise Problem("not-found")


def _grant(record: UUID, grant: UUID) -> models.Grant:
    found = active_grants(record).select_related("account").filter(pk=grant).first()
    if found is None:
        raise Problem("not-found")
    return found


def person_out(one: models.Grant, right: Right) -> PersonOut:
    """A grant as others see it."""
    return PersonOut(
        id=one.pk, name=one.account.name, role=one.role, scopes=one.scopes, since=one.made, expires=one.expires,
        you=one.account_id == right.asker.account.pk,
    )  # fmt: skip


def _told(one: models.Grant) -> str:
    return f"{one.role} ({', '.join(one.scopes)})"
