"""A server with mail that everybody may join: addresses are proved by a code, passwords are set by a link, and a provider signs people in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.clinic import (
    NEW,
    PASSWORD,
    Clinic,
    Somebody,
    address,
    field,
    kept,
    press,
    session,
    sign_up,
    type_password,
)
from tests.browser.conftest import NewBrowser
from tests.browser.home import settled, until
from tests.server.provider import Provider


@pytest.fixture
def page(new_browser: NewBrowser, open_clinic: Clinic) -> Page:
    """A browser that nobody knows yet, at the door."""
    return open_clinic.open(new_browser().new_page())


def code_in(mail: str) -> str:
    """The code that stands in a mail."""
    (found,) = re.findall(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$|^[A-Z0-9]{6}$", mail, re.MULTILINE)
    return str(found)


def begun(page: Page) -> None:
    """Wait until somebody without a record is in."""
    expect(page.get_by_role("heading", name="Nothing is here yet")).to_be_visible()
    assert session(page)["device"] is not None


def made(page: Page, clinic: Clinic) -> Somebody:
    """An account that was made with these forms, its address proved."""
    clinic.open(page, "#sign-up")
    assert "sign-up" not in page.url
    who = sign_up(page, address(), "A. Name")
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    field(page, "Code from the mail").fill("AAAA11")
    press(page, "Confirm the address")
    expect(page.get_by_text("This code is not right. Look into the newest mail.")).to_be_visible()
    assert session(page)["name"] is None
    field(page, "Code from the mail").fill(code_in(clinic.mail(who.email)))
    press(page, "Confirm the address")
    begun(page)
    return who


def test_an_address_is_proved_by_a_code_and_a_password_set_by_a_link(
    page: Page, open_clinic: Clinic, new_browser: NewBrowser
) -> None:
    who = made(page, open_clinic)
    other = new_browser().new_page()
    open_clinic.open(other, "#/signin")
    other.get_by_role("link", name="I forgot my password").click()
    field(other, "E-mail address").fill(who.email)
    press(other, "Send the link")
    expect(other.get_by_text("If there is an account with this address")).to_be_visible()
    link = re.findall(r"#reset=\S+", open_clinic.mail(who.email))[-1]
    other.goto(open_clinic.app + link)
    settled(other)
    until(other, lambda: link not in other.url)
    field(other, "New password").fill(NEW)
    press(other, "Set the password")
    other.get_by_role("link", name="Sign in", exact=True).click()
    type_password(other, who, NEW)
    begun(other)
    assert NEW not in kept(other)


def test_an_address_that_nobody_has_is_told_the_same(page: Page, open_clinic: Clinic) -> None:
    open_clinic.open(page, "#reset")
    field(page, "E-mail address").fill("nobody@example.org")
    press(page, "Send the link")
    expect(page.get_by_text("If there is an account with this address")).to_be_visible()


def test_a_link_that_confirms_leaves_the_address_and_waits_for_a_tap(page: Page, open_clinic: Clinic) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    open_clinic.open(page, "#confirm=ABCDEF")
    expect(page.get_by_role("heading", name="Confirm your address")).to_be_visible()
    assert "ABCDEF" not in page.url
    assert asked == []
    press(page, "Confirm the address")
    expect(page.get_by_role("alert").get_by_text("This link does not work here")).to_be_visible()


@pytest.fixture
def agrees(outside: Provider, page: Page) -> Callable[..., None]:
    """Somebody whom the provider knows, and who agrees to be signed in here; or does not."""

    def agree(*, agreed: bool = True, **person: Any) -> None:
        outside.person.clear()
        outside.person.update({"sub": person.get("email", "x"), "email_verified": True, **person})

        def there(route: Route) -> None:
            back = outside.authorize(route.request.url)
            if not agreed:
                back = re.sub(r"code=[^&]+", "error=access_denied", back)
            route.fulfill(status=302, headers={"Location": back})

        page.route(f"{outside.url}/authorize*", there)

    return agree


def test_the_provider_signs_somebody_in_who_is_then_a_device(
    page: Page, open_clinic: Clinic, agrees: Callable[..., None]
) -> None:
    agrees(email=address(), name="A. Name")
    open_clinic.open(page, "#/signin")
    press(page, "Sign in with Clinic")
    begun(page)
    assert session(page)["name"] == "A. Name"
    assert PASSWORD not in kept(page)


def test_who_comes_without_a_name_is_asked_for_it(page: Page, open_clinic: Clinic, agrees: Callable[..., None]) -> None:
    email = address()
    agrees(email=email)
    open_clinic.open(page, "#/signin")
    press(page, "Sign in with Clinic")
    expect(page.get_by_role("heading", name="What are you called?")).to_be_visible()
    expect(field(page, "E-mail address")).to_have_value(email)
    press(page, "Make the account")
    expect(page.get_by_text("Fill this in.")).to_be_visible()
    field(page, "Your name").fill("B. Name")
    press(page, "Make the account")
    begun(page)
    assert session(page)["name"] == "B. Name"


def test_who_does_not_agree_is_told_and_the_address_is_clean(
    page: Page, open_clinic: Clinic, agrees: Callable[..., None]
) -> None:
    agrees(agreed=False, email=address(), name="A. Name")
    open_clinic.open(page, "#/signin")
    press(page, "Sign in with Clinic")
    expect(page.get_by_role("heading", name="Not signed in")).to_be_visible()
    expect(page.get_by_text("It was stopped on the other side.")).to_be_visible()
    assert "error" not in page.url
    page.reload()
    settled(page)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
