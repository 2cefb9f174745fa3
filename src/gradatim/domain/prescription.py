"""What a prescriber asks for: the way up, or the way down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import ClassVar

from gradatim.domain.dose import OralDose
from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.domain.plan import EARLIEST, LATEST, Answerer, Doses
from gradatim.domain.tablets import Making

LONGEST_TAKEN = 45_000  # days: longer than anybody has lived


class Spread(StrEnum):
    """Which times of day change first, up or down."""

    TOGETHER = "together"  # all at once, as the label does
    EVENING_FIRST = "evening-first"  # one time after the other, the last of the day first
    MORNING_FIRST = "morning-first"  # one time after the other, the first of the day first
    MORNING_LAST = "morning-last"  # all others at once, then the first of the day
    SPREAD = "spread"  # the daily amount shared out, the smallest dose (down: the largest) first, ties to the evening


@dataclass(frozen=True, slots=True, kw_only=True)
class PerDose:
    """Each step changes every dose by this much."""

    kind: ClassVar[str] = "per_dose"
    amount: OralDose


@dataclass(frozen=True, slots=True, kw_only=True)
class PerDay:
    """Each step changes the day's total by this much."""

    kind: ClassVar[str] = "per_day"
    amount: OralDose


@dataclass(frozen=True, slots=True, kw_only=True)
class ByPercent:
    """Each step changes the day's total by this share of what it was.

    Up, a step is rounded down to what can be made. Down, no day lies below the curve that was asked for.
    """

    kind: ClassVar[str] = "percent"
    percent: int

    def __post_init__(self) -> None:
        if not 1 <= self.percent <= 100:
            raise one_fault("percent", f"{self.percent} % is not a step", "Give a percentage from 1 to 100")


StepBy = PerDose | PerDay | ByPercent


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One row of an explicit table: the doses of each day, for some days."""

    days: int
    doses: Doses

    def __post_init__(self) -> None:
        if not 1 <= self.days <= 3650:
            raise one_fault("days", f"{self.days} is not a number of days", "Give 1 day or more")


class Before(StrEnum):
    """Where reviews stand."""

    EACH = "each"  # before each change beyond the first step
    SOME = "some"  # before the steps listed
    NONE = "none"


UP_ASKS = ("ask.sleepiness-bearable", "ask.walking-no-worse", "ask.no-danger-sign")
DOWN_ASKS = ("ask.no-withdrawal-sign", "ask.spasms-bearable", "ask.no-danger-sign")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviews:
    """Where somebody must say "go on", who, and by what criteria (empty: the usual ones of the way up or down)."""

    before: Before = Before.EACH
    steps: tuple[int, ...] = ()
    by: Answerer = Answerer.PERSON
    asks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.before is Before.SOME) != bool(self.steps):
            raise one_fault(
                "steps", "steps are listed exactly when before is some", 'Write before = "some" and steps = [2, 3]'
            )
        if any(step < 2 for step in self.steps):
            raise one_fault(
                "steps", "a review stands before a later step", "Steps count from 1; list numbers from 2 up"
            )

    def stand_before(self, step: int) -> bool:
        """Whether there is a review before step ``step`` (from 1)."""
        return step > 1 and (self.before is Before.EACH or step in self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """An order for a way up: by a cited protocol, by steps of the prescriber's own, or by an explicit table."""

    start: date
    times: tuple[time, ...]
    products: tuple[str, ...]
    protocol: str | None = None
    target: OralDose | None = None
    start_doses: Doses | None = None
    step: StepBy | None = None
    interval_days: int | None = None
    spread: Spread = Spread.TOGETHER
    weights: tuple[int, ...] = ()
    table: tuple[TableRow, ...] = ()
    reviews: Reviews = Reviews()
    making: Making = Making()
    until: date | None = None
    before: Doses | None = None
    on_drug_days: int = 0

    def __post_init__(self) -> None:
        faults = _shared_faults(self.start, self.times, self.products, self.on_drug_days)
        if self.table and (self.protocol or self.step or self.start_doses or self.target):
            faults.append(
                Fault(
                    "table",
                    "a table stands beside a protocol, step, start or target",
                    "Give either the table or the others",
                )
            )
        if not self.table:
            if self.target is None or not self.target:
                faults.append(Fault("target", "is missing", "Give the daily dose to reach, for example 60 mg"))
            if self.protocol is None and self.start_doses is None and self.before is None:
                faults.append(
                    Fault(
                        "start_doses",
                        "neither a protocol nor a start is given",
                        "Give a protocol, or the doses of the first day",
                    )
                )
            if self.protocol is None and self.step is None:
                faults.append(
                    Fault(
                        "step",
                        "neither a protocol nor a step is given",
                        "Give a protocol, or a step by dose, day or percent",
                    )
                )
            if self.protocol is None and self.interval_days is None:
                faults.append(
                    Fault("interval_days", "neither a protocol nor an interval is given", "Give the days between steps")
                )
        if self.interval_days is not None and not 1 <= self.interval_days <= 365:
            faults.append(Fault("interval_days", f"{self.interval_days} days is not an interval", "Give 1 day or more"))
        if self.before is not None and any(self.before) and self.start_doses is not None:
            faults.append(
                Fault(
                    "start_doses", "stands beside the doses taken before", "Give one of them: steps go on from before"
                )
            )
        if self.until is not None and self.until < self.start:
            faults.append(
                Fault(
                    "until", f"{self.until} is before the start, {self.start}", "Give a later end or an earlier start"
                )
            )
        if self.weights and (self.spread is not Spread.SPREAD or isinstance(self.step, PerDose)):
            faults.append(
                Fault(
                    "weights",
                    "only count where the day's amount is shared out",
                    'Use spread = "spread" and a step per day or percent',
                )
            )
        if self.weights and (len(self.weights) != len(self.times) or min(self.weights) < 1):
            faults.append(
                Fault("weights", "needs one whole number for each time of day", "For example weights = [1, 1, 2]")
            )
        for name, doses in (
            ("start_doses", self.start_doses),
            ("before", self.before),
            *((f"table[{n}].doses", r.doses) for n, r in enumerate(self.table)),
        ):
            if doses is not None and len(doses) != len(self.times):
                faults.append(
                    Fault(
                        name,
                        f"{len(doses)} doses for {len(self.times)} times of day",
                        "Give one dose for each time; 0 mg for none",
                    )
                )
        if faults:
            raise BadInput(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaperOrder:
    """An order for a way down from ``current``: by protocol, by steps of the prescriber's own, or to a last day.

    ``stop_on`` is the first day without the drug. ``floor`` is the daily dose that is stopped from. ``to`` is the daily dose to
    end at (zero: stop).
    """

    start: date
    times: tuple[time, ...]
    current: Doses
    products: tuple[str, ...]
    on_drug_days: int
    protocol: str | None = None
    step: StepBy | None = None
    interval_days: int | None = None
    stop_on: date | None = None
    floor: OralDose | None = None
    to: OralDose = OralDose(0)
    spread: Spread = Spread.SPREAD
    reviews: Reviews = Reviews()
    making: Making = Making()

    def __post_init__(self) -> None:
        faults = _shared_faults(self.start, self.times, self.products, self.on_drug_days)
        ways = [name for name in ("protocol", "step", "stop_on") if getattr(self, name) is not None]
        if len(ways) != 1:
            faults.append(
                Fault(
                    "protocol",
                    f"{' and '.join(ways) or 'none'} of protocol, step and stop_on given",
                    "Give exactly one of them",
                )
            )
        if self.step is not None and self.interval_days is None:
            faults.append(Fault("interval_days", "is missing", "Give the days between steps"))
        if self.interval_days is not None and not 1 <= self.interval_days <= 365:
            faults.append(Fault("interval_days", f"{self.interval_days} days is not an interval", "Give 1 day or more"))
        if len(self.current) != len(self.times):
            faults.append(
                Fault(
                    "current",
                    f"{len(self.current)} doses for {len(self.times)} times of day",
                    "Give one dose for each time",
                )
            )
        day = sum(dose.micrograms for dose in self.current)
        if not day:
            faults.append(
                Fault(
                    "current", "nothing is taken now", "Give the doses taken each day now, for example 20mg,20mg,20mg"
                )
            )
        if self.to.micrograms >= day > 0:
            faults.append(
                Fault("to", f"{self.to} is not below the present daily dose", "A taper goes down: give a smaller dose")
            )
        if self.stop_on is not None and self.stop_on <= self.start:
            faults.append(
                Fault("stop_on", f"{self.stop_on} is not after the start, {self.start}", "Give a later last day")
            )
        if faults:
            raise BadInput(faults)


def _shared_faults(start: date, times: tuple[time, ...], products: tuple[str, ...], on_drug_days: int) -> list[Fault]:
    faults = []
    if not EARLIEST <= start.year <= LATEST:
        faults.append(Fault("start", f"{start} is not a plausible date", f"Give a day from {EARLIEST} to {LATEST}"))
    if not times:
        faults.append(Fault("times", "no time of day is given", "Give at least one, for example 08:00"))
    if not products:
        faults.append(Fault("products", "no product is given", "Give what is at hand, for example us/10"))
    if len(set(products)) != len(products):
        faults.append(Fault("products", "a product is named twice", "Name each once"))
    if on_drug_days < 0:
        faults.append(
            Fault("on_drug_days", "is negative", "Give for how many days the drug has been taken; 0 for a first start")
        )
    elif on_drug_days > LONGEST_TAKEN:
        faults.append(
            Fault("on_drug_days", f"is more than {LONGEST_TAKEN}", "Give for how many days the drug has been taken")
        )
    return faults
