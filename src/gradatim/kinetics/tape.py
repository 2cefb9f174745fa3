"""The steps of a schedule as plain numbers, which any engine can run without asking what events mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from gradatim.kinetics.program import Feed, Move, Note, Put, Settle, Source, Step, Wipe
from gradatim.kinetics.simulate import steady
from gradatim.kinetics.structure import Portion, Setting

Floats = NDArray[np.float64]


LONGEST = 64
"""Levels noted by one line, at most."""


class Op(IntEnum):
    """What a line of a tape says. Its four numbers: op, a, b, c; and one float, x."""

    MAKE = 0  # the propagator of a time x under setting b into place a
    GO = 1  # move by the propagator in place a; c: the setting of the area
    RUN = 2  # the same, and note the level into slot b, so often that slots up to and without c are noted
    PUT = 3  # x times factor b into compartment a
    STOP = 4  # nothing flows in any more
    FEED = 5  # from now on also x times factor b per time into compartment a
    WIPE = 6  # all amounts 0
    ADD = 7  # the steady state a
    NOTE = 8  # the level under setting a into slot b
    SCALE = 9  # levels are read under setting b, areas under setting a
    DUE = 10  # as PUT, but after the first move of the line that follows, a RUN


Factor = tuple[Portion, int, bool, int]
"""What sizes of sources are multiplied by: share of a portion, under which setting, and whether by F, of which compartment."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tape:
    """``lines`` [K, 4] and ``numbers`` [K]; what they refer to: factors, steady states, and how many propagators are held at once.

    ``integrals``: whether infusions need the integrals of propagators. ``slots``: how many levels are noted.
    """

    lines: NDArray[np.int64]
    numbers: Floats
    factors: tuple[Factor, ...]
    settles: tuple[Settle, ...]
    places: int
    slots: int
    integrals: bool

    def cut(self, notes: int) -> NDArray[np.int64]:
        """Where to cut it so that each piece has at least so many notes but for the last: line and slot, the two ends included."""
        noted = np.where(self.lines[:, 0] == Op.RUN, self.lines[:, 3] - self.lines[:, 2], self.lines[:, 0] == Op.NOTE)
        cuts, slot = [(0, 0)], 0
        for line, more in enumerate(noted.tolist(), 1):
            slot += more
            if slot - cuts[-1][1] >= notes:
                cuts.append((line, slot))
        return np.array(cuts if cuts[-1][0] == len(noted) else [*cuts, (len(noted), slot)])

    def factor_rows(self, settings: Sequence[Setting]) -> Floats:
        """Share and F of each factor for each subject, [2 · factors, N]."""
        rows = []
        for portion, number, scaled, compartment in self.factors:
            setting = settings[number]
            share = setting.about("F", compartment, 1.0) if scaled else None
            rows += [setting.share(portion), np.ones(len(setting.volume)) if share is None else share]
        return np.array(rows).reshape(len(rows), len(settings[0].volume))

    def steady_rows(self, settings: Sequence[Setting]) -> Floats:
        """The steady states, [settles, n, N]. Raises `BadInput` where there is none."""
        n, size = settings[0].rates.lost.shape
        return np.array([steady(step, settings) for step in self.settles]).reshape(len(self.settles), n, size)


_Line = tuple[int, int, int, int]


def fused(
    lines: Sequence[_Line], numbers: Sequence[float], stops: frozenset[int] = frozenset()
) -> tuple[list[_Line], list[float]]:
    """The same with fewer lines: a move, one dose, its note, and the run after it become one run with a dose that is due."""
    go, put, note, run, due = int(Op.GO), int(Op.PUT), int(Op.NOTE), int(Op.RUN), int(Op.DUE)
    kept: list[_Line] = []
    sizes: list[float] = []
    place, last = 0, len(lines)
    while place < last:
        line = lines[place]
        if line[0] == go and place + 2 < last and lines[place + 1][0] == put and lines[place + 2][0] == note:
            _, compartment, factor, _ = lines[place + 1]
            slot, end = lines[place + 2][2], lines[place + 2][2] + 1
            following = lines[place + 3] if place + 3 < last else line
            more = following[:3] == (run, line[1], end) and slot not in stops
            kept += [(due, compartment, factor, 0), (run, line[1], slot, following[3] if more else end)]
            sizes += [numbers[place + 1], 0.0]
            place += 4 if more else 3
        else:
            kept.append(line)
            sizes.append(numbers[place])
            place += 1
    return kept, sizes


def tape_of(steps: Sequence[Step], slots: int, stops: frozenset[int] = frozenset()) -> Tape:
    """The tape of some steps. Levels noted one after the other with the same propagator between them become one line, but never
    across one of ``stops``."""
    writer = _Writer(steps, stops)
    for place, step in enumerate(steps):
        writer.write(place, step)
    return writer.tape(slots)


@dataclass(slots=True, eq=False)
class _Writer:
    steps: Sequence[Step]
    stops: frozenset[int]
    lines: list[tuple[int, int, int, int]] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)
    factors: dict[Factor, int] = field(default_factory=dict)
    settles: list[Settle] = field(default_factory=list)
    last: dict[tuple[float, int], int] = field(default_factory=dict)
    held: dict[tuple[float, int], int] = field(default_factory=dict)
    free: list[int] = field(default_factory=list)
    places: int = 0
    scales: tuple[int, int] = (-1, -1)
    integrals: bool = False
    skip: int = -1

    def __post_init__(self) -> None:
        self.last = {(step.dt, step.setting): place for place, step in enumerate(self.steps) if isinstance(step, Move)}

    def tape(self, slots: int) -> Tape:
        lines, numbers = fused(self.lines, self.numbers, self.stops)
        return Tape(
            lines=np.array(lines, dtype=np.int64).reshape(len(lines), 4), numbers=np.array(numbers),
            factors=tuple(self.factors), settles=tuple(self.settles), places=self.places, slots=slots, integrals=self.integrals,
        )  # fmt: skip

    def write(self, place: int, step: Step) -> None:
        if place <= self.skip:
            return
        match step:
            case Move():
                self._move(place, step)
            case Put(source):
                self._add(Op.PUT, source.compartment, self._factor(source), source.size)
            case Feed(running):
                self._add(Op.STOP)
                for source in running:
                    self._add(Op.FEED, source.compartment, self._factor(source), source.size)
                    self.integrals = True
            case Wipe():
                self._add(Op.WIPE)
            case Settle():
                self._add(Op.ADD, len(self.settles))
                self.settles.append(step)
            case Note(slot, setting):
                self._scale(self.scales[0], setting)
                self._add(Op.NOTE, setting, slot)

    def _add(self, op: Op, a: int = 0, b: int = 0, x: float = 0.0, c: int = 0) -> None:
        self.lines.append((op, a, b, c))
        self.numbers.append(x)

    def _factor(self, source: Source) -> int:
        factor = (source.portion, source.setting, source.scaled, source.compartment)
        return self.factors.setdefault(factor, len(self.factors))

    def _scale(self, move: int, note: int) -> None:
        if self.scales != (move, note):
            self.scales = (move, note)
            self._add(Op.SCALE, max(move, 0), max(note, 0))

    def _move(self, place: int, step: Move) -> None:
        key = (step.dt, step.setting)
        if key not in self.held:
            if not self.free:
                self.free.append(self.places)
                self.places += 1
            self.held[key] = self.free.pop()
            self._add(Op.MAKE, self.held[key], step.setting, step.dt)
        notes = self._notes(place, key)
        self._scale(step.setting, self.scales[1] if not notes else notes[0].setting)
        if notes:
            self._add(Op.RUN, self.held[key], notes[0].slot, c=notes[0].slot + len(notes))
            self.skip = place + 2 * len(notes) - 1
        else:
            self._add(Op.GO, self.held[key])
        if self.last[key] <= max(place, self.skip):
            self.free.append(self.held.pop(key))

    def _notes(self, place: int, key: tuple[float, int]) -> list[Note]:
        """The notes after this move and after those like it that follow."""
        found: list[Note] = []
        while place + 1 < len(self.steps):
            move, note = self.steps[place], self.steps[place + 1]
            if not (isinstance(move, Move) and isinstance(note, Note) and (move.dt, move.setting) == key):
                break
            if found and (note.slot != found[-1].slot + 1 or note.setting != found[0].setting):
                break
            found.append(note)
            if note.slot in self.stops or len(found) == LONGEST:
                break
            place += 2
        return found
