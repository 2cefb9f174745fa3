"""Passkeys: added as a second factor, then enough to sign in; a proof for another page, person or moment is worth nothing."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from gradatim.server.models import Account
from tests.server import made
from tests.server.authenticator import Passkey
from tests.server.signing import Visitor, accounts_mode

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
HOST = "gradatim.example.org"
HERE = f"https://{HOST}"


@pytest.fixture(autouse=True)
def mode(settings: Any) -> None:
    """A server with a name, as people reach it: behind TLS, where pages of other origins count for nothing."""
    accounts_mode(settings)
    settings.ALLOWED_HOSTS = [HOST]
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False


def visitor() -> Visitor:
    client = made.browser()
    client.defaults["SERVER_NAME"] = HOST
    return Visitor(client)


def at_home(account: Account) -> Visitor:
    found = visitor()
    assert found.log_in(account.email).status_code == 200
    return found


def add(found: Visitor, passkey: Passkey, *, alone: bool = True) -> Any:
    """Add a passkey; ``alone``: it shall be enough without a password."""
    found.confirm()
    asked = found.auth("get", f"/account/authenticators/webauthn{'?passwordless' if alone else ''}")
    options = asked.json()["data"]["creation_options"]
    assert options["publicKey"]["user"]["displayName"] == "A. Name"
    body = {"name": "A phone", "credential": passkey.create(options), "passwordless": alone}
    return found.auth("post", "/account/authenticators/webauthn", body)


def with_passkey(account: Account) -> Passkey:
    passkey = Passkey(HERE)
    assert add(at_home(account), passkey).status_code == 200
    return passkey


def begin(found: Visitor) -> dict[str, Any]:
    options: dict[str, Any] = found.auth("get", "/auth/webauthn/login").json()["data"]["request_options"]
    assert options["publicKey"]["userVerification"] == "required"
    return options


def finish(found: Visitor, proof: dict[str, Any]) -> int:
    status: int = found.auth("post", "/auth/webauthn/login", {"credential": proof}).status_code
    return status


def test_a_passkey_alone_signs_in() -> None:
    account = made.account()
    passkey = with_passkey(account)
    found = visitor()
    assert finish(found, passkey.get(begin(found))) == 200
    assert found.api("get", "/account").json()["id"] == str(account.pk)


def test_a_passkey_is_the_second_factor_after_the_password() -> None:
    account = made.account()
    passkey = with_passkey(account)
    found = visitor()
    assert found.log_in(account.email).status_code == 401
    assert not found.known
    options = found.auth("get", "/auth/webauthn/authenticate").json()["data"]["request_options"]
    assert found.auth("post", "/auth/webauthn/authenticate", {"credential": Passkey(HERE).get(options)}).status_code == 400  # fmt: skip
    assert not found.known
    assert found.auth("post", "/auth/webauthn/authenticate", {"credential": passkey.get(options)}).status_code == 200
    assert found.known


def test_a_passkey_proves_again_that_it_is_the_same_person() -> None:
    account = made.account()
    passkey = with_passkey(account)
    found = visitor()
    finish(found, passkey.get(begin(found)))
    assert found.auth("post", "/account/email", {"email": "another@example.org"}).status_code == 401
    options = found.auth("get", "/auth/webauthn/reauthenticate").json()["data"]["request_options"]
    assert found.auth("post", "/auth/webauthn/reauthenticate", {"credential": passkey.get(options)}).status_code == 200
    assert found.auth("get", "/account/email").status_code == 200


def test_with_a_passkey_come_recovery_codes() -> None:
    account = made.account()
    with_passkey(account)
    kinds = set(Authenticator.objects.filter(user=account).values_list("type", flat=True))
    assert kinds == {"webauthn", "recovery_codes"}


@pytest.mark.parametrize(
    "origin", ["https://gradatim.example.com", "http://gradatim.example.org", "https://evil-gradatim.example.org"]
)
def test_a_page_elsewhere_gets_no_proof_that_counts(origin: str) -> None:
    account = made.account()
    assert add(at_home(account), Passkey(origin)).status_code == 400
    passkey = with_passkey(account)
    passkey.origin = origin
    found = visitor()
    assert finish(found, passkey.get(begin(found))) == 400
    assert not found.known


def test_a_proof_for_another_server_is_refused() -> None:
    passkey = with_passkey(made.account())
    found = visitor()
    assert finish(found, passkey.get(begin(found), rp="elsewhere.example.org")) == 400


def test_a_proof_is_for_one_moment() -> None:
    passkey = with_passkey(made.account())
    found = visitor()
    proof = passkey.get(begin(found))
    again = visitor()
    begin(again)
    assert finish(again, proof) == 400
    assert finish(found, proof) == 200


def test_anothers_passkey_opens_nobody_elses_account() -> None:
    one, other = made.account(), made.account()
    passkey, theirs = with_passkey(one), with_passkey(other)
    passkey.user = theirs.user
    found = visitor()
    assert finish(found, passkey.get(begin(found))) == 400
    assert not found.known


@pytest.mark.parametrize("part", ["signature", "authenticatorData", "clientDataJSON"])
def test_a_proof_with_one_letter_changed_is_refused(part: str) -> None:
    passkey = with_passkey(made.account())
    found = visitor()
    proof = copy.deepcopy(passkey.get(begin(found)))
    text = proof["response"][part]
    middle = len(text) // 2
    proof["response"][part] = f"{text[:middle]}{'A' if text[middle] != 'A' else 'B'}{text[middle + 1 :]}"
    assert finish(found, proof) == 400
    assert not found.known


def test_a_passkey_that_did_not_ask_for_a_finger_or_a_pin_is_not_enough_alone() -> None:
    account = made.account()
    passkey = Passkey(HERE, verifies=False)
    assert add(at_home(account), passkey).status_code == 400


NONSENSE: list[Any] = [None, "", "x", "AAAA", 7, [], {}, {"x": 1}]
_PARTS = ["id", "rawId", "response"]


@pytest.mark.parametrize("value", NONSENSE, ids=repr)
def test_nonsense_is_refused_and_breaks_nothing(value: Any) -> None:
    account = made.account()
    found = at_home(account)
    found.confirm()
    asked = found.auth("get", "/account/authenticators/webauthn?passwordless").json()["data"]["creation_options"]
    created = Passkey(HERE).create(asked)
    other, passkey = visitor(), with_passkey(account)
    proof = passkey.get(begin(other))
    assert finish(other, value) == 400
    for part in _PARTS:
        assert finish(other, proof | {part: value}) == 400, part
    for part in proof["response"]:
        assert finish(other, proof | {"response": proof["response"] | {part: value}}) == 400, part
    for part in created["response"]:
        body = {"name": "x", "credential": created | {"response": created["response"] | {part: value}}}
        assert found.auth("post", "/account/authenticators/webauthn", body).status_code == 400, part
    assert not other.known
    assert finish(other, proof) == 200


def test_who_is_kept_out_is_kept_out_with_a_passkey_too() -> None:
    account = made.account()
    passkey = with_passkey(account)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    found = visitor()
    finish(found, passkey.get(begin(found)))
    assert not found.known
