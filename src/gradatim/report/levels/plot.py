"""Where hours and levels stand in a panel, and what of it is certain."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from gradatim.report.levels.figure import Panel
from gradatim.report.lines.axes import ValueAxis

LEFT = 58.0
BY_DAY = 21  # with more days than that a curve would be a smear: each day is drawn from its lowest to its highest
_SURE = 0.02  # of the highest level: so much is not seen

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
        edges = self.panel.arm.dosing.edges
        place = min(max(bisect_right(edges, hour) - 1, 0), len(edges) - 2)
        within = (hour - edges[place]) / (edges[place + 1] - edges[place])
        return LEFT + (place + within) * self.wide

    @property
    def wide(self) -> float:
        """The width of a day."""
        return (self.right - LEFT) / self.shown

    @property
    def sure(self) -> list[bool]:
        """Of each hour, whether it would be the same with the doses that are not recorded."""
        at_most = self.panel.at_most
        if at_most is None:
            return [True] * len(self.panel.levels.hours)
        most = max(at_most.levels) or 1.0
        return [b - a <= _SURE * most for a, b in zip(self.panel.levels.levels, at_most.levels, strict=True)]

    @property
    def by_day(self) -> bool:
        """Whether each day is drawn as a whole."""
        return self.panel.arm.days > BY_DAY

    @property
    def sure_days(self) -> list[bool]:
        """The same of each day, by its average."""
        days, more = self.panel.levels.days, self.panel.at_most
        if more is None:
            return [True] * len(days)
        most = max(more.levels) or 1.0
        return [b.area - a.area <= _SURE * most * a.hours for a, b in zip(days, more.days, strict=True)]

    def points(self, levels: tuple[float, ...]) -> Points:
        """Levels as places."""
        return [(self.x(hour), self.values.y(one)) for hour, one in zip(self.panel.levels.hours, levels, strict=True)]


def shown_days(panel: Panel) -> float:
    """Days, and the part of one that a curve goes on for after the last whole day."""
    dosing = panel.arm.dosing
    return len(dosing.edges) - 1 + max(dosing.last - dosing.edges[-1], 0) / 24
