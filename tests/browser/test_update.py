"""A newer version of the app: it waits until somebody says so, and loses nothing that was not sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.between import Between, between
from tests.browser.conftest import NewBrowser
from tests.browser.home import Home, back, settled, take, unsent, until, worker_ready


@pytest.fixture
def middle(home: Home) -> Iterator[Between]:
    """Between the browser and the household's server."""
    with between(home.server.address) as found:
        yield found


def use(page: Page) -> None:
    """Have the page load again with the newer version."""
    page.evaluate("window.old = true")
    page.get_by_role("button", name="Use it now").click()
    until(page, lambda: page.evaluate("window.old === undefined"))
    settled(page)


def test_a_newer_version_with_entries_that_are_not_sent(new_browser: NewBrowser, home: Home, middle: Between) -> None:
    context = new_browser()
    home.pair(context)  # cookies know no ports
    pages = [home.open(context, at=middle.address), home.open(context, at=middle.address)]
    worker_ready(pages[0])
    middle.cut = ("/api/",)
    take(pages[0])
    middle.behind_worker = b"\n// a newer version\n"
    pages[0].evaluate("navigator.serviceWorker.getRegistration().then((known) => known.update()).then(() => undefined)")
    for page in pages:
        expect(page.get_by_text("A new version of Gradatim is ready.")).to_be_visible()
        expect(page.get_by_text("1 entry not sent yet")).to_be_visible()
    use(pages[0])
    expect(pages[0].get_by_text("A new version of Gradatim is ready.")).to_have_count(0)
    expect(pages[0].get_by_text("1 entry not sent yet")).to_be_visible()
    expect(pages[0].get_by_role("button", name="Taken", exact=True)).to_have_count(0)
    use(pages[1])  # it still has the old code, and says so
    middle.cut = ()
    back(pages[1])
    until(pages[0], lambda: unsent(pages[0]) == [])
    assert len(home.new("dose-taken")) == 1


def test_the_first_visit_is_no_update(new_browser: NewBrowser, home: Home) -> None:
    context = new_browser()
    home.pair(context)
    page = home.open(context)
    worker_ready(page)
    expect(page.get_by_text("A new version of Gradatim is ready.")).to_have_count(0)
