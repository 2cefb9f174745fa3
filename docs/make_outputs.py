"""Runs the commands that the pages print, and writes what they say beneath them.

A page is a session in one new folder that holds a copy of ``examples/``. Comments before a block steer it:

``% file: NAME``    the block below is written to that file first
``% show: A-B``     only these lines of the output are shown (counted from 1), with an ellipsis for the rest
``% now: INSTANT``  from this block on that is the present, for example 2026-12-01T08:05:00Z

``$ export NAME=VALUE`` holds for the rest of the page. The clock stands still, a journal lies in a home of the page's own, and ids are drawn
in the same order every time: so the same page gives the same text. A test finds pages that are stale.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from unittest import mock

DOCS = Path(__file__).parent
EXAMPLES = DOCS.parent / "examples"
CLOCK = "1795564800"  # 2026-11-25 00:00 UTC
STILL = {"SOURCE_DATE_EPOCH": CLOCK, "COLUMNS": "88", "TERM": "dumb", "NO_COLOR": "1", "PYTHONUTF8": "1"}
FOLDERS = ("tutorial", "how-to", "reference", "explanation")
HOME = "/home/you"  # stands for the folder of the page in what is printed

_BLOCK = re.compile(r"(?P<steer>(?:^%[^\n]*\n)*)^```(?P<kind>[a-z]+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


class Session:
    """What a page has made so far: its folder, what it exported, and how many ids it drew."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.exported: dict[str, str] = {}
        self.drawn = 0
        self.chance = random.Random(1)

    @property
    def still(self) -> dict[str, str]:
        """The environment of a command."""
        return STILL | {"XDG_DATA_HOME": str(self.folder / ".local" / "share")} | self.exported

    def urandom(self, size: int) -> bytes:
        """In place of chance. Ids of the same second sort as they were drawn."""
        self.drawn += 1
        return (self.drawn.to_bytes(2) + self.chance.randbytes(size))[:size]


def pages() -> list[Path]:
    """The pages that print commands with their output."""
    found = [page for folder in FOLDERS for page in sorted((DOCS / folder).glob("*.md"))]
    return [page for page in found if "\n```console\n$ " in page.read_text("utf-8")]


def refilled(text: str) -> str:
    """A page with every output as it is now."""
    with tempfile.TemporaryDirectory() as place:
        session = Session(Path(place))
        shutil.copytree(EXAMPLES, session.folder / "examples")
        return _BLOCK.sub(lambda block: _block(block, session), text)


def _block(block: re.Match[str], session: Session) -> str:
    steer = dict(re.findall(r"^% (\w+): (\S+)$", block["steer"], re.MULTILINE))
    if "file" in steer:
        (session.folder / steer["file"]).write_text(block["body"], "utf-8")
    if "now" in steer:
        session.exported["SOURCE_DATE_EPOCH"] = f"{datetime.fromisoformat(steer['now']).timestamp():.0f}"
    if block["kind"] != "console" or not block["body"].startswith("$ "):
        return block[0]
    out, status = [], 0
    for command in _commands(block["body"]):
        said, status = _run(command, status, session)
        out += [*f"$ {command}".splitlines(), *_part(said, steer.get("show"))]
    return f"{block['steer']}```console\n" + "\n".join(out) + "\n```"


def _commands(body: str) -> list[str]:
    found: list[str] = []
    going_on = False
    for line in body.splitlines():
        if going_on:
            found[-1] += f"\n{line}"
        elif line.startswith("$ "):
            found.append(line[2:])
        going_on = (going_on or line.startswith("$ ")) and line.endswith("\\")
    return found


def _run(command: str, before: int, session: Session) -> tuple[list[str], int]:
    """What a command says on both streams, and its exit status. ``before`` is what ``$?`` holds.

    A plain call of the program runs inside this process, which is much faster; anything else goes to the shell.
    """
    if export := re.match(r"export (\w+)=(\S*|\"[^\"]*\")(?: +#.*)?$", command):
        session.exported[export[1]] = export[2].strip('"')
        return [], 0
    plain = command.startswith("gradatim ") and not re.search(r"[|&;<>$`*]", command)
    said, status = (
        _inside(shlex.split(command.replace("\\\n", " ")), session) if plain else _by_shell(command, before, session)
    )
    lines = [line.rstrip() for line in said.replace(str(session.folder.resolve()), HOME).splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return lines, status


def _inside(words: list[str], session: Session) -> tuple[str, int]:
    from gradatim.cli import main

    said, status = io.StringIO(), 0
    with (
        contextlib.chdir(session.folder), mock.patch.dict(os.environ, session.still), mock.patch.object(sys, "argv", words),
        mock.patch.object(os, "urandom", session.urandom), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said),
    ):  # fmt: skip
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
    return said.getvalue(), status


def _by_shell(command: str, before: int, session: Session) -> tuple[str, int]:
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    ran = subprocess.run(
        ["sh", "-c", f"(exit {before})\n{command}"],
        cwd=session.folder, env=kept | session.still | {"PATH": path},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, encoding="utf-8",
    )  # fmt: skip
    return ran.stdout, ran.returncode


def _part(lines: list[str], wanted: str | None) -> list[str]:
    if wanted is None:
        return lines
    first, last = (int(end) for end in wanted.split("-"))
    shown = lines[first - 1 : last]
    return [*(["…"] if first > 1 else []), *shown, *(["…"] if last < len(lines) else [])]


if __name__ == "__main__":
    asked = [Path(name).resolve() for name in sys.argv[1:]] or pages()
    for page in asked:
        old = page.read_text("utf-8")
        new = refilled(old)
        if new != old:
            page.write_text(new, "utf-8")
            print(f"wrote {page.relative_to(DOCS.parent)}")
