"""Runs the command line in this process, as a shell would: arguments in, exit code and both streams out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gradatim.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """``run("plan", file, "--out", path)``."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795564800")
    monkeypatch.setenv("COLUMNS", "100")

    def ran(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["gradatim", *map(str, arguments)])
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        streams = capsys.readouterr()
        assert isinstance(code, int)
        return Ran(code, streams.out, streams.err)

    return ran


@pytest.fixture
def ms_adult() -> Path:
    """The example of an adult with multiple sclerosis."""
    return EXAMPLES / "ms-adult.toml"


ORDER = """
[person]
called = "Diary Person"
age = 45
sex = "female"
weight = "62 kg"
creatinine = "70 umol/L"
locale = "GB"
zone = "Europe/London"

[prescription]
protocol = "scotland-weekly"
start = 2026-12-01
times = ["08:00", "14:00", "21:00"]
products = ["uk/10"]
target = "45 mg"
"""


@dataclass
class Diary:
    """A journal of its own and a clock to set: ``diary.at("2026-12-01 08:05")`` is that time in London."""

    run: Run
    folder: Path
    patch: pytest.MonkeyPatch

    @property
    def file(self) -> Path:
        """The journal."""
        return self.folder / "journal.jsonl"

    @property
    def plan(self) -> Path:
        """The plan document."""
        return self.folder / "plan.json"

    def at(self, text: str) -> Diary:
        """Set the clock."""
        local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/London"))
        self.patch.setenv("SOURCE_DATE_EPOCH", str(int(local.timestamp())))
        return self

    def __call__(self, *arguments: object) -> Ran:
        return self.run(*arguments)

    def says(self, *arguments: object, code: int | None = 0) -> str:
        """All that a command says, on one line, once it ended with this exit code (None: with any)."""
        done = self.run(*arguments)
        assert code in (None, done.code), done.out + done.err
        return " ".join((done.out + done.err).split())

    def data(self, *arguments: object, code: int = 0) -> Any:
        """What a command gives as JSON."""
        done = self.run(*arguments, "--format", "json")
        assert done.code == code, done.err
        return json.loads(done.out)

    def count(self) -> int:
        """How many entries the journal holds."""
        return len(self.data("history", "--all")) if self.file.exists() else 0

    def kinds(self) -> list[str]:
        """What kinds of entries it holds, in order of time."""
        return [entry["what"]["kind"] for entry in self.data("history", "--all")]

    def last(self, kind: str) -> dict[str, Any]:
        """What the last entry of a kind says."""
        return next(entry["what"] for entry in reversed(self.data("history", "--all")) if entry["what"]["kind"] == kind)

    def ids(self, kind: str) -> list[str]:
        """The ids of the entries of a kind, as the history shows them."""
        return [entry["id"][-8:] for entry in self.data("history", "--all") if entry["what"]["kind"] == kind]

    def states(self) -> dict[str, str]:
        """Where each dose of today stands."""
        return {one["time"]: one["state"] for one in self.data("today")["doses"]}


@pytest.fixture
def diary(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Diary:
    """An empty folder, with a clock that stands at the evening of 25 November 2026."""
    for name, value in (
        ("HOME", tmp_path / "home"),
        ("XDG_DATA_HOME", tmp_path / "data"),
        ("GRADATIM_JOURNAL", tmp_path / "journal.jsonl"),
    ):
        monkeypatch.setenv(name, str(value))
    monkeypatch.delenv("GRADATIM_PASSPHRASE", raising=False)
    monkeypatch.chdir(tmp_path)
    return Diary(run, tmp_path, monkeypatch).at("2026-11-25 18:00")


@pytest.fixture
def mine(diary: Diary) -> Diary:
    """A plan made, approved and followed on 25 November; its first dose is at 08:00 on Tuesday 1 December."""
    order = diary.folder / "order.toml"
    order.write_text(ORDER)
    diary.says("plan", order, "--out", diary.plan)
    diary.says("approve", diary.plan, "--by", "Dr A. Name")
    diary.says("follow", diary.plan)
    return diary


_demo: list[str] = []


@pytest.fixture
def demo(diary: Diary) -> Diary:
    """The demonstration journal of twelve weeks, as ``demo-journal`` writes it on 25 November 2026 at midnight."""
    diary.patch.setenv("SOURCE_DATE_EPOCH", "1795564800")
    if not _demo:
        diary.says("demo-journal", "--out", diary.file)
        _demo.append(diary.file.read_text())
    diary.file.write_text(_demo[0])
    return diary
