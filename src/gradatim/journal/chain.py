"""The text of a journal file: lines of JSON, each sealed with a hash that also holds the line before.

A line is ``{"after":…,"entries":[…],"first":…,"schema":…,"hash":…}``. ``hash`` is the SHA-256 of the line without it, in canonical
JSON; ``after`` is the ``hash`` of the line before. ``first`` is the place of its first entry. ``"more":true`` says that the same append
goes on in the next line: it counts when its last line is there. The header says whose journal it is. Nothing here touches a file.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

from gradatim.domain.entry import Entry
from gradatim.domain.fault import BadInput, one_fault
from gradatim.journal.codec import SCHEMA, Newer, canonical, entry_data, parse, read_entries, unknown_version

HEADER = "gradatim/journal/1"
BEFORE_ALL = "0" * 64
A_LINE = 100  # entries at most: damage to one line of a long import spares the others

_START = b'{"after":"'
_HASH = b',"hash":"'
_SEAL = len(_HASH) + 64 + len(b'"}')


class Why(StrEnum):
    """What is wrong with a line."""

    TORN = "torn"
    UNFINISHED = "unfinished"
    GARBLED = "garbled"
    ALTERED = "altered"
    OUT_OF_PLACE = "out-of-place"
    UNREADABLE = "unreadable"
    NEWER = "newer"
    CONTRADICTION = "contradiction"
    STRANGER = "stranger"


_SAID = {
    Why.TORN: "has no end: it was being written when the machine or the program stopped",
    Why.UNFINISHED: "begins something whose end was never written",
    Why.GARBLED: "is not a line of a journal",
    Why.ALTERED: "was changed after it was written: its hash is another",
    Why.OUT_OF_PLACE: "does not follow the line before it: something between them was lost, changed, or moved",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A line that is not as it was written. ``line`` counts from 1; ``where`` is the file that holds its ``bytes`` now.

    All but ``OUT_OF_PLACE`` also mean that its entries are not read. Nothing of it is ever deleted.
    """

    line: int
    bytes: int
    where: Path
    why: Why
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.where}, line {self.line} ({self.bytes} bytes): {self.detail or _SAID[self.why]}"


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    size: int
    data: dict[str, Any]
    hash: str


@dataclass(slots=True)
class Chain:
    """What was read of one file so far. Grows by `feed`; only lines up to ``end`` count."""

    where: Path
    person: str | None = None
    entries: list[Entry] = field(default_factory=list)
    places: list[int] = field(default_factory=list)  # of each entry, ascending; with gaps where lines were lost
    known: dict[str, Entry] = field(default_factory=dict)
    damage: list[Damage] = field(default_factory=list)
    tail: list[Damage] = field(default_factory=list)  # behind `end`: to be set aside
    cursor: int = 0
    duplicates: int = 0
    first_break: int | None = None
    last_hash: str = BEFORE_ALL
    lines: int = 0
    end: int = 0
    ended: bool = True  # by a newline

    def feed(self, raw: bytes) -> None:
        """Read what stands in the file from ``end`` on. Raises `BadInput` for a file that is no journal, or a newer one."""
        pieces = raw.split(b"\n")
        at, number = self.end, self.lines
        if not self.ended and raw.startswith(b"\n"):
            at, pieces = at + 1, pieces[1:]  # what closes the line before
            self.end, self.ended = at, True
        waiting: list[_Line | Damage] = []
        for place, piece in enumerate(pieces):
            last = place == len(pieces) - 1
            if last and not piece:
                break
            number += 1
            at += len(piece) + (not last)
            if not piece.strip(b"\r"):
                continue
            found = self._opened(number, piece, last=last)
            waiting.append(found)
            if isinstance(found, _Line) and not found.data.get("more"):
                self._count(waiting)
                waiting = []
                self.end, self.lines, self.ended = at, number, not last
        self.tail = [
            one if isinstance(one, Damage) else Damage(line=one.number, bytes=one.size, where=self.where, why=Why.UNFINISHED)
            for one in waiting
        ]  # fmt: skip
        if not self.end and self.tail and all(one.why is not Why.UNFINISHED for one in self.tail):
            _check_ours(raw, self.where)

    def after(self, cursor: int, limit: int | None) -> tuple[tuple[Entry, ...], int, bool]:
        """The entries from a place on, the place behind them, and whether there are more."""
        begin = bisect_left(self.places, cursor)
        stop = len(self.entries) if limit is None else min(begin + limit, len(self.entries))
        more = stop < len(self.entries)
        return tuple(self.entries[begin:stop]), self.places[stop] if more else self.cursor, more

    def lines_for(self, entries: Sequence[Entry]) -> bytes:
        """The lines that append these entries here, a header before the first of all."""
        data = entry_data(entries, "entries")
        out, after, first = [], self.last_hash, self.cursor
        if not self.end:
            line, after = _sealed({"after": after, "more": True, "person": entries[0].person, "schema": HEADER})
            out.append(line)
        for start in range(0, len(data), A_LINE):
            part = data[start : start + A_LINE]
            more = {"more": True} if start + A_LINE < len(data) else {}
            body = {"after": after, "entries": part, "first": first + start, "schema": SCHEMA, **more}
            line, after = _sealed(body)
            out.append(line)
        return (b"" if self.ended else b"\n") + b"".join(out)

    def _opened(self, number: int, piece: bytes, *, last: bool) -> _Line | Damage:
        line = piece.removesuffix(b"\r")
        body = line[:-_SEAL] + b"}"
        why = Why.TORN if last else Why.GARBLED
        if line.startswith(_START) and line[-_SEAL:].startswith(_HASH) and line.endswith(b'"}'):
            why = Why.ALTERED
            if sha256(body).hexdigest().encode() == line[-66:-2]:
                try:
                    data = parse(body)
                except ValueError:
                    why = Why.GARBLED
                else:
                    return _Line(number, len(piece), data, line[-66:-2].decode())
        return Damage(line=number, bytes=len(piece), where=self.where, why=why)

    def _count(self, lines: list[_Line | Damage]) -> None:
        lost = False
        for one in lines:
            if isinstance(one, Damage):
                self.damage.append(one)
                self.first_break = self.first_break or one.line
                lost = True
                continue
            if one.data.get("after") != self.last_hash:
                self.first_break = self.first_break or one.number
                if not lost:
                    self._report(one, Why.OUT_OF_PLACE)
            self.last_hash, lost = one.hash, False
            if "entries" in one.data:
                self._take(one)
            else:
                self._head(one)

    def _head(self, line: _Line) -> None:
        person, schema = line.data.get("person"), line.data.get("schema")
        if schema != HEADER or not isinstance(person, str):
            raise _in_file(unknown_version(schema, HEADER), self.where)
        if self.person is None:
            self.person = person
        elif self.person != person:
            self._report(line, Why.STRANGER, f"begins the journal of {person!r}, and this one is of {self.person!r}")

    def _take(self, line: _Line) -> None:
        """The entries of one line, all or none."""
        data, first = line.data["entries"], line.data.get("first")
        start = max(self.cursor, first) if type(first) is int else self.cursor
        self.cursor = start + (len(data) if isinstance(data, list) else 0)
        try:
            entries = read_entries(data, line.data.get("schema"))
        except BadInput as bad:
            why = Why.NEWER if isinstance(bad, Newer) else Why.UNREADABLE
            self._report(line, why, f"cannot be understood: {'; '.join(map(str, bad.faults[:3]))}")
            return
        if self.person is None and entries:
            self.person = entries[0].person
        if strange := next((entry for entry in entries if entry.person != self.person), None):
            self._report(line, Why.STRANGER, f"is about {strange.person!r}, and this journal is of {self.person!r}")
            return
        for place, entry in enumerate(entries, start):
            there = self.known.setdefault(entry.id, entry)
            if there is entry:
                self.entries.append(entry)
                self.places.append(place)
            else:
                self.duplicates += 1
                if there != entry:
                    self._report(line, Why.CONTRADICTION, f"says something else of {entry.id} than a line before it")

    def _report(self, line: _Line, why: Why, detail: str = "") -> None:
        self.damage.append(Damage(line=line.number, bytes=line.size, where=self.where, why=why, detail=detail))


def moved(damage: Damage, where: Path) -> Damage:
    """The same damage, its bytes now in another file."""
    return replace(damage, where=where)


def _sealed(body: dict[str, Any]) -> tuple[bytes, str]:
    text = canonical(body)
    digest = sha256(text).hexdigest()
    return b"".join((text[:-1], _HASH, digest.encode(), b'"}\n')), digest


def _check_ours(raw: bytes, where: Path) -> None:
    """No line can be read. What is left of a first append may be set aside; another kind of file must never be touched."""
    begins = raw.strip(b"\0")
    if begins and not begins.startswith(_START) and not _START.startswith(begins):
        raise one_fault(
            str(where), "is not a journal", "Give the path of a journal, or of a file that does not exist yet"
        )


def _in_file(bad: BadInput, where: Path) -> BadInput:
    fault = bad.faults[0]
    return one_fault(str(where), fault.problem, fault.remedy)
