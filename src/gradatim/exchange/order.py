"""Orders as a prescriber writes them: TOML or JSON, checked whole, every fault at once."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.domain.monograph import Monograph
from gradatim.domain.person import Person
from gradatim.domain.plan import Plan, slots_at
from gradatim.domain.prescription import Prescription, TaperOrder
from gradatim.domain.reading import plain, read
from gradatim.domain.safety.person_rules import check_words
from gradatim.domain.taper import taper
from gradatim.domain.timeline import Stretch
from gradatim.domain.titrate import titrate
from gradatim.exchange.table import read_table

MOST_BYTES = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A person and what is ordered for them: exactly one of a way up and a way down."""

    person: Person
    prescription: Prescription | None = None
    taper: TaperOrder | None = None
    id: str | None = None

    def __post_init__(self) -> None:
        if (self.prescription is None) == (self.taper is None):
            raise one_fault(
                "", "an order holds either a prescription or a taper", "Write one [prescription] or one [taper] table"
            )


def file_data(path: Path) -> dict[str, Any]:
    """The plain data of a TOML or JSON file. Raises `BadInput` for what cannot be read at all."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise one_fault(
                str(path), f"is {size:,} bytes long", "An order or plan is far smaller: is it the right file?"
            )
        text = path.read_text("utf-8")
        data = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except OSError as error:
        raise one_fault(
            str(path), f"cannot be opened: {error.strerror or error}", "Check the name and the place"
        ) from None
    except UnicodeDecodeError:
        raise one_fault(str(path), "is not text in UTF-8", "Save it as UTF-8") from None
    except (ValueError, RecursionError) as error:
        kind = "TOML" if path.suffix == ".toml" else "JSON"
        raise one_fault(str(path), f"is not {kind}: {error}", "Correct that place") from None
    if not isinstance(data, dict):
        raise one_fault(str(path), "is not a table of fields", "An order begins with [person] and [prescription]")
    return data


def read_order(data: Mapping[str, Any], monograph: Monograph, folder: Path = Path()) -> Order:
    """An order from plain data, every fault at once.

    ``table`` may be text, or ``table_file`` a CSV beside the order; ``locale`` is read as the market.
    """
    data = {key: dict(value) if isinstance(value, Mapping) else value for key, value in data.items()}
    faults: list[Fault] = []
    person = data.get("person")
    if isinstance(person, dict) and "locale" in person:
        person["market"] = country(person.pop("locale"))
    prescription = data.get("prescription")
    if isinstance(prescription, dict):
        try:
            _put_table(prescription, folder)
        except BadInput as bad:
            faults += bad.faults
            times = prescription.setdefault("times", ["08:00"])
            prescription["table"] = [{"days": 1, "doses": ["0 mg"] * len(times if isinstance(times, list) else ())}]
    faults += _unknown_words(data, monograph)
    order = None
    try:
        order = read(Order, data)
    except BadInput as bad:
        said = {(fault.path, fault.problem) for fault in faults}
        faults += [fault for fault in bad.faults if (fault.path, fault.problem) not in said]
    if faults or order is None:
        raise BadInput(faults)
    return order


def _faults_of(look_up: Callable[..., object], *arguments: object) -> tuple[Fault, ...]:
    try:
        look_up(*arguments)
    except BadInput as bad:
        return bad.faults
    return ()


def _unknown_words(data: Mapping[str, Any], monograph: Monograph) -> list[Fault]:
    """Faults in the words of an order that can be looked up even while other parts cannot be read."""
    faults: list[Fault] = []
    person = data.get("person")
    if isinstance(person, Mapping):
        zone = person.get("zone") if isinstance(person.get("zone"), str) else "UTC"
        words = {key: person[key] for key in ("conditions", "indication") if key in person}
        faults += _faults_of(read, Person, {"zone": zone}, "person")
        faults += _faults_of(lambda: check_words(read(Person, {"zone": "UTC", **words}, "person"), monograph))
    for table, protocols in (("prescription", monograph.titration), ("taper", monograph.taper)):
        part = data.get(table)
        if not isinstance(part, Mapping):
            continue
        products = part.get("products")
        for place, product in enumerate(products if isinstance(products, list) else ()):
            if isinstance(product, str):
                faults += _faults_of(monograph.product, product, f"{table}.products[{place}]")
        if isinstance(protocol := part.get("protocol"), str):
            faults += _faults_of(protocols, protocol, f"{table}.protocol")
        if "times" in part:
            faults += _faults_of(_check_times, part["times"], f"{table}.times")
        start = part.get("start")
        faults += [
            Fault(f"{table}.{name}", f"{end} is before the start, {start}", "Give a later end or an earlier start")
            for name in ("until", "stop_on")
            if type(start) is date and type(end := part.get(name)) is date and end < start
        ]
    return faults


def _check_times(times: object, at: str) -> None:
    slots_at(read(tuple[time, ...], times, at), at)


def country(locale: object) -> object:
    """``en-GB`` and ``gb`` → ``GB``; what is no text is left for the reader to refuse."""
    return locale.replace("_", "-").split("-")[-1].upper() if isinstance(locale, str) else locale


def _put_table(prescription: dict[str, Any], folder: Path) -> None:
    text = prescription.get("table")
    at = "prescription.table"
    name = prescription.pop("table_file", None)
    if name is not None:
        at = f"prescription.table_file ({Path(str(name)).name})"
        try:
            text = (folder / str(name)).read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise one_fault(at, f"cannot be read: {error}", "Give the name of a CSV file beside the order") from None
    if not isinstance(text, str):
        return
    table = read_table(text, at)
    times = [at.strftime("%H:%M") for at in table.times]
    said = [t.isoformat()[:5] if isinstance(t, time) else t for t in prescription.get("times", times)]
    if said != times:
        raise one_fault(
            "prescription.times",
            f"{said} are not the times of the table, {times}",
            "Leave times out: the table has them",
        )
    start = prescription.get("start")
    if table.start is not None:
        if start is not None and str(start) != str(table.start):
            raise one_fault(
                "prescription.start", f"{start} is not the first day of the table, {table.start}", "Correct one of them"
            )
        prescription["start"] = table.start
    prescription["times"] = times
    prescription["table"] = [plain(row) for row in table.rows]


def make_plan(order: Order, monograph: Monograph) -> Plan:
    """The draft that an order asks for. The id follows from the order's content, so the same order is the same plan."""
    id = order.id or plan_id(order)
    if order.taper is not None:
        return taper(order.taper, monograph, id)
    assert order.prescription is not None
    return titrate(order.prescription, order.person, monograph, id)


def coming_down(plan: Plan, stretch: Stretch, start: date) -> dict[str, Any]:
    """What a ``taper`` table takes from the plan that is followed: the doses of a stretch, its times, and what they are made from."""
    return {
        "times": [f"{slot.at:%H:%M}" for slot in plan.slots], "current": [str(dose) for dose in stretch.step.doses],
        "products": list(plan.products), "making": plain(plan.making), "on_drug_days": plan.on_drug_days + (start - plan.start).days,
    }  # fmt: skip


def plan_id(order: Order) -> str:
    """``p-`` and ten hexadecimal digits of the order's content."""
    return "p-" + hashlib.sha256(json.dumps(plain(order), sort_keys=True).encode()).hexdigest()[:10]
