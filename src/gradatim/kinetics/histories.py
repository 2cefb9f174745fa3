"""People who each have their own doses and their own times of measuring, such as those who miss doses and come late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.kinetics.crew import too_wide, worth_it
from gradatim.kinetics.engines import Engine, cores, has_numba, on_gpu
from gradatim.kinetics.events import Schedule
from gradatim.kinetics.propagator import Rates, applied, propagator
from gradatim.kinetics.structure import LinearModel, Setting, Values

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_AT_ONCE = 2048


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Histories:
    """Doses given at once, and times to read levels at, of N people one after the other: those of person i from ``dose_first[i]`` up to
    and without ``dose_first[i + 1]``, likewise ``note_first``. Each person's times in order; a dose counts at its time.

    Raises `BadInput` where they do not fit together.
    """

    dose_first: Ints
    dose_times: Floats
    amounts: Floats
    note_first: Ints
    note_times: Floats

    def __post_init__(self) -> None:
        faults = []
        for name, first, times in (
            ("dose", self.dose_first, self.dose_times),
            ("note", self.note_first, self.note_times),
        ):
            if first.ndim != 1 or first[0] != 0 or first[-1] != len(times) or np.any(np.diff(first) < 0):
                faults.append(
                    Fault(f"{name}_first", "does not cut the times up", "Begin with 0, end with their number")
                )
                continue
            back = np.diff(times) < 0
            back[first[1:-1][(first[1:-1] > 0) & (first[1:-1] < len(times))] - 1] = False
            if np.any(back) or not np.all(np.isfinite(times)):
                faults.append(Fault(f"{name}_times", "are not in order", "Sort those of each person"))
        if len(self.dose_first) != len(self.note_first):
            faults.append(Fault("note_first", "is for another number of people", "Give as many as of doses"))
        if len(self.amounts) != len(self.dose_times) or np.any(~(self.amounts >= 0)):
            faults.append(Fault("amounts", "do not go with the times, or are below 0", "Give one for each dose"))
        if faults:
            raise BadInput(faults)

    def __len__(self) -> int:
        return len(self.dose_first) - 1

    @classmethod
    def of(cls, doses: Sequence[tuple[ArrayLike, ArrayLike]], times: Sequence[ArrayLike]) -> Self:
        """From the times and amounts of each person's doses, and each person's times of measuring."""
        when = [np.atleast_1d(np.asarray(one, dtype=np.float64)) for one, _ in doses]
        amounts = [
            np.broadcast_to(np.asarray(much, dtype=np.float64), one.shape)
            for one, (_, much) in zip(when, doses, strict=True)
        ]
        notes = [np.atleast_1d(np.asarray(one, dtype=np.float64)) for one in times]
        return cls(
            dose_first=_firsts(when), dose_times=np.concatenate([np.empty(0), *when]), amounts=np.concatenate([np.empty(0), *amounts]),
            note_first=_firsts(notes), note_times=np.concatenate([np.empty(0), *notes]),
        )  # fmt: skip

    @classmethod
    def of_schedules(cls, schedules: Iterable[Schedule], times: Sequence[ArrayLike]) -> Self:
        """From schedules whose doses are all given at once into the first compartment. Raises `BadInput` for others: `simulate_table`
        takes them."""
        doses, faults = [], []
        for schedule in schedules:
            rows = [row for row in schedule.rows if row.doses]
            faults += [
                Fault(f"ID {schedule.id}, row {row.number}", "is more than a dose given at once", "Use simulate_table")
                for row in schedule.rows
                if row.resets or row.ss or row.rate or row.dur or row.cmt not in {None, 1}
            ]
            given = sorted((row.time + again * row.ii, row.amt) for row in rows for again in range(row.addl + 1))
            doses.append((np.array([time for time, _ in given]), np.array([amount for _, amount in given])))
        if faults:
            raise BadInput(faults)
        return cls.of(doses, times)


def _firsts(parts: Sequence[Floats]) -> Ints:
    return np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)


def follow(
    model: LinearModel,
    histories: Histories,
    parameters: Values,
    *,
    cmt: str | int | None = None,
    threads: int | None = None,
    engine: Engine | str = Engine.CPU,
) -> Floats:
    """The level at each time of each person, in the order of ``note_times``. Doses go into ``cmt``, else into the first compartment.

    One and two compartments, with a first-order depot or straight in, are compiled where Numba is installed, and right to 1e-12 of
    themselves down to 1e-290; anything else, or without Numba, is done by NumPy with propagators, a hundred times slower. Which threads
    take whom changes nothing. On a GPU any form of up to eight compartments is right to 1e-12. Raises `BadInput` for parameters as
    `simulate` does, for a way in that is not all at once, and where there is no such ``engine``.
    """
    setting = model.setting(parameters)
    if len(setting.volume) not in {1, len(histories)}:
        raise one_fault(
            "parameters", f"{len(setting.volume)} subjects for {len(histories)} histories", "Give one for each"
        )
    if len(setting.volume) != len(histories):
        setting = setting.of(np.zeros(len(histories), dtype=np.int64))
    place = model.place(1 if cmt is None else cmt)
    (portion, *others) = model.portions(place)
    if others or portion.spread or portion.share is not None:
        raise one_fault(
            "cmt", "a dose there does not go in all at once", "Use simulate_table, one schedule for each person"
        )
    if on_gpu(engine, worth_it(model, len(histories.note_times)), too_wide(model)):
        from gradatim.kinetics.gpu import histories as on_device

        plain = plain_body(model, setting, place)
        return on_device.follow(model, setting, histories, place, None if plain is None else plain[:4])
    body = plain_body(model, setting, place) if has_numba() else None
    if body is None:
        return _by_numpy(model, setting, histories, place)
    from gradatim.kinetics.compiled import apart

    out = np.empty(len(histories.note_times))
    told = apart.Histories(
        histories.dose_first, histories.dose_times, histories.amounts, histories.note_first, histories.note_times
    )
    most = [int(np.max(np.diff(first), initial=0)) for first in (histories.dose_first, histories.note_first)]
    numbers = apart.Body(*body, place != model.place(model.observed))
    step = max(1, min(512, len(histories) // (threads or cores())))
    parts = [(begin, min(begin + step, len(histories))) for begin in range(0, len(histories), step)]
    if len(parts) == 1 or threads == 1:
        for begin, end in parts:
            apart.follow(begin, end, told, numbers, out, *most)
        return out
    with ThreadPoolExecutor(threads or cores()) as pool:
        for done in [pool.submit(apart.follow, begin, end, told, numbers, out, *most) for begin, end in parts]:
            done.result()
    return out


_Constants = tuple[Floats, Floats, Floats, Floats, Floats, Floats, Floats]


def plain_body(model: LinearModel, setting: Setting, place: int) -> _Constants | None:
    """ka, k10, k12, k21, scale, F and lag of each person, where the model is a central compartment with at most one tissue and one depot."""
    between, lost, seen = setting.rates.between, setting.rates.lost, model.place(model.observed)
    n, size = lost.shape
    nothing = np.zeros(size)
    ka, k12, k21 = nothing, nothing, nothing
    depots = [j for j in range(n) if j != seen and between[seen, j].any() and not between[j].any()]
    tissues = [j for j in range(n) if j != seen and j not in depots]
    known = {(seen, j) for j in depots} | {(seen, j) for j in tissues} | {(j, seen) for j in tissues}
    if len(depots) > 1 or len(tissues) > 1 or place not in {seen, *depots} or np.any(np.delete(lost, seen, axis=0)):
        return None
    if any(between[i, j].any() and (i, j) not in known for i in range(n) for j in range(n)):
        return None
    if depots:
        ka = between[seen, depots[0]]
    if tissues:
        k12, k21 = between[tissues[0], seen], between[seen, tissues[0]]
    share, lag = setting.about("F", place, 1.0), setting.about("ALAG", place, 0.0)
    assert share is not None
    assert lag is not None
    scale = np.asarray(model.units.level_factor / setting.volume)
    return ka, lost[seen], k12, k21, scale, share, lag


def _by_numpy(model: LinearModel, setting: Setting, histories: Histories, place: int) -> Floats:
    out = np.empty(len(histories.note_times))
    share, lag = setting.about("F", place, 1.0), setting.about("ALAG", place, 0.0)
    assert share is not None
    assert lag is not None
    seen, factor = model.place(model.observed), model.units.level_factor
    for begin in range(0, len(histories), _AT_ONCE):
        people = np.arange(begin, min(begin + _AT_ONCE, len(histories)))
        part = setting.of(people)
        dt, amount, slot = _lockstep(histories, people, share[people], lag[people])
        state, scale = np.zeros((len(model.compartments), len(people))), factor / part.volume
        for pause, more, into in zip(dt, amount, slot, strict=True):
            state = _later(part.rates, state, pause)
            state[place] += more
            kept = into >= 0
            out[into[kept]] = (state[seen] * scale)[kept]
    return out


def _later(rates: Rates, state: Floats, pause: Floats) -> Floats:
    return applied(propagator(rates, pause).moved, state)


def _lockstep(histories: Histories, people: Ints, share: Floats, lag: Floats) -> tuple[Floats, Floats, Ints]:
    """For each event, the same number for everybody: the time since the one before, the amount, where to note (−1: nowhere), [K, n]."""
    lines = []
    for number, person in enumerate(people.tolist()):
        doses = slice(*histories.dose_first[person : person + 2])
        notes = slice(*histories.note_first[person : person + 2])
        when = np.concatenate([histories.dose_times[doses] + lag[number], histories.note_times[notes]])
        given = np.concatenate([histories.amounts[doses] * share[number], np.zeros(notes.stop - notes.start)])
        slots = np.concatenate([np.full(doses.stop - doses.start, -1), np.arange(notes.start, notes.stop)])
        order = np.argsort(when, kind="stable")
        lines.append((np.diff(when[order], prepend=when[order[:1]]), given[order], slots[order]))
    longest = max(len(line[0]) for line in lines)
    dt, amount = np.zeros((longest, len(people))), np.zeros((longest, len(people)))
    slot = np.full((longest, len(people)), -1, dtype=np.int64)
    for number, line in enumerate(lines):
        for into, values in zip((dt, amount, slot), line, strict=True):
            into[: len(values), number] = values
    return dt, amount, slot
