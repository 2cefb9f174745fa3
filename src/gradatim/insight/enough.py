"""Minimum data or silence: what is returned in place of a result that the record is too short for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gradatim.domain.finding import Message, message


class Lacking(StrEnum):
    """What there is too little of."""

    DAYS_BEFORE = "days-before"  # days with data before a change of dose
    DAYS_AFTER = "days-after"
    DAYS = "days"  # days with data
    SPAN = "span"  # days from the first to the last with data
    WEEKS = "weeks"  # weeks with data on most days
    VALUES_PER_WEEKDAY = "values-per-weekday"
    DAYS_WITH_TWO_TIMES = "days-with-two-times"  # days with check-ins in two parts of the day
    PARTS_OF_DAY = "parts-of-day"
    HOUR_BANDS = "hour-bands"  # bands of hours since the last dose with enough check-ins
    PAIRS = "pairs"  # pairs of blocks with data in both


@dataclass(frozen=True, slots=True, kw_only=True)
class TooLittle:
    """Nothing is shown: there are ``have`` of the ``need`` that our minimum asks for. ``what`` says of what."""

    what: Lacking
    have: int
    need: int

    def __post_init__(self) -> None:
        if self.have >= self.need:
            raise ValueError(f"{self.have} of {self.need} is enough")

    @property
    def message(self) -> Message:
        """``insight.too-little.*`` with ``have`` and ``need``."""
        return message(f"insight.too-little.{self.what}", have=self.have, need=self.need)
