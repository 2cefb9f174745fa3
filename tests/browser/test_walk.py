"""The whole of it in one go, as somebody new does it, by finger on a phone and by keyboard at a desk: from a server of which nobody knows
anything to the page for the doctor; with the network cut, the server killed, a reload, a second tab and a second device in the middle."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

from gradatim.domain.clock import Instant
from gradatim.domain.entry import CheckIn, DoseSkipped, DoseTaken, DoseUnsure, Entry, PlanApproved, Score
from gradatim.domain.fold import fold
from gradatim.journal.codec import SCHEMA, read_entries
from tests.browser.conftest import NewBrowser
from tests.browser.hands import Hands
from tests.browser.home import Home, back, heard, quiet, settled, unsent, until, watched, worker_ready, zone_at_noon
from tests.journals import BACLOFEN, Book

DEVICES: dict[str, tuple[Literal["finger", "keyboard"], dict[str, Any]]] = {
    "phone": ("finger", {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}),
    "desk": ("keyboard", {"viewport": {"width": 1280, "height": 800}}),
}
DAYS = 12
HALF = DAYS // 2


def own_zone(now: datetime) -> str:
    """Where it is about noon, and never UTC: that is what a program says that does not know where somebody lives."""
    return "Etc/GMT-1" if zone_at_noon(now) == "UTC" else zone_at_noon(now)


@dataclass(slots=True)
class Walk:
    """One person with one device, on one page of it."""

    hands: Hands
    home: Home
    context: BrowserContext
    zone: str
    shots: int = field(default=0)

    @property
    def page(self) -> Page:
        return self.hands.page

    @property
    def today(self) -> date:
        return datetime.now(ZoneInfo(self.zone)).date()

    def button(self, name: str) -> None:
        self.hands.press(self.page.get_by_role("button", name=name, exact=True))

    def link(self, name: str | re.Pattern[str]) -> None:
        self.hands.press(self.page.get_by_role("link", name=name, exact=isinstance(name, str)).first)

    def says(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def shot(self, name: str) -> None:
        """Keep a picture of this moment, where somebody wants to look at them."""
        if where := os.environ.get("BROWSER_SHOTS"):
            self.shots += 1
            self.page.screenshot(path=f"{where}/{self.hands.by}-{self.shots:02d}-{name}.png", full_page=True)


@pytest.fixture(params=list(DEVICES))
def walk(request: pytest.FixtureRequest, new_browser: NewBrowser, empty: Home) -> Walk:
    """Somebody with a device of which the server knows nothing."""
    by, device = DEVICES[request.param]
    zone = own_zone(datetime.now(UTC))
    context = new_browser(timezone_id=zone, accept_downloads=True, **device)
    context.clock.install()
    return Walk(Hands(watched(context.new_page()), by), empty, context, zone)


def test_the_whole_walk(walk: Walk, new_browser: NewBrowser) -> None:
    comes_in(walk)
    before = walk.hands.counted
    due = types_the_plan_in(walk)
    follows_it(walk, before)
    waits_until(walk, due)
    takes_and_takes_back(walk)
    worker_ready(walk.page)
    with cut_off(walk):
        without_a_server(walk)
    comes_back(walk)
    other = on_another_device(walk, new_browser)
    checks_in(walk, other)
    written = brings_earlier_days(walk)
    sees_what_changed(walk)
    takes_a_page_along(walk)
    once_each(walk, written)


def comes_in(walk: Walk) -> None:
    """The first run: three screens at most, no account, and nothing of it has to be read."""
    page = walk.page
    page.goto(f"{walk.home.server.address}/")
    walk.shot("root")
    walk.link("Open the app")
    settled(page)
    walk.shot("first")
    walk.button("Go on")
    walk.hands.write(page.get_by_label("Code"), walk.home.codes.pop())
    walk.shot("code")
    walk.button("Connect")
    walk.says("Nothing is here yet")
    walk.shot("nothing-yet")
    expect(page.get_by_role("link", name=re.compile("sign in|account", re.IGNORECASE))).to_have_count(0)


def types_the_plan_in(walk: Walk) -> datetime:
    """Twelve days from a paper, a line for each; the dose at noon is due in a minute or two. When that is."""
    page, hands = walk.page, walk.hands
    walk.link("Begin with my plan")
    walk.link("From my paper")
    box = page.get_by_role("checkbox", name=re.compile("^Baclofen 10 mg tablet"))
    hands.press(box)
    expect(box).to_be_checked()
    due = datetime.now(ZoneInfo(walk.zone)).replace(second=0, microsecond=0) + timedelta(minutes=2)
    first = due.date() - timedelta(days=DAYS - 1)
    hands.press(page.get_by_role("radio", name=re.compile("^before no step")))
    hands.write(page.get_by_label("Morning"), "0600")
    for at in (due.strftime("%H%M"), "2100"):
        hands.enter()
        hands.type(at)
    hands.enter()
    row = page.get_by_role("group", name="Row 1", exact=True)
    start = row.get_by_label("from day")
    if hands.by == "finger":
        hands.press(start)
    else:
        hands.reach(start)
    for day in range(DAYS):
        if day < 2:  # from then on the app knows the day
            hands.date(first + timedelta(days=day))
            hands.enter()
        for mg in ("5", "5", "5" if day < HALF else "10"):
            hands.type(mg)
            if (day, mg) != (DAYS - 1, "10"):
                hands.enter()
    hands.write(page.get_by_label("Who wrote the paper"), "Dr B. Name")
    dated = page.get_by_label("Date on the paper")
    if hands.by == "finger":
        hands.press(dated)
    else:
        hands.reach(dated)
    hands.date(first - timedelta(days=1))
    walk.link("Read it back")
    return due


def follows_it(walk: Walk, before: tuple[int, int]) -> None:
    """Read back, and followed as a copy: nobody but a prescriber approves. ``before``: what was counted before the plan was begun."""
    page = walk.page
    expect(page.get_by_role("heading", level=1, name="Read back, then follow")).to_be_visible()
    walk.says(re.compile("15 mg a day"))
    walk.says(re.compile("20 mg a day"))
    walk.shot("read-back")
    walk.button("I compared every line: follow it")
    walk.hands.within("Plan of twelve days from paper, a line for each day", before)
    expect(page.get_by_role("heading", level=1, name="The plan is followed")).to_be_visible()
    walk.shot("followed")
    walk.link("What to take now")
    settled(page)
    (approved,) = walk.home.entries("plan-approved")
    assert approved["what"]["plan"]["approval"]["copied_from"]["prescriber"] == "Dr B. Name"
    (person,) = walk.home.entries("person")
    assert person["what"]["person"]["zone"] == walk.zone


def waits_until(walk: Walk, due: datetime) -> None:
    """Until the dose is due. By the clock of this device that is now: it may be two minutes ahead, as clocks are."""
    walk.says("Nothing is due now.")
    heard(walk.page)
    quiet(walk.page)
    expect(walk.page.get_by_role("button", name="Taken", exact=True)).to_have_count(0)
    walk.shot("not-due-yet")
    ahead = (due - datetime.now(ZoneInfo(walk.zone))).total_seconds()
    assert ahead < 120, "the typing went faster than it was meant to be"
    walk.context.clock.fast_forward(max(0, int(ahead * 1000) + 500))
    expect(walk.page.get_by_role("button", name="Taken", exact=True)).to_be_visible()


def takes_and_takes_back(walk: Walk) -> None:
    """One tap records, one tap takes it back."""
    page = walk.page
    walk.shot("due")
    before = walk.hands.counted
    walk.button("Taken")
    walk.hands.within("Dose that is due, recorded", before)
    walk.says(re.compile(r"Recorded: 5 mg at \d\d:\d\d\."))
    walk.shot("taken")
    walk.button("Undo")
    walk.says(re.compile("Taken back"))
    expect(page.get_by_role("button", name="Taken", exact=True)).to_be_visible()
    until(page, lambda: unsent(page) == [])


@contextmanager
def cut_off(walk: Walk) -> Iterator[None]:
    """No network, and no server either."""
    walk.home.server.kill()
    walk.context.set_offline(True)
    yield
    walk.home.server.start()
    walk.context.set_offline(False)


def without_a_server(walk: Walk) -> None:
    """The dose again; the one of this evening left out; a reload; and in a second tab, that of this morning: not sure."""
    page = walk.page
    walk.button("Taken")
    walk.says("1 entry not sent yet")
    walk.hands.press(page.get_by_role("button", name=re.compile("about the dose of 21:00")))
    walk.button("Skip")
    walk.hands.write(page.get_by_label("Why?"), "told to")
    walk.button("Record as left out")
    walk.says("2 entries not sent yet")
    page.reload()
    settled(page)
    walk.says("2 entries not sent yet")
    walk.says("No connection")
    expect(page.locator("main li.taken")).to_have_count(1)
    tab = watched(walk.context.new_page())
    tab.goto(walk.home.app)
    settled(tab)
    second = Walk(Hands(tab, walk.hands.by), walk.home, walk.context, walk.zone)
    expect(tab.locator("main li.taken")).to_have_count(1)
    expect(tab.get_by_role("button", name="Taken", exact=True)).to_have_count(0)
    second.hands.press(tab.get_by_role("button", name=re.compile("about the dose of 06:00")))
    second.button("Not sure")
    second.says("3 entries not sent yet")
    walk.says("3 entries not sent yet")
    walk.shot("without-a-network")
    tab.close()


def comes_back(walk: Walk) -> None:
    """All of it is sent, once."""
    back(walk.page)
    expect(walk.page.get_by_text("not sent yet")).to_have_count(0)
    heard(walk.page)
    kinds = Counter(one["what"]["kind"] for one in walk.home.entries())
    assert kinds == {
        "person": 1,
        "plan-approved": 1,
        "dose-taken": 2,
        "correction": 1,
        "dose-skipped": 1,
        "dose-unsure": 1,
    }
    for state in ("taken", "skipped", "unsure"):
        expect(walk.page.locator(f"main li.{state}")).to_have_count(1)
    walk.shot("the-day")


def on_another_device(walk: Walk, new_browser: NewBrowser) -> Page:
    """A code from this device brings another, that shows the same day."""
    page = walk.page
    walk.link("More")
    walk.link(re.compile("^People and devices"))
    walk.button("Make a code")
    link = page.locator("#pair-link").input_value()
    walk.shot("a-code")
    other = watched(new_browser(timezone_id=walk.zone).new_page())
    other.goto(link)
    other.get_by_role("button", name="Connect", exact=True).click()
    other.locator("main li.taken").wait_for()
    assert "pair=" not in other.url
    for state in ("taken", "skipped", "unsure"):
        expect(other.locator(f"main li.{state}")).to_have_count(1)
    return other


def checks_in(walk: Walk, other: Page) -> None:
    """Every question of the day on this device, while the other records a dose beside the plan."""
    page, hands = walk.page, walk.hands
    before = hands.counted
    walk.link("Check‑in")
    expect(page.get_by_role("heading", level=1, name="Check‑in")).to_be_visible()
    walk.shot("check-in")
    groups = page.locator("main form > fieldset:has(.values)")
    place = 0
    while place < groups.count():  # an answer may bring another question
        hands.press(groups.nth(place).get_by_role("radio").nth(1))
        place += 1
    hands.write(page.get_by_label("How many times did you fall on this day?"), "0")
    hands.write(page.get_by_label("Anything else, in your own words"), "slept well")
    other.goto(f"{walk.home.app}#/checkin")
    other.get_by_label("Anything else, in your own words").fill("from the other device")
    other.get_by_role("button", name="Save", exact=True).click()
    walk.button("Save")
    hands.within("Check-in, every question of the day and a note", before)
    for one in (page, other):
        expect(one.get_by_text(re.compile("Recorded: the check-in"))).to_be_visible()
        until(one, lambda one=one: unsent(one) == [])  # type: ignore[misc]
    walk.shot("checked-in")


def brings_earlier_days(walk: Walk) -> list[Entry]:
    """As if the paper had been typed in on its first day, in a program that sends only now: what was taken since, and how stiff it was."""
    known = read_entries(walk.home.entries(), SCHEMA)
    (approved,) = (one.what for one in known if isinstance(one.what, PlanApproved))
    book = Book(person=known[0].person, device="program", zone=walk.zone)
    first = approved.plan.start
    morning = Instant.of(datetime.combine(first, time(5), ZoneInfo(walk.zone)).astimezone(UTC))
    book.describe(morning)
    book.write(approved, morning)
    book.take_all(first, walk.today - timedelta(days=1))
    for day in range(DAYS - 1):
        score = Score(scale="spasticity", value=(8 if day < HALF else 3) + day % 2)
        book.write(CheckIn(scores=(score,)), Instant(morning.seconds + (day * 24 + 5) * 3600))
    walk.home.push(book.entries)
    return book.entries


def sees_what_changed(walk: Walk) -> None:
    """What changed says something now, and that it cannot say why."""
    page = walk.page
    walk.link("What changed")
    expect(page.get_by_role("heading", level=1, name="What changed")).to_be_visible()
    quiet(page)
    walk.shot("what-changed")
    walk.says(re.compile("It cannot say why"))
    walk.says(re.compile("15 to 20 mg a day"))
    walk.says("This stands out")
    walk.says("34 of 36 planned doses are recorded as taken.")


def takes_a_page_along(walk: Walk) -> None:
    """The page for the doctor, as it is saved."""
    page = walk.page
    walk.link("More")
    walk.link(re.compile("^Papers"))
    walk.hands.press(page.get_by_role("button", name="Make it Page for the doctor"))
    save = page.get_by_role("link", name="Save Page for the doctor")
    save.wait_for()
    walk.shot("papers")
    with page.expect_download() as coming:
        walk.hands.press(save)
    text = " ".join(" ".join(one.extract_text() for one in PdfReader(coming.value.path()).pages).split())
    for said in ("copied from Dr B. Name", "36 due 34 taken", "1 skipped 1 not sure 0 extra", "15 → 20 mg a day"):
        assert said in text, said


def once_each(walk: Walk, written: list[Entry]) -> None:
    """What the server has is what was done, once each."""
    count, ids, broken = walk.home.server.rows(walk.home.record)
    assert (count, broken) == (len(set(ids)), [])
    exported = walk.home.ask("account/export")["records"][walk.home.record]["entries"]
    assert [one["id"] for one in exported] == ids
    brought = {one.id for one in written}
    assert brought <= set(ids)
    own = [one for one in exported if one["id"] not in brought]
    assert Counter(one["what"]["kind"] for one in own) == {
        "person": 1, "plan-approved": 1, "dose-taken": 2, "correction": 1, "dose-skipped": 1, "dose-unsure": 1, "check-in": 2,
    }  # fmt: skip
    of = {
        kind: [one for one in own if one["what"]["kind"] == kind] for kind in ("dose-taken", "correction", "check-in")
    }
    first, again = of["dose-taken"]
    assert of["correction"][0]["what"]["corrects"] == first["id"]
    assert first["what"]["dose"] == again["what"]["dose"]
    assert sorted(one["what"]["note"] for one in of["check-in"]) == ["from the other device", "slept well"]
    record = fold(read_entries(exported, SCHEMA))
    today = {dose.slot: record.done[dose.id].counts for dose in record.doses(BACLOFEN, walk.today, walk.today)}
    assert {slot: type(counts.what) for slot, counts in today.items()} == {
        "s1": DoseUnsure,
        "s2": DoseTaken,
        "s3": DoseSkipped,
    }
    assert today["s2"].id == again["id"]
