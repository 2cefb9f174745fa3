"""Every hazard has its cause, harm, control, residual risk, and tests that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "hazards.md").read_text("utf-8")
HAZARDS = re.findall(r"^## (H\d\d) ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
FIELDS = ["Cause", "Harm", "Control", "Verification", "Residual risk"]
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@cache
def there_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_there_are_hazards_and_each_has_its_own_number() -> None:
    numbers = [number for number, _, _ in HAZARDS]
    assert len(numbers) >= 20
    assert numbers == sorted(set(numbers))
    assert len(HAZARDS) == len(re.findall(r"^## ", PAGE, re.MULTILINE))


@pytest.mark.parametrize(("number", "title", "body"), HAZARDS, ids=[number for number, _, _ in HAZARDS])
def test_a_hazard_is_whole_and_its_tests_exist(number: str, title: str, body: str) -> None:
    fields = dict(re.findall(r"^:([^:\n]+): (.+)$", body, re.MULTILINE))
    assert list(fields) == FIELDS
    named = TEST.findall(fields["Verification"])
    assert named, f"{number} names no test"
    for path, test in named:
        assert (ROOT / path).is_file(), f"{number}: there is no {path}"
        assert test in there_in(path), f"{number}: there is no {test} in {path}"
