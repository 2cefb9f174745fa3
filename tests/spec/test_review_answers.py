"""What the review of approval, answers and odd orders found, as named cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from gradatim.domain.dose import OralDose
from gradatim.domain.fault import BadInput
from gradatim.domain.person import Age, Filtration, Person, Weight
from gradatim.domain.plan import Answerer, Review
from gradatim.domain.prescription import Before, PerDay, Prescription, Reviews, Spread, TableRow, TaperOrder
from gradatim.domain.safety import review
from gradatim.domain.taper import taper
from gradatim.domain.titrate import titrate
from gradatim.monographs import monograph

DRUG = monograph()
START = date(2026, 12, 1)
TIMES = (time(8), time(14), time(21))
ADULT = Person(zone="UTC", age=Age(45 * 12), market="US", egfr=Filtration(900))


def mg(*amounts: int) -> tuple[OralDose, ...]:
    return tuple(map(OralDose.mg, amounts))


def rules(order: Prescription, person: Person) -> dict[str, bool]:
    return {finding.rule: finding.blocks for finding in review(titrate(order, person, DRUG, "p"), person, DRUG)}


def table(*rows: tuple[int, ...], before: tuple[OralDose, ...] | None = None) -> Prescription:
    steps = tuple(TableRow(days=7, doses=mg(*row)) for row in rows)
    return Prescription(start=START, times=TIMES, products=("us/5", "us/10"), table=steps, before=before)


def test_nothing_taken_before_is_a_first_start() -> None:
    assert rules(table((10, 10, 10), before=mg(0, 0, 0)), ADULT)["start-day-adult"]


def test_a_first_step_of_nothing_hides_no_start() -> None:
    assert rules(table((0, 0, 0), (50, 0, 0)), ADULT)["tenfold-slip"]


def test_weak_kidneys_are_eased_only_for_a_plan_that_ends_without_the_drug() -> None:
    weak = replace(ADULT, egfr=Filtration(120))
    stays = rules(table((20, 15, 20), before=mg(20, 20, 20)), weak)
    ends = rules(table((5, 0, 5), (0, 0, 5), (0, 0, 0), before=mg(5, 5, 5)), weak)
    assert stays["avoid-kidney-failure"]
    assert not ends["avoid-kidney-failure"]


def test_the_day_of_a_finding_is_the_first_day_beyond_the_limit() -> None:
    order = table((5, 5, 5), (10, 10, 10), (15, 15, 15))
    plan = titrate(order, ADULT, DRUG, "p")
    weak = replace(ADULT, egfr=Filtration(450))
    found = {f.rule: dict(f.message.facts) for f in review(plan, weak, DRUG)}
    assert found["day-flag-kidney"]["day"] == date(2026, 12, 8)
    assert found["day-flag-kidney"]["value"] == OralDose.mg(45)
    assert "45" in str(found["day-flag-kidney"]["kidney"])


@pytest.mark.parametrize(
    ("age", "kg", "slips"),
    [(2, 12, False), (2, 120, True), (2, 8, False), (10, 4, True), (10, 70, False), (30, 60, False)],
)
def test_a_weight_far_from_the_age_is_a_slip_of_the_pen(age: int, kg: int, slips: bool) -> None:
    child = replace(ADULT, age=Age(age * 12), weight=Weight(kg * 1000))
    found = {f.rule: f for f in review(titrate(table((5, 0, 0)), child, DRUG, "p"), child, DRUG)}
    assert ("weight-slip" in found) is slips
    assert not slips or found["weight-slip"].blocks


def test_an_unknown_age_with_the_weight_of_a_child_blocks() -> None:
    assert rules(table((5, 5, 5)), replace(ADULT, age=None, weight=Weight(12_000)))["age-unknown"]
    assert not rules(table((5, 5, 5)), replace(ADULT, age=None, weight=Weight(60_000)))["age-unknown"]


def test_a_review_before_a_step_that_a_taper_lacks_is_refused() -> None:
    order = TaperOrder(
        start=START, times=TIMES, current=mg(10, 10, 10), products=("us/5",), on_drug_days=30, step=PerDay(amount=OralDose.mg(10)),
        interval_days=7, reviews=Reviews(before=Before.SOME, steps=(2, 40)),
    )  # fmt: skip
    with pytest.raises(BadInput, match="there is no step 40"):
        taper(order, DRUG, "p")


def test_a_start_beside_doses_taken_before_is_refused() -> None:
    with pytest.raises(BadInput, match="stands beside the doses taken before"):
        Prescription(
            start=START, times=TIMES, products=("us/5",), start_doses=mg(20, 20, 20), before=mg(5, 5, 5), target=OralDose.mg(25),
            step=PerDay(amount=OralDose.mg(5)), interval_days=7,
        )  # fmt: skip


def test_start_doses_that_cannot_be_made_are_named_not_the_target() -> None:
    order = Prescription(
        start=START, times=TIMES, products=("us/suspension-5",), start_doses=(OralDose(3300), *mg(5, 5)), target=OralDose.mg(60),
        step=PerDay(amount=OralDose.mg(5)), interval_days=7, spread=Spread.SPREAD,
    )  # fmt: skip
    with pytest.raises(BadInput, match=r"3\.3 mg cannot be made"):
        titrate(order, ADULT, DRUG, "p")


@pytest.mark.parametrize(
    "protocol", ["default", "default-long", "uk-nhs", "lexicomp", "au-etg", "pdr", "fr-rcp", "ch-label", "de-lay"]
)
@pytest.mark.parametrize("day", [(20, 20, 20), (10, 10, 10), (25, 25, 30), (5, 5, 5)])
def test_a_published_way_down_is_not_blocked_by_its_own_steps(protocol: str, day: tuple[int, ...]) -> None:
    order = TaperOrder(
        start=START, times=TIMES, current=mg(*day), products=("us/5", "us/10"), on_drug_days=30, protocol=protocol
    )
    person = replace(ADULT, market="GB")
    blocked = [f.rule for f in review(taper(order, DRUG, "p"), person, DRUG) if f.blocks and f.rule.startswith("taper")]
    assert blocked == []


def test_a_step_back_in_a_taper_keeps_who_answers() -> None:
    from gradatim.domain.change import step_back
    from gradatim.domain.course import Course

    order = TaperOrder(
        start=START, times=TIMES, current=mg(20, 20, 20), products=("us/5",), on_drug_days=900, step=PerDay(amount=OralDose.mg(10)),
        interval_days=7, reviews=Reviews(by=Answerer.CLINICIAN),
    )  # fmt: skip
    back = step_back(Course(versions=(taper(order, DRUG, "p"),)), date(2026, 12, 9), None, DRUG)
    assert {item.by for item in back.items if isinstance(item, Review)} == {Answerer.CLINICIAN}
