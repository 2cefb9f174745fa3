"""From entries to a record: what does not count and why, what outranks what, and which plan holds on which day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
from tests.journals import BACLOFEN, DAY, DOCTOR, LONDON, Book, D, at, begun, dose, mg, scheme

from gradatim.domain.clock import Instant
from gradatim.domain.entry import (
    Correction,
    DoseSkipped,
    DoseTaken,
    DoseUnsure,
    Entry,
    ExtraDose,
    Measured,
    NoteWritten,
    OtherChange,
    OtherTaken,
    Preference,
    WatchAnswered,
)
from gradatim.domain.fault import BadInput
from gradatim.domain.fold import fold
from gradatim.domain.person import Creatinine, Filtration, Weight
from gradatim.domain.plan import Answerer
from gradatim.domain.timeline import Answer

UNKNOWN = "01900000-0000-7000-8000-000000000000"


def why(book: Book) -> list[str]:
    return [one.why for one in book.record().set_aside]


def held(book: Book, as_of: Instant | None = None) -> list[tuple[str, date, date | None]]:
    return [(one.plan.rev, one.first, one.last) for one in book.record(as_of).holdings]


def counts(book: Book, id: str = dose(1)) -> object:
    done = book.record().done.get(id)
    return None if done is None else done.counts.what


# --- set aside, with the reason ---------------------------------------------------------------------------------------


def test_an_empty_journal_is_a_record() -> None:
    record = fold([])
    assert (record.person, record.since, record.holdings, record.entries, record.zone) == (None, None, (), (), "UTC")
    assert record.doses(BACLOFEN, D, D + 30 * DAY) == []


def test_nothing_is_set_aside_in_an_ordinary_journal() -> None:
    book = begun()
    book.take(dose(1), at("08:00"))
    book.correct(book.entries[-1], at("08:01"))
    assert why(book) == []


def test_a_correction_of_nothing_known() -> None:
    book = begun()
    book.write(Correction(corrects=UNKNOWN, why="?"), at("08:00"))
    assert why(book) == ["aside.corrects-unknown"]
    assert book.record().corrections()[0].what.corrects == UNKNOWN, "kept, and seen in the history"


def test_a_correction_by_a_device_whose_clock_runs_behind_counts() -> None:
    """It names the id, so it was written after what it corrects, whatever the clocks say."""
    book = begun()
    taken = book.take(dose(1), at("09:00"))
    book.correct(taken, at("08:00"))
    assert why(book) == []
    assert counts(book) is None
    assert [one.why for one in book.record(at("08:30")).set_aside] == ["aside.corrects-unknown"]


def test_corrections_of_corrections_never_go_in_a_circle() -> None:
    book = begun()
    taken = book.take(dose(1), at("08:00"))
    undo = book.correct(taken, at("10:00"))
    book.correct(undo, at("09:00"))
    assert why(book) == ["aside.corrects-later"]
    assert counts(book) is None
    itself = book.write(Correction(corrects=UNKNOWN, why="?"), at("11:00"))
    book.entries[-1] = replace(itself, what=Correction(corrects=itself.id, why="itself"))
    assert why(book) == ["aside.corrects-later"] * 2


def test_of_one_second_the_id_decides_what_came_first() -> None:
    book = begun()
    undo = book.correct(book.take(dose(1), at("09:00")), at("09:00"))
    book.correct(undo, at("09:00"))
    assert why(book) == []
    assert counts(book) is not None


@pytest.mark.parametrize("which", [0, 1, 2])
def test_what_is_followed_by_a_new_entry_is_not_corrected(which: int) -> None:
    book = begun()
    book.write(Preference(name="repeat-days", value="10"), at("07:00"))
    book.correct(book.entries[which], at("08:00"))
    assert why(book) == ["aside.not-correctable"]
    record = book.record()
    assert (record.person is not None, len(record.holdings), record.preferences) == (True, 1, {"repeat-days": "10"})


def test_the_same_version_again_and_another_one_of_the_same_number() -> None:
    book = begun()
    book.approve(scheme(), at("08:00"))
    book.approve(scheme(20), at("09:00"))
    assert why(book) == ["aside.plan-known", "aside.plan-conflict"]
    assert book.totals(D, D) == [30]
    assert book.record().since == at("05:30")


def test_superseding_what_is_not_there_or_holds_already() -> None:
    book = begun(scheme(10))
    book.supersede(7, at("06:00"))
    book.supersede(2, at("06:00"), plan="p2")
    book.supersede(1, at("06:00"))
    assert why(book) == ["aside.no-such-plan", "aside.no-such-plan", "aside.plan-holds"]
    assert held(book) == [("p1 v1", D, None)]


def test_the_only_plan_is_not_taken_away_even_before_it_starts() -> None:
    book = begun(scheme(start=D + 5 * DAY), at("06:00"))
    book.supersede(1, at("07:00"))
    assert why(book) == ["aside.plan-holds"]
    assert held(book) == [("p1 v1", D + 5 * DAY, None)]


@pytest.mark.parametrize(("review", "plan"), [("v1-r9", "p1"), ("v1-r1", "p2"), ("v2-r1", "p1")])
def test_an_answer_to_no_review(review: str, plan: str) -> None:
    book = begun(scheme(10, 15))
    book.answer(review, at("08:00"), D, plan=plan)
    assert why(book) == ["aside.no-such-review"]


def test_an_answer_to_a_version_that_was_taken_back() -> None:
    book = begun(scheme(10))
    book.approve(scheme(10, 15, version=2, start=D + 5 * DAY), at("08:00"))
    book.supersede(2, at("09:00"))
    book.answer("v2-r1", at("10:00"), D)
    assert why(book) == ["aside.no-such-review"]


@pytest.mark.parametrize(("by", "role", "fits"), [
    (Answerer.CLINICIAN, Answerer.PERSON, False), (Answerer.CLINICIAN, Answerer.CARER, False), (Answerer.CLINICIAN, Answerer.CLINICIAN, True),
    (Answerer.CARER, Answerer.PERSON, False), (Answerer.CARER, Answerer.CARER, True), (Answerer.PERSON, Answerer.CARER, True),
])  # fmt: skip
def test_who_may_answer(by: Answerer, role: Answerer, fits: bool) -> None:
    book = begun(scheme(10, 15, by=by))
    book.answer("v1-r1", at("08:00"), D, by=role)
    assert why(book) == ([] if fits else ["aside.may-not-answer"])
    assert book.totals(D + 6 * DAY, D + 8 * DAY) == ([30, 45, 45] if fits else [30, 30, 30])


def test_one_id_with_two_contents_keeps_the_earlier_on_every_device() -> None:
    book = begun()
    one, two = (book.write(NoteWritten(text=text), at("08:00")) for text in ("one", "two"))
    clashing = [
        *(replace(one, what=NoteWritten(text=f"other {n}"), recorded=at("09:00").plus(n)) for n in range(2)),
        replace(two, what=NoteWritten(text="another"), recorded=at("10:00")),
    ]
    records = {repr(fold([*book.entries, *order])) for order in permutations(clashing)}
    records |= {repr(fold([*order, *book.entries])) for order in permutations(clashing)}
    assert len(records) == 1, "the order in which they arrive makes no difference, not even to what is set aside"
    record = fold([*clashing, *book.entries])
    assert [note.what.text for note in record.of(NoteWritten)] == ["one", "two"]
    assert [aside.why for aside in record.set_aside] == ["aside.same-id"] * 3
    assert {aside.entry for aside in record.set_aside} == set(clashing)


def test_the_same_entry_twice_is_one_entry() -> None:
    book = begun()
    book.take(dose(1), at("08:00"))
    copied = [replace(entry) for entry in book.entries]
    assert fold(book.entries + copied) == book.record()
    assert fold(book.entries + copied).set_aside == ()


def test_two_people_never_mix() -> None:
    book = begun()
    other = Book(person="somebody else")
    other.take(dose(1), at("08:00"))
    with pytest.raises(BadInput, match="more than one person"):
        fold(book.entries + other.entries)
    assert fold(book.entries + other.entries, as_of=at("07:00")) == book.record()


def test_as_of_an_instant_holds_what_was_written_by_then_its_own_second_included() -> None:
    book = begun()
    book.take(dose(1), at("08:00"), recorded=at("09:00"))
    assert fold(book.entries, as_of=at("09:00").plus(-1)).done == {}
    assert list(fold(book.entries, as_of=at("09:00")).done) == [dose(1)]


# --- corrections ------------------------------------------------------------------------------------------------------


def test_a_correction_changes_what_and_when_and_keeps_what_was_written() -> None:
    book = begun()
    taken = book.take(dose(1), at("08:00"))
    book.correct(taken, at("10:00"), DoseTaken(dose=dose(1), amount=mg(5)), at("07:45"))
    (one,) = book.record().of(DoseTaken)
    assert (one.what.amount, one.at, one.entry, one.id) == (mg(5), at("07:45"), taken, taken.id)
    assert [entry.what.why for entry in one.corrections if isinstance(entry.what, Correction)] == ["a wrong tap"]
    assert book.record().takings == (one,)
    assert book.record(at("09:00")).of(DoseTaken)[0].what.amount == mg(10), "as of then it said what it said"


def test_a_correction_without_a_time_leaves_when_it_happened() -> None:
    book = begun()
    taken = book.take(dose(1), at("08:00"), recorded=at("09:00"))
    book.correct(taken, at("10:00"), DoseTaken(dose=dose(1), amount=mg(5)))
    assert book.record().of(DoseTaken)[0].at == at("08:00")


def test_the_latest_correction_counts_and_a_correction_of_it_brings_the_one_before_back() -> None:
    book = begun()
    taken = book.take(dose(1), at("08:00"))
    book.correct(taken, at("09:00"), DoseTaken(dose=dose(1), amount=mg(5)))
    later = book.correct(taken, at("10:00"), DoseSkipped(dose=dose(1)))
    assert counts(book) == DoseSkipped(dose=dose(1))
    undo = book.correct(later, at("11:00"))
    assert counts(book) == DoseTaken(dose=dose(1), amount=mg(5))
    book.correct(undo, at("12:00"))
    assert counts(book) == DoseSkipped(dose=dose(1))
    assert len(book.record().corrections()) == 4


def test_taking_back_and_restoring_leaves_the_record_as_it_was() -> None:
    book = begun()
    taken = book.take(dose(1), at("08:00"))
    before = book.record()
    undo = book.correct(taken, at("09:00"))
    assert book.record().done == {}
    assert book.record().takings == ()
    book.correct(undo, at("10:00"))
    after = book.record()
    assert counts(book) == taken.what
    assert [(one.what, one.at) for one in after.of(DoseTaken)] == [(one.what, one.at) for one in before.of(DoseTaken)]
    assert [one.id for one in after.takings] == [one.id for one in before.takings]


def test_a_correction_may_say_that_it_was_something_else() -> None:
    book = begun()
    taken = book.take(dose(1), at("08:00"))
    book.correct(taken, at("09:00"), DoseTaken(dose=dose(2), amount=mg(10)))
    assert list(book.record().done) == [dose(2)]
    book.correct(taken, at("10:00"), ExtraDose(amount=mg(10)))
    record = book.record()
    assert record.done == {}
    assert [type(one.what) for one in record.takings] == [ExtraDose]


def test_a_correction_cannot_say_that_it_happened_in_the_future() -> None:
    book = begun()
    taken = book.take(dose(1), at("08:00"))
    with pytest.raises(BadInput, match="later than it was written down"):
        book.correct(taken, at("09:00"), taken.what, really=at("+1 09:00"))  # type: ignore[arg-type]


def test_what_a_correction_of_a_correction_says_instead_is_not_passed_over_in_silence() -> None:
    book = begun()
    undo = book.correct(book.take(dose(1), at("08:00")), at("09:00"))
    book.correct(undo, at("10:00"), DoseTaken(dose=dose(1), amount=mg(5)))
    assert why(book) or counts(book) == DoseTaken(dose=dose(1), amount=mg(5))


# --- what became of a dose --------------------------------------------------------------------------------------------

SAID: dict[str, DoseTaken | DoseSkipped | DoseUnsure] = {
    "t": DoseTaken(dose=dose(1), amount=mg(10)),
    "s": DoseSkipped(dose=dose(1)),
    "u": DoseUnsure(dose=dose(1)),
}


@pytest.mark.parametrize(
    ("order", "counting"),
    [
        ("t", 0),
        ("ts", 0),
        ("st", 1),
        ("tu", 0),
        ("ut", 1),
        ("su", 1),
        ("us", 1),
        ("sus", 2),
        ("stu", 1),
        ("uts", 1),
        ("stt", 1),
    ],
)
def test_taken_outranks_the_rest_and_else_the_latest_counts(order: str, counting: int) -> None:
    book = begun()
    written = [book.write(SAID[letter], at("08:00").plus(n * 60)) for n, letter in enumerate(order)]
    done = book.record().done[dose(1)]
    assert done.counts.entry == written[counting]
    assert {one.entry for one in done.others} == set(written) - {written[counting]}


def test_of_two_takings_the_earlier_counts_and_the_other_is_shown() -> None:
    book = begun()
    second = book.take(dose(1), at("08:10"))
    first = book.take(dose(1), at("08:02"), recorded=at("09:00"))
    done = book.record().done[dose(1)]
    assert done.counts.entry == first
    assert [one.entry for one in done.taken_twice] == [second]
    book.skip(dose(2), at("14:00"))
    book.skip(dose(2), at("14:01"))
    assert book.record().done[dose(2)].taken_twice == ()
    assert len(book.record().takings) == 2, "both are in the body"


def test_takings_stand_in_the_order_of_when_they_happened() -> None:
    book = begun()
    book.take(dose(2), at("14:00"))
    book.write(ExtraDose(amount=mg(5)), at("10:00"), at("15:00"))
    book.take(dose(1), at("08:00"), recorded=at("16:00"))
    assert [one.at for one in book.record().takings] == [at("08:00"), at("10:00"), at("14:00")]


# --- who --------------------------------------------------------------------------------------------------------------


def test_a_person_is_as_described_last_with_what_was_measured_since() -> None:
    book = begun()
    book.describe(at("07:00"), weight=Weight(60_000), creatinine=Creatinine(80_000, "umol/L"))
    book.write(Measured(weight=Weight(62_000)), at("08:00"))
    book.write(Measured(systolic=120, diastolic=80), at("09:00"))
    book.write(Measured(egfr=Filtration(550)), at("10:00"))
    record = book.record()
    assert record.person is not None
    assert record.described is not None
    assert (record.person.weight, record.person.creatinine, record.person.egfr) == (
        Weight(62_000),
        Creatinine(80_000, "umol/L"),
        Filtration(550),
    )
    assert (record.described.weight, record.described.egfr) == (Weight(60_000), None)
    book.describe(at("11:00"), weight=Weight(61_000))
    again = book.record().person
    assert again is not None
    assert (again.weight, again.egfr) == (Weight(61_000), None)


def test_an_old_measurement_typed_in_late_does_not_replace_a_newer_one() -> None:
    book = begun()
    book.write(Measured(creatinine=Creatinine(200_000, "umol/L")), at("+10 10:00"))
    book.write(Measured(creatinine=Creatinine(80_000, "umol/L")), at("+2 10:00"), at("+11 10:00"))
    person = book.record().person
    assert person is not None
    assert person.creatinine == Creatinine(200_000, "umol/L")


def test_a_measurement_taken_back_does_not_count() -> None:
    book = begun()
    book.write(Measured(weight=Weight(600_000)), at("08:00"))
    book.correct(book.entries[-1], at("09:00"), Measured(weight=Weight(60_000)))
    person = book.record().person
    assert person is not None
    assert person.weight == Weight(60_000)


def test_other_medicines_begin_and_end() -> None:
    book = begun(medicines=("Lisinopril",))

    def medicines() -> tuple[str, ...]:
        person = book.record().person
        assert person is not None
        return person.medicines

    def write(name: str, change: OtherChange, when: str, recorded: str | None = None) -> None:
        book.write(OtherTaken(name=name, change=change), at(when), at(recorded or when))

    write("ibuprofen", OtherChange.STARTED, "08:00")
    write("alcohol", OtherChange.ONCE, "09:00")
    assert medicines() == ("Lisinopril", "ibuprofen")
    write("Ibuprofen", OtherChange.STARTED, "10:00")
    assert medicines() == ("Lisinopril", "ibuprofen"), "one medicine, spelt in two ways"
    write("LISINOPRIL", OtherChange.STOPPED, "11:00")
    assert medicines() == ("ibuprofen",)
    write("ibuprofen", OtherChange.STOPPED, "12:00")
    write("ibuprofen", OtherChange.STARTED, "06:00", "13:00")
    assert medicines() == (), "when it was begun was written down late; it has ended since"


def test_without_a_description_nobody_is_known() -> None:
    book = Book()
    book.write(Measured(weight=Weight(60_000)), at("08:00"))
    assert book.record().person is None
    assert book.record().zone == LONDON


def test_of_preferences_the_latest_counts() -> None:
    book = begun()
    for n, value in enumerate(("7", "14", "10")):
        book.write(Preference(name="repeat-days", value=value), at("08:00").plus(n))
    book.write(Preference(name="missed-rule", value="strict"), at("07:00"))
    assert book.record().preferences == {"repeat-days": "10", "missed-rule": "strict"}


# --- which plan holds -------------------------------------------------------------------------------------------------


def test_a_first_plan_may_begin_in_the_past_and_brings_its_answers() -> None:
    start = D - 20 * DAY
    given = Answer(
        review="v1-r1", go_on=True, by=DOCTOR, role=Answerer.CLINICIAN, on=start + 6 * DAY, from_day=start + 6 * DAY
    )
    book = Book()
    book.describe(at("05:00"))
    book.approve(scheme(10, 15, 20, start=start), at("05:30"), (given,))
    assert book.totals(start, D) == [30] * 7 + [45] * 14
    assert book.record().since == at("05:30")


def test_answers_come_with_the_first_plan_only() -> None:
    given = Answer(review="v2-r1", go_on=True, by=DOCTOR, role=Answerer.CLINICIAN, on=D, from_day=D)
    book = begun(scheme(10))
    book.approve(scheme(10, 15, version=2, start=D + DAY), at("06:00"), (given,))
    assert book.totals(D, D + 20 * DAY) == [30] * 21
    other = begun(scheme(10))
    other.approve(scheme(10, 15, id="p2", start=D + DAY), at("06:00"), (replace(given, review="v1-r1"),))
    assert other.totals(D, D + 20 * DAY) == [30] * 21


def test_a_later_version_takes_over_when_it_starts_and_never_before_it_was_written() -> None:
    book = begun(scheme(10))
    book.approve(scheme(15, version=2, start=D + 5 * DAY), at("+2 10:00"))
    assert held(book) == [("p1 v1", D, D + 4 * DAY), ("p1 v2", D + 5 * DAY, None)]
    book.approve(scheme(20, version=3, start=D), at("+7 10:00"))
    assert held(book) == [("p1 v1", D, D + 4 * DAY), ("p1 v2", D + 5 * DAY, D + 6 * DAY), ("p1 v3", D + 7 * DAY, None)]
    assert book.totals(D, D + 8 * DAY) == [30] * 5 + [45] * 2 + [60] * 2


def test_the_version_that_holds_on_a_day() -> None:
    book = begun(scheme(10))
    book.approve(scheme(15, version=2, start=D + 5 * DAY), at("+2 10:00"))
    days = {n: book.record().holding_on(D + n * DAY) for n in (-1, 0, 4, 5, 300)}
    assert {n: one and one.plan.version for n, one in days.items()} == {-1: None, 0: 1, 4: 1, 5: 2, 300: 2}


def test_a_later_plan_that_starts_before_one_that_has_not_replaces_it() -> None:
    book = begun(scheme(10))
    book.approve(scheme(15, version=2, start=D + 10 * DAY), at("+1 10:00"))
    book.approve(scheme(20, version=3, start=D + 5 * DAY), at("+2 10:00"))
    assert held(book) == [("p1 v1", D, D + 4 * DAY), ("p1 v3", D + 5 * DAY, None)]
    book.approve(scheme(5, id="p2", start=D + 5 * DAY), at("+3 10:00"))
    assert held(book) == [("p1 v1", D, D + 4 * DAY), ("p2 v1", D + 5 * DAY, None)]


def test_a_version_taken_back_before_it_starts_lets_go_on_what_held() -> None:
    book = begun(scheme(10))
    book.approve(scheme(15, version=2, start=D + 10 * DAY), at("+1 10:00"))
    book.approve(scheme(20, version=3, start=D + 5 * DAY), at("+2 10:00"))
    book.supersede(3, at("+4 23:59"))
    assert why(book) == []
    assert held(book) == [("p1 v1", D, D + 9 * DAY), ("p1 v2", D + 10 * DAY, None)], (
        "what the third had replaced is there again"
    )
    book.supersede(2, at("+5 10:00"))
    assert held(book) == [("p1 v1", D, None)]
    book.supersede(2, at("+6 10:00"))
    assert why(book) == ["aside.no-such-plan"]


@pytest.mark.parametrize(("when", "counts"), [("+4 23:59", True), ("+5 00:00", False), ("+6 12:00", False)])
def test_from_its_first_day_a_version_is_not_taken_back_any_more(when: str, counts: bool) -> None:
    book = begun(scheme(10))
    book.approve(scheme(15, version=2, start=D + 5 * DAY), at("+1 10:00"))
    book.supersede(2, at(when))
    assert why(book) == ([] if counts else ["aside.plan-holds"])
    assert book.totals(D + 5 * DAY, D + 5 * DAY) == [30 if counts else 45]


def test_a_version_taken_back_may_be_approved_again() -> None:
    book = begun(scheme(10))
    version = scheme(15, version=2, start=D + 5 * DAY)
    book.approve(version, at("+1 10:00"))
    book.supersede(2, at("+2 10:00"))
    book.approve(version, at("+3 10:00"))
    assert why(book) == []
    assert held(book)[-1] == ("p1 v2", D + 5 * DAY, None)


def test_before_any_plan_has_begun_a_transcription_fills_the_past_and_afterwards_none_does() -> None:
    book = begun(scheme(10, start=D + 10 * DAY), at("06:00"))
    book.approve(scheme(5, id="p2", start=D - 5 * DAY), at("07:00"))
    assert held(book) == [("p2 v1", D - 5 * DAY, None)], "the one that starts earlier replaces one that has not begun"
    book.approve(scheme(15, id="p3", start=D - 10 * DAY), at("+1 07:00"))
    assert held(book) == [("p2 v1", D - 5 * DAY, D + DAY), ("p3 v1", D + 2 * DAY, None)]


def test_versions_written_down_in_the_same_second_are_copied_together() -> None:
    book = Book()
    when = at("06:00")
    book.approve(scheme(10, start=D - 20 * DAY), when)
    book.approve(scheme(15, version=2, start=D - 10 * DAY), when)
    assert held(book) == [("p1 v1", D - 20 * DAY, D - 11 * DAY), ("p1 v2", D - 10 * DAY, None)]
    book.approve(scheme(20, version=3, start=D - 5 * DAY), when.plus(1))
    assert held(book)[-1] == ("p1 v3", D, None)


def test_the_day_an_approval_is_written_is_that_of_the_clock_the_doses_follow() -> None:
    """A device that is still on the clock of the place left behind must not reach into the day that has ended."""
    book = begun(scheme(10), zone="Asia/Tokyo")
    when = at("+3 08:00", zone="Asia/Tokyo")
    assert when.local("America/Los_Angeles").date() == D + 2 * DAY
    book.approve(scheme(15, version=2), when, zone="America/Los_Angeles")
    assert held(book)[-1] == ("p1 v2", D + 3 * DAY, None)
    answered = begun(scheme(10, 15, start=D - 6 * DAY), zone="Asia/Tokyo", when=at("-6 05:30", zone="Asia/Tokyo"))
    answered.answer("v1-r1", when, D - DAY, zone="America/Los_Angeles")
    assert answered.totals(D, D + 4 * DAY) == [30, 30, 30, 45, 45]


# --- answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("from_day", "works"), [(0, 12), (12, 12), (15, 15)])
def test_an_answer_works_from_the_day_it_was_written_at_the_earliest(from_day: int, works: int) -> None:
    book = begun(scheme(10, 15))
    book.answer("v1-r1", at("+12 10:00"), D + from_day * DAY)
    assert book.totals(D, D + 20 * DAY) == [30] * works + [45] * (21 - works)


def test_an_answer_in_time_works_when_it_is_due() -> None:
    book = begun(scheme(10, 15))
    book.answer("v1-r1", at("+6 10:00"), D + 6 * DAY)
    assert book.totals(D, D + 9 * DAY) == [30] * 7 + [45] * 3


def test_not_yet_takes_back_a_go_on_that_does_not_work_yet_and_no_other() -> None:
    book = begun(scheme(10, 15))
    book.answer("v1-r1", at("+5 10:00"), D + 5 * DAY)
    book.answer("v1-r1", at("+6 10:00"), D + 6 * DAY, go_on=False)
    assert book.totals(D, D + 9 * DAY) == [30] * 10
    book.answer("v1-r1", at("+9 10:00"), D + 9 * DAY)
    book.answer("v1-r1", at("+11 10:00"), D, go_on=False)
    assert book.totals(D, D + 14 * DAY) == [30] * 9 + [45] * 6


def test_an_answer_to_an_earlier_version_moves_nothing_of_a_later() -> None:
    book = begun(scheme(10, 15, 20))
    book.approve(scheme(10, 15, version=2, start=D + 3 * DAY), at("+2 10:00"))
    book.answer("v1-r1", at("+4 10:00"), D + 4 * DAY)
    assert book.totals(D, D + 20 * DAY) == [30] * 21
    book.answer("v2-r1", at("+5 10:00"), D + 5 * DAY)
    assert book.totals(D + 9 * DAY, D + 11 * DAY) == [30, 45, 45]


def test_an_answer_that_arrives_before_its_plan_counts_once_both_are_there() -> None:
    book = begun(scheme(10, 15))
    book.answer("v1-r1", at("+5 10:00"), D + 5 * DAY)
    there = book.record()
    late: list[Entry] = list(reversed(book.entries))
    assert fold(late) == there
    assert [one.why for one in fold(late[:1]).set_aside] == ["aside.no-such-review"]


def test_a_plan_of_another_name_takes_over_the_day_after_so_that_nothing_is_offered_again() -> None:
    book = begun(scheme(10), at("06:00"))
    book.take(dose(1), at("08:00"))
    book.approve(scheme(15, id="p2"), at("10:00"))
    seen = book.today(at("10:05"))
    assert seen.due is None
    assert [one.dose.id for one in seen.doses] == [dose(1), dose(2), dose(3)]
    assert held(book) == [("p1 v1", D, D), ("p2 v1", D + DAY, None)]


def test_a_wrong_answer_to_the_watch_can_be_taken_back() -> None:
    book = begun()
    said = book.write(WatchAnswered(rule="gap", by="Dr A. Name", said="go on"), at("10:00"))
    assert len(book.record().of(WatchAnswered)) == 1
    book.correct(said, at("10:05"))
    assert book.record().of(WatchAnswered) == ()
