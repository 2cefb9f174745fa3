"""Effect compartment and turnover, where they stay linear: then they are compartments like others, and every engine here takes them.

An effect compartment takes nothing from the body (Sheiner LB et al., Clin Pharmacol Ther 1979;25:358-71): dCe/dt = ke0·(C − Ce). What leaves
the central compartment for good is gone for it in any case. Led into a compartment of its own, lost from there at ke0, that amount is exactly
Ce·CL/ke0. So nothing is taken that was not gone, and no rate is negative.

A turnover whose production rises in proportion to the level, dR/dt = kin·(1 + s·C) − kout·R (Dayneka NL et al., J Pharmacokinet Biopharm
1993;21:457-78, model III with a linear drive), is R₀·(1 + s·Ce) with ke0 = kout. The others are products of unknowns or bent by Emax, and refused.

No number for baclofen belongs here: no usable link between its level and its effect was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.kinetics.events import Schedule
from gradatim.kinetics.propagator import Rates
from gradatim.kinetics.simulate import simulate
from gradatim.kinetics.structure import LinearModel, Values

Floats = NDArray[np.float64]

SITE = "effect"


def effect_site(model: LinearModel, rate: str = "KE0") -> LinearModel:
    """The model with an effect compartment: its levels are those of the effect compartment, in the same unit. ``rate`` names the new parameter.

    Raises `BadInput` where a name is taken; the model made raises it where nothing leaves the compartment that was read, or the rate is 0.
    """
    faults = []
    if SITE in model.compartments:
        faults.append(Fault("model", "has an effect compartment already", "Give the model without it"))
    if rate in model.parameters or rate in model.defaults:
        faults.append(Fault("rate", f"{rate} is a parameter already", "Give it another name"))
    if faults:
        raise BadInput(faults)
    seen, site = model.place(model.observed), len(model.compartments)

    def fill(values: Mapping[str, Floats]) -> tuple[Rates, Floats]:
        body, volume = model.fill(values)
        away, ke0 = body.lost[seen], values[rate]
        wrong = []
        if not np.all(ke0 > 0):
            wrong.append(Fault(rate, "is not above 0", "Give how fast the effect compartment follows"))
        if not np.all(away > 0):
            wrong.append(Fault(model.observed, "nothing leaves it for good", "Give a clearance above 0"))
        if wrong:
            raise BadInput(wrong)
        between, lost = np.zeros((site + 1, site + 1, len(ke0))), np.zeros((site + 1, len(ke0)))
        between[:site, :site], lost[:site] = body.between, body.lost
        between[site, seen], lost[seen], lost[site] = away, 0.0, ke0
        return Rates(between=between, lost=lost), np.asarray(volume * away / ke0)

    return LinearModel(
        compartments=(*model.compartments, SITE), parameters=(*model.parameters, rate), observed=SITE, fill=fill, entries=model.entries,
        shares=model.shares, defaults=model.defaults, units=model.units,
    )  # fmt: skip


class Drive(StrEnum):
    """What the level drives in a turnover."""

    MORE_PRODUCTION = "more production"
    LESS_PRODUCTION = "less production"
    MORE_LOSS = "more loss"
    LESS_LOSS = "less loss"


class Shape(StrEnum):
    """How: in proportion to the level, or up to a most."""

    LINEAR = "linear"
    EMAX = "emax"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Turnover:
    """A response that is made and lost all the time. ``site`` is the effect compartment that it amounts to, with KOUT for its rate."""

    site: LinearModel

    def response(
        self, schedule: Schedule, parameters: Values, times: ArrayLike, *, base: ArrayLike = 1.0, slope: ArrayLike
    ) -> Floats:
        """R at some times, [T, N], at rest before the first dose. ``base``: R without drug, kin/kout. ``slope``: by what share production rises
        per unit of level, 0 or more. Raises `BadInput` as `simulate` does, and for a slope below 0: production could fall below 0."""
        rise = np.asarray(slope, dtype=np.float64)
        if not np.all(np.isfinite(rise) & (rise >= 0)):
            raise one_fault("slope", "is below 0", "A fall in proportion ends below 0: use Emax and an ODE solver")
        return np.asarray(np.asarray(base) * (1.0 + rise * simulate(self.site, schedule, parameters, times).levels))


def turnover(model: LinearModel, drive: Drive = Drive.MORE_PRODUCTION, shape: Shape = Shape.LINEAR) -> Turnover:
    """The turnover that stays linear. Raises `BadInput` for every other, with where to take it."""
    if drive is not Drive.MORE_PRODUCTION or shape is not Shape.LINEAR:
        why = (
            "multiplies the level by the response"
            if shape is Shape.LINEAR and drive is not Drive.LESS_PRODUCTION
            else "is not linear"
        )
        remedy = (
            "Hand it to an ODE solver: scipy.integrate.solve_ivp from dose to dose, with the amounts of simulate() at each dose as its start; "
            "or take more production, linear"
        )
        raise one_fault("turnover", f"{drive}, {shape}: {why}", remedy)
    return Turnover(site=effect_site(model, "KOUT"))
