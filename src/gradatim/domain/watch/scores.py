"""Scores that clearly got worse: compared with the same person only, and without a size, because no source gives one."""

from __future__ import annotations

from dataclasses import dataclass

from gradatim.domain.clock import Instant
from gradatim.domain.entry import CheckIn
from gradatim.domain.watch.case import Case, known_since
from gradatim.domain.watch.reach import BEFORE, FEWEST, RECENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Worse:
    """A scale whose newest scores are all worse than all of those before them."""

    data: tuple[str, ...]
    newest: Instant
    before: int  # the worst score before
    now: int  # the best of the newest scores


def worse(case: Case, scale: str, *, up: bool) -> Worse | None:
    """Whether a scale clearly got worse. ``up``: a higher score is the worse one. None too where there are too few scores."""
    edge, start = case.now.plus(-RECENT.seconds), case.now.plus(-RECENT.seconds - BEFORE.seconds)
    before: list[int] = []
    recent: list[int] = []
    data: list[str] = []
    newest = start
    for one in case.record.of(CheckIn):
        for score in one.what.scores:
            if score.scale != scale or not start <= one.at <= case.now:
                continue
            if one.at < edge:
                before.append(score.value)
            else:
                recent.append(score.value)
                data.append(one.id)
                newest = max(newest, known_since(one))
    if len(before) < FEWEST or len(recent) < FEWEST:
        return None
    last, now = (max(before), min(recent)) if up else (min(before), max(recent))
    if not (now > last if up else now < last):
        return None
    return Worse(data=tuple(data), newest=newest, before=last, now=now)
