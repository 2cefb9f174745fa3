"""``stock``: what is in the box, how long it lasts on the changing plan, and what to order."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated

import typer

from gradatim.cli import options as o
from gradatim.cli.doses import quarters
from gradatim.cli.keep import At, By, Day, JournalOption, Keeper, followed, happened, keeper
from gradatim.domain.dose import exact
from gradatim.domain.entry import StockChange, StockChanged
from gradatim.domain.fault import Unreadable, one_fault
from gradatim.domain.finding import Finding
from gradatim.domain.low_stock import stock_findings
from gradatim.domain.order_list import order_list
from gradatim.domain.run_out import Outlook, outlook
from gradatim.domain.stock import Inventory, inventory, refills
from gradatim.monographs import leaflet, monograph

app = typer.Typer(rich_markup_mode=None, invoke_without_command=True)
Amount = Annotated[str, typer.Argument(metavar="PRODUCT=AMOUNT", help="uk/10=84 tablets, or uk/solution-1=300mL.")]
NoteText = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="In your own words.")]
Expires = Annotated[str | None, typer.Option("--expires", metavar="DATE", help="The day printed on the pack.")]
Batch = Annotated[str | None, typer.Option("--batch", help="The batch printed on the pack.")]


@app.callback()
def show(
    context: typer.Context,
    format: o.PlainOption = o.Plain.TEXT,
    journal: JournalOption = None,
) -> None:
    """What is left, until when it lasts at the doses planned, and what to do about it.

    gradatim stock

    gradatim stock count uk/10=84
    """
    if context.invoked_subcommand is not None:
        return
    found = followed(journal)
    stocks, ahead, findings = look(found)
    if format is o.Plain.JSON:
        from gradatim.report.heed_data import stock_data

        typer.echo(json.dumps(stock_data(stocks, ahead, findings), indent=1, ensure_ascii=False))
        return
    from gradatim.cli.show_box import show_stock

    show_stock(stocks, ahead, findings)


def closed_ahead(found: Keeper) -> dict[date, str]:
    """The weekends and public holidays ahead, where the person lives; preference ``region`` for regional holidays."""
    from gradatim.report import heed_data

    closed, fault = heed_data.closed_ahead(found.record, found.record.day_of(found.now))
    if fault is not None:
        typer.echo(f"Note: {fault.problem}. {fault.remedy}", err=True)
    return closed


def look(found: Keeper) -> tuple[Inventory, Outlook, tuple[Finding, ...]]:
    """The boxes, how long they last, and what has to be said of them."""
    stocks = inventory(found.record, monograph(), found.now)
    ahead = outlook(found.record, monograph(), leaflet(), stocks)
    return stocks, ahead, stock_findings(found.record, leaflet(), stocks, ahead, closed_ahead(found))


def _changed(
    text: str,
    change: StockChange,
    found: Keeper,
    at: At,
    day: Day,
    *,
    note: str | None = None,
    expires: str | None = None,
    batch: str | None = None,
    in_use_days: int | None = None,
) -> None:
    id, mark, amount = text.partition("=")
    product = monograph().product(id.strip(), "PRODUCT")
    if change is StockChange.OPENED:
        if product.is_solid:
            raise one_fault(
                "PRODUCT", f"{product.name} is no liquid", "Only a bottle that keeps for some days is opened"
            )
        if mark:
            raise one_fault("PRODUCT", f"{text!r} gives an amount", f"Write only the product: {product.id}")
        pieces, volume = 0, 0
    elif not mark:
        raise one_fault(
            "PRODUCT=AMOUNT",
            f"{text!r} gives no amount",
            f"Write for example {product.id}={84 if product.is_solid else '300mL'}",
        )
    else:
        try:
            pieces = quarters(amount) if product.is_solid else 0
            volume = 0 if product.is_solid else exact(amount.lower().removesuffix("ml"), 1000, "the volume")
        except Unreadable as fault:
            raise one_fault("PRODUCT=AMOUNT", fault.problem, fault.remedy) from None
    what = StockChanged(
        change=change, product=product.id, quarters=pieces, microlitres=volume, note=note, batch=batch, in_use_days=in_use_days,
        expires=None if expires is None else o.day(expires, "--expires"),
    )  # fmt: skip
    from gradatim.cli.show_day import tell

    tell(found, found.write(what, at=happened(at, day, found)))
    if found.record.holdings:
        after = followed_again(found)
        stocks, ahead, findings = look(after)
        from gradatim.cli.show_box import show_stock

        show_stock(stocks, ahead, findings)


def followed_again(found: Keeper) -> Keeper:
    """The same journal, read again after something was written."""
    from dataclasses import replace

    from gradatim.domain.fold import fold

    entries = found.journal.since(0).entries
    return replace(found, entries=entries, record=fold(entries))


@app.command()
def count(
    text: Amount, expires: Expires = None, batch: Batch = None, note: NoteText = None, at: At = None, day: Day = None, by: By = "person",
    journal: JournalOption = None,
) -> None:  # fmt: skip
    """Everything there is of a product, counted: from now on this number holds.

    gradatim stock count uk/10=84
    """
    _changed(text, StockChange.COUNTED, keeper(journal, by), at, day, note=note, expires=expires, batch=batch)


@app.command()
def receive(
    text: Amount, expires: Expires = None, batch: Batch = None, note: NoteText = None, at: At = None, day: Day = None, by: By = "person",
    journal: JournalOption = None,
) -> None:  # fmt: skip
    """Tablets or liquid fetched from the pharmacy.

    gradatim stock receive uk/10=84 --expires 2028-05-31
    """
    _changed(text, StockChange.RECEIVED, keeper(journal, by), at, day, note=note, expires=expires, batch=batch)


@app.command()
def lose(
    text: Amount, expires: Expires = None, batch: Batch = None, note: NoteText = None, at: At = None, day: Day = None, by: By = "person",
    journal: JournalOption = None,
) -> None:  # fmt: skip
    """Lost, spilt, thrown away or given back.

    gradatim stock lose uk/10=1.5 --note "fell into the sink"
    """
    _changed(text, StockChange.LOST, keeper(journal, by), at, day, note=note, expires=expires, batch=batch)


@app.command("open")
def open_(
    product: Annotated[str, typer.Argument(metavar="PRODUCT", help="Which liquid.")],
    keeps: Annotated[
        int | None, typer.Option("--keeps", metavar="DAYS", min=1, max=400, help="How long it keeps once open, as printed on the bottle.")
    ] = None,
    batch: Batch = None, at: At = None, day: Day = None, by: By = "person", journal: JournalOption = None,
) -> None:  # fmt: skip
    """A bottle opened: it keeps only so many days.

    gradatim stock open uk/solution-1 --keeps 56
    """
    _changed(product, StockChange.OPENED, keeper(journal, by), at, day, batch=batch, in_use_days=keeps)


@app.command()
def order(
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="The last day that the box should last for.")],
    margin: Annotated[int, typer.Option("--margin", metavar="DAYS", min=0, max=60, help="Days beyond it.")] = 0,
    journal: JournalOption = None,
) -> None:
    """What to order so that every dose until a day can be made.

    gradatim stock order --until 2027-01-31
    """
    from gradatim.cli.show_box import show_order

    found = followed(journal)
    stocks = inventory(found.record, monograph(), found.now)
    show_order(order_list(found.record, monograph(), leaflet(), stocks, o.day(until, "--until"), margin))


@app.command()
def refill(
    product: Annotated[str, typer.Argument(metavar="PRODUCT", help="Which product.")], journal: JournalOption = None
) -> None:
    """Everything that was counted, fetched and lost of a product, with what was left after it.

    gradatim stock refill uk/10
    """
    from gradatim.cli.show_box import show_refills

    found = followed(journal)
    wanted = monograph().product(product, "PRODUCT")
    show_refills(refills(found.record, monograph(), found.now, wanted), wanted, found.record)
