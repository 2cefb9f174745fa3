"""Days to x and values to y, the same for every figure of a page, so that a day stands at the same place in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from gradatim.report.staircase.ink import line, text
from gradatim.report.staircase.scale import Box, Room, width_of
from gradatim.words.phrases import day_of_month
from gradatim.words.sentence import grouped, numbers

SIZE = 9.0  # points: no letter on the page is smaller
LEFT = 38.0  # room for the words of the value axis


def number(value: float) -> str:
    """``4``; ``4.5``; ``14.3``: no trailing zeros."""
    return numbers(grouped(f"{value:.1f}".removesuffix(".0"))).replace("-", "−")


def short_date(day: date) -> str:
    """``3 Mar``."""
    return day_of_month(day)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAxis:
    """From the first day to the last, each as wide as any other."""

    first: date
    last: date
    left: float
    right: float

    @property
    def count(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def wide(self) -> float:
        """The width of one day."""
        return (self.right - self.left) / self.count

    def edge(self, day: date) -> float:
        """Where a day begins."""
        return self.left + (day - self.first).days * self.wide

    def middle(self, day: date) -> float:
        """The middle of a day."""
        return self.edge(day) + self.wide / 2

    def days(self) -> Iterator[date]:
        """Every day."""
        return (self.first + timedelta(days=place) for place in range(self.count))

    def drawn(self, y: float) -> str:
        """The axis with its dates below: the first and the last, and in between the days that have room. ``y``: their base line."""
        room, made = Room(0, self.right + 8), []
        start, end = _full(self.first), _full(self.last)
        room.take(Box(self.left, y - 8, self.left + width_of(start, SIZE), y))
        made.append(text(self.left, y, start, anchor="start", ink="soft"))
        if self.count > 1 and room.take(Box(self.right - width_of(end, SIZE), y - 8, self.right, y), 6):
            made.append(text(self.right, y, end, anchor="end", ink="soft"))
        for day in self._between():
            said = short_date(day)
            half = width_of(said, SIZE) / 2
            x = self.edge(day)
            if room.take(Box(x - half, y - 8, x + half, y), 8):
                made += [text(x, y, said, ink="soft"), line(f"M{x:.1f} {y - 11:.1f}v3", "soft", 0.8)]
        return "".join(made)

    def _between(self) -> Iterator[date]:
        """Firsts of months where there are many days, else Mondays."""
        return (day for day in self.days() if (day.day == 1 if self.count > 70 else day.weekday() == 0))


def _full(day: date) -> str:
    return f"{short_date(day)} {day.year}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueAxis:
    """From ``low`` at the bottom to ``high`` at the top."""

    low: float
    high: float
    top: float
    bottom: float

    def y(self, value: float) -> float:
        """The height of a value."""
        return self.bottom - (self.bottom - self.top) * (value - self.low) / (self.high - self.low)


def ceiling(value: float) -> float:
    """The next round number at or above a value: such that its half is round too."""
    power = 1.0
    while power * 10 < value:
        power *= 10
    return next(step * power for step in (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10) if step * power >= value)
