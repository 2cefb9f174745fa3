"""``fit``: what levels that were measured in one person tell, by a published model and the doses that were taken."""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gradatim.cli import options as o
from gradatim.cli.keep import followed
from gradatim.cli.look import opened
from gradatim.cli.output import now, write
from gradatim.cli.simulate import described, needs
from gradatim.domain.fault import Unreadable, one_fault
from gradatim.domain.person import Person
from gradatim.monographs import leaflet, monograph

if TYPE_CHECKING:
    from gradatim.kinetics.variability import Scatter
    from gradatim.report.levels.arm import Arm
    from gradatim.report.levels.measured import MeasuredFigure, Sample

DEFAULT = "simon-2018"
"""The model that says of all its parameters how people differ, and how levels scatter."""
MOST_DRAWS = 200_000


class Kind(StrEnum):
    """What comes out."""

    TEXT = "text"
    JSON = "json"
    SVG = "svg"


def fit(
    levels: Annotated[
        Path,
        typer.Argument(
            metavar="LEVELS", help="CSV with the columns at (2026-12-14T08:30) and level (120 ng/mL, or <20 ng/mL)."
        ),
    ],
    plan: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PLAN]",
            help="The order or plan whose doses were taken; without one the journal.",
            show_default=False,
        ),
    ] = None,
    journal: Annotated[
        Path | None,
        typer.Option("--journal", metavar="FILE", help="What was really taken, from this journal.", show_default=False),
    ] = None,
    model: Annotated[
        str,
        typer.Option("--model", metavar="ID", help="A model of the library that tells how people and levels differ."),
    ] = DEFAULT,
    person: Annotated[
        str | None,
        typer.Option(
            "--person", metavar="WHO", help="A file with a person, or crcl=40mL/min; by default that of the plan."
        ),
    ] = None,
    scatter: Annotated[
        str | None,
        typer.Option(
            "--scatter",
            metavar="SD",
            help="How far measured levels scatter, in place of what was published: 15% or 10ng/mL, or 15%,10ng/mL.",
        ),
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="First day to show; by default two days before the first level."),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="DATE", help="Last day to show; by default the day after the last level."),
    ] = None,
    percent: Annotated[float, typer.Option("--percent", min=1, max=99, help="How certain the ranges are.")] = 90,
    draws: Annotated[
        int, typer.Option("--draws", min=100, max=MOST_DRAWS, help="How many draws the ranges are of.")
    ] = 4000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same number gives the same draws.")] = 1,
    format: Annotated[
        Kind | None, typer.Option("--format", "-f", help="What to make; by default what --out ends in, else text.")
    ] = None,
    out: o.Out = None,
) -> None:
    """What levels that were measured tell of one person, beside what a published model expects. It recommends no dose.

    gradatim fit levels.csv plan.json

    gradatim fit levels.csv --journal journal.jsonl --out fit.svg
    """
    out = None if out == Path("-") else out
    kind = format or _kind_of(out)
    with needs("fit"):
        from gradatim.kinetics.subject import subject
        from gradatim.report.levels.measured import measured_figure

    first, last = (None if text is None else o.day(text, flag) for text, flag in ((from_, "--from"), (to, "--to")))
    if plan is not None and journal is not None:
        raise one_fault(
            "PLAN", "beside --journal", "Give the plan that was taken as written, or the journal of what was"
        )
    arm, whose, samples = _arm(levels, plan, journal, first, last)
    known, given = described(person, whose)
    who = subject(model, known, given)
    made = measured_figure(
        arm, who, samples, whose.zone, scatter=_scatter(scatter, who.unit), percent=percent, draws=draws, seed=seed
    )
    content = _content(made, kind, to_file=out is not None)
    if content is None:
        return
    if out is None:
        sys.stdout.write(content)
        return
    write(out, content)
    typer.echo(f"Wrote {out}")


def _content(made: MeasuredFigure, kind: Kind, *, to_file: bool) -> str | None:
    from gradatim.report.levels.measured import data

    match kind:
        case Kind.TEXT:
            from gradatim.cli.show_fit import show_fit

            return show_fit(made, to_file=to_file)
        case Kind.JSON:
            return json.dumps(data(made), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        case Kind.SVG:
            from gradatim.report.levels.measured_drawing import to_svg

            return to_svg(made)


def _kind_of(out: Path | None) -> Kind:
    ending = "" if out is None else out.suffix.lstrip(".").lower()
    if ending in ("", "txt"):
        return Kind.TEXT
    if ending not in set(Kind):
        raise one_fault("--out", f"nothing is written as .{ending}", "Use .svg, .json or .txt, or say --format")
    return Kind(ending)


def _arm(
    levels: Path, plan: Path | None, journal: Path | None, first: date | None, last: date | None
) -> tuple[Arm, Person, tuple[Sample, ...]]:
    """The doses over the days around the levels, whose they are, and the levels."""
    from gradatim.domain.finding import message
    from gradatim.report.levels.arm import planned, taken
    from gradatim.report.levels.measured import read_samples, window
    from gradatim.words import say

    if plan is not None:
        found = opened(plan)
        samples = read_samples(levels, "ng/mL", found.person.zone)
        begin, end = window(samples, found.person.zone)
        begin, end = first or max(begin, found.course.versions[0].start), last or end
        return (
            planned(plan.stem, found.course, found.person.zone, monograph(), first=begin, last=end),
            found.person,
            samples,
        )
    own = os.environ.get("GRADATIM_JOURNAL")
    keeper = followed(journal or (Path(own) if own else None))
    if last is not None:
        raise one_fault("--to", "a journal ends now", "Leave --to out, or give a plan")
    samples = read_samples(levels, "ng/mL", keeper.person.zone)
    begin = first or window(samples, keeper.person.zone)[0]
    arm = taken(say(message("levels.taken")), keeper.record, monograph(), leaflet(), now(), first=begin)
    return arm, keeper.person, samples


def _scatter(text: str | None, unit: str) -> Scatter | None:
    if text is None:
        return None
    from gradatim.kinetics.units import Quantity
    from gradatim.kinetics.variability import Scatter

    sizes = {"proportional": 0.0, "additive": 0.0}
    for part in text.split(","):
        try:
            spaced = part.strip() if " " in part.strip() else _spaced(part.strip())
            if spaced.endswith("%"):
                sizes["proportional"] = Quantity.parse(spaced).to("1")
            else:
                sizes["additive"] = Quantity.parse(spaced).to(unit)
        except Unreadable as bad:
            raise one_fault("--scatter", bad.problem, f"{bad.remedy}. For example 15%,10ng/mL") from None
    return Scatter(**sizes)


def _spaced(text: str) -> str:
    place = next((k for k, letter in enumerate(text) if not (letter.isdigit() or letter == ".")), len(text))
    return f"{text[:place]} {text[place:]}".strip()
