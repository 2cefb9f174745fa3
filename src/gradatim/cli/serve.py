"""``serve``: the server, at this machine or at home."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gradatim.domain.fault import one_fault

if TYPE_CHECKING:
    from gradatim.server.start import Pairing

_DEMO_PORT = 8320
DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="FOLDER", help="The folder of the server's data, if not the usual one.", show_default=False
    ),
]


def serve(
    address: Annotated[
        str | None,
        typer.Option("--address", metavar="HOST:PORT", help="Where to listen, if not 127.0.0.1:8321."),
    ] = None,
    data: DataOption = None,
    home: Annotated[
        bool,
        typer.Option(
            "--home",
            help="Listen on this machine's address at home, so that a phone there can pair; with TLS by a certificate of its own.",
        ),
    ] = False,
    demo: Annotated[
        bool,
        typer.Option(
            "--demo",
            help="With a made-up person of twelve weeks, to look around: in a folder that goes when it stops, or in a new one named by --data.",
        ),
    ] = False,
    open_: Annotated[bool, typer.Option("--open", help="Open the browser.")] = False,
    code: Annotated[
        bool | None,
        typer.Option(
            "--code/--no-code",
            help="Print a pairing code, or not; by default on a terminal only, as what a service prints is kept.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Run the server. Without any setting it is for one household, on this machine, and prints a link to begin with.

    gradatim serve

    gradatim serve --home

    gradatim serve --demo
    """
    with ExitStack() as gone_at_the_end:
        if demo and data is None:
            data = Path(gone_at_the_end.enter_context(TemporaryDirectory(prefix="gradatim-demo-")))
        if demo and address is None and not home:
            address = f"127.0.0.1:{_free(_DEMO_PORT)}"
        raise typer.Exit(_serve(address, data, home=home, demo=demo, open_=open_, code=code))


def _serve(address: str | None, data: Path | None, *, home: bool, demo: bool, open_: bool, code: bool | None) -> int:
    start = server_part("start")
    config = start.configured(data=data, address=address, home=home)
    shown = sys.stdout.isatty() if code is None else code

    def ready(where: str) -> None:
        if (
            demo
        ):  # under another name than a real household here: browsers keep what belongs to a name, whatever the port
            where = where.replace("//127.0.0.1:", "//localhost:")
        typer.echo(f"Gradatim listens at {where}")
        if config.accounts:
            typer.echo("Everybody signs in. The first account: gradatim accounts invite --administrator")
        elif shown or open_:
            made = start.pairing(where)
            if shown:
                tell_pairing(made)
            if open_:
                import webbrowser

                webbrowser.open(made.link)
        else:
            typer.echo("For a pairing code: gradatim pair")
        if start.is_home(config):
            tell_certificate(where, config.data)
        typer.echo("Stop it with Ctrl+C." if sys.stdout.isatty() else "Stop it with SIGTERM.")
        sys.stdout.flush()

    return int(start.serve(config, ready, demo=demo))


def _free(port: int) -> int:
    """The port, or 0 for any where another program listens there."""
    with socket() as tried:
        return 0 if tried.connect_ex(("127.0.0.1", port)) == 0 else port


def tell_pairing(made: Pairing) -> None:
    """The link, the code and, on a terminal, its picture."""
    typer.echo(f"\n  {made.link}\n")
    if sys.stdout.isatty():
        typer.echo(server_part("start").qr_text(made.link))
    typer.echo(f"Open the link, or type the code {made.code}. It works once, until {made.expires.astimezone():%H:%M}.")


def tell_certificate(where: str, data: Path) -> None:
    """How a phone comes to trust the certificate."""
    known = server_part("home_certificate")
    typer.echo(
        f"\nThe phone warns at first: it does not know this machine. So that it does, and so that the app works without a network, install\n"
        f"the certificate of this household on it once:\n\n  {where}/home-certificate\n\n"
        f"Compare the SHA-256 fingerprint before you trust it:\n  {known.fingerprint(data)}\n"
        f"iPhone: Settings, General, VPN & Device Management; then General, About, Certificate Trust Settings.\n"
        f"Android: Settings, search for CA certificate, install from storage.\n"
    )


def server_part(name: str) -> Any:
    """A module of the server, which only the server's commands load."""
    from importlib import import_module

    try:
        return import_module(f"gradatim.server.{name}")
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("gradatim"):
            raise
        raise one_fault(
            "server", f"{missing.name} is not installed", 'Install it: pip install "gradatim[server]"'
        ) from None
