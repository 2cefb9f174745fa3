"""Something between the browser and the server: it gives another worker than the server has, or nothing at all."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

_OWN = ("transfer-encoding", "connection", "content-length")


@dataclass(slots=True)
class Between:
    """How it is now: what is put behind the worker's file, and which paths get no answer."""

    address: str = ""
    behind_worker: bytes = b""
    cut: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)


@contextmanager
def between(server: str) -> Iterator[Between]:
    """Stand between until the end."""
    state = Between()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            state.asked.append(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path.startswith(state.cut or ("nothing",)):
                self.close_connection = True
                return
            headers = dict(self.headers) | {"Accept-Encoding": "identity"}
            if self.path == "/app/worker.js":
                headers.pop("If-None-Match", None)
            try:
                with closing(http.client.HTTPConnection(urlsplit(server).netloc, timeout=20)) as there:
                    there.request(self.command, self.path, body, headers)
                    self.give_back(there.getresponse())
            except OSError:  # the browser went away, or the server did
                self.close_connection = True

        def give_back(self, answer: http.client.HTTPResponse) -> None:
            content = answer.read() + (state.behind_worker if self.path == "/app/worker.js" else b"")
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in _OWN:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_HEAD = do_DELETE = do_PATCH = pass_on  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    state.address = f"http://127.0.0.1:{listening.server_port}"
    thread = Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join(10)
