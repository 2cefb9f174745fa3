"""A household for the browser: a record on a running server whose next dose is due now, and browsers that are paired with it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib import request
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from playwright.sync_api import BrowserContext, Error, Page, Request, ViewportSize, expect

from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.entry import DoseTaken, Entry
from gradatim.domain.person import Age, Creatinine, Sex, Weight
from gradatim.journal.codec import SCHEMA, entry_data
from tests.journals import BACLOFEN, Book, begun, scheme
from tests.server.running import Running

PATIENCE = 15_000
"""Milliseconds: the machine may be busy with other tests."""
WHO: dict[str, Any] = {
    "age": Age(46 * 12),
    "sex": Sex.FEMALE,
    "weight": Weight(64_000),
    "creatinine": Creatinine.parse("70 umol/L"),
}
"""What is known of the person, as much as a level in the blood asks for."""
DAYS = 10
"""How long the plan has been followed."""
SCREENS = (
    "now", "danger", "welcome", "checkin", "plan", "build", "papers", "insight", "history", "box", "learn", "more", "settings", "people", "signin", "account",
)  # fmt: skip
"""Every screen of ``web/src/screens/index.ts``; a test compares."""


def zone_at_noon(now: datetime) -> str:
    """A zone without summer time in which it is about noon: so that no test meets midnight, whenever it runs."""
    ahead = 12 - now.hour
    return "UTC" if ahead == 0 else f"Etc/GMT{-ahead:+d}"  # the signs of these names are the other way round


def due_now(now: datetime, taken: int = DAYS, *, described: bool = True) -> Book:
    """A record of some days in which every dose was taken but the one that is due since ten minutes."""
    name = zone_at_noon(now)
    local = now.astimezone(ZoneInfo(name))
    due = (local - timedelta(minutes=10)).strftime("%H:%M")
    first = local.date() - timedelta(days=taken)
    book = begun(scheme(5, start=first, times=("06:00", due, "21:00")), zone=name, **(WHO if described else {}))
    stamp = Instant.of(now)
    for dose in book.record().doses(BACLOFEN, first, local.date()):
        if dose.instant < Instant(stamp.seconds - 3600):
            book.write(DoseTaken(dose=dose.id, amount=OralDose.mg(5)), dose.instant)
    return book


PHONE: ViewportSize = {"width": 360, "height": 780}


@dataclass(slots=True)
class Home:
    """One record, with what the test itself may do to it."""

    server: Running
    record: str
    token: str
    codes: list[str]
    book: Book = field(default_factory=Book)

    @property
    def app(self) -> str:
        """The address of the app."""
        return f"{self.server.address}/app/"

    @property
    def due(self) -> str:
        """The id of the dose that is due now."""
        record = self.book.record()
        today = datetime.now(ZoneInfo(self.book.zone)).date()
        return next(one.id for one in record.doses(BACLOFEN, today, today) if one.id not in record.done)

    def ask(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """Ask the interface, as a program with a token."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        with request.urlopen(
            request.Request(f"{self.server.address}/api/v1/{path}", data, headers, method=method)
        ) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def push(self, entries: list[Entry]) -> None:
        """Store entries as another device would."""
        for start in range(0, len(entries), 400):
            batch = entry_data(entries[start : start + 400])
            sent = {"schema": SCHEMA, "sent": Instant.of(datetime.now(UTC)).iso(), "entries": batch}
            self.ask(f"records/{self.record}/entries", sent)

    def entries(self, kind: str | None = None) -> list[dict[str, Any]]:
        """What the server has, in the order in which it came."""
        found: list[dict[str, Any]] = []
        after = 0
        while True:
            page = self.ask(f"records/{self.record}/entries?after={after}")
            found += page["entries"]
            after = page["cursor"]
            if not page["more"]:
                return [one for one in found if kind is None or one["what"]["kind"] == kind]

    def new(self, kind: str | None = None) -> list[dict[str, Any]]:
        """The same, without what was there when the test began."""
        known = {entry.id for entry in self.book.entries}
        return [one for one in self.entries(kind) if one["id"] not in known]

    def pair(self, context: BrowserContext, label: str = "Browser") -> None:
        """Pair a browser, with the questions of the page for that. The cookies that come of it are the browser's."""
        api, asks = f"{self.server.address}/api/v1", context.request
        headers = {"X-CSRFToken": asks.get(f"{api}/session").json()["csrf"], "Origin": self.server.address}
        answer = asks.post(f"{api}/pair", headers=headers, data={"code": self.codes.pop(), "label": label})
        assert answer.status == 201, answer.text()

    def open(self, context: BrowserContext, screen: str = "now", at: str | None = None) -> Page:
        """The app in a new tab, once it shows what the server knows."""
        page = watched(context.new_page())
        page.goto(f"{at or self.server.address}/app/#/{screen}")
        settled(page)
        heard(page)
        return page

    def new_code(self) -> None:
        """One more code by which a browser can be paired."""
        self.codes.append(self.ask("devices/codes", {})["code"])

    def end_devices(self) -> None:
        """End every device but the test itself."""
        for one in self.ask("devices"):
            if not one["this"]:
                self.ask(f"devices/{one['id']}", method="DELETE")


def household(server: Running) -> Home:
    """A household whose record has nothing in it."""
    return Home(server, **server.home(codes=4))


def lived_in(home: Home) -> Home:
    """The same with a plan, ten days of doses taken, and one that is due now."""
    home.book = due_now(datetime.now(UTC))
    home.push(home.book.entries)
    return home


def settled(page: Page) -> None:
    """Wait until the app has read what is kept, and shows a screen."""
    page.locator("main[aria-busy=false]").wait_for()
    page.locator("main h1").first.wait_for()


@dataclass  # with a dictionary of its own: Playwright marks whose methods it calls
class _Asks:
    """What a page has asked for and has not got yet, and how often something came."""

    under_way: set[Request] = field(default_factory=set)
    came: int = 0

    def begun(self, one: Request) -> None:
        self.under_way.add(one)

    def ended(self, one: Request) -> None:
        self.under_way.discard(one)
        self.came += 1


_asks: WeakKeyDictionary[Page, _Asks] = WeakKeyDictionary()


def watched(page: Page) -> Page:
    """A page whose requests are counted, for `quiet`."""
    asks = _asks.setdefault(page, _Asks())
    page.on("request", asks.begun)
    page.on("requestfinished", asks.ended)
    page.on("requestfailed", asks.ended)
    return page


STILL = 50
"""Milliseconds of one look at a page for `quiet`."""
LOOKS = 2
"""How many looks after one another must find nothing."""
_CHANGES = """async (still) => {
    let changed = false;
    const seen = new MutationObserver(() => { changed = true; });
    seen.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
    const kept = async () => globalThis.indexedDB?.databases().catch(() => undefined); // behind what the page itself reads there
    await kept();
    await new Promise((then) => setTimeout(then, still));
    await kept();
    seen.disconnect();
    return changed;
}"""


def quiet(page: Page) -> None:
    """Wait until a page has asked for all that it shows, and has it. A browser's own word for this is about loading only."""
    calm, asks = 0, _asks[page]
    end = time.monotonic() + PATIENCE / 1000
    while calm < LOOKS:
        came = asks.came
        changed = page.evaluate(_CHANGES, STILL)
        calm = 0 if changed or asks.under_way or asks.came != came else calm + 1
        assert time.monotonic() < end, [one.url for one in asks.under_way]


def show(page: Page, screen: str) -> None:
    """Go to a screen, and wait until it has what it shows."""
    page.evaluate("(screen) => { location.hash = `#/${screen}`; }", screen)
    settled(page)
    quiet(page)


def load(page: Page, screen: str) -> None:
    """The same, and the page loads anew, as if it was opened there."""
    page.evaluate("(screen) => history.replaceState(null, '', `#/${screen}`)", screen)
    page.reload()
    settled(page)
    quiet(page)


def worker_ready(page: Page) -> None:
    """Wait until the service worker has everything, and gives this page."""
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    until(page, lambda: page.evaluate("navigator.serviceWorker.controller !== null"))


_READ = """async (table) => {
    const open = (request) => new Promise((done, fail) => { request.onsuccess = () => done(request.result); request.onerror = () => fail(request.error); });
    if (!(await indexedDB.databases()).some((one) => one.name === 'gradatim')) return []; // opened here it would be made, and empty
    const kept = await open(indexedDB.open('gradatim'));
    const all = await open(kept.transaction(table).objectStore(table).getAll());
    kept.close();
    return all;
}"""


def heard(page: Page) -> None:
    """Wait until the packet holds everything that was recorded here."""
    until(
        page, lambda: any(one["path"].endswith("/packet") for one in page.evaluate(_READ, "answers")) and unheard(page) == []
    )  # fmt: skip


def until(page: Page, so: Callable[[], Any]) -> None:
    """Wait until something is so. Not by `Page.wait_for_function`: that makes a script of a text, which the app's policy forbids."""
    end = time.monotonic() + PATIENCE / 1000
    pauses = iter((5, 10, 20))  # milliseconds; most of it is so at once, or very soon
    while not _now(so):
        assert time.monotonic() < end, "it never became so"
        page.wait_for_timeout(next(pauses, 50))


def _now(so: Callable[[], Any]) -> bool:
    try:
        return bool(so())
    except Error as error:
        if "context was destroyed" not in str(error):  # the page is just loading
            raise
        return False


def unheard(page: Page) -> list[dict[str, Any]]:
    """The outbox of the browser, as it lies on the disk."""
    found: list[dict[str, Any]] = page.evaluate(_READ, "unheard")
    return found


def unsent(page: Page) -> list[dict[str, Any]]:
    """What of it the server has not acknowledged."""
    return [one for one in unheard(page) if one["cursor"] is None]


def take(page: Page) -> None:
    """Press the main button, and see that it was recorded."""
    page.get_by_role("button", name="Taken", exact=True).click()
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_visible()


def back(page: Page) -> None:
    """What a browser says to its pages when there is a network again."""
    page.evaluate("dispatchEvent(new Event('online'))")
