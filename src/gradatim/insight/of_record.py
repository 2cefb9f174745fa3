"""From a person's record to the series and doses that the methods look at, and everything they say of it."""

from __future__ import annotations

from datetime import date, timedelta

from gradatim.domain.dose import total
from gradatim.domain.entry import CheckIn
from gradatim.domain.person import Person
from gradatim.domain.plan import Purpose
from gradatim.domain.record import Holding, Record
from gradatim.domain.scale import Rater, Scale
from gradatim.insight import series
from gradatim.insight.before_after import ImportantDifference
from gradatim.insight.doses import Segment
from gradatim.insight.series import Moment, Series, SinceDose
from gradatim.insight.what_changed import Insight, what_changed
from gradatim.monographs import scales

_BEFORE = timedelta(days=28)  # how far back the doses before the plan are taken to reach
_FELT_AFTER_A_DOSE = "sleepiness"  # asked of the very moment, so it can be set beside the hours since the last dose


def segments_of(record: Record, last: date) -> tuple[Segment, ...]:
    """The day totals of the plan from its beginning to ``last``, and before it what the plan says was taken before."""
    if not record.holdings:
        return ()
    first = record.holdings[0].first
    found = [Segment(first=s.first, last=s.last, day_total=s.stretch.day_total) for s in record.spans(first, last)]
    plan = record.holdings[0].plan
    known = plan.before if plan.before is not None else () if _first_ever(record.holdings[0]) else None
    if found and known is not None:
        eve = first - timedelta(days=1)
        found.insert(0, Segment(first=first - _BEFORE, last=eve, day_total=total(known)))
    return tuple(found)


def _first_ever(holding: Holding) -> bool:
    return holding.plan.purpose is Purpose.TITRATION and holding.plan.version == 1 and not holding.plan.on_drug_days


def series_of(record: Record, scale: Scale) -> Series:
    """The values of one scale by local day, in the scale's unit."""
    check_ins = [
        (record.day_of(one.at), float(scale.in_unit(score.value)))
        for one in record.of(CheckIn)
        for score in one.what.scores
        if score.scale == scale.id and scale.low <= score.value <= scale.high
    ]
    return Series.of_check_ins(
        scale.id, check_ins, low=float(scale.in_unit(scale.low)), high=float(scale.in_unit(scale.high)),
        step=scale.step / scale.parts, better=None if scale.better is None else series.Better(scale.better),
    )  # fmt: skip


def moments_of(record: Record, scale: Scale) -> tuple[Moment, ...]:
    """The values of one scale with the clock time of each check-in."""
    return tuple(
        Moment(
            at=one.at.local(record.zone_on(record.day_of(one.at))).replace(tzinfo=None),
            value=float(scale.in_unit(score.value)),
        )
        for one in record.of(CheckIn)
        for score in one.what.scores
        if score.scale == scale.id
    )


def since_dose_of(record: Record, scale: Scale) -> tuple[SinceDose, ...]:
    """The values of one scale with the hours since the last dose taken before each check-in."""
    found: list[SinceDose] = []
    takings = [one.at.seconds for one in record.takings]
    place = 0
    for one in record.of(CheckIn):
        while place < len(takings) and takings[place] <= one.at.seconds:
            place += 1
        hours = (one.at.seconds - takings[place - 1]) / 3600 if place else None
        if hours is not None:
            values = [float(scale.in_unit(score.value)) for score in one.what.scores if score.scale == scale.id]
            found += [SinceDose(hours=hours, value=value) for value in values]
    return tuple(found)


def important_for(scale: Scale, person: Person | None) -> ImportantDifference | None:
    """The published difference for people like this one; None where there is none for them, or more than one."""
    codes = set() if person is None else {*person.conditions, person.indication}
    fitting = [one for one in scale.important if codes & set(one.conditions)]
    if len(fitting) != 1:
        return None
    return ImportantDifference(points=float(fitting[0].span[0]), source=fitting[0].source[0])


def insight_of(record: Record, last: date) -> Insight:
    """Every method on every scale that the person logs, up to a day."""
    asked = [one for one in scales().values() if one.by is Rater.PERSON]
    important = {one.id: found for one in asked if (found := important_for(one, record.person)) is not None}
    logged = [series_of(record, one) for one in asked]
    return what_changed(
        [one for one in logged if one.values], segments_of(record, last), important=important,
        moments={one.id: moments_of(record, one) for one in asked},
        since_dose={_FELT_AFTER_A_DOSE: since_dose_of(record, scales()[_FELT_AFTER_A_DOSE])},
    )  # fmt: skip
