"""The options that commands share, and how flags become the plain data of an order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.domain.plan import EARLIEST, LATEST


class Format(StrEnum):
    """What comes out."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    ICS = "ics"
    PDF = "pdf"


class Plain(StrEnum):
    """What a short answer comes as."""

    TEXT = "text"
    JSON = "json"


class Paper(StrEnum):
    """Paper sizes."""

    A4 = "a4"
    LETTER = "letter"


PlanFile = Annotated[Path, typer.Argument(metavar="PLAN.json", help="A plan document that gradatim wrote.")]
PlainOption = Annotated[Plain, typer.Option("--format", "-f", help="text or json.")]
FormatOption = Annotated[
    Format | None, typer.Option("--format", "-f", help="What to make; by default what --out ends in, else text.")
]
Out = Annotated[
    Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to write; by default to the terminal.")
]
OutBack = Annotated[
    Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to write; by default back into PLAN.json.")
]
On = Annotated[str, typer.Option("--on", metavar="DATE", help="The first day of the change, for example 2026-12-15.")]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="The reason, kept in the plan and printed.")]
PaperOption = Annotated[Paper, typer.Option("--paper", help="Paper of a PDF.")]
Large = Annotated[bool, typer.Option("--large", help="A PDF in large print.")]
Neutral = Annotated[bool, typer.Option("--neutral", help="A calendar file whose titles name no drug.")]
Days = Annotated[bool, typer.Option("--days", help="Print every single day in the terminal.")]

# the paths of an order → the flags that fill them
FLAGS = {
    "person.called": "--name", "person.age": "--age", "person.sex": "--sex", "person.weight": "--weight", "person.height": "--height",
    "person.creatinine": "--creatinine", "person.egfr": "--egfr", "person.dialysis": "--dialysis", "person.market": "--locale",
    "person.zone": "--zone", "person.indication": "--indication", "person.conditions": "--condition", "person.medicines": "--medicine",
    "start": "--start", "times": "--times", "products": "--products", "protocol": "--protocol", "target": "--target",
    "start_doses": "--start-doses", "step": "--step-per-dose, --step-per-day or --step-percent", "interval_days": "--every",
    "spread": "--spread", "weights": "--weights", "until": "--until", "before": "--before", "on_drug_days": "--on-drug",
    "reviews.before": "--reviews", "reviews.by": "--review-by", "making.quarters": "--quarters", "making.mark_microlitres": "--syringe-mark",
    "current": "--current", "stop_on": "--stop-on", "floor": "--floor", "to": "--to", "table": "--table",
}  # fmt: skip


def given(**parts: Any) -> dict[str, Any]:
    """The options that were given, without the others."""
    return {name: part for name, part in parts.items() if not (part is None or part is False or part in ([], {}))}


def listed(values: list[str] | None) -> list[str] | None:
    """``["us/10,us/20", "us/5"]`` → ``["us/10", "us/20", "us/5"]``."""
    return None if not values else [part.strip() for value in values for part in value.split(",") if part.strip()]


def days_of(text: str | None, flag: str) -> int | None:
    """``"7"``, ``"7 days"``, ``"3 weeks"``, ``"3 months"``, ``"2 years"`` → days (a month is 30, a year 365)."""
    if text is None:
        return None
    number, unit = text.strip(), "days"
    for word in ("day", "week", "month", "year"):
        head, found, tail = text.lower().partition(word)
        if found and tail in ("", "s"):
            number, unit = head.strip(), f"{word}s"
    if not number.isdecimal():
        raise one_fault(flag, f"{text!r} is not a length of time", "Write for example 7, 3weeks or 3months")
    return int(number) * {"days": 1, "weeks": 7, "months": 30, "years": 365}[unit]


def whole_numbers(text: str | None, flag: str) -> list[int] | None:
    """``"1,1,2"`` → ``[1, 1, 2]``."""
    if text is None:
        return None
    if not all(part.strip().isdecimal() for part in text.split(",")):
        raise one_fault(flag, f"{text!r} are not whole numbers", "Write for example 1,1,2")
    return [int(part) for part in text.split(",")]


def step_of(per_dose: str | None, per_day: str | None, percent: int | None) -> dict[str, Any] | None:
    """At most one way of stepping, as plain data."""
    said = [
        (kind, value)
        for kind, value in (("per_dose", per_dose), ("per_day", per_day), ("percent", percent))
        if value is not None
    ]
    if len(said) > 1:
        raise one_fault(
            "--step-…",
            "more than one kind of step is given",
            "Give one of --step-per-dose, --step-per-day, --step-percent",
        )
    if not said:
        return None
    kind, value = said[0]
    return {"kind": kind, "percent" if kind == "percent" else "amount": value}


def merged(data: dict[str, Any], table: str, person: dict[str, Any], order: dict[str, Any]) -> dict[str, Any]:
    """An order's data with the flags laid over it; a flag wins over the file."""
    base = dict(data)
    for name, flags in (("person", person), (table, order)):
        if flags or name in base:
            old = base.get(name) if isinstance(base.get(name), dict) else {}
            base[name] = {**(old or {}), **{k: v for k, v in flags.items() if not isinstance(v, dict) or k == "step"}}
            for key, value in flags.items():
                if isinstance(value, dict) and key != "step":
                    base[name][key] = {**base[name].get(key, {}), **value}
    return base


def flag_faults(bad: BadInput, table: str) -> BadInput:
    """The faults of an order made from flags, each naming its flag."""
    return BadInput(list(_flagged(bad.faults, table)))


def _flagged(faults: tuple[Fault, ...], table: str) -> Iterator[Fault]:
    for fault in faults:
        path = fault.path.removeprefix(f"{table}.").split("[")[0]
        flag = next((FLAGS[p] for p in (path, path.rsplit(".", 1)[0]) if p in FLAGS), None)
        if flag is not None and fault.problem == "is missing":
            yield replace(fault, path=flag, remedy=f"Give {flag}")
        else:
            yield fault if flag is None else replace(fault, path=flag)


def day(text: str, flag: str) -> date:
    """A date from a flag."""
    try:
        found = date.fromisoformat(text)
        if EARLIEST <= found.year <= LATEST:
            return found
        raise one_fault(flag, f"{text} is not a plausible date", f"Give a day from {EARLIEST} to {LATEST}")
    except ValueError:
        raise one_fault(flag, f"{text!r} is not a date", "Write year-month-day, for example 2026-12-01") from None
