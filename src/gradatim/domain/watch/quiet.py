"""What may rest after somebody dealt with it. An emergency never rests, and nothing new rests on an old answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from gradatim.domain.clock import Instant
from gradatim.domain.entry import WatchAnswered
from gradatim.domain.finding import Finding
from gradatim.domain.knowledge import Level
from gradatim.domain.record import Logged, Record
from gradatim.domain.watch.reach import REST_NEXT_VISIT, REST_TODAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A finding of the watch as it stands after the answers. ``answer`` is the latest that was given to what it says now, by whom
    and what was said; ``rests_until`` is set while it may be folded away, and never for an emergency."""

    finding: Finding
    answer: Logged[WatchAnswered] | None = None
    rests_until: Instant | None = None

    @property
    def rests(self) -> bool:
        """Whether it may be folded away for now. It is counted, and can be opened."""
        return self.rests_until is not None


def quiet(findings: tuple[Finding, ...], record: Record, now: Instant) -> tuple[Shown, ...]:
    """Every finding, in its order, with its answer and whether it rests."""
    return tuple(_shown(finding, record, now) for finding in findings)


def longest_rest(level: Level | None) -> int:
    """How many seconds an answer lets a finding of a level rest at the most: an emergency not at all."""
    match level:
        case Level.EMERGENCY | None:
            return 0
        case Level.TODAY:
            return REST_TODAY.seconds
        case Level.NEXT_VISIT:
            return REST_NEXT_VISIT.seconds
        case _:
            assert_never(level)


def _shown(finding: Finding, record: Record, now: Instant) -> Shown:
    answers = [
        one
        for one in record.of(WatchAnswered)
        if one.what.rule == finding.rule and one.at <= now and (finding.newest is None or finding.newest <= one.at)
    ]
    if not answers:
        return Shown(finding=finding)
    last = answers[-1]
    end = last.at.plus(longest_rest(finding.level))
    if last.what.until is not None:
        end = min(end, last.what.until)
    return Shown(finding=finding, answer=last, rests_until=end if now < end else None)
