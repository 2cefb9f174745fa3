"""The sentence of what the program is for: the same words wherever it stands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from gradatim.words.english import INTENDED_USE

ROOT = Path(__file__).parents[2]


def lines(page: str) -> list[str]:
    return [line.removeprefix("> ") for line in (ROOT / page).read_text("utf-8").splitlines()]


def version() -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-m", "gradatim", "--version"], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    return ran.stdout.splitlines()


def test_the_sentence_is_the_same_everywhere() -> None:
    assert INTENDED_USE.startswith("Gradatim helps people follow, record and discuss a baclofen plan")
    for said in (
        lines("README.md"),
        lines("docs/index.md"),
        lines("docs/explanation/what-it-never-does.md"),
        version(),
    ):
        assert said.count(INTENDED_USE) == 1
