"""A server as this machine sees it: entries sent, entries fetched, and how far both have come; kept beside the journal.

Whatever is interrupted is done again: sending twice is harmless. Nothing is removed on either side.
"""

from __future__ import annotations

import gzip
import json
import os
import ssl
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from gradatim.domain.clock import Instant
from gradatim.domain.entry import Entry
from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.domain.journal import Journal
from gradatim.domain.reading import read
from gradatim.journal.codec import SCHEMA, canonical, entry_data, read_entries
from gradatim.journal.sealed import bring_in

A_BATCH = 250
_PATIENCE = 30  # seconds
_LARGEST = 64 * 1024 * 1024
_MINE_ONLY = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Which server and record a journal is kept in step with, and how far: ``cursor`` and ``head`` there, ``sent`` here."""

    url: str
    secret: str
    record: str = ""
    ca: str = ""
    cursor: int = 0
    head: str = ""
    sent: int = 0


@dataclass(slots=True)
class Synced:
    """What one sync did. ``refused``: entries that the server does not take, with the reasons; ``ahead``: seconds, of this clock."""

    sent: int = 0
    fetched: int = 0
    ahead: int = 0
    clock_wrong: bool = False
    begun_again: bool = False
    refused: list[Fault] = field(default_factory=list)


class _Changed(Exception):
    """The server's journal is not the one that was known."""


def read_link(path: Path) -> Link | None:
    """The link of a journal; None where it has none."""
    try:
        data = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise one_fault(
            str(path), f"cannot be read: {error}", "Remove it and pair again: nothing of the record is in it"
        ) from None
    return read(Link, data, str(path))


def write_link(path: Path, link: Link) -> None:
    """Keep a link, whole or as it was, for this user alone."""
    new = path.with_name(f"{path.name}.new")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _MINE_ONLY), "w", encoding="utf-8") as file:
        json.dump(asdict(link), file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


class Remote:
    """The interface of a server, as far as syncing needs it. Every failure is a `BadInput` that says what to do."""

    def __init__(self, url: str, secret: str = "", ca: str = "") -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise one_fault(
                "--with", f"{url!r} is not the address of a server", "Write for example https://192.168.1.5:8321"
            )
        if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
            raise one_fault(
                "--with", "is not encrypted: anybody on the way could read it", "Use the server's https address"
            )
        self.url = f"{parts.scheme}://{parts.netloc}"
        self.secret = secret
        try:
            context = ssl.create_default_context(cafile=ca or None)
        except (OSError, ssl.SSLError):
            raise one_fault("--ca", f"{ca} is not a certificate", "Fetch the server's home certificate again") from None
        opener = (
            OpenerDirector()
        )  # without one for redirects: the secret goes to the server that was named, and to no other
        for part in (
            ProxyHandler(),
            HTTPHandler(),
            HTTPSHandler(context=context),
            HTTPDefaultErrorHandler(),
            HTTPErrorProcessor(),
        ):
            opener.add_handler(part)
        self._open = opener.open

    def ask(self, method: str, path: str, body: object = None) -> tuple[Any, dict[str, str]]:
        """One request; the answer's JSON and headers."""
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip"}
        if self.secret:
            headers["Authorization"] = f"Bearer {self.secret}"
        data = None
        if body is not None:
            data = gzip.compress(canonical(body), 6)
            headers |= {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        request = Request(f"{self.url}/api/v1{path}", data=data, method=method, headers=headers)
        try:
            with self._open(request, timeout=_PATIENCE) as answer:
                raw = _unpacked(answer)
                return (json.loads(raw) if raw else None), dict(answer.headers.items())
        except HTTPError as error:
            raise self._told(error) from None
        except (URLError, HTTPException, OSError, ValueError, EOFError) as error:
            reason = getattr(error, "reason", error)
            raise one_fault(
                self.url, f"cannot be reached: {reason}", "Nothing is lost; it is sent next time. Check that the server runs, and the address"
            ) from None  # fmt: skip

    def pair(self, code: str, label: str) -> str:
        """Have this machine paired by a code; the secret that it speaks with from now on."""
        _, headers = self.ask("POST", "/pair", {"code": code, "label": label})
        for part in headers.get("Set-Cookie", "").split(";"):
            name, mark, value = part.strip().partition("=")
            if mark and name.endswith("gradatim-device"):
                self.secret = value
                return value
        raise one_fault(self.url, "gave no secret", "Check that it is a Gradatim server of this version")

    def _told(self, error: HTTPError) -> Exception:
        try:
            said = json.loads(_unpacked(error))
            title, kind = str(said["title"]), str(said["type"]).rpartition(":")[2]
            faults = [
                Fault(str(one["path"]), str(one["problem"]), str(one["remedy"])) for one in said.get("faults", [])
            ]
            detail = str(said.get("detail", ""))
        except (ValueError, KeyError, TypeError, OSError, EOFError):
            return one_fault(self.url, f"answered {error.code}, and not as a Gradatim server does", "Check the address")
        if kind == "journal-changed":
            return _Changed()
        remedies = {
            401: "Pair this machine again: gradatim sync --with ADDRESS --pair CODE",
            404: "Check which records this device may see, or pair it again",
            429: "Wait a minute, then try again",
            503: "Try again later; nothing is lost",
        }
        return (
            BadInput(faults)
            if faults
            else one_fault(
                self.url, f"{title} {detail}".strip().rstrip("."), remedies.get(error.code, "Nothing was stored")
            )
        )


def _unpacked(answer: Any) -> bytes:
    """The body of an answer."""
    raw = bytes(answer.read(_LARGEST))
    return gzip.decompress(raw) if answer.headers.get("Content-Encoding") == "gzip" else raw


def sync(journal: Journal, link: Link, now: Callable[[], Instant], keep: Callable[[Link], None]) -> tuple[Link, Synced]:
    """Fetch what the server has and this journal has not, then send what it may not have. ``keep`` is called whenever something is done."""
    done = Synced()
    remote = Remote(link.url, link.secret, link.ca)
    if not link.record:
        link = replace(link, record=_only_record(remote, journal))
        keep(link)
    fetched: set[str] = set()
    link = _fetch(remote, journal, link, done, fetched, keep)
    link = _send(remote, journal, link, done, fetched, now, keep)
    return _fetch(remote, journal, link, done, fetched, keep), done


def _only_record(remote: Remote, journal: Journal) -> str:
    """The record of this journal's person on the server; an empty one of one's own, if there is none yet."""
    mine = journal.since(0, 1).entries
    found, _ = remote.ask("GET", "/records")
    fitting = [one for one in found if mine and one["person"] == mine[0].person] or [
        one for one in found if one["role"] == "person" and (one["person"] is None or not mine)
    ]
    if len(fitting) == 1:
        return str(fitting[0]["id"])
    if not fitting and mine:
        return str(remote.ask("POST", "/records", {})[0]["id"])
    listed = ", ".join(str(one["id"]) for one in fitting or found) or "none"
    raise one_fault("--record", "is needed: nobody knows which record is meant", f"Give one of: {listed}")


def _fetch(
    remote: Remote, journal: Journal, link: Link, done: Synced, fetched: set[str], keep: Callable[[Link], None]
) -> Link:
    more = True
    while more:
        head = f"&head={link.head}" if link.head else ""
        try:
            page, _ = remote.ask("GET", f"/records/{link.record}/entries?after={link.cursor}&limit={A_BATCH}{head}")
        except _Changed:
            link = replace(link, cursor=0, head="", sent=0)
            done.begun_again = True
            continue
        entries = read_entries(page["entries"], page["schema"], "server")
        done.fetched += bring_in(journal, entries).new
        fetched |= {one.id for one in entries}
        link = replace(link, cursor=int(page["cursor"]), head=str(page["head"]))
        keep(link)
        more = bool(page["more"])
    return link


def _send(
    remote: Remote, journal: Journal, link: Link, done: Synced, fetched: set[str], now: Callable[[], Instant], keep: Callable[[Link], None]
) -> Link:  # fmt: skip
    more, at = True, link.sent
    while more:
        page = journal.since(at, A_BATCH)
        more = page.more
        batch = [one for one in page.entries if one.id not in fetched]
        if batch:
            _push(remote, link, batch, done, now)
        at = page.cursor
        if not done.refused:  # else what was refused is offered again the next time, and what comes behind it with it
            link = replace(link, sent=at)
            keep(link)
    return link


def _push(remote: Remote, link: Link, batch: list[Entry], done: Synced, now: Callable[[], Instant]) -> None:
    """Send a batch; where the server names entries that it does not take, the others go without them."""
    while batch:
        body = {"schema": SCHEMA, "sent": now().iso(), "entries": entry_data(batch)}
        try:
            said, _ = remote.ask("POST", f"/records/{link.record}/entries", body)
        except BadInput as bad:
            named = {place for fault in bad.faults if (place := _place(fault.path)) is not None and place < len(batch)}
            if not named:
                raise
            done.refused += [_by_id(fault, batch) for fault in bad.faults]
            batch = [one for place, one in enumerate(batch) if place not in named]
            continue
        done.sent += int(said["stored"])
        done.ahead, done.clock_wrong = int(said["clock"]["ahead"]), bool(said["clock"]["wrong"])
        return


def _place(path: str) -> int | None:
    """``entries[3].what`` → 3."""
    number = path.removeprefix("entries[").partition("]")[0]
    return int(number) if path.startswith("entries[") and number.isdecimal() else None


def _by_id(fault: Fault, batch: list[Entry]) -> Fault:
    """A fault that names the entry by its id, for its place in a batch says nothing to anybody."""
    place = _place(fault.path)
    if place is None:
        return fault
    return Fault(f"entry {batch[place].id}", fault.problem, fault.remedy)
