"""The arithmetic of going up and down: how a change of the daily dose is shared among the times of day, in amounts that can be made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from gradatim.domain.dose import OralDose, total
from gradatim.domain.plan import Doses
from gradatim.domain.prescription import ByPercent, PerDay, PerDose, Spread, StepBy


def whole(amount: OralDose, unit: OralDose) -> OralDose:
    """``amount`` rounded down to a multiple of ``unit``."""
    return OralDose(amount.micrograms - amount.micrograms % unit.micrograms)


def share_of(day: OralDose, percent: int, unit: OralDose) -> OralDose:
    """``percent`` of a daily dose, rounded down to what can be made: never more than asked."""
    return whole(OralDose(day.micrograms * percent // 100), unit)


def groups(spread: Spread, active: list[int]) -> list[list[int]]:
    """The order in which times of day change within one round."""
    match spread:
        case Spread.EVENING_FIRST:
            return [[place] for place in reversed(active)]
        case Spread.MORNING_FIRST:
            return [[place] for place in active]
        case Spread.MORNING_LAST if len(active) > 1:
            return [active[1:], active[:1]]
        case _:
            return [active]


def share_up(
    doses: Doses,
    places: list[int],
    amount: OralDose,
    unit: OralDose,
    *,
    weights: tuple[int, ...] = (),
    most: OralDose | None = None,
    cap: OralDose | None = None,
) -> Doses:
    """Add ``amount`` unit by unit to the smallest dose for its weight among ``places``; ties to the evening. ``most`` limits the
    rise of one dose, ``cap`` its height. What does not fit stays out."""
    new = [dose.micrograms for dose in doses]

    def fits(place: int) -> bool:
        raised = new[place] + unit.micrograms
        return (most is None or raised - doses[place].micrograms <= most.micrograms) and (
            cap is None or raised <= cap.micrograms
        )

    for _ in range(amount.micrograms // unit.micrograms):
        open_places = [p for p in places if fits(p)]
        if not open_places:
            break
        new[min(open_places, key=lambda p: (Fraction(new[p], _weight(weights, p)), -p))] += unit.micrograms
    return tuple(map(OralDose, new))


def share_down(doses: Doses, places: list[int], amount: OralDose, unit: OralDose) -> Doses:
    """Take ``amount`` away unit by unit from the largest dose among ``places``; ties to the morning, so that the evening falls last."""
    new = [dose.micrograms for dose in doses]
    left = amount.micrograms
    while left > 0 and any(new[p] for p in places):
        place = max((p for p in places if new[p]), key=lambda p: (new[p], -p))
        cut = min(unit.micrograms, left, new[place])
        new[place] -= cut
        left -= cut
    return tuple(map(OralDose, new))


def _weight(weights: tuple[int, ...], place: int) -> int:
    return weights[place] if weights else 1


def climb(
    doses: Doses,
    target: OralDose,
    by: StepBy,
    unit: OralDose,
    spread: Spread,
    *,
    weights: tuple[int, ...] = (),
    cap: OralDose | None = None,
    resting: tuple[int, ...] = (),
) -> Iterator[Doses]:
    """Every level above ``doses`` up to ``target`` mg a day.

    No step is larger than ``by``. The last one may be smaller, to meet the target. Ends early where a step is less than
    ``unit``. Times of day that are ``resting`` join one by one, once all others are at ``cap``.
    """
    while True:
        active = [place for place in range(len(doses)) if place not in resting]
        limit = cap
        if limit is not None:
            below = [place for place in active if doses[place] < limit]
            if below:
                active = below
            elif resting:
                active, resting = [resting[0]], resting[1:]
            else:
                limit = None  # nothing is left below the cap: go beyond it, for the check to see
        for group in groups(spread, active):
            left = OralDose(max(target.micrograms - total(doses).micrograms, 0))
            if not left:
                return
            raised = _raised(doses, group, len(active), by, left, unit, weights, limit)
            if raised == doses:
                return
            doses = raised
            yield doses


def _raised(
    doses: Doses,
    group: list[int],
    active: int,
    by: StepBy,
    left: OralDose,
    unit: OralDose,
    weights: tuple[int, ...],
    cap: OralDose | None,
) -> Doses:
    match by:
        case PerDose():
            full = by.amount * len(group)
            if full <= left and (cap is None or all(doses[place] + by.amount <= cap for place in group)):
                return tuple(dose + by.amount if place in group else dose for place, dose in enumerate(doses))
            return share_up(doses, group, min(full, left), unit, weights=weights, most=by.amount, cap=cap)
        case PerDay():
            part = by.amount  # one time of day takes the whole step; several share it
            if 1 < len(group) < active:
                part = max(whole(OralDose(by.amount.micrograms * len(group) // active), unit), unit)
            return share_up(doses, group, min(part, left, by.amount), unit, weights=weights, cap=cap)
        case ByPercent():
            return share_up(
                doses, group, min(share_of(total(doses), by.percent, unit), left), unit, weights=weights, cap=cap
            )


def descend(doses: Doses, cut: Callable[[Doses], Doses], to: OralDose) -> Iterator[Doses]:
    """Every level below ``doses`` down to ``to`` mg a day; ``cut`` makes the next one. Ends early where it changes nothing."""
    while total(doses) > to:
        lowered = cut(doses)
        if lowered == doses:
            return
        doses = lowered
        yield doses


def descend_each(doses: Doses, by: OralDose, to: OralDose, spread: Spread, floor: OralDose) -> Iterator[Doses]:
    """Every level below ``doses`` where each dose falls by ``by`` in its turn, down to nothing; from ``floor`` mg a day straight to ``to``.

    The last cut is less where the day would else fall below ``to``.
    """
    turns = groups(spread, [place for place, dose in enumerate(doses) if dose])
    while by and total(doses) > to:
        for turn in turns:
            new = list(doses)
            left = total(doses) - to
            for place in range(len(doses)) if total(doses) <= floor else turn:
                take = min(new[place] if total(doses) <= floor else by, new[place], left)
                new[place], left = new[place] - take, left - take
            if tuple(new) != doses:
                doses = tuple(new)
                yield doses


def lower(doses: Doses, cut: OralDose, unit: OralDose, spread: Spread) -> Doses:
    """``doses`` with ``cut`` taken off the day: shared out, or from one end of the day first."""
    active = [place for place, dose in enumerate(doses) if dose]
    if spread in (Spread.MORNING_FIRST, Spread.EVENING_FIRST):
        order = active if spread is Spread.MORNING_FIRST else active[::-1]
        new = list(doses)
        for place in order:
            take = min(new[place], cut)
            new[place], cut = new[place] - take, cut - take
        return tuple(new)
    if spread is Spread.MORNING_LAST and len(active) > 1:
        others = active[1:]
        lowered = share_down(doses, others, cut, unit)
        rest = cut - (total(doses) - total(lowered))
        return share_down(lowered, active[:1], rest, unit) if rest else lowered
    return share_down(doses, active, cut, unit)
