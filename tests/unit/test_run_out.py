"""When the box runs out, what is said before it does, and what to order."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from tests.unit.stock_record import (
    D1,
    DoseSkipped,
    DoseUnsure,
    L,
    M,
    Preference,
    TripPlanned,
    Writer,
    bottle,
    box,
    name,
    plan,
    seen,
    took,
)

from gradatim.domain.entry import DoseTaken, Entry, ReviewAnswered
from gradatim.domain.fault import BadInput
from gradatim.domain.finding import Finding
from gradatim.domain.guardrail import Severity
from gradatim.domain.knowledge import Level
from gradatim.domain.low_stock import TRIP_MARGIN, WARN_AT, refill, stock_findings
from gradatim.domain.order_list import OrderList, order_list
from gradatim.domain.plan import Answerer, Plan
from gradatim.domain.run_out import RunOut, parts_of
from gradatim.domain.tablets import Making
from gradatim.words import say_finding
from gradatim.words.english.stock import STOCK

WHOLE = 4
STEADY = plan((None, (10, 10, 10)))


def dec(day: int) -> date:
    return D1 + timedelta(days=day - 1)


@pytest.fixture
def w() -> Writer:
    return Writer()


def soonest(entries: list[Entry], now: str) -> RunOut:
    return seen(entries, now)[2].earlier


def found(entries: list[Entry], now: str, closed: dict[date, str] | None = None) -> dict[str, Finding]:
    record, stocks, ahead = seen(entries, now)
    return {one.rule: one for one in stock_findings(record, L, stocks, ahead, closed or {})}


def first(way: RunOut) -> tuple[date, str, int | None] | None:
    return None if way.first is None else (way.first.day, f"{way.first.at:%H:%M}", way.days_left)


# --- walking the plan ------------------------------------------------------------------------------------------------


def test_a_steady_plan(w: Writer) -> None:
    """Three tablets a day from 30: ten days, and the eleventh morning cannot be made."""
    entries = [*w.begin(STEADY), w(box("counted", 30), "1 07:00")]
    assert first(soonest(entries, "1 07:00")) == (dec(11), "08:00", 10)
    entries[-1] = w(box("counted", 31), "1 07:00")
    assert first(soonest(entries, "1 07:00")) == (dec(11), "14:00", 10)


def test_a_changing_plan_is_walked_and_no_pill_count_divided(w: Writer) -> None:
    """60 tablets: at the 1½ a day of today they would last 40 days; the plan climbs and they last 19."""
    climbing = plan((7, (5, 5, 5)), (7, (10, 5, 10)), (None, (20, 20, 20)))
    entries = [*w.begin(climbing), w(box("counted", 60), "1 07:00")]
    used = 7 * 1.5 + 7 * 2.5
    assert (60 - used) / 6 == pytest.approx(5 + 2 / 6)
    assert first(soonest(entries, "1 07:00")) == (dec(20), "14:00", 19)


def test_halves_are_kept_for_the_next_dose(w: Writer) -> None:
    entries = [*w.begin(plan((None, (5, 5, 5)))), w(box("counted", 3), "1 07:00")]
    assert first(soonest(entries, "1 07:00")) == (dec(3), "08:00", 2)
    quarters = plan((None, (2.5, 2.5, 2.5)), making=Making(quarters=True))
    entries = [*w.begin(quarters), w(box("counted", 1), "1 07:00")]
    assert first(soonest(entries, "1 07:00")) == (dec(2), "14:00", 1)


def test_a_review_not_answered_holds_the_doses_and_the_earlier_way_is_warned_of(w: Writer) -> None:
    climbing = plan((7, (10, 10, 10)), (None, (20, 20, 20)), reviews=True)
    entries = [*w.begin(climbing), w(box("counted", 60), "1 07:00")]
    _, _, ahead = seen(entries, "1 07:00")
    assert first(ahead.held) == (dec(21), "08:00", 20)
    assert first(ahead.expected) == (dec(14), "14:00", 13)
    assert ahead.earlier is ahead.expected

    down = plan((7, (20, 20, 20)), (None, (10, 10, 10)), reviews=True)
    entries = [*w.begin(down), w(box("counted", 60), "1 07:00")]
    _, _, ahead = seen(entries, "1 07:00")
    assert (ahead.held.days_left, ahead.expected.days_left) == (10, 13)
    assert ahead.earlier is ahead.held, "going down is held, too"


def test_an_answer_moves_the_run_out_date(w: Writer) -> None:
    climbing = plan((7, (10, 10, 10)), (None, (20, 20, 20)), reviews=True)
    answer = ReviewAnswered(plan="p1", review="v1-r1", go_on=True, by="me", role=Answerer.PERSON, from_day=dec(10))
    entries = [*w.begin(climbing), w(box("counted", 60), "1 07:00"), w(answer, "1 07:10")]
    _, _, ahead = seen(entries, "1 07:20")
    assert ahead.held.first == ahead.expected.first
    assert first(ahead.held) == (dec(15), "14:00", 14), "nine days of three, then six a day from the 10th"


def test_doses_dealt_with_are_not_needed_again_and_open_ones_are(w: Writer) -> None:
    entries = [*w.begin(STEADY), w(box("counted", 30), "1 07:00")]
    assert first(soonest(entries, "1 08:30")) == (dec(11), "08:00", 10), "due: still to be taken"
    assert first(soonest([*entries, w(took(1, 1, 1), "1 08:05")], "1 08:30")) == (dec(11), "08:00", 10), (
        "taken from the box"
    )
    assert first(soonest([*entries, w(DoseSkipped(dose=name(1, 1)), "1 08:05")], "1 08:30")) == (dec(11), "14:00", 10)
    assert first(soonest([*entries, w(DoseUnsure(dose=name(1, 1)), "1 08:05")], "1 08:30")) == (dec(11), "14:00", 10)
    assert first(soonest(entries, "1 13:30")) == (dec(11), "14:00", 10), "missed: it will not be taken any more"
    early = w(took(1, 2, 1), "1 08:10")
    assert first(soonest([*entries, early], "1 08:30")) == (dec(11), "08:00", 10), "taken early"


def test_a_late_dose_of_yesterday_may_still_be_needed(w: Writer) -> None:
    entries = [*w.begin(plan((None, (10, 10)), times=("20:00", "23:30"))), w(box("counted", 0), "1 07:00")]
    assert first(soonest(entries, "2 00:10")) == (dec(1), "23:30", 0)


def test_a_dose_that_is_held_after_a_gap_is_still_needed(w: Writer) -> None:
    entries = [*w.begin(STEADY), w(box("counted", 0), "1 07:00"), w(took(1, 1, 1, "us/20"), "1 08:00")]
    assert first(soonest(entries, "5 08:30")) == (dec(5), "08:00", 0)


def test_each_product_runs_out_by_itself(w: Writer) -> None:
    two = plan((None, (30, 10, 20)), products=("us/10", "us/20"))
    entries = [*w.begin(two), w(box("counted", 10), "1 07:00"), w(box("counted", 40, "us/20"), "1 07:00")]
    way = soonest(entries, "1 07:00")
    assert first(way) == (dec(6), "08:00", 5)
    assert [product.id for product in way.lacking] == ["us/10"]
    assert {one.stock.product.id: one.first and one.first.day for one in way.products} == {
        "us/10": dec(6),
        "us/20": dec(21),
    }


def test_the_other_way_is_told_and_is_exact_and_there(w: Writer) -> None:
    two = plan((None, (20, 20)), times=("08:00", "20:00"), products=("us/10", "us/20"))
    twenties = w(box("counted", 2, "us/20"), "1 07:00")
    entries = [*w.begin(two), twenties, w(box("counted", 50), "1 07:00")]
    way = soonest(entries, "1 07:00")
    assert first(way) == (dec(2), "08:00", 1)
    assert way.other_way is not None
    assert way.other_way.dose == way.first.dose if way.first else None
    assert [(product.id, amount) for product, amount in parts_of(way.other_way)] == [("us/10", 2 * WHOLE)]
    assert "Tell your pharmacist" in say_finding(found(entries, "1 07:00")["stock-other-way"])

    for tens in (box("counted", 1), box("counted", 0)):
        entries = [*w.begin(two), twenties, w(tens, "1 07:00")]
        assert soonest(entries, "1 07:00").other_way is None, "not enough of them"
        assert "stock-other-way" not in found(entries, "1 07:00")
    entries = [
        *w.begin(plan((None, (20, 20)), times=("08:00", "20:00"), products=("us/20",))),
        twenties,
        w(box("counted", 50), "1 07:00"),
    ]
    assert soonest(entries, "1 07:00").other_way is None, "not in the plan's list"


def test_more_than_four_hundred_days_and_a_plan_that_ends(w: Writer) -> None:
    entries = [*w.begin(STEADY), w(box("counted", 1203), "1 07:00")]
    way = soonest(entries, "1 07:00")
    assert (way.first, way.days_left, way.finished) == (None, None, False)
    entries[-1] = w(box("counted", 1202), "1 07:00")
    assert first(soonest(entries, "1 07:00")) == (dec(401), "21:00", 400)

    ending = plan((10, (10, 10, 10)), (None, (0, 0, 0)))
    entries = [*w.begin(ending), w(box("counted", 30), "1 07:00")]
    assert (soonest(entries, "1 07:00").first, soonest(entries, "1 07:00").finished) == (None, True)
    entries[-1] = w(box("counted", 29), "1 07:00")
    assert first(soonest(entries, "1 07:00")) == (dec(10), "21:00", 9)


def test_without_a_plan_nothing_runs_out(w: Writer) -> None:
    entries = [w(box("counted", 30), "1 07:00")]
    assert soonest(entries, "1 08:00").products == ()
    assert not found(entries, "1 08:00")


def test_packs_that_expire_and_bottles_that_spoil_end_earlier(w: Writer) -> None:
    entries = [*w.begin(STEADY), w(box("counted", 300, expires=dec(5)), "1 07:00")]
    assert first(soonest(entries, "1 07:00")) == (dec(6), "08:00", 5)

    liquid = plan((None, (5, 5)), times=("08:00", "20:00"), products=("us/suspension-5",))
    bottles = [
        w(bottle("counted", 0), "1 06:00"),
        w(bottle("received", 300), "1 06:01"),
        w(bottle("received", 300), "1 06:02"),
    ]
    entries = [*w.begin(liquid), *bottles, w(bottle("opened", in_use_days=28), "1 07:00")]
    assert first(soonest(entries, "1 07:00")) == (dec(57), "08:00", 56), "28 days each, though each holds 150 days"


# --- warnings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "rule", "severity", "level"),
    [
        (15, None, None, None),
        (14, "stock-order", Severity.INFO, Level.NEXT_VISIT),
        (8, "stock-order", Severity.INFO, Level.NEXT_VISIT),
        (7, "stock-low", Severity.CAUTION, Level.TODAY),
        (4, "stock-low", Severity.CAUTION, Level.TODAY),
        (3, "stock-nearly-out", Severity.URGENT, Level.TODAY),
        (1, "stock-nearly-out", Severity.URGENT, Level.TODAY),
        (0, "stock-out", Severity.URGENT, Level.TODAY),
    ],
)
def test_warnings_rise_by_days_left_at_the_doses_planned(
    w: Writer, days: int, rule: str | None, severity: Severity | None, level: Level | None
) -> None:
    """Two people with as many days left are warned alike, however many tablets that is."""
    for doses in ((5, 5, 5), (10, 20, 30)):
        a_day = sum(doses) / 10
        entries = [*w.begin(plan((None, doses))), w(box("counted", days * a_day), "1 07:00")]
        said = found(entries, "1 07:00")
        assert set(said) == ({rule} if rule else set())
        if rule:
            assert (said[rule].severity, said[rule].level) == (severity, level)
            assert "topping" in say_finding(said[rule]) or "withdrawal" in say_finding(said[rule])


def test_the_days_of_the_warnings_are_those_of_the_facts() -> None:
    topic = next(topic for topic in L.topics if topic.id == "supply")
    assert WARN_AT == (14, 7, 3)
    assert "14, 7 and 3 days" in topic.text
    assert topic.derived


def test_every_warning_names_its_source_and_what_made_it_fire(w: Writer) -> None:
    entries = [*w.begin(STEADY), w(box("counted", 9), "1 07:00")]
    (warning,) = found(entries, "1 07:00").values()
    assert {"US-TAB [T]", "NHS-HOW [T]", "D [D]"} <= set(map(str, warning.source))
    assert warning.data == (name(4, 1), entries[-1].id)
    assert say_finding(warning) == (
        "You are close to running out. Ring your pharmacist or prescriber today: Baclofen 10 mg tablet. If they cannot help in time, ring "
        "the urgent care line. The first dose that cannot be made from what you have is on Fri 4 Dec 2026, morning (08:00). Days left: 3. "
        "An empty box means withdrawal, and that can be dangerous. Never stop suddenly, and do not take less to make it last."
    )


XMAS = {dec(25): "Christmas Day", dec(26): "Saturday", dec(27): "Sunday", dec(28): "Boxing Day"}


def test_closed_days_bring_the_last_day_to_get_more_forward(w: Writer) -> None:
    """On 14 December with 14 days: run out on the 28th, and the last day to get more is the 24th: 11 days to act."""
    entries = [*w.begin(STEADY, "14 06:00"), w(box("counted", 42), "14 07:00")]
    record, _, ahead = seen(entries, "14 07:00")
    assert ahead.earlier.day == dec(28)
    plain, shut = refill(record, ahead.earlier, {}), refill(record, ahead.earlier, XMAS)
    assert plain is not None
    assert shut is not None
    assert (plain.collect_by, plain.shut) == (dec(27), ())
    assert (shut.collect_by, shut.shut) == (dec(24), ("Christmas Day", "Saturday", "Sunday"))


def test_closed_days_bring_the_warning_forward(w: Writer) -> None:
    entries = [*w.begin(STEADY, "21 06:00"), w(box("counted", 21), "21 07:00")]
    assert list(found(entries, "21 07:00")) == ["stock-low"]
    assert list(found(entries, "21 07:00", XMAS)) == ["stock-low", "stock-closed"], "7 days left, and 4 to get more"
    entries[-1] = w(box("counted", 15), "22 07:00")
    assert list(found(entries, "22 07:00")) == ["stock-low"]
    assert list(found(entries, "22 07:00", XMAS)) == ["stock-nearly-out", "stock-closed"]
    assert "Get more by Thu 24 Dec 2026" in say_finding(found(entries, "22 07:00", XMAS)["stock-closed"])


def test_no_open_day_left(w: Writer) -> None:
    entries = [*w.begin(STEADY, "25 06:00"), w(box("counted", 12), "25 07:00")]
    assert list(found(entries, "25 07:00", XMAS)) == ["stock-nearly-out", "stock-no-open-day"]
    assert "urgent care line" in say_finding(found(entries, "25 07:00", XMAS)["stock-no-open-day"])


def test_the_day_to_order_by(w: Writer) -> None:
    repeat = w(Preference(name="repeat-days", value="5"), "1 07:00")
    entries = [*w.begin(STEADY), w(box("counted", 60), "1 07:00"), repeat]
    record, _, ahead = seen(entries, "1 07:10")
    assert ahead.earlier.day == dec(21)

    def order_by(closed: dict[date, str]) -> date | None:
        found = refill(record, ahead.earlier, closed)
        return found.order_by if found else None

    assert order_by({}) == dec(16)
    assert order_by({dec(16): "a holiday", dec(15): "Sunday"}) == dec(14)
    assert "stock-order-by" not in found(entries, "15 07:10")
    nobody_said, _, _ = seen(entries[:-1], "1 07:10")
    without = refill(nobody_said, ahead.earlier, {})
    assert without is not None
    assert without.order_by is None, "no lead time is made up"


def test_order_today_when_its_day_has_come(w: Writer) -> None:
    repeat = w(Preference(name="repeat-days", value="20"), "1 07:00")
    entries = [*w.begin(STEADY), w(box("counted", 60), "1 07:00"), repeat]
    assert list(found(entries, "1 07:10")) == ["stock-order-by"]
    assert list(found(entries[:-1], "1 07:10")) == []
    bad = w(Preference(name="repeat-days", value="a week"), "1 07:00")
    assert list(found([*entries[:-1], bad], "1 07:10")) == ["stock-repeat-days"]


def test_a_trip_needs_enough_for_its_days_and_a_margin(w: Writer) -> None:
    trip = w(TripPlanned(first=dec(10), last=dec(17)), "1 07:00")
    enough = 3 * (17 + TRIP_MARGIN)

    def rules(tablets: int, now: str = "1 07:10") -> list[str]:
        return list(found([*w.begin(STEADY), w(box("counted", tablets), "1 07:00"), trip], now))

    assert rules(enough) == []
    assert rules(enough - 1) == ["stock-trip"]
    assert rules(45) == ["stock-order", "stock-closed", "stock-trip"], "empty on the 16th, and away from the 10th"
    far = w(TripPlanned(first=dec(100), last=dec(120)), "1 07:00")
    assert list(found([*w.begin(STEADY), w(box("counted", 90), "1 07:00"), far], "1 07:10")) == [], (
        "too far to speak of"
    )
    over = [*w.begin(STEADY, "18 06:00"), w(box("counted", 60), "18 07:00"), trip]
    assert list(found(over, "18 07:10")) == []


def test_a_long_trip_does_not_cry_wolf(w: Writer) -> None:
    """Fifty days in the box and a trip of sixty from tomorrow: ask before leaving; the box is not nearly empty."""
    trip = w(TripPlanned(first=dec(2), last=dec(61)), "1 07:00")
    said = found([*w.begin(STEADY), w(box("counted", 150), "1 07:00"), trip], "1 07:10")
    assert set(said) == {"stock-low", "stock-closed", "stock-trip"}
    away = found([*w.begin(STEADY, "4 06:00"), w(box("counted", 150), "4 07:00"), trip], "4 07:10")
    assert set(away) == {"stock-trip"}


def test_what_is_not_known_is_asked_about(w: Writer) -> None:
    begun = w.begin(STEADY)
    assert list(found(begun, "1 07:00")) == ["stock-unknown"]
    below = [*begun, w(box("counted", 0), "1 07:00"), w(took(1, 1, 1), "1 08:00")]
    said = found(below, "1 09:00")
    assert list(said) == ["stock-negative"]
    assert "More was taken than was counted" in say_finding(said["stock-negative"])
    assert (said["stock-negative"].severity, said["stock-negative"].level) == (Severity.URGENT, Level.TODAY)
    assert seen(below, "1 09:00")[2].earlier.first is None, "no date is made up from it"
    filled = [*below, w(box("received", 100), "1 10:00")]
    assert list(found(filled, "1 10:00")) == ["stock-negative"]
    bare = [
        *begun,
        w(box("counted", 100), "1 07:00"),
        w(DoseTaken(dose=name(1, 1), amount=took(1, 1, 1).amount), "1 08:00"),
    ]
    assert list(found(bare, "1 09:00")) == ["stock-uncertain"]
    twice = [*begun, w(box("counted", 100), "1 07:00"), w(took(1, 1, 1), "1 08:00"), w(took(1, 1, 1), "1 08:10")]
    assert list(found(twice, "1 09:00")) == ["stock-twice"]
    odd = [*begun, w(box("counted", 100), "1 07:00"), w(box("counted", 3, "xx/1"), "1 08:00")]
    assert list(found(odd, "1 09:00")) == ["stock-unread"]


def test_a_product_that_comes_later_in_the_plan_is_asked_about_with_its_day(w: Writer) -> None:
    later = plan((60, (10, 10, 10)), (None, (15, 15, 15)), products=("us/10", "us/15"))
    entries = [*w.begin(later), w(box("counted", 400), "1 07:00")]
    said = found(entries, "1 07:00")
    assert list(said) == ["stock-unknown"]
    assert (said["stock-unknown"].severity, "Sat 30 Jan 2027" in say_finding(said["stock-unknown"])) == (
        Severity.INFO,
        True,
    )


def test_liquids_are_asked_for_the_days_on_their_bottle(w: Writer) -> None:
    liquid = plan((None, (5, 5)), times=("08:00", "20:00"), products=("uk/solution-1",))
    entries = [*w.begin(liquid), w(bottle("counted", 900, "uk/solution-1"), "1 07:00")]
    assert list(found(entries, "1 07:00")) == ["stock-in-use"]
    entries.append(w(bottle("opened", product="uk/solution-1", in_use_days=28), "1 07:30"))
    assert list(found(entries, "1 07:30")) == []
    assert list(found(entries, "15 07:30")) == ["stock-order"]
    assert list(found(entries, "29 07:30")) == ["stock-out", "stock-spoiled"]


def test_the_sentences_are_calm_and_whole() -> None:
    assert all("!" not in said and "just" not in said.split() for said in STOCK.values())
    lines_of_a_list = {"stock.to-order", "stock.to-order-none"}
    assert all(said.endswith((".", "?")) for key, said in STOCK.items() if key not in lines_of_a_list)


# --- what to order ---------------------------------------------------------------------------------------------------


def ordered(entries: list[Entry], now: str, until: date, margin: int = 0) -> OrderList:
    record, stocks, _ = seen(entries, now)
    return order_list(record, M, L, stocks, until, margin)


def in_tablets(made: OrderList) -> dict[str, tuple[int, int | None, int]]:
    return {one.need.product.id: (one.need.quarters, one.usable, one.order.dispense) for one in made.lines}


def test_whole_tablets_to_a_date_less_what_is_there(w: Writer) -> None:
    halves: Plan = plan((None, (5, 5, 5)))
    entries = [
        *w.begin(halves),
        w(box("counted", 4), "1 07:00"),
        w(Preference(name="repeats-left", value="2"), "1 07:00"),
    ]
    made = ordered(entries, "1 07:10", dec(7))
    assert in_tablets(made) == {"us/10": (42, 16, 7)}, "10½ tablets, less 4, is 6½: 7"
    assert made.repeats_left == 2
    assert in_tablets(ordered(entries, "1 07:10", dec(7), margin=2)) == {"us/10": (54, 16, 10)}
    entries[-2] = w(box("counted", 100), "1 07:00")
    assert in_tablets(ordered(entries, "1 07:10", dec(7))) == {"us/10": (42, 400, 0)}, "never less than nothing"
    entries[-2] = w(box("received", 100), "1 07:00")
    assert in_tablets(ordered(entries, "1 07:10", dec(7))) == {"us/10": (42, None, 11)}, "not counted: not counted on"


def test_the_larger_of_held_and_expected_is_ordered(w: Writer) -> None:
    up = plan((7, (10, 10, 10)), (None, (20, 20, 20)), reviews=True)
    down = plan((7, (20, 20, 20)), (None, (10, 10, 10)), reviews=True)
    for made, tablets in ((up, 63), (down, 84)):
        entries = [*w.begin(made), w(box("counted", 0), "1 07:00")]
        assert in_tablets(ordered(entries, "1 07:10", dec(14)))["us/10"][2] == tablets


def test_what_expires_before_it_is_used_is_not_counted_on(w: Writer) -> None:
    entries = [*w.begin(STEADY), w(box("counted", 100, expires=dec(3)), "1 07:00")]
    assert in_tablets(ordered(entries, "1 07:10", dec(10))) == {"us/10": (120, 400, 21)}


@pytest.mark.parametrize(("until", "margin"), [(dec(0), 0), (dec(402), 0), (dec(400), 2), (dec(5), -1)])
def test_an_order_for_no_such_day_is_refused(w: Writer, until: date, margin: int) -> None:
    with pytest.raises(BadInput):
        ordered(w.begin(STEADY), "1 07:10", until, margin)


# --- speed -----------------------------------------------------------------------------------------------------------


def test_four_hundred_days_are_walked_at_once(w: Writer) -> None:
    two = plan((30, (30, 10, 20)), (None, (25, 15, 30)), products=("us/10", "us/20"))
    entries = [*w.begin(two), w(box("counted", 5000), "1 07:00"), w(box("counted", 5000, "us/20"), "1 07:00")]
    seen(entries, "1 07:00")
    start = time.perf_counter()
    seen(entries, "1 07:00")
    assert time.perf_counter() - start < 0.5, "28 ms where this was written; the walk itself 3 ms"
