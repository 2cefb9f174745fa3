"""What is known about baclofen given by a pump into the spinal fluid.

Nothing here can be added to, compared with or worked out from an `OralDose`: no source has a factor from mg by mouth to
micrograms by pump, so there is no function for it, and `IntrathecalMonograph.no_conversion` says so to the reader.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from gradatim.domain.citation import Citation
from gradatim.domain.dose import Concentration, IntrathecalDose, digits
from gradatim.domain.fault import Unreadable, one_fault
from gradatim.domain.knowledge import DangerSign, Level, Topic
from gradatim.domain.protocol import DayRange, PercentRange, Population


@dataclass(frozen=True, slots=True)
class IntrathecalRange:
    """``"300-800 micrograms"``, both ends included."""

    low: IntrathecalDose
    high: IntrathecalDose

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"300-800 micrograms"``."""
        found = re.match(r"([\d.]+)-([\d.]+) (.+)\Z", text)
        if found is None:
            raise Unreadable(f"{text!r} is not a range of intrathecal doses", "Write it as 300-800 micrograms")
        low, high = (IntrathecalDose.parse(f"{end} {found[3]}") for end in found.groups()[:2])
        if low >= high:
            raise Unreadable(f"{text!r} does not go up", "Write the smaller end first")
        return cls(low, high)

    def __str__(self) -> str:
        low, high = (digits(end.nanograms, 1000).replace(",", "") for end in (self.low, self.high))
        return f"{low}-{high} micrograms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ampoule:
    """One strength for pumps: ``micrograms_per_ml`` is compared, ``printed`` is the wording of the box, where seen."""

    id: str
    market: str
    name: str
    micrograms_per_ml: int
    source: tuple[Citation, ...]
    printed: str | None = None
    use: str | None = None

    def __post_init__(self) -> None:
        if self.micrograms_per_ml <= 0:
            raise one_fault("micrograms_per_ml", f"{self.id} has no drug in it", "Give the micrograms in 1 mL")
        if self.printed and Concentration.parse(self.printed).micrograms_per_ml != self.micrograms_per_ml:
            raise one_fault("printed", f"{self.id}: {self.printed} is not {self.micrograms_per_ml} micrograms in 1 mL",
                            "Read the box again and correct one of them")  # fmt: skip


class Origin(StrEnum):
    """Where the spasticity comes from: pumps are dosed by it."""

    SPINAL = "spinal"
    CEREBRAL = "cerebral"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningStep:
    """One test injection. ``day`` counts from the first one; the next is for people who did not respond to this one."""

    day: int
    dose: IntrathecalDose
    source: tuple[Citation, ...]
    over_at_least_minutes: int | None = None
    observe_hours_from: int | None = None
    observe_hours_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """The test injections before a pump. ``no_response`` says what follows when the last one did nothing."""

    steps: tuple[ScreeningStep, ...]
    no_response: str
    very_small_patients: IntrathecalDose
    source: tuple[Citation, ...]

    def __post_init__(self) -> None:
        pairs = tuple(zip(self.steps, self.steps[1:], strict=False))
        if not self.steps or any(a.dose >= b.dose or a.day >= b.day for a, b in pairs):
            raise one_fault("steps", "the test injections do not go up from day to day", "Write them in order")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstDayRule:
    """The dose of the first 24 hours of the pump, as a multiple of the test dose that worked.

    ``times`` that dose; but ``times_if_long`` when its effect lasted longer than ``long_over_hours``.
    """

    id: str
    times: int
    times_if_long: int
    long_over_hours: int
    over_hours: int
    source: tuple[Citation, ...]
    markets: tuple[str, ...] = ()
    no_rise_hours: int | None = None


class Moment(StrEnum):
    """When a change of the daily dose is made."""

    TITRATION = "titration"  # after the first day of the pump
    REFILL = "refill"


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpChange:
    """How far the daily dose may be moved at one time, in percent of the dose before.

    ``population`` or ``origin`` None: the source does not tell them apart. A step over ``too_much_over_percent``
    may be too much at high doses.
    """

    id: str
    moment: Moment
    source: tuple[Citation, ...]
    origin: Origin | None = None
    population: Population | None = None
    rise: PercentRange | None = None
    cut: PercentRange | None = None
    per_hours: int | None = None
    too_much_over_percent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """A usual daily dose on the pump. ``reported`` ranges are what was seen in people: never limits."""

    id: str
    title: str
    source: tuple[Citation, ...]
    origin: Origin | None = None
    population: Population | None = None
    usual: IntrathecalRange | None = None
    little_experience_over: IntrathecalDose | None = None
    reported: IntrathecalRange | None = None
    mean: IntrathecalDose | None = None
    median: IntrathecalDose | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What a pump sounds like, what it means and what to do."""

    id: str
    sound: str
    meaning: str
    level: Level
    act: str
    source: tuple[Citation, ...]
    within_days: int | None = None
    over_hours: int | None = None
    derived: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefillBooking:
    """How often a pump is filled, and how long before its alarm date the visit is booked."""

    months_from: int
    months_to: int
    mostly_months_from: int
    mostly_months_to: int
    before_alarm: DayRange
    source: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpWithdrawal:
    """What happens when the flow stops, early and late, and who is in most danger."""

    evolves: DayRange
    early: tuple[str, ...]
    late: tuple[str, ...]
    late_hours_from: int
    late_hours_to: int
    severe: PercentRange
    high_risk: tuple[str, ...]
    treatment: str
    source: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeaningOral:
    """How the drug by mouth is taken away *after* the pump works: a share of the oral dose at a time."""

    step: PercentRange
    reassess_hours: int
    order: str
    keep: str
    source: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntrathecalMonograph:
    """What is known about the drug by pump, each fact with its source. For reading and for checks, never for dosing."""

    id: str
    name: str
    version: str
    ampoules: tuple[Ampoule, ...]
    screening: Screening
    first_day: tuple[FirstDayRule, ...]
    changes: tuple[PumpChange, ...]
    maintenance: tuple[Maintenance, ...]
    weaning_oral: WeaningOral
    no_conversion: Topic
    alarms: tuple[Alarm, ...]
    refill_booking: RefillBooking
    withdrawal: PumpWithdrawal
    danger_signs: tuple[DangerSign, ...]
    topics: tuple[Topic, ...]

    def __post_init__(self) -> None:
        if not self.no_conversion.not_found:
            raise one_fault("no_conversion.not_found", "nothing says that there is no factor from mg to micrograms",
                            "Say in not_found that no source has one")  # fmt: skip

    def first_day_for(self, market: str | None) -> FirstDayRule:
        """The rule of this market, else the one bound to none."""
        own = [rule for rule in self.first_day if market in rule.markets]
        return own[0] if own else next(rule for rule in self.first_day if not rule.markets)
