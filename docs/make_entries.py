"""Writes reference/entries.md from the types: every kind of entry with its fields. Run it after a change; a test finds a stale page."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, time
from enum import Enum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from gradatim.domain.entry import Correctable, Entry, Score, Used, What
from gradatim.domain.person import Person
from gradatim.domain.plan import Plan
from gradatim.domain.timeline import Answer
from gradatim.exchange.schema import first_line
from gradatim.journal.codec import SCHEMA

FILE = Path(__file__).parent / "reference" / "entries.md"
PLAN_FILE = "file-format.md#kept"
ELSEWHERE = {Plan: "a version", Person: "a person", Answer: "an answer"}
PARTS = (Used, Score)
WORDS: dict[Any, str] = {
    str: "text", int: "whole number", bool: "`true` or `false`", date: "date", time: "clock time", "Instant": "instant",
    "OralDose": "text, `10 mg`", "Concentration": "text, `1 mg/mL`", "Weight": "text, `62 kg`", "Creatinine": "text, `80 umol/L`",
    "Filtration": "text, `70 mL/min`",
}  # fmt: skip

HEAD = f"""# Entries

Every kind of entry that a journal holds, made from the types by `docs/make_entries.py`. They are written as `{SCHEMA}`. A field at its
default is left out. An unknown field is refused: a new one makes a new version.

How they lie in a file: [the journal](file-format.md#the-journal). As JSON Schema: {{download}}`entry.json <schemas/entry.json>`.

Instants are UTC, `2026-12-01T08:02:00Z`; dates `2026-12-01`. `quarters` counts quarters of a tablet: 4 are one. `microlitres` are
thousandths of a mL. *None* is a field that is left out. A dose is named as in the plan document: plan, day and slot, `p-812ad647eb:2026-12-01:s1`.
"""


def said(wanted: Any) -> str:
    """A type in plain words."""
    origin = get_origin(wanted)
    if wanted == Correctable:
        return "an entry of a kind marked *"
    if wanted == What:
        return "one of the kinds below"
    if origin in (Union, types.UnionType):
        return said(next(part for part in get_args(wanted) if part is not type(None)))
    if origin is tuple:
        return f"list of {said(get_args(wanted)[0])}"
    if wanted in ELSEWHERE:
        return f"[{ELSEWHERE[wanted]}]({PLAN_FILE})"
    if wanted in PARTS:
        return f"[{wanted.__name__.lower()}](#{wanted.__name__.lower()})"
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return ", ".join(f"`{member.value}`" for member in wanted)
    return WORDS[wanted] if wanted in WORDS else WORDS[wanted.__name__]


def table(wanted: type) -> Iterator[str]:
    """The fields of a type."""
    assert is_dataclass(wanted)
    hints = get_type_hints(wanted)
    yield "| field | value | needed |"
    yield "|---|---|---|"
    for one in fields(wanted):
        hint = hints[one.name]
        instead = set(get_args(hint)) == {*get_args(Correctable), type(None)}
        text = said(Correctable) if instead else said(hint)
        yield f"| `{one.name}` | {text} | {'yes' if one.default is MISSING and one.default_factory is MISSING else ''} |"
    yield ""


def section(title: str, wanted: type) -> Iterator[str]:
    """One type with its docstring and its fields."""
    text = " ".join(part.strip() for part in (wanted.__doc__ or "").split("\n\n")[0].splitlines()).replace("``", "`")
    yield from (f"{title}\n", f"{text}\n")
    yield from table(wanted)


def made() -> str:
    """The whole page."""
    lines = [HEAD, "## Around every entry\n", f"{first_line(Entry).replace('``', '`')}\n", *table(Entry)]
    lines += ["`at` is when it happened, `recorded` when it was written down, never earlier. `id` is a UUIDv7.\n"]
    lines += [
        "## Kinds\n",
        "`what` holds one of these; its `kind` says which. Those marked * can be corrected or taken back.\n",
    ]
    lines += ["| kind | what it says |", "|---|---|"]
    kinds = sorted(get_args(What), key=lambda one: str(one.kind))
    marks = {one: " *" if one in get_args(Correctable) else "" for one in kinds}
    lines += [f"| [`{one.kind}`](#{one.kind}){marks[one]} | {first_line(one).replace('``', '`')} |" for one in kinds]
    lines.append("")
    for one in kinds:
        lines += section(f"### {one.kind}", one)
    lines.append("## Parts\n")
    for part in PARTS:
        lines += section(f"### {part.__name__.lower()}", part)
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    FILE.write_text(made(), "utf-8")
