"""Signing up and in by the app's own forms: what is typed wrong is said beside it, and what opens nothing is left nowhere."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.clinic import (
    NEW,
    PASSWORD,
    Clinic,
    address,
    field,
    inside,
    kept,
    press,
    session,
    sign_in,
    sign_up,
    type_password,
)
from tests.browser.conftest import NewBrowser
from tests.browser.home import Home, settled, until, watched
from tests.server.signing import totp


@pytest.fixture
def page(new_browser: NewBrowser, clinic: Clinic) -> Page:
    """A browser that nobody knows yet, at the door."""
    return clinic.open(new_browser().new_page())


def invalid(page: Page) -> list[str]:
    """The field that has the focus, and what is said to be wrong with it."""
    until(page, lambda: page.evaluate("document.activeElement.getAttribute('aria-invalid') === 'true'"))
    return page.evaluate(  # type: ignore[no-any-return]
        "(() => { const on = document.activeElement; return [on.labels[0].textContent.trim(), on.getAttribute('aria-describedby').split(' ').map((one) => document.getElementById(one).textContent).at(-1).trim()]; })()"
    )


def test_signing_in_makes_this_browser_a_device_and_keeps_no_secret(page: Page, clinic: Clinic) -> None:
    who = clinic.account()
    sign_in(clinic, page, who)
    told = session(page)
    assert (told["name"], told["mode"]) == (who.name, "accounts")
    assert told["device"] is not None
    assert PASSWORD not in kept(page)
    clinic.end_sessions(who)
    page.reload()
    settled(page)
    assert session(page)["name"] == who.name  # the device stays, as a paired one does


def test_on_a_device_of_others_one_is_signed_in_and_it_is_no_device(page: Page, clinic: Clinic) -> None:
    who = clinic.account()
    clinic.open(page, "#/signin")
    page.get_by_label("This device is mine.").uncheck()
    type_password(page, who)
    inside(page)
    assert session(page)["device"] is None
    assert who.home is not None
    page.get_by_role("link", name="More", exact=True).click()
    settled(page)
    found = kept(page)
    assert (who.name in found, f"records/{who.home.record}" in found, who.email in found) == (False, False, False)
    page.reload()
    settled(page)
    assert session(page)["name"] == who.name
    assert f"records/{who.home.record}" not in kept(page)
    clinic.open(page, "#/settings/device")
    press(page, "Sign out and remove this device")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Sign in|Baclofen"))
    assert session(page)["name"] is None


def test_signing_out_ends_the_device_and_the_session(page: Page, clinic: Clinic) -> None:
    who = clinic.account()
    sign_in(clinic, page, who)
    clinic.open(page, "#/settings/device")
    press(page, "Sign out and remove this device")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Sign in|Baclofen"))
    settled(page)
    assert session(page)["name"] is None
    assert who.email not in kept(page)


def test_what_is_wrong_is_said_beside_the_field_and_the_focus_is_there(page: Page, clinic: Clinic) -> None:
    who = clinic.account()
    clinic.open(page, "#/signin")
    press(page, "Sign in")
    assert invalid(page) == ["E-mail address", "◆ Fill this in."]
    type_password(page, who, "not the password 1")
    expect(page.get_by_text("The address or the password is not right.")).to_be_visible()
    assert invalid(page)[1] == "◆ The address or the password is not right."
    assert session(page)["name"] is None
    type_password(page, who)
    inside(page)


def test_after_too_many_tries_it_says_how_long_to_wait(page: Page, clinic: Clinic) -> None:
    who = clinic.account()
    clinic.open(page, "#/signin")
    for _ in range(5):
        type_password(page, who, "not the password 1")
        expect(page.get_by_text("The address or the password is not right.")).to_be_visible()
        field(page, "Password").fill("")
    type_password(page, who)
    expect(page.get_by_role("alert").get_by_text("Wait 5 minutes, then try again.")).to_be_visible()
    assert session(page)["name"] is None


def test_an_invitation_makes_an_account_and_leaves_the_address(page: Page, clinic: Clinic) -> None:
    code = clinic.invitation()
    page.goto("about:blank")
    clinic.open(page, f"#join={code}")
    expect(page.get_by_text("This invitation makes one account on this server.")).to_be_visible()
    assert code not in page.url
    assert code not in kept(page)
    press(page, "Make the account")
    assert invalid(page) == ["Your name", "◆ Fill this in."]
    field(page, "Your name").fill("A. Name")
    field(page, "E-mail address").fill("nothing")
    field(page, "Password").fill("short")
    press(page, "Make the account")
    expect(page.get_by_text("This is no e-mail address.")).to_be_visible()
    expect(page.get_by_text("This is too short: at least 12 characters.")).to_be_visible()
    sign_up(page, address(), "A. Name")
    expect(page.get_by_role("heading", name="Nothing is here yet")).to_be_visible()
    press(page, "Begin with my plan")
    expect(page.get_by_role("heading", name="Make a plan")).to_be_visible()
    page.go_back()
    page.go_back()
    assert code not in page.url


def test_an_invitation_that_was_used_says_so(page: Page, clinic: Clinic) -> None:
    clinic.open(page, "#/signin/up")
    field(page, "Code of the invitation").fill("2222-2222-2222-2222")
    press(page, "Go on")
    expect(page.get_by_role("alert").get_by_text("This invitation is not known")).to_be_visible()


def test_the_second_factor_is_added_asked_for_and_replaced_by_a_recovery_code(
    page: Page, clinic: Clinic, new_browser: NewBrowser
) -> None:
    who = clinic.account()
    sign_in(clinic, page, who)
    clinic.open(page, "#/account")
    clinic.older(who, 3600)
    press(page, "Add an authenticator app")
    again = page.get_by_role("dialog", name="Is it you?")
    field(again, "Password").fill("not the password 1")
    press(again, "It is me")
    expect(again.get_by_text("This is not the password.")).to_be_visible()
    field(again, "Password").fill(PASSWORD)
    press(again, "It is me")
    expect(again).to_have_count(0)
    secret = field(page, "Key").input_value()
    field(page, "Code that the app shows").fill("000000")
    press(page, "Add it")
    assert invalid(page) == [
        "Code that the app shows",
        "◆ This code is not right, or was used already. Wait for the next one.",
    ]
    field(page, "Code that the app shows").fill(totp(secret))
    press(page, "Add it")
    expect(page.get_by_text("It is asked for when you sign in.")).to_be_visible()
    press(page, "Show the codes")
    shown = page.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    expect(shown).to_have_count(10)
    codes = shown.all_text_contents()
    assert secret not in kept(page)
    assert codes[0] not in kept(page)

    other = new_browser().new_page()
    clinic.open(other, "#/signin")
    other.get_by_label("This device is mine.").uncheck()
    type_password(other, who)
    code = field(other, "Code of the app")
    expect(code).to_have_attribute("autocomplete", "one-time-code")
    until(other, lambda: other.evaluate("document.activeElement.textContent") == "One more step")
    other.reload()
    settled(other)
    code.fill("000000")
    press(other, "Go on")
    assert invalid(other)[0] == "Code of the app"
    assert session(other)["name"] is None
    press(other, "Use a recovery code")
    field(other, "Recovery code").fill(codes[0])
    press(other, "Go on")
    inside(other)
    assert session(other)["device"] is None  # as it was chosen before the page was read again


def test_a_reset_link_sets_a_password_once(page: Page, clinic: Clinic) -> None:
    who = clinic.account()
    link = clinic.reset_link(who)
    key = link.partition("#reset=")[2]
    page.goto("about:blank")
    page.goto(link)
    settled(page)
    expect(page.get_by_text(f"For {who.email}.")).to_be_visible()
    assert key not in page.url
    assert key not in kept(page)
    field(page, "New password").fill("short")
    press(page, "Set the password")
    assert invalid(page)[1] == "◆ This is too short: at least 12 characters."
    field(page, "New password").fill(NEW)
    press(page, "Set the password")
    expect(page.get_by_text("The new password is set.")).to_be_visible()
    page.goto("about:blank")
    page.goto(link)
    expect(page.get_by_text("This link does not work: it was used")).to_be_visible()
    clinic.open(page, "#/signin")
    type_password(page, who)
    expect(page.get_by_text("The address or the password is not right.")).to_be_visible()
    type_password(page, who, NEW)
    inside(page)


def test_a_passkey_is_made_and_opens_and_confirms(page: Page, clinic: Clinic) -> None:
    who = clinic.account()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}  # fmt: skip
    key = device.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "automaticPresenceSimulation": True}})
    sign_in(clinic, page, who)
    clinic.open(page, "#/account")
    field(page, "What is it called?").fill("My phone")
    press(page, "Add a passkey of this device")
    again = page.get_by_role("dialog", name="Is it you?")
    field(again, "Password").fill(PASSWORD)
    press(again, "It is me")
    expect(page.get_by_text("The passkey My phone is added.")).to_be_visible()
    clinic.older(who, 3600)
    press(page, "Make new ones")
    press(page, "Make new ones now")
    press(again, "Use a passkey")
    expect(page.get_by_role("list", name="Recovery codes")).to_be_visible()
    clinic.open(page, "#/settings/device")
    press(page, "Sign out and remove this device")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Sign in|Baclofen"))  # loaded anew
    clinic.open(page, "#/signin")
    press(page, "Use a passkey")
    inside(page)
    assert session(page)["device"] is not None
    device.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key["authenticatorId"]})


def test_a_code_on_a_device_that_is_connected_already_leaves_the_address_and_is_not_used(
    new_browser: NewBrowser, home: Home
) -> None:
    context = new_browser()
    home.pair(context)
    page = home.open(context)
    home.new_code()
    code = home.codes[-1]
    page.goto(f"{home.app}#pair={code}")
    expect(page.get_by_role("heading", name="This device is connected already")).to_be_visible()
    assert code not in page.url
    page.evaluate("(code) => { location.hash = `#pair=${code}`; }", code)  # opened while the app is open
    until(page, lambda: code not in page.url)
    page.go_back()
    assert code not in page.url
    home.pair(new_browser())  # it was not used


def test_who_left_out_the_proof_finds_everything_as_it_was(page: Page, clinic: Clinic) -> None:
    who = clinic.account()
    sign_in(clinic, page, who)
    clinic.open(watched(page), "#/account")
    clinic.older(who, 3600)
    field(page, "What is it called?").fill("My phone")
    button = page.get_by_role("button", name="Add a passkey of this device")
    button.click()
    again = page.get_by_role("dialog", name="Is it you?")
    expect(again).to_be_visible()
    page.keyboard.press("Escape")
    expect(again).to_have_count(0)
    expect(page.get_by_text("Nothing was changed.")).to_be_visible()
    until(page, lambda: page.evaluate("document.activeElement.textContent") == "Add a passkey of this device")


def test_an_administrator_invites_and_keeps_out_and_sees_no_record(
    page: Page, clinic: Clinic, new_browser: NewBrowser
) -> None:
    other = clinic.account("C. Name")
    page.goto("about:blank")
    clinic.open(page, f"#join={clinic.invitation(administrator=True)}")
    sign_up(page, address(), "D. Name")
    page.get_by_role("link", name="People and devices").click()
    field(page, "A note for you, so that you know it again").fill("desk 2")
    press(page, "Make an invitation")
    code = field(page, "Code").input_value()
    line = page.get_by_role("listitem").filter(has_text=other.email)
    press(line, "Keep C. Name out")
    press(line, "Keep them out")
    expect(line.get_by_text("Kept out")).to_be_visible()
    expect(page.get_by_role("heading", name="Records", exact=True)).to_have_count(0)
    somebody = new_browser().new_page()
    clinic.open(somebody, "#/signin")
    type_password(somebody, other)
    expect(somebody.get_by_text("The server does not let this account in.")).to_be_visible()
    press(page, "Let C. Name in again")
    expect(line.get_by_text("Kept out")).to_have_count(0)
    clinic.open(somebody, f"#join={code}")
    expect(somebody.get_by_text("This invitation makes one account on this server.")).to_be_visible()
