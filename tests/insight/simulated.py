"""Simulated records with known truth: first-order autoregressive scores around a level, rounded to a 0–10 scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy.signal import lfilter

from gradatim.domain.dose import OralDose
from gradatim.insight.before_after import BeforeAfter, before_after
from gradatim.insight.change_points import ChangePoints, change_points
from gradatim.insight.doses import Change, Segment, changes
from gradatim.insight.memory import memory
from gradatim.insight.patterns import Pattern, weekday
from gradatim.insight.series import Better, Numbers, Series
from gradatim.insight.trend import Trend, trend

START = date(2026, 1, 5)  # a Monday


def a_day(number: int) -> date:
    return START + timedelta(days=number)


def a_series(values: Sequence[float | None], scale: str = "spasticity", better: Better | None = Better.LOW) -> Series:
    """A series from the first day on; None is a gap."""
    kept = tuple((a_day(at), float(value)) for at, value in enumerate(values) if value is not None)
    return Series(scale=scale, values=kept, better=better)


def doses(*days: int) -> tuple[Segment, ...]:
    """One segment after another, of so many days, rising by 5 mg from 15 mg a day."""
    found, first = [], 0
    for number, length in enumerate(days):
        last = a_day(first + length - 1)
        found.append(Segment(first=a_day(first), last=last, day_total=OralDose.mg(15 + 5 * number)))
        first += length
    return tuple(found)


def noise(draw: np.random.Generator, days: int, phi: float) -> Numbers:
    """A stationary autoregression of unit variance."""
    fresh = draw.standard_normal(days)
    fresh[1:] *= np.sqrt(1 - phi**2)
    return np.asarray(lfilter([1.0], [1.0, -phi], fresh), dtype=np.float64)


@dataclass(frozen=True)
class Person:
    """How scores arise: level 5 with a deviation of 1.5 points, memory ``phi``, and a share of days without data.

    ``trait`` adds slower weather beneath: a second autoregression (0.9) that takes this share of the variance.
    """

    phi: float
    level: float = 5.0
    deviation: float = 1.5
    missing: float = 0.0
    trait: float = 0.0

    def scores(self, draw: np.random.Generator, added: Numbers) -> Series:
        own = noise(draw, len(added), self.phi) * np.sqrt(1 - self.trait)
        slow = noise(draw, len(added), 0.9) * np.sqrt(self.trait)
        values = np.clip(np.rint(self.level + self.deviation * (own + slow) + added), 0, 10)
        there = draw.random(len(added)) >= self.missing
        return a_series([float(value) if here else None for value, here in zip(values, there, strict=True)])


@dataclass(frozen=True)
class Tally:
    """What came of some records: how many gave a result, the share of intervals that held the truth, the share of false alarms
    (or of finds, where there was something to find), the mean error and the mean half width."""

    results: int
    covered: float
    alarms: float
    error: float
    half_width: float


def tally_shifts(
    person: Person, segments: tuple[int, ...], true: float, records: int, seed: int = 1, look: int = -1
) -> Tally:
    """`before_after` at one change of dose, the last unless said otherwise; the level moves there by ``true``."""
    draw = np.random.default_rng(seed)
    found: tuple[Change, ...] = changes(doses(*segments))
    change = found[look]
    added = np.zeros(sum(segments))
    added[(change.on - START).days :] = true
    rows = []
    for _ in range(records):
        series = person.scores(draw, added)
        result = before_after(series, change, remembered=memory(series, found))
        if isinstance(result, BeforeAfter):
            rows.append((result.shift, result.interval.low, result.interval.high, result.p))
    return _tally(rows, true)


def tally_slopes(person: Person, days: int, true: float, records: int, seed: int = 2) -> Tally:
    """`trend` over some days with a true slope in points a week."""
    draw = np.random.default_rng(seed)
    added = (np.arange(days) - days / 2) * true / 7
    rows = []
    for _ in range(records):
        result = trend(person.scores(draw, added))
        if isinstance(result, Trend):
            rows.append((result.per_week, result.interval.low, result.interval.high, result.p))
    return _tally(rows, true)


def _tally(rows: list[tuple[float, float, float, float]], true: float) -> Tally:
    shift, low, high, p = np.array(rows).T
    return Tally(
        results=len(rows),
        covered=float(((low - 1e-9 <= true) & (true <= high + 1e-9)).mean()),
        alarms=float((p <= 0.05).mean()),
        error=float(shift.mean() - true),
        half_width=float((high - low).mean() / 2),
    )


def share_with_cuts(
    person: Person, days: int, records: int, *, move: float = 0.0, seed: int = 3
) -> tuple[float, float]:
    """The share of records with any change point, and with one within a week of where the level moved, 4 days past the middle."""
    draw = np.random.default_rng(seed)
    at = days // 2 + 4
    added = np.zeros(days)
    added[at:] = move
    some = near = 0
    for _ in range(records):
        result = change_points(person.scores(draw, added))
        if isinstance(result, ChangePoints):
            some += bool(result.points)
            near += any(abs((point.on - a_day(at)).days) <= 7 for point in result.points)
    return some / records, near / records


def share_with_weekdays(person: Person, days: int, records: int, *, sunday: float = 0.0, seed: int = 4) -> float:
    """The share of records in which the weekdays stand out at 0.05; Sundays are moved by so much."""
    draw = np.random.default_rng(seed)
    added = np.where(np.arange(days) % 7 == 6, sunday, 0.0)
    results = [weekday(person.scores(draw, added)) for _ in range(records)]
    return sum(isinstance(result, Pattern) and result.p <= 0.05 for result in results) / records
