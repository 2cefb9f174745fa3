"""Many comparisons at once: how many would stand out by chance, and which still stand out when that is allowed for.

Holm's step-down adjustment (1979, Scand J Stat 6:65) is used: it holds whatever the comparisons have to do with one another. Ours
have much to do with one another: neighbouring changes of dose share days, and the scales of one person move together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from gradatim.domain.finding import Message, message

ALPHA = 0.05
METHOD = "insight.method.many"


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """Some comparisons that are shown together. ``adjusted`` is in the order they were given in.

    ``alone`` of them stand out each taken by itself (p at most ``alpha``); ``expected`` is how many would where nothing changed,
    and ``together`` is how many stand out when all are taken together.
    """

    adjusted: tuple[float, ...]
    alpha: float
    alone: int
    together: int
    method: str = METHOD

    @property
    def shown(self) -> int:
        """How many comparisons there are."""
        return len(self.adjusted)

    @property
    def expected(self) -> float:
        """How many would stand out by chance, each taken by itself."""
        return self.alpha * self.shown

    @property
    def notes(self) -> tuple[Message, ...]:
        """``expected`` is said in tenths, because a message holds whole numbers."""
        tenths = int(10 * self.expected + 0.5)  # a half goes up: of one comparison, 0.05 is not none
        return (
            message("insight.note.many", shown=self.shown, expected=f"{tenths // 10}.{tenths % 10}", alone=self.alone),
        )


def holm(chances: Sequence[float]) -> tuple[float, ...]:
    """Holm's adjusted p of each p, in the same order."""
    order = sorted(range(len(chances)), key=lambda at: chances[at])
    stepped = [min(1.0, (len(chances) - rank) * chances[at]) for rank, at in enumerate(order)]
    found = [0.0] * len(chances)
    for at, value in zip(order, accumulate(stepped, max), strict=True):
        found[at] = value
    return tuple(found)


def many(chances: Sequence[float], *, alpha: float = ALPHA) -> Many:
    """Take some comparisons together. Give every comparison that was looked at, not only those worth showing."""
    if any(not 0 <= p <= 1 for p in chances):
        raise ValueError("a chance lies between 0 and 1")
    adjusted = holm(chances)
    return Many(
        adjusted=adjusted,
        alpha=alpha,
        alone=sum(p <= alpha for p in chances),
        together=sum(p <= alpha for p in adjusted),
    )
