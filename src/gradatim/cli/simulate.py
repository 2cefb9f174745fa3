"""``simulate``: what a plan, or what was really taken, does to the level of the drug in the blood."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gradatim.cli import options as o
from gradatim.cli.keep import followed
from gradatim.cli.look import opened
from gradatim.cli.output import now, write
from gradatim.domain.fault import BadInput, one_fault
from gradatim.domain.person import Person
from gradatim.domain.reading import read
from gradatim.exchange.order import file_data
from gradatim.monographs import leaflet, monograph

if TYPE_CHECKING:
    from gradatim.kinetics import OwnDays
    from gradatim.kinetics.cluster import Client
    from gradatim.report.levels import Arm, LevelFigure

MANY = 20_000  # people, from which on it takes long enough for a bar
TAKEN_DAYS = 14
MOST_PEOPLE = 10_000_000
MOST_WORKERS = 256
JOURNAL_DAYS = 365
BLOCK = 7


class Kind(StrEnum):
    """What comes out."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"
    SVG = "svg"
    PNG = "png"


class TableOf(StrEnum):
    """What a table holds."""

    CURVE = "curve"
    DAYS = "days"


def simulate(
    plan: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PLAN…]", help="Orders or plan documents, compared with the first; without one the journal."
        ),
    ] = None,
    person: Annotated[
        str | None,
        typer.Option(
            "--person",
            metavar="WHO",
            help="A file with a person, or crcl=40mL/min, weight=30kg; by default the person of the first plan.",
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            metavar="ID",
            help="A model of the library, for example simon-2018; by default one for adults or children.",
        ),
    ] = None,
    bands: Annotated[
        str, typer.Option("--bands", metavar="PERCENT", help="Shares of the people: 5,50,95; or none.")
    ] = "5,50,95",
    from_: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="First day; by default that of each plan.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Last day; by default that of each plan.")
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(
            "--days",
            min=1,
            max=366,
            help="How many days, from the first; of the journal the last so many, by default 14.",
        ),
    ] = None,
    missed: Annotated[
        str | None,
        typer.Option(
            "--missed", metavar="DATE,DATE", help="Beside the first plan: the same without the doses of these days."
        ),
    ] = None,
    journal: Annotated[
        Path | None,
        typer.Option(
            "--journal",
            metavar="FILE",
            help="What was really taken, from this journal, beside the plans.",
            show_default=False,
        ),
    ] = None,
    people: Annotated[
        int, typer.Option("--people", min=1, max=MOST_PEOPLE, help="How many made-up people the bands are of.")
    ] = 1000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same number draws the same people.")] = 1,
    engine: Annotated[
        str,
        typer.Option(
            "--engine", metavar="cpu|gpu|best", help="What works many people out; best: a GPU if there is one."
        ),
    ] = "cpu",
    adherence_from: Annotated[
        Path | None,
        typer.Option(
            "--adherence-from",
            metavar="FILE",
            help="The people of the bands of plans miss doses and come late as on the days of this journal, drawn by weeks.",
            show_default=False,
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", min=1, max=MOST_WORKERS, help="Give the people to so many processes of this machine."
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            "--cluster",
            metavar="ADDRESS",
            help="Give them to a Dask cluster, for example tcp://192.0.2.7:8786; it sees doses, kidneys and weight, no name and no date.",
        ),
    ] = None,
    format: Annotated[
        Kind | None, typer.Option("--format", "-f", help="What to make; by default what --out ends in, else text.")
    ] = None,
    table: Annotated[
        TableOf, typer.Option("--table", help="What CSV and Parquet hold: the curve, or the exposure of each day.")
    ] = TableOf.CURVE,
    every_day: Annotated[bool, typer.Option("--every-day", help="Print each day, not each step.")] = False,
    out: o.Out = None,
) -> None:
    """What a plan, or what was really taken, does to the level of the drug in the blood, by a published model. It changes no dose.

    gradatim simulate plan.json --out levels.png

    gradatim simulate plan.json other.json --person crcl=40mL/min

    gradatim simulate --days 28 --out taken.svg
    """
    out = None if out == Path("-") else out
    kind = format or _kind_of(out)
    if out is None and kind in (Kind.PNG, Kind.PARQUET):
        raise one_fault("--out", "is missing", f"{kind} is a file: give --out levels.{kind}")
    with needs():
        from gradatim.kinetics.subject import subject
        from gradatim.report.levels import level_figure

    first, last = (None if text is None else o.day(text, flag) for text, flag in ((from_, "--from"), (to, "--to")))
    arms, whose = _arms(plan or [], journal, first, last, days, missed)
    known, given = described(person, whose)
    who, percents = subject(model, known, given), _percents(bands)
    taking = None if adherence_from is None else _as_in(adherence_from, percents)
    with _hands(workers, cluster) as on, _watched(2 * people * len(arms), people) as watch:
        made = level_figure(
            arms, who, percents=percents, people=people, seed=seed, watch=watch, engine=engine, taking=taking, on=on
        )  # fmt: skip
    _deliver(made, kind, out, table, every_day=every_day)


def _kind_of(out: Path | None) -> Kind:
    ending = "" if out is None else out.suffix.lstrip(".").lower()
    if ending in ("", "txt"):
        return Kind.TEXT
    if ending not in set(Kind):
        raise one_fault(
            "--out",
            f"nothing is written as .{ending}",
            "Use .png, .svg, .csv, .parquet, .json or .txt, or say --format",
        )
    return Kind(ending)


@contextmanager
def needs(command: str = "simulate") -> Iterator[None]:
    """What a command of drug levels imports: where it is not installed, what to install."""
    try:
        yield
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] not in {"numpy", "typst", "fontpkg"}:
            raise
        extra = "kinetics" if missing.name == "numpy" else "report"
        raise one_fault(
            command, f"needs {missing.name}, which is not installed", f'Install it: pip install "gradatim[{extra}]"'
        ) from None


def _percents(text: str) -> list[float]:
    if text.strip().lower() == "none":
        return []
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        found = [-1.0]
    if not all(0 <= one <= 100 for one in found):
        raise one_fault("--bands", f"{text!r} are not percent", "Write for example 5,50,95, or none")
    return found


def _arms(
    plans: list[Path], journal: Path | None, first: date | None, last: date | None, days: int | None, missed: str | None
) -> tuple[list[Arm], Person]:  # fmt: skip
    from gradatim.domain.finding import message
    from gradatim.report.levels.arm import held, planned, taken
    from gradatim.words import period, say

    arms: list[Arm] = []
    people: list[Person] = []
    names = [path.stem for path in plans]
    for path, name in zip(plans, names, strict=True):
        found = opened(path)
        said = name if names.count(name) == 1 else str(path)
        arms.append(planned(said, found.course, found.person.zone, monograph(), first=first, last=last, days=days))
        people.append(found.person)
    if journal is not None or not plans:
        if last is not None:
            raise one_fault("--to", "a journal ends now", "Leave --to out, or give a plan")
        own = os.environ.get("GRADATIM_JOURNAL")
        keeper = followed(journal or (Path(own) if own else None))
        arm = taken(
            say(message("levels.taken")),
            keeper.record,
            monograph(),
            leaflet(),
            now(),
            first=first,
            days=days or TAKEN_DAYS,
        )
        arms += [arm] if plans else [held(say(message("levels.plan")), arm, keeper.record, monograph()), arm]
        people.append(keeper.person)
    if missed is not None:
        start, _, end = (part.strip() for part in missed.partition(","))
        away = (o.day(start, "--missed"), o.day(end or start, "--missed"))
        name = say(message("levels.missed", name=arms[0].name, period=period(*away)))
        arms.insert(1, arms[0].without(*away, name))
    return arms, people[0]


def _as_in(path: Path, percents: list[float]) -> OwnDays:
    """How the doses of a journal were taken, up to yesterday."""
    from gradatim.kinetics.of_doses import days_of_record

    if not percents:
        raise one_fault("--adherence-from", "changes the bands, and there are none", "Leave --bands out")
    keeper = followed(path)
    eve = keeper.record.day_of(now()) - timedelta(days=1)
    first = eve - timedelta(days=JOURNAL_DAYS - 1)
    if keeper.record.since is not None:
        first = min(max(first, keeper.record.day_of(keeper.record.since)), eve)
    try:
        return days_of_record(keeper.record, monograph(), leaflet(), now(), first, eve, block=BLOCK)
    except BadInput as bad:
        problem = bad.faults[0].problem
        raise one_fault(
            "--adherence-from", problem, "Take a journal with a week of which every dose is known"
        ) from None


@contextmanager
def _hands(workers: int | None, address: str | None) -> Iterator[Client | None]:
    """Who does the work: nobody else, processes of this machine, or a cluster."""
    if workers is None and address is None:
        yield None
        return
    if workers is not None and address is not None:
        raise one_fault("--cluster", "and --workers cannot both be", "Leave one of them out")
    from gradatim.kinetics.cluster import connected
    from gradatim.kinetics.cluster import workers as begun

    with begun(workers) if workers is not None else connected(address or "") as client:
        yield client


def described(text: str | None, whose: Person) -> tuple[Person | None, dict[str, str | float]]:
    """Who it is for, and what is said of them beside. A person who is given by numbers is nobody of a plan, but for what is not given."""
    if text is None:
        return whose, {}
    if "=" not in text:
        data = file_data(Path(text))
        if "person" not in data:
            raise one_fault(text, "holds no person", "Give an order or a plan document, or write crcl=40mL/min")
        about = data["person"]
        if isinstance(about, dict):
            about = {
                key: value for key, value in about.items() if key != "locale"
            }  # limits of a country are not asked for here
        return read(Person, about, "person"), {}
    given: dict[str, str | float] = {}
    for part in text.split(","):
        name, _, value = (piece.strip() for piece in part.partition("="))
        given[{"weight": "WT"}.get(name.lower(), name.upper())] = value
    return replace(whose, dialysis=False) if "CRCL" in given else whose, given


@contextmanager
def _watched(whole: int, people: int) -> Iterator[Callable[[int], None] | None]:
    """A bar on the error stream, where it is a terminal and there is something to wait for."""
    if people < MANY or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("people", total=whole)
        yield lambda done: progress.update(task, completed=done)


def _deliver(made: LevelFigure, kind: Kind, out: Path | None, table: TableOf, *, every_day: bool) -> None:
    content = _content(made, kind, table, every_day=every_day, to_file=out is not None)
    if content is None:
        return
    if out is None:
        sys.stdout.write(content if isinstance(content, str) else content.decode())
        return
    write(out, content)
    typer.echo(f"Wrote {out}")


def _content(made: LevelFigure, kind: Kind, table: TableOf, *, every_day: bool, to_file: bool) -> str | bytes | None:
    from gradatim.report.levels.table import curve_rows, data, day_rows, frame, to_csv

    match kind:
        case Kind.TEXT:
            from gradatim.cli.show_levels import show_levels

            return show_levels(made, every_day=every_day, to_file=to_file)
        case Kind.JSON:
            import json

            return json.dumps(data(made), indent=1, ensure_ascii=False) + "\n"
        case Kind.SVG:
            from gradatim.report.levels.drawing import to_svg

            return to_svg(made)
        case Kind.PNG:
            with needs():
                from gradatim.report.levels.picture import to_png
            return to_png(made, now().seconds)
        case Kind.CSV:
            return to_csv(*(curve_rows(made) if table is TableOf.CURVE else day_rows(made)))
        case Kind.PARQUET:
            return frame(made, days=table is TableOf.DAYS).to_parquet()
