"""Models by their flows or by their matrix, where the usual forms do not reach: spinal fluid, a metabolite, any chain."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradatim.domain.fault import BadInput, Fault
from gradatim.domain.reading import did_you_mean
from gradatim.kinetics.propagator import Rates
from gradatim.kinetics.structure import LinearModel, Quotient
from gradatim.kinetics.units import Units

Floats = NDArray[np.float64]


def network(
    compartments: tuple[str, ...],
    flows: Mapping[tuple[str, str | None], str],
    observed: str,
    *,
    volume: str = "V",
    defaults: Mapping[str, float] | None = None,
    units: Units | None = None,
) -> LinearModel:
    """A model by its flows: (from, into) → the parameter that is the rate constant; into None: out of the body.

    For example cerebrospinal fluid that empties into the blood: ``{("csf", "blood"): "KC", ("blood", None): "KE"}``.
    Raises `BadInput` for a flow from or into something that is no compartment.
    """
    faults = []
    for one, other in flows:
        for name in (one, other):
            if name is not None and name not in compartments:
                faults += [Fault("flows", f"{name!r} is no compartment", did_you_mean(name, [*compartments]))]
        if one == other:
            faults.append(Fault("flows", f"{one} flows into itself", "Leave this flow out"))
    if faults:
        raise BadInput(faults)
    place = {name: index for index, name in enumerate(compartments)}

    def fill(values: Mapping[str, Floats]) -> tuple[Rates, Floats]:
        size = len(values[volume])
        between, lost = np.zeros((len(compartments),) * 2 + (size,)), np.zeros((len(compartments), size))
        for (one, other), name in flows.items():
            if other is None:
                lost[place[one]] += values[name]
            else:
                between[place[other], place[one]] += values[name]
        if np.any(values[volume] <= 0):
            raise BadInput([Fault(volume, "is not above 0", "Give a volume above 0")])
        return Rates(between=between, lost=lost), values[volume]

    return LinearModel(
        compartments=compartments, parameters=(*dict.fromkeys([*flows.values(), volume]),), observed=observed, fill=fill,
        defaults=defaults or {}, units=units or Units(),
        quotients=tuple(
            Quotient(source=place[one], into=None if other is None else place[other], above=name) for (one, other), name in flows.items()
        ),
        volume=volume,
    )  # fmt: skip


def from_matrix(
    matrix: ArrayLike, compartments: tuple[str, ...], observed: str, *, volume: float = 1.0, units: Units | None = None
) -> LinearModel:
    """A model by its matrix A [n, n] of dx/dt = A·x, per unit of time. Its rates become the defaults of parameters such as K12.

    Raises `BadInput` where A is no matrix of flows: a rate between compartments below 0, or a column that makes drug from nothing.
    A model that is not linear cannot be written so: hand it to an ODE solver.
    """
    a = np.asarray(matrix, dtype=np.float64)
    n = len(compartments)
    if a.shape != (n, n) or not np.all(np.isfinite(a)):
        raise BadInput(
            [Fault("matrix", f"is not {n} rows of {n} numbers", "Give one row and one column for each compartment")]
        )
    faults = []
    flows: dict[tuple[str, str | None], str] = {}
    defaults = {"V": volume}
    for j, name in enumerate(compartments):
        for i, other in enumerate(compartments):
            if i != j and a[i, j] < 0:
                faults.append(
                    Fault(
                        f"matrix[{i}][{j}]",
                        f"{a[i, j]:g} from {name} into {other} is below 0",
                        "Write what flows the other way into its own place",
                    )
                )
            elif i != j and a[i, j] > 0:
                flows[name, other] = f"K{j + 1}{i + 1}" if n < 10 else f"K{j + 1}T{i + 1}"
                defaults[flows[name, other]] = float(a[i, j])
        lost = -float(a[:, j].sum())
        if lost < -1e-12 * abs(a[j, j]) or (a[j, j] == 0 and lost < 0):
            faults.append(
                Fault(
                    f"matrix[{j}][{j}]", f"{name} gives away more than it loses", f"Put at most {a[j, j] + lost:g} here"
                )
            )
        elif lost > 1e-12 * abs(a[j, j]):
            flows[name, None] = f"K{j + 1}0"
            defaults[flows[name, None]] = lost
    if faults:
        raise BadInput(faults)
    return network(compartments, flows, observed, defaults=defaults, units=units)
