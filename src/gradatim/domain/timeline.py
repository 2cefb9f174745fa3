"""Which step holds on which day: as planned, as expected given the answers so far, and as it may be taken."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from gradatim.domain.dose import OralDose, total
from gradatim.domain.fault import one_fault
from gradatim.domain.plan import Answerer, Plan, Review, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A review answered: go on or not yet, from ``from_day`` (not before the day it was given on)."""

    review: str
    go_on: bool
    by: str
    role: Answerer
    on: date
    from_day: date

    def __post_init__(self) -> None:
        if self.from_day < self.on:
            raise one_fault(
                "from_day",
                f"{self.from_day} is before the answer was given, {self.on}",
                "An answer cannot change past days",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Consecutive days with the same doses. ``last`` None: open. ``waiting`` names the review that keeps the doses here."""

    first: date
    last: date | None
    step: Step
    number: int  # of the step within the version, from 1
    review: Review | None = None  # that had to be answered before this stretch
    waiting: str | None = None

    @property
    def day_total(self) -> OralDose:
        """The sum of one day."""
        return total(self.step.doses)


def as_planned(plan: Plan) -> tuple[Stretch, ...]:
    """Every step on its planned dates, each review taken as answered with "go on" in time."""
    return _stretches(plan, (), expecting=True)


def as_expected(plan: Plan, answers: tuple[Answer, ...]) -> tuple[Stretch, ...]:
    """As planned, moved by the answers so far: late ones move the rest, and a review that is not answered yet is taken as
    answered in time, or on the day after the last "not yet"."""
    return _stretches(plan, answers, expecting=True)


def as_answered(plan: Plan, answers: tuple[Answer, ...]) -> tuple[Stretch, ...]:
    """What holds given the answers so far: an unanswered review, or "not yet", keeps the doses before it, in titration and taper."""
    return _stretches(plan, answers, expecting=False)


def _stretches(plan: Plan, answers: tuple[Answer, ...], *, expecting: bool) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    day = plan.start
    review: Review | None = None
    number = 0
    for item in plan.items:
        if isinstance(item, Review):
            review = item
            opened = _opened(item, answers, day)
            if opened is None and expecting:
                put_off = [a.from_day + timedelta(days=1) for a in answers if a.review == item.id and not a.go_on]
                opened = max([day, *put_off])
            if opened is None:
                found[-1] = replace(found[-1], last=None, waiting=item.id)
                return tuple(found)
            if opened > day:
                found[-1] = replace(found[-1], last=opened - timedelta(days=1), waiting=item.id)
                day = opened
            continue
        number += 1
        last = None if item.days is None else day + timedelta(days=item.days - 1)
        found.append(Stretch(first=day, last=last, step=item, number=number, review=review))
        review = None
        if last is not None:
            day = last + timedelta(days=1)
    return tuple(found)


def _opened(review: Review, answers: tuple[Answer, ...], due: date) -> date | None:
    """The day from which the review lets the plan go on: the first "go on" that no later "not yet" takes back before it works."""
    mine = sorted((a for a in answers if a.review == review.id), key=lambda a: a.on)  # of one day: as they were given
    for place, answer in enumerate(mine):
        works = max(answer.from_day, due)
        taken_back = (not later.go_on and later.from_day <= works for later in mine[place + 1 :])
        if answer.go_on and not any(taken_back):
            return works
    return None


def stretch_on(stretches: tuple[Stretch, ...], day: date) -> Stretch | None:
    """The stretch that holds on a day; None before the first."""
    return next((s for s in stretches if s.first <= day and (s.last is None or day <= s.last)), None)
