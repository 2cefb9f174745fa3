"""What other trackers did to people's records, each as a test that it cannot happen here. Cases: peers.md, sections 2.4 and 4.

Stock, reminders on a device and the report have files of their own.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from tests.journals import (
    BACLOFEN,
    DAY,
    HOUR,
    LEAFLET,
    LONDON,
    MINUTE,
    THREE,
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
from gradatim.domain.entry import CheckIn, Correction, DoseTaken, Entry, Measured, NoteWritten, new_id
from gradatim.domain.fault import BadInput
from gradatim.domain.plan import Plan, slots_at
from gradatim.domain.taking import Already, Guarded, meant, take
from gradatim.domain.today import DoseNow, DoseState, states, today

S = DoseState


def history(book: Book, now: Instant, first: date, last: date) -> list[tuple[str, str, DoseState, int]]:
    """What the days show at an instant: each dose, its amount, and what became of it."""
    found = states(book.record(now), BACLOFEN, LEAFLET, now, first, last)
    return [(one.dose.id, str(one.dose.dose), one.state, one.dose.instant.seconds) for one in found]


def ten_days() -> Book:
    """Ten days with doses taken, one skipped, one unsure, one missed, one extra by mistake and taken back."""
    book = begun(scheme(10, reviews=False, start=D))
    for n in range(10):
        for slot, hour in ((1, "08:05"), (2, "14:05"), (3, "21:05")):
            match (n, slot):
                case (3, 2):
                    book.skip(dose(slot, D + n * DAY), at(f"+{n} {hour}"))
                case (4, 3):
                    book.unsure(dose(slot, D + n * DAY), at(f"+{n} {hour}"))
                case (6, 1):
                    pass
                case _:
                    book.take(dose(slot, D + n * DAY), at(f"+{n} {hour}"))
    return book


NOW = at("+10 07:00")


# --- the dose changes, the past does not ------------------------------------------------------------------------------


@pytest.mark.parametrize("start", [-30, 0, 5, 10, 11, 40])
def test_meditrak_222_240_past_days_are_not_repainted_with_the_new_dose(start: int) -> None:
    """MediTrak 222, 240: after a change of dose the calendar showed the new dose on all days before."""
    book = ten_days()
    before = history(book, NOW, D, D + 9 * DAY)
    book.approve(scheme(20, version=2, start=D + start * DAY), NOW.plus(1))
    assert history(book, NOW.plus(2), D, D + 9 * DAY) == before
    assert book.totals(D, D + 9 * DAY) == [30] * 10
    assert book.totals(D + 10 * DAY, D + 41 * DAY)[-1] == 60


def test_bp_monitor_616_a_new_strength_and_new_times_leave_what_was_taken_as_it_was() -> None:
    """bp-monitor 616: editing the medicine rewrote the amounts of doses taken long ago."""
    book = ten_days()
    taken = [(one.what, one.at) for one in book.record().takings]
    book.approve(
        replace(scheme(5, version=2, start=D + 10 * DAY, times=("07:00", "19:00")), products=("uk/5",)), NOW.plus(1)
    )
    assert [(one.what, one.at) for one in book.record().takings] == taken
    assert {one.what.amount for one in book.record().of(DoseTaken)} == {mg(10)}
    assert {one.portion.dose for one in book.planned(D, D + 9 * DAY)} == {mg(10)}


def test_medassist_pr79_meditrak_222_a_change_does_not_turn_the_past_into_missed_days() -> None:
    """medassist PR 79, MediTrak 222: a new medicine was scored as two missed weeks, and an edit turned all days "missed"."""
    book = begun(scheme(10, start=D - 14 * DAY), at("07:00"))
    states_then = {state for _, _, state, _ in history(book, at("07:30"), D - 14 * DAY, D - DAY)}
    assert states_then <= {S.BEFORE, S.LATE}, (
        "two weeks before the record began are not known; the last evening may still be open"
    )
    assert S.MISSED not in {state for _, _, state, _ in history(book, at("+1 07:30"), D - 14 * DAY, D - DAY)}
    ten = ten_days()
    missed = [id for id, _, state, _ in history(ten, NOW, D, D + 9 * DAY) if state is S.MISSED]
    assert missed == [dose(1, D + 6 * DAY)]
    ten.approve(scheme(20, id="p2", start=D), NOW.plus(1))
    assert [id for id, _, state, _ in history(ten, NOW.plus(2), D, D + 9 * DAY) if state is S.MISSED] == missed


def test_a_plan_that_starts_later_today_does_not_score_the_morning() -> None:
    """Adherence before the start (MediTrak 222): who begins to keep a record at noon has missed nothing that morning."""
    book = begun(scheme(10), at("12:30"))
    assert shown(book.today(at("20:00"))) == {"12-01 s1": S.BEFORE, "12-01 s2": S.MISSED, "12-01 s3": S.EARLY}


def test_calendula_160_sparkyfitness_1915_stopping_and_answers_leave_yesterday_alone() -> None:
    """calendula 160, SparkyFitness 1915: an end date or a new step removed the doses of the days before."""
    book = begun(scheme(10, 15, start=D))
    before = history(book, at("+9 12:00"), D, D + 8 * DAY)
    book.answer("v1-r1", at("+9 13:00"), D)
    book.approve(scheme(0, version=2, start=D), at("+9 14:00"))
    assert history(book, at("+9 15:00"), D, D + 8 * DAY) == before
    assert book.totals(D, D + 10 * DAY) == [30] * 9 + [0, 0]


# --- one dose, once ---------------------------------------------------------------------------------------------------


def retimed(plan: Plan, start: date, *times: str) -> Plan:
    slots = slots_at(tuple(map(time.fromisoformat, times)))
    return replace(plan, version=plan.version + 1, start=start, slots=slots)


def test_medtimer_1136_old_doses_never_stack() -> None:
    """medTimer 1136: three old alarms stood side by side. "I cannot take three doses at once." """
    book = begun(scheme(10, on_drug_days=0))
    for n in range(4 * 24 * 4):
        seen = book.today(at("00:00").plus(n * 15 * MINUTE))
        assert len(offered(seen)) <= 1
    assert shown(book.today(at("+1 21:30"))) == {"12-02 s1": S.MISSED, "12-02 s2": S.MISSED, "12-02 s3": S.DUE}


@pytest.mark.parametrize("taken", [True, False])
def test_medtimer_1143_1487_a_dose_that_is_moved_leaves_no_copy_at_the_old_time(taken: bool) -> None:
    """medTimer 1143, 1487: rescheduling made a second dose at the old time; "could double up"."""
    book = begun(scheme(10))
    if taken:
        book.take(dose(1), at("08:05"))
    book.approve(retimed(scheme(10), D, "10:00", "15:00", "22:00"), at("08:30"))
    seen = book.today(at("10:10"))
    assert list(shown(seen)) == ["12-01 s1", "12-01 s2", "12-01 s3"]
    assert offered(seen) == ([] if taken else [dose(1)])
    assert [one.at.hour for one in book.planned(D, D)] == [10, 15, 22]
    assert len({one.id for one in book.planned(D, D + 30 * DAY)}) == 31 * 3


def pick(book: Book, now: Instant, said: str | None = None) -> DoseNow:
    return meant(book.record(now), BACLOFEN, LEAFLET, now, said, None)


def tap(book: Book, now: Instant, said: str | None = None) -> DoseTaken | Already | Guarded:
    """A tap on "take", which writes what there is to write."""
    said_to = take(book.record(now), BACLOFEN, LEAFLET, now, pick(book, now, said))
    if isinstance(said_to, DoseTaken):
        book.write(said_to, now)
    return said_to


def test_ditmm_48_a_second_tap_records_nothing_and_says_when_the_first_was() -> None:
    """DITMM 48: an impatient second tap counted the dose twice, or the next one as taken."""
    book = begun()
    assert isinstance(tap(book, at("08:02")), DoseTaken)
    again = tap(book, at("08:02").plus(20))
    assert isinstance(again, Already)
    assert again.done.counts.at == at("08:02")
    assert [one.what.dose for one in book.record().of(DoseTaken)] == [dose(1)]


def test_two_devices_offline_may_both_record_a_dose_and_it_stays_one_with_the_other_shown() -> None:
    """The same tap on the phone and the tablet (DITMM 48): one dose is done, the second entry is kept for a person to judge."""
    book = begun()
    book.take(dose(1), at("08:02"))
    book.take(dose(1), at("08:03"), recorded=at("09:00"))
    done = book.record().done[dose(1)]
    assert done.counts.at == at("08:02")
    assert len(done.taken_twice) == 1
    assert offered(book.today(at("09:30"))) == []


def test_ditmm_48_a_dose_taken_on_a_device_whose_clock_runs_ahead_is_done_on_the_others() -> None:
    """Duplicate doses (DITMM 48) and clocks: the phone is two hours ahead, the tablet shows the right time. What the tablet shows must be
    made of all that it knows, not of what its own clock has reached: cut off at its own time, the dose would be offered again."""
    book = begun()
    book.take(dose(1), at("10:00"))
    everything = book.record()
    seen = today(everything, BACLOFEN, LEAFLET, at("08:05"))
    assert shown(seen)["12-01 s1"] is S.TAKEN
    assert offered(seen) == []


def test_dosage_44_medtimer_1720_nothing_asks_again_after_taken() -> None:
    """Dosage 44, medTimer 1720: it kept nagging after "taken"."""
    book = begun()
    book.take(dose(1), at("08:02"))
    for n in range(0, 6 * 60, 5):
        assert dose(1) not in offered(book.today(at("08:02").plus(n * MINUTE)))


def test_ditmm_68_a_late_morning_dose_does_not_consume_the_next() -> None:
    """DITMM 68: a dose taken late was booked on the closest time, so the next one vanished."""
    book = begun()
    assert isinstance(tap(book, at("11:50")), DoseTaken)
    assert list(book.record().done) == [dose(1)]
    assert shown(book.today(at("14:00"))) == {"12-01 s1": S.TAKEN, "12-01 s2": S.DUE, "12-01 s3": S.EARLY}
    with pytest.raises(BadInput, match="no dose is due now"):
        pick(begun(), at("12:55"))


def test_ditmm_62_took_it_is_recorded_or_refused_aloud() -> None:
    """DITMM 62: "took it" on the notification silently recorded nothing."""
    for now, expected in ((at("08:00"), DoseTaken), (at("12:30"), BadInput), (at("06:00"), BadInput)):
        book = begun()
        if expected is BadInput:
            with pytest.raises(BadInput, match="Name the one you mean"):
                tap(book, now)
            assert book.record().of(DoseTaken) == ()
        else:
            assert isinstance(tap(book, now), DoseTaken)
            assert len(book.record().of(DoseTaken)) == 1
    late = begun()
    late.take(dose(1), at("08:00"))
    early = tap(late, at("10:00"), "14:00")
    assert isinstance(early, Guarded)
    assert early.findings, "not recorded, and why"


def test_what_cannot_count_is_kept_and_shown_with_its_reason() -> None:
    """DITMM 62 again: nothing that was written disappears."""
    book = begun()
    book.write(Correction(corrects=new_id(1, bytes(10)), why="?"), at("08:00"))
    book.approve(scheme(20), at("09:00"))
    book.supersede(9, at("10:00"))
    book.answer("v1-r5", at("11:00"), D)
    record = book.record()
    assert len(record.entries) == len(book.entries)
    assert [aside.entry for aside in record.set_aside] == book.entries[2:]


def test_ditmm_42_a_dose_is_filled_in_later_without_skipping_a_real_one() -> None:
    """DITMM 42: to enter yesterday's dose one had to skip today's."""
    book = begun()
    for slot, hour in ((1, "08:00"), (2, "14:00"), (3, "21:00")):
        if slot != 2:
            book.take(dose(slot), at(hour))
    assert (dose(2), "10 mg", S.MISSED, at("14:00").seconds) in history(book, at("+1 07:00"), D, D)
    book.take(dose(2), at("14:20"), recorded=at("+1 07:30"))
    found = states(book.record(), BACLOFEN, LEAFLET, at("+1 07:30"), D, D)
    assert [one.state for one in found] == [S.TAKEN] * 3
    assert offered(book.today(at("+1 08:00"))) == [dose(1, D + DAY)], "today's dose is there as before"
    assert [one.at for one in book.record().takings] == [at("08:00"), at("14:20"), at("21:00")]


@pytest.mark.parametrize("undo", [True, False])
def test_medtimer_341_581_a_wrong_tap_is_put_right_and_stays_visible(undo: bool) -> None:
    """medTimer 341, 412, 475, 581: a wrong tap, time or amount could not be mended, or only behind a swipe."""
    book = begun()
    tapped = book.take(dose(1), at("08:00"))
    book.correct(
        tapped, at("08:10"), None if undo else DoseTaken(dose=dose(1), amount=mg(5)), None if undo else at("07:30")
    )
    seen = book.today(at("08:15"))
    assert offered(seen) == ([dose(1)] if undo else [])
    assert tapped in book.record().entries
    assert [one.what.why for one in book.record().corrections()] == ["a wrong tap"]


# --- clocks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 10, 25), 25), (date(2027, 3, 28), 23)])
def test_medtimer_56_no_loop_on_the_day_the_clocks_change(day: date, hours: int) -> None:
    """medTimer 56: on the day of the change reminders came again and again."""
    book = begun(
        scheme(10, start=day - DAY, times=("01:30", "09:30", "17:30")), zone=LONDON, when=at("00:01", day - DAY, LONDON)
    )
    taken: list[str] = []
    for n in range(-12, hours * 12):
        now = at("00:00", day, LONDON).plus(n * 5 * MINUTE)
        due = book.today(now).due
        if due is not None:
            taken.append(due.dose.id)
            book.take(due.dose.id, now)
    assert taken[-3:] == [dose(slot, day) for slot in (1, 2, 3)]
    assert len(taken) == len(set(taken))


def test_medtimer_561_the_time_on_the_wall_does_not_drift_over_a_change_of_clocks() -> None:
    """medTimer 561, 519: an interval of "24 hours" came an hour early or late for half a year."""
    day = date(2026, 10, 24)
    book = begun(scheme(10, start=day))
    clock = [one.instant.local(LONDON).strftime("%H:%M") for one in book.planned(day, day + 3 * DAY)]
    assert clock == list(THREE) * 4


def test_a_stamp_without_a_zone_is_refused() -> None:
    """Clock threads (peers.md, demand 8): somebody took a dose an hour early because a stamp had no zone."""
    with pytest.raises(ValueError, match="has no zone"):
        Instant.of(datetime(2026, 12, 1, 8, 0))  # noqa: DTZ001
    with pytest.raises(ValueError, match="is not an instant"):
        Instant.parse("2026-12-01T08:00:00")
    taken = begun().take(dose(1), at("08:00"))
    for zone in ("", "GMT+25", "localtime"):
        with pytest.raises(BadInput, match="is not a zone"):
            replace(taken, zone=zone)


def test_a_dose_is_not_recorded_before_it_happens() -> None:
    """A clock that was off, or a tap on tomorrow: only what has happened can be recorded."""
    with pytest.raises(BadInput, match="later than it was written down"):
        begun().write(NoteWritten(text="tomorrow"), at("+1 08:00"), at("08:00"))


# --- away for minutes or days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("away", [3 * MINUTE, 3 * HOUR, 72 * HOUR, 30 * 24 * HOUR])
@pytest.mark.parametrize("on_drug_days", [0, 400])
def test_medikeep_after_downtime_doses_are_neither_lost_nor_stacked(away: int, on_drug_days: int) -> None:
    """MediKeep compared minutes for equality: a server down for three minutes lost the dose, and one down for days sent them all."""
    book = begun(scheme(10, on_drug_days=on_drug_days))
    if on_drug_days:
        book.take_all(D, D)
    now = at("+1 08:00").plus(away)
    seen = book.today(now)
    assert len(offered(seen)) <= 1
    if away == 3 * MINUTE:
        assert offered(seen) == [dose(1, D + DAY)]
        assert seen.due is not None
        assert seen.due.window.due == at("+1 08:00"), "it was due at 08:00, and says so"
    back = states(book.record(), BACLOFEN, LEAFLET, now, D + DAY, seen.day)
    assert all(one.state in (S.MISSED, S.EARLY, S.DUE, S.LATE, S.HELD) for one in back), (
        "what was missed is there to see"
    )
    if away >= 72 * HOUR and on_drug_days:
        assert seen.gap is not None, "after days without a dose nobody is told to take one"
        assert offered(seen) == []


def test_after_three_days_away_one_dose_at_most_is_due_and_the_others_are_missed() -> None:
    """MediKeep, and the lost tolerance that no peer asks about."""
    book = begun(scheme(10, on_drug_days=0))
    found = states(book.record(), BACLOFEN, LEAFLET, at("+3 08:30"), D, D + 3 * DAY)
    assert [one.state for one in found] == [S.MISSED] * 9 + [S.DUE, S.EARLY, S.EARLY]


# --- what is typed ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: DoseTaken(dose=dose(1), amount=mg(0)), "not a dose taken"),
        (CheckIn, "nothing was answered"),
        (Measured, "nothing was measured"),
        (lambda: Measured(systolic=1200, diastolic=80), "not plausible"),
        (lambda: NoteWritten(text="  "), "is empty"),
    ],
)
def test_huckvale_a_blank_or_impossible_value_is_refused(build: object, says: str) -> None:
    """Huckvale 2015: 91 % of 46 dose calculators did not check what was typed; 59 % went on with values missing."""
    with pytest.raises(BadInput, match=says):
        build()  # type: ignore[operator]


def test_an_import_of_another_persons_doses_is_refused_whole() -> None:
    """Restores that mixed or lost medicines (medTimer 529, 1090): two people's doses never meet in one record."""
    mine, theirs = begun(), Book(person="somebody else")
    theirs.take(dose(1), at("08:00"))
    both: list[Entry] = mine.entries + theirs.entries
    mine.entries = both
    with pytest.raises(BadInput, match="more than one person"):
        mine.record()
