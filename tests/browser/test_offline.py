"""What is recorded without a network: it is kept, shown, and sent once."""

from __future__ import annotations

import re
import signal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.home import Home, back, heard, settled, take, unsent, until, worker_ready

NOT_SENT = re.compile(r"\b1 entry not sent yet")


def test_a_dose_taken_without_a_network(page: Page, paired: BrowserContext, home: Home) -> None:
    worker_ready(page)
    home.server.kill()
    paired.set_offline(True)
    take(page)
    expect(page.get_by_text(NOT_SENT)).to_be_visible()
    page.reload()
    settled(page)
    expect(page.get_by_text(NOT_SENT)).to_be_visible()
    expect(page.get_by_text("No connection")).to_be_visible()
    expect(page.get_by_role("button", name="Taken", exact=True)).to_have_count(0)
    expect(page.locator("main li.taken")).to_have_count(2)
    assert len(unsent(page)) == 1
    home.server.start()
    paired.set_offline(False)
    back(page)
    expect(page.get_by_text(NOT_SENT)).to_have_count(0)
    (stored,) = home.new("dose-taken")
    assert stored["what"]["amount"] == "5 mg"
    expect(page.locator("main li.taken")).to_have_count(2)
    heard(page)


def test_undo_without_a_network_leaves_both_entries(page: Page, home: Home) -> None:
    home.server.kill()
    take(page)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("2 entries not sent yet")).to_be_visible()
    expect(page.get_by_role("button", name="Taken", exact=True)).to_be_visible()
    home.server.start()
    back(page)
    expect(page.get_by_text("not sent yet")).to_have_count(0)
    taken, undone = home.new()
    assert undone["what"] | {"why": ""} == {"kind": "correction", "corrects": taken["id"], "why": ""}


@pytest.mark.parametrize("stored", [True, False], ids=["stored and not answered", "not stored"])
def test_the_server_dies_in_the_middle_of_a_push(page: Page, paired: BrowserContext, home: Home, stored: bool) -> None:
    def die(route: object) -> None:
        if stored:
            route.fetch()  # type: ignore[attr-defined]
        home.server.kill(signal.SIGKILL)
        route.abort("connectionreset")  # type: ignore[attr-defined]

    paired.route("**/entries", die, times=1)
    take(page)
    expect(page.get_by_text(NOT_SENT)).to_be_visible()
    expect(page.get_by_text("No connection")).to_be_visible()
    home.server.start()
    back(page)
    expect(page.get_by_text(NOT_SENT)).to_have_count(0)
    assert len(home.new("dose-taken")) == 1
    count, ids, broken = home.server.rows(home.record)
    assert (count, broken) == (len(set(ids)), [])


def test_a_network_that_answers_for_everybody(page: Page, paired: BrowserContext, home: Home) -> None:
    def hotel(route: object) -> None:
        route.fulfill(status=200, content_type="text/html", body="<h1>Welcome to our network</h1>")  # type: ignore[attr-defined]

    paired.route("**/api/**", hotel)
    take(page)
    expect(page.get_by_text("No connection")).to_be_visible()
    assert len(unsent(page)) == 1
    paired.unroute("**/api/**")
    back(page)
    expect(page.get_by_text(NOT_SENT)).to_have_count(0)
    assert len(home.new("dose-taken")) == 1


def test_a_device_that_was_ended_keeps_what_it_has_not_sent(page: Page, paired: BrowserContext, home: Home) -> None:
    home.server.kill()
    take(page)
    home.server.start()
    home.end_devices()
    back(page)
    expect(page.get_by_text("Pair it again: 1 entry waits here")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Pair it again: 1 entry waits here")).to_be_visible()
    expect(page.locator("main li.taken")).to_have_count(0)  # nothing of the record is shown
    home.new_code()
    home.pair(paired)
    back(page)
    expect(page.get_by_text("Pair it again")).to_have_count(0)
    expect(page.get_by_text("not sent yet")).to_have_count(0)
    assert len(home.new("dose-taken")) == 1
    assert unsent(page) == []


def test_a_server_that_was_set_back_gets_again_what_it_lost(page: Page, home: Home) -> None:
    database = home.server.data / "gradatim.sqlite3"
    if not database.is_file():
        (database,) = home.server.data.glob("*.sqlite3")
    home.server.kill()
    backup = {path: path.read_bytes() for path in home.server.data.glob(f"{database.name}*")}
    home.server.start()
    take(page)
    expect(page.get_by_text("not sent yet")).to_have_count(0)
    heard(page)
    assert len(home.new("dose-taken")) == 1
    home.server.kill()
    for path in home.server.data.glob(f"{database.name}*"):
        path.unlink()
    for path, content in backup.items():
        path.write_bytes(content)
    home.server.start()
    assert home.new("dose-taken") == []
    back(page)
    until(page, lambda: len(home.new("dose-taken")) == 1)
    heard(page)
    expect(page.get_by_text("not sent yet")).to_have_count(0)
