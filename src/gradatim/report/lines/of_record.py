"""The figures of a record: a line for each scale that was scored, over the steps of its plan."""

from __future__ import annotations

from datetime import date

from gradatim.domain.record import Record
from gradatim.domain.scale import Rater
from gradatim.insight.adherence import Adherence
from gradatim.insight.doses import changes
from gradatim.insight.of_record import segments_of, series_of
from gradatim.monographs.scales import scales
from gradatim.report.lines.symptom import StepMark, SymptomLine


def step_marks(record: Record, last: date) -> tuple[StepMark, ...]:
    """The first day of each new day total, up to a day."""
    return tuple(StepMark(day=one.on, total=one.after.day_total) for one in changes(segments_of(record, last)))


def symptom_lines(
    record: Record, first: date, last: date, marks: tuple[StepMark, ...], taken: Adherence
) -> tuple[SymptomLine, ...]:
    """A line for each scale of the person's own with data in these days, in the order of the check-in."""
    unknown = tuple(one.day for one in taken.days if one.tally.missed)
    made = []
    for scale in scales().values():
        points = series_of(record, scale).between(first, last).values
        if points and scale.by is Rater.PERSON:
            made.append(SymptomLine(
                scale=scale, first=first, last=last, points=points, not_recorded=unknown,
                steps=tuple(mark for mark in marks if first <= mark.day <= last),
            ))  # fmt: skip
    return tuple(made)
