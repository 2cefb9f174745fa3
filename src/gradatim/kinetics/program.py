"""A schedule turned into a list of steps: move on, put in, feed, wipe, settle, note. Everything that events mean is decided here.

The rules are NONMEM's (Users Guide VI, chapter V) where its published results show them. At equal times first infusions end, then doses
that were on their way arrive, then additional doses, then rows act in the order of the table, and last comes what is to be noted.

- F shortens an infusion given by its rate, and scales the rate of one given by its duration.
- SS=1 wipes out what was there, running infusions, and doses on their way or still to be added; SS=2 adds to it. At the row the state is
  that of a cycle whose last dose came at TIME + lag − II; the dose itself follows at TIME + lag. A lag above II is refused.
- EVID 3 and 4 wipe out everything earlier, likewise; time may start again there. ADDL after EVID 4 does not reset again.
- A constant infusion at steady state (AMT 0, SS 1, RATE) stops right after its row.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from gradatim.domain.fault import BadInput, Fault, Unreadable
from gradatim.kinetics.events import Row, Schedule
from gradatim.kinetics.structure import LinearModel, Portion, Setting

_ALMOST = 1e-12  # durations this close to a whole number of intervals are that number
_ULPS = 8
_END, _ARRIVE, _AGAIN = range(3)


@dataclass(frozen=True, slots=True)
class Move:
    """Let ``dt`` pass under a setting."""

    dt: float
    setting: int


@dataclass(frozen=True, slots=True)
class Source:
    """Drug going into a compartment: ``size`` is an amount, or an amount per time; times the portion's share, times F if ``scaled``."""

    compartment: int
    size: float
    portion: Portion
    setting: int
    scaled: bool = True


@dataclass(frozen=True, slots=True)
class Put:
    """Add an amount at once."""

    source: Source


@dataclass(frozen=True, slots=True)
class Feed:
    """From now on exactly these infusions run."""

    running: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Wipe:
    """Set all amounts to 0."""


@dataclass(frozen=True, slots=True)
class Settle:
    """Add the steady state of a source every ``every``, ``since`` after its last start; ``lasting``: an infusion, None: a bolus.
    ``every`` 0: fed without an end."""

    source: Source
    every: float
    since: float
    lasting: float | None


@dataclass(frozen=True, slots=True)
class Note:
    """Write the amounts down, and the level under a setting."""

    slot: int
    setting: int


Step: TypeAlias = Move | Put | Feed | Wipe | Settle | Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The numbers of one setting on which the times of steps hang; one subject's, for all who share the program."""

    lag: Callable[[int], float]
    bioavailability: Callable[[int], float]
    duration: Callable[[int], float | None]
    rate: Callable[[int], float | None]


def times_of(setting: Setting, subject: int) -> Times:
    """Those of one subject."""

    def number(what: str, otherwise: float | None) -> Callable[[int], float | None]:
        def of(compartment: int) -> float | None:
            found = setting.about(what, compartment, otherwise)
            return None if found is None else float(found[subject])

        return of

    def sure(what: str, otherwise: float) -> Callable[[int], float]:
        return lambda compartment: number(what, otherwise)(compartment) or 0.0

    return Times(
        lag=sure("ALAG", 0.0), bioavailability=sure("F", 1.0), duration=number("D", None), rate=number("R", None)
    )


def compiled(
    model: LinearModel,
    schedule: Schedule,
    settings: Sequence[Times],
    *,
    until: Sequence[int],
    own: Sequence[int],
    notes: Sequence[float] | None,
) -> tuple[Step, ...]:
    """The steps of a schedule. For each row ``until`` is the setting of the interval that ends there, ``own`` that of the row itself.

    ``notes`` are times to note, in order; None notes every row, into the slot of its place. Raises `BadInput` with every row that does
    not fit the model.
    """
    return _Compiler(model, schedule, settings, until, own).run(notes)


class _Compiler:
    """The state while a schedule is walked through once."""

    def __init__(
        self,
        model: LinearModel,
        schedule: Schedule,
        settings: Sequence[Times],
        before: Sequence[int],
        own: Sequence[int],
    ) -> None:
        self.model, self.schedule, self.settings, self.before, self.own = model, schedule, settings, before, own
        self.steps: list[Step] = []
        self.faults: list[Fault] = []
        self.now = schedule.rows[0].time
        self.setting = before[0]
        self.running: dict[int, Source] = {}
        self.ahead: list[tuple[float, int, int, Row | None, tuple[Source, float | None] | None]] = []
        self.count = 0

    def run(self, notes: Sequence[float] | None) -> tuple[Step, ...]:
        due = list(notes or ())
        self.now = min([self.now, *due[:1]])
        slot, rows = 0, self.schedule.rows
        for place, row in enumerate(rows):
            start_again = place > 0 and row.time < rows[place - 1].time
            if start_again and due:
                self.faults.append(
                    Fault(f"row {row.number}.TIME", "time starts again", "Note the rows, not times of your own")
                )
                break
            self.setting = self.before[place]
            while slot < len(due) and due[slot] < row.time:
                self._note_at(due[slot], slot)
                slot += 1
            self._until(self.now if start_again else row.time)
            self.now, self.setting = row.time, self.own[place]
            self._act(row)
            if notes is None:
                self.steps.append(Note(place, self.setting))
        for later in range(slot, len(due)):
            self._note_at(due[later], later)
        if self.faults:
            raise BadInput(tuple(dict.fromkeys(self.faults)))
        return tuple(_merged(self.steps))

    def _note_at(self, time: float, slot: int) -> None:
        self._until(time)
        self.steps.append(Note(slot, self.setting))

    def _until(self, time: float) -> None:
        """Let everything happen that is ahead up to and at a time; what misses it by the rounding of a sum of times is at it."""
        soon = time + _ULPS * math.ulp(max(abs(time), 1.0))
        while self.ahead and self.ahead[0][0] <= soon:
            at, kind, number, row, arriving = heapq.heappop(self.ahead)
            self._move(min(at, time))
            if kind == _END:
                del self.running[number]
                self._feed()
            elif kind == _ARRIVE:
                assert arriving is not None
                self._give(*arriving)
            else:
                assert row is not None
                self._dose(row, at)
        self._move(time)

    def _move(self, time: float) -> None:
        if time > self.now:
            self.steps.append(Move(time - self.now, self.setting))
            self.now = time

    def _push(
        self, time: float, kind: int, row: Row | None = None, arriving: tuple[Source, float | None] | None = None
    ) -> int:
        self.count += 1
        heapq.heappush(self.ahead, (time, kind, self.count, row, arriving))
        return self.count

    def _feed(self) -> None:
        self.steps.append(Feed(tuple(self.running.values())))

    def _wipe(self) -> None:
        self.ahead.clear()
        if self.running:
            self.running.clear()
            self._feed()
        self.steps.append(Wipe())

    def _act(self, row: Row) -> None:
        if row.resets or row.ss == 1:
            self._wipe()
        if not row.doses:
            return
        if row.ss:
            self._settle(row)
        if row.amt > 0:
            self._dose(row, row.time)
            for again in range(1, row.addl + 1):
                self._push(row.time + again * row.ii, _AGAIN, row)

    def _dose(self, row: Row, at: float) -> None:
        """One dose of a row, given now: in at once, or on its way until the lag is over."""
        for source, lasting in self._parts(row):
            lag = self.settings[self.setting].lag(source.compartment)
            if lag > 0:
                self._push(at + lag, _ARRIVE, None, (source, lasting))
            else:
                self._give(source, lasting)

    def _give(self, source: Source, lasting: float | None) -> None:
        if lasting is None:
            self.steps.append(Put(source))
        elif lasting > 0:
            self._run(source, lasting)

    def _run(self, source: Source, left: float) -> None:
        number = self._push(self.now + left, _END)
        self.running[number] = source
        self._feed()

    def _parts(self, row: Row) -> list[tuple[Source, float | None]]:
        """What a row gives into which compartment, and how long that lasts (None: at once)."""
        try:
            into = self.model.place(1 if row.cmt is None else row.cmt)
        except Unreadable as unknown:
            self.faults.append(Fault(f"row {row.number}.CMT", unknown.problem, unknown.remedy))
            return []
        found: list[tuple[Source, float | None]] = []
        for portion in self.model.portions(into):
            place = self.model.place(portion.into)
            times = self.settings[self.setting]
            rate, lasting, number = row.rate, row.dur, place + 1
            if rate == -1:
                rate = times.rate(place) or 0.0
                if rate <= 0:
                    self._lacks(row, "RATE", f"R{number}", "-1 leaves the rate to the model")
                    continue
            elif rate == -2 or (portion.spread and not rate and not lasting):
                lasting, rate = times.duration(place) or 0.0, 0.0
                if lasting <= 0:
                    self._lacks(row, "RATE", f"D{number}", "the model says how long it lasts")
                    continue
            if rate > 0:
                length = times.bioavailability(place) * row.amt / rate
                found.append((Source(place, rate, portion, self.setting, scaled=False), length))
            elif lasting > 0:
                found.append((Source(place, row.amt / lasting, portion, self.setting), lasting))
            else:
                found.append((Source(place, row.amt, portion, self.setting), None))
        return found

    def _lacks(self, row: Row, column: str, name: str, why: str) -> None:
        self.faults.append(
            Fault(
                f"row {row.number}.{column}",
                f"{why}, and there is no {name} above 0",
                f"Give {name} among the parameters",
            )
        )

    def _settle(self, row: Row) -> None:
        for source, lasting in self._parts(row):
            if row.amt == 0:
                self.steps.append(Settle(source, 0.0, 0.0, None))
                continue
            lag = self.settings[self.setting].lag(source.compartment)
            if lag > row.ii:
                problem = f"a lag of {lag:g} above the interval of {row.ii:g} has no steady state at its row"
                self.faults.append(
                    Fault(f"row {row.number}.II", problem, "Shorten the lag, or write the doses before it as rows")
                )
                continue
            since = row.ii - lag
            if lasting == 0:
                continue
            self.steps.append(Settle(source, row.ii, since, lasting))
            if lasting is not None:
                start = since
                while lasting - start > _ALMOST * lasting:
                    self._run(source, lasting - start)
                    start += row.ii


def cycles(lasting: float, every: float) -> tuple[int, float]:
    """How many infusions of a length run all the time when one starts every so often, and how long one more runs after each start."""
    whole = math.floor(lasting / every + _ALMOST)
    return whole, max(0.0, lasting - whole * every) if abs(lasting - whole * every) > _ALMOST * lasting else 0.0


def _merged(steps: list[Step]) -> list[Step]:
    moves = even([step.dt for step in steps if isinstance(step, Move)])
    left = iter(moves)
    return [Move(next(left), step.setting) if isinstance(step, Move) else step for step in steps]


def even(lengths: list[float]) -> list[float]:
    """Lengths of moves that differ by no more than the rounding of their times share one, so that they share a propagator.

    The lengths of a group keep their sum: time is neither won nor lost.
    """
    if len(lengths) < 3:
        return lengths
    values, place, counts = np.unique(np.array(lengths), return_inverse=True, return_counts=True)
    near = 4 * np.spacing(max(sum(lengths), 1.0))
    group: NDArray[np.int64] = np.concatenate([[0], np.cumsum(np.diff(values) > near)])
    first = values[np.searchsorted(group, np.arange(group[-1] + 1))]
    more = np.bincount(group, counts * (values - first[group])) / np.bincount(group, counts)
    found: list[float] = (first + more)[group][place].tolist()
    return found
