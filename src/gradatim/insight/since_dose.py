"""A scale by the hours since the last dose: counts and medians, and nothing tested.

People check in when they feel something, and doses come at the same times each day, so that hours since a dose and time of day cannot be
told apart here. The bands are therefore described and not compared.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gradatim.domain.finding import Message, message
from gradatim.insight.enough import Lacking, TooLittle
from gradatim.insight.series import SinceDose, Spread, spread

EDGES = (0, 1, 2, 3, 4, 6, 8, 12)  # [D] hours; finer in the hours after a dose
MINIMUM_VALUES = 5  # [D] a band with fewer is counted, and its median is kept back
MINIMUM_BANDS = 3  # [D]
METHOD = "insight.method.since-dose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """From ``first`` hours after a dose to under ``last``. ``spread`` None: fewer than `MINIMUM_VALUES`."""

    first: int
    last: int
    count: int
    spread: Spread | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHours:
    """Every band of hours, in order. ``later`` counts the check-ins after the last edge, which are in no band."""

    scale: str
    bands: tuple[Band, ...]
    later: int
    method: str = METHOD

    @property
    def notes(self) -> tuple[Message, ...]:
        """What must be said beside the numbers."""
        return (message("insight.note.hours-and-time-of-day"),)


def by_hours(scale: str, check_ins: Sequence[SinceDose]) -> ByHours | TooLittle:
    """Bin the check-ins of a scale by the hours since the last dose."""
    hours = np.array([one.hours for one in check_ins], dtype=np.float64)
    values = np.array([one.value for one in check_ins], dtype=np.float64)
    bands = []
    for first, last in itertools.pairwise(EDGES):
        here = values[(first <= hours) & (hours < last)]
        shown = spread(here) if len(here) >= MINIMUM_VALUES else None
        bands.append(Band(first=first, last=last, count=len(here), spread=shown))
    filled = sum(band.spread is not None for band in bands)
    if filled < MINIMUM_BANDS:
        return TooLittle(what=Lacking.HOUR_BANDS, have=filled, need=MINIMUM_BANDS)
    return ByHours(scale=scale, bands=tuple(bands), later=int((hours >= EDGES[-1]).sum()))
