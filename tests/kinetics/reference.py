"""Where the published results lie that other programs made: beside the repository, or where GRADATIM_PK_REFERENCE says."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("GRADATIM_PK_REFERENCE", Path(__file__).parents[2].parent / "shared" / "pk-reference"))


def file(name: str) -> Path:
    """A file of the folder; skips the test where the folder is not there."""
    if not FOLDER.is_dir():
        pytest.skip(f"no reference results in {FOLDER}: name their folder in GRADATIM_PK_REFERENCE")
    return FOLDER / name


def table(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with file(name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def last_digit(printed: str) -> float:
    """Half of one unit in the last printed digit: ``"4391.2"`` → 0.05."""
    mantissa, _, power = printed.lower().partition("e")
    return 0.5 * 10.0 ** (-len(mantissa.partition(".")[2]) + int(power or 0))
