"""What was taken over the staircase, as SVG: the plan as steps behind, each day's milligrams as a dot, joined where no day is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Literal
from xml.sax.saxutils import escape

from gradatim.domain.dose import OralDose
from gradatim.report.lines.axes import LEFT, SIZE, DayAxis, ValueAxis, ceiling, short_date
from gradatim.report.lines.marks import dash, frame, not_recorded, plus, ring
from gradatim.report.lines.taken import DayTaken, TakenLine, described
from gradatim.report.staircase.ink import line, paint, text
from gradatim.report.staircase.scale import Box, Room, width_of
from gradatim.words import phrase
from gradatim.words.phrases import dose_text

_APART = 10.0  # between two words of the value axis
_ROW = 15.0  # the height of a line of the key
_ONE_BY_ONE = 13.0  # from this width of a day on each day has its number


def to_svg(
    made: TakenLine,
    width: float,
    height: float,
    *,
    title: str,
    key: bool = True,
    headed: bool = True,
    medium: Literal["web", "paper"] = "web",
) -> str:
    """The figure, so many points wide and high. ``key``: with a line that says what its signs mean; ``headed``: with its title drawn in
    it, where the days have no numbers of their own."""
    days = DayAxis(first=made.first, last=made.last, left=LEFT, right=width - 4)
    each = days.wide >= _ONE_BY_ONE
    top = ceiling(max(made.highest.micrograms, 5000) / 1000)
    foot = (29 if each else 26) + (_ROW * len(_key_rows(made, width, medium)) if key else 0)
    values = ValueAxis(low=0, high=top, top=24.0 if each else 30.0, bottom=height - foot)
    prefix = f"gt{sha256(repr((made, width, height, title)).encode()).hexdigest()[:8]}"
    inside = "".join((
        _key(made, width, height - 4, medium) if key else "", "" if each or not headed else text(0, 9, title, anchor="start", bold=True),
        _grid(days, values), _steps(made, days, values), _line(made, days, values),
        _each_day(made, days, values) if each else
        not_recorded((one.day for one in made.days if one.missed), days, values.bottom + 8)
        + days.drawn(values.bottom + 22),
    ))  # fmt: skip
    return frame(prefix, width, height, escape(title), escape(described(made)), inside, medium)


def _mg(value: OralDose) -> float:
    return value.micrograms / 1000


def _grid(days: DayAxis, values: ValueAxis) -> str:
    made = []
    for value in (0.0, values.high / 2, values.high):
        if value == values.high / 2 and values.bottom - values.top < 2 * _APART:
            continue
        y = values.y(value)
        made.append(line(f"M{days.left:g} {y:.1f}H{days.right:g}", "line" if value else "soft", 0.8))
        made.append(text(days.left - 5, y + 3, f"{value:g} mg", anchor="end", ink="soft"))
    return "".join(made)


def _steps(made: TakenLine, days: DayAxis, values: ValueAxis) -> str:
    """The plan: a tinted block with a line along its top, and the day total where it changes."""
    drawn, labels, before = [], [], None
    for first, last, planned in made.treads:
        left, right = days.edge(first), days.edge(last + timedelta(days=1))
        y = values.y(_mg(planned))
        drawn.append(
            f'<rect x="{left:.1f}" y="{y:.1f}" width="{right - left:.1f}" height="{values.bottom - y:.1f}" {paint("step-on")}/>'
        )
        rise = f"M{left:.1f} {values.y(before):.1f}V{y:.1f}" if before is not None and drawn else f"M{left:.1f} {y:.1f}"
        drawn.append(line(f"{rise}H{right:.1f}", "step", 2.2))
        labels.append((left, right, y, planned))
        before = _mg(planned)
    if days.wide < _ONE_BY_ONE:
        room = Room(days.left, days.right + 4)
        for left, right, y, planned in labels[-1:] + labels[:-1]:
            said = dose_text(planned).removesuffix(" mg")
            half = width_of(said, SIZE) / 2
            x = min(max((left + right) / 2, days.left + half), days.right - half)
            if room.take(Box(x - half, y - 12, x + half, y - 3), 1):
                drawn.append(text(x, y - 4, said, bold=True))
    return "".join(drawn)


def _line(made: TakenLine, days: DayAxis, values: ValueAxis) -> str:
    drawn = []
    for piece in made.pieces:
        corners = " ".join(
            f"{'L' if place else 'M'}{days.middle(one.day):.1f} {values.y(_mg(one.taken or OralDose(0))):.1f}"
            for place, one in enumerate(piece)
        )
        drawn.append(line(corners, "ink", 1.2))
    size = min(max(days.wide * 0.4, 1.2), 3.0)
    drawn += [
        _dot(days.middle(one.day), values.y(_mg(one.taken)), size, full=one.certain)
        for one in made.days
        if one.taken is not None and (one.taken or not one.still_open)
    ]
    return "".join(drawn)


def _dot(x: float, y: float, size: float, *, full: bool) -> str:
    if full:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" {paint("ink")}/>'
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size + 0.4:.1f}" {paint("card")}/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size + 0.4:.1f}" fill="none" {paint("ink", "stroke")} stroke-width="1"/>'
    )


def _each_day(made: TakenLine, days: DayAxis, values: ValueAxis) -> str:
    """Over each day its milligrams, under it what is missing or beside the plan, and its date."""
    heading = phrase("figure.mg-taken")
    drawn = [text(0, 10, heading, anchor="start", ink="soft")]
    room = Room(width_of(heading, SIZE) - 6, days.right + 6)
    known = {one.day: one for one in made.days}
    for day in days.days():
        x, one = days.middle(day), known.get(day)
        dated = short_date(day) if day in (days.first, days.last) and days.wide >= 30 else str(day.day)
        drawn.append(text(x, values.bottom + 24, dated, ink="soft", bold=day == days.last))
        if one is None:
            continue
        said = "?" if one.taken is None else dose_text(one.taken).removesuffix(" mg") + ("+" if one.least else "")
        half = width_of(said, SIZE) / 2
        if room.take(Box(x - half, 0, x + half, 11)):
            drawn.append(text(x, 10, said, bold=True))
        drawn.append(_signs(one, x, values.bottom + 8, days.wide))
    return "".join(drawn)


def _signs(one: DayTaken, x: float, y: float, wide: float) -> str:
    """Each sign as often as it counts, or once with its number where that is too wide."""
    counts = ((ring, one.missed), (_unsure, one.unsure), (dash, one.skipped), (plus, one.extra))
    single = sum(count for _, count in counts) * 9.0 <= wide
    signs: list[tuple[Callable[[float, float], str], str]] = []
    for sign, count in counts:
        signs += [(sign, "")] * count if single else [(sign, str(count) if count > 1 else "")] * bool(count)
    left = x - 4.5 * (len(signs) - 1) - (3 if any(number for _, number in signs) else 0)
    return "".join(
        sign(left + place * 9, y) + (text(left + place * 9 + 7.5, y + 3, number) if number else "")
        for place, (sign, number) in enumerate(signs)
    )


def _unsure(x: float, y: float) -> str:
    return text(x, y + 3, "?", bold=True)


def _key(made: TakenLine, width: float, y: float, medium: str) -> str:
    """What the signs mean that are there, in as many rows as that takes; ``y`` is the base line of the last."""
    drawn, rows = [], _key_rows(made, width, medium)
    for up, row in enumerate(reversed(rows)):
        x = 0.0
        for said, sign, wide in row:
            words = text(18, 0, said, anchor="start", ink="soft")
            drawn.append(f'<g transform="translate({x:.1f} {y - up * _ROW:g})">{sign}{words}</g>')
            x += wide
    return "".join(drawn)


def _key_rows(made: TakenLine, width: float, medium: str) -> list[list[tuple[str, str, float]]]:
    some = made.days
    signs = (
        (phrase("figure.mg-planned"), True, f'<rect x="0" y="-7" width="14" height="8" {paint("step-on")}/>' + line("M0 -7H14", "step", 2.2)),
        (phrase("figure.mg-taken"), True, line("M0 -3H14", "ink", 1.2) + _dot(7, -3, 2.2, full=True)),
        (phrase("figure.at-least-mg"), any(not one.certain and one.taken is not None for one in some),
         line("M0 -3H14", "ink", 1.2) + _dot(7, -3, 2.2, full=False)),
        (phrase("figure.not-recorded-dose"), any(one.missed for one in some), ring(7, -3, 2.8)),
        (phrase("figure.skipped"), any(one.skipped for one in some), dash(7, -3)),
        (phrase("figure.unsure"), any(one.unsure for one in some), text(7, 0, "?", bold=True)),
        (phrase("figure.extra"), any(one.extra for one in some), plus(7, -3)),
    )  # fmt: skip
    rows: list[list[tuple[str, str, float]]] = [[]]
    for said, there, sign in signs:
        wide = (
            18 + width_of(said, SIZE) * (0.86 if medium == "paper" else 1.05) + 10
        )  # on a screen the typeface may be another
        if there:
            if rows[-1] and sum(one[2] for one in rows[-1]) + wide > width:
                rows.append([])
            rows[-1].append((said, sign, wide))
    return rows
