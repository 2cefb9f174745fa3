"""``backup``, ``restore``: the whole server in one sealed file, and back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gradatim.cli.output import now
from gradatim.cli.serve import DataOption, server_part
from gradatim.domain.fault import one_fault

if TYPE_CHECKING:
    from gradatim.server.backup.taking import Checked
    from gradatim.server.config import Config

Passphrase = Annotated[
    Path | None, typer.Option("--passphrase-file", metavar="FILE", help="Its first line is the passphrase, in place of a key.")
]  # fmt: skip


def backup(
    folder: Annotated[
        Path | None, typer.Option("--folder", metavar="FOLDER", help="Where it goes, if not GRADATIM_BACKUP_FOLDER.")
    ] = None,
    passphrase_file: Passphrase = None,
    data: DataOption = None,
) -> None:
    """Back up the server: everything in one sealed file, read back whole before it gets its name. The server may run meanwhile.

    gradatim backup

    gradatim backup --folder /mnt/stick --passphrase-file words.txt
    """
    passphrase = _passphrase(passphrase_file)
    config = _server(data)
    from gradatim.server.backup.keys import key_file
    from gradatim.server.backup.taking import back_up

    made = back_up(config, now(), passphrase=passphrase, folder=folder)
    typer.echo(f"Wrote {made.path}: {_held(made.checked)}. It was read back whole.")
    _tell_broken(made.checked)
    if passphrase is not None:
        typer.echo("It opens with the passphrase only. Without it nobody can open the backup.")
    elif config.backup_recipients:
        typer.echo("It opens with the secret keys of GRADATIM_BACKUP_RECIPIENTS only. Without one of them nobody can.")
    else:
        typer.echo(
            f"It opens only with the key in {key_file(config)}. Keep a copy of that key elsewhere, not beside the backups:\n"
            "without it nobody can open the backup, and whoever has both can read everything."
        )


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")],
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="The file of the secret key, if not this server's own.")
    ] = None,
    passphrase_file: Passphrase = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace what is in the database, which is backed up first.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Restore a backup of the server, whole or not at all: into an empty database, or in place of what is there. Stop the server first.

    gradatim restore gradatim-20261123T050000Z.age --key backup-key.txt
    """
    passphrase = _passphrase(passphrase_file)
    config = _server(data)
    from gradatim.server.backup.restoring import restore as bring_back

    done = bring_back(config, file, now(), key=key, passphrase=passphrase, replace=replace)
    if done.before is not None:
        typer.echo(f"What was there is in {done.before.path}: {_held(done.before.checked)}.")
    typer.echo(f"Restored {_held(done.checked)}, as of {done.checked.header.made.iso()}. Every journal was verified.")
    _tell_broken(done.checked)
    for record in done.back_again:
        typer.echo(f"◆ The journal {record} had been erased since, and is back: erase it again.")


def _server(data: Path | None) -> Config:
    """The settings in force, with Django made ready."""
    start = server_part("start")
    config: Config = start.configured(data=data)
    os.umask(0o077)
    start.begun()
    return config


def _passphrase(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        return file.read_text(encoding="utf-8").splitlines()[0]
    except (OSError, IndexError, UnicodeDecodeError):
        raise one_fault(
            "--passphrase-file", f"{file} gives no passphrase", "Put it on the first line of a text file"
        ) from None


def _held(checked: Checked) -> str:
    accounts = next((table.rows for table in checked.header.tables if table.name == "gradatim_account"), 0)
    return ", ".join(
        f"{count} {one if count == 1 else many}"
        for count, one, many in (
            (accounts, "account", "accounts"),
            (checked.journals, "journal", "journals"),
            (checked.entries, "entry", "entries"),
        )
    )


def _tell_broken(checked: Checked) -> None:
    for one in checked.broken:
        typer.echo(
            f"◆ The journal {one.record} does not verify at place {one.place}: it was so in the database already."
        )
    if checked.broken:
        typer.echo("No older backup is removed while this is so: one of them may hold it whole.")
