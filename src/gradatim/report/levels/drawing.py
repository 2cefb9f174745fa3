"""Levels as SVG: a panel for each arm, the steps of its plan below it, the first arm as a thin line in the others, what it means under all."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from typing import Literal
from xml.sax.saxutils import escape

from gradatim.domain.finding import message
from gradatim.kinetics.expected import DayOf
from gradatim.report.levels.arm import Of
from gradatim.report.levels.figure import NO_EFFECT, LevelFigure, Panel, described, level, model_text
from gradatim.report.lines.axes import ValueAxis, ceiling, short_date
from gradatim.report.lines.marks import ring
from gradatim.report.staircase.ink import FONTS, line, paint, style, text
from gradatim.report.staircase.scale import Box, Room, width_of
from gradatim.words import say, sources_text

SIZE = 11.0
_LEFT, _RIGHT = 58.0, 12.0
_PLOT, _STRIP, _HEAD, _DATES = 128.0, 34.0, 24.0, 22.0
_BY_DAY = 21  # with more days than that a curve would be a smear: each day is drawn from its lowest to its highest
_SURE = 0.02  # of the highest level: so much is not seen
_INNER = 0.2
_AT_MOST = "6 2 1.5 2"
_ROW = 17.0
_CAPTION = 15.0

Points = list[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plot:
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
        return _LEFT + (place + within) * self.wide

    @property
    def wide(self) -> float:
        """The width of a day."""
        return (self.right - _LEFT) / self.shown

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
        return self.panel.arm.days > _BY_DAY

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


def _path(points: Points) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def to_svg(
    made: LevelFigure, width: int = 720, *, title: str | None = None, medium: Literal["web", "paper"] = "web"
) -> str:
    """The figure, ``width`` pixels wide. Labels that have no room are left out: the table has every number."""
    head = title or say(message("levels.title"))
    prefix = f"gk{sha256(repr((made, head, width)).encode()).hexdigest()[:8]}"
    top = ceiling(max(1.0, *(panel.highest for panel in made.panels)))
    drawn, y = [text(4, 14, head, anchor="start", bold=True)], 26.0
    first, shown = made.panels[0], max(_shown(panel) for panel in made.panels)
    for panel in made.panels:
        values = ValueAxis(low=0, high=top, top=y + _HEAD, bottom=y + _HEAD + _PLOT)
        plot = _Plot(panel=panel, values=values, right=width - _RIGHT, shown=shown)
        beside = None if panel is first else first
        drawn.append(_panel(plot, made, beside, named=len(made.panels) > 1 or panel.arm.of is Of.TAKEN))
        y = values.bottom + _STRIP + _DATES
    key, y = _key(made, width, y + 12)
    caption, height = _caption(made, width, y + 4)
    inside = "".join((*drawn, key, caption))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{prefix}" role="img" aria-labelledby="{prefix}-t {prefix}-d" '
        f'width="{width}" height="{height:g}" viewBox="0 0 {width} {height:g}" font-family="{FONTS}" font-size="{SIZE:g}">'
        f'<title id="{prefix}-t">{escape(head)}</title><desc id="{prefix}-d">{escape(described(made))}</desc>'
        f"{style(prefix) if medium == 'web' else ''}{inside}</svg>\n"
    )


def _shown(panel: Panel) -> float:
    """Days, and the part of one that a curve goes on for after the last whole day."""
    dosing = panel.arm.dosing
    return len(dosing.edges) - 1 + max(dosing.last - dosing.edges[-1], 0) / 24


def _panel(plot: _Plot, made: LevelFigure, beside: Panel | None, *, named: bool) -> str:
    values = plot.values
    parts = [text(_LEFT, values.top - 10, plot.panel.arm.name, anchor="start", bold=True)] if named else []
    parts += [_bands(plot), _grid(plot, made.who.unit)]
    if beside is not None:
        other = _Plot(panel=beside, values=values, right=plot.right, shown=plot.shown)
        parts.append(line(_path(_line_of(other, beside.levels.levels)), "ink", 0.9, "1.5 3"))
    parts.append(_middle(plot, made))
    parts.append(_typical(plot))
    return "".join((*parts, _doses(plot), _strip(plot), _dates(plot, made.same_days)))


def _grid(plot: _Plot, unit: str) -> str:
    made = [text(_LEFT - 8, plot.values.top - 10, unit, anchor="end", ink="soft")]
    for value in (0.0, plot.values.high / 2, plot.values.high):
        y = plot.values.y(value)
        made.append(line(f"M{_LEFT:g} {y:.1f}H{plot.right:g}", "line" if value else "soft", 0.8))
        made.append(text(_LEFT - 8, y + 4, level(value), anchor="end", ink="soft"))
    return "".join(made)


def _bands(plot: _Plot) -> str:
    """From the lowest share to the highest, and pairs between them over it; not where a dose that matters is not known."""
    spreads = plot.panel.levels.spreads
    made: list[str] = []
    for low, high in zip(spreads, reversed(spreads), strict=True):
        if low.percent >= high.percent:
            break
        fill = f'{paint("step") if made else paint("step-on")} fill-opacity="{_INNER if made else 0.9}" stroke="none"'
        inner = bool(made)
        if plot.by_day:
            made.append(f'<path d="{_columns(plot, low.lowest, high.highest)}" {fill}/>')
            continue
        under, over = plot.points(low.levels), plot.points(high.levels)
        for begin, end in _runs(plot.sure):
            made.append(f'<path d="{_between(under[begin:end], over[begin:end])}" {fill}/>')
            made += [line(_path(edge[begin:end]), "step", 0.5) for edge in (under, over) if not inner]
    return "".join(made)


def _runs(sure: list[bool], wanted: bool = True, further: int = 1) -> Iterator[tuple[int, int]]:
    """Where stretches of ``wanted`` begin and end, each drawn on to the place after it."""
    begin = None
    for place, one in enumerate([*sure, not wanted]):
        if one is wanted and begin is None:
            begin = place
        elif one is not wanted and begin is not None:
            yield begin, min(place + further, len(sure))
            begin = None


def _columns(plot: _Plot, low: Sequence[float], high: Sequence[float]) -> str:
    """An outline round each stretch of days that are known, each day from low to high."""
    edges = plot.panel.arm.dosing.edges
    made = []
    for begin, end in _runs(plot.sure_days, further=0):
        over, under = (
            [(plot.x(edge), plot.values.y(side[k])) for k in range(begin, end) for edge in edges[k : k + 2]]
            for side in (high, low)
        )
        made.append(_between(under, over))
    return "".join(made)


def _between(under: Points, over: Points) -> str:
    return _path([*over, *reversed(under)]) + "Z"


def _middle(plot: _Plot, made: LevelFigure) -> str:
    """The share in the middle, where it is told."""
    spreads = plot.panel.levels.spreads
    if not _middle_told(made):
        return ""
    return line(_path(plot.points(spreads[len(spreads) // 2].levels)), "soft", 1.0, "5 2.5")


def _middle_told(made: LevelFigure) -> bool:
    """Whether an odd number of shares was asked for, and the one in the middle lies apart from the typical person."""
    if len(made.percents) % 2 == 0 or not made.people or any(panel.arm.days > _BY_DAY for panel in made.panels):
        return False
    place = len(made.percents) // 2
    return any(
        abs(a - b) > 0.05 * panel.highest
        for panel in made.panels
        for a, b in zip(panel.levels.levels, panel.levels.spreads[place].levels, strict=True)
    )


def _typical(plot: _Plot) -> str:
    panel = plot.panel
    if not plot.by_day:
        return _known(plot)
    days = panel.levels.days
    outline = _columns(plot, tuple(day.lowest for day in days), tuple(day.highest for day in days))
    made = f'<path d="{outline}" {paint("step")} fill-opacity=".35" stroke="none"/>' + line(outline, "step", 0.7)
    if panel.at_most is not None:
        made += line(_path(_averages(plot, panel.at_most.days)), "rest", 1.4, _AT_MOST)
    return made + line(_path(_averages(plot, days)), "step", 1.8)


def _known(plot: _Plot) -> str:
    """Solid while every dose that matters is known; where not, thin, with a line of dashes above it for the doses that are not recorded."""
    low = plot.points(plot.panel.levels.levels)
    made = [line(_path(low[begin:end]), "step", 1.8) for begin, end in _runs(plot.sure)]
    if plot.panel.at_most is not None:
        high = plot.points(plot.panel.at_most.levels)
        for begin, end in _runs(plot.sure, wanted=False):
            made += [line(_path(low[begin:end]), "step", 0.9), line(_path(high[begin:end]), "rest", 1.5, _AT_MOST)]
    return "".join(made)


def _line_of(plot: _Plot, levels: tuple[float, ...]) -> Points:
    return _averages(plot, plot.panel.levels.days) if plot.by_day else plot.points(levels)


def _averages(plot: _Plot, days: Sequence[DayOf]) -> Points:
    edges = plot.panel.arm.dosing.edges
    return [
        (plot.x(edge), plot.values.y(day.average))
        for (a, b), day in zip(pairwise(edges), days, strict=True)
        for edge in (a, b)
    ]


def _doses(plot: _Plot) -> str:
    """A tick at each dose, where the days have room for them; a ring where a dose is not recorded."""
    arm, made = plot.panel.arm, []
    if plot.wide >= 24:
        inside = [hour for hour, _ in arm.dosing.doses if 0 <= hour <= arm.dosing.last]
        made += [line(f"M{plot.x(hour):.1f} {plot.values.bottom:.1f}v5", "ink", 1.4) for hour in inside]
    size = min(max(plot.wide * 0.25, 1.8), 3.0)
    made += [ring(plot.x(hour), plot.values.bottom + 2, size) for hour, _ in arm.unknown if hour >= 0]
    return "".join(made)


def _strip(plot: _Plot) -> str:
    """The steps of the plan as a small staircase, with the total of a day where it has room."""
    arm, base = plot.panel.arm, plot.values.bottom + _STRIP
    most = max((tread.total.micrograms for tread in arm.treads), default=0)
    room, made = (
        Room(_LEFT - 2, plot.right + 2),
        [text(_LEFT - 8, base, say(message("levels.doses")), anchor="end", ink="soft")],
    )
    for tread in arm.treads:
        left = _LEFT + (tread.first - arm.first).days * plot.wide
        right = min(_LEFT + ((tread.last - arm.first).days + 1) * plot.wide, plot.right)
        tall = 12 * tread.total.micrograms / most if most else 0
        made.append(
            f'<rect x="{left:.1f}" y="{base - tall:.1f}" width="{right - left:.1f}" height="{tall:.1f}" {paint("step-on")} stroke="none"/>'
        )
        made.append(line(f"M{left:.1f} {base:.1f}v{-tall:.1f}H{right:.1f}", "step", 1.2))
        said = str(tread.total).removesuffix(" mg")
        half = width_of(said, SIZE) / 2
        x = min(max((left + right) / 2, left + half), plot.right - half)
        if half * 2 <= right - left + 4 and room.take(Box(x - half, base - 24, x + half, base), 1):
            made.append(text(x, base - tall - 3, said))
    return "".join(made) + line(f"M{_LEFT:g} {base:.1f}H{plot.right:g}", "soft", 0.8)


def _dates(plot: _Plot, dated: bool) -> str:
    arm, y = plot.panel.arm, plot.values.bottom + _STRIP + 15
    room, made = Room(_LEFT - 30, plot.right + 8), []
    places = list(range(arm.days))
    if arm.days > 14:
        places = [k for k in places if k % 7 == 0]
    if arm.days > 100:
        places = [k for k in places if k % 28 == 0]
    for place in places:
        day = arm.first + timedelta(days=place)
        said = (short_date(day) + (f" {day.year}" if place == 0 else "")) if dated else f"day {place + 1}"
        x = _LEFT + place * plot.wide
        made.append(line(f"M{x:.1f} {plot.values.bottom + _STRIP:.1f}v4", "soft", 0.8))
        if room.take(Box(x - 2, y - 9, x - 2 + width_of(said, SIZE), y), 6):
            made.append(text(x - 2, y, said, anchor="start", ink="soft"))
    return "".join(made)


def _key(made: LevelFigure, width: float, y: float) -> tuple[str, float]:
    """What the lines mean that are there, and where it ends."""
    by_day = any(panel.arm.days > _BY_DAY for panel in made.panels)
    block = f'<rect x="0" y="-9" width="16" height="10" {paint("step-on")} stroke="none"/>'
    solid = f'<rect x="0" y="-9" width="16" height="10" {paint("step")} fill-opacity=".35"/>' if by_day else ""
    bands = bool(made.people) and len(made.percents) > 1
    shown = made.percents[-1] - made.percents[0] if bands else 0
    typical = say(message("levels.typical")) + (f", {say(message('levels.by-day'))}" if by_day else "")
    unknown = [panel for panel in made.panels if panel.at_most is not None]
    signs = [
        (True, solid + line("M0 -4H16", "step", 1.8), typical),
        (bands, block, say(message("levels.band", percent=f"{shown:g}"))),
        (bands and len(made.percents) > 3, block + f'<rect x="0" y="-9" width="16" height="10" {paint("step")} fill-opacity="{_INNER}"/>',
         say(message("levels.band-inner", percent=f"{made.percents[-2] - made.percents[1]:g}")) if len(made.percents) > 3 else ""),
        (_middle_told(made), line("M0 -4H16", "soft", 1.0, "5 2.5"),
         say(message("levels.middle", percent=f"{made.percents[len(made.percents) // 2]:g}")) if made.percents else ""),
        (len(made.panels) > 1, line("M0 -4H16", "ink", 0.9, "1.5 3"), say(message("levels.reference", name=made.panels[0].arm.name))),
        (bool(unknown), line("M0 -4H16", "rest", 1.5, _AT_MOST), say(message("levels.at-most"))),
        (bool(unknown), ring(8, -4, 2.8), say(message("levels.unknown-sign"))),
    ]  # fmt: skip
    drawn, x = [], 4.0
    for there, sign, said in signs:
        if not there:
            continue
        wide = 22 + width_of(said, SIZE) + 12
        if x > 4 and x + wide > width:
            x, y = 4.0, y + _ROW
        drawn.append(
            f'<g transform="translate({x:.1f} {y:g})">{sign}{text(22, 0, said, anchor="start", ink="soft")}</g>'
        )
        x += wide
    return "".join(drawn), y + _ROW


def _caption(made: LevelFigure, width: float, y: float) -> tuple[str, float]:
    """The model with its sources, and what a level does not say: a figure that goes about alone must carry it."""
    said = (
        f"{say(message('levels.not-measured' if made.people else 'levels.not-measured-alone'))} "
        f"{say(message('levels.no-effect'))} {sources_text(NO_EFFECT)}. {model_text(made.who)}"
    )
    lines, row = [], ""
    for word in said.split():
        if row and width_of(f"{row} {word}", SIZE) * 0.9 > width - 8:
            lines.append(row)
            row = word
        else:
            row = f"{row} {word}".strip()
    lines.append(row)
    drawn = "".join(text(4, y + place * _CAPTION, one, anchor="start", ink="soft") for place, one in enumerate(lines))
    return drawn, y + len(lines) * _CAPTION
