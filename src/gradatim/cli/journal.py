"""``follow``, ``history``, ``export``, ``import``, ``journal …``, ``demo-journal``: the journal as a whole."""

from __future__ import annotations

import json
import os
import sys
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gradatim.cli import options as o
from gradatim.cli.follow import course_in
from gradatim.cli.keep import JournalOption, Keeper, followed, keeper, open_journal, usual_place
from gradatim.cli.output import as_json, now, write
from gradatim.domain.calendar import lay_out
from gradatim.domain.entry import Entry
from gradatim.domain.fault import one_fault
from gradatim.domain.fold import fold
from gradatim.monographs import monograph

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def root() -> None:
    """The journal as a whole: where it is, whether it is sound, and the plan in it.

    gradatim journal verify
    """


@app.command("plan")
def plan_out(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The plan document to write.")],
    journal: JournalOption = None,
) -> None:
    """Write the plan that holds now, with the answers so far, as a plan document: for the prescriber to change.

    gradatim journal plan --out plan.json
    """
    found = followed(journal)
    course = course_in(found.record, found.record.day_of(found.now))
    write(out, as_json(lay_out(course, found.person, monograph(), found.now)))
    typer.echo(f"Wrote {out}")


@app.command()
def where(journal: JournalOption = None) -> None:
    """Say where the journal lies, and how much is in it.

    gradatim journal where
    """
    path = journal or usual_place()
    found = keeper(journal) if path.exists() else None
    typer.echo(f"{path}\n{'not begun yet' if found is None else f'{len(found.entries)} entries'}")


@app.command()
def verify(
    server: Annotated[
        bool, typer.Option("--server", help="Every journal in the database of the server on this machine instead.")
    ] = False,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="FOLDER", help="The server's folder, if not the usual one.")
    ] = None,
    journal: JournalOption = None,
) -> None:
    """Read the whole journal again: whether every line is there and as it was written. Exit code 2 when it is not.

    gradatim journal verify

    gradatim journal verify --server
    """
    if server:
        _verify_server(data)
        return
    if data is not None:
        raise one_fault("--data", "is the server's folder", "Add --server, or name the journal with --journal")
    from gradatim.journal.lines import LinesJournal

    path = journal or usual_place()
    if not path.exists():
        raise one_fault(str(path), "there is no journal here", "Begin one: gradatim follow plan.json")
    seen = LinesJournal(path).verify()
    typer.echo(f"{path}: {seen.entries} entries in {seen.lines} lines")
    for damage in seen.damage:
        typer.echo(f"◆ {damage}")
    if seen.set_aside is not None:
        typer.echo(f"Lines that were torn are kept in {seen.set_aside}")
    if not seen.sound:
        typer.echo(
            "Not as it was written. Everything that can be read still counts; a copy (gradatim import) brings back what is missing."
        )
        raise typer.Exit(2)
    typer.echo("Sound: every line is as it was written.")


def _verify_server(data: Path | None) -> None:
    """Every row of every journal in the server's database."""
    from gradatim.cli.serve import server_part

    server_part("start").configured(data=data)
    server_part("opened").opened()
    rows, broken = 0, 0
    for record, count, places in server_part("verifying").journals():
        rows += count
        for place in places:
            typer.echo(f"◆ journal {record.pk}, {place}")
        broken += bool(places)
    if broken:
        typer.echo(
            f"{broken} of the journals are not as they were written. Devices that still have the entries bring them back when they sync "
            "with a restored backup; keep this database as it is until somebody has looked at it."
        )
        raise typer.Exit(2)
    typer.echo(f"Sound: {rows} entries, each as it was written.")


class HistoryFormat(StrEnum):
    """What the history comes as."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def history(
    first: Annotated[
        str | None, typer.Option("--first", metavar="DATE", help="First day; by default seven days ago.")
    ] = None,
    last: Annotated[str | None, typer.Option("--last", metavar="DATE", help="Last day.")] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="Only one kind, for example dose-taken or symptom.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="From the first day on.")] = False,
    format: Annotated[HistoryFormat, typer.Option("--format", "-f", help="text, json or csv.")] = HistoryFormat.TEXT,
    journal: JournalOption = None,
) -> None:
    """Everything that was written down, with what was corrected and taken back.

    gradatim history

    gradatim history --all --format csv
    """
    from gradatim.report.history import order_of

    found = keeper(journal)
    record = found.record
    end = o.day(last, "--last") if last else record.day_of(found.now)
    begin = o.day(first, "--first") if first else date.min if everything or last else end - timedelta(days=6)
    if end < begin:
        raise one_fault("--last", f"{end} is before --first, {begin}", "Give a later last day")
    kinds = {entry.what.kind for entry in record.entries}
    if kind is not None and kind not in kinds:
        raise one_fault(
            "--kind", f"nothing of the kind {kind!r} is written down", f"Use one of: {', '.join(sorted(kinds))}"
        )
    shown = [
        entry
        for entry in sorted(record.entries, key=order_of)
        if begin <= entry.at.local(entry.zone).date() <= end and kind in (None, entry.what.kind)
    ]
    if format is HistoryFormat.JSON:
        from gradatim.journal.codec import entry_data

        typer.echo(json.dumps(entry_data(shown), indent=1, ensure_ascii=False))
    elif format is HistoryFormat.CSV:
        _csv(found, shown)
    else:
        _lines(found, shown)


def _lines(found: Keeper, shown: list[Entry]) -> None:
    from gradatim.cli.show_day import entry_line
    from gradatim.domain.finding import Message
    from gradatim.report.history import status_of
    from gradatim.words import say

    status = status_of(found.record)
    aside = {one.entry.id: one.why for one in found.record.set_aside}
    for entry in shown:
        mark = f"  ({status[entry.id]})" if entry.id in status else ""
        late = (
            ""
            if entry.recorded.seconds - entry.at.seconds < 120
            else f"  written down {entry.recorded.local(entry.zone):%a %H:%M}"
        )
        typer.echo(f"{entry_line(entry, found.record)}{mark}{late}")
        if entry.id in aside:
            typer.echo(f"    does not count: {say(Message(aside[entry.id]))}")
    if not shown:
        typer.echo("Nothing is written down for these days.")


def _csv(found: Keeper, shown: list[Entry]) -> None:
    import csv

    from gradatim.report.history import lines_of

    sheet = csv.writer(sys.stdout, lineterminator="\n")
    sheet.writerow(["id", "date", "time", "zone", "at", "recorded", "author", "device", "kind", "says", "status"])
    for line in lines_of(found.record, shown):
        entry = line.entry
        local = entry.at.local(entry.zone)
        row = [
            entry.id, local.date().isoformat(), f"{local:%H:%M}", entry.zone, entry.at.iso(), entry.recorded.iso(), entry.author, entry.device,
            entry.what.kind, line.says, line.status,
        ]  # fmt: skip
        sheet.writerow([_unformula(cell) for cell in row])


def _unformula(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    told = cell.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{told}" if told.lstrip()[:1] in tuple("=+-@＝＋－＠") else told


Passphrase = Annotated[
    Path | None, typer.Option("--passphrase-file", metavar="FILE", help="Its first line is the passphrase; else you are asked (or GRADATIM_PASSPHRASE).")
]  # fmt: skip


def _passphrase(file: Path | None, *, confirm: bool) -> str:
    if file is not None:
        try:
            return file.read_text().splitlines()[0]
        except (OSError, IndexError, UnicodeDecodeError):
            raise one_fault(
                "--passphrase-file", f"{file} gives no passphrase", "Put it on the first line of a text file"
            ) from None
    if "GRADATIM_PASSPHRASE" in os.environ:
        return os.environ["GRADATIM_PASSPHRASE"]
    if not sys.stdin.isatty():
        raise one_fault(
            "--passphrase-file", "is missing", "Give it, or set GRADATIM_PASSPHRASE; a plain copy takes --plain"
        )
    return str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm))


def export(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The copy to write.")],
    plain: Annotated[
        bool, typer.Option("--plain", help="Not encrypted: anybody who has the file can read it.")
    ] = False,
    passphrase_file: Passphrase = None,
    journal: JournalOption = None,
) -> None:
    """Write a copy of the whole journal, sealed with a passphrase (age format: the program age opens it too).

    gradatim export --out record.age
    """
    from gradatim.journal.sealed import seal, write_plain

    found = keeper(journal)
    if not found.entries:
        raise one_fault("journal", "is empty", "There is nothing to copy yet")
    data = write_plain(found.entries) if plain else seal(found.entries, _passphrase(passphrase_file, confirm=True))
    write(out, data)
    out.chmod(0o600)
    typer.echo(
        f"Wrote {out}: {len(found.entries)} entries{', not encrypted' if plain else ', sealed. Without the passphrase nobody can open it.'}"
    )


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A copy that gradatim export wrote.")],
    passphrase_file: Passphrase = None,
    journal: JournalOption = None,
) -> None:
    """Bring in a copy: all of it or nothing. What is there already stays; a new journal is begun where there is none.

    gradatim import record.age
    """
    from gradatim.journal.sealed import Form, bring_in, form_of, read_copy

    try:
        data = file.read_bytes()
    except OSError as error:
        raise one_fault(
            str(file), f"cannot be read: {error.strerror or error}", "Check the name and the folder"
        ) from None
    passphrase = _passphrase(passphrase_file, confirm=False) if form_of(data) is Form.SEALED else None
    entries = read_copy(data, passphrase, str(file))
    fold(entries)
    store = open_journal(journal, must_exist=False)
    if (there := store.since(0).entries) and there[0].person != entries[0].person:
        raise one_fault(
            str(file), "is the record of another person", "Bring it into a journal of its own: --journal FILE"
        )
    brought = bring_in(store, entries)
    typer.echo(
        f"Brought in {brought.new} {'entry' if brought.new == 1 else 'entries'}; {brought.already} were there already."
    )
    after = keeper(journal)
    if after.record.holdings:
        from gradatim.cli.heed import line_of
        from gradatim.domain.alarm import open_findings
        from gradatim.monographs import leaflet

        for one in open_findings(after.record, monograph(), leaflet(), after.now):
            line_of(one.finding, one)


def demo_journal(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The journal to write; it must not exist.")],
    seed: Annotated[int, typer.Option("--seed", help="Another number makes another record.")] = 7,
    start: Annotated[
        str | None, typer.Option("--start", metavar="DATE", help="First day; by default twelve weeks ago.")
    ] = None,
) -> None:
    """Write a made-up record of twelve weeks, to look at everything without a real one.

    gradatim demo-journal --out demo.jsonl

    gradatim today --journal demo.jsonl
    """
    from gradatim.journal.demo import WEEKS, demo_entries
    from gradatim.journal.lines import LinesJournal

    if out.exists():
        raise one_fault("--out", f"{out} exists", "Name another file: a journal is never written over")
    first = o.day(start, "--start") if start else now().utc().date() - timedelta(days=WEEKS * 7 - 1)
    entries = [entry for entry in demo_entries(monograph(), seed, first) if start or entry.recorded <= now()]
    LinesJournal(out).append(entries)
    typer.echo(
        f"Wrote {out}: {len(entries)} entries of a made-up person, from {first}.\nTry: gradatim today --journal {out}"
    )
