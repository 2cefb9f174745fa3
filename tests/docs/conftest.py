"""Where the docs are, and the scripts that make some of their pages."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def script(name: str) -> ModuleType:
    """A script of the docs folder as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def docs() -> Path:
    """The folder of the manual."""
    return ROOT / "docs"


@pytest.fixture(scope="session")
def made_by() -> Callable[[str], ModuleType]:
    """``made_by("make_rules").made()``."""
    return script
