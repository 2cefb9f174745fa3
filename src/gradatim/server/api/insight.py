"""What changed together with each step: in sentences, and as figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from gradatim.domain.fault import one_fault
from gradatim.insight.adherence import adherence
from gradatim.insight.of_record import insight_of
from gradatim.monographs import leaflet, monograph, scales
from gradatim.report.insight_data import insight_data
from gradatim.report.insight_figures import figures_data
from gradatim.server.api.drawn import Mg
from gradatim.server.api.folded import folded, heavy
from gradatim.server.api.shapes import PROBLEMS
from gradatim.server.rights import noted
from gradatim.server.who import Scope

router = Router(tags=["papers"])


class InsightIn(Schema):
    """Over how many days the doses are counted, and which scale."""

    days: Annotated[int, Field(ge=1, le=3660)] = 28
    scale: Annotated[str | None, Field(max_length=80)] = None


class GapOut(Schema):
    """Hours without any dose."""

    since: str
    until: str | None
    hours: int


class DosesOut(Schema):
    """How many doses were due, and what became of them."""

    first: date
    last: date
    due: int
    taken: int
    on_time: int
    early: int
    late: int
    missed: int
    skipped: int
    unsure: int
    held: int
    extra: int
    days: int
    days_covered: int
    gaps: list[GapOut]


class ChangeOfDoseOut(Schema):
    """The first day of a new day total."""

    on: date
    old_mg: Mg
    new_mg: Mg


class SideOut(Schema):
    """The scores of one side: on how many days, the middle one, and the quartiles around it."""

    days: int
    low: float
    middle: float
    high: float


class SidesOut(Schema):
    """Before and after a change of dose."""

    before: SideOut
    after: SideOut


class ResultOut(Schema):
    """What one method found in one scale, in sentences."""

    scale: str
    method: str
    says: list[str]
    p: float | None
    p_adjusted: float | None
    notes: list[str]
    change: ChangeOfDoseOut | None = Field(description="Which change of dose it is about, where it is about one.")
    sides: SidesOut | None
    verdict: str | None = Field(description="How it stands beside chance; null where nothing is compared.")
    stands_out: Literal["all", "alone", "chance"] | None = Field(
        description="The verdict in a word: with all comparisons taken together, only taken alone, or as chance does."
    )
    how: str = Field(description="How it was found, in a sentence.")


class LackOut(Schema):
    """Where there is too little to say anything."""

    scale: str
    method: str
    says: str
    change: ChangeOfDoseOut | None


class PointOut(Schema):
    """The value of one day."""

    day: date
    value: float


class StepMarkOut(Schema):
    """The first day of a new day total."""

    day: date
    mg: Mg


class ImportantOut(Schema):
    """The least difference that people were found to notice, for people like this one."""

    points: float
    source: str


class ScaleLineOut(Schema):
    """One scale over the days. ``pieces``: points with no gap between them; between one piece and the next nothing is drawn."""

    scale: str
    name: str
    title: str
    first: date
    last: date
    low: float
    high: float
    unit: str
    better: Literal["low", "high"] | None
    weekly: bool
    pieces: list[list[PointOut]]
    steps: list[StepMarkOut]
    not_recorded: list[date] = Field(description="Days on which it is not known what became of a dose.")
    important: ImportantOut | None
    table: list[list[str]]
    described: str
    summary: str = Field(description="How many days have data, and the middle of the first and the last week.")


class TakenTreadOut(Schema):
    """Days that follow one another with the same planned day total."""

    first: date
    last: date
    mg: Mg


class DayTakenOut(Schema):
    """One day. ``taken_mg`` None: no amount is known, so nothing is drawn. ``certain``: nothing of the day is missing."""

    day: date
    planned_mg: Mg
    taken_mg: Mg | None
    certain: bool
    still_open: bool
    missed: int
    skipped: int
    unsure: int
    extra: int


class TakenLineOut(Schema):
    """What was taken each day over the steps of the plan. ``pieces``: days with no gap between them."""

    first: date
    last: date
    highest_mg: Mg
    treads: list[TakenTreadOut]
    days: list[DayTakenOut]
    pieces: list[list[date]]
    table: list[list[str]]
    described: str


class FiguresOut(Schema):
    """The figures over the days asked for: a line for each scale with data, and what was taken."""

    lines: list[ScaleLineOut]
    taken: TakenLineOut


class InsightOut(Schema):
    """What was taken, and what changed together with each step."""

    doses: DosesOut
    results: list[ResultOut]
    too_little: list[LackOut]
    comparisons: list[str]
    figures: FiguresOut


@router.get("/records/{uuid:record}/insight", response={200: InsightOut, **PROBLEMS}, operation_id="insight")
def insight(request: HttpRequest, record: UUID, asked: Query[InsightIn]) -> dict[str, Any]:
    """What was taken, and what changed together with each step: with its margin, or silence where there is too little."""
    if asked.scale is not None and asked.scale not in scales():
        raise one_fault("scale", f"{asked.scale!r} is not a scale", f"Use one of: {', '.join(scales())}")
    found = folded(request, record, Scope.READ)
    first = max(found.day - timedelta(days=asked.days - 1), date(2000, 1, 1))
    with heavy():
        taken = adherence(found.record, monograph(), leaflet(), found.now, first, found.day)
        made = insight_data(taken, insight_of(found.record, found.day), asked.scale)
        made["figures"] = figures_data(found.record, taken, asked.scale)
    noted(found.right, "read the insight")
    return made
