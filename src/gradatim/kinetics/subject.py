"""Who levels are worked out for: a model of the library with what it needs to know of a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gradatim.domain.citation import Citation
from gradatim.domain.fault import Unreadable, one_fault
from gradatim.domain.finding import Message, message
from gradatim.domain.person import ADULT_MONTHS, Person
from gradatim.domain.renal import Formula, renal_function
from gradatim.kinetics.catalogue import MODELS, published
from gradatim.kinetics.population import Population
from gradatim.kinetics.published import Machine, PerKilogram, PublishedModel, RenalSum, WayIn
from gradatim.kinetics.structure import LinearModel
from gradatim.kinetics.units import Quantity

USUAL, CHILD = "adult-derived", "he-2014"
"""The models of first choice, for adults with any kidney function and for children."""
WITH_A_CURVE = tuple(id for id in MODELS if published(id).way_in is not WayIn.DIRECT)
"""The models that have a rate of absorption, without which there is no curve after a tablet."""
_UNITS = {"CRCL": "mL/min", "WT": "kg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A model and its covariates: WT in kg, CRCL in mL/min, 0 or 1 for a machine. ``notes`` say where the covariates come from.

    Raises `BadInput` for a model without a rate of absorption, and for covariates that are missing, unknown or out of range.
    """

    published: PublishedModel
    covariates: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()

    def __post_init__(self) -> None:
        if self.published.way_in is WayIn.DIRECT:
            raise one_fault(
                "model", f"{self.published.id} has no rate of absorption, so no curve after a tablet", f"Use one of: {', '.join(WITH_A_CURVE)}"
            )  # fmt: skip
        self.published.typical(self.covariates)

    @property
    def model(self) -> LinearModel:
        """Doses in mg, hours, levels in ng/mL."""
        return self.published.model()

    @property
    def typical(self) -> dict[str, float]:
        """The parameters of the typical person."""
        return self.published.typical(self.covariates)

    @property
    def unit(self) -> str:
        """The unit of levels."""
        return self.model.units.level

    @property
    def varies(self) -> tuple[str, ...]:
        """The parameters that a spread between people was found for."""
        return tuple(spread.on for spread in self.published.spreads)

    def population(self, seed: int) -> Population:
        """People with these covariates, who differ as far as the model tells."""
        return Population.of_published(self.published, covariates=dict(self.covariates), seed=seed)

    def beside_normal_kidneys(self) -> BesideNormal | None:
        """How the exposure to any dose compares with that of the same person with normal kidneys. None where the model has no kidneys."""
        rule = next((one for one in self.published.rules if isinstance(one, RenalSum)), None)
        if rule is None:
            return None
        kept = {name: value for name, value in self.covariates.items() if name != "CRCL"}
        normal = self.published.typical(kept)["CL"]
        return BesideNormal(
            ratio=normal / self.typical["CL"], crcl=self.covariates.get("CRCL", rule.usual.to("mL/min")), normal=rule.usual, source=rule.source,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideNormal:
    """``ratio``: area under the level of one dose over that of the same dose at the ``normal`` creatinine clearance. Linear: it holds for
    every dose and every regimen, for areas and averages; peaks differ less."""

    ratio: float
    crcl: float
    normal: Quantity
    source: tuple[Citation, ...]

    def dose_like(self, mg: float) -> float:
        """The dose that gives somebody with normal kidneys the same average level, in mg."""
        return mg * self.ratio


def subject(
    id: str | None = None, person: Person | None = None, given: Mapping[str, str | float] | None = None
) -> Subject:
    """A model by its id, else the one of first choice; with what is known of a person, and over it what is ``given`` (``{"CRCL": "40 mL/min"}``).

    Kidney function: Cockcroft-Gault by actual weight, which is a clearance; else the eGFR that the limits go by. Where nothing is known the
    usual one of the model stands, and a note says so. Raises `BadInput`.
    """
    child = person is not None and person.age is not None and person.age.months < ADULT_MONTHS
    chosen = _model(id or (CHILD if child else USUAL))
    per_kg = any(isinstance(rule, PerKilogram) for rule in chosen.rules)
    if person is not None and person.age is not None and child is not per_kg:
        whose = f"is not for somebody of {person.age.years} years: it is for {chosen.population}"
        raise one_fault("model", f"{chosen.id} {whose}", f"Use {CHILD if child else USUAL}")
    said = {name.upper(): _number(name.upper(), value) for name, value in (given or {}).items()}
    found, notes = ({}, ()) if person is None else _known(chosen, person, said)
    if "CRCL" in chosen.options and "CRCL" in said:
        notes = (*notes, message("levels.kidneys-said", value=f"{said['CRCL']:g}"))
    elif "CRCL" in chosen.options and "CRCL" not in found:
        usual = next(rule.usual for rule in chosen.rules if isinstance(rule, RenalSum))
        notes = (*notes, message("levels.kidneys-usual", usual=str(usual)))
    return Subject(published=chosen, covariates=found | said, notes=notes)


def _known(
    chosen: PublishedModel, person: Person, said: Mapping[str, float]
) -> tuple[dict[str, float], tuple[Message, ...]]:
    found: dict[str, float] = {}
    notes: tuple[Message, ...] = ()
    if "WT" in chosen.needs and person.weight is not None:
        found["WT"] = person.weight.kg
    if "CRCL" in chosen.options and "CRCL" not in said:
        machine = any(isinstance(rule, Machine) for rule in chosen.rules)
        if person.dialysis and not machine:
            raise one_fault(
                "person", "is on dialysis, and what the kidneys clear between sessions is not known",
                "Give it: --person crcl=0mL/min; for hours on the machine --model renal-replacement --person crcl=0mL/min,hd=1",
            )  # fmt: skip
        kidneys = renal_function(person)
        by = next((one for one in kidneys.estimates if one[0] is Formula.CG_ACTUAL), None) or kidneys.deciding
        if by is not None:
            found["CRCL"] = max(by[1], 0.0)
            key = "levels.kidneys" if by[0] is Formula.CG_ACTUAL else "levels.kidneys-egfr"
            notes = (message(key, value=f"{by[1]:.0f}", formula=by[0]),)
    return found, notes


def _model(id: str) -> PublishedModel:
    if id not in MODELS:
        raise one_fault("model", f"{id!r} is no model of the library", f"Use one of: {', '.join(WITH_A_CURVE)}")
    return published(id)


def _number(name: str, value: str | float) -> float:
    if not isinstance(value, str):
        return float(value)
    try:
        spaced = value.strip() if " " in value.strip() else _spaced(value.strip())
        return Quantity.parse(spaced).to(_UNITS.get(name, "1"))
    except Unreadable as bad:
        raise one_fault(f"person.{name}", bad.problem, bad.remedy) from None


def _spaced(text: str) -> str:
    """``40mL/min`` → ``40 mL/min``."""
    place = next((k for k, letter in enumerate(text) if not (letter.isdigit() or letter == ".")), len(text))
    return f"{text[:place]} {text[place:]}".strip()
