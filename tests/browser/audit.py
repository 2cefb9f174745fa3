"""``make audit``: Lighthouse and pa11y on every screen of the built app. Takes minutes; needs Node.

What belongs to a record is looked at with a made-up person of twelve weeks; signing in and the account on a server with accounts.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.clinic import PASSWORD, Clinic
from tests.browser.home import SCREENS
from tests.server.running import running

ROOT = Path(__file__).parents[2]
AUDIT = ROOT / "web" / "audit"
OUTSIDE = ("signin", "signin/up", "signin/forgot")
"""What is seen before anybody is signed in."""
INSIDE = ("account",)
"""What is seen by who has signed in."""
HOUSEHOLD = tuple(screen for screen in SCREENS if screen not in (*OUTSIDE, *INSIDE))


def chromium() -> str:
    """Where the browser is."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        sys.exit("The audit needs Chromium: install it, or name it with CHROMIUM.")
    return found


@contextmanager
def household(folder: Path, out: Path) -> Iterator[tuple[str, str]]:
    """The made-up person's server: its address, and a code for a browser."""
    address = ["--address", "127.0.0.1:8329", "--data", f"{folder}/data"]
    serve = [sys.executable, "-m", "gradatim", "serve", "--demo", "--code", *address]
    with (out / "server.log").open("w") as log:
        server = subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert server.stdout is not None
        link = next((line.strip() for line in server.stdout if "#pair=" in line), None)
        if link is None:
            sys.exit(f"no server starts; see {out}/server.log")
        found, _, code = link.partition("/app/#pair=")
        yield found, code
    finally:
        server.terminate()
        server.wait(20)


def main(screens: list[str]) -> int:
    """Audit some screens, or all; the exit status of the auditors."""
    out = Path(os.environ.get("AUDIT_OUT") or tempfile.mkdtemp(prefix="gradatim-audit-"))
    out.mkdir(parents=True, exist_ok=True)
    environ = os.environ | {"CHROMIUM": chromium(), "AUDIT_OUT": str(out)}

    def audit(address: str, who: str, of: tuple[str, ...]) -> int:
        wanted = [screen for screen in of if not screens or screen in screens]
        command = ["node", "audit.mjs", address, who, *wanted]
        return subprocess.run(command, cwd=AUDIT, env=environ, check=False).returncode if wanted else 0

    if unknown := set(screens) - {*HOUSEHOLD, *OUTSIDE, *INSIDE}:
        sys.exit(
            f"There is no screen {', '.join(sorted(unknown))}. There are: {' '.join((*HOUSEHOLD, *OUTSIDE, *INSIDE))}"
        )
    worst = 0
    with tempfile.TemporaryDirectory() as folder:
        if not screens or set(screens) & set(HOUSEHOLD):
            with household(Path(folder), out) as (address, code):
                worst = max(worst, audit(address, f"code:{code}", HOUSEHOLD))
        if not screens or set(screens) & {*OUTSIDE, *INSIDE}:
            with running(Path(folder) / "clinic", GRADATIM_MODE="accounts") as server:
                server.start()
                clinic = Clinic(server)
                address = clinic.app.removesuffix("/app/")
                worst = max(worst, audit(address, "nobody", OUTSIDE))
                worst = max(worst, audit(address, f"as:{clinic.account().email}:{PASSWORD}", INSIDE))
    print(f"the reports are in {out}")
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
