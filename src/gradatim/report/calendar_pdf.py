"""The printed calendar: one tagged PDF that can hang on a fridge and be read without anything else."""

from __future__ import annotations

from typing import Literal

from gradatim.domain.calendar import Calendar
from gradatim.domain.course import Blocked
from gradatim.domain.fault import one_fault
from gradatim.domain.monograph import Leaflet
from gradatim.report.calendar_data import page_data
from gradatim.report.typesetting import typeset


def to_pdf(
    calendar: Calendar, leaflet: Leaflet, *, paper: Literal["a4", "us-letter"] = "a4", large: bool = False
) -> bytes:
    """The pages as PDF/UA-1; the same calendar gives the same bytes. ``large`` is large print, 1.35 times.

    Raises `Blocked` while a stop finding is not overridden: such a plan is never printed, not even as a draft. Raises
    `BadInput` for a calendar without a day.
    """
    if calendar.blocked:
        raise Blocked(calendar.stops)
    if not calendar.spans:
        raise one_fault("first", f"no version of {calendar.plan.rev} covers a day from {calendar.first} to {calendar.last}",
                        "Choose days of the plan; with --to-take, of an approved one")  # fmt: skip
    return typeset("calendar.typ", page_data(calendar, leaflet, paper=paper, large=large), calendar.issued.seconds)
