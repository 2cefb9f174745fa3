"""Random numbers that are looked up rather than drawn: each is a function of a seed, a person, a purpose, and its number among them.

Philox 4×64 with 10 rounds: Salmon JK, Moraes MA, Dror RO, Shaw DE, Parallel random numbers: as easy as 1, 2, 3 (SC11, 2011). Nothing is
remembered between draws, so the order of people, chunks and threads cannot matter.
"""

from __future__ import annotations

import hashlib
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from gradatim.kinetics.elementary import normal_quantile
from gradatim.kinetics.engines import has_numba

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]
ArrayOfInts = NDArray[np.int64] | NDArray[np.uint64]

ROUNDS = 10
MULTIPLIERS = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
WEYL = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
_ENOUGH = 20_000  # numbers: below, NumPy has them sooner than a kernel is fetched
_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)


class Purpose(IntEnum):
    """What a number is for: different purposes never share numbers."""

    PERSON = 1  # how a person differs
    OCCASION = 2  # how an occasion differs
    COVARIATE = 3
    RESIDUAL = 4
    MISSED = 5
    LATE = 6
    POSTERIOR = 7  # who one person might be, after levels were measured
    OWN_DAY = 8  # which of somebody's days come again


def philox(counter: tuple[Words, Words, Words, Words], key: tuple[int, int]) -> tuple[Words, Words, Words, Words]:
    """Philox 4×64-10 of each counter."""
    a, b, c, d = counter
    k0, k1 = np.uint64(key[0]), np.uint64(key[1])
    with np.errstate(over="ignore"):
        for turn in range(ROUNDS):
            if turn:
                k0, k1 = k0 + np.uint64(WEYL[0]), k1 + np.uint64(WEYL[1])
            high0, low0 = _product(a, np.uint64(MULTIPLIERS[0]))
            high1, low1 = _product(c, np.uint64(MULTIPLIERS[1]))
            a, b, c, d = high1 ^ b ^ k0, low1, high0 ^ d ^ k1, low0
    return a, b, c, d


def _product(a: Words, by: np.uint64) -> tuple[Words, Words]:
    """The high and the low half of 128 bits."""
    a0, a1, b0, b1 = a & _LOW, a >> _32, by & _LOW, by >> _32
    low = a0 * b0
    middle = a1 * b0 + (low >> _32)
    other = a0 * b1 + (middle & _LOW)
    return a1 * b1 + (middle >> _32) + (other >> _32), a * by


def key_of(seed: int, name: str = "") -> int:
    """64 bits of a seed, which may be any whole number, and a name, so that covariates of different names are different."""
    return int.from_bytes(hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=8).digest(), "little")


def uniform(seed: int, purpose: Purpose, people: ArrayOfInts, count: int, *, of: int = 0, name: str = "") -> Floats:
    """Numbers from 0 to 1, neither included, [count, N]: the first ``count`` of each person. ``of``: an occasion."""
    return _drawn((key_of(seed, name), int(purpose)), np.asarray(people, dtype=np.uint64), count, of, False)


def normal(seed: int, purpose: Purpose, people: ArrayOfInts, count: int, *, of: int = 0, name: str = "") -> Floats:
    """Standard normal numbers, likewise."""
    return _drawn((key_of(seed, name), int(purpose)), np.asarray(people, dtype=np.uint64), count, of, True)


def _drawn(key: tuple[int, int], people: Words, count: int, of: int, as_normal: bool) -> Floats:
    if count * len(people) >= _ENOUGH and has_numba():
        from gradatim.kinetics.compiled.draws import fill

        out = np.empty((count, len(people)))
        fill(out, people, np.uint64(of), np.uint64(key[0]), np.uint64(key[1]), as_normal)
        return out
    rows: list[Words] = []
    for block in range(-(-count // 4)):
        counter = (np.full_like(people, block), np.full_like(people, of), people, np.zeros_like(people))
        rows += philox(counter, key)
    bits = np.array(rows[:count], dtype=np.uint64).reshape(count, len(people)) >> np.uint64(11)
    shares = (bits.astype(np.float64) + 0.5) * 2.0**-53
    return normal_quantile(shares) if as_normal else shares
