"""Accounts, devices and records for the tests. Every name is new, so that tests may share a database that keeps what they wrote."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.test import Client

from gradatim.domain.entry import Entry
from gradatim.journal.codec import SCHEMA, entry_data
from gradatim.journal.demo import demo_entries
from gradatim.monographs import monograph
from gradatim.server import who
from gradatim.server.models import Account, Grant, Role
from gradatim.server.rights import MOST, own_record
from gradatim.server.who import ALL, Scope

API = "/api/v1"
PASSWORD = "a long enough secret 7"
_numbers = itertools.count()


def account(name: str = "A. Name", **rest: Any) -> Account:
    """A new account, with a password."""
    return Account.objects.create_user(f"a{next(_numbers)}-{os.getpid()}@example.org", PASSWORD, name=name, **rest)


def record_of(owner: Account) -> UUID:
    """A new empty record."""
    return own_record(owner).record_id


def granted(record: UUID, to: Account, role: Role, scopes: Iterable[Scope] | None = None, **rest: Any) -> Grant:
    """A grant, with all that the role may have if nothing is said."""
    return Grant.objects.create(
        record_id=record, account=to, role=role, scopes=sorted(MOST[role] if scopes is None else scopes), **rest
    )


def browser(**rest: Any) -> Client:
    """A browser that nobody knows yet. It has to prove that its requests come from our own pages, as a real one has."""
    return Client(enforce_csrf_checks=True, SERVER_NAME="127.0.0.1", **rest)


def program(owner: Account, scopes: Iterable[Scope] = ALL, label: str = "A program") -> Client:
    """A client with a bearer token of this account."""
    _, secret = who.new_device(owner, label, frozenset(scopes), program=True)
    return Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Bearer {secret}"})


def send(client: Client, method: str, path: str, body: Any = None, **rest: Any) -> Any:
    """A request with JSON under the stable path."""
    text = "" if body is None else json.dumps(body)
    data = {} if method in ("get", "head") else {"data": text, "content_type": "application/json"}
    return getattr(client, method)(f"{API}{path}", **data, **rest)


def pushed(entries: Sequence[Entry], sent: str = "2026-11-23T08:00:00Z") -> dict[str, Any]:
    """The body of a push."""
    return {"schema": SCHEMA, "sent": sent, "entries": entry_data(entries)}


@cache
def demo() -> tuple[Entry, ...]:
    """The made-up record of twelve weeks, up to 2026-10-23."""
    return tuple(demo_entries(monograph(), 7, date(2026, 8, 1)))
