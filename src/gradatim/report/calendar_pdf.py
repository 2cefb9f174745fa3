"""The printed calendar: one tagged PDF that can hang on a fridge and be read without anything else."""

from __future__ import annotations

from typing import Literal

from gradatim.domain.calendar import Calendar
from gradatim.domain.monograph import Leaflet
from gradatim.exchange.ics import BlockedCalendar
from gradatim.report.calendar_data import page_data
from gradatim.report.typesetting import typeset

__all__ = ["BlockedCalendar", "to_pdf"]


def to_pdf(calendar: Calendar, leaflet: Leaflet, *, paper: Literal["a4", "us-letter"] = "a4", large: bool = False) -> bytes:
    """The pages as PDF/UA-1; the same calendar gives the same bytes. ``large`` is large print, 1.35 times.

    Raises `BlockedCalendar` while a stop finding is not overridden: such a plan is never printed, not even as a draft.
    """
    if calendar.stops:
        raise BlockedCalendar(calendar.stops)
    return typeset("calendar.typ", page_data(calendar, leaflet, paper=paper, large=large), calendar.issued.seconds)
