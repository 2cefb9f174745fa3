"""The app in another language: nothing on any screen stays English, doses come in it, and it is there without the server."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gradatim.languages import LANGUAGES
from gradatim.words.english import TEMPLATES
from tests.browser.conftest import NewBrowser
from tests.browser.home import SCREENS, Home, settled, show, worker_ready

WEB = Path(__file__).parents[2] / "web"
OTHERS = sorted(LANGUAGES.keys() - {"en"})
SHOWN = """() => {
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
        const text = node.textContent.trim();
        if (text !== '' && node.parentElement.checkVisibility()) found.push(text);
    }
    for (const one of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
        for (const name of ['aria-label', 'placeholder', 'title', 'alt']) if (one.getAttribute(name)) found.push(one.getAttribute(name));
    return found;
}"""
WORDS = re.compile(
    r"\b(the|your|you|with|from|taken|tablets?|days?|dose|doses|week|weeks|not|and|record|plan was|today|written|settings|now|never|stop)\b", re.IGNORECASE
)  # fmt: skip
# What a person wrote, and what is called so in every language.
OWN = re.compile(
    r"^(Example|felt|ask:|The test itself|\W*$)|[: ]The test itself$|Gradatim|Dr B\. Name|A\. Name|\[[TAM2D]\]|https?:",
    re.IGNORECASE,
)
SAME = {"fr": {"dose", "doses"}, "de": {"not"}, "es": {"no"}}


@pytest.fixture(scope="module")
def english() -> set[str]:
    """Every English text of more than one word, as it stands."""
    told = subprocess.run(["node", "words.mjs"], cwd=WEB, capture_output=True, check=True, text=True)
    texts = [*json.loads(told.stdout).values(), *TEMPLATES.values()]
    return {text for text in texts if isinstance(text, str) and " " in text and "{" not in text}


def at(page: Page, screen: str) -> list[str]:
    show(page, screen)
    found: list[str] = page.evaluate(SHOWN)
    return found


@pytest.mark.parametrize(
    "language", ["de", *(pytest.param(tag, marks=pytest.mark.long) for tag in OTHERS if tag != "de")]
)
def test_no_screen_keeps_a_word_of_english(
    new_browser: NewBrowser, home: Home, english: set[str], language: str
) -> None:
    context = new_browser(locale=language, service_workers="block")
    home.pair(context)
    page = home.open(context)
    left: list[tuple[str, str]] = []
    for screen in (*SCREENS, "danger/card", "learn/effects", "learn/say"):
        for text in at(page, screen):
            rest = SAME.get(language, set())
            found = {word.lower() for word in WORDS.findall(text)} - rest
            if text in english or (found and not OWN.search(text)):
                left.append((screen, text))
    assert left == []
    assert page.evaluate("document.documentElement.lang") == language


def test_another_language_is_chosen_and_is_there_without_the_server(new_browser: NewBrowser, home: Home) -> None:
    context = new_browser()
    home.pair(context)
    page = home.open(context)
    worker_ready(page)
    expect(page.get_by_role("button", name="Taken", exact=True)).to_be_visible()
    at(page, "settings/words")
    page.get_by_label("Deutsch").check()
    expect(page.get_by_label("Deutsch")).to_be_focused()  # the place of the keyboard is kept
    expect(page.get_by_text("Diese Übersetzung ist ein Entwurf")).to_be_visible()
    at(page, "now")
    expect(page.get_by_role("button", name="Eingenommen", exact=True)).to_be_visible()
    expect(page.get_by_text("½ Tablette zu 10 mg").first).to_be_visible()  # the packet came anew, in this language
    for screen in ("learn", "plan", "now"):
        at(page, screen)  # what the server said before is asked for anew, and kept in this language
    home.server.kill()
    page.reload()
    settled(page)
    expect(page.get_by_text("½ Tablette zu 10 mg").first).to_be_visible()
    for screen in ("danger", "learn", "plan"):
        text = " ".join(at(page, screen))
        assert not re.search(r"\b(the|your|with|doses)\b", text), text[:400]
    at(page, "settings/words")
    page.get_by_label("Français").check()  # its words are on the device; what the server said stays as it was heard
    at(page, "now")
    expect(page.get_by_role("button", name="Prise", exact=True)).to_be_visible()
    expect(page.get_by_text("½ Tablette zu 10 mg").first).to_be_visible()
    at(page, "danger")
    expect(page.get_by_role("heading", name="Danger")).to_be_visible()
