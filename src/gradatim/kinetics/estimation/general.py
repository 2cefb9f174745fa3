"""Fits of any linear model and any events: the same descent, with levels from the exact engine.

The derivatives are differences of it, of fourth order: the engine is right to 1e-13, so they are to about 1e-9.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gradatim.domain.fault import BadInput
from gradatim.kinetics.estimation import descent, everybody, modes
from gradatim.kinetics.estimation.known import Observed, Prior
from gradatim.kinetics.estimation.rebound import rebound
from gradatim.kinetics.simulate import simulate

Floats = NDArray[np.float64]

_STEP = 2e-3
_STENCIL = ((-2.0, 1.0 / 12), (-1.0, -8.0 / 12), (1.0, 8.0 / 12), (2.0, -1.0 / 12))


def fit_anything(prior: Prior, observed: Observed, starts: list[float]) -> everybody.Results:
    """The lowest minimum of the descents from all ``starts``, [p · how many], for one person."""
    number, noted = len(prior.variability.on), len(observed.measured)

    def levels_of(_belief: modes.Belief, _design: modes.Design, at: modes.Desk) -> bool:
        found = with_slopes(prior, observed, np.array(at.eta))
        if found is None:
            return False
        at.levels[:] = found[0].tolist()
        at.by_eta[:] = found[1].ravel().tolist()
        return True

    levels, below = observed.levels.tolist(), observed.below.astype(int).tolist()
    design = modes.Design([], 0, 0, noted, [], [], [], [], levels, below)
    made = rebound((modes, descent, everybody), {"levels_of": levels_of, "design_of": lambda _person, _people: design})
    belief = modes.Belief(
        number, [], [], prior.factor.ravel().tolist(), 0, 0, 1.0, prior.scatter.proportional, prior.scatter.additive
    )
    into = results(1, number, noted)
    people = everybody.People([], [0, 0], [], [], [0, noted], [], levels, below)
    made["fit_everybody"](0, 1, starts, belief, people, into)
    return into


def results(people: int, number: int, noted: int) -> everybody.Results:
    """Room for so many people, etas and levels, as lists."""
    return everybody.Results(
        [0.0] * (people * number), [0.0] * people, [0.0] * (people * number**2), [0.0] * (people * number**2), [0] * (2 * people),
        [0.0] * noted, [0.0] * (noted * number),
    )  # fmt: skip


def with_slopes(prior: Prior, observed: Observed, eta: Floats) -> tuple[Floats, Floats] | None:
    """Levels [T] and their derivatives by the etas [T, p]; None where an eta leaves no parameter that is one."""
    if not len(observed.measured):
        return np.empty(0), np.empty((0, len(eta)))
    shifts = [np.zeros_like(eta)] + [sign * _STEP * axis for axis in np.eye(len(eta)) for sign, _ in _STENCIL]
    with np.errstate(over="ignore", invalid="ignore"):
        values = prior.parameters(eta[:, None] + np.array(shifts).T)
    try:
        seen = simulate(prior.model, observed.schedule, values, observed.times).levels
    except BadInput:
        return None
    slopes = np.zeros((len(seen), len(eta)))
    for axis in range(len(eta)):
        for place, (_, weight) in enumerate(_STENCIL):
            slopes[:, axis] += weight / _STEP * seen[:, 1 + 4 * axis + place]
    return seen[:, 0], slopes
