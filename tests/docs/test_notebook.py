"""The page of numbers says what its Python prints, and the numbers are those that were published."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

MadeBy = Callable[[str], ModuleType]

PAGE = (Path(__file__).parents[2] / "docs" / "tutorial" / "levels.md").read_text("utf-8")


def test_the_page_is_what_its_python_prints(made_by: MadeBy) -> None:
    script = made_by("make_notebook")
    assert len(script.PAGES) == 1
    for page in script.PAGES:
        text = page.read_text("utf-8")
        assert script.refilled(text) == text, "stale: python docs/make_notebook.py"


@pytest.mark.parametrize(
    ("model", "cmax", "tmax"),
    [
        ("adult-derived", 151, 1.31),
        ("chevillard-2018", 180, 1.23),
        ("marsot-2014", 112, 0.81),
        ("simon-2018", 107, 1.57),
    ],
)
def test_the_highest_levels_are_those_of_the_facts(model: str, cmax: float, tmax: float) -> None:
    """Worked out from the printed parameters by another program, for 10 mg."""
    found = re.search(rf"^{model} +([\d.]+) +([\d.]+) ", PAGE, re.MULTILINE)
    assert found is not None
    assert float(found[1]) == pytest.approx(cmax, abs=0.6)
    assert float(found[2]) == pytest.approx(tmax, abs=0.01)


def test_the_clearances_are_those_of_the_facts() -> None:
    """Section 12.4: reductions of 29, 47 and 66 %."""
    assert re.findall(r"CL/F +(\d+) mL/min +(\d+)% less", PAGE) == [
        ("180", "0"),
        ("129", "29"),
        ("95", "47"),
        ("61", "66"),
    ]


def test_the_steady_state_is_that_of_the_facts() -> None:
    assert re.search(r"every 8 hours +382 +101 +231 ng/mL +fluctuation 121%", PAGE)
