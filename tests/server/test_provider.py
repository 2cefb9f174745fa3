"""Signing in through an OpenID provider: against a real one in this process, and against one that lies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount

from gradatim.server.app_place import front
from gradatim.server.django_settings import providers
from gradatim.server.models import Account
from tests.server import made
from tests.server.provider import CLIENT, SECRET, Provider, provider
from tests.server.signing import Visitor, accounts_mode, invited, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def idp(settings: Any) -> Iterator[Provider]:
    """A provider that this server trusts, and a person whom it knows."""
    with provider(sub="u-1", email="somebody@example.org", email_verified=True, name="A. Name") as found:
        accounts_mode(
            settings, oidc_issuer=found.url, oidc_client_id=CLIENT, oidc_client_secret=SECRET, oidc_name="Clinic"
        )
        settings.SOCIALACCOUNT_PROVIDERS = providers(settings.CONFIG)
        yield found


def away(visitor: Visitor, *, connect: bool = False) -> str:
    """The address to which the browser is sent."""
    answer = visitor.api("post", "/sign-in/provider", {"connect": connect})
    assert answer.status_code == 200, answer.content
    return str(answer.json()["address"])


def back(visitor: Visitor, address: str) -> dict[str, str]:
    """Follow the browser back, and give what our own page is told then."""
    parts = urlsplit(address)
    assert parts.path == "/_allauth/oidc/callback"
    answer = visitor.client.get(f"{parts.path}?{parts.query}", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 302, answer.content
    home = urlsplit(answer["Location"])
    assert home.netloc in ("", "127.0.0.1")
    assert home.path == front()
    return {name: values[0] for name, values in parse_qs(home.query).items()}


def through(visitor: Visitor, idp: Provider, **rest: Any) -> dict[str, str]:
    return back(visitor, idp.authorize(away(visitor, **rest)))


def with_invitation() -> Visitor:
    visitor = Visitor()
    assert visitor.api("post", "/invitations/show", {"code": invited()}).status_code == 200
    return visitor


def test_with_an_invitation_the_provider_makes_an_account_and_then_opens_it(idp: Provider) -> None:
    first = with_invitation()
    assert through(first, idp) == {}
    account = Account.objects.get(email="somebody@example.org")
    assert (account.name, account.has_usable_password(), account.administrator) == ("A. Name", False, False)
    assert first.known
    second = Visitor()
    assert through(second, idp) == {}
    assert second.api("get", "/account").json()["id"] == str(account.pk)
    assert idp.refused == []
    assert {"/.well-known/openid-configuration", "/token", "/userinfo"} <= set(idp.seen)


def test_without_an_invitation_the_provider_makes_no_account(idp: Provider) -> None:
    visitor = Visitor()
    assert through(visitor, idp)["error"] == "signup_closed"
    assert not visitor.known
    assert not Account.objects.filter(email="somebody@example.org").exists()


def test_a_state_that_this_browser_was_not_given_is_refused(idp: Provider) -> None:
    """Somebody sends another the address with which they themselves were to come back."""
    tempter, victim = with_invitation(), with_invitation()
    address = idp.authorize(away(tempter))
    away(victim)
    assert "error" in back(victim, address)
    assert not victim.known
    assert "/token" not in idp.seen


def test_a_state_works_once_and_a_changed_one_not_at_all(idp: Provider) -> None:
    visitor = with_invitation()
    address = idp.authorize(away(visitor))
    state = parse_qs(urlsplit(address).query)["state"][0]
    assert "error" in back(visitor, address.replace(state, "a" * len(state)))
    assert back(visitor, address) == {}
    assert "error" in back(Visitor(visitor.client), address)


def test_a_code_of_another_sign_in_does_not_fit_the_verifier(idp: Provider) -> None:
    """What PKCE is for: a code that somebody caught, put into one's own return."""
    visitor, other = with_invitation(), Visitor()
    mine, caught = idp.authorize(away(visitor)), idp.authorize(away(other))
    code = {name: parse_qs(urlsplit(one).query)["code"][0] for name, one in (("mine", mine), ("caught", caught))}
    assert "error" in back(visitor, mine.replace(code["mine"], code["caught"]))
    assert idp.refused == ["verifier"]
    assert not visitor.known


@pytest.mark.parametrize(
    "claims",
    [{"aud": "another"}, {"iss": "https://elsewhere.example.org"}, {"exp": 1}, {"sub": "u-2"}],
    ids=lambda one: next(iter(one)),
)
def test_a_token_for_another_by_another_or_of_yesterday_is_refused(idp: Provider, claims: dict[str, Any]) -> None:
    idp.claims = claims
    visitor = with_invitation()
    assert "error" in through(visitor, idp)
    assert not visitor.known
    assert not SocialAccount.objects.exists()


def test_an_address_that_is_an_account_here_opens_nothing(idp: Provider) -> None:
    """The provider says so; the account's owner did not."""
    account = Account.objects.create_user("somebody@example.org", made.PASSWORD, name="A. Name")
    visitor = with_invitation()
    through(visitor, idp)
    assert not visitor.known
    assert not SocialAccount.objects.filter(user=account).exists()


def test_an_account_takes_a_provider_on_after_a_fresh_proof(idp: Provider) -> None:
    account = made.account()
    visitor = signed_in(account)
    assert through(visitor, idp, connect=True)["error"] == "reauthentication_required"
    assert visitor.confirm().status_code == 200
    assert through(visitor, idp, connect=True) == {}
    another = Visitor()
    through(another, idp)
    assert another.api("get", "/account").json()["id"] == str(account.pk)


def test_a_second_factor_is_asked_for_after_the_provider_too(idp: Provider) -> None:
    from tests.server.test_accounts import with_totp

    account = made.account()
    visitor = signed_in(account)
    visitor.confirm()
    through(visitor, idp, connect=True)
    with_totp(account)
    another = Visitor()
    through(another, idp)
    assert not another.known


def test_where_the_provider_gives_no_name_it_is_asked_for(idp: Provider) -> None:
    del idp.person["name"]
    visitor = with_invitation()
    assert through(visitor, idp) == {}
    assert not visitor.known
    assert visitor.auth("post", "/auth/provider/signup", {"email": "somebody@example.org"}).status_code == 400
    answer = visitor.auth("post", "/auth/provider/signup", {"email": "somebody@example.org", "name": "A. Name"})
    assert answer.status_code == 200, answer.content
    assert Account.objects.get(email="somebody@example.org").name == "A. Name"
    assert visitor.known


def test_a_provider_that_is_down_is_said_to_be(settings: Any, idp: Provider) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:9"
    answer = Visitor().api("post", "/sign-in/provider", {})
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:gradatim:problem:unavailable")


def test_a_token_of_the_provider_itself_opens_nothing(idp: Provider) -> None:
    answer = Visitor().auth("post", "/auth/provider/token", {"provider": "oidc", "process": "login", "token": {"client_id": CLIENT, "id_token": "x"}})  # fmt: skip
    assert answer.status_code == 404


def test_without_a_provider_in_the_settings_there_is_none(settings: Any) -> None:
    accounts_mode(settings)
    assert Visitor().api("post", "/sign-in/provider", {}).status_code == 404


def test_in_personal_mode_there_is_none() -> None:
    assert Visitor().api("post", "/sign-in/provider", {}).status_code == 404
