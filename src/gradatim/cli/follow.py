"""``follow``: an approved plan becomes the one that the record goes by."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from gradatim.cli import options as o
from gradatim.cli.keep import By, JournalOption, Keeper, keeper, open_journal, written_down
from gradatim.cli.output import load, now
from gradatim.domain.calendar import lay_out
from gradatim.domain.course import Blocked, Course
from gradatim.domain.fault import one_fault
from gradatim.domain.fold import fold
from gradatim.domain.following import another, course_on, displaced, news, signed, unknown_jump
from gradatim.domain.person import Person
from gradatim.domain.record import Record
from gradatim.exchange.order import file_data
from gradatim.monographs import monograph


def follow(
    file: o.PlanFile,
    instead: Annotated[
        bool,
        typer.Option(
            "--instead", help="Follow this plan instead of another one that is followed now; the prescriber said so."
        ),
    ] = False,
    by: By = "person",
    journal: JournalOption = None,
) -> None:
    """Follow an approved plan: from now on the journal says what is due. The first plan begins the journal.

    gradatim follow plan.json
    """
    plan_file = load(file_data(file))
    course = plan_file.course
    approved = signed(course)
    if approved is None:
        raise one_fault(
            str(file), f"{course.latest.rev} is {course.latest.state}", "Have it approved first: gradatim approve"
        )
    calendar = lay_out(approved, plan_file.person, monograph(), now())
    if calendar.blocked:
        raise Blocked(calendar.stops)
    found = keeper(journal, by, must_exist=False)
    _same_person(found.record, plan_file.person, file)
    _same_plan(found, course, file, instead=instead)
    what = news(found.record, plan_file.person, course)
    latest = course.latest
    if not what and latest.approval is None:
        raise one_fault(str(file), f"{latest.rev} is {latest.state}", "Have it approved first: gradatim approve")
    if not what:
        typer.echo(f"Nothing new: {approved.latest.rev} is followed already.")
        return
    if latest.approval is None:
        typer.echo(f"Note: {latest.rev} is {latest.state}, and is not followed before it is approved.", err=True)
    zone = found.record.zone if found.entries else plan_file.person.zone
    subject = found.entries[0].person if found.entries else None
    written = written_down(
        what, subject=subject, at=found.now, recorded=found.now, by=by, zone=zone, after=found.entries
    )
    record = fold((*found.entries, *written))
    if aside := [one for one in record.set_aside if one.entry in written]:
        from gradatim.domain.finding import Message
        from gradatim.words import say

        raise one_fault(str(file), say(Message(aside[0].why)).rstrip("."), "Nothing was written")
    open_journal(journal, must_exist=False).append(written)
    from gradatim.cli.show_day import entry_line

    for entry in written:
        typer.echo(f"Recorded: {entry_line(entry, record)}")
    for one in record.holdings:
        if one.entry in written and one.first > one.plan.start:
            typer.echo(f"It holds from {one.first} on; the days before stay as they are.")
        if one.entry in written and (jump := unknown_jump(record, one)) is not None:
            typer.echo(
                f"◆ From {one.first} on it is {jump[1]} a day. Until then it is {jump[0]} a day, by another plan. This plan was not checked "
                "against that step. Ask the prescriber before that day. Stopping or cutting suddenly can make you very ill.",
                err=True,
            )
    typer.echo("Next: gradatim today")


def _same_person(record: Record, person: Person, file: Path) -> None:
    """Raises `BadInput` for the plan of somebody of another name, sex or age."""
    if (other := another(record, person)) is not None:
        called, known = other[0] or "somebody else", other[1] or "another person"
        raise one_fault(
            str(file), f"is the plan of {called}, and this journal is of {known}", "Keep a journal for each person: --journal FILE"
        )  # fmt: skip


def _same_plan(found: Keeper, course: Course, file: Path, *, instead: bool) -> None:
    """Raises `BadInput` for a plan of another name than the one that holds now, unless somebody says that it comes in its place."""
    held = displaced(found.record, course, found.record.day_of(found.now))
    if held is not None and not instead:
        who = held.approval.by if held.approval else "nobody"
        raise one_fault(
            str(file), f"is plan {course.latest.id}, and {held.rev}, approved by {who}, is followed now",
            "Ask the prescriber whether it comes in its place; if so: --instead. A new version of the plan that is followed needs no flag",
        )  # fmt: skip


def course_in(record: Record, day: date) -> Course:
    """The plan that holds on a day, with its versions and the answers so far, as a plan file holds it."""
    course = course_on(record, day)
    if course is None:
        raise one_fault("journal", "no plan is followed in it", "Follow an approved plan: gradatim follow plan.json")
    return course
