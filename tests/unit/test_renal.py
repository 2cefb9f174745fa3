"""The renal formulae against the vectors of facts/baclofen.md, section 14, as printed, and the bands of section 3.2."""

from __future__ import annotations

import pytest

from gradatim.domain.person import Age, Creatinine, Filtration, Height, Person, Sex, Weight
from gradatim.domain.renal import (
    Formula,
    RenalBand,
    adjusted_weight,
    bedside_schwartz,
    ckd_epi_2021,
    cockcroft_gault,
    ideal_weight,
    renal_function,
    wolf_band,
)

F, M = Sex.FEMALE, Sex.MALE


@pytest.mark.parametrize(("sex", "age", "kg", "scr", "printed"), [
    (M, 65, 70, 1.4, 52.1), (F, 45, 60, 0.9, 74.8), (M, 60, 80, 1.2, 74.1), (F, 45, 65, 0.9, 81.0), (M, 50, 80, 1.0, 100.0),
])  # fmt: skip
def test_cockcroft_gault(sex: Sex, age: int, kg: float, scr: float, printed: float) -> None:
    assert round(cockcroft_gault(age, kg, scr, sex), 1) == printed


def test_the_page_that_truncates() -> None:
    assert int(cockcroft_gault(45, 65, 0.9, F) * 10) / 10 == 80.9  # as GLOBALRPH2 prints it


@pytest.mark.parametrize(
    ("sex", "age", "scr", "printed", "recalculated"), [(M, 70, 0.8, 95.2, 95.206), (F, 50, 1.0, 68.6, 68.633)]
)
def test_ckd_epi_2021(sex: Sex, age: int, scr: float, printed: float, recalculated: float) -> None:
    assert round(ckd_epi_2021(age, scr, sex), 1) == printed
    assert round(ckd_epi_2021(age, scr, sex), 3) == recalculated


@pytest.mark.parametrize(("scr", "printed"), [(0.4, 103.25), (0.5, 82.6)])
def test_bedside_schwartz(scr: float, printed: float) -> None:
    assert round(bedside_schwartz(100, scr), 2) == printed


def test_schwartz_in_micromoles_uses_36_5() -> None:
    assert bedside_schwartz(100, 50 / 88.4) == pytest.approx(36.5 * 100 / 50, rel=1e-3)


def test_weights() -> None:
    assert ideal_weight(60 * 2.54, M) == pytest.approx(50)
    assert ideal_weight(60 * 2.54, F) == pytest.approx(45.5)
    assert ideal_weight(70 * 2.54, M) == pytest.approx(73)
    assert adjusted_weight(100, 60) == pytest.approx(76)
    assert adjusted_weight(50, 60) == 50  # below the ideal weight the actual one counts


@pytest.mark.parametrize(("egfr", "band"), [
    (0, RenalBand.SEVERE), (29.99, RenalBand.SEVERE), (30, RenalBand.MODERATE), (59.99, RenalBand.MODERATE), (60, RenalBand.MILD),
    (89.99, RenalBand.MILD), (90, RenalBand.NORMAL), (150, RenalBand.NORMAL),
])  # fmt: skip
def test_bands_of_wolf_2018(egfr: float, band: RenalBand) -> None:
    assert wolf_band(egfr) is band


@pytest.mark.parametrize("text", ["1200 umol/L", "80 µmol/L", "80 μmol/L", "0.9 mg/dL", "0.9 mg/dl"])
def test_creatinine_is_read_in_both_units_and_read_back(text: str) -> None:
    value = Creatinine.parse(text)
    assert Creatinine.parse(str(value)) == value


def test_the_two_units_agree() -> None:
    assert Creatinine.parse("88.4 umol/L").mg_dl == pytest.approx(1.0)
    assert Creatinine.parse("1 mg/dL").umol_l == pytest.approx(88.4)


@pytest.mark.parametrize("text", ["80", "0.9", "80 mg/dL", "0.9 umol/L", "80 mmol/L", "-80 umol/L", "0,9 mg/dL"])
def test_a_creatinine_that_is_unclear_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Creatinine.parse(text)


def adult(**known: object) -> Person:
    fields: dict[str, object] = {
        "zone": "UTC",
        "age": Age.parse("70"),
        "sex": F,
        "weight": Weight.parse("50 kg"),
        "creatinine": Creatinine.parse("1 mg/dL"),
    }
    return Person(**{**fields, **known})  # type: ignore[arg-type]


def test_the_bands_go_by_egfr_not_by_clearance() -> None:
    found = dict(renal_function(adult()).estimates)
    assert found[Formula.CG_ACTUAL] < found[Formula.CKD_EPI]
    assert renal_function(adult()).deciding == (Formula.CKD_EPI, found[Formula.CKD_EPI])


def test_of_a_reported_value_and_a_calculated_one_the_lower_decides() -> None:
    assert renal_function(adult(egfr=Filtration.parse("28"))).deciding == (Formula.REPORTED, 28.0)
    assert renal_function(adult(egfr=Filtration.parse("110"))).deciding == renal_function(adult()).deciding


def test_ideal_and_adjusted_weights_are_shown_but_do_not_decide() -> None:
    heavy = adult(weight=Weight.parse("120 kg"), height=Height.parse("150 cm"))
    found = dict(renal_function(heavy).estimates)
    assert {Formula.CG_IDEAL, Formula.CG_ADJUSTED} <= set(found)
    deciding = renal_function(heavy).deciding
    assert deciding is not None
    assert deciding[0] is Formula.CKD_EPI
    assert found[Formula.CG_IDEAL] < deciding[1]


@pytest.mark.parametrize(("reported", "disagree"), [("29", True), ("31", True), ("45", True), ("70", False)])
def test_disagreement_across_30_and_60(reported: str, disagree: bool) -> None:
    """Reported value against creatinine 0.8, 60 kg, man of 60: Cockcroft-Gault 83, CKD-EPI 100."""
    someone = adult(
        age=Age.parse("60"),
        sex=M,
        weight=Weight.parse("60 kg"),
        creatinine=Creatinine.parse("0.8 mg/dL"),
        egfr=Filtration.parse(reported),
    )
    assert (renal_function(someone).disagreement is not None) == disagree


def test_disagreement_between_the_formulae_themselves() -> None:
    """70-year-old woman of 50 kg, creatinine 0.8: Cockcroft-Gault 52, CKD-EPI 79."""
    gap = renal_function(adult(creatinine=Creatinine.parse("0.8 mg/dL"))).disagreement
    assert gap is not None
    (low_by, low), (high_by, high) = gap
    assert (low_by, high_by) == (Formula.CG_ACTUAL, Formula.CKD_EPI)
    assert low < 60 <= high


def test_children_go_by_schwartz_from_one_year() -> None:
    child = Person(
        zone="UTC",
        age=Age.parse("6"),
        height=Height.parse("100 cm"),
        creatinine=Creatinine.parse("0.5 mg/dL"),
        sex=F,
        weight=Weight.parse("20 kg"),
    )
    assert [f for f, _ in renal_function(child).estimates] == [Formula.SCHWARTZ]
    baby = Person(
        zone="UTC", age=Age.parse("8 months"), height=Height.parse("70 cm"), creatinine=Creatinine.parse("0.5 mg/dL")
    )
    assert renal_function(baby).deciding is None


def test_nothing_known_nothing_said() -> None:
    assert renal_function(Person(zone="UTC")).deciding is None
    assert renal_function(Person(zone="UTC")).disagreement is None
