"""Which people can be fitted by the closed form, and their numbers as it takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradatim.kinetics.estimation import modes
from gradatim.kinetics.estimation.known import Observed, Prior
from gradatim.kinetics.histories import Histories, plain_body
from gradatim.kinetics.structure import LinearModel
from gradatim.kinetics.variability import How

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_FORMS = {
    ("CL", "V"): (0, 0),
    ("CL", "V", "KA"): (1, 0),
    ("CL", "V1", "Q", "V2"): (0, 1),
    ("CL", "V1", "Q", "V2", "KA"): (1, 1),
}
_SLOTS = {
    "CL": modes.CL,
    "V": modes.V,
    "V1": modes.V,
    "Q": modes.Q,
    "V2": modes.V2,
    "KA": modes.KA,
    "F": modes.F,
    "F1": modes.F,
}
_HOWS = {
    How.LOG_NORMAL: modes.LOG_NORMAL, How.PROPORTIONAL: modes.PROPORTIONAL, How.ADDITIVE: modes.ADDITIVE, How.LOGIT: modes.LOGIT,
}  # fmt: skip
_USUAL = (1.0, 1.0, 0.0, 1.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Form:
    """A prior as the closed form takes it: which parameter each eta is on and in what manner, whether there is a depot and a tissue."""

    slots: tuple[int, ...]
    hows: tuple[int, ...]
    factor: Floats
    depot: int
    tissue: int
    scale: float
    proportional: float
    additive: float
    lag: float

    def belief(self, *, arrays: bool) -> modes.Belief:
        """As rows: arrays for what is compiled, else lists."""
        ints, floats = (_int_array, _float_array) if arrays else (list, list)
        return modes.Belief(
            len(self.slots), ints(self.slots), ints(self.hows), floats(self.factor.ravel().tolist()), self.depot, self.tissue, self.scale,
            self.proportional, self.additive,
        )  # fmt: skip


def _int_array(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _float_array(values: Sequence[float]) -> Floats:
    return np.array(values, dtype=np.float64)


def form_of(prior: Prior) -> Form | None:
    """None for a model of another kind than one or two compartments by clearances, a depot or none, in at once; or with etas elsewhere."""
    known = _FORMS.get(prior.model.parameters)
    others = set(prior.typical) - {*prior.model.parameters, "F", "F1", "ALAG", "ALAG1"}
    on, how = prior.variability.on, prior.variability.how
    if (
        known is None
        or others
        or any(name not in _SLOTS for name in on)
        or not _behaves(prior.model, prior.typical, *known)
    ):
        return None
    kinds = how if isinstance(how, tuple) else (how,) * len(on)
    return Form(
        slots=tuple(_SLOTS[name] for name in on), hows=tuple(_HOWS[kind] for kind in kinds), factor=prior.factor, depot=known[0],
        tissue=known[1], scale=prior.model.units.level_factor, proportional=prior.scatter.proportional, additive=prior.scatter.additive,
        lag=prior.lag,
    )  # fmt: skip


def _behaves(model: LinearModel, typical: Mapping[str, float], depot: int, tissue: int) -> bool:
    """Whether a model with these names of parameters has the rates that the names stand for: anybody may have made one with `network`."""
    if model.entries or (depot and model.place(model.observed) == 0):
        return False
    for factor in (1.0, 1.37):
        values = {name: typical[name] * factor**place for place, name in enumerate(model.parameters, 1)}
        setting = model.setting(values)
        found = plain_body(model, setting, 0)
        if found is None:
            return False
        first = values["V1"] if tissue else values["V"]
        wanted = [
            values["KA"] if depot else 0.0, values["CL"] / first, values["Q"] / first if tissue else 0.0,
            values["Q"] / values["V2"] if tissue else 0.0, model.units.level_factor / first,
        ]  # fmt: skip
        if not np.allclose([float(one[0]) for one in found[:5]], wanted, rtol=1e-12, atol=0):
            return False
    return True


def plainly_dosed(model: LinearModel, observed: Observed) -> bool:
    """Whether all doses are given at once into the first compartment, and nothing is reset or already steady."""
    return all(
        row.evid in {0, 1, 2}
        and not (row.ss or row.rate or row.dur)
        and (not row.doses or row.cmt is None or model.place(row.cmt) == 0)
        for row in observed.schedule.rows
    )


def typical_row(prior: Prior, typical: Mapping[str, Floats] | None = None, size: int = 1) -> Floats:
    """Typical parameters by slots, [N, 6]. ``typical``: those that differ from person to person, [N] each."""
    found = np.tile(np.array(_USUAL), (size, 1))
    for name, value in {**prior.typical, **(typical or {})}.items():
        if name in _SLOTS:
            found[:, _SLOTS[name]] = value
    return found


def histories_of(people: Sequence[Observed], lag: float) -> Histories:
    """Their doses and times of measuring. ``lag`` is how much later a dose counts."""
    doses = []
    for one in people:
        given = sorted(
            (row.time + again * row.ii + lag, row.amt)
            for row in one.schedule.rows
            if row.doses
            for again in range(row.addl + 1)
        )
        doses.append((np.array([time for time, _ in given]), np.array([amount for _, amount in given])))
    return Histories.of(doses, [one.times for one in people])
