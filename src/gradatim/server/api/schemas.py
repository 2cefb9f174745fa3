"""The description of the interface (OpenAPI 3.1): our own JSON Schemas in it, every problem, who may ask, and what each address needs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from pydantic import WithJsonSchema

from gradatim.exchange.packet import packet_schema
from gradatim.exchange.schema import entry_schema, order_schema, plan_schema
from gradatim.server import problems
from gradatim.server.api.needs import NEEDS

_MARK = "x-schema"
_ALWAYS = (400, 403, 404, 413, 415, 422, 429, 500, 503)
_WAYS: list[dict[str, list[str]]] = [{"token": []}, {"device": [], "csrf": []}, {"session": [], "csrf": []}]

PlanDocument = Annotated[
    dict[str, Any], WithJsonSchema({"type": "object", _MARK: "PlanDocument", "description": "A plan document."})
]
PacketDocument = Annotated[
    dict[str, Any], WithJsonSchema({"type": "object", _MARK: "Packet", "description": "A packet."})
]
OrderData = Annotated[dict[str, Any], WithJsonSchema({"type": "object", _MARK: "Order", "description": "An order."})]
EntryData = Annotated[dict[str, Any], WithJsonSchema({"type": "object", _MARK: "Entry", "description": "An entry."})]

_NOT_ALWAYS_THERE = frozenset({"sign_in_by_provider"})
"""Addresses without a name in them that some servers do not have."""
_PLACES = {("PushIn", "entries"): "Entry", ("PullOut", "entries"): "Entry"}
"""Lists in the components of others that hold one of our documents."""


class Interface(NinjaAPI):
    """The interface, described whole; and a wrong method is a problem like every other."""

    _described: OpenAPISchema | None = None

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description. It is made once: nothing in it changes while the server runs."""
        if self._described is None:
            made = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
            _complete(made, {one.operation_id: one for one in self.operations()})
            self._described = made
        return self._described

    def operations(self) -> Iterator[Operation]:
        """Every operation that is described."""
        for router in self._get_bound_routers():
            for view in router.path_operations.values():
                yield from (one for one in view.operations if one.include_in_schema)

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        """What Django asks for."""
        patterns, app, namespace = super().urls
        for one in patterns:
            if isinstance(one, URLPattern):
                one.callback = _told(one.callback)
        return patterns, app, namespace


def _told(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        return problems.answer("wrong-method", headers={"Allow": ", ".join(sorted(response["Allow"].split(", ")))})

    return answered


def _complete(made: OpenAPISchema, operations: dict[str | None, Operation]) -> None:
    parts = made["components"]["schemas"]
    documents = _documents()
    if both := parts.keys() & documents.keys():
        raise RuntimeError(f"two things are called {', '.join(sorted(both))}: rename the one of the interface")
    parts |= documents
    _sort_problems(made)
    for (component, field), name in _PLACES.items():
        parts[component]["properties"][field]["items"] = {"$ref": f"#/components/schemas/{name}"}
    made["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token of another program, or a device's secret."},
        "device": {"type": "apiKey", "in": "cookie", "name": "gradatim-device", "description": "A paired browser; `__Host-gradatim-device` over https."},
        "session": {"type": "apiKey", "in": "cookie", "name": "gradatim-session", "description": "Somebody who signed in; accounts mode only."},
        "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRFToken", "description": "With a cookie, for everything but GET: `csrf` of `/session`."},
    }  # fmt: skip
    for path, methods in made["paths"].items():
        for method, told in methods.items():
            operation = operations[told["operationId"]]
            public = operation.auth_param is None
            told["security"] = [] if public else _ways(method)
            told["summary"] = " ".join(told.get("description", "").split("\n\n")[0].split()).split(". ")[0].rstrip(".")
            told["x-needs"] = NEEDS.get(told["operationId"], "")
            codes = {*(code for code in told["responses"] if int(code) >= 400), *_ALWAYS, *(() if public else (401,))}
            if public:
                codes.discard(401)
            if "{" not in path and told["operationId"] not in _NOT_ALWAYS_THERE:
                codes.discard(404)
            kept = {str(code): answer for code, answer in told["responses"].items() if int(code) < 400}
            refs = {str(code): {"$ref": f"#/components/responses/Problem{code}"} for code in sorted(map(int, codes))}
            told["responses"] = kept | refs
    _place(made)


def _ways(method: str) -> list[dict[str, list[str]]]:
    """By what somebody is known; a cookie alone proves nothing where something is changed."""
    return [{name: [] for name in way if name != "csrf" or method != "get"} for way in _WAYS]


def _sort_problems(made: OpenAPISchema) -> None:
    """One response for each status, with the kinds of problem that it can be."""
    by_status: dict[int, list[tuple[str, str]]] = {}
    for kind, (status, title) in problems.kinds().items():
        by_status.setdefault(status, []).append((kind, title))
    made["components"]["responses"] = {
        f"Problem{status}": {
            "description": "\n".join(f"* `{kind}`: {title}" for kind, title in kinds),
            "content": {
                problems.CONTENT_TYPE: {
                    "schema": {
                        "allOf": [
                            {"$ref": "#/components/schemas/ProblemOut"},
                            {"properties": {"type": {"enum": [f"urn:gradatim:problem:{kind}" for kind, _ in kinds]}, "status": {"const": status}}},
                        ]
                    }
                }
            },
        }
        for status, kinds in sorted(by_status.items())
    }  # fmt: skip


def _documents() -> dict[str, Any]:
    """Our documents and their parts as components. A part that means another thing in another document gets that document's name."""
    found: dict[str, Any] = {}
    raw: dict[str, Any] = {}
    for title, schema in (
        ("PlanDocument", plan_schema()), ("Entry", entry_schema()), ("Order", order_schema()), ("Packet", packet_schema()),
    ):  # fmt: skip
        parts = dict(schema.pop("$defs", {}))
        top = schema.pop("$ref", "").rsplit("/", 1)[-1]
        other = {name for name in parts if raw.get(name, parts[name]) != parts[name]}
        while more := {name for name in parts if name not in other and _refers(parts[name]) & other}:
            other |= more
        named = {name: title if name == top else f"{title}{name}" if name in other else name for name in parts}
        schema.pop("$schema", None)
        raw |= {name: part for name, part in parts.items() if name not in other}
        found |= {named[name]: _renamed(part, named) for name, part in parts.items()}
        if not top:
            found[title] = _renamed(schema, named)
    return found


def _refers(part: Any) -> set[str]:
    """The parts that a part refers to."""
    if isinstance(part, list):
        return {name for one in part for name in _refers(one)}
    if not isinstance(part, dict):
        return set()
    own = {part["$ref"].rsplit("/", 1)[-1]} if isinstance(part.get("$ref"), str) else set()
    return own | {name for one in part.values() for name in _refers(one)}


def _renamed(part: Any, named: dict[str, str]) -> Any:
    if isinstance(part, list):
        return [_renamed(one, named) for one in part]
    if not isinstance(part, dict):
        return part
    made = {name: _renamed(one, named) for name, one in part.items()}
    if isinstance(part.get("$ref"), str):
        made["$ref"] = f"#/components/schemas/{named[part['$ref'].rsplit('/', 1)[-1]]}"
    return made


def _place(made: OpenAPISchema) -> None:
    """Put a reference where a document of ours was marked."""

    def walk(part: Any) -> Any:
        if isinstance(part, list):
            return [walk(one) for one in part]
        if not isinstance(part, dict):
            return part
        if _MARK in part:
            return {"$ref": f"#/components/schemas/{part[_MARK]}"}
        return {str(name): walk(one) for name, one in part.items()}

    for name in [*made]:
        made[name] = walk(made[name])


def json_text(made: Any) -> str:
    """Plain data as the text of a file."""
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"
