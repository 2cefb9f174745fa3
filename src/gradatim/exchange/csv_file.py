"""The dated doses as CSV: one row a dose, flat, exact, safe in a spreadsheet, and read back to check what it says."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, time
from itertools import count, product, takewhile
from typing import TYPE_CHECKING, TypeVar

from gradatim.domain.clock import Instant, LocalSlot, instants_of_day, slot_of, zone
from gradatim.domain.dose import OralDose, digits, exact
from gradatim.domain.fault import BadInput, Fault, Unreadable, one_fault
from gradatim.domain.plan import State
from gradatim.domain.tablets import WHOLE, Portion, Solid
from gradatim.words import day_time, units_text
from gradatim.words.phrases import count_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from gradatim.domain.calendar import Calendar
    from gradatim.domain.schedule import ScheduledDose

HEAD = ("plan", "version", "state", "date", "weekday", "time", "zone", "at_utc", "dose_mg", "units")
SOLID = ("product_{}", "mg_each_{}", "count_{}")
LIQUID = ("liquid", "ml", "mg_per_ml")
TAIL = ("day", "step", "review_before", "waiting_for")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

T = TypeVar("T")

_FORMULA = re.compile(r"[\s\x00]*[=+\-@'＝＋－＠]|[\t\r\n]")  # a formula to some; ' so that reading is exact


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some pieces of one product: ``quarters`` of a piece with ``each``."""

    product: str
    each: OralDose
    quarters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A volume of one liquid."""

    product: str
    microlitres: int
    micrograms_per_ml: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvDose:
    """One row: what it says, checked for what it adds up to."""

    plan: str
    version: int
    state: State
    on: date
    wall: time
    zone: str
    at: Instant
    dose: OralDose
    units: str
    parts: tuple[Part, ...]
    volume: Volume | None
    day: int
    step: int
    review_before: str | None
    waiting_for: str | None


# --- writing ---------------------------------------------------------------------------------------------------


def to_csv(calendar: Calendar) -> str:
    """One row for each dose, RFC 4180, as wide as the doses need. Free text that could be a formula gets a ``'``.

    ``day`` counts from the start of its version. ``review_before`` is the review that stands before the dose's step.
    """
    solids = max((len(d.portion.pieces) for d in calendar.doses if isinstance(d.portion, Solid)), default=0)
    liquid = any(not isinstance(dose.portion, Solid) for dose in calendar.doses)
    out = io.StringIO()
    table = csv.DictWriter(out, header(solids, liquid=liquid), restval="", lineterminator="\r\n")
    table.writeheader()
    for dose in calendar.doses:
        table.writerow(_row(calendar, dose))
    return out.getvalue()


def header(solids: int, *, liquid: bool) -> list[str]:
    """The columns for doses of up to ``solids`` products at once."""
    wide = [name.format(place) for place in range(1, solids + 1) for name in SOLID]
    return [*HEAD, *wide, *(LIQUID if liquid else ()), *TAIL]


def _row(calendar: Calendar, dose: ScheduledDose) -> dict[str, str]:
    plan = calendar.course.versions[dose.version - 1]
    return {
        "plan": _safe(plan.id),
        "version": str(dose.version),
        "state": str(plan.state),
        "date": dose.day.isoformat(),
        "weekday": WEEKDAYS[dose.day.weekday()],
        "time": day_time(dose.at),
        "zone": calendar.person.zone,
        "at_utc": dose.instant.iso(),
        "dose_mg": _number(dose.dose.micrograms),
        "units": units_text(dose.portion),
        **_units(dose.portion),
        "day": str((dose.day - plan.start).days + 1),
        "step": str(dose.step),
        "review_before": _safe(_review_before(calendar, dose)),
        "waiting_for": _safe(dose.waiting or ""),
    }


def _units(portion: Portion) -> dict[str, str]:
    if isinstance(portion, Solid):
        cells: dict[str, str] = {}
        for place, part in enumerate(portion.pieces, start=1):
            assert part.product.strength is not None
            each = _number(part.product.strength.micrograms)
            row = (_safe(part.product.id), each, _number(part.quarters * 1000 // WHOLE))
            cells |= {name.format(place): cell for name, cell in zip(SOLID, row, strict=True)}
        return cells
    assert portion.product.concentration is not None
    per_ml = _number(portion.product.concentration.micrograms_per_ml)
    return dict(zip(LIQUID, (_safe(portion.product.id), _number(portion.microlitres), per_ml), strict=True))


def _review_before(calendar: Calendar, dose: ScheduledDose) -> str:
    for span in calendar.spans:
        if span.plan.version == dose.version and span.stretch.number == dose.step and span.stretch.review is not None:
            return span.stretch.review.id
    return ""


def _number(thousandths: int) -> str:
    """``2500`` → ``2.5``: exact, no commas."""
    return digits(thousandths, 1000).replace(",", "")


def _safe(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


# --- reading ---------------------------------------------------------------------------------------------------


def doses_from_csv(text: str) -> list[CsvDose]:
    """The rows of `to_csv`, read back. Raises `BadInput` with every fault, each at its row (the header is row 1).

    Beyond each cell it checks that the weekday is the date's, that the instant is the wall-clock time in the zone, that
    the units add up to the dose, in their text too, and that no dose is there twice.
    """
    rows = _rows(text.removeprefix("\ufeff"))
    names = _names(rows[0] if rows else [])
    faults: list[Fault] = []
    found: list[CsvDose] = []
    seen: dict[tuple[str, date, time], int] = {}
    for number, cells in enumerate(rows[1:], start=2):
        if len(cells) != len(names):
            problem = f"has {len(cells)} cells, the header {len(names)}"
            faults.append(Fault(f"row {number}", problem, "Write the file anew"))
            continue
        row = _Row(dict(zip(names, cells, strict=True)), number)
        dose = _dose(row)
        faults += row.faults
        if dose is None:
            continue
        first = seen.setdefault((dose.plan, dose.on, dose.wall), number)
        if first != number:
            faults.append(Fault(f"row {number}", f"is the same dose as row {first}", "Take one of them out"))
        found.append(dose)
    if faults:
        raise BadInput(faults)
    return found


def _rows(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise one_fault("", f"is not CSV ({error})", "Give a file that gradatim wrote, separated by commas") from None


def _names(names: list[str]) -> list[str]:
    solids = sum(1 for _ in takewhile(lambda place: SOLID[0].format(place) in names, count(1)))
    wanted = header(solids, liquid=LIQUID[0] in names)
    if names == wanted:
        return names
    missing = [name for name in wanted if name not in names]
    strange = [name for name in names if name not in wanted]
    said = [f"lacks {', '.join(missing)}" if missing else "", f"has {', '.join(map(repr, strange))}" if strange else ""]
    problem = " and ".join(part for part in said if part) or "has its columns twice or in another order"
    raise one_fault("row 1", problem[:200], "Give a file that gradatim wrote, separated by commas")


class _Row:
    """The cells of one row, and what is wrong with them."""

    def __init__(self, cells: dict[str, str], number: int) -> None:
        self.cells = cells
        self.number = number
        self.faults: list[Fault] = []
        self.broken: set[str] = set()

    def fault(self, column: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(f"row {self.number}, column {column}", problem, remedy))
        self.broken.add(column)

    def get(self, column: str, parse: Callable[[str], T], otherwise: T) -> T:
        """The cell read by ``parse``; ``otherwise`` stands in, with a fault noted, where it cannot be."""
        try:
            return parse(self.cells[column])
        except Unreadable as fault:
            self.fault(column, fault.problem, fault.remedy)
        except ValueError:
            self.fault(
                column, f"{self.cells[column][:40]!r} cannot be read", "Correct this cell, or write the file anew"
            )
        return otherwise

    def reads(self, *columns: str) -> bool:
        """Whether these cells could be read."""
        return self.broken.isdisjoint(columns)


def _dose(row: _Row) -> CsvDose | None:
    dose = CsvDose(
        plan=row.get("plan", _given, ""),
        version=row.get("version", _count, 1),
        state=row.get("state", State, State.DRAFT),
        on=row.get("date", _date, date.min),
        wall=row.get("time", _time, time.min),
        zone=row.get("zone", _zone, "UTC"),
        at=row.get("at_utc", Instant.parse, Instant(0)),
        dose=row.get("dose_mg", _mg, OralDose(0)),
        units=row.get("units", _given, ""),
        parts=_parts(row),
        volume=_volume(row),
        day=row.get("day", _count, 1),
        step=row.get("step", _count, 1),
        review_before=_text(row.cells["review_before"]) or None,
        waiting_for=_text(row.cells["waiting_for"]) or None,
    )
    _check_when(row, dose)
    _check_amount(row, dose)
    return None if row.faults else dose


def _parts(row: _Row) -> tuple[Part, ...]:
    found: list[Part] = []
    for place in range(1, len(row.cells)):
        name, each, pieces = (column.format(place) for column in SOLID)
        if name not in row.cells:
            break
        if row.cells[name] or row.cells[each] or row.cells[pieces]:
            found.append(Part(product=row.get(name, _given, ""), each=row.get(each, _mg, OralDose(0)),
                              quarters=row.get(pieces, _quarters, 0)))  # fmt: skip
    return tuple(found)


def _volume(row: _Row) -> Volume | None:
    name, volume, per_ml = LIQUID
    if not any(map(row.cells.get, LIQUID)):
        return None
    return Volume(product=row.get(name, _given, ""), microlitres=row.get(volume, _thousandths, 0),
                  micrograms_per_ml=row.get(per_ml, _thousandths, 0))  # fmt: skip


def _check_when(row: _Row, dose: CsvDose) -> None:
    right = WEEKDAYS[dose.on.weekday()]
    if row.reads("date") and row.cells["weekday"] != right:
        row.fault(
            "weekday", f"{dose.on} is a {right}, not {row.cells['weekday'][:20]!r}", "Correct the date or the weekday"
        )
    if not row.reads("date", "time", "zone", "at_utc"):
        return
    moments = instants_of_day(dose.on, (dose.wall,), dose.zone)
    skipped = not moments or slot_of(moments[0], dose.zone) != LocalSlot(dose.on, dose.wall)
    late = slot_of(dose.at, dose.zone)
    if (not skipped and dose.at != moments[0]) or (skipped and late.day != dose.on):
        row.fault(
            "at_utc", f"is {late.day} {late.at:%H:%M} in {dose.zone}", f"The row says {dose.on} {dose.wall:%H:%M}"
        )


def _check_amount(row: _Row, dose: CsvDose) -> None:
    """That the units make the dose, exactly, and that their text says the same units."""
    amounts = [name for name in row.cells if name.startswith(("product_", "mg_each_", "count_")) or name in LIQUID]
    if not row.reads("dose_mg", *amounts):
        return
    quarters = sum(part.each.micrograms * part.quarters for part in dose.parts)
    drops = dose.volume.microlitres * dose.volume.micrograms_per_ml if dose.volume else 0
    if quarters * 1000 + drops * WHOLE != dose.dose.micrograms * 1000 * WHOLE:
        made = f"{_number(quarters // WHOLE + drops // 1000)} mg"
        row.fault(
            "dose_mg", f"says {dose.dose}, the units add up to {made}", "Take no dose by this row: write the file anew"
        )
    if row.reads("units") and dose.units not in _texts(dose):
        row.fault(
            "units", f"{dose.units[:60]!r} is not what the counts say", "Take no dose by this row: write the file anew"
        )


def _texts(dose: CsvDose) -> set[str]:
    """How the units of a row may be written: as tablets or as packets."""
    if dose.volume is not None:
        volume, per_ml = digits(dose.volume.microlitres, 1000), digits(dose.volume.micrograms_per_ml, 1000)
        return {f"{volume} mL of {per_ml} mg/mL"}
    made = product(("tablet", "packet"), repeat=len(dose.parts))
    return {" + ".join(map(_part_text, dose.parts, nouns)) for nouns in made}


def _part_text(part: Part, noun: str) -> str:
    return f"{count_text(part.quarters)} {noun}{'s' if part.quarters > WHOLE else ''} of {part.each}"


# --- cells -----------------------------------------------------------------------------------------------------


def _text(cell: str) -> str:
    return cell.removeprefix("'")


def _given(cell: str) -> str:
    if not cell:
        raise Unreadable("is empty", "Write the file anew")
    return _text(cell)


def _zone(cell: str) -> str:
    return zone(cell).key


def _count(cell: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,8}", cell):
        raise Unreadable(f"{cell[:40]!r} is not a count", "Write a whole number from 1")
    return int(cell)


def _date(cell: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
        raise Unreadable(f"{cell[:40]!r} is not a date", "Write year-month-day, for example 2026-12-01")
    return date.fromisoformat(cell)


def _time(cell: str) -> time:
    if not re.fullmatch(r"[0-9]{2}:[0-9]{2}", cell):
        raise Unreadable(
            f"{cell[:40]!r} is not a time of day", "Write hours and minutes on a 24-hour clock, for example 08:00"
        )
    return time.fromisoformat(cell)


def _thousandths(cell: str) -> int:
    amount = exact(cell, 1000, "the amount")
    if not amount:
        raise Unreadable("is nothing", "Only doses that are taken have a row")
    return amount


def _mg(cell: str) -> OralDose:
    return OralDose(_thousandths(cell))


def _quarters(cell: str) -> int:
    quarters, rest = divmod(_thousandths(cell) * WHOLE, 1000)
    if rest:
        raise Unreadable(f"{cell[:40]!r} is not a number of quarters", "Write 1, 0.5, 0.25 and the like")
    return quarters
