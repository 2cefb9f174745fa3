"""A server with accounts for the browser: people who sign up and in by the forms of the app, and what the test itself may do."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.home import Home, settled, watched
from tests.server.running import Running

PASSWORD = "a long enough secret 7"
NEW = "another long secret 8"
_numbers = itertools.count()


@dataclass(slots=True)
class Somebody:
    """An account, and how one gets into it."""

    email: str
    name: str
    home: Home | None = None


@dataclass(slots=True)
class Clinic:
    """The server."""

    server: Running

    @property
    def app(self) -> str:
        """The address of the app, under a name, for passkeys are for names only."""
        return f"{self.server.address.replace('127.0.0.1', 'localhost')}/app/"

    def invitation(self, *, administrator: bool = False) -> str:
        """The code of an invitation, as the command on the machine prints it."""
        code: str = self.server.tell(do="invite", administrator=administrator)["code"]
        return code

    def account(self, name: str = "A. Name", *, record: bool = True) -> Somebody:
        """An account that is there already, with an empty record."""
        email = address()
        told = self.server.tell(do="account", email=email, name=name, password=PASSWORD, record=record)
        home = Home(self.server, told["record"], told["token"], []) if record else None
        return Somebody(email, name, home)

    def reset_link(self, who: Somebody) -> str:
        """The link that who runs the machine gives to somebody who cannot get in."""
        link: str = self.server.tell(do="reset", email=who.email)["link"]
        return self.app + link[link.index("#") :]

    def older(self, who: Somebody, seconds: int) -> None:
        """Let it be so long ago that somebody proved who they are."""
        self.server.tell(do="older", email=who.email, seconds=seconds)

    def end_sessions(self, who: Somebody) -> None:
        """Two weeks go by: nobody is signed in any more, and devices are."""
        self.server.tell(do="older", email=who.email, seconds=None)

    def mail(self, to: str) -> str:
        """The newest mail to an address."""
        found = [one.read_text() for one in sorted((self.server.data / "mail").glob("*.log"))]
        return next(text for text in reversed(found) if f"To: {to}" in text)

    def open(self, page: Page, to: str = "") -> Page:
        """Open the app at a place."""
        page.goto(self.app + to)
        settled(page)
        return page


def address() -> str:
    """A new e-mail address."""
    return f"browser{next(_numbers)}@example.org"


def field(page: Page | Locator, label: str) -> Locator:
    """A field by its label."""
    return page.get_by_label(label, exact=True)


def press(page: Page | Locator, name: str) -> None:
    """Press a button."""
    page.get_by_role("button", name=name, exact=True).click()


def type_password(page: Page | Locator, who: Somebody, password: str = PASSWORD) -> None:
    """Fill the first step in and send it."""
    field(page, "E-mail address").fill(who.email)
    field(page, "Password").fill(password)
    press(page, "Sign in")


def sign_in(clinic: Clinic, page: Page, who: Somebody) -> Page:
    """Sign in, and see that it worked."""
    clinic.open(watched(page), "#/signin")
    type_password(page, who)
    inside(page)
    return page


def sign_up(page: Page, email: str, name: str) -> Somebody:
    """Fill the form for a new account in."""
    field(page, "Your name").fill(name)
    field(page, "E-mail address").fill(email)
    field(page, "Password").fill(PASSWORD)
    press(page, "Make the account")
    return Somebody(email, name)


def inside(page: Page) -> None:
    """Wait until somebody is in."""
    expect(page).to_have_url(re.compile(r"#/now$"))
    settled(page)


def session(page: Page) -> dict[str, Any]:
    """Who this browser is to the server."""
    found: dict[str, Any] = page.evaluate("fetch('/api/v1/session').then((answer) => answer.json())")
    return found


def kept(page: Page) -> str:
    """Everything that scripts of the page can read on this device, as text."""
    text: str = page.evaluate(
        """async () => {
            const open = (request) => new Promise((done, fail) => { request.onsuccess = () => done(request.result); request.onerror = () => fail(request.error); });
            const found = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.cookie, location.href];
            for (const { name } of await indexedDB.databases()) {
                const base = await open(indexedDB.open(name));
                for (const table of base.objectStoreNames) found.push(JSON.stringify(await open(base.transaction(table).objectStore(table).getAll())));
                base.close();
            }
            for (const name of await caches.keys()) for (const one of await (await caches.open(name)).keys()) found.push(one.url);
            return found.join('\\n');
        }"""
    )
    return text
