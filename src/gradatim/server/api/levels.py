"""The level of the drug in the blood: what a model expects of the plan and of what was taken, as a figure and in sentences."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from gradatim.monographs import leaflet, monograph
from gradatim.report.levels.of_record import MOST_DAYS, levels_ahead, past_levels
from gradatim.report.levels.shown import shown
from gradatim.server.api.folded import folded, heavy
from gradatim.server.api.insight import TakenTreadOut
from gradatim.server.api.shapes import PROBLEMS
from gradatim.server.rights import noted
from gradatim.server.who import Scope

router = Router(tags=["papers"])


class LevelsIn(Schema):
    """``past``: the last whole days and today until now, the plan beside what was taken. ``ahead``: the coming days of the plan."""

    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = 14
    of: Literal["past", "ahead"] = "past"


class CurveOut(Schema):
    """The level of the typical person at each place, and what 5 and 95 of 100 people do not exceed."""

    places: list[float] = Field(description="In days from the first one; a day of 23 or 25 hours is a day.")
    levels: list[float]
    low: list[float] | None
    high: list[float] | None
    at_most: list[float] | None = Field(description="With the doses that are not recorded; null where all are.")
    sure: list[bool] = Field(description="False where a dose that is not recorded would make a difference.")


class LevelDayOut(Schema):
    """One whole day, where there are too many for a curve. ``low`` and ``high``: the ends of the band."""

    day: date
    highest: float
    lowest: float
    average: float
    low: float | None
    high: float | None
    at_most: float | None = Field(description="The average with the doses that are not recorded.")
    sure: bool


class LevelLineOut(Schema):
    """The levels of some doses: a curve, or with many days each day. Doses stand at places, in days from the first one."""

    name: str
    curve: CurveOut | None
    days: list[LevelDayOut]
    doses: list[float]
    not_recorded: list[float]


class LevelKeyOut(Schema):
    """What the lines are; null for one that is not there."""

    typical: str
    band: str | None
    plan: str | None
    at_most: str | None
    not_recorded: str | None
    doses: str


class LevelFigureOut(Schema):
    """The figure as data, as a table and in sentences. ``top``: where the axis ends. ``taken``: null for the coming days."""

    title: str
    unit: str
    first: date
    last: date
    by_day: bool
    top: float
    treads: list[TakenTreadOut]
    plan: LevelLineOut
    taken: LevelLineOut | None
    key: LevelKeyOut
    table: list[list[str]]
    described: str
    not_measured: str
    no_effect: str
    whose: list[str] = Field(description="Whose kidneys, and the exposure beside that with normal ones.")
    compared: list[str]
    notes: list[str] = Field(description="Where the levels begin, and what of the doses is not known.")
    steps: list[str] = Field(description="Each change of the day's total as a share of the settled level.")
    windows: str = Field(description="When on one day of the plan the level is above the middle one of that day.")
    model: list[str]


class LevelsOut(Schema):
    """The figure, or why there is none."""

    figure: LevelFigureOut | None
    why_not: str | None = Field(description="Why nothing can be said, in a sentence.")


@router.get("/records/{uuid:record}/levels", response={200: LevelsOut, **PROBLEMS}, operation_id="levels")
def levels(request: HttpRequest, record: UUID, asked: Query[LevelsIn]) -> dict[str, Any]:
    """The level in the blood that a published model expects: of the plan, and of what was taken. Nobody measured it."""
    found = folded(request, record, Scope.READ)
    with heavy():
        if asked.of == "ahead":
            made = levels_ahead(found.record, monograph(), found.now, days=asked.days)
        else:
            made = past_levels(found.record, monograph(), leaflet(), found.now, days=asked.days)
        answer = shown(made)
    noted(found.right, "read the levels")
    return answer
