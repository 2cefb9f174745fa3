"""Named clock changes, and what becomes of a day's times.

Where governments change their minds about the clocks the dates lie in the past: newer zone data cannot break a test."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from gradatim.domain.clock import Instant, LocalSlot, UnknownZone, exists, instants_of_day, slot_of, zone
from gradatim.domain.fault import Unreadable


def times(text: str) -> tuple[time, ...]:
    return tuple(time.fromisoformat(part) for part in text.split())


def in_utc(day: str, at: str, zone_name: str) -> str:
    """The instants as UTC, the date left out where it is the day itself: "-1" or "+1" otherwise."""
    start = date.fromisoformat(day)
    shown = []
    for instant in instants_of_day(start, times(at), zone_name):
        moment = instant.utc()
        away = (moment.date() - start).days
        shown.append(f"{moment:%H:%M:%S}".removesuffix(":00") + (f"{away:+d}" if away else ""))
    return " ".join(shown)


def on_the_wall(day: str, at: str, zone_name: str) -> str:
    """What the wall shows when each slot falls due, the date left out as in `in_utc`."""
    start = date.fromisoformat(day)
    shown = []
    for instant in instants_of_day(start, times(at), zone_name):
        moment = instant.local(zone_name)
        away = (moment.date() - start).days
        shown.append(f"{moment:%H:%M:%S}".removesuffix(":00") + (f"{away:+d}" if away else ""))
    return " ".join(shown)


# --- a day's times ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone_name", "day", "at", "utc"),
    [
        ("Europe/London", "2026-12-01", "08:00 14:00 21:00", "08:00 14:00 21:00"),
        ("Europe/London", "2026-07-01", "08:00 14:00 21:00", "07:00 13:00 20:00"),
        ("Europe/London", "2026-03-29", "08:00 14:00 21:00", "07:00 13:00 20:00"),  # the day the clocks go forward
        ("Europe/London", "2026-10-25", "00:00 08:00 21:00", "23:00-1 08:00 21:00"),  # the day they go back
        ("America/New_York", "2026-03-08", "00:00 01:59 03:00", "05:00 06:59 07:00"),
        ("Asia/Kathmandu", "2026-06-01", "05:45 08:00 21:00", "00:00 02:15 15:15"),
        ("Pacific/Chatham", "2026-06-01", "12:45 21:00", "00:00 08:15"),  # +12:45
        ("Pacific/Chatham", "2026-12-01", "08:00 21:00", "18:15-1 07:15"),  # +13:45
        ("Pacific/Kiritimati", "2026-06-01", "08:00", "18:00-1"),
        ("Europe/Dublin", "2026-12-01", "08:00", "08:00"),  # winter is its daylight saving time, backwards
        ("UTC", "2026-06-01", "00:00 23:45", "00:00 23:45"),
    ],
)
def test_an_ordinary_time_is_itself(zone_name: str, day: str, at: str, utc: str) -> None:
    assert in_utc(day, at, zone_name) == utc
    assert on_the_wall(day, at, zone_name) == at


@pytest.mark.parametrize(
    ("zone_name", "day", "at", "utc"),
    [
        ("Europe/London", "2026-10-25", "01:00 01:30 02:00", "00:00 00:30 02:00"),
        ("Europe/London", "2027-10-31", "00:59 01:15 08:00", "23:59-1 00:15 08:00"),
        ("America/New_York", "2026-11-01", "01:30 02:00", "05:30 07:00"),
        ("Australia/Lord_Howe", "2026-04-05", "01:15 01:30 01:45 02:00", "14:15-1 14:30-1 14:45-1 15:30-1"),
        ("Antarctica/Troll", "2026-10-25", "01:00 02:45 03:00", "23:00-1 00:45 03:00"),  # two hours back
        ("America/Havana", "2025-11-02", "00:00 00:30 01:00", "04:00 04:30 06:00"),
        ("Africa/Casablanca", "2025-02-23", "02:00 02:30 03:00", "01:00 01:30 03:00"),  # Ramadan begins
        (
            "Asia/Beirut",
            "2025-10-25",
            "08:00 23:00 23:45",
            "05:00 20:00 20:45",
        ),  # back at midnight, into the day before
        ("Africa/Cairo", "2025-10-30", "08:00 23:00 23:45", "05:00 20:00 20:45"),
    ],
)
def test_a_time_that_happens_twice_is_its_first_occurrence(zone_name: str, day: str, at: str, utc: str) -> None:
    assert in_utc(day, at, zone_name) == utc
    assert on_the_wall(day, at, zone_name) == at


@pytest.mark.parametrize(
    ("zone_name", "day", "at", "wall"),
    [
        ("Europe/London", "2026-03-29", "01:30 08:00 21:00", "02:30 08:00 21:00"),
        ("Europe/London", "2027-03-28", "01:00 01:45 08:00", "02:00 02:45 08:00"),
        ("Europe/London", "2026-03-29", "01:15 02:30", "02:15 02:30"),  # close, but still before it: left alone
        ("America/New_York", "2026-03-08", "02:30", "03:30"),
        ("Australia/Lord_Howe", "2026-10-04", "02:00 02:15 08:00", "02:30 02:45 08:00"),
        ("Antarctica/Troll", "2026-03-29", "01:00 02:30 08:00", "03:00 04:30 08:00"),  # two hours on
        ("Africa/Casablanca", "2025-04-06", "02:30 08:00", "03:30 08:00"),  # Ramadan is over
        ("Africa/El_Aaiun", "2025-04-06", "02:30 08:00", "03:30 08:00"),
        ("Africa/Cairo", "2025-04-25", "00:00 08:00", "01:00 08:00"),
        ("America/Havana", "2025-03-09", "00:00 00:45 08:00", "01:00 01:45 08:00"),
        ("Asia/Beirut", "2025-03-30", "00:30 08:00", "01:30 08:00"),
        ("America/Santiago", "2025-09-07", "00:00 12:00", "01:00 12:00"),
        ("America/Asuncion", "2023-10-01", "00:00 06:00 12:00 18:00", "01:00 06:00 12:00 18:00"),
        ("America/Nuuk", "2025-03-29", "08:00 23:30", "08:00 00:30+1"),  # 23:00 to midnight is missing
    ],
)
def test_a_time_that_does_not_happen_moves_forward_by_the_gap(zone_name: str, day: str, at: str, wall: str) -> None:
    assert on_the_wall(day, at, zone_name) == wall


@pytest.mark.parametrize(
    ("zone_name", "day", "at", "wall"),
    [
        # 02:00 is when the clock stood at 01:00: the slots share the hour before, or what the slot before leaves of it.
        ("Europe/London", "2026-03-29", "01:00 02:00", "00:30 02:00"),
        ("Europe/London", "2026-03-29", "00:30 01:00 02:00", "00:30 00:45 02:00"),
        ("Europe/London", "2026-03-29", "01:00 01:15 01:30 01:45 02:00", "00:12 00:24 00:36 00:48 02:00"),
        ("Europe/London", "2026-03-29", "00:59 01:14 01:29 01:44 02:00", "00:59 00:59:15 00:59:30 00:59:45 02:00"),
        # 01:15 moves to 02:15 and keeps clear of 02:30; 01:45 would pass 02:30 and is squeezed between the two.
        ("Europe/London", "2026-03-29", "01:15 01:45 02:30", "02:15 02:22:30 02:30"),
        ("Australia/Lord_Howe", "2026-10-04", "02:00 02:15 02:30", "01:20 01:40 02:30"),
        ("Antarctica/Troll", "2026-03-29", "01:00 02:00 03:00", "00:20 00:40 03:00"),
        # Midnight is missing: the slot before is yesterday's.
        ("America/Havana", "2025-03-09", "00:00 01:00", "23:30-1 01:00"),
        ("Africa/Cairo", "2025-04-25", "00:00 00:30 01:00 23:15", "23:30-1 23:45-1 01:00 23:15"),
        ("Asia/Beirut", "2025-03-30", "00:30 01:15 23:40", "23:57:30-1 01:15 23:40"),
        # The gap ends the day: the slot after is tomorrow's.
        ("America/Nuuk", "2025-03-29", "00:00 22:30 23:30", "00:00 22:30 22:45"),
        ("America/Nuuk", "2025-03-29", "00:20 23:15 23:45", "00:20 00:15+1 00:17:30+1"),
    ],
)
def test_times_in_a_gap_that_would_collide_are_squeezed_in_between(
    zone_name: str, day: str, at: str, wall: str
) -> None:
    assert on_the_wall(day, at, zone_name) == wall


@pytest.mark.parametrize(
    ("zone_name", "missing"),
    [
        ("Pacific/Apia", "2011-12-30"),
        ("Pacific/Fakaofo", "2011-12-30"),
        ("Pacific/Kwajalein", "1993-08-21"),
        ("Pacific/Kiritimati", "1994-12-31"),
        ("Asia/Manila", "1844-12-31"),
    ],
)
def test_a_skipped_date_does_not_exist_and_has_no_slots(zone_name: str, missing: str) -> None:
    day, at = date.fromisoformat(missing), times("00:00 08:00 23:45")
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    assert [exists(each, zone_name) for each in (before, day, after)] == [True, False, True]
    assert instants_of_day(day, at, zone_name) == ()
    last, first = instants_of_day(before, at, zone_name)[-1], instants_of_day(after, at, zone_name)[0]
    assert first == last.plus(15 * 60)
    assert slot_of(first, zone_name) == LocalSlot(after, time(0))


@pytest.mark.parametrize(("zone_name", "day"), [("Africa/Cairo", "2025-04-25"), ("America/Nuuk", "2025-03-29")])
def test_a_date_that_lost_its_first_or_last_hour_exists(zone_name: str, day: str) -> None:
    assert exists(date.fromisoformat(day), zone_name)


def test_no_times_no_instants() -> None:
    assert instants_of_day(date(2026, 3, 29), (), "Europe/London") == ()


@pytest.mark.parametrize(
    "at",
    [
        (time(14), time(8)),
        (time(8), time(8)),
        (time(8), time(8, 14)),
        (time(0), time(12), time(23, 46)),  # 14 minutes before the next day's first
        (time(8, 0, 30),),
        (time(8, 0, 0, 1),),
        (time(8, tzinfo=UTC),),
    ],
)
def test_times_that_are_no_times_of_a_plan_are_a_programmers_error(at: tuple[time, ...]) -> None:
    with pytest.raises(ValueError, match=r"times must increase by 15 minutes|whole minutes"):
        instants_of_day(date(2026, 6, 1), at, "Europe/London")


@pytest.mark.parametrize(("minute", "folds"), [(31, (0, 1)), (32, (1, 0))])
def test_the_fold_of_a_time_is_ignored(minute: int, folds: tuple[int, int]) -> None:
    # Python holds both to be equal, so whichever is asked for first is also the cached answer for the other.
    for fold in folds:
        (instant,) = instants_of_day(date(2026, 10, 25), (time(1, minute, fold=fold),), "Europe/London")
        assert instant.iso() == f"2026-10-25T00:{minute}:00Z"


def test_fifteen_minutes_apart_is_far_enough() -> None:
    assert len(instants_of_day(date(2026, 6, 1), times("00:00 00:15 23:45"), "Europe/London")) == 3


# --- slots and instants ----------------------------------------------------------------------------------------


def test_the_slot_of_an_instant_is_what_the_wall_shows() -> None:
    assert slot_of(Instant.parse("2026-06-01T21:30:59Z"), "Asia/Kathmandu") == LocalSlot(date(2026, 6, 2), time(3, 15))
    both = [slot_of(Instant.parse(text), "Europe/London") for text in ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")]
    assert both == [LocalSlot(date(2026, 10, 25), time(1, 30))] * 2


def test_slots_are_ordered_as_the_wall_shows_them() -> None:
    a, b, c = (
        LocalSlot(date(2026, 6, 1), time(21)),
        LocalSlot(date(2026, 6, 2), time(8)),
        LocalSlot(date(2026, 6, 2), time(9)),
    )
    assert sorted([c, a, b]) == [a, b, c]


@pytest.mark.parametrize(
    ("day", "at"),
    [
        (datetime(2026, 6, 1, tzinfo=UTC), time(8)),
        (date(2026, 6, 1), time(8, 0, 1)),
        (date(2026, 6, 1), time(8, 0, 0, 1)),
        (date(2026, 6, 1), time(8, tzinfo=UTC)),
        (date(2026, 6, 1), time(8, fold=1)),
    ],
)
def test_a_slot_is_a_date_and_whole_minutes(day: date, at: time) -> None:
    with pytest.raises(ValueError, match="a slot's"):
        LocalSlot(day, at)


def test_slots_and_instants_do_not_mix() -> None:
    slot, instant = LocalSlot(date(1970, 1, 1), time(0)), Instant(0)
    assert slot != instant  # type: ignore[comparison-overlap]
    with pytest.raises(TypeError):
        slot < instant  # type: ignore[operator]  # noqa: B015
    with pytest.raises(TypeError):
        instant >= slot  # type: ignore[operator]  # noqa: B015
    with pytest.raises(TypeError):
        instant < 5  # type: ignore[operator]  # noqa: B015


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-12-01T08:00:00Z", "2026-12-01T08:00:00Z"),
        ("2026-12-01T09:00:00+01:00", "2026-12-01T08:00:00Z"),
        ("2026-12-01T00:00:00-08:00", "2026-12-01T08:00:00Z"),
        ("2026-06-01T13:45+05:45", "2026-06-01T08:00:00Z"),
        ("2026-12-01T08:00:00.999Z", "2026-12-01T08:00:00Z"),
        ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59Z"),
        ("0987-01-01T00:00:00Z", "0987-01-01T00:00:00Z"),
    ],
)
def test_an_instant_is_read_and_written(text: str, iso: str) -> None:
    assert Instant.parse(text).iso() == iso
    assert Instant.parse(iso) == Instant.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-12-01",
        "2026-12-01T08:00:00",
        "2026-12-01 08:00:00Z",
        "2026-12-01T08:00:00z",
        "20261201T080000Z",
        "2026-W49-2T08:00:00Z",
        "2026-12-01T08:00:00Z\n",
        "2026-13-01T08:00:00Z",
        "2026-12-01T24:00:00Z",
        "2026-12-01T08:00:60Z",
        "2026-12-01T08:00:00+25:00",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "٢٠٢٦-12-01T08:00:00Z",
        "1796112000",
    ],
)
def test_a_text_that_is_no_instant_says_what_to_write(text: str) -> None:
    with pytest.raises(Unreadable, match=r"for example 2026-12-01T08:00:00Z"):
        Instant.parse(text)


def test_an_instant_of_an_aware_datetime() -> None:
    assert Instant.of(datetime(1970, 1, 1, 0, 0, 7, 999_999, tzinfo=UTC)) == Instant(7)
    assert Instant.of(datetime(1970, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))) == Instant(0)
    assert (
        Instant.of(datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=ZoneInfo("Europe/London"))).iso()
        == "2026-10-25T01:30:00Z"
    )
    with pytest.raises(ValueError, match="has no zone: give it one"):
        Instant.of(datetime(2026, 12, 1, 8))  # noqa: DTZ001


def test_an_instant_seen_in_utc_and_in_a_zone() -> None:
    instant = Instant.parse("2026-06-01T08:00:00Z")
    assert instant.utc() == datetime(2026, 6, 1, 8, tzinfo=UTC)
    assert instant.local("Asia/Kathmandu").isoformat() == "2026-06-01T13:45:00+05:45"
    assert instant.plus(90).plus(-30).iso() == "2026-06-01T08:01:00Z"
    assert pickle.loads(pickle.dumps(instant)) == instant


@pytest.mark.parametrize("iso", ["0001-01-02T00:00:00Z", "9999-12-30T23:59:59Z"])
def test_every_zone_shows_every_instant(iso: str) -> None:
    for zone_name in ("Pacific/Kiritimati", "Etc/GMT+12", "Asia/Manila", "America/Juneau"):
        assert Instant.of(Instant.parse(iso).local(zone_name)) == Instant.parse(iso)


@pytest.mark.parametrize("seconds", [1.0, True, "0", None, 10**12, -(10**11)])
def test_an_instant_is_a_whole_number_of_seconds_that_the_calendar_holds(seconds: int) -> None:
    with pytest.raises(ValueError, match="whole number of seconds"):
        Instant(seconds)


# --- zones -----------------------------------------------------------------------------------------------------


def test_a_zone_is_cached() -> None:
    assert zone("Europe/London") is zone("Europe/London")
    assert zone("Europe/London").key == "Europe/London"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Europe/Lodnon", "Europe/Lodnon is not a zone; did you mean Europe/London?"),
        ("europe/london", "europe/london is not a zone; did you mean Europe/London?"),
        ("London", "London is not a zone; did you mean Europe/London?"),
        ("New York", "New York is not a zone; did you mean America/New_York?"),
        ("Asia/Katmandhu", "Asia/Katmandhu is not a zone; did you mean Asia/Katmandu or Asia/Kathmandu?"),
        ("right/Europe/London", "right/Europe/London is not a zone; did you mean Europe/London?"),
        ("Nowhere/At_All", "Nowhere/At_All is not a zone; write an IANA name, for example Europe/London"),
        ("", "'' is not a zone; write an IANA name, for example Europe/London"),
    ],
)
def test_an_unknown_zone_names_the_closest(name: str, message: str) -> None:
    with pytest.raises(UnknownZone) as caught:
        zone(name)
    assert str(caught.value) == message
    assert isinstance(caught.value, Unreadable)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/localtime",
        "Europe/../Europe/London",
        "Europe//London",
        "./Europe/London",
        "Europe\\London",
        "Europe/London/",
        "Europe/London\n",
        "Europe/London\0",
        "\udce9",
        "Europe",
        "zone.tab",
        "leapseconds",
        "localtime",
        "posixrules",
        "posix/Europe/London",
        "Factory",
        "x" * 10_000,
        "X/" * 10_000,
    ],
)
def test_a_name_that_could_lead_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(UnknownZone, match="is not a zone") as caught:
        zone(name)
    assert len(str(caught.value)) < 300


def test_an_offset_is_never_suggested_as_a_zone() -> None:
    # Etc/GMT+1 is an hour behind UTC, the opposite of what the writer of "GMT+1" means.
    for name in ("GMT+1", "UTC+1", "Etc/GMT1", "+01:00"):
        with pytest.raises(UnknownZone) as caught:
            zone(name)
        assert "Etc" not in caught.value.remedy


def test_every_function_that_takes_a_zone_refuses_an_unknown_one() -> None:
    with pytest.raises(UnknownZone):
        Instant(0).local("Mars/Base")
    with pytest.raises(UnknownZone):
        slot_of(Instant(0), "Mars/Base")
    with pytest.raises(UnknownZone):
        exists(date(2026, 6, 1), "Mars/Base")
    with pytest.raises(UnknownZone):
        instants_of_day(date(2026, 6, 1), (time(8),), "Mars/Base")
