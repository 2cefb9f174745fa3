"""The description of the interface: complete, true of what is answered, and the committed copy of it is this one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from gradatim.server import problems
from gradatim.server.api import api
from gradatim.server.api.needs import NEEDS
from gradatim.server.models import Role
from gradatim.server.who import ALL, Scope
from tests.server.kept import Kept
from tests.server.made import account, browser, demo, granted, program, pushed, record_of, send
from tests.server.test_following import EVE
from tests.server.test_plans import CHANGES, locally, order

pytestmark = pytest.mark.one_database

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@cache
def described() -> dict[str, Any]:
    return json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))  # type: ignore[no-any-return]


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described()["paths"].items():
        for method, told in methods.items():
            yield path, method, told


def references(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from references(one)
    if isinstance(part, dict):
        for name, one in part.items():
            if name == "$ref" and isinstance(one, str):
                yield one
            else:
                yield from references(one)


def checked(answer: Any) -> Any:
    """An answer, held against what the description says of it."""
    route = re.sub(r"<uuidstr:([a-z]+)>", r"{\1}", f"/{answer.resolver_match.route}")
    said = described()["paths"][route][answer.wsgi_request.method.lower()]["responses"][str(answer.status_code)]
    if "$ref" in said:
        said = described()["components"]["responses"][said["$ref"].rsplit("/", 1)[-1]]
    kind = answer["Content-Type"].partition(";")[0]
    schema = said["content"][kind]["schema"]
    registry = Registry().with_resource("urn:api", Resource.from_contents({"$schema": "https://json-schema.org/draft/2020-12/schema", **described()}))  # fmt: skip
    text = json.dumps(schema).replace('"#/components/', '"urn:api#/components/')
    faults = list(Draft202012Validator(json.loads(text), registry=registry).iter_errors(answer.json()))
    assert not faults, [(one.json_path, one.message[:200]) for one in faults[:5]]
    return answer.json()


def test_the_committed_description_is_this_one() -> None:
    kept = (REFERENCE / "openapi.json").read_text("utf-8")
    assert json.loads(kept) == described(), "run: python docs/make_openapi.py"


def test_every_reference_leads_somewhere() -> None:
    for one in set(references(described())):
        part = described()
        assert one.startswith("#/components/"), one
        for step in one.removeprefix("#/").split("/"):
            assert step in part, one
            part = part[step]


def test_every_schema_is_one() -> None:
    for name, one in described()["components"]["schemas"].items():
        Draft202012Validator.check_schema(one)
        assert "x-schema" not in json.dumps(one), name


def test_our_own_documents_are_in_it_as_they_are_read() -> None:
    parts = described()["components"]["schemas"]
    committed = {
        name: json.loads((REFERENCE / "schemas" / f"{name}.json").read_text("utf-8"))
        for name in ("plan", "entry", "order")
    }
    assert parts["PlanDocument"]["properties"].keys() == committed["plan"]["properties"].keys()
    assert parts["Entry"] == json.loads(
        json.dumps(committed["entry"]["$defs"]["Entry"]).replace("#/$defs/", "#/components/schemas/")
    )
    assert "locale" in parts["OrderPerson"]["properties"]
    assert "locale" not in parts["Person"]["properties"]
    assert parts["Order"]["properties"]["person"] == {"$ref": "#/components/schemas/OrderPerson"}
    assert parts["PushIn"]["properties"]["entries"]["items"] == {"$ref": "#/components/schemas/Entry"}


def test_every_operation_says_what_it_does_what_it_needs_and_how_it_fails() -> None:
    for path, method, told in operations():
        name = told["operationId"]
        assert told["summary"], name
        assert told["description"], name
        assert told["x-needs"], f"{name} is missing in gradatim.server.api.needs"
        answers = told["responses"]
        assert all(
            answers[code] == {"$ref": f"#/components/responses/Problem{code}"} for code in answers if int(code) >= 400
        ), name
        assert {"400", "403", "422", "429", "500", "503"} <= answers.keys(), name
        public = not told["security"]
        assert public == ("401" not in answers), name
        assert ("{" in path or name == "sign_in_by_provider") == ("404" in answers), name
        assert method == "get" or public or all("csrf" in way for way in told["security"] if "token" not in way), name


def test_every_kind_of_problem_is_described() -> None:
    told = json.dumps(described()["components"]["responses"])
    for kind in problems.kinds():
        assert f"urn:gradatim:problem:{kind}" in told


def test_no_name_of_an_operation_is_used_twice() -> None:
    names = [told["operationId"] for *_, told in operations()]
    assert len(names) == len(set(names))


@pytest.mark.django_db
def test_what_an_address_needs_is_what_it_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token with every scope but those that are needed is refused, and one with only those is not."""
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, accounts=True))
    kept = Kept(monkeypatch, EVE)
    tried = 0
    for path, method, told in operations():
        name = told["operationId"]
        needed = frozenset(one for one in Scope if one in NEEDS[name].split(", "))
        if len(needed) != len(NEEDS[name].split(", ")) or name.startswith("erase"):
            continue  # more than scopes decides; or it asks for a sign-in of this minute
        where = path.removeprefix("/api/v1").replace("{record}", str(kept.record))
        where = re.sub(r"{[a-z]+}", "00000000-0000-4000-8000-000000000000", where)
        body = None if method == "get" else BODIES.get(name, {})
        for scopes, refused in ((ALL - needed, True), (needed, False)):
            said = send(program(kept.owner, scopes), method, where, body)
            assert (said.status_code == 403) is refused, (name, scopes, said.status_code, said.content[:300])
        tried += 1
    assert tried > 25


BODIES: dict[str, Any] = {
    "draft_plan": {"order": order()}, "taper_plan": {"document": locally(order()), "taper": {}}, "check_plan": {"document": order()},
    "change_plan": {"document": locally(order()), "change": CHANGES[0]}, "compare_plans": {"old": order()}, "plan_file": {"document": order()},
    "renal": {"age": 84, "creatinine": "110umol/L"}, "follow_plan": {"document": locally(order())},
    "approve_plan": {"document": locally(order()), "copied_from": {"prescriber": "Dr B. Name", "dated": "2026-08-01"}},
    "answer_review": {"go_on": False}, "make_token": {"label": "x", "scopes": ["account"]}, "make_device": {"label": "x"},
    "change_account": {"name": "A. Name"}, "invite": {"role": "carer", "scopes": ["share"], "label": "x"}, "narrow_grant": {"scopes": ["read"]},
}  # fmt: skip


@pytest.mark.django_db
def test_answers_are_as_they_are_described(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(monkeypatch, "2026-08-12T18:00:00+00:00")
    for path in ("/plan", "/history?limit=200", "/insight", "/levels", "/levels?of=ahead&days=28", "/stock?until=2026-09-01", "/watch", "/entries?limit=200", "", "/calendar?format=json"):  # fmt: skip
        checked(kept.get(path))
    for path in ("danger-signs", "monograph", "products", "protocols", "scales"):
        checked(send(browser(), "get", f"/knowledge/{path}"))
    asker = kept.person
    for path, body in (
        ("/plans/draft", {"order": order()}), ("/plans/change", {"document": locally(order()), "change": CHANGES[1]}),
        ("/plans/check", {"document": order("egfr-45")}), ("/plans/compare", {"old": order(), "new": order(target="45 mg")}),
        ("/renal", {"age": 84, "sex": "female", "weight": "45kg", "creatinine": "110umol/L"}),
        ("/plans/file?format=json", {"document": order()}), ("/records", None), ("/tokens", {"label": "x", "scopes": ["read"]}),
    ):  # fmt: skip
        checked(send(asker, "post", path, body))
    checked(kept.post("/answers", {"go_on": True}))
    checked(kept.post("/entries", pushed(demo()[:3])))


@pytest.mark.django_db
def test_problems_are_as_they_are_described(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(monkeypatch, EVE)
    reader = program(kept.owner, [Scope.READ])
    for said, status in (
        (kept.get("/plan", browser()), 401), (kept.get("/plan", program(account())), 404), (kept.post("/answers", {"go_on": True}, reader), 403),
        (kept.post("/answers", {"go_on": "x"}), 422), (kept.post("/answers", {"go_on": True, "review": "x"}), 422),
        (kept.post("/plan/approve", {"document": {}, "copied_from": {"prescriber": " ", "dated": "x"}}), 422),
        (send(kept.person, "post", "/plans/file", {"document": order(target="200 mg")}), 409),
    ):  # fmt: skip
        assert said.status_code == status
        assert said["Content-Type"] == problems.CONTENT_TYPE
        checked(said)


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path", "allowed"), [("put", "/records", "GET, POST"), ("delete", "/renal", "POST"), ("post", "/knowledge/scales", "GET")])  # fmt: skip
def test_a_wrong_method_is_a_problem(method: str, path: str, allowed: str) -> None:
    said = send(program(account()), method, path)
    assert (said.status_code, said["Content-Type"], said["Allow"]) == (405, problems.CONTENT_TYPE, allowed)
    assert said.json()["type"] == "urn:gradatim:problem:wrong-method"
    assert said.has_header("Content-Security-Policy")


@pytest.mark.django_db
def test_the_description_is_at_its_stable_path() -> None:
    said = browser().get("/api/v1/openapi.json")
    assert said.status_code == 200
    assert said.json() == described()


@pytest.mark.django_db
def test_the_example_of_an_order_is_one() -> None:
    (example,) = described()["components"]["schemas"]["DraftIn"]["examples"]
    assert checked(send(program(account()), "post", "/plans/draft", example))["figure"]["highest_mg"] == 60


def test_nothing_in_it_is_an_invented_person() -> None:
    assert "@" not in json.dumps(described()).replace("localhost@", "")


@pytest.mark.django_db
def test_roles_other_than_the_person_see_the_same_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(monkeypatch, EVE)
    for role in (Role.CARER, Role.PRESCRIBER):
        checked(kept.get("/plan", kept.join(role, "C. Name")))
    record = record_of(account())
    other = account()
    granted(record, other, Role.CARER)
    assert checked(send(program(other), "get", f"/records/{record}/plan"))["status"] == 409
