"""Takes the pictures of the tour: every screen of the app, as it looks on a phone, a tablet and a desk, in other colours, letters and words.

``python docs/make_tour.py`` after a change that is seen; it needs the built app (``make app``) and Chromium. What is on the pictures comes
from the made-up person of ``gradatim serve --demo``, so that dates and minutes differ from one run to the next: a test asks only whether
each picture is there.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, StorageState, sync_playwright

DOCS = Path(__file__).parent
PICTURES = DOCS / "_static" / "tour"
PAGE = DOCS / "explanation" / "tour.md"
ADDRESS = "127.0.0.1:8329"

SCREENS = {
    "now": "Now: the dose that is due in tablets, one tap to write it down, what is left.",
    "checkin": "Check-in: big numbers, every question may stay empty.",
    "plan": "Plan: the staircase with what was taken, reviews, calendar.",
    "insight": "What changed: each scale over the steps, before and after in words.",
    "danger": "Danger: one tap from everywhere, without network or account.",
    "danger/card": "Danger, the card to show: drug, last doses, never stop suddenly.",
    "box": "Box: how long it lasts, what to order and when.",
    "learn": "Learn: what is known, with sources.",
    "learn/say": "What people say: claims, each graded.",
    "history": "History: everything, and what was corrected.",
    "papers": "Papers: the page for the doctor, the card, the calendar.",
    "build": "Plan builder: from a paper or a protocol to a checked draft.",
    "people": "People and devices: who may see what, and who looked.",
    "settings": "Settings: letters, contrast, hands, language, lock.",
    "more": "More: everything else, in words.",
}
"""Each screen with what it is for."""


class Look(NamedTuple):
    """One way to see the app."""

    name: str
    says: str
    width: int
    dark: bool = False
    locale: str = "en-GB"
    large: bool = False
    turned: bool = False

    @property
    def height(self) -> int:
        """Pixels of the window."""
        return 780 if self.width < 700 else 900


LOOKS = (
    Look("phone", "phone", 360),
    Look("phone-dark", "phone, dark", 360, dark=True),
    Look("phone-large", "phone, large letters", 360, large=True),
    Look("phone-german", "phone, German", 360, locale="de-DE"),
    Look("phone-rtl", "phone, from right to left", 360, turned=True),
    Look("tablet", "tablet", 768),
    Look("desk", "desk", 1280),
    Look("desk-dark", "desk, dark", 1280, dark=True),
)


def file_of(screen: str, look: Look) -> Path:
    """Where a picture lies."""
    return PICTURES / f"{screen.replace('/', '-')}-{look.name}.webp"


def page() -> str:
    """The page of the tour."""
    parts = [
        "# A tour of the app\n\nEvery screen, with the made-up person that `make demo` shows. The first row is a phone of 360 pixels: as it is, "
        "dark, with large letters, in German, and turned round for languages that are written from right to left. Then a tablet and a desk.\n"
    ]
    for screen, says in SCREENS.items():
        title, _, rest = says.partition(": ")
        parts.append(f"## {title}\n\n{rest[0].upper()}{rest[1:]}\n")
        for row in (LOOKS[:5], LOOKS[5:]):
            shown = "".join(
                f'<a href="../_static/tour/{file_of(screen, one).name}"><img src="../_static/tour/{file_of(screen, one).name}" '
                f'alt="{title}, {one.says}" height="300" loading="lazy"></a> '
                for one in row
            )
            parts.append(f'<p class="tour">{shown}</p>\n')
    return "\n".join(parts)


@contextmanager
def served() -> Iterator[str]:
    """A demonstration that runs, and the link by which a browser comes in."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "gradatim",
            "serve",
            "--demo",
            "--code",
            "--address",
            ADDRESS,
            "--data",
            f"{folder}/data",
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            try:
                assert server.stdout is not None
                yield next(found[0] for line in server.stdout if (found := re.search(r"http\S+#pair=\S+", line)))
            finally:
                server.terminate()


def paired(browser: Browser, link: str) -> StorageState:
    """Pair a browser; what it then is known by."""
    context = browser.new_context(locale="en-GB")
    tab = context.new_page()
    tab.goto(link)
    tab.locator("main form button").last.click()
    tab.wait_for_url("**/app/#/now")
    tab.wait_for_timeout(2000)
    state = context.storage_state()
    context.close()
    return state


def taken(browser: Browser, state: StorageState, app: str, look: Look) -> None:
    """Every screen in one way to see it."""
    context = browser.new_context(
        storage_state=state, locale=look.locale, color_scheme="dark" if look.dark else "light",
        viewport={"width": look.width, "height": look.height}, reduced_motion="reduce",
    )  # fmt: skip
    tab = context.new_page()
    tab.goto(f"{app}#/now")
    tab.wait_for_timeout(3000)
    for screen in SCREENS:
        tab.goto(f"{app}#/{screen}")
        tab.locator("main[aria-busy=false] h1").first.wait_for()
        _dress(tab, look)
        tab.wait_for_load_state("networkidle")
        tab.wait_for_timeout(700)
        _picture(tab, file_of(screen, look))
    context.close()


def _dress(tab: Page, look: Look) -> None:
    if look.large:
        tab.evaluate("document.documentElement.dataset.text = 'large'")
    if look.turned:
        tab.evaluate("document.documentElement.dir = 'rtl'")


def _picture(tab: Page, file: Path) -> None:
    session = tab.context.new_cdp_session(tab)
    said = session.send("Page.captureScreenshot", {"format": "webp", "quality": 70})
    file.write_bytes(base64.b64decode(said["data"]))
    session.detach()


if __name__ == "__main__":
    PICTURES.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), "utf-8")
    where = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with served() as link, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=where, args=["--no-sandbox"])
        known = paired(chromium, link)
        for look in LOOKS:
            taken(chromium, known, link.partition("#")[0], look)
            sys.stdout.write(f"{look.name}\n")
        chromium.close()
