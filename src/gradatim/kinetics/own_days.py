"""Missed and late doses as somebody's own days had them: blocks of days, drawn and put one after the other.

A bootstrap by blocks (Künsch HR, Ann Stat 1989;17:1217-41): within a block days follow one another as they did, so that a bad week stays
one. Which block comes next is looked up by seed, person and number, so nothing hangs on who else is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.kinetics.adherence import told
from gradatim.kinetics.chance import Purpose, uniform
from gradatim.kinetics.events import Schedule
from gradatim.kinetics.histories import Histories

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_HOURS = 24.0


@dataclass(frozen=True, slots=True)
class OwnDose:
    """What became of one planned dose. ``hour``: hours from the beginning of its day to when it was planned. ``late``: hours from then to
    when it was taken, below 0 if early; None: it was not taken."""

    hour: float
    late: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDays:
    """``days`` in their order, each with its planned doses in order; an empty one is a day of which not everything is known, and no block
    reaches across it. ``block``: how many days are drawn together. ``edges``: when the days of the schedule begin, in hours, where they are
    not all 24 hours from 0 on.

    A planned dose fares as that of the drawn day whose hour is nearest to its own, the earlier of two. ``unrecorded``: how many of the
    doses that count as not taken nobody wrote anything about. Raises `BadInput` where no block of that length is known.
    """

    days: tuple[tuple[OwnDose, ...], ...]
    block: int = 7
    edges: tuple[float, ...] = ()
    unrecorded: int = 0

    def __post_init__(self) -> None:
        faults = []
        if self.block < 1:
            faults.append(Fault("block", f"{self.block} days", "Give 1 or more"))
        elif not self.starts:
            known = sum(bool(day) for day in self.days)
            problem = f"no {self.block} days in a row of which every dose is known, of {known} such days"
            faults.append(Fault("days", problem, "Take more days, or shorter blocks"))
        if any(b <= a for a, b in pairwise(self.edges)):
            faults.append(Fault("edges", "do not go up", "Give where each day begins"))
        if faults:
            raise BadInput(faults)

    @property
    def starts(self) -> tuple[int, ...]:
        """The days on which a whole block begins."""
        length = self.block
        return tuple(k for k in range(len(self.days) - length + 1) if all(self.days[k : k + length]))

    @property
    def doses(self) -> tuple[OwnDose, ...]:
        """All planned doses of days that are known."""
        return tuple(dose for day in self.days for dose in day)

    @property
    def missed(self) -> int:
        """How many of them were not taken."""
        return sum(dose.late is None for dose in self.doses)

    def on(self, edges: Sequence[float]) -> OwnDays:
        """The same for a schedule whose days begin at ``edges``, in hours; before the first and from the last on every 24."""
        return replace(self, edges=tuple(float(edge) for edge in edges))

    def taken(self, planned: Schedule, times: ArrayLike, *, first: int, number: int, seed: int = 0) -> Histories:
        """What some people take of a schedule of doses given at once, in hours, if they fare as on these days; each read at the same
        ``times``. Raises `BadInput` for a schedule with anything else."""
        plain = Histories.of_schedules([planned], [[]])
        when = plain.dose_times
        if not len(when):
            raise one_fault("doses", "there are none", "Give a schedule with doses")
        day, hour = self._day_of(when)
        drawn = self._drawn(int(day[0]), int(day[-1]), np.arange(first, first + number), seed)
        late = self._late(hour)
        real = when[:, None] + late[drawn[day - day[0]], np.arange(len(when))[:, None]]
        return told(np.where(np.isnan(real), np.inf, real), plain.amounts, times)

    def _day_of(self, when: Floats) -> tuple[Ints, Floats]:
        """The day of each dose, counted from that of time 0, and its hour in it."""
        edges = np.array(self.edges or (0.0,))
        place = np.searchsorted(edges, when, side="right") - 1
        inside = (place >= 0) & (place < len(edges) - 1)
        origin = np.where(place < 0, edges[0], edges[-1])
        offset = np.where(place < 0, 0, len(edges) - 1)
        beyond = np.floor((when - origin) / _HOURS)
        day = np.where(inside, place, beyond + offset).astype(np.int64)
        begins = np.where(inside, edges[np.clip(place, 0, len(edges) - 1)], origin + beyond * _HOURS)
        return day, when - begins

    def _drawn(self, first_day: int, last_day: int, people: Ints, seed: int) -> Ints:
        """Which of the own days stands for each day of the schedule, [days, N]."""
        starts, days = np.array(self.starts), last_day - first_day + 1
        chance = uniform(seed, Purpose.OWN_DAY, people, -(-days // self.block))
        begun = starts[np.minimum((chance * len(starts)).astype(np.int64), len(starts) - 1)]
        whole = begun[:, None, :] + np.arange(self.block)[None, :, None]
        return np.asarray(whole.reshape(-1, len(people))[:days])

    def _late(self, hours: Floats) -> Floats:
        """How late each planned dose would be on each own day, NaN where it was not taken, [own days, doses]."""
        different, place = np.unique(hours, return_inverse=True)
        found = np.full((len(self.days), len(different)), np.nan)
        for number, day in enumerate(self.days):
            for column, hour in enumerate(different.tolist() if day else []):
                nearest = min(day, key=lambda one, at=hour: abs(one.hour - at))  # type: ignore[misc]
                if nearest.late is not None:
                    found[number, column] = nearest.late
        return found[:, place]
