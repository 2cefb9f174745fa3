"""Records to put on paper: a full one, an empty one, the shortest, the longest, and names of every kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from random import Random

from gradatim.domain.citation import Citation, Evidence
from gradatim.domain.clock import Instant
from gradatim.domain.entry import (
    CheckIn,
    DoseTaken,
    ExtraDose,
    NoteWritten,
    OtherChange,
    OtherTaken,
    PersonDescribed,
    Preference,
    Score,
    SymptomNoted,
)
from gradatim.domain.finding import Finding, message
from gradatim.domain.fold import fold
from gradatim.domain.guardrail import Severity
from gradatim.domain.knowledge import Level
from gradatim.domain.person import Age, Creatinine, Person, Sex, Weight
from gradatim.domain.record import Record
from gradatim.domain.watch import Shown
from gradatim.journal.demo import PERSON, demo_entries
from gradatim.report.clinician import ReportInput, gather
from tests.journals import BACLOFEN, DAY, HOUR, LEAFLET, LONDON, Book, at, begun, dose, mg, scheme

START = date(2026, 9, 2)
LONG = "Wolfeschlegelsteinhausenbergerdorffvonundzu"  # 43 letters


@cache
def demo() -> tuple[Record, Instant]:
    entries = demo_entries(BACLOFEN)
    return fold(entries), entries[-1].recorded.plus(HOUR)


@cache
def nothing() -> tuple[Record, Instant]:
    return fold(()), at("12:00", START)


@cache
def one_day() -> tuple[Record, Instant]:
    """The first day of a plan, half way through."""
    book = begun(scheme(start=START))
    book.take(dose(1, START), at("08:05", START, LONDON))
    book.write(CheckIn(scores=(Score(scale="spasticity", value=6),)), at("12:00", START, LONDON))
    return book.record(), at("14:20", START, LONDON)


@cache
def two_years() -> tuple[Record, Instant]:
    """Twenty steps over two years, a check-in on most days, one dose in fifty forgotten."""
    rising = (tuple(5 * ((units + place) // 3) for place in range(3)) for units in range(3, 23))
    plan = scheme(*rising, start=START, days=36, reviews=False)
    book, chance = begun(replace(plan, until=START + 1000 * DAY)), Random(2)
    last = START + 730 * DAY
    for planned in book.record().doses(BACLOFEN, START, last):
        if chance.random() > 0.02:
            book.write(DoseTaken(dose=planned.id, amount=planned.dose), planned.instant.plus(60 * chance.randrange(30)))
    for number in range(731):
        scores = tuple(
            Score(scale=name, value=chance.randrange(2, 6))
            for name in ("spasticity", "sleepiness", "mood", "pain", "weakness")
        )
        if chance.random() > 0.2:
            book.write(CheckIn(scores=scores), at("20:30", START + number * DAY, LONDON))
    return book.record(), at("22:30", last, LONDON)


@cache
def six_a_day() -> tuple[Record, Instant]:
    """Six doses a day, each of two products, for three weeks."""
    times = ("06:00", "09:00", "12:00", "15:00", "18:00", "22:00")
    plan = replace(scheme((25, 25, 25, 25, 25, 25), start=START, times=times), products=("us/10", "us/20", "us/5"))
    book = begun(plan, market="US", called="Example person")
    book.take_all(START, START + 20 * DAY)
    return book.record(), at("23:00", START + 20 * DAY, LONDON)


@cache
def named(name: str) -> tuple[Record, Instant]:
    """The full record of somebody with such a name, whose every free text is of such a kind."""
    entries = [
        replace(one, what=PersonDescribed(person=replace(PERSON, called=name)))
        if isinstance(one.what, PersonDescribed)
        else one
        for one in demo_entries(BACLOFEN)
    ]
    book = Book(person=entries[0].person, entries=entries, made=10_000)
    now = entries[-1].recorded.plus(HOUR)
    for place in range(9):
        book.write(NoteWritten(text=f"? {place} {name} {name} {name}"), now)
        book.write(OtherTaken(name=f"{name} {place}", change=OtherChange.STARTED), now)
    for kind in ("prescriber", "pharmacist", "hospital", "neighbour", "daughter"):
        book.write(Preference(name=f"contact-{kind}", value=f"{name} {name} 01632 960003"), now)
    return book.record(), now


@cache
def too_much() -> tuple[Record, Instant]:
    """Twenty quiet days, then the whole box at once, and slow breathing."""
    book, last = begun(scheme(start=START)), START + 20 * DAY
    book.write(PersonDescribed(person=person("Example person")), at("06:00", START, LONDON))
    book.take_all(START, last - DAY)
    book.take(dose(1, last), at("08:00", last, LONDON))
    book.write(ExtraDose(amount=mg(200), reason="the whole box"), at("09:00", last, LONDON))
    book.write(SymptomNoted(sign="slow-breathing"), at("10:00", last, LONDON))
    return book.record(), at("10:30", last, LONDON)


@cache
def hardly_written() -> tuple[Record, Instant]:
    """One dose in twelve is written down."""
    book = begun(scheme(start=START))
    for place in range(0, 14, 4):
        book.take(dose(1, START + place * DAY), at("08:00", START + place * DAY, LONDON))
    return book.record(), at("22:30", START + 13 * DAY, LONDON)


def person(called: str) -> Person:
    return Person(
        zone=LONDON, called=called, age=Age(45 * 12), sex=Sex.FEMALE, weight=Weight(62000), creatinine=Creatinine.parse("80 umol/L"),
        market="GB",
    )  # fmt: skip


def given(found: tuple[Record, Instant], days: int = 14) -> ReportInput:
    record, now = found
    return gather(record, BACLOFEN, LEAFLET, now, days)


def with_findings(made: ReportInput, count: int = 12) -> ReportInput:
    """The same page with so many findings of every grade, each of two long sentences."""
    grades = (
        (Severity.URGENT, Level.EMERGENCY), (Severity.STOP, Level.TODAY), (Severity.CAUTION, Level.TODAY), (Severity.INFO, Level.NEXT_VISIT),
    )  # fmt: skip
    findings = tuple(
        Finding(
            rule=f"rule-{place}", severity=grades[place * 4 // count][0], level=grades[place * 4 // count][1],
            message=message("medicine.not-listed", medicines=(f"finding number {place}",)),
            why="Ask your prescriber today whether the dose and the other medicines go together, and say what was noted and when.",
            source=(Citation("US-TAB", Evidence.TEXT),),
        )
        for place in range(count)
    )  # fmt: skip
    return replace(made, findings=tuple(Shown(finding=one) for one in findings))


CASES = {
    "full": lambda: given(demo()),
    "28 days": lambda: given(demo(), 28),
    "no data": lambda: given(nothing()),
    "one day": lambda: given(one_day()),
    "two years": lambda: given(two_years()),
    "six a day": lambda: given(six_a_day()),
    "long names": lambda: given(named(f"{LONG} {LONG}")),
    "one endless word": lambda: given(named(LONG * 6)),
    "Arabic": lambda: given(named("محمد علي")),
    "Chinese": lambda: given(named("张伟丽娜" * 4)),
    "signs without a font": lambda: given(named("👩\u200d🦽 😀 " * 4)),
    "twelve findings": lambda: with_findings(given(demo())),
    "forty findings": lambda: with_findings(given(demo()), 40),
}
WEEK = timedelta(days=7)
