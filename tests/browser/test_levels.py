"""The level in the blood on the screen: drawn, read as a table, heard, and there without a server; or why there is none."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import NewBrowser
from tests.browser.home import Home, due_now, quiet, settled, worker_ready
from tests.browser.looking import CONTRAST, all_open, seen_as, too_wide, violations

TITLE = "Level of baclofen in the blood, as a model expects it"
FIGURE = re.compile(rf"^{TITLE}\.")
NOT_MEASURED = "Nobody measured them."


def choose(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    quiet(page)


def level_card(page: Page) -> Any:
    return page.locator("#level ~ .card").first


def test_of_the_last_week_and_of_the_next_weeks(paired: BrowserContext, home: Home) -> None:
    page = home.open(paired, "insight")
    drawing = page.get_by_role("img", name=FIGURE)
    expect(drawing).to_be_visible()
    card = level_card(page)
    expect(card.get_by_role("strong").filter(has_text=NOT_MEASURED)).to_be_visible()
    expect(card.get_by_text("Change no dose because of it")).to_be_visible()
    expect(card.get_by_text("the plan, for comparison", exact=True)).to_be_visible()
    expect(card.get_by_text("Your 15 mg a day give you the same average level as")).to_be_visible()
    bottom = drawing.locator("path.line").first.bounding_box()
    assert bottom is not None
    assert bottom["height"] > 50, "the line goes up and down"
    assert bottom["width"] > 200, "and over the whole week"
    answer = home.ask(f"records/{home.record}/levels?days=7")["figure"]
    card.locator("summary").filter(has_text="As a table").press("Enter")
    rows = card.get_by_role("row")
    assert [row.split("\t") for row in rows.all_inner_texts()] == answer["table"]
    choose(page, "Next 4 weeks")
    expect(card.get_by_text("as if every dose until now was taken as planned")).to_be_visible()
    expect(card.get_by_text("the plan, for comparison", exact=True)).to_have_count(0)
    expect(drawing.locator("rect.day")).to_have_count(28)
    card.locator("summary").filter(has_text="Through one day").click()
    expect(card.get_by_text("no source tells")).to_be_visible()


def test_without_a_server_the_last_answer_stays(page: Page, home: Home) -> None:
    worker_ready(page)
    page.goto(f"{home.app}#/insight")
    expect(page.get_by_role("img", name=FIGURE)).to_be_visible()
    quiet(page)
    home.server.kill()
    page.reload()
    settled(page)
    expect(page.get_by_role("img", name=FIGURE)).to_be_visible()
    expect(level_card(page).get_by_role("strong").filter(has_text=NOT_MEASURED)).to_be_visible()
    page.get_by_role("button", name="Last 3 days", exact=True).click()
    expect(page.get_by_text("This needs a connection the first time")).to_be_visible()
    expect(page.get_by_role("img", name=FIGURE)).to_have_count(0)


def test_where_nothing_can_be_said_it_says_why(new_browser: NewBrowser, empty: Home) -> None:
    empty.push(due_now(datetime.now(UTC), described=False).entries)
    context = new_browser()
    empty.pair(context)
    page = empty.open(context, "insight")
    expect(page.get_by_text("No level is drawn: the age is not known")).to_be_visible()
    expect(page.get_by_role("img", name=FIGURE)).to_have_count(0)


def test_for_everybody_with_large_text_and_all_of_it_open(paired: BrowserContext, home: Home) -> None:
    page = home.open(paired, "insight")
    page.evaluate("document.documentElement.style.fontSize = '150%'")
    seen_as(page)
    for name in ("Last week", "Last 4 weeks", "Next 4 weeks"):
        choose(page, name)
        with all_open(page):
            assert violations(page) == [], name
            assert too_wide(page) == [], name
            seen_as(page, colours="dark")
            assert violations(page, CONTRAST) == [], name
        seen_as(page)
