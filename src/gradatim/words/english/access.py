"""What somebody did with a record, as its log of access tells it."""

from __future__ import annotations

ACCESS: dict[str, str] = {
    "access.answered-a-review": "answered a review",
    "access.approved-a-plan": "approved a plan",
    "access.copied-a-plan-from-paper": "copied a plan from paper",
    "access.exported-everything": "exported everything",
    "access.fetched-the-packet": "fetched the packet",
    "access.followed-a-plan": "followed a plan",
    "access.joined": "joined",
    "access.left": "left",
    "access.read-entries": "read entries",
    "access.read-the-calendar": "read the calendar",
    "access.read-the-card": "read the card",
    "access.read-the-history": "read the history",
    "access.read-the-insight": "read the insight",
    "access.read-the-levels": "read the levels",
    "access.read-the-plan": "read the plan",
    "access.read-the-report": "read the report",
    "access.read-the-stock": "read the stock",
    "access.read-the-watch": "read the watch",
    "access.saw-today": "saw today",
    "access.wrote-entries": "wrote entries",
    "access.invited-a-person": "invited a person",
    "access.invited-a-carer": "invited a carer",
    "access.invited-a-prescriber": "invited a prescriber",
    "access.ended-a-persons-part": "ended a person's part",
    "access.ended-a-carers-part": "ended a carer's part",
    "access.ended-a-prescribers-part": "ended a prescriber's part",
}
"""A key for each thing that the server writes down: its English with dashes."""
