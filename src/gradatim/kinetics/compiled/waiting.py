"""Classes that wait are counted a few at a time, between the instructions that work out later levels."""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped, unused-ignore]

from gradatim.kinetics.compiled.vectors import I64, WIDE, Words

I32 = ir.IntType(32)
_SHORT = 16
_AT_ONCE = 64 // _SHORT
"""Classes that are fetched as one whole number of 64 bits."""


class Earlier:
    """What is due to be counted, held in registers; see `gradatim.kinetics.compiled.sinks.Counted`."""

    def __init__(self, words: Words, kind: Any, waiting: Any, out: Any, by: Any) -> None:
        self.words, self.b = words, words.b
        b, context = words.b, words.context
        counts, due = b.extract_value(by, 3), b.extract_value(by, 4)
        self.waiting, self.counts = waiting, words.data(kind[18][3], counts)
        self.due = words.data(kind[18][4], due)
        self.row = b.extract_value(context.make_array(kind[13])(context, b, out).shape, 2)
        self.classes = b.extract_value(context.make_array(kind[18][3])(context, b, counts).shape, 1)
        numbers = [b.load(b.gep(self.due, [I64(place)])) for place in range(5)]
        self.at, self.left, self.into, self.rows = (words.variable(one) for one in numbers[:4])
        self.wide = numbers[4]

    def count(self) -> None:
        """Sixteen of them, if any are due: rows are multiples of that."""
        b = self.b
        with b.if_then(b.icmp_signed(">", b.load(self.rows), I64(0)), likely=True):
            at, into = b.load(self.at), b.gep(self.counts, [b.load(self.into)])
            for first in range(0, 2 * WIDE, _AT_ONCE):
                place = b.bitcast(b.gep(self.waiting, [b.add(at, I64(first))]), I64.as_pointer())
                several = b.load(place, align=2)
                for number in range(_AT_ONCE):
                    one = b.and_(b.lshr(several, I64(_SHORT * number)), I64((1 << _SHORT) - 1))
                    where = b.gep(into, [one])
                    b.store(b.add(b.load(where), I32(1)), where)
            left = b.sub(b.load(self.left), I64(2 * WIDE))
            b.store(left, self.left)
            b.store(b.add(at, I64(2 * WIDE)), self.at)
            with b.if_then(b.icmp_signed("==", left, I64(0)), likely=False):
                b.store(b.add(b.load(self.at), b.sub(self.row, self.wide)), self.at)
                b.store(self.wide, self.left)
                b.store(b.add(b.load(self.into), self.classes), self.into)
                b.store(b.sub(b.load(self.rows), I64(1)), self.rows)

    def end(self) -> None:
        """What is still due is remembered."""
        for number, value in enumerate((self.at, self.left, self.into, self.rows)):
            self.b.store(self.b.load(value), self.b.gep(self.due, [I64(number)]))
