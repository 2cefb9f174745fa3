"""Everything that may be shown of some scales beside their doses, and what was kept back for want of data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradatim.insight import before_after, change_points, patterns, trend
from gradatim.insight import since_dose as since_dose_bands
from gradatim.insight.before_after import BeforeAfter, ImportantDifference, each_change
from gradatim.insight.change_points import ChangePoints
from gradatim.insight.doses import Change, Segment, changes
from gradatim.insight.enough import TooLittle
from gradatim.insight.many import Many, many
from gradatim.insight.patterns import Pattern
from gradatim.insight.series import Moment, Series, SinceDose
from gradatim.insight.since_dose import ByHours
from gradatim.insight.trend import Trend

Result = BeforeAfter | Trend | ChangePoints | Pattern | ByHours
Tested = BeforeAfter | Trend | Pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One result. ``adjusted`` is its p among all comparisons of the insight; None where nothing is compared."""

    result: Result
    adjusted: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBack:
    """A question that the record has too little for: on which ``scale``, by which ``method``, at which ``change`` of dose where it is
    about one, and what is lacking."""

    scale: str
    method: str
    change: Change | None
    lacking: TooLittle


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    """All cards in the order of the scales, what was kept back, and the comparisons taken together."""

    cards: tuple[Card, ...]
    kept_back: tuple[KeptBack, ...]
    many: Many


def what_changed(
    scales: Sequence[Series],
    segments: Sequence[Segment],
    *,
    moments: Mapping[str, Sequence[Moment]] | None = None,
    since_dose: Mapping[str, Sequence[SinceDose]] | None = None,
    important: Mapping[str, ImportantDifference] | None = None,
) -> Insight:
    """Every method on every scale. The mappings are by the name of a scale; a scale that one does not name is not asked that question."""
    found = changes(segments)
    results: list[Result] = []
    kept_back: list[KeptBack] = []

    def keep(scale: str, method: str, result: Result | TooLittle, change: Change | None = None) -> None:
        if isinstance(result, TooLittle):
            kept_back.append(KeptBack(scale=scale, method=method, change=change, lacking=result))
        else:
            results.append(result)

    for series in scales:
        name = series.scale
        for change, compared in each_change(series, found, important=(important or {}).get(name)):
            keep(name, before_after.METHOD, compared, change)
        keep(name, trend.METHOD, trend.trend(series))
        keep(name, change_points.METHOD, change_points.change_points(series, found))
        keep(name, patterns.WEEKDAY_METHOD, patterns.weekday(series))
        if moments is not None and name in moments:
            keep(name, patterns.TIME_METHOD, patterns.time_of_day(name, moments[name]))
        if since_dose is not None and name in since_dose:
            keep(name, since_dose_bands.METHOD, since_dose_bands.by_hours(name, since_dose[name]))
    together = many([result.p for result in results if isinstance(result, Tested)])
    adjusted = iter(together.adjusted)
    cards = tuple(
        Card(result=result, adjusted=next(adjusted) if isinstance(result, Tested) else None) for result in results
    )
    return Insight(cards=cards, kept_back=tuple(kept_back), many=together)
