"""``hold``, ``step-back``, ``slow-down``, ``switch``, ``retime``: a new version of a plan, never a faster one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from gradatim.cli import options as o
from gradatim.cli.output import deliver, load
from gradatim.domain import change as domain
from gradatim.domain.course import Course
from gradatim.domain.plan import Plan, slots_at
from gradatim.exchange.order import file_data
from gradatim.monographs import monograph


def _apply(file: Path, out: Path | None, change: Callable[[Course], Plan]) -> None:
    """Load, change, compare in words, and write: into the plan file itself unless told otherwise."""
    from gradatim.cli.show import show_changes

    found = load(file_data(file))
    course = found.course.with_draft(change(found.course))
    _tell_held(found.course, course.latest.start)
    try:
        deliver(course, found.person, o.Format.JSON, out or file)
    except typer.Exit:  # written, and blocked
        show_changes(found.course, course)
        raise
    show_changes(found.course, course)


def _tell_held(course: Course, on: date) -> None:
    """Say so where the doses that are changed are held back by a review: more may be taken than is recorded."""
    held = course.to_take(on)
    if held is not None and held.waiting is not None and held.last is None:
        typer.echo(
            f"The plan is held at {held.day_total} a day since {held.first}: review {held.waiting} is not answered. "
            "If more is taken, record the answer first (gradatim answer).",
            err=True,
        )


def hold(
    file: o.PlanFile,
    on: o.On,
    days: Annotated[
        int | None, typer.Option("--days", help="For how many days; without it until a later version.")
    ] = None,
    note: o.Note = None,
    out: o.OutBack = None,
) -> None:
    """Keep the present doses for longer, then go on.

    gradatim hold plan.json --on 2026-12-08 --days 7 --note "sleepy in the mornings"
    """
    _apply(file, out, lambda course: domain.hold(course, o.day(on, "--on"), days, note))


def step_back(file: o.PlanFile, on: o.On, note: o.Note = None, out: o.OutBack = None) -> None:
    """Go back to the dose before, for a week at least; a clinician says when to go on. In a taper the cuts that remain are halved.

    gradatim step-back plan.json --on 2026-12-08 --note "two falls since the step"
    """
    _apply(file, out, lambda course: domain.step_back(course, o.day(on, "--on"), note, monograph()))


def slow_down(
    file: o.PlanFile,
    on: o.On,
    every: Annotated[str, typer.Option(help="Days that each remaining step lasts at least: 7.")],
    out: o.OutBack = None,
) -> None:
    """Make every step that remains longer. There is no way to make one shorter.

    gradatim slow-down plan.json --on 2026-12-08 --every 14
    """
    _apply(file, out, lambda course: domain.slow_down(course, o.day(on, "--on"), o.days_of(every, "--every") or 0))


def switch(
    file: o.PlanFile,
    on: o.On,
    products: Annotated[list[str], typer.Option(help="What the doses are made from then on: uk/10,uk/5.")],
    syringe_mark: Annotated[
        int | None, typer.Option("--syringe-mark", help="Distance between syringe marks in microlitres.")
    ] = None,
    out: o.OutBack = None,
) -> None:
    """Make the same doses from other tablets, or from a liquid.

    gradatim switch plan.json --on 2026-12-20 --products uk/solution-1
    """
    wanted = tuple(o.listed(products) or ())
    _apply(file, out, lambda course: domain.switch(course, o.day(on, "--on"), wanted, monograph(), syringe_mark))


def retime(
    file: o.PlanFile,
    on: o.On,
    times: Annotated[list[str], typer.Option(help="The new times of day, one for each dose: 07:00,13:00,20:00.")],
    out: o.OutBack = None,
) -> None:
    """Move the doses to other times of day; each stays the same dose.

    gradatim retime plan.json --on 2026-12-20 --times 07:00,13:00,20:00
    """
    from gradatim.domain.plan import Slot
    from gradatim.domain.reading import read

    said = read(tuple[Slot, ...], [{"id": "s", "at": at} for at in o.listed(times) or []], "--times")
    moved = tuple(slot.at for slot in said)
    slots_at(moved, "--times")
    _apply(file, out, lambda course: domain.retime(course, o.day(on, "--on"), moved))
