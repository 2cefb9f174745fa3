"""Entries ↔ JSON: one canonical spelling, so that it can be hashed, and every older version brought up to today's.

A field added to an entry, or a new kind of entry, is a new version: an older program refuses what it does not know. So each version
keeps its name, and what is written in an older one is changed step by step until it is today's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from gradatim.domain.entry import Entry
from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.domain.reading import plain, read

SCHEMA = "gradatim/entry/1"
"""How entries are written today."""

_VERSION = re.compile(r"(gradatim/[a-z]+)/([0-9]{1,6})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """The way out of one older version: ``change`` takes the data of one entry and gives it as version ``to`` writes it."""

    to: str
    change: Callable[[dict[str, Any]], dict[str, Any]]


UPGRADES: dict[str, Upgrade] = {}
"""The way out of every version but today's, by its name. There is one version so far."""


def canonical(data: object) -> bytes:
    """JSON in its one spelling: keys in order, no spaces, UTF-8. ValueError for what JSON or UTF-8 cannot hold."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode()


def parse(text: bytes) -> Any:
    """The data of a JSON text. ValueError for everything else, ``NaN`` and a thousand brackets included."""
    try:
        return _DECODER.decode(text.decode())
    except RecursionError:
        raise ValueError("too many brackets in one another") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)


def entry_data(entries: Sequence[Entry], at: str = "") -> list[dict[str, Any]]:
    """Entries as plain data. Raises `BadInput` for one that could not be read again: it must never reach a file."""
    faults: list[Fault] = []
    out = []
    for place, entry in enumerate(entries):
        data = plain(entry)
        try:
            same = read(Entry, parse(canonical(data)), f"{at}[{place}]") == entry
        except BadInput as bad:
            faults.extend(bad.faults)
        except ValueError:
            faults.append(Fault(f"{at}[{place}]", "holds a letter that no file can hold", "Write the text again"))
        else:
            if not same:
                faults.append(Fault(f"{at}[{place}]", "would be read back as something else", "Write it again"))
        out.append(data)
    if faults:
        raise BadInput(faults)
    return out


def read_entries(data: object, schema: object, at: str = "entries") -> tuple[Entry, ...]:
    """Entries written as ``schema`` says. Raises `BadInput` with every fault of every entry."""
    if schema != SCHEMA:
        data = upgrade(data, schema, at)
    return read(tuple[Entry, ...], data, at)


def upgrade(data: object, schema: object, at: str = "entries") -> object:
    """A list of entries brought from an older version to today's, step by step. Raises `BadInput` for an unknown version."""
    while schema != SCHEMA:
        step = UPGRADES.get(schema) if isinstance(schema, str) else None
        if step is None:
            raise unknown_version(schema, SCHEMA)
        if not isinstance(data, list):
            raise one_fault(at, f"{data!r:.40} is not a list", "Write a list: [ … ]")
        data = [_changed(step, item, schema, f"{at}[{place}]") for place, item in enumerate(data)]
        schema = step.to
    return data


def _changed(step: Upgrade, item: object, schema: object, at: str) -> dict[str, Any]:
    try:
        if isinstance(item, dict):
            return step.change(dict(item))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        pass  # an old entry that is not even what its own version says
    raise one_fault(at, f"is not an entry as {schema} writes it", "Use the file as it was written")


class Newer(BadInput):
    """Written by a later version of Gradatim than this one."""


def unknown_version(said: object, known: str) -> BadInput:
    """What to say of a schema that is not ``known``: of a later version of it, or of something else."""
    mine, theirs = _VERSION.fullmatch(known), _VERSION.fullmatch(said) if isinstance(said, str) else None
    if mine and theirs and mine[1] == theirs[1] and int(theirs[2]) > int(mine[2]):
        return Newer([Fault("schema", f"{said} was written by a newer Gradatim", "Update Gradatim, then try again")])
    return one_fault("schema", f"{said!r:.60} is not {known}", "Give a file that Gradatim has written")
