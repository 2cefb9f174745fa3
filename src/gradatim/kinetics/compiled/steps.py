"""The two inner loops for many subjects: make a propagator, and move amounts by it again and again.

The same sums and products in the same order as `gradatim.kinetics.propagator.propagator` and the walk of `gradatim.kinetics.simulate`.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped, unused-ignore]
from numba import types  # type: ignore[import-untyped, unused-ignore]

from gradatim.kinetics.compiled.jit import word
from gradatim.kinetics.compiled.vectors import DOUBLE, I64, VI, WIDE, V, Words, each, entries, yes
from gradatim.kinetics.compiled.waiting import Earlier
from gradatim.kinetics.propagator import TERMS

Matrix = dict[tuple[int, int], Any]


@word
def make(
    _typing: Any,
    w: Any,
    rates: Any,
    pattern: Any,
    leaks: Any,
    full: Any,
    to: Any,
    dts: Any,
    first: Any,
    row: Any,
    lanes: Any,
) -> Any:
    """Propagators of ``lanes`` subjects, into w from ``to`` on: the entries of P in rows of ``lanes``; with ``full`` those of Φ and Ψ too.

    ``rates`` flat: rows of length ``row``, first the entries off the diagonal, row by row, then what leaks; the first subject at
    ``first``. Lengths of time in w from ``dts`` on.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        words = Words(context, builder)
        kind, (w, rates, _, _, _, to, dts, first, row, lanes) = signature.args, arguments
        here, there = words.data(kind[0], w), words.data(kind[1], rates)
        with words.loop(ir.Constant(I64, 0), lanes, WIDE) as lane:
            at = builder.add(first, lane)

            def rate(number: int) -> Any:
                return words.load(there, builder.add(at, builder.mul(row, ir.Constant(I64, number))))

            parts = _propagator(words, pattern, leaks, yes(full), rate, words.load(here, builder.add(dts, lane)))
            for number, part in enumerate(parts):
                words.store(
                    part, here, builder.add(builder.add(to, lane), builder.mul(lanes, ir.Constant(I64, number)))
                )
        return context.get_dummy_value()

    return types.void(w, rates, pattern, leaks, full, to, dts, first, row, lanes), generate


def _propagator(words: Words, pattern: Any, leaks: Any, full: bool, rate: Any, dt: Any) -> list[Any]:
    b, keys, n = words.b, entries(pattern), len(pattern)
    one, zero = words.number(1.0), words.number(0.0)
    apart = [(i, j) for i, j in keys if i != j]
    between = {key: rate(number) for number, key in enumerate(apart)}
    lost = {j: rate(len(apart) + number) for number, j in enumerate(j for j in range(n) if yes(leaks[j]))}
    leaving = []
    for j in range(n):
        inside = words.sum([between[i, j] for i in range(n) if (i, j) in between])
        both = [part for part in (lost.get(j), inside) if part is not None]
        leaving.append(words.sum(both) or zero)
    speed = leaving[0]
    for other in leaving[1:]:
        speed = words.larger(other, speed)
    h, doublings = _halved(words, speed, dt)
    step = each(keys, lambda i, j: b.fmul(b.fsub(speed, leaving[j]) if i == j else between[i, j], h))
    watched = keys if full else [(i, j) for i, j in keys if i in lost]
    p, f, s = _series(words, keys, watched, full, step, h, b.fmul(speed, h))
    out = {j: _shared(words, f, lost, j) or zero for j in range(n)}
    share = {j: b.fdiv(one, b.fadd(words.sum([p[i, k] for i, k in keys if k == j]), out[j])) for j in range(n)}
    p = {key: words.variable(b.fmul(p[key], share[key[1]])) for key in keys}
    f = {key: words.variable(b.fmul(f[key], share[key[1]])) for key in (keys if full else [])}
    s = {key: words.variable(b.fmul(s[key], share[key[1]])) for key in (keys if full else [])}
    w = {j: words.variable(b.fmul(out[j], share[j])) for j in range(n)}
    length = words.variable(h)
    with words.loop(ir.Constant(I64, 0), words.largest_whole(doublings)) as turn:
        going = b.icmp_signed(">", doublings, words.spread_whole(turn))
        _double(words, going, p, f, s, w, length)
    return [b.load(part[key]) for part in ((p, f, s) if full else (p,)) for key in keys]


def _halved(words: Words, speed: Any, dt: Any) -> tuple[Any, Any]:
    """A length so short that speed times it is at most 1, and how often it is to be doubled: np.frexp and np.ldexp by their bits."""
    b = words.b
    exponent = b.sub(b.lshr(b.bitcast(b.fmul(speed, dt), VI), words.whole(52)), words.whole(1022))
    doublings = b.select(b.icmp_signed(">", exponent, words.whole(0)), exponent, words.whole(0))
    power = b.bitcast(b.shl(b.sub(words.whole(1023), doublings), words.whole(52)), V)
    return b.fmul(dt, power), doublings


def _shared(words: Words, f: Matrix, lost: dict[int, Any], j: int) -> Any:
    return words.sum([words.b.fmul(f[i, j], lost[i]) for i in lost if (i, j) in f])


def _series(
    words: Words,
    keys: list[tuple[int, int]],
    watched: list[tuple[int, int]],
    full: bool,
    step: Matrix,
    h: Any,
    stay: Any,
) -> tuple[Matrix, Matrix, Matrix]:
    b, n = words.b, len({j for _, j in keys})
    zero, one = words.number(0.0), words.number(1.0)
    term, moved = ({(i, j): words.variable(one if i == j else zero) for i, j in keys} for _ in range(2))
    fed_term, fed = ({key: words.variable(zero) for key in watched} for _ in range(2))
    summed_term, summed = ({key: words.variable(zero) for key in (keys if full else [])} for _ in range(2))
    with words.loop(ir.Constant(I64, 1), ir.Constant(I64, TERMS + n + 1)) as k:
        part = words.spread(b.fdiv(ir.Constant(DOUBLE, 1.0), b.sitofp(k, DOUBLE)))
        now, fed_now = ({key: b.load(place) for key, place in of.items()} for of in (term, fed_term))
        for key, place in summed_term.items():
            grown = b.fadd(b.fmul(fed_now[key], h), b.fmul(b.load(place), stay))
            b.store(b.fmul(grown, part), place)
        for key, place in fed_term.items():
            b.store(b.fmul(b.fadd(b.fmul(now[key], h), b.fmul(fed_now[key], stay)), part), place)
        for key, value in words.product(now, step).items():
            b.store(b.fmul(value, part), term[key])
        for total, terms in ((moved, term), (fed, fed_term), (summed, summed_term)):
            for key, place in total.items():
                b.store(b.fadd(b.load(place), b.load(terms[key])), place)
    moved, fed, summed = ({key: b.load(place) for key, place in of.items()} for of in (moved, fed, summed))
    return moved, fed, summed


def _double(words: Words, going: Any, p: Matrix, f: Matrix, s: Matrix, w: dict[int, Any], length: Any) -> None:
    """One doubling, for those subjects that still go on."""
    b = words.b
    p0, f0, s0 = ({key: b.load(place) for key, place in of.items()} for of in (p, f, s))
    w0, h = {j: b.load(place) for j, place in w.items()}, b.load(length)

    def keep(value: Any, place: Any) -> None:
        b.store(b.select(going, value, b.load(place)), place)

    for key, value in words.product(p0, s0).items() if s else ():
        keep(b.fadd(b.fadd(s0[key], b.fmul(h, f0[key])), value), s[key])
    for key, value in words.product(p0, f0).items() if f else ():
        keep(b.fadd(f0[key], value), f[key])
    square = words.product(p0, p0)
    for j, left in w.items():
        out = b.fadd(w0[j], words.sum([b.fmul(p0[i, k], w0[i]) for i, k in p0 if k == j]))
        share = b.fdiv(words.number(1.0), b.fadd(words.sum([square[i, k] for i, k in square if k == j]), out))
        keep(b.fmul(out, share), left)
        for i, k in square:
            if k == j:
                keep(b.fmul(square[i, k], share), p[i, k])
    keep(b.fmul(h, words.number(2.0)), length)


@word
def advance(
    _typing: Any,
    w: Any,
    pattern: Any,
    seen: Any,
    feeding: Any,
    area: Any,
    noting: Any,
    state: Any,
    made: Any,
    due: Any,
    dose: Any,
    fed: Any,
    sums: Any,
    scales: Any,
    out: Any,
    to: Any,
    row: Any,
    count: Any,
    lanes: Any,
    by: Any,
) -> Any:
    """Move the amounts of ``lanes`` subjects ``count`` times by one propagator, and note the level after each.

    In w, rows of ``lanes``: amounts from ``state`` on, the propagator from ``made`` on; where ``due`` is not below 0 a
    dose from ``dose`` on into that compartment after the first move; with ``feeding`` the inputs from ``fed`` on, with
    ``area`` the area so far at ``sums``; at ``scales`` what an amount is multiplied by to be a level, for the area and, one row on, for
    the note. ``noting`` (): none; one item: into ``out`` from ``to`` on, in steps of ``row``; two items: the same, past the cache; three: as
    classes, told by ``by`` (shift, base, last class), and where two more items are in it, counts and what is due to be counted (see
    `gradatim.kinetics.compiled.sinks.Counted`), as many earlier classes are counted at the same time.
    ``seen``: as many items as the place of the compartment that is read. ``lanes`` is a multiple of 16.
    """  # fmt: skip

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        words, kind = Words(context, builder), signature.args
        w, _, _, _, _, _, state, made, due, dose, fed, sums, scales, out, to, row, count, lanes, by = arguments
        here, there = words.data(kind[0], w), words.data(kind[13], out)
        walk = _Walk(words, entries(pattern), len(seen), yes(feeding), yes(area), here, lanes)
        earlier = Earlier(words, kind, there, out, by) if len(kind[18]) > 3 else None
        with words.loop(ir.Constant(I64, 0), lanes, 2 * WIDE) as lane:
            pair = [walk.begin(words.plus(lane, half * WIDE), state, made, fed, sums, scales) for half in range(2)]
            with words.loop(ir.Constant(I64, 0), count) as turn:
                for one in pair:
                    walk.move(one)
                begun = builder.and_(builder.icmp_signed("==", turn, I64(0)), builder.icmp_signed(">=", due, I64(0)))
                with builder.if_then(begun, likely=False):
                    for one in pair:
                        walk.give(one, due, dose)
                levels = [walk.level(one) for one in pair]
                index = builder.add(builder.add(to, lane), builder.mul(turn, row))
                words.note(levels, noting, there, index, kind[13].dtype, by)
                if earlier is not None:
                    earlier.count()
            for one in pair:
                walk.end(one, state, sums)
        if earlier is not None:
            earlier.end()
        return context.get_dummy_value()

    signature = types.void(
        w,
        pattern,
        seen,
        feeding,
        area,
        noting,
        state,
        made,
        due,
        dose,
        fed,
        sums,
        scales,
        out,
        to,
        row,
        count,
        lanes,
        by,
    )
    return signature, generate


@word
def show(_typing: Any, w: Any, noting: Any, amounts: Any, scales: Any, out: Any, to: Any, lanes: Any, by: Any) -> Any:
    """Note levels without moving: the amounts in w from ``amounts`` on times the scales there; ``noting`` and ``out`` as in `advance`."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        words, kind = Words(context, builder), signature.args
        w, _, amounts, scales, out, to, lanes, by = arguments
        here, there = words.data(kind[0], w), words.data(kind[4], out)
        with words.loop(ir.Constant(I64, 0), lanes, 2 * WIDE) as lane:
            levels = []
            for half in range(2):
                at = words.plus(lane, half * WIDE)
                level = builder.fmul(
                    words.load(here, builder.add(amounts, at)), words.load(here, builder.add(scales, at))
                )
                levels.append(level)
            words.note(levels, noting, there, builder.add(to, lane), kind[4].dtype, by)
        return context.get_dummy_value()

    return types.void(w, noting, amounts, scales, out, to, lanes, by), generate


class _Walk:
    """What is held in registers while eight subjects are moved."""

    def __init__(
        self, words: Words, keys: list[tuple[int, int]], seen: int, feeding: bool, area: bool, here: Any, lanes: Any
    ) -> None:
        self.words, self.keys, self.seen, self.feeding, self.area = words, keys, seen, feeding, area
        self.here, self.lanes, self.n = here, lanes, 1 + max(i for i, _ in keys)

    def _row(self, base: Any, number: int, lane: Any) -> Any:
        b = self.words.b
        return b.add(b.add(base, lane), b.mul(self.lanes, ir.Constant(I64, number)))

    def _load(self, base: Any, number: int, lane: Any) -> Any:
        return self.words.load(self.here, self._row(base, number, lane))

    def begin(self, lane: Any, state: Any, by: Any, fed: Any, sums: Any, scales: Any) -> dict[str, Any]:
        words, b, keys = self.words, self.words.b, self.keys
        one: dict[str, Any] = {"lane": lane, "scale": self._load(scales, 1, lane)}
        one["x"] = [words.variable(self._load(state, i, lane)) for i in range(self.n)]
        one["p"] = {key: self._load(by, number, lane) for number, key in enumerate(keys)}
        f: Matrix = {}
        given: list[Any] = []
        if self.feeding or self.area:
            f = {key: self._load(by, len(keys) + number, lane) for number, key in enumerate(keys)}
            one["f"] = {key: value for key, value in f.items() if key[0] == self.seen}
        if self.feeding:
            given = [self._load(fed, i, lane) for i in range(self.n)]
            one["given"] = [words.sum([b.fmul(f[i, j], given[j]) for i, j in keys if i == to]) for to in range(self.n)]
        if self.area:
            one["sum"], one["wide"] = words.variable(self._load(sums, 0, lane)), self._load(scales, 0, lane)
            if self.feeding:
                s = {key: self._load(by, 2 * len(keys) + number, lane) for number, key in enumerate(keys)}
                one["more"] = words.sum([b.fmul(s[i, j], given[j]) for i, j in keys if i == self.seen])
        return one

    def move(self, one: dict[str, Any]) -> None:
        """Let one step of time pass."""
        words, b = self.words, self.words.b
        x = [b.load(place) for place in one["x"]]
        after = [words.sum([b.fmul(one["p"][i, j], x[j]) for i, j in self.keys if i == to]) for to in range(self.n)]
        if self.feeding:
            after = [b.fadd(value, given) for value, given in zip(after, one["given"], strict=True)]
        if self.area:
            grown = words.sum([b.fmul(value, x[j]) for (_, j), value in one["f"].items()])
            if self.feeding:
                grown = b.fadd(grown, one["more"])
            b.store(b.fadd(b.load(one["sum"]), b.fmul(grown, one["wide"])), one["sum"])
        for value, place in zip(after, one["x"], strict=True):
            b.store(value, place)

    def give(self, one: dict[str, Any], into: Any, dose: Any) -> None:
        """Put a dose into a compartment."""
        b = self.words.b
        more = self._load(dose, 0, one["lane"])
        for i, place in enumerate(one["x"]):
            with b.if_then(b.icmp_signed("==", into, I64(i))):
                b.store(b.fadd(b.load(place), more), place)

    def level(self, one: dict[str, Any]) -> Any:
        """The level now."""
        b = self.words.b
        return b.fmul(b.load(one["x"][self.seen]), one["scale"])

    def end(self, one: dict[str, Any], state: Any, sums: Any) -> None:
        words, b = self.words, self.words.b
        for number, place in enumerate(one["x"]):
            words.store(b.load(place), self.here, self._row(state, number, one["lane"]))
        if self.area:
            words.store(b.load(one["sum"]), self.here, self._row(sums, 0, one["lane"]))
