"""Whether the server lives, whether it can work, and what it counts; nothing of what it keeps."""

from __future__ import annotations

from hmac import compare_digest

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest

from gradatim import __version__
from gradatim.domain.fault import BadInput
from gradatim.server.migrating import waiting
from gradatim.server.problems import answer

REGISTRY = CollectorRegistry()
_REQUESTS = Counter("gradatim_requests", "Requests answered", ["method", "route", "status"], registry=REGISTRY)
_SECONDS = Histogram("gradatim_request_seconds", "How long an answer took", ["route"], registry=REGISTRY)
STORED = Counter("gradatim_entries_stored", "Entries stored", registry=REGISTRY)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def counted(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answer, under the pattern of its address and never under the address."""
    _REQUESTS.labels(method if method in _METHODS else "other", route, str(status)).inc()
    _SECONDS.labels(route).observe(seconds)


def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "alive", "version": __version__})


def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and has the tables of this version; else 503."""
    try:
        fits = not waiting(connection)
    except DatabaseError:
        return answer("unavailable", "The database does not answer.")
    except BadInput:  # a newer program has changed it
        fits = False
    if not fits:
        return answer("unavailable", "The database is of another version.")
    return JsonResponse({"status": "ready", "version": __version__})


def metrics(request: HttpRequest) -> HttpResponse:
    """What was counted, in the text format of Prometheus: for this machine, or for who has the token."""
    token = settings.CONFIG.metrics_token
    said = request.headers.get("Authorization", "")
    here = (
        request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1")
        and settings.CONFIG.loopback
        and not settings.CONFIG.proxies
    )
    if not (compare_digest(said.encode(), f"Bearer {token}".encode()) if token else here):
        return answer("not-found")
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)
