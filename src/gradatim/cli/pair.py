"""``pair`` and ``devices``: who may use the server of this household."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gradatim.cli.serve import DataOption, server_part, tell_pairing
from gradatim.domain.fault import one_fault


def pair(data: DataOption = None) -> None:
    """Make a code by which one more device joins the household. It works once, for ten minutes.

    gradatim pair
    """
    config = _household(data)
    where = server_part("lock").address(config.data)
    if where is None:
        raise one_fault(str(config.data), "no server runs on this folder", "Start it: gradatim serve")
    tell_pairing(server_part("start").pairing(where))


def devices(
    data: DataOption = None,
    end: Annotated[
        str | None, typer.Option("--end", metavar="ID", help="End this device: from now on it opens nothing.")
    ] = None,
) -> None:
    """List the devices and programs that may act for the household, or end one.

    gradatim devices

    gradatim devices --end 3f9a12c7
    """
    _household(data)
    home = server_part("home")
    if end is not None:
        ended = home.end_device(end)
        typer.echo(f"Ended: {ended.label}")
    for one in home.devices():
        seen = "not used yet" if one.seen is None else f"last used {one.seen:%Y-%m-%d}"
        kind = "program" if one.program else "device"
        typer.echo(f"{str(one.pk)[:8]}  {kind}  {one.label}  (since {one.made:%Y-%m-%d}, {seen})")


def _household(data: Path | None) -> Any:
    """Django, over the data of a household's server."""
    start = server_part("start")
    config = start.configured(data=data)
    if config.accounts:
        raise one_fault("GRADATIM_MODE", "is accounts: there everybody pairs their own devices", "Sign in, then pair")
    if not config.database and not config.sqlite.exists():
        raise one_fault(str(config.data), "no server has run here", "Start it: gradatim serve")
    start.begun()
    return config
