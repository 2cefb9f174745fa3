"""A simulated device: it sends what it wrote in any order, again and again, loses its connection at any moment, and fetches what others wrote."""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from random import Random
from typing import Any
from urllib.parse import urlsplit

from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.entry import CheckIn, DoseTaken, Entry, Score, Used, What, new_id
from gradatim.domain.reading import plain
from gradatim.journal.codec import SCHEMA, canonical

BEGIN = Instant.parse("2026-08-01T06:00:00Z")
TEN = OralDose.mg(10)


def days_of(person: str, name: str, days: int, chance: Random) -> list[Entry]:
    """What somebody writes in these days: three doses and a check-in each."""
    found = []
    for day in range(days):
        for part in range(4):
            at = BEGIN.plus(day * 86_400 + part * 18_000 + chance.randrange(3_600))
            what: What = CheckIn(
                scores=(
                    Score(scale="spasticity", value=chance.randrange(11)),
                    Score(scale="sleep", value=chance.randrange(11)),
                )
            )
            if part < 3:
                what = DoseTaken(
                    dose=f"p1/{at.iso()[:10]}/s{part + 1}", amount=TEN, units=(Used(product="us/10", strength=TEN, quarters=4),)
                )  # fmt: skip
            found.append(
                Entry(
                    id=new_id(at.seconds * 1000 + part, chance.randbytes(10)), person=person, author="person", device=name, at=at,
                    zone="Europe/London", recorded=at.plus(chance.randrange(60)), what=what,
                )
            )  # fmt: skip
    return found


class Cut(Exception):
    """The connection ended, by chance or by somebody's hand; nobody knows what the server did."""


@dataclass(slots=True)
class Tally:
    """What was seen: seconds of each answer, and how often what happened."""

    pushes: list[float] = field(default_factory=list)
    pulls: list[float] = field(default_factory=list)
    acknowledged: int = 0
    cut: int = 0
    repeated: int = 0
    again: int = 0
    unavailable: int = 0


@dataclass(slots=True)
class Device:
    """One device of one record. ``mine`` is what it wrote, ``acked`` what was acknowledged, ``seen`` what it fetched."""

    address: str
    record: str
    token: str
    mine: Sequence[Entry]
    chance: Random
    tally: Tally
    acked: set[str] = field(default_factory=set)
    seen: dict[str, Any] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)
    cursor: int = 0
    head: str = ""
    rough: float = 0.15
    open: HTTPConnection | None = None

    def push(self, batch: Sequence[Entry]) -> None:
        """Send some entries; sometimes the connection is cut within the request, or before the answer. Raises `Cut`."""
        data = gzip.compress(
            canonical(
                {"schema": SCHEMA, "sent": Instant(int(time.time())).iso(), "entries": [plain(one) for one in batch]}
            ),
            1,
        )
        path = f"/api/v1/records/{self.record}/entries"
        fate = self.chance.random()
        if fate < self.rough:
            self._cut(path, data, whole=fate < self.rough / 2)
        begun = time.perf_counter()
        told = self._ask("POST", path, data)
        self.tally.pushes.append(time.perf_counter() - begun)
        self.acked |= {one.id for one in batch}
        self.tally.acknowledged += told["stored"]
        self.tally.again += told["already"]

    def pull(self, limit: int) -> bool:
        """Fetch one page; whether there is more. Raises `Cut`."""
        begun = time.perf_counter()
        head = f"&head={self.head}" if self.head else ""
        told = self._ask("GET", f"/api/v1/records/{self.record}/entries?after={self.cursor}&limit={limit}{head}")
        self.tally.pulls.append(time.perf_counter() - begun)
        for one in told["entries"]:
            if one["id"] in self.seen:
                self.twice.append(one["id"])
            self.seen[one["id"]] = one
        self.cursor, self.head = told["cursor"], told["head"]
        return bool(told["more"])

    def live(self, patience: float = 60) -> None:
        """Send everything in any order and with repeats, fetch now and then, and go on after every cut until all is acknowledged."""
        rest = list(self.mine)
        self.chance.shuffle(rest)
        until = time.monotonic() + patience
        while rest:
            size = self.chance.choice((1, 1, 4, 12, 50))
            batch = rest[:size]
            if self.acked and self.chance.random() < 0.1:
                old = [one for one in self.mine if one.id in self.acked]
                batch = [*batch, *self.chance.sample(old, min(5, len(old)))]
                self.tally.repeated += 1
            try:
                self.push(batch)
                rest = rest[size:]
                if self.chance.random() < 0.15:
                    self.pull(self.chance.choice((1, 7, 100)))
            except Cut:
                self.tally.cut += 1
                if time.monotonic() > until:
                    raise TimeoutError("the server does not come back") from None

    def fetch_all(self) -> None:
        """Fetch until there is no more."""
        more = True
        while more:
            try:
                more = self.pull(500)
            except Cut:
                self.tally.cut += 1

    def close(self) -> None:
        """Hang up."""
        if self.open is not None:
            self.open.close()
            self.open = None

    def _connection(self) -> HTTPConnection:
        if self.open is None:
            parts = urlsplit(self.address)
            self.open = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
            self.open.connect()
            self.open.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.open

    def _headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Content-Encoding": "gzip", "Accept-Encoding": "gzip"
        }  # fmt: skip

    def _ask(self, method: str, path: str, data: bytes | None = None) -> dict[str, Any]:
        headers = self._headers()
        if data is None:
            del headers["Content-Encoding"]
        try:
            connection = self._connection()
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            raw = answer.read()
        except (OSError, HTTPException):
            self.close()
            time.sleep(0.01)
            raise Cut from None
        if answer.status == 503:
            self.tally.unavailable += 1
            time.sleep(0.05)
            raise Cut
        if answer.headers.get("Content-Encoding") == "gzip":
            raw = gzip.decompress(raw)
        if answer.status != 200:
            raise AssertionError(f"{answer.status}: {raw[:500]!r}")
        found: dict[str, Any] = json.loads(raw)
        return found

    def _cut(self, path: str, data: bytes, *, whole: bool) -> None:
        """Send a part of the request, or all of it, and hang up."""
        told = "".join(
            f"{name}: {value}\r\n"
            for name, value in {**self._headers(), "Content-Length": str(len(data)), "Host": "127.0.0.1"}.items()
        )
        raw = f"POST {path} HTTP/1.1\r\n{told}\r\n".encode() + data
        try:
            self._connection().sock.sendall(raw if whole else raw[: self.chance.randrange(len(raw))])
        except OSError:
            time.sleep(0.01)
        self.close()
        raise Cut
