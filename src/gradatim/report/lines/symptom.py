"""One scale over some days, as data: a value for each day that has one, the changes of dose, the days with doses not recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from gradatim.domain.dose import OralDose
from gradatim.domain.scale import Every, Scale
from gradatim.report.lines.axes import number
from gradatim.words import period, phrase

BY_DAY = 14  # up to so many days the table has a row for each day, beyond that for each week


@dataclass(frozen=True, slots=True, kw_only=True)
class StepMark:
    """The first day of a new day total."""

    day: date
    total: OralDose


@dataclass(frozen=True, slots=True, kw_only=True)
class SymptomLine:
    """``points``: one value a day in the scale's unit, in order. ``not_recorded``: days on which what became of a dose is not known."""

    scale: Scale
    first: date
    last: date
    points: tuple[tuple[date, float], ...]
    steps: tuple[StepMark, ...] = ()
    not_recorded: tuple[date, ...] = ()

    @property
    def title(self) -> str:
        """``Spasticity, 0 to 10, lower is better``."""
        low = 0 if self.scale.unit or self.scale.high > 10 else self.ends[0]
        unit = f" {self.scale.unit}" if self.scale.unit else ""
        better = f"-{self.scale.better}" if self.scale.better else ""
        return phrase(
            f"figure.scale{better}", name=self.scale.name, low=number(low), high=f"{number(self.ends[1])}{unit}"
        )

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of the scale in its unit; of a count or a measurement, 0 and the largest value that is there."""
        if not self.scale.unit and self.scale.high <= 10:
            return float(self.scale.in_unit(self.scale.low)), float(self.scale.in_unit(self.scale.high))
        return 0.0, max((value for _, value in self.points), default=1.0) or 1.0

    @property
    def pieces(self) -> Iterator[tuple[tuple[date, float], ...]]:
        """Points with no day left out between them: a day for daily scales, up to eight for those asked every week."""
        if not self.points:
            return
        apart = timedelta(days=1 if self.scale.every is Every.DAY else 8)
        piece = [self.points[0]]
        for one, other in pairwise(self.points):
            if other[0] - one[0] > apart:
                yield tuple(piece)
                piece = []
            piece.append(other)
        yield tuple(piece)

    @property
    def weeks(self) -> tuple[tuple[date, date, tuple[float, ...]], ...]:
        """First and last day and the values of each row of the table."""
        size = 1 if (self.last - self.first).days < BY_DAY else 7
        found, day = [], self.first
        while day <= self.last:
            end = min(day + timedelta(days=size - 1), self.last)
            found.append((day, end, tuple(value for at, value in self.points if day <= at <= end)))
            day = end + timedelta(days=1)
        return tuple(found)


def rows(made: SymptomLine) -> tuple[tuple[str, ...], ...]:
    """The same data as a table, heading first."""
    unit = f" {made.scale.unit}" if made.scale.unit else ""
    heading = tuple(
        phrase(f"figure.{name}") for name in ("days", "median", "range", "days-with-data", "dose-from-here")
    )
    body = []
    for first, last, values in made.weeks:
        marks = [
            phrase("figure.dose-from", amount=mark.total, day=mark.day)
            for mark in made.steps
            if first <= mark.day <= last
        ]
        spread = (
            phrase("figure.from-to", low=number(min(values)), high=f"{number(max(values))}{unit}") if values else "–"
        )
        middle = f"{number(median(values))}{unit}" if values else phrase("figure.no-data")
        body.append((period(first, last), middle, spread, str(len(values)), "; ".join(marks) or "–"))
    return (heading, *body)


def summary(made: SymptomLine) -> str:
    """How many days have data, and the middle score of the first and of the last week with data."""
    days = (made.last - made.first).days + 1
    unit = f" {made.scale.unit}" if made.scale.unit else ""
    with_data = [(first, values) for first, _, values in made.weeks if values]
    have = len(made.points)
    if len(with_data) > 1:
        (first, early), (last, late) = with_data[0], with_data[-1]
        return phrase(
            f"figure.summary-{'weeks' if days > BY_DAY else 'days'}", have=have, days=days, first=first, last=last,
            early=f"{number(median(early))}{unit}", late=f"{number(median(late))}{unit}",
        )  # fmt: skip
    if with_data:
        return phrase("figure.summary-one", have=have, days=days, value=f"{number(median(with_data[0][1]))}{unit}")
    return phrase("figure.summary", have=have, days=days)


def described(made: SymptomLine) -> str:
    """The figure in one sentence, for those who do not see it."""
    said = f"{made.title}, {period(made.first, made.last)}: {summary(made)}"
    changes = ", ".join(phrase("figure.dose-from", amount=mark.total, day=mark.day) for mark in made.steps)
    return phrase("figure.and-changes", said=said, changes=changes) if changes else f"{said}."
