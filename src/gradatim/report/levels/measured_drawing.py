"""Measured levels as SVG: the curve that they make most likely with its band, the typical person beside it, a mark for each measurement."""

from __future__ import annotations

from hashlib import sha256
from xml.sax.saxutils import escape

from gradatim.domain.finding import message
from gradatim.kinetics.expected import Expected
from gradatim.report.levels.drawing import dates_of, doses_of_panel, grid_of, outline, path_of, strip_of
from gradatim.report.levels.figure import NO_EFFECT, Panel, level, model_text
from gradatim.report.levels.legend import SIZE, wrapped
from gradatim.report.levels.measured import MeasuredFigure, telling, when
from gradatim.report.levels.plot import Plot
from gradatim.report.lines.axes import ValueAxis, ceiling
from gradatim.report.staircase.ink import FONTS, line, paint, style, text
from gradatim.report.staircase.scale import width_of
from gradatim.words import say, sources_text

_RIGHT, _HIGH = 12.0, 170.0


def to_svg(made: MeasuredFigure, width: int = 720) -> str:
    """The figure, ``width`` pixels wide. What a level does not say stands in it: a figure goes about alone."""
    found, head = made.found, say(message("fit.title"))
    prefix = f"gm{sha256(repr((found.hours, found.person, made.samples, width)).encode()).hexdigest()[:8]}"
    most = max(
        [*found.typical, *found.high, *(one.level for one in made.samples), 1.0],
        key=lambda one: one if one > 0 else 0.0,
    )
    levels = Expected(hours=found.hours, levels=found.person, days=())
    panel = Panel(arm=made.arm, levels=levels)
    values = ValueAxis(low=0, high=ceiling(most), top=50.0, bottom=50.0 + _HIGH)
    plot = Plot(panel=panel, values=values, right=width - _RIGHT, shown=panel.shown_days)
    parts = [text(4, 14, head, anchor="start", bold=True)]
    if found.seen:
        band = f'{paint("step-on")} fill-opacity="0.9" stroke="none"'
        parts.append(f'<path d="{outline(plot.points(found.low), plot.points(found.high))}" {band}/>')
    parts += [grid_of(plot, made.who.unit), line(path_of(plot.points(found.typical)), "soft", 1.0, "5 2.5")]
    if found.seen:
        parts.append(line(path_of(plot.points(found.person)), "step", 1.8))
    for one in made.samples:
        hour = (one.at.seconds - made.arm.start.seconds) / 3600
        parts.append(_mark(plot.x(hour), values.y(one.level), below=one.below))
    parts += [doses_of_panel(plot), strip_of(plot), dates_of(plot, dated=True)]
    signs, y = _key(made, width, values.bottom + 74)
    said = f"{say(message('fit.no-effect'))} {sources_text(NO_EFFECT)}. {model_text(made.who)}"
    words, height = wrapped(said, width, y + 4)
    told = " ".join(
        (
            f"{head}.",
            *(f"{when(made, one)}: {level(one.level)} {made.who.unit}." for one in made.samples),
            *telling(made),
        )
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{prefix}" role="img" aria-labelledby="{prefix}-t {prefix}-d" '
        f'width="{width}" height="{height:g}" viewBox="0 0 {width} {height:g}" font-family="{FONTS}" font-size="{SIZE:g}">'
        f'<title id="{prefix}-t">{escape(head)}</title><desc id="{prefix}-d">{escape(told)}</desc>'
        f"{style(prefix)}{''.join((*parts, signs, words))}</svg>\n"
    )


def _mark(x: float, y: float, *, below: bool) -> str:
    """A dot where a level was measured; an arrow down from the limit where it lay below one."""
    if below:
        return line(f"M{x - 4:.1f} {y:.1f}h8M{x:.1f} {y:.1f}v10m-3 -4l3 4l3 -4", "ink", 1.6)
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.4" {paint("ink")} stroke="none"/>'


def _key(made: MeasuredFigure, width: float, y: float) -> tuple[str, float]:
    band = f'<rect x="0" y="-9" width="16" height="10" {paint("step-on")} stroke="none"/>'
    signs = [
        (bool(made.found.seen), line("M0 -4H16", "step", 1.8), say(message("fit.person"))),
        (bool(made.found.seen), band, say(message("fit.band", percent=f"{made.found.percent:g}"))),
        (True, line("M0 -4H16", "soft", 1.0, "5 2.5"), say(message("fit.typical"))),
        (any(not one.below for one in made.samples), _mark(8, -4, below=False), say(message("fit.measured"))),
        (any(one.below for one in made.samples), _mark(8, -8, below=True), say(message("fit.below"))),
    ]
    drawn, x = [], 4.0
    for there, sign, said in signs:
        wide = 22 + width_of(said, SIZE) + 12
        if not there:
            continue
        if x > 4 and x + wide > width:
            x, y = 4.0, y + 17
        drawn.append(
            f'<g transform="translate({x:.1f} {y:g})">{sign}{text(22, 0, said, anchor="start", ink="soft")}</g>'
        )
        x += wide
    return "".join(drawn), y + 17
