"""Every screen: there without a server, without an error, without a word to anybody else, and for the keyboard alone."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from tests.browser.conftest import NewBrowser
from tests.browser.home import SCREENS, Home, load, settled, show, take, unsent, until, worker_ready
from tests.browser.looking import walk

WEB = Path(__file__).parents[2] / "web"


def test_every_screen_is_tested() -> None:
    source = (WEB / "src" / "screens" / "index.ts").read_text()
    table = source[source.index("export const SCREENS") : source.index("};")]
    assert sorted(re.findall(r"^\t(\w+):", table, re.MULTILINE)) == sorted(SCREENS)


def test_without_a_server_after_the_first_visit(page: Page, home: Home) -> None:
    """The first and the last screen are loaded anew, so that the shell comes from the worker; what the others need comes from it in any case."""
    worker_ready(page)
    home.server.kill()
    for screen in SCREENS:
        (load if screen in (SCREENS[0], SCREENS[-1]) else show)(page, screen)
        expect(page.get_by_text("No connection")).to_be_visible()
        expect(page.get_by_text("This screen is not on this device")).to_have_count(0)
        assert page.title().endswith("Gradatim")


def test_a_worker_and_a_dose_bring_no_error_and_no_word_to_anybody_else(paired: BrowserContext, home: Home) -> None:
    """What each screen says and asks is looked at in test_for_everybody."""
    said: list[str] = []
    asked: set[str] = set()

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(f"{message.page and message.page.url}: {message.text}")

    paired.on("console", console)
    paired.on("request", lambda request: asked.add(request.url))
    page = home.open(paired)
    worker_ready(page)
    take(page)
    until(page, lambda: unsent(page) == [])
    load(page, "history")
    assert said == []
    assert f"{home.app}worker.js" in asked
    elsewhere = [one for one in asked if urlsplit(one).netloc != urlsplit(home.server.address).netloc]
    assert [one for one in elsewhere if not one.startswith(("data:", "blob:"))] == []


def test_a_browser_that_nobody_knows(new_browser: NewBrowser, home: Home) -> None:
    page = new_browser().new_page()
    for screen in SCREENS:
        page.goto(f"{home.app}#/{screen}")
        settled(page)
    assert home.record not in page.content()


def test_with_the_keyboard_alone(page: Page, home: Home) -> None:
    load(page, "now")
    names = [one["name"] for one in walk(page)]
    assert names[0] == "Skip to what matters"
    for wanted in ("Danger signs and what to do", "Taken", "Not now", "Skip", "Not sure", "Plan", "More"):
        assert wanted in names, (wanted, names)
    load(page, "now")
    for _ in range(names.index("Taken") + 1):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    undo = page.get_by_role("button", name="Undo", exact=True)
    expect(undo).to_be_visible()
    undo.focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Taken", exact=True)).to_be_visible()


def test_the_focus_goes_to_the_screen_that_opens(page: Page) -> None:
    page.get_by_role("link", name="More", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1, name="More")).to_be_visible()
    until(page, lambda: page.evaluate("document.activeElement.id") == "main")
