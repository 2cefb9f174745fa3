"""The staircase of the plan with what was really taken over it, as data: milligrams for each day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from gradatim.domain.dose import OralDose
from gradatim.insight.adherence import Adherence, TakenDay
from gradatim.words import period, phrase, short_day
from gradatim.words.phrases import dose_text


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTaken:
    """One day. ``taken`` None: no amount is known, so nothing is drawn. ``certain``: nothing of the day is missing from the record.

    ``still_open``: a dose of the day may still be taken, so ``taken`` is what was taken so far.
    """

    day: date
    planned: OralDose
    taken: OralDose | None
    certain: bool
    still_open: bool = False
    missed: int = 0
    skipped: int = 0
    unsure: int = 0
    extra: int = 0

    @property
    def least(self) -> bool:
        """Whether more may have been taken than is recorded."""
        return self.missed + self.unsure > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenLine:
    """The whole figure. ``days`` may leave days out: those are gaps."""

    first: date
    last: date
    days: tuple[DayTaken, ...]

    @property
    def highest(self) -> OralDose:
        """The largest amount of one day, planned or taken."""
        return max((max(one.planned, one.taken or one.planned) for one in self.days), default=OralDose(0))

    @property
    def treads(self) -> tuple[tuple[date, date, OralDose], ...]:
        """First day, last day and day total of the plan, wherever days follow one another."""
        found: list[tuple[date, date, OralDose]] = []
        for one in self.days:
            if found and found[-1][2] == one.planned and found[-1][1] + timedelta(days=1) == one.day:
                found[-1] = (found[-1][0], one.day, one.planned)
            else:
                found.append((one.day, one.day, one.planned))
        return tuple(found)

    @property
    def pieces(self) -> Iterator[tuple[DayTaken, ...]]:
        """Days with something recorded and no day left out between them; a day that is still open stands alone."""
        shown = [one for one in self.days if one.taken is not None and not one.still_open]
        if not shown:
            return
        piece = [shown[0]]
        for one, other in pairwise(shown):
            if other.day - one.day > timedelta(days=1):
                yield tuple(piece)
                piece = []
            piece.append(other)
        yield tuple(piece)


def taken_line(found: Adherence) -> TakenLine:
    """The figure of some days of a record."""
    return TakenLine(first=found.first, last=found.last, days=tuple(
        DayTaken(
            day=one.day, planned=one.planned, taken=_known(one), certain=one.certain,
            still_open=not one.whole and one.day == found.last, missed=one.tally.missed, skipped=one.tally.skipped,
            unsure=one.tally.unsure, extra=one.tally.extra,
        )
        for one in found.days
    ))  # fmt: skip


def _known(one: TakenDay) -> OralDose | None:
    """What is drawn: never 0 mg where the doses are only not written down."""
    return one.taken if one.taken or (one.recorded and not one.unknown) else None


def rows(made: TakenLine) -> tuple[tuple[str, ...], ...]:
    """The same data as a table, heading first: a row for each day."""
    names = ("day", "taken", "planned", "not-recorded", "skipped", "unsure", "extra")
    heading = tuple(phrase(f"figure.heading-{name}") for name in names)
    body = []
    for one in made.days:
        taken = _taken_text(one.taken, least=one.least)
        taken = phrase("figure.so-far", amount=taken) if one.still_open and one.taken is not None else taken
        counts = (one.missed, one.skipped, one.unsure, one.extra)
        body.append((short_day(one.day), taken, dose_text(one.planned), *map(str, counts)))
    return (heading, *body)


def described(made: TakenLine) -> str:
    """The figure in one sentence, for those who do not see it: days in a row with the same amounts are said once."""
    if not made.days:
        return phrase("figure.no-day")
    return phrase("figure.taken-described", days="; ".join(_runs(made.days)))


def _runs(days: Iterable[DayTaken]) -> Iterator[str]:
    for (taken, planned, least), group in groupby(days, key=lambda one: (one.taken, one.planned, one.least)):
        same = [one.day for one in group]
        yield phrase(
            "figure.taken-of", days=period(same[0], same[-1]), taken=_taken_text(taken, least=least), planned=planned
        )


def _taken_text(taken: OralDose | None, *, least: bool) -> str:
    if taken is None:
        return phrase("figure.not-recorded")
    return phrase("figure.at-least", amount=taken) if least else dose_text(taken)
