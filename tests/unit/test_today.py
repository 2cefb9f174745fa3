"""A day at an instant, by table: what each dose shows, when a forgotten one may still be taken, when nobody should go on alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from tests.journals import (
    BACLOFEN,
    DAY,
    DOCTOR,
    HOUR,
    LEAFLET,
    LONDON,
    MINUTE,
    ONE,
    THREE,
    TWO,
    Book,
    D,
    at,
    begun,
    dose,
    mg,
    offered,
    scheme,
    shown,
)

from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.entry import DoseTaken, ExtraDose, PersonDescribed, Preference, WatchAnswered
from gradatim.domain.missed import ON_TIME, window
from gradatim.domain.person import Person
from gradatim.domain.record import AGAIN
from gradatim.domain.today import DoseState, Timing, gap_at, states, today

S = DoseState


def with_rule(rule: str, times: tuple[str, ...] = THREE) -> Book:
    """A person of the Swiss market for the leaflet without a number, else British; ``strict`` is the prescriber's choice."""
    book = begun(scheme(times=times), market="CH" if rule == "eu-leaflet" else "GB")
    if rule == "strict":
        book.write(Preference(name="missed-rule", value="strict"), at("05:30"))
    return book


# --- windows ----------------------------------------------------------------------------------------------------------

MORNING = [
    # rule, clock, the 08:00 dose; the next is due at 14:00
    ("nhs", "07:59", S.EARLY), ("nhs", "08:00", S.DUE), ("nhs", "09:00", S.DUE), ("nhs", "09:01", S.LATE), ("nhs", "12:00", S.LATE),
    ("nhs", "12:01", S.MISSED), ("nhs", "14:00", S.MISSED),
    ("eu-leaflet", "08:00", S.DUE), ("eu-leaflet", "09:01", S.LATE), ("eu-leaflet", "12:00", S.LATE), ("eu-leaflet", "12:01", S.MISSED),
    ("strict", "07:59", S.EARLY), ("strict", "08:00", S.DUE), ("strict", "09:00", S.DUE), ("strict", "09:01", S.MISSED),
]  # fmt: skip
EVENING = [
    # the 21:00 dose, after midnight too; the next is due at 08:00
    ("nhs", "23:59", S.LATE), ("nhs", "+1 00:01", S.LATE), ("nhs", "+1 06:00", S.LATE), ("nhs", "+1 06:01", None),
    ("eu-leaflet", "+1 06:00", S.LATE), ("eu-leaflet", "+1 06:01", None), ("strict", "22:00", S.DUE), ("strict", "22:01", S.MISSED),
    ("strict", "+1 00:01", None),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "clock", "state"), MORNING)
def test_the_morning_dose_by_rule_and_minute(rule: str, clock: str, state: S) -> None:
    seen = with_rule(rule).today(at(clock))
    assert seen.rule.id == rule
    assert shown(seen)["12-01 s1"] is state
    assert (dose(1) in offered(seen)) is (state in (S.DUE, S.LATE))


@pytest.mark.parametrize(("rule", "clock", "state"), EVENING)
def test_the_evening_dose_may_be_taken_after_midnight_as_long_as_its_rule_says(
    rule: str, clock: str, state: S | None
) -> None:
    book = with_rule(rule)
    for slot, when in ((1, "08:00"), (2, "14:00")):
        book.take(dose(slot), at(when))
    assert shown(book.today(at(clock))).get("12-01 s3") is state


def test_both_ends_of_a_window_to_the_second() -> None:
    book = begun()
    assert shown(book.today(at("08:00").plus(-1)))["12-01 s1"] is S.EARLY
    assert shown(book.today(at("09:00").plus(1)))["12-01 s1"] is S.LATE
    assert shown(book.today(at("12:00").plus(1)))["12-01 s1"] is S.MISSED


@pytest.mark.parametrize("rule", ["nhs", "strict", "eu-leaflet"])
def test_near_neighbours_share_the_time_between_them(rule: str) -> None:
    """08:00 and 08:30: a dose due in half an hour must neither hide the first at once nor stand beside it."""
    book = with_rule(rule, ("08:00", "08:30"))
    first = next(one for one in book.today(at("08:00")).doses if one.dose.slot == "s1").window
    assert (first.due, first.on_time_until) == (at("08:00"), at("08:15"))
    assert first.closes == (at("08:15") if rule != "strict" else at("08:30").plus(-1))
    assert offered(book.today(at("08:15"))) == [dose(1)]
    assert offered(book.today(at("08:30"))) == [dose(2)]


def test_the_last_dose_of_all_has_a_day() -> None:
    rule = LEAFLET.missed_dose_for("GB")
    assert window(at("08:00"), None, rule, 120).closes == at("20:00")
    assert window(at("08:00"), at("14:00"), rule, 120).on_time_until == at("08:00").plus(ON_TIME)


def test_of_two_doses_at_the_same_second_the_first_is_never_offered() -> None:
    """After a move two days may meet in one second: the window of the one closes before it opens."""
    same = window(at("08:00"), at("08:00"), LEAFLET.missed_dose_for("GB"), 120)
    assert same.on_time_until == same.closes == at("08:00").plus(-1)


def test_an_unknown_rule_falls_back_to_that_of_the_country() -> None:
    book = with_rule("eu-leaflet")
    book.write(Preference(name="missed-rule", value="no-such-rule"), at("05:30"))
    assert book.today(at("08:00")).rule.id == "eu-leaflet"
    assert Book().today(at("08:00")).rule.id == "nhs", "nobody described: the rule bound to no country"


# --- what was recorded ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "timing"),
    [("06:59", Timing.EARLY), ("07:00", Timing.ON_TIME), ("08:00", Timing.ON_TIME), ("09:00", Timing.ON_TIME), ("09:01", Timing.LATE), ("12:30", Timing.LATE)],
)  # fmt: skip
def test_a_dose_taken_is_early_on_time_or_late(when: str, timing: Timing) -> None:
    book = begun()
    book.take(dose(1), at(when))
    (one,) = (one for one in book.today(at("13:00")).doses if one.dose.id == dose(1))
    assert (one.state, one.timing) == (S.TAKEN, timing)


def test_a_late_morning_dose_never_consumes_the_next() -> None:
    book = begun()
    book.take(dose(1), at("13:55"))
    seen = book.today(at("14:00"))
    assert shown(seen) == {"12-01 s1": S.TAKEN, "12-01 s2": S.DUE, "12-01 s3": S.EARLY}
    assert seen.due is not None
    assert seen.due.dose.id == dose(2)


def test_a_dose_taken_early_is_not_offered_at_its_time() -> None:
    book = begun()
    book.take(dose(1), at("07:10"))
    seen = book.today(at("08:00"))
    assert offered(seen) == []
    assert seen.next is not None
    assert seen.next.id == dose(2)
    book.take(dose(2), at("13:30"))
    later = book.today(at("13:31")).next
    assert later is not None
    assert later.id == dose(3), "what was taken ahead of its time does not come again"


@pytest.mark.parametrize(("way", "state"), [("skip", S.SKIPPED), ("unsure", S.UNSURE)])
def test_what_was_skipped_or_is_unsure_is_not_offered_again(way: str, state: S) -> None:
    book = begun()
    getattr(book, way)(dose(1), at("08:10"))
    seen = book.today(at("08:20"))
    assert shown(seen)["12-01 s1"] is state
    assert offered(seen) == []
    assert next(one for one in seen.doses if one.done).timing is None


def test_an_extra_dose_stands_beside_the_plan() -> None:
    book = begun()
    book.write(ExtraDose(amount=mg(5)), at("07:00"))
    book.write(ExtraDose(amount=mg(5)), at("-1 23:00"), at("07:30"))
    seen = book.today(at("08:00"))
    assert [one.at for one in seen.extras] == [at("07:00")]
    assert offered(seen) == [dose(1)]
    assert seen.last is not None
    assert seen.last.at == at("07:00")
    assert seen.planned == mg(30)


def test_before_the_record_began_nothing_is_called_missed() -> None:
    book = begun(scheme(start=D - 30 * DAY), at("13:00"))
    seen = book.today(at("13:30"))
    assert shown(seen) == {"12-01 s1": S.BEFORE, "12-01 s2": S.EARLY, "12-01 s3": S.EARLY}
    month = states(book.record(), BACLOFEN, LEAFLET, at("13:30"), D - 30 * DAY, D)
    assert {one.state for one in month} == {S.BEFORE, S.EARLY}


def test_a_dose_that_was_due_before_the_record_began_is_not_offered_it_may_have_been_taken() -> None:
    book = begun(scheme(start=D - 30 * DAY), at("10:00"))
    assert shown(book.today(at("10:30")))["12-01 s1"] is S.BEFORE
    assert offered(book.today(at("10:30"))) == []
    assert shown(book.today(at("12:30")))["12-01 s1"] is S.BEFORE
    assert shown(book.today(at("20:00")))["12-01 s2"] is S.MISSED


def test_what_comes_next_is_not_on_the_list_of_today_alone() -> None:
    seen = begun().today(at("21:30"))
    assert seen.next is not None
    assert seen.next.id == dose(1, D + DAY)
    assert Book().today(at("08:00")).next is None


def test_times_without_a_dose_do_not_appear() -> None:
    book = begun(scheme((0, 10, 0)))
    assert shown(book.today(at("09:00"))) == {"12-01 s2": S.EARLY}
    assert book.today(at("09:00")).planned == mg(10)


# --- the gap guard ----------------------------------------------------------------------------------------------------


def stopped(times: tuple[str, ...] = THREE, last: str = "08:00") -> Book:
    """All taken until the morning of the third day, then nothing."""
    book = begun(scheme(times=times))
    book.take_all(D, D + DAY)
    book.take(dose(1, D + 2 * DAY), at(f"+2 {last}"))
    return book


GAPS = [
    # times, the last dose taken (on the third day), now, is there a gap
    (THREE, "08:00", "+3 07:59", False), (THREE, "08:00", "+3 08:00", False),
    (THREE, "08:00", "+3 08:01", False),  # the dose of 08:00 falls within the 24 hours and is on time until 09:00
    (THREE, "08:00", "+3 09:00", False), (THREE, "08:00", "+3 09:01", True), (THREE, "08:00", "+4 09:01", True),
    (THREE, "08:30", "+3 08:30", False), (THREE, "08:30", "+3 08:31", False), (THREE, "08:30", "+3 09:01", True),
    (THREE, "07:15", "+3 07:15", False),
    (TWO, "08:00", "+3 08:30", False), (TWO, "08:00", "+3 09:00", False), (TWO, "08:00", "+3 09:01", True),
    (ONE, "08:00", "+3 08:00", False), (ONE, "08:00", "+3 09:00", False), (ONE, "08:00", "+3 20:00", False),
    (ONE, "08:00", "+3 20:01", True), (ONE, "08:00", "+4 06:00", True),
]  # fmt: skip


@pytest.mark.parametrize(("times", "last", "now", "held"), GAPS)
def test_a_gap_takes_more_than_24_hours_and_a_planned_dose_missed(
    times: tuple[str, ...], last: str, now: str, held: bool
) -> None:
    book = stopped(times, last)
    assert (book.gap(at(now)) is not None) is held
    assert (book.today(at(now)).gap is not None) is held


def test_in_a_gap_the_dose_is_held_and_nothing_is_offered() -> None:
    book = stopped()
    seen = book.today(at("+3 14:00"))
    assert seen.gap is not None
    assert (seen.gap.since, seen.gap.hours, seen.gap.ever_taken) == (at("+2 08:00"), 30, True)
    assert offered(seen) == []
    assert seen.due is None
    assert seen.held is not None
    assert seen.held.dose.id == dose(2, D + 3 * DAY)
    night = begun(scheme(on_drug_days=100)).today(at("+2 05:00"))
    assert night.held is not None, "after midnight too"
    assert night.held.dose.id == dose(3, D + DAY)
    before = stopped().today(at("+3 08:30"))
    assert before.held is None


def test_one_dose_a_day_is_not_one_gap_after_another() -> None:
    book = begun(scheme(times=ONE))
    for n in range(6):
        assert book.gap(at(f"+{n} 09:00")) is None
        late = 30 * (n % 2)
        book.take(dose(1, D + n * DAY), at(f"+{n} 08:{late:02}"))
    assert book.gap(at("+6 08:00")) is None


def test_two_a_day_with_the_evening_forgotten_is_no_gap_while_the_morning_is_on_time() -> None:
    """24 hours to the minute since the last dose; its successor is due right now."""
    book = begun(scheme(times=TWO))
    book.take(dose(1), at("08:00"))
    assert offered(book.today(at("+1 08:00"))) == [dose(1, D + DAY)]
    assert offered(book.today(at("+1 08:59"))) == [dose(1, D + DAY)]
    assert book.today(at("+1 09:01")).gap is not None


@pytest.mark.parametrize("way", ["skip", "unsure"])
def test_skipped_and_unsure_doses_do_not_end_a_gap(way: str) -> None:
    book = stopped()
    for slot, when in ((2, "+2 14:00"), (3, "+2 21:00")):
        getattr(book, way)(dose(slot, D + 2 * DAY), at(when))
    assert book.gap(at("+3 09:01")) is not None


def test_drug_taken_although_the_gap_was_shown_ends_it() -> None:
    book = stopped()
    assert book.gap(at("+3 12:00")) is not None
    book.write(ExtraDose(amount=mg(5), despite=("guard-gap", "guard-extra")), at("+3 12:00"))
    assert book.gap(at("+3 12:30")) is None
    book.correct(book.entries[-1], at("+3 13:00"))
    assert book.gap(at("+3 13:30")) is not None, "and one that was a wrong tap does not"


def test_who_has_never_taken_the_drug_has_no_gap() -> None:
    book = begun(scheme(on_drug_days=0))
    assert book.gap(at("+3 12:00")) is None
    assert offered(book.today(at("+3 12:00"))) == [dose(1, D + 3 * DAY)]


def test_who_was_on_the_drug_and_records_nothing_has_one_from_the_first_dose_on() -> None:
    book = begun(scheme(on_drug_days=100))
    assert book.gap(at("+1 06:00")) is None, "counted from the first dose, not from when the record began"
    assert book.gap(at("+1 08:30")) is None
    gap = book.gap(at("+1 09:01"))
    assert gap is not None
    assert (gap.ever_taken, gap.since) == (False, at("08:00"))
    fresh = begun(replace(scheme(on_drug_days=0), before=(mg(10), mg(0), mg(0))))
    assert fresh.gap(at("+1 09:01")) is not None, "doses before the start are doses too"
    none_before = begun(replace(scheme(on_drug_days=0), before=(OralDose(0),) * 3))
    assert none_before.gap(at("+1 09:01")) is None


def asked(book: Book, when: Instant, until: Instant | None = None, rule: str = "gap") -> None:
    book.write(WatchAnswered(rule=rule, by=DOCTOR, said="go on with the usual dose", until=until), when)


def test_an_answer_of_somebody_who_was_asked_lifts_the_gap() -> None:
    book = stopped()
    asked(book, at("+3 10:00"), rule="falls")
    assert book.gap(at("+3 10:30")) is not None, "an answer to something else does not"
    asked(book, at("+3 11:00"))
    assert book.gap(at("+3 10:59")) is not None
    assert book.gap(at("+3 11:00")) is None
    assert offered(book.today(at("+3 11:30"))) == [dose(1, D + 3 * DAY)]
    assert book.gap(at("+4 11:00")) is None
    assert book.gap(at("+5 12:00")) is not None, "whoever took nothing for as long again has to ask again"


def test_an_answer_with_an_end_lifts_it_until_then() -> None:
    book = stopped()
    asked(book, at("+3 11:00"), until=at("+3 18:00"))
    assert book.gap(at("+3 17:59")) is None
    assert book.gap(at("+3 18:00")) is not None


def test_an_answer_to_an_earlier_gap_does_not_lift_the_next() -> None:
    book = stopped()
    asked(book, at("+3 11:00"))
    book.take(dose(1, D + 3 * DAY), at("+3 11:30"))
    assert book.gap(at("+4 11:00")) is None
    assert book.gap(at("+4 15:01")) is not None


def test_no_plan_has_no_gap() -> None:
    assert Book().gap(at("12:00")) is None
    assert gap_at(Book().record(), BACLOFEN, LEAFLET, at("+9 12:00")) is None


# --- clocks that change -----------------------------------------------------------------------------------------------

CHANGES = [
    # zone, the day, hours that it has
    (LONDON, date(2026, 10, 25), 25.0), (LONDON, date(2027, 3, 28), 23.0), ("America/New_York", date(2026, 11, 1), 25.0),
    ("America/New_York", date(2027, 3, 14), 23.0), ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
    ("Australia/Lord_Howe", date(2027, 4, 4), 24.5), ("Asia/Kathmandu", date(2026, 10, 25), 24.0),
]  # fmt: skip
NIGHT = ("01:30", "09:30", "17:30")  # 01:30 happens twice, or in some zones never


@pytest.mark.parametrize("times", [THREE, NIGHT, ("00:15", "02:15", "23:30")])
@pytest.mark.parametrize(("zone", "day", "hours"), CHANGES)
def test_a_day_with_a_change_of_clocks(zone: str, day: date, hours: float, times: tuple[str, ...]) -> None:
    book = begun(scheme(start=day - DAY, times=times), zone=zone, when=at("00:01", day - DAY, zone))
    midnight = [at("00:00", day + n * DAY, zone).seconds for n in (0, 1)]
    assert midnight[1] - midnight[0] == hours * HOUR
    offers: dict[str, list[Instant]] = {}
    for minutes in range(-60, int(hours * 60) + 60, 15):
        now = Instant(midnight[0] + minutes * MINUTE)
        assert book.today(now).day == day + (-1 if minutes < 0 else 1 if minutes >= hours * 60 else 0) * DAY
        taken = book.today(now).due
        if taken is not None:
            offers.setdefault(taken.dose.id, []).append(now)
            book.take(taken.dose.id, now)
    wanted = [dose(slot, day) for slot in range(1, len(times) + 1)]
    assert [id for id in offers if id in wanted] == wanted, "each dose of the day is offered, in order"
    assert all(len(when) == 1 for when in offers.values()), (
        "and once it is taken never again: no loop in the hour that comes twice"
    )


@pytest.mark.parametrize(("zone", "day", "hours"), CHANGES)
def test_a_dose_that_nobody_takes_is_never_offered_again_after_it_closed(zone: str, day: date, hours: float) -> None:
    book = begun(scheme(start=day - DAY, times=NIGHT, on_drug_days=0), zone=zone, when=at("00:01", day - DAY, zone))
    midnight = at("00:00", day, zone).seconds
    seen = [book.today(Instant(midnight + n * 15 * MINUTE)) for n in range(int(hours * 4))]
    offers = [one.due.dose.id for one in seen if one.due is not None]
    assert [id for id, after in pairwise([*offers, ""]) if id != after] == list(dict.fromkeys(offers))


def test_the_evening_before_a_date_that_the_zone_skipped_may_be_taken_after_midnight() -> None:
    """Apia went from 29 to 31 December 2011. The dose of the 29th, 21:00, is eleven hours from that of the 31st, 08:00."""
    day, zone = date(2011, 12, 28), "Pacific/Apia"
    book = begun(scheme(start=day), zone=zone, when=at("05:00", day, zone))
    book.take_all(day, day)
    for slot, when in ((1, "08:00"), (2, "14:00")):
        book.take(dose(slot, day + DAY), at(when, day + DAY, zone))
    after = at("00:30", date(2011, 12, 31), zone)
    assert after.seconds - at("21:00", day + DAY, zone).seconds == 3.5 * HOUR
    assert shown(book.today(after)) == {
        "12-29 s3": S.LATE,
        "12-31 s1": S.EARLY,
        "12-31 s2": S.EARLY,
        "12-31 s3": S.EARLY,
    }
    closed = at("06:01", date(2011, 12, 31), zone)
    (evening,) = (
        one for one in states(book.record(), BACLOFEN, LEAFLET, closed, day + DAY, day + DAY) if one.dose.slot == "s3"
    )
    assert evening.state is S.MISSED
    assert evening.window.closes == at("06:00", date(2011, 12, 31), zone)
    before = book.today(at("22:00", day + DAY, zone)).next
    assert before is not None
    assert before.id == dose(1, date(2011, 12, 31))


# --- travel -----------------------------------------------------------------------------------------------------------

JOURNEYS = [
    ("Europe/London", "Asia/Tokyo"), ("Europe/London", "America/New_York"), ("Europe/London", "Europe/Paris"), ("Asia/Tokyo", "Europe/London"),
    ("Europe/London", "Asia/Kathmandu"), ("America/Los_Angeles", "Pacific/Auckland"), ("Pacific/Auckland", "America/Los_Angeles"),
    ("Pacific/Honolulu", "Pacific/Kiritimati"), ("Pacific/Kiritimati", "Pacific/Pago_Pago"),
]  # fmt: skip
HOURS = ["00:10", "12:00", "23:50"]


def traveller(home: str, away: str, hour: str) -> tuple[Book, Instant]:
    book = begun(scheme(start=D, reviews=False), zone=home)
    moved = at(f"+5 {hour}", zone=home)
    book.describe(moved, away)
    return book, moved


@pytest.mark.parametrize("hour", HOURS)
@pytest.mark.parametrize(("home", "away"), JOURNEYS)
def test_on_a_journey_no_dose_comes_twice_and_past_days_stay(home: str, away: str, hour: str) -> None:
    book, moved = traveller(home, away, hour)
    found = book.planned(D, D + 14 * DAY)
    ids = [one.id for one in found]
    assert len(ids) == len(set(ids))
    day = book.record(moved).day_of(moved)
    before = book.planned(D, day - DAY, as_of=moved.plus(-1))
    assert book.planned(D, day - DAY) == before
    zones = book.record().zones
    assert [name for _, name in zones] == [home, away]
    first = zones[1][0]
    assert book.record(moved).day_of(moved) < first, "not before the day after it was written down"
    assert first <= D + 7 * DAY
    usual = {dose(slot, D + n * DAY) for n in range(15) for slot in (1, 2, 3)}
    lost = usual - set(ids)
    again = set(ids) - usual
    assert lost <= {dose(slot, first + n * DAY) for n in (0, 1) for slot in (1, 2, 3)}, (
        "only doses right after the move"
    )
    assert again <= {f"{dose(slot, first - DAY)}{AGAIN}" for slot in (1, 2, 3)}, "only of the day that is lived twice"
    assert not (lost and again)
    clocks = {one.id: home if one.day < first and not one.id.endswith(AGAIN) else away for one in found}
    assert all(one.instant == at(f"{one.at:%H:%M}", one.day, clocks[one.id]) for one in found)


@pytest.mark.parametrize("hour", HOURS)
@pytest.mark.parametrize(("home", "away"), JOURNEYS)
def test_on_a_journey_doses_keep_apart_and_no_day_goes_without(home: str, away: str, hour: str) -> None:
    """Two thirds of the smallest interval, which is 6 hours here, lie between two doses at least, and never more than a day."""
    book, _ = traveller(home, away, hour)
    times = [one.instant.seconds for one in book.planned(D, D + 14 * DAY)]
    assert times == sorted(times)
    apart = [(later - one) / HOUR for one, later in pairwise(times)]
    assert min(apart) >= 4
    assert max(apart) <= 24


@pytest.mark.parametrize(("home", "away"), JOURNEYS)
def test_one_dose_a_day_is_neither_doubled_nor_lost_on_a_journey(home: str, away: str) -> None:
    book = begun(scheme(start=D, times=("21:00",), reviews=False), zone=home)
    book.describe(at("+5 12:00", zone=home), away)
    times = [one.instant.seconds for one in book.planned(D, D + 14 * DAY)]
    apart = [(later - one) / HOUR for one, later in pairwise(times)]
    assert min(apart) >= 12
    assert max(apart) < 48


@pytest.mark.parametrize("hour", HOURS)
@pytest.mark.parametrize(("home", "away"), JOURNEYS)
def test_on_a_journey_never_two_at_once_and_days_only_go_forward(home: str, away: str, hour: str) -> None:
    book, moved = traveller(home, away, hour)
    for taking in (False, True):
        days: list[date] = []
        for n in range(-8, 3 * 54):
            now = moved.plus(n * 20 * MINUTE)
            seen = book.today(now)
            days.append(seen.day)
            assert len(offered(seen)) <= 1
            if taking and seen.due is not None:
                book.take(seen.due.dose.id, now)
        assert days == sorted(days)
    taken = [one.what.dose for one in book.record().of(DoseTaken)]
    assert len(taken) == len(set(taken))


@pytest.mark.parametrize(("home", "away"), [("Europe/London", "Asia/Tokyo"), ("Asia/Kathmandu", "Asia/Tokyo")])
def test_going_east_the_evening_of_the_old_clock_is_not_hidden_by_the_new_day(home: str, away: str) -> None:
    """The new day has begun by its own clock while the old one's evening dose is still to come: it stays on the list, and is next."""
    book, _ = traveller(home, away, "12:00")
    book.take_all(D, D + 4 * DAY)
    for slot in (1, 2):
        book.take(dose(slot, D + 5 * DAY), at("+5 14:00", zone=home))
    now = at("00:05", D + 6 * DAY, away)
    assert now < at("+5 21:00", zone=home)
    seen = book.today(now)
    assert seen.day == D + 6 * DAY
    assert seen.next is not None
    assert seen.next.id == dose(3, D + 5 * DAY)
    assert "12-06 s3" in shown(seen)
    assert offered(book.today(at("+5 21:00", zone=home))) == [dose(3, D + 5 * DAY)]


@pytest.mark.parametrize(
    ("home", "away"), [("America/Los_Angeles", "Pacific/Auckland"), ("Pacific/Honolulu", "Pacific/Kiritimati")]
)
def test_across_the_date_line_no_24_hours_hold_two_days_of_doses(home: str, away: str) -> None:
    book, _ = traveller(home, away, "12:00")
    times = [one.instant.seconds for one in book.planned(D, D + 14 * DAY)]
    assert max(sum(start <= other < start + 24 * HOUR for other in times) for start in times) <= 4


def test_back_across_the_date_line_more_than_a_day_without_a_dose_is_not_passed_over_in_silence() -> None:
    book, _ = traveller("Pacific/Auckland", "America/Los_Angeles", "12:00")
    times = [one.instant.seconds for one in book.planned(D, D + 14 * DAY)]
    apart = [(later - one) / HOUR for one, later in pairwise(times)]
    assert max(apart) <= 24


def test_a_move_thought_better_of_before_it_works_changes_nothing() -> None:
    book, moved = traveller("Europe/London", "America/New_York", "09:00")
    plain = begun(scheme(start=D, reviews=False)).planned(D, D + 14 * DAY)
    assert book.planned(D, D + 14 * DAY) != plain
    book.describe(moved.plus(HOUR), "Europe/London")
    assert book.planned(D, D + 14 * DAY) == plain


def test_a_person_described_after_the_plan_began_moves_no_past_day() -> None:
    book = Book(zone="Asia/Tokyo")
    book.approve(scheme(), at("05:00", zone="Asia/Tokyo"))
    before = book.planned(D, D + 3 * DAY)
    book.write(PersonDescribed(person=Person(zone=LONDON)), at("+3 12:00", zone="Asia/Tokyo"))
    assert book.planned(D, D + 3 * DAY) == before
    assert book.record().zone_on(D + 4 * DAY) == LONDON
    early = Book(zone="Asia/Tokyo")
    early.write(PersonDescribed(person=Person(zone=LONDON)), at("04:00"))
    early.approve(scheme(), at("05:00"))
    assert early.record().zones == ((date.min, LONDON),), (
        "described first, the person's own clock holds from the beginning"
    )


def test_which_day_an_instant_was_does_not_change_with_a_later_journey() -> None:
    book, moved = traveller("Europe/London", "Asia/Tokyo", "12:00")
    instants = [moved.plus(n * HOUR) for n in range(-48, 48)]
    before = [book.record().day_of(now) for now in instants]
    book.describe(moved.plus(10 * 24 * HOUR), "America/Los_Angeles")
    assert [book.record().day_of(now) for now in instants] == before


def test_today_is_made_of_what_was_known_then() -> None:
    book = begun()
    book.take(dose(1), at("08:05"), recorded=at("11:00"))
    assert offered(today(book.record(at("10:00")), BACLOFEN, LEAFLET, at("10:00"))) == [dose(1)]
    assert offered(today(book.record(at("11:00")), BACLOFEN, LEAFLET, at("11:00"))) == []


def test_all_is_well_with_the_days_around_the_first() -> None:
    book = begun(when=at("-3 10:00"))
    early = book.today(at("-3 12:00"))
    assert early.doses == ()
    assert early.planned == OralDose(0)
    assert book.today(at("-1 20:00")).next is not None
    assert timedelta(0) <= book.today(at("08:00")).day - D <= timedelta(0)
