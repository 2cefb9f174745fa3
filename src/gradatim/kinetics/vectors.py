"""Models of the library held against numbers: what each says, what is printed, and how far apart they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gradatim.kinetics.events import Row, Schedule, doses
from gradatim.kinetics.exposure import Exposure, exposure
from gradatim.kinetics.propagator import settle
from gradatim.kinetics.published import LEVEL_UNIT, PublishedModel, Vector, What
from gradatim.kinetics.units import Quantity

LONG = 48.0
"""Hours in which every peak after one dose has come and gone."""

UNITS = {
    What.CMAX: LEVEL_UNIT, What.TMAX: "h", What.AUC: "ng·h/mL", What.STEADY_HIGHEST: LEVEL_UNIT, What.STEADY_LOWEST: LEVEL_UNIT,
    What.STEADY_AVERAGE: LEVEL_UNIT, What.FLUCTUATION: "%", What.HALF_LIFE: "h", What.CLEARANCE: "mL/min",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A model beside a vector: ``found`` in the unit of ``UNITS``, ``deviation`` as a share of what is printed (0 inside a range)."""

    model: PublishedModel
    vector: Vector
    found: float
    deviation: float

    @property
    def agrees(self) -> bool | None:
        """Whether it lies within what the vector allows; None where it only tells."""
        within = self.vector.within
        return None if within is None else abs(self.deviation) <= within.to("1")


def held(model: PublishedModel, vector: Vector) -> Held:
    """Work a vector out. Raises `BadInput` where the model cannot say it, `Unreadable` where its units do not fit."""
    found = measured(model, vector)
    unit = UNITS[vector.what]
    if vector.value is not None:
        off = found / vector.value.to(unit) - 1
    else:
        assert vector.low is not None
        assert vector.high is not None
        low, high = vector.low.to(unit), vector.high.to(unit)
        off = found / low - 1 if found < low else found / high - 1 if found > high else 0.0
    return Held(model=model, vector=vector, found=found, deviation=off)


def measured(model: PublishedModel, vector: Vector) -> float:
    """What a model says of a vector, in the unit of `UNITS`."""
    form = model.model()
    names = set(form.parameters)
    values = model.typical({one.name: one.value.number for one in vector.given if one.name not in names})
    values |= {
        one.name: one.value.to("1/h" if one.name == "KA" else "L/h" if one.name in {"CL", "Q"} else "L")
        for one in vector.given
        if one.name in names
    }
    setting = form.setting(values)
    watched = form.place(form.observed)
    match vector.what:
        case What.CLEARANCE:
            return values["CL"] / 0.06
        case What.HALF_LIFE:
            slowest = -float(np.linalg.eigvals(setting.rates.matrix()[watched:, watched:, 0]).real.max())
            return float(np.log(2)) / slowest
        case What.AUC:
            given = np.zeros_like(setting.rates.lost)
            given[0] = _mg(vector.dose)
            whole = (
                settle(setting.rates.between, setting.rates.lost, given)[watched]
                / setting.volume
                * form.units.level_factor
            )
            return float(whole[0])
        case What.CMAX | What.TMAX:
            once = exposure(form, doses(_mg(vector.dose), [0.0]), values, [0.0, LONG])
            return float((once.highest if vector.what is What.CMAX else once.highest_at)[0, 0])
        case What.STEADY_HIGHEST | What.STEADY_LOWEST | What.STEADY_AVERAGE | What.FLUCTUATION:
            return _steady(model, vector, values)


def _steady(model: PublishedModel, vector: Vector, values: dict[str, float]) -> float:
    assert vector.every is not None
    every = vector.every.to("h")
    row = Row(number=1, time=0, evid=1, amt=_mg(vector.dose), ii=every, ss=1)
    day: Exposure = exposure(model.model(), Schedule(rows=(row,)), values, [0.0, every])
    found = {
        What.STEADY_HIGHEST: day.highest, What.STEADY_LOWEST: day.lowest, What.STEADY_AVERAGE: day.average,
        What.FLUCTUATION: day.fluctuation * 100,
    }  # fmt: skip
    return float(found[vector.what][0, 0])


def _mg(dose: Quantity | None) -> float:
    assert dose is not None
    return dose.to("mg")
