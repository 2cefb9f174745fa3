"""What is in a backup: lines of JSON, compressed. A header, the rows of each table behind the table's name, and an end that seals it all.

::

    {"format":"gradatim/backup/1","made":…,"migrations":[…],"program":…,"tables":[{"columns":[…],"name":…,"rows":2},…]}
    {"table":"gradatim_account"}
    [value, value, …]
    [value, value, …]
    {"table":…}
    {"end":{"broken":[…],"rows":2,"sha256":…}}

``sha256`` is that of all bytes before the last line. Rows have the order of the header's columns, tables that of the header. ``broken``
says which journals did not verify already when the backup was made.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from gradatim.domain.clock import Instant
from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.domain.reading import plain, read
from gradatim.journal.codec import canonical, parse, unknown_version

FORMAT = "gradatim/backup/1"
LONGEST_LINE = 64 * 1024 * 1024  # bytes; a request that brings entries is far shorter
_PIECE = 64 * 1024
_GZIP = 31  # zlib's word for a gzip file, so that gunzip opens it too


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table in a backup."""

    name: str
    columns: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a backup says of itself first. ``migrations``: the state of the tables, ``app.name`` each."""

    format: str
    program: str
    made: Instant
    migrations: tuple[str, ...]
    tables: tuple[Table, ...]
    automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenPlace:
    """A place of a journal where its chain does not hold."""

    record: str
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """What a backup says of itself last."""

    rows: int
    sha256: str
    broken: tuple[BrokenPlace, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marked:
    table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    end: End


class Sink(Protocol):
    """Somebody to whom a backup is read."""

    def begin(self, header: Header) -> None: ...

    def row(self, table: Table, cells: list[Any]) -> None: ...


def lines(header: Header, rows: Iterable[tuple[Table, list[Any]]], broken: Iterable[BrokenPlace]) -> Iterator[bytes]:
    """The text, line by line. ``rows`` come in the order of the header's tables; ``broken`` is asked after the last of them."""
    digest, count = sha256(), 0

    def line(data: object) -> bytes:
        text = canonical(data) + b"\n"
        digest.update(text)
        return text

    yield line(plain(header))
    waiting = iter(header.tables)
    now: Table | None = None
    for table, cells in rows:
        while table is not now:
            now = next(waiting)
            yield line({"table": now.name})
        count += 1
        yield line(cells)
    for table in waiting:
        yield line({"table": table.name})
    yield canonical(plain(_Ended(end=End(rows=count, sha256=digest.hexdigest(), broken=tuple(broken))))) + b"\n"


def compressed(text: Iterable[bytes]) -> Iterator[bytes]:
    """The text as a gzip file, piece by piece."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
    for line in text:
        if piece := deflate.compress(line):
            yield piece
    yield deflate.flush()


class Reader:
    """Reads a backup that comes in pieces of any size, and tells the sinks. Raises `BadInput` for what is not a whole backup.

    Nothing counts before `close` returned: only then is it known that the end was there and everything as it was written.
    """

    def __init__(self, at: str, *sinks: Sink) -> None:
        self._at, self._sinks = at, sinks
        self._inflate = zlib.decompressobj(_GZIP)
        self._rest: list[bytes] = []
        self._held = 0
        self._digest, self._count, self._line = sha256(), 0, 0
        self._header: Header | None = None
        self._tables: Iterator[Table] = iter(())
        self._table: Table | None = None
        self._left = 0  # rows of this table still to come
        self._end: End | None = None

    def feed(self, data: bytes) -> None:
        """The next piece."""
        while True:
            try:
                text = self._inflate.decompress(data, _PIECE)
            except zlib.error:
                raise self._damaged("it cannot be decompressed") from None
            if text:
                self._text(text)
            data = self._inflate.unconsumed_tail
            if self._inflate.unused_data:
                raise self._damaged("something stands behind its end")
            if not data and len(text) < _PIECE:
                return

    def close(self) -> tuple[Header, End]:
        """That there is no more. Gives what the backup said of itself."""
        if self._header is None or self._end is None or self._held or not self._inflate.eof:
            raise self._damaged("its end is missing")
        return self._header, self._end

    def _text(self, text: bytes) -> None:
        *whole, rest = text.split(b"\n")
        for piece in whole:
            line = b"".join([*self._rest, piece])
            self._rest, self._held = [], 0
            self._take(line)
        if rest:
            self._rest.append(rest)
            self._held += len(rest)
            if self._held > LONGEST_LINE:
                raise self._damaged("a line has no end")

    def _take(self, line: bytes) -> None:
        self._line += 1
        try:
            data = parse(line)
        except ValueError:
            raise self._damaged("it is no JSON") from None
        if self._end is not None:
            raise self._damaged("something stands behind its end")
        if isinstance(data, dict) and "end" in data:
            self._finish(data)
            return
        self._digest.update(line + b"\n")
        if self._header is None:
            self._begin(data)
        elif isinstance(data, list):
            self._row(data)
        else:
            self._next(data)

    def _begin(self, data: Any) -> None:
        said = data.get("format") if isinstance(data, dict) else None
        if said != FORMAT:
            raise BadInput([Fault(self._at, f.problem, f.remedy) for f in unknown_version(said, FORMAT).faults])
        self._header = read(Header, data, f"{self._at}: header")
        self._tables = iter(self._header.tables)
        for sink in self._sinks:
            sink.begin(self._header)

    def _next(self, data: Any) -> None:
        table = next(self._tables, None)
        if self._left or table is None or read(_Marked, data, f"{self._at}: line {self._line}").table != table.name:
            raise self._damaged("another table is expected, or more rows")
        self._table, self._left = table, table.rows

    def _row(self, cells: list[Any]) -> None:
        if self._table is None or self._left < 1 or len(cells) != len(self._table.columns):
            raise self._damaged("no row is expected, or one of another length")
        self._left -= 1
        self._count += 1
        for sink in self._sinks:
            sink.row(self._table, cells)

    def _finish(self, data: Any) -> None:
        if self._header is None:
            raise self._damaged("it has no header")
        end = read(_Ended, data, f"{self._at}: end").end
        if self._left or next(self._tables, None) is not None or end.rows != self._count:
            raise self._damaged("rows are missing")
        if end.sha256 != self._digest.hexdigest():
            raise self._damaged("its SHA-256 is another")
        self._end = end

    def _damaged(self, why: str) -> BadInput:
        return one_fault(self._at, f"is not as it was written: line {self._line}: {why}", "Use another copy")
