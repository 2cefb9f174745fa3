"""``approve`` and ``answer``: what only a person can say."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from gradatim.cli import options as o
from gradatim.cli.follow import course_in
from gradatim.cli.heed import line_of
from gradatim.cli.keep import JournalOption, followed
from gradatim.cli.output import as_json, deliver, load, now, write
from gradatim.domain import course as domain
from gradatim.domain.alarm import open_findings
from gradatim.domain.answering import asked_by, review_meant, taken_back, works_from
from gradatim.domain.approval import Approval, CopiedFrom, Override, Role
from gradatim.domain.calendar import lay_out
from gradatim.domain.clock import Instant, LocalSlot, slot_of
from gradatim.domain.entry import ReviewAnswered
from gradatim.domain.fault import BadInput, Unreadable, one_fault
from gradatim.domain.plan import Answerer, Review, State
from gradatim.domain.timeline import Answer
from gradatim.exchange.document import ask_text
from gradatim.exchange.order import file_data
from gradatim.monographs import leaflet, monograph


def _at(text: str | None) -> Instant:
    if text is None:
        return now()
    try:
        return Instant.parse(text)
    except Unreadable as fault:
        raise one_fault("--at", fault.problem, fault.remedy) from None


def approve(
    file: o.PlanFile,
    by: Annotated[str, typer.Option(help="Name of who approves, or of who copied the paper.")],
    role: Annotated[Role, typer.Option(help="In what capacity.")] = Role.PRESCRIBER,
    copied_from: Annotated[str | None, typer.Option("--copied-from", help="Prescriber whose paper was copied.")] = None,
    dated: Annotated[str | None, typer.Option(help="Date of that paper.")] = None,
    override: Annotated[
        list[str] | None, typer.Option(metavar='RULE="REASON"', help="Go beyond a stop finding, with the reason.")
    ] = None,
    override_by: Annotated[
        str | None, typer.Option("--override-by", help="Clinician who overrides, if not who approves.")
    ] = None,
    override_role: Annotated[Role, typer.Option("--override-role", help="Their capacity.")] = Role.PRESCRIBER,
    at: Annotated[str | None, typer.Option(help="When, if not now: 2026-11-25T10:00:00Z.")] = None,
    out: o.OutBack = None,
) -> None:
    """Approve the newest version, as its prescriber or as a copy of a prescriber's paper.

    gradatim approve plan.json --by "Dr A. Name"

    gradatim approve plan.json --by "A. Name" --role carer --copied-from "Dr B. Name" --dated 2026-11-20

    gradatim approve plan.json --by "Dr A. Name" --override day-adult-us="inpatient, seen daily"
    """
    found = load(file_data(file))
    when = _at(at)
    if (copied_from is None) != (dated is None):
        raise one_fault("--copied-from", "and --dated belong together", "Give both, or neither")
    copy = (
        None
        if copied_from is None or dated is None
        else CopiedFrom(prescriber=copied_from, dated=o.day(dated, "--dated"))
    )
    approval = Approval(by=by, role=role, at=when, copied_from=copy)
    clinician = (override_by or by, override_role if override_by else role)
    overrides = tuple(_override(text, *clinician, when) for text in override or [])
    course = found.course
    today = slot_of(when, found.person.zone).day
    for past, what in ((course.latest.start, "started"), (course.latest.until, "was valid until")):
        if past < today:
            typer.echo(f"Note: the plan {what} {past}, before today. Check what is really taken.", err=True)
    if course.latest.state is State.DRAFT:
        course = domain.propose(course)
    calendar = lay_out(course, found.person, monograph(), when)
    course = domain.approve(course, calendar.findings, approval, overrides, today)
    target = out or file
    write(target, as_json(lay_out(course, found.person, monograph(), when)))
    copied = f" (copied from {copied_from}'s paper of {dated})" if copied_from else ""
    typer.echo(f"{course.latest.rev} is approved by {by}{copied}, starting {course.latest.start}.")
    for taken in overrides:
        typer.echo(f"  overridden: {taken.rule}, by {taken.by}: {taken.reason}")
    typer.echo(f"Wrote {target}")


def _override(text: str, by: str, role: Role, at: Instant) -> Override:
    rule, mark, reason = text.partition("=")
    if not mark:
        raise one_fault("--override", f"{text!r} gives no reason", f'Write {text}="why"')
    try:
        return Override(rule=rule.strip(), by=by, role=role, reason=reason.strip(), at=at)
    except BadInput as bad:
        raise BadInput([replace(fault, path=f"--override {rule} ({fault.path})") for fault in bad.faults]) from None


def answer(
    by: Annotated[str, typer.Option(help="Name of who answers.")],
    go_on: Annotated[bool, typer.Option("--go-on/--not-yet", help="Go on to the next step, or stay.")],
    file: Annotated[
        Path | None, typer.Argument(metavar="[PLAN.json]", help="A plan document; without it, the journal.")
    ] = None,
    role: Annotated[Answerer, typer.Option(help="Who that is.")] = Answerer.PERSON,
    review: Annotated[str | None, typer.Option(help="Which review; by default the one that is waiting.")] = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Go on although the watch says something against it.")
    ] = False,
    at: Annotated[str | None, typer.Option(help="When, if not now: 2026-12-04T07:00:00Z.")] = None,
    out: o.OutBack = None,
    journal: JournalOption = None,
) -> None:
    """Answer a review: go on, or not yet. Until then the doses stay as they are.

    gradatim answer --by "A. Name" --go-on

    gradatim answer plan.json --by "A. Name" --go-on
    """
    if file is None:
        if at is not None or out is not None:
            raise one_fault(
                "--at",
                "and --out are for a plan document",
                "Name the file, or leave them out: the journal keeps the time itself",
            )
        _answer_in_journal(journal, by, role, review, go_on=go_on, anyway=anyway)
        return
    found = load(file_data(file))
    when = _at(at)
    local = slot_of(when, found.person.zone)
    if local.day < slot_of(now(), found.person.zone).day:
        raise one_fault(
            "--at",
            f"{local.day} is past, and past doses cannot change",
            "Answer as of today: the plan goes on from now",
        )
    given = _given(found.course, local, review, by=by, role=role, go_on=go_on)
    course = domain.answer_when_due(found.course, given)
    target = out or file
    deliver(course, found.person, o.Format.JSON, target, quiet=True)
    typer.echo(f"{_said(given)}\nWrote {target}")


def _said(given: Answer) -> str:
    return f"{given.review}: {'go on' if given.go_on else 'not yet'}, said {given.by}; it holds from {given.from_day}."


def _given(
    course: domain.Course, local: LocalSlot, review: str | None, *, by: str, role: Answerer, go_on: bool
) -> Answer:
    """An answer to the review that is named, or waits, or comes next; it works today only where no dose of today is past."""
    plan = course.in_force(local.day)
    if plan is None:
        raise one_fault(
            "PLAN.json", f"no approved plan is in force on {local.day}", "Have it approved first: gradatim approve"
        )
    chosen = review or review_meant(course, local.day)
    if chosen is None:
        raise one_fault("--review", "no review is open", "Nothing has to be answered")
    return Answer(review=chosen, go_on=go_on, by=by, role=role, on=local.day, from_day=works_from(plan, local))


def _answer_in_journal(
    journal: Path | None, by: str, role: Answerer, review: str | None, *, go_on: bool, anyway: bool
) -> None:
    """What is asked, what changes and what stands against it come before the answer. "Not yet" can take back a "go on" that does not
    work yet."""
    found = followed(journal, by)
    local = slot_of(found.now, found.record.zone)
    course = course_in(found.record, local.day)
    given = _given(
        course, local, review or (None if go_on else taken_back(course, local.day)), by=by, role=role, go_on=go_on
    )
    after = domain.answer_when_due(course, given)
    asked = asked_by(course, given.review)
    assert asked is not None, "the answer was taken"
    old, new = course.to_take(given.from_day), after.to_take(given.from_day)
    if old is not None and new is not None:
        rise = (
            f"{old.day_total} → {new.day_total} a day"
            if old.day_total != new.day_total
            else f"stays at {old.day_total} a day"
        )
        typer.echo(f"From {given.from_day}: {rise}.")
    if go_on:
        _tell_questions(asked)
        alarms = open_findings(found.record, monograph(), leaflet(), found.now)
        if alarms and not anyway:
            typer.echo("\nNothing was written. This stands against it:", err=True)
            for one in alarms:
                line_of(one.finding, one)
            typer.echo(
                "\nAsk the prescriber first. Write down what was said (gradatim watch --answer RULE --by … --said …), or answer with --anyway.",
                err=True,
            )
            raise typer.Exit(3)
        if sys.stdin.isatty() and not typer.confirm("Is the answer to each of these yes?"):
            typer.echo("Nothing was written: the dose stays as it is. To write that down: gradatim answer --not-yet")
            return
    found.write(
        ReviewAnswered(
            plan=course.latest.id, review=given.review, go_on=go_on, by=by, role=role, from_day=given.from_day
        )
    )
    typer.echo(_said(given))


def _tell_questions(asked: Review) -> None:
    typer.echo("Go on only if the answer to each is yes:")
    for ask in asked.asks:
        typer.echo(f"  ☐ {ask_text(ask)}")
