"""Kidney function by the published formulae. Real numbers, not doses.

Sources: Cockcroft-Gault and weights [GLOBALRPH2], CKD-EPI 2021 [INKER], bedside Schwartz [NKF]; bands [WOLF], [VLAV].
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gradatim.domain.person import ADULT_MONTHS, Person, Sex


def cockcroft_gault(age_years: float, weight_kg: float, creatinine_mg_dl: float, sex: Sex) -> float:
    """Creatinine clearance in mL/min: (140 − age)·kg / (72·Scr), × 0.85 for women. Adults only."""
    return (140 - age_years) * weight_kg / (72 * creatinine_mg_dl) * (0.85 if sex is Sex.FEMALE else 1.0)


def ckd_epi_2021(age_years: float, creatinine_mg_dl: float, sex: Sex) -> float:
    """eGFR in mL/min/1.73 m² by CKD-EPI 2021 (creatinine, without race). Adults only."""
    kappa, alpha, factor = (0.7, -0.241, 1.012) if sex is Sex.FEMALE else (0.9, -0.302, 1.0)
    ratio = creatinine_mg_dl / kappa
    egfr: float = 142 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.200 * 0.9938**age_years * factor
    return egfr


def bedside_schwartz(height_cm: float, creatinine_mg_dl: float) -> float:
    """eGFR in mL/min/1.73 m² for 1 to 18 years, creatinine traceable to IDMS: 0.413·cm / Scr."""
    return 0.413 * height_cm / creatinine_mg_dl


def ideal_weight(height_cm: float, sex: Sex) -> float:
    """Ideal body weight in kg: 50 (men) or 45.5 (women) + 2.3 for every inch over 60."""
    return (45.5 if sex is Sex.FEMALE else 50.0) + 2.3 * (height_cm / 2.54 - 60)


def adjusted_weight(actual_kg: float, ideal_kg: float) -> float:
    """Adjusted body weight in kg: ideal + 0.4·(actual − ideal); the actual weight where it is below the ideal."""
    return actual_kg if actual_kg < ideal_kg else ideal_kg + 0.4 * (actual_kg - ideal_kg)


class RenalBand(StrEnum):
    """Bands of the Wolf 2018 algorithm, by eGFR in mL/min/1.73 m²."""

    NORMAL = "90 or more"
    MILD = "60 to under 90"
    MODERATE = "30 to under 60"
    SEVERE = "under 30"


def wolf_band(egfr: float) -> RenalBand:
    """The band of an eGFR; each band includes its lower edge."""
    if egfr < 30:
        return RenalBand.SEVERE
    if egfr < 60:
        return RenalBand.MODERATE
    return RenalBand.MILD if egfr < 90 else RenalBand.NORMAL


class Formula(StrEnum):
    """How a kidney function was found."""

    REPORTED = "reported"
    CKD_EPI = "CKD-EPI 2021"
    CG_ACTUAL = "Cockcroft-Gault, actual weight"
    CG_IDEAL = "Cockcroft-Gault, ideal weight"
    CG_ADJUSTED = "Cockcroft-Gault, adjusted weight"
    SCHWARTZ = "bedside Schwartz"


_EGFR = frozenset({Formula.REPORTED, Formula.CKD_EPI, Formula.SCHWARTZ})


@dataclass(frozen=True, slots=True, kw_only=True)
class RenalFunction:
    """Every estimate that the known facts allow, in mL/min (Cockcroft-Gault) or mL/min/1.73 m² (the others)."""

    estimates: tuple[tuple[Formula, float], ...]

    @property
    def deciding(self) -> tuple[Formula, float] | None:
        """The estimate that the bands go by: the lower of a reported eGFR and CKD-EPI; for children Schwartz. None when unknown.

        Cockcroft-Gault does not decide the bands, which were made for eGFR; where it falls on another side of 30 or 60 the
        check says so (`disagreement`), and blocks where it is under 30.
        """
        ruling = [estimate for estimate in self.estimates if estimate[0] in _EGFR]
        return min(ruling, key=lambda estimate: estimate[1], default=None)

    @property
    def disagreement(self) -> tuple[tuple[Formula, float], tuple[Formula, float]] | None:
        """The lowest and the highest of eGFR and Cockcroft-Gault (actual weight) when 30 or 60 lies between them."""
        ruling = sorted((e for e in self.estimates if e[0] in _EGFR or e[0] is Formula.CG_ACTUAL), key=lambda e: e[1])
        if len(ruling) > 1 and any(ruling[0][1] < edge <= ruling[-1][1] for edge in (30, 60)):
            return ruling[0], ruling[-1]
        return None


def renal_function(person: Person) -> RenalFunction:
    """All estimates for a person. Empty when neither a reported value nor a creatinine with what its formula needs is known."""
    found: list[tuple[Formula, float]] = []
    if person.egfr is not None:
        found.append((Formula.REPORTED, person.egfr.ml_min))
    if person.creatinine is None or person.age is None:
        return RenalFunction(estimates=tuple(found))
    scr = person.creatinine.mg_dl
    if person.age.months < ADULT_MONTHS:
        if person.height is not None and person.age.months >= 12:
            found.append((Formula.SCHWARTZ, bedside_schwartz(person.height.cm, scr)))
        return RenalFunction(estimates=tuple(found))
    if person.sex is not None:
        years = person.age.years
        found.append((Formula.CKD_EPI, ckd_epi_2021(years, scr, person.sex)))
        if person.weight is not None:
            actual = person.weight.kg
            found.append((Formula.CG_ACTUAL, cockcroft_gault(years, actual, scr, person.sex)))
            if person.height is not None:
                ideal = ideal_weight(person.height.cm, person.sex)
                if ideal > 0:
                    found.append((Formula.CG_IDEAL, cockcroft_gault(years, ideal, scr, person.sex)))
                    adjusted = adjusted_weight(actual, ideal)
                    found.append((Formula.CG_ADJUSTED, cockcroft_gault(years, adjusted, scr, person.sex)))
    return RenalFunction(estimates=tuple(found))
