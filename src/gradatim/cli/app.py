"""The Typer application: every command by its name. A command's module is loaded when that command is asked for, and all of them for
help, so that the first answer comes fast."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated

import typer

from gradatim import __version__
from gradatim.words.english import INTENDED_USE

COMMANDS = {
    "plan": "make:plan",
    "taper": "make:taper",
    "hold": "change:hold",
    "step-back": "change:step_back",
    "slow-down": "change:slow_down",
    "switch": "change:switch",
    "retime": "change:retime",
    "compare": "look:compare",
    "check": "look:check",
    "approve": "sign:approve",
    "answer": "sign:answer",
    "calendar": "look:calendar",
    "supply": "look:supply",
    "renal": "look:renal",
    "monograph": "drug:app",
    "follow": "follow:follow",
    "today": "doses:today_",
    "take": "doses:take",
    "skip": "doses:skip",
    "unsure": "doses:unsure",
    "undo": "doses:undo",
    "correct": "doses:correct",
    "log": "log:app",
    "checkin": "checkin:checkin",
    "watch": "heed:watch",
    "stock": "box:app",
    "insight": "paper:insight",
    "nof1": "paper:nof1_app",
    "report": "paper:report",
    "card": "paper:card",
    "history": "journal:history",
    "export": "journal:export",
    "import": "journal:import_",
    "journal": "journal:app",
    "demo-journal": "journal:demo_journal",
}
"""Each command, and where it is: module of this package, and function or group in it."""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gradatim {__version__}\n{INTENDED_USE}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Version and intended use.")
    ] = False,
) -> None:
    """Step by step: baclofen plans in exact tablets, checked against cited limits, and the record of what was taken and felt.

    Try it:  gradatim plan examples/ms-adult.toml

    Every day:  gradatim today, gradatim take, gradatim checkin

    Exit codes: 0 fine, 2 bad input, 3 blocked by a stop finding, a guard or an emergency.
    """


def app_for(wanted: str | None = None) -> typer.Typer:
    """The application with one command, where ``wanted`` names one; else with all of them."""
    app = typer.Typer(name="gradatim", no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.callback()(_root)
    for name in (wanted,) if wanted in COMMANDS else COMMANDS:
        module, _, attribute = COMMANDS[str(name)].partition(":")
        found = getattr(import_module(f"gradatim.cli.{module}"), attribute)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name)(found)
    return app
