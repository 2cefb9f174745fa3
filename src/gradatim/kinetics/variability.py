"""How people differ from the typical one: distributions of parameters with their covariance, of covariates, and of measurements."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self, TypeAlias, assert_never

import numpy as np
from numpy.typing import NDArray

from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.kinetics.elementary import exp, log, normal_quantile

Floats = NDArray[np.float64]


class How(StrEnum):
    """What an eta does to the typical value θ."""

    LOG_NORMAL = "log-normal"  # θ·exp(η)
    PROPORTIONAL = "proportional"  # θ·(1 + η), below 0 told as a fault when drawn
    ADDITIVE = "additive"  # θ + η, likewise
    LOGIT = "logit"  # 1 / (1 + exp(−(logit θ + η))), for shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Variability:
    """Normal etas with mean 0 and covariance ``omega``, one for each parameter of ``on``, in NONMEM's sense. ``how``: one for all, or one
    for each. Raises `BadInput` where omega is not symmetric or no covariance."""

    on: tuple[str, ...]
    omega: tuple[tuple[float, ...], ...]
    how: How | tuple[How, ...] = How.LOG_NORMAL

    def __post_init__(self) -> None:
        size, faults = len(self.on), []
        matrix = np.array(self.omega, dtype=np.float64) if {len(row) for row in self.omega} <= {size} else np.empty(0)
        if matrix.shape != (size, size) or not size:
            faults.append(Fault("omega", f"is not {size} rows of {size}", "Give a row and a column for each parameter"))
        elif not np.array_equal(matrix, matrix.T) or not np.all(np.isfinite(matrix)):
            faults.append(Fault("omega", "is not symmetric", "Give the covariance of two parameters twice, the same"))
        elif factor_of(matrix) is None:
            faults.append(
                Fault(
                    "omega", "is no covariance", "No correlation may be above 1 or below −1, nor any variance below 0"
                )
            )
        if len(set(self.on)) < size:
            faults.append(Fault("on", "names a parameter twice", "Name each once"))
        if isinstance(self.how, tuple) and len(self.how) != size:
            faults.append(Fault("how", f"{len(self.how)} for {size} parameters", "Give one for each, or one for all"))
        if faults:
            raise BadInput(faults)

    @classmethod
    def of_cv(cls, cv: Mapping[str, float], correlation: Mapping[tuple[str, str], float] | None = None) -> Self:
        """Log-normal, from coefficients of variation as shares: a variance is ln(1 + CV²). Correlations are those of the logarithms."""
        names = tuple(cv)
        sd = [math.sqrt(math.log1p(cv[name] ** 2)) for name in names]
        given = {frozenset(pair): value for pair, value in (correlation or {}).items()}

        def entry(i: int, j: int) -> float:
            return sd[i] * sd[j] * (1.0 if i == j else given.get(frozenset((names[i], names[j])), 0.0))

        places = range(len(names))
        return cls(on=names, omega=tuple(tuple(entry(i, j) for j in places) for i in places))

    def etas(self, standard: Floats) -> Floats:
        """Etas [p, N] of standard normal numbers [p, N], summed in a fixed order."""
        factor = factor_of(np.array(self.omega, dtype=np.float64))
        assert factor is not None
        found = np.zeros_like(standard)
        for i, row in enumerate(factor.tolist()):
            for j in range(i + 1):
                if row[j]:
                    found[i] += row[j] * standard[j]
        return found

    def applied(self, typical: Mapping[str, Floats], etas: Floats) -> dict[str, Floats]:
        """Parameters of people: typical values with their etas."""
        found = dict(typical)
        kinds = self.how if isinstance(self.how, tuple) else (self.how,) * len(self.on)
        for name, kind, eta in zip(self.on, kinds, etas, strict=True):
            if name not in found:
                raise one_fault(f"variability.{name}", "has no typical value", f"Give {name}, or leave it out")
            found[name] = _varied(found[name], eta, kind)
        return found


def _varied(typical: Floats, eta: Floats, how: How) -> Floats:
    match how:
        case How.LOG_NORMAL:
            return np.asarray(typical * exp(eta))
        case How.PROPORTIONAL:
            return np.asarray(typical * (1.0 + eta))
        case How.ADDITIVE:
            return np.asarray(typical + eta)
        case How.LOGIT:
            odds = typical / (1.0 - typical) * exp(eta)
            return np.asarray(odds / (1.0 + odds))
        case _:
            assert_never(how)


def factor_of(matrix: Floats) -> Floats | None:
    """The lower Cholesky factor, also of a covariance with zeros in it; None where there is none."""
    n = len(matrix)
    found = np.zeros((n, n))
    small = 1e-12 * max(1e-300, float(np.max(np.diag(matrix), initial=0.0)))
    for j in range(n):
        left = float(matrix[j, j] - sum(found[j, k] ** 2 for k in range(j)))
        if left < -small:
            return None
        found[j, j] = math.sqrt(left) if left > small else 0.0
        for i in range(j + 1, n):
            rest = float(matrix[i, j] - sum(found[i, k] * found[j, k] for k in range(j)))
            if found[j, j]:
                found[i, j] = rest / found[j, j]
            elif abs(rest) > math.sqrt(small * max(1e-300, float(matrix[i, i]))):
                return None
    return found


# --- covariates --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Normal:
    """Normal with mean and SD, cut off below ``low`` and above ``high``. ``of_logarithm``: the logarithm is, mean and SD are those of the
    logarithm, the limits those of the number."""

    mean: float
    sd: float
    low: float = -math.inf
    high: float = math.inf
    of_logarithm: bool = False

    def __post_init__(self) -> None:
        if not (self.sd > 0 and self.low < self.high and math.isfinite(self.mean)):
            raise one_fault("normal", "has no width", "Give an SD above 0, and low below high")

    def of(self, uniform: Floats) -> Floats:
        """By inverting the distribution."""
        low, high = (_below((self._scale(end) - self.mean) / self.sd) for end in (self.low, self.high))
        shares = np.minimum(np.maximum(low + uniform * (high - low), 2.0**-60), 1 - 2.0**-53)
        found = self.mean + self.sd * normal_quantile(shares)
        return np.minimum(np.maximum(exp(found) if self.of_logarithm else found, self.low), self.high)

    def _scale(self, end: float) -> float:
        if not self.of_logarithm or math.isinf(end):
            return end
        return float(log(np.array([end]))[0]) if end > 0 else -math.inf


def _below(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniform:
    """Equally likely from low to high."""

    low: float
    high: float

    def of(self, uniform: Floats) -> Floats:
        """By stretching."""
        return self.low + uniform * (self.high - self.low)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """One of some values, as likely as their weights say; without weights all the same. Such as sex, or people who were measured."""

    values: tuple[float, ...]
    weights: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        weights = self.weights or (1.0,) * len(self.values)
        if not self.values or len(weights) != len(self.values) or min(weights) < 0 or not sum(weights) > 0:
            raise one_fault("weights", "do not go with the values", "Give a weight of 0 or more for each value")

    def of(self, uniform: Floats) -> Floats:
        """By where in the sum of weights a number falls."""
        sums = np.cumsum(self.weights or (1.0,) * len(self.values))
        place = np.searchsorted(sums, uniform * sums[-1], side="right")
        return np.asarray(np.array(self.values, dtype=np.float64)[np.minimum(place, len(self.values) - 1)])


Distribution: TypeAlias = Normal | Uniform | OneOf


def cockcroft_gault(*, age: Floats, weight: Floats, creatinine: Floats, female: Floats) -> Floats:
    """Creatinine clearance in mL/min from years, kg, serum creatinine in mg/dL, and 1 for women: (140 − age)·weight/(72·creatinine), times
    0.85 for women (Cockcroft DW, Gault MH, Nephron 1976;16:31-41). Not below 0."""
    whole = np.maximum(140.0 - age, 0.0) * weight / (72.0 * creatinine)
    return np.asarray(np.where(female > 0, 0.85 * whole, whole))


# --- measurements ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Scatter:
    """How measured levels y lie around true ones f: y = f + f·ε₁ + ε₂ with standard deviations ``proportional`` (a share) and ``additive``
    (in the level unit); both: the combined error. A level measured below 0 is told as it comes out."""

    proportional: float = 0.0
    additive: float = 0.0

    def __post_init__(self) -> None:
        if not (self.proportional >= 0 and self.additive >= 0):
            raise one_fault("scatter", "a standard deviation below 0", "Give 0 or more")

    def of(self, levels: Floats, standard: Sequence[Floats]) -> Floats:
        """Measured levels of true ones and two standard normal numbers for each."""
        return np.asarray(levels + levels * (self.proportional * standard[0]) + self.additive * standard[1])
