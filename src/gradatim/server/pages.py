"""The pages that the server draws itself: pairing, what is due, the devices. They work without a script, and where there is no app."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from importlib.resources import files
from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gradatim import __version__
from gradatim.domain.clock import Instant
from gradatim.domain.fault import BadInput
from gradatim.domain.fold import fold
from gradatim.domain.knowledge import Level
from gradatim.monographs import leaflet
from gradatim.server import app_files, app_place, models, who
from gradatim.server.api import devices as api
from gradatim.server.day import Day, day_of
from gradatim.server.journal import NoRecord
from gradatim.server.pairing import CODE_LASTS
from gradatim.server.problems import Problem, answer, kinds
from gradatim.server.rights import grants_of, noted, right_to
from gradatim.server.start import is_home
from gradatim.server.who import Asker, Scope
from gradatim.words import phrase

_STATIC = frozenset({"gradatim.css", "pair.js", "icon.svg"})
_KNOWN = {
    "iphone": "iPhone", "ipad": "iPad", "android": "Android phone", "windows": "Windows computer", "macintosh": "Mac", "linux": "Linux computer",
}  # fmt: skip


UNREADABLE = (
    "This record cannot be read. Do not go by memory: ask the person who keeps your plan, your prescriber or your pharmacist. "
    "What is wrong is told by: gradatim doctor"
)
NO_APP = "The app was not built into this installation."
HOW_APP = "What is due, and the devices, are on the page without it. Who runs this server builds the app with: make app"
View = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """One record on the page: its day, or why there is none."""

    id: UUID
    day: Day | None
    why: str = ""


def _answered(view: View) -> View:
    """A view whose problems are told on a page."""

    @wraps(view)
    def told(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except Problem as problem:
            status, title = kinds()[problem.kind]
            return _page(request, "problem.html", {"title": title, "detail": problem.detail}, status)

    return told


@require_http_methods(["GET", "HEAD"])
@_answered
def front(request: HttpRequest) -> HttpResponse:
    """Where everybody comes in."""
    asker = who.signed_in(request)
    return _entrance(request) if asker is None else _inside(request, asker)


@require_POST
@_answered
def pair(request: HttpRequest) -> HttpResponse:
    """Pair this browser by the code that was typed."""
    code, label = request.POST.get("code", "").strip(), request.POST.get("label", "").strip()
    label = "".join(filter(str.isprintable, label))
    if not code:
        return _entrance(request, "Type the code that the other device, or the terminal, shows.", status=422)
    response = HttpResponseRedirect(app_place.front())
    try:
        said = api.PairIn(code=code[:64].ljust(4), label=label[: models.LONGEST_LABEL] or _guessed(request))
        api.pair(request, response, said)
    except Problem as problem:
        return _entrance(request, problem.detail, code=code[:64], label=label[: models.LONGEST_LABEL], status=410)
    return response


@require_POST
@_answered
def code(request: HttpRequest) -> HttpResponse:
    """A code for one more device, to type and as a picture."""
    request.auth = _asker(request)  # type: ignore[attr-defined]
    made = api.make_code(request, api.CodeIn()).value
    alone = settings.CONFIG.loopback and not settings.CONFIG.proxies
    picture = io.BytesIO()
    segno.make(made.address, micro=False, error="m").save(
        picture, kind="svg", xmldecl=False, svgns=True, scale=6, border=4, light="#fff", dark="#000", title="The link as a QR code", omitsize=True
    )  # fmt: skip
    told = {
        "code": f"{made.code[:4]} {made.code[4:]}",
        "link": made.address,
        "minutes": int(CODE_LASTS.total_seconds()) // 60,
    }
    return _page(request, "code.html", {**told, "picture": picture.getvalue().decode(), "local": alone})  # fmt: skip


@require_POST
@_answered
def end(request: HttpRequest) -> HttpResponse:
    """End a device, once somebody has said that they are sure."""
    asker = request.auth = _asker(request)  # type: ignore[attr-defined]
    if Scope.ACCOUNT not in asker.scopes:
        raise Problem("not-allowed", "This needs: account.")
    try:
        wanted = UUID(request.POST.get("device", ""))
    except ValueError:
        raise Problem("not-found") from None
    if request.POST.get("sure") != "yes":
        found = asker.account.devices.filter(pk=wanted, revoked=None).first()
        if found is None:
            raise Problem("not-found")
        return _page(request, "end.html", {"device": found, "own": found == asker.device})
    api.end(request, wanted)
    response = HttpResponseRedirect("/")
    if asker.device is not None and wanted == asker.device.pk:
        response.delete_cookie(who.cookie_name(), samesite="Strict")
    return response


@require_GET
def home_certificate(request: HttpRequest) -> HttpResponse:
    """The certificate of this household's authority, for a phone to install; nothing where there is none."""
    from gradatim.server.home_certificate import authority_of

    found = authority_of(settings.CONFIG.data) if is_home(settings.CONFIG) else None
    if found is None:
        return answer("not-found")
    response = HttpResponse(found, content_type="application/x-x509-ca-cert")
    response["Content-Disposition"] = 'attachment; filename="gradatim-home.crt"'
    return response


@require_http_methods(["GET", "HEAD"])
def app(request: HttpRequest) -> HttpResponse:
    """The app; where it was not built, a page that says so and leads to the one that needs none."""
    if not app_place.is_built():
        return _page(request, "problem.html", {"title": NO_APP, "detail": HOW_APP}, 404)
    return app_files.app_file(request, "index.html")


@require_http_methods(["GET", "HEAD"])
def static(request: HttpRequest, name: str) -> HttpResponse:
    """One of the few files that the pages need."""
    if name not in _STATIC:
        return answer("not-found")
    return app_files.sent(request, _file(name))


@cache
def _file(name: str) -> app_files.File:
    found = app_files.file_of(name, files("gradatim.server").joinpath("static", name).read_bytes())
    assert found is not None
    return found


def _entrance(request: HttpRequest, problem: str = "", *, code: str = "", label: str = "", status: int = 200) -> HttpResponse:  # fmt: skip
    return _page(request, "entrance.html", {"problem": problem, "code": code, "label": label or _guessed(request)}, status)  # fmt: skip


def _inside(request: HttpRequest, asker: Asker) -> HttpResponse:
    keeper = Scope.ACCOUNT in asker.scopes
    devices = asker.account.devices.filter(revoked=None).order_by("made", "id") if keeper else []
    return _page(
        request,
        "inside.html",
        {
            "this": asker.device, "name": asker.account.name, "keeper": keeper, "devices": devices,
            "records": [_shown(asker, grant) for grant in grants_of(asker.account)],
        },
    )  # fmt: skip


def _shown(asker: Asker, grant: models.Grant) -> _Shown:
    id = grant.record_id
    try:
        right = right_to(asker, id, Scope.TODAY)
        entries = right.journal.since().entries
        if not entries:
            return _Shown(id=id, day=None, why="Nothing is written down in this record yet.")
        noted(right, "saw today")
        return _Shown(id=id, day=day_of(fold(entries), Instant(int(time.time()))))
    except (Problem, NoRecord):
        return _Shown(id=id, day=None, why="This device may not see what is due in this record.")
    except BadInput:
        return _Shown(id=id, day=None, why=UNREADABLE)


def _page(request: HttpRequest, template: str, told: dict[str, object], status: int = 200) -> HttpResponse:
    from gradatim.server.home_certificate import fingerprint

    config = settings.CONFIG
    signs = [sign for sign in leaflet().danger_signs if sign.level in (Level.EMERGENCY, Level.TODAY)]
    everywhere = {
        "app": app_place.is_built(), "accounts": config.accounts, "version": __version__, "intended_use": phrase("intended-use"),
        "emergencies": [one for one in signs if one.level is Level.EMERGENCY], "calls": [one for one in signs if one.level is Level.TODAY],
        "fingerprint": fingerprint(config.data) if is_home(config) else "",
    }  # fmt: skip
    return render(request, f"gradatim/{template}", {**everywhere, **told}, status=status)


def _asker(request: HttpRequest) -> Asker:
    asker = who.signed_in(request)
    if asker is None:
        raise Problem("no-credentials")
    return asker


def _guessed(request: HttpRequest) -> str:
    """What a device may be called, from what its browser says."""
    said = request.headers.get("User-Agent", "").lower()
    return next((name for word, name in _KNOWN.items() if word in said), "This device")
