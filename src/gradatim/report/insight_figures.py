"""The figures beside what changed, as plain data with their tables and sentences: what was felt, and what was taken, over the steps."""

from __future__ import annotations

from typing import Any

from gradatim.domain.record import Record
from gradatim.domain.scale import Every
from gradatim.exchange.document import number
from gradatim.insight.adherence import Adherence
from gradatim.insight.of_record import important_for
from gradatim.report.lines import SymptomLine, TakenLine, symptom_rows, taken_rows
from gradatim.report.lines.of_record import step_marks, symptom_lines
from gradatim.report.lines.symptom import described as symptom_described
from gradatim.report.lines.symptom import summary as symptom_summary
from gradatim.report.lines.taken import described as taken_described
from gradatim.report.lines.taken import taken_line
from gradatim.words.sentence import capital


def figures_data(record: Record, taken: Adherence, scale: str | None) -> dict[str, Any]:
    """All figures over the days of ``taken``; ``scale`` keeps the line of one scale."""
    lines = symptom_lines(record, taken.first, taken.last, step_marks(record, taken.last), taken)
    return {
        "lines": [_symptom(one, record) for one in lines if scale in (None, one.scale.id)],
        "taken": _taken(taken_line(taken)),
    }


def _symptom(made: SymptomLine, record: Record) -> dict[str, Any]:
    low, high = made.ends
    least = important_for(made.scale, record.person)
    return {
        "scale": made.scale.id, "name": made.scale.name, "title": made.title, "first": made.first.isoformat(), "last": made.last.isoformat(),
        "low": low, "high": high, "unit": made.scale.unit, "better": None if made.scale.better is None else str(made.scale.better),
        "weekly": made.scale.every is Every.WEEK,
        "pieces": [[{"day": day.isoformat(), "value": value} for day, value in piece] for piece in made.pieces],
        "steps": [{"day": one.day.isoformat(), "mg": number(one.total)} for one in made.steps],
        "not_recorded": [day.isoformat() for day in made.not_recorded],
        "important": None if least is None else {"points": least.points, "source": str(least.source)},
        "table": [list(row) for row in symptom_rows(made)], "described": symptom_described(made),
        "summary": f"{capital(symptom_summary(made))}.",
    }  # fmt: skip


def _taken(made: TakenLine) -> dict[str, Any]:
    return {
        "first": made.first.isoformat(), "last": made.last.isoformat(), "highest_mg": number(made.highest),
        "treads": [{"first": first.isoformat(), "last": last.isoformat(), "mg": number(mg)} for first, last, mg in made.treads],
        "days": [
            {
                "day": one.day.isoformat(), "planned_mg": number(one.planned), "taken_mg": None if one.taken is None else number(one.taken),
                "certain": one.certain, "still_open": one.still_open, "missed": one.missed, "skipped": one.skipped, "unsure": one.unsure,
                "extra": one.extra,
            }
            for one in made.days
        ],
        "pieces": [[one.day.isoformat() for one in piece] for piece in made.pieces],
        "table": [list(row) for row in taken_rows(made)], "described": taken_described(made),
    }  # fmt: skip
