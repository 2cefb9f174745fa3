"""What the terminal shows of drug levels: a small chart of each arm, a table of steps or days, and what it means."""

from __future__ import annotations

import io
from datetime import timedelta

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gradatim.cli.show import BLOCKS, WIDTH, console
from gradatim.domain.finding import message
from gradatim.report.levels.compared import compared, steps, windows
from gradatim.report.levels.figure import LevelFigure, Panel, level, meaning
from gradatim.report.levels.figure import rows as step_rows
from gradatim.words import day_text, period, say

_HIGH = 4  # lines of a chart
_COLUMNS = 64


def show_levels(made: LevelFigure, *, every_day: bool, to_file: bool) -> str | None:
    """Printed; or as text, where it goes into a file."""
    page = Console(file=io.StringIO(), width=WIDTH, highlight=False, no_color=True) if to_file else console()
    page.print(Text(say(message("levels.title")), style="bold"))
    top = max(max(panel.levels.levels) for panel in made.panels) or 1.0
    for panel in made.panels:
        _chart(page, panel, top, made.who.unit)
    page.print()
    page.print(_days(made) if every_day else _steps(made))
    said = [*compared(made), *(line for line in steps(made.panels[0])), windows(made.panels[0], made.who)]
    for line in said:
        page.print(Text(f"● {line}"))
    for line in meaning(made):
        page.print(Text(line, style="dim"))
    return page.file.getvalue() if isinstance(page.file, io.StringIO) and to_file else None


def _chart(page: Console, panel: Panel, top: float, unit: str) -> None:
    """The typical person: in each column the highest level of its hours."""
    levels, end = panel.levels, panel.arm.dosing.last
    columns = min(_COLUMNS, len(levels.hours))
    heights = [0.0] * columns
    for hour, value in zip(levels.hours, levels.levels, strict=True):
        place = min(int(hour / end * columns), columns - 1)
        heights[place] = max(heights[place], value)
    page.print()
    page.print(Text.assemble((panel.arm.name, "bold"), (f"  {period(panel.arm.first, panel.arm.last)}", "dim")))
    for row in range(_HIGH, 0, -1):
        eighths = [min(max(round((one / top * _HIGH - (row - 1)) * 8), 0), 8) for one in heights]
        label = f" {level(top)} {unit}" if row == _HIGH else " 0" if row == 1 else ""
        page.print(Text.assemble("  ", ("".join(BLOCKS[one] for one in eighths), "cyan"), (label, "dim")))


def _steps(made: LevelFigure) -> Table:
    _, *body = step_rows(made)
    several = len(made.panels) > 1
    unit = made.who.unit
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", no_wrap=True)
    for name in ("mg a day", "highest", "lowest", "average", f"AUC24 {unit}·h", *(["beside"] if several else [])):
        table.add_column(name, justify="right")
    last = None
    for row in body:
        if row[0] != last and several:
            table.add_row(Text(row[0], style="bold"))
        last = row[0]
        cells = [
            row[1].rsplit(" ", 1)[0] if row[1] != "all days" else row[1],
            *row[2:7],
            *([row[7]] if several else []),
        ]
        table.add_row(*(Text(cell) for cell in cells), style="bold" if row[1] == "all days" else "")
    return table


def _days(made: LevelFigure) -> Table:
    spread = made.panels[0].levels.spreads
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    names = ["mg", "highest", "lowest", "average", "AUC24"]
    if len(spread) > 1:
        names += [f"AUC24, {spread[0].percent:g} to {spread[-1].percent:g} %"]
    for name in names:
        table.add_column(name, justify="right")
    for panel in made.panels:
        if len(made.panels) > 1:
            table.add_row(Text(panel.arm.name, style="bold"))
        for k, day in enumerate(panel.levels.days):
            cells = [f"{day.mg:g}", level(day.highest), level(day.lowest), level(day.average), level(day.area)]
            if len(spread) > 1:
                cells.append(f"{level(panel.levels.spreads[0].area[k])} to {level(panel.levels.spreads[-1].area[k])}")
            table.add_row(day_text(panel.arm.first + timedelta(days=k)), *cells)
    return table
