"""Every rule that the check can give is on the page of rules, with its severity, its message and its source."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from gradatim.domain.citation import Citation
from gradatim.domain.guardrail import Kind
from gradatim.monographs import monograph
from gradatim.words.english import TEMPLATES

SAFETY = Path(__file__).parents[2] / "src" / "gradatim" / "domain" / "safety"
RAISERS = {"_about", "faster"}  # helpers whose first argument is the rule
MadeBy = Callable[[str], ModuleType]


def in_code() -> Iterator[tuple[str, str | None]]:
    """Every rule written out in the code, with its severity where it is written beside it."""
    for path in sorted(SAFETY.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            named = {keyword.arg: keyword.value for keyword in node.keywords}
            rule, severity = named.get("rule"), named.get("severity")
            if rule is None and isinstance(node.func, ast.Name) and node.func.id in RAISERS:
                rule, severity = node.args[0], node.args[1] if len(node.args) > 1 else None
            if isinstance(rule, ast.Constant) and isinstance(rule.value, str):
                yield rule.value, severity.attr.lower() if isinstance(severity, ast.Attribute) else None


def in_data() -> dict[str, tuple[Citation, ...]]:
    """Every rule that the monograph brings, with its sources."""
    known = monograph()
    return (
        {rail.id: rail.source for rail in known.guardrails}
        | {rule.id: rule.source for rule in known.condition_rules}
        | {f"interaction-{found.id}": found.source for found in known.interactions}
    )


@pytest.fixture(scope="module")
def rows(docs: Path) -> dict[str, str]:
    text = (docs / "reference" / "rules.md").read_text("utf-8")
    return {found[1]: found[0] for found in re.finditer(r"^\| `([a-z0-9-]+)` \|.*$", text, re.MULTILINE)}


def test_there_are_rules_in_the_code() -> None:
    assert len({rule for rule, _ in in_code()}) > 20


def test_every_rule_of_the_code_is_listed_with_its_severity(rows: dict[str, str]) -> None:
    for rule, severity in in_code():
        assert rule in rows, f"{rule} is not in reference/rules.md: add it to CODE in docs/make_rules.py"
        assert severity is None or f"| {severity}" in rows[rule] or severity in rows[rule].split("|")[2], rule


def test_every_rule_of_the_monograph_is_listed_with_its_source(rows: dict[str, str]) -> None:
    for rule, source in in_data().items():
        assert rule in rows
        assert all(citation.key == "D" or str(citation) in rows[rule] for citation in source), rule


def test_no_rule_is_listed_that_does_not_exist(rows: dict[str, str]) -> None:
    assert set(rows) - {rule for rule, _ in in_code()} - set(in_data()) == set()


def test_no_two_rules_share_an_id() -> None:
    known = monograph()
    assert len(in_data()) == len(known.guardrails) + len(known.condition_rules) + len(known.interactions)
    assert not set(in_data()) & {rule for rule, _ in in_code()}


def test_every_kind_of_limit_has_its_chapter_and_its_message(made_by: MadeBy) -> None:
    kinds = [kind for chapter in made_by("make_rules").CHAPTERS.values() for kind in chapter]
    assert sorted(kinds) == sorted(Kind)
    assert all(f"limit.{kind}" in TEMPLATES for kind in Kind)
