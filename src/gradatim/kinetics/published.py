"""A model from the literature as data: who it holds for, its numbers with their sources, and what its paper does not tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self, assert_never

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradatim.domain.citation import Citation
from gradatim.domain.fault import BadInput, Fault, Unreadable, one_fault
from gradatim.domain.reading import did_you_mean
from gradatim.kinetics.mammillary import Absorption, Direct, FirstOrder, mammillary
from gradatim.kinetics.structure import LinearModel
from gradatim.kinetics.units import Quantity, Units, unit_of

LEVEL_UNIT = "ng/mL"
"""Levels of baclofen are printed in it; AUC is then ng·h/mL."""

_UNITS = {"CL": "L/h", "V": "L", "V1": "L", "V2": "L", "Q": "L/h", "KA": "1/h"}


class Standing(StrEnum):
    """Whether somebody published the model, or it was put together here from published numbers."""

    PUBLISHED = "published"
    DERIVED = "derived"


class WayIn(StrEnum):
    """How drug gets into the central compartment."""

    DIRECT = "direct"
    FIRST_ORDER = "first-order"

    @property
    def absorption(self) -> Absorption:
        """The same for `mammillary`."""
        return Direct() if self is WayIn.DIRECT else FirstOrder()


@dataclass(frozen=True, slots=True)
class Given:
    """A covariate or parameter with its value, written ``"CRCL=40 mL/min"``."""

    name: str
    value: Quantity

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read it. Raises `Unreadable`."""
        name, equals, value = text.partition("=")
        if not equals:
            raise Unreadable(
                f"{text!r} does not say what is given", "Write a name and a quantity, for example CRCL=40 mL/min"
            )
        return cls(name.strip(), Quantity.parse(value))

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A typical value as printed. ``interval`` is the one in the paper; its kind (bootstrap, confidence) is not always said."""

    name: str
    value: Quantity
    meaning: str
    source: tuple[Citation, ...]
    interval: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How far people differ: ``cv`` as printed, in %. ``omega2`` is the variance of the logarithm, ln(1 + CV²)."""

    on: str
    cv: Quantity
    source: tuple[Citation, ...]
    interval: str | None = None

    @property
    def omega2(self) -> float:
        """The variance of a log-normal with this CV."""
        return float(np.log1p(self.cv.to("1") ** 2))


class ErrorKind(StrEnum):
    """How a measured level scatters around the true one."""

    ADDITIVE = "additive"
    PROPORTIONAL = "proportional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Residual:
    """The scatter of measured levels: a level (additive) or % (proportional), one standard deviation."""

    error: ErrorKind
    size: Quantity
    source: tuple[Citation, ...]
    interval: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PerKilogram:
    """The parameters named are per kg of body weight, covariate WT."""

    kind: ClassVar[str] = "per-kilogram"
    on: tuple[str, ...]
    source: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenalSum:
    """CL/F = (``other`` + CRCL) / ``bioavailability``, CRCL the creatinine clearance. It takes the place of the typical CL."""

    kind: ClassVar[str] = "renal-sum"
    other: Quantity
    bioavailability: Quantity
    usual: Quantity
    source: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """While the covariate ``on`` is 1, a machine clears the blood: by ``total`` in place of the body, or by ``adds`` on top of it."""

    kind: ClassVar[str] = "machine"
    on: str
    bioavailability: Quantity
    source: tuple[Citation, ...]
    total: Quantity | None = None
    adds: Quantity | None = None

    def __post_init__(self) -> None:
        if (self.total is None) is (self.adds is None):
            raise one_fault("total", f"{self.on}: neither or both of total and adds", "Give one of them")


Rule = PerKilogram | RenalSum | Machine


class What(StrEnum):
    """What a vector is about."""

    CMAX = "cmax"
    TMAX = "tmax"
    AUC = "auc"
    STEADY_HIGHEST = "steady-highest"
    STEADY_LOWEST = "steady-lowest"
    STEADY_AVERAGE = "steady-average"
    FLUCTUATION = "fluctuation"
    HALF_LIFE = "half-life"
    CLEARANCE = "clearance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """A number that a model is held against: after one ``dose``, or at steady state with one ``every`` so often.

    ``value``, or anything from ``low`` to ``high``. ``within`` is the deviation, from these, that counts as agreement; without it the
    deviation is only told. ``misses``: known to lie outside, which a test holds true as well.
    """

    id: str
    what: What
    source: tuple[Citation, ...]
    value: Quantity | None = None
    low: Quantity | None = None
    high: Quantity | None = None
    spread: str | None = None
    dose: Quantity | None = None
    every: Quantity | None = None
    given: tuple[Given, ...] = ()
    within: Quantity | None = None
    misses: bool = False
    note: str | None = None

    def __post_init__(self) -> None:
        if (self.value is None) is (self.low is None or self.high is None):
            raise one_fault("value", f"{self.id}: neither a value nor a range", "Give value, or low and high")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedModel:
    """A model of the library. ``missing`` names what its source does not give; ``adult``: held against the observations in adults."""

    id: str
    name: str
    standing: Standing
    population: str
    compartments: int
    way_in: WayIn
    parameters: tuple[Parameter, ...]
    source: tuple[Citation, ...]
    spreads: tuple[Spread, ...] = ()
    residuals: tuple[Residual, ...] = ()
    rules: tuple[Rule, ...] = ()
    vectors: tuple[Vector, ...] = ()
    missing: tuple[str, ...] = ()
    derived: str | None = None
    adult: bool = False
    misses: tuple[str, ...] = ()
    covariates: tuple[Given, ...] = ()

    def __post_init__(self) -> None:
        if faults := list(self._faults()):
            raise BadInput(faults)

    def _faults(self) -> Iterator[Fault]:
        form = mammillary(self.compartments, self.way_in.absorption)
        names = [parameter.name for parameter in self.parameters]
        for name in form.parameters:
            if name not in names:
                yield Fault("parameters", f"{name} is missing", f"Give {name} with its source")
        per_kg = {name for rule in self.rules if isinstance(rule, PerKilogram) for name in rule.on}
        for place, parameter in enumerate(self.parameters):
            if parameter.name not in form.parameters:
                yield Fault(
                    f"parameters[{place}].name",
                    f"{parameter.name!r} is not one",
                    did_you_mean(parameter.name, [*form.parameters]),
                )
                continue
            wanted = _UNITS[parameter.name] + ("/kg" if parameter.name in per_kg else "")
            if parameter.value.measure != unit_of(wanted)[0]:
                yield Fault(
                    f"parameters[{place}].value",
                    f"{parameter.value} does not measure {parameter.name}",
                    f"Write it in {wanted} or the like",
                )
        for place, spread in enumerate(self.spreads):
            if spread.on not in form.parameters:
                yield Fault(
                    f"spreads[{place}].on",
                    f"{spread.on!r} is no parameter",
                    did_you_mean(spread.on, [*form.parameters]),
                )
            if spread.cv.unit != "%":
                yield Fault(f"spreads[{place}].cv", f"{spread.cv} is not in %", "Write a CV in %")
        for place, residual in enumerate(self.residuals):
            wanted = "%" if residual.error is ErrorKind.PROPORTIONAL else "mg/L"
            if residual.size.measure != unit_of(wanted)[0]:
                yield Fault(
                    f"residuals[{place}].size", f"{residual.size} is not {residual.error}", f"Write it in {wanted}"
                )

    def model(self) -> LinearModel:
        """Its form: doses in mg, time in hours, levels in ng/mL. Doses go into the first compartment."""
        return mammillary(self.compartments, self.way_in.absorption, units=Units(level=LEVEL_UNIT))

    @property
    def needs(self) -> tuple[str, ...]:
        """The covariates that have to be given: those of `typical` without a usual value."""
        return ("WT",) if any(isinstance(rule, PerKilogram) for rule in self.rules) else ()

    @property
    def options(self) -> tuple[str, ...]:
        """The covariates that may be given."""
        renal = ("CRCL",) if any(isinstance(rule, RenalSum) for rule in self.rules) else ()
        return (*renal, *(rule.on for rule in self.rules if isinstance(rule, Machine)))

    def typical(self, covariates: Mapping[str, float] | None = None) -> dict[str, float]:
        """The typical parameters of a person, in L, h and 1/h. Covariates: WT in kg, CRCL in mL/min, and 0 or 1 for a machine.

        Raises `BadInput` for a covariate that is missing, unknown or below 0.
        """
        given = {name: np.float64(value) for name, value in (covariates or {}).items()}
        return {name: float(value) for name, value in self.typical_of(given).items()}

    def typical_of(self, covariates: Mapping[str, ArrayLike]) -> dict[str, NDArray[np.float64]]:
        """The same for many people: covariates are numbers or arrays, and so are the parameters that hang on them."""
        given = {name.upper(): np.asarray(value, dtype=np.float64) for name, value in covariates.items()}
        known = {*self.needs, *self.options}
        faults = [Fault(f"covariates.{name}", "is missing", "Give it") for name in self.needs if name not in given]
        for name, value in given.items():
            bad = ~(np.isfinite(value) & (value >= 0))
            if name not in known:
                remedy = did_you_mean(name, sorted(known)) if known else "This model has no covariates"
                faults.append(Fault(f"covariates.{name}", "is no covariate of this model", remedy))
            elif np.any(bad):
                faults.append(Fault(f"covariates.{name}", f"{value[bad].flat[0]:g} is out of range", "Give 0 or more"))
        if faults:
            raise BadInput(faults)
        per_kg = {name for rule in self.rules if isinstance(rule, PerKilogram) for name in rule.on}
        found = {
            one.name: np.asarray(one.value.to(_UNITS[one.name] + ("/kg" if one.name in per_kg else "")))
            for one in self.parameters
        }
        for rule in self.rules:
            match rule:
                case PerKilogram(on=names):
                    found |= {name: found[name] * given["WT"] for name in names}
                case RenalSum():
                    crcl = given.get("CRCL", np.asarray(rule.usual.to("mL/min")))
                    found["CL"] = np.asarray((rule.other.to("mL/min") + crcl) * 0.06 / rule.bioavailability.to("1"))
                case Machine():
                    if rule.on in given:
                        body = found["CL"] if rule.total is None else np.zeros_like(found["CL"])
                        more = rule.total or rule.adds
                        assert more is not None
                        cleared = body + more.to("L/h") / rule.bioavailability.to("1")
                        found["CL"] = np.where(given[rule.on] > 0, cleared, found["CL"])
                case _:
                    assert_never(rule)
        return found
