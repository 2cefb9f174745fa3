"""What is known about the drug, for anybody: each number with its source. The same for all, so it may be kept and asked for by its tag."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from ninja import Router, Schema
from pydantic import Field

from gradatim.domain.citation import Citation, Evidence
from gradatim.domain.knowledge import Grade, Level
from gradatim.domain.person import MARKETS
from gradatim.domain.reading import plain
from gradatim.languages import spoken
from gradatim.monographs import bibliography, leaflet, monograph, not_embedded, scales
from gradatim.server.api.shapes import PROBLEMS
from gradatim.words import phrase
from gradatim.words.phrases import product_name

router = Router(tags=["knowledge"])
_AN_HOUR = 3600


class SourceOut(Schema):
    """One entry of the bibliography."""

    title: str
    year: int | None = None
    address: str | None = None
    note: str | None = None


class Known(Schema):
    """Facts with ``source`` as keys and how much of it was seen (``US-TAB [T]``); the titles stand in ``sources`` by their key."""

    drug: str
    version: str
    sources: dict[str, SourceOut]
    evidence: dict[str, str] = Field(description="What the letters behind the keys mean.")


class SignOut(Schema):
    """A danger sign: what it is, when it counts, what to do."""

    id: str
    sign: str
    level: str
    act: str
    when: str
    source: list[str]
    derived: str | None = None


class MissedOut(Schema):
    """What to do about a forgotten dose, in some countries or (none named) everywhere else."""

    id: str
    kind: str
    text: str
    source: list[str]
    markets: list[str] = Field(default_factory=list)
    minutes: int | None = None
    by_choice: bool = False


class HoursOut(Schema):
    """After how long without any dose nobody should go on alone."""

    hours: int
    text: str
    source: list[str]
    derived: str | None = None


class DangerOut(Known):
    """The danger signs; what the levels mean; what to do after doses were missed."""

    danger_signs: list[SignOut]
    levels: dict[str, str]
    missed_dose: list[MissedOut]
    gap: HoursOut


class FrequencyOut(Schema):
    """How often, in the words and percentages of one source."""

    source: list[str]
    words: str | None = None
    percent_low: str | None = None
    percent_high: str | None = None
    note: str | None = None


class ReactionOut(Schema):
    """An unwanted effect with every published frequency that was seen, and the signs for which something has to be done."""

    id: str
    name: str
    plain: str
    frequencies: list[FrequencyOut]
    danger_signs: list[str] = Field(description="Ids of danger signs that this effect may mean.")


class TopicOut(Schema):
    """A paragraph of advice: storage, driving, alcohol, stopping …"""

    id: str
    title: str
    text: str
    source: list[str]
    derived: str | None = None
    not_found: str | None = None


class ClaimOut(Schema):
    """What people say: a claim, its grades, the answer, and its sources."""

    id: str
    origin: str
    claim: str
    grades: list[str]
    answer: str
    source: list[str] = Field(default_factory=list)


class ConditionOut(Schema):
    """A word for an illness, state or indication."""

    code: str
    title: str


class InteractionOut(Schema):
    """A medicine or class beside which baclofen is more dangerous."""

    id: str
    with_class: str
    members: list[str]
    mechanism: str
    level: str
    action: str
    source: list[str]
    derived: str | None = None


class MonographOut(Known):
    """What people read about the drug."""

    reactions: list[ReactionOut]
    topics: list[TopicOut]
    missed_dose: list[MissedOut]
    gap: HoursOut
    claims: list[ClaimOut]
    grades: dict[str, str]
    interactions: list[InteractionOut]
    conditions: list[ConditionOut]


class ProductsOut(Known):
    """What stands on the shelf, by country."""

    products: list[dict[str, Any]]
    markets: list[str]


class ProtocolsOut(Known):
    """Published ways up and down."""

    titrations: list[dict[str, Any]]
    tapers: list[dict[str, Any]]


class ScalesOut(Known):
    """The questions of the check-in in their order, and those that may not be asked, each with the reason."""

    scales: list[dict[str, Any]]
    not_embedded: list[dict[str, Any]]


def _danger() -> dict[str, Any]:
    read = leaflet()
    return {
        "danger_signs": plain(read.danger_signs), "levels": {level.value: phrase(f"packet.level-{level}") for level in Level},
        "missed_dose": plain(read.missed_dose), "gap": plain(read.gap),
    }  # fmt: skip


def _monograph() -> dict[str, Any]:
    read, means = leaflet(), leaflet().watch.meanings
    ids = {sign.id for sign in read.danger_signs}
    return {
        "reactions": [
            {**plain(one), "danger_signs": sorted({m.means for m in means if one.id in m.noted} | ({one.id} & ids))} for one in read.reactions
        ],
        "topics": plain(read.topics), "missed_dose": plain(read.missed_dose), "gap": plain(read.gap), "claims": plain(read.claims),
        "grades": {grade.value: phrase(f"grade.{grade}") for grade in Grade},
        "interactions": plain(monograph().interactions), "conditions": plain(monograph().conditions),
    }  # fmt: skip


def _products() -> dict[str, Any]:
    return {
        "products": plain(tuple(replace(one, name=product_name(one.name)) for one in monograph().products)),
        "markets": list(MARKETS),
    }


def _protocols() -> dict[str, Any]:
    return {"titrations": plain(monograph().titrations), "tapers": plain(monograph().tapers)}


def _scales() -> dict[str, Any]:
    return {"scales": plain(tuple(scales().values())), "not_embedded": plain(not_embedded())}


_PARTS: dict[str, tuple[type[Known], Callable[[], dict[str, Any]]]] = {
    "danger-signs": (DangerOut, _danger), "monograph": (MonographOut, _monograph), "products": (ProductsOut, _products),
    "protocols": (ProtocolsOut, _protocols), "scales": (ScalesOut, _scales),
}  # fmt: skip


@router.get("/knowledge/danger-signs", response={200: DangerOut, **PROBLEMS}, auth=None, operation_id="danger_signs")
def danger_signs(request: HttpRequest) -> HttpResponse:
    """The danger signs and what to do; missed doses; how long without a dose is too long."""
    return _answer(request, "danger-signs")


@router.get("/knowledge/monograph", response={200: MonographOut, **PROBLEMS}, auth=None, operation_id="monograph")
def about(request: HttpRequest) -> HttpResponse:
    """Unwanted effects with their published frequencies, advice, other medicines, and what people say, each graded."""
    return _answer(request, "monograph")


@router.get("/knowledge/products", response={200: ProductsOut, **PROBLEMS}, auth=None, operation_id="products")
def products(request: HttpRequest) -> HttpResponse:
    """Tablets and liquids by country, with strength, scoring and storage."""
    return _answer(request, "products")


@router.get("/knowledge/protocols", response={200: ProtocolsOut, **PROBLEMS}, auth=None, operation_id="protocols")
def protocols(request: HttpRequest) -> HttpResponse:
    """Published ways to step a dose up and down, with whom they were written for."""
    return _answer(request, "protocols")


@router.get("/knowledge/scales", response={200: ScalesOut, **PROBLEMS}, auth=None, operation_id="scales")
def questions(request: HttpRequest) -> HttpResponse:
    """The scales of the check-in, and those that may not be asked."""
    return _answer(request, "scales")


def _answer(request: HttpRequest, name: str) -> HttpResponse:
    body, tag = _made(name, spoken())
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={_AN_HOUR}"
    patch_vary_headers(response, ["Accept-Encoding"])
    response["ETag"] = tag
    found: HttpResponse = get_conditional_response(request, etag=tag, response=response) or response
    return found


@cache
def _made(name: str, language: str) -> tuple[bytes, str]:
    """The answer in the language that is spoken, made once and held against its description, and its tag."""
    assert language == spoken()
    shape, part = _PARTS[name]
    data = part()
    drug = monograph()
    told = {
        "drug": drug.name, "version": f"{drug.id} {drug.version}", **data, "sources": _sources(data),
        "evidence": {one.value: phrase(f"evidence.{one.value}") for one in Evidence},
    }  # fmt: skip
    body = json.dumps(
        shape.model_validate(told).model_dump(mode="json", exclude_unset=True), ensure_ascii=False
    ).encode()
    return body, f'"{sha256(body).hexdigest()[:32]}"'


def _sources(data: dict[str, Any]) -> dict[str, Any]:
    """The titles of every source that is named in it."""
    keys = {Citation.parse(one).key for one in _cited(data)}
    return {key: plain(source) for key, source in bibliography().items() if key in keys}


def _cited(part: Any) -> Iterable[str]:
    if isinstance(part, list):
        for one in part:
            yield from _cited(one)
    if isinstance(part, dict):
        for name, one in part.items():
            yield from one if name == "source" else _cited(one)
