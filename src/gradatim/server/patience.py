"""How long somebody may take to say what they want. A sender who gives one byte every few seconds is never silent, and holds a thread."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST = 60  # seconds for one request, from its first byte: 8 MiB over a slow mobile network
_BETWEEN = 1  # seconds


class Patience:
    """Ends the reading of requests that take longer. The answer to one that was read can still be written."""

    def __init__(self, longest: float = LONGEST) -> None:
        self._longest = longest
        self._open: dict[int, tuple[socket.socket, float]] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def with_(self, conn: socket.socket) -> Iterator[None]:
        """While one request is read and answered."""
        with self._lock:
            self._open[id(conn)] = (conn, time.monotonic() + self._longest)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, name="patience", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._open.pop(id(conn), None)

    def _look(self) -> None:
        while True:
            time.sleep(min(_BETWEEN, self._longest))
            now = time.monotonic()
            with self._lock:
                late = [conn for conn, until in self._open.values() if until < now]
                for conn in late:
                    del self._open[id(conn)]
            for conn in late:
                try:
                    socket.socket.shutdown(
                        conn, socket.SHUT_RD
                    )  # of TLS too: its own would forget the keys, and write in the clear
                except OSError:
                    continue  # it is gone already
