"""The levels that a model expects of dated doses: of the typical person, and of many people who differ as the model says; as plain numbers.

The people pass by: what is kept is counts, whoever is counted first, so that a million of them need no more memory than a thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gradatim.domain.fault import BadInput, Fault
from gradatim.kinetics.adherence import Taking
from gradatim.kinetics.bands import Bands, bands, counted
from gradatim.kinetics.crowd import curves
from gradatim.kinetics.engines import Engine, on_gpu
from gradatim.kinetics.events import Row, Schedule
from gradatim.kinetics.exposure import exposure
from gradatim.kinetics.histories import areas, follow
from gradatim.kinetics.population import Population
from gradatim.kinetics.structure import LinearModel, Values
from gradatim.kinetics.subject import Subject
from gradatim.kinetics.summary import summary

if TYPE_CHECKING:
    from gradatim.kinetics.cluster import Client

Floats = NDArray[np.float64]
Watch = Callable[[int], None]
People = Callable[[int, int], Values]
"""The parameters of some people, by the number of the first and how many."""

_FEW = 3_000_000  # levels: up to so many NumPy is soon enough, and no kernel has to be compiled first
_BY_NUMPY = 99_000  # levels at a time, so that no kernel is asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Dosing:
    """Doses of one person: ``doses`` are hours from the start of the window and mg, in order, those taken before it below 0. ``edges`` are
    the hours at which its days begin, and the last one's end; ``end``, where the curve ends, may lie beyond the last whole day."""

    doses: tuple[tuple[float, float], ...]
    edges: tuple[float, ...]
    end: float | None = None

    def __post_init__(self) -> None:
        faults = []
        if len(self.edges) < 2 or any(b <= a for a, b in pairwise(self.edges)):
            faults.append(Fault("edges", "do not go up", "Give where each day begins, and where the last one ends"))
        if any(b[0] < a[0] for a, b in pairwise(self.doses)):
            faults.append(Fault("doses", "are not in order of time", "Sort them"))
        if any(not mg > 0 for _, mg in self.doses):
            faults.append(Fault("doses", "a dose of 0 mg or less", "Leave it out"))
        if faults:
            raise BadInput(faults)

    @property
    def last(self) -> float:
        """Where the curve ends."""
        return self.edges[-1] if self.end is None else self.end

    @property
    def schedule(self) -> Schedule:
        """The same as events."""
        return Schedule(
            rows=tuple(Row(number=number, time=hour, evid=1, amt=mg) for number, (hour, mg) in enumerate(self.doses, 1))
        )

    def without(self, first: float, last: float) -> Dosing:
        """The same without the doses from ``first`` up to ``last``, in hours: a missed weekend."""
        return Dosing(
            doses=tuple(one for one in self.doses if not first <= one[0] < last), edges=self.edges, end=self.end
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOf:
    """The exposure of one day, from ``start`` for ``hours``; levels in the unit of the subject, area in level · h. ``highest_at`` in hours from
    the start of the window."""

    start: float
    hours: float
    mg: float
    highest: float
    highest_at: float
    lowest: float
    area: float

    @property
    def average(self) -> float:
        """Area over length."""
        return self.area / self.hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """What so many percent of the people do not exceed: ``levels`` at each hour of the curve, and of each day highest, lowest and area."""

    percent: float
    levels: tuple[float, ...]
    highest: tuple[float, ...]
    lowest: tuple[float, ...]
    area: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """``levels`` of the typical person at ``hours``, the exposure of each day, and how ``people`` spread, none where no spread was found."""

    hours: tuple[float, ...]
    levels: tuple[float, ...]
    days: tuple[DayOf, ...]
    spreads: tuple[Spread, ...] = ()
    people: int = 0


def expected(
    who: Subject,
    dosing: Dosing,
    *,
    percents: Sequence[float] = (),
    people: int = 1000,
    seed: int = 1,
    threads: int | None = None,
    watch: Watch | None = None,
    taking: Taking | None = None,
    on: Client | None = None,
    engine: Engine | str = Engine.CPU,
) -> Expected:
    """The levels of a subject, by steps of at most an hour. ``percents``: which shares of ``people`` to tell, from 0 to 100.

    The same seed gives the same numbers on any number of threads, and of workers of ``on``, a Dask client. ``watch`` is told how many of
    2 · ``people`` are done: they pass twice, once for levels and once for days. ``taking``: the people take the doses as that says; the
    typical person takes all. ``engine``: what works the people out. Raises `BadInput`, also for ``taking`` with a model that tells no spread
    between people, where there is no such engine, and for a GPU on a cluster.
    """
    if taking is not None and not who.varies:
        raise BadInput([Fault("taking", "the model tells no spread between people", "Take a model that does")])
    by_gpu = on_gpu(engine, worth=False, on_cluster=on is not None)
    if any(not 0 <= one <= 100 for one in percents) or people < 1:
        raise BadInput([Fault("bands", "are not percent of one person or more", "Give numbers from 0 to 100")])
    hours, edges = grid(dosing), np.array(dosing.edges)
    if not dosing.doses:
        return _nothing(dosing, hours, percents if who.varies else (), people)
    levels = curves(who.model, dosing.schedule, who.typical, hours).levels[:, 0]
    found = exposure(who.model, dosing.schedule, who.typical, edges)
    days = tuple(
        DayOf(
            start=start, hours=end - start, mg=sum(mg for hour, mg in dosing.doses if start <= hour < end), highest=float(found.highest[k, 0]),
            highest_at=float(found.highest_at[k, 0]), lowest=float(found.lowest[k, 0]), area=float(found.area[k, 0]),
        )
        for k, (start, end) in enumerate(pairwise(dosing.edges))
    )  # fmt: skip
    few = people * len(hours) < _FEW and not by_gpu
    spreads = (
        _spreads(who, dosing, hours, percents, people, seed, threads, watch, taking, on, engine, few)
        if percents and who.varies
        else ()
    )
    return Expected(
        hours=tuple(hours.tolist()),
        levels=tuple(levels.tolist()),
        days=days,
        spreads=spreads,
        people=people if spreads else 0,
    )


def grid(dosing: Dosing) -> Floats:
    """Every hour, every half of one up to a fortnight, the edges of the days and the end."""
    span = dosing.last - dosing.edges[0]
    step = 0.5 if span <= 14 * 24 else 1.0
    regular = dosing.edges[0] + step * np.arange(int(span / step) + 1)
    return np.union1d(regular, [*dosing.edges, dosing.last])


def _nothing(dosing: Dosing, hours: Floats, percents: Sequence[float], people: int) -> Expected:
    flat, none = (0.0,) * len(hours), (0.0,) * (len(dosing.edges) - 1)
    days = tuple(
        DayOf(start=a, hours=b - a, mg=0.0, highest=0.0, highest_at=a, lowest=0.0, area=0.0)
        for a, b in pairwise(dosing.edges)
    )
    spreads = tuple(Spread(percent=one, levels=flat, highest=none, lowest=none, area=none) for one in percents)
    return Expected(
        hours=tuple(hours.tolist()), levels=flat, days=days, spreads=spreads, people=people if spreads else 0
    )


def _spreads(
    who: Subject,
    dosing: Dosing,
    hours: Floats,
    percents: Sequence[float],
    people: int,
    seed: int,
    threads: int | None,
    watch: Watch | None,
    taking: Taking | None,
    on: Client | None,
    engine: Engine | str,
    few: bool,
) -> tuple[Spread, ...]:
    population, shares = who.population(seed), [one / 100 for one in percents]
    many = _Many(
        who.model,
        dosing.schedule,
        population,
        hours,
        np.array(dosing.edges),
        seed,
        taking,
        1 if on else threads,
        engine,
    )
    chunk = max(1, _BY_NUMPY // len(hours)) if few and on is None else None  # None: as many at a time as do well

    def more(done: int) -> None:
        if watch is not None:
            watch(people + done)

    counts = many.counted_levels(people, chunk, watch, on)
    days = len(many.edges) - 1
    days_of = counted(many.of_days, 3 * days, people, chunk=chunk, watch=more, on=on)
    by_time, by_day = counts.quantile(shares), days_of.quantile(shares)
    return tuple(
        Spread(
            percent=percent, levels=tuple(by_time[k].tolist()), highest=tuple(by_day[k, :days].tolist()),
            lowest=tuple(by_day[k, days : 2 * days].tolist()), area=tuple(by_day[k, 2 * days :].tolist()),
        )
        for k, percent in enumerate(percents)
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Many:
    """The people of a subject, by their numbers: what is sent to the workers of a cluster."""

    model: LinearModel
    schedule: Schedule
    population: Population
    hours: Floats
    edges: Floats
    seed: int
    taking: Taking | None
    threads: int | None
    engine: Engine | str

    def counted_levels(self, people: int, chunk: int | None, watch: Watch | None, on: Client | None) -> Bands:
        """At each hour."""
        if self.taking is not None:
            return counted(self.own_levels, len(self.hours), people, chunk=chunk, watch=watch, on=on)
        return bands(
            self.model, self.schedule, self.population, people, self.hours, threads=self.threads, chunk=chunk,
            watch=watch, on=on, engine=self.engine,
        )  # fmt: skip

    def own_levels(self, first: int, number: int) -> Floats:
        """Of people who take doses in their own way, [T, N]."""
        assert self.taking is not None
        taken = self.taking.taken(self.schedule, self.hours, first=first, number=number, seed=self.seed)
        body = self.population.parameters(first, number)
        found = follow(self.model, taken, body, threads=self.threads, engine=self.engine)
        return found.reshape(number, -1).T

    def of_days(self, first: int, number: int) -> Floats:
        """Highest, lowest and area of each day, [3 · days, N]."""
        if self.taking is None:
            asked = self.hours[self.hours <= self.edges[-1]]
            seen = summary(
                self.model, self.schedule, self.population.parameters(first, number), asked, self.edges, threads=self.threads,
                engine=self.engine,
            )  # fmt: skip
            return np.concatenate([seen.highest, seen.lowest, seen.area])
        taken = self.taking.taken(self.schedule, self.edges, first=first, number=number, seed=self.seed)
        area = areas(self.model, taken, self.population.parameters(first, number))
        return np.concatenate(own_days_of(self.own_levels(first, number), self.hours, self.edges, area))


def own_days_of(levels: Floats, hours: Floats, edges: Floats, area: Floats) -> list[Floats]:
    """Highest and lowest of levels [T, N] at ``hours`` between ``edges``, both ends among them, and the areas of `areas`; each [days, N]."""
    first, last = np.searchsorted(hours, edges, side="left"), np.searchsorted(hours, edges, side="right") - 1
    parts = [levels[first[k] : last[k + 1] + 1] for k in range(len(edges) - 1)]
    of_day = area.reshape(levels.shape[1], len(edges)).T[1:]
    return [np.array([part.max(axis=0) for part in parts]), np.array([part.min(axis=0) for part in parts]), of_day]


def above_middle(who: Subject, dosing: Dosing, start: float, end: float) -> tuple[tuple[float, float], ...]:
    """When between two hours the level of the typical person is above its median over them, to the minute, as hours from and to. A flat
    level is never above."""
    if not dosing.doses:
        return ()
    minutes = np.linspace(start, end, round((end - start) * 60) + 1)
    levels = curves(who.model, dosing.schedule, who.typical, minutes).levels[:, 0]
    over = np.concatenate([[False], levels > np.median(levels), [False]])
    turns = np.flatnonzero(over[1:] != over[:-1])
    last = len(minutes) - 1
    return tuple(
        (float(minutes[a]), float(minutes[min(b, last)])) for a, b in zip(turns[::2], turns[1::2], strict=True)
    )
