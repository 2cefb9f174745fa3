"""Linear systems in 120-digit arithmetic: exponentials of whole matrices by their series, and doses added up one by one.

It shares nothing with the engine: no elimination, no doubling of parts, no order of events.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, getcontext

Matrix = list[list[Decimal]]

getcontext().prec = 120


def product(a: Matrix, b: Matrix) -> Matrix:
    columns = list(zip(*b, strict=True))
    return [
        [sum((x * y for x, y in zip(row, column, strict=True) if x and y), Decimal(0)) for column in columns]
        for row in a
    ]


def exponential(a: Matrix) -> Matrix:
    """exp(a), by halving until it is small, a series, and squaring."""
    n = len(a)
    size = max(sum((abs(x) for x in row), Decimal(0)) for row in a)
    halvings = 0
    while size > Decimal("0.5"):
        size /= 2
        halvings += 1
    small = [[x / 2**halvings for x in row] for row in a]
    total = [[Decimal(int(i == j)) for j in range(n)] for i in range(n)]
    term = total
    for k in range(1, 60):
        term = [[x / k for x in row] for row in product(term, small)]
        total = [[x + y for x, y in zip(one, other, strict=True)] for one, other in zip(total, term, strict=True)]
    for _ in range(halvings):
        total = product(total, total)
    return total


def stretch(between: Sequence[Sequence[float]], lost: Sequence[float], dt: float) -> tuple[Matrix, Matrix, Matrix]:
    """P, its integral, and the integral of that, from one exponential of three times the size."""
    n = len(lost)
    big = [[Decimal(0)] * (3 * n) for _ in range(3 * n)]
    time = Decimal(dt)
    for j in range(n):
        big[j][j] = -(Decimal(lost[j]) + sum((Decimal(between[i][j]) for i in range(n) if i != j), Decimal(0))) * time
        for i in range(n):
            if i != j:
                big[i][j] = Decimal(between[i][j]) * time
        big[j][n + j] = time
        big[n + j][2 * n + j] = time
    whole = exponential(big)
    return tuple([row[k * n : (k + 1) * n] for row in whole[:n]] for k in range(3))  # type: ignore[return-value]


def state(
    between: Sequence[Sequence[float]],
    lost: Sequence[float],
    given: Sequence[tuple[float, int, float, float]],
    at: float,
) -> list[Decimal]:
    """Amounts at a time after doses (time, compartment, amount, length of the infusion or 0), by adding up."""
    n = len(lost)
    total = [Decimal(0)] * n
    for time, place, amount, length in given:
        if time > at:
            continue
        since = Decimal(at) - Decimal(time)
        if not length:
            moved = (
                stretch(between, lost, float(since))[0]
                if since == Decimal(float(since))
                else _at(between, lost, since)[0]
            )
            total = [x + row[place] * Decimal(amount) for x, row in zip(total, moved, strict=True)]
            continue
        running = min(since, Decimal(length))
        fed = _at(between, lost, running)[1]
        part = [row[place] * Decimal(amount) / Decimal(length) for row in fed]
        rest = _at(between, lost, since - running)[0]
        total = [
            x + sum((a * b for a, b in zip(row, part, strict=True)), Decimal(0))
            for x, row in zip(total, rest, strict=True)
        ]
    return total


def _at(between: Sequence[Sequence[float]], lost: Sequence[float], dt: Decimal) -> tuple[Matrix, Matrix]:
    n = len(lost)
    big = [[Decimal(0)] * (2 * n) for _ in range(2 * n)]
    for j in range(n):
        big[j][j] = -(Decimal(lost[j]) + sum((Decimal(between[i][j]) for i in range(n) if i != j), Decimal(0))) * dt
        for i in range(n):
            if i != j:
                big[i][j] = Decimal(between[i][j]) * dt
        big[j][n + j] = dt
    whole = exponential(big)
    return [row[:n] for row in whole[:n]], [row[n:] for row in whole[:n]]
