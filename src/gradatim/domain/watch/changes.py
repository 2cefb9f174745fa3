"""What changed since the dose did: falls and weakness after a rise, stiffness on the drug, a sinking mood."""

from __future__ import annotations

from collections.abc import Iterator

from gradatim.domain.citation import Citation, Evidence
from gradatim.domain.clock import Instant
from gradatim.domain.entry import CheckIn
from gradatim.domain.finding import Finding, message
from gradatim.domain.knowledge import Level
from gradatim.domain.sign import Beside
from gradatim.domain.watch.case import Case, by_sign, found, known_since
from gradatim.domain.watch.reach import AFTER_RISE, RECENT, SIGN
from gradatim.domain.watch.scores import worse

HWANG = (Citation("HWANG", Evidence.ABSTRACT), Citation("D", Evidence.DERIVED))  # falls counted beside another relaxant


def changes(case: Case) -> Iterator[Finding]:
    """Findings about what the dose may have changed."""
    yield from _after_rise(case)
    yield from _falls(case)
    yield from _stiffer(case)
    yield from _mood(case)


def _fallen(case: Case, since: Instant) -> tuple[list[str], list[Instant]]:
    """Entries that tell of a fall from then on: an event, or a count of falls above 0."""
    mine = [one for one in case.noted if one.sign == case.leaflet.watch.fall and since <= one.at]
    counted = [
        one
        for one in case.record.of(CheckIn)
        if since <= one.at <= case.now and any(score.scale == "falls" and score.value > 0 for score in one.what.scores)
    ]
    return [*(one.id for one in mine), *(one.id for one in counted)], [
        *(one.known for one in mine),
        *(known_since(one) for one in counted),
    ]


def _after_rise(case: Case) -> Iterator[Finding]:
    """Falls, weakness or worse walking after a rise: the dose may be too high."""
    rises = case.rises()
    if not rises:
        return
    first, last = rises[0], rises[-1]
    told = [
        one
        for one in case.noted
        if one.at >= first.at and case.within(one.at, SIGN) and case.meaning(one.sign, Beside.RISE)
    ]
    ids, times = _fallen(case, max(first.at, case.now.plus(-SIGN.seconds)))
    clear = [
        got
        for scale, up in (("weakness", True), ("chair-ease", False))
        if first.at <= case.now.plus(-RECENT.seconds) and (got := worse(case, scale, up=up)) is not None
    ]
    data = [*(one.id for one in told), *ids, *(id for one in clear for id in one.data)]
    if data:
        newest = max([*(one.known for one in told), *times, *(one.newest for one in clear)])
        sign = case.sign(case.leaflet.watch.weaker)
        said = message("watch.after-rise", old=last.old, new=last.new, day=last.day)
        yield by_sign("watch-weaker-after-rise", sign, said, data=(*data, last.data), newest=newest)


def _falls(case: Case) -> Iterator[Finding]:
    """A fall that no rise explains."""
    if case.rises():
        return
    ids, times = _fallen(case, case.now.plus(-AFTER_RISE.seconds))
    if ids:
        count = len(set(ids))
        yield found(
            "watch-fall", Level.NEXT_VISIT, message("watch.fall", count=count), data=ids, newest=max(times), source=HWANG
        )  # fmt: skip


def _stiffer(case: Case) -> Iterator[Finding]:
    """Stiffness that clearly got worse although the doses were taken as planned."""
    planned = any(one.state == "taken" for one in case.doses)
    if not planned or case.not_taken() or case.cuts():
        return
    got = worse(case, "spasticity", up=True)
    if got is not None:
        said = message("watch.stiffer", before=got.before, now=got.now)
        sign = case.sign(case.leaflet.watch.stiffer)
        yield by_sign("watch-more-spasticity", sign, said, data=got.data, newest=got.newest)


def _mood(case: Case) -> Iterator[Finding]:
    """A mood that clearly sank. A score is no test for depression, so it asks for the next visit, and names the danger sign."""
    got = worse(case, "mood", up=False)
    if got is not None:
        said = message("watch.mood", before=got.before, now=got.now)
        sign = case.sign(case.leaflet.watch.mood[-1])
        yield found("watch-mood", Level.NEXT_VISIT, said, data=got.data, newest=got.newest, source=sign.source)
