"""Made-up entries: as many as wanted, one of every kind, always the same."""

from __future__ import annotations

from datetime import date, time
from random import Random

from gradatim.domain.approval import Approval, Role
from gradatim.domain.clock import Instant
from gradatim.domain.dose import Concentration, OralDose
from gradatim.domain.entry import (
    CheckIn,
    Correction,
    DoseSkipped,
    DoseTaken,
    DoseUnsure,
    Entry,
    EventKind,
    ExtraDose,
    GoalRated,
    Happened,
    Measured,
    NoteWritten,
    OtherChange,
    OtherTaken,
    PersonDescribed,
    PlanApproved,
    PlanSuperseded,
    Preference,
    ReviewAnswered,
    Score,
    StockChange,
    StockChanged,
    SymptomNoted,
    TripPlanned,
    Used,
    WatchAnswered,
    What,
    new_id,
)
from gradatim.domain.person import Age, Creatinine, Filtration, Height, Person, Sex, Weight
from gradatim.domain.plan import Answerer, Because, Plan, Purpose, Review, State, Step, slots_at
from gradatim.domain.timeline import Answer

BEGIN = Instant.parse("2026-12-01T08:00:00Z")
PERSON = "a-name"
OTHER = "b-name"
TEN = OralDose.mg(10)
TABLET = Used(product="us/10", strength=TEN, quarters=4)


def an_id(number: int, seed: int = 0) -> str:
    """The id of the entry with this number."""
    return new_id((BEGIN.seconds + number) * 1000, Random(f"{seed} {number}").randbytes(10))


def entry(number: int, what: What | None = None, *, person: str = PERSON, seed: int = 0) -> Entry:
    """The entry with this number: a dose taken, unless said otherwise."""
    at = BEGIN.plus(number * 60)
    return Entry(
        id=an_id(number, seed),
        person=person,
        author="A. Name",
        device="phone",
        at=at,
        zone="Europe/London",
        recorded=at.plus(number % 3),
        what=what or DoseTaken(dose=f"p1/2026-12-01/s{number}", amount=TEN, units=(TABLET,)),
    )


def entries(count: int, first: int = 0, *, seed: int = 0) -> tuple[Entry, ...]:
    """So many doses taken."""
    return tuple(entry(number, seed=seed) for number in range(first, first + count))


def a_plan() -> Plan:
    """Two steps with a review between them, approved."""
    return Plan(
        id="p1",
        version=1,
        drug="baclofen",
        purpose=Purpose.TITRATION,
        start=date(2026, 12, 1),
        until=date(2027, 2, 28),
        slots=slots_at((time(8), time(14), time(21))),
        items=(
            Step(doses=(OralDose.mg(5),) * 3, because=Because.START, days=7, note="with food"),
            Review(id="v1-r1", by=Answerer.CLINICIAN, asks=("ask.sleepiness", "Do you still walk to the shop?")),
            Step(doses=(TEN,) * 3, because=Because.RISE),
        ),
        products=("us/10",),
        state=State.APPROVED,
        approval=Approval(by="Dr A. Name", role=Role.PRESCRIBER, at=BEGIN),
    )


def every_kind() -> tuple[Entry, ...]:
    """One entry of every kind at least, with every optional part filled somewhere."""
    day = date(2026, 12, 1)
    given = Answer(review="v1-r1", go_on=True, by="Dr A. Name", role=Answerer.CLINICIAN, on=day, from_day=day)
    syrup = Used(product="us/oral-5", concentration=Concentration.parse("5 mg/5 mL"), microlitres=10_000)
    half = Used(product="us/10", strength=TEN, quarters=2)
    person = Person(
        zone="Europe/London",
        called="A. Name",
        age=Age.parse("45"),
        sex=Sex.FEMALE,
        weight=Weight.parse("62.5 kg"),
        height=Height.parse("168 cm"),
        creatinine=Creatinine.parse("0.9 mg/dL"),
        egfr=Filtration.parse("71"),
        market="GB",
        medicines=("ibuprofen",),
    )
    whats: tuple[What, ...] = (
        PersonDescribed(person=person),
        PlanApproved(plan=a_plan(), answers=(given,)),
        PlanSuperseded(plan="p1", version=2, by="Dr A. Name", role=Role.PRESCRIBER, reason="too fast"),
        ReviewAnswered(
            plan="p1", review="v1-r1", go_on=False, by="A. Name", role=Answerer.PERSON, from_day=date(2026, 12, 8)
        ),
        DoseTaken(dose="p1/2026-12-01/s1", amount=OralDose.mg(15), units=(TABLET, half), despite=("gap",), reason="late"),
        DoseTaken(dose="p1/2026-12-01/s2", amount=TEN, units=(syrup,)),
        DoseSkipped(dose="p1/2026-12-01/s3", reason="asleep — “très fatiguée” 😴"),
        DoseUnsure(dose="p1/2026-12-02/s1"),
        ExtraDose(amount=OralDose.parse("2.5 mg"), units=(Used(product="us/10", strength=TEN, quarters=1),)),
        CheckIn(scores=(Score(scale="spasticity", value=4), Score(scale="sleepiness", value=0)), note="a calm day"),
        SymptomNoted(sign="itching", note="after the\nmorning dose"),
        Measured(weight=Weight.parse("62 kg"), creatinine=Creatinine.parse("80 umol/L"), systolic=120, diastolic=80),
        Measured(egfr=Filtration.parse("70")),
        Happened(event=EventKind.SURGERY, note="knee", on=date(2027, 1, 15)),
        OtherTaken(name="ibuprofen", change=OtherChange.STARTED, amount="200 mg"),
        StockChanged(
            change=StockChange.RECEIVED, product="us/10", quarters=336, expires=date(2028, 6, 30), batch="B1", note="pharmacy"
        ),
        StockChanged(change=StockChange.OPENED, product="us/oral-5", in_use_days=60),
        TripPlanned(first=date(2026, 12, 24), last=date(2027, 1, 2), note="away"),
        GoalRated(goal="walk to the shop", level=-1, weight=6),
        NoteWritten(text="A longer text,\twith “quotes”, \\ and  \n a second line."),
        Preference(name="repeat-days", value="28"),
        WatchAnswered(rule="falls", by="Dr A. Name", said="seen, no injury", until=BEGIN.plus(86_400)),
        Correction(corrects=an_id(4), why="one tablet only", instead=DoseTaken(dose="p1/2026-12-01/s1", amount=TEN), at=BEGIN),
        Correction(corrects=an_id(7), why="found the tablet"),
    )  # fmt: skip
    return tuple(entry(number, what) for number, what in enumerate(whats))
