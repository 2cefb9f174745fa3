"""Every screen: there without a server, without an error, without a word to anybody else, for everybody's eyes and hands."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from tests.browser.conftest import NewBrowser
from tests.browser.home import SCREENS, Home, quiet, settled, take, until, worker_ready

WEB = Path(__file__).parents[2] / "web"
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def show(page: Page, screen: str) -> None:
    """Go to a screen, and wait until it has what it shows."""
    page.evaluate("(screen) => { location.hash = `#/${screen}`; }", screen)
    settled(page)
    quiet(page)


def load(page: Page, home: Home, screen: str) -> None:
    """The same, and the page loads anew."""
    page.goto(f"{home.app}#/{screen}")
    page.reload()
    settled(page)
    quiet(page)


def test_every_screen_is_tested() -> None:
    source = (WEB / "src" / "screens" / "index.ts").read_text()
    table = source[source.index("export const SCREENS") : source.index("};")]
    assert sorted(re.findall(r"^\t(\w+):", table, re.MULTILINE)) == sorted(SCREENS)


def test_without_a_server_after_the_first_visit(page: Page, home: Home) -> None:
    worker_ready(page)
    home.server.kill()
    for screen in SCREENS:
        load(page, home, screen)
        expect(page.get_by_text("No connection")).to_be_visible()
        expect(page.get_by_text("This screen is not on this device")).to_have_count(0)
        assert page.title().endswith("Gradatim")


def test_no_error_and_no_word_to_anybody_else(paired: BrowserContext, home: Home) -> None:
    said: list[str] = []
    asked: set[str] = set()

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(f"{message.page and message.page.url}: {message.text}")

    paired.on("console", console)
    paired.on("request", lambda request: asked.add(request.url))
    page = home.open(paired)
    take(page)
    for screen in SCREENS:
        show(page, screen)
    assert said == []
    elsewhere = [one for one in asked if urlsplit(one).netloc != urlsplit(home.server.address).netloc]
    assert [one for one in elsewhere if not one.startswith(("data:", "blob:"))] == []


def test_a_browser_that_nobody_knows(new_browser: NewBrowser, home: Home) -> None:
    page = new_browser().new_page()
    for screen in SCREENS:
        page.goto(f"{home.app}#/{screen}")
        settled(page)
    assert home.record not in page.content()


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe(new_browser: NewBrowser, home: Home, colours: Any, width: int) -> None:
    context = new_browser(color_scheme=colours, viewport={"width": width, "height": 800}, reduced_motion="reduce")
    context.add_init_script(path=AXE)
    home.pair(context)
    page = home.open(context)
    wrong = []
    for screen in SCREENS:
        show(page, screen)
        found = page.evaluate(
            "(tags) => axe.run(document, { runOnly: tags, resultTypes: ['violations'] }).then(({ violations }) => violations)",
            TAGS,
        )
        wrong += [
            f"{screen}: {one['id']}: {one['help']}: {json.dumps([node['html'][:160] for node in one['nodes'][:3]])}"
            for one in found
        ]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            wrong.append(f"{screen}: {wide} px wider than the screen")
    assert not wrong, "\n".join(wrong)


FOCUS = """() => {
    const on = document.activeElement;
    if (on === null || on === document.body) return null;
    const style = getComputedStyle(on);
    const box = on.getBoundingClientRect();
    const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return { name: (on.getAttribute('aria-label') ?? on.textContent ?? on.tagName).trim().slice(0, 60), tag: on.tagName, seen,
        inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth };
}"""


def walk(page: Page, most: int = 150) -> list[dict[str, Any]]:
    """Every stop of the tab key, from the top of a page that was just loaded until it leaves it."""
    found: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        on = page.evaluate(FOCUS)
        if on is None:
            return found
        found.append(on)
    raise AssertionError(f"the tab key never leaves the page: {[one['name'] for one in found[-5:]]}")


def test_with_the_keyboard_alone(page: Page, home: Home) -> None:
    load(page, home, "now")
    names = [one["name"] for one in walk(page)]
    assert names[0] == "Skip to what matters"
    for wanted in ("Danger signs and what to do", "Taken", "Not now", "Skip", "Not sure", "Plan", "More"):
        assert wanted in names, (wanted, names)
    load(page, home, "now")
    for _ in range(names.index("Taken") + 1):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    undo = page.get_by_role("button", name="Undo", exact=True)
    expect(undo).to_be_visible()
    undo.focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Taken", exact=True)).to_be_visible()


def test_the_focus_is_seen_on_every_screen(page: Page, home: Home) -> None:
    hidden = []
    for screen in SCREENS:
        load(page, home, screen)
        stops = walk(page)
        assert len(stops) >= 4, screen
        hidden += [f"{screen}: {one['tag']} {one['name']}" for one in stops if not (one["seen"] and one["inside"])]
    assert hidden == []


def test_the_focus_goes_to_the_screen_that_opens(page: Page) -> None:
    page.get_by_role("link", name="More", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1, name="More")).to_be_visible()
    until(page, lambda: page.evaluate("document.activeElement.id") == "main")
