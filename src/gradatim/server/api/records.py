"""The records that somebody may see."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Status

from gradatim.server import models
from gradatim.server.api.shapes import PROBLEMS, RecordOut
from gradatim.server.idempotent import once
from gradatim.server.models import Role
from gradatim.server.problems import Problem
from gradatim.server.rights import MOST, Right, audited, grants_of, own_record, right_to
from gradatim.server.who import Asker, Scope

router = Router(tags=["records"])
MOST_RECORDS = 50
"""That one account may begin: a household's, not a machine's memory."""


@router.get("/records", response={200: list[RecordOut], **PROBLEMS}, operation_id="list_records")
def records(request: HttpRequest) -> list[RecordOut]:
    """The records that this account has to do with now, and this device may do something with."""
    asker: Asker = request.auth  # type: ignore[attr-defined]
    found = [(one, asker.scopes & MOST[Role(one.role)] & set(one.scopes)) for one in grants_of(asker.account)]
    return [_out(grant, scopes) for grant, scopes in found if scopes]


@router.post("/records", response={201: RecordOut, **PROBLEMS}, operation_id="begin_record")
@once
def begin(request: HttpRequest) -> Status[RecordOut]:
    """Begin a record, empty, as the person or on their behalf. Its first entry says who it is about."""
    asker: Asker = request.auth  # type: ignore[attr-defined]
    if Scope.PLAN not in asker.scopes:
        raise Problem("not-allowed", "This needs: plan.")
    if asker.account.administrator:
        raise Problem("not-allowed", "An administrator's account sees no record. Use another account for it.")
    with transaction.atomic():
        if asker.account.grants.filter(role=Role.PERSON, revoked=None).count() >= MOST_RECORDS:
            raise Problem("not-allowed", f"One account may begin {MOST_RECORDS} records.")
        grant = own_record(asker.account)
    audited("record begun", account=asker.account, subject=grant.record_id)
    return Status(201, _out(grant, asker.scopes & MOST[Role.PERSON]))


@router.get("/records/{uuid:record}", response={200: RecordOut, **PROBLEMS}, operation_id="get_record")
def one(request: HttpRequest, record: UUID) -> RecordOut:
    """One record."""
    right: Right = right_to(request.auth, record)  # type: ignore[attr-defined]
    if not right.scopes:
        raise Problem("not-allowed", "This device may do nothing with it.")
    return _out(right.grant, right.scopes)


def _out(grant: models.Grant, scopes: frozenset[Scope] | set[str]) -> RecordOut:
    kept = grant.record
    return RecordOut(
        id=kept.pk, person=kept.person or None, role=grant.role, scopes=sorted(scopes), entries=kept.count, head=kept.head, expires=grant.expires
    )  # fmt: skip
