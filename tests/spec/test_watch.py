"""What the watch says, rule by rule: a record that fires it, and one close by that does not. The same pairs make the page of the docs."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.journals import BACLOFEN, DAY, LEAFLET, Book, D, at, begun, dose, mg, scheme
from tests.spec.watch_cases import ADULT, CHILD, DOWN, KIDNEYS_45, PAIRS, PUMP, UP, Pair, Scene, scored, story

import gradatim.domain.watch
from gradatim.domain.entry import (
    DoseTaken,
    EventKind,
    ExtraDose,
    Happened,
    OtherChange,
    OtherTaken,
    PlanApproved,
    StockChange,
    StockChanged,
    SymptomNoted,
    WatchAnswered,
)
from gradatim.domain.knowledge import Level
from gradatim.domain.person import Age, Creatinine, Sex, Weight
from gradatim.domain.sign import Beside, SignMeaning
from gradatim.domain.watch import Shown, quiet, rule_ids, watch
from gradatim.domain.watch.case import SEVERITY
from gradatim.monographs import bibliography
from gradatim.words import say, say_finding
from gradatim.words.english.watch import WATCH

PACKAGE = Path(gradatim.domain.watch.__file__).parent

NAMED = [f"{pair.rule}-{place}" for place, pair in enumerate(PAIRS)]


@pytest.mark.parametrize("pair", PAIRS, ids=NAMED)
def test_a_record_fires_its_rule_and_its_neighbour_does_not(pair: Pair) -> None:
    fired = pair.fires.findings()
    assert pair.rule in fired, f"{story(pair.fires)} gives only {sorted(fired)}"
    assert fired[pair.rule].level is pair.level
    near = pair.near.findings().get(pair.rule)
    assert near is None or near.level is not pair.level, story(pair.near)


def test_every_rule_has_a_pair() -> None:
    assert {pair.rule for pair in PAIRS} == set(rule_ids(BACLOFEN, LEAFLET))


EVERY = [scene for pair in PAIRS for scene in (pair.fires, pair.near)]


def test_every_finding_can_be_said_and_names_its_rule_level_source_and_data() -> None:
    known = set(bibliography()) | {"D"}
    for scene in EVERY:
        for rule, one in scene.findings().items():
            assert say(one.message), rule
            assert rule in rule_ids(BACLOFEN, LEAFLET)
            assert one.level is not None
            assert one.severity is SEVERITY[one.level]
            assert one.source
            assert {citation.key for citation in one.source} <= known
            assert one.newest is not None
            assert one.newest <= at(scene.now)
            assert one.data or rule == "watch-kidneys-unknown"


def test_what_to_do_is_the_fixed_text_of_the_monograph() -> None:
    fixed = {sign.act for sign in LEAFLET.danger_signs} | {LEAFLET.gap.text, ""}
    fixed |= {f"{one.mechanism} {one.action}" for one in BACLOFEN.interactions} | {
        one.action for one in BACLOFEN.interactions
    }
    assert {one.why for scene in EVERY for one in scene.findings().values()} <= fixed


def test_an_emergency_says_whom_to_call() -> None:
    for scene in EVERY:
        for one in scene.findings().values():
            if one.level is Level.EMERGENCY:
                assert "call emergency services now" in say_finding(one).lower(), one.rule


@pytest.mark.parametrize("key", sorted(WATCH))
def test_the_words_are_plain_and_promise_nothing(key: str) -> None:
    text = WATCH[key]
    assert not re.search(
        r"\bjust\b|\bfine\b|\bsafe\b|don't worry|no need|you forgot|should have|harmless|!", text, re.IGNORECASE
    )
    assert all(len(sentence.split()) <= 32 for sentence in re.split(r"(?<=[.:]) ", text)), text


def test_every_text_of_the_watch_is_used() -> None:
    source = "".join(path.read_text("utf-8") for path in sorted(PACKAGE.glob("*.py")))
    said = {one.message.key for scene in [*EVERY, *MORE] for one in scene.findings().values()}
    assert said == set(WATCH)
    assert all(word in source for word in ("watch.gap", "watch.sign"))


# --- what must never happen -------------------------------------------------------------------------------------------


def noted(id: str, **how: Any) -> Scene:
    events = (*how.get("events", ()), ("+2 10:00", SymptomNoted(sign=id)))
    return Scene(**{"now": "+2 12:00", **how, "events": events})


MORE = (
    Scene(
        "+1 22:00",
        events=(
            ("+1 19:01", DoseTaken(dose=dose(2, D + DAY), amount=mg(10))),
            ("+1 21:00", DoseTaken(dose=dose(3, D + DAY), amount=mg(10))),
            ("+1 21:30", SymptomNoted(sign="dizziness")),
        ),
    ),
    Scene(
        "+4 09:00",
        plan=scheme(10, 20, days=3, reviews=False),
        events=(
            ("+4 08:30", OtherTaken(name="wine", change=OtherChange.ONCE)),
            ("+4 08:40", SymptomNoted(sign="drowsiness")),
        ),
    ),
    noted("withdrawal-fever", left=("+1 08:00", "+1 14:00", "+1 21:00", "+2 08:00")),
    Scene(
        "+2 10:00",
        plan=scheme(20, start=D),
        left=("+0 08:00", "+0 14:00", "+0 21:00", "+1 08:00", "+1 14:00", "+1 21:00", "+2 08:00"),
    ),
    noted("extra-dose", person=CHILD),
    noted("extra-dose", events=(("+2 09:00", OtherTaken(name="wine", change=OtherChange.ONCE)),)),
    Scene("+1 18:00", person={"age": ADULT["age"]}, events=(("+1 16:00", ExtraDose(amount=mg(5))),)),
    Scene(
        "+1 18:00",
        nobody=True,
        events=tuple((f"+1 14:{n}0", DoseTaken(dose=dose(2, D + DAY), amount=mg(10))) for n in range(2)),
    ),
)


@pytest.mark.parametrize("id", [sign.id for sign in LEAFLET.danger_signs] + [one.id for one in LEAFLET.reactions])
@pytest.mark.parametrize(
    "how",
    [
        {},
        {"left": ("+1 14:00",)},
        {"left": ("+0 21:00", "+1 08:00", "+1 14:00", "+1 21:00", "+2 08:00")},
        {"person": KIDNEYS_45},
        {"person": PUMP},
        {"plan": scheme(5, 20, days=1, reviews=False)},
        {
            "events": (
                ("+2 09:00", ExtraDose(amount=mg(10))),
                ("+2 09:30", OtherTaken(name="wine", change=OtherChange.ONCE)),
            )
        },
        {"nobody": True},
    ],
    ids=["as-planned", "missed", "gap", "kidneys", "pump", "rise", "too-much", "nobody"],
)
def test_what_was_noted_is_never_dropped_nor_lowered(id: str, how: dict[str, Any]) -> None:
    scene = noted(id, **how)
    entry = next(one for one in scene.book().entries if isinstance(one.what, SymptomNoted))
    mine = [one for one in scene.findings().values() if entry.id in one.data]
    assert mine or id == LEAFLET.watch.fall
    own = {sign.id: sign.level for sign in LEAFLET.danger_signs}
    if id in own:
        levels = [Level.EMERGENCY, Level.TODAY, Level.NEXT_VISIT]
        assert min(levels.index(one.level) for one in mine if one.level) <= levels.index(own[id])
        words = next(sign.sign for sign in LEAFLET.danger_signs if sign.id == id)
        assert any(words in say(one.message) or one.rule == "watch-weaker-after-rise" for one in mine)


def test_free_words_fire_nothing_but_are_shown() -> None:
    missed = noted("I see pink elephants", left=("+1 14:00",))
    assert set(missed.findings()) == {"watch-noted"}
    assert "pink elephants" in say(missed.findings()["watch-noted"].message)


def test_the_gravest_comes_first() -> None:
    for scene in EVERY:
        book = scene.book()
        found = watch(book.record(at(scene.now)), BACLOFEN, LEAFLET, at(scene.now))
        assert [one.severity for one in found] == sorted(
            (one.severity for one in found), key=list(SEVERITY.values()).index
        )
        assert len({one.rule for one in found}) == len(found)


def test_too_much_from_is_the_number_of_the_danger_sign() -> None:
    assert LEAFLET.watch.too_much_from == mg(200)
    assert "200 mg or more" in next(sign.sign for sign in LEAFLET.danger_signs if sign.id == LEAFLET.watch.too_much)


OLD_AND_SMALL = {
    "age": Age.parse("80"),
    "sex": Sex.FEMALE,
    "weight": Weight.parse("45 kg"),
    "creatinine": Creatinine.parse("80 umol/L"),
}
STARTS = scheme(10, on_drug_days=0)
WENT_UP = replace(scheme(10), before=(mg(5), mg(5), mg(5)))
TAKEN_LATE = (
    ("+1 20:30", DoseTaken(dose=dose(2, D + DAY), amount=mg(10))),
    ("+1 21:00", DoseTaken(dose=dose(3, D + DAY), amount=mg(20))),
)


@pytest.mark.parametrize(
    ("scene", "rule", "there"),
    [
        # Cockcroft-Gault under 60 counts, though the eGFR is above.
        (
            Scene("+1 18:00", person=OLD_AND_SMALL, events=(("+1 16:00", ExtraDose(amount=mg(5))),)),
            "watch-overdose-at-risk",
            True,
        ),
        (Scene("+2 12:00", events=(("+2 10:00", Happened(event=EventKind.SEIZURE)),)), "watch-sign-seizure", True),
        (Scene("+2 12:00", events=(("+2 10:00", Happened(event=EventKind.OTHER)),)), "watch-sign-seizure", False),
        # The beginning of the drug is a rise, and so is a first plan above the doses before it.
        (noted("drowsiness", plan=STARTS), "watch-sign-mild-sleepiness", True),
        (noted("drowsiness", plan=WENT_UP), "watch-sign-mild-sleepiness", True),
        (noted("drowsiness", plan=scheme(10)), "watch-sign-mild-sleepiness", False),
        # A fall, or weakness, before the rise does not come from it.
        (
            Scene("+7 12:00", plan=UP, events=(("+6 12:00", Happened(event=EventKind.FALL)),)),
            "watch-weaker-after-rise",
            False,
        ),
        (
            Scene("+7 12:00", plan=UP, events=(("+6 12:00", SymptomNoted(sign="weak-legs")),)),
            "watch-weaker-after-rise",
            False,
        ),
        (
            Scene("+10 21:30", plan=UP, events=scored("chair-ease", 8, 7, 8, 7, 8, 4, 5, 4, first=3)),
            "watch-weaker-after-rise",
            True,
        ),
        (
            Scene("+10 21:30", plan=UP, events=scored("chair-ease", 4, 5, 4, 5, 4, 8, 7, 8, first=3)),
            "watch-weaker-after-rise",
            False,
        ),
        (
            Scene("+8 21:30", plan=UP, events=scored("weakness", 1, 2, 1, 2, 2, 4, 5, 4, first=1)),
            "watch-weaker-after-rise",
            False,
        ),
        # Stiffer after a cut, or without any dose on record, is no paradox.
        (
            Scene("+7 21:30", plan=DOWN, events=scored("spasticity", 2, 3, 2, 3, 2, 4, 5, 4)),
            "watch-more-spasticity",
            False,
        ),
        (
            Scene("+7 21:30", plan=DOWN, events=scored("spasticity", 2, 3, 2, 3, 2, 4, 5, 4)),
            "watch-withdrawal-scores",
            True,
        ),
        (
            Scene("+7 21:30", plan=scheme(0), events=scored("spasticity", 2, 3, 2, 3, 2, 4, 5, 4)),
            "watch-more-spasticity",
            False,
        ),
        # A medicine ended long ago and begun again is taken.
        (
            Scene(
                "+2 12:00",
                events=(
                    ("+0 10:00", OtherTaken(name="tramadol", change=OtherChange.STOPPED)),
                    ("+1 10:00", OtherTaken(name="tramadol", change=OtherChange.STARTED)),
                ),
            ),
            "watch-interaction-opioids",
            True,
        ),
        (
            Scene(
                "+2 12:00",
                events=(
                    ("+1 10:00", OtherTaken(name="ibuprofen", change=OtherChange.STOPPED)),
                    ("+2 10:00", SymptomNoted(sign="confusion")),
                ),
            ),
            "watch-kidney-confusion",
            False,
        ),
        (
            Scene(
                "+2 12:00",
                events=(
                    ("+2 09:00", OtherTaken(name="tramadol", change=OtherChange.STOPPED)),
                    ("+2 10:00", ExtraDose(amount=mg(5))),
                ),
            ),
            "watch-overdose-at-risk",
            False,
        ),
        # Of a product that nobody takes nothing is asked.
        (
            Scene(
                "+3 10:00",
                events=(
                    ("+1 09:00", StockChanged(change=StockChange.COUNTED, product="us/20", quarters=40, expires=D)),
                ),
            ),
            "watch-expired",
            False,
        ),
        # A later version ends the doubt about two plans of one number.
        (
            Scene(
                "+3 10:00",
                events=(
                    ("+1 17:00", PlanApproved(plan=scheme(15))),
                    ("+2 17:00", PlanApproved(plan=scheme(10, version=2))),
                ),
            ),
            "watch-plan-conflict",
            False,
        ),
        (Scene("+3 10:00", events=(("+1 17:00", PlanApproved(plan=scheme(15))),)), "watch-set-aside", False),
        (Scene("+3 10:00", events=(("+1 17:00", PlanApproved(plan=scheme(10))),)), "watch-set-aside", False),
        # Doses planned close together may be taken close together; and what is told as too much is not told twice.
        (Scene("+1 12:00", plan=scheme(10, times=("08:00", "09:30", "21:00"))), "watch-doses-together", False),
        (Scene("+1 22:00", events=TAKEN_LATE), "watch-doses-together", False),
        (Scene("+1 22:00", events=TAKEN_LATE), "watch-extra-dose", True),
        (Scene("+2 18:00", events=(("+2 10:00", SymptomNoted(sign="extra-dose")),)), "watch-extra-dose", False),
        # Where it is an emergency, "call a poison centre, your pharmacist or your prescriber" is not said beside it.
        (
            Scene("+1 18:00", person=KIDNEYS_45, events=(("+1 16:00", ExtraDose(amount=mg(5))),)),
            "watch-extra-dose",
            False,
        ),
        # A finding speaks only for the signs it was made of.
        (
            noted("hallucinations", left=("+1 14:00",), events=(("+2 09:00", SymptomNoted(sign="hives")),)),
            "watch-sign-hives",
            True,
        ),
        (
            noted("hallucinations", left=("+1 14:00",), events=(("+2 09:00", SymptomNoted(sign="hives")),)),
            "watch-sign-confused-on-prescribed-dose",
            False,
        ),
        # Thoughts of suicide stand for two weeks.
        (
            Scene("+12 12:00", events=(("+2 10:00", SymptomNoted(sign="suicidal-thoughts")),)),
            "watch-sign-suicidal-thoughts",
            True,
        ),
        # With a pump the early signs are said once, as an emergency.
        (noted("insomnia", person=PUMP, left=("+1 14:00",)), "watch-withdrawal-early", False),
        (noted("insomnia", person=PUMP, left=("+1 14:00",)), "watch-pump-withdrawal", True),
    ],
)
def test_an_edge(scene: Scene, rule: str, there: bool) -> None:
    assert (rule in scene.findings()) is there, story(scene)


def test_with_a_pump_scores_beside_a_missed_dose_are_an_emergency() -> None:
    scene = Scene("+7 21:30", person=PUMP, left=("+6 21:00",), events=scored("spasticity", 2, 3, 2, 3, 2, 6, 7, 6))
    found = scene.findings()["watch-withdrawal-scores"]
    assert found.level is Level.EMERGENCY
    assert "pump clinic" in found.why


def test_a_graver_sign_is_not_swallowed_by_a_lesser_finding() -> None:
    """Even a table that read "cannot be woken" as weakness after a rise, which the checker refuses, would hide nothing."""
    wrong = SignMeaning(means=LEAFLET.watch.weaker, noted=("cannot-be-woken",), beside=Beside.RISE)
    leaflet = replace(LEAFLET, watch=replace(LEAFLET.watch, meanings=(*LEAFLET.watch.meanings, wrong)))
    book = Scene("+8 12:00", plan=UP, events=(("+8 10:00", SymptomNoted(sign="cannot-be-woken")),)).book()
    found = {one.rule for one in watch(book.record(), BACLOFEN, leaflet, at("+8 12:00"))}
    assert found == {"watch-sign-cannot-be-woken", "watch-weaker-after-rise"}


def test_the_gap_names_the_last_dose_and_all_that_were_due_since() -> None:
    scene = Scene("+2 10:00", left=("+1 08:00", "+1 14:00", "+1 21:00", "+2 08:00"))
    last = next(one.id for one in scene.book().entries if isinstance(one.what, DoseTaken) and one.what.dose == dose(3))
    due = [dose(slot, D + DAY) for slot in (1, 2, 3)] + [dose(1, D + 2 * DAY)]  # the last of them is held
    assert scene.findings()["watch-gap"].data == (last, *due)


def test_a_day_as_planned_says_nothing() -> None:
    assert Scene("+2 12:00").findings() == {}


def test_another_plan_of_the_same_day_may_not_add_up_to_two() -> None:
    """The doses of the morning's plan count against the plan that took over at noon."""
    book = begun(scheme(10), **ADULT)
    book.take(dose(1), at("08:00"))
    book.approve(scheme(10, id="p2"), at("12:00"))
    for slot, when in ((1, "12:05"), (2, "14:00"), (3, "21:00")):
        book.take(dose(slot, plan="p2"), at(when))
    found = {one.rule: one for one in watch(book.record(), BACLOFEN, LEAFLET, at("22:00"))}
    assert found["watch-extra-dose"].message.facts[0] == ("amount", mg(10))


def test_the_words_of_the_scales_are_those_of_the_watch() -> None:
    from gradatim.monographs.scales import scales

    ways = {one.id: one.better for one in scales().values()}
    assert all(ways[name] == "low" for name in ("spasticity", "sleep", "weakness", "falls"))
    assert all(ways[name] == "high" for name in ("mood", "chair-ease"))


# --- what may rest ----------------------------------------------------------------------------------------------------


def seen(book: Book, now: str) -> dict[str, Shown]:
    when = at(now)
    record = book.record(when)
    return {one.finding.rule: one for one in quiet(watch(record, BACLOFEN, LEAFLET, when), record, when)}


def answer(book: Book, rule: str, when: str, until: str | None = None) -> None:
    said = WatchAnswered(
        rule=rule, by="Dr A. Name", said="go on with the usual dose", until=None if until is None else at(until)
    )
    book.write(said, at(when))


def test_the_next_visit_rests_thirty_days_at_the_most() -> None:
    book = Scene("+40 12:00", person={"age": ADULT["age"]}).book()
    assert not seen(book, "+1 12:00")["watch-kidneys-unknown"].rests
    answer(book, "watch-kidneys-unknown", "+1 13:00", "+90 13:00")
    assert seen(book, "+1 13:00")["watch-kidneys-unknown"].rests_until == at("+31 13:00")
    assert seen(book, "+31 12:59")["watch-kidneys-unknown"].rests
    shown = seen(book, "+31 13:00")["watch-kidneys-unknown"]
    assert not shown.rests
    assert shown.answer is not None


def test_today_rests_a_day_at_the_most_and_less_where_less_was_said() -> None:
    book = Scene("+2 12:00", events=(("+2 10:00", SymptomNoted(sign="suicidal-thoughts")),)).book()
    answer(book, "watch-sign-suicidal-thoughts", "+2 11:00")
    assert seen(book, "+3 10:59")["watch-sign-suicidal-thoughts"].rests_until == at("+3 11:00")
    assert not seen(book, "+3 11:00")["watch-sign-suicidal-thoughts"].rests
    answer(book, "watch-sign-suicidal-thoughts", "+3 11:00", "+3 12:00")
    assert not seen(book, "+3 12:00")["watch-sign-suicidal-thoughts"].rests


def test_an_emergency_never_rests_and_says_who_dealt_with_it() -> None:
    book = Scene("+2 12:00", events=(("+2 10:00", SymptomNoted(sign="hives")),)).book()
    answer(book, "watch-sign-hives", "+2 11:00", "+9 11:00")
    shown = seen(book, "+2 11:30")["watch-sign-hives"]
    assert not shown.rests
    assert shown.answer is not None
    assert (shown.answer.what.by, shown.answer.what.said) == ("Dr A. Name", "go on with the usual dose")


def test_an_answer_to_something_else_lets_nothing_rest() -> None:
    book = Scene("+2 12:00", person={"age": ADULT["age"]}).book()
    answer(book, "watch-fall", "+2 11:00")
    assert seen(book, "+2 12:00")["watch-kidneys-unknown"].answer is None


@pytest.mark.parametrize("late", [False, True], ids=["felt after", "felt before and written down after"])
def test_something_new_after_the_answer_shows_again(late: bool) -> None:
    book = Scene("+2 12:00", events=(("+2 09:00", SymptomNoted(sign="dry-mouth")),)).book()
    answer(book, "watch-reactions", "+2 10:00")
    assert seen(book, "+2 11:00")["watch-reactions"].rests
    when = at("+2 09:30") if late else at("+2 12:00")
    book.write(SymptomNoted(sign="headache"), when, at("+2 12:00"))
    shown = seen(book, "+2 12:00")["watch-reactions"]
    assert not shown.rests
    assert shown.answer is None


def test_a_correction_after_the_answer_shows_again() -> None:
    book = Scene("+2 12:00", events=(("+2 09:00", SymptomNoted(sign="dry-mouth")),)).book()
    entry = book.entries[-1]
    answer(book, "watch-reactions", "+2 10:00")
    book.correct(entry, at("+2 11:00"), SymptomNoted(sign="bradycardia"))
    assert not seen(book, "+2 12:00")["watch-reactions"].rests


def test_another_missed_dose_after_the_answer_shows_again() -> None:
    missed = Scene("+3 05:00", left=("+2 08:00", "+2 21:00"), events=(("+2 17:00", SymptomNoted(sign="insomnia")),))
    book = missed.book()
    answer(book, "watch-withdrawal-early", "+2 18:00")
    assert seen(book, "+2 22:00")["watch-withdrawal-early"].rests, "the dose of 21:00 may still be taken"
    assert not seen(book, "+3 06:01")["watch-withdrawal-early"].rests
