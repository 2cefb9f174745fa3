"""A made-up record of twelve weeks, for learning, for the manual and for tests: the same seed and start give the same entries.

The way up in weekly steps, reviews answered (one of them with "not yet"), a step that was too much and the step back, a weekend
without a tablet, a box that runs low. How the person feels is drawn from a simple made-up rule: it shows what the pages look like, and
says nothing about baclofen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from gradatim.domain.approval import Approval, Role
from gradatim.domain.change import step_back
from gradatim.domain.clock import Instant, zone
from gradatim.domain.course import Course, answer, approve, propose
from gradatim.domain.dose import OralDose
from gradatim.domain.entry import (
    CheckIn,
    Correction,
    DoseSkipped,
    DoseTaken,
    DoseUnsure,
    Entry,
    EventKind,
    GoalRated,
    Happened,
    Measured,
    NoteWritten,
    OtherChange,
    OtherTaken,
    PersonDescribed,
    PlanApproved,
    Preference,
    ReviewAnswered,
    Score,
    StockChange,
    StockChanged,
    SymptomNoted,
    What,
    new_id,
)
from gradatim.domain.fold import fold
from gradatim.domain.monograph import Monograph
from gradatim.domain.person import Age, Creatinine, Height, Person, Sex, Weight
from gradatim.domain.plan import Answerer, Plan, Review
from gradatim.domain.prescription import PerDay, Prescription, Spread
from gradatim.domain.safety import review
from gradatim.domain.schedule import ScheduledDose
from gradatim.domain.taking import used
from gradatim.domain.timeline import Answer
from gradatim.domain.titrate import titrate

WEEKS = 12
ZONE = "Europe/London"
PERSON = Person(
    zone=ZONE, called="Example person", age=Age(46 * 12), sex=Sex.FEMALE, weight=Weight(64_000), height=Height(1680),
    creatinine=Creatinine.parse("70 umol/L"), market="GB", indication="multiple-sclerosis",
)  # fmt: skip
_PRESCRIBER = "Dr B. Name"
_BOX = 84 * 4  # quarters in a box of 84 tablets
_LEFT = 5  # days of tablets in the box at the end
_STEP_DAYS = 7
_WEEKEND = 62  # days from the start to the Saturday without tablets


@dataclass
class _Pen:
    """Writes entries: ids and stamps come from the seed and from when things happen."""

    person: str
    chance: Random
    written: list[Entry] = field(default_factory=list)

    def write(
        self, what: What, at: Instant, *, recorded: Instant | None = None, author: str = "person", device: str = "phone"
    ) -> Entry:
        stamp = recorded or at
        milliseconds = stamp.seconds * 1000 + self.chance.randrange(1000)
        entry = Entry(
            id=new_id(milliseconds, self.chance.randbytes(10)), person=self.person, author=author, device=device, at=at, zone=ZONE,
            recorded=stamp, what=what,
        )  # fmt: skip
        self.written.append(entry)
        return entry


def demo_entries(monograph: Monograph, seed: int = 7, start: date = date(2026, 9, 2)) -> tuple[Entry, ...]:
    """The entries of twelve weeks from ``start``, in the order in which they were written."""
    chance = Random(seed)
    pen = _Pen(person=new_id(0, Random(seed).randbytes(10)), chance=chance)
    start_up = _at(start - timedelta(days=1), time(16, 30))
    pen.write(PersonDescribed(person=PERSON), start_up)
    for name, value in (
        ("repeat-days", "5"),
        ("contact-prescriber", f"{_PRESCRIBER}, 01632 960001"),
        ("contact-pharmacist", "Example pharmacy, 01632 960002"),
    ):
        pen.write(Preference(name=name, value=value), start_up)
    bad_days = _plans(pen, monograph, start)
    record = fold(pen.written)
    doses = record.doses(monograph, start, start + timedelta(days=WEEKS * 7 - 1))
    taken = _doses(pen, doses, start)
    _check_ins(pen, doses, start, bad_days)
    _life(pen, start, bad_days)
    _box(pen, doses, taken, start)
    return tuple(sorted(pen.written, key=lambda entry: (entry.recorded.seconds, entry.id)))


def _at(day: date, clock: time) -> Instant:
    return Instant.of(datetime.combine(day, clock, zone(ZONE)))


def _plans(pen: _Pen, monograph: Monograph, start: date) -> tuple[date, date]:
    """Both versions and the answers to the reviews. Gives the days of the step that was too much."""
    order = Prescription(
        start=start, times=(time(8), time(14), time(21)), products=("uk/10",), start_doses=(OralDose.mg(5),) * 3,
        step=PerDay(amount=OralDose.mg(5)), interval_days=_STEP_DAYS, spread=Spread.SPREAD, target=OralDose.mg(45),
        until=start + timedelta(days=WEEKS * 7 + 27),
    )  # fmt: skip
    course = _signed(
        Course(versions=(titrate(order, PERSON, monograph, "example"),)),
        monograph,
        _at(start - timedelta(days=1), time(15)),
    )
    pen.write(PlanApproved(plan=course.latest), _at(start - timedelta(days=1), time(16, 35)))
    due = start
    reviews = [item for item in course.latest.items if isinstance(item, Review)]
    for place, asked in enumerate(reviews):
        due += timedelta(days=_STEP_DAYS)
        if place == 3:  # one "not yet": two days more on the same doses
            course = _answered(pen, course, asked, due - timedelta(days=1), go_on=False)
            due += timedelta(days=2)
        course = _answered(pen, course, asked, due - timedelta(days=1), go_on=True)
    back = due + timedelta(days=6)
    draft = step_back(course, back, "weak legs and a fall after the last step", monograph)
    course = _signed(course.with_draft(draft), monograph, _at(back - timedelta(days=1), time(11)))
    pen.write(PlanApproved(plan=course.latest), _at(back - timedelta(days=1), time(11, 20)))
    return due, back


def _signed(course: Course, monograph: Monograph, at: Instant) -> Course:
    plan: Plan = course.latest
    findings = review(plan, PERSON, monograph, course.versions[:-1], course.answers)
    day = at.local(ZONE).date()
    return approve(propose(course), findings, Approval(by=_PRESCRIBER, role=Role.PRESCRIBER, at=at), (), day)


def _answered(pen: _Pen, course: Course, asked: Review, day: date, *, go_on: bool) -> Course:
    after = day + timedelta(days=1)
    said = ReviewAnswered(
        plan=course.latest.id,
        review=asked.id,
        go_on=go_on,
        by=PERSON.called or "",
        role=Answerer.PERSON,
        from_day=after,
    )
    pen.write(said, _at(day, time(19, 10)))
    return answer(course, Answer(review=asked.id, go_on=go_on, by=said.by, role=said.role, on=day, from_day=after))


def _doses(pen: _Pen, doses: list[ScheduledDose], start: date) -> list[DoseTaken]:
    """What became of each dose: mostly taken in time, some late, few forgotten, and none on one weekend."""
    taken: list[DoseTaken] = []
    wrong: list[Entry] = []
    for dose in doses:
        day = (dose.day - start).days
        drawn = pen.chance.random()
        late = round(pen.chance.lognormvariate(2.2, 0.8)) * 60
        if (day == _WEEKEND and dose.slot != "s1") or day == _WEEKEND + 1:
            continue
        if day == 20 and dose.slot == "s2":
            pen.write(DoseUnsure(dose=dose.id), dose.instant.plus(3 * 3600))
            continue
        if drawn < 0.012:
            pen.write(DoseSkipped(dose=dose.id, reason="felt sick"), dose.instant.plus(900))
            continue
        if drawn < 0.03:
            continue
        if drawn < 0.08:
            late = 60 * pen.chance.randrange(75, 170)
        at = dose.instant.plus(late if dose.slot != "s1" or late < 9000 else 9000)
        what = DoseTaken(dose=dose.id, amount=dose.dose, units=used(dose.portion))
        hours = 5 * 3600 if drawn > 0.985 else 0  # written down later than it was taken
        entry = pen.write(what, at, recorded=at.plus(hours))
        taken.append(what)
        if day == 30 and dose.slot == "s1":
            wrong.append(entry)
    for entry in wrong:  # taken earlier than the tap said
        said = entry.what
        assert isinstance(said, DoseTaken)
        pen.write(
            Correction(
                corrects=entry.id, why="taken earlier than it was written down", instead=said, at=entry.at.plus(-600)
            ),
            entry.recorded.plus(3600),
        )
    return taken


def _check_ins(pen: _Pen, doses: list[ScheduledDose], start: date, bad: tuple[date, date]) -> None:
    """One check-in on most evenings, by a made-up rule with a memory of the day before."""
    mg = {
        day: sum(dose.dose.micrograms for dose in doses if dose.day == day) / 1000
        for day in {dose.day for dose in doses}
    }
    drift = 0.0
    for number in range(WEEKS * 7):
        day = start + timedelta(days=number)
        drift = 0.5 * drift + pen.chance.gauss(0, 0.7)
        missed = number in (_WEEKEND, _WEEKEND + 1, _WEEKEND + 2)
        after_step = number % _STEP_DAYS in (0, 1, 2) and number < 50
        too_much = bad[0] <= day < bad[1]
        if pen.chance.random() < 0.14 and not missed:
            continue
        stiff = 8.0 - 0.12 * mg.get(day, 0) + drift + 1.8 * missed
        scores = (
            ("spasticity", stiff, 0, 10), ("spasms", stiff * 0.42, 0, 4),
            ("sleepiness", 2.0 + 1.1 * after_step + 1.4 * too_much + 0.5 * drift, 1, 7),
            ("weakness", 2.1 + 3.6 * too_much + 0.5 * drift + pen.chance.gauss(0, 0.6), 0, 10),
            ("mood", 6.0 - 0.5 * drift + pen.chance.gauss(0, 0.8), 0, 10),
            ("pain", 3.4 + 0.4 * drift + pen.chance.gauss(0, 0.9), 0, 10),
        )  # fmt: skip
        asked = [one for one in scores if pen.chance.random() > 0.07]
        rated = tuple(Score(scale=scale, value=min(high, max(low, round(value)))) for scale, value, low, high in asked)
        at = _at(day, time(20, pen.chance.randrange(5, 55)))
        pen.write(CheckIn(scores=rated, note="Bad night, stiff legs" if number == _WEEKEND + 1 else None), at)


def _life(pen: _Pen, start: date, bad: tuple[date, date]) -> None:
    """What else happened."""
    pen.write(
        Measured(creatinine=Creatinine.parse("70 umol/L"), weight=Weight(64_000)),
        _at(start - timedelta(days=1), time(16, 40)),
    )
    pen.write(
        SymptomNoted(sign="weaker-after-rise", note="legs give way on the stairs"),
        _at(bad[0] + timedelta(days=1), time(12, 15)),
    )
    pen.write(
        Happened(event=EventKind.FALL, note="in the kitchen, not hurt"), _at(bad[0] + timedelta(days=2), time(17, 40))
    )
    pen.write(
        SymptomNoted(sign="withdrawal-early", note="spasms all night"),
        _at(start + timedelta(days=_WEEKEND + 1), time(9, 5)),
    )
    pen.write(
        NoteWritten(text="Weekend away, the tablets stayed at home"),
        _at(start + timedelta(days=_WEEKEND + 2), time(9, 30)),
    )
    pen.write(
        OtherTaken(name="ibuprofen", change=OtherChange.ONCE, amount="400 mg"),
        _at(start + timedelta(days=70), time(18, 20)),
    )
    for day, level in ((27, -1), (55, 0), (83, 0)):
        pen.write(
            GoalRated(goal="Walk to the shop and back", level=level, weight=4),
            _at(start + timedelta(days=day), time(20, 58)),
        )
    pen.write(
        NoteWritten(text="ask: Can the evening dose be the larger one?"), _at(start + timedelta(days=80), time(21, 30))
    )
    pen.write(NoteWritten(text="ask: What should I do when I travel?"), _at(start + timedelta(days=82), time(21, 30)))


def _box(pen: _Pen, doses: list[ScheduledDose], taken: list[DoseTaken], start: date) -> None:
    """Boxes fetched in time, some tablets lost, and few left at the end: the last count fits what was taken."""
    product = "uk/10"
    needed = sum(one.quarters for what in taken for one in what.units)
    last = [dose for dose in doses if dose.day == doses[-1].day]
    a_day = sum(one.quarters for dose in last for one in used(dose.portion))
    spilt = 6
    pen.write(StockChanged(change=StockChange.COUNTED, product=product), _at(start - timedelta(days=1), time(16, 45)))
    boxes = -(-(needed + spilt) // _BOX)
    for number in range(boxes):
        amount = _BOX if number + 1 < boxes else needed + spilt + _LEFT * a_day - (boxes - 1) * _BOX
        if amount > 0:
            day = start + timedelta(days=-1 if number == 0 else 24 * number)
            pen.write(
                StockChanged(change=StockChange.RECEIVED, product=product, quarters=amount), _at(day, time(17, 15))
            )
    pen.write(
        StockChanged(change=StockChange.LOST, product=product, quarters=spilt, note="fell into the sink"),
        _at(start + timedelta(days=40), time(8, 30)),
    )
