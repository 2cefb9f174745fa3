"""A person with a record, who invites others to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.test import Client

from gradatim.server.models import Account, Grant
from gradatim.server.who import Scope
from tests.server import made
from tests.server.made import send

SOME = [Scope.TODAY, Scope.READ, Scope.LOG]


class Household:
    """A person with a record, and a client of theirs."""

    def __init__(self, name: str = "A. Name") -> None:
        self.account = made.account(name)
        self.record = made.record_of(self.account)
        self.client = made.program(self.account, label="A phone")
        self.path = f"/records/{self.record}"

    def invite(self, role: str = "carer", scopes: Any = SOME, **rest: Any) -> Any:
        body = {"role": role, "scopes": scopes, "label": "somebody", **rest}
        return send(self.client, "post", f"{self.path}/invitations", body)

    def code(self, *arguments: Any, **rest: Any) -> str:
        answer = self.invite(*arguments, **rest)
        assert answer.status_code == 201, answer.content
        return str(answer.json()["code"])

    def joined(
        self, name: str = "A. Carer", role: str = "carer", scopes: Any = SOME, **rest: Any
    ) -> tuple[Account, Client]:
        account = made.account(name)
        client = made.program(account, label="Another phone")
        assert send(client, "post", "/invitations/accept", {"code": self.code(role, scopes, **rest)}).status_code == 201
        return account, client

    def people(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = send(self.client, "get", f"{self.path}/people").json()
        return found

    def grant(self, account: Account) -> UUID:
        return Grant.objects.get(record=self.record, account=account, revoked=None).pk


def kind(answer: Any) -> str:
    return str(answer.json()["type"]).rpartition(":")[2]
