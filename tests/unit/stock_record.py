"""Small records for the tests of the box: a plan in one table, and entries as somebody would write them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from gradatim.domain.approval import Approval, Role
from gradatim.domain.clock import Instant, zone
from gradatim.domain.dose import OralDose
from gradatim.domain.entry import (
    Correction,
    DoseSkipped,
    DoseTaken,
    DoseUnsure,
    Entry,
    ExtraDose,
    PersonDescribed,
    PlanApproved,
    Preference,
    StockChange,
    StockChanged,
    TripPlanned,
    Used,
    What,
    new_id,
)
from gradatim.domain.fold import fold
from gradatim.domain.person import Age, Person
from gradatim.domain.plan import Answerer, Because, Item, Plan, Purpose, Review, State, Step, slots_at
from gradatim.domain.record import Record
from gradatim.domain.run_out import Outlook, outlook
from gradatim.domain.schedule import dose_id
from gradatim.domain.stock import Inventory, inventory
from gradatim.domain.tablets import Making
from gradatim.monographs import leaflet, monograph

M, L = monograph(), leaflet()
ZONE = "Europe/London"
D1 = date(2026, 12, 1)  # a Tuesday; the plan starts here
PERSON = Person(zone=ZONE, age=Age(45 * 12), market="US")


def mg(amount: float) -> OralDose:
    return OralDose(round(amount * 1000))


def at(text: str) -> Instant:
    """``1 08:00``: that day of December 2026 (32: 1 January), by the clock of London."""
    day, clock = text.split()
    moment = datetime.combine(date.fromordinal(D1.toordinal() + int(day) - 1), time.fromisoformat(clock), zone(ZONE))
    return Instant.of(moment)


def plan(
    *rows: tuple[int | None, tuple[float, ...]],
    times: tuple[str, ...] = ("08:00", "14:00", "21:00"),
    products: tuple[str, ...] = ("us/10",),
    start: date = D1,
    reviews: bool = False,
    making: Making | None = None,
) -> Plan:
    """Rows of days and mg a time; the last row is open. ``reviews``: one stands before every row but the first."""
    items: list[Item] = []
    for place, (days, doses) in enumerate(rows):
        if reviews and place:
            items.append(Review(id=f"v1-r{place}", by=Answerer.PERSON, asks=()))
        items.append(Step(doses=tuple(map(mg, doses)), because=Because.TABLE, days=days))
    return Plan(
        id="p1", version=1, drug="baclofen", purpose=Purpose.TITRATION, start=start, until=date(2028, 1, 1),
        slots=slots_at(tuple(map(time.fromisoformat, times))), items=tuple(items), products=products, making=making or Making(),
        state=State.APPROVED, approval=Approval(by="Dr A. Name", role=Role.PRESCRIBER, at=at("-5 10:00")),
    )  # fmt: skip


class Writer:
    """Writes entries, each with its own id; ``late`` is when it was written down, if not at once."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, what: What, when: Instant | str, late: Instant | str | None = None) -> Entry:
        self.count += 1
        happened = at(when) if isinstance(when, str) else when
        recorded = happened if late is None else at(late) if isinstance(late, str) else late
        return Entry(
            id=new_id(recorded.seconds * 1000, self.count.to_bytes(10, "big")), person="me", author="me", device="phone",
            at=happened, zone=ZONE, recorded=recorded, what=what,
        )  # fmt: skip

    def begin(self, made: Plan, when: str = "-4 10:00") -> list[Entry]:
        return [self(PersonDescribed(person=PERSON), when), self(PlanApproved(plan=made), when)]


def box(change: str, tablets: float = 0, product: str = "us/10", **more: object) -> StockChanged:
    return StockChanged(change=StockChange(change), product=product, quarters=round(tablets * 4), **more)  # type: ignore[arg-type]


def bottle(change: str, ml: float = 0, product: str = "us/suspension-5", **more: object) -> StockChanged:
    return StockChanged(change=StockChange(change), product=product, microlitres=round(ml * 1000), **more)  # type: ignore[arg-type]


def tablets(count: float, product: str = "us/10") -> tuple[Used, ...]:
    return (Used(product=product, strength=M.product(product).strength, quarters=round(count * 4)),)


def took(day: int, slot: int, count: float, product: str = "us/10") -> DoseTaken:
    units = tablets(count, product)
    assert units[0].dose is not None
    return DoseTaken(dose=name(day, slot), amount=units[0].dose, units=units)


def name(day: int, slot: int) -> str:
    return dose_id("p1", date.fromordinal(D1.toordinal() + day - 1), f"s{slot}")


def left(entries: Iterable[Entry], now: str, product: str = "us/10") -> int | None:
    """Quarters or microlitres of a product."""
    return stock_at(entries, now).of(M.product(product)).amount


def stock_at(entries: Iterable[Entry], now: str) -> Inventory:
    return inventory(fold(entries, at(now)), M, at(now))


def seen(entries: Iterable[Entry], now: str) -> tuple[Record, Inventory, Outlook]:
    record = fold(entries, at(now))
    stocks = inventory(record, M, at(now))
    return record, stocks, outlook(record, M, L, stocks)


__all__ = [
    "D1", "PERSON", "Correction", "DoseSkipped", "DoseUnsure", "ExtraDose", "L", "M", "Preference", "TripPlanned", "Writer",
    "at", "bottle", "box", "left", "mg", "name", "plan", "seen", "stock_at", "tablets", "took",
]  # fmt: skip
