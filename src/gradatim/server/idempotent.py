"""Idempotency keys: a request that is sent again because its answer was lost gets the same answer, and its effect happens once.

The key is claimed, the work is done and the answer is stored in one transaction. So a crash at any moment leaves either all of it or
nothing, and no key that hangs. Only what succeeded is stored: a request that failed changed nothing, and may be sent again with its key.

An answer that holds a secret (a token, a code) is not stored at all: it is shown once, and whoever lost it makes another. The same
request with such a key is told that it was done.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial, wraps
from hashlib import sha256
from typing import Any, TypeVar

from django.db import DatabaseError, IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja.decorators import decorate_view
from ninja.operation import Operation
from ninja.utils import contribute_operation_callback

from gradatim.server import models, who
from gradatim.server.problems import Problem
from gradatim.server.rights import right_to
from gradatim.server.who import Asker

F = TypeVar("F", bound=Callable[..., Any])
Run = Callable[..., HttpResponse]

NAME = "Idempotency-Key"
KEPT = timedelta(hours=24)
LONGEST = 255  # letters
PARAMETER = {
    "in": "header",
    "name": NAME,
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"},
    "description": "A word of your own, new for each thing that is to be done once, for example a UUID. The same request with the same "
    "key, within 24 hours and from the same device, is done once and answered alike.",
}

_SHOWN_ONCE = (
    "It was done. Its answer held a secret, which is shown once and not kept here. Make another with a new key, and end this one if "
    "you do not know where it went."
)
_working: set[tuple[str, str]] = set()
_one_at_a_time = threading.Lock()


def once(view: F) -> F:
    """Below ``@router.post(…)``: the address takes an idempotency key."""
    return _marked(view, unseen=False)


def once_unseen(view: F) -> F:
    """The same for an answer that holds a secret: it is not kept, and the second request is told that it was done."""
    return _marked(view, unseen=True)


def _marked(view: F, *, unseen: bool) -> F:
    contribute_operation_callback(view, _described)
    made: F = decorate_view(partial(_guarded, unseen=unseen))(view)
    return made


def _described(operation: Operation) -> None:
    extra = operation.openapi_extra or {}
    operation.openapi_extra = {**extra, "parameters": [*extra.get("parameters", ()), PARAMETER]}


def _guarded(run: Run, *, unseen: bool) -> Run:
    @wraps(run)
    def answered(request: HttpRequest, **path: Any) -> HttpResponse:
        key = request.headers.get(NAME)
        if key is None:
            return run(request, **path)
        from gradatim.server.api import api

        try:
            asker = who.signed_in(request)
            if asker is None:
                return run(request, **path)  # which says so
            return _once(asker, _checked(key), request, path, partial(run, request, **path), unseen=unseen)
        except (Problem, DatabaseError) as error:
            return api.on_exception(request, error)

    return answered


def _checked(key: str) -> str:
    if not 1 <= len(key) <= LONGEST or not all("!" <= letter <= "~" for letter in key):
        raise Problem("bad-request", f"{NAME} takes 1 to {LONGEST} plain letters, digits and signs, without spaces.")
    return key


def _once(
    asker: Asker, key: str, request: HttpRequest, path: dict[str, Any], run: Callable[[], HttpResponse], *, unseen: bool
) -> HttpResponse:
    mine = (str(asker.account.pk), key)
    with _one_at_a_time:
        if mine in _working:
            raise Problem("in-progress", headers={"Retry-After": "1"})
        _working.add(mine)
    try:
        digest = _hash(asker, request)
        with transaction.atomic():
            models.Answered.objects.filter(at__lt=timezone.now() - KEPT).delete()
            kept = models.Answered.objects.filter(account=asker.account, key=key).first()
            if kept is not None:
                return _again(kept, digest, asker, path, unseen=unseen)
            claim = models.Answered.objects.create(account=asker.account, key=key, request_hash=digest)
            answer = run()
            if answer.status_code >= 300:
                transaction.set_rollback(True)
                return answer
            claim.status, claim.body = answer.status_code, "" if unseen else answer.content.decode()
            claim.save(update_fields=["status", "body"])
            return answer
    except IntegrityError:  # another process has claimed it since
        raise Problem("in-progress", headers={"Retry-After": "1"}) from None
    finally:
        with _one_at_a_time:
            _working.discard(mine)


def _again(kept: models.Answered, digest: str, asker: Asker, path: dict[str, Any], *, unseen: bool) -> HttpResponse:
    """The answer once more: to the same request of the same device, while it may still see the record that it was about."""
    if "record" in path:
        right_to(asker, path["record"])
    if kept.request_hash != digest:
        raise Problem("key-used")
    if unseen:
        raise Problem("key-used", _SHOWN_ONCE)
    answer = HttpResponse(kept.body, status=kept.status, content_type="application/json; charset=utf-8")
    answer["Idempotency-Replayed"] = "true"
    return answer


def _hash(asker: Asker, request: HttpRequest) -> str:
    """What makes two requests the same: who sends, from where, and every letter of it."""
    device = "" if asker.device is None else str(asker.device.pk)
    told = "\n".join((device, request.method or "", request.get_full_path(), request.headers.get("Content-Type", "")))
    return sha256(told.encode() + b"\n\n" + request.body).hexdigest()
