"""A plan: steps, rests and reviews; its versions; and which dose holds on which day.

A version holds only what comes on and after its start, so a later version cannot change an earlier day. Its items have
durations, not dates: dates follow from the start and from when each review was answered, so a late answer moves the rest back
and never shortens a step.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum
from itertools import pairwise
from typing import ClassVar

from gradatim.domain.approval import Approval, Override
from gradatim.domain.citation import Citation
from gradatim.domain.clock import MIN_GAP
from gradatim.domain.dose import OralDose
from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.domain.tablets import Making

EARLIEST, LATEST = 2000, 2100  # years of a plausible start
LONGEST = 3660  # days of one version

Doses = tuple[OralDose, ...]  # one for each time of the day, in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A time of day at which a dose may be taken. The id stays when the clock time is moved."""

    id: str
    at: time


def slots_at(times: tuple[time, ...], path: str = "times") -> tuple[Slot, ...]:
    """Slots ``s1``, ``s2`` … at these wall-clock times. Raises `BadInput` unless they rise by at least 15 minutes."""
    faults = [] if times else [Fault(path, "no time of day is given", "Give at least one, for example 08:00")]
    for place, (one, next_one) in enumerate(pairwise(times), start=1):
        if _minutes(next_one) - _minutes(one) < MIN_GAP.seconds // 60:
            faults.append(
                Fault(
                    f"{path}[{place}]",
                    f"{next_one:%H:%M} does not come at least 15 minutes after {one:%H:%M}",
                    "Write the times of the day in order, on a 24-hour clock",
                )
            )
    if len(times) > 1 and _minutes(times[0]) + 24 * 60 - _minutes(times[-1]) < MIN_GAP.seconds // 60:
        faults.append(
            Fault(
                path,
                f"{times[-1]:%H:%M} is less than 15 minutes before {times[0]:%H:%M} of the next day",
                "Move one of them",
            )
        )
    if faults:
        raise BadInput(faults)
    return tuple(Slot(id=f"s{place}", at=at) for place, at in enumerate(times, start=1))


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


class Because(StrEnum):
    """Why an item is in the plan; `gradatim.words` says it in full."""

    START = "start"
    RISE = "rise"
    TABLE = "table"
    CUT = "cut"
    STOPPED = "stopped"
    HOLD = "hold"
    STEP_BACK = "step-back"
    HALF_STEP = "half-step"
    AS_BEFORE = "as-before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The doses of each day for some days; ``days`` None: until something else is decided. ``note`` is the prescriber's word."""

    kind: ClassVar[str] = "step"
    doses: Doses
    because: Because
    days: int | None = None
    source: tuple[Citation, ...] = ()
    note: str | None = None

    def __post_init__(self) -> None:
        if self.days is not None and not 1 <= self.days <= 3650:
            raise one_fault("days", f"a step cannot last {self.days} days", "Give 1 day or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Step):
    """A rest: the same doses for longer, on purpose."""

    kind: ClassVar[str] = "hold"


class Answerer(StrEnum):
    """Who may answer a review."""

    PERSON = "person"
    CARER = "carer"
    CLINICIAN = "clinician"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A point where somebody must say "go on" before what follows. Until then the doses stay as they are.

    ``asks`` are criteria: keys of `gradatim.words` (``ask.sleepiness``), or the prescriber's own sentence.
    """

    kind: ClassVar[str] = "review"
    id: str
    by: Answerer
    asks: tuple[str, ...]


Item = Step | Hold | Review


def numbered(items: Iterable[Item], version: int) -> tuple[Item, ...]:
    """Reviews named by version and place, so that an answer to one version never opens another."""
    count = 0
    named: list[Item] = []
    for item in items:
        count += isinstance(item, Review)
        named.append(replace(item, id=f"v{version}-r{count}") if isinstance(item, Review) else item)
    return tuple(named)


class State(StrEnum):
    """Where a version stands. Only approved and active versions give doses to take."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    ACTIVE = "active"
    SUPERSEDED = "superseded"


class Purpose(StrEnum):
    """What a version is for."""

    TITRATION = "titration"
    TAPER = "taper"
    CHANGE = "change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One version of a plan.

    ``start`` is the first day it governs, ``until`` the last day it is valid for on paper (the doses do not stop then: somebody
    has to look). ``before`` are the doses of the day before the start, for plans that change something already taken.
    ``on_drug_days`` is for how long the drug had been taken at the start. ``protocol`` is the cited protocol, if one was used.
    """

    id: str
    version: int
    drug: str
    purpose: Purpose
    start: date
    until: date
    slots: tuple[Slot, ...]
    items: tuple[Item, ...]
    products: tuple[str, ...]
    making: Making = Making()
    protocol: str | None = None
    before: Doses | None = None
    on_drug_days: int = 0
    state: State = State.DRAFT
    approval: Approval | None = None
    overrides: tuple[Override, ...] = ()

    def __post_init__(self) -> None:
        faults = []
        if self.version < 1:
            faults.append(Fault("version", f"{self.version} is not a version", "Versions count from 1"))
        if self.until < self.start:
            faults.append(
                Fault(
                    "until", f"{self.until} is before the start, {self.start}", "Give a later end or an earlier start"
                )
            )
        if not EARLIEST <= self.start.year <= LATEST:
            faults.append(
                Fault("start", f"{self.start} is not a plausible date", f"Give a day from {EARLIEST} to {LATEST}")
            )
        if (
            sum(item.days or 0 for item in self.items if isinstance(item, Step)) > LONGEST
            or (self.until - self.start).days > LONGEST
        ):
            faults.append(
                Fault(
                    "items", f"the plan is longer than {LONGEST} days", "Plan a shorter time; a new version can follow"
                )
            )
        if not self.items or isinstance(self.items[0], Review):
            faults.append(Fault("items", "a plan begins with a step", "Add a first step"))
        for place, item in enumerate(self.items):
            at = f"items[{place}]"
            if isinstance(item, Review):
                if place + 1 == len(self.items) or isinstance(self.items[place + 1], Review):
                    faults.append(Fault(at, "a review stands before nothing", "Put a step after it or take it out"))
                continue
            if len(item.doses) != len(self.slots):
                faults.append(
                    Fault(
                        f"{at}.doses",
                        f"{len(item.doses)} doses for {len(self.slots)} times of day",
                        "Give one dose for each time",
                    )
                )
            if (item.days is None) != (place + 1 == len(self.items)):
                faults.append(
                    Fault(
                        f"{at}.days",
                        "only the last step, and always the last step, has no number of days",
                        "Correct days",
                    )
                )
        if self.before is not None and len(self.before) != len(self.slots):
            faults.append(Fault("before", "needs one dose for each time of day", "Give one dose for each time"))
        if (self.state in (State.APPROVED, State.ACTIVE, State.SUPERSEDED)) != (self.approval is not None):
            faults.append(
                Fault(
                    "approval",
                    f"does not fit the state {self.state}",
                    "An approved plan names who approved it; others do not",
                )
            )
        if faults:
            raise BadInput(faults)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The items that carry doses, in order."""
        return tuple(item for item in self.items if isinstance(item, Step))

    @property
    def rev(self) -> str:
        """``plan id + version``, as printed."""
        return f"{self.id} v{self.version}"
