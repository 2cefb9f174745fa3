"""Everything that is said, in the language that is spoken: sentences from messages, doses in words."""

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
from gradatim.words.say import phrase, say, say_finding, sources_text

__all__ = [
    "day_text",
    "day_time",
    "dose_sentence",
    "period",
    "phrase",
    "portion_text",
    "reason_text",
    "say",
    "say_finding",
    "short_day",
    "sources_text",
    "supply_text",
    "units_text",
]
