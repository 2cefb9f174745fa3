"""The app as it was built: files that are the same for everybody, and that no browser has to ask for twice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from gradatim.server.problems import answer

_TYPES = {
    "css": "text/css; charset=utf-8", "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "png": "image/png",
    "svg": "image/svg+xml", "webmanifest": "application/manifest+json", "woff2": "font/woff2", "json": "application/json",
}  # fmt: skip
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    kind: str
    tag: str


@require_http_methods(["GET", "HEAD"])
def app_file(request: HttpRequest, name: str = "index.html") -> HttpResponse:
    """One file of the app. What has a hash in its name is kept for ever, everything else asked for again."""
    found = built().get(name)
    if found is None:
        return answer("not-found", "" if built() else "The app was not built into this installation.")
    unchanged = request.headers.get("If-None-Match") == found.tag
    response = HttpResponse(
        b"" if unchanged else found.content, status=304 if unchanged else 200, content_type=found.kind
    )
    response["ETag"], response["Cache-Control"] = found.tag, _FOREVER if name.startswith("assets/") else "no-cache"
    return response


@cache
def built() -> dict[str, _File]:
    """Every file of the app by its path, read once; none where it was not built."""
    return dict(_within(files("gradatim.server").joinpath("app"), ""))


def _within(folder: Traversable, path: str) -> list[tuple[str, _File]]:
    if not folder.is_dir():
        return []
    found: list[tuple[str, _File]] = []
    for one in folder.iterdir():
        if one.is_dir():
            found += _within(one, f"{path}{one.name}/")
        elif kind := _TYPES.get(one.name.rpartition(".")[2]):
            content = one.read_bytes()
            found.append((f"{path}{one.name}", _File(content, kind, f'"{sha256(content).hexdigest()[:32]}"')))
    return found
