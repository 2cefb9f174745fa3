"""Every screen for everybody's eyes and hands: with axe, narrow and wide, light and dark; at 400 %, in large letters, in forced colours,
without motion, with unsteady fingers, by the tab key, and written from right to left.

One browser goes from screen to screen, and every test looks at the screen that is open. So a screen is opened once, and not for each look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser.conftest import browsers
from tests.browser.home import SCREENS, household, lived_in, quiet, settled
from tests.browser.looking import (
    all_open,
    from_right_to_left,
    in_all_colours_and_sizes,
    letters_of,
    seen_as,
    tabbed,
    too_wide,
    walk_all,
)
from tests.server.running import Running

DEEPER = (
    "danger/card",
    "build/paper",
    "build/taper",
    "history/add",
    "history/add/note",
    "plan/day/{today}",
    "box/counted",
    "learn/say",
)
"""Further places, each of another build than the screens' beginnings."""
CHARTS = ("plan", "insight")
"""Screens on which something is drawn."""

WIDE = """() => {
    const wrong = [];
    const width = innerWidth;
    if (document.documentElement.scrollWidth > width) wrong.push(`scrolls sideways by ${document.documentElement.scrollWidth - width} px`);
    for (const on of document.querySelectorAll('body *')) {
        if (on.closest('[hidden], .unseen, .skip, svg, [inert]') || (on.closest('dialog') ?? document.querySelector('dialog[open]')) !== document.querySelector('dialog[open]')) continue;
        const style = getComputedStyle(on);
        const box = on.getBoundingClientRect();
        if (box.width === 0 || box.height === 0 || style.visibility === 'hidden' || style.opacity === '0') continue;
        const scrolls = on.parentElement.closest('.scrolls, .wide, [tabindex="0"]');
        const what = `${on.tagName} ${on.className} ${(on.textContent ?? '').trim().slice(0, 40)}`;
        if (!scrolls && (box.right > width + 1 || box.left < -1)) wrong.push(`outside: ${what}`);
        const clips = ['hidden', 'clip'].includes(style.overflowX) || style.textOverflow === 'ellipsis';
        if (clips && on.scrollWidth > on.clientWidth + 1 && on.querySelector('svg') === null) wrong.push(`cut off: ${what}`);
    }
    return wrong;
}"""

LABELS = """() => [...document.querySelectorAll('.foot nav a')].map((on) => {
    const range = document.createRange();
    range.selectNodeContents(on);
    const { left, right, top, bottom } = range.getBoundingClientRect();
    const box = on.getBoundingClientRect();
    return { name: on.textContent, left, right, top, bottom, inside: left >= box.left && right <= box.right && top >= box.top && bottom <= box.bottom };
})"""

CONTROLS = "a[href], button, summary, select, textarea, input:not([type=hidden]), label:has(input[type=radio], input[type=checkbox])"

SMALL = """(controls) => [...document.querySelectorAll(controls)].flatMap((on) => {
    const box = on.getBoundingClientRect();
    if (box.width === 0 || on.closest('.skip') || getComputedStyle(on).visibility === 'hidden') return [];
    if (on.matches('input') && on.closest('label') !== null) return []; // its label is pressed
    const line = on.tagName === 'A' && getComputedStyle(on).display === 'inline'; // a link within a sentence is as high as its line
    const high = on.matches('.main') ? 60 : 44;
    if (line || (box.height >= high - 0.5 && box.width >= 43.5)) return [];
    return [`${Math.round(box.width)} × ${Math.round(box.height)}: ${on.outerHTML.slice(0, 120)}`];
})"""

EDGES = """(controls) => [...document.querySelectorAll(controls)].flatMap((on) => {
    const box = on.getBoundingClientRect();
    if (box.width === 0 || on.closest('.skip')) return [];
    const style = getComputedStyle(on);
    if (on.matches('a[href]') && style.textDecorationLine.includes('underline')) return [];
    if (on.matches('nav a, .mark, summary, label.check')) return []; // known by their place, by a sign, or by the box within
    if (on.matches('input') && on.closest('label') !== null && style.opacity === '0') return []; // its label has the edge
    if (on.matches('input:is([type=radio], [type=checkbox], [type=file])')) return []; // the browser draws them
    const card = on.querySelector('strong, .soft') !== null && on.tagName === 'A'; // a line of a list, with its name in bold
    const edge = ['Top', 'Left', 'Bottom'].some((side) => parseFloat(style[`border${side}Width`]) >= 1 && style[`border${side}Style`] !== 'none');
    return edge || card ? [] : [on.outerHTML.slice(0, 140)];
})"""

TELLING = """() => [...document.querySelectorAll('.button, nav a, label:has(:checked)')].flatMap((on) => {
    const chosen = on.matches('[aria-pressed=true], [aria-checked=true], label:has(:checked)');
    const here = on.matches('[aria-current]');
    const other = [...on.parentElement.children].find((one) => one !== on && one.matches('.button, nav a, label') && !one.matches('[aria-pressed=true], [aria-checked=true], [aria-current], label:has(:checked)'));
    if ((!chosen && !here) || other === undefined) return [];
    const look = (one) => { const s = getComputedStyle(one); return [s.backgroundColor, s.borderTopWidth, s.borderTopColor, s.fontWeight, s.textDecorationLine].join(); };
    const seen = on.querySelector('input')?.checkVisibility({ opacityProperty: true }) || look(on) !== look(other);
    return seen ? [] : [on.outerHTML.slice(0, 140)];
})"""

MOVING = """() => document.getAnimations().filter((one) => (one.effect?.getComputedTiming().duration ?? 0) > 0.01)
    .map((one) => one.effect?.target?.outerHTML.slice(0, 100) ?? 'something')"""


@dataclass(slots=True)
class Visitor:
    """Somebody who goes from screen to screen, and what their browser heard on the way."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    place: str = ""
    moved: list[str] = field(default_factory=list)

    def console(self, message: ConsoleMessage) -> None:
        """Keep what the browser complains of."""
        if message.type in ("error", "warning"):
            self.said.append(f"{self.place}: {message.text}")

    def go(self, place: str) -> None:
        """Go there, and wait until it has what it shows."""
        self.place = place
        self.said.clear()
        self.asked.clear()
        self.page.evaluate("(place) => { location.hash = `#/${place}`; }", place.format(today=datetime.now(UTC).date()))
        settled(self.page)
        self.moved = self.page.evaluate(MOVING)
        quiet(self.page)


@pytest.fixture(scope="module")
def visitor(chromium: Browser, mother: Running) -> Iterator[Visitor]:
    """In a household of their own, on a phone, without motion; what is asked is asked by the page and not by its worker."""
    if not mother.runs():
        mother.start()
    home = lived_in(household(mother))
    with browsers(chromium, "visitor") as new:
        context = new(reduced_motion="reduce", service_workers="block")
        home.pair(context)
        found = Visitor(home.open(context))
        context.on("console", lambda message: found.console(message))  # noqa: PLW0108 - Playwright marks the function
        context.on("request", lambda request: found.asked.add(request.url))
        yield found


@pytest.fixture(scope="module", params=[*SCREENS, *DEEPER])
def at(request: pytest.FixtureRequest, visitor: Visitor) -> Visitor:
    """The visitor at each of the places."""
    visitor.go(request.param)
    return visitor


@pytest.fixture
def page(at: Visitor) -> Iterator[Page]:
    """The screen that is open, as it is before anybody looks at it in another way."""
    yield at.page
    seen_as(at.page)


def test_no_error_and_no_word_to_anybody_else(at: Visitor) -> None:
    assert at.said == []
    here = urlsplit(at.page.url).netloc
    assert [one for one in at.asked if not one.startswith(("data:", "blob:")) and urlsplit(one).netloc != here] == []


def test_axe(page: Page) -> None:
    assert in_all_colours_and_sizes(page) == []


def test_at_400_percent_nothing_scrolls_sideways_or_is_cut_off(page: Page) -> None:
    seen_as(page, size={"width": 320, "height": 256})  # 1280 × 1024 at 400 %
    with all_open(page):
        wrong = page.evaluate(WIDE)
        fixed = page.evaluate(
            "[...document.querySelectorAll('body *')].filter((on) => ['fixed', 'sticky'].includes(getComputedStyle(on).position)"
            " && on.checkVisibility() && on.tagName !== 'DIALOG').reduce((sum, on) => sum + on.getBoundingClientRect().height, 0)"
        )
    assert wrong == []
    assert fixed <= 64, f"{fixed} px of 256 are covered by what does not scroll"


def test_at_200_percent_text_the_labels_keep_apart(at: Visitor, page: Page) -> None:
    if at.place in DEEPER:
        return
    with letters_of(page, 32):
        wrong, labels = page.evaluate(WIDE), page.evaluate(LABELS)
    assert len(labels) == 5
    for place, one in enumerate(labels):
        if not one["inside"]:
            wrong.append(f"{one['name']} leaves its place")
        for other in labels[place + 1 :]:
            if one["left"] < other["right"] and other["left"] < one["right"] and one["top"] < other["bottom"] and other["top"] < one["bottom"]:  # fmt: skip
                wrong.append(f"{one['name']} and {other['name']} run together")
    assert wrong == []


def test_nothing_moves_for_who_wants_no_motion(at: Visitor) -> None:
    assert at.page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    assert at.moved == []


def test_forced_colours_and_large_targets(page: Page) -> None:
    seen_as(page, forced="active")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    with all_open(page):
        wrong = [f"too small: {one}" for one in page.evaluate(SMALL, CONTROLS)]
        wrong += [f"no edge: {one}" for one in page.evaluate(EDGES, CONTROLS)]
        wrong += [f"told by colour alone: {one}" for one in page.evaluate(TELLING)]
        wrong += [f"no ring: {on['tag']} {on['name']}" for on in tabbed(page, 12) if on is not None and not on["seen"]]
    assert wrong == []


def test_the_focus_is_seen_wherever_the_tab_key_goes(page: Page) -> None:
    stops = walk_all(page)
    if page.locator("dialog[open]").count() == 0:
        assert stops[0]["name"] == "Skip to what matters"
        assert len(stops) >= 4
    assert [f"{one['tag']} {one['name']}" for one in stops if not (one["seen"] and one["inside"])] == []


def test_written_from_right_to_left_nothing_is_lost(at: Visitor, page: Page) -> None:
    with from_right_to_left(page):
        wrong = too_wide(page)
        outside: list[Any] = page.evaluate(
            """() => [...document.querySelectorAll('main button, main a, main input, main select, header a, nav a')]
                .filter((one) => one.checkVisibility())
                .map((one) => [one.textContent.trim().slice(0, 30), one.getBoundingClientRect()])
                .filter(([, box]) => box.width > 0 && (box.left < -1 || box.right > innerWidth + 1))
                .map(([text, box]) => [text, box.left, box.right])"""
        )
        ways = page.evaluate(
            "[...document.querySelectorAll('main svg text')].map((one) => getComputedStyle(one).direction)"
        )
    assert wrong + outside == []
    assert set(ways) <= {"ltr"}, "turned round with the page, the words of a chart would stand over one another"
    assert ways or at.place not in CHARTS


def test_nothing_asks_for_more_than_a_press() -> None:
    """No way is by dragging, hovering, pressing twice or long: the source has no listener for any of them."""
    source = Path(__file__).parents[2] / "web" / "src"
    gestures = ("ondrag", "ondrop", "draggable=", "ondblclick", "onmouseenter", "onmouseover", "onpointerdown", "ontouch", "oncontextmenu", ":hover")  # fmt: skip
    found = [(path.name, word) for path in source.rglob("*.*") if path.suffix in (".svelte", ".ts", ".css") for word in gestures if word in path.read_text()]  # fmt: skip
    assert found == []
