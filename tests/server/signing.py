"""A browser that signs up and in, as the app does: JSON to allauth's headless addresses and to ours, with the proof against forgery."""

from __future__ import annotations

import base64
import hmac
import json
import struct
import time
from dataclasses import replace
from typing import Any

from django.conf import LazySettings
from django.test import Client

from gradatim.server import invitations
from gradatim.server.models import Account
from tests.server import made

AUTH = "/_allauth/browser/v1"
Settings = LazySettings


def accounts_mode(settings: Any, **rest: Any) -> None:
    """As if the server had been started in accounts mode."""
    settings.CONFIG = replace(settings.CONFIG, accounts=True, **rest)


class Visitor:
    """Somebody at a browser."""

    def __init__(self, client: Client | None = None) -> None:
        self.client = client or made.browser()
        self.client.get(f"{made.API}/session")

    def auth(self, method: str, path: str, body: Any = None) -> Any:
        """Ask allauth."""
        return self._ask(method, f"{AUTH}{path}", body)

    def api(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        """Ask the interface."""
        return self._ask(method, f"{made.API}{path}", body, headers or {})

    def sign_up(self, email: str, name: str | None = "A. Name", password: str = made.PASSWORD) -> Any:
        """Make an account."""
        said = {"email": email, "password": password} | ({} if name is None else {"name": name})
        return self.auth("post", "/auth/signup", said)

    def log_in(self, email: str, password: str = made.PASSWORD) -> Any:
        """Sign in by a password."""
        return self.auth("post", "/auth/login", {"email": email, "password": password})

    def confirm(self, password: str = made.PASSWORD) -> Any:
        """Prove again that it is the same person."""
        return self.auth("post", "/auth/reauthenticate", {"password": password})

    @property
    def known(self) -> bool:
        """Whether the server knows who this is."""
        return self.api("get", "/session").json()["name"] is not None

    def _ask(self, method: str, path: str, body: Any, headers: dict[str, str] | None = None) -> Any:
        data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        token = self.client.cookies["gradatim-csrf"].value
        return getattr(self.client, method)(path, headers={"X-CSRFToken": token, **(headers or {})}, **data)


def signed_in(account: Account) -> Visitor:
    """A browser in which this account has signed in."""
    found = Visitor()
    assert found.log_in(account.email).status_code == 200
    return found


def invited(**rest: Any) -> str:
    """The code of an invitation to make an account."""
    return invitations.make(**{"days": 7, "made_by": None, **rest})[1]


def totp(secret: str, at: float | None = None) -> str:
    """The code that an authenticator app shows (RFC 6238: SHA-1, 30 seconds, 6 digits)."""
    counter = struct.pack(">Q", int((time.time() if at is None else at) // 30))
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06d}"
