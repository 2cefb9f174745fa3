"""The house rules that a linter cannot hold: see ARCHITECTURE.md and CONTRIBUTING.md."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "gradatim"
MODULES = sorted(SOURCE.rglob("*.py"))
DOMAIN = sorted((SOURCE / "domain").rglob("*.py"))

CLOCKS = {"now", "today", "utcnow"}
OUTSIDE = {"open", "print", "input"}
CHANCE = {"random", "secrets"}
HEAVY = {
    "allauth",
    "cheroot",
    "django",
    "holidays",
    "icalendar",
    "ninja",
    "numba",
    "numpy",
    "psycopg",
    "pydantic",
    "pyrage",
    "ruptures",
    "scipy",
    "typst",
}
ROOMS_WITHOUT_A_MEANING = {"utils", "core", "common", "helpers", "services", "models", "manager"}
GIVEN = {"server/models.py"}  # Django asks for a module of this name
LINES_AT_MOST = 400


def named(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def forbidden_calls(tree: ast.AST) -> list[str]:
    """Calls that need a clock, the world outside, or chance, each with its line."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if name in CLOCKS | {"open"}:
                found.append(f"line {node.lineno}: .{name}(")
            case ast.Call(func=ast.Name(id=name), args=args) if name in OUTSIDE or (name in CLOCKS and not args):
                found.append(f"line {node.lineno}: {name}(")
            case ast.Name(id=name) if name in CHANCE:
                found.append(f"line {node.lineno}: {name}")
    return found


def imported(tree: ast.AST) -> set[str]:
    """Full names of the imported modules."""
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                names.update(alias.name for alias in aliases)
            case ast.ImportFrom(module=str(module), level=0):
                names.add(module)
            case ast.ImportFrom(level=level) if level:
                names.add("." * level)
    return names


def test_there_is_a_domain_to_look_at() -> None:
    assert DOMAIN


@pytest.mark.parametrize("path", DOMAIN, ids=named)
def test_the_domain_has_no_clock_no_chance_and_no_outside(path: Path) -> None:
    assert forbidden_calls(ast.parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", DOMAIN, ids=named)
def test_the_domain_imports_the_standard_library_and_itself_only(path: Path) -> None:
    strangers = {
        name
        for name in imported(ast.parse(path.read_text(encoding="utf-8")))
        if name.split(".")[0] not in sys.stdlib_module_names and not f"{name}.".startswith("gradatim.domain.")
    }
    assert strangers == set()
    assert not imported(ast.parse(path.read_text(encoding="utf-8"))) & CHANCE


@pytest.mark.parametrize("module", ["gradatim", "gradatim.cli"])
def test_a_bare_import_stays_light(module: str) -> None:
    program = f"import sys, {module}; print(*sorted({HEAVY!r} & sys.modules.keys()))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == [], f"import {module} loads {ran.stdout.strip()}; import it where it is used"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_is_read_in_one_sitting(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LINES_AT_MOST, f"{named(path)} has {lines} lines: find the second noun in it and give it a module"


def test_every_room_has_a_meaning() -> None:
    rooms = {path.name for path in SOURCE.rglob("*") if path.is_dir()} | {
        path.stem for path in MODULES if named(path) not in GIVEN
    }
    assert rooms & ROOMS_WITHOUT_A_MEANING == set()


# The rules above are only worth what they catch.


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import date\nday = date.today()",
        "import datetime\nwhen = datetime.datetime.now(datetime.UTC)",
        "from datetime import datetime as clock\nwhen = clock.utcnow()",
        "import random\nn = random.randint(1, 2)",
        "text = open('plan.json')",
        "from pathlib import Path\ntext = Path('plan.json').open()",
        "print('5 mg')",
    ],
)
def test_the_rule_catches(code: str) -> None:
    assert forbidden_calls(ast.parse(code))


@pytest.mark.parametrize("code", ["day = plan.starts_on", "window.opens(at)", "today = plan.day(slot)"])
def test_the_rule_lets_pass(code: str) -> None:
    assert forbidden_calls(ast.parse(code)) == []
