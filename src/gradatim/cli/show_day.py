"""What the terminal shows of the record: the day, an entry, what has to be asked first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import typer
from rich.table import Table
from rich.text import Text

from gradatim.cli.heed import line_of, show_new
from gradatim.cli.keep import Keeper
from gradatim.cli.show import console
from gradatim.domain.alarm import emergencies, open_findings
from gradatim.domain.clock import Instant
from gradatim.domain.entry import DoseSkipped, DoseTaken, Entry, StockChanged
from gradatim.domain.finding import Finding, message
from gradatim.domain.fold import fold
from gradatim.domain.guardrail import Severity
from gradatim.domain.low_stock import WARN_AT
from gradatim.domain.record import Record
from gradatim.domain.run_out import outlook
from gradatim.domain.stock import inventory
from gradatim.domain.taking import Already
from gradatim.domain.today import DoseNow, DoseState, Today
from gradatim.monographs import leaflet, monograph
from gradatim.report.history import says
from gradatim.words import say, say_finding, short_day, sources_text, units_text
from gradatim.words.day import SHAPES, held_text, next_text, state_text, told_text, wait_text
from gradatim.words.entries import clock_text, moment_text

_STYLES = {
    DoseState.BEFORE: "dim", DoseState.DUE: "bold yellow", DoseState.LATE: "bold yellow", DoseState.HELD: "bold magenta",
    DoseState.TAKEN: "cyan", DoseState.UNSURE: "magenta", DoseState.MISSED: "yellow",
}  # fmt: skip

ONCE_ASKED = (
    'When you have asked, write down what was said: gradatim watch --answer gap --by "Dr B. Name" --said "what to take"'
)


def show_today(seen: Today, found: Keeper) -> None:
    """The day: emergencies before everything, then what to do, the doses, and what else matters."""
    out = console()
    local = seen.now.local(seen.zone)
    called = "" if found.record.person is None or not found.record.person.called else f"{found.record.person.called} · "
    out.print(Text(f"{called}{short_day(seen.day)}, {local:%H:%M}  ({seen.zone})", style="bold"))
    out.print()
    alarms = open_findings(found.record, monograph(), leaflet(), seen.now)
    urgent = emergencies(alarms)
    for alarm in (
        alarms if seen.gap is None else [one for one in alarms if one.finding.rule != "watch-gap" or one in urgent]
    ):
        line_of(alarm.finding, alarm)
        out.print()
    if urgent:
        out.print(Text("▭ " + say(message("today.ask-first")), style="bold"))
    else:
        _head(seen)
    out.print()
    table = Table.grid(padding=(0, 2))
    for one in seen.doses:
        when = f"{one.dose.at:%H:%M}" if one.dose.day == seen.day else f"{one.dose.at:%H:%M} yesterday"
        table.add_row(
            f"  {SHAPES[one.state]}",
            when,
            Text(str(one.dose.dose), justify="right"),
            units_text(one.dose.portion),
            say(message("today.is-close")) if seen.wait is not None and one is seen.due else state_text(one, seen.zone),
            style=_STYLES.get(one.state, ""),
        )
    if seen.doses:
        out.print(table)
    for extra in seen.extras:
        out.print(f"  + {moment_text(extra.at, seen.zone)}  {extra.what.amount} beside the plan")
    out.print()
    for one in seen.doses:
        if one.state is DoseState.MISSED and seen.due is None and seen.gap is None and not urgent:
            out.print(Text(say(message("today.missed", at=one.dose.at)), style="yellow"))
        if one.state is DoseState.BEFORE and seen.now <= one.window.closes:
            out.print(Text(say(message("today.before-open", at=one.dose.at, clock=f"{one.dose.at:%H:%M}"))))
    if not urgent and seen.gap is None and seen.told is None and (seen.begins is None or seen.next is not None):
        out.print(next_line(seen))
    _also(seen, found, out.print)


def _also(seen: Today, found: Keeper, put: Callable[..., None]) -> None:
    """One line each: a review that waits, a box that runs low or that nobody has counted."""
    for span in found.record.spans(seen.day, seen.day):
        stretch = span.stretch
        due = None if stretch.step.days is None else stretch.first + timedelta(days=stretch.step.days)
        if stretch.waiting is not None and due is not None and due <= seen.day:
            put(Text(say(message("today.review", day=due)), style="yellow"))
    if found.record.of(StockChanged):
        ahead = outlook(found.record, monograph(), leaflet(), inventory(found.record, monograph(), seen.now)).earlier
        if ahead.days_left is not None and ahead.days_left <= WARN_AT[0]:
            put(
                Text(
                    say(message("today.box", days=ahead.days_left)),
                    style="bold yellow" if ahead.days_left <= WARN_AT[-1] else "yellow",
                )
            )
        elif ahead.unknown:
            put(Text(say(message("today.box-unknown")), style="yellow"))


def _head(seen: Today) -> None:
    out = console()
    zone = seen.zone
    if seen.gap is not None:
        out.print(
            Text(
                "▲ " + held_text(seen.gap, zone),
                style="bold red",
            )
        )
        out.print(Text(leaflet().gap.text))
        out.print(Text(f"Source: {sources_text(leaflet().gap.source)}", style="dim"))
        out.print(Text(f"  {ONCE_ASKED}", style="dim"))
        return
    if seen.told is not None:
        out.print(Text(f"◆ {told_text(seen.told, zone)}", style="bold yellow"))
    if seen.due is None:
        nothing = message("today.nothing-due" if seen.doses else "today.no-plan")
        out.print(Text(say(nothing if seen.begins is None else message("today.begins", day=seen.begins)), style="bold"))
        return
    if seen.wait is not None:
        out.print(Text(f"◆ {wait_text(seen)}", style="bold yellow"))
        return
    if seen.told is not None:
        out.print(Text("  Then: gradatim take   (with --amount, if it was not what the plan has)", style="dim"))
        return
    dose = seen.due.dose
    key = "today.take" if seen.due.state is DoseState.DUE else "today.late"
    out.print(
        Text("◐ " + say(message(key, amount=dose.dose, units=units_text(dose.portion), at=dose.at)), style="bold")
    )
    until = (
        moment_text(seen.due.window.closes, zone)
        if seen.due.window.closes.local(zone).date() != seen.day
        else clock_text(seen.due.window.closes, zone)
    )
    out.print(f"  {say(message('today.until', until=until))} {say(message('today.until-next', until=until))}")
    out.print(Text("  Then: gradatim take   (or skip, unsure)", style="dim"))


def next_line(seen: Today) -> str:
    """What comes next, in one sentence: not before somebody has been asked, while there is a gap."""
    if seen.gap is not None:
        return held_text(seen.gap, seen.zone)
    if seen.told is not None:
        return told_text(seen.told, seen.zone)
    if seen.next is None:
        return say(message("today.no-more")) if seen.begins is None else say(message("today.begins", day=seen.begins))
    return next_text(seen.next, seen.day)


def already_line(record: Record, said: Already, one: DoseNow) -> str:
    """That a second tap changed nothing."""
    counts = said.done.counts
    at = f"{one.dose.at:%H:%M}"
    if isinstance(counts.what, DoseTaken):
        text = say(message("today.already", at=at, taken=moment_text(counts.at, record.zone_on(one.dose.day))))
        return f"{text}\n{say(message('today.twice'))}" if said.done.taken_twice else text
    kind = "skipped" if isinstance(counts.what, DoseSkipped) else "unsure"
    return say(message(f"today.already-{kind}", at=at))


def show_guards(findings: tuple[Finding, ...]) -> None:
    """Why nothing was recorded yet, and how to record it all the same."""
    from rich.console import Console

    out = Console(stderr=True, highlight=False)
    out.print(Text("Nothing was recorded. See this first:", style="bold"))
    for finding in findings:
        stop = finding.severity in (Severity.STOP, Severity.URGENT)
        out.print(Text.assemble(("  ▲ " if stop else "  ◆ ", "bold red" if stop else "yellow"), say_finding(finding)))
        if finding.source:
            out.print(Text(f"    Source: {sources_text(finding.source)}", style="dim"))
    if any(finding.rule == "guard-gap" for finding in findings):
        out.print(Text(ONCE_ASKED, style="dim"))
    out.print(
        Text(
            "If you were told to take it, or it has been taken already: the same command with --anyway, or with --at and the time.",
            style="dim",
        )
    )


def tell(found: Keeper, written: list[Entry]) -> Record:
    """What was recorded, and what the watch now says about it that it did not say before. Gives the record with it."""
    record = fold((*found.entries, *written))
    for entry in written:
        typer.echo(f"Recorded: {entry_line(entry, record)}")
    if record.holdings:
        show_new(found.record, record, found.now)
    return record


def entry_line(entry: Entry, record: Record) -> str:
    """``Tue 24 Nov 08:02  15 mg taken: 1½ tablets of 10 mg (the dose of 08:00 on Tue 24 Nov)  [3f9a12c7]``."""
    at: Instant = entry.at
    known = {one.id: one for one in record.entries}
    return f"{moment_text(at, entry.zone)}  {says(entry, record, known)}  [{entry.id[-8:]}]"
