"""Under the panels: what the lines mean that are there, and what a level does not say."""

from __future__ import annotations

from gradatim.domain.finding import message
from gradatim.report.levels.figure import LevelFigure, model_text, no_effect, not_measured
from gradatim.report.lines.marks import ring
from gradatim.report.staircase.ink import line, paint, text
from gradatim.report.staircase.scale import width_of
from gradatim.words import say

SIZE = 11.0
INNER = 0.2
AT_MOST = "6 2 1.5 2"
_ROW = 17.0
_CAPTION = 15.0


def middle_told(made: LevelFigure) -> bool:
    """Whether an odd number of shares was asked for, and the one in the middle lies apart from the typical person."""
    if len(made.percents) % 2 == 0 or not made.people or any(panel.by_day for panel in made.panels):
        return False
    place = len(made.percents) // 2
    return any(
        abs(a - b) > 0.05 * panel.highest
        for panel in made.panels
        for a, b in zip(panel.levels.levels, panel.levels.spreads[place].levels, strict=True)
    )


def key(made: LevelFigure, width: float, y: float) -> tuple[str, float]:
    """What the lines mean that are there, and where it ends."""
    by_day = any(panel.by_day for panel in made.panels)
    block = f'<rect x="0" y="-9" width="16" height="10" {paint("step-on")} stroke="none"/>'
    solid = f'<rect x="0" y="-9" width="16" height="10" {paint("step")} fill-opacity=".35"/>' if by_day else ""
    bands = bool(made.people) and len(made.percents) > 1
    shown = made.percents[-1] - made.percents[0] if bands else 0
    typical = say(message("levels.typical")) + (f", {say(message('levels.by-day'))}" if by_day else "")
    unknown = [panel for panel in made.panels if panel.at_most is not None]
    signs = [
        (True, solid + line("M0 -4H16", "step", 1.8), typical),
        (bands, block, say(message("levels.band", percent=f"{shown:g}"))),
        (bands and len(made.percents) > 3, block + f'<rect x="0" y="-9" width="16" height="10" {paint("step")} fill-opacity="{INNER}"/>',
         say(message("levels.band-inner", percent=f"{made.percents[-2] - made.percents[1]:g}")) if len(made.percents) > 3 else ""),
        (middle_told(made), line("M0 -4H16", "soft", 1.0, "5 2.5"),
         say(message("levels.middle", percent=f"{made.percents[len(made.percents) // 2]:g}")) if made.percents else ""),
        (len(made.panels) > 1, line("M0 -4H16", "ink", 0.9, "1.5 3"), say(message("levels.reference", name=made.panels[0].arm.name))),
        (bool(unknown), line("M0 -4H16", "rest", 1.5, AT_MOST), say(message("levels.at-most"))),
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


def caption(made: LevelFigure, width: float, y: float) -> tuple[str, float]:
    """The model with its sources, and what a level does not say: a figure that goes about alone must carry it."""
    return wrapped(f"{not_measured(made)} {no_effect()} {model_text(made.who)}", width, y)


def wrapped(said: str, width: float, y: float) -> tuple[str, float]:
    """Words in lines that fit, and where they end. A no-break space breaks no line."""
    lines, row = [], ""
    for word in said.split(" "):
        if row and width_of(f"{row} {word}", SIZE) * 0.9 > width - 8:
            lines.append(row)
            row = word
        else:
            row = f"{row} {word}".strip()
    lines.append(row)
    drawn = "".join(text(4, y + place * _CAPTION, one, anchor="start", ink="soft") for place, one in enumerate(lines))
    return drawn, y + len(lines) * _CAPTION
