"""Every setting is on the page, and no page or file of ours names one that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gradatim.server.setting import ELSEWHERE, SETTINGS

pytestmark = pytest.mark.one_database

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
KNOWN = {one.variable for one in SETTINGS} | {f"{one.variable}_FILE" for one in SETTINGS if one.secret} | ELSEWHERE
PLACES = sorted([*(ROOT / "docs").rglob("*.md"), *(path for path in (ROOT / "deploy").iterdir() if path.is_file()), *ROOT.glob("*.md")])  # fmt: skip


@pytest.mark.parametrize("one", SETTINGS, ids=lambda one: one.name)
def test_a_setting_is_on_the_page_with_its_default(one: object) -> None:
    from gradatim.server.setting import Setting

    assert isinstance(one, Setting)
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{one.variable}`")]
    assert one.why in row
    assert one.default in row
    assert ("(secret)" in row) == one.secret
    assert one.read(one.default) == one.read(one.default)  # a default can be read
    assert one.why.endswith(".")


@pytest.mark.parametrize("path", PLACES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_page_names_a_setting_that_is_none(path: Path) -> None:
    ours = {"GRADATIM_HOST", "GRADATIM_LANGUAGE"}  # of compose.yaml and the Caddyfile; of the command line
    named = set(re.findall(r"\bGRADATIM_[A-Z_]*[A-Z]\b", path.read_text("utf-8")))
    assert named <= KNOWN | ours, named - KNOWN
