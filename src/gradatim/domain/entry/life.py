"""What was felt, measured, and what else happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from gradatim.domain.fault import one_fault
from gradatim.domain.person import Creatinine, Filtration, Weight

LONGEST_TEXT = 4000  # letters of one note


def _short(text: str | None, path: str) -> None:
    if text is not None and len(text) > LONGEST_TEXT:
        raise one_fault(path, f"{len(text)} letters are too many", f"Write at most {LONGEST_TEXT} letters")


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
class NoteWritten:
    """Free text."""

    kind: ClassVar[str] = "note"
    text: str

    def __post_init__(self) -> None:
        _short(self.text, "text")
        if not self.text.strip():
            raise one_fault("text", "is empty", "Write something")
