"""``calendar``, ``check``, ``compare``, ``supply``, ``renal``: looking without changing anything."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from gradatim.cli import options as o
from gradatim.cli.output import deliver, load, now
from gradatim.domain.calendar import lay_out
from gradatim.domain.compare import without_newest
from gradatim.domain.course import Course
from gradatim.domain.person import Person
from gradatim.domain.reading import read
from gradatim.domain.schedule import Mode
from gradatim.exchange.document import PlanFile, need_data
from gradatim.exchange.order import file_data, make_plan, read_order
from gradatim.monographs import monograph

First = Annotated[str | None, typer.Option("--first", help="First day to show.")]
Last = Annotated[str | None, typer.Option("--last", "--until", help="Last day to show.")]
ToTake = Annotated[
    bool, typer.Option("--to-take", help="Only what an approved plan says to take, given the answers so far.")
]
AnyFile = Annotated[Path, typer.Argument(metavar="FILE", help="An order, or a plan document.")]


def opened(file: Path) -> PlanFile:
    """A plan document, or an order planned on the spot."""
    data = file_data(file)
    if "schema" in data:
        return load(data)
    order = read_order(data, monograph(), file.parent)
    return PlanFile(person=order.person, course=Course(versions=(make_plan(order, monograph()),)))


def calendar(
    file: AnyFile,
    format: o.FormatOption = None,
    out: o.Out = None,
    first: First = None,
    last: Last = None,
    to_take: ToTake = False,
    days: Annotated[bool, typer.Option("--days/--steps", help="Print every day, or only the steps.")] = True,
    paper: o.PaperOption = o.Paper.A4,
    large: o.Large = False,
    neutral: o.Neutral = False,
    alarm_minutes: Annotated[
        int, typer.Option("--alarm-minutes", min=0, max=120, help="How long before a dose the phone rings.")
    ] = 0,
) -> None:
    """Print the dated doses, or write them as a PDF, a phone's calendar, CSV or JSON.

    gradatim calendar plan.json

    gradatim calendar plan.json --out calendar.pdf --paper letter --large

    gradatim calendar plan.json --out doses.ics --neutral
    """
    found = opened(file)
    deliver(
        found.course, found.person, format, out, days=days, paper=paper, large=large, neutral=neutral, alarm_minutes=alarm_minutes,
        first=_day(first, "--first"), last=_day(last, "--last"), mode=Mode.TO_TAKE if to_take else Mode.PLANNED,
    )  # fmt: skip


def _day(text: str | None, flag: str) -> date | None:
    return None if text is None else o.day(text, flag)


def check(
    file: AnyFile,
    format: o.PlainOption = o.Plain.TEXT,
) -> None:
    """Check an order or a plan against the published limits. Exit code 3 when a stop finding blocks it.

    gradatim check examples/egfr-45.toml
    """
    from gradatim.cli.show import show_findings

    found = opened(file)
    laid = lay_out(found.course, found.person, monograph(), now())
    if format is o.Plain.JSON:
        from gradatim.exchange.document import document
        from gradatim.monographs import bibliography

        typer.echo(json.dumps(document(laid, bibliography())["findings"], indent=1, ensure_ascii=False))
    else:
        show_findings(laid)
    if laid.stops:
        raise typer.Exit(3)


def compare(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="A plan document or order.")],
    new: Annotated[
        Path | None, typer.Argument(metavar="[NEW]", help="Another; without it the last two versions of OLD.")
    ] = None,
) -> None:
    """Say in words what differs between two plans, or between the last two versions of one.

    gradatim compare plan.json

    gradatim compare before.json after.json
    """
    from gradatim.cli.show import show_changes

    found = opened(old)
    if new is not None:
        show_changes(found.course, opened(new).course)
        return
    earlier = without_newest(found.course)
    if earlier is None:
        typer.echo("There is only one version: nothing to compare.")
        return
    show_changes(earlier, found.course)


def supply(
    file: AnyFile,
    first: First = None,
    last: Last = None,
    by_step: Annotated[bool, typer.Option("--by-step", help="Also for each step.")] = False,
    to_take: ToTake = False,
    format: o.PlainOption = o.Plain.TEXT,
) -> None:
    """What to dispense: tablets by strength for the whole plan, for each step, or to a date.

    gradatim supply plan.json --until 2026-12-31 --by-step
    """
    from gradatim.cli.show import show_supply

    found = opened(file)
    laid = lay_out(
        found.course,
        found.person,
        monograph(),
        now(),
        first=_day(first, "--first"),
        last=_day(last, "--until"),
        mode=Mode.TO_TAKE if to_take else Mode.PLANNED,
    )
    if format is o.Plain.JSON:
        data = {"first": str(laid.first), "last": str(laid.last), "supply": [need_data(need) for need in laid.supply]}
        typer.echo(json.dumps(data, indent=1, ensure_ascii=False))
    else:
        show_supply(laid, by_step=by_step)


def renal(
    age: Annotated[str, typer.Option(help="Age: 72.")],
    creatinine: Annotated[str, typer.Option(help="Serum creatinine with its unit: 120umol/L or 1.4mg/dL.")],
    sex: Annotated[str | None, typer.Option(help="female or male (adults).")] = None,
    weight: Annotated[str | None, typer.Option(help="Body weight: 62kg.")] = None,
    height: Annotated[str | None, typer.Option(help="Height: 168cm (children; ideal and adjusted weight).")] = None,
    format: o.PlainOption = o.Plain.TEXT,
) -> None:
    """Kidney function by Cockcroft-Gault, CKD-EPI 2021 and bedside Schwartz, and what it means for baclofen.

    gradatim renal --age 72 --sex female --weight 58kg --height 160cm --creatinine 120umol/L
    """
    from gradatim.cli.show import show_renal
    from gradatim.domain.fault import BadInput

    parts = o.given(age=age, creatinine=creatinine, sex=sex, weight=weight, height=height)
    try:
        person = read(Person, {"zone": "UTC", **parts}, "person")
    except BadInput as bad:
        raise o.flag_faults(bad, "person") from None
    show_renal(person, monograph(), as_json=format is o.Plain.JSON)
