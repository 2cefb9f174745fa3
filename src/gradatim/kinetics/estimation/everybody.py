"""Many people one after the other: their steps, and their descents."""

from __future__ import annotations

import math
from typing import NamedTuple

from gradatim.kinetics.estimation.descent import NOWHERE, descend
from gradatim.kinetics.estimation.modes import Belief, Design, Desk, Numbers, Places, Row, desk, places, room, steps_of


class People(NamedTuple):
    """Doses, times of measuring and what was measured, of all people one after the other; ``dose_first`` and ``note_first`` [N + 1] say where
    each begins, ``typical`` [6·N] are the typical parameters of each."""

    typical: Numbers
    dose_first: Places
    dose_times: Numbers
    amounts: Numbers
    note_first: Places
    note_times: Numbers
    measured: Numbers
    limited: Places


class Results(NamedTuple):
    """Of each person: etas [p], objective, Fisher's and the exact curvature by z [p·p]; how the descent ended and how often the objective was
    worked out [2]; of each measurement the level at the mode, and its derivatives by the etas [p]."""

    etas: Row
    values: Row
    fishers: Row
    curvatures: Row
    ends: Row
    levels: Row
    slopes: Row


def design_of(person: int, people: People) -> Design:
    """The steps of one person."""
    doses = (people.dose_first[person], people.dose_first[person + 1])
    notes = (people.note_first[person], people.note_first[person + 1])
    many = doses[1] - doses[0] + notes[1] - notes[0]
    dt_of, note_of, given, lengths = places(many), places(many), room(many), room(many)
    different = steps_of(
        people.dose_times, people.amounts, doses, people.note_times, notes, dt_of, given, note_of, lengths
    )
    return Design(
        people.typical[6 * person : 6 * person + 6], many, different, notes[1] - notes[0], dt_of, given, note_of, lengths,
        people.measured[notes[0] : notes[1]], people.limited[notes[0] : notes[1]],
    )  # fmt: skip


def fit_everybody(first: int, end: int, starts: Numbers, belief: Belief, people: People, into: Results) -> None:
    """The fits of the people from ``first`` up to and without ``end``: the lowest minimum of the descents from all ``starts`` [p · how many]."""
    number = belief.number
    z, fisher, bent = room(number), room(number * number), room(number * number)
    for person in range(first, end):
        design = design_of(person, people)
        at = desk(number, design.different, design.noted)
        best, calls = math.inf, 0
        into.ends[2 * person] = NOWHERE
        into.values[person] = math.inf
        for begin in range(0, len(starts), number):
            ended, value, some = descend(starts[begin : begin + number], belief, design, at, z, fisher, bent)
            calls += some
            if value < best - 1e-9:
                best = value
                into.values[person] = value
                into.ends[2 * person] = ended
                _keep(person, number, people.note_first[person], design.noted, at, fisher, bent, into)
        into.ends[2 * person + 1] = calls


def _keep(person: int, number: int, begin: int, noted: int, at: Desk, fisher: Row, bent: Row, into: Results) -> None:
    for i in range(number):
        into.etas[person * number + i] = at.eta[i]
    for i in range(number * number):
        into.fishers[person * number * number + i] = fisher[i]
        into.curvatures[person * number * number + i] = bent[i]
    for place in range(noted):
        into.levels[begin + place] = at.levels[place]
    for place in range(noted * number):
        into.slopes[begin * number + place] = at.by_eta[place]
