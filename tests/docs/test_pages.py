"""Links lead somewhere, pages are reachable, and the words keep to the house style."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts)
TOP = [
    ROOT / name
    for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "GLOSSARY.md")
]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def prose(path: Path) -> str:
    return re.sub(r"^```.*?^```$|`[^`\n]*`", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", [*PAGES, *TOP], ids=named)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s#]+)(?:#[^)]*)?\)", prose(page)):
        if not target.startswith(("http", "mailto")):
            assert (page.parent / target).exists(), f"{named(page)}: {target}"


@pytest.mark.parametrize("page", [*PAGES, *TOP], ids=named)
def test_doses_are_written_safely_and_nobody_shouts(page: Path) -> None:
    text = prose(page)
    if page.name != "commands.md":  # there `60mg` is what one types
        assert not re.search(r"\b\d+\.0 mg\b|(?<![\d\w])\.\d+ mg\b|\d(mg|mL)\b", text), named(page)
    assert not re.search(r"\w!(\s|$)", text), f"{named(page)}: an exclamation mark"


def test_every_page_is_in_a_toctree() -> None:
    listed = set()
    for page in PAGES:
        for tree in re.findall(r"^```\{toctree\}\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
            names = [line.strip() for line in tree.splitlines() if line.strip() and not line.startswith(":")]
            for name in names:
                listed |= {found.resolve() for found in page.parent.glob(f"{name}.md")}
    alone = (
        {page.resolve() for page in PAGES}
        - listed
        - {(ROOT / "docs" / name).resolve() for name in ("index.md", "decisions/template.md")}
    )
    assert alone == set()
