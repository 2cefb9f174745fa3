"""A virtual trial as SVG: for each arm how its people lie, as a line, a box and a dot on one axis."""

from __future__ import annotations

import math
from hashlib import sha256
from typing import Literal
from xml.sax.saxutils import escape

from gradatim.domain.fault import one_fault
from gradatim.kinetics.trial import Trial
from gradatim.kinetics.units import Units
from gradatim.report.levels.figure import level
from gradatim.report.levels.legend import SIZE, wrapped
from gradatim.report.lines.axes import ceiling
from gradatim.report.staircase.ink import FONTS, line, paint, style, text
from gradatim.words import phrase
from gradatim.words.sentence import grouped

Measure = Literal["highest", "lowest", "area"]

_SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
_LEFT, _RIGHT, _ROW, _BOX = 4.0, 60.0, 46.0, 14.0


def trial_svg(found: Trial, units: Units, measure: Measure = "area", *, interval: int = -1, width: int = 720) -> str:
    """Each arm of a trial in one of its intervals, the last unless said otherwise: a line for 90 of 100 people, a box for the half in the
    middle, a dot for the middle one, whose number stands beside. The axis begins at 0.

    ``units``: those of the model. Raises `BadInput` for an interval or a measure that is not there.
    """
    count = len(found.edges) - 1
    if not -count <= interval < count:
        raise one_fault("interval", f"{interval} of {count}", f"Give 0 to {count - 1}, or -1 for the last")
    if measure not in ("highest", "lowest", "area"):
        raise one_fault("measure", f"{measure!r} is not known", "Use highest, lowest or area")
    rows = [(arm.name, arm.quantile(measure, _SHARES)[:, interval].tolist()) for arm in found.arms]
    place = interval % count
    unit = units.level if measure != "area" else f"{units.level}·{units.time}"
    span = {"first": f"{found.edges[place]:g}", "last": f"{found.edges[place + 1]:g}", "unit": units.time}
    head = phrase("trial.title", measure=phrase(f"trial.{measure}"), unit=unit)
    said = " ".join(_said(name, numbers, unit) for name, numbers in rows)
    prefix = f"gt{sha256(repr((rows, head, width)).encode()).hexdigest()[:8]}"
    top, right, bottom = _top(max(numbers[-1] for _, numbers in rows)), width - _RIGHT, 34.0 + _ROW * len(rows)
    drawn = [text(_LEFT, 14, head, anchor="start", bold=True)]
    for value in (0.0, top / 2, top):
        x = _x(value, top, right)
        drawn.append(line(f"M{x:.1f} 28V{bottom:.1f}", "line" if value else "soft", 0.8))
        drawn.append(text(x, bottom + 16, level(value), anchor="middle" if value else "start", ink="soft"))
    drawn += [_row(place, name, numbers, top, right) for place, (name, numbers) in enumerate(rows)]
    key = phrase("trial.key", people=grouped(str(found.people)), **span)
    words, height = wrapped(key, width, bottom + 40)
    inside = "".join((*drawn, words))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{prefix}" role="img" aria-labelledby="{prefix}-t {prefix}-d" '
        f'width="{width}" height="{height:g}" viewBox="0 0 {width} {height:g}" font-family="{FONTS}" font-size="{SIZE:g}">'
        f'<title id="{prefix}-t">{escape(head)}</title><desc id="{prefix}-d">{escape(f"{said} {key}")}</desc>'
        f"{style(prefix)}{inside}</svg>\n"
    )


def _top(value: float) -> float:
    """The end of the axis: a round number, also where levels are small in their unit; 1 where nothing is in the blood."""
    if value <= 0:
        return 1.0
    power: float = 10.0 ** math.floor(math.log10(value))
    return ceiling(value / power) * power


def _said(name: str, numbers: list[float], unit: str) -> str:
    low, _, middle, _, high = map(level, numbers)
    return phrase("trial.arm", name=name, middle=middle, low=low, high=high, unit=unit)


def _x(value: float, top: float, right: float) -> float:
    return _LEFT + (right - _LEFT) * value / top


def _row(place: int, name: str, numbers: list[float], top: float, right: float) -> str:
    y = 34.0 + _ROW * place
    low, under, middle, over, high = (_x(one, top, right) for one in numbers)
    axis = y + 28
    box = f'<rect x="{under:.1f}" y="{axis - _BOX / 2:.1f}" width="{max(over - under, 1):.1f}" height="{_BOX:g}" rx="3"'
    return "".join((
        text(_LEFT, y + 12, name, anchor="start"),
        line(f"M{low:.1f} {axis:.1f}H{high:.1f}", "step", 1.6),
        f'{box} {paint("step-on")} stroke="none"/>',
        line(f"M{under:.1f} {axis - _BOX / 2:.1f}H{over:.1f}V{axis + _BOX / 2:.1f}H{under:.1f}Z", "step", 0.8),
        f'<circle cx="{middle:.1f}" cy="{axis:.1f}" r="3.6" {paint("ink")}/>',
        text(high + 8, axis + 4, level(numbers[2]), anchor="start", bold=True),
    ))  # fmt: skip
