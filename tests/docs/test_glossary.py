"""A word in the code is a word in the glossary."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import gradatim.domain

TEXT = (Path(__file__).parents[2] / "GLOSSARY.md").read_text("utf-8")
NAMED = re.findall(r"^\|.*\| `(gradatim\.[\w.]+)` \|$", TEXT, re.MULTILINE)


def public_classes() -> Iterator[str]:
    for module in pkgutil.walk_packages(gradatim.domain.__path__, "gradatim.domain."):
        for name, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if kind.__module__ == module.name and not name.startswith("_"):
                yield f"{module.name}.{name}"


@pytest.mark.parametrize("path", NAMED)
def test_a_named_type_exists(path: str) -> None:
    module, _, name = path.rpartition(".")
    assert inspect.isclass(getattr(importlib.import_module(module), name))


def test_every_public_class_of_the_domain_is_in_the_glossary() -> None:
    missing = sorted(set(public_classes()) - set(NAMED))
    assert not missing, f"add to GLOSSARY.md: {', '.join(missing)}"


def test_no_word_is_explained_twice() -> None:
    words = re.findall(r"^\| ([^|]+?) \|.*`gradatim\.", TEXT, re.MULTILINE)
    assert len(words) == len(set(words))
    assert len(NAMED) == len(set(NAMED))


def test_the_manual_has_it() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "glossary.md"
    assert "GLOSSARY.md" in page.read_text("utf-8")
