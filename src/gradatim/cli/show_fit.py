"""What the terminal shows of measured levels: each beside what was expected, the parameters before and after, and what it means."""

from __future__ import annotations

import io

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gradatim.cli.show import WIDTH, console
from gradatim.report.levels.figure import level
from gradatim.report.levels.measured import MeasuredFigure, telling, when
from gradatim.words import phrase
from gradatim.words.sentence import numbers


def show_fit(made: MeasuredFigure, *, to_file: bool) -> str | None:
    """Printed; or as text, where it goes into a file."""
    page = Console(file=io.StringIO(), width=WIDTH, highlight=False, no_color=True) if to_file else console()
    found = made.found
    page.print(Text(phrase("fit.title"), style="bold"))
    page.print()
    page.print(_seen(made))
    if found.parameters:
        page.print()
        sure = phrase("fit.sure", percent=f"{found.percent:g}")
        table = _table(("", phrase("fit.typical"), phrase("fit.likely"), sure, phrase("fit.learnt")))
        for one in found.parameters:
            between = phrase("figure.from-to", low=f"{one.low:.3g}", high=f"{one.high:.3g}")
            cells = f"{one.typical:.3g}", f"{one.value:.3g}", between, f"{100 * one.learnt:.0f} %"
            table.add_row(f"{phrase(f'fit.name-{one.name}')}, {one.unit}", *map(numbers, cells))
        page.print(table)
    page.print()
    first, *others = telling(made)
    page.print(Text(f"● {first}", style="bold"))
    for sentence in others:
        page.print(Text(sentence, style="dim"))
    return page.file.getvalue() if isinstance(page.file, io.StringIO) and to_file else None


def _seen(made: MeasuredFigure) -> Table:
    """A row for each level: what was measured, what was expected before it was, and what fits all of them best."""
    found = made.found
    heads = ("fit.measured", "fit.before", "fit.spread", "fit.fitted")
    table = _table((made.who.unit, *map(phrase, heads)))
    if not found.seen:
        for one in made.samples:
            table.add_row(when(made, one), _said(one.level, below=one.below), "–", "–", "–")
    for one, seen, fitted in zip(made.samples, found.seen, found.fitted, strict=False):
        between = phrase("figure.from-to", low=level(max(seen.low, 0.0)), high=level(seen.high))
        table.add_row(when(made, one), _said(one.level, below=one.below), level(seen.expected), between, level(fitted))
    return table


def _said(value: float, *, below: bool) -> str:
    return f"{'<' if below else ''}{level(value)}"


def _table(names: tuple[str, ...]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(names[0], min_width=20, no_wrap=True)
    for name in names[1:]:
        table.add_column(name, justify="right")
    return table
