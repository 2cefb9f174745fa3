"""The packet, part by part: what a phone is given, with days and tablets that can be checked by hand."""

from __future__ import annotations

import gzip
import json
from datetime import date

import jsonschema
import pytest
from tests.exchange.packet_client import show
from tests.journals import BACLOFEN, DAY, LEAFLET, Book, D, at, begun, dose, mg, scheme

from gradatim.domain.approval import Approval, CopiedFrom, Role
from gradatim.domain.clock import Instant
from gradatim.domain.entry import (
    DoseTaken,
    GoalRated,
    Preference,
    StockChange,
    StockChanged,
    SymptomNoted,
    WatchAnswered,
)
from gradatim.domain.fold import fold
from gradatim.domain.knowledge import Level
from gradatim.domain.plan import Answerer, Because, Plan, Purpose, State, Step, slots_at
from gradatim.domain.record import Record
from gradatim.domain.today import LOOK_BACK
from gradatim.exchange.packet import Packet, packet, packet_data, packet_schema, packet_text, read_packet
from gradatim.exchange.packet.limits import FRESH, GOOD
from gradatim.journal.demo import demo_entries
from gradatim.monographs import bibliography, scales


def built(record: Record, now: Instant, days: int = 14, closed: dict[date, str] | None = None) -> Packet:
    return packet(
        record, BACLOFEN, LEAFLET, now, scales=scales(), sources=bibliography(), cursor=7, hash="ab", days=days, closed=closed
    )  # fmt: skip


def of(book: Book, now: str, days: int = 14) -> Packet:
    return built(book.record(), at(now), days)


DEMO = fold(demo_entries(BACLOFEN))
EVENING = Instant.parse("2026-11-24T21:35:00Z")


# --- the whole --------------------------------------------------------------------------------------------------------


def test_two_weeks_of_a_real_record_are_small_and_what_the_schema_says() -> None:
    made = built(DEMO, EVENING)
    text = packet_text(made)
    assert len(gzip.compress(text.encode())) < 16_000, "13.6 kB when this was written, half of it fixed texts"
    data = json.loads(text)
    jsonschema.validate(data, packet_schema())
    assert read_packet(data) == made


def test_an_unknown_field_or_a_missing_one_is_refused() -> None:
    data = packet_data(built(DEMO, EVENING, 1))
    valid = jsonschema.Draft202012Validator(packet_schema()).is_valid
    assert valid(data)
    assert not valid(data | {"mood": "blue"})
    assert not valid(data | {"schema": "gradatim/packet/2"})
    assert not valid({name: part for name, part in data.items() if name != "good_until"})


def test_the_same_record_gives_the_same_packet() -> None:
    assert packet_text(built(DEMO, EVENING)) == packet_text(built(DEMO, EVENING))


@pytest.mark.parametrize("days", [0, -1, 61])
def test_a_packet_of_no_days_or_too_many_is_a_programmers_error(days: int) -> None:
    with pytest.raises(ValueError, match="covers 1 to 60 days"):
        built(DEMO, EVENING, days)


def test_it_says_what_it_is_based_on() -> None:
    made = built(DEMO, EVENING)
    assert (made.based_on.cursor, made.based_on.hash, made.built) == (7, "ab", EVENING)
    assert (made.person.called, made.person.market, made.person.zone) == ("Example person", "GB", "Europe/London")
    assert made.person.id == DEMO.entries[0].person


# --- how long it counts -----------------------------------------------------------------------------------------------


def test_it_is_fresh_for_hours_and_good_for_a_week() -> None:
    made = of(begun(), "06:00")
    assert made.fresh_until == at("06:00").plus(FRESH)
    assert made.good_until == at("06:00").plus(GOOD)


def test_what_comes_next_is_always_in_it() -> None:
    made = of(begun(), "06:00", days=3)
    assert made.last == D + 3 * DAY
    assert made.good_until == at("+3 00:00").plus(-1)


def test_it_does_not_reach_over_the_last_day_of_the_paper() -> None:
    plan = scheme(10)
    short = Plan(**{name: getattr(plan, name) for name in Plan.__slots__} | {"until": D + 2 * DAY})
    book = begun(short)
    made = of(book, "06:00")
    assert made.good_until == at("+3 00:00").plus(-1)
    over = of(book, "+3 06:00")
    assert over.good_until == at("+3 06:00").plus(GOOD), "once it is over the packet says so, and the doses do not stop"
    assert [one.rule for one in over.alarms if one.rule == "watch-plan-ended"]
    assert "Do not stop suddenly" in next(day.says[0] for day in over.days if day.day == D + 3 * DAY)
    assert [one.amount for one in over.doses if one.day == D + 4 * DAY] == [mg(10)] * 3


def test_the_constants_are_those_of_the_day() -> None:
    made = of(begun(), "06:00")
    assert (made.guard.hours, made.guard.on_time_minutes, made.just_now_minutes) == (24, 60, 15)
    assert made.guard.look_back_days == LOOK_BACK.days == 3


# --- the plan ---------------------------------------------------------------------------------------------------------


def test_the_plan_of_each_day_and_who_stands_behind_it() -> None:
    book = begun(scheme(5))
    book.take_all(D, D)
    book.approve(scheme(10, start=D + 3 * DAY, version=2), at("+1 10:00"))
    made = of(book, "+1 11:00", 5)
    assert [(day.day.day, day.plan, day.amount) for day in made.days if day.day >= D] == [
        (1, "p1 v1", mg(15)), (2, "p1 v1", mg(15)), (3, "p1 v1", mg(15)),
        (4, "p1 v2", mg(30)), (5, "p1 v2", mg(30)), (6, "p1 v2", mg(30)), (7, "p1 v2", mg(30)),
    ]  # fmt: skip
    assert [plan.text for plan in made.plans] == [
        "Plan p1 v1, approved by Dr A. Name on Thu 1 Jan 1970.", "Plan p1 v2, approved by Dr A. Name on Thu 1 Jan 1970.",
    ]  # fmt: skip


def test_a_copied_plan_says_from_whose_paper() -> None:
    plan = scheme(10)
    copied = Approval(
        by="A. Name", role=Role.PERSON, at=at("05:00"), copied_from=CopiedFrom(prescriber="Dr B. Name", dated=D - DAY)
    )
    book = begun(Plan(**{name: getattr(plan, name) for name in Plan.__slots__} | {"approval": copied}))
    (one,) = of(book, "06:00").plans
    assert one.copied_from == copied.copied_from
    assert (
        one.text
        == "Plan p1 v1, copied by A. Name on Tue 1 Dec 2026 from the paper of Dr B. Name, dated Mon 30 Nov 2026."
    )


@pytest.mark.parametrize(
    ("by", "said"),
    [(Answerer.PERSON, "until you say go on"), (Answerer.CARER, "until your carer says go on"), (Answerer.CLINICIAN, "nurse says go on")],
)  # fmt: skip
def test_at_a_review_the_dose_stays_until_somebody_says_go_on(by: Answerer, said: str) -> None:
    book = begun(scheme(5, 10, days=3, by=by))
    made = of(book, "06:00", 7)
    (review,) = made.reviews
    assert (review.day, review.by, review.go_on) == (D + 3 * DAY, by, False)
    assert review.text.startswith("From Fri 4 Dec 2026")
    assert said in review.text
    assert {day.amount for day in made.days if day.day >= D} == {mg(15)}
    assert {dose.waiting for dose in made.doses} == {"v1-r1"}
    book.answer("v1-r1", at("07:00"), D + 3 * DAY, by=by)
    made = of(book, "08:00", 7)
    (review,) = made.reviews
    assert (review.go_on, review.text) == (
        True,
        "Somebody said go on: the next step of the plan begins on Fri 4 Dec 2026.",
    )
    assert [day.amount for day in made.days if day.day >= D + 2 * DAY][:2] == [mg(15), mg(30)]


# --- a dose -----------------------------------------------------------------------------------------------------------


def test_a_dose_in_pieces_in_words_and_in_time() -> None:
    made = of(begun(scheme(15)), "06:00")
    one = next(one for one in made.doses if one.id == dose(1))
    assert (one.due, one.on_time_until, one.closes) == (at("08:00"), at("09:00"), at("12:00"))
    (piece,) = one.portion.pieces
    assert (piece.product, piece.whole, piece.half, piece.quarter) == ("uk/10", 1, 1, 0)
    assert one.sentence == "At 8:00 take 15 mg: one and a half tablets of 10 mg."
    assert one.take == "Take 15 mg now: 1½ tablets of 10 mg."
    assert one.until == "It can be taken until 12:00. After that leave it out, and take the next one at its usual time."
    assert one.missed.endswith("Do not double it.")
    assert next(one for one in made.doses if one.id == dose(3)).until.startswith(
        "It can be taken until Wed 2 Dec 06:00."
    )


def test_a_liquid_dose_has_a_volume() -> None:
    plan = Plan(
        id="p1", version=1, drug="baclofen", purpose=Purpose.TITRATION, start=D, until=D + 100 * DAY,
        slots=slots_at((at("08:00").utc().time(),)), items=(Step(doses=(mg("2.5"),), because=Because.START),), products=("uk/solution-1",),
        state=State.APPROVED, approval=Approval(by="Dr A. Name", role=Role.PRESCRIBER, at=Instant(0)),
    )  # fmt: skip
    made = of(begun(plan), "06:00", 1)
    volume = made.doses[0].portion.volume
    assert volume is not None
    assert (volume.product, volume.microlitres, made.products[0].micrograms) == ("uk/solution-1", 2500, 1000)
    assert made.doses[0].sentence == "At 8:00 take 2.5 mg: 2.5 mL of the liquid with 1 mg/mL."


def test_what_was_done_about_a_dose() -> None:
    book = begun()
    book.write(DoseTaken(dose=dose(1), amount=mg(5), reason="felt sick"), at("08:05"))
    book.take(dose(1), at("10:00"))
    book.skip(dose(2), at("14:05"))
    made = of(book, "15:00")
    first, second, third = (one for one in made.doses if one.day == D)
    assert first.done is not None
    assert (first.state, first.done.what, first.done.amount, first.done.reason) == (
        "taken",
        "dose-taken",
        mg(5),
        "felt sick",
    )
    assert len(first.done.others) == 1
    assert first.done.notes[0].startswith("It was recorded more than once.")
    assert first.done.notes[1] == "Recorded: 5 mg. The plan has 10 mg."
    assert second.done is not None
    assert (second.state, second.done.text, second.done.amount) == ("skipped", "Left out", None)
    assert (third.state, third.done) == ("early", None)


# --- before a dose ----------------------------------------------------------------------------------------------------


def test_the_guard_says_beforehand_when_it_will_hold() -> None:
    book = begun()
    book.take_all(D, D)
    made = of(book, "+1 07:00")
    (span,) = made.guard.held
    assert (span.first, span.until, span.since) == (at("+1 22:00").plus(1), None, at("21:00"))
    assert span.text == "Do not take the next dose before you have asked. No dose is recorded since Tue 1 Dec 21:00."
    assert made.guard.text == LEAFLET.gap.text
    assert made.guard.source == LEAFLET.gap.source


def test_two_doses_keep_apart() -> None:
    book = begun()
    book.take(dose(2), at("18:50"))
    made = of(book, "19:00")
    assert {day.least_apart for day in made.days} == {120}
    shown = show(packet_data(made), at("20:00").iso())
    assert shown["wait_until"] is None
    book.write(DoseTaken(dose=dose(1, D + DAY), amount=mg(10)), at("20:30"))
    shown = show(packet_data(of(book, "20:40")), at("21:10").iso())
    assert (shown["due"], shown["offer"], shown["wait_until"]) == (dose(3), None, at("22:30").iso())
    assert "Leave at least 2 h between two doses." in shown["says"]


def test_an_emergency_that_time_alone_will_bring_is_there_beforehand() -> None:
    book = begun()
    book.take_all(D, D)
    book.write(SymptomNoted(sign="withdrawal-early"), at("+1 08:30"))
    made = of(book, "+1 09:00")
    assert ("watch-withdrawal-early", Level.TODAY, at("+1 12:00").plus(1)) in {
        (one.rule, one.level, one.first) for one in made.alarms
    }
    assert all(one.act and one.source for one in made.alarms)


def test_a_sign_that_something_else_spoke_for_speaks_for_itself_again() -> None:
    book = begun()
    book.take_all(D, D)
    book.write(SymptomNoted(sign="hallucinations"), at("+1 13:00"))
    book.write(WatchAnswered(rule="watch-withdrawal", by="Dr B. Name", said="seen"), at("+1 13:05"))
    for slot, clock in ((2, "14:00"), (3, "21:00")):
        book.take(dose(slot, D + DAY), at(f"+1 {clock}"))
    book.take_all(D + 2 * DAY, D + 5 * DAY)
    made = of(book, "+1 14:05")
    assert {(one.rule, one.first) for one in made.alarms if one.level == "E"} == {
        ("watch-sign-confused-on-prescribed-dose", at("+4 08:00").plus(1))
    }, "the missed morning dose is three days ago, and the sign is not"


# --- in danger --------------------------------------------------------------------------------------------------------


def test_the_signs_come_gravest_first_with_what_to_do() -> None:
    made = built(DEMO, EVENING)
    levels = [one.level for one in made.signs]
    assert levels == sorted(levels, key=["E", "D", "V"].index)
    assert {one.id for one in made.signs} == {one.id for one in LEAFLET.danger_signs}
    assert [one.text for one in made.levels] == [
        "Emergency services now",
        "Prescriber or pharmacist today",
        "At the next visit",
    ]
    assert [one.id for one in made.too_much] == ["overdose"]
    assert [one.id for one in made.stopping] == ["stopping", "withdrawal"]
    assert made.missed_rule.text == LEAFLET.missed_dose_for("GB").text


def test_no_emergency_number_is_made_up() -> None:
    made = built(DEMO, EVENING)
    assert made.emergency.number is None
    assert "has no source for it" in made.emergency.text


def test_whom_to_call_in_the_order_in_which_one_would() -> None:
    book = begun()
    for name, said in (("pharmacist", "P"), ("aunt", "A"), ("prescriber", "D"), ("hospital", " ")):
        book.write(Preference(name=f"contact-{name}", value=said), at("06:00"))
    assert [one.id for one in of(book, "07:00").contacts] == ["prescriber", "pharmacist", "aunt"]


def test_the_card_shows_the_last_takings_newest_first() -> None:
    made = built(DEMO, EVENING)
    assert made.card.who == "Example person"
    assert made.card.last[0] == "Tue 24 Nov 21:29: 15 mg, 1½ tablets of 10 mg"
    assert len(made.card.last) == 6
    assert made.card.planned[0] == "At 8:00 take 10 mg: one tablet of 10 mg."
    assert of(begun(), "06:00").card.last == ("No dose is recorded.",)


# --- the box ----------------------------------------------------------------------------------------------------------


def test_the_box() -> None:
    book = begun()
    assert of(book, "06:00").box.text == "Nobody knows how long the box lasts. Please count it: Baclofen 10 mg tablet."
    assert of(book, "06:00").box.uncounted == ("Baclofen 10 mg tablet",)
    book.write(StockChanged(change=StockChange.COUNTED, product="uk/10", quarters=7 * 4), at("06:00"))
    box = of(book, "06:00").box
    assert (box.days_left, box.run_out, box.first_dose) == (2, D + 2 * DAY, dose(2, D + 2 * DAY))
    assert box.text == "The first dose that cannot be made from what you have is on Thu 3 Dec 2026, midday (14:00)."
    assert {one.rule for one in box.warnings} == {"stock-nearly-out"}
    shut = built(book.record(), at("06:00"), closed={D + DAY: "a holiday", D + 2 * DAY: "a holiday"}).box
    assert "stock-closed" in {one.rule for one in shut.warnings}
    book.write(StockChanged(change=StockChange.COUNTED, product="uk/10", quarters=0), at("06:30"))
    assert of(book, "06:40").box.text.startswith(
        "There is not enough left for the dose on Tue 1 Dec 2026, morning (08:00)."
    )
    book.write(StockChanged(change=StockChange.COUNTED, product="uk/10", quarters=9000 * 4), at("06:50"))
    assert of(book, "07:00").box.text == "What you have lasts more than 400 days."


# --- what can be written down -----------------------------------------------------------------------------------------


def test_what_can_be_written_down() -> None:
    book = begun()
    book.write(GoalRated(goal="Walk to the shop", level=0, weight=4), at("06:00"))
    made = of(book, "07:00")
    assert [one.id for one in made.questions] == [
        one.id for one in scales().values() if one.by == "person" and one.every in ("day", "week")
    ]
    time = next(one for one in made.questions if one.id == "chair-time")
    assert (time.low, time.high, time.parts, time.unit) == (20, 3000, 10, "s")
    assert {one.id for one in made.reactions} == {one.id for one in LEAFLET.reactions}
    assert [(one.event, one.sign) for one in made.events][:2] == [("fall", "falls"), ("seizure", "seizure")]
    assert [(one.text, one.weight) for one in made.goals] == [("Walk to the shop", 4)]
    known = {one.id for one in made.signs}
    assert {one.means for one in made.meanings} <= known


# --- what is not there ------------------------------------------------------------------------------------------------


def test_an_empty_journal_gives_a_packet_that_says_so() -> None:
    made = of(Book(), "08:00")
    assert (made.person.id, made.person.called, made.doses, made.plans, made.alarms) == (None, None, (), (), ())
    assert made.words.missing[0] == "Nobody is described in this record yet."
    assert made.words.missing[1].startswith("No approved plan is in this record")
    assert made.box.text == "No dose is planned, so nothing can be said about the box."
    assert made.signs
    assert made.card.planned == ("no approved plan",)
    assert read_packet(json.loads(packet_text(made))) == made


def test_a_person_without_a_plan() -> None:
    book = Book()
    book.describe(at("06:00"), called="A. Name")
    made = of(book, "08:00")
    assert made.person.called == "A. Name"
    assert [one[:16] for one in made.words.missing] == ["No approved plan"]


def test_a_plan_that_is_still_to_begin() -> None:
    made = of(begun(scheme(start=D + 20 * DAY), when=at("06:00")), "08:00", 7)
    assert made.plan_begins == D + 20 * DAY
    assert made.words.missing == ("Your plan begins on Mon 21 Dec 2026.",)
    assert [plan.first for plan in made.plans] == [D + 20 * DAY]
    assert made.doses == ()
