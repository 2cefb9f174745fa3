"""Runs the Python of notebook pages, block after block as in one session, and writes what each prints into the ``text`` block below it.

``python docs/make_notebook.py`` after a change; a test finds a stale page.
"""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

PAGES = (Path(__file__).parent / "tutorial" / "levels.md",)

_CELL = re.compile(r"^```python\n(?P<code>.*?)^```$\n(?:\n```text\n.*?^```$\n)?", re.MULTILINE | re.DOTALL)


def refilled(text: str) -> str:
    """A page with every output as it is now."""
    session: dict[str, Any] = {"__name__": "notebook"}

    def cell(found: re.Match[str]) -> str:
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(found["code"], "notebook", "exec"), session)  # noqa: S102 - our own page
        below = f"\n```text\n{said.getvalue().rstrip()}\n```\n" if said.getvalue() else ""
        return f"```python\n{found['code']}```\n{below}"

    return _CELL.sub(cell, text)


if __name__ == "__main__":
    for page in PAGES:
        old = page.read_text("utf-8")
        new = refilled(old)
        if new != old:
            page.write_text(new, "utf-8")
            print(f"wrote {page.name}")
