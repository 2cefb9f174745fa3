"""The interface for the app and for other programs, at ``/api/v1/``; its description is at ``/api/v1/openapi.json``."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Redoc
from ninja.errors import AuthenticationError, HttpError, ValidationError

from gradatim import __version__
from gradatim.domain.fault import BadInput, Fault
from gradatim.server import problems, who
from gradatim.server.api import (
    account,
    answers,
    devices,
    following,
    heed,
    history,
    insight,
    joining,
    knowledge,
    levels,
    machine,
    packet,
    papers,
    people,
    plans,
    records,
    sign_in,
    sync,
)
from gradatim.server.api.schemas import Interface
from gradatim.server.api.strict import Refused, Strict
from gradatim.server.journal import NoRecord
from gradatim.server.problems import Problem

log = logging.getLogger("gradatim.api")

api = Interface(
    title="Gradatim", version=__version__, auth=who.signed_in, docs=Redoc(), docs_url=None, urls_namespace="api",
    description="Records of baclofen plans: sync, packets, plans, papers. Errors are RFC 9457 problems.",
)  # fmt: skip
api.parser = Strict()
api.add_router("", devices.router)
api.add_router("", records.router)
api.add_router("", sync.router)
api.add_router("", packet.router)
api.add_router("", people.router)
api.add_router("", joining.router)
api.add_router("", account.router)
api.add_router("", machine.router)
api.add_router("", sign_in.router)
api.add_router("", plans.router)
api.add_router("", following.router)
api.add_router("", answers.router)
api.add_router("", papers.router)
api.add_router("", history.router)
api.add_router("", insight.router)
api.add_router("", levels.router)
api.add_router("", heed.router)
api.add_router("", knowledge.router)

_BY_STATUS = {
    400: "bad-request",
    401: "no-credentials",
    403: "not-allowed",
    404: "not-found",
    405: "wrong-method",
    413: "too-large",
    415: "wrong-type",
    429: "too-many",
}


def _told(
    kind: type[Exception],
) -> Callable[[Callable[[HttpRequest, Any], HttpResponse]], Callable[[HttpRequest, Any], HttpResponse]]:
    return api.exception_handler(kind)


@_told(Problem)
def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return problems.of(error)


@_told(BadInput)
def _bad_input(request: HttpRequest, error: BadInput) -> HttpResponse:
    return problems.of_bad_input(error)


@_told(NoRecord)
def _no_record(request: HttpRequest, error: NoRecord) -> HttpResponse:
    return problems.answer("not-found")


@_told(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problems.answer("not-found")


@_told(AuthenticationError)
def _no_credentials(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problems.answer("no-credentials")


@_told(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = [Fault(_path(one["loc"]), str(one["msg"]), "See the description of the interface") for one in error.errors]
    return problems.answer("bad-input", faults=faults)


@_told(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    why = str(error.__cause__) if isinstance(error.__cause__, Refused) else ""
    return problems.answer(_BY_STATUS.get(error.status_code, "bad-request"), why)


@_told(DatabaseError)
def _unavailable(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    """A full disk, a database that is down: nothing was acknowledged."""
    log.error("database", exc_info=error)
    return problems.answer("unavailable", headers={"Retry-After": "10"})


@_told(Exception)
def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("mistake", exc_info=error)
    return problems.answer("failed")


def _path(place: tuple[int | str, ...]) -> str:
    """``("body", "sent", "entries", 0)`` → ``entries[0]``: what the function calls the body is no part of it."""
    told = ""
    for part in place[2:] if place[0] == "body" else place[1:]:
        told += f"[{part}]" if isinstance(part, int) else f".{part}" if told else str(part)
    return told or str(place[0])
