"""``accounts``: who may use the server of this machine."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The address of the account.", show_default=False)]


@app.callback()
def root() -> None:
    """Who may use the server of this machine: invite, list, keep out, a way back in. It shows nobody's record.

    gradatim accounts list
    """


@app.command()
def invite(
    administrator: Annotated[
        bool, typer.Option("--administrator", help="For somebody who runs the machine. Such an account sees no record.")
    ] = False,
    label: Annotated[str, typer.Option("--label", metavar="TEXT", help="Whom it is for, as a note.")] = "",
    days: Annotated[int, typer.Option("--days", min=1, max=30, help="How long the code works.")] = 7,
) -> None:
    """Print a code by which one account is made, once.

    gradatim accounts invite --administrator
    """
    from gradatim.server.opened import opened

    config = opened(accounts=True)
    from gradatim.server import invitations

    made, code = invitations.make(days=days, made_by=None, label=label, administrator=administrator)
    typer.echo(f"{code}\n{invitations.link(config, code)}")
    typer.echo(f"Works once, until {made.expires:%Y-%m-%d %H:%M} UTC. It is not shown again.", err=True)


@app.command("list")
def list_() -> None:
    """List the accounts: address, name, since when, last seen, how many devices.

    gradatim accounts list
    """
    from gradatim.server.opened import opened

    opened(accounts=True)
    from gradatim.server.accounts import listed

    found = listed()
    for one in found:
        kept = one.account
        told = [kept.email, kept.name or "–", f"since {kept.made:%Y-%m-%d}"]
        told.append(f"seen {one.seen:%Y-%m-%d}" if one.seen else "never seen")
        told.append(f"{one.devices} device{'' if one.devices == 1 else 's'}")
        told += ["administrator"] * kept.administrator + ["kept out"] * (not kept.is_active)
        typer.echo("  ".join(told))
    if not found:
        typer.echo("No accounts yet. Make the first: gradatim accounts invite --administrator", err=True)


@app.command()
def disable(email: Email) -> None:
    """Keep an account out: its sessions, devices and programs stop at once. What it wrote stays.

    gradatim accounts disable somebody@example.org
    """
    _let(email, active=False)


@app.command()
def enable(email: Email) -> None:
    """Let an account in again, with the devices that it has.

    gradatim accounts enable somebody@example.org
    """
    _let(email, active=True)


@app.command("reset-link")
def reset_link(
    email: Email,
    without_second_factor: Annotated[
        bool,
        typer.Option("--without-second-factor", help="Forget passkeys, recovery codes and the app too: they are lost."),
    ] = False,
) -> None:
    """Print a link at which somebody sets a new password, once, within a day. Be sure first who asks.

    gradatim accounts reset-link somebody@example.org
    """
    from gradatim.server.opened import opened

    config = opened(accounts=True)
    from gradatim.server import accounts

    typer.echo(accounts.reset_link(config, accounts.named(email), without_second_factor=without_second_factor))


def _let(email: str, *, active: bool) -> None:
    from gradatim.server.opened import opened

    opened(accounts=True)
    from gradatim.server import accounts

    found = accounts.named(email)
    accounts.let(found, active=active)
    typer.echo(f"{found.email} {'may come in again' if active else 'is kept out'}.")
