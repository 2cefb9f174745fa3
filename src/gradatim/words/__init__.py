"""Everything that is said: sentences from messages, doses in words. One language so far; a second is one catalogue."""

from gradatim.words.phrases import (
    day_text,
    day_time,
    dose_sentence,
    period,
    portion_text,
    reason_text,
    short_day,
    supply_text,
    units_text,
)
from gradatim.words.say import say, say_finding, sources_text

__all__ = [
    "day_text",
    "day_time",
    "dose_sentence",
    "period",
    "portion_text",
    "reason_text",
    "say",
    "say_finding",
    "short_day",
    "sources_text",
    "supply_text",
    "units_text",
]
