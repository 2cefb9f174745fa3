"""Copies of a record to carry elsewhere: plain JSON, or sealed with a passphrase so that the ``age`` program can open it too.

A copy is read whole or not at all. Sealing takes a second or two and half a gigabyte of memory, on purpose: so does each guess.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from gradatim.domain.entry import Entry
from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.domain.journal import Journal
from gradatim.domain.reading import did_you_mean
from gradatim.journal.chain import HEADER
from gradatim.journal.codec import SCHEMA as ENTRIES
from gradatim.journal.codec import canonical, entry_data, parse, read_entries, unknown_version

SCHEMA = "gradatim/export/1"
SHORTEST_PASSPHRASE = 12
FEWEST_LETTERS = 5  # different ones

_KEYS = ("schema", "entry_schema", "person", "count", "sha256", "entries")
_AGE = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----")


class Form(StrEnum):
    """What a file is, by its first bytes."""

    SEALED = "sealed"
    PLAIN = "plain"
    JOURNAL = "journal"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtIn:
    """How many entries of a copy were new to a journal, and how many were there already."""

    new: int
    already: int


def form_of(data: bytes) -> Form:
    """Tell a sealed copy, a plain one, a journal, and anything else apart. A damaged file still shows what it was."""
    if data.startswith(_AGE):
        return Form.SEALED
    begins = data[:400]
    if begins.lstrip().startswith(b"{"):
        if HEADER.rpartition("/")[0].encode() in begins.split(b"\n")[0]:
            return Form.JOURNAL
        if SCHEMA.rpartition("/")[0].encode() in begins:
            return Form.PLAIN
    return Form.OTHER


def write_plain(entries: Sequence[Entry]) -> bytes:
    """A copy that anybody can read, person or program."""
    return json.dumps(_document(entries), ensure_ascii=False, indent=1).encode() + b"\n"


def read_plain(data: bytes, at: str = "copy") -> tuple[Entry, ...]:
    """The entries of a plain copy. Raises `BadInput`; ``at`` names the file in it."""
    try:
        document = parse(data)
    except ValueError as fault:
        raise one_fault(at, f"is damaged: {fault}", "Use another copy, or fetch this one again") from None
    return _entries(document, at)


def seal(entries: Sequence[Entry], passphrase: str) -> bytes:
    """A copy that opens with this passphrase only: ``age --decrypt`` or `unseal`. Raises `BadInput` for one easily guessed."""
    import pyrage

    check_passphrase(passphrase)
    return bytes(pyrage.passphrase.encrypt(canonical(_document(entries)), passphrase))


def unseal(data: bytes, passphrase: str, at: str = "copy") -> tuple[Entry, ...]:
    """The entries of a sealed copy. Raises `BadInput` for a wrong passphrase, and for a file with one bit changed."""
    import pyrage

    try:
        opened = pyrage.passphrase.decrypt(data, passphrase)
    except (pyrage.DecryptError, ValueError, OSError):
        raise one_fault(
            at,
            "cannot be opened: the passphrase is another, or the file is damaged",
            "Try the passphrase again, then another copy",
        ) from None
    return read_plain(opened, at)


def read_copy(data: bytes, passphrase: str | None = None, at: str = "copy") -> tuple[Entry, ...]:
    """The entries of either kind of copy. Raises `BadInput`, also when a sealed one comes without its passphrase."""
    match form_of(data):
        case Form.SEALED:
            if passphrase is None:
                raise one_fault(at, "is sealed", "Give its passphrase")
            return unseal(data, passphrase, at)
        case Form.PLAIN:
            return read_plain(data, at)
        case Form.JOURNAL:
            raise one_fault(at, "is a journal, not a copy of one", "Use it as the journal, or export it first")
        case Form.OTHER:
            raise one_fault(at, "is not a copy of a record", "Give a file that was exported from Gradatim")


def check_passphrase(passphrase: str) -> None:
    """Raise `BadInput` for a passphrase that a program would guess: nothing slows one down that has the file."""
    length, letters = len(passphrase.strip()), len(set(passphrase))
    if length < SHORTEST_PASSPHRASE or letters < FEWEST_LETTERS:
        problem = "is empty" if not length else f"has {length} letters, {letters} of them different"
        raise one_fault(
            "passphrase",
            f"{problem}: whoever finds the file can try millions without being noticed",
            f"Use four words or more, {SHORTEST_PASSPHRASE} letters at least, and write them down: without them nobody can open it",
        )


def bring_in(journal: Journal, entries: Sequence[Entry]) -> BroughtIn:
    """Put the entries of a copy into a journal, all or none. What is there already stays as it is.

    Raises `BadInput` for another person's entries, unless the journal is empty, and for an entry that is there and says something else.
    """
    there = {entry.id for entry in journal.since().entries}
    journal.append(entries)
    coming = {entry.id for entry in entries}
    return BroughtIn(new=len(coming - there), already=len(coming & there))


def _document(entries: Sequence[Entry]) -> dict[str, Any]:
    people = {entry.person for entry in entries}
    if len(people) != 1:
        problem = "belong to more than one person" if people else "are none: there is nothing to copy"
        raise one_fault(
            "entries", problem, "Copy one person's record at a time" if people else "Record something first"
        )
    data = entry_data(entries, "entries")
    return {
        "schema": SCHEMA,
        "entry_schema": ENTRIES,
        "person": people.pop(),
        "count": len(data),
        "sha256": _digest(data),
        "entries": data,
    }


def _digest(data: object) -> str | None:
    try:
        return sha256(canonical(data)).hexdigest()
    except (ValueError, RecursionError):
        return None  # half a letter, an endless number: nothing that was ever written


def _entries(document: object, at: str) -> tuple[Entry, ...]:
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        said = document.get("schema") if isinstance(document, dict) else None
        bad = unknown_version(said, SCHEMA)
        raise BadInput([Fault(f"{at}.{fault.path}", fault.problem, fault.remedy) for fault in bad.faults])
    faults = [
        Fault(f"{at}.{key}", f"{key!r} is not known here", did_you_mean(key, [*_KEYS]))
        for key in document
        if key not in _KEYS
    ]
    faults += [Fault(f"{at}.{key}", "is missing", f"Add {key}") for key in _KEYS if key not in document]
    if faults:
        raise BadInput(faults)
    data = document["entries"]
    if document["sha256"] != _digest(data):
        raise one_fault(f"{at}.sha256", "is not that of the entries: the file was changed", "Use another copy")
    entries = read_entries(data, document["entry_schema"], f"{at}.entries")
    if document["count"] != len(entries) or len({entry.id for entry in entries}) != len(entries):
        raise one_fault(
            f"{at}.count", f"says {document['count']!r:.20}, and {len(entries)} entries are here", "Use another copy"
        )
    if strange := [entry for entry in entries if entry.person != document["person"]]:
        raise one_fault(
            f"{at}.person",
            f"is {document['person']!r:.60}, and {len(strange)} entries are of others",
            "Use another copy",
        )
    return entries
