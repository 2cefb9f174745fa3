"""A record opened for one request: by what right, its entries, what they add up to, and the server's own clock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import UUID

from django.http import HttpRequest

from gradatim.domain.clock import Instant
from gradatim.domain.course import Course
from gradatim.domain.entry import Entry
from gradatim.domain.fault import BadInput, Fault
from gradatim.domain.finding import Finding
from gradatim.domain.fold import fold
from gradatim.domain.following import course_on
from gradatim.domain.person import Person
from gradatim.domain.record import Record
from gradatim.server.problems import Problem
from gradatim.server.rights import Right, right_to
from gradatim.server.who import Asker, Scope
from gradatim.words import say_finding, sources_text

AT_ONCE = 2
"""Papers that are made at the same time in one process; they count for seconds, and would keep everybody else waiting."""
PATIENCE = 1.0  # seconds
_room = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A record as of ``now``."""

    right: Right
    entries: tuple[Entry, ...]
    record: Record
    now: Instant

    @property
    def day(self) -> date:
        """The person's day."""
        return self.record.day_of(self.now)

    @property
    def person(self) -> Person:
        """Who it is about. Raises `Problem` where nobody was described."""
        if self.record.person is None:
            raise Problem("no-plan", "Nobody is described in it yet.")
        return self.record.person

    @property
    def course(self) -> Course:
        """The plan that holds, with its versions and answers. Raises `Problem` before the first."""
        found = course_on(self.record, self.day)
        if found is None:
            raise Problem("no-plan")
        return found


def now() -> Instant:
    """The present, by this machine's clock. No client's clock is asked."""
    return Instant.of(datetime.now(UTC).replace(microsecond=0))


def folded(request: HttpRequest, record: UUID, *scopes: Scope, followed: bool = True) -> Folded:
    """Open a record. ``followed``: only where a plan is followed in it; else `Problem`."""
    right = right_to(asker_of(request), record, *scopes)
    return fold_of(right, followed=followed)


def fold_of(right: Right, *, followed: bool = True) -> Folded:
    """The same with a right at hand."""
    entries = right.journal.since(0).entries
    found = fold(entries)
    if followed and not found.holdings:
        raise Problem("no-plan")
    return Folded(right=right, entries=entries, record=found, now=now())


def asker_of(request: HttpRequest) -> Asker:
    """Who asks."""
    asker: Asker = request.auth  # type: ignore[attr-defined]
    return asker


def blocked(findings: tuple[Finding, ...], what: str = "") -> Problem:
    """The problem that these findings are: each a fault at the field that caused it, with its source."""
    return Problem(
        "blocked",
        what,
        [
            Fault(
                one.at or "plan",
                f"{one.rule}: {say_finding(one)} Source: {sources_text(one.source) or 'rule of this program'}",
                f"Change the plan, or override {one.rule} with a clinician's reason",
            )
            for one in findings
        ],
    )


@contextmanager
def under(path: str) -> Iterator[None]:
    """Faults found inside are told with the place of the part in the body."""
    try:
        yield
    except BadInput as bad:
        raise BadInput([replace(one, path=f"{path}.{one.path}" if one.path else path) for one in bad.faults]) from None


@contextmanager
def heavy() -> Iterator[None]:
    """Room for work that takes long; `Problem` where there is none for a moment, so that requests do not pile up."""
    if not _room.acquire(timeout=PATIENCE):
        raise Problem("unavailable", "Too many papers are being made at this moment.", headers={"Retry-After": "3"})
    try:
        yield
    finally:
        _room.release()
