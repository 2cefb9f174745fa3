"""What was taken, in words, the same on the report and on the card: what is not written down is never said to be 0 mg."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.finding import Fact, message
from gradatim.domain.record import Record
from gradatim.insight.adherence import DoseFree, TakenDay
from gradatim.insight.swallowed import Swallowed
from gradatim.words import phrase, say, short_day
from gradatim.words.phrases import dose_text

_FEW = 3  # amounts that are said one by one


def _said(key: str, **facts: Fact) -> str:
    return say(message(f"intake.{key}", **facts))


def moment(record: Record, at: Instant) -> str:
    """``Tue 3 Nov 2026, 08:02``, by the clock of the zone of that day."""
    clock = at.local(record.zone_on(record.day_of(at)))
    return f"{short_day(clock.date())}, {clock:%H:%M}"


def span(low: OralDose, high: OralDose) -> str:
    """``25 to 40 mg``; ``40 mg``."""
    if low == high:
        return dose_text(low)
    return phrase("figure.from-to", low=dose_text(low).removesuffix(" mg"), high=high)


def few(days: Sequence[TakenDay], of: int = 0) -> str:
    """``40 mg on 5 of 7 days, 25 mg on 2``; empty where the amounts are too many to be said one by one. ``of``: so many days in all,
    where others are not certain."""
    found = Counter(day.taken for day in days)
    if not found or len(found) > _FEW or (len(found) == 1 and len(days) == (of or len(days))):
        return ""
    (first, times), *rest = sorted(found.items(), key=lambda one: (-one[1], -one[0].micrograms))
    return ", ".join([
        _said("few", amount=first, times=times, days=of or len(days)),
        *(_said("few-more", amount=amount, times=count) for amount, count in rest),
    ])  # fmt: skip


def least(days: Sequence[TakenDay]) -> str:
    """``at least 0 to 10 mg``: of days of which not every dose is written down."""
    amounts = [day.taken for day in days]
    return _said("least", amount=span(min(amounts), max(amounts)))


def mostly_unknown(days: Sequence[TakenDay]) -> bool:
    """Whether most of these days are not certain, so that no amount may be said."""
    return 2 * sum(not _certain(day) for day in days) > len(days)


def unknown_text(days: Sequence[TakenDay]) -> str:
    """``28 of 32 doses are not written down (at least 0 to 10 mg a day)``."""
    count, due = sum(day.unknown for day in days), sum(day.tally.due for day in days)
    if not count:
        return _said("unknown-twice", count=sum(day.tally.twice for day in days), least=least(days))
    return _said("unknown", count=count, due=due, least=least(days))


def parted(days: Sequence[TakenDay]) -> tuple[tuple[TakenDay, ...], tuple[TakenDay, ...]]:
    """The days whose milligrams are known, and the others."""
    return tuple(day for day in days if _certain(day)), tuple(day for day in days if not _certain(day))


def _certain(day: TakenDay) -> bool:
    """A day without any planned dose is certain too."""
    return day.certain or not (day.planned or day.tally.due)


def swallowed_amount(found: Swallowed) -> str:
    """``30 mg``; ``at least 20 mg``, where something is not written down; where nothing is, that it is not known."""
    if found.at_least and not found.amount:
        return _said("nothing-known")
    return _said("least", amount=found.amount) if found.at_least else dose_text(found.amount)


def swallowed_notes(found: Swallowed) -> str:
    """What belongs to the amount: the plan of these hours, what was beside it, what is not written down."""
    parts = [_said("planned", amount=found.planned)]
    if found.extra:
        parts.append(_said("extra", amount=found.extra))
    if found.twice:
        parts.append(_said("twice", amount=found.twice))
    if found.unknown:
        parts.append(_said("not-written-one" if found.unknown == 1 else "not-written", count=found.unknown))
    if found.partly:
        parts.append(_said("begins"))
    return "; ".join(parts)


def gap_text(record: Record, one: DoseFree) -> str:
    """``48 hours from Tue 3 Nov 2026, 08:02 to Thu 5 Nov 2026, 08:05``."""
    since = moment(record, one.since)
    if one.until is None:
        return _said("gap-open", hours=one.hours, since=since)
    return _said("gap-one", hours=one.hours, since=since, until=moment(record, one.until))
