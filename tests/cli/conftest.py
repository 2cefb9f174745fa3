"""Runs the command line in this process, as a shell would: arguments in, exit code and both streams out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

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
