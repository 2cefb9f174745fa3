"""What the terminal shows of drug levels: a small chart of each arm, a table of steps or days, and what it means."""

from __future__ import annotations

import io
from collections.abc import Sequence
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
    top = max(day.highest for panel in made.panels for day in panel.levels.days) or 1.0
    for panel in made.panels:
        _chart(page, panel, top, made.who.unit)
    page.print()
    (_days if every_day else _steps)(page, made)
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
    days = f"  {period(panel.arm.first, panel.arm.last)}"
    page.print(
        Text.assemble((panel.arm.name, "bold"), (days if len(panel.arm.name) + len(days) < page.width else "", "dim"))
    )
    for row in range(_HIGH, 0, -1):
        eighths = [min(max(round((one / top * _HIGH - (row - 1)) * 8), 0), 8) for one in heights]
        label = f" {level(top)} {unit}" if row == _HIGH else " 0" if row == 1 else ""
        page.print(Text.assemble("  ", ("".join(BLOCKS[one] for one in eighths), "cyan"), (label, "dim")))


def _steps(page: Console, made: LevelFigure) -> None:
    """A row for each step by its last whole day, and one for all days."""
    _, *body = step_rows(made)
    several = len(made.panels) > 1
    names = ("mg a day", "highest", "lowest", "average", f"AUC24 {made.who.unit}·h", *(["beside"] if several else []))
    for panel in made.panels:
        table = _table(28, names)
        own = [body.pop(0) for _ in range(len(panel.arm.treads) + 1)]
        for row in own:
            whole = row[1] == "all days"
            days = row[1] if whole else row[1].rsplit(" ", 1)[0]
            table.add_row(days, *row[2:7], *([row[7]] if several else []), style="bold" if whole else "")
        _named(page, panel, table, several=several)


def _days(page: Console, made: LevelFigure) -> None:
    """A row for each day, with the spread of its area."""
    for panel in made.panels:
        ends = (panel.levels.spreads[0], panel.levels.spreads[-1]) if len(panel.levels.spreads) > 1 else None
        spread = [] if ends is None else [f"AUC24, {ends[0].percent:g} to {ends[1].percent:g} %"]
        table = _table(10, ("mg", "highest", "lowest", "average", "AUC24", *spread))
        for k, day in enumerate(panel.levels.days):
            cells = [f"{day.mg:g}", level(day.highest), level(day.lowest), level(day.average), level(day.area)]
            if ends is not None:
                cells.append(f"{level(ends[0].area[k])} to {level(ends[1].area[k])}")
            table.add_row(day_text(panel.arm.first + timedelta(days=k)), *cells)
        _named(page, panel, table, several=len(made.panels) > 1)


def _table(first: int, names: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", min_width=first, no_wrap=True)
    for name in names:
        table.add_column(name, justify="right", min_width=min(len(name), 8))
    return table


def _named(page: Console, panel: Panel, table: Table, *, several: bool) -> None:
    if several:
        page.print(Text(panel.arm.name, style="bold"))
    page.print(table)
