"""What the check says, case by case. Read it as the manual of `review`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from gradatim.domain.dose import OralDose
from gradatim.domain.fault import BadInput
from gradatim.domain.finding import Finding
from gradatim.domain.guardrail import Severity
from gradatim.domain.person import Age, Creatinine, Filtration, Person, Sex, Weight
from gradatim.domain.plan import Plan
from gradatim.domain.prescription import PerDay, PerDose, Prescription, TableRow, TaperOrder
from gradatim.domain.safety import review
from gradatim.domain.safety.person_rules import check_words
from gradatim.domain.taper import taper
from gradatim.domain.titrate import titrate
from gradatim.monographs import monograph

BACLOFEN = monograph()
START = date(2026, 12, 1)
THREE = (time(8), time(14), time(21))
ADULT = Person(
    zone="Europe/London", age=Age.parse("45"), market="GB", egfr=Filtration.parse("95"), weight=Weight.parse("70 kg")
)


def mg(*amounts: float) -> tuple[OralDose, ...]:
    return tuple(OralDose.parse(f"{amount} mg") for amount in amounts)


def table(
    *rows: tuple[OralDose, ...],
    days: int = 7,
    times: tuple[time, ...] = THREE,
    products: tuple[str, ...] = ("us/5", "us/10", "us/20"),
    **more: Any,
) -> Plan:
    order = Prescription(
        start=START, times=times, products=products, table=tuple(TableRow(days=days, doses=row) for row in rows), **more
    )
    return titrate(order, ADULT, BACLOFEN, "p1")


def label(target: int = 60) -> Plan:
    times = THREE if target <= 60 else (time(6), time(12), time(18), time(23, 30))
    order = Prescription(
        start=START, times=times, products=("us/10", "us/5", "us/20"), protocol="us-label", target=OralDose.mg(target)
    )
    return titrate(order, ADULT, BACLOFEN, "p1")


def found(plan: Plan, person: Person = ADULT, earlier: tuple[Plan, ...] = ()) -> dict[str, Finding]:
    return {f.rule: f for f in review(plan, person, BACLOFEN, earlier)}


def stops(plan: Plan, person: Person = ADULT) -> set[str]:
    return {rule for rule, f in found(plan, person).items() if f.blocks}


def keys(finding: Finding) -> set[str]:
    return {citation.key for citation in finding.source}


# --- a plain plan -----------------------------------------------------------------------------------------------------


def test_the_us_label_for_a_healthy_american_has_nothing_against_it() -> None:
    assert found(label(), replace(ADULT, market="US")) == {}


# --- kidneys ----------------------------------------------------------------------------------------------------------


def test_egfr_25_is_blocked_with_its_source() -> None:
    stop = found(label(), replace(ADULT, egfr=Filtration.parse("25")))["avoid-kidney-failure"]
    assert stop.severity is Severity.STOP
    assert "WOLF" in keys(stop)


@pytest.mark.parametrize(("egfr", "blocked"), [("29.9", True), ("30", False), ("59", False)])
def test_the_edge_of_avoid_is_thirty(egfr: str, blocked: bool) -> None:
    assert ("avoid-kidney-failure" in stops(label(), replace(ADULT, egfr=Filtration.parse(egfr)))) == blocked


def test_dialysis_is_blocked_with_its_source() -> None:
    stop = found(table(mg(0, 0, 5)), replace(ADULT, dialysis=True))["avoid-dialysis"]
    assert stop.blocks
    assert "WOLF" in keys(stop)


@pytest.mark.parametrize(("row", "flagged"), [(mg(5, 5, 10), True), (mg(5, 5, 5), False), (mg(10, 10, 10), True)])
def test_egfr_45_and_twenty_a_day_is_flagged_with_muanda(row: tuple[OralDose, ...], flagged: bool) -> None:
    finding = found(table(row), replace(ADULT, egfr=Filtration.parse("45"))).get("day-flag-kidney")
    assert (finding is not None) == flagged
    assert finding is None or "MUANDA" in keys(finding)


def test_the_start_is_halved_between_thirty_and_sixty() -> None:
    assert "start-fraction-kidney-moderate" in found(table(mg(5, 5, 5)), replace(ADULT, egfr=Filtration.parse("45")))
    assert "start-fraction-kidney-moderate" not in found(
        table(mg(2.5, 2.5, 2.5), products=("uk/solution-1",)), replace(ADULT, egfr=Filtration.parse("45"))
    )


def test_formulae_that_disagree_around_sixty_are_shown() -> None:
    someone = Person(
        zone="UTC",
        age=Age.parse("70"),
        sex=Sex.FEMALE,
        weight=Weight.parse("50 kg"),
        creatinine=Creatinine.parse("0.8 mg/dL"),
    )
    finding = found(table(mg(5, 5, 5)), someone)["renal-formulae-disagree"]
    assert finding.severity is Severity.CAUTION
    assert dict(finding.message.facts)["low"] == "52"


def test_formulae_that_disagree_around_thirty_block() -> None:
    """Woman of 85, 42 kg, creatinine 1.2: CKD-EPI 44, Cockcroft-Gault 23."""
    someone = Person(
        zone="UTC",
        age=Age.parse("85"),
        sex=Sex.FEMALE,
        weight=Weight.parse("42 kg"),
        creatinine=Creatinine.parse("1.2 mg/dL"),
    )
    rules = found(table(mg(5, 5, 5)), someone)
    assert rules["renal-formulae-disagree"].blocks
    assert rules["renal-formulae-disagree"].source


def test_unknown_kidneys_are_said_to_be_unknown() -> None:
    assert found(label(), replace(ADULT, egfr=None))["renal-unknown"].severity is Severity.INFO
    assert found(label(), replace(ADULT, egfr=None, age=Age.parse("70")))["renal-unknown"].severity is Severity.CAUTION


# --- how much ---------------------------------------------------------------------------------------------------------


def test_a_start_of_fifty_is_a_tenfold_slip() -> None:
    stop = found(table(mg(50, 0, 0)))["tenfold-slip"]
    assert stop.blocks
    assert dict(stop.message.facts)["dose"] == OralDose.mg(50)


def test_a_dose_in_the_wrong_unit_is_caught() -> None:
    assert "unit-slip" in stops(table(mg(0.1, 0.1, 0.1), products=("uk/solution-1",)))


@pytest.mark.parametrize(("market", "day", "blocked"), [
    ("US", 80, False), ("US", 85, True), ("CA", 85, True), ("GB", 85, False), ("GB", 100, False), ("GB", 105, True), ("AU", 100, False), ("AU", 105, True),
    ("DE", 75, False), ("DE", 80, True), ("FR", 80, False), ("FR", 85, True), ("IT", 80, True), ("CH", 80, False), ("CH", 85, True), (None, 80, False),
    (None, 85, True), ("ES", 85, True),
])  # fmt: skip
def test_the_most_in_a_day_differs_by_country(market: str | None, day: int, blocked: bool) -> None:
    six = tuple(time(h) for h in (0, 4, 8, 12, 16, 20))
    parts = [day // 6 // 5 * 5] * 6
    for n in range((day - sum(parts)) // 5):
        parts[n] += 5
    plan = table(mg(*parts), times=six, before=mg(*parts), on_drug_days=300)
    assert any(rule.startswith("day-adult") for rule in stops(plan, replace(ADULT, market=market))) == blocked


def test_nobody_goes_beyond_120() -> None:
    assert "day-ceiling" in stops(table(mg(45, 40, 40)))


def test_a_united_kingdom_is_great_britain() -> None:
    assert replace(ADULT, market="UK").market == "GB"


# --- how fast up ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "blocked"), [(2, True), (3, False)])
def test_steps_are_at_least_three_days_apart(days: int, blocked: bool) -> None:
    assert ("step-interval-adult" in stops(table(mg(5, 5, 5), mg(5, 5, 10), mg(5, 10, 10), days=days))) == blocked


@pytest.mark.parametrize(("second", "blocked"), [(mg(10, 10, 10), False), (mg(10, 10, 15), True)])
def test_the_day_rises_by_no_more_than_fifteen(second: tuple[OralDose, ...], blocked: bool) -> None:
    assert ("step-day-adult" in stops(table(mg(5, 5, 5), second))) == blocked


def test_faster_than_its_own_protocol_is_blocked() -> None:
    order = Prescription(
        start=START,
        times=THREE,
        products=("us/10", "us/5", "us/20"),
        protocol="scotland-weekly",
        target=OralDose.mg(60),
        interval_days=3,
    )
    assert "titration-faster-than-source" in stops(titrate(order, ADULT, BACLOFEN, "p1"))


def test_doses_too_close_together() -> None:
    close = (time(8), time(9, 30), time(21))
    assert "dose-gap" in stops(table(mg(5, 5, 5), times=close))
    assert found(table(mg(5, 5, 5), times=(time(8), time(12), time(21))))["dose-gap"].severity is Severity.INFO


def test_doses_too_close_across_midnight() -> None:
    assert "dose-gap" in stops(table(mg(5, 5, 5), times=(time(0, 30), time(12), time(23))))


# --- children ---------------------------------------------------------------------------------------------------------


def child(age: str, kg: str) -> Person:
    return Person(
        zone="Europe/London", age=Age.parse(age), weight=Weight.parse(kg), market="GB", egfr=Filtration.parse("100")
    )


def test_a_child_under_eight_stays_at_forty() -> None:
    assert "day-child-under-8" in stops(table(mg(15, 15, 15), products=("uk/solution-1",)), child("7", "40 kg"))
    assert "day-child-under-8" not in stops(table(mg(10, 15, 15), products=("uk/solution-1",)), child("7", "40 kg"))


def test_a_child_from_eight_stays_at_sixty() -> None:
    assert "day-child-from-8" in stops(table(mg(20, 20, 25), products=("uk/solution-1",)), child("8", "60 kg"))


def test_two_mg_per_kg_is_the_most() -> None:
    assert "day-per-kg-child" in stops(table(mg(10, 10, 11), products=("uk/solution-1",)), child("6", "15 kg"))
    assert "day-per-kg-child" not in stops(table(mg(10, 10, 10), products=("uk/solution-1",)), child("6", "15 kg"))


def test_no_tablets_for_a_child_under_33_kg() -> None:
    assert "avoid-tablets-child" in stops(table(mg(5, 0, 0), products=("uk/5",)), child("9", "32.9 kg"))
    assert "avoid-tablets-child" not in stops(table(mg(5, 0, 0), products=("uk/5",)), child("9", "33 kg"))
    assert "avoid-tablets-child" not in stops(table(mg(5, 0, 0), products=("uk/solution-1",)), child("9", "20 kg"))


def test_a_child_without_a_weight_is_blocked() -> None:
    assert "child-weight-unknown" in stops(label(), replace(child("9", "30 kg"), weight=None))


def test_an_adults_protocol_is_not_for_a_child() -> None:
    assert "protocol-not-for-this-age" in stops(label(), child("9", "40 kg"))


# --- illnesses and medicines ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "medicine", ["morphine", "Morphine 10 mg MR", "co-codamol 30/500", "oxycodone", "Fentanyl patch"]
)
def test_an_opioid_is_flagged(medicine: str) -> None:
    finding = found(label(), replace(ADULT, medicines=(medicine,)))["interaction-opioids"]
    assert finding.severity is Severity.CAUTION
    assert medicine in dict(finding.message.facts)["medicines"]  # type: ignore[operator]
    assert finding.source


def test_an_unknown_medicine_is_reported_not_reassured() -> None:
    finding = found(label(), replace(ADULT, medicines=("Zubrinol forte", "morphine")))["medicine-not-listed"]
    assert dict(finding.message.facts)["medicines"] == ("Zubrinol forte",)


def test_part_of_a_word_is_no_medicine() -> None:
    assert "interaction-alcohol" not in found(label(), replace(ADULT, medicines=("winemaker's drops",)))


def test_an_active_ulcer_is_blocked() -> None:
    assert any(
        f.blocks and "person.conditions" in f.at
        for f in found(label(), replace(ADULT, conditions=("peptic-ulcer-active",))).values()
    )


def test_an_illness_that_nobody_knows_is_refused_not_ignored() -> None:
    with pytest.raises(BadInput, match="epilepsy"):
        check_words(replace(ADULT, conditions=("epilepsie",)), BACLOFEN)


# --- down -------------------------------------------------------------------------------------------------------------


def down(days: int, on_drug: int) -> Plan:
    from datetime import timedelta

    order = TaperOrder(
        start=START,
        times=THREE,
        current=mg(20, 20, 20),
        products=("us/5", "us/10"),
        on_drug_days=on_drug,
        stop_on=START + timedelta(days=days),
    )
    return taper(order, BACLOFEN, "t1")


def test_three_days_after_years_is_blocked() -> None:
    assert {"taper-total", "taper-total-long"} & stops(down(3, 1500))


@pytest.mark.parametrize(
    ("on_drug", "days", "blocked"), [(30, 6, True), (30, 7, False), (61, 13, True), (61, 14, False), (60, 13, False)]
)
def test_how_long_a_taper_takes_goes_by_how_long_the_drug_was_taken(on_drug: int, days: int, blocked: bool) -> None:
    assert bool({"taper-total", "taper-total-long"} & stops(down(days, on_drug))) == blocked


def test_switzerland_takes_three_weeks_after_long_use() -> None:
    assert "taper-total-long-ch" in stops(down(20, 100), replace(ADULT, market="CH"))
    assert "taper-total-long-ch" not in stops(down(21, 100), replace(ADULT, market="CH"))


def test_the_way_down_is_open_to_kidneys_that_should_never_have_had_it() -> None:
    plan = taper(
        TaperOrder(
            start=START,
            times=THREE,
            current=mg(10, 10, 10),
            products=("us/5",),
            on_drug_days=100,
            protocol="default-long",
        ),
        BACLOFEN,
        "t1",
    )
    finding = found(plan, replace(ADULT, egfr=Filtration.parse("20")))
    assert finding["avoid-kidney-failure"].severity is Severity.CAUTION
    assert not stops(plan, replace(ADULT, egfr=Filtration.parse("20")))
    assert "taper-prescriber-kidneys" in finding


@pytest.mark.parametrize("protocol", ["ottawa", "itb-bp"])
def test_a_protocol_that_needs_watching_says_so_and_stops(protocol: str) -> None:
    plan = taper(
        TaperOrder(
            start=START, times=THREE, current=mg(20, 20, 20), products=("us/5",), on_drug_days=100, protocol=protocol
        ),
        BACLOFEN,
        "t1",
    )
    assert "protocol-needs" in stops(plan)


# --- by dose, several ways -------------------------------------------------------------------------------------------


def test_one_dose_at_a_time_may_still_be_too_much_in_a_day() -> None:
    order = Prescription(
        start=START,
        times=THREE,
        products=("us/20", "us/10"),
        start_doses=mg(5, 5, 5),
        step=PerDose(amount=OralDose.mg(10)),
        interval_days=3,
        target=OralDose.mg(45),
    )
    assert "step-day-adult" in stops(titrate(order, ADULT, BACLOFEN, "p1"))


def test_a_rise_from_what_was_taken_before_counts_as_a_rise() -> None:
    order = Prescription(
        start=START,
        times=THREE,
        products=("us/20", "us/10"),
        before=mg(5, 5, 5),
        step=PerDay(amount=OralDose.mg(30)),
        interval_days=7,
        target=OralDose.mg(45),
        on_drug_days=30,
    )
    assert "step-day-adult" in stops(titrate(order, ADULT, BACLOFEN, "p1"))


def test_a_dose_moved_to_another_time_is_a_rise_of_that_dose() -> None:
    """The day's total stays, but bedtime goes from 10 to 30 mg at once."""
    rules = found(table(mg(10, 10, 10), mg(0, 0, 30)))
    assert "step-dose-adult" in rules
