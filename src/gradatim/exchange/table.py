"""Schedules pasted as text or CSV: one row a step, one column a time of day. Anything unclear is refused, never guessed."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise

from gradatim.domain.dose import OralDose
from gradatim.domain.fault import BadInput, Fault, Unreadable, one_fault
from gradatim.domain.plan import Doses
from gradatim.domain.prescription import TableRow

EXAMPLE = "days, 08:00 (mg), 14:00 (mg), 21:00 (mg)"
MOST_ROWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as read: the times of its columns and its rows; ``start`` when the first column holds dates."""

    times: tuple[time, ...]
    rows: tuple[TableRow, ...]
    start: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    at: time
    unit: str | None  # "mg" when the header says so


def read_table(text: str, at: str = "table") -> Table:
    """Read a pasted table. The first column is ``days`` (how long), ``from`` (dates) or ``day`` (ranges 1-3); the others are times
    of day with mg in the header or in every cell; a last column ``total`` is checked against its row.

    Raises `BadInput` with every fault: wrong number of cells, missing units, a total that does not add up, tablets instead of mg.
    """
    lines = [line for line in text.splitlines() if line.strip() and not re.fullmatch(r"[\s|:+-]+", line)]
    if len(lines) < 2:
        raise one_fault(at, "has no rows", f"Begin with a heading such as: {EXAMPLE}")
    if len(lines) > MOST_ROWS:
        raise one_fault(at, f"has {len(lines)} lines", "A plan is shorter: is it the right table?")
    cells = [_split(line, _separator(lines[0])) for line in lines]
    head, body = cells[0], cells[1:]
    faults: list[Fault] = []
    first = head[0].lower()
    if first not in ("days", "from", "day"):
        faults.append(
            Fault(
                f"{at} row 1, column 1",
                f"{head[0]!r} is not days, day or from",
                f"Begin with a heading such as: {EXAMPLE}",
            )
        )
    totals = head[-1].lower().startswith("total")
    columns = [
        _column(name, f"{at} row 1, column {place}", faults)
        for place, name in enumerate(head[1 : len(head) - totals], start=2)
    ]
    if not columns:
        faults.append(Fault(f"{at} row 1", "has no time of day", f"Begin with a heading such as: {EXAMPLE}"))
    if faults:
        raise BadInput(faults)
    known = [column for column in columns if column is not None]
    firsts: list[str] = []
    doses: list[Doses] = []
    for number, row in enumerate(body, start=2):
        where = f"{at} row {number}"
        if len(row) != len(head):
            problem = f"has {len(row)} cells, the heading has {len(head)}"
            faults.append(Fault(where, problem, "Is a column missing or shifted? Write 0 mg for no dose"))
            continue
        read = [
            _dose(cell, column, f"{where}, column {place}", faults)
            for place, (cell, column) in enumerate(zip(row[1:], known, strict=False), start=2)
        ]
        if totals and all(dose is not None for dose in read):
            _check_total(row[-1], [dose for dose in read if dose is not None], f"{where}, column {len(row)}", faults)
        firsts.append(row[0])
        doses.append(tuple(dose or OralDose(0) for dose in read))
    if faults:
        raise BadInput(faults)
    start, lengths = _lengths(first, firsts, at)
    return Table(
        times=tuple(c.at for c in known),
        start=start,
        rows=tuple(TableRow(days=n, doses=d) for n, d in zip(lengths, doses, strict=True)),
    )


def _separator(head: str) -> str:
    for mark in ("\t", "|", ";", ","):
        if mark in head:
            return mark
    return ","


def _split(line: str, separator: str) -> list[str]:
    if separator == "|":
        line = line.strip().strip("|")
    return [cell.strip() for cell in next(csv.reader([line], delimiter=separator))]


def _column(name: str, at: str, faults: list[Fault]) -> _Column | None:
    found = re.fullmatch(r"(\d{1,2}):(\d{2})\s*(?:\(?\s*(mg)\s*\)?)?", name, re.IGNORECASE)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        faults.append(Fault(at, f"{name!r} is not a time of day", "Write it as 08:00 (mg)"))
        return None
    return _Column(at=time(int(found[1]), int(found[2])), unit="mg" if found[3] else None)


def _dose(cell: str, column: _Column, at: str, faults: list[Fault]) -> OralDose | None:
    try:
        if column.unit and re.fullmatch(r"[\d.,]+", cell):
            return OralDose.parse(f"{cell} mg")
        return OralDose.parse(cell)
    except Unreadable as fault:
        remedy = "Write mg, not tablets, for example 15 mg" if "tab" in cell.lower() else fault.remedy
        faults.append(Fault(at, fault.problem, remedy if cell else "Write 0 mg for no dose"))
        return None


def _check_total(cell: str, doses: list[OralDose], at: str, faults: list[Fault]) -> None:
    said = re.fullmatch(r"([\d.]+)\s*(?:mg)?", cell)
    added = OralDose(sum(dose.micrograms for dose in doses))
    if said is None or f"{added}" != _as_mg(said[1]):
        faults.append(
            Fault(at, f"the total says {cell}, the doses add up to {added}", "Correct the row: is a column shifted?")
        )


def _as_mg(number: str) -> str:
    try:
        return str(OralDose.parse(f"{number} mg"))
    except Unreadable:
        return number


def _lengths(kind: str, firsts: list[str], at: str) -> tuple[date | None, list[int]]:
    faults: list[Fault] = []
    if kind == "days":
        lengths = []
        for number, cell in enumerate(firsts, start=2):
            ok = cell.isdecimal() and 1 <= int(cell) <= 3650
            lengths.append(int(cell) if ok else 1)
            if not ok:
                faults.append(
                    Fault(
                        f"{at} row {number}, column 1",
                        f"{cell!r} is not a number of days",
                        "Write how many days this row lasts",
                    )
                )
        if faults:
            raise BadInput(faults)
        return None, lengths
    if kind == "day":
        return None, _ranges(firsts, at)
    starts = []
    for number, cell in enumerate(firsts, start=2):
        try:
            starts.append(date.fromisoformat(cell))
        except ValueError:
            faults.append(
                Fault(
                    f"{at} row {number}, column 1",
                    f"{cell!r} is not a date",
                    "Write year-month-day, for example 2026-12-01",
                )
            )
    for place, (one, two) in enumerate(pairwise(starts), start=3):
        if two <= one:
            faults.append(
                Fault(
                    f"{at} row {place}, column 1", f"{two} does not come after {one}", "Write the rows in order of date"
                )
            )
    if faults:
        raise BadInput(faults)
    ends = [*starts[1:], starts[-1] + timedelta(days=1)]
    return starts[0], [(end - begin).days for begin, end in zip(starts, ends, strict=True)]


def _ranges(firsts: list[str], at: str) -> list[int]:
    lengths, next_day, faults = [], 1, []
    for number, cell in enumerate(firsts, start=2):
        found = re.fullmatch(r"(\d+)(?:\s*[-–]\s*(\d+))?", cell)
        low, high = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if low != next_day or high < low:
            faults.append(
                Fault(
                    f"{at} row {number}, column 1",
                    f"{cell!r} does not go on from day {next_day}",
                    f"Write days as {next_day}-{next_day + 2}",
                )
            )
        lengths.append(max(high - low + 1, 1))
        next_day = max(high, next_day) + 1
    if faults:
        raise BadInput(faults)
    return lengths
