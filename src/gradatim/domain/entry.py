"""One thing that somebody wrote down: an immutable entry of a person's journal.

Entries are only ever added. What was written wrong is put right by a `Correction` that points at it. Each entry keeps two stamps:
``at``, when it happened, and ``recorded``, when it was written; nothing recorded later changes what the record showed before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from gradatim.domain.approval import Role
from gradatim.domain.clock import Instant, UnknownZone, zone
from gradatim.domain.dose import Concentration, OralDose
from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.domain.person import Creatinine, Filtration, Person, Weight
from gradatim.domain.plan import Answerer, Plan
from gradatim.domain.timeline import Answer

_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
LONGEST_TEXT = 4000  # letters of one note


def new_id(milliseconds: int, chance: bytes) -> str:
    """A UUIDv7 (RFC 9562): 48 bits of milliseconds since 1970, then ``chance``, ten random bytes."""
    if len(chance) != 10 or not 0 <= milliseconds < 1 << 48:
        raise ValueError("a UUIDv7 takes 48 bits of milliseconds and ten random bytes")
    bits = milliseconds << 80 | int.from_bytes(chance, "big")
    bits = bits & ~(0xF << 76) | 0x7 << 76
    bits = bits & ~(0x3 << 62) | 0x2 << 62
    text = f"{bits:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def is_id(text: str) -> bool:
    """Whether a text is a UUIDv7 in its usual spelling."""
    return _UUID7.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What was really taken of one product, as it was then: ``quarters`` of a solid of this ``strength`` (4 are a tablet), or
    ``microlitres`` of a liquid of this ``concentration``."""

    product: str
    strength: OralDose | None = None
    quarters: int = 0
    concentration: Concentration | None = None
    microlitres: int = 0

    def __post_init__(self) -> None:
        solid = self.strength is not None and self.quarters > 0 and self.concentration is None and not self.microlitres
        liquid = self.concentration is not None and self.microlitres > 0 and self.strength is None and not self.quarters
        if not (solid or liquid):
            raise one_fault(
                "",
                f"{self.product}: neither tablets nor a volume",
                "Give strength and quarters, or concentration and microlitres",
            )
        if self.dose is None:
            raise one_fault("", f"{self.product}: that is no whole number of micrograms", "Check the amount")

    @property
    def dose(self) -> OralDose | None:
        """What it holds; None only where a volume holds no whole number of micrograms, which the constructor refuses."""
        if self.strength is not None:
            micrograms, rest = divmod(self.strength.micrograms * self.quarters, 4)
            return None if rest else OralDose(micrograms)
        assert self.concentration is not None
        return self.concentration.dose_in(self.microlitres)


Units = tuple[Used, ...]


def _check_amount(amount: OralDose, units: Units) -> None:
    if not amount:
        raise one_fault("amount", "0 mg is not a dose taken", "Record it as skipped instead")
    held = sum(used.dose.micrograms for used in units if used.dose is not None)
    if units and held != amount.micrograms:
        raise one_fault("units", f"hold {OralDose(held)}, not {amount}", "Tablets and mg must say the same")


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
class DoseTaken:
    """A planned dose taken: how much, of what, frozen as it was. ``despite`` names the guards that were shown and passed over."""

    kind: ClassVar[str] = "dose-taken"
    dose: str
    amount: OralDose
    units: Units = ()
    despite: tuple[str, ...] = ()
    reason: str | None = None

    def __post_init__(self) -> None:
        _check_amount(self.amount, self.units)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseSkipped:
    """A planned dose left out, and why."""

    kind: ClassVar[str] = "dose-skipped"
    dose: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseUnsure:
    """Nobody knows whether a planned dose was taken."""

    kind: ClassVar[str] = "dose-unsure"
    dose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraDose:
    """Drug taken beside the plan."""

    kind: ClassVar[str] = "extra-dose"
    amount: OralDose
    units: Units = ()
    despite: tuple[str, ...] = ()
    reason: str | None = None

    def __post_init__(self) -> None:
        _check_amount(self.amount, self.units)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One answer on one scale, in the scale's own steps."""

    scale: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """The answers of one check-in; every question may be left out."""

    kind: ClassVar[str] = "check-in"
    scores: tuple[Score, ...] = ()
    note: str | None = None

    def __post_init__(self) -> None:
        _short(self.note, "note")
        names = [score.scale for score in self.scores]
        if not names and not self.note:
            raise one_fault("scores", "nothing was answered", "Answer one question at least")
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise one_fault("scores", f"{', '.join(twice)} answered twice", "Give one answer for each")


@dataclass(frozen=True, slots=True, kw_only=True)
class SymptomNoted:
    """Something felt or seen: the id of a danger sign or of a reaction in the monograph, or a free word."""

    kind: ClassVar[str] = "symptom"
    sign: str
    note: str | None = None

    def __post_init__(self) -> None:
        _short(self.note, "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured; blood pressure in mmHg."""

    kind: ClassVar[str] = "measured"
    weight: Weight | None = None
    creatinine: Creatinine | None = None
    egfr: Filtration | None = None
    systolic: int | None = None
    diastolic: int | None = None

    def __post_init__(self) -> None:
        values = (self.weight, self.creatinine, self.egfr, self.systolic, self.diastolic)
        if all(value is None for value in values):
            raise one_fault("", "nothing was measured", "Give weight, creatinine, egfr, or systolic and diastolic")
        if (self.systolic is None) != (self.diastolic is None):
            raise one_fault("systolic", "and diastolic belong together", "Give both, for example 120 and 80")
        if self.systolic is not None and self.diastolic is not None and not 30 <= self.diastolic < self.systolic <= 300:
            raise one_fault(
                "systolic",
                f"{self.systolic}/{self.diastolic} is not plausible",
                "Write it as read, for example 120 and 80",
            )


class EventKind(StrEnum):
    """What happened."""

    FALL = "fall"
    SEIZURE = "seizure"
    HOSPITAL = "hospital"
    SURGERY = "surgery"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event. ``on``: the day of something that is still to come, such as surgery."""

    kind: ClassVar[str] = "event"
    event: EventKind
    note: str | None = None
    on: date | None = None

    def __post_init__(self) -> None:
        _short(self.note, "note")


class OtherChange(StrEnum):
    """How another medicine is taken."""

    STARTED = "started"
    STOPPED = "stopped"
    ONCE = "once"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTaken:
    """Another medicine, or ``alcohol``: begun, ended, or taken once."""

    kind: ClassVar[str] = "other-taken"
    name: str
    change: OtherChange = OtherChange.ONCE
    amount: str | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise one_fault("name", "nothing is named", "Give the name, for example ibuprofen or alcohol")


class StockChange(StrEnum):
    """What happened to the box."""

    COUNTED = "counted"
    RECEIVED = "received"
    LOST = "lost"
    OPENED = "opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class StockChanged:
    """Tablets (in quarters) or liquid (in microlitres) counted, received, lost; or a bottle opened.

    ``in_use_days`` is the bottle's own figure for how long it keeps once opened; ``expires`` the day printed on the pack.
    """

    kind: ClassVar[str] = "stock"
    change: StockChange
    product: str
    quarters: int = 0
    microlitres: int = 0
    expires: date | None = None
    batch: str | None = None
    in_use_days: int | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if self.quarters < 0 or self.microlitres < 0 or (self.quarters and self.microlitres):
            raise one_fault("quarters", "is not an amount of one product", "Give tablets or millilitres, 0 or more")
        if self.change in (StockChange.RECEIVED, StockChange.LOST) and not (self.quarters or self.microlitres):
            raise one_fault("quarters", f"nothing was {self.change}", "Give how many")
        if self.change is StockChange.OPENED and (self.quarters or self.microlitres):
            raise one_fault("microlitres", "opening a bottle does not change how much there is", "Leave the amount out")


@dataclass(frozen=True, slots=True, kw_only=True)
class TripPlanned:
    """Days away from home and from the own pharmacy."""

    kind: ClassVar[str] = "trip"
    first: date
    last: date
    note: str | None = None

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise one_fault("last", f"{self.last} is before the first day, {self.first}", "Give a later last day")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalRated:
    """A goal of the person's own, rated −2 … +2 (0: as expected); ``weight`` is importance × difficulty."""

    kind: ClassVar[str] = "goal"
    goal: str
    level: int
    weight: int = 1

    def __post_init__(self) -> None:
        if not -2 <= self.level <= 2:
            raise one_fault(
                "level", f"{self.level} is not a level of goal attainment", "Give a whole number from -2 to 2"
            )
        if not 1 <= self.weight <= 9:
            raise one_fault(
                "weight", f"{self.weight} is not a weight", "Give 1 to 9: importance (1-3) × difficulty (1-3)"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDescribed:
    """Who takes the drug, as known from now on."""

    kind: ClassVar[str] = "person"
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten:
    """Free text."""

    kind: ClassVar[str] = "note"
    text: str

    def __post_init__(self) -> None:
        _short(self.text, "text")
        if not self.text.strip():
            raise one_fault("text", "is empty", "Write something")


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


Correctable = (
    DoseTaken | DoseSkipped | DoseUnsure | ExtraDose | CheckIn | SymptomNoted | Measured | Happened | OtherTaken | StockChanged
    | TripPlanned | GoalRated | NoteWritten
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an earlier entry should have said: ``instead`` None takes it back. ``at`` None: when it happened stays.

    It may point at another correction, which takes that one back. Approvals, answers, preferences, and answers to the watch are not
    corrected but followed by a new one.
    """

    kind: ClassVar[str] = "correction"
    corrects: str
    why: str
    instead: Correctable | None = None
    at: Instant | None = None

    def __post_init__(self) -> None:
        if not is_id(self.corrects):
            raise one_fault("corrects", f"{self.corrects!r} is not the id of an entry", "Take it from gradatim history")


What = (
    PlanApproved | PlanSuperseded | ReviewAnswered | DoseTaken | DoseSkipped | DoseUnsure | ExtraDose | CheckIn | SymptomNoted
    | Measured | Happened | OtherTaken | StockChanged | TripPlanned | GoalRated | PersonDescribed | NoteWritten | Preference
    | WatchAnswered | Correction
)  # fmt: skip
"""All that can be written down; told apart by ``kind``."""


def _short(text: str | None, path: str) -> None:
    if text is not None and len(text) > LONGEST_TEXT:
        raise one_fault(path, f"{len(text)} letters are too many", f"Write at most {LONGEST_TEXT} letters")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry. ``person`` is whose journal it is, ``author`` who wrote it, ``device`` where; ``zone`` is where the person was."""

    id: str
    person: str
    author: str
    device: str
    at: Instant
    zone: str
    recorded: Instant
    what: What

    def __post_init__(self) -> None:
        faults = []
        if not is_id(self.id):
            faults.append(Fault("id", f"{self.id!r} is not a UUIDv7", "Use the id as it was made"))
        faults += [
            Fault(name, "is empty", "Say who, or which device")
            for name, text in (("person", self.person), ("author", self.author), ("device", self.device))
            if not text.strip()
        ]
        if self.at > self.recorded:
            faults.append(
                Fault(
                    "at",
                    f"{self.at} is later than it was written down, {self.recorded}",
                    "Only what has happened can be recorded",
                )
            )
        try:
            zone(self.zone)
        except UnknownZone as unknown:
            faults.append(Fault("zone", unknown.problem, unknown.remedy))
        if faults:
            raise BadInput(faults)
