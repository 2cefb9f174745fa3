"""The numbers on the page of levels are those that were published, or worked out apart from this program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "tutorial" / "levels.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("model", "cmax", "tmax"),
    [
        ("adult-derived", 151, 1.31),
        ("chevillard-2018", 180, 1.23),
        ("marsot-2014", 112, 0.81),
        ("simon-2018", 107, 1.57),
    ],
)
def test_the_highest_levels(model: str, cmax: float, tmax: float) -> None:
    """Worked out from the printed parameters by another program (derived), for 10 mg."""
    found = re.search(rf"^{model} +([\d.]+) +([\d.]+) ", PAGE, re.MULTILINE)
    assert found is not None
    assert float(found[1]) == pytest.approx(cmax, abs=0.6)
    assert float(found[2]) == pytest.approx(tmax, abs=0.01)


def test_the_clearances() -> None:
    """Derived from KOCHAK, WUIS90 and AGAR: 29, 47 and 66 % less."""
    assert re.findall(r"CL/F +(\d+) mL/min +(\d+)% less", PAGE) == [
        ("180", "0"),
        ("129", "29"),
        ("95", "47"),
        ("61", "66"),
    ]


def test_the_steady_state() -> None:
    assert re.search(r"every 8 hours +382 +101 +231 ng/mL +fluctuation 121%", PAGE)
