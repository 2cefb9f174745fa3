"""Levels that were measured, read from a table, beside the doses of an arm; and what a fit to them shows, as data."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import comb
from pathlib import Path
from typing import Any

from gradatim.domain.clock import Instant, instants_of_day, slot_of
from gradatim.domain.fault import BadInput, Fault, Unreadable, one_fault
from gradatim.domain.finding import message
from gradatim.kinetics.estimation import Ended, Learnt, Measured, Personal, personal
from gradatim.kinetics.subject import Subject
from gradatim.kinetics.units import Quantity
from gradatim.kinetics.variability import Scatter
from gradatim.report.levels.arm import Arm, Of
from gradatim.report.levels.figure import NO_EFFECT, missing_text, model_text
from gradatim.words import day_text, say, sources_text
from gradatim.words.phrases import day_time

_COLUMNS = ("at", "level")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A level that was measured, or the limit it lay ``below``, at an instant, in the row of the table that it stood in."""

    at: Instant
    level: float
    below: bool
    row: int


def read_samples(path: Path, unit: str, zone: str) -> tuple[Sample, ...]:
    """A CSV file with the columns ``at`` and ``level``: ``2026-12-14T08:30`` by the clock on the wall (or with Z), and ``120 ng/mL``, or
    ``<20 ng/mL`` below a limit. Levels come out in ``unit``, in order of time. Raises `BadInput` with every row that cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file))
    except (OSError, UnicodeDecodeError) as bad:
        raise one_fault(str(path), "cannot be read", f"Give a CSV file with {' and '.join(_COLUMNS)} ({bad})") from None
    head = [name.strip().lower() for name in lines[0]] if lines else []
    faults = [
        Fault(f"{path.name}.{name}", "there is no such column", f"Begin the file with {','.join(_COLUMNS)}")
        for name in _COLUMNS
        if name not in head
    ]
    if faults:
        raise BadInput(faults)
    found = []
    for number, line in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in line):
            continue
        cells = dict(zip(head, line, strict=False))
        try:
            at = _instant(cells.get("at", "").strip(), zone)
        except Unreadable as bad:
            faults.append(Fault(f"row {number}.at", bad.problem, bad.remedy))
            at = None
        said = cells.get("level", "").strip()
        below = said.startswith("<")
        try:
            level = _level(said.removeprefix("<").strip(), unit)
        except Unreadable as bad:
            faults.append(Fault(f"row {number}.level", bad.problem, bad.remedy))
            continue
        if at is not None:
            found.append(Sample(at=at, level=level, below=below, row=number))
    if not found and not faults:
        faults.append(Fault(path.name, "holds no levels", "Write a row for each"))
    if faults:
        raise BadInput(faults)
    return tuple(sorted(found, key=lambda one: one.at))


def _instant(text: str, zone: str) -> Instant:
    try:
        wall = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(f"{text!r} is no time", "Write 2026-12-14T08:30, or with a zone 2026-12-14T08:30Z") from None
    if wall.tzinfo is not None:
        return Instant(int(wall.timestamp()))
    if len(text) <= 10:
        raise Unreadable(f"{text!r} has no time of day", "Write when it was drawn: 2026-12-14T08:30")
    return instants_of_day(wall.date(), (wall.time().replace(second=0, microsecond=0),), zone)[0]


def _level(text: str, unit: str) -> float:
    found = Quantity.parse(text)
    if found.unit == "1":
        raise Unreadable(f"{text!r} has no unit", f"Write it: {text} ng/mL is a thousandth of {text} mg/L")
    return found.to(unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredFigure:
    """An arm with the levels measured in it, and what a fit to them tells."""

    arm: Arm
    zone: str
    samples: tuple[Sample, ...]
    found: Personal

    @property
    def who(self) -> Subject:
        """The model, and whom it is for."""
        return self.found.who


def window(samples: Sequence[Sample], zone: str) -> tuple[date, date]:
    """The days that are shown by default: from two days before the first level to the day after the last."""
    first, last = (slot_of(one.at, zone).day for one in (samples[0], samples[-1]))
    return first - timedelta(days=2), last + timedelta(days=1)


def measured_figure(
    arm: Arm,
    who: Subject,
    samples: tuple[Sample, ...],
    zone: str,
    *,
    scatter: Scatter | None = None,
    percent: float = 90.0,
    draws: int = 4000,
    seed: int = 1,
) -> MeasuredFigure:
    """Raises `BadInput` for levels outside the days of the arm, and as `personal` does."""
    hours = [(one.at.seconds - arm.start.seconds) / 3600 for one in samples]
    faults = [
        Fault(
            f"row {one.row}.at",
            "lies outside the days that doses are known of",
            f"Give days from {arm.first} to {arm.last}",
        )
        for one, hour in zip(samples, hours, strict=True)
        if not 0 <= hour <= arm.dosing.last
    ]
    if faults:
        raise BadInput(faults)
    told = tuple(
        Measured(time=hour, level=one.level, below=one.below, row=one.row)
        for one, hour in zip(samples, hours, strict=True)
    )
    found = personal(who, arm.dosing, told, scatter=scatter, percent=percent, draws=draws, seed=seed)
    return MeasuredFigure(arm=arm, zone=zone, samples=samples, found=found)


def when(made: MeasuredFigure, sample: Sample) -> str:
    """``Mon 14 Dec 08:30``."""
    slot = slot_of(sample.at, made.zone)
    return f"{day_text(slot.day)} {day_time(slot.at)}"


def telling(made: MeasuredFigure) -> tuple[str, ...]:
    """What the fit means and what it does not, whole sentences. What a level does not say comes first."""
    found, arm = made.found, made.arm
    said = [f"{say(message('fit.no-effect'))} {sources_text(NO_EFFECT)}."]
    if found.ended is not Ended.FOUND:
        said.append(say(message("fit.stuck")))
    else:
        said.append(say(message("fit.certain", percent=f"{found.percent:g}")))
        if not found.settled:
            said.append(say(message("fit.unsettled")))
        if len(made.samples) == 1:
            said.append(say(message("fit.one-level")))
        outside = sum(not one.inside for one in found.seen)
        if _by_chance(outside, len(found.seen)) < 0.05:
            said.append(say(message("fit.outside", count=outside, all=len(found.seen))))
    said.append(say(message("fit.doses-plan" if arm.of is Of.PLAN else "fit.doses-taken")))
    if arm.unknown:
        said.append(say(message("fit.unknown", count=len(arm.unknown))))
    said += [say(one) for one in (*made.who.notes, *arm.notes)]
    if "CRCL" not in made.who.published.options:
        said.append(say(message("fit.kidneys")))
    return (*said, model_text(made.who), *([missing_text(made.who)] if missing_text(made.who) else []))


def _by_chance(outside: int, all: int) -> float:
    """How likely it is that so many of all, or more, lie outside where 9 of 10 are expected."""
    return sum(comb(all, k) * 0.1**k * 0.9 ** (all - k) for k in range(outside, all + 1))


def data(made: MeasuredFigure) -> dict[str, Any]:
    """Everything as JSON has it. A number that there is not is null."""
    found = made.found

    def parameter(one: Learnt) -> dict[str, Any]:
        return {
            "name": one.name, "unit": one.unit, "typical": one.typical, "most_likely": one.value, "low": one.low, "high": one.high,
            "learnt": one.learnt,
        }  # fmt: skip

    return {
        "model": made.who.published.id, "unit": made.who.unit, "percent": found.percent, "ended": str(found.ended), "settled": found.settled,
        "effective_draws": found.effective, "parameters": [parameter(one) for one in found.parameters],
        "measured": [
            {
                "at": one.at.iso(), "level": one.level, "below": one.below,
                "expected_before": seen.expected, "before_low": seen.low, "before_high": seen.high, "fitted": fitted,
            }
            for one, seen, fitted in zip(made.samples, found.seen, found.fitted, strict=True)
        ] if found.seen else [],
        "curve": [
            {"hour": hour, "typical": typical, "person": person, "low": low, "high": high}
            for hour, typical, person, low, high in zip(found.hours, found.typical, found.person, found.low, found.high, strict=True)
        ] if found.seen else [],
        "start": made.arm.start.iso(), "says": list(telling(made)),
    }  # fmt: skip
