"""Accounts mode: who may make an account, how one signs in, what stops a guesser, and what ends what."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone

from gradatim.server import invitations, who
from gradatim.server.models import Account, Audit, Device, Invitation, PairingCode
from tests.server import made
from tests.server.signing import AUTH, Visitor, accounts_mode, invited, signed_in, totp

pytestmark = pytest.mark.django_db
_numbers = itertools.count()
NEW = "another long secret 8"


@pytest.fixture(autouse=True)
def mode(settings: Any) -> None:
    accounts_mode(settings)


def address() -> str:
    return f"new{next(_numbers)}@example.org"


# --- personal mode ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "/auth/session"), ("get", "/config"), ("post", "/auth/login"), ("post", "/auth/signup"), ("get", "/account/authenticators"), ("get", "/x"),
     ("post", "/auth/provider/redirect"), ("get", "/../../oidc/callback")],
)  # fmt: skip
def test_in_personal_mode_nothing_about_signing_in_is_there(settings: Any, method: str, path: str) -> None:
    accounts_mode(settings, sign_up=True)
    personal(settings)
    answer = Visitor().auth(method, path, {} if method == "post" else None)
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:gradatim:problem:not-found"
    assert not answer.cookies


def personal(settings: Any) -> None:
    settings.CONFIG = replace(settings.CONFIG, accounts=False)


def test_in_personal_mode_a_session_counts_for_nothing(settings: Any) -> None:
    visitor = signed_in(made.account())
    assert visitor.api("get", "/records").status_code == 200
    personal(settings)
    assert not visitor.known
    assert visitor.api("get", "/records").status_code == 401


# --- signing up -------------------------------------------------------------------------------------------------------


def test_nobody_makes_an_account_without_an_invitation() -> None:
    email = address()
    assert Visitor().sign_up(email).status_code == 403
    assert not Account.objects.filter(email=email).exists()


def test_with_an_invitation_one_account_is_made_and_signed_in() -> None:
    code, email, visitor = invited(), address(), Visitor()
    shown = visitor.api("post", "/invitations/show", {"code": code.lower()})
    assert shown.status_code == 200
    assert (shown.json()["role"], shown.json()["invited_by"]) == (None, None)
    answer = visitor.sign_up(email, "  A.  Name ")
    assert answer.status_code == 200, answer.content
    account = Account.objects.get(email=email)
    assert (account.name, account.administrator) == ("A. Name", False)
    assert visitor.api("get", "/session").json()["name"] == "A. Name"


def test_an_invitation_works_once() -> None:
    code, first, second = invited(), Visitor(), Visitor()
    for visitor in (first, second):
        assert visitor.api("post", "/invitations/show", {"code": code}).status_code == 200
    assert first.sign_up(address()).status_code == 200
    email = address()
    assert second.sign_up(email).status_code == 403
    assert not Account.objects.filter(email=email).exists()
    assert Visitor().api("post", "/invitations/show", {"code": code}).status_code == 410


def test_of_two_who_use_one_invitation_at_once_one_gets_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other passes the first look, as it may in another thread, and is stopped where the invitation is used up."""
    code, visitor, email = invited(), Visitor(), address()
    visitor.api("post", "/invitations/show", {"code": code})
    found = Invitation.objects.get(code_hash=who.hashed(who.plain_code(code)))
    Invitation.objects.filter(pk=found.pk).update(used=timezone.now())
    monkeypatch.setattr(invitations, "shown_in", lambda _: found)
    assert visitor.sign_up(email).status_code == 410
    assert not Account.objects.filter(email=email).exists()


@pytest.mark.parametrize("how", ["ended", "taken back", "unknown", "its maker was kept out"])
def test_an_invitation_that_does_not_hold_opens_nothing(how: str) -> None:
    by = made.account(administrator=True)
    code = invited(made_by=by)
    visitor = Visitor()
    assert visitor.api("post", "/invitations/show", {"code": code}).status_code == 200
    if how == "ended":
        Invitation.objects.update(expires=timezone.now())
    elif how == "taken back":
        Invitation.objects.update(revoked=timezone.now())
    elif how == "unknown":
        Invitation.objects.update(code_hash="0" * 64)
        visitor = Visitor()
    else:
        Account.objects.filter(pk=by.pk).update(is_active=False)
    answer = Visitor().api("post", "/invitations/show", {"code": code})
    assert (answer.status_code, answer.json()["type"]) == (410, "urn:gradatim:problem:gone")
    assert visitor.sign_up(address()).status_code == 403


def test_the_code_of_an_invitation_is_nowhere_in_the_database() -> None:
    code = invited()
    assert who.plain_code(code) not in str(list(Invitation.objects.values_list("code_hash", "label")))
    assert len(who.plain_code(code)) == 16


def test_showing_an_invitation_needs_the_proof_against_forgery() -> None:
    client = made.browser()
    client.get(f"{made.API}/session")
    assert made.send(client, "post", "/invitations/show", {"code": invited()}).status_code == 403


def test_where_sign_up_is_open_nobody_needs_an_invitation(settings: Any) -> None:
    accounts_mode(settings, sign_up=True)
    assert Visitor().sign_up(email := address()).status_code == 200
    assert Account.objects.filter(email=email).exists()


def test_an_administrators_invitation_makes_an_administrator_and_no_other_does() -> None:
    visitor = Visitor()
    visitor.api("post", "/invitations/show", {"code": invited(administrator=True)})
    assert visitor.sign_up(email := address()).status_code == 200
    account = Account.objects.get(email=email)
    assert account.administrator
    assert Audit.objects.filter(action="administrator made", subject=str(account.pk)).exists()


def test_an_account_that_is_there_does_not_become_an_administrator() -> None:
    account = made.account()
    answer = signed_in(account).api("post", "/invitations/accept", {"code": invited(administrator=True)})
    assert answer.status_code == 403
    account.refresh_from_db()
    assert not account.administrator


@pytest.mark.parametrize("password", ["short enough", "password1234", "123456789012", "elevenchars", ""])
def test_a_password_that_is_short_or_common_is_refused(settings: Any, password: str) -> None:
    accounts_mode(settings, sign_up=True)
    password = password.replace("short enough", "short")
    answer = Visitor().sign_up(email := address(), password=password)
    assert answer.status_code == 400
    assert {one["param"] for one in answer.json()["errors"]} == {"password"}
    assert not Account.objects.filter(email=email).exists()


@pytest.mark.parametrize("name", [None, "", " ", "two\x00lines", "x" * 121])
def test_a_name_is_asked_for(settings: Any, name: str | None) -> None:
    accounts_mode(settings, sign_up=True)
    answer = Visitor().sign_up(address(), name)
    assert (answer.status_code, {one["param"] for one in answer.json()["errors"]}) == (400, {"name"})


def test_where_mail_goes_out_the_address_is_proved_first(settings: Any) -> None:
    accounts_mode(settings, sign_up=True)
    settings.ACCOUNT_EMAIL_VERIFICATION, settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = "mandatory", True
    visitor, email = Visitor(), address()
    assert visitor.sign_up(email).status_code == 401
    assert not visitor.known
    (sent,) = mail.outbox
    assert sent.to == [email]
    (code,) = re.findall(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$|^[A-Z0-9]{6}$", str(sent.body), re.MULTILINE)
    assert "A. Name" in str(sent.body)
    assert visitor.auth("post", "/auth/email/verify", {"key": "AAAA11"}).status_code == 400
    assert visitor.auth("post", "/auth/email/verify", {"key": code}).status_code == 200
    assert visitor.known


# --- signing in -------------------------------------------------------------------------------------------------------


def test_a_password_opens_and_a_wrong_one_does_not() -> None:
    account = made.account("Dr B. Name")
    visitor = Visitor()
    assert visitor.log_in(account.email, "not the password 1").status_code == 400
    assert not visitor.known
    assert visitor.log_in(account.email.upper()).status_code == 200
    assert visitor.api("get", "/account").json() == {
        "id": str(account.pk), "name": "Dr B. Name", "email": account.email, "administrator": False,
    }  # fmt: skip


def test_a_wrong_address_and_a_wrong_password_are_told_alike() -> None:
    known, unknown = (
        Visitor().log_in(one, "not the password 1") for one in (made.account().email, "nobody@example.org")
    )
    assert known.json() == unknown.json()


def test_after_five_failures_even_the_right_password_waits() -> None:
    account = made.account()
    for _ in range(5):
        assert Visitor().log_in(account.email, "not the password 1").status_code == 400
    answer = Visitor().log_in(account.email)
    assert (answer.status_code, answer.json()["type"]) == (429, "urn:gradatim:problem:too-many")
    assert answer["Retry-After"] == "300"
    assert Visitor().log_in(made.account().email).status_code == 200  # others are not kept out


def test_many_guesses_from_one_address_are_stopped(settings: Any) -> None:
    settings.RATE = 1
    answers = [Visitor().log_in(made.account().email, "not the password 1").status_code for _ in range(12)]
    assert answers[:10] == [400] * 10
    assert answers[10:] == [429, 429]


def test_signing_in_needs_the_proof_against_forgery() -> None:
    client = made.browser()
    client.get(f"{made.API}/session")
    answer = client.post(f"{AUTH}/auth/login", {"email": made.account().email, "password": made.PASSWORD}, "application/json")  # fmt: skip
    assert answer.status_code == 403


def test_signing_in_changes_the_name_of_the_session() -> None:
    """So that a session that somebody planted before is worth nothing after."""
    visitor = Visitor()
    visitor.api("post", "/invitations/show", {"code": invited()})
    before = visitor.client.cookies["gradatim-session"].value
    visitor.log_in(made.account().email)
    assert visitor.client.cookies["gradatim-session"].value != before


def test_a_question_that_was_on_its_way_does_not_take_the_new_sign_in_along() -> None:
    """A browser asks in the background with the session that it had, and hears of it after it signed in."""
    visitor = signed_in(made.account())
    other = Visitor()
    other.client.cookies["gradatim-session"] = "0" * 32  # as one that was replaced by signing in
    for method, path in (("get", "/session"), ("get", "/records"), ("post", "/devices")):
        assert "gradatim-session" not in other.api(method, path, {} if method == "post" else None).cookies
    assert visitor.auth("delete", "/auth/session").cookies["gradatim-session"]["max-age"] == 0


def test_signing_out_ends_the_session() -> None:
    visitor = signed_in(made.account())
    stolen = visitor.client.cookies["gradatim-session"].value
    visitor.auth("delete", "/auth/session")
    visitor.client.cookies["gradatim-session"] = stolen
    assert not visitor.known


def test_who_is_kept_out_cannot_sign_in_and_what_was_open_is_shut() -> None:
    account = made.account()
    visitor, program = signed_in(account), made.program(account)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert not visitor.known
    assert made.send(program, "get", "/records").status_code == 401
    assert Visitor().log_in(account.email).status_code == 401


# --- a second factor --------------------------------------------------------------------------------------------------


def with_totp(account: Account) -> tuple[str, list[str]]:
    """The secret of an authenticator app that was added, and the recovery codes."""
    visitor = signed_in(account)
    visitor.confirm()
    secret = visitor.auth("get", "/account/authenticators/totp").json()["meta"]["secret"]
    assert visitor.auth("post", "/account/authenticators/totp", {"code": "000000"}).status_code == 400
    assert visitor.auth("post", "/account/authenticators/totp", {"code": totp(secret)}).status_code == 200
    codes = visitor.auth("get", "/account/authenticators/recovery-codes").json()["data"]["unused_codes"]
    return secret, codes


def test_an_authenticator_app_is_asked_for_after_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    account = made.account()
    secret, _ = with_totp(account)
    visitor = Visitor()
    assert visitor.log_in(account.email).status_code == 401
    assert not visitor.known
    assert visitor.auth("post", "/auth/2fa/authenticate", {"code": "000000"}).status_code == 400
    assert not visitor.known
    import time

    later = time.time() + 60  # a code works once
    monkeypatch.setattr(time, "time", lambda: later)
    assert visitor.auth("post", "/auth/2fa/authenticate", {"code": totp(secret, later)}).status_code == 200
    assert visitor.known


def test_a_code_of_the_app_works_once(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    account = made.account()
    secret, _ = with_totp(account)
    later = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    answers = []
    for _ in range(2):
        visitor = Visitor()
        visitor.log_in(account.email)
        answers.append(visitor.auth("post", "/auth/2fa/authenticate", {"code": totp(secret, later)}).status_code)
    assert answers == [200, 400]


def test_guessing_the_second_factor_is_stopped() -> None:
    account = made.account()
    with_totp(account)
    visitor = Visitor()
    visitor.log_in(account.email)
    answers = [visitor.auth("post", "/auth/2fa/authenticate", {"code": "000000"}).status_code for _ in range(6)]
    assert answers == [400] * 5 + [429]


def test_a_recovery_code_opens_once() -> None:
    account = made.account()
    _, codes = with_totp(account)
    assert len(codes) == 10
    answers = []
    for _ in range(2):
        visitor = Visitor()
        visitor.log_in(account.email)
        answers.append(visitor.auth("post", "/auth/2fa/authenticate", {"code": codes[0]}).status_code)
    assert answers == [200, 400]


def test_adding_a_second_factor_takes_a_fresh_proof() -> None:
    account = made.account()
    visitor = signed_in(account)
    answer = visitor.auth("post", "/account/authenticators/totp", {"code": "000000"})
    assert answer.status_code in (400, 401)
    secret = visitor.auth("get", "/account/authenticators/totp").json().get("meta", {}).get("secret")
    if secret:
        assert visitor.auth("post", "/account/authenticators/totp", {"code": totp(secret)}).status_code == 401
        visitor.confirm()
        assert visitor.auth("post", "/account/authenticators/totp", {"code": totp(secret)}).status_code == 200


def test_changing_the_address_takes_a_fresh_proof() -> None:
    visitor = signed_in(made.account())
    assert visitor.auth("post", "/account/email", {"email": address()}).status_code == 401
    assert visitor.confirm("not the password 1").status_code == 400
    assert visitor.confirm().status_code == 200
    assert visitor.auth("post", "/account/email", {"email": address()}).status_code == 200


def test_a_new_address_takes_the_place_of_the_old_one_once_it_is_proved_and_the_old_one_is_told(settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION, settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = "mandatory", True
    settings.ACCOUNT_CHANGE_EMAIL = settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    account = made.account()
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    visitor, before, after = signed_in(account), account.email, address()
    visitor.confirm()
    assert visitor.auth("post", "/account/email", {"email": after}).status_code == 200
    (sent,) = mail.outbox
    assert sent.to == [after]
    assert visitor.api("get", "/account").json()["email"] == before  # not yet
    assert visitor.auth("post", "/auth/email/verify", {"key": "AAAA11"}).status_code == 400
    (code,) = re.findall(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$|^[A-Z0-9]{6}$", str(sent.body), re.MULTILINE)
    assert visitor.auth("post", "/auth/email/verify", {"key": code}).status_code == 200
    assert visitor.api("get", "/account").json()["email"] == after
    assert mail.outbox[-1].to == [before]
    assert after in str(mail.outbox[-1].body)
    assert [one.email for one in EmailAddress.objects.filter(user=account)] == [after]
    assert Audit.objects.filter(action="address changed", subject=str(account.pk)).count() == 1
    assert Visitor().log_in(before).status_code == 400
    assert Visitor().log_in(after).status_code == 200
    assert visitor.api("patch", "/account", {"email": address()}).status_code == 403  # and by no way without a code


def test_somebody_elses_address_cannot_be_taken(settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION, settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = "mandatory", True
    settings.ACCOUNT_CHANGE_EMAIL = True
    mine, other = made.account(), made.account()
    for one in (mine, other):
        EmailAddress.objects.create(user=one, email=one.email, verified=True, primary=True)
    visitor = signed_in(mine)
    visitor.confirm()
    assert (
        visitor.auth("post", "/account/email", {"email": other.email}).status_code == 200
    )  # it is not told whether somebody has it
    (code,) = re.findall(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$|^[A-Z0-9]{6}$", str(mail.outbox[-1].body), re.MULTILINE)
    answer = visitor.auth("post", "/auth/email/verify", {"key": code})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "email_taken")
    assert visitor.api("get", "/account").json()["email"] == mine.email


def test_without_mail_an_address_is_changed_by_who_proves_who_they_are() -> None:
    account, other = made.account(), made.account()
    visitor, before, after = signed_in(account), account.email, address()
    device = Visitor()
    device.client.cookies["gradatim-device"] = who.new_device(account, "A phone", who.ALL, program=False)[1]
    assert device.api("patch", "/account", {"email": after}).json()["type"] == "urn:gradatim:problem:sign-in-again"
    assert visitor.api("patch", "/account", {"email": "nothing"}).json()["faults"][0]["path"] == "email"
    for taken in (other.email, other.email.upper()):
        answer = visitor.api("patch", "/account", {"email": taken})
        assert answer.json()["type"] == "urn:gradatim:problem:there-already"
    assert visitor.api("get", "/account").json()["email"] == before
    assert visitor.api("patch", "/account", {"email": f" {after.upper()} "}).json()["email"] == after
    assert Visitor().log_in(before).status_code == 400
    assert Visitor().log_in(after).status_code == 200
    assert Audit.objects.filter(action="address changed", subject=str(account.pk)).count() == 1


# --- sessions, passwords, devices -------------------------------------------------------------------------------------


def test_sessions_are_listed_and_one_is_ended_from_another() -> None:
    account = made.account()
    here, there = signed_in(account), signed_in(account)
    listed = here.auth("get", "/auth/sessions").json()["data"]
    assert sorted(one["is_current"] for one in listed) == [False, True]
    (other,) = [one["id"] for one in listed if not one["is_current"]]
    assert signed_in(made.account()).auth("delete", "/auth/sessions", {"sessions": [other]}).status_code == 400
    assert there.known
    assert here.auth("delete", "/auth/sessions", {"sessions": [other]}).status_code == 200
    assert (here.known, there.known) == (True, False)


def test_a_new_password_ends_every_session_and_leaves_the_devices() -> None:
    account = made.account()
    here, there, program = signed_in(account), signed_in(account), made.program(account)
    wrong = here.auth("post", "/account/password/change", {"current_password": "no", "new_password": NEW})
    assert wrong.status_code == 400
    here.auth("post", "/account/password/change", {"current_password": made.PASSWORD, "new_password": NEW})
    assert (here.known, there.known) == (False, False)
    assert made.send(program, "get", "/records").status_code == 200
    assert Visitor().log_in(account.email).status_code == 400
    assert Visitor().log_in(account.email, NEW).status_code == 200


def test_a_browser_that_signed_in_becomes_a_device_and_is_ended_at_once() -> None:
    account = made.account()
    here, there = signed_in(account), signed_in(account)
    answer = here.api("post", "/devices", {"label": "A phone"})
    assert answer.status_code == 201
    device = answer.json()["id"]
    assert here.client.cookies["gradatim-device"]["httponly"]
    here.auth("delete", "/auth/session")
    assert here.known  # by the device now
    assert here.api("post", "/devices", {"label": "Again"}).status_code == 409
    assert there.api("delete", f"/devices/{device}").status_code == 204
    assert not here.known


def test_a_program_makes_no_device_of_itself() -> None:
    answer = made.send(made.program(made.account()), "post", "/devices", {"label": "More"})
    assert answer.status_code == 409


@pytest.mark.parametrize("first", ["signs in, then is a device", "is a device, then signs in"])
def test_who_ends_a_device_ends_the_sign_in_of_its_browser_too(first: str) -> None:
    """Else a lost phone in which somebody once signed in went on without being a device."""
    account = made.account()
    phone, other = signed_in(account), signed_in(account)
    device = phone.api("post", "/devices", {"label": "A phone"}).json()["id"]
    if first == "is a device, then signs in":
        phone.auth("delete", "/auth/session")
        assert phone.log_in(account.email).status_code == 200
    assert phone.auth("get", "/auth/session").status_code == 200
    assert made.send(made.program(account), "delete", f"/devices/{device}").status_code == 204
    assert phone.auth("get", "/auth/session").status_code == 401
    assert not phone.known
    assert other.known


def test_everything_else_is_ended_by_one_call() -> None:
    account, other = made.account(), made.account()
    here, there, phone = signed_in(account), signed_in(account), signed_in(account)
    phone.api("post", "/devices", {"label": "A phone"})
    program, theirs = made.program(account), made.program(other)
    PairingCode.objects.create(code_hash="1" * 64, account=account, expires=timezone.now() + timedelta(days=1))
    assert here.api("post", "/devices/end-others", {}).json() == {"devices": 2, "sessions": 2}
    assert (here.known, there.known, phone.known) == (True, False, False)
    assert made.send(program, "get", "/records").status_code == 401
    assert made.send(theirs, "get", "/records").status_code == 200
    assert not PairingCode.objects.filter(account=account).exists()
    assert Device.objects.filter(account=account, revoked=None).count() == 0


def test_a_device_that_ends_everything_else_stays() -> None:
    account = made.account()
    device, other = made.program(account), made.program(account)
    assert made.send(device, "post", "/devices/end-others", {}).json() == {"devices": 1, "sessions": 0}
    assert made.send(device, "get", "/records").status_code == 200
    assert made.send(other, "get", "/records").status_code == 401


def test_a_name_can_be_changed_and_not_taken_away() -> None:
    visitor = signed_in(made.account())
    assert visitor.api("patch", "/account", {"name": " Dr B.\n Name "}).json()["name"] == "Dr B. Name"
    for name in ("", "  ", "a\x07b"):
        assert visitor.api("patch", "/account", {"name": name}).status_code == 422


# --- one browser, one account after another ---------------------------------------------------------------------------


def test_a_page_of_another_account_is_refused_whatever_it_asks() -> None:
    mine, other = made.account(), made.account()
    visitor = signed_in(mine)
    assert visitor.api("get", "/session").json()["account"] == str(mine.pk)
    for method, path, body in (
        ("get", "/records", None),
        ("post", "/records", {}),
        ("patch", "/account", {"name": "X"}),
    ):
        answer = visitor.api(method, path, body, {"Gradatim-Account": str(other.pk)})
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:gradatim:problem:other-account")
    assert not mine.grants.exists()
    assert visitor.api("get", "/records", None, {"Gradatim-Account": str(mine.pk)}).status_code == 200
    assert visitor.api("patch", "/account", {"name": "X"}, {"Gradatim-Account": str(mine.pk)}).status_code == 200


def test_nobody_is_told_no_account() -> None:
    assert Visitor().api("get", "/session").json()["account"] is None
