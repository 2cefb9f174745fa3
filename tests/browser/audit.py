"""``make audit``: Lighthouse and pa11y on every screen of the built app, with a made-up person of twelve weeks. Takes minutes; needs Node."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser.home import SCREENS

ROOT = Path(__file__).parents[2]
AUDIT = ROOT / "web" / "audit"


def chromium() -> str:
    """Where the browser is."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        sys.exit("The audit needs Chromium: install it, or name it with CHROMIUM.")
    return found


def main(screens: list[str]) -> int:
    """Audit some screens, or all; the exit status of the auditors."""
    out = Path(os.environ.get("AUDIT_OUT") or tempfile.mkdtemp(prefix="gradatim-audit-"))
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        serve = [
            sys.executable,
            "-m",
            "gradatim",
            "serve",
            "--demo",
            "--code",
            "--address",
            "127.0.0.1:8329",
            "--data",
            f"{folder}/data",
        ]
        with (out / "server.log").open("w") as log:
            server = subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert server.stdout is not None
            link = next((line.strip() for line in server.stdout if "#pair=" in line), None)
            if link is None:
                sys.exit(f"no server starts; see {out}/server.log")
            address, _, code = link.partition("/app/#pair=")
            command = ["node", "audit.mjs", address, code, *(screens or SCREENS)]
            environ = os.environ | {"CHROMIUM": chromium(), "AUDIT_OUT": str(out)}
            done = subprocess.run(command, cwd=AUDIT, env=environ, check=False)
        finally:
            server.terminate()
            server.wait(20)
    print(f"the reports are in {out}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
