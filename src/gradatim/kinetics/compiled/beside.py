"""Own histories: what is left after each dose, for eight people at a time, and the levels beside it, eight of a person's times at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped, unused-ignore]
from numba import types  # type: ignore[import-untyped, unused-ignore]

from gradatim.kinetics.compiled.decay import decays, fused
from gradatim.kinetics.compiled.jit import word
from gradatim.kinetics.compiled.vectors import DOUBLE, I64, VI, WIDE, V, Words, cgutils

AHEAD = 2
"""Doses that are looked at for every eight times, whether they lie between them or not: a jump that cannot be foretold costs more."""
WEIGHTS = 3
"""A level is straight·e^-at + near·(1 − e^-(g12·t))·e^-(r1·t) + far·(1 − e^-(g23·t))·e^-((r1 + g12)·t), a = r1 + g12 or that and g23 too."""
NUMBERS = (
    "r1", "g12", "g23", "over12", "over23", "over13", "body12", "body23", "gut12", "gut23", "slow", "slow_tissue", "second", "place",
    "ka", "k12", "k21",
)  # fmt: skip
"""Of a person, in this order: those of `gradatim.kinetics.compiled.apart.Modes`, ``second`` and ``place`` (of ka among the rates) as doubles."""

Tell = Callable[[Any, list[Any]], Any]
BIT, MASK, I32 = ir.IntType(1), ir.VectorType(ir.IntType(1), WIDE), ir.IntType(32)


@word
def after_doses(_typing: Any, numbers: Any, begun: Any, amounts: Any, doses: Any, depot: Any, parts: Any) -> Any:
    """The weights of a level after each dose, into ``parts`` [doses + 1 …, 3, 8] from the row 1 on.

    ``numbers`` [17, 8]; ``begun`` [doses + 1 …, 8]: the time of each dose from the row 1 on; ``amounts`` [doses, 8]. What stands beyond
    a person's own doses may be no number.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        words, kind = Words(context, builder), signature.args
        numbers, begun, amounts, doses, depot, parts = arguments
        of, since, much, to = (
            words.data(kind[place], array) for place, array in ((0, numbers), (1, begun), (2, amounts), (5, parts))
        )
        p = {name: words.load(of, I64(WIDE * row)) for row, name in enumerate(NUMBERS)}
        second, first_gut, last_gut = (
            builder.fcmp_ordered("==", p[name], words.number(value))
            for name, value in (("second", 1.0), ("place", 0.0), ("place", 2.0))
        )
        b, zero = builder, words.number(0.0)

        def f(x: Any, y: Any, z: Any) -> Any:
            return fused(b, x, y, z)

        times = b.fmul
        back12, back23 = times(p["body12"], p["over12"]), times(p["body23"], p["over23"])
        gut12 = times(f(p["slow"], p["over13"], p["gut12"]), p["over12"])
        gut23 = times(f(b.fneg(p["slow"]), p["over13"], p["gut23"]), p["over23"])
        deeper = times(p["ka"], p["k12"])
        gut, blood, tissue = (words.variable(zero) for _ in range(3))
        with words.loop(I64(0), doses) as dose:
            row = b.mul(dose, I64(WIDE))
            now = words.load(since, words.plus(row, WIDE))
            before = b.select(b.icmp_signed("==", dose, I64(0)), now, words.load(since, row))
            t = b.fsub(now, before)
            one, _ = decays(b, times(p["r1"], t))
            two, gone12 = decays(b, times(p["g12"], t))
            three, gone23 = decays(b, times(p["g23"], t))
            two, d12 = times(one, two), times(times(one, gone12), p["over12"])
            three, d23 = times(two, three), times(times(two, gone23), p["over23"])
            fast = b.select(second, two, three)
            left = b.select(first_gut, one, b.select(last_gut, three, two))
            d = f(p["body12"], d12, times(p["body23"], d23))
            third = times(words.larger(b.fsub(d12, d23), zero), p["over13"])
            x, y, z = b.load(gut), b.load(blood), b.load(tissue)
            fed = times(p["ka"], f(p["slow"], third, f(p["gut12"], d12, times(p["gut23"], d23))))
            to_y = f(times(p["k21"], d), z, times(fed, x))
            to_z = f(f(p["slow_tissue"], d, fast), z, times(times(deeper, third), x))
            x, y, z = times(left, x), f(f(p["slow"], d, fast), y, to_y), f(times(p["k12"], d), y, to_z)
            more = words.load(much, row)
            x, y = b.select(depot, b.fadd(x, more), x), b.select(depot, y, b.fadd(y, more))
            for value, place in ((x, gut), (y, blood), (z, tissue)):
                b.store(value, place)
            back, rest = f(p["slow"], y, times(p["k21"], z)), times(p["ka"], x)
            weights = (y, f(back, back12, times(rest, gut12)), f(back, back23, times(rest, gut23)))
            at = b.mul(words.plus(dose, 1), I64(WEIGHTS * WIDE))
            for number, weight in enumerate(weights):
                words.store(weight, to, words.plus(at, number * WIDE))
        return context.get_dummy_value()

    return types.void(numbers, begun, amounts, doses, depot, parts), generate


@word
def beside(
    _typing: Any, notes: Any, first: Any, end: Any, numbers: Any, begun: Any, parts: Any, lane: Any, out: Any
) -> Any:
    """The levels of the person ``lane`` of eight at ``notes[first:end]``, in order, into the same places of ``out``.

    ``begun`` [1 + doses + AHEAD …, 8]: no later than the first of them, then the time of each dose, then infinite ones; ``parts``
    [the same, 3, 8]: the weights since then.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        words, kind = Words(context, builder), signature.args
        notes, first, end, numbers, begun, parts, lane, out = arguments
        of, to = words.data(kind[3], numbers), words.data(kind[7], out)
        r1, g12, g23, second = (
            builder.load(builder.gep(of, [words.plus(lane, WIDE * NUMBERS.index(name))]))
            for name in ("r1", "g12", "g23", "second")
        )
        rates = [words.spread(one) for one in (r1, g12, g23)]
        second = builder.fcmp_ordered("==", second, ir.Constant(DOUBLE, 1.0))
        second = builder.select(second, ir.Constant(MASK, [1] * WIDE), ir.Constant(MASK, [0] * WIDE))

        def tell(t: Any, weights: list[Any]) -> Any:
            straight, near, far = weights
            (slow, _), (two, gone12), (three, gone23) = (decays(builder, builder.fmul(rate, t)) for rate in rates)
            share = builder.select(second, straight, builder.fmul(straight, three))
            inner = builder.fmul(two, fused(builder, far, gone23, share))
            return builder.fmul(slow, fused(builder, near, gone12, inner))

        times, since, weights = (
            words.data(kind[place], array) for place, array in ((0, notes), (4, begun), (5, parts))
        )
        Beside(words, times, since, weights, lane, WEIGHTS).all(first, end, to, tell)
        return context.get_dummy_value()

    return types.void(notes, first, end, numbers, begun, parts, lane, out), generate


class Beside:
    """A person's times, one vector after the other, and the doses that they have passed."""

    def __init__(
        self, words: Words, notes: Any, begun: Any, parts: Any, lane: Any, weights: int, row: int | None = None
    ) -> None:
        self.words, self.b, self.notes, self.row = words, words.b, notes, row or weights
        b = words.b
        self.begun = b.gep(begun, [lane])
        self.parts = [b.gep(parts, [words.plus(lane, number * WIDE)]) for number in range(weights)]
        self.passed = cgutils.alloca_once_value(b, I64(0))

    def _time(self, dose: Any) -> Any:
        return self.b.load(self.b.gep(self.begun, [self.b.mul(dose, I64(WIDE))]))

    def _of(self, dose: Any) -> list[Any]:
        b = self.b
        place = b.mul(dose, I64(self.row * WIDE))
        return [self._time(dose), *(b.load(b.gep(part, [place])) for part in self.parts)]

    def _after(self, dose: Any, t: Any, held: list[Any]) -> list[Any]:
        """What is held where a time is not before a dose becomes that of the dose."""
        b, spread = self.b, self.words.spread
        new = self._of(dose)
        after = b.fcmp_ordered(">=", t, spread(new[0]))
        return [b.select(after, spread(one), old) for one, old in zip(new, held, strict=True)]

    def all(self, first: Any, end: Any, to: Any, tell: Tell) -> None:
        """The levels at all times from ``first`` up to and without ``end``: those told by the time since a dose and its weights."""
        b, words = self.b, self.words
        whole = b.add(first, b.and_(b.sub(end, first), I64(-WIDE)))
        with words.loop(first, whole, WIDE) as at:
            latest = b.load(b.gep(self.notes, [words.plus(at, WIDE - 1)]))
            words.store(tell(*self.since(words.load(self.notes, at), latest)), to, at)
        with b.if_then(b.icmp_signed("<", whole, end)):
            some = Some(words, b.sub(end, whole))
            latest = b.load(b.gep(self.notes, [b.sub(end, I64(1))]))
            some.write(tell(*self.since(some.read(self.notes, whole), latest)), to, whole)

    def since(self, t: Any, latest: Any) -> tuple[Any, list[Any]]:
        """For eight times, none after ``latest``: how long after the last dose they are, and its weights."""
        b, words = self.b, self.words
        place = b.load(self.passed)
        held = [words.spread(one) for one in self._of(place)]
        gone_by = I64(0)
        for number in range(1, AHEAD + 1):
            dose = words.plus(place, number)
            held = self._after(dose, t, held)
            gone_by = b.add(gone_by, b.zext(b.fcmp_ordered("<=", self._time(dose), latest), I64))
        b.store(b.add(place, gone_by), self.passed)
        kept = [words.variable(one) for one in held]
        self._while_due(latest, lambda dose: self._keep(kept, self._after(dose, t, [b.load(one) for one in kept])))
        begins, *weights = (b.load(one) for one in kept)
        return b.fsub(t, begins), weights

    def _keep(self, kept: list[Any], new: list[Any]) -> None:
        for value, where in zip(new, kept, strict=True):
            self.b.store(value, where)

    def _while_due(self, latest: Any, take: Callable[[Any], None]) -> None:
        """Pass by the doses that are left."""
        b = self.b
        head, body, done = (b.append_basic_block(name) for name in ("more", "another", "enough"))
        b.branch(head)
        b.position_at_end(head)
        dose = self.words.plus(b.load(self.passed), 1)
        b.cbranch(b.fcmp_ordered("<=", self._time(dose), latest), body, done)
        b.position_at_end(body)
        take(dose)
        b.store(dose, self.passed)
        b.branch(head)
        b.position_at_end(done)


class Some:
    """Fewer than eight numbers at the end: the others are neither read nor written."""

    def __init__(self, words: Words, number: Any) -> None:
        self.b = words.b
        self.there = self.b.icmp_signed("<", ir.Constant(VI, list(range(WIDE))), words.spread_whole(number))

    def read(self, data: Any, index: Any) -> Any:
        """0 in place of the others."""
        kind = ir.FunctionType(V, [V.as_pointer(), I32, MASK, V])
        call = cgutils.get_or_insert_function(self.b.module, kind, f"llvm.masked.load.v{WIDE}f64.p0")
        pointer = self.b.bitcast(self.b.gep(data, [index]), V.as_pointer())
        return self.b.call(call, [pointer, I32(8), self.there, ir.Constant(V, [0.0] * WIDE)])

    def write(self, value: Any, data: Any, index: Any) -> None:
        """Only these."""
        kind = ir.FunctionType(ir.VoidType(), [V, V.as_pointer(), I32, MASK])
        call = cgutils.get_or_insert_function(self.b.module, kind, f"llvm.masked.store.v{WIDE}f64.p0")
        pointer = self.b.bitcast(self.b.gep(data, [index]), V.as_pointer())
        self.b.call(call, [value, pointer, I32(8), self.there])
