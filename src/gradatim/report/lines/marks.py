"""The signs that several figures share. What became of a dose has a shape of its own, never a colour alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from gradatim.report.lines.axes import SIZE, DayAxis
from gradatim.report.staircase.ink import FONTS, line, paint, style


def frame(
    prefix: str, width: float, height: float, title: str, said: str, inside: str, medium: Literal["web", "paper"]
) -> str:
    """A whole drawing with its title and description; both must be escaped already."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{prefix}" role="img" aria-labelledby="{prefix}-t {prefix}-d" '
        f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}" font-family="{FONTS}" font-size="{SIZE:g}">'
        f'<title id="{prefix}-t">{title}</title><desc id="{prefix}-d">{said}</desc>'
        f"{style(prefix) if medium == 'web' else ''}{inside}</svg>\n"
    )


def not_recorded(on: Iterable[date], days: DayAxis, y: float) -> str:
    """A circle with a bar under each day on which a dose is not recorded."""
    size = min(max(days.wide * 0.5, 2.0), 3.2)
    return "".join(ring(days.middle(day), y, size) for day in on if days.first <= day <= days.last)


def ring(x: float, y: float, size: float = 3.2) -> str:
    """Missed: a circle with a bar."""
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" {paint("card")} stroke="none"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="none" {paint("ink", "stroke")} stroke-width="1"/>'
        + line(f"M{x - size - 1:.1f} {y:.1f}h{2 * size + 2:.1f}", "ink", 1)
    )


def dash(x: float, y: float) -> str:
    """Skipped: a short bar."""
    return line(f"M{x - 3:.1f} {y:.1f}h6", "ink", 1.6)


def plus(x: float, y: float) -> str:
    """Extra: a plus."""
    return line(f"M{x - 3:.1f} {y:.1f}h6M{x:.1f} {y - 3:.1f}v6", "ink", 1.4)
