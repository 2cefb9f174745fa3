"""Where things stand in the drawing: days to x, doses to y, and which labels have room."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from gradatim.report.staircase.figure import Staircase, Tread

LETTER = 0.58  # of the size of type: the mean width of a letter, on the wide side
_WIDE = 0.4  # the share of the width that a last step may take before it is cut with a break


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle that is taken: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two overlap."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(slots=True)
class Room:
    """What is taken so far. Labels that find no place are left out: the table has every number."""

    left: float
    right: float
    taken: list[Box] = field(default_factory=list)

    def take(self, box: Box, margin: float = 0) -> bool:
        """Take a place when it is free and inside."""
        wider = Box(box.left - margin, box.top, box.right + margin, box.bottom)
        if box.left < self.left or box.right > self.right or any(wider.meets(other) for other in self.taken):
            return False
        self.taken.append(box)
        return True


def width_of(text: str, size: float) -> float:
    """How wide a text is, on the wide side."""
    return len(text) * size * LETTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Days to x and milligrams to y. The last step is shortened, with a break, where it would squeeze all others."""

    figure: Staircase
    left: float
    right: float
    top: float
    bottom: float

    @property
    def shown_days(self) -> float:
        """Days on the axis once the last step is shortened."""
        return self._before_last + self._last

    @property
    def broken(self) -> Tread | None:
        """The tread that is shortened."""
        last = self.figure.treads[-1]
        return last if self._last < last.days else None

    @property
    def _before_last(self) -> int:
        return (self.figure.treads[-1].first - self.figure.first).days

    @property
    def _last(self) -> float:
        days, before = self.figure.treads[-1].days, self._before_last
        return float(days) if not before else min(float(days), max(before * _WIDE / (1 - _WIDE), 5.0))

    def x(self, day: date) -> float:
        """The left edge of a day. The day after the last one is the right end."""
        count = (day - self.figure.first).days
        last = self.figure.treads[-1]
        if day > last.first:
            count_in = (day - last.first).days
            shown = self._before_last + count_in * self._last / last.days
        else:
            shown = float(count)
        return self.left + (self.right - self.left) * shown / self.shown_days

    def ends(self, tread: Tread) -> tuple[float, float]:
        """Left and right edge of a tread."""
        return self.x(tread.first), self.x(tread.last + timedelta(days=1))

    def y(self, micrograms: int) -> float:
        """The height of a daily dose."""
        return self.bottom - (self.bottom - self.top) * micrograms / (self.grid[-1] * 1000)

    @property
    def grid(self) -> tuple[int, ...]:
        """Round numbers of milligrams for the lines behind the stairs: at most four, the last at or above the highest dose."""
        high = max(self.figure.highest.micrograms, 1000)
        for step in (1, 2, 3, 5, 10, 15, 20, 25, 30, 40, 50, 100, 200, 500, 1000):
            if step * 4000 >= high:
                return tuple(range(step, -(-high // (step * 1000)) * step + 1, step))
        return (high // 1000,)
