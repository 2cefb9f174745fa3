"""How many requests there may be in a minute: of one device, of one address, of whoever tries codes and passwords.

A household or a clinic shares one address. So a device has a limit of its own, the one of the address is wide, and guessing is bounded
where it is tried: a code or a password is wrong a few times in a minute for everybody behind that address together.
"""

from __future__ import annotations

import ipaddress
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

A_MINUTE = 60
EACH_MINUTE = {"device": 600, "address": 3000, "stranger": 120, "code": 10, "sign-in": 60, "probe": 120}
"""Requests in a minute. ``sign-in``: to everything about signing in; allauth bounds wrong passwords more tightly by itself."""
SIGN_IN = "/_allauth/"
CODES = ("/pair", "/api/v1/pair", "/api/v1/invitations/")
"""Where a code is tried."""
FILES = ("/app/", "/static/")
"""What is the same for everybody and comes from memory: a browser that keeps the whole app asks for all of it at once."""
SMALL = 64 * 1024
"""Bytes that may be sent where nobody is known yet."""
_PROBES = ("/health/", "/metrics")
_COOKIES = ("__Host-gradatim-device", "gradatim-device")


def nobody_knows(request: HttpRequest) -> bool:
    """Whether a request goes to where somebody who is not known yet sends something."""
    return request.path.startswith((SIGN_IN, *CODES))


def over(request: HttpRequest) -> bool:
    """Count one more request, and say whether it is one too many. Every limit that a request falls under counts it."""
    counts = [(kind, _counted(key)) for kind, key in _under(request)]
    return any(count > EACH_MINUTE[kind] * settings.RATE for kind, count in counts)


def _under(request: HttpRequest) -> list[tuple[str, str]]:
    """The limits that a request falls under, and the name under which each counts it."""
    address = place(request.META.get("REMOTE_ADDR", ""))
    if request.path.startswith(_PROBES):
        return [("probe", f"probe:{address}")]
    found = [("address", f"address:{address}")]  # secrets that are made up would each have a count of their own
    if request.method == "POST" and nobody_knows(request):
        kind = "sign-in" if request.path.startswith(SIGN_IN) else "code"
        return [*found, (kind, f"{kind}:{address}")]
    if request.path.startswith(FILES):
        return found
    secret = request.headers.get("Authorization") or next(filter(None, map(request.COOKIES.get, _COOKIES)), None)
    if secret:
        return [*found, ("device", f"device:{address}:{hash(secret)}")]
    return [*found, ("stranger", f"stranger:{address}")]


def place(address: str) -> str:
    """What counts as one address: of IPv6 the network of 64 bits, for one machine has all of it."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))


def _counted(key: str) -> int:
    window = f"rate:{key}:{int(time.time()) // A_MINUTE}"
    cache.add(window, 0, 2 * A_MINUTE)
    try:
        return cache.incr(window)
    except ValueError:  # it ran out between the two
        return 0
