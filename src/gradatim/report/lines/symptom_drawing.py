"""A symptom line as SVG: dots for days with data, joined where no day is missing, over the marks of the steps."""

from __future__ import annotations

from hashlib import sha256
from typing import Literal
from xml.sax.saxutils import escape

from gradatim.report.lines.axes import LEFT, SIZE, DayAxis, ValueAxis, ceiling, number
from gradatim.report.lines.marks import frame, not_recorded
from gradatim.report.lines.symptom import StepMark, SymptomLine, described
from gradatim.report.staircase.ink import line, paint, text
from gradatim.report.staircase.scale import Box, Room, width_of
from gradatim.words import phrase
from gradatim.words.phrases import dose_text

_HEAD = 26.0  # the title, and the day totals under it
_FOOT = 26.0  # the days not recorded, and the dates


def to_svg(
    made: SymptomLine, width: float, height: float, *, headed: bool = True, medium: Literal["web", "paper"] = "web"
) -> str:
    """The figure, so many points wide and high. ``headed``: with its title drawn in it."""
    days = DayAxis(first=made.first, last=made.last, left=LEFT, right=width - 4)
    low, high = made.ends
    top = high if not made.scale.unit and made.scale.high <= 10 else ceiling(high)
    values = ValueAxis(low=low, high=top, top=_HEAD + 4, bottom=height - _FOOT)
    prefix = f"gl{sha256(repr((made, width, height)).encode()).hexdigest()[:8]}"
    inside = "".join((
        text(0, 9, made.title, anchor="start", bold=True) if headed else "",
        _grid(days, values), _steps(made, days, values), _line(made, days, values),
        not_recorded(made.not_recorded, days, values.bottom + 8), days.drawn(height - 4),
    ))  # fmt: skip
    return frame(prefix, width, height, escape(made.title), escape(described(made)), inside, medium)


def _grid(days: DayAxis, values: ValueAxis) -> str:
    made = []
    for value in (values.low, (values.low + values.high) / 2, values.high):
        if values.low < value < values.high and values.bottom - values.top < 20:
            continue
        y = values.y(value)
        made.append(line(f"M{days.left:g} {y:.1f}H{days.right:g}", "soft" if value == values.low else "line", 0.8))
        made.append(text(days.left - 5, y + 3, number(value), anchor="end", ink="soft"))
    return "".join(made)


def _steps(made: SymptomLine, days: DayAxis, values: ValueAxis) -> str:
    """A dashed line where the dose changed, with the new day total over it where there is room."""
    drawn = [text(days.left - 5, _HEAD - 5, "mg", anchor="end", ink="soft")]
    inside = [mark for mark in made.steps if made.first <= mark.day <= made.last]
    for mark in inside:
        x = days.edge(mark.day)
        drawn.append(line(f"M{x:.1f} {_HEAD - 2:.1f}V{values.bottom:.1f}", "soft", 0.9, "2 2.5"))
    room = Room(days.left - 4, days.right + 6)
    for mark in _first_and_last_before(inside):
        said = dose_text(mark.total).removesuffix(" mg")
        half = width_of(said, SIZE) / 2
        x = min(max(days.edge(mark.day), room.left + half), days.right + 4 - half)
        if room.take(Box(x - half, _HEAD - 13, x + half, _HEAD - 4), 2):
            drawn.append(text(x, _HEAD - 5, said, bold=True))
    return "".join(drawn)


def _first_and_last_before(marks: list[StepMark]) -> list[StepMark]:
    return marks[-1:] + marks[:-1]


def _line(made: SymptomLine, days: DayAxis, values: ValueAxis) -> str:
    drawn = []
    for piece in made.pieces:
        corners = [(days.middle(day), values.y(value)) for day, value in piece]
        if len(corners) > 1:
            drawn.append(line("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners), "step", 1.3))
        size = min(max(days.wide * 0.45, 1.1), 2.6)
        drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" {paint("step")}/>' for x, y in corners]
    if not made.points:
        drawn.append(
            text((days.left + days.right) / 2, (values.top + values.bottom) / 2, phrase("figure.no-data"), ink="soft")
        )
    return "".join(drawn)
