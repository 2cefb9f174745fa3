"""Sync: a device sends what the server may not have and asks for what came since. Any order, any repetition; the union is the record."""

from __future__ import annotations

import time
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from gradatim.domain.clock import Instant
from gradatim.domain.entry import PlanApproved, What
from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.domain.reading import read
from gradatim.journal.codec import SCHEMA, entry_data, read_entries
from gradatim.server import health, models
from gradatim.server.api.shapes import PROBLEMS, In
from gradatim.server.models import LONGEST_PERSON
from gradatim.server.problems import Problem
from gradatim.server.rights import check_may_write, noted, right_to
from gradatim.server.sign_in import need_signer
from gradatim.server.who import Scope

router = Router(tags=["sync"])

MOST_ENTRIES = 500
"""Of one request: sent, or given."""
CLOCK_OFF = 120  # seconds
"""A device clock further off than this is told so; ours [D]."""
_FURTHEST = 2**31 - 1  # seconds: what the database holds


class PushIn(In):
    """Entries to store, all or none. ``schema`` names their version, ``sent`` what the device's clock says now."""

    version: Annotated[str, Field(alias="schema", max_length=40)]
    sent: Annotated[
        str,
        Field(
            description="What the device's clock says at this moment, as an instant: 2026-12-01T08:05:00Z.",
            max_length=40,
        ),
    ]
    entries: Annotated[
        list[Any], Field(max_length=MOST_ENTRIES, description="Each as docs/reference/schemas/entry.json has it.")
    ]


class ClockOut(Schema):
    """How a device's clock stands to the server's. ``ahead`` in seconds, less than 0 behind; ``wrong``: the person should be told."""

    server: str
    ahead: int
    wrong: bool


class PushOut(Schema):
    """What was stored. After this answer it is on the disk. ``cursor`` and ``head`` are behind everything that is stored now."""

    stored: int
    already: int
    cursor: int
    head: str
    clock: ClockOut


class PullIn(Schema):
    """From where: the cursor and the head of the last answer, 0 and nothing for everything."""

    after: Annotated[int, Field(ge=0, le=2**53)] = 0
    head: Annotated[str | None, Field(pattern=r"^[0-9a-f]{64}$")] = None
    limit: Annotated[int, Field(ge=1, le=MOST_ENTRIES)] = MOST_ENTRIES


class PullOut(Schema):
    """Entries in the order in which they were stored, and from where to go on."""

    version: Annotated[str, Field(alias="schema", serialization_alias="schema")]
    entries: list[dict[str, Any]]
    cursor: int
    head: str
    more: bool


def _signed(what: What) -> bool:
    """Whether an entry approves a plan in somebody's own name."""
    return isinstance(what, PlanApproved) and what.plan.approval is not None and what.plan.approval.copied_from is None


@router.post("/records/{uuid:record}/entries", response={200: PushOut, **PROBLEMS}, operation_id="push")
def push(request: HttpRequest, record: UUID, sent: PushIn) -> PushOut:
    """Store entries. Sending the same again is harmless; one bad entry refuses the batch, and the faults say which."""
    right = right_to(request.auth, record)  # type: ignore[attr-defined]
    if not right.scopes & {Scope.LOG, Scope.PLAN}:
        raise Problem("not-allowed", "This needs: log or plan.")
    now = int(time.time())
    ahead = max(-_FURTHEST, min(_instant(sent.sent).seconds - now, _FURTHEST))
    entries = read_entries(sent.entries, sent.version, "entries")
    if long := [place for place, one in enumerate(entries) if len(one.person) > LONGEST_PERSON]:
        raise BadInput(
            [Fault(f"entries[{place}].person", "is too long", f"At most {LONGEST_PERSON} letters") for place in long]
        )
    check_may_write(right, entries)
    if signed := [f"entries[{place}].what.plan.approval" for place, one in enumerate(entries) if _signed(one.what)]:
        need_signer(request, right, at=signed)
    done = right.journal.store(entries)
    if right.asker.device is not None and right.asker.device.clock_ahead != ahead:
        models.Device.objects.filter(pk=right.asker.device.pk).update(clock_ahead=ahead)
    noted(right, "wrote entries")
    health.STORED.inc(done.new)
    clock = ClockOut(server=Instant(now).iso(), ahead=ahead, wrong=abs(ahead) > CLOCK_OFF)
    return PushOut(stored=done.new, already=done.already, cursor=done.cursor, head=done.head, clock=clock)


@router.get("/records/{uuid:record}/entries", response={200: PullOut, **PROBLEMS}, by_alias=True, operation_id="pull")
def pull(request: HttpRequest, record: UUID, asked: Query[PullIn]) -> Any:
    """Entries since a cursor. With ``head``, a server whose journal is another than the device knew says so: 409 ``journal-changed``."""
    right = right_to(request.auth, record, Scope.READ)  # type: ignore[attr-defined]
    journal = right.journal
    if asked.head is not None and journal.head_at(asked.after) != asked.head:
        raise Problem("journal-changed")
    page = journal.since(asked.after, asked.limit)
    noted(right, "read entries")
    head = journal.head_at(page.cursor)
    return {
        "schema": SCHEMA,
        "entries": entry_data(page.entries),
        "cursor": page.cursor,
        "head": head,
        "more": page.more,
    }


def _instant(text: str) -> Instant:
    try:
        return read(Instant, text, "sent")
    except ValueError:
        raise one_fault("sent", f"{text!r} is not an instant", "Write it like 2026-12-01T08:05:00Z") from None
