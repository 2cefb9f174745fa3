"""The edge: who is really asking, how much may be sent, what every answer carries, and one line in the log for each request."""

from __future__ import annotations

import ipaddress
import logging
import time
import zlib
from collections.abc import Callable
from functools import cache
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from gradatim.server import health, limits
from gradatim.server.problems import answer

log = logging.getLogger("gradatim.request")

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "font-src 'self'", "connect-src 'self'",
        "manifest-src 'self'", "worker-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
        "require-trusted-types-for 'script'",
    )
)  # fmt: skip
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What every answer carries, also one that never reached a view."""
LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of a request, packed and unpacked."""
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


class Edge:
    """The outermost middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        number = uuid4().hex[:16]
        _believe_proxy(request)
        response = self._refused(request) or self._next(request)
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            response.headers.setdefault("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}")
        if request.path.startswith("/api/"):
            response.headers.setdefault(
                "Content-Disposition", 'attachment; filename="api.json"'
            )  # opened on its own it is no page
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        if not response.streaming and not response.has_header("Content-Length"):
            response["Content-Length"] = str(len(response.content))
        response["X-Request-Id"] = number
        took = time.monotonic() - started
        route = request.resolver_match.route if request.resolver_match else ""
        health.counted(request.method or "", route, response.status_code, took)
        log.info(
            "request",
            extra={
                "id": number,
                "method": request.method if request.method in _METHODS else "other",
                "route": route,
                "status": response.status_code,
                "ms": round(took * 1000),
            },
        )
        return response

    def _refused(self, request: HttpRequest) -> HttpResponse | None:
        """The answer to what is not even looked at; None for everything else."""
        try:
            request.get_host()
        except DisallowedHost:
            return answer("bad-request")
        if request.method not in ("GET", "HEAD", "OPTIONS") and _from_elsewhere(request):
            return answer("csrf")
        if limits.over(request):
            return answer("too-many", headers={"Retry-After": str(limits.A_MINUTE)})
        length = request.META.get("CONTENT_LENGTH") or "0"
        most = limits.SMALL if limits.nobody_knows(request) else LARGEST_BODY
        if not (length.isascii() and length.isdecimal()) or int(length) > most:
            return answer("too-large", f"At most {most} bytes.")
        if int(length) and request.path.startswith("/api/") and request.content_type != "application/json":
            return answer("wrong-type", "Send JSON, as application/json.")  # what a form of another site cannot send
        coding = request.headers.get("Content-Encoding", "identity").lower()
        if coding not in ("identity", "gzip"):
            return answer("wrong-type", "Send it as it is, or packed with gzip.")
        if coding == "gzip":
            return _unpack(request, most)
        return None


def _from_elsewhere(request: HttpRequest) -> bool:
    """Whether a page of another site sends this; a program that is no browser says neither."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.get_host()}":
        return True
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")


def _unpack(request: HttpRequest, most: int) -> HttpResponse | None:
    """Unpack what was sent, and stop where it grows beyond all reason."""
    try:
        packed = request.body
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        data = unpacker.decompress(packed, most + 1)
    except RequestDataTooBig:
        return answer("too-large")
    except (zlib.error, OSError):
        return answer("bad-request", "It is not gzip.")
    if len(data) > most or unpacker.unconsumed_tail:
        return answer("too-large", f"At most {most} bytes, unpacked.")
    if not unpacker.eof or unpacker.unused_data:
        return answer("bad-request", "The packed content has no end, or something after it.")
    request._body = data
    request.META["CONTENT_LENGTH"] = str(len(data))
    request.META.pop("HTTP_CONTENT_ENCODING", None)
    return None


def _believe_proxy(request: HttpRequest) -> None:
    """Take the address and the scheme from a proxy that is trusted, and from nobody else."""
    networks = _networks(settings.CONFIG.proxies)
    forwarded = request.META.pop("HTTP_X_FORWARDED_FOR", "")
    scheme = request.META.pop("HTTP_X_FORWARDED_PROTO", "")
    if not networks or not _within(request.META.get("REMOTE_ADDR", ""), networks):
        return
    for said in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
        if (address := _address(said)) is None:
            break  # what is further left was said by nobody who is trusted
        request.META["REMOTE_ADDR"] = address
        if not _within(address, networks):
            break
    if scheme == "https":
        request.META["wsgi.url_scheme"] = "https"
        request.environ["wsgi.url_scheme"] = "https"  # type: ignore[attr-defined]


def _address(said: str) -> str | None:
    """An address as some proxies write it, with a port behind it too."""
    host = said[1:].partition("]")[0] if said.startswith("[") else said
    host = host.partition(":")[0] if host.count(":") == 1 else host
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None


@cache
def _networks(said: tuple[str, ...]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(one, strict=False) for one in said)


def _within(address: str, networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in networks)
