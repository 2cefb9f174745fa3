"""A linear model: named compartments, what flows between them, where a dose goes in, and what is read off.

Every model here is one thing underneath, a matrix of rates. `gradatim.kinetics.mammillary` writes the usual ones by their parameters,
`gradatim.kinetics.network` any other by its flows or its matrix. Compartments are numbered from 1 in the order of ``compartments``, and
each number n has the parameters Fn (share that gets in, 1 unless given), ALAGn (lag, 0), Dn and Rn (duration and rate of an infusion
that the event leaves to the model). F and ALAG without a number mean the first compartment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradatim.domain.fault import BadInput, Fault, Unreadable
from gradatim.domain.reading import did_you_mean
from gradatim.kinetics.propagator import Rates
from gradatim.kinetics.units import Units

Floats = NDArray[np.float64]
Values: TypeAlias = Mapping[str, ArrayLike]
"""Parameters by name: each a number, or one for each subject."""

_ABOUT_A_DOSE = re.compile(r"(F|ALAG|D|R)(\d+)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """Where a part of a dose goes: ``share`` names the parameter that says how much (``rest``: what that leaves, None: all of it).
    ``spread``: at a constant rate over the compartment's duration D, unless the event says another."""

    into: str
    share: str | None = None
    rest: bool = False
    spread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Setting:
    """A model with its numbers in: rates, the volume that levels are read in [N], and every parameter [N]."""

    rates: Rates
    volume: Floats
    values: Mapping[str, Floats]

    def about(self, what: str, compartment: int, otherwise: float | None) -> Floats | None:
        """F, ALAG, D or R of a compartment counted from 0, or ``otherwise``."""
        found = self.values.get(f"{what}{compartment + 1}")
        if found is None and compartment == 0:
            found = self.values.get(what)
        if found is not None or otherwise is None:
            return found
        return np.full(self.volume.shape, otherwise)

    def share(self, portion: Portion) -> Floats:
        """How much of a dose a portion gets, before F."""
        if portion.share is None:
            return np.ones(self.volume.shape)
        given = self.values[portion.share]
        return 1 - given if portion.rest else given

    def of(self, subjects: NDArray[np.int64]) -> Setting:
        """The setting of some subjects, in that order."""
        values = {name: value[subjects] for name, value in self.values.items()}
        return Setting(rates=self.rates.of(subjects), volume=self.volume[subjects], values=values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotient:
    """A rate out of a compartment, by its place, as one parameter (or number) over another (None: 1). ``into`` None: out of the body.
    ``idle``: what it is where ``above`` is 0, else 0."""

    source: int
    into: int | None
    above: str | float
    below: str | None = None
    idle: float = 0.0


Fill: TypeAlias = Callable[[Mapping[str, Floats]], tuple[Rates, Floats]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearModel:
    """The form of a model without its numbers. ``units`` says what its numbers are in.

    ``fill`` turns parameters [N] into rates and the volume of ``observed``. ``shares`` are parameters from 0 to 1. Where all that ``fill``
    does is to divide, ``quotients`` and ``volume``, the parameter for it, say the same to a device that cannot call it.
    """

    compartments: tuple[str, ...]
    parameters: tuple[str, ...]
    observed: str
    fill: Fill
    entries: Mapping[str, tuple[Portion, ...]] = field(default_factory=dict)
    shares: tuple[str, ...] = ()
    defaults: Mapping[str, float] = field(default_factory=dict)
    units: Units = Units()  # noqa: RUF009 - frozen
    quotients: tuple[Quotient, ...] | None = None
    volume: str | None = None

    def __post_init__(self) -> None:
        faults = []
        if self.observed not in self.compartments:
            faults.append(
                Fault(
                    "observed",
                    f"{self.observed!r} is no compartment",
                    did_you_mean(self.observed, [*self.compartments]),
                )
            )
        if len(set(self.compartments)) < len(self.compartments):
            faults.append(Fault("compartments", "two have the same name", "Name each of them differently"))
        if faults:
            raise BadInput(faults)

    def place(self, compartment: str | int) -> int:
        """The place, from 0, of a compartment by its name or by its number from 1. Raises `Unreadable`."""
        if isinstance(compartment, str):
            names = [name.lower() for name in self.compartments]
            if compartment.strip().lower() in names:
                return names.index(compartment.strip().lower())
        elif 1 <= compartment <= len(self.compartments):
            return compartment - 1
        numbered = ", ".join(f"{number} {name}" for number, name in enumerate(self.compartments, 1))
        raise Unreadable(f"the model has no compartment {compartment!r}", f"It has {numbered}")

    def portions(self, compartment: int) -> tuple[Portion, ...]:
        """Where a dose into a compartment, counted from 0, goes."""
        name = self.compartments[compartment]
        return self.entries.get(name, (Portion(into=name),))

    def setting(self, values: Values, at: str = "parameters") -> Setting:
        """The model with numbers in. Raises `BadInput` with every parameter that is missing, unknown, or of no use."""
        given = {**self.defaults, **values}
        faults = [
            Fault(f"{at}.{name}", "is missing", f"Give a number for {name}")
            for name in self.parameters
            if name not in given
        ]
        arrays: dict[str, Floats] = {}
        for name, value in given.items():
            if not self._known(name):
                faults.append(Fault(f"{at}.{name}", "is no parameter of this model", did_you_mean(name, self._names())))
                continue
            array = np.asarray(value, dtype=np.float64)
            bad = ~np.isfinite(array) | (array < 0)
            if name in self.shares:
                bad |= array > 1
            if array.ndim > 1 or np.any(bad):
                problem = (
                    "has more than one axis"
                    if array.ndim > 1
                    else f"{np.atleast_1d(array)[np.atleast_1d(bad)][0]:g} is out of range"
                )
                remedy = "Give 0 to 1" if name in self.shares else "Give 0 or more, one number or one for each subject"
                faults.append(Fault(f"{at}.{name}", problem, remedy))
            arrays[name] = array
        sizes = {array.size for array in arrays.values() if array.ndim == 1 and array.size != 1}
        if len(sizes) > 1:
            faults.append(
                Fault(
                    at,
                    f"some have {' and some '.join(map(str, sorted(sizes)))} subjects",
                    "Give all of them for the same subjects",
                )
            )
        if faults:
            raise BadInput(faults)
        size = sizes.pop() if sizes else 1
        full = {name: np.ascontiguousarray(np.broadcast_to(array, (size,))) for name, array in arrays.items()}
        try:
            rates, volume = self.fill(full)
        except BadInput as bad:
            raise BadInput([Fault(f"{at}.{fault.path}", fault.problem, fault.remedy) for fault in bad.faults]) from None
        return Setting(rates=rates, volume=volume, values=full)

    def _known(self, name: str) -> bool:
        if name in self.parameters or name in self.defaults or name in {"F", "ALAG"}:
            return True
        found = _ABOUT_A_DOSE.match(name)
        return found is not None and 1 <= int(found[2]) <= len(self.compartments)

    def _names(self) -> list[str]:
        about = [
            f"{what}{number}" for number in range(1, len(self.compartments) + 1) for what in ("F", "ALAG", "D", "R")
        ]
        return [*self.parameters, "F", "ALAG", *about]
