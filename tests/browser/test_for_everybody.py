"""Every screen for other eyes and hands: at 400 %, in large letters, in forced colours, without motion, with unsteady fingers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.conftest import NewBrowser
from tests.browser.home import SCREENS, Home, quiet, settled

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

LABELS = """() => [...document.querySelectorAll('nav a')].map((on) => {
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

RING = """() => {
    const on = document.activeElement;
    if (on === null || on === document.body) return null;
    const drawn = on.matches('input') && getComputedStyle(on).opacity === '0' ? on.closest('label') : on;
    const style = getComputedStyle(drawn);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 ? '' : on.outerHTML.slice(0, 140);
}"""

MOVING = """() => document.getAnimations().filter((one) => (one.effect?.getComputedTiming().duration ?? 0) > 0.01)
    .map((one) => one.effect?.target?.outerHTML.slice(0, 100) ?? 'something')"""


def places() -> list[str]:
    """Every screen, and what lies behind some."""
    return [*SCREENS, *(one.format(today=datetime.now(UTC).date()) for one in DEEPER)]


def show(page: Page, place: str) -> None:
    """Go there, and wait until it has what it shows."""
    page.evaluate("(place) => { location.hash = `#/${place}`; }", place)
    settled(page)
    quiet(page)


def all_open(page: Page) -> None:
    """Open what is folded."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def test_at_400_percent_nothing_scrolls_sideways_or_is_cut_off(new_browser: NewBrowser, home: Home) -> None:
    context = new_browser(viewport={"width": 320, "height": 256})  # 1280 × 1024 at 400 %
    home.pair(context)
    page = home.open(context)
    wrong = []
    for place in places():
        show(page, place)
        all_open(page)
        wrong += [f"{place}: {one}" for one in page.evaluate(WIDE)]
        fixed = page.evaluate(
            "[...document.querySelectorAll('body *')].filter((on) => ['fixed', 'sticky'].includes(getComputedStyle(on).position)"
            " && on.checkVisibility() && on.tagName !== 'DIALOG').reduce((sum, on) => sum + on.getBoundingClientRect().height, 0)"
        )
        if fixed > 64:
            wrong.append(f"{place}: {fixed} px of 256 are covered by what does not scroll")
    assert not wrong, "\n".join(wrong)


def test_at_200_percent_text_the_labels_keep_apart(new_browser: NewBrowser, home: Home) -> None:
    context = new_browser()
    home.pair(context)
    page = home.open(context)
    context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    wrong = []
    for place in SCREENS:
        show(page, place)
        wrong += [f"{place}: {one}" for one in page.evaluate(WIDE)]
    labels = page.evaluate(LABELS)
    assert len(labels) == 5
    for at, one in enumerate(labels):
        if not one["inside"]:
            wrong.append(f"{one['name']} leaves its place")
        for other in labels[at + 1 :]:
            if one["left"] < other["right"] and other["left"] < one["right"] and one["top"] < other["bottom"] and other["top"] < one["bottom"]:  # fmt: skip
                wrong.append(f"{one['name']} and {other['name']} run together")
    assert not wrong, "\n".join(wrong)


def test_forced_colours_no_motion_and_large_targets(new_browser: NewBrowser, home: Home) -> None:
    context = new_browser(forced_colors="active", reduced_motion="reduce")
    home.pair(context)
    page = home.open(context)
    assert page.evaluate("matchMedia('(forced-colors: active)').matches && matchMedia('(prefers-reduced-motion: reduce)').matches")  # fmt: skip
    wrong = []
    for place in places():
        page.evaluate("(place) => { location.hash = `#/${place}`; }", place)
        settled(page)
        wrong += [f"{place}: moves: {one}" for one in page.evaluate(MOVING)]
        quiet(page)
        all_open(page)
        wrong += [f"{place}: too small: {one}" for one in page.evaluate(SMALL, CONTROLS)]
        wrong += [f"{place}: no edge: {one}" for one in page.evaluate(EDGES, CONTROLS)]
        wrong += [f"{place}: told by colour alone: {one}" for one in page.evaluate(TELLING)]
        for _ in range(12):
            page.keyboard.press("Tab")
            if unseen := page.evaluate(RING):
                wrong.append(f"{place}: no ring: {unseen}")
    assert not wrong, "\n".join(wrong)


def test_nothing_asks_for_more_than_a_press() -> None:
    """No way is by dragging, hovering, pressing twice or long: the source has no listener for any of them."""
    source = Path(__file__).parents[2] / "web" / "src"
    gestures = ("ondrag", "ondrop", "draggable=", "ondblclick", "onmouseenter", "onmouseover", "onpointerdown", "ontouch", "oncontextmenu", ":hover")  # fmt: skip
    found = [(path.name, word) for path in source.rglob("*.*") if path.suffix in (".svelte", ".ts", ".css") for word in gestures if word in path.read_text()]  # fmt: skip
    assert found == []
