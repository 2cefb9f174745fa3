"""A journal to write in: plans made by hand, entries with their stamps, and what a day shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from gradatim.domain.approval import Approval, Role
from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.entry import (
    Correctable,
    Correction,
    DoseSkipped,
    DoseTaken,
    DoseUnsure,
    Entry,
    PersonDescribed,
    PlanApproved,
    PlanSuperseded,
    ReviewAnswered,
    What,
    new_id,
)
from gradatim.domain.fold import fold
from gradatim.domain.person import Person
from gradatim.domain.plan import Answerer, Because, Item, Plan, Purpose, Review, State, Step, numbered, slots_at
from gradatim.domain.record import Record
from gradatim.domain.schedule import ScheduledDose, dose_id
from gradatim.domain.timeline import Answer
from gradatim.domain.today import DoseState, Gap, Today, gap_at, today
from gradatim.monographs import leaflet, monograph

BACLOFEN, LEAFLET = monograph(), leaflet()
LONDON = "Europe/London"
DAY = timedelta(days=1)
HOUR, MINUTE = 3600, 60
BACKLOG = timedelta(days=30)
D = date(2026, 12, 1)  # the first day of most plans here: a Tuesday without a change of clocks near it
DOCTOR = "Dr A. Name"
THREE, TWO, ONE = ("08:00", "14:00", "21:00"), ("08:00", "20:00"), ("08:00",)


def mg(amount: int | str) -> OralDose:
    return OralDose.parse(f"{amount} mg")


def at(text: str, day: date = D, zone: str = "UTC") -> Instant:
    """``08:05`` of a day, ``+1 08:05`` of the day after, by the clock of a zone. In London in December that is UTC."""
    first, _, rest = text.rpartition(" ")
    local = datetime.combine(day + int(first or 0) * DAY, time.fromisoformat(rest))
    from zoneinfo import ZoneInfo

    return Instant.of(local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC))


def scheme(
    *steps: int | tuple[int, ...],
    start: date = D,
    times: tuple[str, ...] = THREE,
    days: int = 7,
    version: int = 1,
    id: str = "p1",
    reviews: bool = True,
    by: Answerer = Answerer.CLINICIAN,
    on_drug_days: int = 100,
) -> Plan:
    """An approved version: each step so many mg at each time, and a review before each step but the first."""
    items: list[Item] = []
    for place, amounts in enumerate(steps or (10,)):
        if place and reviews:
            items.append(Review(id="", by=by, asks=()))
        doses = tuple(map(mg, amounts if isinstance(amounts, tuple) else (amounts,) * len(times)))
        last = place + 1 == len(steps or (10,))
        items.append(Step(doses=doses, because=Because.RISE if place else Because.START, days=None if last else days))
    return Plan(
        id=id, version=version, drug="baclofen", purpose=Purpose.TITRATION, start=start, until=start + timedelta(days=200),
        slots=slots_at(tuple(map(time.fromisoformat, times))), items=numbered(items, version), products=("uk/10",),
        on_drug_days=on_drug_days, state=State.APPROVED, approval=Approval(by=DOCTOR, role=Role.PRESCRIBER, at=Instant(0)),
    )  # fmt: skip


@dataclass
class Book:
    """One person's journal on one device. Whatever is written down is written when it happened, unless ``recorded`` says later."""

    person: str = "somebody"
    device: str = "phone"
    zone: str = LONDON
    entries: list[Entry] = field(default_factory=list)
    made: int = 0

    def write(self, what: What, when: Instant, recorded: Instant | None = None, zone: str | None = None) -> Entry:
        self.made += 1
        stamp = recorded or when
        entry = Entry(
            id=new_id(stamp.seconds * 1000, self.made.to_bytes(10, "big")), person=self.person, author=self.person,
            device=self.device, at=when, zone=zone or self.zone, recorded=stamp, what=what,
        )  # fmt: skip
        self.entries.append(entry)
        return entry

    def describe(self, when: Instant, zone: str | None = None, **facts: object) -> Entry:
        person = Person(zone=zone or self.zone, **{"market": "GB", **facts})  # type: ignore[arg-type]
        return self.write(PersonDescribed(person=person), when, zone=zone)

    def approve(self, plan: Plan, when: Instant, answers: tuple[Answer, ...] = (), zone: str | None = None) -> Entry:
        return self.write(PlanApproved(plan=plan, answers=answers), when, zone=zone)

    def supersede(self, version: int, when: Instant, plan: str = "p1") -> Entry:
        what = PlanSuperseded(plan=plan, version=version, by=DOCTOR, role=Role.PRESCRIBER, reason="a second thought")
        return self.write(what, when)

    def answer(
        self,
        review: str,
        when: Instant,
        from_day: date,
        go_on: bool = True,
        by: Answerer = Answerer.CLINICIAN,
        plan: str = "p1",
        zone: str | None = None,
    ) -> Entry:
        what = ReviewAnswered(plan=plan, review=review, go_on=go_on, by=DOCTOR, role=by, from_day=from_day)
        return self.write(what, when, zone=zone)

    def take(self, dose: str, when: Instant, recorded: Instant | None = None, amount: int = 10) -> Entry:
        return self.write(DoseTaken(dose=dose, amount=mg(amount)), when, recorded)

    def skip(self, dose: str, when: Instant, recorded: Instant | None = None) -> Entry:
        return self.write(DoseSkipped(dose=dose), when, recorded)

    def unsure(self, dose: str, when: Instant) -> Entry:
        return self.write(DoseUnsure(dose=dose), when)

    def correct(
        self, entry: Entry, when: Instant, instead: Correctable | None = None, really: Instant | None = None
    ) -> Entry:
        return self.write(Correction(corrects=entry.id, why="a wrong tap", instead=instead, at=really), when)

    def take_all(self, first: date, last: date) -> None:
        """Every planned dose of some days, at its time."""
        for dose in self.record().doses(BACLOFEN, first, last):
            self.write(DoseTaken(dose=dose.id, amount=dose.dose), dose.instant)

    def record(self, as_of: Instant | None = None) -> Record:
        return fold(self.entries, as_of)

    def today(self, now: Instant) -> Today:
        return today(self.record(now), BACLOFEN, LEAFLET, now)

    def gap(self, now: Instant) -> Gap | None:
        return gap_at(self.record(now), BACLOFEN, LEAFLET, now)

    def planned(self, first: date, last: date, as_of: Instant | None = None) -> list[ScheduledDose]:
        return self.record(as_of).doses(BACLOFEN, first, last)

    def totals(self, first: date, last: date, as_of: Instant | None = None) -> list[int]:
        """The planned mg of each day, 0 where there is nothing."""
        found = dict.fromkeys((first + n * DAY for n in range((last - first).days + 1)), 0)
        for dose in self.planned(first, last, as_of):
            found[dose.day] += dose.dose.micrograms // 1000
        return list(found.values())


def begun(
    plan: Plan | None = None, when: Instant | None = None, zone: str = LONDON, market: str = "GB", **facts: object
) -> Book:
    """A journal whose person is described and whose first plan is approved: half past five in the morning of its first day."""
    book = Book(zone=zone)
    plan = plan or scheme()
    book.describe(when or at("05:30", plan.start, zone), zone, market=market, **facts)
    book.approve(plan, when or at("05:30", plan.start, zone))
    return book


def dose(slot: int, day: date = D, plan: str = "p1") -> str:
    return dose_id(plan, day, f"s{slot}")


def shown(seen: Today) -> dict[str, DoseState]:
    """What a day shows: ``12-01 s1`` and where it stands."""
    return {f"{one.dose.day:%m-%d} {one.dose.slot}": one.state for one in seen.doses}


def offered(seen: Today) -> list[str]:
    """The doses that it says to take."""
    return [one.dose.id for one in seen.doses if one.state in (DoseState.DUE, DoseState.LATE)]


def copies(entries: Iterable[Entry], **changed: object) -> list[Entry]:
    return [replace(entry, **changed) for entry in entries]  # type: ignore[arg-type]
