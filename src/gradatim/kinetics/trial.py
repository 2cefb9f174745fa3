"""Virtual trials: plans × populations × ways of taking, the same people in every arm, level bands and exposure of each beside the first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradatim.domain.fault import BadInput, Fault
from gradatim.kinetics.adherence import Taking
from gradatim.kinetics.bands import KEPT, Bands, bands_of, seen_of
from gradatim.kinetics.crowd import curves, in_order
from gradatim.kinetics.events import Schedule
from gradatim.kinetics.expected import People, own_days_of
from gradatim.kinetics.histories import areas, follow
from gradatim.kinetics.parts import Seen, each_part, exact_sums, spread_of, told
from gradatim.kinetics.population import Population
from gradatim.kinetics.structure import LinearModel
from gradatim.kinetics.summary import summary

if TYPE_CHECKING:
    from gradatim.kinetics.cluster import Client

Floats = NDArray[np.float64]
_MEASURES = ("highest", "lowest", "area")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrialArm:
    """People by their numbers (`Population.parameters`, or any other function of the first and how many), what they are to take, and how they
    take it (None: all of it, in time)."""

    name: str
    schedule: Schedule
    people: People
    taking: Taking | None = None


def arms_of(
    plans: Mapping[str, Schedule],
    populations: Mapping[str, Population],
    takings: Mapping[str, Taking | None] | None = None,
) -> tuple[TrialArm, ...]:
    """Every plan with every population and every way of taking, in this order; a name is left out of an arm's where there is only one."""
    ways: Mapping[str, Taking | None] = takings or {"": None}
    found = []
    for plan, schedule in plans.items():
        for whose, population in populations.items():
            for way, taking in ways.items():
                parts = [(plan, plans), (whose, populations), (way, ways)]
                name = ", ".join(one for one, all_ in parts if len(all_) > 1) or plan
                found.append(TrialArm(name=name, schedule=schedule, people=population.parameters, taking=taking))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """Of one arm: ``levels`` at the times of the trial; in each of the K intervals between its ``edges`` highest, lowest and area of each person,
    as ``measures`` (the ``times`` of which are 3·K rows), and their ``mean`` and ``sd`` over the people, [3, K], the exact ones rounded once.

    ``beside``: each person's whole area as a share of that of the same person in the first arm; infinite where it was nothing there.
    """

    name: str
    levels: Bands
    measures: Bands
    mean: Floats
    sd: Floats
    beside: Bands

    def quantile(self, measure: str, share: ArrayLike) -> Floats:
        """What shares (0 to 1) of the people do not exceed: ``highest``, ``lowest`` or ``area``, [Q, K]."""
        count = self.mean.shape[1]
        place = _MEASURES.index(measure) * count
        return self.measures.quantile(share)[:, place : place + count]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trial:
    """What a trial of so many ``people`` in each arm gave. ``edges`` [K + 1] in the model's time unit."""

    arms: tuple[Outcome, ...]
    people: int
    edges: Floats

    def arm(self, name: str) -> Outcome:
        """One of them."""
        return next(one for one in self.arms if one.name == name)


def trial(
    model: LinearModel,
    arms: Sequence[TrialArm],
    number: int,
    times: ArrayLike,
    edges: ArrayLike,
    *,
    first: int = 0,
    seed: int = 0,
    threads: int | None = None,
    chunk: int | None = None,
    watch: Callable[[int], None] | None = None,
    on: Client | None = None,
) -> Trial:
    """``number`` people from the ``first`` on in every arm, read at ``times``, among which are the ``edges`` of intervals.

    Person i has the same number in every arm, so with the same seeds arms differ by what they differ in and not by chance. ``seed`` is
    that of doses missed and late. Highest and lowest are those of the times; areas are exact. Memory does not grow with the people. Any
    ``chunk``, any number of ``threads`` and of workers of ``on``, a Dask client, give the same numbers. ``watch`` is told how many people
    are done. Raises `BadInput` as `curves`, `follow` and `summary` do.
    """
    asked, ends = in_order(times), np.atleast_1d(np.asarray(edges, dtype=np.float64))
    names = [arm.name for arm in arms]
    faults = []
    if not arms or len(set(names)) < len(names):
        faults.append(Fault("arms", "are none, or two have one name", "Name each differently"))
    if not 1 <= number < 2**32:
        faults.append(Fault("number", f"{number} people", "Give 1 or more"))
    if len(ends) < 2 or np.any(np.diff(ends) <= 0) or not np.all(np.isin(ends, asked)):
        faults.append(Fault("edges", "are not times that go up", "Give two or more of the times"))
    if faults:
        raise BadInput(faults)
    part = _Part(
        model, tuple(replace(arm, name="") for arm in arms), asked, ends, seed, 1 if on is not None else threads
    )
    parts: list[list[_Arm]] = [[] for _ in arms]
    done = 0
    for _, some, found in each_part(part, number, first=first, chunk=chunk, most=KEPT, on=on):
        for mine, one in zip(parts, found, strict=True):
            mine[:] = [mine[0].and_also(one)] if mine else [one]
        done += some
        if watch is not None:
            watch(done)
    outcomes = tuple(one.outcome(name, number, asked, len(ends) - 1) for name, (one,) in zip(names, parts, strict=True))
    return Trial(arms=outcomes, people=number, edges=ends)


@dataclass(frozen=True, slots=True, eq=False)
class _Arm:
    """An arm as some of the people had it: counts and exact sums, which add up in any order."""

    levels: Seen
    measures: Seen
    beside: Seen
    sums: list[int]
    squares: list[int]

    def and_also(self, other: _Arm) -> _Arm:
        """Of both."""
        return _Arm(
            self.levels.and_also(other.levels), self.measures.and_also(other.measures), self.beside.and_also(other.beside),
            [a + b for a, b in zip(self.sums, other.sums, strict=True)], [a + b for a, b in zip(self.squares, other.squares, strict=True)],
        )  # fmt: skip

    def outcome(self, name: str, people: int, times: Floats, intervals: int) -> Outcome:
        """Of all people."""
        rows = np.arange(3 * intervals, dtype=np.float64)
        mean = [told(one, people) for one in self.sums]
        sd = [spread_of(one, squares, people) for one, squares in zip(self.sums, self.squares, strict=True)]
        return Outcome(
            name=name, levels=bands_of(times, people, [self.levels]), measures=bands_of(rows, people, [self.measures]),
            mean=np.array(mean).reshape(3, intervals), sd=np.array(sd).reshape(3, intervals), beside=bands_of(rows[:1], people, [self.beside]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Some people in every arm: what is sent to a worker."""

    model: LinearModel
    arms: tuple[TrialArm, ...]
    times: Floats
    edges: Floats
    seed: int
    threads: int | None

    def __call__(self, first: int, number: int) -> list[_Arm]:
        found: list[_Arm] = []
        usual: Floats | None = None
        for arm in self.arms:
            levels, measures = self._taken(arm, first, number) if arm.taking else self._planned(arm, first, number)
            whole = np.zeros(number)
            for area in measures[2 * (len(self.edges) - 1) :]:  # one after the other: a fixed order for each person
                whole = whole + area
            usual = whole if usual is None else usual
            with np.errstate(divide="ignore", invalid="ignore"):
                beside = np.where(usual > 0, whole / usual, np.inf)
            found.append(_Arm(
                seen_of(levels), seen_of(measures), seen_of(beside[None, :]), exact_sums(measures), exact_sums(measures * measures)
            ))  # fmt: skip
        return found

    def _planned(self, arm: TrialArm, first: int, number: int) -> tuple[Floats, Floats]:
        values = arm.people(first, number)
        levels = curves(self.model, arm.schedule, values, self.times, threads=self.threads).levels
        inside = self.times[self.times <= self.edges[-1]]
        seen = summary(self.model, arm.schedule, values, inside, self.edges, threads=self.threads)
        return levels, np.concatenate([seen.highest, seen.lowest, seen.area])

    def _taken(self, arm: TrialArm, first: int, number: int) -> tuple[Floats, Floats]:
        assert arm.taking is not None
        values, some = arm.people(first, number), {"first": first, "number": number, "seed": self.seed}
        told_ = arm.taking.taken(arm.schedule, self.times, **some)
        levels = follow(self.model, told_, values, threads=self.threads).reshape(number, -1).T
        area = areas(self.model, arm.taking.taken(arm.schedule, self.edges, **some), values)
        return levels, np.concatenate(own_days_of(levels, self.times, self.edges, area))
