"""``doctor``: whether an installation of the server is sound."""

from __future__ import annotations

import json
import os
from contextlib import nullcontext
from dataclasses import asdict
from typing import Annotated, Any

import typer

from gradatim.cli.serve import DataOption, server_part

_LOOKS = {"good": ("●", "green"), "note": ("·", ""), "look": ("◆", "bold yellow"), "broken": ("▲", "bold red")}


def doctor(
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the points as JSON.")] = False,
) -> None:
    """Look at an installation of the server without changing anything: what is wrong, and how to mend it.

    Exit code 0: all is well. 1: something to look at. 2: something is broken.

    gradatim doctor
    """
    known = server_part("doctor")
    if data is not None:
        os.environ["GRADATIM_DATA"] = str(data.absolute())
    with _progress(as_json) as shown:
        points = known.examine(os.environ, known.nobody_looks if shown is None else shown)
    if as_json:
        typer.echo(json.dumps([asdict(point) for point in points], indent=1, ensure_ascii=False))
    else:
        _tell(points)
    raise typer.Exit(known.worst(points))


def _tell(points: list[Any]) -> None:
    from rich.text import Text

    from gradatim.cli.show import console

    out = console()
    for point in points:
        shape, style = _LOOKS[point.state]
        out.print(Text.assemble((f"{shape} {point.name}", style), f"  {point.found}"))
        if point.remedy:
            out.print(Text(f"    {point.remedy}", style="" if point.state in ("look", "broken") else "dim"))
    bad = [point for point in points if point.state in ("look", "broken")]
    out.print()
    out.print("All is well." if not bad else f"{len(bad)} of {len(points)} points need somebody to look at them.")


def _progress(quiet: bool) -> Any:
    """A bar on the error stream while the journals are verified, on a terminal only."""
    from rich.console import Console
    from rich.progress import Progress

    out = Console(stderr=True)
    if quiet or not out.is_terminal:
        return nullcontext()

    class Bar(Progress):
        def __enter__(self) -> Any:
            super().__enter__()
            task = self.add_task("Verifying the journals", total=None)
            return lambda done, total: self.update(task, completed=done, total=total)

    return Bar(console=out, transient=True)
