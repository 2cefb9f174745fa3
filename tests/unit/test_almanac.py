"""Days on which a pharmacy is likely to be shut, against dates that anybody can look up."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest

from gradatim.almanac import closed_days, regions
from gradatim.domain.fault import Unreadable
from gradatim.domain.person import MARKETS


def reasons(market: str | None, year: int, region: str | None = None) -> dict[date, str]:
    """The holidays of a year, weekends left out."""
    return dict(closed_days(market, date(year, 1, 1), date(year, 12, 31), region, weekdays=()).days)


def test_christmas_2026_in_the_united_kingdom() -> None:
    # Boxing Day is a Saturday, so Monday stands in for it: four days in a row.
    found = closed_days("GB", date(2026, 12, 24), date(2026, 12, 29))
    assert list(found.days) == [date(2026, 12, day) for day in (25, 26, 27, 28)]
    assert found.days[date(2026, 12, 25)] == "Christmas Day"
    assert found.days[date(2026, 12, 26)] == "Boxing Day"
    assert found.days[date(2026, 12, 27)] == "Sunday"
    assert found.days[date(2026, 12, 28)].startswith("Boxing Day")
    assert found.next_open(date(2026, 12, 25)) == date(2026, 12, 29)
    assert found.next_open(date(2026, 12, 24)) == date(2026, 12, 24)
    assert date(2026, 12, 25) in found
    assert date(2026, 12, 24) not in found
    assert (found.knows_holidays, found.country, found.region, found.regions_differ) == (True, "GB", None, True)


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("year", [2026, 2027, 2030])
def test_the_first_of_january_everywhere(market: str, year: int) -> None:
    found = closed_days(market, date(year, 1, 1), date(year, 1, 1), weekdays=())
    assert found.knows_holidays
    assert date(year, 1, 1) in found
    assert found.days[date(year, 1, 1)].isascii()  # in English


@pytest.mark.parametrize(
    ("market", "day", "name"),
    [
        ("US", date(2026, 11, 26), "Thanksgiving"),  # fourth Thursday of November
        ("US", date(2026, 7, 3), "Independence Day"),  # the 4th is a Saturday
        ("US", date(2027, 11, 25), "Thanksgiving"),
        ("CA", date(2026, 10, 12), "Thanksgiving"),  # second Monday of October
        ("CA", date(2026, 7, 1), "Canada Day"),
        ("GB", date(2026, 4, 3), "Good Friday"),  # Easter 2026 is 5 April
        ("GB", date(2026, 4, 6), "Easter Monday"),  # all but Scotland
        ("GB", date(2026, 8, 31), "Bank Holiday"),  # last Monday of August, all but Scotland
        ("IE", date(2026, 3, 17), "Patrick"),
        ("AU", date(2026, 1, 26), "Australia Day"),
        ("FR", date(2026, 7, 14), "National Day"),
        ("FR", date(2026, 5, 14), "Ascension"),  # 39 days after Easter
        ("DE", date(2026, 10, 3), "German Unity Day"),
        ("DE", date(2026, 5, 25), "Pentecost Monday"),  # 50 days after Easter
        ("CH", date(2026, 8, 1), "National Day"),
        ("BR", date(2026, 9, 7), "Independence Day"),
        ("IT", date(2026, 8, 15), "Assumption"),
        ("ES", date(2026, 10, 12), "National Day"),
        ("RU", date(2026, 5, 9), "Victory Day"),
    ],
)
def test_holidays_by_their_english_name(market: str, day: date, name: str) -> None:
    assert name in reasons(market, day.year)[day]


@pytest.mark.parametrize(
    ("market", "region", "day", "kept_without"),
    [
        ("GB", "SCT", date(2026, 1, 2), False),
        ("GB", "Scotland", date(2026, 1, 2), False),
        ("GB", "scotland", date(2026, 11, 30), False),  # Saint Andrew's Day
        ("GB", "NIR", date(2026, 7, 13), False),  # the 12th is a Sunday
        ("DE", "BY", date(2026, 1, 6), False),  # Epiphany in Bavaria
        ("DE", "DE-BY", date(2026, 1, 6), False),
        ("DE", "Bayern", date(2026, 6, 4), False),  # Corpus Christi, 60 days after Easter
        ("FR", "6AE", date(2026, 4, 3), False),  # Good Friday in Alsace
        ("AU", "VIC", date(2026, 11, 3), False),  # Melbourne Cup, first Tuesday of November
        ("CA", "QC", date(2026, 6, 24), False),
        ("US", "MA", date(2026, 4, 20), False),  # Patriots' Day, third Monday of April
        ("CH", "ZH", date(2026, 12, 26), True),
        ("GB", "ENG", date(2026, 4, 6), True),
    ],
)
def test_a_region_has_days_of_its_own(market: str, region: str, day: date, kept_without: bool) -> None:
    assert day in reasons(market, day.year, region)
    assert (day in reasons(market, day.year)) is kept_without


@pytest.mark.parametrize(
    ("market", "region", "day"),
    [
        ("GB", "SCT", date(2026, 4, 6)),  # Scotland does not keep Easter Monday
        ("GB", "ENG", date(2026, 1, 2)),
        ("DE", "BE", date(2026, 1, 6)),
        ("DE", "BY", date(2026, 10, 31)),
    ],
)
def test_a_region_lacks_days_of_others(market: str, region: str, day: date) -> None:
    assert day not in reasons(market, day.year, region)


def test_a_known_region_is_named_by_its_code() -> None:
    found = closed_days("DE", date(2026, 1, 1), date(2026, 1, 7), "Bayern")
    assert (found.region, found.regions_differ) == ("BY", False)


@pytest.mark.parametrize(
    ("market", "region", "remedy"),
    [
        ("GB", "Scotlnd", "Did you mean Scotland"),
        ("DE", "Bayren", "Did you mean Bayern"),
        ("FR", "Atlantis", "For example: 57"),
        ("IE", "Kerry", "Leave the region out"),
    ],
)
def test_an_unknown_region_is_told_the_nearest(market: str, region: str, remedy: str) -> None:
    with pytest.raises(Unreadable) as refused:
        closed_days(market, date(2026, 1, 1), date(2026, 1, 2), region)
    assert remedy in refused.value.remedy


@pytest.mark.parametrize("market", [None, "BD", "XX", "", "gb"])
def test_another_country_has_weekends_only_and_says_so(market: str | None) -> None:
    found = closed_days(market, date(2026, 12, 21), date(2027, 1, 3), region="anything")
    assert not found.knows_holidays
    assert (found.country, found.region, found.regions_differ) == (None, None, False)
    assert {day.isoweekday() for day in found.days} == {6, 7}
    assert found.days[date(2026, 12, 26)] == "Saturday"
    assert len(found.days) == 4


def test_the_days_of_the_week_that_count_can_be_chosen() -> None:
    week = (date(2026, 3, 2), date(2026, 3, 8))
    assert list(closed_days("GB", *week, weekdays=(6,)).days) == [date(2026, 3, 8)]
    assert list(closed_days("GB", *week, weekdays=(2, 6)).days.values()) == ["Wednesday", "Sunday"]
    assert not closed_days("GB", *week, weekdays=()).days


@pytest.mark.parametrize("market", MARKETS)
def test_days_rise_and_stay_in_the_window(market: str) -> None:
    first, last = date(2026, 11, 20), date(2028, 2, 10)
    days = list(closed_days(market, first, last).days)
    assert days == sorted(set(days))
    assert first <= days[0]
    assert days[-1] <= last
    weekends = {first + timedelta(days=place) for place in range((last - first).days + 1)}
    assert {day for day in weekends if day.weekday() >= 5} <= set(days)


def test_a_window_that_ends_before_it_begins_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="before the first"):
        closed_days("GB", date(2026, 1, 2), date(2026, 1, 1))
    with pytest.raises(ValueError, match="weekdays are 0"):
        closed_days("GB", date(2026, 1, 1), date(2026, 1, 1), weekdays=(7,))


def test_regions_are_listed_with_their_names() -> None:
    assert regions("GB")["SCT"] == ("Scotland",)
    assert regions("IE") == {}
    assert regions("XX") == {}


def ran(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_library_is_loaded_only_when_a_market_is_asked_about() -> None:
    assert ran("import sys, gradatim.almanac; print('holidays' in sys.modules)") == "False"
    program = (
        "import sys; from datetime import date; from gradatim.almanac import closed_days;"
        "closed_days(None, date(2026, 1, 1), date(2026, 1, 9)); print('holidays' in sys.modules);"
        "closed_days('FR', date(2026, 1, 1), date(2026, 1, 9)); print('holidays' in sys.modules)"
    )
    assert ran(program).split() == ["False", "True"]
