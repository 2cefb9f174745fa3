"""What a monograph promises: cited facts, every number written twice, and no road between the two routes."""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

import pytest

from gradatim.domain import intrathecal as intrathecal_types
from gradatim.domain.dose import IntrathecalDose
from gradatim.domain.fault import BadInput
from gradatim.domain.guardrail import Bound, Guardrail, Unit
from gradatim.domain.intrathecal import Ampoule, IntrathecalRange
from gradatim.domain.monograph import Monograph
from gradatim.domain.reading import plain, read
from gradatim.monographs import leaflet, monograph
from gradatim.monographs.check import check
from gradatim.monographs.intrathecal_loader import intrathecal
from gradatim.monographs.own_tests import run

NUDGES = {
    Unit.MG: Fraction(1),
    Unit.DAYS: Fraction(1),
    Unit.HOURS: Fraction(1),
    Unit.MG_PER_KG: Fraction(1, 10),
    Unit.SHARE: Fraction(1, 10),
}
PROTOCOL_NUMBERS = (
    *("start", "step", "interval", "times", "usual_day", "usual_day_per_kg", "maximum_dose", "maximum_day", "rungs"),
    *(
        "age_from_months",
        "age_under_months",
        "decide_after_weeks",
        "total",
        "fraction",
        "on_drug_over_days",
        "last_day",
    ),
)
GROWN_UP = 216  # months; the age at which every protocol for adults begins is not a number of its source


@cache
def own_cases(name: str) -> tuple[dict[str, Any], ...]:
    text = files("gradatim.monographs").joinpath(name, "tests.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["tests"])


@cache
def parts(name: str) -> tuple[object, ...]:
    return (intrathecal(),) if name == "baclofen_intrathecal" else (monograph(), leaflet())


# --- the packaged monographs -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["baclofen_oral", "baclofen_intrathecal"])
def test_a_packaged_monograph_has_no_fault(name: str) -> None:
    assert [str(fault) for fault in check(name)] == []


@pytest.mark.parametrize(("name", "at_least"), [("baclofen_oral", 250), ("baclofen_intrathecal", 40)])
def test_a_packaged_monograph_brings_its_own_tests(name: str, at_least: int) -> None:
    names = [case["name"] for case in own_cases(name)]
    assert len(names) >= at_least
    assert len(set(names)) == len(names), "two cases of one name cannot be told apart in a fault"


def test_a_monograph_that_is_not_there_is_a_fault_and_not_a_crash() -> None:
    (fault,) = check("baclofen_orall")
    assert fault.path == "baclofen_orall"
    assert fault.remedy.startswith("Did you mean baclofen_oral")


# --- every number of a limit is written twice --------------------------------------------------------------------


def slips(rail: Guardrail) -> Iterator[Guardrail]:
    """The same limit with one bound a little too high or too low."""
    for name in ("recommended", "absolute"):
        bound: Bound | None = getattr(rail, name)
        for sign in (1, -1) if bound else ():
            assert bound is not None
            slipped = replace(bound, value=bound.value + sign * NUDGES[bound.unit])
            bounds: dict[str, Any] = {name: slipped}
            try:
                yield replace(rail, **bounds)
            except BadInput:
                continue  # the limit refuses it by itself: recommended beyond absolute


@pytest.mark.parametrize("rail", monograph().guardrails, ids=lambda rail: rail.id)
def test_a_slip_in_a_limit_does_not_pass(rail: Guardrail) -> None:
    drug = monograph()
    cases = [case for case in own_cases("baclofen_oral") if case.get("guardrail_kind") == rail.kind]
    others = tuple(other for other in drug.guardrails if other.id != rail.id)
    for slipped in slips(rail):
        wrong = replace(drug, guardrails=(*others, slipped))
        assert any(run(case, "", (wrong,)) for case in cases), (
            f"nobody notices {slipped.recommended} / {slipped.absolute}"
        )


@pytest.mark.parametrize("rail", monograph().guardrails, ids=lambda rail: rail.id)
def test_a_limit_that_is_lost_does_not_pass(rail: Guardrail) -> None:
    drug = monograph()
    cases = [case for case in own_cases("baclofen_oral") if case.get("guardrail_kind") == rail.kind]
    alike = (rail.kind, rail.group, rail.recommended, rail.absolute, rail.at_limit)
    if rail.applies.markets and any(
        not other.applies.markets
        and alike == (other.kind, other.group, other.recommended, other.absolute, other.at_limit)
        for other in drug.guardrails
    ):
        return  # the market-free limit says the same, so nothing is lost but its citation
    wrong = replace(drug, guardrails=tuple(other for other in drug.guardrails if other.id != rail.id))
    assert any(run(case, "", (wrong,)) for case in cases), f"nobody notices that {rail.id} is gone"


@pytest.mark.parametrize(
    ("kind", "item"),
    [*(("titration", up) for up in monograph().titrations), *(("taper", down) for down in monograph().tapers)],
    ids=lambda item: getattr(item, "id", item),
)
def test_every_number_of_a_protocol_is_written_twice(kind: str, item: Any) -> None:
    asked = {key for case in own_cases("baclofen_oral") if case.get(kind) == item.id for key in case}
    asked |= {key.removesuffix("_day") for key in asked & {"start_day", "step_day"}}
    said = {
        name: plain(getattr(item, name)) for name in PROTOCOL_NUMBERS if getattr(item, name, None) not in (None, ())
    }
    assert {name: value for name, value in said.items() if name not in asked and value != GROWN_UP} == {}


# --- the drug by pump --------------------------------------------------------------------------------------------


def test_an_intrathecal_amount_is_never_an_oral_one() -> None:
    source = inspect.getsource(intrathecal_types)
    assert "import OralDose" not in source
    assert "OralDose(" not in source


def test_there_is_a_fact_that_says_that_no_factor_exists() -> None:
    fact = intrathecal().no_conversion
    assert fact.not_found == "A factor from mg by mouth to micrograms by pump: no source has one"


def test_a_monograph_that_drops_that_fact_is_refused() -> None:
    fact = intrathecal().no_conversion
    with pytest.raises(BadInput, match="there is no factor"):
        replace(intrathecal(), no_conversion=replace(fact, not_found=None))


def test_germany_asks_for_twelve_hours_and_everybody_else_for_eight() -> None:
    drug = intrathecal()
    assert drug.first_day_for("DE").long_over_hours == 12
    assert drug.first_day_for("US").long_over_hours == 8
    assert drug.first_day_for(None).long_over_hours == 8


def test_test_injections_go_up() -> None:
    screening = intrathecal().screening
    assert [str(step.dose) for step in screening.steps] == ["50 micrograms", "75 micrograms", "100 micrograms"]
    with pytest.raises(BadInput, match="do not go up"):
        replace(screening, steps=screening.steps[::-1])


def test_what_is_printed_on_the_box_must_be_the_strength() -> None:
    (box,) = (ampoule for ampoule in intrathecal().ampoules if ampoule.id == "de/it-500")
    assert (box.printed, box.micrograms_per_ml) == ("10 mg/20 mL", 500)
    with pytest.raises(BadInput, match="10 mg/20 mL is not 2000 micrograms in 1 mL"):
        replace(box, micrograms_per_ml=2000)
    with pytest.raises(BadInput, match="has no drug in it"):
        Ampoule(id="de/x", market="DE", name="x", micrograms_per_ml=0, source=box.source)


def test_a_range_of_intrathecal_doses_is_in_micrograms_and_goes_up() -> None:
    spread = IntrathecalRange.parse("70-1395 micrograms")
    assert (spread.low, spread.high) == (IntrathecalDose(70_000), IntrathecalDose(1_395_000))
    assert IntrathecalRange.parse(str(spread)) == spread
    for text in ("1-2 mg", "800-300 micrograms", "300 micrograms", "300-300 micrograms"):
        with pytest.raises(ValueError, match="Write"):
            IntrathecalRange.parse(text)


def test_the_parts_read_back_what_they_write() -> None:
    for drug in (monograph(),):
        assert read(Monograph, plain(drug)) == drug
