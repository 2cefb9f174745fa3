"""Eight subjects at a time as one vector of doubles: the few words in which the kernels are written down for LLVM.

Patterns (which entries of a matrix may differ from 0) and choices are told by the types of arguments: an integer is yes, a boolean no.
So each model form is compiled once, with its loops over compartments unrolled and its zeros left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped, unused-ignore]
from numba import types  # type: ignore[import-untyped, unused-ignore]
from numba.core import cgutils as _cgutils  # type: ignore[import-untyped, unused-ignore]

cgutils: Any = _cgutils

WIDE = 8
"""Subjects in a vector: a cache line of doubles, and one register where there is AVX-512."""

I64, DOUBLE, SINGLE = ir.IntType(64), ir.DoubleType(), ir.FloatType()
V = ir.VectorType(DOUBLE, WIDE)
VI = ir.VectorType(I64, WIDE)


def yes(kind: Any) -> bool:
    """What a type says: an integer yes, a boolean no."""
    return isinstance(kind, types.Integer)


def entries(pattern: Any) -> list[tuple[int, int]]:
    """The places (row, column) that a pattern says yes to, row by row."""
    return [(i, j) for i, row in enumerate(pattern) for j, kind in enumerate(row) if yes(kind)]


class Words:
    """Vector arithmetic through an LLVM builder. Nothing is fused: no fast-math flags are ever set."""

    def __init__(self, context: Any, builder: Any) -> None:
        self.context, self.b = context, builder

    def data(self, array_type: Any, array: Any) -> Any:
        """Where the numbers of an array begin."""
        return self.context.make_array(array_type)(self.context, self.b, array).data

    def number(self, value: float) -> Any:
        """The same number in every place."""
        return ir.Constant(V, [ir.Constant(DOUBLE, value)] * WIDE)

    def whole(self, value: int) -> Any:
        """The same whole number in every place."""
        return ir.Constant(VI, [ir.Constant(I64, value)] * WIDE)

    def spread(self, scalar: Any) -> Any:
        """One number in every place."""
        empty = ir.Constant(V, ir.Undefined)
        one = self.b.insert_element(empty, scalar, ir.Constant(ir.IntType(32), 0))
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), WIDE), [0] * WIDE)
        return self.b.shuffle_vector(one, empty, zeros)

    def spread_whole(self, scalar: Any) -> Any:
        """One whole number in every place."""
        empty = ir.Constant(VI, ir.Undefined)
        one = self.b.insert_element(empty, scalar, ir.Constant(ir.IntType(32), 0))
        return self.b.shuffle_vector(one, empty, ir.Constant(ir.VectorType(ir.IntType(32), WIDE), [0] * WIDE))

    def plus(self, base: Any, step: int) -> Any:
        """An index further on."""
        return self.b.add(base, ir.Constant(I64, step))

    def load(self, data: Any, index: Any) -> Any:
        """Eight numbers from an index on."""
        return self.b.load(self.b.bitcast(self.b.gep(data, [index]), V.as_pointer()), align=8)

    def store(self, value: Any, data: Any, index: Any) -> None:
        """Eight numbers to an index on."""
        self.b.store(value, self.b.bitcast(self.b.gep(data, [index]), V.as_pointer()), align=8)

    def stream(self, values: list[Any], data: Any, index: Any, kind: Any) -> None:
        """Vectors past the cache straight to memory; the address is a multiple of 64 bytes. Singles are rounded here."""
        if kind == types.float32:
            half = ir.VectorType(SINGLE, WIDE)
            small = [self.b.fptrunc(value, half) for value in values]
            order = ir.Constant(ir.VectorType(ir.IntType(32), 2 * WIDE), list(range(2 * WIDE)))
            parts = [self.b.shuffle_vector(small[0], small[1], order)]
        else:
            parts = values
        pointer = self.b.gep(data, [index])
        for place, part in enumerate(parts):
            at = self.b.bitcast(pointer, part.type.as_pointer())
            stored = self.b.store(part, self.b.gep(at, [ir.Constant(I64, place)]), align=64)
            stored.set_metadata("nontemporal", self.b.module.add_metadata([ir.Constant(ir.IntType(32), 1)]))

    def classed(self, level: Any, data: Any, index: Any, by: Any) -> None:
        """The classes of eight levels, as 16 bits each: the bits of the nearest singles shifted by the first of three whole numbers, less the
        second, from 0 to the third."""
        b, short, kind = self.b, ir.IntType(32), ir.VectorType(ir.IntType(32), WIDE)
        shift, base, most = (b.trunc(self.spread_whole(b.extract_value(by, place)), kind) for place in range(3))
        nothing = ir.Constant(kind, [ir.Constant(short, 0)] * WIDE)
        place = b.sub(b.lshr(b.bitcast(b.fptrunc(level, ir.VectorType(SINGLE, WIDE)), kind), shift), base)
        place = b.select(b.icmp_signed(">", place, nothing), place, nothing)
        place = b.select(b.icmp_signed("<", place, most), place, most)
        small = b.trunc(place, ir.VectorType(ir.IntType(16), WIDE))
        b.store(small, b.bitcast(b.gep(data, [index]), small.type.as_pointer()), align=2)

    def note(self, levels: list[Any], noting: Any, data: Any, index: Any, kind: Any, by: Any) -> None:
        """Two vectors of levels, kept (1), kept past the cache (2), or as classes (3)."""
        if len(noting) == 2:
            self.stream(levels, data, index, kind)
            return
        for half, level in enumerate(levels):
            at = self.plus(index, half * WIDE)
            if len(noting) == 1:
                self.store(level, data, at)
            elif len(noting) == 3:
                self.classed(level, data, at, by)

    def variable(self, value: Any) -> Any:
        """A vector that changes: LLVM keeps it in a register."""
        place = cgutils.alloca_once(self.b, value.type)
        self.b.store(value, place)
        return place

    @contextmanager
    def loop(self, first: Any, end: Any, step: int = 1) -> Iterator[Any]:
        """Over whole numbers."""
        with cgutils.for_range_slice(self.b, first, end, ir.Constant(I64, step), I64) as (index, _):
            yield index

    def sum(self, terms: list[Any]) -> Any:
        """In their order; None where there are none."""
        total = terms[0] if terms else None
        for term in terms[1:]:
            total = self.b.fadd(total, term)
        return total

    def product(self, a: dict[tuple[int, int], Any], b: dict[tuple[int, int], Any]) -> dict[tuple[int, int], Any]:
        """a·b for matrices of the same closed pattern, each sum in its order."""
        n = 1 + max(i for i, _ in b)
        made = {}
        for i, j in b:
            terms = [self.b.fmul(a[i, k], b[k, j]) for k in range(n) if (i, k) in a and (k, j) in b]
            if terms:
                made[i, j] = self.sum(terms)
        return made

    def larger(self, a: Any, b: Any) -> Any:
        """The larger of each two."""
        return self.b.select(self.b.fcmp_ordered(">", a, b), a, b)

    def largest_whole(self, a: Any) -> Any:
        """The largest of eight whole numbers."""
        kind = ir.FunctionType(I64, [VI])
        return self.b.call(
            cgutils.get_or_insert_function(self.b.module, kind, f"llvm.vector.reduce.smax.v{WIDE}i64"), [a]
        )


def each(keys: list[tuple[int, int]], of: Callable[[int, int], Any]) -> dict[tuple[int, int], Any]:
    """A matrix by its entries."""
    return {(i, j): of(i, j) for i, j in keys}
