"""What the levels measured in one person say of them, as plain numbers: parameters before and after, curves, and each level as it was expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gradatim.kinetics.crowd import curves
from gradatim.kinetics.estimation.fit import Ended, fit
from gradatim.kinetics.estimation.forecast import Forecast, forecasts
from gradatim.kinetics.estimation.known import Measured, Observed, Prior
from gradatim.kinetics.estimation.sampling import posterior
from gradatim.kinetics.expected import Dosing, grid
from gradatim.kinetics.subject import Subject
from gradatim.kinetics.variability import Scatter

_DRAWN = 1000  # curves


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """A parameter: of the typical person, of this one, and where it lies with so many percent of certainty. ``learnt``: by which share the levels
    made it surer than before, 0 to 1 (1 less the variance left)."""

    name: str
    unit: str
    typical: float
    value: float
    low: float
    high: float
    learnt: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """``ended`` and ``settled`` say whether the numbers can be used: the search found a minimum, the chains agree. Levels are in ``who.unit``.

    Curves at ``hours``: of the ``typical`` person, of this one (``person``), and what ``percent`` of the draws lie between. ``seen``: each measured
    level with what was expected of it before, and ``fitted``, the level of this one then."""

    who: Subject
    percent: float
    parameters: tuple[Learnt, ...]
    hours: tuple[float, ...]
    typical: tuple[float, ...]
    person: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    seen: tuple[Forecast, ...]
    fitted: tuple[float, ...]
    ended: Ended
    settled: bool
    effective: float


_UNITS = {"CL": "L/h", "V": "L", "V1": "L", "Q": "L/h", "V2": "L", "KA": "1/h"}


def personal(
    who: Subject,
    dosing: Dosing,
    measured: tuple[Measured, ...],
    *,
    scatter: Scatter | None = None,
    percent: float = 90.0,
    draws: int = 4000,
    seed: int = 1,
) -> Personal:
    """Fit a subject to measured levels, in ``who.unit`` and hours of the ``dosing``. ``scatter``: that of the method, in place of the published one.

    Raises `BadInput` for a model without published variability or error, and for levels that cannot be weighed, every fault at once.
    """
    prior = Prior.of_published(who.published, who.covariates, scatter=scatter)
    observed = Observed(schedule=dosing.schedule, measured=measured)
    found = fit(prior, observed)
    hours = grid(dosing)
    typical = curves(prior.model, observed.schedule, prior.typical, hours).levels[:, 0]
    if not found.found:
        nothing = tuple(np.full(len(hours), np.nan).tolist())
        return Personal(
            who=who, percent=percent, parameters=(), hours=tuple(hours.tolist()), typical=tuple(typical.tolist()), person=nothing, low=nothing,
            high=nothing, seen=(), fitted=(), ended=found.ended, settled=False, effective=0.0,
        )  # fmt: skip
    sampled = posterior(found, draws=draws, seed=seed)
    interval, shrunk = sampled.draws.interval(percent), found.shrinkage
    thin = sampled.draws.thinned(_DRAWN)
    ends = (50.0 - percent / 2, 50.0 + percent / 2)
    low, high = thin.bands(hours, ends)
    return Personal(
        who=who, percent=percent, hours=tuple(hours.tolist()), typical=tuple(typical.tolist()), low=tuple(low.tolist()), high=tuple(high.tolist()),
        person=tuple(found.expected(hours).tolist()), seen=forecasts(prior, observed, seed=seed).each, fitted=tuple(found.levels.tolist()),
        ended=found.ended, settled=sampled.settled, effective=float(np.min(sampled.effective)),
        parameters=tuple(
            Learnt(
                name=name, unit=_UNITS[name], typical=prior.typical[name], value=found.parameters[name], low=interval[name][0],
                high=interval[name][1], learnt=float(max(0.0, 1.0 - shrunk[place])),
            )
            for place, name in enumerate(prior.variability.on)
        ),
    )  # fmt: skip
