"""Facts of a monograph on the terminal: a list is a table, a fact is its fields, and every fact names its sources."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gradatim.domain.citation import Citation
from gradatim.domain.reading import plain
from gradatim.monographs import bibliography
from gradatim.words import phrase, sources_text


def _page() -> Console:
    return Console(highlight=False)


def show_parts(parts: dict[str, tuple[Any, ...]]) -> None:
    """The table of contents."""
    page = _page()
    page.print(Text("Ask for a part, or for one fact by its id:", style="bold"))
    for name, items in parts.items():
        page.print(f"  {name.replace('_', '-'):20} {len(items)}")


def show_list(name: str, items: tuple[Any, ...]) -> None:
    """One line or block for each fact."""
    page = _page()
    page.print(Text(f"{name.replace('_', ' ')}: {len(items)}", style="bold"))
    for item in items:
        show_fact(item, page, short=True)


def show_fact(item: Any, page: Console | None = None, short: bool = False) -> None:
    """The fields of one fact; with the full titles of its sources unless short."""
    page = page or _page()
    head = (
        getattr(item, "id", None)
        or getattr(item, "code", None)
        or getattr(item, "key", None)
        or getattr(item, "value", None)
        or type(item).__name__
    )
    title = (
        getattr(item, "title", None)
        or getattr(item, "name", None)
        or getattr(item, "sign", None)
        or getattr(item, "claim", None)
        or ""
    )
    page.print()
    kind = "" if short else f"  ({re.sub('(?<!^)(?=[A-Z])', ' ', type(item).__name__).lower()})"
    page.print(Text.assemble((str(head), "bold cyan"), f"  {title}{kind}"))
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for field in fields(item):
        value = getattr(item, field.name)
        if value in (None, (), "") or field.name in ("id", "code", "key", "title", "name", "sign", "claim", "source"):
            continue
        table.add_row("", Text(field.name.replace("_", " "), style="dim"), _text(value))
    page.print(table)
    source: tuple[Citation, ...] = getattr(item, "source", ())
    if source:
        page.print(Text(f"  {sources_text(source)}", style="dim"))
        if not short:
            for citation in source:
                if (entry := bibliography().get(citation.key)) is not None:
                    page.print(
                        Text(
                            f"    {citation}: {entry.title}. {entry.address or ''} ({phrase(f'evidence.{citation.evidence}')})",
                            style="dim",
                        )
                    )


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(_text(part) for part in value)
    if is_dataclass(value) and not hasattr(type(value), "parse"):
        return ", ".join(f"{name.replace('_', ' ')} {_plain(part)}" for name, part in plain(value).items())
    return str(value)


def _plain(part: Any) -> str:
    return ", ".join(map(str, part)) if isinstance(part, list) else str(part)
