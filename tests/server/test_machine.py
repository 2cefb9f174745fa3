"""Those who run the machine: they let in and keep out, every act is written down, and no record is theirs to see."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from gradatim.server.api import api
from gradatim.server.models import Account, Audit, Role
from gradatim.server.who import Scope
from tests.server import made
from tests.server.household import SOME, Household
from tests.server.made import send
from tests.server.signing import Visitor, accounts_mode, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mode(settings: Any) -> None:
    accounts_mode(settings)


def admin() -> tuple[Account, Client]:
    account = made.account("An administrator", administrator=True)
    return account, made.program(account)


def test_an_administrator_sees_accounts_and_nothing_of_records() -> None:
    home = Household("Z. Name")
    send(home.client, "post", f"{home.path}/entries", made.pushed(made.demo()[:3]))
    account, client = admin()
    answer = send(client, "get", "/machine/accounts")
    (found,) = [one for one in answer.json() if one["id"] == str(home.account.pk)]
    assert (found["email"], found["name"], found["active"], found["devices"]) == (
        home.account.email,
        "Z. Name",
        True,
        1,
    )
    assert found["seen"] is not None
    assert set(found) == {"id", "email", "name", "active", "administrator", "made", "seen", "devices"}
    assert str(home.record) not in answer.content.decode()
    assert made.demo()[0].person not in answer.content.decode()
    assert Audit.objects.filter(account=str(account.pk), action="accounts listed").exists()


def test_an_administrator_keeps_out_and_lets_in() -> None:
    account, client = admin()
    other = made.account()
    visitor, program = signed_in(other), made.program(other)
    path = f"/machine/accounts/{other.pk}"
    assert send(client, "post", f"{path}/disable", {}).status_code == 204
    assert not visitor.known
    assert send(program, "get", "/records").status_code == 401
    assert send(client, "post", f"{path}/enable", {}).status_code == 204
    assert not visitor.known  # the session ended for good
    assert send(program, "get", "/records").status_code == 200
    told = Audit.objects.filter(account=str(account.pk), subject=str(other.pk)).order_by("id")
    assert [one.action for one in told] == ["account disabled", "account enabled"]
    assert send(client, "post", f"/machine/accounts/{uuid4()}/disable", {}).status_code == 404
    assert send(client, "post", f"/machine/accounts/{account.pk}/disable", {}).status_code == 403


def test_an_administrator_invites_to_an_account_and_not_to_power() -> None:
    account, client = admin()
    answer = send(client, "post", "/machine/invitations", {"label": "somebody", "days": 2})
    assert answer.status_code == 201
    assert send(client, "post", "/machine/invitations", {"label": "x", "administrator": True}).status_code == 422
    visitor = Visitor()
    assert visitor.api("post", "/invitations/show", {"code": answer.json()["code"]}).json()["role"] is None
    assert visitor.sign_up(email := f"{uuid4()}@example.org").status_code == 200
    assert not Account.objects.get(email=email).administrator
    assert Audit.objects.filter(account=str(account.pk), action="invitation made").exists()


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "/machine/accounts"), ("post", "/machine/accounts/{}/disable"), ("post", "/machine/accounts/{}/enable"), ("post", "/machine/invitations")],
)  # fmt: skip
def test_nobody_else_runs_the_machine(settings: Any, method: str, path: str) -> None:
    from dataclasses import replace

    home = Household()
    path, body = (
        path.format(home.account.pk),
        {"label": "x"} if path.endswith("invitations") else {} if method == "post" else None,
    )
    account, client = admin()
    for asks in (home.client, made.program(account, [Scope.READ])):
        assert send(asks, method, path, body).status_code == 403
    assert send(made.browser(), method, path, body).status_code == 401
    settings.CONFIG = replace(settings.CONFIG, accounts=False)
    assert send(client, method, path, body).status_code == 403


def test_an_administrator_has_no_way_to_a_record_at_any_address() -> None:
    """Not by an invitation, not by beginning one, and not even by a row that somebody put into the database."""
    home = Household()
    account, client = admin()
    for role, scopes in (("carer", SOME), ("person", None)):
        assert send(client, "post", "/invitations/accept", {"code": home.code(role, scopes)}).status_code == 403
    assert send(client, "post", "/records", {}).status_code == 403
    assert send(client, "get", "/account/export").json()["records"] == {}
    made.granted(home.record, account, Role.PERSON)
    assert send(client, "get", "/records").json() == []
    tried = 0
    for path, item in api.get_openapi_schema(path_prefix="")["paths"].items():
        if "{record}" not in path:
            continue
        for method, about in item.items():
            where = path.replace("{record}", str(home.record))
            for name in ("grant", "invitation"):
                where = where.replace(f"{{{name}}}", str(home.grant(home.account)))
            body = about.get("requestBody") and {
                "confirm": "erase",
                "scopes": ["read"],
                "role": "carer",
                "label": "x",
                "schema": "x",
                "sent": "x",
                "entries": [],
            }
            answer = send(client, method, where, body)
            assert answer.status_code in (404, 422), (method, where)
            assert str(home.record) not in answer.content.decode()
            tried += 1
    assert tried >= 9
    assert send(home.client, "get", home.path).status_code == 200
