"""People drawn on the device: the parameters that `gradatim.kinetics.population.Population` gives, from the same numbers, and their rates.

Etas need normal numbers, a triangle of products and an exponential; rates need quotients. Whatever else makes a person, such as
covariates, is a function of Python: then people are drawn by the processor and sent.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradatim.kinetics.chance import Purpose, key_of
from gradatim.kinetics.events import Schedule
from gradatim.kinetics.gpu.device import cuda, kernel, launch, sent, times
from gradatim.kinetics.gpu.digits import exp, normal_quantile, philox, share
from gradatim.kinetics.population import Population
from gradatim.kinetics.structure import LinearModel
from gradatim.kinetics.tape import Tape
from gradatim.kinetics.variability import How, factor_of

_HOWS = tuple(How)
_TIMED = re.compile(r"(ALAG|D|R)\d*\Z")
_LOG_NORMAL, _PROPORTIONAL, _ADDITIVE, _LOGIT = range(len(_HOWS))
_FREE, _POSITIVE, _SHARE = range(3)  # what a parameter may be: 0 or more, above 0, 0 to 1
_NONE = -1


def drawable(model: LinearModel, schedule: Schedule, people: object) -> bool:
    """Whether people can be drawn on the device: numbers that vary around typical ones, a model whose rates are quotients, and steps at the
    same times for everybody without a steady state."""
    if not isinstance(people, Population) or model.quotients is None or usual(people) is None:
        return False
    if any(row.ss for row in schedule.rows):
        return False
    on = () if people.variability is None else people.variability.on
    shortens = any(row.rate for row in schedule.rows)
    return not any(_TIMED.match(name) or (shortens and re.fullmatch(r"F\d*", name)) for name in on)


def usual(people: Population) -> dict[str, float] | None:
    """The typical parameters where they are the same for everybody: numbers, or what a function makes of covariates that are numbers."""
    if not callable(people.typical):
        if any(np.ndim(value) for value in people.typical.values()):
            return None
        return {name: float(value) for name, value in people.typical.items()}  # type: ignore[arg-type]
    if not all(isinstance(source, int | float) for source in people.covariates.values()):
        return None
    return {name: float(np.ravel(value)[0]) for name, value in people.typical(people.drawn(0, 1)).items()}


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """What makes people of numbers, on the device. ``names``: the parameters, in their order there."""

    names: tuple[str, ...]
    etas: int
    key: tuple[Any, Any]
    factor: float
    told: list[Any]

    @classmethod
    def of(cls, model: LinearModel, population: Population, tape: Tape) -> Draft:
        """Of a population that is `drawable`, for the factors of a tape. Raises `BadInput` where an eta has no typical value."""
        typical = usual(population)
        assert typical is not None
        assert model.quotients is not None
        assert model.volume is not None
        population.parameters(0, 1)
        typical = {**model.defaults, **typical}
        names = tuple(typical)
        variability, place = population.variability, {name: number for number, name in enumerate(names)}
        on = () if variability is None else variability.on
        hows: tuple[How, ...] = ()
        if variability is not None:
            hows = variability.how if isinstance(variability.how, tuple) else (variability.how,) * len(on)
        triangle = np.zeros((1, 1)) if variability is None else factor_of(np.array(variability.omega, dtype=np.float64))
        n, wires, numbers = len(model.compartments), [], []
        positive = {model.volume}
        for one in model.quotients:
            row = n * n + one.source if one.into is None else n * one.into + one.source
            above = place[one.above] if isinstance(one.above, str) else _NONE
            wires.append((row, above, _NONE if one.below is None else place[one.below]))
            numbers.append((one.above if isinstance(one.above, float) else 0.0, one.idle))
            positive |= {one.below} if one.below else set()
        shares = []
        for portion, _, scaled, compartment in tape.factors:
            shares.append((_NONE if portion.share is None else place[portion.share], int(portion.rest)))
            name = next(
                (name for name in (f"F{compartment + 1}", "F" if compartment == 0 else "") if name in place), None
            )
            shares.append((place[name] if scaled and name is not None else _NONE, 0))
        limits = [_SHARE if name in model.shares else _POSITIVE if name in positive else _FREE for name in names]
        told: list[NDArray[Any]] = [
            np.array(list(typical.values())), np.asarray(triangle, dtype=np.float64),
            np.array([(place[name], _HOWS.index(how)) for name, how in zip(on, hows, strict=True)] or [(0, 0)], dtype=np.int64),
            np.array(wires, dtype=np.int64), np.array(numbers, dtype=np.float64),
            np.array(shares or [(_NONE, 0)], dtype=np.int64), np.array([*limits, place[model.volume]], dtype=np.int64),
        ]  # fmt: skip
        key = (np.uint64(key_of(population.seed)), np.uint64(int(Purpose.PERSON)))
        return cls(names, len(on), key, model.units.level_factor, sent(told))

    def draw(self, first: int, people: int, values: Any, rates: Any, scales: Any, factors: Any, doubts: Any) -> None:
        """Write the parameters [P, W], rates, scales and factors of some people, from the number ``first`` on. ``doubts`` [1] is 1 afterwards
        if a number is out of range: `LinearModel.setting` says which."""
        launch(
            _drawer(len(self.names), self.etas), people, np.uint64(first), *self.key, self.factor, *self.told, values, rates, scales, factors,
            doubts, people,
        )  # fmt: skip


@cache
def _drawer(parameters: int, etas: int) -> Any:
    room = max(etas, 1)

    @kernel
    def draw(
        first: Any, k0: Any, k1: Any, level_factor: float, typical: Any, triangle: Any, on: Any, wires: Any, numbers: Any, shares: Any,
        limits: Any, values: Any, rates: Any, scales: Any, factors: Any, doubts: Any, people: int,
    ) -> None:  # fmt: skip
        i = cuda.grid(1)
        if i >= people:
            return
        z = cuda.local.array(room, np.float64)
        person, nothing = first + np.uint64(i), np.uint64(0)
        for block in range((etas + 3) // 4):
            a, b, c, d = philox(np.uint64(block), nothing, person, nothing, k0, k1)
            for number in range(min(4, etas - 4 * block)):
                bits = a if number == 0 else b if number == 1 else c if number == 2 else d
                z[4 * block + number] = normal_quantile(share(bits))
        for name in range(parameters):
            values[name, i] = typical[name]
        for k in range(etas):
            eta = 0.0
            for j in range(k + 1):
                if triangle[k, j] != 0.0:
                    eta += times(triangle[k, j], z[j])
            usual, how = values[on[k, 0], i], on[k, 1]
            found = usual + eta
            if how == _LOG_NORMAL:
                found = times(usual, exp(eta))
            elif how == _PROPORTIONAL:
                found = times(usual, 1.0 + eta)
            elif how == _LOGIT:
                odds = times(usual / (1.0 - usual), exp(eta))
                found = odds / (1.0 + odds)
            values[on[k, 0], i] = found
        for name in range(parameters):
            value, limit = values[name, i], limits[name]
            if (
                not 0.0 <= value < math.inf
                or (limit == _POSITIVE and value <= 0.0)
                or (limit == _SHARE and value > 1.0)
            ):
                cuda.atomic.max(doubts, 0, np.int64(1))
        for row in range(rates.shape[0]):
            rates[row, i] = 0.0
        for wire in range(len(wires)):
            row, above, below = wires[wire, 0], wires[wire, 1], wires[wire, 2]
            rate = values[above, i] if above >= 0 else numbers[wire, 0]
            if rate <= 0.0:
                rate = numbers[wire, 1]
            elif below >= 0:
                rate = rate / values[below, i]
            rates[row, i] = rate
        scales[0, i] = level_factor / values[limits[parameters], i]
        for row in range(len(shares)):
            which = shares[row, 0]
            factor = values[which, i] if which >= 0 else 1.0
            factors[row, i] = 1.0 - factor if shares[row, 1] > 0 else factor

    return draw
