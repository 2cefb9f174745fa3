"""People who each have their own doses and their own times of measuring, such as those who miss doses and come late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.kinetics.arrivals import arrivals
from gradatim.kinetics.crew import too_wide, worth_it
from gradatim.kinetics.engines import Engine, cores, has_numba, on_gpu
from gradatim.kinetics.events import Schedule
from gradatim.kinetics.propagator import applied, propagator
from gradatim.kinetics.structure import LinearModel, Setting, Values

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_AT_ONCE = 2048


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Histories:
    """Doses, and times to read levels at, of N people one after the other: those of person i from ``dose_first[i]`` up to
    and without ``dose_first[i + 1]``, likewise ``note_first``. Each person's times in order; a dose counts at its time. ``durations``: over
    how long each dose flows in at a constant rate, 0 or without them: at once.

    Raises `BadInput` where they do not fit together.
    """

    dose_first: Ints
    dose_times: Floats
    amounts: Floats
    note_first: Ints
    note_times: Floats
    durations: Floats | None = None

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
        lasting = self.durations
        if lasting is not None and (
            len(lasting) != len(self.dose_times) or not np.all((lasting >= 0) & (lasting < np.inf))
        ):
            faults.append(Fault("durations", "do not go with the times, or are below 0", "Give one for each dose"))
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
    into: Floats | None = None,
    engine: Engine | str = Engine.CPU,
) -> Floats:
    """The level at each time of each person, in the order of ``note_times``. Doses go into ``cmt``, else into the first compartment.
    ``into``: what an earlier call gave, of the same size, to be written over; touching fresh memory takes a third of the time.

    A way in that spreads a dose does so over the model's duration D, unless the dose has one of its own. Compiled where Numba is
    installed are up to three compartments that exchange with the one that is read, with up to two first-order depots or straight in,
    and infusions into that one; they are right to 1e-12 of themselves down to 1e-290. Fastest, by half, are doses given at once to one
    or two compartments with at most one depot. Anything else, or without Numba, is done by NumPy with propagators, a hundred times
    slower. Which threads take whom changes nothing. On a GPU doses given at once, in one way, to up to
    eight compartments are right to 1e-12. Raises `BadInput` for parameters as `simulate` does, and where there is no such ``engine``.
    """
    setting, place = _ready(model, histories, parameters, cmt)
    ways, out = _ways(model, setting, place, histories), _room(len(histories.note_times), into)
    if on_gpu(engine, worth_it(model, len(histories.note_times)), _not_on_gpu(model, place, histories)):
        from gradatim.kinetics.gpu import histories as on_device

        plain = plain_body(model, setting, place)
        out[:] = on_device.follow(model, setting, histories, place, None if plain is None else plain[:4])
        return out
    run = compiled_run(model, setting, place, ways, histories, out) if has_numba() else None
    if run is None:
        _by_numpy(model, setting, histories, ways, out)
        return out
    step = max(1, min(512, len(histories) // (threads or cores())))
    parts = [(begin, min(begin + step, len(histories))) for begin in range(0, len(histories), step)]
    if len(parts) == 1 or threads == 1:
        for begin, end in parts:
            run(begin, end)
        return out
    with ThreadPoolExecutor(threads or cores()) as pool:
        for done in [pool.submit(run, begin, end) for begin, end in parts]:
            done.result()
    return out


def areas(model: LinearModel, histories: Histories, parameters: Values, *, cmt: str | int | None = None) -> Floats:
    """The area under the level that ends at each note and began at the person's note before it, 0 at the first: exact, in level × time.

    By NumPy, with one propagator for each dose and note of each person: for edges of days rather than for curves. Raises `BadInput` as
    `follow` does.
    """
    setting, place = _ready(model, histories, parameters, cmt)
    out = np.empty(len(histories.note_times))
    _by_numpy(model, setting, histories, _ways(model, setting, place, histories), out, area=True)
    return out


def _ready(model: LinearModel, histories: Histories, parameters: Values, cmt: str | int | None) -> tuple[Setting, int]:
    setting = model.setting(parameters)
    if len(setting.volume) not in {1, len(histories)}:
        raise one_fault(
            "parameters", f"{len(setting.volume)} subjects for {len(histories)} histories", "Give one for each"
        )
    if len(setting.volume) != len(histories):
        setting = setting.of(np.zeros(len(histories), dtype=np.int64))
    return setting, model.place(1 if cmt is None else cmt)


def _not_on_gpu(model: LinearModel, place: int, histories: Histories) -> str:
    """Why the GPU does not take these doses; empty where it does."""
    (portion, *others) = model.portions(place)
    if others or portion.spread or portion.share is not None:
        return "a dose there does not go in all at once"
    if histories.durations is not None and histories.durations.any():
        return "some doses flow in over a time"
    return too_wide(model)


class Ways(NamedTuple):
    """The ways in of a dose: ``places`` [ways] of compartments; shares, lags, and over how long a dose is spread (0: not), [ways, N]."""

    places: Ints
    shares: Floats
    lags: Floats
    spread: Floats


def _ways(model: LinearModel, setting: Setting, place: int, histories: Histories) -> Ways:
    portions = model.portions(place)
    places = [model.place(portion.into) for portion in portions]
    share = [
        setting.share(portion) * _about(setting, "F", at, 1.0) for portion, at in zip(portions, places, strict=True)
    ]
    lag = [_about(setting, "ALAG", at, 0.0) for at in places]
    spread = [
        _about(setting, "D", at, 0.0) if portion.spread else np.zeros(len(histories))
        for portion, at in zip(portions, places, strict=True)
    ]
    own = histories.durations is not None and bool(np.all(histories.durations > 0))
    for portion, at, lasting in zip(portions, places, spread, strict=True):
        if portion.spread and not own and np.any(lasting <= 0):
            raise one_fault("parameters", f"a dose goes in over D{at + 1}, which is not above 0", f"Give D{at + 1}")
    return Ways(np.array(places, dtype=np.int64), np.array(share), np.array(lag), np.array(spread))


def _about(setting: Setting, what: str, place: int, otherwise: float) -> Floats:
    found = setting.about(what, place, otherwise)
    assert found is not None
    return found


def compiled_run(
    model: LinearModel, setting: Setting, place: int, ways: Ways, histories: Histories, out: Floats
) -> Callable[[int, int], None] | None:
    """What fills in the levels of the people from one up to and without another, compiled; None where nothing here takes the model."""
    infused = bool(ways.spread.any()) or (histories.durations is not None and bool(histories.durations.any()))
    body = (
        plain_body(model, setting, place) if len(ways.places) == 1 and ways.places[0] == place and not infused else None
    )
    if body is not None:
        from gradatim.kinetics.compiled import apart

        told = apart.Histories(
            histories.dose_first, histories.dose_times, histories.amounts, histories.note_first, histories.note_times
        )
        most = int(np.max(np.diff(histories.dose_first), initial=0))
        numbers = apart.Body(*body, place != model.place(model.observed))
        return lambda begin, end: apart.follow(begin, end, told, numbers, out, most)
    parts = exchanging(model, setting, ways)
    if parts is None:
        return None
    depots, tissues = parts
    seen, between = model.place(model.observed), setting.rates.between
    lasting = np.zeros_like(histories.amounts) if histories.durations is None else histories.durations
    targets = {seen: 0} | {depot: number for number, depot in enumerate(depots, 1)}
    fed_depot = any(into != seen and (histories.durations is not None or ways.spread[number].any())
                    for number, into in enumerate(ways.places.tolist()))  # fmt: skip
    if infused and fed_depot:
        return None
    from gradatim.kinetics.compiled import modal

    of = modal.Body(
        setting.rates.lost[seen], between[tissues, seen], between[seen, tissues], between[seen, depots],
        np.asarray(model.units.level_factor / setting.volume),
    )  # fmt: skip
    form = modal.Form((0,) * (1 + len(tissues)), (0,) * len(depots), 1 if infused else False)
    goes_in = modal.Ways(np.array([targets[into] for into in ways.places.tolist()]), *ways[1:])
    doses = modal.Doses(histories.dose_first, histories.dose_times, histories.amounts, lasting)
    return lambda begin, end: modal.follow(
        begin, end, form, doses, goes_in, of, histories.note_first, histories.note_times, out
    )


def exchanging(model: LinearModel, setting: Setting, ways: Ways) -> tuple[list[int], list[int]] | None:
    """The places of depots and of tissues, where the model is a central compartment, which is read and alone cleared, at most two
    tissues that exchange with it, and at most two depots that empty into it. What nothing gets into does not count."""
    between, lost, seen = setting.rates.between, setting.rates.lost, model.place(model.observed)
    depots = sorted({*ways.places.tolist()} - {seen})
    tissues = [j for j in range(len(lost)) if j != seen and j not in depots and between[j].any()]
    inside = {seen, *depots, *tissues}
    known = {(seen, j) for j in (*depots, *tissues)} | {(j, seen) for j in tissues}
    if len(depots) > 2 or len(tissues) > 2 or any(lost[j].any() for j in inside - {seen}):
        return None
    if any(between[i, j].any() and (i, j) not in known for i in inside for j in inside):
        return None
    return depots, tissues


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


def _room(size: int, into: Floats | None) -> Floats:
    if into is None:
        return np.empty(size)
    if into.shape != (size,) or into.dtype != np.float64 or not into.flags.c_contiguous or not into.flags.writeable:
        raise one_fault("into", "is no answer of the same size", "Give what an earlier call of follow gave")
    return into


def _by_numpy(
    model: LinearModel, setting: Setting, histories: Histories, ways: Ways, out: Floats, *, area: bool = False
) -> None:
    seen, factor = model.place(model.observed), model.units.level_factor
    for begin in range(0, len(histories), _AT_ONCE):
        people = np.arange(begin, min(begin + _AT_ONCE, len(histories)))
        part = setting.of(people)
        dt, given, rate, slot = _lockstep(histories, people, ways, len(model.compartments))
        state, scale = np.zeros((len(model.compartments), len(people))), factor / part.volume
        flowing, flows = np.zeros_like(state), bool(rate.any())
        passed = np.full(len(people), np.nan)  # the area since the last note; there is none before the first
        for pause, more, then, slots in zip(dt, given, rate, slot, strict=True):
            by, kept = propagator(part.rates, pause), slots >= 0
            if area:
                under = applied(by.fed[seen : seen + 1], state)[0]
                if flows:
                    under += applied(by.summed[seen : seen + 1], flowing)[0]
                passed += under * scale
                out[slots[kept]] = np.where(np.isnan(passed), 0.0, passed)[kept]
                passed[kept] = 0.0
            state = applied(by.moved, state)
            if flows:
                state += applied(by.fed, flowing)
            state += more
            flowing = then
            if not area:
                out[slots[kept]] = (state[seen] * scale)[kept]


def _lockstep(histories: Histories, people: Ints, ways: Ways, compartments: int) -> tuple[Floats, Floats, Floats, Ints]:
    """For each event, the same number for everybody: the time since the one before [K, n], what comes in at once and what flows in from
    then on [K, compartments, n], and where to note (−1: nowhere) [K, n]."""
    lines = []
    for person in people.tolist():
        doses = slice(*histories.dose_first[person : person + 2])
        notes = slice(*histories.note_first[person : person + 2])
        most = 2 * (doses.stop - doses.start) * len(ways.places)
        when, given, rate = np.empty(most), np.zeros((most, compartments)), np.zeros((most, compartments))
        lasting = np.zeros(doses.stop - doses.start) if histories.durations is None else histories.durations[doses]
        number = arrivals(
            histories.dose_times[doses], histories.amounts[doses], lasting, ways.lags[:, person], ways.shares[:, person],
            ways.spread[:, person], ways.places, when, given, rate,
        )  # fmt: skip
        read = histories.note_times[notes]
        times = np.concatenate([when[:number], read])
        order = np.argsort(times, kind="stable")
        before = np.searchsorted(when[:number], read, side="right")
        rates = np.concatenate([rate[:number], np.concatenate([np.zeros((1, compartments)), rate[:number]])[before]])
        more = np.concatenate([given[:number], np.zeros((len(read), compartments))])
        slots = np.concatenate([np.full(number, -1), np.arange(notes.start, notes.stop)])
        lines.append((np.diff(times[order], prepend=times[order[:1]]), more[order], rates[order], slots[order]))
    longest = max(len(line[0]) for line in lines)
    dt, slot = np.zeros((longest, len(people))), np.full((longest, len(people)), -1, dtype=np.int64)
    given, rate = (np.zeros((longest, compartments, len(people))) for _ in range(2))
    for number, line in enumerate(lines):
        for into, values in zip((dt, given, rate, slot), line, strict=True):
            into[: len(values), ..., number] = values
    return dt, given, rate, slot
