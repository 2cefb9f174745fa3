"""Every state of signing in, for everybody's eyes and hands: with axe, on a small screen, in the dark, at 400 % and with the keyboard alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from tests.browser.clinic import PASSWORD, Clinic, Somebody, field, inside, press, sign_in, type_password
from tests.browser.conftest import NewBrowser
from tests.browser.home import PHONE, quiet, settled, watched
from tests.browser.looking import DESK, in_all_colours_and_sizes, seen_as, stop, too_wide, walk
from tests.server.signing import totp

State = tuple[str, Page]


def states(clinic: Clinic, context: BrowserContext) -> Iterator[State]:
    """The screens of signing in one after the other, each as somebody meets it."""
    page = watched(context.new_page())
    who = clinic.account()

    def at(name: str) -> State:
        settled(page)
        quiet(page)
        return name, page

    clinic.open(page)
    yield at("welcome")
    press(page, "Go on")
    yield at("at the door")
    clinic.open(page, "#/signin")
    yield at("signing in")
    type_password(page, who, "not the password 1")
    expect(page.get_by_text("The address or the password is not right.")).to_be_visible()
    page.get_by_label("This device is mine.").uncheck()
    yield at("a wrong password")
    clinic.open(page, "#/signin/up")
    yield at("a code for an account")
    clinic.open(page, f"#join={clinic.invitation()}")
    expect(page.get_by_text("This invitation makes one account")).to_be_visible()
    press(page, "Make the account")
    yield at("making an account, and nothing filled in")
    clinic.open(page, "#/signin/forgot")
    yield at("a forgotten password")
    clinic.open(page, clinic.reset_link(who).removeprefix(clinic.app))
    yield at("a new password")
    clinic.open(page, "#reset=1-abc")
    yield at("a link that does not work")
    clinic.open(page, "#confirm=ABC")
    yield at("confirming an address")
    clinic.open(page, "#sign-in-failed")
    yield at("not signed in")
    clinic.open(page, "#/signin")
    page.get_by_label("This device is mine.").check()
    sign_in(clinic, page, who)
    clinic.open(page, "#/account")
    yield at("the account")
    press(page, "Add an authenticator app")
    expect(page.get_by_role("dialog", name="Is it you?").get_by_label("Password", exact=True)).to_be_visible()
    yield at("is it you")
    field(page.get_by_role("dialog"), "Password").fill(PASSWORD)
    press(page.get_by_role("dialog"), "It is me")
    secret = field(page, "Key").input_value()
    yield at("adding an app")
    field(page, "Code that the app shows").fill(totp(secret))
    press(page, "Add it")
    expect(page.get_by_text("It is asked for when you sign in.")).to_be_visible()
    press(page, "Show the codes")
    expect(page.get_by_role("list", name="Recovery codes")).to_be_visible()
    press(page, "Remove the app")
    yield at("recovery codes, and about to remove the app")
    clinic.open(page, "#/settings/device")
    yield at("the device")
    clinic.open(page, "#pair=ABCD1234")
    yield at("connected already")
    clinic.end_sessions(who)
    clinic.open(page, "#/account")
    page.reload()
    settled(page)
    press(page, "Go on")
    expect(page.get_by_role("dialog").get_by_label("Password", exact=True)).to_be_visible()
    yield at("is it you, from the start")
    field(page.get_by_role("dialog"), "Password").fill(PASSWORD)
    press(page.get_by_role("dialog"), "Sign in")
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    yield at("a second step")
    press(page, "Leave it")
    yield from nobody(clinic, page, who)


def nobody(clinic: Clinic, page: Page, who: Somebody) -> Iterator[State]:
    """Of who has no record yet."""
    clinic.open(page, "#/settings/device")
    press(page, "Sign out and remove this device")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Settings")
    new = clinic.account("B. Name", record=False)
    clinic.open(page, "#/signin")
    type_password(page, new)
    expect(page.get_by_role("heading", name="Nothing is here yet")).to_be_visible()
    settled(page)
    quiet(page)
    yield "nothing yet", page


SMALL = """() => [...document.querySelectorAll('main a, main button, main input, main summary, main select, dialog a, dialog button, dialog input')]
    .map((one) => [one, one.closest('label')?.getBoundingClientRect() ?? one.getBoundingClientRect()])
    .filter(([one, box]) => box.width > 1 && box.height > 1 && (box.height < 44 || (one.matches('.main') && box.height < 60)))
    .map(([one, box]) => `${one.tagName} ${one.textContent.trim().slice(0, 40)} ${Math.round(box.width)}x${Math.round(box.height)}`)"""


SIZES: dict[str, ViewportSize] = {"phone": PHONE, "desk": DESK, "phone at 400 %": {"width": 320, "height": 256}}
"""The last is a window of 1280 by 1024 at 400 % (WCAG 1.4.10)."""


def shot(page: Page, name: str) -> None:
    """Keep a picture of this state, where somebody wants to look at them."""
    if shots := os.environ.get("BROWSER_SHOTS"):
        page.screenshot(path=f"{shots}/{name}.png", full_page="is it you" not in name and "second" not in name)


def test_axe_at_every_size_and_in_the_dark(new_browser: NewBrowser, clinic: Clinic) -> None:
    wrong = []
    for name, page in states(clinic, new_browser(reduced_motion="reduce")):
        wrong += [f"{name}: {one}" for one in in_all_colours_and_sizes(page)]
        for size, pixels in SIZES.items():
            seen_as(page, size=pixels)
            shot(page, f"{name}-{size}")
            wrong += [f"{name}: {size}: {one}" for one in too_wide(page)]
            if size != "phone at 400 %":
                wrong += [f"{name}: {size}: too small: {one}" for one in page.evaluate(SMALL)]
        seen_as(page)
    assert not wrong, "\n".join(wrong)


def to(page: Page, name: str) -> None:
    """Press the tab key until something of this name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        on = stop(page)
        label = page.evaluate("document.activeElement?.labels?.[0]?.textContent.trim() ?? ''")
        if name in (label, on and on["name"]):
            assert on is not None, name
            assert on["seen"], name
            return
    raise AssertionError(name)


def test_with_the_keyboard_alone(new_browser: NewBrowser, clinic: Clinic) -> None:
    who = clinic.account()
    page = new_browser().new_page()
    clinic.open(page, "#/signin")
    expect(field(page, "Password")).to_be_visible()
    assert all(one["seen"] for one in walk(page))
    page.reload()
    settled(page)
    for name, text in (("E-mail address", who.email), ("Password", PASSWORD)):
        to(page, name)
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    inside(page)
    clinic.open(page, "#/account")
    to(page, "Add an authenticator app")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Is it you?")
    expect(field(dialog, "Password")).to_be_visible()
    to(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    secret = field(page, "Key").input_value()
    to(page, "Code that the app shows")
    page.keyboard.type(totp(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_text("It is asked for when you sign in.")).to_be_visible()


AUTOCOMPLETE: list[tuple[str, Callable[[Clinic], str], dict[str, str]]] = [
    ("signing in", lambda _: "#/signin", {"E-mail address": "username", "Password": "current-password"}),
    ("an account", lambda clinic: f"#join={clinic.invitation()}", {"Your name": "name", "E-mail address": "username", "Password": "new-password"}),
    ("a new password", lambda clinic: clinic.reset_link(clinic.account()).removeprefix(clinic.app), {"New password": "new-password"}),
]  # fmt: skip


@pytest.mark.parametrize(("where", "place", "fields"), AUTOCOMPLETE, ids=[one[0] for one in AUTOCOMPLETE])
def test_a_password_manager_knows_every_field(
    new_browser: NewBrowser, clinic: Clinic, where: str, place: Callable[[Clinic], str], fields: dict[str, str]
) -> None:
    page = clinic.open(new_browser().new_page(), place(clinic))
    for label, wanted in fields.items():
        expect(field(page, label)).to_have_attribute("autocomplete", wanted)


def test_a_password_is_pasted_and_seen(new_browser: NewBrowser, clinic: Clinic) -> None:
    who = clinic.account()
    context = new_browser(permissions=["clipboard-read", "clipboard-write"])
    page = clinic.open(context.new_page(), "#/signin")
    password = field(page, "Password")
    expect(password).to_have_attribute("type", "password")
    page.evaluate("(text) => navigator.clipboard.writeText(text)", PASSWORD)
    password.focus()
    page.keyboard.press("Control+V")
    press(page, "Show the password")
    expect(password).to_have_attribute("type", "text")
    expect(password).to_have_value(PASSWORD)
    field(page, "E-mail address").fill(who.email)
    press(page, "Sign in")
    inside(page)
