"""Files that are the same for everybody, sent no more often than needed: those of the app as it was built, and those of the plain pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources.abc import Traversable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import parse_etags
from django.views.decorators.http import require_http_methods

from gradatim.server import app_place
from gradatim.server.problems import answer

_TYPES = {
    "css": "text/css; charset=utf-8", "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "png": "image/png",
    "svg": "image/svg+xml", "webmanifest": "application/manifest+json", "woff2": "font/woff2", "json": "application/json",
}  # fmt: skip
_FOREVER, _ASK_AGAIN = "public, max-age=31536000, immutable", "no-cache"


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent."""

    content: bytes
    kind: str
    tag: str


def file_of(name: str, content: bytes) -> File | None:
    """A file by its name and content; None for a kind that no page asks for."""
    kind = _TYPES.get(name.rpartition(".")[2])
    return None if kind is None else File(content, kind, f'"{sha256(content).hexdigest()[:32]}"')


def sent(request: HttpRequest, found: File, keep: str = _ASK_AGAIN) -> HttpResponse:
    """The answer with a file, or that the browser has it already. The tag of one that was packed on its way comes back as a weak one."""
    known = {one.removeprefix("W/") for one in parse_etags(request.headers.get("If-None-Match", ""))}
    unchanged = bool(known & {found.tag, "*"})
    response = HttpResponse(
        b"" if unchanged else found.content, status=304 if unchanged else 200, content_type=found.kind
    )
    response["ETag"], response["Cache-Control"] = found.tag, keep
    return response


@require_http_methods(["GET", "HEAD"])
def app_file(request: HttpRequest, name: str) -> HttpResponse:
    """One file of the app. What has a hash in its name is kept for ever, everything else is asked for again."""
    found = built().get(name)
    if found is None:
        return answer("not-found", "" if built() else "The app was not built into this installation.")
    return sent(request, found, _FOREVER if name.startswith("assets/") else _ASK_AGAIN)


@require_http_methods(["GET", "HEAD"])
def to_app(request: HttpRequest) -> HttpResponse:
    """From the address without its last sign."""
    return HttpResponseRedirect("/app/")


@cache
def built() -> dict[str, File]:
    """Every file of the app by its path, read once; none where it was not built."""
    return dict(_within(app_place.folder(), ""))


def _within(place: Traversable, path: str) -> list[tuple[str, File]]:
    if not place.is_dir():
        return []
    found: list[tuple[str, File]] = []
    for one in place.iterdir():
        if one.is_dir():
            found += _within(one, f"{path}{one.name}/")
        elif (file := file_of(one.name, one.read_bytes())) is not None:
            found.append((f"{path}{one.name}", file))
    return found
