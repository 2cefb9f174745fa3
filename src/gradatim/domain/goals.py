"""Goal attainment scaling: how far a person's own goals were reached, as one number.

The formula is the corrected one, from the erratum to Turner-Stokes L, Clin Rehabil 2009;23:362-70, source ``GAS [M]``: what the
paper itself prints on pages 364 and 367 is wrong. A public copy of the paper that opens with the erratum was read
(studylib.es/doc/9061832), not the publisher's page. The text of that copy has lost its summation signs, and its root sign stands
apart from what is under it; the form below is the one that Kiresuk and Sherman gave in 1968, and it is the only reading that fits
every part that is left::

    T = 50 + 10 · Σ(w·x) / √((1 − ρ)·Σw² + ρ·(Σw)²),   ρ = 0.3

with x from −2 to +2, and w = 1 where goals are not weighted. All goals reached as expected (x = 0) give exactly 50.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import isqrt

from gradatim.domain.fault import BadInput, Fault

LEVELS = {
    -2: "much less than expected",
    -1: "somewhat less than expected",
    0: "as expected",
    1: "somewhat more than expected",
    2: "much more than expected",
}
GRADES = (1, 2, 3)  # of importance and of difficulty
WEIGHTS = range(1, 10)  # one grade times the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A goal in the person's own words, and how much it counts.

    ``importance`` is the person's view and ``difficulty`` the clinician's, each 1 to 3; 1 and 1 is a goal without weight. Published
    forms also have 0, which takes a goal out of the sum: here such a goal is left out.
    """

    text: str
    importance: int = 1
    difficulty: int = 1

    def __post_init__(self) -> None:
        faults = []
        if not self.text.strip():
            faults.append(Fault("text", "the goal has no words", "Say what would be reached, and by when"))
        faults += [
            Fault(name, f"{said!r} is not a grade", "Give 1, 2 or 3; leave out a goal that counts for 0")
            for name, said in (("importance", self.importance), ("difficulty", self.difficulty))
            if type(said) is not int or said not in GRADES
        ]
        if faults:
            raise BadInput(faults)

    @property
    def weight(self) -> int:
        """Importance × difficulty."""
        return self.importance * self.difficulty


def t_score(rated: Iterable[tuple[int, int]]) -> Decimal:
    """The T-score of goals, each given as (weight, level), to one tenth: ``Decimal("62.4")``.

    No float is used, so the same goals give the same digits on every machine; halves are rounded away from 50. The scores of
    several people spread around 50 by about 10; for one person compare it with the same goals' score at the start.
    Raises `BadInput` with every fault, and for no goals at all.
    """
    goals = tuple(rated)
    faults = [] if goals else [Fault("goals", "there are none", "Rate one goal at least")]
    for place, (weight, level) in enumerate(goals):
        if type(weight) is not int or weight not in WEIGHTS:
            remedy = "Give 1 to 9: importance (1 to 3) times difficulty (1 to 3)"
            faults.append(Fault(f"goals[{place}].weight", f"{weight!r} is not a weight", remedy))
        if type(level) is not int or level not in LEVELS:
            remedy = "Give a whole number from -2 to 2; 0 is as expected"
            faults.append(Fault(f"goals[{place}].level", f"{level!r} is not a level", remedy))
    if faults:
        raise BadInput(faults)
    reached = sum(weight * level for weight, level in goals)
    under_root = 7 * sum(weight**2 for weight, _ in goals) + 3 * sum(weight for weight, _ in goals) ** 2  # in tenths
    # |T − 50| in tenths is √(100² · reached² · 10 / under_root); twice that, cut to a whole number, is rounded by one half.
    twice = isqrt(4 * 100_000 * reached**2 // under_root)
    tenths = (twice + 1) // 2
    return Decimal(500 + (tenths if reached >= 0 else -tenths)).scaleb(-1)
