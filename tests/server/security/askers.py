"""Everybody who could ask: each kind of stranger, and everybody who was granted something."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gradatim.server.models import Account, Device, Role
from gradatim.server.rights import MOST
from gradatim.server.who import ALL, Scope, cookie_name, new_device, revoke
from tests.server.made import account, browser, granted
from tests.server.security.operations import World, world

NAME = "A. Name"
"""Of everybody here: so that no answer differs by a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody learnt: the answer without what differs each time, and how many questions were put to the database."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    questions: int


def with_token(secret: str) -> Client:
    """A client that sends a bearer token."""
    return Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Bearer {secret}"})


def token(owner: Account, scopes: frozenset[Scope] = ALL, **rest: Any) -> Client:
    """The same, of a new device that was just seen: so that no answer differs by when it was seen last."""
    device, secret = new_device(owner, "A program", scopes, program=True, **rest)
    Device.objects.filter(pk=device.pk).update(seen=timezone.now())
    return with_token(secret)


def page_of(secret: str) -> Client:
    """A paired browser, with the proof that its requests come from our own pages."""
    client = browser()
    client.cookies[cookie_name()] = secret
    return proving(client)


def signed_in(who: Account) -> Client:
    """A browser in which somebody signed in."""
    client = browser()
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    return proving(client)


def proving(client: Client) -> Client:
    """The same browser, sending the proof each time."""
    client.defaults["HTTP_X_CSRFTOKEN"] = client.get("/api/v1/session").json()["csrf"]
    return client


# --- who has no right to a record -----------------------------------------------------------------------------------------


def _nobody(_: World) -> Client:
    return Client(SERVER_NAME="127.0.0.1")


def _stranger(_: World) -> Client:
    return token(world(NAME).owner)


def _stranger_in_a_browser(_: World) -> Client:
    return page_of(new_device(world(NAME).owner, "A browser", ALL, program=False)[1])


def _stranger_signed_in(_: World) -> Client:
    return signed_in(world(NAME).owner)


def _stranger_with_few_scopes(_: World) -> Client:
    return token(world(NAME).owner, frozenset({Scope.TODAY}))


def _carer_whose_grant_expired(them: World) -> Client:
    carer = world(NAME).owner
    granted(them.record, carer, Role.CARER, expires=timezone.now() - timedelta(seconds=1))
    return token(carer)


def _carer_whose_grant_was_revoked(them: World) -> Client:
    carer = world(NAME).owner
    granted(them.record, carer, Role.CARER, revoked=timezone.now())
    return token(carer)


def _carer_of_another_record(_: World) -> Client:
    carer = world(NAME).owner
    granted(world(NAME).record, carer, Role.CARER)
    return token(carer)


def _prescriber_of_another_record(_: World) -> Client:
    doctor = world(NAME).owner
    granted(world(NAME).record, doctor, Role.PRESCRIBER)
    return token(doctor)


def _administrator(_: World) -> Client:
    return token(account(NAME, administrator=True))


def _administrator_signed_in(_: World) -> Client:
    return signed_in(account(NAME, administrator=True))


def _revoked_device_of_the_person(them: World) -> Client:
    device, secret = new_device(them.owner, "Lost", ALL, program=False)
    revoke(device)
    return with_token(secret)


def _revoked_browser_of_the_person(them: World) -> Client:
    device, secret = new_device(them.owner, "Lost", ALL, program=False)
    client = page_of(secret)
    revoke(device)
    return client


def _expired_token_of_the_person(them: World) -> Client:
    return token(them.owner, expires=timezone.now() - timedelta(seconds=1))


def _disabled_account(_: World) -> Client:
    gone = world(NAME).owner
    client = token(gone)
    Account.objects.filter(pk=gone.pk).update(is_active=False)
    return client


def _disabled_account_signed_in(_: World) -> Client:
    gone = world(NAME).owner
    client = signed_in(gone)
    Account.objects.filter(pk=gone.pk).update(is_active=False)
    return client


def _secret_with_a_letter_changed(them: World) -> Client:
    return with_token(them.secret[:-1] + ("A" if them.secret[-1] != "A" else "B"))


def _hash_of_the_secret(them: World) -> Client:
    return with_token(them.phone.secret_hash)


STRANGERS: dict[str, Callable[[World], Client]] = {
    made.__name__.removeprefix("_"): made
    for made in (
        _nobody, _stranger, _stranger_in_a_browser, _stranger_signed_in, _stranger_with_few_scopes, _carer_whose_grant_expired,
        _carer_whose_grant_was_revoked, _carer_of_another_record, _prescriber_of_another_record, _administrator, _administrator_signed_in,
        _revoked_device_of_the_person, _revoked_browser_of_the_person, _expired_token_of_the_person, _disabled_account,
        _disabled_account_signed_in, _secret_with_a_letter_changed, _hash_of_the_secret,
    )
}  # fmt: skip


# --- who has some right -----------------------------------------------------------------------------------------------------


def subsets(of: frozenset[Scope], needed: frozenset[Scope] | None = None) -> tuple[frozenset[Scope], ...]:
    """Every set of them; with ``needed`` only those by which that can be told: none, exactly these, all, all but one of these, all others."""
    if needed is None:
        return tuple(frozenset(one) for size in range(len(of) + 1) for one in combinations(sorted(of), size))
    found = [frozenset(), needed & of, of, of - needed, *(of - {one} for one in sorted(needed))]
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """Somebody with a grant and a device: what they may do is what all three of role, grant and device allow."""

    role: Role
    grant: frozenset[Scope]
    device: frozenset[Scope]

    @property
    def may(self) -> frozenset[Scope]:
        """What is left."""
        return MOST[self.role] & self.grant & self.device

    def __str__(self) -> str:
        return f"{self.role.value}, granted {'+'.join(sorted(self.grant)) or 'nothing'}, device {'+'.join(sorted(self.device)) or 'nothing'}"


def granted_askers(needed: frozenset[Scope] | None = None) -> tuple[Granted, ...]:
    """Every role with every grant, and with every device; with ``needed`` fewer, see `subsets`. More is granted than the role may have
    where that is possible."""
    found = [Granted(role=role, grant=grant, device=ALL) for role in Role for grant in subsets(MOST[role], needed)]
    found += [Granted(role=role, grant=ALL, device=device) for role in Role for device in subsets(ALL, needed)]
    return tuple(dict.fromkeys(found))


def client_of(asked: Granted, them: World) -> Client:
    """Their client."""
    who = account(NAME)
    granted(them.record, who, asked.role, asked.grant)
    return token(who, asked.device)


# --- asking -----------------------------------------------------------------------------------------------------------------


@contextmanager
def accounts_mode(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same server in accounts mode."""
    with patch.context() as changed:
        changed.setattr(settings, "CONFIG", replace(settings.CONFIG, accounts=True))
        yield


@contextmanager
def personal_mode(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same server in personal mode."""
    with patch.context() as changed:
        changed.setattr(settings, "CONFIG", replace(settings.CONFIG, accounts=False))
        yield


def asked(client: Client, method: str, address: str, body: Any = None, ids: tuple[object, ...] = ()) -> Answer:
    """Ask, and give what was learnt. The ids that were asked for are hidden in it."""
    with CaptureQueriesContext(connection) as queries:
        response = client.generic(
            method.upper(),
            address,
            b"" if body is None else _json(body),
            "application/json" if body is not None else "",
        )
    told = response.content
    for place, one in enumerate(ids):
        told = told.replace(str(one).encode(), f"id {place}".encode())
    headers = tuple(sorted((n, v) for n, v in response.items() if n not in ("Date", "X-Request-Id", "Content-Length")))
    return Answer(status=response.status_code, headers=headers, body=told, questions=len(queries))


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All that is stored, but when a device was seen last."""
    found = {}
    for model in apps.get_models():
        names = [one.attname for one in model._meta.concrete_fields if one.attname not in ("seen", "last_seen_at")]
        found[model._meta.label] = sorted(model._default_manager.values_list(*names), key=repr)
    return found


@contextmanager
def undone() -> Iterator[None]:
    """What happens within did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
