"""What the entries of a journal add up to: who takes the drug, which plan holds on which day, what was taken, felt, counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Generic, TypeVar, cast

from gradatim.domain.clock import Instant, slot_of
from gradatim.domain.entry import Correction, DoseSkipped, DoseTaken, DoseUnsure, Entry, ExtraDose, What
from gradatim.domain.monograph import Monograph
from gradatim.domain.person import Person
from gradatim.domain.plan import Plan
from gradatim.domain.schedule import ScheduledDose, Span, doses_of
from gradatim.domain.timeline import Answer, Stretch, as_answered, as_expected

AGAIN = "-again"  # in the slot of a dose on a day that is lived twice, after a move back across the date line
_DAY = 24 * 60 * 60
LONGEST = _DAY
"""Seconds between two doses around a move, beyond which a day that is lived twice has its doses twice: the hours of the gap guard."""

W = TypeVar("W", bound=What)
W_co = TypeVar("W_co", bound=What, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged(Generic[W_co]):
    """An entry as it counts now: ``what`` and ``at`` after its corrections; ``entry`` as it was written."""

    entry: Entry
    what: W_co
    at: Instant
    corrections: tuple[Entry, ...] = ()

    @property
    def id(self) -> str:
        """The id of the entry."""
        return self.entry.id


Dealt = DoseTaken | DoseSkipped | DoseUnsure


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of one planned dose: the entry that counts, and others that say something about the same dose."""

    counts: Logged[Dealt]
    others: tuple[Logged[Dealt], ...] = ()

    @property
    def taken_twice(self) -> tuple[Logged[Dealt], ...]:
        """Further entries that say that this dose was taken: recorded twice, or given twice."""
        return tuple(
            one for one in self.others if isinstance(one.what, DoseTaken) and isinstance(self.counts.what, DoseTaken)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The days on which one approved version holds: from ``first`` to ``last`` (None: until another takes over)."""

    plan: Plan
    first: date
    last: date | None
    entry: Entry
    answers: tuple[Answer, ...] = ()

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """An entry that is kept and shown but does not count, and why: a message key of `gradatim.words`."""

    entry: Entry
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A person's record, as of an instant. Made by `gradatim.domain.fold.fold` and by nothing else.

    ``since`` is when the first plan began to be followed here: what was due before that is not known, and never counted as missed.
    """

    person: Person | None
    described: Person | None
    since: Instant | None
    zones: tuple[tuple[date, str], ...]
    holdings: tuple[Holding, ...]
    done: Mapping[str, Done]
    takings: tuple[Logged[DoseTaken | ExtraDose], ...]
    by_kind: Mapping[str, tuple[Logged[What], ...]]
    preferences: Mapping[str, str]
    set_aside: tuple[SetAside, ...]
    entries: tuple[Entry, ...]

    def of(self, wanted: type[W]) -> tuple[Logged[W], ...]:
        """Every entry of one kind that counts, in order of when it happened."""
        return cast("tuple[Logged[W], ...]", self.by_kind.get(wanted.kind, ()))

    def corrections(self) -> tuple[Logged[Correction], ...]:
        """The corrections themselves."""
        return self.of(Correction)

    def zone_on(self, day: date) -> str:
        """The zone whose clock the doses of a day follow."""
        name = self.zones[0][1]
        for first, changed in self.zones[1:]:
            if first <= day:
                name = changed
        return name

    @property
    def zone(self) -> str:
        """The zone of the person as described last."""
        return self.zones[-1][1]

    def day_of(self, at: Instant) -> date:
        """The local day of an instant, by the clock that the doses of that day follow. Where two overlap after a move, the later."""
        return day_in(self.zones, at)

    def holding_on(self, day: date) -> Holding | None:
        """The version that holds on a day."""
        return next((holding for holding in reversed(self.holdings) if holding.holds_on(day)), None)

    def spans(self, first: date, last: date, *, expected: bool = False) -> Iterator[Span]:
        """What is to be taken on the days from first to last: held where a review is not answered; ``expected``: as if every
        review ahead were answered with "go on" in time."""
        for holding in self.holdings:
            begin = max(first, holding.first)
            end = last if holding.last is None else min(last, holding.last)
            if begin > end:
                continue
            for stretch in _stretches(holding.plan, holding.answers, expected):
                one, other = max(stretch.first, begin), end if stretch.last is None else min(stretch.last, end)
                if one <= other:
                    yield Span(plan=holding.plan, stretch=stretch, first=one, last=other)

    def doses(self, monograph: Monograph, first: date, last: date, *, expected: bool = False) -> list[ScheduledDose]:
        """Every dose to take from first to last, in order of days; each day by the clock of its own zone.

        A move east across many hours would lay two days over each other, and one back across the date line would leave more than a
        day without a dose. So after a move no dose comes sooner after the last one by the old clock than two thirds of the plan's
        smallest interval, at most 12 hours; and where more than `LONGEST` lies between, the doses of the day that is lived twice come
        again, by the new clock, with ``-again`` in their slot [D].
        """
        found: list[ScheduledDose] = []
        moves = {day for day, _ in self.zones[1:]}
        for begin, end, zone in self._by_zone(first, last):
            here = doses_of(self.spans(begin, end, expected=expected), monograph, zone)
            if begin in moves:
                here = self._after_move(monograph, begin, zone, here, expected=expected)
            found += here
        return found

    def _after_move(
        self, monograph: Monograph, day: date, zone: str, doses: list[ScheduledDose], *, expected: bool
    ) -> list[ScheduledDose]:
        eve = day - timedelta(days=1)
        old = doses_of(self.spans(eve - timedelta(days=1), eve, expected=expected), monograph, self.zone_on(eve))
        if not old:
            return doses
        apart = min((later.instant.seconds - one.instant.seconds for one, later in pairwise(old)), default=_DAY)
        least = min(apart * 2 // 3, _DAY // 2)
        ended = old[-1].instant.seconds
        kept = [dose for dose in doses if dose.instant.seconds - ended >= least]
        if not kept or kept[0].instant.seconds - ended <= LONGEST:
            return kept
        twice = doses_of(self.spans(eve, eve, expected=expected), monograph, zone)
        bridge = [
            replace(dose, id=f"{dose.id}{AGAIN}", slot=f"{dose.slot}{AGAIN}")
            for dose in twice
            if dose.instant.seconds - ended >= least and kept[0].instant.seconds - dose.instant.seconds >= least
        ]
        return [*bridge, *kept]

    def _by_zone(self, first: date, last: date) -> Iterator[tuple[date, date, str]]:
        starts = [begin for begin, _ in self.zones[1:]]
        edges = [first, *(day for day in starts if first < day <= last), last + timedelta(days=1)]
        for begin, after in pairwise(edges):
            yield begin, after - timedelta(days=1), self.zone_on(begin)


def day_in(zones: Sequence[tuple[date, str]], at: Instant) -> date:
    """The day of an instant where each zone holds from its first day on. A move written after it does not change it."""
    after = date.max
    for first, name in reversed(zones):
        day = slot_of(at, name).day
        if day >= first:
            return min(day, after - timedelta(days=1))
        after = first
    raise ValueError("the first zone holds from the beginning")


@lru_cache(maxsize=256)
def _stretches(plan: Plan, answers: tuple[Answer, ...], expected: bool) -> tuple[Stretch, ...]:
    return as_expected(plan, answers) if expected else as_answered(plan, answers)
