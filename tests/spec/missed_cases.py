"""Forgotten doses, minute by minute, worked out by hand from the three rules. Tests run them; the docs are made from them.

A row is one dose of one regimen under one rule: so many minutes after it is due (negative: before), the dose is shown as that.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.journals import ONE, THREE, TWO, Book, D, at, begun, dose, scheme

from gradatim.domain.entry import Preference
from gradatim.domain.today import DoseState, Today

EARLY, DUE, LATE, MISSED, HELD = DoseState.EARLY, DoseState.DUE, DoseState.LATE, DoseState.MISSED, DoseState.HELD
NEAR_90, NEAR_150, NEAR_200, NEAR_15 = (
    ("08:00", "09:30", "21:00"),
    ("08:00", "10:30", "21:00"),
    ("08:00", "11:20", "21:00"),
    ("08:00", "08:15", "21:00"),
)
MARKETS = {"nhs": "GB", "eu-leaflet": "CH", "strict": "GB"}  # the strict rule is a prescriber's choice
Moments = tuple[tuple[int, DoseState], ...]


@dataclass(frozen=True)
class Missed:
    """One dose under one rule. ``until``: the last minute at which it may be taken."""

    rule: str
    times: tuple[str, ...]
    slot: int
    until: int
    moments: Moments

    @property
    def next_in(self) -> int:
        """Minutes to the next dose."""
        minutes = [60 * int(text[:2]) + int(text[3:]) for text in self.times]
        return [*minutes, minutes[0] + 1440][self.slot] - minutes[self.slot - 1]

    def book(self) -> Book:
        """The record: the plan was approved the day before, and every dose until then was taken."""
        start = at("05:30")
        book = begun(scheme(10, times=self.times), start, market=MARKETS[self.rule])
        if self.rule == "strict":
            book.write(Preference(name="missed-rule", value="strict"), start)
        book.take_all(D, D)
        book.entries = [one for one in book.entries if getattr(one.what, "dose", "") not in self._open()]
        return book

    def _open(self) -> set[str]:
        return {dose(slot) for slot in range(self.slot, len(self.times) + 1)}

    def at_minute(self, minute: int) -> Today:
        """What the day shows that many minutes after the dose was due."""
        now = at(self.times[self.slot - 1]).plus(60 * minute)
        return self.book().today(now)


def _usual(rule: str, until: dict[int, int]) -> list[tuple[tuple[str, ...], int, int, Moments]]:
    """The regimens without close neighbours: by minutes to the next dose, the last minute at which the dose may be taken."""
    found: list[tuple[tuple[str, ...], int, int, Moments]] = []
    for times, slot, following in ((THREE, 1, 360), (THREE, 2, 420), (THREE, 3, 660), (TWO, 1, 720), (ONE, 1, 1440)):
        last = until[following]
        moments: Moments = ((-1, EARLY), (0, DUE), (60, DUE))
        if last > 60:
            moments = (*moments, (61, LATE), (last, LATE))
        found.append((times, slot, last, (*moments, (last + 1, MISSED))))
    return found


TWO_HOURS = {
    360: 240,
    420: 300,
    660: 540,
    720: 600,
    1440: 720,
}  # two hours before the next; with one dose a day twelve hours after its time
CLOSE: list[tuple[tuple[str, ...], int, int, Moments]] = [
    (NEAR_200, 1, 80, ((60, DUE), (61, LATE), (80, LATE), (81, MISSED))),
    (NEAR_150, 1, 60, ((60, DUE), (61, MISSED))),  # two hours before the next would be after 30 minutes: still an hour
    (NEAR_90, 1, 45, ((45, DUE), (46, MISSED))),  # half the way to the next
    (NEAR_15, 1, 7, ((7, DUE), (8, MISSED))),
]
CLOSE_STRICT: list[tuple[tuple[str, ...], int, int, Moments]] = [
    (NEAR_200, 1, 60, ((60, DUE), (61, MISSED))),
    (NEAR_150, 1, 60, ((60, DUE), (61, MISSED))),
    (NEAR_90, 1, 60, ((45, DUE), (46, LATE), (60, LATE), (61, MISSED))),
    (NEAR_15, 1, 14, ((7, DUE), (8, LATE), (14, LATE), (15, MISSED))),  # never beside the next one
]

MISSED_CASES = tuple(
    Missed(rule=rule, times=times, slot=slot, until=until, moments=moments)
    for rule, rows in (
        ("nhs", [*_usual("nhs", TWO_HOURS), *CLOSE]),
        ("eu-leaflet", [*_usual("eu-leaflet", TWO_HOURS), *CLOSE]),  # "nearly time" has no number: two hours stand in
        ("strict", [*_usual("strict", dict.fromkeys(TWO_HOURS, 60)), *CLOSE_STRICT]),
    )
    for times, slot, until, moments in rows
)


@dataclass(frozen=True)
class Silence:
    """No dose since ``last``: at ``now`` the planned dose is shown as ``state``, and the gap guard speaks or not."""

    times: tuple[str, ...]
    last: str
    now: str
    gap: bool
    shown: str  # the dose that is looked at
    state: DoseState
    note: str

    def today(self) -> Today:
        """What the day shows."""
        book = begun(scheme(10, times=self.times))
        for one in book.planned(D, D):
            if one.instant <= at(self.last):
                book.take(one.id, one.instant)
        return book.today(at(self.now))


GAP_CASES = (
    Silence(THREE, "21:00", "+1 20:59", False, "+1 14:00", MISSED, "23 hours 59 minutes."),
    Silence(THREE, "21:00", "+1 22:00", False, "+1 21:00", DUE, "25 hours, but this dose is still on time."),
    Silence(THREE, "21:00", "+1 22:01", True, "+1 21:00", HELD, "No dose for more than 24 hours, and this one is late."),
    Silence(THREE, "21:00", "+2 08:00", True, "+2 08:00", HELD, "The next dose is not offered either: first somebody has to be asked."),
    Silence(THREE, "14:00", "+1 14:01", False, "+1 14:00", DUE, "Just over 24 hours, on time."),
    Silence(THREE, "14:00", "+1 15:01", True, "+1 14:00", HELD, "An hour later it is held."),
    Silence(TWO, "08:00", "+1 08:30", False, "+1 08:00", DUE, "Twice a day, the evening dose missed: on time."),
    Silence(TWO, "08:00", "+1 09:01", True, "+1 08:00", HELD, "Twice a day: held once it is late."),
    Silence(ONE, "08:00", "+1 08:30", False, "+1 08:00", DUE, "Once a day: the usual time between two doses is no gap."),
    Silence(ONE, "08:00", "+1 09:01", False, "+1 08:00", LATE, "Once a day, a late dose: no dose was missed yet, so it may be taken."),
    Silence(ONE, "08:00", "+1 20:00", False, "+1 08:00", LATE, "Once a day, twelve hours late: the last moment."),
    Silence(ONE, "08:00", "+1 20:01", True, "+1 08:00", MISSED, "Once a day, the dose is missed: the gap guard speaks."),
)  # fmt: skip
