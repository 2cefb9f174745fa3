"""What was taken, and what changed together with each step, as plain data with its sentences."""

from __future__ import annotations

from typing import Any

from gradatim.insight.adherence import Adherence
from gradatim.insight.what_changed import Card, Insight
from gradatim.monographs import scales
from gradatim.report.insight_text import result_text
from gradatim.words import say

_TALLY = ("due", "taken", "on_time", "early", "late", "missed", "skipped", "unsure", "held", "extra")


def cards_of(seen: Insight, scale: str | None) -> list[Card]:
    """The results of one scale, or of all."""
    return [card for card in seen.cards if scale in (None, card.result.scale)]


def insight_data(taken: Adherence, seen: Insight, scale: str | None) -> dict[str, Any]:
    """All of it; ``scale`` keeps the results of one."""
    return {
        "doses": {
            "first": taken.first.isoformat(), "last": taken.last.isoformat(), **{name: getattr(taken.tally, name) for name in _TALLY},
            "days": len(taken.whole_days), "days_covered": taken.covered,
            "gaps": [{"since": gap.since.iso(), "until": None if gap.until is None else gap.until.iso(), "hours": gap.hours} for gap in taken.gaps],
        },
        "results": [
            {
                "scale": card.result.scale, "method": card.result.method, "says": list(result_text(card.result, scales()[card.result.scale])),
                "p": getattr(card.result, "p", None), "p_adjusted": card.adjusted, "notes": [say(note) for note in card.result.notes],
            }
            for card in cards_of(seen, scale)
        ],
        "too_little": [
            {"scale": one.scale, "method": one.method, "says": say(one.lacking.message)} for one in seen.kept_back if scale in (None, one.scale)
        ],
        "comparisons": [say(note) for note in seen.many.notes],
    }  # fmt: skip
