"""From a course to what the user asked for: text on the terminal, or one file written whole or not at all."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typer

from gradatim.cli.options import Format, Paper
from gradatim.domain.calendar import Calendar, lay_out
from gradatim.domain.clock import Instant
from gradatim.domain.course import Course
from gradatim.domain.fault import BadInput, one_fault
from gradatim.domain.person import Person
from gradatim.domain.schedule import Mode
from gradatim.exchange.document import PlanFile, document, read_document
from gradatim.monographs import bibliography, leaflet, monograph


def now() -> Instant:
    """The present; or SOURCE_DATE_EPOCH, so that documents can be made again bit by bit."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    return Instant(int(fixed)) if fixed else Instant.of(datetime.now(UTC).replace(microsecond=0))


def load(data: Mapping[str, Any]) -> PlanFile:
    """A plan document, checked whole."""
    return read_document(data, monograph())


def write(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all: to a neighbour first, then in its place."""
    payload = content.encode() if isinstance(content, str) else content
    neighbour: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            neighbour = Path(file.name)
            file.write(payload)
            file.flush()
            os.fsync(file.fileno())
        neighbour.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        neighbour.replace(path)
    except OSError as error:
        if neighbour is not None:
            neighbour.unlink(missing_ok=True)
        raise one_fault(
            str(path), f"cannot be written: {error.strerror or error}", "Check the folder and its space"
        ) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def as_json(calendar: Calendar) -> str:
    """The plan document as text."""
    return json.dumps(document(calendar, bibliography()), indent=1, ensure_ascii=False) + "\n"


def deliver(
    course: Course,
    person: Person,
    format: Format | None,
    out: Path | None,
    *,
    days: bool = False,
    paper: Paper = Paper.A4,
    large: bool = False,
    neutral: bool = False,
    alarm_minutes: int = 0,
    first: date | None = None,
    last: date | None = None,
    mode: Mode = Mode.PLANNED,
    read_back: bool = False,
    quiet: bool = False,
) -> None:
    """Lay out, write or print, and exit with 3 when a stop finding blocks. A blocked plan makes no calendar file and no paper."""
    out = None if out == Path("-") else out
    kind = format or _kind_of(out)
    if kind is Format.PDF and out is None:
        raise one_fault("--out", "is missing", "A PDF is a file: give --out calendar.pdf")
    if first is not None and last is not None and last < first:
        raise one_fault("--last", f"{last} is before --first, {first}", "Give a later last day")
    if out is not None and kind is Format.JSON:
        _keep_others(out, course)
    calendar = lay_out(course, person, monograph(), now(), first=first, last=last, mode=mode)
    blocked = calendar.blocked
    if blocked and kind in (Format.PDF, Format.ICS, Format.CSV):
        from gradatim.cli.show import show_findings

        show_findings(calendar)
        typer.echo(
            f"Blocked: no {kind} was written. Change the plan, or have it approved with named overrides.", err=True
        )
        raise typer.Exit(3)
    content = _content(calendar, kind, paper=paper, large=large, neutral=neutral, alarm_minutes=alarm_minutes)
    if content is None:
        from gradatim.cli.show import show_calendar, text_of

        if out is None:
            show_calendar(calendar, every_day=days, read_back=read_back)
        else:
            write(out, text_of(calendar, every_day=days, read_back=read_back))
    elif out is None:
        sys.stdout.write(content if isinstance(content, str) else content.decode())
    else:
        write(out, content)
    if out is not None and not quiet:
        from gradatim.cli.show import show_findings

        show_findings(calendar, short=True)
        typer.echo(f"Wrote {out}")
    if blocked:
        raise typer.Exit(3)


def _kind_of(out: Path | None) -> Format:
    ending = "" if out is None else out.suffix.lstrip(".").lower()
    if ending in ("", "txt"):
        return Format.TEXT
    if ending not in set(Format):
        raise one_fault(
            "--out", f"nothing is written as .{ending}", "Use .json, .pdf, .ics, .csv or .txt, or say --format"
        )
    return Format(ending)


def _keep_others(out: Path, course: Course) -> None:
    """Refuse to write over the document of another plan, or of one whose approved versions this course does not hold."""
    try:
        there = read_document(json.loads(out.read_text("utf-8")), monograph()).course
    except (OSError, ValueError, AttributeError, BadInput):
        return  # nothing there, or no plan document
    kept = set(course.versions)
    lost = [plan.rev for plan in there.versions if plan.approval is not None and plan not in kept]
    if lost or set(there.answers) - set(course.answers):
        what = f"the approved {lost[0]}" if lost else "answers that would be lost"
        raise one_fault(str(out), f"holds {what}", "Write to another file")


def _content(
    calendar: Calendar, kind: Format, *, paper: Paper, large: bool, neutral: bool, alarm_minutes: int
) -> str | bytes | None:
    match kind:
        case Format.JSON:
            return as_json(calendar)
        case Format.CSV:
            from gradatim.exchange.csv_file import to_csv

            return to_csv(calendar)
        case Format.ICS:
            from gradatim.exchange.ics import to_ics

            hint = leaflet().missed_dose_for(calendar.person.market).text
            return to_ics(calendar, neutral=neutral, alarm_minutes=alarm_minutes, missed_dose=hint)
        case Format.PDF:
            try:
                from gradatim.report.calendar_pdf import to_pdf
            except ImportError:
                raise one_fault(
                    "--format", "PDF needs the report extra", 'Install it: pip install "gradatim[report]"'
                ) from None
            return to_pdf(calendar, leaflet(), paper="us-letter" if paper is Paper.LETTER else "a4", large=large)
        case Format.TEXT:
            return None
