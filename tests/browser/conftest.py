"""What the tests in a browser share: one Chromium and one server for all of them, a household and browsers for each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.clinic import Clinic
from tests.browser.home import PATIENCE, PHONE, Home, household, lived_in
from tests.server.provider import Provider, provider
from tests.server.running import Running, running

APP = Path(__file__).parents[2] / "src" / "gradatim" / "server" / "app" / "index.html"
NewBrowser = Callable[..., BrowserContext]
LOADED = {"DJANGO_SETTINGS_MODULE": "tests.browser.settings", "OPENBLAS_NUM_THREADS": "1"}
"""What is loaded before a server is forked; without threads, which a fork would not take along."""

WITHOUT = ",".join((
    # for each new tab, pages behind the address bar, which nobody sees here: half of what a tab costs
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup",
    # as Playwright does, whose own list this replaces
    "AimEnabled", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades",
    "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning",
))  # fmt: skip
"""What the browser leaves out."""

expect.set_options(timeout=PATIENCE)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Nothing here can be tested without the app."""
    if not APP.is_file():
        pytest.fail("The app is not built. Build it first: make app", pytrace=False)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser. For the package and not for longer: while it runs, Django takes this process for an asynchronous one."""
    where = os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=where, args=["--no-sandbox", f"--disable-features={WITHOUT}"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def mother(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """What starts servers with SQLite in personal mode."""
    with running(tmp_path_factory.mktemp("browser") / "data", **LOADED) as found:
        found.start()
        yield found


@pytest.fixture(scope="package")
def clinic_mother(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The same in accounts mode, by invitation only and without mail."""
    with running(tmp_path_factory.mktemp("clinic") / "data", GRADATIM_MODE="accounts", **LOADED) as found:
        found.start()
        yield found


@pytest.fixture
def clinic(clinic_mother: Running) -> Clinic:
    """A server in accounts mode that runs."""
    if not clinic_mother.runs():
        clinic_mother.start()
    return Clinic(clinic_mother)


@pytest.fixture(scope="package")
def outside() -> Iterator[Provider]:
    """A provider that signs people in."""
    with provider() as found:
        yield found


@pytest.fixture(scope="package")
def open_clinic(tmp_path_factory: pytest.TempPathFactory, outside: Provider) -> Iterator[Clinic]:
    """A server in accounts mode in which everybody may sign up, with mail and a provider."""
    data = tmp_path_factory.mktemp("open") / "data"
    own = LOADED | {"DJANGO_SETTINGS_MODULE": "tests.browser.open_settings", "OPEN_PROVIDER": outside.url}
    with running(data, GRADATIM_MODE="accounts", **own) as found:
        found.start()
        yield Clinic(found)


@pytest.fixture
def server(mother: Running) -> Running:
    """A server that runs, also after a test that killed it and failed."""
    if not mother.runs():
        mother.start()
    return mother


@pytest.fixture
def empty(server: Running) -> Home:
    """A household whose record has nothing in it."""
    return household(server)


@pytest.fixture
def home(empty: Home) -> Home:
    """A household with a plan, ten days of doses taken, and one that is due now."""
    return lived_in(empty)


@contextmanager
def browsers(chromium: Browser, name: str) -> Iterator[NewBrowser]:
    """Makes browsers with their own cookies, database and worker. What goes wrong in their pages is raised at the end."""
    made: list[BrowserContext] = []
    wrong: list[str] = []

    def new(**rest: Any) -> BrowserContext:
        found = chromium.new_context(**{"viewport": PHONE, "locale": "en-GB", **rest})
        found.set_default_timeout(PATIENCE)
        found.on("weberror", lambda error: wrong.append(str(error.error)))
        made.append(found)
        return found

    yield new
    for number, one in enumerate(made):
        if shots := os.environ.get("BROWSER_SHOTS"):  # to see how a test ended
            for place, page in enumerate(one.pages):
                page.screenshot(path=f"{shots}/{name}-{number}-{place}.png", full_page=True)
        one.close()
    assert wrong == []


@pytest.fixture
def new_browser(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[NewBrowser]:
    """Makes a browser of its own. What goes wrong in its pages fails the test."""
    with browsers(chromium, request.node.name) as new:
        yield new


@pytest.fixture
def paired(new_browser: NewBrowser, home: Home) -> BrowserContext:
    """A browser that is paired with the household."""
    found = new_browser()
    home.pair(found)
    return found


@pytest.fixture
def page(paired: BrowserContext, home: Home) -> Page:
    """The app, on Now."""
    return home.open(paired)
