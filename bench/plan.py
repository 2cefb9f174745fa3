"""Speed of planning, in one process and from a cold start. Ratios are to a yardstick measured in the same run.

``make bench`` prints the table; ``docs/reference/performance.md`` keeps one with its machine.
"""

from __future__ import annotations

import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from gradatim.domain.calendar import lay_out
from gradatim.domain.clock import Instant
from gradatim.domain.course import Course
from gradatim.domain.dose import OralDose
from gradatim.domain.person import Age, Person, Sex, Weight
from gradatim.domain.plan import Answerer, State
from gradatim.domain.prescription import PerDay, Prescription, Spread
from gradatim.domain.safety import review
from gradatim.domain.schedule import Mode, due_between, expand
from gradatim.domain.timeline import Answer
from gradatim.domain.titrate import titrate
from gradatim.monographs import monograph

ISSUED = Instant.parse("2026-11-22T10:00:00Z")
START = date(2026, 12, 1)
PEOPLE = 10_000
TIMES = tuple(datetime(2026, 1, 1, hour, tzinfo=UTC).time() for hour in (8, 14, 21))


def best(work: Callable[[], object], repeats: int) -> float:
    """The median of some runs, in seconds."""
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def order(target: int) -> Prescription:
    """Weekly steps of 5 mg a day, evening first: a plan of 180 days."""
    return Prescription(
        start=START, times=TIMES, products=("us/5", "us/10", "us/20"), start_doses=(OralDose(0), OralDose(0), OralDose.mg(5)),
        step=PerDay(amount=OralDose.mg(5)), interval_days=7, spread=Spread.SPREAD, target=OralDose.mg(target),
        until=START + timedelta(days=179),
    )  # fmt: skip


def someone(zone: str) -> Person:
    """An adult in a zone."""
    return Person(zone=zone, age=Age(45 * 12), sex=Sex.FEMALE, weight=Weight(62_000), market="US")


def approved(id: str, person: Person) -> Course:
    """An approved course, its reviews answered."""
    from gradatim.domain.approval import Approval, Role
    from gradatim.domain.course import approve, propose
    from gradatim.domain.plan import Review

    course = Course(versions=(titrate(order(60), person, monograph(), id),))
    signed = Approval(by="bench", role=Role.PRESCRIBER, at=ISSUED)
    course = approve(propose(course), (), signed, (), START)
    assert course.latest.state is State.APPROVED
    reviews = [item.id for item in course.latest.items if isinstance(item, Review)]
    answers = tuple(
        Answer(review=r, go_on=True, by="bench", role=Answerer.PERSON, on=START, from_day=START) for r in reviews
    )
    return Course(versions=course.versions, answers=answers)


def cold(*arguments: str) -> float:
    """Median wall time of a fresh process, in seconds."""
    return best(lambda: subprocess.run([sys.executable, *arguments], capture_output=True, check=True), 9)


def main() -> None:
    """Measure and print."""
    drug = monograph()
    person = someone("America/New_York")
    whole = best(lambda: lay_out(Course(versions=(titrate(order(60), person, drug, "p"),)), person, drug, ISSUED), 21)
    plan = titrate(order(60), person, drug, "p")
    course = Course(versions=(plan,))
    doses = len(expand(course, drug, person.zone, plan.start, plan.until))
    parts = {
        "titrate": best(lambda: titrate(order(60), person, drug, "p"), 21),
        "review": best(lambda: review(plan, person, drug), 21),
        "expand": best(lambda: expand(course, drug, person.zone, plan.start, plan.until), 21),
    }
    zones = sorted(z for z in available_timezones() if z.startswith(("Europe/", "America/")))
    people = [(approved(f"p{n}", someone(zones[n % len(zones)])), zones[n % len(zones)]) for n in range(PEOPLE)]
    begin = Instant.parse("2027-01-15T00:00:00Z")
    end = begin.plus(24 * 3600)
    found: list[int] = []

    def next_day() -> None:
        found.append(sum(len(due_between(course, drug, zone, begin, end, Mode.TO_TAKE)) for course, zone in people))

    day = best(next_day, 3)
    here = ZoneInfo("America/New_York")
    moment = datetime(2027, 1, 15, 8, tzinfo=here)
    yardstick = best(lambda: [moment.astimezone(UTC) for _ in range(found[0])], 5)
    files = Path(__file__).parents[1] / "examples" / "ms-adult.toml"
    bare, helped, planned = (
        cold("-c", "pass"),
        cold("-m", "gradatim", "--help"),
        cold("-m", "gradatim", "plan", str(files)),
    )

    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, {platform.system()}")
    print(f"180-day plan, {doses} doses: titrate + review + expand + supply   {whole * 1e3:8.1f} ms")
    for name, value in parts.items():
        print(f"  {name:62} {value * 1e3:8.1f} ms")
    print(
        f"next 24 h for {PEOPLE:,} people, {found[0]:,} doses                     {day:8.2f} s    {day / found[0] * 1e6:.1f} µs a dose"
    )
    print(
        f"  the same number of bare zone conversions                       {yardstick * 1e3:8.1f} ms   ratio {day / yardstick:.0f}"
    )
    print(f"cold start: python -c pass                                       {bare * 1e3:8.0f} ms")
    print(
        f"cold start: gradatim --help                                      {helped * 1e3:8.0f} ms   ratio {helped / bare:.1f}"
    )
    print(
        f"cold start: gradatim plan examples/ms-adult.toml                 {planned * 1e3:8.0f} ms   ratio {planned / bare:.1f}"
    )


if __name__ == "__main__":
    main()
