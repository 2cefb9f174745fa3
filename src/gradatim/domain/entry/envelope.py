"""An entry: what was said, by whom, where, and both its stamps; and the correction that points at another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gradatim.domain.clock import Instant, UnknownZone, zone
from gradatim.domain.entry.box import StockChanged, TripPlanned
from gradatim.domain.entry.doses import DoseSkipped, DoseTaken, DoseUnsure, ExtraDose
from gradatim.domain.entry.ids import is_id
from gradatim.domain.entry.life import CheckIn, GoalRated, Happened, Measured, NoteWritten, OtherTaken, SymptomNoted
from gradatim.domain.entry.plans import (
    PersonDescribed,
    PlanApproved,
    PlanSuperseded,
    Preference,
    ReviewAnswered,
    WatchAnswered,
)
from gradatim.domain.fault import BadInput, Fault, one_fault

Correctable = (
    DoseTaken | DoseSkipped | DoseUnsure | ExtraDose | CheckIn | SymptomNoted | Measured | Happened | OtherTaken | StockChanged
    | TripPlanned | GoalRated | NoteWritten | WatchAnswered
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an earlier entry should have said: ``instead`` None takes it back. ``at`` None: when it happened stays.

    It may point at another correction, which takes that one back. Approvals, answers to reviews, descriptions and preferences are not
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
        happened = {"at": self.at}
        if isinstance(self.what, Correction) and self.what.at is not None:
            happened["what.at"] = self.what.at
        faults += [
            Fault(
                path,
                f"{moment} is later than it was written down, {self.recorded}",
                "Only what has happened can be recorded",
            )
            for path, moment in happened.items()
            if moment > self.recorded
        ]
        try:
            zone(self.zone)
        except UnknownZone as unknown:
            faults.append(Fault("zone", unknown.problem, unknown.remedy))
        if faults:
            raise BadInput(faults)
