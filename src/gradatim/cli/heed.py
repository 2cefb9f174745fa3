"""``watch``: what the record says that somebody should act on."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from gradatim.cli import options as o
from gradatim.cli.keep import By, JournalOption, followed
from gradatim.domain.clock import Instant
from gradatim.domain.entry import WatchAnswered
from gradatim.domain.fault import one_fault
from gradatim.domain.finding import Finding
from gradatim.domain.knowledge import Level
from gradatim.domain.record import Record
from gradatim.domain.today import GAP_RULE, gap_at
from gradatim.domain.watch import Shown, quiet
from gradatim.domain.watch import watch as look
from gradatim.monographs import leaflet, monograph

LEVELS = {
    Level.EMERGENCY: ("▲ Emergency services now", "bold red"),
    Level.TODAY: ("◆ Prescriber or pharmacist today", "bold yellow"),
    Level.NEXT_VISIT: ("· At the next visit", ""),
}


def watch(
    answer: Annotated[
        str | None, typer.Option("--answer", metavar="RULE", help="Say that one of these was dealt with.")
    ] = None,
    said: Annotated[str | None, typer.Option("--said", metavar="TEXT", help="What was said or done about it.")] = None,
    days: Annotated[
        int | None,
        typer.Option(
            "--rest", metavar="DAYS", min=1, max=366, help="Let it rest for so many days, if it may rest at all."
        ),
    ] = None,
    by: By = "person",
    format: o.PlainOption = o.Plain.TEXT,
    journal: JournalOption = None,
) -> None:
    """What in the record is a sign of danger, and what to do. Exit code 3 while an emergency is not dealt with.

    gradatim watch

    gradatim watch --answer gap --by "Dr B. Name" --said "start again with 5 mg three times a day"
    """
    found = followed(journal, by)
    if answer is None and (said is not None or days is not None):
        raise one_fault(
            "--answer", "is missing", "Say which rule was dealt with: it stands in brackets in gradatim watch"
        )
    if answer is not None:
        known = {finding.rule: finding.rule for finding in look(found.record, monograph(), leaflet(), found.now)}
        if gap_at(found.record, monograph(), leaflet(), found.now) is not None:
            known |= dict.fromkeys(
                (GAP_RULE, f"watch-{GAP_RULE}"), GAP_RULE
            )  # one thing under both names: to ask before the next dose
        answer = GAP_RULE if answer == "watch-gap" else answer
        if answer not in known:
            raise one_fault(
                "--answer",
                f"{answer!r} is not said by the watch now",
                f"It says: {', '.join(sorted(known)) or 'nothing'}",
            )
        answer = known[answer]
        if said is None:
            raise one_fault("--said", "is missing", "Say what was said or done, and by whom: --by")
        if answer == GAP_RULE and by == "person":
            raise one_fault(
                "--by", "is missing", 'Say who was asked: --by "Dr B. Name". Until then the doses stay held'
            )
        until = None if days is None else found.now.plus(days * 86_400)
        found.write(WatchAnswered(rule=answer, by=by, said=said, until=until))
        found = followed(journal, by)
    shown = said_now(found.record, found.now)
    if format is o.Plain.JSON:
        from gradatim.report.heed_data import watch_data

        typer.echo(json.dumps([watch_data(one) for one in shown], indent=1, ensure_ascii=False))
    else:
        _tell(shown)
    if any(one.finding.level is Level.EMERGENCY and one.answer is None for one in shown):
        raise typer.Exit(3)


def said_now(record: Record, now: Instant) -> tuple[Shown, ...]:
    """What the watch says, gravest first, with what rests."""
    return quiet(look(record, monograph(), leaflet(), now), record, now)


def show_new(before: Record, after: Record, now: Instant) -> None:
    """What the watch says after something was written down that it did not say before."""
    known = (
        {(finding.rule, finding.data) for finding in look(before, monograph(), leaflet(), now)}
        if before.holdings
        else set()
    )
    for finding in look(after, monograph(), leaflet(), now):
        if (finding.rule, finding.data) not in known:
            line_of(finding)


def _tell(shown: tuple[Shown, ...]) -> None:
    from rich.text import Text

    from gradatim.cli.show import console

    out = console()
    resting = [one for one in shown if one.rests]
    for one in shown:
        if one not in resting:
            line_of(one.finding, one)
            out.print()
    if not shown:
        out.print(
            "The watch found nothing in what is written down. It cannot see what is not: if something feels wrong, act on that."
        )
    for one in resting:
        out.print(Text(f"· Rests until {_until(one)}  [{one.finding.rule}]  {_answered(one)}"))


def _until(one: Shown) -> str:
    from gradatim.words.entries import moment_text

    assert one.answer is not None
    assert one.rests_until is not None
    return moment_text(one.rests_until, one.answer.entry.zone)


def _answered(one: Shown) -> str:
    from gradatim.words.entries import moment_text

    if one.answer is None:
        return ""
    return f"{moment_text(one.answer.at, one.answer.entry.zone)}, {one.answer.what.by}: {one.answer.what.said}"


def line_of(finding: Finding, shown: Shown | None = None) -> None:
    """One finding: what to do first, what was found, the fixed text, the source."""
    from rich.text import Text

    from gradatim.cli.show import console
    from gradatim.words import say, sources_text

    out = console()
    head, style = LEVELS[finding.level or Level.NEXT_VISIT]
    out.print(Text.assemble((head, style), f"  [{finding.rule}]"))
    out.print(Text(f"  {say(finding.message)}"))
    if finding.why:
        out.print(Text(f"  {finding.why}"))
    if finding.source:
        out.print(Text(f"  Source: {sources_text(finding.source)}", style="dim"))
    if shown is not None and shown.answer is not None:
        out.print(Text(f"  Dealt with: {_answered(shown)}"))
