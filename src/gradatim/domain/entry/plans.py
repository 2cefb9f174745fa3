"""Who takes the drug, by which plan, and what was decided on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from gradatim.domain.approval import Role
from gradatim.domain.clock import Instant
from gradatim.domain.fault import one_fault
from gradatim.domain.person import Person
from gradatim.domain.plan import Answerer, Plan
from gradatim.domain.timeline import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanApproved:
    """An approved version that the person follows from now on. ``answers``: given before the record began; only with the first plan."""

    kind: ClassVar[str] = "plan-approved"
    plan: Plan
    answers: tuple[Answer, ...] = ()

    def __post_init__(self) -> None:
        if self.plan.approval is None:
            raise one_fault(
                "plan.state", f"{self.plan.rev} is {self.plan.state}", "Only an approved plan can be followed"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSuperseded:
    """A version taken back before it started: what held before it goes on."""

    kind: ClassVar[str] = "plan-superseded"
    plan: str
    version: int
    by: str
    role: Role
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAnswered:
    """A review answered: go on or not yet, from ``from_day``, and never from a day before it was written down."""

    kind: ClassVar[str] = "review-answered"
    plan: str
    review: str
    go_on: bool
    by: str
    role: Answerer
    from_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDescribed:
    """Who takes the drug, as known from now on."""

    kind: ClassVar[str] = "person"
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """A choice of the person's, such as ``repeat-days`` or ``missed-rule``."""

    kind: ClassVar[str] = "preference"
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchAnswered:
    """Something the watch said was seen and dealt with: by whom, what was said, and until when it may rest."""

    kind: ClassVar[str] = "watch-answered"
    rule: str
    by: str
    said: str
    until: Instant | None = None

    def __post_init__(self) -> None:
        if not self.by.strip() or len(self.said.strip()) < 3:
            raise one_fault(
                "said",
                "it is not said who dealt with it and how",
                'Say it, for example by="Dr A. Name" said="go on with the usual dose"',
            )
