"""Records with a made-up history up to a moment, and the server's clock set to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from gradatim.domain.clock import Instant
from gradatim.domain.entry import Entry
from gradatim.server.api import folded, plans
from gradatim.server.journal import Source, TableJournal
from gradatim.server.models import Account, Role
from gradatim.server.who import Scope
from tests.server.made import account, demo, granted, program, record_of, send

SetClock = Callable[[str], Instant]


def clock_at(monkeypatch: pytest.MonkeyPatch, text: str) -> Instant:
    """Let the server believe that it is this moment."""
    moment = Instant.of(datetime.fromisoformat(text))
    for module in (folded, plans):
        monkeypatch.setattr(module, "now", lambda: moment)
    return moment


def until(moment: Instant) -> tuple[Entry, ...]:
    """What was written down by then."""
    return tuple(entry for entry in demo() if entry.recorded <= moment)


class Kept:
    """A person with a record up to a moment, and whoever else has to do with it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, text: str, *, empty: bool = False) -> None:
        self.now = clock_at(monkeypatch, text)
        self.owner: Account = account("A. Name")
        self.record: UUID = record_of(self.owner)
        if not empty:
            TableJournal(self.record, Source(account=str(self.owner.pk))).append(until(self.now))
        self.person: Client = program(self.owner)

    def join(self, role: Role, name: str, scopes: tuple[Scope, ...] | None = None) -> Client:
        """Somebody else, with all that the role may have if nothing is said."""
        other = account(name)
        granted(self.record, other, role, scopes)
        return program(other)

    def get(self, path: str, client: Client | None = None, **rest: Any) -> Any:
        """A part of the record."""
        return send(client or self.person, "get", f"/records/{self.record}{path}", **rest)

    def post(self, path: str, body: Any, client: Client | None = None, **rest: Any) -> Any:
        """Something for the record."""
        return send(client or self.person, "post", f"/records/{self.record}{path}", body, **rest)

    def entries(self) -> tuple[Entry, ...]:
        """All that is written down."""
        return TableJournal(self.record).since(0).entries


def faults(response: Any) -> dict[str, str]:
    """The faults of a problem by their path."""
    return {one["path"]: one["problem"] for one in response.json().get("faults", ())}
