"""Packs of one product: what each still holds, and the last day on which it may be used.

Amounts are in the product's own unit: quarters of a piece for a solid, microlitres for a liquid, never mg. What came in with one
entry counts as one pack or one bottle. Doses are made from the pack that goes off first; a pack that is past its last day is not
usable, but it is still there until it is lost or counted away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One pack or bottle. ``in_use_days`` is how long it keeps once opened; the day of opening is the first of them."""

    amount: int
    expires: date | None = None
    batch: str | None = None
    opened: date | None = None
    in_use_days: int | None = None

    @property
    def last_day(self) -> date | None:
        """The last day on which it may be used; None where nothing says so."""
        if self.opened is None or self.in_use_days is None:
            return self.expires
        spoils = self.opened + timedelta(days=self.in_use_days - 1)
        return spoils if self.expires is None else min(spoils, self.expires)

    def usable_on(self, day: date) -> bool:
        """Whether it may be used on a day."""
        last = self.last_day
        return last is None or day <= last


Packs = tuple[Pack, ...]  # in the order in which they came
_Order = Callable[[Pack], tuple[bool, date, bool]]


def held(packs: Packs, day: date) -> int:
    """What may be used on a day."""
    return sum(pack.amount for pack in packs if pack.usable_on(day))


def use(packs: Packs, amount: int, day: date, in_use_days: int | None) -> tuple[Packs, int]:
    """The packs after a dose, and what was missing. Usable packs come first; what nobody opened before is open from now on."""
    return _less(packs, amount, lambda pack: (not pack.usable_on(day), *_soonest(pack)), day, in_use_days)


def throw_away(packs: Packs, amount: int, day: date, batch: str | None, expires: date | None) -> tuple[Packs, int]:
    """The packs after a loss, and what was missing. The pack that is named comes first, then those past their last day."""
    named = tuple(pack for pack in packs if (batch and pack.batch == batch) or (expires and pack.expires == expires))
    others = tuple(pack for pack in packs if pack not in named)
    named, missing = _less(named, amount, _spoiled_first(day))
    others, missing = _less(others, missing, _spoiled_first(day))
    return named + others, missing


def recount(packs: Packs, amount: int, day: date, expires: date | None, *, liquid: bool) -> Packs:
    """The packs after a count. The dates known before stay; ``expires`` replaces them all.

    Fewer than known: those past their last day are gone first, then those that go off first. More than known: of a liquid they are in
    the open bottle, which goes off first; of a solid they have no date.
    """
    in_use = next((pack for pack in packs if pack.opened is not None), None)
    if expires is not None:
        only = Pack(amount=amount, expires=expires)
        if in_use is not None:
            only = replace(only, opened=in_use.opened, in_use_days=in_use.in_use_days)
        return (only,) if amount else ()
    more = amount - sum(pack.amount for pack in packs)
    if more <= 0:
        return _less(packs, -more, _spoiled_first(day))[0]
    if liquid and in_use is not None:
        return tuple(replace(pack, amount=pack.amount + more) if pack is in_use else pack for pack in packs)
    return (*packs, Pack(amount=more))


def open_one(packs: Packs, day: date, in_use_days: int | None, batch: str | None) -> Packs:
    """The packs after one was opened: the one that is named, or that began to be used that day, or the first that is not open,
    or else the open one: the next bottle out of the same pack."""

    def order(place: int) -> tuple[bool, bool, bool, date, bool]:
        pack = packs[place]
        return (batch is None or pack.batch != batch, pack.opened != day, pack.opened is not None, *_soonest(pack))

    if packs:
        first = min(range(len(packs)), key=order)
        now_open = replace(packs[first], opened=day, in_use_days=in_use_days)
        return (*packs[:first], now_open, *packs[first + 1 :])
    return (Pack(amount=0, opened=day, in_use_days=in_use_days),)  # nothing is known of it but that it is open


def _soonest(pack: Pack) -> tuple[date, bool]:
    return pack.last_day or date.max, pack.opened is None


def _spoiled_first(day: date) -> _Order:
    return lambda pack: (pack.usable_on(day), *_soonest(pack))


def _less(
    packs: Packs, amount: int, order: _Order, opening: date | None = None, in_use_days: int | None = None
) -> tuple[Packs, int]:
    left = list(packs)
    for place in sorted(range(len(packs)), key=lambda n: order(packs[n])):
        if amount <= 0:
            break
        pack = left[place]
        out = min(amount, pack.amount)
        amount -= out
        if opening is not None and pack.opened is None and in_use_days is not None:
            pack = replace(pack, opened=opening, in_use_days=in_use_days)
        left[place] = replace(pack, amount=pack.amount - out)
    return tuple(pack for pack, before in zip(left, packs, strict=True) if pack.amount or not before.amount), amount


class Box:
    """The packs of one product while doses are taken out of them, one after another.

    What comes out of the pack in hand is only counted, so that years of doses are walked in milliseconds.
    """

    __slots__ = ("_in_hand", "_left", "_packs", "_until", "in_use_days")

    _packs: Packs  # without what was taken out of the pack in hand
    _in_hand: int | None
    _left: int
    _until: date

    def __init__(self, packs: Packs = (), in_use_days: int | None = None) -> None:
        self.in_use_days = in_use_days
        self.packs = packs

    @property
    def packs(self) -> Packs:
        """The packs as they are now."""
        if self._in_hand is not None:
            place = self._in_hand
            pack = replace(self._packs[place], amount=self._left)
            self._packs, self._in_hand = (*self._packs[:place], pack, *self._packs[place + 1 :]), None
            self._left = 0
        return self._packs

    @packs.setter
    def packs(self, packs: Packs) -> None:
        self._packs, self._in_hand = packs, None
        self._left, self._until = 0, date.min

    def at_hand(self, amount: int, day: date) -> bool:
        """Whether the pack in hand holds more than that and may be used on that day."""
        return amount < self._left and day <= self._until

    def holds(self, amount: int, day: date) -> bool:
        """Whether a dose can be made on a day."""
        return self.at_hand(amount, day) or held(self.packs, day) >= amount

    def take(self, amount: int, day: date) -> int:
        """Take a dose out; what was missing comes back."""
        if self.at_hand(amount, day):
            self._left -= amount
            return 0
        self.packs, missing = use(self.packs, amount, day, self.in_use_days)
        usable = [n for n, pack in enumerate(self._packs) if pack.usable_on(day)]
        if usable:
            place = min(usable, key=lambda n: _soonest(self._packs[n]))
            pack = self._packs[place]
            if pack.opened is not None or self.in_use_days is None:
                self._in_hand, self._left, self._until = place, pack.amount, pack.last_day or date.max
        return missing
