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
from django.core.cache import cache as counted
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from gradatim.server import health
from gradatim.server.problems import answer

log = logging.getLogger("gradatim.request")

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "font-src 'self'", "connect-src 'self'",
        "manifest-src 'self'", "worker-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
        "require-trusted-types-for 'script'",
    )
)  # fmt: skip
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of a request, packed and unpacked."""
_A_MINUTE = 60
_EACH_MINUTE = {"device": 600, "stranger": 120, "code": 10}
"""Requests in a minute: of one device, of one address without credentials, of one address with a code or a password."""
_GUESSED = ("/api/v1/pair", "/api/v1/invitations/accept", "/_allauth/")


class Edge:
    """The outermost middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        number = uuid4().hex[:16]
        _believe_proxy(request)
        response = self._refused(request) or self._next(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        response["X-Request-Id"] = number
        took = time.monotonic() - started
        route = request.resolver_match.route if request.resolver_match else ""
        health.counted(request.method or "", route, response.status_code, took)
        log.info(
            "request",
            extra={
                "id": number,
                "method": request.method,
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
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in (
            "same-origin",
            "none",
        ) and request.method not in ("GET", "HEAD", "OPTIONS"):
            return answer("csrf")
        if (limit := _limit(request)) is not None and _over(*limit):
            return answer("too-many", headers={"Retry-After": str(_A_MINUTE)})
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            return answer("too-large", f"At most {LARGEST_BODY} bytes.")
        coding = request.headers.get("Content-Encoding", "identity").lower()
        if coding not in ("identity", "gzip"):
            return answer("wrong-type", "Send it as it is, or packed with gzip.")
        if coding == "gzip":
            return _unpack(request)
        return None


def _unpack(request: HttpRequest) -> HttpResponse | None:
    """Unpack what was sent, and stop where it grows beyond all reason."""
    try:
        packed = request.body
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        data = unpacker.decompress(packed, LARGEST_BODY + 1)
    except RequestDataTooBig:
        return answer("too-large")
    except (zlib.error, OSError):
        return answer("bad-request", "It is not gzip.")
    if len(data) > LARGEST_BODY or unpacker.unconsumed_tail:
        return answer("too-large", f"At most {LARGEST_BODY} bytes, unpacked.")
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
        request.META["REMOTE_ADDR"] = said
        if not _within(said, networks):
            break
    if scheme == "https":
        request.META["wsgi.url_scheme"] = "https"
        request.environ["wsgi.url_scheme"] = "https"  # type: ignore[attr-defined]


@cache
def _networks(said: tuple[str, ...]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(one, strict=False) for one in said)


def _within(address: str, networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in networks)


def _limit(request: HttpRequest) -> tuple[str, int] | None:
    """What a request is counted under, and how many of these there may be in a minute."""
    path, address = request.path, request.META.get("REMOTE_ADDR", "")
    if path.startswith("/health/") or path == "/metrics":
        return None
    if request.method == "POST" and path.startswith(_GUESSED):
        return f"code:{address}", _EACH_MINUTE["code"] * settings.RATE
    secret = (
        request.headers.get("Authorization")
        or request.COOKIES.get("__Host-gradatim-device")
        or request.COOKIES.get("gradatim-device")
    )
    if secret:
        return f"device:{address}:{hash(secret)}", _EACH_MINUTE["device"] * settings.RATE
    return f"stranger:{address}", _EACH_MINUTE["stranger"] * settings.RATE


def _over(key: str, most: int) -> bool:
    """Count one more, and say whether that is one too many in this minute."""
    window = f"rate:{key}:{int(time.time()) // _A_MINUTE}"
    counted.add(window, 0, 2 * _A_MINUTE)
    try:
        return counted.incr(window) > most
    except ValueError:  # it ran out between the two
        return False
