"""The packet over the interface: whole, after its schema, for whoever may see what is due and for nobody else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from gradatim.exchange.packet import packet_schema, read_packet
from gradatim.server.models import Access, Role
from gradatim.server.who import Scope
from tests.server.made import account, demo, granted, program, pushed, record_of, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> tuple[UUID, Client]:
    owner = account()
    return record_of(owner), program(owner)


def fetch(client: Client, record: UUID, query: str = "") -> Any:
    return send(client, "get", f"/records/{record}/packet{query}")


def test_it_is_whole_and_says_what_it_is_built_on(home: tuple[UUID, Client]) -> None:
    record, phone = home
    stored = send(phone, "post", f"/records/{record}/entries", pushed(demo())).json()
    told = fetch(phone, record)
    assert told.status_code == 200
    Draft202012Validator(packet_schema()).validate(told.json())
    made = read_packet(told.json())
    assert (made.based_on.cursor, made.based_on.hash) == (stored["cursor"], stored["head"])
    assert made.signs
    assert made.good_until > made.fresh_until > made.built
    for dose in made.doses:
        assert dose.amount


def test_an_empty_record_has_an_honest_packet(home: tuple[UUID, Client]) -> None:
    record, phone = home
    made = read_packet(fetch(phone, record).json())
    assert made.doses == ()
    assert made.person.id is None
    assert made.signs


@pytest.mark.parametrize(
    ("query", "status"), [("?days=1", 200), ("?days=60", 200), ("?days=0", 422), ("?days=61", 422), ("?days=x", 422)]
)
def test_it_covers_as_many_days_as_are_asked(home: tuple[UUID, Client], query: str, status: int) -> None:
    assert fetch(home[1], home[0], query).status_code == status


def test_who_may_only_see_today_gets_it_and_is_written_down(home: tuple[UUID, Client]) -> None:
    record, _ = home
    carer = account("A. Carer")
    granted(record, carer, Role.CARER, [Scope.TODAY])
    assert fetch(program(carer), record).status_code == 200
    assert Access.objects.filter(record_id=record, name="A. Carer", action="fetched the packet").count() == 1
    granted(record, other := account("B. Carer"), Role.CARER, [Scope.LOG])
    assert fetch(program(other), record).status_code == 403
    assert fetch(program(account()), record).status_code == 404
