"""Colours and patterns of the staircase. Slots differ by pattern, kinds by the line of the tread; hue only helps."""

from __future__ import annotations

from xml.sax.saxutils import escape

from gradatim.report.staircase.figure import Kind

FONTS = "'Atkinson Hyperlegible Next', 'Atkinson Hyperlegible', system-ui, sans-serif"

# name: light, dark, in print
COLOURS = {
    "ink": ("#1E2A32", "#F1ECE3", "#111111"),
    "soft": ("#55626B", "#B4BDC3", "#444444"),
    "line": ("#D9D2C5", "#38444B", "#BBBBBB"),
    "card": ("#FFFFFF", "#1B2429", "#FFFFFF"),
    "step": ("#0F6B66", "#6FD3C7", "#333333"),
    "step-on": ("#D5EBE6", "#16393A", "#E8E8E8"),
    "rest": ("#5B4B8A", "#BFB0F0", "#333333"),
    "rest-on": ("#E9E4F5", "#2C2547", "#F4F4F4"),
}

DASH = {Kind.RISING: "", Kind.CUT: "", Kind.HOLD: "7 3", Kind.STOPPED: "1 5"}

# One for each time of the day, in order; drawn in lines over the tint, so that they survive any printer.
_LINES = (
    "",
    '<path d="M-1 7 7 -1M-1 1 1 -1M5 7 7 5"/>',
    '<circle cx="2" cy="2" r=".9" class="gs-dot"/><circle cx="5" cy="5" r=".9" class="gs-dot"/>',
    '<path d="M0 3H6"/>',
    '<path d="M-1 -1 7 7M-1 7 7 -1"/>',
    '<path d="M3 0V6"/>',
)


def paint(name: str, attribute: str = "fill") -> str:
    """A class that follows light, dark and print, with the light colour as attribute for programs that read no style."""
    return f'class="gs-{attribute}-{name}" {attribute}="{COLOURS[name][0]}"'


def text(x: float, y: float, said: str, *, anchor: str = "middle", ink: str = "ink", bold: bool = False) -> str:
    """A line of text; ``y`` is its base line."""
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{weight} {paint(ink)}>{escape(said)}</text>'


def line(path: str, ink: str, width: float, dash: str = "") -> str:
    """A stroke along a path."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{path}" fill="none" {paint(ink, "stroke")} stroke-width="{width:g}"{dashes}/>'


def style(scope: str) -> str:
    """The style sheet: the page's own tokens where it has them, else the same colours."""

    def tokens(place: int) -> str:
        own = "--gradatim-{0},".format if place < 2 else None
        return ";".join(
            f"--gs-{name}:var({own(name)}{values[place]})" if own else f"--gs-{name}:{values[place]}"
            for name, values in COLOURS.items()
        )

    used = "".join(f".gs-fill-{n}{{fill:var(--gs-{n})}}.gs-stroke-{n}{{stroke:var(--gs-{n})}}" for n in COLOURS)
    return (
        f"<style>.{scope}{{{tokens(0)}}}@media (prefers-color-scheme:dark){{.{scope}{{{tokens(1)}}}}}"
        f"@media print{{.{scope}{{{tokens(2)}}}}}{used}</style>"
    )


def patterns(prefix: str, count: int) -> str:
    """Definitions for so many times of the day."""
    made = []
    for place in range(1, min(count, len(_LINES))):
        lines = _LINES[place].replace('class="gs-dot"', f'{paint("step")} stroke="none"')
        made.append(
            f'<pattern id="{prefix}-p{place}" width="6" height="6" patternUnits="userSpaceOnUse">'
            f'<g {paint("step", "stroke")} stroke-width=".9" fill="none">{lines}</g></pattern>'
        )
    return "".join(made)


def pattern_of(prefix: str, place: int) -> str | None:
    """The pattern of the place-th time of the day; None is the plain tint."""
    return f"url(#{prefix}-p{place % len(_LINES)})" if place % len(_LINES) else None
