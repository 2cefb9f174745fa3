"""What is looked at on a screen for everybody's eyes and hands: the same looks at every screen, and at every state of signing in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page, ViewportSize

from tests.browser.home import PHONE, until

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST = ["color-contrast"]
"""What other colours can change: the only rule of `TAGS` that asks for a colour."""
DESK: ViewportSize = {"width": 1280, "height": 800}

_RUN = """([only, type]) => axe.run(document, { runOnly: { type, values: only }, resultTypes: ['violations'] })
    .then(({ violations }) => violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.slice(0, 3).map((one) => one.html.slice(0, 160)) })))"""


def seen_as(
    page: Page,
    *,
    size: ViewportSize = PHONE,
    colours: Literal["light", "dark"] = "light",
    forced: Literal["active", "none"] = "none",
) -> None:
    """Look at a page on a screen of some size, in some colours; and without motion."""
    page.emulate_media(color_scheme=colours, forced_colors=forced, reduced_motion="reduce")
    page.set_viewport_size(size)
    until(page, lambda: page.evaluate("document.documentElement.dataset.colours") == colours)


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe finds on a page: by every rule of `TAGS`, or by some rules. A page that was not loaded anew has axe already."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = page.evaluate(_RUN, [rules or TAGS, "rule" if rules else "tag"])
    return [f"{one['id']}: {one['help']}: {json.dumps(one['nodes'])}" for one in found]


def too_wide(page: Page) -> list[str]:
    """Whether a page, or a dialog on it, is wider than the screen."""
    over: int = page.evaluate(
        "Math.max(document.documentElement.scrollWidth - innerWidth, ...[...document.querySelectorAll('dialog')].map((one) => one.scrollWidth - one.clientWidth))"
    )
    return [f"{over} px wider than the screen"] if over > 0 else []


def in_all_colours_and_sizes(page: Page) -> list[str]:
    """What axe finds on a phone and at a desk, in the light and in the dark, and what is wider than the screen."""
    wrong = []
    for name, size in (("phone", PHONE), ("desk", DESK)):
        seen_as(page, size=size)
        wrong += [f"{name}: {one}" for one in violations(page) + too_wide(page)]
        seen_as(page, size=size, colours="dark")
        wrong += [f"{name}, dark: {one}" for one in violations(page, CONTRAST)]
    seen_as(page)
    return wrong


# --- by the tab key -------------------------------------------------------------------------------------------------------

_STOP = """() => {
    const on = document.activeElement;
    if (on === null || on === document.body) return null;
    const style = getComputedStyle(on);
    const drawn = on.matches('input') && style.opacity === '0' ? getComputedStyle(on.closest('label')) : style;
    const box = on.getBoundingClientRect();
    const seen = drawn.outlineStyle !== 'none' && parseFloat(drawn.outlineWidth) >= 2;
    return { name: (on.getAttribute('aria-label') ?? on.textContent ?? on.tagName).trim().slice(0, 60), tag: on.tagName, seen,
        inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth };
}"""
_LISTEN = f"""() => {{
    if (window.stops === undefined) addEventListener('keyup', (event) => {{ if (event.key === 'Tab') window.stops.push(({_STOP})()); }}, true);
    window.stops = [];
}}"""
AT_ONCE = 8
"""Presses of the tab key between two questions where the focus was."""


def stop(page: Page) -> dict[str, Any] | None:
    """What has the focus now: its name, and whether a ring is drawn and it is on the screen. None where nothing has it."""
    found: dict[str, Any] | None = page.evaluate(_STOP)
    return found


def tabbed(page: Page, times: int) -> list[dict[str, Any] | None]:
    """Press the tab key so often, and say what had the focus each time."""
    page.evaluate(_LISTEN)
    for _ in range(times):
        page.keyboard.press("Tab")
    found: list[dict[str, Any] | None] = page.evaluate("window.stops")
    assert len(found) == times, "something swallows the tab key"
    return found


def walk(page: Page, most: int = 250) -> list[dict[str, Any]]:
    """Every stop of the tab key, from where the focus is until it leaves the page."""
    found: list[dict[str, Any]] = []
    while len(found) < most:
        for on in tabbed(page, AT_ONCE):
            if on is None:
                return found
            found.append(on)
    raise AssertionError(f"the tab key never leaves the page: {[one['name'] for one in found[-5:]]}")


def walk_all(page: Page) -> list[dict[str, Any]]:
    """The same from the top of the page, or of the dialog that is open on it."""
    page.evaluate("(document.querySelector('dialog[open]') ?? document.body).querySelector('a, button').focus()")
    first = stop(page)
    assert first is not None
    return [first, *walk(page)]


# --- what is folded, and how letters and directions are --------------------------------------------------------------------


@contextmanager
def all_open(page: Page) -> Iterator[None]:
    """Open what is folded, and fold it again."""
    opened = page.evaluate_handle("[...document.querySelectorAll('details:not([open])')]")
    opened.evaluate("(all) => all.forEach((one) => { one.open = true; })")
    yield
    opened.evaluate("(all) => all.forEach((one) => { one.open = false; })")


@contextmanager
def letters_of(page: Page, pixels: int) -> Iterator[None]:
    """The letters of the browser itself are larger."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": pixels, "fixed": pixels * 13 // 16}})
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == f"{pixels}px"
    yield
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    session.detach()


@contextmanager
def from_right_to_left(page: Page) -> Iterator[None]:
    """The page is written from right to left."""
    page.evaluate("document.documentElement.dir = 'rtl'")
    page.evaluate("() => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)))")
    yield
    page.evaluate("document.documentElement.dir = 'ltr'")
