"""The real server, in a thread of this process, and a socket to say anything to it."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections

from gradatim.server import serving

PATIENCE = 30  # seconds for an answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer as it came."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        """Its JSON."""
        return json.loads(self.body)


class Line:
    """One connection, on which anything can be said."""

    def __init__(self, port: int, patience: float = PATIENCE) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=patience)
        self._file = self.socket.makefile("rb")

    def say(self, *raw: bytes) -> None:
        """Send bytes as they are."""
        for one in raw:
            self.socket.sendall(one)

    def ask(self, method: str, path: str, *headers: str, body: bytes = b"") -> Told:
        """One request, well formed."""
        length = [f"Content-Length: {len(body)}"] if body or method not in ("GET", "HEAD") else []
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *length, *headers, "", ""]
        self.say("\r\n".join(lines).encode("latin-1") + body)
        told = self.hear()
        assert told is not None
        return told

    def hear(self) -> Told | None:
        """The next answer; None where the server has hung up."""
        first = self._file.readline()
        if not first:
            return None
        headers = {}
        while (line := self._file.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.title()] = value.strip()
        status = int(first.split()[1])
        body = self._file.read(int(headers.get("Content-Length", 0)))
        return Told(status=status, headers=headers, body=body)

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self.socket.close()


@contextmanager
def served(threads: int = 8) -> Iterator[int]:
    """A server; gives its port."""
    server = serving.listening(replace(settings.CONFIG, port=0, threads=threads), _closing(get_wsgi_application()))
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server.bind_addr[1]
    finally:
        server.stop()
        thread.join(PATIENCE)


def _closing(application: Any) -> Any:
    """The test database is dropped at the end: no thread may keep a connection to it."""

    def answered(environ: Any, start_response: Any) -> Any:
        try:
            return application(environ, start_response)
        finally:
            connections.close_all()

    return answered


def asked(port: int, method: str, path: str, *headers: str, body: bytes = b"") -> Told:
    """One request on a connection of its own."""
    with Line(port) as line:
        return line.ask(method, path, *headers, body=body)
