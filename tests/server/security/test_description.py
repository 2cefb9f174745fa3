"""Requests drawn from the description of the interface, right ones and wrong ones: no mistake of the server, no answer but a described one.

The quick draws are the same each time. ``long`` draws many more, and new ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gradatim.server.api import api
from gradatim.server.models import Role
from gradatim.server.problems import CONTENT_TYPE
from gradatim.server.who import ALL, new_device
from tests.server.made import account, granted
from tests.server.security.askers import undone
from tests.server.security.operations import World, operations, world

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

load_all_checks()


def _whole(found: Any) -> Any:
    return found.ok()


DESCRIBED = schemathesis.openapi.from_dict(api.get_openapi_schema())
DESCRIBED.app = get_wsgi_application()
BY_ID: dict[str, Any] = {
    one.definition.raw["operationId"]: one for one in (_whole(found) for found in DESCRIBED.get_all_operations())
}
CHECKS = [content_type_conformance, response_schema_conformance, status_code_conformance]
TAKES_SOMETHING = {name for name, one in BY_ID.items() if one.body or one.path_parameters or one.query}
WAYS = [pytest.param(name, GenerationMode.POSITIVE, id=f"{name}-right") for name in sorted(BY_ID)]
WAYS += [pytest.param(name, GenerationMode.NEGATIVE, id=f"{name}-wrong") for name in sorted(TAKES_SOMETHING)]
FEW, MANY = 5, 100


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Each request would close the connection, and with it what this test has not committed."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def tokens(made: World) -> dict[str, dict[str, str]]:
    """What each asker sends."""
    carer = account()
    granted(made.record, carer, Role.CARER)
    secrets = {
        "person": made.secret,
        "carer": new_device(carer, "x", ALL, program=True)[1],
        "stranger": new_device(account(), "x", ALL, program=True)[1],
    }
    return {"nobody": {}} | {name: {"Authorization": f"Bearer {secret}"} for name, secret in secrets.items()}


def test_everything_is_described() -> None:
    assert sorted(BY_ID) == sorted(one.id for one in operations())


@pytest.mark.parametrize(("name", "mode"), WAYS)
def test_every_answer_is_a_described_one(name: str, mode: GenerationMode) -> None:
    _ask(name, mode, 1 if "/plan" in BY_ID[name].path else FEW, fixed=True)  # documents take long to draw


@pytest.mark.long
@pytest.mark.parametrize(("name", "mode"), WAYS)
def test_so_it_is_after_many_more(name: str, mode: GenerationMode) -> None:
    _ask(name, mode, MANY // 10 if "/plan" in BY_ID[name].path else MANY, fixed=False)


def _ask(name: str, mode: GenerationMode, times: int, *, fixed: bool) -> None:
    made = world()
    askers = tokens(made)

    @settings(
        max_examples=times, derandomize=fixed, database=None, deadline=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate] if fixed else [Phase.generate, Phase.shrink],
    )  # fmt: skip
    @given(case=BY_ID[name].as_strategy(generation_mode=mode), who=st.sampled_from(sorted(askers)))
    def every(case: Any, who: str) -> None:
        for place, said in (case.path_parameters or {}).items():
            if _is_id(said) and place in made.ids:
                case.path_parameters[place] = str(made.ids[place])  # one that is there; what is no id stays
        with undone():
            response = case.call(base_url="http://127.0.0.1", headers={"Accept-Encoding": "identity"} | askers[who])
        case.validate_response(response, checks=CHECKS)
        assert response.status_code < 500, (who, response.content)
        if response.status_code >= 400:
            assert response.headers["content-type"] == [CONTENT_TYPE]

    every()


def _is_id(said: object) -> bool:
    try:
        return str(UUID(str(said))) == said
    except ValueError:
        return False
