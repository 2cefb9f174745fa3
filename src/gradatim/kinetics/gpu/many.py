"""Many people on one schedule: curves, counts and exposure from the device, in as many goes as its memory asks for.

A go is one copy up (what makes the people) and one launch; the answer comes down in one copy at the end of it. Counts stay on the device
until the last go, and people who are drawn there need no copy at all: so the memory for counting does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradatim.kinetics.course import Between, Course, Parameters, course_of, everybody, groups
from gradatim.kinetics.crew import written
from gradatim.kinetics.events import Schedule
from gradatim.kinetics.gpu.device import at_once, cuda, fetched, launch, room, sent
from gradatim.kinetics.gpu.people import Draft, drawable
from gradatim.kinetics.gpu.shared import runner
from gradatim.kinetics.gpu.sinks import Sink
from gradatim.kinetics.population import Population
from gradatim.kinetics.structure import LinearModel
from gradatim.kinetics.tape import Tape

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_WORD = 8  # bytes


@dataclass(frozen=True, slots=True, eq=False)
class _Party:
    """People who go through the same steps at the same times: their places among all, and the numbers [.., N] of `runner`."""

    subjects: Ints
    tape: Tape
    rates: Floats
    scales: Floats
    factors: Floats
    steady: Floats
    seen: int

    @property
    def compartments(self) -> int:
        return int(self.steady.shape[1])

    def block(self, area: bool) -> int:
        """Numbers of one propagator."""
        return self.compartments * self.compartments * (3 if area or self.tape.integrals else 1)

    def each(self, area: bool) -> int:
        """Bytes for each person on the device, without the answer."""
        rows: int = sum(one.size // one.shape[-1] for one in (self.rates, self.scales, self.factors, self.steady))
        return _WORD * (rows + self.tape.places * self.block(area))

    def run(self, sink: Sink, part: slice, held: Any, reals: Any, whole: Any, marks: Any, area: bool = False) -> None:
        """Send some of the people, and launch."""
        numbers = [one[..., part] for one in (self.rates, self.scales, self.factors, self.steady)]
        made = runner(self.compartments, self.seen, self.tape.integrals, area, sink)
        people = numbers[1].shape[1]
        launch(made, people, *sent([self.tape.lines, self.tape.numbers, *numbers]), held, reals, whole, marks, people)

    def held(self, people: int, area: bool = False) -> Any:
        """Room for propagators."""
        return room((self.tape.places * self.block(area), people))


def _parties(
    model: LinearModel, course: Course, times: Floats, stops: frozenset[int] = frozenset()
) -> Iterator[_Party]:
    for subjects in groups(model, course):
        settings = (
            course.settings if len(subjects) == course.size else [setting.of(subjects) for setting in course.settings]
        )
        tape = written(model, course, settings, times, stops)
        n, size = len(model.compartments), len(subjects)
        rates = np.empty((len(settings), n * n + n, size))
        for into, setting in zip(rates, settings, strict=True):
            into[: n * n] = setting.rates.between.reshape(n * n, size)
            into[n * n :] = setting.rates.lost
        scales = np.array([model.units.level_factor / setting.volume for setting in settings])
        yield _Party(
            subjects, tape, rates, scales, tape.factor_rows(settings), tape.steady_rows(settings), model.place(model.observed)
        )  # fmt: skip


def _parts(party: _Party, each: int, fixed: int = 0, most: int | None = None) -> Iterator[slice]:
    step = at_once(each, fixed, len(party.subjects), most)
    for begin in range(0, len(party.subjects), step):
        yield slice(begin, min(begin + step, len(party.subjects)))


def _nothing(axes: int, kind: Any) -> Any:
    return room((1,) * axes, kind)


def levels(model: LinearModel, course: Course, times: Floats, kind: np.dtype[Any], whole: NDArray[Any]) -> None:
    """Levels into ``whole`` [T, N], worked out in doubles."""
    for party in _parties(model, course, times):
        size = len(party.subjects)
        parts = list(_parts(party, party.each(False) + len(times) * kind.itemsize))
        held, here = party.held(parts[0].stop), room((len(times), parts[0].stop), kind)
        for part in parts:
            party.run(Sink.STORED, part, held, here, _nothing(2, np.int64), _nothing(2, np.int64))
            if size == course.size and len(parts) == 1 and whole.flags.c_contiguous:
                fetched(here, whole)
            else:
                whole[:, party.subjects[part]] = fetched(here)[:, : part.stop - part.start]


def measures(
    model: LinearModel, course: Course, times: Floats, first: Ints, last: Ints
) -> tuple[Floats, Ints, Floats, Floats]:
    """Highest [K, N], its time's place, lowest, and the area so far at each edge [K + 1, N]; ``first`` and ``last`` place of each edge among
    the times."""
    edges = len(first)
    shape = (edges - 1, course.size)
    highest, lowest, area, when = (
        np.empty(shape),
        np.empty(shape),
        np.empty((edges, course.size)),
        np.empty(shape, dtype=np.int64),
    )
    marks = _marks(len(times), first, last)
    for party in _parties(model, course, times, frozenset(first.tolist())):
        parts = list(_parts(party, party.each(True) + 4 * edges * _WORD))
        some = parts[0].stop
        held, reals, places = party.held(some, True), room((3, edges, some)), room((edges - 1, some), np.int64)
        (told,) = sent([marks])
        for part in parts:
            party.run(Sink.MEASURED, part, held, reals, places, told, True)
            found, who = fetched(reals)[..., : part.stop - part.start], party.subjects[part]
            highest[:, who], lowest[:, who], area[:, who] = found[0, :-1], found[1, :-1], found[2]
            when[:, who] = fetched(places)[:, : part.stop - part.start]
    return highest, when, lowest, area


def _marks(times: int, first: Ints, last: Ints) -> Ints:
    """What `gradatim.kinetics.gpu.sinks` asks of each time."""
    found = np.full((times, 5), -1, dtype=np.int64)
    for number in range(len(first) - 1):
        for slot in range(int(first[number]), int(last[number + 1]) + 1):
            side = 2 * int(found[slot, 0] >= 0)
            found[slot, side], found[slot, side + 1] = number, int(slot == first[number])
    found[first, 4] = np.arange(len(first))
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counting:
    """Whom to count, when, and into which classes: ``by`` as in `gradatim.kinetics.gpu.sinks.Sink.COUNTED`."""

    model: LinearModel
    schedule: Schedule
    times: Floats
    between: Between
    classes: int
    by: Sequence[int]

    def count(
        self, people: Callable[[int, int], Parameters] | Population, first: int, number: int, chunk: int | None,
        watch: Callable[[int], None] | None,
    ) -> NDArray[np.uint32]:  # fmt: skip
        """Counts [T, classes] of ``number`` people from the ``first`` on, ``chunk`` at a time."""
        counts = cuda.to_device(np.zeros((len(self.times), self.classes), dtype=np.uint32))
        (marks,) = sent([np.array([self.by], dtype=np.int64)])
        if isinstance(people, Population) and drawable(self.model, self.schedule, people):
            self._drawn(people, first, number, chunk, watch, counts, marks)
        else:
            asked = people.parameters if isinstance(people, Population) else people
            self._given(asked, first, number, chunk, watch, counts, marks)
        found: NDArray[np.uint32] = fetched(counts)
        return found

    def _drawn(
        self, people: Population, first: int, number: int, chunk: int | None, watch: Callable[[int], None] | None, counts: Any, marks: Any
    ) -> None:  # fmt: skip
        one = course_of(self.model, self.schedule, people.parameters(first, 1), self.between)
        (party,) = _parties(self.model, one, self.times)
        draft, n = Draft.of(self.model, people, party.tape), party.compartments
        step = at_once(party.each(False) + _WORD * len(draft.names), 0, number, chunk)
        values, rates, scales = room((len(draft.names), step)), room((1, n * n + n, step)), room((1, step))
        factors, held = room((len(party.factors), step)), party.held(step)
        steady, reals, doubts = (
            _nothing(3, np.float64),
            _nothing(2, np.float64),
            cuda.to_device(np.zeros(1, dtype=np.int64)),
        )
        lines, sizes = sent([party.tape.lines, party.tape.numbers])
        run = runner(n, party.seen, party.tape.integrals, False, Sink.COUNTED)
        for begin in range(0, number, step):
            some = min(step, number - begin)
            draft.draw(first + begin, some, values, rates[0], scales, factors, doubts)
            if fetched(doubts)[0]:  # the processor draws them too, and says who it is that cannot be
                self.model.setting(people.parameters(first + begin, some))
                doubts.copy_to_device(np.zeros(1, dtype=np.int64))
            launch(run, some, lines, sizes, rates, scales, factors, steady, held, reals, counts, marks, some)
            if watch is not None:
                cuda.synchronize()
                watch(begin + some)

    def _given(
        self, people: Callable[[int, int], Parameters], first: int, number: int, chunk: int | None, watch: Callable[[int], None] | None,
        counts: Any, marks: Any,
    ) -> None:  # fmt: skip
        step = min(number, chunk or 1 << 18)
        for begin in range(0, number, step):
            some = min(step, number - begin)
            course = course_of(self.model, self.schedule, people(first + begin, some), self.between)
            everybody(course.size, some)
            for party in _parties(self.model, course, self.times):
                parts = list(_parts(party, party.each(False)))
                held = party.held(parts[0].stop)
                for part in parts:
                    party.run(Sink.COUNTED, part, held, _nothing(2, np.float64), counts, marks)
            if watch is not None:
                cuda.synchronize()
                watch(begin + some)
