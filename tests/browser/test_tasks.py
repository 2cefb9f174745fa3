"""What common tasks cost on a phone, in taps and keys: never more than the page about them says."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewBrowser
from tests.browser.hands import Hands
from tests.browser.home import SCREENS, Home, settled

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def new_phone(new_browser: NewBrowser) -> Page:
    """A phone that was never here."""
    return new_browser(**PHONE).new_page()


def records_the_dose(hands: Hands, home: Home) -> None:
    """The dose that is due, and no other, on the server."""
    hands.press(hands.page.get_by_role("button", name="Taken", exact=True))
    expect(hands.page.get_by_role("button", name="Undo", exact=True)).to_be_visible()
    expect(hands.page.get_by_text("not sent yet")).to_have_count(0)
    assert [one["what"]["dose"] for one in home.new("dose-taken")] == [home.due]


def test_the_first_dose_on_a_new_device(new_phone: Page, home: Home) -> None:
    hands = Hands(new_phone, "finger")
    new_phone.goto(home.app)
    hands.press(new_phone.get_by_role("button", name="Go on", exact=True))
    hands.write(new_phone.get_by_label("Code"), home.codes.pop())
    hands.press(new_phone.get_by_role("button", name="Connect", exact=True))
    records_the_dose(hands, home)
    hands.within("First dose on a new device, by a code that is typed")


def test_the_first_dose_by_a_link(new_phone: Page, home: Home) -> None:
    hands = Hands(new_phone, "finger")
    new_phone.goto(f"{home.app}#pair={home.codes.pop()}")
    hands.press(new_phone.get_by_role("button", name="Connect", exact=True))
    records_the_dose(hands, home)
    hands.within("First dose on a new device, by its link")


def test_the_danger_signs_from_every_screen(new_browser: NewBrowser, home: Home) -> None:
    context = new_browser(**PHONE, service_workers="block")
    home.pair(context)
    page = home.open(context)
    for screen in (one for one in SCREENS if one != "danger"):
        page.evaluate("(screen) => { location.hash = `#/${screen}`; }", screen)
        settled(page)
        hands = Hands(page, "finger")
        hands.press(page.get_by_role("link", name="Danger signs and what to do").first)
        expect(page.get_by_role("heading", level=1, name="Danger")).to_be_visible()
        expect(page.get_by_text("Cannot be woken, or sinks back into very deep sleep").first).to_be_visible()
        hands.within("Danger signs")
