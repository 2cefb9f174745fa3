"""The table in SECURITY.md: every item of ASVS 4.0.3 of level 1 or 2 once, each with its state, and every test and file that it names is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "SECURITY.md").read_text("utf-8")
ROWS = re.findall(r"^\| ((?:[0-9.]+)(?:, [0-9.]+)*) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
FILE = re.compile(r"`((?:src|tests|docs|deploy|requirements)/[\w./-]+|[\w-]+\.(?:md|toml)|Makefile)`")

LAST = {
    "1.1": 7, "1.2": 4, "1.5": 4, "1.6": 4, "1.7": 2, "1.8": 2, "1.9": 2, "1.10": 1, "1.11": 2, "1.14": 6,
    "2.1": 12, "2.2": 3, "2.3": 3, "2.4": 5, "2.5": 7, "2.6": 3, "2.7": 6, "2.8": 7, "2.9": 3, "2.10": 4,
    "3.1": 1, "3.2": 4, "3.3": 4, "3.4": 5, "3.5": 3, "3.7": 1, "4.1": 3, "4.2": 2, "4.3": 3,
    "5.1": 5, "5.2": 8, "5.3": 10, "5.4": 3, "5.5": 4, "6.1": 3, "6.2": 6, "6.3": 2, "6.4": 2, "7.1": 4, "7.2": 2, "7.3": 1, "7.4": 3,
    "8.1": 4, "8.2": 3, "8.3": 8, "9.1": 3, "9.2": 4, "10.2": 2, "10.3": 3, "11.1": 8, "12.1": 3, "12.2": 1, "12.3": 6, "12.4": 2, "12.5": 2, "12.6": 1,
    "13.1": 1, "13.2": 3, "13.3": 2, "13.4": 2, "14.1": 4, "14.2": 6, "14.4": 7, "14.5": 4,
}  # fmt: skip
"""The last item of each section; sections whose items go on after a gap have the rest below. Items of level 3 alone are left out."""
REST = ("1.4.1", "1.4.4", "1.4.5", "1.12.2", "4.1.5", "7.3.3", "7.3.4", "13.1.3", "13.1.4", "13.1.5", "13.2.5", "13.2.6", "14.3.2", "14.3.3")  # fmt: skip
ITEMS = {f"{section}.{number}" for section, last in LAST.items() for number in range(1, last + 1)} | set(REST)


@cache
def functions_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def items() -> list[tuple[str, str]]:
    return [(item, state) for numbers, _, state, _ in ROWS for item in numbers.split(", ")]


def test_every_item_is_there_once_and_no_other() -> None:
    assert sorted(item for item, _ in items()) == sorted(ITEMS)
    assert len(ITEMS) == 259


def test_every_row_has_its_state_and_says_by_what_or_why() -> None:
    for numbers, asks, state, by in ROWS:
        assert state in ("met", "n/a", "open"), numbers
        assert len(asks) > 5, numbers
        assert len(by) > 3, numbers
    assert len(ROWS) == len(re.findall(r"^\| [0-9]", PAGE, re.MULTILINE)), "a row that cannot be read"


def test_every_test_and_file_that_is_named_is_there() -> None:
    for numbers, _, _, by in ROWS:
        for path, name in TEST.findall(by):
            assert name in functions_in(path), f"{numbers}: there is no {name} in {path}"
        for path in FILE.findall(by):
            assert (ROOT / path).exists(), f"{numbers}: there is no {path}"


def test_the_sums_are_those_of_the_table() -> None:
    states = [state for _, state in items()]
    told = f"Of {len(states)} items {states.count('met')} are met, {states.count('open')} are open, {states.count('n/a')} do not apply."
    assert told in PAGE
