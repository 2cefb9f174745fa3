"""The staircase as SVG: for the web it follows light, dark and print; for paper it is plain."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from typing import Literal
from xml.sax.saxutils import escape

from gradatim.report.staircase.figure import Kind, Staircase, Tread, described
from gradatim.report.staircase.ink import DASH, FONTS, paint, pattern_of, patterns, style
from gradatim.report.staircase.ink import line as _line
from gradatim.report.staircase.ink import text as _text
from gradatim.report.staircase.scale import Box, Room, Scale, width_of
from gradatim.words import day_time, phrase
from gradatim.words.phrases import day_of_month, dose_text
from gradatim.words.sentence import grouped

_SIZE = 11.0
_NARROW = 7.0  # below this a gate is a bar


def to_svg(figure: Staircase, width: int = 640, *, title: str, medium: Literal["web", "paper"] = "web") -> str:
    """The figure, ``width`` pixels wide. Labels that have no room are left out, never laid over one another."""
    prefix = f"gs{sha256(repr((figure, title, width)).encode()).hexdigest()[:8]}"
    floor = 40 + min(max(width * 0.2, 84), 200)
    scale = Scale(figure=figure, left=46, right=width - 10, top=40, bottom=floor)
    key, height = _key(figure, prefix, width, floor + 40)
    inside = "".join((
        _behind(scale), *(_block(scale, tread, prefix) for tread in figure.treads), _break(scale), _marks(scale), _dates(scale), key,
    ))  # fmt: skip
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{prefix}" role="img" aria-labelledby="{prefix}-t {prefix}-d" '
        f'width="{width}" height="{height:g}" viewBox="0 0 {width} {height:g}" font-family="{FONTS}" font-size="{_SIZE:g}">'
        f'<title id="{prefix}-t">{escape(title)}</title><desc id="{prefix}-d">{escape(described(figure))}</desc>'
        f"{style(prefix) if medium == 'web' else ''}"
        f"<defs>{patterns(prefix, max(len(t.amounts) for t in figure.treads))}</defs>{inside}</svg>\n"
    )


def _behind(scale: Scale) -> str:
    made = [_text(4, 14, phrase("figure.mg-a-day"), anchor="start", ink="soft")]
    for mg in scale.grid:
        y = scale.y(mg * 1000)
        made.append(_line(f"M{scale.left:g} {y:.1f}H{scale.right:g}", "line", 0.8))
        made.append(_text(scale.left - 6, y + 4, grouped(f"{mg} mg"), anchor="end", ink="soft"))
    return "".join(made) + _line(f"M{scale.left:g} {scale.bottom:g}H{scale.right:g}", "soft", 1)


def _tint(kind: Kind) -> tuple[str, str]:
    return ("rest", "rest-on") if kind is Kind.HOLD else ("step", "step-on")


def _block(scale: Scale, tread: Tread, prefix: str) -> str:
    """One tread: a block of the tint, the times of the day stacked as patterns, and the tread itself as a thick line."""
    left, right = scale.ends(tread)
    edge, fill = _tint(tread.kind)
    made, below = [], 0
    for place, (_, dose) in enumerate(tread.amounts):
        if not dose:
            continue
        top, bottom = scale.y(below + dose.micrograms), scale.y(below)
        shape = f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}"'
        made.append(f"{shape} {paint(fill)}/>")
        if pattern := pattern_of(prefix, place):
            made.append(f'{shape} fill="{pattern}" opacity=".55"/>')
        if below:
            made.append(_line(f"M{left:.1f} {bottom:.1f}H{right:.1f}", "card", 1.2))
        below += dose.micrograms
    y = scale.y(below)
    made.append(_line(f"M{left:.1f} {scale.bottom:.1f}V{y:.1f}", edge, 0.8) if below else "")
    made.append(_line(f"M{left:.1f} {y:.1f}H{right:.1f}", edge, 3, DASH[tread.kind]))
    return "".join(made)


def _break(scale: Scale) -> str:
    """A zigzag where days are left out of the last step."""
    tread = scale.broken
    if tread is None:
        return ""
    left, right = scale.ends(tread)
    x, top, bottom = left + (right - left) * 0.72, scale.y(tread.height.micrograms) - 5, scale.bottom + 4
    count = max(int((bottom - top) / 8), 3)
    tall = (bottom - top) / count
    zigzag = "".join(f"L{x + (4 if n % 2 else -4):.1f} {top + n * tall:.1f}" for n in range(1, count + 1))
    return _line(f"M{x:.1f} {top:.1f}{zigzag}", "soft", 8) + _line(f"M{x:.1f} {top - 1:.1f}{zigzag}l0 1", "card", 6)


def _marks(scale: Scale) -> str:
    """Gates, versions, today, then the labels of the treads where they find room."""
    figure = scale.figure
    room = Room(scale.left - 4, scale.right + 4)
    room.taken.append(Box(4, 3, 4 + width_of(phrase("figure.mg-a-day"), _SIZE), 17))
    made = []
    for tread in figure.treads:
        left, right = scale.ends(tread)
        room.taken.append(Box(left + 0.5, scale.y(tread.height.micrograms) - 2, right - 0.5, scale.bottom))
    for day, version in figure.versions:
        x = scale.x(day)
        label = phrase("figure.version", version=version)
        made.append(_line(f"M{x:.1f} 30V{scale.bottom:.1f}", "soft", 1, "2 3"))
        if room.take(Box(x - 30, 18, x + 30, 30)):
            made.append(_text(x, 28, label, ink="soft"))
    if figure.today is not None:
        made.append(_today(scale, figure.today, room))
    ending = {tread.last + timedelta(days=1): tread for tread in figure.treads}
    for gate in figure.gates:
        before = ending.get(gate.day)
        if before is not None:
            made.append(_gate(*scale.ends(before), scale.y(before.height.micrograms), room))
    return "".join(made) + _heights(scale, room)


def _today(scale: Scale, today: date, room: Room) -> str:
    """A person on the tread of today."""
    x = (scale.x(today) + scale.x(today + timedelta(days=1))) / 2
    on = next(t for t in scale.figure.treads if t.first <= today <= t.last)
    y = scale.y(on.height.micrograms) - 2
    room.taken.append(Box(x - 5, y - 26, x + 5, y))
    today_said = phrase("figure.today")
    half = max(18.0, width_of(today_said, _SIZE) / 2 + 2)
    body = f"M{x:.1f} {y:.1f}l-3.5 0 1 -8 -1.5 0 0 -6 8 0 0 6 -1.5 0 1 8z"
    head = f'<circle cx="{x:.1f}" cy="{y - 18:.1f}" r="3.4" {paint("ink")}/>'
    label = _text(x, y - 25, today_said, bold=True) if room.take(Box(x - half, y - 38, x + half, y - 26)) else ""
    return f'<path d="{body}" {paint("ink")}/>{head}{label}'


def _gate(left: float, right: float, y: float, room: Room) -> str:
    x = right - 1.5
    if right - left < _NARROW + 3:
        room.taken.append(Box(x - 1, y - 10, x, y))
        return _line(f"M{x:.1f} {y - 1:.1f}v-9", "rest", 1.6)
    room.taken.append(Box(x - _NARROW - 1, y - 12, x, y))
    return _line(_gate_path(x - _NARROW, y - 1), "rest", 1.6)


def _gate_path(x: float, y: float) -> str:
    return f"M{x:.1f} {y:.1f}v-10h{_NARROW:g}v10M{x:.1f} {y - 5:.1f}h{_NARROW:g}"


def _heights(scale: Scale, room: Room) -> str:
    """The daily doses over their treads: all with the unit, or, where that is too tight, all as numbers under "mg a day"."""
    treads = scale.figure.treads
    order = sorted(treads, key=lambda t: (t is not treads[-1], t is not treads[0], -t.height.micrograms))
    for unit in (True, False):
        trial = Room(room.left, room.right, list(room.taken))
        placed = [label for tread in order if (label := _height(scale, tread, trial, unit=unit))]
        if len(placed) == len(treads) or not unit:
            return "".join(placed)
    return ""


def _height(scale: Scale, tread: Tread, room: Room, *, unit: bool) -> str:
    text = (
        phrase("figure.stopped")
        if tread.kind is Kind.STOPPED
        else dose_text(tread.height)
        if unit
        else dose_text(tread.height).removesuffix(" mg")
    )
    left, right = scale.ends(tread)
    half, top = width_of(text, _SIZE) / 2, scale.y(tread.height.micrograms)
    middle = min(max((left + right) / 2, scale.left + half), scale.right - half)
    for lift in (5, 17, 29):
        for x in (middle, left + half, (left + right - _NARROW) / 2):
            if room.take(Box(x - half, top - lift - 10, x + half, top - lift + 1), 2):
                return _text(x, top - lift, text, bold=True)
    return ""


def _dates(scale: Scale) -> str:
    """A mark for each tread and as many dates as fit: the first and the last always, the year with the first and with each new year."""
    figure, y = scale.figure, scale.bottom + 18
    room = Room(0, scale.right + 8)
    end = phrase("figure.valid-until", day=_year(figure.until)) if figure.last == figure.until else _year(figure.last)
    room.take(Box(scale.right - width_of(end, _SIZE), y - 9, scale.right, y + 2))
    made = [_text(scale.right, y, end, anchor="end", bold=True)]
    year = None
    for tread in figure.treads:
        x = scale.x(tread.first)
        made.append(_line(f"M{x:.1f} {scale.bottom:.1f}v5", "soft", 1))
        text = _year(tread.first) if tread.first.year != year else day_of_month(tread.first)
        if room.take(Box(x - 4, y - 9, x - 4 + width_of(text, _SIZE), y + 2), 6):
            made.append(_text(x - 4, y, text, anchor="start"))
            year = tread.first.year
    return "".join(made)


def _year(day: date) -> str:
    return f"{day_of_month(day)} {day.year}"


def _key(figure: Staircase, prefix: str, width: int, top: float) -> tuple[str, float]:
    """What the patterns and signs mean, in as many lines as needed, and the height of the whole drawing."""
    signs: list[tuple[str, str]] = []
    amounts = max((tread.amounts for tread in figure.treads), key=len)
    for place, (at, _) in enumerate(amounts):
        swatch = f'<rect width="16" height="11" y="-10" {paint("step-on")} stroke="#0F6B66" stroke-width=".6"/>'
        if pattern := pattern_of(prefix, place):
            swatch += f'<rect width="16" height="11" y="-10" fill="{pattern}" opacity=".55"/>'
        signs.append((swatch, day_time(at)))
    if any(tread.kind is Kind.HOLD for tread in figure.treads):
        signs.append((_line("M0 -4H16", "rest", 3, "7 3"), phrase("figure.rests")))
    if figure.gates:
        signs.append((_line(_gate_path(5, 0), "rest", 1.6), phrase("figure.review")))
    made, x, y = [], 46.0, top
    for sign, text in signs:
        wide = 22 + width_of(text, _SIZE * 0.94) + 10
        if x > 46 and x + wide > width + 14:
            x, y = 46.0, y + 17
        made.append(
            f'<g transform="translate({x:.1f} {y:g})">{sign}{_text(22, 0, text, anchor="start", ink="soft")}</g>'
        )
        x += wide
    return "".join(made), y + 8
