"""A device that is full, keeps nothing, or has a wrong clock; and text that means harm."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from gradatim.domain.clock import Instant
from gradatim.domain.entry import DoseSkipped, NoteWritten, Preference
from tests.browser.conftest import NewBrowser
from tests.browser.home import SCREENS, Home, back, heard, settled, show, take, unheard, unsent, until, worker_ready

FULL = """
window.full = false;
const add = IDBObjectStore.prototype.add;
IDBObjectStore.prototype.add = function (...rest) {
    if (window.full) throw new DOMException('no room', 'QuotaExceededError');
    return add.apply(this, rest);
};
"""
NOTHING = "Object.defineProperty(window, 'indexedDB', { value: undefined });"
STORAGE = "const storage = (window.StorageManager ?? class {}).prototype;"
PROMISED = f"{STORAGE} storage.persisted = async () => true; storage.persist = storage.persisted;"
REFUSED = f"{STORAGE} storage.persisted = async () => false; storage.persist = async () => {{ window.asked = true; return false; }};"
NEARLY = f"{STORAGE} storage.estimate = async () => ({{ quota: 1e9, usage: 0.95e9 }});"
MAY_CLEAR = "The browser may clear away what is not sent yet"


def opened(new_browser: NewBrowser, home: Home, script: str) -> Page:
    """The app in a browser in which something is otherwise."""
    context = new_browser()
    context.add_init_script(script)
    home.pair(context)
    return home.open(context)


# --- a device that keeps little, or nothing ---------------------------------------------------------------------------


def test_a_full_device_sends_at_once(new_browser: NewBrowser, home: Home) -> None:
    page = opened(new_browser, home, FULL)
    page.evaluate("window.full = true")
    take(page)
    assert len(home.new("dose-taken")) == 1
    expect(page.locator("main li.taken")).to_have_count(2)
    assert unheard(page) == []


def test_a_full_device_without_a_network_says_that_nothing_was_recorded(new_browser: NewBrowser, home: Home) -> None:
    page = opened(new_browser, home, FULL)
    page.evaluate("window.full = true")
    home.server.kill()
    page.get_by_role("button", name="Taken", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="This was not recorded: this device is full")).to_be_visible()
    expect(page.get_by_role("button", name="Undo", exact=True)).to_have_count(0)
    expect(page.locator("main li.taken")).to_have_count(1)
    page.evaluate("window.full = false")
    take(page)
    expect(page.get_by_text("This was not recorded")).to_have_count(0)
    home.server.start()
    back(page)
    until(page, lambda: unsent(page) == [])
    assert len(home.new("dose-taken")) == 1


def test_a_private_window_that_keeps_nothing(new_browser: NewBrowser, home: Home) -> None:
    context = new_browser(service_workers="block")
    context.add_init_script(NOTHING)
    home.pair(context)
    page = context.new_page()
    page.goto(home.app)
    settled(page)
    expect(page.get_by_text("This browser keeps nothing on this device")).to_be_visible()
    take(page)
    assert len(home.new("dose-taken")) == 1
    expect(page.locator("main li.taken")).to_have_count(2)


def test_without_locks_and_channels(new_browser: NewBrowser, home: Home) -> None:
    page = opened(
        new_browser, home, "delete window.BroadcastChannel; Object.defineProperty(navigator, 'locks', { value: undefined }); delete AbortSignal.any;"
    )  # fmt: skip
    take(page)
    heard(page)
    assert len(home.new("dose-taken")) == 1


@pytest.mark.parametrize(("script", "warned"), [(REFUSED, True), (PROMISED, False)], ids=["refused", "promised"])
def test_storage_that_the_browser_may_clear(new_browser: NewBrowser, home: Home, script: str, warned: bool) -> None:
    page = opened(new_browser, home, script)
    worker_ready(page)  # so that every screen is there
    expect(page.get_by_text(MAY_CLEAR)).to_have_count(0)  # nothing waits, so that nothing can be lost
    home.server.kill()
    take(page)
    expect(page.get_by_text("No connection")).to_be_visible()
    expect(page.get_by_text("1 entry not sent yet")).to_be_visible()
    page.wait_for_timeout(500)  # so that it would be there
    expect(page.get_by_text(MAY_CLEAR)).to_have_count(1 if warned else 0)
    assert (
        page.evaluate("window.asked ?? false") == warned
    )  # the browser was asked to keep it, where it had not promised to
    if warned:
        page.get_by_role("link", name="Save a copy in Settings").click()
        expect(page.get_by_role("heading", level=1, name="Settings")).to_be_visible()


def test_a_device_that_is_nearly_full(new_browser: NewBrowser, home: Home) -> None:
    page = opened(new_browser, home, NEARLY)
    expect(page.get_by_text("This device is nearly full")).to_be_visible()


# --- clocks -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "says"), [(10, "10 minutes ahead"), (-25, "25 minutes behind"), (1, None)])
def test_a_wrong_clock_is_told(paired: BrowserContext, home: Home, minutes: int, says: str | None) -> None:
    page = paired.new_page()
    page.clock.install(time=datetime.now(UTC) + timedelta(minutes=minutes))
    page.goto(home.app)
    heard(page)
    told = page.get_by_text(re.compile(r"The clock of this device is \d+ minutes?"))
    if says is None:
        expect(told).to_have_count(0)
    else:
        expect(told).to_contain_text(says)


def test_a_dose_taken_with_a_clock_ahead_is_not_offered_when_it_is_right_again(
    paired: BrowserContext, home: Home
) -> None:
    page = paired.new_page()
    page.clock.install(time=datetime.now(UTC) + timedelta(minutes=30))
    page.goto(home.app)
    heard(page)
    worker_ready(page)
    home.server.kill()
    take(page)
    page.clock.set_system_time(datetime.now(UTC))
    page.reload()
    settled(page)
    expect(page.locator("main li.taken")).to_have_count(2)
    expect(page.get_by_role("button", name="Taken", exact=True)).to_have_count(0)


def test_the_day_changes_while_the_app_is_open(paired: BrowserContext, home: Home) -> None:
    page = paired.new_page()
    page.clock.install(time=datetime.now(UTC))
    page.goto(home.app)
    heard(page)
    home.server.kill()
    take(page)
    expect(page.locator("main li.taken")).to_have_count(2)
    page.clock.fast_forward("14:00:00")  # about two in the morning by the person's clock
    expect(page.locator("main li.taken")).to_have_count(0)
    expect(page.get_by_text("1 entry not sent yet")).to_be_visible()


def test_what_is_too_old_is_not_offered(paired: BrowserContext, home: Home) -> None:
    page = paired.new_page()
    page.clock.install(time=datetime.now(UTC))
    page.goto(home.app)
    heard(page)
    expect(page.get_by_role("button", name="Taken", exact=True)).to_be_visible()
    home.server.kill()
    page.clock.fast_forward(8 * 24 * 3600 * 1000)
    expect(page.get_by_text("Ask which dose is due").first).to_be_visible()
    expect(page.get_by_role("button", name="Taken", exact=True)).to_have_count(0)


# --- text that means harm -----------------------------------------------------------------------------------------------

MARKUP = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>{{7*7}}${7*7}'
BACKWARDS = "\u202etxet sdrawkcab\u202c \u2066isolated\u2069"


def test_hostile_text_is_text(new_browser: NewBrowser, home: Home) -> None:
    now = Instant(Instant.of(datetime.now(UTC)).seconds - 60)
    book = home.book
    known = len(book.entries)
    book.describe(now, called=f"{MARKUP} {BACKWARDS}")
    book.write(NoteWritten(text=MARKUP), now)
    book.write(NoteWritten(text=BACKWARDS), now)
    book.write(NoteWritten(text="long " * 799), now)
    book.write(Preference(name="contact-prescriber", value=f"{MARKUP}, 01632 960001"), now)
    book.write(DoseSkipped(dose=home.due, reason=MARKUP), now)
    home.push(book.entries[known:])
    context = new_browser(service_workers="block")
    home.pair(context)
    page = home.open(context)
    seen = ""
    for screen in SCREENS:
        show(page, screen)
        assert page.evaluate("window.harmed") is None
        assert page.locator("img[src=x], main script").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{screen} is wider than the screen"
        seen += page.locator("body").inner_text()
    assert MARKUP in " ".join(seen.split())
