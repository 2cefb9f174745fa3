"""Random orders, people and courses over the real monograph, and small helpers that laws of every kind need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import TypeVar

from hypothesis import assume, settings
from hypothesis import strategies as st

from gradatim.domain.approval import Approval, Override, Role
from gradatim.domain.clock import Instant
from gradatim.domain.course import Course, answer, approve, propose
from gradatim.domain.dose import OralDose, total
from gradatim.domain.fault import BadInput
from gradatim.domain.finding import Finding
from gradatim.domain.making import shelf
from gradatim.domain.person import MARKETS, Age, Creatinine, Filtration, Height, Person, Sex, Weight
from gradatim.domain.plan import Answerer, Doses, Plan, Review
from gradatim.domain.prescription import (
    Before,
    ByPercent,
    PerDay,
    PerDose,
    Prescription,
    Reviews,
    Spread,
    StepBy,
    TableRow,
    TaperOrder,
)
from gradatim.domain.product import Product
from gradatim.domain.safety import review
from gradatim.domain.tablets import Making, quantum
from gradatim.domain.taper import taper
from gradatim.domain.timeline import Answer
from gradatim.domain.titrate import titrate
from gradatim.monographs import monograph

T = TypeVar("T")
BACLOFEN = monograph()
heavy = settings(max_examples=max(settings().max_examples // 2, 50))  # for laws that look at every day
DAY = timedelta(days=1)
NOW = Instant(1_796_112_000)
CLINICIAN = "Dr B. Name"
APPROVAL = Approval(by=CLINICIAN, role=Role.PRESCRIBER, at=NOW)
ZONES = (
    "UTC", "Europe/London", "America/New_York", "Europe/Lisbon", "Africa/Casablanca", "America/Sao_Paulo", "America/St_Johns",
    "Asia/Kathmandu", "Asia/Tokyo", "Australia/Lord_Howe", "Australia/Sydney", "Pacific/Apia", "Pacific/Chatham", "Pacific/Kiritimati",
)  # fmt: skip
MARKS = (100, 200, 250, 500, 1000)
TITRATIONS = tuple(p.id for p in BACLOFEN.titrations if p.usable)
TAPERS = tuple(p.id for p in BACLOFEN.tapers if p.usable)


def mg(amount: int | str) -> OralDose:
    return OralDose.parse(f"{amount} mg")


def doses(*amounts: int | str) -> Doses:
    return tuple(map(mg, amounts))


def at(*texts: str) -> tuple[time, ...]:
    return tuple(map(time.fromisoformat, texts))


def day_range(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def ug(some: Doses) -> list[int]:
    return [dose.micrograms for dose in some]


# --- courses ----------------------------------------------------------------------------------------------------------


def overrides(findings: tuple[Finding, ...]) -> tuple[Override, ...]:
    """A clinician takes every stop upon themselves."""
    return tuple(
        Override(rule=f.rule, by=CLINICIAN, role=Role.PRESCRIBER, reason="seen weekly in clinic", at=NOW)
        for f in findings
        if f.blocks
    )


def approved(course: Course, person: Person, on: date) -> Course:
    """The open version approved, whatever it takes."""
    found = review(course.latest, person, BACLOFEN, course.versions[:-1])
    return approve(propose(course), found, APPROVAL, overrides(found), on)


def reviews_of(plan: Plan) -> list[Review]:
    return [item for item in plan.items if isinstance(item, Review)]


def go_on(course: Course, review_id: str, on: date, from_day: date | None = None, yes: bool = True) -> Course:
    given = Answer(review=review_id, go_on=yes, by=CLINICIAN, role=Answerer.CLINICIAN, on=on, from_day=from_day or on)
    return answer(course, given)


def all_answered(course: Course) -> Course:
    """Every review of the newest version answered "go on" before it is due."""
    for asked in reviews_of(course.latest):
        course = go_on(course, asked.id, course.latest.start)
    return course


# --- pieces -----------------------------------------------------------------------------------------------------------

starts = st.dates(date(2026, 1, 1), date(2031, 12, 31))


@st.composite
def clock_times(draw: st.DrawFn, least: int = 1, most: int = 5) -> tuple[time, ...]:
    quarters = draw(st.sets(st.integers(0, 95), min_size=least, max_size=most))
    return tuple(time(*divmod(15 * quarter, 60)) for quarter in sorted(quarters))


makings = st.builds(Making, quarters=st.booleans(), mark_microlitres=st.sampled_from(MARKS))


@st.composite
def shelves(draw: st.DrawFn, most: int = 3) -> tuple[str, ...]:
    """Products of one market, as a pharmacy has them."""
    market = draw(st.sampled_from(sorted({p.market for p in BACLOFEN.products})))
    ids = [p.id for p in BACLOFEN.products if p.market == market]
    return tuple(draw(st.lists(st.sampled_from(ids), min_size=1, max_size=most, unique=True)))


reviews = st.one_of(
    st.builds(
        Reviews,
        before=st.just(Before.EACH),
        by=st.sampled_from(Answerer),
        asks=st.sampled_from([(), ("Can you walk to the door?",)]),
    ),
    st.builds(Reviews, before=st.just(Before.NONE)),
    st.builds(Reviews, before=st.just(Before.SOME), steps=st.just((2,))),
)


@st.composite
def amounts(draw: st.DrawFn, unit: OralDose, count: int, most: int = 6, least: int = 0) -> Doses:
    """A dose for each of ``count`` times that the shelf can make, at least one of them not zero."""
    found = draw(st.lists(st.integers(least, most), min_size=count, max_size=count))
    assume(any(found))
    return tuple(unit * n for n in found)


@st.composite
def people(draw: st.DrawFn, adults: bool = False) -> Person:
    months = draw(st.integers(18 * 12 if adults else 1, 100 * 12))
    maybe = st.booleans()
    creatinine = st.one_of(
        st.integers(40_000, 999_000).map(lambda n: Creatinine(n - n % 1000, "umol/L")),
        st.integers(400, 12_000).map(lambda n: Creatinine(n, "mg/dL")),
    )
    conditions = [c.code for c in BACLOFEN.conditions]
    return Person(
        zone=draw(st.sampled_from(ZONES)),
        called=draw(st.sampled_from([None, "Ana", "Ömer"])),
        age=Age(months) if draw(maybe) or adults else None,
        sex=draw(st.sampled_from([None, *Sex])),
        weight=Weight(draw(st.integers(3000, 150_000))) if draw(maybe) else None,
        height=Height(draw(st.integers(500, 2100))) if draw(maybe) else None,
        creatinine=draw(creatinine) if draw(maybe) else None,
        egfr=Filtration(draw(st.integers(50, 1300))) if draw(maybe) else None,
        dialysis=draw(st.integers(0, 9)) == 0,
        market=draw(st.sampled_from([None, *MARKETS])),
        indication=draw(st.sampled_from([None, "stroke", "alcohol-use-disorder"])),
        conditions=tuple(draw(st.lists(st.sampled_from(conditions), max_size=3, unique=True))),
        medicines=tuple(
            draw(
                st.lists(
                    st.sampled_from(["morphine 10 mg", "ibuprofen", "Lisinopril", "elderberry"]),
                    max_size=2,
                    unique=True,
                )
            )
        ),
    )


def accepted(build: Callable[..., T], **fields: object) -> T:
    """An order, or another example where it is refused."""
    try:
        return build(**fields)
    except BadInput:
        assume(False)
        raise


# --- the way up -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Up:
    """A titration with what it came from."""

    order: Prescription
    person: Person
    plan: Plan
    products: tuple[Product, ...]
    unit: OralDose


def _up(order: Prescription, person: Person) -> Up:
    products = shelf(BACLOFEN, order.products)
    try:
        plan = titrate(order, person, BACLOFEN, "p1")
    except BadInput:
        assume(False)
        raise
    return Up(order, person, plan, products, quantum(products, order.making))


@st.composite
def custom_orders(draw: st.DrawFn) -> Prescription:
    """Steps of the prescriber's own: by dose, by day, by percent."""
    times = draw(clock_times())
    products, making = draw(shelves()), draw(makings)
    unit = quantum(shelf(BACLOFEN, products), making)
    first = draw(amounts(unit, len(times), most=4))
    step: StepBy = draw(st.one_of(
        st.integers(1, 3).map(lambda n: PerDose(amount=unit * n)),
        st.integers(1, 6).map(lambda n: PerDay(amount=unit * n)),
        st.integers(25, 100).map(lambda n: ByPercent(percent=n)),
    ))  # fmt: skip
    spread = draw(st.sampled_from(Spread))
    weighted = spread is Spread.SPREAD and not isinstance(step, PerDose) and draw(st.booleans())
    known = draw(st.booleans())
    return accepted(Prescription,
        start=draw(starts), times=times, products=products, making=making, step=step, interval_days=draw(st.integers(1, 14)),
        target=total(first) + unit * draw(st.integers(1, 16)), start_doses=None if known else first, before=first if known else None,
        on_drug_days=draw(st.integers(1, 400)) if known else 0, spread=spread,
        weights=tuple(draw(st.lists(st.integers(1, 3), min_size=len(times), max_size=len(times)))) if weighted else (),
        reviews=draw(reviews),
    )  # fmt: skip


@st.composite
def protocol_orders(draw: st.DrawFn) -> Prescription:
    """Steps of a published protocol."""
    chosen = BACLOFEN.titration(draw(st.sampled_from(TITRATIONS)))
    times = draw(clock_times(least=min(chosen.times), most=max(chosen.times)))
    products = draw(st.sampled_from([
        ("us/10", "us/5", "us/20"), ("us/10",), ("uk/10",), ("uk/10", "uk/5"), ("de/5", "de/10"), ("uk/solution-1",), ("us/suspension-5",),
        ("ch/10", "ch/25"), ("us/lyvispah-5", "us/lyvispah-20"),
    ]))  # fmt: skip
    return accepted(Prescription,
        start=draw(starts), times=times, products=products, protocol=chosen.id, target=mg(5 * draw(st.integers(1, 16))),
        spread=draw(st.sampled_from(Spread)), reviews=draw(reviews), interval_days=draw(st.sampled_from([None, None, 7, 14])),
        making=Making(quarters=draw(st.booleans())),
    )  # fmt: skip


@st.composite
def table_orders(draw: st.DrawFn, most: int = 8) -> Prescription:
    """An explicit table: anything a prescriber may write, wild jumps included."""
    times = draw(clock_times())
    products = draw(shelves())
    unit = quantum(shelf(BACLOFEN, products), Making())
    rows = draw(
        st.lists(
            st.builds(TableRow, days=st.integers(1, 30), doses=amounts(unit, len(times), most)), min_size=1, max_size=6
        )
    )
    last = draw(st.sampled_from([(), (TableRow(days=1, doses=(OralDose(0),) * len(times)),)]))
    before = draw(st.one_of(st.none(), amounts(unit, len(times), most)))
    return accepted(Prescription,
        start=draw(starts), times=times, products=products, table=(*rows, *last), before=before,
        reviews=draw(st.sampled_from([Reviews(), Reviews(before=Before.NONE)])), on_drug_days=0 if before is None else draw(st.integers(1, 900)),
    )  # fmt: skip


persons_with_weight = people(adults=True).map(lambda p: replace(p, weight=p.weight or Weight(62_000)))


@st.composite
def custom_ups(draw: st.DrawFn) -> Up:
    return _up(draw(custom_orders()), draw(people(adults=True)))


@st.composite
def protocol_ups(draw: st.DrawFn) -> Up:
    order = draw(protocol_orders())
    person = draw(people())
    if person.weight is None:
        person = replace(person, weight=Weight(draw(st.integers(8000, 80_000))))
    return _up(order, person)


@st.composite
def table_ups(draw: st.DrawFn, most: int = 8) -> Up:
    return _up(draw(table_orders(most)), draw(people()))


ups = st.one_of(custom_ups(), protocol_ups(), table_ups())
rising_ups = st.one_of(custom_ups(), protocol_ups())


# --- the way down -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Down:
    """A taper with what it came from."""

    order: TaperOrder
    plan: Plan
    unit: OralDose


@st.composite
def taper_orders(draw: st.DrawFn, way: str | None = None) -> TaperOrder:
    """By a published rate, by dose, by day, by percent, or to an end date."""
    way = way or draw(st.sampled_from(["protocol", "dose", "day", "percent", "date"]))
    times = draw(clock_times(most=4))
    products, making = draw(shelves()), draw(makings)
    unit = quantum(shelf(BACLOFEN, products), making)
    current = draw(amounts(unit, len(times), most=max(2, 25_000 // unit.micrograms)))
    units = total(current).micrograms // unit.micrograms
    start = draw(starts)
    step: StepBy | None = None
    match way:
        case "dose":
            step = PerDose(amount=unit * draw(st.integers(1, 3)))
        case "day":
            step = PerDay(amount=unit * draw(st.integers(1, 6)))
        case "percent":
            step = ByPercent(percent=draw(st.integers(5, 60)))
        case _:
            pass
    to = unit * draw(st.integers(1, units - 1)) if units > 1 and draw(st.integers(0, 4)) == 0 else OralDose(0)
    floor = unit * draw(st.integers(1, 3)) if draw(st.booleans()) else None
    return accepted(TaperOrder,
        start=start, times=times, products=products, making=making, current=current, on_drug_days=draw(st.integers(0, 2000)),
        protocol=draw(st.sampled_from(TAPERS)) if way == "protocol" else None, step=step,
        interval_days=draw(st.integers(1, 28)) if step is not None else None,
        stop_on=start + timedelta(days=draw(st.integers(1, 120))) if way == "date" else None,
        floor=floor, to=to, spread=draw(st.sampled_from(Spread)), reviews=draw(reviews),
    )  # fmt: skip


@st.composite
def downs(draw: st.DrawFn, way: str | None = None) -> Down:
    order = draw(taper_orders(way))
    try:
        plan = taper(order, BACLOFEN, "t1")
    except BadInput:
        assume(False)
        raise
    return Down(order, plan, quantum(shelf(BACLOFEN, order.products), order.making))


@st.composite
def courses(draw: st.DrawFn, plans: st.SearchStrategy[Plan] | None = None) -> Course:
    """One approved version, its reviews answered in time, late, not yet, or not at all."""
    plan = draw(
        plans if plans is not None else st.one_of(ups.map(lambda up: up.plan), downs().map(lambda down: down.plan))
    )
    course = approved(Course(versions=(plan,)), ANYBODY, plan.start)
    manner = draw(st.sampled_from(["in time", "mixed", "none"]))
    if manner == "none":
        return course
    if manner == "in time":
        return all_answered(course)
    day = plan.start
    for asked in reviews_of(plan):
        if draw(st.integers(0, 3)) == 0:
            course = go_on(course, asked.id, day, yes=False)
        if draw(st.integers(0, 5)) == 0:
            break
        day += timedelta(days=draw(st.integers(0, 20)))
        course = go_on(course, asked.id, day)
    return course


ANYBODY = Person(zone="Europe/London", age=Age(45 * 12), market="GB")
