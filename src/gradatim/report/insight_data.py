"""What was taken, and what changed together with each step, as plain data with its sentences."""

from __future__ import annotations

from typing import Any

from gradatim.domain.finding import Message
from gradatim.exchange.document import number
from gradatim.insight.adherence import Adherence
from gradatim.insight.before_after import BeforeAfter
from gradatim.insight.doses import Change
from gradatim.insight.series import Spread
from gradatim.insight.what_changed import Card, Insight
from gradatim.monographs import scales
from gradatim.report.insight_text import kept_back_text, result_text, verdict
from gradatim.words import say

_STANDS_OUT = {"insight.stands-out": "all", "insight.stands-out-alone": "alone", "insight.like-chance": "chance"}
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
                "change": _change(card.result.change) if isinstance(card.result, BeforeAfter) else None,
                "sides": _sides(card.result) if isinstance(card.result, BeforeAfter) else None,
                "verdict": None if (found := verdict(card)) is None else say(found),
                "stands_out": None if found is None else _STANDS_OUT[found.key], "how": say(Message(card.result.method)),
            }
            for card in cards_of(seen, scale)
        ],
        "too_little": [
            {"scale": one.scale, "method": one.method, "says": kept_back_text(one, scales()[one.scale]),
             "change": None if one.change is None else _change(one.change)}
            for one in seen.kept_back if scale in (None, one.scale)
        ],
        "comparisons": [say(note) for note in seen.many.notes],
    }  # fmt: skip


def _change(change: Change) -> dict[str, Any]:
    return {
        "on": change.on.isoformat(),
        "old_mg": number(change.before.day_total),
        "new_mg": number(change.after.day_total),
    }


def _sides(found: BeforeAfter) -> dict[str, Any]:
    def side(one: Spread) -> dict[str, Any]:
        return {"days": one.count, "low": one.low_quartile, "middle": one.median, "high": one.high_quartile}

    return {"before": side(found.before.spread), "after": side(found.after.spread)}
