"""Where noted levels go: stored as they are, counted by class, or kept as each subject's highest, lowest and area."""

# ruff: noqa: ARG001 - what stands for a function has its arguments

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gradatim.kinetics.compiled.jit import by_kind, jit
from gradatim.kinetics.compiled.steps import advance, show
from gradatim.kinetics.compiled.vectors import WIDE

ROWS = 16
"""Levels of each subject that wait in the cache before they are measured."""


class Stored(NamedTuple):
    """Levels kept: ``out`` flat, doubles or singles, rows of ``row``, a multiple of 16."""

    out: NDArray[Any]
    row: int


class Counted(NamedTuple):
    """Levels counted: ``counts`` [T, classes]. ``by``: the class of a level is its bits shifted by the first, less the second, up to the
    third. Subjects from ``real`` on are no people. Classes of a piece of the tape and of a part of the people wait in ``waiting``
    [2, slots, subjects], now on this side, now on that: while one is filled the other is counted, since adding to counts and working out
    levels keep different parts of a processor busy. ``since``: the slot and the subject that begin the side that is filled, and which it
    is. ``due``, about the side to be counted: where its next class is, how many are left in its row, where its row of counts begins,
    how many rows are left, and how many classes a row has."""

    waiting: NDArray[np.uint16]
    since: NDArray[np.int64]
    due: NDArray[np.int64]
    counts: NDArray[np.uint32]
    by: tuple[int, int, int]
    real: int


class Measured(NamedTuple):
    """Exposure kept: for each interval and subject the ``highest`` level noted, the slot where it first was, and the ``lowest``,
    [K, row]; the ``area`` so far at each edge [K + 1, row]. ``spans`` [T, 2]: the intervals of a slot, or -1; ``edges`` [T]: likewise."""

    waiting: NDArray[np.float64]
    spans: NDArray[np.int64]
    edges: NDArray[np.int64]
    highest: NDArray[np.float64]
    when: NDArray[np.int64]
    lowest: NDArray[np.float64]
    area: NDArray[np.float64]


def _kind(sink: Any) -> Any:
    return getattr(sink, "instance_class", None)


@jit
def settle(sink: Any) -> None:
    """Count what is still due."""
    waiting, counts, due = sink.waiting.reshape(-1), sink.counts.reshape(-1), sink.due
    while due[3] > 0:
        here = waiting[due[0] : due[0] + due[1]]
        into = counts[due[2] : due[2] + sink.counts.shape[1]]
        for place in here:
            into[place] += np.uint32(1)
        due[0] += due[1] + sink.waiting.shape[2] - due[4]
        due[1], due[2], due[3] = due[4], due[2] + sink.counts.shape[1], due[3] - 1


@jit
def count(sink: Any, slots: int, subjects: int) -> None:
    """The classes that wait are due, and those before are counted; at once where they do not fill vectors."""
    settle(sink)
    people, side = min(subjects, sink.real - sink.since[1]), sink.since[2]
    sink.due[0] = side * sink.waiting.shape[1] * sink.waiting.shape[2]
    sink.due[1] = sink.due[4] = people
    sink.due[2], sink.due[3] = sink.since[0] * sink.counts.shape[1], slots
    if people % (2 * WIDE) != 0:
        settle(sink)
    sink.since[2] = 1 - side


@jit
def measure(sink: Any, slot: int, rows: int, first: int, lanes: int, w: NDArray[np.float64], sums: int) -> None:
    """Take the levels that wait into account."""
    for row in range(rows):
        for side in range(2):
            span = sink.spans[slot + row, side]
            if span >= 0:
                levels, until = sink.waiting[row * lanes : (row + 1) * lanes], first + lanes
                highest, when, lowest = (
                    sink.highest[span, first:until],
                    sink.when[span, first:until],
                    sink.lowest[span, first:until],
                )
                for lane in range(lanes):
                    level, high, low = levels[lane], highest[lane], lowest[lane]
                    highest[lane] = level if level > high else high  # noqa: FURB136 - max asks for NaN too
                    when[lane] = slot + row if level > high else when[lane]
                    lowest[lane] = level if level < low else low  # noqa: FURB136
        edge = sink.edges[slot + row]
        if edge >= 0:
            for lane in range(lanes):
                sink.area[edge, first + lane] = w[sums + lane]


def go(sink: Any, w: Any, form: Any, at: Any, made: int, due: int, slot: int, end: int, first: int, lanes: int) -> None:
    """Move and note, from ``slot`` up to and without ``end``."""
    raise NotImplementedError


@by_kind(go, inline=True)
def _go(
    sink: Any, w: Any, form: Any, at: Any, made: int, due: int, slot: int, end: int, first: int, lanes: int
) -> Callable[..., None]:
    if _kind(sink) is Stored:

        def stored(
            sink: Any, w: Any, form: Any, at: Any, made: int, due: int, slot: int, end: int, first: int, lanes: int
        ) -> None:
            advance(
                w, form.pattern, form.seen, form.fed, form.area, (0, 0), at.state, made, due, at.dt, at.fed, at.sums, at.scales, sink.out,
                slot * sink.row + first, sink.row, end - slot, lanes, (0, 0, 0),
            )  # fmt: skip

        return stored
    if _kind(sink) is Counted:

        def counted(
            sink: Any, w: Any, form: Any, at: Any, made: int, due: int, slot: int, end: int, first: int, lanes: int
        ) -> None:
            row = sink.waiting.shape[2]
            to = (sink.since[2] * sink.waiting.shape[1] + slot - sink.since[0]) * row + first - sink.since[1]
            advance(
                w, form.pattern, form.seen, form.fed, form.area, (0, 0, 0), at.state, made, due, at.dt, at.fed, at.sums, at.scales,
                sink.waiting, to, row, end - slot, lanes, (sink.by[0], sink.by[1], sink.by[2], sink.counts, sink.due),
            )  # fmt: skip

        return counted

    def measured(
        sink: Any, w: Any, form: Any, at: Any, made: int, due: int, slot: int, end: int, first: int, lanes: int
    ) -> None:
        for begin in range(slot, end, ROWS):
            some = min(end - begin, ROWS)
            advance(
                w, form.pattern, form.seen, form.fed, form.area, (0,), at.state, made, due, at.dt, at.fed, at.sums, at.scales,
                sink.waiting, 0, lanes, some, lanes, (0, 0, 0),
            )  # fmt: skip
            due = -1
            measure(sink, begin, some, first, lanes, w, at.sums)

    return measured


def note(sink: Any, w: Any, form: Any, at: Any, slot: int, first: int, lanes: int) -> None:
    """Note without moving."""
    raise NotImplementedError


@by_kind(note, inline=True)
def _note(sink: Any, w: Any, form: Any, at: Any, slot: int, first: int, lanes: int) -> Callable[..., None]:
    if _kind(sink) is Stored:

        def stored(sink: Any, w: Any, form: Any, at: Any, slot: int, first: int, lanes: int) -> None:
            seen, to = at.state + len(form.seen) * lanes, slot * sink.row + first
            show(w, (0, 0), seen, at.scales + lanes, sink.out, to, lanes, (0, 0, 0))

        return stored
    if _kind(sink) is Counted:

        def counted(sink: Any, w: Any, form: Any, at: Any, slot: int, first: int, lanes: int) -> None:
            row = sink.waiting.shape[2]
            to = (sink.since[2] * sink.waiting.shape[1] + slot - sink.since[0]) * row + first - sink.since[1]
            show(w, (0, 0, 0), at.state + len(form.seen) * lanes, at.scales + lanes, sink.waiting, to, lanes, sink.by)

        return counted

    def measured(sink: Any, w: Any, form: Any, at: Any, slot: int, first: int, lanes: int) -> None:
        show(w, (0,), at.state + len(form.seen) * lanes, at.scales + lanes, sink.waiting, 0, lanes, (0, 0, 0))
        measure(sink, slot, 1, first, lanes, w, at.sums)

    return measured


def finish(sink: Any) -> None:
    """Take in what waits when all is done."""
    raise NotImplementedError


@by_kind(finish)
def _finish(sink: Any) -> Callable[..., None]:
    if _kind(sink) is Counted:

        def counted(sink: Any) -> None:
            settle(sink)

        return counted

    def nothing(sink: Any) -> None:
        pass

    return nothing


def begin_piece(sink: Any, slot: int, begin: int) -> None:
    """Make ready for a piece of the tape."""
    raise NotImplementedError


def end_piece(sink: Any, slots: int, subjects: int) -> None:
    """Take in what waits at the end of a piece."""
    raise NotImplementedError


@by_kind(begin_piece)
def _begin(sink: Any, slot: int, begin: int) -> Callable[..., None]:
    if _kind(sink) is Counted:

        def ready(sink: Any, slot: int, begin: int) -> None:
            sink.since[0], sink.since[1] = slot, begin

        return ready

    def nothing(sink: Any, slot: int, begin: int) -> None:
        pass

    return nothing


@by_kind(end_piece)
def _end(sink: Any, slots: int, subjects: int) -> Callable[..., None]:
    if _kind(sink) is Counted:

        def counted(sink: Any, slots: int, subjects: int) -> None:
            count(sink, slots, subjects)

        return counted

    def nothing(sink: Any, slots: int, subjects: int) -> None:
        pass

    return nothing
