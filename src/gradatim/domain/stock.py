"""What is left in the box: the last count, with what came in, was lost and was really taken since.

A stock is counted in the product's own unit, quarters of a piece (4 are a tablet) or microlitres, and never in mg: 20 mg from tablets
of 10 mg are two tablets. It may fall below nothing; that is shown and asked about, never hidden, for it means that something was not
written down. Entries count when they happened (``at``), so a dose recorded late but taken before a count changes nothing. Of entries
of the same second those that add come before a count, and those that take away after it: of two readings the one with fewer tablets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from gradatim.domain.clock import Instant
from gradatim.domain.entry import DoseTaken, DoseUnsure, ExtraDose, StockChange, StockChanged, Units
from gradatim.domain.fault import BadInput
from gradatim.domain.monograph import Monograph
from gradatim.domain.pack import Box, Pack, Packs, held, open_one, recount, throw_away
from gradatim.domain.product import Product
from gradatim.domain.record import Logged, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """What the record says is left of one product.

    ``amount`` is None until the product has been counted once, and may be negative; what is past its last day is in it. Until the next
    count ``uncertain`` names entries that may have used an unknown amount (taken without tablets named, or "not sure"), ``twice``
    further entries of a dose already recorded as taken, and ``overdrawn`` the first entry that took more than there was.
    """

    product: Product
    amount: int | None = None
    packs: Packs = ()
    in_use_days: int | None = None
    counted: str | None = None
    uncertain: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    overdrawn: str | None = None

    @property
    def known(self) -> bool:
        """Whether there is a number to reckon with: counted, and not less than nothing."""
        return self.amount is not None and self.amount >= 0

    def usable_on(self, day: date) -> int | None:
        """What of it may be used on a day; None where it is not known."""
        return held(self.packs, day) if self.known else None

    def spoiled_on(self, day: date) -> int:
        """What is past its last day."""
        return sum(pack.amount for pack in self.packs if not pack.usable_on(day)) if self.known else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLine:
    """One line of the refill history. ``balance`` is what was left after it, None before the first count.

    ``taken`` is what was taken since the line before. For a count ``off`` is what it found beyond what was expected.
    """

    entry: str
    at: Instant
    change: StockChange
    amount: int
    taken: int
    balance: int | None
    off: int | None = None
    expires: date | None = None
    batch: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Every product that the record speaks of, at an instant. ``unread`` are entries about no known product, or in the wrong unit."""

    now: Instant
    day: date
    stocks: tuple[Stock, ...]
    unread: tuple[str, ...] = ()

    def of(self, product: Product) -> Stock:
        """The stock of a product; of one that the record does not speak of it is not known."""
        return next((stock for stock in self.stocks if stock.product.id == product.id), Stock(product=product))


def inventory(record: Record, monograph: Monograph, now: Instant) -> Inventory:
    """What is left of each product at ``now``, in order of their ids."""
    boxes = _Boxes(record, monograph, now)
    stocks = tuple(box.stock() for _, box in sorted(boxes.boxes.items()))
    return Inventory(now=now, day=record.day_of(now), stocks=stocks, unread=tuple(boxes.unread))


def refills(record: Record, monograph: Monograph, now: Instant, product: Product) -> tuple[StockLine, ...]:
    """All that was counted, received, lost and opened of a product until ``now``, with the running balance."""
    box = _Boxes(record, monograph, now).boxes.get(product.id)
    return () if box is None else tuple(box.lines)


_RANK = {StockChange.RECEIVED: 0, StockChange.COUNTED: 1, StockChange.OPENED: 2, StockChange.LOST: 3}
_TAKEN = 4
_EPOCH = date(1970, 1, 1).toordinal()

_What = StockChanged | DoseTaken | ExtraDose | DoseUnsure
_Event = tuple[tuple[int, int, int, str], Logged[_What]]


@dataclass(slots=True)
class _Box:
    """A stock while its events go by."""

    product: Product
    box: Box = field(default_factory=Box)
    short: int = 0
    counted: str | None = None
    uncertain: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    overdrawn: str | None = None
    taken: int = 0
    lines: list[StockLine] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.box.in_use_days = self.product.in_use_days

    @property
    def balance(self) -> int | None:
        return None if self.counted is None else sum(pack.amount for pack in self.box.packs) - self.short

    def stock(self) -> Stock:
        return Stock(
            product=self.product, amount=self.balance, packs=tuple(p for p in self.box.packs if p.amount), counted=self.counted,
            in_use_days=self.box.in_use_days, uncertain=tuple(self.uncertain), twice=tuple(self.twice), overdrawn=self.overdrawn,
        )  # fmt: skip

    def changed(self, entry: str, at: Instant, said: StockChanged, day: date) -> None:
        before = self.balance
        amount = said.quarters or said.microlitres
        match said.change:
            case StockChange.COUNTED:
                self.box.packs = recount(self.box.packs, amount, day, said.expires, liquid=not self.product.is_solid)
                self.short, self.counted, self.overdrawn = 0, entry, None
                self.uncertain, self.twice = [], []
            case StockChange.RECEIVED:
                self.box.packs = (*self.box.packs, Pack(amount=amount, expires=said.expires, batch=said.batch))
                self.box.packs, self.short = throw_away(self.box.packs, self.short, day, None, None)
            case StockChange.LOST:
                self.box.packs, missing = throw_away(self.box.packs, amount, day, said.batch, said.expires)
                self._lacks(missing, entry)
            case StockChange.OPENED:
                self.box.in_use_days = said.in_use_days or self.box.in_use_days
                self.box.packs = open_one(self.box.packs, day, self.box.in_use_days, said.batch)
        off = None if said.change is not StockChange.COUNTED or before is None else amount - before
        self.lines.append(StockLine(
            entry=entry, at=at, change=said.change, amount=amount, taken=self.taken, balance=self.balance, off=off,
            expires=said.expires, batch=said.batch, note=said.note,
        ))  # fmt: skip
        self.taken = 0

    def took(self, amount: int, day: date, entry: str) -> None:
        self._lacks(self.box.take(amount, day), entry)
        self.taken += amount

    def _lacks(self, missing: int, entry: str) -> None:
        self.short += missing
        if missing and self.counted is not None and self.overdrawn is None:
            self.overdrawn = entry


class _Boxes:
    """All stocks while the events of a record go by."""

    def __init__(self, record: Record, monograph: Monograph, now: Instant) -> None:
        self.record, self.monograph = record, monograph
        self.boxes: dict[str, _Box] = {}
        self.unread: list[str] = []
        self.names: dict[str, Product | None] = {}
        twice = {one.id for done in record.done.values() for one in done.taken_twice}
        for _, one in sorted(_events(record, now), key=lambda event: event[0]):
            match one.what:
                case StockChanged() as said:
                    self._changed(one, said)
                case DoseUnsure() | DoseTaken(units=()) | ExtraDose(units=()):
                    self._uncertain(one)
                case DoseTaken(units=units) | ExtraDose(units=units):
                    self._took(one, units, one.id in twice)
                case _:
                    assert_never(one.what)

    def _product(self, id: str) -> Product | None:
        if id not in self.names:
            try:
                self.names[id] = self.monograph.product(id)
            except BadInput:
                self.names[id] = None
        return self.names[id]

    def _box(self, product: Product) -> _Box:
        return self.boxes.setdefault(product.id, _Box(product))

    def _changed(self, one: Logged[_What], said: StockChanged) -> None:
        product = self._product(said.product)
        if product is None or (said.microlitres if product.is_solid else said.quarters):
            self.unread.append(one.id)
        else:
            self._box(product).changed(one.id, one.at, said, self.record.day_of(one.at))

    def _took(self, one: Logged[_What], units: Units, twice: bool) -> None:
        for part in units:
            product = self._product(part.product)
            if product is None or product.is_solid is not (part.strength is not None):
                self.unread.append(one.id)
                continue
            box, amount = self._box(product), part.quarters or part.microlitres
            day = _latest_day(
                one.at
            )  # on a good pack the exact day does not matter, and finding it costs most of the time
            box.took(amount, day if box.box.at_hand(amount, day) else self.record.day_of(one.at), one.id)
            if twice:
                box.twice.append(one.id)

    def _uncertain(self, one: Logged[_What]) -> None:
        holding = self.record.holding_on(self.record.day_of(one.at))
        ids = tuple(self.boxes) if holding is None else holding.plan.products
        for product in map(self._product, ids):
            if product is not None:
                self._box(product).uncertain.append(one.id)


def _latest_day(at: Instant) -> date:
    """The day that it is at an instant where the day begins first, UTC+14."""
    return date.fromordinal(_EPOCH + (at.seconds + 14 * 3600) // 86400)


def _events(record: Record, now: Instant) -> Iterator[_Event]:
    def event(one: Logged[_What], rank: int) -> _Event:
        return (one.at.seconds, rank, one.entry.recorded.seconds, one.id), one

    found = [event(change, _RANK[change.what.change]) for change in record.of(StockChanged)]
    found += [event(taking, _TAKEN) for taking in record.takings]
    unsure = (one for one in record.of(DoseUnsure) if record.done[one.what.dose].counts.id == one.id)
    found += [event(one, _TAKEN) for one in unsure]
    return (one for one in found if one[1].at <= now)
