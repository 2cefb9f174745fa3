"""The doses beside a series: stretches of days with the same day total, and the days on which it changed."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from gradatim.domain.dose import OralDose
from gradatim.insight.series import Days

PIECE_DAYS = 28  # [D] within one dose, a level is kept for four weeks: slow drift is then not read as memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Consecutive days with the same day total. ``last`` None: still open. ``label`` names it on a card or a chart."""

    first: date
    last: date | None
    day_total: OralDose
    label: str = ""

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError(f"a segment cannot end on {self.last}, before its first day {self.first}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The day total changed on ``on``, the first day of ``after``."""

    before: Segment
    after: Segment

    @property
    def on(self) -> date:
        """The first day of the new dose."""
        return self.after.first

    @property
    def rising(self) -> bool:
        """Whether the new day total is the larger."""
        return self.after.day_total > self.before.day_total


def changes(segments: Sequence[Segment]) -> tuple[Change, ...]:
    """Every change of the day total, in order. Segments that join without a change of total (a rest, another version of the
    plan) count as one. Days before the first segment have no known dose: to compare with them, give a segment of 0 mg.

    Raises ValueError where segments overlap or are out of order.
    """
    joined: list[Segment] = []
    for segment in segments:
        last = joined[-1].last if joined else None
        if joined and (last is None or segment.first <= last):
            raise ValueError(f"the segment from {segment.first} begins before the one before it has ended")
        touches = last is not None and segment.first == last + timedelta(days=1)
        if touches and segment.day_total == joined[-1].day_total:
            joined[-1] = replace(joined[-1], last=segment.last)
        else:
            joined.append(segment)
    return tuple(
        Change(before=one, after=other) for one, other in itertools.pairwise(joined) if one.day_total != other.day_total
    )


def levels(days: Days, found: Sequence[Change]) -> Days:
    """A number for each day: days of one number share a level. It goes up at every change of dose, and within a dose after
    every `PIECE_DAYS`."""
    if not len(days):
        return days
    starts = np.array([int(days[0]), *(change.on.toordinal() for change in found)], dtype=np.int64)
    starts = np.unique(np.minimum(starts, days[-1] + 1))
    dose = np.searchsorted(starts, days, side="right") - 1
    piece = (days - starts[np.maximum(dose, 0)]) // PIECE_DAYS
    _, number = np.unique(np.stack([dose, piece]), axis=1, return_inverse=True)
    return np.asarray(number, dtype=np.int64).reshape(-1)
