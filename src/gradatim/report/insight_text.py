"""Results of the insight as sentences, each with how it was found and what has to be known to read it."""

from __future__ import annotations

from typing import assert_never

from gradatim.domain.finding import Message, message
from gradatim.domain.scale import Scale
from gradatim.insight.before_after import BeforeAfter
from gradatim.insight.change_points import ChangePoints
from gradatim.insight.many import ALPHA
from gradatim.insight.margin import Interval
from gradatim.insight.nof1_result import NOf1
from gradatim.insight.patterns import WEEKDAY_METHOD, Pattern
from gradatim.insight.series import Spread
from gradatim.insight.since_dose import ByHours
from gradatim.insight.trend import Trend
from gradatim.insight.what_changed import Card, KeptBack, Result
from gradatim.words import phrase, say
from gradatim.words.sentence import numbers


def number(value: float) -> str:
    """``4.5``, ``−2``: one decimal at most, a true minus."""
    text = numbers(f"{abs(value):.1f}".removesuffix(".0"))
    return f"−{text}" if value < 0 and text != "0" else text


def signed(value: float) -> str:
    """``+1.5``, ``−2``, ``0``."""
    text = number(value)
    return f"+{text}" if value > 0 and text != "0" else text


def middle(spread: Spread) -> str:
    """``4 (3 to 5)``: the median, and the quartiles around it."""
    low, high = number(spread.low_quartile), number(spread.high_quartile)
    return phrase("insight.middle", median=number(spread.median), low=low, high=high)


def _ends(interval: Interval) -> dict[str, str]:
    return {"low": signed(interval.low), "high": signed(interval.high)}


def result_text(result: Result, scale: Scale) -> tuple[str, ...]:
    """What was found, in one sentence (a new level takes one each)."""
    name = scale.name
    match result:
        case BeforeAfter():
            change = result.change
            return (say(message(
                "insight.before-after", scale=name, before=middle(result.before.spread), after=middle(result.after.spread),
                old=change.before.day_total, new=change.after.day_total, day=change.on, shift=signed(result.shift), **_ends(result.interval),
            )),)  # fmt: skip
        case Trend():
            key = "insight.trend-flat" if result.interval.holds_zero else "insight.trend"
            return (
                say(
                    message(
                        key,
                        scale=name,
                        slope=signed(result.per_week),
                        first=result.first,
                        last=result.last,
                        **_ends(result.interval),
                    )
                ),
            )
        case ChangePoints(points=()):
            return (say(message("insight.no-level", scale=name, first=result.first, last=result.last)),)
        case ChangePoints():
            found = []
            for point in result.points:
                apart = (
                    {}
                    if point.days_apart is None
                    else {"apart": "1 day" if point.days_apart == 1 else f"{point.days_apart} days"}
                )
                key = "insight.level-alone" if point.days_apart is None else "insight.level"
                found.append(
                    say(
                        message(
                            key,
                            scale=name,
                            day=point.on,
                            before=middle(point.before),
                            after=middle(point.after),
                            **apart,
                        )
                    )
                )
            return tuple(found)
        case Pattern():
            groups = ", ".join(
                say(
                    message(
                        "insight.group",
                        name=phrase(f"insight.in-{group.name}"),
                        median=number(group.spread.median),
                        count=group.spread.count,
                    )
                )
                for group in result.groups
            )
            key = "insight.weekday" if result.method == WEEKDAY_METHOD else "insight.time-of-day"
            return (say(message(key, scale=name, groups=groups)),)
        case ByHours():
            bands = [
                say(
                    message(
                        "insight.group",
                        name=say(message("insight.hours", first=band.first, last=band.last)),
                        median=number(band.spread.median),
                        count=band.count,
                    )
                )
                for band in result.bands
                if band.spread is not None
            ]
            return (say(message("insight.since-dose", scale=name, groups=", ".join(bands))),)
        case _:
            assert_never(result)


def nof1_text(result: NOf1, scale: Scale) -> str:
    """The result of a trial in one person, in one sentence."""
    return say(message(
        "insight.nof1", scale=scale.name, difference=signed(result.difference), one=result.timings[1], other=result.timings[0],
        pairs=len(result.pairs), percent=number(100 * result.p), **_ends(result.interval),
    ))  # fmt: skip


def verdict(card: Card) -> Message | None:
    """How the result stands beside chance: alone, and among all comparisons. None where nothing is compared."""
    if card.adjusted is None or not isinstance(card.result, BeforeAfter | Trend | Pattern):
        return None
    if card.adjusted <= ALPHA:
        return Message("insight.stands-out")
    return Message("insight.stands-out-alone" if card.result.p <= ALPHA else "insight.like-chance")


def kept_back_text(kept: KeptBack, scale: Scale) -> str:
    """What is missing for a result, and about which step."""
    why = say(kept.lacking.message)
    if kept.change is None:
        return phrase("insight.kept-back", scale=scale.name, why=why)
    old, new = kept.change.before.day_total, kept.change.after.day_total
    return phrase("insight.kept-back-step", scale=scale.name, old=old, new=new, why=why)
