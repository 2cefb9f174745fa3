"""Two tabs, two devices, the worker and a page: nothing is lost and nothing counts twice."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import NewBrowser
from tests.browser.home import Home, back, take, unheard, unsent, until, worker_ready

PRESS = "(button, at) => { setTimeout(() => button.click(), at - Date.now()); }"
TAKEN = {"name": "Taken", "exact": True}


def test_what_one_tab_records_the_other_shows(page: Page, paired: BrowserContext, home: Home) -> None:
    other = home.open(paired)
    home.server.kill()
    expect(other.get_by_role("button", **TAKEN)).to_be_visible()  # type: ignore[arg-type]
    take(page)
    expect(other.get_by_role("button", **TAKEN)).to_have_count(0)  # type: ignore[arg-type]
    expect(other.get_by_text("1 entry not sent yet")).to_be_visible()


def test_the_same_dose_in_two_tabs_is_one_entry(new_browser: NewBrowser, home: Home) -> None:
    context = new_browser()
    context.add_init_script("delete window.BroadcastChannel")  # so that neither hears of the other
    home.pair(context)
    tabs = home.open(context), home.open(context)
    home.server.kill()
    soon = tabs[0].evaluate("Date.now()") + 1000
    for tab in tabs:
        tab.get_by_role("button", **TAKEN).evaluate(PRESS, soon)  # type: ignore[arg-type]
    for tab in tabs:
        expect(tab.get_by_role("button", name="Undo", exact=True)).to_be_visible()
    assert len(unheard(tabs[0])) == 1
    home.server.start()
    for tab in tabs:
        back(tab)
    until(tabs[0], lambda: unsent(tabs[0]) == [])
    assert len(home.new("dose-taken")) == 1


def test_two_tabs_that_send_at_once(page: Page, paired: BrowserContext, home: Home) -> None:
    tabs = [page, home.open(paired), home.open(paired)]
    home.server.kill()
    take(page)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("2 entries not sent yet")).to_be_visible()
    home.server.start()
    for tab in tabs:
        tab.evaluate("setTimeout(() => dispatchEvent(new Event('online')), 100)")
    until(page, lambda: unsent(page) == [])
    count, ids, broken = home.server.rows(home.record)
    assert (len(home.new()), count, broken) == (2, len(set(ids)), [])


def test_the_worker_sends_with_the_page_cut_off(page: Page, paired: BrowserContext, home: Home) -> None:
    worker_ready(page)
    page.route("**/api/**", lambda route: route.abort())
    take(page)
    session = paired.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
    )
    session.send("ServiceWorker.enable")
    until(page, lambda: found != [])
    for _ in range(2):
        session.send(
            "ServiceWorker.dispatchSyncEvent",
            {"origin": home.server.address, "registrationId": found[-1], "tag": "send", "lastChance": False},
        )
    until(page, lambda: unsent(page) == [])
    expect(page.get_by_text("not sent yet")).to_have_count(0)  # the worker has told the page
    assert len(home.new("dose-taken")) == 1


def test_two_devices_on_one_record(page: Page, new_browser: NewBrowser, home: Home) -> None:
    second = new_browser()
    home.pair(second, "Second")
    other = home.open(second)
    take(page)
    until(page, lambda: len(home.new("dose-taken")) == 1)
    back(other)  # it asks again when somebody looks at it
    expect(other.get_by_role("button", **TAKEN)).to_have_count(0)  # type: ignore[arg-type]
    expect(other.locator("main li.taken")).to_have_count(2)


def test_the_same_dose_on_two_devices_without_a_network(new_browser: NewBrowser, home: Home) -> None:
    devices = []
    for label in ("One", "Two"):
        context = new_browser()
        home.pair(context, label)
        devices.append(home.open(context))
    home.server.kill()
    for device in devices:
        take(device)
    home.server.start()
    for device in devices:
        back(device)
    until(
        devices[0], lambda: len(home.new("dose-taken")) == 2
    )  # both are kept: somebody may really have taken it twice
    for device in devices:
        back(device)
        until(device, lambda device=device: unheard(device) == [])  # type: ignore[misc]
        expect(device.get_by_role("button", **TAKEN)).to_have_count(0)  # type: ignore[arg-type]
        expect(device.get_by_text(re.compile("twice|two times|more than once")).first).to_be_visible()
