"""The figure of levels as a PNG, set with the typeface of all our paper."""

from __future__ import annotations

from gradatim.report.levels.drawing import to_svg
from gradatim.report.levels.figure import LevelFigure, described
from gradatim.report.typesetting import picture

_PIXELS = 144  # an inch


def to_png(made: LevelFigure, made_at: int, width: int = 720, *, title: str | None = None) -> bytes:
    """Twice as many pixels wide as ``width``, and a margin. ``made_at``: seconds since 1970, the only date in it."""
    svg = to_svg(made, width, title=title, medium="paper")
    return picture(
        "levels.typ",
        {"title": title or "Levels", "svg": svg, "alt": described(made), "width": width + 24},
        made_at,
        _PIXELS,
    )
