"""Levels as rows and as plain data: the curve, a row for each time of each arm, and the days, a row for each whole day."""

from __future__ import annotations

import csv
import io
from typing import Any

from gradatim.domain.clock import Instant
from gradatim.kinetics.frames import Frame, origin
from gradatim.report.levels.compared import compared, steps, windows
from gradatim.report.levels.figure import LevelFigure, Panel, meaning

Row = tuple[str | float | None, ...]
SCHEMA = "gradatim/levels/1"


def curve_rows(made: LevelFigure) -> tuple[tuple[str, ...], list[Row]]:
    """Heading and rows: arm, instant (UTC), hour, level of the typical person, the same with the doses not recorded, and each share."""
    heading = ("arm", "at", "hour", "level", "at_most", *(f"p{one:g}" for one in made.percents))
    found: list[Row] = []
    for panel in made.panels:
        levels, more = panel.levels, panel.at_most
        for k, hour in enumerate(levels.hours):
            shares: list[float | None] = [spread.levels[k] for spread in levels.spreads] or [None] * len(made.percents)
            found.append(
                (panel.arm.name, _at(panel, hour), hour, levels.levels[k], more.levels[k] if more else None, *shares)
            )
    return heading, found


def day_rows(made: LevelFigure) -> tuple[tuple[str, ...], list[Row]]:
    """Heading and rows: arm, when the day begins, its hours, mg, Cmax and when, Cmin, Cavg and AUC of the typical person, and each share."""
    names = [f"{what}_p{one:g}" for one in made.percents for what in ("highest", "lowest", "area")]
    heading = ("arm", "at", "hours", "mg", "highest", "highest_at", "lowest", "average", "area", *names)
    found: list[Row] = []
    for panel in made.panels:
        for k, day in enumerate(panel.levels.days):
            shares: list[float | None] = [
                value
                for spread in panel.levels.spreads
                for value in (spread.highest[k], spread.lowest[k], spread.area[k])
            ] or [None] * len(names)
            found.append((
                panel.arm.name, _at(panel, day.start), day.hours, day.mg, day.highest, _at(panel, day.highest_at), day.lowest, day.average,
                day.area, *shares,
            ))  # fmt: skip
    return heading, found


def frame(made: LevelFigure, *, days: bool = False) -> Frame:
    """`curve_rows`, or `day_rows`, as columns with their units and the origin of the model; instants are text, so that every reader reads the
    same."""
    heading, rows = day_rows(made) if days else curve_rows(made)
    unit, text = made.who.unit, ("arm", "at", "highest_at")
    known = {"hour": "h", "hours": "h", "mg": "mg", "area": f"{unit}·h"}
    units = {name: known.get(name.split("_p")[0], unit) for name in heading if name not in text}
    about = origin(made.who.published) | {
        "covariates": dict(made.who.covariates),
        "people": made.people,
        "seed": made.seed,
    }
    return Frame.of_rows(heading, rows, text=text, units=units, about=about)


def _at(panel: Panel, hour: float) -> str:
    return str(Instant(panel.arm.start.seconds + round(hour * 3600)))


def to_csv(heading: tuple[str, ...], rows: list[Row]) -> str:
    """RFC 4180, numbers to six digits."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([f"{one:.6g}" if isinstance(one, float) else one for one in row] for row in rows)
    return out.getvalue()


def data(made: LevelFigure) -> dict[str, Any]:
    """Everything as plain data, for programs: model and covariates, arms, curves, days, and what it means."""
    model, who = made.who.published, made.who
    curve, days = curve_rows(made), day_rows(made)
    return {
        "schema": SCHEMA,
        "unit": who.unit,
        "model": {
            "id": model.id, "name": model.name, "standing": str(model.standing), "population": model.population,
            "source": [str(one) for one in model.source], "missing": list(model.missing), "covariates": dict(who.covariates), "varies": list(who.varies),
        },
        "people": made.people,
        "seed": made.seed,
        "arms": [
            {
                "name": panel.arm.name, "of": str(panel.arm.of), "first": str(panel.arm.first), "last": str(panel.arm.last),
                "doses": [{"hour": hour, "mg": mg} for hour, mg in panel.arm.dosing.doses],
                "not_recorded": [{"hour": hour, "mg": mg} for hour, mg in panel.arm.unknown],
                "steps": [{"first": str(one.first), "last": str(one.last), "mg": one.total.micrograms / 1000} for one in panel.arm.treads],
                "said": [*steps(panel), windows(panel, who)],
            }
            for panel in made.panels
        ],
        "curve": {"columns": list(curve[0]), "rows": [list(row) for row in curve[1]]},
        "days": {"columns": list(days[0]), "rows": [list(row) for row in days[1]]},
        "compared": list(compared(made)),
        "meaning": list(meaning(made)),
    }  # fmt: skip
