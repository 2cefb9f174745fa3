"""What happened to the box, and days on which it has to last away from home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from gradatim.domain.fault import one_fault


class StockChange(StrEnum):
    """What happened to the box."""

    COUNTED = "counted"
    RECEIVED = "received"
    LOST = "lost"
    OPENED = "opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class StockChanged:
    """Tablets (in quarters) or liquid (in microlitres) counted, received, lost; or a bottle opened.

    ``in_use_days`` is the bottle's own figure for how long it keeps once opened; ``expires`` the day printed on the pack.
    """

    kind: ClassVar[str] = "stock"
    change: StockChange
    product: str
    quarters: int = 0
    microlitres: int = 0
    expires: date | None = None
    batch: str | None = None
    in_use_days: int | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if self.quarters < 0 or self.microlitres < 0 or (self.quarters and self.microlitres):
            raise one_fault("quarters", "is not an amount of one product", "Give tablets or millilitres, 0 or more")
        if self.change in (StockChange.RECEIVED, StockChange.LOST) and not (self.quarters or self.microlitres):
            raise one_fault("quarters", f"nothing was {self.change}", "Give how many")
        if self.change is StockChange.OPENED and (self.quarters or self.microlitres):
            raise one_fault("microlitres", "opening a bottle does not change how much there is", "Leave the amount out")


@dataclass(frozen=True, slots=True, kw_only=True)
class TripPlanned:
    """Days away from home and from the own pharmacy."""

    kind: ClassVar[str] = "trip"
    first: date
    last: date
    note: str | None = None

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise one_fault("last", f"{self.last} is before the first day, {self.first}", "Give a later last day")
