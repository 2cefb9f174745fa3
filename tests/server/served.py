"""`gradatim serve` as a process of its own, as a person or a service starts it. Its output and its log go to files."""

from __future__ import annotations

import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
READY = re.compile(r"Gradatim listens at (\S+)")


@dataclass(slots=True)
class Served:
    """A server that runs."""

    process: subprocess.Popen[bytes]
    data: Path
    address: str = ""

    @property
    def out(self) -> str:
        """What it printed."""
        return (self.data.parent / "out").read_text()

    @property
    def log(self) -> str:
        """What it logged."""
        return (self.data.parent / "err").read_text()

    def connect(self, context: ssl.SSLContext | None = None) -> HTTPConnection:
        """A connection to it."""
        parts = urlsplit(self.address)
        assert parts.hostname is not None
        if parts.scheme == "https":
            return HTTPSConnection(parts.hostname, parts.port, timeout=20, context=context)
        return HTTPConnection(parts.hostname, parts.port, timeout=20)

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[HTTPResponse, bytes]:  # fmt: skip
        """One request."""
        connection = self.connect()
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tell it to stop; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(25)


def environ(**said: str) -> dict[str, str]:
    """An environment without this one's settings."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("GRADATIM_", "DJANGO_"))}
    return {**kept, **said}


def gradatim(*arguments: str, **said: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    return subprocess.run([sys.executable, "-m", "gradatim", *arguments], check=False, capture_output=True, text=True, timeout=60, env=environ(COLUMNS="300", **said), cwd=ROOT)  # fmt: skip


@contextmanager
def serving(data: Path, *arguments: str, **said: str) -> Iterator[Served]:
    """A server on a folder, on a free port if no address is given, once it says that it is ready."""
    where = () if "--home" in arguments or "--address" in arguments or "GRADATIM_ADDRESS" in said else ("--address", "127.0.0.1:0")  # fmt: skip
    folder = data.parent
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "gradatim", "serve", "--data", str(data), *where, *arguments], stdout=out, stderr=err, env=environ(**said), cwd=ROOT
        )  # fmt: skip
    found = Served(process=process, data=data)
    try:
        until = time.monotonic() + 40
        while not (ready := READY.search(found.out)) or "Stop it" not in found.out:
            if process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"it did not start: {process.poll()}\n{found.out}\n{found.log}")
            time.sleep(0.02)
        found.address = ready[1]
        yield found
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def free_port() -> int:
    """A port that nobody has at this moment."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
