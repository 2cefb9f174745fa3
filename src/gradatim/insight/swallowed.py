"""What was swallowed in the last hours by the clock, whatever day it was planned for, and the doses due in them of which nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.entry import DoseTaken, ExtraDose
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.record import Logged, Record
from gradatim.domain.today import DoseState, states

_HOUR = 3600
_KNOWN = frozenset({DoseState.TAKEN, DoseState.SKIPPED, DoseState.EARLY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Swallowed:
    """All that was taken in the last ``hours``: after ``since`` and until now.

    ``extra`` was beside the plan; ``twice`` is what one dose adds when it is recorded more than once; ``unknown`` are doses that were
    due in these hours and are not written down. ``partly``: the record begins within these hours. Both make the amount the least.
    """

    hours: int
    since: Instant
    amount: OralDose
    planned: OralDose
    extra: OralDose
    twice: OralDose
    unknown: int
    partly: bool
    takings: tuple[Logged[DoseTaken | ExtraDose], ...]

    @property
    def at_least(self) -> bool:
        """Whether more may have been swallowed than is recorded."""
        return self.partly or self.unknown > 0

    @property
    def beyond(self) -> bool:
        """Whether something beside the plan, or a dose a second time, is among it."""
        return bool(self.extra or self.twice)


def swallowed(record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant, hours: int) -> Swallowed:
    """What was swallowed, from a record folded as of ``now``."""
    since = now.plus(-hours * _HOUR)
    takings = tuple(one for one in record.takings if since < one.at <= now)
    due = [
        one
        for one in states(record, monograph, leaflet, now, record.day_of(since), record.day_of(now))
        if since < one.dose.instant <= now
    ]
    return Swallowed(
        hours=hours, since=since, amount=_sum(takings), planned=OralDose(sum(one.dose.dose.micrograms for one in due)),
        extra=_sum(one for one in takings if isinstance(one.what, ExtraDose)),
        twice=_sum(one for one in takings if isinstance(one.what, DoseTaken) and record.done[one.what.dose].counts.id != one.id),
        unknown=sum(one.state not in _KNOWN for one in due), partly=record.since is None or record.since > since, takings=takings,
    )  # fmt: skip


def _sum(some: Iterable[Logged[DoseTaken | ExtraDose]]) -> OralDose:
    return OralDose(sum(one.what.amount.micrograms for one in some))
