"""``insight``, ``report``, ``card``, ``nof1``: what changed, the page for the doctor, and the card for the hospital."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from gradatim.cli import options as o
from gradatim.cli.box import closed_ahead
from gradatim.cli.keep import JournalOption, Keeper, followed
from gradatim.cli.output import write
from gradatim.domain.fault import one_fault
from gradatim.monographs import leaflet, monograph

if TYPE_CHECKING:
    from gradatim.insight.adherence import Adherence

nof1_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


def insight(
    days: Annotated[
        int, typer.Option("--days", min=1, max=3660, help="How many days the doses are counted over.")
    ] = 28,
    scale: Annotated[str | None, typer.Option("--scale", help="Only one scale, for example spasticity.")] = None,
    methods: Annotated[bool, typer.Option("--methods", help="Say with each result how it was found.")] = False,
    format: o.PlainOption = o.Plain.TEXT,
    journal: JournalOption = None,
) -> None:
    """What was taken, and what changed together with each step: with its margin, or silence where there is too little.

    gradatim insight

    gradatim insight --scale spasticity --methods
    """
    from gradatim.cli.show_insight import show_insight
    from gradatim.insight.of_record import insight_of
    from gradatim.monographs import scales
    from gradatim.report.insight_data import insight_data

    found = followed(journal)
    if scale is not None and scale not in scales():
        raise one_fault("--scale", f"{scale!r} is not a scale", f"Use one of: {', '.join(scales())}")
    taken = _taken(found, days)
    seen = insight_of(found.record, found.record.day_of(found.now))
    if format is o.Plain.JSON:
        typer.echo(json.dumps(insight_data(taken, seen, scale), indent=1, ensure_ascii=False))
    else:
        show_insight(taken, seen, scale, found.record.zone, methods=methods)


def _taken(found: Keeper, days: int) -> Adherence:
    from gradatim.insight.adherence import adherence

    day = found.record.day_of(found.now)
    return adherence(found.record, monograph(), leaflet(), found.now, day - timedelta(days=days - 1), day)


def _paper(paper: o.Paper) -> Literal["a4", "us-letter"]:
    return "us-letter" if paper is o.Paper.LETTER else "a4"


def report(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="report.pdf or report.html.")],
    days: Annotated[int, typer.Option("--days", help="What was really taken in the last 14 or 28 days.")] = 14,
    paper: o.PaperOption = o.Paper.A4,
    journal: JournalOption = None,
) -> None:
    """The page for the doctor, one page: what was really taken, what was felt, what changed, what is left, what you want to ask.

    gradatim report --out report.pdf

    gradatim report --out report.html --days 28
    """
    from gradatim.report import clinician, clinician_html, clinician_pdf

    kind = out.suffix.lower()
    if kind not in (".pdf", ".html"):
        raise one_fault("--out", f"{out.name} is neither PDF nor HTML", "Name it report.pdf or report.html")
    if days not in (14, 28):
        raise one_fault("--days", f"{days} days is not offered", "Give 14 or 28")
    found = followed(journal)
    made = clinician.gather(found.record, monograph(), leaflet(), found.now, days, closed_ahead(found))
    if kind == ".pdf":
        write(out, clinician_pdf.to_pdf(made, paper=_paper(paper)))
    else:
        from gradatim.report.levels.of_record import past_levels

        levels = past_levels(found.record, monograph(), leaflet(), found.now, days=days)
        write(out, clinician_html.to_html(made, levels))
    typer.echo(f"Wrote {out}")


def card(
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="card.pdf for the wallet, card.png for the phone.")
    ],
    paper: o.PaperOption = o.Paper.A4,
    journal: JournalOption = None,
) -> None:
    """The card for the hospital: the real dose, the last dose, the danger of stopping, kidneys, whom to call.

    gradatim card --out card.pdf

    gradatim card --out card.png
    """
    from gradatim.report.card import hospital_card, to_pdf, to_png

    kind = out.suffix.lower()
    if kind not in (".pdf", ".png"):
        raise one_fault("--out", f"{out.name} is neither PDF nor PNG", "Name it card.pdf or card.png")
    found = followed(journal)
    made = hospital_card(found.record, monograph(), leaflet(), found.now)
    write(out, to_pdf(made, paper=_paper(paper)) if kind == ".pdf" else to_png(made))
    typer.echo(f"Wrote {out}")


@nof1_app.callback()
def nof1() -> None:
    """A trial in one person: two approved timings in turn, in an order drawn by chance. It changes no dose.

    gradatim nof1 design --timings morning,evening --first 2026-12-01 --seed 7
    """


Timings = Annotated[
    str, typer.Option("--timings", metavar="ONE,OTHER", help="The names of two timings that the prescriber approved.")
]
FirstDay = Annotated[str, typer.Option("--first", metavar="DATE", help="The first day.")]
Seed = Annotated[str, typer.Option("--seed", help="Any word; the same word draws the same order.")]
Pairs = Annotated[int, typer.Option("--pairs", help="Pairs of blocks.")]
BlockDays = Annotated[int, typer.Option("--block-days", help="Days of a block; its first day is not counted.")]


@nof1_app.command("design")
def nof1_design(timings: Timings, first: FirstDay, seed: Seed, pairs: Pairs = 7, block_days: BlockDays = 4) -> None:
    """Draw the order of the blocks, for the prescriber to approve. It names timings, and holds no dose.

    gradatim nof1 design --timings morning,evening --first 2026-12-01 --seed 7
    """
    from gradatim.insight.nof1 import design
    from gradatim.words import short_day

    made = design(_two(timings), o.day(first, "--first"), seed, pairs=pairs, block_days=block_days)
    for block in made.blocks:
        typer.echo(
            f"  {short_day(block.first)} – {short_day(block.last)}   {block.timing}   (counted from {short_day(block.counts_from)})"
        )
    typer.echo(
        "This is a proposal. Each timing must be approved by the prescriber before it is taken; nothing changes by itself."
    )


@nof1_app.command("result")
def nof1_result(
    timings: Timings,
    first: FirstDay,
    seed: Seed,
    scale: Annotated[str, typer.Option("--scale", help="Which scale, for example spasticity.")],
    pairs: Pairs = 7,
    block_days: BlockDays = 4,
    journal: JournalOption = None,
) -> None:
    """What the scores say of the two timings, set beside every order that chance could have drawn.

    gradatim nof1 result --timings morning,evening --first 2026-12-01 --seed 7 --scale spasticity
    """
    from gradatim.insight.enough import TooLittle
    from gradatim.insight.nof1 import design
    from gradatim.insight.nof1_result import analyse
    from gradatim.insight.of_record import series_of
    from gradatim.monographs import scales
    from gradatim.report.insight_text import nof1_text
    from gradatim.words import say

    if scale not in scales():
        raise one_fault("--scale", f"{scale!r} is not a scale", f"Use one of: {', '.join(scales())}")
    found = followed(journal)
    made = design(_two(timings), o.day(first, "--first"), seed, pairs=pairs, block_days=block_days)
    result = analyse(series_of(found.record, scales()[scale]), made)
    if isinstance(result, TooLittle):
        typer.echo(say(result.message))
        return
    typer.echo(nof1_text(result, scales()[scale]))
    for note in result.notes:
        typer.echo(f"  {say(note)}")


def _two(text: str) -> tuple[str, str]:
    names = [part.strip() for part in text.split(",")]
    if len(names) != 2:
        raise one_fault("--timings", f"{text!r} does not name two timings", "Write for example morning,evening")
    return names[0], names[1]
