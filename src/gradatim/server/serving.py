"""Running the server: one process, a fixed number of threads, TLS where there is a certificate, and a stop that lets work end."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from cheroot.server import HeaderReader, HTTPConnection, HTTPRequest
from cheroot.ssl.builtin import BuiltinSSLAdapter
from cheroot.wsgi import Server

from gradatim import __version__
from gradatim.domain.fault import one_fault
from gradatim.server import logs, problems
from gradatim.server.config import Config
from gradatim.server.middleware import LARGEST_BODY, SECURITY_HEADERS
from gradatim.server.patience import Patience
from gradatim.server.probe import answers

log = logging.getLogger("gradatim.serving")
_PATIENCE = 15  # seconds for requests under way when the server stops
_LARGEST_HEADER = 32 * 1024
_SILENCE = 10  # seconds after which a connection that says nothing is closed
_MOST_WAITING = 500  # connections that say nothing at this moment
_BACKLOG = 128
_UNTIL_READY = 30  # seconds
PATIENCE = Patience()
_KINDS = {"400": "bad-request", "405": "wrong-method", "413": "too-large", "503": "unavailable"}
_PLAIN = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nWrite https:// before the address.\n"


class _Headers(HeaderReader):
    def _allow_header(self, key_name: bytes) -> bool:
        """X_Forwarded_For would reach the program under the same name as X-Forwarded-For, which a proxy has settled."""
        return b"_" not in key_name


class _Request(HTTPRequest):
    header_reader = _Headers()

    def simple_response(self, status: object, msg: object = "") -> None:  # noqa: ARG002 - called by cheroot
        """What is refused before it reaches the program: a problem like any other, with the same headers, and the end of the connection."""
        code = str(status)[:3]
        self.close_connection = self.sent_headers = True
        refused = problems.answer(_KINDS.get(code, "failed" if code[0] == "5" else "bad-request"))
        head = {
            "Content-Type": problems.CONTENT_TYPE, "Content-Length": str(len(refused.content)), "Connection": "close", "Cache-Control": "no-store",
            **SECURITY_HEADERS,
        }  # fmt: skip
        lines = [f"{self.server.protocol} {status}", *(f"{name}: {value}" for name, value in head.items()), "", ""]
        body = b"" if getattr(self, "method", b"") == b"HEAD" else refused.content
        try:
            self.conn.wfile.write("\r\n".join(lines).encode("latin-1") + body)
        except OSError:
            log.debug("nobody waited for the answer")

    def read_request_headers(self) -> bool:
        """A body that comes in chunks would stay on the connection unread, and its words be taken for the next request."""
        if not super().read_request_headers():  # type: ignore[no-untyped-call]
            return False
        if b"Transfer-Encoding" in self.inheaders:
            self.simple_response("411 Length Required")
            return False
        return True


class _Connection(HTTPConnection):
    RequestHandlerClass = _Request
    heard = False
    shaken = False

    def communicate(self) -> bool:
        """The handshake belongs to the thread of its connection: else one slow client would keep everybody waiting."""
        if isinstance(self.socket, ssl.SSLSocket) and not self.shaken:
            try:
                self.socket.do_handshake()
            except OSError as error:
                if isinstance(error, ssl.SSLError) and error.reason == "HTTP_REQUEST":
                    os.write(self.socket.fileno(), _PLAIN)
                return False
            self.shaken = True
        with PATIENCE.with_(self.socket):
            return bool(super().communicate())  # type: ignore[no-untyped-call]


class _Tls(BuiltinSSLAdapter):
    def wrap(self, sock: socket.socket) -> tuple[ssl.SSLSocket, dict[str, str]]:
        """Without the handshake; see `_Connection`."""
        wrapped = self.context.wrap_socket(sock, do_handshake_on_connect=False, server_side=True)
        return wrapped, {"wsgi.url_scheme": "https", "HTTPS": "on"}


class Listener(Server):
    """The HTTP server. A connection costs a thread only from when it says something, and what it logs has passed `logs`."""

    ConnectionClass = _Connection
    _connections: Any  # made by cheroot when it prepares
    keep_alive_conn_limit = _MOST_WAITING // 2

    def process_conn(self, conn: Any) -> None:
        """Put a new connection beside the idle ones until something comes from it."""
        if conn.heard:
            super().process_conn(conn)
        elif len(self._connections._selector) > _MOST_WAITING:
            conn.close()
        else:
            conn.heard = True
            self._connections.put(conn)

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:  # noqa: ARG002
        """What cheroot would write itself, without its words: they can quote what was sent."""
        log.log(level, "connection", exc_info=traceback and sys.exc_info())

    def renew(self, config: Config) -> None:
        """Read the certificate again: connections from now on get the new one."""
        self.ssl_adapter.context.load_cert_chain(config.tls_certificate, config.tls_key)


def make(config: Config, application: Callable[..., Any]) -> Listener:
    """A server that listens once it is prepared. Raises `BadInput` where its certificate cannot be used."""
    server = Listener(
        (config.host, config.port), application, numthreads=config.threads, server_name="gradatim", timeout=_SILENCE, shutdown_timeout=_PATIENCE,
        request_queue_size=_BACKLOG, accepted_queue_size=256, accepted_queue_timeout=10,
    )  # fmt: skip
    server.max_request_body_size = LARGEST_BODY
    server.max_request_header_size = _LARGEST_HEADER
    if config.tls_certificate and config.tls_key:
        try:
            server.ssl_adapter = _Tls(str(config.tls_certificate), str(config.tls_key))
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            why = getattr(error, "reason", None) or getattr(error, "strerror", None) or "it cannot be read"
            raise one_fault(
                str(config.tls_certificate),
                f"cannot be used with {config.tls_key}: {why}",
                "Give the certificate (PEM, with its chain) and the key that belongs to it",
            ) from None
    return server


def listening(config: Config, application: Callable[..., Any]) -> Listener:
    """A server whose port is open. Raises `BadInput` where it cannot be."""
    server = make(config, application)
    try:
        _tried(config.host, config.port)  # cheroot would not say why it cannot be opened
        server.prepare()
    except OSError as error:
        raise one_fault(f"{config.host}:{config.port}", *_why_not(error.errno, config.port)) from None
    return server


def _tried(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as tried:
        if os.name == "posix":
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tried.bind((host, port))


def _why_not(number: int | None, port: int) -> tuple[str, str]:
    match number:
        case errno.EADDRINUSE:
            return "another program listens there", "Stop it, or take another port: --address 127.0.0.1:8322"
        case errno.EACCES:
            return f"this user may not open port {port}", "Take a port from 1024 on: --address 127.0.0.1:8321"
        case errno.EADDRNOTAVAIL:
            return "this machine has no such address", "See which it has: hostname -I; or listen on 127.0.0.1"
        case _:
            return "cannot be opened", "Take another address: --address 127.0.0.1:8321"


def run(
    config: Config,
    application: Callable[..., Any],
    ready: Callable[[str], None] | None = None,
    beside: Callable[[Listener, threading.Event], None] | None = None,
) -> int:
    """Serve until SIGTERM or SIGINT; requests under way are finished. Gives the exit code: 0, or 1 where one had to be cut off.

    ``ready`` is told the address once the server has answered. ``beside`` runs in a thread of its own until the event is set.
    """
    logs.no_words_of_others()
    server = listening(config, application)
    stopping = threading.Event()
    failed = threading.Event()

    def end() -> None:
        if not stopping.is_set():
            stopping.set()
            log.info("stopping")
            threading.Thread(target=server.stop, name="stop", daemon=True).start()

    def stop(number: int, frame: object) -> None:
        if stopping.is_set():
            os._exit(1)  # asked twice: somebody is in a hurry. What was acknowledged is on the disk
        end()

    def answering() -> None:
        until, pause = time.monotonic() + _UNTIL_READY, 0.01
        while not answers(config.host, server.bind_addr[1], tls=config.tls):
            pause = min(2 * pause, 1)
            if stopping.wait(pause):
                return
            if time.monotonic() > until:
                log.error("no answer")
                failed.set()
                end()
                return
        log.info("started", extra={"address": where, "version": __version__, "mode": "accounts" if config.accounts else "personal"})  # fmt: skip
        if ready is not None:
            ready(where)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    where = address_of(config, server.bind_addr[1])
    threading.Thread(target=answering, name="answering", daemon=True).start()
    if beside is not None:
        threading.Thread(target=beside, args=(server, stopping), name="beside", daemon=True).start()
    server.serve()
    for thread in threading.enumerate():
        if thread.name == "stop":
            thread.join(_PATIENCE + 2)
            if thread.is_alive():
                log.error("a request was cut off")
                sys.stderr.flush()
                os._exit(1)
    log.info("stopped")
    return 2 if failed.is_set() else 0


def address_of(config: Config, port: int) -> str:
    """Where the server is asked from this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.host, config.host)
    return f"{'https' if config.tls else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"
