"""``sync``: the journal of this machine and a server's copy of it, kept in step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from gradatim.cli.keep import JournalOption, device, open_journal, usual_place
from gradatim.cli.output import now
from gradatim.domain.fault import one_fault


def sync(
    url: Annotated[
        str | None, typer.Option("--with", metavar="ADDRESS", help="The server; needed the first time.")
    ] = None,
    pair: Annotated[
        str | None, typer.Option("--pair", metavar="CODE", help="The pairing code that the server shows.")
    ] = None,
    record: Annotated[
        str | None, typer.Option("--record", metavar="ID", help="Which record, if the device may see several.")
    ] = None,
    ca: Annotated[Path | None, typer.Option("--ca", metavar="FILE", help="The server's own home certificate.")] = None,
    journal: JournalOption = None,
) -> None:
    """Keep this journal and a server in step: send what is new here, fetch what is new there. Nothing is lost when it is interrupted.

    gradatim sync --with http://127.0.0.1:8321 --pair ABCD2345

    gradatim sync
    """
    from gradatim.cli.remote import Link, Remote, read_link, write_link
    from gradatim.cli.remote import sync as kept_in_step

    place = journal or usual_place()
    file = place.with_name(f"{place.name}.sync")
    link = read_link(file)
    if pair is not None:
        if url is None:
            raise one_fault("--with", "is missing", "Give the server's address with --pair")
        remote = Remote(url, ca="" if ca is None else str(ca))
        link = Link(
            url=remote.url,
            secret=remote.pair(pair, device()),
            ca="" if ca is None else str(ca.resolve()),
            record=record or "",
        )
        write_link(file, link)
    if link is None:
        raise one_fault(
            "--pair", "is missing: this journal is not linked with a server", "Make a code on the server: gradatim pair"
        )
    if url is not None and url.rstrip("/") != link.url:
        raise one_fault(
            "--with", f"this journal is linked with {link.url}", "Pair it with the other server: add --pair CODE"
        )
    if record is not None and record != link.record:
        link = replace(link, record=record, cursor=0, head="", sent=0)
    _, done = kept_in_step(open_journal(journal, must_exist=False), link, now, lambda new: write_link(file, new))
    typer.echo(f"Sent {done.sent}, fetched {done.fetched}. This journal and {link.url} are in step.")
    if done.begun_again:
        typer.echo(
            "The server's journal was another than this machine knew (a restored backup?): everything was compared again."
        )
    if done.clock_wrong:
        typer.echo(
            f"◆ This machine's clock is {abs(done.ahead) // 60} minutes {'ahead of' if done.ahead > 0 else 'behind'} the server's. Check both.", err=True
        )  # fmt: skip
    for fault in done.refused:
        typer.echo(f"◆ Not taken by the server: {fault}", err=True)
    if done.refused:
        raise typer.Exit(2)
