"""The records that somebody may see."""

from __future__ import annotations

import time
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Status

from gradatim.domain.clock import Instant
from gradatim.server import health, models
from gradatim.server.api.shapes import PROBLEMS, RecordOut
from gradatim.server.idempotent import once
from gradatim.server.made_up import made_up
from gradatim.server.models import Role
from gradatim.server.problems import Problem
from gradatim.server.rights import MOST, Right, audited, check_may_write, grants_of, noted, own_record, right_to
from gradatim.server.who import Asker, Scope

router = Router(tags=["records"])
MOST_RECORDS = 50
"""That one account may begin: a household's, not a machine's memory."""
MOST_DEMOS = 3
"""Made-up records that one account may have at once."""


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
    asker = _beginner(request, Scope.PLAN)
    with transaction.atomic():
        _room(asker)
        grant = own_record(asker.account)
    audited("record begun", account=asker.account, subject=grant.record_id)
    return Status(201, _out(grant, asker.scopes & MOST[Role.PERSON]))


@router.post("/records/demo", response={201: RecordOut, **PROBLEMS}, operation_id="begin_demo")
@once
def begin_demo(request: HttpRequest) -> Status[RecordOut]:
    """Begin a record of a made-up person, with the twelve weeks up to now, to try everything on. It is erased like any other record."""
    asker = _beginner(request, Scope.PLAN, Scope.LOG)
    entries = made_up(Instant(int(time.time())))
    with transaction.atomic():
        _room(asker)
        if asker.account.grants.filter(role=Role.PERSON, revoked=None, record__demo=True).count() >= MOST_DEMOS:
            raise Problem("not-allowed", f"One account may have {MOST_DEMOS} made-up records. Erase one first.")
        grant = own_record(asker.account, demo=True)
        right = Right(asker=asker, grant=grant, scopes=asker.scopes & MOST[Role.PERSON])
        check_may_write(right, entries)
        stored = right.journal.store(entries)
        audited("made-up record begun", account=asker.account, subject=grant.record_id)
        noted(right, "wrote entries")
    health.STORED.inc(stored.new)
    grant.record.refresh_from_db()
    return Status(201, _out(grant, right.scopes))


def _beginner(request: HttpRequest, *needed: Scope) -> Asker:
    asker: Asker = request.auth  # type: ignore[attr-defined]
    if missing := [one for one in needed if one not in asker.scopes]:
        raise Problem("not-allowed", f"This needs: {', '.join(missing)}.")
    if asker.account.administrator:
        raise Problem("not-allowed", "An administrator's account sees no record. Use another account for it.")
    return asker


def _room(asker: Asker) -> None:
    # Two requests at once are counted one after the other.
    models.Account.objects.select_for_update().get(pk=asker.account.pk)
    if asker.account.grants.filter(role=Role.PERSON, revoked=None).count() >= MOST_RECORDS:
        raise Problem("not-allowed", f"One account may begin {MOST_RECORDS} records.")


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
        id=kept.pk, person=kept.person or None, role=grant.role, scopes=sorted(scopes), entries=kept.count, head=kept.head, expires=grant.expires,
        demo=kept.demo,
    )  # fmt: skip
