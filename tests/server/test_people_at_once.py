"""Two at the same moment: one invitation lets one in, a record keeps a person, and nothing joins what is being erased."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connections

from gradatim.server.erasure import erase_record
from gradatim.server.invitations import active_grants
from gradatim.server.models import Account, Grant, Invitation, Role
from gradatim.server.problems import Problem
from tests.server import made
from tests.server.made import send
from tests.server.signing import accounts_mode

pytestmark = pytest.mark.usefixtures("kept")
ROUNDS = 5


@pytest.fixture(autouse=True)
def mode(settings: Any) -> None:
    accounts_mode(settings)


def together(*doing: Callable[[], Any]) -> list[Any]:
    """Do all of this at the same moment, each in a thread of its own; what each gave."""
    found: list[Any] = [None] * len(doing)
    ready = threading.Barrier(len(doing))

    def one(which: int) -> None:
        try:
            ready.wait()
            found[which] = doing[which]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(which,)) for which in range(len(doing))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def asked(client: Any, method: str, path: str, body: Any = None) -> int:
    status: int = send(client, method, path, body).status_code
    return status


def invited(owner: Account, record: Any, role: str = "carer", scopes: Any = ("read",)) -> str:
    body = {"role": role, "scopes": scopes and list(scopes), "label": "x"}
    return str(send(made.program(owner), "post", f"/records/{record}/invitations", body).json()["code"])


def erase(record: Any, owner: Account) -> str:
    try:
        erase_record(record, owner)
    except Problem as problem:
        return problem.kind
    return "erased"


def test_one_invitation_lets_one_in() -> None:
    for _ in range(ROUNDS):
        owner = made.account()
        record = made.record_of(owner)
        code = invited(owner, record)
        clients = [made.program(made.account()) for _ in range(3)]
        answers = together(*[partial(asked, one, "post", "/invitations/accept", {"code": code}) for one in clients])
        assert sorted(answers) == [201, 410, 410]
        assert Grant.objects.filter(record=record, role=Role.CARER).count() == 1


def test_two_invitations_give_one_account_one_grant() -> None:
    for _ in range(ROUNDS):
        owner = made.account()
        record = made.record_of(owner)
        codes = [invited(owner, record), invited(owner, record, "prescriber")]
        client = made.program(made.account())
        answers = together(*[partial(asked, client, "post", "/invitations/accept", {"code": one}) for one in codes])
        assert sorted(answers) == [201, 409]
        assert Grant.objects.filter(record=record).count() == 2


def test_two_people_who_both_leave_do_not_both_get_away() -> None:
    for _ in range(ROUNDS):
        owners = [made.account(), made.account()]
        record = made.record_of(owners[0])
        made.granted(record, owners[1], Role.PERSON)
        paths = [f"/records/{record}/people/{Grant.objects.get(record=record, account=one).pk}" for one in owners]
        clients = [made.program(one) for one in owners]
        answers = together(*[partial(asked, *both) for both in zip(clients, ("delete", "delete"), paths, strict=True)])
        assert sorted(answers) == [204, 403]
        assert active_grants(record).filter(role=Role.PERSON).count() == 1


def test_nobody_joins_a_record_that_is_being_erased() -> None:
    for _ in range(ROUNDS):
        owner = made.account()
        record = made.record_of(owner)
        code, client = invited(owner, record, "person", None), made.program(made.account())

        joined, erased = together(
            partial(asked, client, "post", "/invitations/accept", {"code": code}), partial(erase, record, owner)
        )
        assert (joined, erased) in [(201, "not-allowed"), (410, "erased")]
        assert Grant.objects.filter(record=record).count() == (2 if joined == 201 else 0)
        assert Invitation.objects.filter(record=record).count() == (1 if joined == 201 else 0)
