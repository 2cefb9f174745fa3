"""Days on which a pharmacy is likely to be shut. A warning, never a fact: shops may open, and holidays differ by region and town."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from gradatim.domain.fault import Unreadable
from gradatim.domain.person import MARKETS
from gradatim.domain.reading import did_you_mean

WEEKEND = (5, 6)  # as date.weekday() counts
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The days, rising, each with its reason in English; and what the answer rests on.

    ``knows_holidays`` is false where only weekends were looked at: say so beside the answer. ``regions_differ`` is true where the
    country has regional holidays and no region was given: then a holiday of a smaller part of the country is missing.
    """

    days: Mapping[date, str]
    knows_holidays: bool
    country: str | None
    region: str | None = None
    regions_differ: bool = False

    def __contains__(self, day: date) -> bool:
        return day in self.days

    def next_open(self, day: date) -> date:
        """``day`` itself, or the first day after it that is not among ``days``. Beyond the last day looked at, all count as open."""
        while day in self.days:
            day += timedelta(days=1)
        return day


def closed_days(
    market: str | None, first: date, last: date, region: str | None = None, weekdays: Collection[int] = WEEKEND
) -> Closed:
    """Weekend days and public holidays from ``first`` to ``last``, both included.

    ``market`` is one of `gradatim.domain.person.MARKETS`; with any other, or None, only ``weekdays`` are known (0 is Monday). ``region``
    is a code or a name of `regions`; without one, a holiday counts when the whole country or at least half of its regions keep it, so
    Easter Monday counts in the United Kingdom, where only Scotland does not keep it. A holiday that falls on a weekend and the working
    day that stands in for it both count. Raises `Unreadable` for a region that the country does not have, with the nearest ones.

    Public holidays are those of the ``holidays`` library. It takes a tenth of a second to load and most commands need no holidays, so it
    is loaded here, and only for a market that it is asked about.
    """
    if not set(weekdays) <= set(range(7)):
        raise ValueError(f"weekdays are 0 (Monday) to 6 (Sunday), not {sorted(weekdays)}")
    if last < first:
        raise ValueError(f"the last day {last} is before the first, {first}")
    country = market if market in MARKETS else None
    code = _region(country, region) if country and region else None
    named: dict[date, str] = {}
    for year in range(first.year, last.year + 1) if country else ():
        named |= _holidays(country or "", code, year)
    found = {}
    for place in range((last - first).days + 1):
        day = first + timedelta(days=place)
        if day in named:
            found[day] = named[day]
        elif day.weekday() in weekdays:
            found[day] = _DAYS[day.weekday()]
    return Closed(
        days=MappingProxyType(found),
        knows_holidays=country is not None,
        country=country,
        region=code,
        regions_differ=country is not None and code is None and bool(regions(country)),
    )


def regions(market: str) -> Mapping[str, tuple[str, ...]]:
    """The regions of a market with holidays of their own: each code (ISO 3166-2, without the country) with its other names."""
    return _regions(market) if market in MARKETS else {}


@cache
def _regions(market: str) -> Mapping[str, tuple[str, ...]]:
    import holidays

    calendar = holidays.country_holidays(market)
    names = calendar.get_subdivision_aliases()
    return MappingProxyType({code: tuple(names.get(code, ())) for code in calendar.subdivisions})


def _region(market: str, said: str) -> str:
    known: dict[str, str] = {}
    for code, names in regions(market).items():
        known |= {name.casefold(): code for name in (code, f"{market}-{code}", *names)}
    if said.strip().casefold() in known:
        return known[said.strip().casefold()]
    if not known:
        raise Unreadable(f"{market} has no regions with holidays of their own here", "Leave the region out")
    shown = [*regions(market), *(name for names in regions(market).values() for name in names)]
    raise Unreadable(f"{said!r} is not a region of {market}", did_you_mean(said, shown))


@cache
def _holidays(market: str, region: str | None, year: int) -> Mapping[date, str]:
    import holidays

    calendar = holidays.country_holidays(market)
    own = calendar.default_language or ""
    language = own if own.startswith("en_") else "en_US"

    def kept(part: str | None) -> dict[date, str]:
        return dict(holidays.country_holidays(market, subdiv=part, years=year, language=language))

    if region is not None or not calendar.subdivisions:
        return kept(region)
    parts = [kept(code) for code in calendar.subdivisions]
    often = Counter(day for part in parts for day in part)
    widely = {day: name for part in parts for day, name in part.items() if 2 * often[day] >= len(parts)}
    return widely | kept(None)
