"""What was taken back stops at once: on the next request, on the next page, on a connection that is open."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gradatim.server import who
from gradatim.server.models import Account, Device, Grant, PairingCode, Role
from gradatim.server.who import ALL, Scope
from tests.server.made import account, browser, granted, program, send
from tests.server.security.askers import NAME, page_of, token, with_token
from tests.server.security.operations import World, world

pytestmark = pytest.mark.django_db


def first_page(client: Client, made: World) -> tuple[int, str]:
    told = send(client, "get", f"/records/{made.record}/entries?limit=1").json()
    assert told["more"]
    return told["cursor"], told["head"]


def end_device(made: World) -> None:
    assert send(token(made.owner), "delete", f"/devices/{made.phone.pk}").status_code == 204


def end_account(made: World) -> None:
    Account.objects.filter(pk=made.owner.pk).update(is_active=False)


def end_by_time(made: World) -> None:
    Device.objects.filter(pk=made.phone.pk).update(expires=timezone.now())


@pytest.mark.parametrize("end", [end_device, end_account, end_by_time])
def test_the_second_page_is_not_given(end: Callable[[World], None]) -> None:
    made = world()
    client = with_token(made.secret)
    cursor, head = first_page(client, made)
    end(made)
    assert send(client, "get", f"/records/{made.record}/entries?after={cursor}&head={head}").status_code == 401


@pytest.mark.parametrize("change", [{"revoked": timezone.now}, {"expires": timezone.now}])
def test_the_second_page_is_not_given_to_a_carer_whose_grant_ended(change: dict[str, Callable[[], object]]) -> None:
    made = world()
    carer = account(NAME)
    grant = granted(made.record, carer, Role.CARER)
    client = token(carer)
    cursor, _ = first_page(client, made)
    Grant.objects.filter(pk=grant.pk).update(**{name: value() for name, value in change.items()})
    assert send(client, "get", f"/records/{made.record}/entries?after={cursor}").status_code == 404


def test_fewer_scopes_count_from_the_next_request_on() -> None:
    made = world()
    carer = account(NAME)
    grant = granted(made.record, carer, Role.CARER)
    client = token(carer)
    first_page(client, made)
    Grant.objects.filter(pk=grant.pk).update(scopes=[Scope.TODAY])
    assert send(client, "get", f"/records/{made.record}/entries").status_code == 403


def test_a_browser_that_was_ended_is_nobody_with_and_without_its_proof() -> None:
    made = world()
    page = page_of(made.secret)
    assert page.get("/api/v1/devices").status_code == 200
    end_device(made)
    assert page.get("/api/v1/devices").status_code == 401
    assert page.post("/api/v1/records", {}, "application/json").status_code == 401
    assert page.get("/api/v1/session").json()["name"] is None


def test_ending_it_again_is_as_if_it_were_not_there() -> None:
    made = world()
    keeper = token(made.owner)
    for status in (204, 404):
        assert send(keeper, "delete", f"/devices/{made.phone.pk}").status_code == status


def test_codes_that_were_made_before_a_device_was_ended_open_nothing() -> None:
    """Who has the stolen phone makes a code before it is ended, to come back by it."""
    made = world()
    code = send(with_token(made.secret), "post", "/devices/codes", {}).json()["code"]
    end_device(made)
    assert send(browser(), "post", "/pair", {"code": code, "label": "Back again"}).status_code == 410
    assert not PairingCode.objects.filter(account=made.owner, used=None).exists()


def test_a_token_that_ends_makes_nothing_that_lasts_longer() -> None:
    soon = timezone.now() + timedelta(hours=1)
    owner = account()
    client = token(owner, expires=soon)
    told = send(client, "post", "/tokens", {"label": "Longer", "scopes": ["read"], "days": None})
    assert told.status_code == 201
    assert Device.objects.get(pk=told.json()["device"]["id"]).expires == soon
    refused = send(client, "post", "/devices/codes", {})
    assert refused.status_code == 403
    assert not PairingCode.objects.filter(account=owner).exists()


def test_a_token_cannot_give_more_than_it_has() -> None:
    client = program(account(), [Scope.ACCOUNT, Scope.TODAY])
    assert send(client, "post", "/tokens", {"label": "More", "scopes": ["read"]}).status_code == 403
    code = send(client, "post", "/devices/codes", {"scopes": [one.value for one in ALL]}).json()["code"]
    told = send(browser(), "post", "/pair", {"code": code, "label": "A phone"}).json()
    assert told["scopes"] == ["account", "today"]


def test_a_secret_is_kept_as_its_hash_alone() -> None:
    made = world()
    told = json.dumps([list(Device.objects.filter(pk=made.phone.pk).values())], default=str)
    assert made.secret not in told
    assert made.secret.removeprefix(who.PREFIX) not in told
    assert who.hashed(made.secret) in told
