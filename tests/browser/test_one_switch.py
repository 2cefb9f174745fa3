"""With one switch: the focus goes on by itself or by Tab, and one key presses. No pointer, no arrow key, no second key at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.home import Home, load, quiet, until

ON = """() => {
    const on = document.activeElement;
    if (on === null || !on.matches('a, button, input, select, textarea, summary')) return '';
    const name = on.getAttribute('aria-label') ?? [...(on.labels ?? [])].map((one) => one.textContent).join(' ');
    return (name || on.textContent || on.value || '').replace(/\\s+/g, ' ').trim();
}"""
MOST = 120
"""Stops on one way: who needs more is lost."""


class Switch:
    """Somebody with one switch: what they pressed, and how often the focus went on before."""

    def __init__(self, page: Page, key: str) -> None:
        self.page, self.key = page, key
        self.presses = self.stops = 0

    def to(self, *names: str) -> None:
        """Let the focus go on until it is on something that begins with one of these names. From the last stop it goes to the first."""
        for _ in range(MOST):
            on: str = self.page.evaluate(ON)
            if on.startswith(names):
                return
            self.page.keyboard.press("Tab")
            self.stops += 1
        raise AssertionError(f"the focus never comes to {names}")

    def press(self, times: int = 1) -> None:
        """Press."""
        for _ in range(times):
            self.page.keyboard.press(self.key)
            self.presses += 1
        quiet(self.page)

    def on(self, *names: str) -> None:
        """Let the focus come to something, and press it."""
        self.to(*names)
        self.press()


def last(home: Home, kind: str) -> dict[str, Any]:
    """The newest entry of a kind that the test did not make beforehand."""
    found: dict[str, Any] = home.new(kind)[-1]["what"]
    return found


def dose(one: Switch, home: Home) -> None:
    """Record the dose that is due."""
    one.on("Taken")
    expect(one.page.get_by_role("button", name="Undo", exact=True)).to_be_visible()
    until(one.page, lambda: len(home.new("dose-taken")) == 1)


def undo(one: Switch, home: Home) -> None:
    """Take it back."""
    one.on("Undo")
    expect(one.page.get_by_role("button", name="Taken", exact=True)).to_be_visible()
    until(one.page, lambda: len(home.new("correction")) == 1)


def danger(one: Switch, home: Home) -> None:
    """Show somebody what to do."""
    one.on("Danger signs")
    one.on("Show this to them")
    expect(one.page.get_by_role("dialog")).to_be_visible()
    one.on("Close")
    expect(one.page.get_by_role("dialog")).to_have_count(0)


def check_in(one: Switch, home: Home) -> None:
    """Answer the first scale with its third value, and save."""
    one.on("Check")
    expect(one.page.get_by_role("heading", level=1, name="Check")).to_be_visible()
    group = one.page.locator("main fieldset:has(input[type=radio])").first
    one.to(str(group.locator("input").first.get_attribute("aria-label")))
    one.press(3)
    expect(group.locator("input").nth(2)).to_be_checked()
    assert home.new("check-in") == []
    one.on("Save")
    until(one.page, lambda: len(home.new("check-in")) == 1)
    assert [score["value"] for score in last(home, "check-in")["scores"]] == [2]


def note(one: Switch, home: Home) -> None:
    """Write a note; a switch types with the device's own keyboard on the screen, which is not ours."""
    one.on("More")
    one.on("History")
    one.on("Write something down for a day")
    one.on("A note")
    one.to("Note", "What")
    one.page.keyboard.insert_text("slept well")
    one.on("Write it down", "Save", "Keep")
    until(one.page, lambda: len(home.new("note")) == 1)
    assert last(home, "note")["text"] == "slept well"


def setting(one: Switch, home: Home) -> None:
    """Have larger letters."""
    one.on("More")
    one.on("Settings")
    one.to("Usual")
    one.press()
    until(one.page, lambda: one.page.evaluate("document.documentElement.dataset.text") == "large")


def says_so(one: Switch, home: Home) -> None:
    """Say in the settings that one switch is used: a button, which every key presses; held, it is pressed once."""
    load(one.page, "settings/hands")
    one.to("I use one switch")
    for _ in range(2):
        one.page.keyboard.down(one.key)
    one.page.keyboard.up(one.key)
    expect(one.page.get_by_role("button", name="I do not use one switch", exact=True)).to_be_focused()
    load(one.page, "now")


FLOWS: tuple[tuple[Callable[[Switch, Home], None], int], ...] = (
    (dose, 1), (undo, 1), (danger, 3), (check_in, 5), (note, 5), (setting, 3),
)  # fmt: skip
"""What somebody does, and the presses that it takes."""


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_everything_that_is_done_every_day(page: Page, home: Home, key: str) -> None:
    counted = []
    says_so(Switch(page, key), home)
    for flow, presses in FLOWS if key == "Enter" else FLOWS[:1] + FLOWS[2:4]:
        one = Switch(page, key)
        flow(one, home)
        counted.append((flow.__name__, one.presses, one.stops))
        assert one.presses == presses, counted
    print("\nwhat, presses, stops of the focus:", *counted, sep="\n  ")  # docs/reference/app.md


def test_without_it_a_key_changes_no_choice(page: Page, home: Home) -> None:
    load(page, "settings/looks")
    chosen = page.get_by_role("radio", name="Usual", exact=True).first
    chosen.focus()
    for key in ("Enter", "Space"):
        page.keyboard.press(key)
        quiet(page)
        expect(chosen).to_be_checked()
        expect(chosen).to_be_focused()
