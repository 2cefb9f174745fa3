"""One plan laid out for checking: its levels, rises and cuts, and the guardrails that govern this person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Self

from gradatim.domain.dose import OralDose, total
from gradatim.domain.finding import Finding
from gradatim.domain.guardrail import Guardrail, Kind, Severity
from gradatim.domain.monograph import Monograph
from gradatim.domain.person import Person
from gradatim.domain.plan import Because, Doses, Plan, Purpose, Step
from gradatim.domain.product import Product
from gradatim.domain.renal import Formula, RenalFunction, renal_function
from gradatim.domain.timeline import Answer, Stretch, as_answered, as_planned


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of the daily doses from one day to the next. ``days`` is how long the doses before had been taken, if known."""

    day: date
    old: Doses
    new: Doses
    days: int | None

    @property
    def rise(self) -> int:
        """Rise of the daily total in micrograms; negative for a cut."""
        return total(self.new).micrograms - total(self.old).micrograms


Led = tuple[Change, Step]
"""A change with the step that it leads to."""


def changes_of(plan: Plan, stretches: tuple[Stretch, ...]) -> list[Led]:
    """Every change of the daily doses over these stretches of a plan, the first against what was taken before."""
    first = stretches[0]
    found: list[Led] = []
    if plan.before is not None and plan.before != first.step.doses:
        found.append((Change(day=plan.start, old=plan.before, new=first.step.doses, days=None), first.step))
    since = None if plan.before == first.step.doses else first.first
    for one, two in pairwise(stretches):
        if two.step.doses != one.step.doses:
            days = None if since is None else (two.first - since).days
            found.append((Change(day=two.first, old=one.step.doses, new=two.step.doses, days=days), two.step))
            since = two.first
    return found


def lived_through(earlier: tuple[Plan, ...], plan: Plan, answers: tuple[Answer, ...]) -> list[tuple[Plan, list[Led]]]:
    """The changes of the versions before this one that really came, given the answers: each until a later version took over."""
    found = []
    for place, one in enumerate(earlier):
        until = min(later.start for later in (*earlier[place + 1 :], plan))
        came = (
            [led for led in changes_of(one, as_answered(one, answers)) if led[0].day < until]
            if one.start < until
            else []
        )
        found.append((one, came))
    return found


def _down(since: date | None, change: Change, to: Step) -> date | None:
    if change.rise < 0:
        return since or change.day
    return since if change.rise == 0 or to.because is Because.STEP_BACK else None


def governing(
    guardrails: tuple[Guardrail, ...], person: Person, filtration: float | None, on_drug_days: int
) -> tuple[Guardrail, ...]:
    """The guardrails that apply; of the same kind and group, one of the person's market replaces one of no market."""
    suiting = [g for g in guardrails if person.suits(g.applies, filtration, on_drug_days)]
    local = {(g.kind, g.group) for g in suiting if g.applies.markets}
    return tuple(g for g in suiting if g.applies.markets or (g.kind, g.group) not in local)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the rules look at."""

    plan: Plan
    person: Person
    monograph: Monograph
    earlier: tuple[Plan, ...]
    lived: tuple[tuple[Plan, list[Led]], ...]
    stretches: tuple[Stretch, ...]
    changes: tuple[Change, ...]
    renal: RenalFunction
    guardrails: tuple[Guardrail, ...]
    products: tuple[Product, ...]

    @classmethod
    def of(
        cls,
        plan: Plan,
        person: Person,
        monograph: Monograph,
        earlier: tuple[Plan, ...],
        answers: tuple[Answer, ...] = (),
    ) -> Self:
        """Lay out a plan. What came before it is taken as it was answered, what it plans as planned."""
        stretches = as_planned(plan)
        changes = [change for change, _ in changes_of(plan, stretches)]
        renal = renal_function(person)
        deciding = renal.deciding
        filtration = None if deciding is None else deciding[1]
        return cls(
            plan=plan, person=person, monograph=monograph, earlier=earlier, stretches=stretches,
            lived=tuple(lived_through(earlier, plan, answers)), changes=tuple(changes), renal=renal,
            guardrails=governing(monograph.guardrails, person, filtration, plan.on_drug_days),
            products=tuple(monograph.product(id) for id in plan.products),
        )  # fmt: skip

    def of_kind(self, kind: Kind) -> tuple[Guardrail, ...]:
        """The governing guardrails of a kind."""
        return tuple(g for g in self.guardrails if g.kind is kind)

    @property
    def first_start(self) -> bool:
        """Whether the plan begins the drug, rather than changing doses that are known to be taken."""
        return not any(self.plan.before or ()) and self.plan.purpose is Purpose.TITRATION

    @property
    def down_since(self) -> date | None:
        """When the way down began that this plan is on, in this version or an earlier one; a step back does not end it.

        That is the first cut; or the first day of a taper that begins with the present dose, where that dose is small enough
        to be stopped from.
        """
        small = max(
            (g.recommended.dose for g in self.of_kind(Kind.TAPER_LAST_DAY) if g.recommended), default=OralDose(0)
        )
        since: date | None = None
        for plan, came in (*self.lived, (self.plan, changes_of(self.plan, self.stretches))):
            first = plan.steps[0]
            if plan.purpose is Purpose.TAPER and first.because is Because.AS_BEFORE and total(first.doses) <= small:
                since = since or plan.start
            for change, to in came:
                since = _down(since, change, to)
        return since

    @property
    def timed_cuts(self) -> tuple[tuple[int, date], ...]:
        """Each cut but the very first: how many days the doses before had been taken, in this version or since the last cut of an
        earlier one; and its day."""
        return self._timed(
            self.cuts, [change.day for _, came in self.lived for change, _ in came if change.rise < 0], skip=1
        )

    @property
    def timed_rises(self) -> tuple[tuple[int, date], ...]:
        """The same of the rises."""
        return self._timed(
            self.rises, [change.day for _, came in self.lived for change, _ in came if change.rise > 0], skip=0
        )

    def _timed(self, mine: tuple[Change, ...], before: list[date], *, skip: int) -> tuple[tuple[int, date], ...]:
        across = [((mine[0].day - max(before)).days, mine[0].day)] if mine and before else []
        return (*across, *((change.days, change.day) for change in mine[skip:] if change.days is not None))

    @property
    def stop(self) -> Change | None:
        """The change to nothing, if the plan ends the drug."""
        return next((change for change in self.cuts if not total(change.new)), None)

    @property
    def days_down(self) -> int | None:
        """How long the way down lasts, from where it began to the first day without the drug; None where it has no end."""
        return None if self.stop is None else (self.stop.day - (self.down_since or self.cuts[0].day)).days

    @property
    def rises(self) -> tuple[Change, ...]:
        """The changes upwards, judged by the daily total."""
        return tuple(change for change in self.changes if change.rise > 0)

    @property
    def cuts(self) -> tuple[Change, ...]:
        """The changes downwards."""
        return tuple(change for change in self.changes if change.rise < 0)

    @property
    def only_down(self) -> bool:
        """Whether the plan only lowers what is already taken."""
        return self.plan.before is not None and bool(self.cuts) and not self.rises

    @property
    def coming_off(self) -> bool:
        """Whether the plan ends without the drug, or only rests at what is taken."""
        resting = self.plan.purpose is Purpose.CHANGE and self.plan.before is not None and not self.changes
        return resting or (self.only_down and not self.stretches[-1].day_total)

    def eased(self, finding: Finding) -> Finding:
        """A reason against taking the drug at all must not stand in the way of coming off it: on the way off it does not block."""
        return replace(finding, severity=Severity.CAUTION) if self.coming_off and finding.blocks else finding

    @property
    def kidneys(self) -> str:
        """The kidney function that the bands go by, in words: ``eGFR 45, CKD-EPI 2021``."""
        if self.deciding is None:
            return "on dialysis" if self.person.dialysis else "eGFR not known"
        return f"eGFR {self.deciding[1]:.0f}, {self.deciding[0]}"

    @property
    def deciding(self) -> tuple[Formula, float] | None:
        """The kidney function that the rules use."""
        return self.renal.deciding


def milligrams(micrograms: int) -> Fraction:
    """Exact mg, for comparison with bounds."""
    return Fraction(micrograms, 1000)


def highest(stretches: tuple[Stretch, ...]) -> tuple[OralDose, date]:
    """The highest daily total and the first day it is reached."""
    best = max(stretches, key=lambda stretch: (stretch.day_total, -stretch.first.toordinal()))
    return best.day_total, best.first
