"""One thing that somebody wrote down: an immutable entry of a person's journal.

Entries are only ever added. What was written wrong is put right by a `Correction` that points at it. Each entry keeps two stamps:
``at``, when it happened, and ``recorded``, when it was written; nothing recorded later changes what the record showed before.
"""

from __future__ import annotations

from gradatim.domain.entry.box import StockChange, StockChanged, TripPlanned
from gradatim.domain.entry.doses import DoseSkipped, DoseTaken, DoseUnsure, ExtraDose, Units, Used
from gradatim.domain.entry.envelope import Correctable, Correction, Entry, What
from gradatim.domain.entry.ids import is_id, made_at, new_id
from gradatim.domain.entry.life import (
    CheckIn,
    EventKind,
    GoalRated,
    Happened,
    Measured,
    NoteWritten,
    OtherChange,
    OtherTaken,
    Score,
    SymptomNoted,
)
from gradatim.domain.entry.plans import (
    PersonDescribed,
    PlanApproved,
    PlanSuperseded,
    Preference,
    ReviewAnswered,
    WatchAnswered,
)

__all__ = [
    "CheckIn",
    "Correctable",
    "Correction",
    "DoseSkipped",
    "DoseTaken",
    "DoseUnsure",
    "Entry",
    "EventKind",
    "ExtraDose",
    "GoalRated",
    "Happened",
    "Measured",
    "NoteWritten",
    "OtherChange",
    "OtherTaken",
    "PersonDescribed",
    "PlanApproved",
    "PlanSuperseded",
    "Preference",
    "ReviewAnswered",
    "Score",
    "StockChange",
    "StockChanged",
    "SymptomNoted",
    "TripPlanned",
    "Units",
    "Used",
    "WatchAnswered",
    "What",
    "is_id",
    "made_at",
    "new_id",
]
