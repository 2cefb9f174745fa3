"""People with doses and times of their own: first one thread for each person walks through the doses, then one for each time has its level.

A level is that of the amounts after the last dose before it, moved on by itself: in the closed form where there is one, else by a
propagator of its own. So no time waits for the one before it, all threads do nearly the same work, and times and levels are read and
written side by side, though people have different numbers of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gradatim.kinetics.gpu import closed
from gradatim.kinetics.gpu.closed import LAG, SCALE, SHARE
from gradatim.kinetics.gpu.device import at_once, cuda, fetched, kernel, launch, room, sent, times
from gradatim.kinetics.gpu.places import last_until
from gradatim.kinetics.gpu.stretch import maker
from gradatim.kinetics.structure import LinearModel, Setting

if TYPE_CHECKING:
    from gradatim.kinetics.histories import Histories

Floats = NDArray[np.float64]
_WORD = 8  # bytes


@cache
def _walker(n: int) -> Any:
    make, square = maker(n, False), n * n

    @kernel
    def walk(
        rates: Any, about: Any, dose_first: Any, dose_times: Any, amounts: Any, states: Any, into: int, people: int
    ) -> None:
        """Amounts [n, doses] of each person after each dose into compartment ``into``; ``about`` [.., W] as in `closed`. A lag moves all of a
        person's doses alike."""
        i = cuda.grid(1)
        if i >= people:
            return
        x, after, p = (
            cuda.local.array(n, np.float64),
            cuda.local.array(n, np.float64),
            cuda.local.array(square, np.float64),
        )
        for k in range(n):
            x[k] = 0.0
        for dose in range(dose_first[i], dose_first[i + 1]):
            if dose > dose_first[i] and dose_times[dose] > dose_times[dose - 1]:
                make(rates, i, dose_times[dose] - dose_times[dose - 1], p)
                for k in range(n):
                    after[k] = times(p[k * n], x[0])
                    for j in range(1, n):
                        after[k] += times(p[k * n + j], x[j])
                for k in range(n):
                    x[k] = after[k]
            for k in range(n):
                if k == into:
                    x[k] += times(amounts[dose], about[SHARE, i])
                states[k, dose] = x[k]

    return walk


@cache
def _reader(n: int, seen: int) -> Any:
    make, square = maker(n, False), n * n

    @kernel
    def read(
        rates: Any, about: Any, dose_first: Any, dose_times: Any, states: Any, note_first: Any, note_times: Any, out: Any, people: int, notes: int
    ) -> None:  # fmt: skip
        """The level at each time, one thread for each."""
        note = cuda.grid(1)
        if note >= notes:
            return
        i = last_until(note_first, 0, people, note, 0.0)
        time, lag = note_times[note], about[LAG, i]
        dose = last_until(dose_times, dose_first[i], dose_first[i + 1], time, lag)
        level = 0.0
        if dose >= dose_first[i]:
            p = cuda.local.array(square, np.float64)
            make(rates, i, time - (dose_times[dose] + lag), p)
            level = times(p[seen * n], states[0, dose])
            for k in range(1, n):
                level += times(p[seen * n + k], states[k, dose])
            level = times(level, about[SCALE, i])
        out[note] = level

    return read


def follow(
    model: LinearModel, setting: Setting, histories: Histories, place: int, constants: Sequence[Floats] | None
) -> Floats:
    """The level at each time of each person, doses going into the compartment ``place``; all numbers of the setting for each person.
    ``constants``: ka, k10, k12 and k21, where the closed form takes the model."""
    n, size = len(model.compartments), len(histories)
    share, lag = setting.about("F", place, 1.0), setting.about("ALAG", place, 0.0)
    assert share is not None
    assert lag is not None
    rates = np.concatenate([setting.rates.between.reshape(n * n, size), setting.rates.lost])
    about = np.array([share, lag, model.units.level_factor / setting.volume, *(constants or ())])
    out = np.empty(len(histories.note_times))
    if not len(out):
        return out
    given, asked = len(histories.dose_times), len(out)
    each = _WORD * (len(rates) + len(about) + 6 + ((n + 5) * given + 2 * asked) // size)
    step = at_once(each, 0, size)
    depot, tissue = _roles(setting, model.place(model.observed))
    for begin in range(0, size, step):
        some = slice(begin, min(begin + step, size))
        _part(model, rates[:, some], about[:, some], histories, some, (place, depot, tissue), out)
    return out


def _roles(setting: Setting, seen: int) -> tuple[int, int]:
    """The places of a depot, which nothing flows into, and of a tissue; −1: none. Only asked for where there is at most one of each."""
    between = setting.rates.between
    others = [j for j in range(len(between)) if j != seen]
    depots = [j for j in others if between[seen, j].any() and not between[j].any()]
    tissues = [j for j in others if j not in depots]
    return depots[0] if depots else -1, tissues[0] if tissues else -1


def _part(
    model: LinearModel,
    rates: Floats,
    about: Floats,
    histories: Histories,
    some: slice,
    places: tuple[int, int, int],
    out: Floats,
) -> None:
    people, n, seen = some.stop - some.start, len(model.compartments), model.place(model.observed)
    d, t = (first[some.start : some.stop + 1] for first in (histories.dose_first, histories.note_first))
    doses, notes = slice(int(d[0]), int(d[-1])), slice(int(t[0]), int(t[-1]))
    given, asked = doses.stop - doses.start, notes.stop - notes.start
    if not asked:
        return
    numbers = [
        rates, about, d - d[0], histories.dose_times[doses], histories.amounts[doses], t - t[0], histories.note_times[notes],
    ]  # fmt: skip
    by, said, dose_first, dose_times, amounts, note_first, note_times = sent(numbers)
    (place, depot, tissue), states, found = places, room((n, given)), room((asked,))
    launch(_walker(n), people, by, said, dose_first, dose_times, amounts, states, place, people)
    if len(about) > closed.KA:
        modes, weights = room((4, people)), room((3, given))
        launch(closed.weigh, people, said, dose_first, states, depot, seen, tissue, modes, weights, people)
        launch(
            closed.read,
            asked,
            said,
            dose_first,
            dose_times,
            modes,
            weights,
            note_first,
            note_times,
            found,
            people,
            asked,
        )
    else:
        launch(
            _reader(n, seen),
            asked,
            by,
            said,
            dose_first,
            dose_times,
            states,
            note_first,
            note_times,
            found,
            people,
            asked,
        )
    out[notes] = fetched(found)
