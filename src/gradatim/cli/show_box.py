"""What the terminal shows of the box: how much, until when, what to order."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from gradatim.cli.heed import LEVELS
from gradatim.cli.show import console
from gradatim.domain.dose import millilitres
from gradatim.domain.finding import Finding
from gradatim.domain.knowledge import Level
from gradatim.domain.order_list import OrderList
from gradatim.domain.product import Product
from gradatim.domain.record import Record
from gradatim.domain.run_out import HORIZON, Outlook, RunOut
from gradatim.domain.stock import Inventory, StockLine
from gradatim.report.heed_data import order_text
from gradatim.words import say, short_day, sources_text
from gradatim.words.entries import moment_text
from gradatim.words.phrases import count_text


def amount_text(product: Product, amount: int) -> str:
    """``84 tablets``, ``−1½ tablets``, ``120 mL``."""
    sign, size = ("−" if amount < 0 else ""), abs(amount)
    if product.is_solid:
        return f"{sign}{count_text(size)} {'tablet' if 0 < size <= 4 else 'tablets'}"
    return f"{sign}{millilitres(size)}"


def show_stock(stocks: Inventory, ahead: Outlook, findings: tuple[Finding, ...]) -> None:
    """First how long it lasts, then each product, then what has to be done or asked."""
    out = console()
    soonest = ahead.earlier
    out.print(Text(_lasts(soonest), style="bold"))
    if ahead.held.day != ahead.expected.day:
        out.print(
            f"  as the reviews stand now: {_until(ahead.held)}; if each is answered in time: {_until(ahead.expected)}"
        )
    out.print()
    table = Table.grid(padding=(0, 2))
    for one in stocks.stocks:
        left = "not counted yet" if one.amount is None else amount_text(one.product, one.amount)
        table.add_row(
            "  ", one.product.name, Text(left, justify="right"), "?" if not one.known or one.uncertain else ""
        )
    if stocks.stocks:
        out.print(table)
    for finding in findings:
        head, style = LEVELS[finding.level or Level.NEXT_VISIT]
        out.print()
        out.print(Text.assemble((head, style), f"  [{finding.rule}]"))
        out.print(Text(f"  {say(finding.message)}"))
    if named := tuple(dict.fromkeys(citation for finding in findings for citation in finding.source)):
        out.print(Text(f"\nSources: {sources_text(named)}", style="dim"))


def _lasts(way: RunOut) -> str:
    if way.first is not None:
        count = way.days_left or 0
        days = "1 day" if count == 1 else f"{count} days"
        return f"{days} left: the first dose that cannot be made is {way.first.at:%H:%M} on {short_day(way.first.day)}."
    if way.unknown:
        return "It is not known how long it lasts: count the box (gradatim stock count PRODUCT=AMOUNT)."
    return "It lasts for every dose of the plan." if way.finished else f"It lasts more than {HORIZON} days."


def _until(way: RunOut) -> str:
    return "not within sight" if way.day is None else short_day(way.day)


def show_order(found: OrderList) -> None:
    """What to ask for, product by product."""
    out = console()
    margin = f" and {found.margin_days} days more" if found.margin_days else ""
    out.print(Text(f"For every dose until {short_day(found.until)}{margin}:", style="bold"))
    for line in found.lines:
        out.print(f"  {order_text(line)}")
    if found.repeats_left is not None:
        out.print(f"Repeats left on the prescription: {found.repeats_left}")


def show_refills(lines: tuple[StockLine, ...], product: Product, record: Record) -> None:
    """The history of one product."""
    out = console()
    table = Table(title=product.name, title_justify="left", title_style="bold", box=None, padding=(0, 2))
    for name in ("when", "what", "how much", "taken since the line before", "left"):
        table.add_column(name, justify="right" if name not in {"when", "what"} else "left")
    for line in lines:
        left = "?" if line.balance is None else amount_text(product, line.balance)
        table.add_row(
            moment_text(line.at, record.zone_on(record.day_of(line.at))), str(line.change), amount_text(product, line.amount),
            amount_text(product, line.taken), left,
        )  # fmt: skip
    out.print(table if lines else "Nothing is written down about it.")
