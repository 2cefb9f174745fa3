"""One scale over the days of a record, as plain numbers: at most one value a day, and a day without one is a gap."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import isfinite
from statistics import median
from typing import Self

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Days = NDArray[np.int64]


class Better(StrEnum):
    """Which end of a scale a person would rather be at."""

    LOW = "low"
    HIGH = "high"


class Towards(StrEnum):
    """Where a difference points on a scale of which the better end is known."""

    BETTER = "better"
    WORSE = "worse"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The values of one scale by local day, in order; days without a value are absent and are never filled in.

    ``low`` and ``high`` are the ends of the scale and ``step`` the smallest difference that it can show (1 on a 0–10 scale).
    ``better`` is None where neither end is known to be better. Raises ValueError for days out of order or twice, and for
    values that are not finite or not on the scale.
    """

    scale: str
    values: tuple[tuple[date, float], ...]
    low: float = 0.0
    high: float = 10.0
    step: float = 1.0
    better: Better | None = None

    def __post_init__(self) -> None:
        if not (isfinite(self.low) and isfinite(self.high) and self.low < self.high and self.step > 0):
            raise ValueError(f"{self.scale}: a scale from {self.low} to {self.high} in steps of {self.step} is none")
        days = [day for day, _ in self.values]
        if any(one >= next_one for one, next_one in itertools.pairwise(days)):
            raise ValueError(f"{self.scale}: days must be in order, each once")
        off = [f"{value} on {day}" for day, value in self.values if not self.low <= value <= self.high]
        if off:
            raise ValueError(f"{self.scale} runs from {self.low} to {self.high}: {', '.join(off)}")

    @classmethod
    def of_check_ins(
        cls,
        scale: str,
        check_ins: Iterable[tuple[date, float]],
        *,
        low: float = 0.0,
        high: float = 10.0,
        step: float = 1.0,
        better: Better | None = None,
    ) -> Self:
        """From check-ins in any order, several a day or none. A day's value is the median of its check-ins, so that a day on
        which somebody checked in five times weighs no more than a day with one, and one odd entry does not carry the day."""
        by_day: dict[date, list[float]] = {}
        for day, value in check_ins:
            by_day.setdefault(day, []).append(value)
        values = tuple((day, float(median(found))) for day, found in sorted(by_day.items()))
        return cls(scale=scale, values=values, low=low, high=high, step=step, better=better)

    @property
    def days(self) -> Days:
        """The days with data, as proleptic day numbers."""
        return np.array([day.toordinal() for day, _ in self.values], dtype=np.int64)

    @property
    def numbers(self) -> Numbers:
        """The values of those days."""
        return np.array([value for _, value in self.values], dtype=np.float64)

    def between(self, first: date, last: date) -> Self:
        """The same scale on the days from ``first`` to ``last``, both included."""
        kept = tuple((day, value) for day, value in self.values if first <= day <= last)
        return type(self)(
            scale=self.scale, values=kept, low=self.low, high=self.high, step=self.step, better=self.better
        )

    def towards(self, difference: float) -> Towards | None:
        """Where a difference on this scale points; None where neither end is known to be better."""
        if self.better is None:
            return None
        if difference == 0:
            return Towards.NEITHER
        return Towards.BETTER if (difference < 0) == (self.better is Better.LOW) else Towards.WORSE


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One check-in at a time that the clock on the wall showed: ``at`` has no zone."""

    at: datetime
    value: float

    def __post_init__(self) -> None:
        if self.at.tzinfo is not None:
            raise ValueError("a time of day is read from the clock on the wall: give it without a zone")
        if not isfinite(self.value):
            raise ValueError(f"{self.value} is not a value")


@dataclass(frozen=True, slots=True, kw_only=True)
class SinceDose:
    """One check-in, ``hours`` after the last dose that was taken."""

    hours: float
    value: float

    def __post_init__(self) -> None:
        if not (isfinite(self.hours) and self.hours >= 0 and isfinite(self.value)):
            raise ValueError(f"{self.value} at {self.hours} hours is not a check-in after a dose")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Some values in four numbers: how many, the median, and the quartiles around it (Hyndman and Fan 1996, type 7)."""

    count: int
    low_quartile: float
    median: float
    high_quartile: float


def spread(values: Numbers) -> Spread:
    """The spread of at least one value."""
    low, middle, high = np.quantile(values, (0.25, 0.5, 0.75))
    return Spread(count=len(values), low_quartile=float(low), median=float(middle), high_quartile=float(high))
