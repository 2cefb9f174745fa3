"""Every command and every option of the program is in the reference, with a word of help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from gradatim.cli.app import COMMANDS, app_for

NOT_OURS = {"help", "install_completion", "show_completion"}


def commands(name: str = "gradatim", command: Any = None) -> Iterator[tuple[str, Any]]:
    command = typer.main.get_command(app_for(whole=True)) if command is None else command
    yield name, command
    for part, below in getattr(command, "commands", {}).items():
        yield from commands(f"{name} {part}", below)


ALL = list(commands())


def section(docs: Path, name: str) -> str:
    text = (docs / "reference" / "commands.md").read_text("utf-8")
    found = re.search(rf"^##+ {re.escape(name)}\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None, f"{name} is not in reference/commands.md"
    return found[1]


@pytest.mark.parametrize(("name", "command"), ALL, ids=[name for name, _ in ALL])
def test_a_command_is_documented_with_all_its_options(name: str, command: Any, docs: Path) -> None:
    said = section(docs, name)
    assert command.help
    for param in command.params:
        if param.name in NOT_OURS:
            continue
        assert param.help, f"{name}: {param.name} has no help"
        if param.param_type_name == "option":
            for flag in (*param.opts, *param.secondary_opts):
                assert f"`{flag}`" in said, f"{name} {flag} is not documented"


@pytest.mark.parametrize(("name", "command"), ALL, ids=[name for name, _ in ALL])
def test_help_teaches_by_example(name: str, command: Any) -> None:
    assert getattr(command, "commands", None) or f"{name} " in f"{' '.join(command.help.split())} ", (
        f"{name} --help shows no example"
    )


def test_no_page_shows_a_flag_that_does_not_exist(docs: Path) -> None:
    known = {flag for _, command in ALL for param in command.params for flag in (*param.opts, *param.secondary_opts)}
    others = {"--help", "--require-hashes", "--to", "--on"}
    for page in sorted(docs.rglob("*.md")):
        for line in page.read_text("utf-8").splitlines():
            if "gradatim " in line:
                unknown = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", line)) - known - others
                assert not unknown, f"{page.name}: {unknown}"


def test_the_list_of_all_commands_says_what_each_says_of_itself() -> None:
    whole: Any = typer.main.get_command(app_for(whole=True))
    listed: Any = typer.main.get_command(app_for())
    assert set(listed.commands) == set(whole.commands)
    for name, (_, said) in COMMANDS.items():
        own = " ".join((whole.commands[name].help or "").split("\n\n")[0].split())
        assert said == own, name
