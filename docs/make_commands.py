"""Writes reference/commands.md from the Typer application: every command, argument and option with its help.

``python docs/make_commands.py`` after a change; a test finds a stale page and an option without help.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from gradatim.cli.app import app_for

WORDS = {"path": "file", "int": "number", "integer": "number", "str": "text"}
FILE = Path(__file__).parent / "reference" / "commands.md"

HEAD = """# Commands

Made from the program by `docs/make_commands.py`. `gradatim COMMAND --help` says the same on the terminal. Exit codes: [Findings and exit
codes](findings-and-exit-codes.md).

A value with a unit is one word (`60mg`, `62kg`, `80umol/L`) or quoted (`"60 mg"`). Lists are separated by commas (`08:00,14:00,21:00`).
Dates are `2026-12-01`, instants `2026-12-01T08:00:00Z`. Flags win over what an order file says.

`SOURCE_DATE_EPOCH`, where set, is used as the present, so that a file can be made again bit by bit.
"""


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with its full name, in the order of ``--help``."""
    yield from _under("gradatim", typer.main.get_command(app_for(whole=True)))


def _under(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    yield name, command
    for part, below in getattr(command, "commands", {}).items():
        yield from _under(f"{name} {part}", below)


def flags(param: Any) -> str:
    """``--format, -f`` or ``FILE``."""
    if param.param_type_name == "argument":
        return str(param.metavar or f"[{param.name.upper()}]")
    return ", ".join(f"`{flag}`" for flag in [*param.opts, *param.secondary_opts])


def value(param: Any) -> str:
    """What to write after it."""
    choices = getattr(param.type, "choices", None)
    if choices:
        return " \\| ".join(str(getattr(choice, "value", choice)) for choice in choices)
    if param.param_type_name == "argument":
        return "file" if param.type.name == "path" else "text"
    if getattr(param, "is_flag", False):
        return "–"
    if param.metavar:
        return f"`{param.metavar}`".replace("|", "\\|")
    low, high = getattr(param.type, "min", None), getattr(param.type, "max", None)
    return f"{low} to {high}" if low is not None else WORDS.get(param.type.name, param.type.name)


def default(param: Any) -> str:
    """What holds when it is left out."""
    if param.required:
        return "**needed**"
    said = getattr(param.default, "value", param.default)
    return "" if said in (None, False, ()) or "unset" in str(said).lower() else f"{said}".replace("True", "on")


def section(name: str, command: Any) -> str:
    """One command."""
    depth = "##" if name.count(" ") < 2 else "###"
    lines = [f"{depth} {name}\n", *_help(command.help or "")]
    params = [param for param in command.params if param.name not in ("help", "install_completion", "show_completion")]
    if params:
        lines += ["| option | value | meaning | default |", "|---|---|---|---|"]
        for param in params:
            shown = flags(param) if param.param_type_name == "option" else f"`{flags(param)}`".replace("|", "\\|")
            lines.append(
                f"| {shown} | {value(param)} | {(param.help or '').replace('|', chr(92) + '|')} | {default(param)} |"
            )
        lines.append("")
    return "\n".join(lines)


def _help(text: str) -> Iterator[str]:
    for part in re.split(r"\n\s*\n", text.strip()):
        said = " ".join(part.split())
        if said.startswith("gradatim "):
            yield f"```sh\n{said}\n```\n"
        elif said.startswith("Try it:"):
            yield f"```sh\n{said.removeprefix('Try it:').strip()}\n```\n"
        else:
            yield f"{said}\n"


def made() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(section(name, command) for name, command in commands())]).rstrip() + "\n"


if __name__ == "__main__":
    FILE.write_text(made(), "utf-8")
