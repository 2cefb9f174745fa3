"""The history of a record: everything that was written down, in words, page by page."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from gradatim.domain.entry import Entry
from gradatim.domain.fault import one_fault
from gradatim.journal.codec import entry_data
from gradatim.report.history import lines_of, order_of
from gradatim.server.api.days import Day
from gradatim.server.api.folded import folded
from gradatim.server.api.schemas import EntryData
from gradatim.server.api.shapes import PROBLEMS
from gradatim.server.rights import noted
from gradatim.server.who import Scope

router = Router(tags=["papers"])
MOST_LINES = 200
Date = date  # a name for it in classes that have a field of this name
_CURSOR = re.compile(r"(-?\d{1,12})\.(-?\d{1,12})\.([0-9a-f-]{36})", re.ASCII)


class HistoryIn(Schema):
    """Which days, which kind, and from where: ``after`` is ``next`` of the last answer."""

    first: Day | None = None
    last: Day | None = None
    kind: Annotated[str | None, Field(max_length=40)] = None
    after: Annotated[str | None, Field(max_length=80)] = None
    limit: Annotated[int, Field(ge=1, le=MOST_LINES)] = 50


class LineOut(Schema):
    """One entry: as it was written, in words, and what became of it: ``put right``, ``taken back``, ``set aside``, ``corrects``."""

    entry: EntryData
    date: Date
    time: str
    says: str
    status: str
    why: str
    recorded_late: bool


class HistoryOut(Schema):
    """The newest first. ``next`` None: there is nothing older. ``kinds``: all that is written down in the record."""

    lines: list[LineOut]
    next: str | None
    kinds: list[str]


@router.get("/records/{uuid:record}/history", response={200: HistoryOut, **PROBLEMS}, operation_id="history")
def history(request: HttpRequest, record: UUID, asked: Query[HistoryIn]) -> HistoryOut:
    """Everything that was written down, in words, with what was corrected and taken back; the newest first."""
    found = folded(request, record, Scope.READ, followed=False)
    after = None if asked.after is None else _cursor(asked.after)
    wanted = [one for one in found.record.entries if _within(one, asked)]
    chosen = sorted((one for one in wanted if after is None or order_of(one) < after), key=order_of, reverse=True)
    page = chosen[: asked.limit]
    lines = lines_of(found.record, page)
    noted(found.right, "read the history")
    return HistoryOut(
        lines=[
            LineOut(
                entry=data, date=one.entry.at.local(one.entry.zone).date(), time=f"{one.entry.at.local(one.entry.zone):%H:%M}", says=one.says,
                status=one.status, why=one.why, recorded_late=one.entry.recorded.seconds - one.entry.at.seconds >= 120,
            )
            for one, data in zip(lines, entry_data([one.entry for one in lines]), strict=True)
        ],
        next=None if len(page) == len(chosen) else "{}.{}.{}".format(*order_of(page[-1])),
        kinds=sorted({one.what.kind for one in found.record.entries}),
    )  # fmt: skip


def _within(entry: Entry, asked: HistoryIn) -> bool:
    day = entry.at.local(entry.zone).date()
    return (
        (asked.first is None or day >= asked.first)
        and (asked.last is None or day <= asked.last)
        and asked.kind in (None, entry.what.kind)
    )


def _cursor(text: str) -> tuple[int, int, str]:
    found = _CURSOR.fullmatch(text)
    if found is None:
        raise one_fault("after", f"{text!r} was not given by this server", "Begin again without it")
    return int(found[1]), int(found[2]), found[3]
