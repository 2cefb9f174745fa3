"""Levels as SVG: a panel for each arm, the steps of its plan below it, the first arm as a thin line in the others, what it means under all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from typing import Literal
from xml.sax.saxutils import escape

from gradatim.domain.finding import message
from gradatim.kinetics.expected import DayOf
from gradatim.report.levels.arm import Of
from gradatim.report.levels.figure import LevelFigure, Panel, described, level, told
from gradatim.report.levels.legend import AT_MOST, INNER, SIZE, caption, key, middle_told
from gradatim.report.levels.plot import LEFT, Plot, Points
from gradatim.report.lines.axes import ValueAxis, ceiling, short_date
from gradatim.report.lines.marks import ring
from gradatim.report.staircase.ink import FONTS, line, paint, style, text
from gradatim.report.staircase.scale import Box, Room, width_of
from gradatim.words import say
from gradatim.words.phrases import dose_text

_RIGHT = 12.0
_PLOT, _STRIP, _HEAD, _DATES = 128.0, 34.0, 24.0, 22.0


def path_of(points: Points) -> str:
    """A stroke through some places."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def to_svg(
    made: LevelFigure, width: int = 720, *, title: str | None = None, medium: Literal["web", "paper"] = "web", bare: bool = False
) -> str:  # fmt: skip
    """The figure, ``width`` pixels wide. Labels that have no room are left out: the table has every number. ``bare``: the last arm only, the first as
    its thin line, without head and caption: for a page that says both."""
    head = title or say(message("levels.title"))
    prefix = f"gk{sha256(repr((made, head, width)).encode()).hexdigest()[:8]}"
    top = ceiling(max(1.0, *(panel.highest for panel in made.panels)))
    drawn, y = ([], 4.0) if bare else ([text(4, 14, head, anchor="start", bold=True)], 26.0)
    first, shown = made.panels[0], max(panel.shown_days for panel in made.panels)
    for panel in made.panels[-1:] if bare else made.panels:
        values = ValueAxis(low=0, high=top, top=y + _HEAD, bottom=y + _HEAD + _PLOT)
        plot = Plot(panel=panel, values=values, right=width - _RIGHT, shown=shown)
        beside = None if panel is first else first
        drawn.append(_panel(plot, made, beside, named=not bare and (len(made.panels) > 1 or panel.arm.of is Of.TAKEN)))
        y = values.bottom + _STRIP + _DATES
    signs, y = key(made, width, y + 12)
    words, height = ("", y) if bare else caption(made, width, y + 4)
    inside = "".join((*drawn, signs, words))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{prefix}" role="img" aria-labelledby="{prefix}-t {prefix}-d" '
        f'width="{width}" height="{height:g}" viewBox="0 0 {width} {height:g}" font-family="{FONTS}" font-size="{SIZE:g}">'
        f'<title id="{prefix}-t">{escape(head)}</title><desc id="{prefix}-d">{escape(told(made) if bare else described(made))}</desc>'
        f"{style(prefix) if medium == 'web' else ''}{inside}</svg>\n"
    )


def _panel(plot: Plot, made: LevelFigure, beside: Panel | None, *, named: bool) -> str:
    values = plot.values
    parts = [text(LEFT, values.top - 10, plot.panel.arm.name, anchor="start", bold=True)] if named else []
    parts += [_bands(plot), grid_of(plot, made.who.unit)]
    if beside is not None:
        other = Plot(panel=beside, values=values, right=plot.right, shown=plot.shown)
        parts.append(line(path_of(_line_of(other, beside.levels.levels)), "ink", 0.9, "1.5 3"))
    parts.append(_middle(plot, made))
    parts.append(_typical(plot))
    return "".join((*parts, doses_of_panel(plot), strip_of(plot), dates_of(plot, made.same_days)))


def grid_of(plot: Plot, unit: str) -> str:
    """Lines at nothing, the middle and the top, with their levels."""
    made = [text(LEFT - 8, plot.values.top - 10, unit, anchor="end", ink="soft")]
    for value in (0.0, plot.values.high / 2, plot.values.high):
        y = plot.values.y(value)
        made.append(line(f"M{LEFT:g} {y:.1f}H{plot.right:g}", "line" if value else "soft", 0.8))
        made.append(text(LEFT - 8, y + 4, level(value), anchor="end", ink="soft"))
    return "".join(made)


def _bands(plot: Plot) -> str:
    """From the lowest share to the highest, and pairs between them over it; not where a dose that matters is not known."""
    spreads = plot.panel.levels.spreads
    made: list[str] = []
    for low, high in zip(spreads, reversed(spreads), strict=True):
        if low.percent >= high.percent:
            break
        fill = f'{paint("step") if made else paint("step-on")} fill-opacity="{INNER if made else 0.9}" stroke="none"'
        inner = bool(made)
        if plot.panel.by_day:
            made.append(f'<path d="{_columns(plot, low.lowest, high.highest)}" {fill}/>')
            continue
        under, over = plot.points(low.levels), plot.points(high.levels)
        for begin, end in _runs(plot.panel.sure):
            made.append(f'<path d="{outline(under[begin:end], over[begin:end])}" {fill}/>')
            made += [line(path_of(edge[begin:end]), "step", 0.5) for edge in (under, over) if not inner]
    return "".join(made)


def _runs(sure: Sequence[bool], wanted: bool = True, further: int = 1) -> Iterator[tuple[int, int]]:
    """Where stretches of ``wanted`` begin and end, each drawn on to the place after it."""
    begin = None
    for place, one in enumerate([*sure, not wanted]):
        if one is wanted and begin is None:
            begin = place
        elif one is not wanted and begin is not None:
            yield begin, min(place + further, len(sure))
            begin = None


def _columns(plot: Plot, low: Sequence[float], high: Sequence[float]) -> str:
    """An outline round each stretch of days that are known, each day from low to high."""
    edges = plot.panel.arm.dosing.edges
    made = []
    for begin, end in _runs(plot.panel.sure_days, further=0):
        over, under = (
            [(plot.x(edge), plot.values.y(side[k])) for k in range(begin, end) for edge in edges[k : k + 2]]
            for side in (high, low)
        )
        made.append(outline(under, over))
    return "".join(made)


def outline(under: Points, over: Points) -> str:
    """Round what lies between two curves."""
    return path_of([*over, *reversed(under)]) + "Z"


def _middle(plot: Plot, made: LevelFigure) -> str:
    """The share in the middle, where it is told."""
    spreads = plot.panel.levels.spreads
    if not middle_told(made):
        return ""
    return line(path_of(plot.points(spreads[len(spreads) // 2].levels)), "soft", 1.0, "5 2.5")


def _typical(plot: Plot) -> str:
    panel = plot.panel
    if not plot.panel.by_day:
        return _known(plot)
    days = panel.levels.days
    reach = _columns(plot, tuple(day.lowest for day in days), tuple(day.highest for day in days))
    made = f'<path d="{reach}" {paint("step")} fill-opacity=".35" stroke="none"/>' + line(reach, "step", 0.7)
    if panel.at_most is not None:
        made += line(path_of(_averages(plot, panel.at_most.days)), "rest", 1.4, AT_MOST)
    return made + line(path_of(_averages(plot, days)), "step", 1.8)


def _known(plot: Plot) -> str:
    """Solid while every dose that matters is known; where not, thin, with a line of dashes above it for the doses that are not recorded."""
    low = plot.points(plot.panel.levels.levels)
    made = [line(path_of(low[begin:end]), "step", 1.8) for begin, end in _runs(plot.panel.sure)]
    if plot.panel.at_most is not None:
        high = plot.points(plot.panel.at_most.levels)
        for begin, end in _runs(plot.panel.sure, wanted=False):
            made += [line(path_of(low[begin:end]), "step", 0.9), line(path_of(high[begin:end]), "rest", 1.5, AT_MOST)]
    return "".join(made)


def _line_of(plot: Plot, levels: tuple[float, ...]) -> Points:
    return _averages(plot, plot.panel.levels.days) if plot.panel.by_day else plot.points(levels)


def _averages(plot: Plot, days: Sequence[DayOf]) -> Points:
    edges = plot.panel.arm.dosing.edges
    return [
        (plot.x(edge), plot.values.y(day.average))
        for (a, b), day in zip(pairwise(edges), days, strict=True)
        for edge in (a, b)
    ]


def doses_of_panel(plot: Plot) -> str:
    """A tick at each dose, where the days have room for them; a ring where a dose is not recorded."""
    arm, made = plot.panel.arm, []
    if plot.wide >= 24:
        inside = [hour for hour, _ in arm.dosing.doses if 0 <= hour <= arm.dosing.last]
        made += [line(f"M{plot.x(hour):.1f} {plot.values.bottom:.1f}v5", "ink", 1.4) for hour in inside]
    size = min(max(plot.wide * 0.25, 1.8), 3.0)
    made += [ring(plot.x(hour), plot.values.bottom + 2, size) for hour, _ in arm.unknown if hour >= 0]
    return "".join(made)


def strip_of(plot: Plot) -> str:
    """The steps of the plan as a small staircase, with the total of a day where it has room."""
    arm, base = plot.panel.arm, plot.values.bottom + _STRIP
    most = max((tread.total.micrograms for tread in arm.treads), default=0)
    room, made = (
        Room(LEFT - 2, plot.right + 2),
        [text(LEFT - 8, base, say(message("levels.doses")), anchor="end", ink="soft")],
    )
    for tread in arm.treads:
        left = LEFT + (tread.first - arm.first).days * plot.wide
        right = min(LEFT + ((tread.last - arm.first).days + 1) * plot.wide, plot.right)
        tall = 12 * tread.total.micrograms / most if most else 0
        made.append(
            f'<rect x="{left:.1f}" y="{base - tall:.1f}" width="{right - left:.1f}" height="{tall:.1f}" {paint("step-on")} stroke="none"/>'
        )
        made.append(line(f"M{left:.1f} {base:.1f}v{-tall:.1f}H{right:.1f}", "step", 1.2))
        said = dose_text(tread.total).removesuffix(" mg")
        half = width_of(said, SIZE) / 2
        x = min(max((left + right) / 2, left + half), plot.right - half)
        if half * 2 <= right - left + 4 and room.take(Box(x - half, base - 24, x + half, base), 1):
            made.append(text(x, base - tall - 3, said))
    return "".join(made) + line(f"M{LEFT:g} {base:.1f}H{plot.right:g}", "soft", 0.8)


def dates_of(plot: Plot, dated: bool) -> str:
    """The days below, by date or by number."""
    arm, y = plot.panel.arm, plot.values.bottom + _STRIP + 15
    room, made = Room(LEFT - 30, plot.right + 8), []
    places = list(range(arm.days))
    if arm.days > 14:
        places = [k for k in places if k % 7 == 0]
    if arm.days > 100:
        places = [k for k in places if k % 28 == 0]
    for place in places:
        day = arm.first + timedelta(days=place)
        said = (short_date(day) + (f" {day.year}" if place == 0 else "")) if dated else f"day {place + 1}"
        x = LEFT + place * plot.wide
        made.append(line(f"M{x:.1f} {plot.values.bottom + _STRIP:.1f}v4", "soft", 0.8))
        if room.take(Box(x - 2, y - 9, x - 2 + width_of(said, SIZE), y), 6):
            made.append(text(x - 2, y, said, anchor="start", ink="soft"))
    return "".join(made)
