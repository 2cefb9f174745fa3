"""The field's table of events read from anything that has columns, every fault at once.

Columns, in any case of letters: ID TIME AMT RATE DUR II ADDL SS CMT EVID MDV DV, and covariates by name. Empty cells, ``.`` and NaN are
0 where a number may be absent. Without EVID a row with anything of a dose is a dose, as NM-TRAN has it.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gradatim.domain.fault import BadInput, Fault
from gradatim.domain.reading import did_you_mean
from gradatim.kinetics.events import DOSING, Row, Schedule, meaning, order

COLUMNS = ("ID", "TIME", "AMT", "RATE", "DUR", "II", "ADDL", "SS", "CMT", "EVID", "MDV", "DV")
_WHOLE = ("EVID", "ADDL", "SS", "MDV")


def read_events(source: Any, *, covariates: Sequence[str] = (), ignore: Sequence[str] = ()) -> tuple[Schedule, ...]:
    """One schedule for each ID, in the order of the table.

    ``source``: a path to a CSV file, a mapping of columns, a list of mappings, or a table of pandas, Polars or Arrow. Every column is one
    of `COLUMNS`, or named in ``covariates`` or ``ignore``. Raises `BadInput` with every fault, each with its row and column.
    """
    faults: list[Fault] = []
    columns = {name.strip().upper(): values for name, values in _columns(source)}
    wanted = {name.upper(): name for name in covariates}
    skipped = {name.upper() for name in ignore}
    for name in columns:
        if name not in COLUMNS and name not in wanted and name not in skipped:
            near = did_you_mean(name, [*COLUMNS, *covariates])
            faults.append(Fault(name, "is no known column", f"{near} Else name it in covariates or ignore"))
    faults += [
        Fault(name, "there is no such column", f"Add it. There are {', '.join(columns) or 'none'}")
        for name in ("TIME", *wanted)
        if name not in columns
    ]
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        faults.append(
            Fault("", "the columns are not equally long", f"They have {', '.join(map(str, sorted(lengths)))} rows")
        )
    if faults:
        raise BadInput(faults)
    size = lengths.pop() if lengths else 0
    read = {
        name: _numbers(name, values, faults, name in wanted)
        for name, values in columns.items()
        if name not in {"ID", "CMT", *skipped}
    }
    ids = [_id(value) for value in columns.get("ID", ["1"] * size)]
    places = [_compartment(value) for value in columns.get("CMT", [None] * size)]
    rows = [_row(number, read, place) for number, place in enumerate(places)]
    faults += [fault for row in rows for fault in meaning(row)]
    timed = not any(fault.path.endswith(".TIME") for fault in faults)
    faults += _blocks(ids)
    found = []
    for first, after in _spans(ids):
        part = tuple(rows[first:after])
        faults += order(part) if timed else ()
        found.append((ids[first], part, {name: tuple(read[upper][first:after]) for upper, name in wanted.items()}))
    if faults:
        raise BadInput(tuple(dict.fromkeys(faults)))
    return tuple(Schedule(id=id, rows=part, covariates=values) for id, part, values in found)


# --- reading -----------------------------------------------------------------------------------------------------------


def _columns(source: Any) -> list[tuple[str, list[Any]]]:
    if isinstance(source, str | Path):
        with Path(source).open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file))
        head = lines[0] if lines else []
        crooked = [number for number, line in enumerate(lines[1:], 1) if len(line) != len(head)]
        if crooked:
            raise BadInput(
                [
                    Fault(f"row {number}", f"does not have {len(head)} cells", "Give every row as many as the head")
                    for number in crooked
                ]
            )
        return [(name, [line[place] for line in lines[1:]]) for place, name in enumerate(head)]
    if isinstance(source, Mapping):
        return [(str(name), _cells(values)) for name, values in source.items()]
    names = getattr(source, "column_names", None) or getattr(source, "columns", None)  # Arrow | pandas, Polars
    if names is not None:
        return [(str(name), _cells(source[name])) for name in names]
    if isinstance(source, Sequence) and all(isinstance(line, Mapping) for line in source):
        known = dict.fromkeys(name for line in source for name in line)
        return [(str(name), [line.get(name) for line in source]) for name in known]
    remedy = "Give a path, a mapping of columns, a list of mappings, or a table of pandas, Polars or Arrow"
    raise BadInput([Fault("", f"there are no columns in {source!r:.40}", remedy)])


def _cells(values: Any) -> list[Any]:
    for turn in ("to_pylist", "to_list", "tolist"):  # Arrow, Polars and pandas, NumPy
        if hasattr(values, turn):
            return list(getattr(values, turn)())
    return list(values)


def _empty(value: Any) -> bool:
    return (
        value is None
        or (isinstance(value, str) and value.strip() in {"", "."})
        or (isinstance(value, float) and math.isnan(value))
    )


def _numbers(name: str, values: list[Any], faults: list[Fault], needed: bool) -> list[float]:
    found = []
    for number, value in enumerate(values, 1):
        read = math.nan
        if _empty(value):
            if needed or name == "TIME":
                faults.append(Fault(f"row {number}.{name}", "is empty", "Give a number in every row"))
            read = math.nan if name == "DV" else 0.0
        else:
            try:
                read = float(value)
            except (TypeError, ValueError):
                faults.append(
                    Fault(f"row {number}.{name}", f"{value!r} is not a number", "Write a number, or leave it empty")
                )
                read = 0.0
            if not math.isfinite(read) or (name in _WHOLE and read != int(read)):
                faults.append(
                    Fault(
                        f"row {number}.{name}",
                        f"{value!r} is not {'a whole' if name in _WHOLE else 'an ordinary'} number",
                        "Correct it",
                    )
                )
                read = 0.0
        found.append(read)
    return found


def _id(value: Any) -> str:
    if isinstance(value, float) and value == int(value):
        value = int(value)
    text = str(value).strip()
    return text.removesuffix(".0") if text.removesuffix(".0").isdigit() else text


def _compartment(value: Any) -> str | int | None:
    if _empty(value):
        return None
    text = str(value).strip()
    try:
        number = float(text)
    except ValueError:
        return text
    return (int(number) or None) if number == int(number) else text


def _row(place: int, read: Mapping[str, list[float]], cmt: str | int | None) -> Row:
    def cell(name: str) -> float:
        return read[name][place] if name in read else 0.0

    dosing = any(cell(name) for name in DOSING)
    said = int(cell("EVID")) if "EVID" in read else 1 if dosing else 2 if cell("MDV") else 0
    dv = read["DV"][place] if "DV" in read else math.nan
    return Row(
        number=place + 1, time=cell("TIME"), evid=said, amt=cell("AMT"), rate=cell("RATE"), dur=cell("DUR"), ii=cell("II"),
        addl=int(cell("ADDL")), ss=int(cell("SS")), cmt=cmt, dv=None if math.isnan(dv) else dv,
    )  # fmt: skip


def _spans(ids: list[str]) -> Iterator[tuple[int, int]]:
    first = 0
    for place in range(1, len(ids) + 1):
        if place == len(ids) or ids[place] != ids[first]:
            yield first, place
            first = place


def _blocks(ids: list[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for first, _ in _spans(ids):
        if ids[first] in seen:
            yield Fault(
                f"row {first + 1}.ID", f"{ids[first]} comes back after another", "Keep the rows of one ID together"
            )
        seen.add(ids[first])
