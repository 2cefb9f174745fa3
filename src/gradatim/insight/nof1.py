"""A trial in one person: two approved timings of the same doses, taken in turn, in an order that chance decided beforehand.

The design names a timing for each block of days. It holds no dose and changes none: both timings must already stand in an approved plan,
and whoever calls this has seen to that. The order within each pair of blocks is decided by one bit of SHA-256 of the seed and the number of
the pair, so that paper, phone and program draw the same order from the same seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from gradatim.domain.fault import BadInput, Fault

PAIRS = 7  # [D] one more than the analysis needs: a lost pair does not lose the trial
MINIMUM_PAIRS = 6  # [D] 5 pairs have 32 orders, and the least two-sided p is 2/32: more than 0.05
MAXIMUM_PAIRS = 14  # every order is gone through when the trial is analysed: 2^14 of them
BLOCK_DAYS = 4  # [D]
WASHOUT_DAYS = 1  # [D] baclofen by mouth has left the blood within a day, unless the kidneys are weak
MINIMUM_DAYS = 2  # [D] days with data in a block, after the washout


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Days with one timing. The first days, until ``counts_from``, are washout: they are lived and not counted."""

    pair: int  # from 1
    timing: str
    first: date
    last: date
    counts_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Which timing on which days. `design` makes it; the same arguments always make the same one."""

    timings: tuple[str, str]
    blocks: tuple[Block, ...]
    seed: str

    @property
    def pairs(self) -> int:
        """How many pairs of blocks."""
        return len(self.blocks) // 2

    @property
    def smallest_p(self) -> float:
        """The smallest two-sided p that so many pairs can give."""
        return float(2 ** (1 - self.pairs))

    def on(self, day: date) -> Block | None:
        """The block of a day; None before the trial and after it."""
        return next((block for block in self.blocks if block.first <= day <= block.last), None)


def first_comes_first(seed: str, pair: int) -> bool:
    """Whether the first of the two timings opens a pair: the lowest bit of the first byte of SHA-256 of ``seed:pair``."""
    return not sha256(f"{seed}:{pair}".encode()).digest()[0] & 1


def design(
    timings: tuple[str, str],
    first: date,
    seed: str,
    *,
    pairs: int = PAIRS,
    block_days: int = BLOCK_DAYS,
    washout_days: int = WASHOUT_DAYS,
) -> Design:
    """A design from ``first`` on. Raises `BadInput` with every fault: one timing twice, too few pairs, blocks too short."""
    faults = []
    if timings[0] == timings[1] or not all(timings):
        faults.append(Fault("timings", "there are not two different timings", "Name two approved timings"))
    if not MINIMUM_PAIRS <= pairs <= MAXIMUM_PAIRS:
        need = f"Plan {MINIMUM_PAIRS} to {MAXIMUM_PAIRS} pairs of blocks"
        faults.append(Fault("pairs", f"{pairs} pairs cannot be analysed", need))
    if washout_days < 0:
        faults.append(Fault("washout_days", f"{washout_days} days are no washout", "Give 0 days or more"))
    elif block_days < washout_days + MINIMUM_DAYS:
        least = f"Make blocks at least {washout_days + MINIMUM_DAYS} days long"
        faults.append(Fault("block_days", f"{block_days} days leave too few to count", least))
    if faults:
        raise BadInput(faults)
    blocks: list[Block] = []
    for pair in range(1, pairs + 1):
        for timing in timings if first_comes_first(seed, pair) else timings[::-1]:
            opens = first + timedelta(days=len(blocks) * block_days)
            blocks.append(
                Block(
                    pair=pair,
                    timing=timing,
                    first=opens,
                    last=opens + timedelta(days=block_days - 1),
                    counts_from=opens + timedelta(days=washout_days),
                )
            )
    return Design(timings=timings, blocks=tuple(blocks), seed=seed)
