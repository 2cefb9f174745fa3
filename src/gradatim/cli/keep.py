"""The journal that the commands read and write: where it is, who writes, and what time it is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer

from gradatim.cli import options as o
from gradatim.cli.output import now
from gradatim.domain.clock import Instant, zone
from gradatim.domain.entry import Entry, PersonDescribed, PlanApproved, What
from gradatim.domain.fault import Unreadable, one_fault
from gradatim.domain.fold import fold
from gradatim.domain.journal import Journal
from gradatim.domain.person import Person
from gradatim.domain.record import Record

JournalOption = Annotated[
    Path | None,
    typer.Option(
        "--journal",
        envvar="GRADATIM_JOURNAL",
        metavar="FILE",
        help="The journal, if not the usual one.",
        show_default=False,
    ),
]
At = Annotated[
    str | None, typer.Option("--at", metavar="TIME", help="When it was, if not now: 08:05, or 2026-12-01T08:05:00Z.")
]
Day = Annotated[
    str | None, typer.Option("--day", metavar="DATE", help="The day, if not today: 2026-12-01 or yesterday.")
]
By = Annotated[str, typer.Option("--by", help="Who writes: person, carer, or a name.")]


_CLOCK_OFF = (
    24 * 60 * 60
)  # seconds that another device may be ahead: more is a clock that is wrong, and would hide what is written


def usual_place() -> Path:
    """Where the journal lies when nobody says otherwise: the folder for the data of programs."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "gradatim" / "journal.jsonl"


def open_journal(path: Path | None, *, must_exist: bool = True) -> Journal:
    """The journal. Says so on the error stream where part of it cannot be read; nothing unreadable is ever dropped."""
    from gradatim.journal.lines import LinesJournal

    where = path or usual_place()
    if must_exist and not where.exists():
        raise one_fault(
            str(where), "there is no journal here", "Begin one with an approved plan: gradatim follow plan.json (or see gradatim demo-journal)"
        )  # fmt: skip
    store = LinesJournal(where)
    store.since(0)
    for damage in store.damage:
        typer.echo(f"◆ {damage} (see gradatim journal verify)", err=True)
    if store.damage:
        typer.echo("What was written there is missing below: a dose may have been taken that is not shown.", err=True)
    return store


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """An open journal at a moment."""

    journal: Journal
    entries: tuple[Entry, ...]
    record: Record
    now: Instant
    by: str

    @property
    def person(self) -> Person:
        """Who it is about. Raises `BadInput` before the first plan."""
        if self.record.person is None:
            raise one_fault(
                "journal", "nobody is described in it", "Begin with an approved plan: gradatim follow plan.json"
            )
        return self.record.person

    def write(self, *what: What, at: Instant | None = None) -> list[Entry]:
        """Entries of this moment, stored together before this returns. ``at``: when it happened."""
        if not self.entries:
            raise one_fault(
                "journal", "nothing can be read in it, so nobody knows whose it is", "Bring in a copy: gradatim import; or begin another"
            )  # fmt: skip
        newest = max(self.entries, key=lambda entry: entry.recorded).recorded
        if newest.seconds - self.now.seconds > _CLOCK_OFF:
            raise one_fault(
                "clock", f"this machine says {self.now}, and the newest entry is of {newest}", "Set the clock of this machine, then write it down"
            )  # fmt: skip
        if len(self.journal.since(0).entries) != len(self.entries):
            raise one_fault("journal", "something was written to it this moment", "Look at it again: gradatim today")
        written = written_down(
            what, subject=self.entries[0].person, at=at or self.now, recorded=self.now, by=self.by, zone=_zone(self.record, what), after=self.entries
        )  # fmt: skip
        self.journal.append(written)
        return written


def _zone(record: Record, what: Sequence[What]) -> str:
    described = [one.person.zone for one in what if isinstance(one, PersonDescribed)]
    return described[0] if described and record.person is None else record.zone


def written_down(
    what: Sequence[What], *, subject: str | None, at: Instant, recorded: Instant, by: str, zone: str, after: Sequence[Entry] = ()
) -> list[Entry]:  # fmt: skip
    """Things as entries of this machine; see `gradatim.journal.writing.written_down`."""
    from gradatim.journal import writing

    return writing.written_down(
        what, subject=subject, at=at, recorded=recorded, by=by, device=device, zone=zone, after=after
    )


def device() -> str:
    """A name for this machine that says nothing about it: made once, kept beside the usual journal."""
    path = usual_place().with_name("device")
    try:
        if path.exists():
            return path.read_text().strip() or "terminal"
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(f"terminal-{os.urandom(4).hex()}\n")
        return path.read_text().strip()
    except OSError:
        return "terminal"


def keeper(path: Path | None, by: str = "person", *, must_exist: bool = True) -> Keeper:
    """The journal, read and folded: all of it, also what a device with a clock ahead of this one has stamped."""
    journal = open_journal(path, must_exist=must_exist)
    moment = now()
    entries = journal.since(0).entries
    if ahead := sum(entry.recorded > moment for entry in entries):
        typer.echo(
            f"Note: {ahead} entries are stamped later than this moment. Check the clocks of this machine and of the others.",
            err=True,
        )
    return Keeper(journal=journal, entries=entries, record=fold(entries), now=moment, by=by)


def followed(path: Path | None, by: str = "person") -> Keeper:
    """A journal in which a plan is followed; else a fault that says how to begin."""
    found = keeper(path, by)
    if not any(isinstance(entry.what, PlanApproved) for entry in found.entries):
        raise one_fault("journal", "no plan is followed in it", "Follow an approved plan: gradatim follow plan.json")
    if not found.record.holdings:
        raise one_fault(
            "journal", "its plan does not hold on any day", "Follow an approved plan: gradatim follow plan.json"
        )
    return found


def day_said(text: str | None, found: Keeper) -> date | None:
    """A day from ``--day``."""
    if text is None:
        return None
    today = found.record.day_of(found.now)
    if text in ("today", "yesterday"):
        return today if text == "today" else today - timedelta(days=1)
    return o.day(text, "--day")


def happened(at: str | None, day: str | None, found: Keeper) -> Instant | None:
    """When something happened, from ``--at`` and ``--day``: now without either. A day by itself does not say when."""
    on = day_said(day, found)
    if at is None and on is not None and on != found.record.day_of(found.now):
        raise one_fault("--day", "does not say when it was", "Add the time, for example --at 20:00")
    return moment_said(at, found, on)


def moment_said(text: str | None, found: Keeper, day: date | None = None) -> Instant | None:
    """An instant from ``--at``: a clock time of the day meant, by the clock of the person's zone; or an instant with its offset."""
    if text is None:
        return None
    if len(text) <= 5:
        try:
            clock = time.fromisoformat(text if len(text) == 5 else f"0{text}")
        except ValueError:
            raise one_fault(
                "--at", f"{text!r} is not a time of day", "Write hours and minutes, for example 08:05"
            ) from None
        on = day or found.record.day_of(found.now)
        at = Instant.of(datetime.combine(on, clock, zone(found.record.zone_on(on))))
    else:
        try:
            at = Instant.parse(text)
        except Unreadable as fault:
            raise one_fault("--at", fault.problem, fault.remedy) from None
    if at > found.now:
        raise one_fault(
            "--at", f"{text} has not come yet", "Record what has happened; add --day yesterday for last night"
        )
    return at
