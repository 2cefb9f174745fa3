"""The box: counted, fetched, lost and opened; how long it lasts on the changing plan; what to order, and when the pharmacy is closed."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Diary


def left(diary: Diary) -> float | None:
    """Tablets of 10 mg that are left."""
    found = [one["quarters"] for one in diary.data("stock")["stock"] if one["product"] == "uk/10"]
    return found[0] / 4 if found and found[0] is not None else None


def rules(diary: Diary) -> set[str]:
    return {one["rule"] for one in diary.data("stock")["findings"]}


def test_a_box_that_was_never_counted_is_asked_about(mine: Diary) -> None:
    said = mine.at("2026-12-01 07:00").says("stock")
    assert "It is not known how long it lasts: count the box" in said
    assert "Until then nobody can warn you before the box is empty." in said
    assert mine.data("stock")["run_out"] is None


def test_a_count_then_what_is_taken_lost_and_fetched(mine: Diary) -> None:
    mine.at("2026-12-01 07:00").says("stock", "count", "uk/10=84")
    assert left(mine) == 84
    mine.at("2026-12-01 08:00").says("take")
    assert left(mine) == 83.5, "half a tablet of 10 mg, and not 5"
    mine.at("2026-12-01 08:10").says("stock", "lose", "uk/10=1.5", "--note", "fell into the sink")
    assert left(mine) == 82
    said = mine.at("2026-12-01 09:00").says("stock", "receive", "uk/10=28", "--expires", "2028-05-31")
    assert "Fetched: 28 tablets (Baclofen 10 mg tablet)" in said
    assert "Baclofen 10 mg tablet 110 tablets" in said
    mine.at("2026-12-01 09:05").says("undo")
    assert left(mine) == 82
    told = mine.at("2026-12-01 10:00").says("stock", "refill", "uk/10")
    assert "counted 84 tablets" in told
    assert "lost 1½ tablets ½ tablet 82 tablets" in told
    assert "Nothing is written down about it." in mine.says("stock", "refill", "uk/5")


@pytest.mark.parametrize("day", range(2))
def test_taking_back_a_dose_puts_it_back_into_the_box(mine: Diary, day: int) -> None:
    mine.at("2026-12-01 07:00").says("stock", "count", "uk/10=84")
    mine.at(f"2026-12-0{day + 1} 08:00").says("take")
    mine.says("undo")
    assert left(mine) == 84


@pytest.mark.parametrize(
    ("amount", "says"),
    [
        ("uk/10=50mg", "Write the number of tablets"),
        ("uk/10=-3", "negative"),
        ("uk/10=0.3", "Count in whole, half or quarter tablets"),
        ("uk/10=", "not a plain number"),
        ("uk/10", "Write for example uk/10=84"),
        ("uk/ten=84", "is not a known product"),
        ("uk/solution-1=300mg", "300mg"),
    ],
)
def test_mg_and_what_is_no_number_is_refused(mine: Diary, amount: str, says: str) -> None:
    before = mine.file.read_bytes()
    assert says in mine.says("stock", "count", amount, code=2)
    assert mine.file.read_bytes() == before


def test_less_than_nothing_is_shown_and_asked_about(mine: Diary) -> None:
    mine.at("2026-12-01 07:00").says("stock", "count", "uk/10=1")
    for clock in ("08:00", "14:00", "21:00"):
        mine.at(f"2026-12-01 {clock}").says("take")
    said = mine.says("stock")
    assert "−½ tablet ?" in said
    assert "More was taken than was counted" in said
    assert left(mine) == -0.5
    assert mine.data("stock")["run_out"] is None


def test_the_box_runs_out_on_the_plan_as_it_changes_and_says_what_that_means(mine: Diary) -> None:
    """10 tablets: 6 days of 1½ tablets are 9, and the seventh day finds its last half at 14:00."""
    said = mine.at("2026-12-01 07:00").says("stock", "count", "uk/10=10")
    assert "6 days left: the first dose that cannot be made is 21:00 on Mon 7 Dec 2026." in said
    assert "An empty box means stopping suddenly" in said
    assert "Do not take less to make it last." in said
    assert mine.data("stock")["run_out"] == "2026-12-07"


def test_the_weekend_before_is_said(mine: Diary) -> None:
    said = mine.at("2026-12-01 07:00").says("stock", "count", "uk/10=10")
    assert "Get more by Fri 4 Dec 2026." in said
    assert "Saturday, Sunday" in said


def test_the_bank_holidays_of_christmas_are_said(mine: Diary) -> None:
    """28 December 2026 stands in for Boxing Day, which is a Saturday; the box is empty on that Monday."""
    said = mine.at("2026-12-20 07:00").says("stock", "count", "uk/10=37")
    assert "Get more by Thu 24 Dec 2026. You need it on Mon 28 Dec 2026" in said
    assert "Christmas Day" in said
    assert "Boxing Day" in said


def test_a_region_has_its_own_holidays_and_an_unknown_one_is_said(mine: Diary) -> None:
    mine.says("log", "prefer", "region", "SCT")
    said = mine.at("2026-12-26 07:00").says("stock", "count", "uk/10=15")
    assert "Note" not in said
    mine.says("log", "prefer", "region", "XXX")
    assert "Note: " in mine("stock").err


def test_days_of_a_repeat_prescription_move_the_warning_ahead(mine: Diary) -> None:
    mine.at("2026-12-01 07:00").says("stock", "count", "uk/10=24")
    assert "stock-order-by" not in rules(mine)
    mine.says("log", "prefer", "repeat-days", "12")
    assert "stock-order-by" in rules(mine)
    assert "Give 0 to 90" in mine.says("log", "prefer", "repeat-days", "five", code=2)


def test_a_choice_that_nothing_reads_is_refused(mine: Diary) -> None:
    before = mine.file.read_bytes()
    assert "Did you mean repeat-days" in mine.says("log", "prefer", "repeat-day", "5", code=2)
    assert "is no missed-dose rule" in mine.says("log", "prefer", "missed-rule", "any", code=2)
    assert mine.file.read_bytes() == before
    assert "Chosen: contact-prescriber" in mine.says("log", "prefer", "contact-prescriber", "Dr B. Name, 01632 960001")


def test_a_trip_is_reckoned_with(mine: Diary) -> None:
    mine.at("2026-12-12 07:00").says("stock", "count", "uk/10=60")
    assert "stock-trip" not in rules(mine)
    mine.says("log", "trip", "2026-12-24", "2027-01-08")
    assert "Before your trip from Thu 24 Dec 2026 to Fri 8 Jan 2027" in mine.says("stock")
    assert "before the first day" in mine.says("log", "trip", "2027-01-24", "2027-01-02", code=2)


def test_what_to_order_for_every_dose_until_a_day(mine: Diary) -> None:
    mine.at("2026-12-01 07:00")
    assert "Count the box first" in mine.says("stock", "order", "--until", "2026-12-07")
    mine.says("stock", "count", "uk/10=4")
    said = mine.says("stock", "order", "--until", "2026-12-07")
    assert "order 7 tablets of 10 mg (11 tablets of 10 mg are used, 4 tablets of 10 mg are there)" in said
    assert "order 13" in mine.says("stock", "order", "--until", "2026-12-07", "--margin", "2")
    assert "nothing to order" in mine.says("stock", "order", "--until", "2026-12-02")
    for day in ("2026-11-01", "2029-11-01"):
        assert "Give a day within 400 days" in mine.says("stock", "order", "--until", day, code=2)
    assert "--until: '2026-02-30' is not a date" in mine.says("stock", "order", "--until", "2026-02-30", code=2)


def test_a_bottle_keeps_only_so_many_days_once_it_is_open(mine: Diary) -> None:
    mine.at("2026-12-01 07:00").says("stock", "count", "uk/solution-1=300mL")
    said = mine.says("stock", "open", "uk/solution-1", "--keeps", "3")
    assert "Bottle opened: Baclofen 5 mg/5 mL oral solution" in said
    assert "300 mL" in said
    assert "gives an amount" in mine.says("stock", "open", "uk/solution-1=5", code=2)
    assert "is no liquid" in mine.says("stock", "open", "uk/10", code=2)
    mine.at("2026-12-01 08:00").says("take", "--of", "uk/solution-1=5mL")
    assert "295 mL" in mine.says("stock")
    assert "watch-bottle-old" not in mine.at("2026-12-03 07:00").says("watch")
    assert "Open for longer than it keeps: Baclofen 5 mg/5 mL oral solution." in mine.at("2026-12-04 07:00").says(
        "watch"
    )


def test_a_day_without_a_time_does_not_say_when(mine: Diary) -> None:
    mine.at("2026-12-02 12:00")
    before = mine.file.read_bytes()
    said = mine.says("stock", "count", "uk/10=40", "--day", "yesterday", code=2)
    assert "--day: does not say when it was" in said
    assert "--at 20:00" in said
    assert mine.file.read_bytes() == before
    assert "Tue 1 Dec 20:00" in mine.says("stock", "count", "uk/10=40", "--day", "yesterday", "--at", "20:00")


def test_the_stock_as_data(mine: Diary) -> None:
    mine.at("2026-12-01 07:00").says("stock", "count", "uk/10=10")
    data = mine.data("stock")
    assert data["days_left"] == 6
    assert data["first_dose_that_cannot_be_made"].endswith(":2026-12-07:s3")
    assert all(one["source"] and one["level"] in ("E", "D", "V") for one in data["findings"])


def test_the_demonstration_shows_a_near_run_out(demo: Diary) -> None:
    said = demo.says("stock")
    assert "You are close to running out." in said
    assert "Order today" in said
    assert "received 36½ tablets" in demo.says("stock", "refill", "uk/10")
