"""Running the server: one process, a fixed number of threads, TLS where there is a certificate, and a stop that lets work end."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from typing import Any

from cheroot.ssl.builtin import BuiltinSSLAdapter
from cheroot.wsgi import Server

from gradatim import __version__
from gradatim.server.config import Config
from gradatim.server.middleware import LARGEST_BODY

log = logging.getLogger("gradatim.serving")
_PATIENCE = 15  # seconds for requests under way when the server stops
_LARGEST_HEADER = 32 * 1024


def make(config: Config, application: Callable[..., Any]) -> Server:
    """A server that listens once it is prepared. Slow senders are dropped after ten seconds of silence."""
    server = Server(
        (config.host, config.port), application, numthreads=config.threads, server_name="gradatim", timeout=10, shutdown_timeout=_PATIENCE,
        accepted_queue_size=256, accepted_queue_timeout=10,
    )  # fmt: skip
    server.max_request_body_size = LARGEST_BODY
    server.max_request_header_size = _LARGEST_HEADER
    if config.tls_certificate and config.tls_key:
        server.ssl_adapter = BuiltinSSLAdapter(str(config.tls_certificate), str(config.tls_key))
    return server


def run(config: Config, application: Callable[..., Any], ready: Callable[[str], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT; ``ready`` is told the address once somebody can ask. Requests under way are finished."""
    server = make(config, application)
    server.prepare()
    stopping = threading.Event()

    def stop(number: int, frame: object) -> None:
        if not stopping.is_set():
            stopping.set()
            log.info("stopping")
            threading.Thread(target=server.stop, name="stop").start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    host, port = server.bind_addr[:2]
    shown = f"[{host}]" if ":" in str(host) else host
    address = f"{'https' if config.tls else 'http'}://{shown}:{port}"
    log.info(
        "started",
        extra={"address": address, "version": __version__, "mode": "accounts" if config.accounts else "personal"},
    )
    if ready is not None:
        ready(address)
    server.serve()
    for thread in threading.enumerate():
        if thread.name == "stop":
            thread.join(_PATIENCE + 5)
    log.info("stopped")
