"""What the body does with a drug once it is in: one, two or three compartments around a central one, in three equal spellings.

Clearances and volumes (CL, V1, Q, V2 …), micro constants (k10, k12, k21 …) and macro constants (the exponentials of a bolus) say the
same. `Disposition` keeps the micro constants and gives the others. Formulae: Gibaldi M, Perrier D. Pharmacokinetics, 2nd ed., 1982;
Bertrand J, Mentré F. Mathematical expressions of the PK and PD models implemented in the Monolix software, 2008.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradatim.domain.fault import BadInput, Fault, one_fault

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro:
    """A bolus of 1 gives ``Σ coefficients[i] · exp(−rates[i] · t)`` in the central compartment, fastest first.

    Coefficients are per volume, rates per time; each of shape [compartments, subjects] or [compartments].
    """

    coefficients: Floats
    rates: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Disposition:
    """Central volume, elimination rate, and a pair of rates for each peripheral compartment: out of the central one, and back.

    Any of them a number or an array over subjects. Volumes above 0, rates 0 or more; a way out needs a way back above 0.
    Raises `BadInput` naming every one that is not.
    """

    volume: Floats
    elimination: Floats
    peripherals: tuple[tuple[Floats, Floats], ...] = ()

    def __post_init__(self) -> None:
        faults = [*_positive("volume", self.volume), *_not_negative("elimination", self.elimination)]
        for number, (out, back) in enumerate(self.peripherals, 2):
            faults += [*_not_negative(f"k1{number}", out), *_positive(f"k{number}1", back)]
        if len(self.peripherals) > 2:
            problem = f"{1 + len(self.peripherals)} compartments"
            faults.append(Fault("peripherals", problem, "Use 1 to 3, or give a matrix to LinearSystem"))
        if faults:
            raise BadInput(faults)

    @classmethod
    def of_micro(cls, volume: ArrayLike, elimination: ArrayLike, *peripherals: tuple[ArrayLike, ArrayLike]) -> Self:
        """From V1, k10 and pairs such as (k12, k21)."""
        pairs = tuple((_array(out), _array(back)) for out, back in peripherals)
        return cls(volume=_array(volume), elimination=_array(elimination), peripherals=pairs)

    @classmethod
    def of_clearances(cls, clearance: ArrayLike, volume: ArrayLike, *peripherals: tuple[ArrayLike, ArrayLike]) -> Self:
        """From CL, V1 and pairs of flow and volume such as (Q, V2)."""
        faults = [*_not_negative("CL", _array(clearance)), *_positive("V1", _array(volume))]
        for number, (flow, size) in enumerate(peripherals, 2):
            faults += [*_not_negative(f"Q{number}", _array(flow)), *_positive(f"V{number}", _array(size))]
        if faults:
            raise BadInput(faults)
        v1 = _array(volume)
        pairs = []
        for flow, size in peripherals:
            # A flow of 0 is a compartment that nothing reaches: any way back will do, and 1 keeps the arithmetic finite.
            back = np.where(_array(flow) > 0, _array(flow) / _array(size), 1.0)
            pairs.append((_array(flow) / v1, back))
        return cls(volume=v1, elimination=_array(clearance) / v1, peripherals=tuple(pairs))

    @classmethod
    def of_macro(cls, coefficients: ArrayLike, rates: ArrayLike) -> Self:
        """From the exponentials of a bolus of 1: coefficients per volume and rates per time, [compartments(, subjects)].

        Raises `BadInput` for coefficients or rates that no such body can have: not above 0, or two equal rates.
        """
        a, rate = _array(coefficients), _array(rates)
        if a.shape != rate.shape or a.ndim not in {1, 2} or not 1 <= len(a) <= 3:
            raise one_fault("coefficients", "there are not as many coefficients as rates", "Give 1, 2 or 3 of each")
        faults = [*_positive("coefficients", a), *_positive("rates", rate)]
        ordered = np.sort(rate, axis=0)
        if len(rate) > 1 and np.any(np.diff(ordered, axis=0) <= 0):
            faults.append(Fault("rates", "two of them are equal", "Use one compartment less, or micro constants"))
        if faults:
            raise BadInput(faults)
        total = a.sum(axis=0)
        if len(a) == 1:
            return cls(volume=1 / total, elimination=rate[0])
        if len(a) == 2:
            k21 = (a[0] * rate[1] + a[1] * rate[0]) / total
            k10 = rate[0] * rate[1] / k21
            return cls(volume=1 / total, elimination=k10, peripherals=((rate[0] + rate[1] - k21 - k10, k21),))
        # The rates back are the zeros of Σ a_i Π_{j≠i}(s − rate_j): one between each two neighbouring rates.
        pair = [
            (rate[1] + rate[2], rate[1] * rate[2]),
            (rate[0] + rate[2], rate[0] * rate[2]),
            (rate[0] + rate[1], rate[0] * rate[1]),
        ]
        half = sum(a[i] * pair[i][0] for i in range(3)) / total / 2
        product = sum(a[i] * pair[i][1] for i in range(3)) / total
        k21 = half + np.sqrt(np.maximum(half**2 - product, 0))
        k31 = product / k21
        k10 = rate[0] * rate[1] * rate[2] / (k21 * k31)
        both = rate.sum(axis=0) - k10 - k21 - k31
        cross = rate[0] * rate[1] + rate[0] * rate[2] + rate[1] * rate[2] - k10 * (k21 + k31) - k21 * k31
        k12 = (cross - both * k21) / (k31 - k21)
        return cls(volume=1 / total, elimination=k10, peripherals=((k12, k21), (both - k12, k31)))

    @property
    def clearance(self) -> Floats:
        """CL: central volume × elimination rate."""
        return self.volume * self.elimination

    @property
    def volumes(self) -> tuple[Floats, ...]:
        """V1, and each peripheral volume as it is when flow is equal both ways: V1 · out / back."""
        return (self.volume, *(self.volume * out / back for out, back in self.peripherals))

    @property
    def flows(self) -> tuple[Floats, ...]:
        """Q of each peripheral compartment."""
        return tuple(self.volume * out for out, _ in self.peripherals)

    @property
    def steady_volume(self) -> Floats:
        """Vss: all volumes together."""
        return np.asarray(sum(self.volumes), dtype=np.float64)

    def macro(self) -> Macro:
        """The exponentials of a bolus of 1. Raises `BadInput` where two rates fall together: no sum of exponentials says that."""
        shape = np.broadcast_shapes(
            *(part.shape for part in (self.volume, self.elimination, *sum(self.peripherals, ())))
        )
        n = 1 + len(self.peripherals)
        turned = np.zeros((*shape, n, n))
        turned[..., 0, 0] = self.elimination + sum(out for out, _ in self.peripherals)
        for place, (out, back) in enumerate(self.peripherals, 1):
            turned[..., place, place] = back
            turned[..., 0, place] = turned[..., place, 0] = np.sqrt(out * back)  # symmetric, with the same eigenvalues
        found = np.linalg.eigvalsh(turned)[..., ::-1]
        rates = np.moveaxis(found, -1, 0)
        coefficients = []
        for i in range(n):
            top = np.ones(shape) / self.volume
            for _, back in self.peripherals:
                top = top * (back - rates[i])
            for j in range(n):
                if j != i:
                    gap = rates[j] - rates[i]
                    if np.any(gap == 0):
                        raise one_fault("rates", "two exponentials have the same rate", "Stay with micro constants")
                    top = top / gap
            coefficients.append(top)
        return Macro(coefficients=np.stack(coefficients), rates=rates)

    def half_lives(self) -> Floats:
        """ln 2 / rate of each exponential, slowest first: [compartments(, subjects)]. Infinite where nothing leaves."""
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(2) / np.maximum(self.macro().rates[::-1], 0))


def _array(value: ArrayLike) -> Floats:
    return np.asarray(value, dtype=np.float64)


def _positive(name: str, value: Floats) -> list[Fault]:
    bad = ~(np.isfinite(value) & (value > 0))
    return [Fault(name, f"{_first(value, bad)} is not a number above 0", "Give one above 0")] if np.any(bad) else []


def _not_negative(name: str, value: Floats) -> list[Fault]:
    bad = ~(np.isfinite(value) & (value >= 0))
    return [Fault(name, f"{_first(value, bad)} is negative or no number", "Give 0 or more")] if np.any(bad) else []


def _first(value: Floats, bad: NDArray[np.bool_]) -> str:
    return f"{float(np.atleast_1d(value)[np.atleast_1d(bad)][0]):g}"
