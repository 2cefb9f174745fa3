"""Errors as RFC 9457 problems: one shape for all of them, with every fault, its path and its remedy, and nothing about anybody."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Schema
from pydantic import Field

from gradatim.domain.fault import BadInput, Fault

CONTENT_TYPE = "application/problem+json"
_TITLES = {
    "bad-input": (422, "Something in what was sent has to be corrected; nothing was stored."),
    "bad-request": (400, "This could not be read as a request."),
    "no-credentials": (401, "Sign in, or pair this device."),
    "sign-in-again": (403, "Confirm that it is you, then try again."),
    "not-allowed": (403, "This device or role may not do that."),
    "csrf": (403, "The request did not prove that it comes from this server's own pages."),
    "not-found": (404, "There is nothing here."),
    "wrong-method": (405, "This address does not take that method."),
    "journal-changed": (
        409,
        "The journal on the server is not the one this device knew; send everything again and begin at 0.",
    ),
    "key-used": (409, "This idempotency key was used for something else."),
    "there-already": (409, "This is so already; nothing was changed."),
    "in-progress": (409, "The first request with this key is still being worked on."),
    "blocked": (409, "A finding blocks this."),
    "other-account": (409, "This browser belongs to another account by now."),
    "no-plan": (409, "No plan is followed in this record yet."),
    "gone": (410, "This was used, has ended, or was taken back."),
    "too-large": (413, "This is more than is taken at once."),
    "wrong-type": (415, "This kind of content is not taken here."),
    "too-many": (429, "Too many requests; wait a little."),
    "failed": (500, "The server made a mistake. What was acknowledged before is safe."),
    "unavailable": (503, "The server cannot store or read at this moment. Nothing was acknowledged; try again."),
}
"""Every kind of problem: its status and what it says. The documentation lists them from here."""


MOST_FAULTS = 500
"""Told at once. An answer never grows far beyond what was asked, whatever somebody sends."""
_LONGEST = 500  # letters of one text of a fault


class FaultOut(Schema):
    """One thing wrong with what was sent: where, what, and what to do."""

    path: str
    problem: str
    remedy: str


class ProblemOut(Schema):
    """A problem as RFC 9457 has it; ``type`` is one of a fixed list, ``faults`` names all there are."""

    type: str
    title: str
    status: int
    detail: str = ""
    faults: list[FaultOut] = Field(default_factory=list)


class Problem(Exception):
    """Ends a request with a problem. ``kind`` is one of the list above."""

    def __init__(
        self, kind: str, detail: str = "", faults: Iterable[Fault] = (), headers: dict[str, str] | None = None
    ) -> None:
        self.kind, self.detail, self.faults, self.headers = kind, detail, tuple(faults), headers or {}
        super().__init__(kind)


def kinds() -> dict[str, tuple[int, str]]:
    """Every kind of problem with its status and its sentence."""
    return dict(_TITLES)


def answer(
    kind: str, detail: str = "", faults: Iterable[Fault] = (), headers: dict[str, str] | None = None
) -> HttpResponse:
    """The response for a problem."""
    status, title = _TITLES[kind]
    body: dict[str, Any] = {"type": f"urn:gradatim:problem:{kind}", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    found = tuple(faults)
    if found:
        body["faults"] = [
            {name: _cut(getattr(fault, name)) for name in ("path", "problem", "remedy")}
            for fault in found[:MOST_FAULTS]
        ]
    if len(found) > MOST_FAULTS:
        body["detail"] = f"{detail} The first {MOST_FAULTS} of {len(found)} faults.".strip()
    response = JsonResponse(body, status=status, content_type=CONTENT_TYPE)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="gradatim"'
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def of(error: Problem) -> HttpResponse:
    """The response for a `Problem` that was raised."""
    return answer(error.kind, error.detail, error.faults, error.headers)


def of_bad_input(bad: BadInput) -> HttpResponse:
    """The response for input with faults."""
    return answer("bad-input", faults=bad.faults)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """For addresses that lead nowhere."""
    return answer("not-found")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """For requests that Django cannot read, or that ask for another host."""
    return answer("bad-request")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """For what Django itself refuses."""
    return answer("not-allowed")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """For an unsafe request without its token."""
    return answer("csrf")


def failed(request: HttpRequest) -> HttpResponse:
    """For our own mistakes, and for a database that fails outside of the interface, where sessions are kept."""
    if isinstance(sys.exc_info()[1], DatabaseError):
        return answer("unavailable", headers={"Retry-After": "10"})
    return answer("failed")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
