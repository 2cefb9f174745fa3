"""The hands of somebody in front of the app: a finger on a phone, or the keyboard of a desk. What they do is counted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from playwright.sync_api import Locator, Page

TASKS = Path(__file__).parents[2] / "docs" / "reference" / "app-tasks.md"
MOST_TABS = 250
_ON = "(wanted) => document.activeElement === wanted"


@dataclass(slots=True)
class Hands:
    """Presses and types on one page. ``taps`` are presses of what is on the screen, by finger or by Enter and Space; ``keys`` are what is typed
    into fields. The tab key, which only goes from one thing to the next, is not counted."""

    page: Page
    by: Literal["finger", "keyboard"]
    taps: int = 0
    keys: int = 0

    @property
    def counted(self) -> tuple[int, int]:
        """Taps and keys until now."""
        return self.taps, self.keys

    def within(self, task: str, before: tuple[int, int] = (0, 0)) -> None:
        """Fail where a task took a finger more than the page about it says. With the keyboard, some presses are keys: it is not held to that."""
        if self.by == "finger":
            took = (self.taps - before[0], self.keys - before[1])
            most = documented()[task]
            assert took[0] <= most[0], f"{task}: {took}"
            assert took[1] <= most[1], f"{task}: {took}"

    def press(self, wanted: Locator) -> None:
        """Press a button, a link, a box or one of several choices."""
        self.taps += 1
        if self.by == "finger":
            wanted.tap()
            return
        if wanted.evaluate("(one) => one.matches('input[type=radio]:not(:checked)')"):
            self._choose(wanted)
            return
        self.reach(wanted)
        box = wanted.evaluate("(one) => one.matches('input')")
        self.page.keyboard.press("Space" if box else "Enter")

    def reach(self, wanted: Locator) -> None:
        """Go on with the tab key until something has the focus; from its end, the page begins again."""
        wanted.wait_for()
        place = wanted.element_handle()
        for _ in range(MOST_TABS):
            if self.page.evaluate(_ON, place):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the tab key does not reach {wanted}")

    def type(self, text: str) -> None:
        """Type into the field that has the focus."""
        self.keys += len(text)
        self.page.keyboard.type(text)

    def enter(self) -> None:
        """Go to the next field."""
        self.keys += 1
        self.page.keyboard.press("Enter")

    def write(self, wanted: Locator, text: str) -> None:
        """Go to a field and type."""
        if self.by == "finger":
            self.taps += 1
            wanted.tap()
        else:
            self.reach(wanted)
        self.type(text)

    def date(self, day: date) -> None:
        """Type a date into the field that has the focus, in the order in which this browser shows it: eight keys."""
        field = self.page.locator(":focus")
        self.keys += 8
        for order in ("%m%d%Y", "%d%m%Y", "%Y%m%d"):
            field.fill("")
            self.page.keyboard.type(day.strftime(order))
            if field.input_value() == day.isoformat():
                return
        raise AssertionError(f"no order of day and month is {day}")

    def _choose(self, wanted: Locator) -> None:
        """One of several by the arrow keys: the tab key stops at the group once."""
        group = wanted.evaluate_handle(
            """(one) => {
                const all = [...document.getElementsByName(one.name)];
                return all.find((other) => other.checked) ?? all[0];
            }"""
        ).as_element()
        assert group is not None
        for _ in range(MOST_TABS):
            if self.page.evaluate(_ON, group):
                break
            self.page.keyboard.press("Tab")
        if wanted.evaluate(_ON):
            self.page.keyboard.press("Space")
            return
        for _ in range(30):
            self.page.keyboard.press("ArrowDown")
            if wanted.evaluate(_ON):
                return
        raise AssertionError(f"the arrow keys do not reach {wanted}")


def documented() -> dict[str, tuple[int, int]]:
    """What the page about the tasks says: the taps and keys of each."""
    rows = re.findall(r"^\| ([^|]+?) \| (\d+) \| (\d+) \|", TASKS.read_text(), re.MULTILINE)
    return {name: (int(taps), int(keys)) for name, taps, keys in rows}
