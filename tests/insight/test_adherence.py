"""What was really taken: counted from when the record begins, as the plan stood on each day, and only what is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.journals import BACLOFEN, DAY, LEAFLET, Book, D, at, begun, dose, mg, scheme

from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.entry import ExtraDose
from gradatim.insight.adherence import Adherence, Tally, adherence


def counted(book: Book, now: Instant, first: date = D - 30 * DAY, last: date = D + 60 * DAY) -> Adherence:
    return adherence(book.record(now), BACLOFEN, LEAFLET, now, first, last)


def full(days: int) -> Book:
    book = begun()
    book.take_all(D, D + (days - 1) * DAY)
    return book


# --- what users of other programs complain about ------------------------------------------------------------------------


def test_nothing_before_the_start_counts() -> None:
    """A plan that began a month before the record: the month is not missed, and not taken."""
    book = begun(scheme(start=D - 30 * DAY), when=at("10:00"))
    book.take(dose(2), at("14:05"))
    book.take(dose(3), at("21:00"))
    found = counted(book, at("23:59"))
    assert found.first == D
    assert found.tally == Tally(due=2, taken=2, on_time=2)
    assert [(day.day, day.whole) for day in found.days] == [(D, False)]  # 08:00 was before the record


def test_a_dose_due_before_the_record_and_taken_after_it_counts_as_milligrams_only() -> None:
    book = begun(when=at("08:30"))
    book.take(dose(1), at("08:40"))
    found = counted(book, at("13:00"))
    assert found.tally.due == 0
    assert found.days[0].taken == mg(10)


def test_a_change_of_the_plan_does_not_repaint_earlier_days() -> None:
    book = full(5)
    before = counted(book, at("+4 23:59"))
    book.approve(scheme(20, start=D + 5 * DAY, version=2), at("+5 05:00"))
    after = counted(book, at("+5 07:00"))
    assert [day.planned for day in after.days] == [mg(30)] * 5 + [mg(60)]
    assert after.days[:5] == before.days


def test_what_may_still_be_taken_is_not_missed() -> None:
    book = begun()
    assert counted(book, at("11:00")).tally.due == 0  # within the window of 08:00
    assert counted(book, at("12:30")).tally == Tally(due=1, missed=1)


def test_mg_are_never_tablets_and_an_extra_dose_is_mg_of_its_day() -> None:
    book = full(1)
    book.write(ExtraDose(amount=mg(5)), at("17:00"))
    (day,) = counted(book, at("23:59")).days
    assert (day.planned, day.taken, day.tally.extra) == (mg(30), mg(35), 1)


# --- each state -----------------------------------------------------------------------------------------------------------


def test_each_state_is_counted_once() -> None:
    book = begun()
    book.take(dose(1), at("08:00"))
    book.take(dose(2), at("15:30"))  # late
    book.take(dose(3), at("19:30"))  # early
    book.skip(dose(1, D + DAY), at("+1 08:00"))
    book.unsure(dose(2, D + DAY), at("+1 14:00"))
    found = counted(book, at("+2 07:00"))
    assert found.tally == Tally(due=6, taken=3, on_time=1, late=1, early=1, skipped=1, unsure=1, missed=1)
    first, second, third = found.days
    assert (first.in_full, first.certain, first.taken) == (True, True, mg(30))
    assert (second.in_full, second.certain, second.taken) == (False, False, mg(0))
    assert not third.whole
    assert found.covered == 1


def test_a_dose_that_waits_is_held_and_not_missed() -> None:
    book = begun()
    book.take(dose(1), at("08:00"))
    found = counted(book, at("+1 09:30"))  # more than 24 hours after the last dose
    assert found.tally.held == 1
    assert found.tally.missed == 2


def test_recorded_twice_is_said_and_counted_once() -> None:
    book = begun()
    book.take(dose(1), at("08:00"))
    book.take(dose(1), at("08:10"))
    (day,) = counted(book, at("13:00")).days
    assert (day.tally.taken, day.tally.twice, day.taken) == (1, 1, mg(10))


def test_a_dose_taken_after_midnight_belongs_to_its_planned_day() -> None:
    book = begun()
    book.take(dose(3), at("+1 00:30"))
    found = counted(book, at("+1 07:00"))
    assert [day.taken for day in found.days] == [mg(10), mg(0)]


def test_a_correction_is_what_counts() -> None:
    book = begun()
    tapped = book.take(dose(1), at("08:00"))
    book.correct(tapped, at("09:00"))
    assert counted(book, at("12:30")).tally == Tally(due=1, missed=1)


def test_a_dose_that_a_new_version_no_longer_has_was_still_taken() -> None:
    book = begun()
    book.take(dose(2), at("13:30"))
    book.approve(replace(scheme(10, start=D, version=2, times=("08:00", "21:00"))), at("13:45"))
    (day,) = counted(book, at("23:30")).days
    assert day.taken == mg(10)


# --- stretches without a dose ---------------------------------------------------------------------------------------------


def test_a_gap_is_a_stretch_longer_than_the_monograph_says() -> None:
    book = full(2)
    book.take(dose(2, D + 3 * DAY), at("+3 14:00"))
    found = counted(book, at("+3 15:00"))
    (gap,) = found.gaps
    assert (gap.since, gap.until, gap.hours) == (at("+1 21:00"), at("+3 14:00"), 41)
    assert found.longest == gap


def test_a_gap_may_be_open() -> None:
    book = full(1)
    (gap,) = counted(book, at("+2 09:00")).gaps
    assert (gap.until, gap.hours) == (None, 36)


def test_one_dose_a_day_taken_late_is_no_gap() -> None:
    book = begun(scheme(10, times=("08:00",)))
    book.take(dose(1), at("08:00"))
    book.take(dose(1, D + DAY), at("+1 08:50"))
    found = counted(book, at("+1 12:00"))
    assert found.gaps == ()
    assert found.longest is None


def test_without_a_plan_there_is_nothing_to_count() -> None:
    book = Book()
    book.describe(at("08:00"))
    found = counted(book, at("12:00"))
    assert (found.days, found.gaps, found.tally) == ((), (), Tally())


def test_days_ahead_are_not_there() -> None:
    assert counted(full(3), at("+2 23:59")).last == D + 2 * DAY
    assert counted(full(3), at("+2 23:59"), first=D + 9 * DAY).days == ()


# --- laws -------------------------------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.lists(st.sampled_from("tseu-"), min_size=1, max_size=30), st.integers(0, 24 * 9))
def test_the_counts_add_up(fates: list[str], hours: int) -> None:
    book = begun()
    for fate, planned in zip(fates, book.record().doses(BACLOFEN, D, D + 20 * DAY), strict=False):
        match fate:
            case "t":
                book.take(planned.id, planned.instant)
            case "s":
                book.skip(planned.id, planned.instant)
            case "u":
                book.unsure(planned.id, planned.instant)
            case "e":
                book.write(ExtraDose(amount=mg(5)), planned.instant)
            case _:
                pass
    now = at("06:00").plus(hours * 3600)
    found = counted(book, now)
    tally = found.tally
    assert tally.due == tally.taken + tally.missed + tally.skipped + tally.unsure
    assert tally.taken == tally.on_time + tally.early + tally.late
    record = book.record(now)
    assert OralDose(sum(day.taken.micrograms for day in found.days)) == OralDose(
        sum(one.what.amount.micrograms for one in record.takings)
    )
    assert all(day.planned == mg(30) for day in found.days)


@pytest.mark.parametrize("days", [1, 7, 14])
def test_a_perfect_record_has_nothing_left_over(days: int) -> None:
    found = counted(full(days), at(f"+{days} 07:00"), last=D + (days - 1) * DAY)
    assert found.tally == Tally(due=3 * days, taken=3 * days, on_time=3 * days)
    assert found.covered == days
    assert found.longest is None
