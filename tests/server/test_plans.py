"""Plans while somebody types: drafts, changes, checks and comparisons are what the domain says, and nothing is stored."""

from __future__ import annotations

import json
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gradatim.domain.calendar import lay_out
from gradatim.domain.clock import Instant
from gradatim.domain.course import Course
from gradatim.exchange.document import document
from gradatim.exchange.order import make_plan, read_order
from gradatim.monographs import bibliography, monograph
from gradatim.server import models
from gradatim.server.api import plans
from gradatim.server.who import Scope
from tests.server.kept import faults
from tests.server.made import account, browser, program, send

pytestmark = pytest.mark.django_db
EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = Instant.parse("2026-11-23T08:00:00Z")


def order(name: str = "ms-adult", **prescription: Any) -> dict[str, Any]:
    data = json.loads(json.dumps(tomllib.loads((EXAMPLES / f"{name}.toml").read_text()), default=str))
    if prescription:
        data["prescription"] |= prescription
    return data  # type: ignore[no-any-return]


def locally(data: dict[str, Any]) -> dict[str, Any]:
    made = read_order(data, monograph(), EXAMPLES)
    return document(
        lay_out(Course(versions=(make_plan(made, monograph()),)), made.person, monograph(), NOW), bibliography()
    )


@pytest.fixture
def asker(monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(plans, "now", lambda: NOW)
    return program(account(), [Scope.PLAN])


def test_a_draft_is_the_document_that_the_program_writes(asker: Client) -> None:
    said = send(asker, "post", "/plans/draft", {"order": order()})
    assert said.status_code == 200
    made = said.json()
    assert made["document"] == locally(order())
    assert not made["blocked"]
    figure = made["figure"]
    assert [tread["mg"] for tread in figure["treads"]][:3] == [15, 30, 45]
    assert figure["treads"][0]["doses"] == [{"time": at, "mg": 5} for at in ("08:00", "14:00", "21:00")]
    assert figure["svg"].startswith("<svg")
    assert figure["highest_mg"] == 60
    assert len(figure["gates"]) == 3
    assert len(figure["table"]) == 1 + len(figure["treads"])


def test_findings_name_the_field_that_caused_them(asker: Client) -> None:
    said = send(asker, "post", "/plans/draft", {"order": order("egfr-45")}).json()
    fields = {one["rule"]: one["field"] for one in said["fields"]}
    assert {one["rule"] for one in said["document"]["findings"]} == set(fields)
    own = order(
        protocol=None,
        start_doses=["50 mg"] * 3,
        step={"kind": "per_dose", "amount": "5 mg"},
        interval_days=1,
        target="200 mg",
    )
    del own["prescription"]["protocol"]
    said = send(asker, "post", "/plans/draft", {"order": own}).json()
    fields = {one["rule"]: one["field"] for one in said["fields"]}
    assert said["blocked"]
    assert fields["tenfold-slip"] == "prescription.start_doses"
    assert "prescription.interval_days" in fields.values()
    tall = send(asker, "post", "/plans/draft", {"order": order(target="200 mg")}).json()
    assert {one["field"] for one in tall["fields"] if one["rule"] == "above-protocol-maximum"} == {
        "prescription.target"
    }


def test_every_fault_of_an_order_is_told_with_its_place(asker: Client) -> None:
    wrong = order(products=["us/11"], times=["08:00", "08:05"], target="sixty")
    wrong["person"]["zone"] = "Europe/Londn"
    said = send(asker, "post", "/plans/draft", {"order": wrong})
    assert said.status_code == 422
    assert said["Content-Type"] == "application/problem+json"
    assert {"order.prescription.products[0]", "order.prescription.target", "order.person.zone"} <= set(faults(said))


def test_an_order_reads_no_file_of_the_server(asker: Client, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("something that nobody may see")
    said = send(asker, "post", "/plans/draft", {"order": order(table_file=str(secret))})
    assert said.status_code == 422
    assert list(faults(said)) == ["order.prescription.table_file"]
    assert b"nobody may see" not in said.content


def test_a_table_may_be_sent_as_text(asker: Client) -> None:
    data = order()
    data["prescription"] = {
        "products": ["us/10"],
        "start": "2026-12-01",
        "table": "days,08:00 (mg),20:00 (mg)\n3,5,5\n3,10,5\n",
    }
    said = send(asker, "post", "/plans/draft", {"order": data}).json()
    assert [tread["mg"] for tread in said["figure"]["treads"]] == [10, 15]


@pytest.mark.parametrize(
    "heavy",
    [
        {"protocol": None, "start_doses": ["0.1 mg"], "times": ["08:00"], "products": ["uk/solution-1"], "step": {"kind": "per_day", "amount": "0.1 mg"}, "interval_days": 1, "target": "300 mg"},
        {"until": "2036-11-01", "times": [f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in (0, 20, 40)]},
    ],
    ids=["steps", "doses"],
)  # fmt: skip
def test_what_would_keep_the_server_busy_is_refused(asker: Client, heavy: dict[str, Any]) -> None:
    data = order(**heavy)
    data["prescription"] = {name: part for name, part in data["prescription"].items() if part is not None}
    began = time.monotonic()
    said = send(asker, "post", "/plans/draft", {"order": data})
    assert said.status_code == 422, said.content[:300]
    assert "more than" in str(faults(said))
    assert time.monotonic() - began < 2


def test_a_document_that_says_other_doses_than_its_plan_is_refused(asker: Client) -> None:
    altered = locally(order())
    altered["doses"][4]["mg"] = 50
    said = send(asker, "post", "/plans/check", {"document": altered})
    assert said.status_code == 422
    assert list(faults(said)) == ["document.doses[4].mg"]


def test_a_check_says_what_stops(asker: Client) -> None:
    said = send(asker, "post", "/plans/check", {"document": order(target="200 mg")}).json()
    assert said["blocked"]
    assert "above-protocol-maximum" in said["stops"]
    assert send(asker, "post", "/plans/check", {"document": locally(order())}).json()["blocked"] is False


CHANGES = [
    {"kind": "hold", "on": "2026-12-05", "days": 7, "note": "sleepy"},
    {"kind": "step-back", "on": "2026-12-05"},
    {"kind": "slow-down", "on": "2026-12-05", "every": 14},
    {"kind": "switch", "on": "2026-12-05", "products": ["us/5"]},
    {"kind": "retime", "on": "2026-12-05", "times": ["07:00", "13:00", "20:00"]},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change["kind"])
def test_a_change_makes_a_new_version_and_says_what_differs(asker: Client, change: dict[str, Any]) -> None:
    said = send(asker, "post", "/plans/change", {"document": locally(order()), "change": change})
    assert said.status_code == 200, said.content
    made = said.json()
    assert made["document"]["plan"]["state"] == "draft"
    assert made["changes"]
    if change["kind"] == "retime":
        assert made["figure"]["treads"][0]["doses"][0]["time"] == "07:00"
    again = send(asker, "post", "/plans/compare", {"old": locally(order()), "new": made["document"]})
    assert again.json()["changes"] == made["changes"]


def test_a_change_that_cannot_be_is_a_fault_of_the_change(asker: Client) -> None:
    doc = locally(order())
    said = send(
        asker,
        "post",
        "/plans/change",
        {"document": doc, "change": {"kind": "slow-down", "on": "2026-12-05", "every": 1}},
    )
    assert (said.status_code, list(faults(said))) == (422, ["change.days"])
    said = send(asker, "post", "/plans/change", {"document": doc, "change": {"kind": "faster", "on": "2026-12-05"}})
    assert said.status_code == 422
    said = send(asker, "post", "/plans/change", {"document": doc, "change": {"kind": "hold", "on": 1}})
    assert (said.status_code, list(faults(said))) == (422, ["change.hold.on"])


def test_there_is_nothing_to_compare_in_one_version(asker: Client) -> None:
    assert send(asker, "post", "/plans/compare", {"old": order()}).json() == {"changes": []}


def test_a_taper_needs_an_approved_plan(asker: Client) -> None:
    said = send(
        asker,
        "post",
        "/plans/taper",
        {"document": locally(order()), "taper": {"start": "2027-01-15", "protocol": "default"}},
    )
    assert (said.status_code, list(faults(said))) == (422, ["taper.start"])
    said = send(asker, "post", "/plans/taper", {"document": locally(order()), "taper": {}})
    assert faults(said) == {"taper.start": "is missing"}


def test_an_order_can_go_down(asker: Client) -> None:
    down = order("taper-after-3-months")
    said = send(asker, "post", "/plans/draft", {"order": down}).json()
    assert said["document"]["plan"]["purpose"] == "taper"
    assert said["figure"]["treads"][-1]["kind"] == "stopped"


def test_kidneys(asker: Client) -> None:
    said = send(
        asker, "post", "/renal", {"age": 84, "sex": "female", "weight": "45kg", "creatinine": "110umol/L"}
    ).json()
    assert said["deciding"]["formula"] == "CKD-EPI 2021"
    assert said["guardrails"][0]["source"]
    assert faults(send(asker, "post", "/renal", {"age": 84, "creatinine": "110umol/L"})) == {"sex": "no formula fits"}
    assert set(faults(send(asker, "post", "/renal", {"age": "old", "creatinine": "110"}))) == {"age", "creatinine"}


def test_a_plan_becomes_a_file(asker: Client) -> None:
    said = send(asker, "post", "/plans/file?format=ics", {"document": order()})
    assert said["Content-Type"].startswith("text/calendar")
    assert said["Content-Disposition"] == 'attachment; filename="calendar-2026-12-01.ics"'
    blocked = send(asker, "post", "/plans/file?format=csv", {"document": order(target="200 mg")})
    assert (blocked.status_code, blocked.json()["type"]) == (409, "urn:gradatim:problem:blocked")
    assert any("above-protocol-maximum" in said for said in faults(blocked).values())


@pytest.mark.parametrize("path", ["draft", "taper", "change", "check", "compare", "file"])
def test_plans_are_for_who_may_plan(asker: Client, path: str) -> None:
    body = {
        "draft": {"order": order()}, "taper": {"document": {}, "taper": {}}, "change": {"document": {}, "change": CHANGES[0]},
        "compare": {"old": {}},
    }.get(path, {"document": order()})  # fmt: skip
    assert send(program(account(), [Scope.READ, Scope.LOG]), "post", f"/plans/{path}", body).status_code == 403
    assert send(browser(), "post", f"/plans/{path}", body).status_code == 401


def test_nothing_is_stored(asker: Client) -> None:
    before = models.Entry.objects.count(), models.Record.objects.count()
    send(asker, "post", "/plans/draft", {"order": order()})
    assert (models.Entry.objects.count(), models.Record.objects.count()) == before
