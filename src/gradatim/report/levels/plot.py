"""Where hours and levels stand in a panel."""

from __future__ import annotations

from dataclasses import dataclass

from gradatim.report.levels.figure import Panel
from gradatim.report.lines.axes import ValueAxis

LEFT = 58.0
Points = list[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Where the hours and levels of one panel stand; ``top`` is the upper end of its plot."""

    panel: Panel
    values: ValueAxis
    right: float
    shown: float  # days, of the longest panel: a day is as wide in all of them

    def x(self, hour: float) -> float:
        """The place of an hour: every day is as wide as any other, also one of 23 hours."""
        return LEFT + self.panel.arm.place(hour) * self.wide

    @property
    def wide(self) -> float:
        """The width of a day."""
        return (self.right - LEFT) / self.shown

    def points(self, levels: tuple[float, ...]) -> Points:
        """Levels as places."""
        return [(self.x(hour), self.values.y(one)) for hour, one in zip(self.panel.levels.hours, levels, strict=True)]
