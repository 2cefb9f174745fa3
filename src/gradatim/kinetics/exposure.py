"""What a course of levels amounts to, interval by interval: highest, lowest, average, area, and time above a level; exact, not read off
a grid. The grid only has to be fine enough to see each peak once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradatim.domain.fault import BadInput, Fault
from gradatim.kinetics.course import Between, Parameters
from gradatim.kinetics.events import Schedule
from gradatim.kinetics.propagator import Rates, applied, propagator
from gradatim.kinetics.simulate import Segment, segments
from gradatim.kinetics.structure import LinearModel

Floats = NDArray[np.float64]
Picked = tuple[NDArray[np.int64], ...]
"""Places of stretches and of subjects, as np.nonzero gives them."""

_ROUNDS = 60  # at worst; a root is found in about eight


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exposure:
    """Of each interval between two ``edges`` [K + 1] and each subject, arrays [K, N]. Levels are in the model's level unit, times in its
    time unit; ``area`` is level × time. Both sides of a jump count: the level just before a bolus can be ``lowest``."""

    edges: Floats
    highest: Floats
    highest_at: Floats
    lowest: Floats
    area: Floats
    above: Floats | None = None

    @property
    def average(self) -> Floats:
        """Area divided by length."""
        return self.area / np.diff(self.edges)[:, None]

    @property
    def fluctuation(self) -> Floats:
        """Peak-trough fluctuation: (highest − lowest) / average."""
        return (self.highest - self.lowest) / self.average


def exposure(
    model: LinearModel,
    schedule: Schedule,
    parameters: Parameters,
    edges: ArrayLike,
    *,
    above: float | None = None,
    step: float = 0.5,
    between: Between = Between.NEXT,
) -> Exposure:
    """The exposure in each interval between two edges. ``step``: the longest stretch in which no more than one peak or trough is.

    Peaks and crossings are found as roots between events.
    Raises `BadInput` as `simulate` does, and for edges that do not go up.
    """
    ends = np.asarray(edges, dtype=np.float64)
    if ends.ndim != 1 or len(ends) < 2 or not np.all(np.isfinite(ends)) or np.any(np.diff(ends) <= 0):
        raise BadInput([Fault("edges", "do not go up", "Give two or more times, each later than the one before")])
    if not step > 0:
        raise BadInput([Fault("step", f"{step} is not above 0", "Give a length of time")])
    cuts = [np.linspace(a, b, int(np.ceil((b - a) / step)) + 1)[:-1] for a, b in pairwise(ends.tolist())]
    times = np.concatenate([*cuts, ends[-1:]])
    found: list[tuple[NDArray[np.int64], list[Floats]]] = []
    for subjects, parts in segments(model, schedule, parameters, times, between):
        course = _Course(model, parts, ends)
        found.append((subjects, course.measures(above)))
    size = sum(len(subjects) for subjects, _ in found)
    whole = [np.empty((len(ends) - 1, size)) for _ in found[0][1]]
    for subjects, measures in found:
        for into, measure in zip(whole, measures, strict=True):
            into[:, subjects] = measure
    return Exposure(
        edges=ends,
        highest=whole[0],
        highest_at=whole[1],
        lowest=whole[2],
        area=whole[3],
        above=None if above is None else whole[4],
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Spots:
    rates: Rates
    volume: Floats
    state: Floats
    fed: Floats

    def of(self, some: NDArray[np.int64]) -> _Spots:
        """Some of them."""
        return _Spots(self.rates.of(some), self.volume[some], self.state[:, some], self.fed[:, some])


class _Course:
    """Stretches [S] of the subjects of a group: levels and slopes at both ends, [S, N]."""

    def __init__(self, model: LinearModel, parts: Sequence[Segment], ends: Floats) -> None:
        self.watched, self.factor, self.parts = model.place(model.observed), model.units.level_factor, parts
        self.start = np.array([part.start for part in parts])
        self.dt = np.array([part.dt for part in parts])
        middle = self.start + self.dt / 2
        self.interval = np.clip(np.searchsorted(ends, middle, side="right") - 1, 0, len(ends) - 2)
        self.count = len(ends) - 1
        self.first, self.rise_first = self._ends([part.state for part in parts])
        self.last, self.rise_last = self._ends([part.after for part in parts])
        self.area = np.array([part.area for part in parts])

    def _ends(self, states: Sequence[Floats]) -> tuple[Floats, Floats]:
        levels, slopes = [], []
        for part, state in zip(self.parts, states, strict=True):
            level, slope = _level(part.setting.rates, part.setting.volume, state, part.fed, self.watched, self.factor)
            levels.append(level)
            slopes.append(slope)
        return np.array(levels), np.array(slopes)

    def measures(self, above: float | None) -> list[Floats]:
        """Highest, when, lowest, area, and time above, each [K, N]."""
        area = np.zeros((self.count, self.first.shape[1]))
        np.add.at(area, self.interval, self.area)
        highest, when = self._best(1.0)
        return [highest, when, -self._best(-1.0)[0], area, *([] if above is None else [self._above(above)])]

    def _best(self, sign: float) -> tuple[Floats, Floats]:
        """The highest of sign × level in each interval, and when, [K, N].

        Peaks inside a stretch are looked for in the order of what they might reach, until none might be higher than what was found.
        """
        everyone = np.arange(self.first.shape[1])
        within = [np.flatnonzero(self.interval == number) for number in range(self.count)]
        best, when = np.empty((self.count, len(everyone))), np.empty((self.count, len(everyone)))
        for number, here in enumerate(within):
            ends = sign * np.concatenate([self.first[here], self.last[here]])
            place = ends.argmax(axis=0)
            best[number] = ends[place, everyone]
            when[number] = np.concatenate([self.start[here], self.start[here] + self.dt[here]])[place]
        might = self._might_reach(sign)
        while True:
            picked: list[Picked] = []
            for number, here in enumerate(within):
                chosen = here[might[here].argmax(axis=0)]
                some = np.flatnonzero(might[chosen, everyone] > best[number])
                picked.append((chosen[some], some, np.full(len(some), number)))
            parts, subjects, numbers = (np.concatenate(column) for column in zip(*picked, strict=True))
            if not len(parts):
                return best, when
            at, level = self._turn((parts, subjects))
            better = sign * level > best[numbers, subjects]
            best[numbers[better], subjects[better]] = (sign * level)[better]
            when[numbers[better], subjects[better]] = (self.start[parts] + at)[better]
            might[parts, subjects] = -np.inf

    def _might_reach(self, sign: float) -> Floats:
        """No less than the peak in each stretch that has one, −∞ in the others: each slope drawn on to the other end, or more."""
        rise, fall, dt = sign * self.rise_first, sign * self.rise_last, self.dt[:, None]
        reach = np.maximum(sign * self.first + rise * dt, sign * self.last - fall * dt)
        return np.where((rise > 0) & (fall < 0), reach, -np.inf)

    def _gather(self, picked: Picked) -> _Spots:
        """What each picked stretch and subject starts from."""
        parts, subjects = picked[0], picked[1]
        n, size = len(self.parts[0].state), len(parts)
        between, lost = np.empty((n, n, size)), np.empty((n, size))
        volume, state, fed = np.empty(size), np.empty((n, size)), np.empty((n, size))
        order = np.argsort(parts, kind="stable")
        for here in np.split(order, np.flatnonzero(np.diff(parts[order])) + 1):
            part, who = self.parts[int(parts[here[0]])], subjects[here]
            between[:, :, here], lost[:, here] = part.setting.rates.between[:, :, who], part.setting.rates.lost[:, who]
            volume[here], state[:, here], fed[:, here] = part.setting.volume[who], part.state[:, who], part.fed[:, who]
        return _Spots(Rates(between=between, lost=lost), volume, state, fed)

    def _at(self, spots: _Spots, dt: Floats) -> tuple[Floats, Floats]:
        """Level and slope, each spot at its own time after the start."""
        by = propagator(spots.rates, dt)
        moved = applied(by.moved, spots.state) + applied(by.fed, spots.fed)
        return _level(spots.rates, spots.volume, moved, spots.fed, self.watched, self.factor)

    def _turn(self, picked: Picked) -> tuple[Floats, Floats]:
        """When after its start each picked stretch turns, and the level there: flat, so that a billionth of the time is plenty."""
        spots = self._gather(picked)
        nothing, long = np.zeros(len(picked[0])), self.dt[picked[0]]
        first, last = self.rise_first[picked[0], picked[1]], self.rise_last[picked[0], picked[1]]
        at = _root(lambda dt, some: self._at(spots.of(some), dt)[1], nothing, long, first, last, 1e-9)
        return at, self._at(spots, at)[0]

    def _above(self, level: float) -> Floats:
        """Time above a level, [K, N]."""
        spent = np.where((self.first > level) & (self.last > level), self.dt[:, None], 0.0)
        rising, falling = (self.first <= level) & (self.last > level), (self.first > level) & (self.last <= level)
        crossing = np.nonzero(rising | falling)
        if len(crossing[0]):
            at = self._cross(
                crossing,
                level,
                np.zeros(len(crossing[0])),
                self.dt[crossing[0]],
                self.first[crossing],
                self.last[crossing],
            )
            spent[crossing] = np.where(rising[crossing], self.dt[crossing[0]] - at, at)
        for sign in (1.0, -1.0):  # a peak between two ends that are below, a trough between two that are above
            turning = (sign * self.rise_first > 0) & (sign * self.rise_last < 0)
            beyond = (sign * self.first <= sign * level) & (sign * self.last <= sign * level)
            picked = np.nonzero(turning & beyond)
            if not len(picked[0]):
                continue
            turn, peak = self._turn(picked)
            over = sign * peak > sign * level
            picked, turn, peak = (picked[0][over], picked[1][over]), turn[over], peak[over]
            if len(turn):
                into = self._cross(picked, level, np.zeros_like(turn), turn, self.first[picked], peak)
                out = self._cross(picked, level, turn, self.dt[picked[0]], peak, self.last[picked])
                spent[picked] = out - into if sign > 0 else self.dt[picked[0]] - (out - into)
        found = np.zeros((self.count, spent.shape[1]))
        np.add.at(found, self.interval, spent)
        return found

    def _cross(self, picked: Picked, level: float, low: Floats, high: Floats, first: Floats, last: Floats) -> Floats:
        spots = self._gather(picked)
        return _root(
            lambda dt, some: self._at(spots.of(some), dt)[0] - level, low, high, first - level, last - level, 1e-14
        )


def _level(
    rates: Rates, volume: Floats, state: Floats, fed: Floats, watched: int, factor: float
) -> tuple[Floats, Floats]:
    """Level and slope of the level."""
    leaving = rates.lost[watched] + rates.between[:, watched].sum(axis=0)
    rise = applied(rates.between[watched : watched + 1], state)[0] - leaving * state[watched] + fed[watched]
    return state[watched] / volume * factor, rise / volume * factor


def _root(
    of: Callable[[Floats, NDArray[np.int64]], Floats],
    low: Floats,
    high: Floats,
    at_low: Floats,
    at_high: Floats,
    near: float,
) -> Floats:
    """Where each of some functions is 0 between two ends of unlike signs, to a share ``near`` of the way between them.

    Chandrupatla TR, Adv Eng Softw 1997;28:145-9: inverse quadratic steps where they are safe, halving where not. ``of`` takes places
    and which of the functions they are for.
    """
    a, fa, b, fb = high.copy(), at_high.copy(), low.copy(), at_low.copy()
    width, t, going = np.abs(high - low), np.full(len(low), 0.5), np.arange(len(low))
    for _ in range(_ROUNDS):
        a0, b0, fa0, fb0 = a[going], b[going], fa[going], fb[going]
        x = a0 + t[going] * (b0 - a0)
        fx = of(x, going)
        same = np.sign(fx) == np.sign(fa0)
        c, fc = np.where(same, a0, b0), np.where(same, fa0, fb0)
        other, f_other = np.where(same, b0, a0), np.where(same, fb0, fa0)
        a[going], fa[going], b[going], fb[going] = x, fx, other, f_other
        gap = np.abs(other - x)
        with np.errstate(divide="ignore", invalid="ignore"):
            xi, phi = (x - other) / (c - other), (fx - f_other) / (fc - f_other)
            safe = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi)
            step = fx / (f_other - fx) * fc / (f_other - fc) + (c - x) / (other - x) * fx / (fc - fx) * f_other / (
                fc - f_other
            )
            least = near * width[going] / gap
            t[going] = np.clip(
                np.where(safe & np.isfinite(step), step, 0.5), np.minimum(least, 0.5), 1 - np.minimum(least, 0.5)
            )
            done = (least > 0.5) | (fx == 0)
        going = going[~done]
        if not len(going):
            break
    return np.where(np.abs(fa) <= np.abs(fb), a, b)
