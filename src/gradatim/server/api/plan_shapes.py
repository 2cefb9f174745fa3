"""What is sent and answered about plans that are in no record."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, JsonValue

from gradatim.server.api.days import Day
from gradatim.server.api.drawn import FieldOut, Mg, PlanOut
from gradatim.server.api.paper import CalendarFormat, Page
from gradatim.server.api.schemas import OrderData, PlanDocument
from gradatim.server.api.shapes import In

Note = Annotated[str | None, Field(max_length=2000)]


_ORDER: dict[str, JsonValue] = {
    "person": {"age": 45, "sex": "female", "weight": "62 kg", "creatinine": "70 umol/L", "locale": "US", "zone": "America/New_York"},
    "prescription": {
        "protocol": "us-label", "start": "2026-12-01", "times": ["08:00", "14:00", "21:00"], "products": ["us/10", "us/20"], "target": "60 mg",
    },
}  # fmt: skip


class DraftIn(In):
    """An order, and where the draft is a new version, the plan that it changes."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"order": _ORDER}]})

    order: OrderData
    document: PlanDocument | None = None


class TaperIn(In):
    """The plan to come down from, and how: a ``taper`` table without what the plan says already. ``start`` is needed."""

    document: PlanDocument
    taper: Annotated[
        dict[str, Any], Field(description="As the `taper` of an order; times, doses, products come from the plan.")
    ]


class HoldIn(In):
    """Keep the present doses for longer; ``days`` None: until a later version."""

    kind: Literal["hold"]
    on: Day
    days: Annotated[int | None, Field(ge=1, le=3660)] = None
    note: Note = None


class StepBackIn(In):
    """Go back to the dose before."""

    kind: Literal["step-back"]
    on: Day
    note: Note = None


class SlowDownIn(In):
    """Make every step that remains last so many days at least."""

    kind: Literal["slow-down"]
    on: Day
    every: Annotated[int, Field(ge=1, le=365)]


class SwitchIn(In):
    """Make the same doses from other products."""

    kind: Literal["switch"]
    on: Day
    products: Annotated[list[str], Field(min_length=1, max_length=50)]
    syringe_mark: Annotated[int | None, Field(ge=1, le=10_000, description="microlitres")] = None


class RetimeIn(In):
    """Move the doses to other times of day, one for each."""

    kind: Literal["retime"]
    on: Day
    times: Annotated[list[str], Field(min_length=1, max_length=96)]


Change = Annotated[HoldIn | StepBackIn | SlowDownIn | SwitchIn | RetimeIn, Field(discriminator="kind")]


class ChangeIn(In):
    """A plan and what to change in it."""

    document: PlanDocument
    change: Change


class HeldOut(Schema):
    """The doses that are changed are held by a review that is not answered: more may be taken than is recorded."""

    review: str
    since: date
    mg: Mg = Field(description="of one day")


class ChangedOut(PlanOut):
    """The plan with its new version, and in words what that changes."""

    changes: list[str]
    held: HeldOut | None


class DocumentIn(In):
    """A plan document; an order is planned on the spot."""

    document: Annotated[PlanDocument | OrderData, Field(description="A plan document, or an order.")]


class FindingOut(Schema):
    """One finding, as in a plan document."""

    rule: str
    severity: str
    message: str
    source: list[str]
    at: str
    overridden: bool
    facts: dict[str, str]


class CheckedOut(Schema):
    """What the check found, gravest first; ``stops`` are the rules that block."""

    findings: list[FindingOut]
    fields: list[FieldOut]
    stops: list[str]
    blocked: bool


class CompareIn(In):
    """Two plans; without ``new`` the last two versions of ``old``."""

    old: PlanDocument | OrderData
    new: PlanDocument | OrderData | None = None


class ComparedOut(Schema):
    """What differs, in words; nothing where no dose does."""

    changes: list[str]


class RenalIn(In):
    """As in an order: ``72``, ``120 umol/L``, ``58 kg``, ``160 cm``."""

    age: str | int
    creatinine: str
    sex: str | None = None
    weight: str | None = None
    height: str | None = None


class DecidingOut(Schema):
    """The estimate that the rules go by."""

    formula: str
    ml_min: float
    band: str


class LimitOut(Schema):
    """A limit that follows, with its source."""

    id: str
    bound: str
    why: str
    source: list[str]


class RenalOut(Schema):
    """Every estimate, the one that the rules use, and the limits that follow."""

    estimates: dict[str, float]
    deciding: DecidingOut
    guardrails: list[LimitOut]


class FileIn(Schema):
    """Which file to make of a plan."""

    format: CalendarFormat = "pdf"
    page: Page = "a4"
    large: bool = False
    neutral: bool = False
