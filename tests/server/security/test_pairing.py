"""The code by which a device is paired: once, for minutes, for one; and the key by which a request is done once."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from gradatim.server import who
from gradatim.server.models import Account, Device, PairingCode
from gradatim.server.pairing import CODE_LASTS, code_for
from gradatim.server.who import ALL, Scope
from tests.server.made import account, browser, program, send
from tests.server.security.askers import token

CROWD = 8


def pair(code: str, label: str = "A phone") -> Any:
    return send(browser(), "post", "/pair", {"code": code, "label": label})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    [
        "{}",
        " {} ",
        "{0[0]}{0[1]}{0[2]}{0[3]} {0[4]}{0[5]}{0[6]}{0[7]}",
        "{0[0]}-{0[1]}{0[2]}.{0[3]}{0[4]}{0[5]}{0[6]}{0[7]}",
    ],
)
def test_a_code_is_known_however_it_is_typed_and_works_once(typed: str) -> None:
    code, _ = code_for(account())
    assert pair(typed.format(code).lower()).status_code == 201
    again = pair(code)
    assert again.status_code == 410
    assert pair("22222222").content == again.content, "one that was used is as one that never was"


@pytest.mark.django_db
def test_a_code_ends() -> None:
    code, expires = code_for(account())
    assert timezone.now() < expires <= timezone.now() + CODE_LASTS
    PairingCode.objects.filter(code_hash=who.hashed(code)).update(expires=timezone.now() - timedelta(seconds=1))
    assert pair(code).status_code == 410


@pytest.mark.django_db
def test_a_code_of_an_account_that_was_kept_out_opens_nothing() -> None:
    owner = account()
    code, _ = code_for(owner)
    Account.objects.filter(pk=owner.pk).update(is_active=False)
    assert pair(code).status_code == 410
    assert not owner.devices.exists()


@pytest.mark.django_db
def test_a_code_is_kept_as_its_hash_and_gives_no_more_than_was_meant() -> None:
    owner = account()
    code, _ = code_for(owner, frozenset({Scope.TODAY}))
    assert code not in str(list(PairingCode.objects.values()))
    client = browser()
    send(client, "post", "/pair", {"code": code, "label": "x"})
    assert Device.objects.get(account=owner).scopes == ["today"]
    assert client.get("/api/v1/devices").status_code == 403


def test_codes_and_secrets_are_drawn_from_enough() -> None:
    codes = {who.new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert {len(one) for one in codes} == {8}
    assert len({letter for one in codes for letter in one}) == 30, (
        "30^8: 39 bits, for ten minutes and ten tries a minute"
    )
    assert not {"0", "O", "1", "I", "L"} & {letter for one in codes for letter in one}


@pytest.mark.usefixtures("kept")
def test_of_many_who_use_one_code_at_once_exactly_one_is_paired() -> None:
    owner = account()
    code, _ = code_for(owner)
    together = threading.Barrier(CROWD)
    answers = []

    def try_it() -> None:
        together.wait()
        try:
            answers.append(pair(code).status_code)
        finally:
            connection.close()

    crowd = [threading.Thread(target=try_it) for _ in range(CROWD)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert sorted(answers) == [201] + [410] * (CROWD - 1)
    assert owner.devices.count() == 1


# --- a secret is found by its hash ------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "secret",
    [
        "",
        "gradatim_",
        "x",
        "gradatim_" + "a" * 43,
        "gradatim_é",
        "gradatim_" + "a" * 10_000,
        "gradatim_\x00",
        "GRADATIM_x",
        "%",
        "' OR 1=1 --",
    ],
)
def test_a_secret_that_is_wrong_is_nobody_and_nothing_more(secret: str) -> None:
    client = browser()
    told = client.get("/api/v1/records", headers={"Authorization": f"Bearer {secret}"})
    assert told.status_code == 401
    assert told["WWW-Authenticate"].startswith("Bearer")
    client.cookies[who.cookie_name()] = secret
    assert client.get("/api/v1/records").status_code == 401


@pytest.mark.django_db
def test_a_secret_that_is_nearly_right_is_not_found_nearly(django_assert_num_queries: Any) -> None:
    """It is looked up by its hash: how many of its letters are right changes neither the work nor, so, the time."""
    owner = account()
    _, secret = who.new_device(owner, "x", ALL, program=True)
    for wrong in (secret[:-1] + "!", "gradatim_" + "!" * 43):
        with django_assert_num_queries(1):
            assert browser().get("/api/v1/records", headers={"Authorization": f"Bearer {wrong}"}).status_code == 401


# --- idempotency keys ---------------------------------------------------------------------------------------------------


def with_key(client: Any, key: str, body: Any = None, path: str = "/devices/codes") -> Any:
    return send(client, "post", path, {} if body is None else body, headers={"Idempotency-Key": key})


@pytest.mark.django_db
def test_another_account_learns_nothing_by_a_key() -> None:
    one, other = program(account()), program(account())
    body = {"label": "A program", "scopes": ["today"]}
    assert with_key(one, "the-key", body, "/tokens").status_code == 201
    told = with_key(other, "the-key", body, "/tokens")
    assert told.status_code == 201
    assert "Idempotency-Replayed" not in told.headers


@pytest.mark.django_db
def test_a_device_with_fewer_rights_is_not_given_anothers_answer() -> None:
    owner = account()
    body = {"label": "A program", "scopes": ["account"]}
    assert with_key(token(owner), "k", body, "/tokens").status_code == 201
    for scopes in (frozenset({Scope.TODAY}), frozenset({Scope.ACCOUNT})):
        told = with_key(token(owner, scopes), "k", body, "/tokens")
        assert told.status_code in (201, 403, 409)
        assert "Idempotency-Replayed" not in told.headers


@pytest.mark.django_db
def test_a_secret_is_not_kept_for_whoever_asks_again() -> None:
    from gradatim.server.models import Answered

    owner = account()
    client = token(owner)
    made = with_key(client, "k", {"label": "A program", "scopes": ["today"]}, "/tokens").json()["token"]
    code = with_key(client, "k2").json()["code"]
    kept = str(list(Answered.objects.filter(account=owner).values()))
    assert made not in kept
    assert code not in kept


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "é", "\x7f", "x\ty"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    owner = account()
    made = with_key(token(owner), key, {"label": "x", "scopes": ["today"]}, "/tokens")
    assert made.status_code in (400, 201 if key == "" else 400), made.content
