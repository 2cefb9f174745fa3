"""The levels of a record as plain data to draw, to read as a table and to say: for the app, which works nothing out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from gradatim.exchange.document import number
from gradatim.kinetics.expected import DayOf, Expected
from gradatim.report.levels.compared import compared_known, steps, windows
from gradatim.report.levels.figure import (
    LevelFigure,
    Panel,
    model_texts,
    no_effect,
    not_measured,
    notes,
    relative,
    rows,
    spread_text,
    told,
    whose,
)
from gradatim.report.levels.of_record import NoLevel
from gradatim.report.lines.axes import ceiling
from gradatim.words import phrase, say
from gradatim.words.sentence import capital


def shown(found: LevelFigure | NoLevel) -> dict[str, Any]:
    """The figure, or in a sentence why there is none."""
    if isinstance(found, NoLevel):
        return {"figure": None, "why_not": say(found.why)}
    return {"figure": _figure(found), "why_not": None}


def _figure(made: LevelFigure) -> dict[str, Any]:
    plan, own = made.panels[0], made.panels[-1]
    last = plan.arm.first + timedelta(days=int(max(one.shown_days for one in made.panels) - 1e-9))
    beside = relative(made)
    ahead = plan is own
    table = [list(row) for row in rows(made)]
    return {
        "title": phrase("levels.title"), "unit": made.who.unit, "first": plan.arm.first.isoformat(), "last": last.isoformat(), "by_day": own.by_day,
        "top": ceiling(max(1.0, *(one.highest for one in made.panels))),
        "treads": [
            {"first": one.first.isoformat(), "last": one.last.isoformat(), "mg": number(one.total)} for one in plan.arm.treads
        ],
        "plan": _line(plan), "taken": None if ahead else _line(own), "key": _key(made),
        "table": [row[1:-1] for row in table] if ahead else table,
        "described": f"{told(made)} {not_measured(made)}",
        "not_measured": not_measured(made), "no_effect": no_effect(), "whose": [*whose(made), *([beside] if beside else [])],
        "compared": list(map(capital, compared_known(made))), "notes": list(notes(made)), "steps": list(steps(plan)),
        "windows": windows(plan, made.who, _usual_day(plan) if ahead else None, planned=True),
        "model": [*spread_text(made), *model_texts(made)],
    }  # fmt: skip


def _usual_day(panel: Panel) -> int | None:
    """The first day ahead with a dose that has 24 hours."""
    return next((k for k, day in enumerate(panel.levels.days) if day.mg and day.hours == 24), None)


def _line(panel: Panel) -> dict[str, Any]:
    """One arm: its curve, or with many days each day from its lowest to its highest. Places are days from the first."""
    arm = panel.arm
    return {
        "name": arm.name,
        "curve": None if panel.by_day else _curve(panel),
        "days": _days(panel) if panel.by_day else [],
        "doses": [] if panel.by_day else _places(panel, (hour for hour, _ in arm.dosing.doses if 0 <= hour <= arm.dosing.last)),
        "not_recorded": _places(panel, (hour for hour, _ in arm.unknown if hour >= 0)),
    }  # fmt: skip


def _places(panel: Panel, hours: Iterable[float]) -> list[float]:
    return [round(panel.arm.place(hour), 4) for hour in hours]


def _curve(panel: Panel) -> dict[str, Any]:
    levels, more = panel.levels, panel.at_most
    low, high = _ends(levels)
    return {
        "places": _places(panel, levels.hours), "levels": _levels(levels.levels), "low": None if low is None else _levels(low.levels),
        "high": None if high is None else _levels(high.levels), "at_most": None if more is None else _levels(more.levels),
        "sure": list(panel.sure),
    }  # fmt: skip


def _ends(levels: Expected) -> tuple[Any, Any]:
    return (levels.spreads[0], levels.spreads[-1]) if len(levels.spreads) > 1 else (None, None)


def _days(panel: Panel) -> list[dict[str, Any]]:
    low, high = _ends(panel.levels)
    more: Sequence[DayOf | None] = panel.at_most.days if panel.at_most else [None] * panel.arm.days
    return [
        {
            "day": (panel.arm.first + timedelta(days=k)).isoformat(), "highest": _three(day.highest), "lowest": _three(day.lowest),
            "average": _three(day.average), "low": None if low is None else _three(low.lowest[k]),
            "high": None if high is None else _three(high.highest[k]), "at_most": None if most is None else _three(most.average), "sure": sure,
        }
        for k, (day, most, sure) in enumerate(zip(panel.levels.days, more, panel.sure_days, strict=True))
    ]  # fmt: skip


def _levels(values: Iterable[float]) -> list[float]:
    return [_three(one) for one in values]


def _three(value: float) -> float:
    """Three digits: a model knows no more."""
    return 0.0 if value < 0.005 else float(f"{value:.3g}")


def _key(made: LevelFigure) -> dict[str, str | None]:
    """What the lines mean that are there."""
    own = made.panels[-1]
    typical = phrase("levels.typical")
    shown_share = f"{made.percents[-1] - made.percents[0]:g}" if made.people else ""
    return {
        "typical": f"{own.arm.name}: {typical}" + (f", {phrase('levels.by-day')}" if own.by_day else ""),
        "band": phrase("levels.band", percent=shown_share) if made.people else None,
        "plan": phrase("levels.reference", name=made.panels[0].arm.name) if len(made.panels) > 1 else None,
        "at_most": phrase("levels.at-most") if own.at_most is not None else None,
        "not_recorded": phrase("levels.unknown-sign") if any(hour >= 0 for hour, _ in own.arm.unknown) else None,
        "doses": phrase("levels.doses"),
    }  # fmt: skip
