"""The usual models by their usual names: one to three compartments, and the ways into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, assert_never

import numpy as np
from numpy.typing import NDArray

from gradatim.domain.fault import BadInput, Fault
from gradatim.kinetics.disposition import Disposition
from gradatim.kinetics.propagator import Rates
from gradatim.kinetics.structure import LinearModel, Portion, Quotient
from gradatim.kinetics.units import Units

Floats = NDArray[np.float64]


class Spelling(StrEnum):
    """In which parameters the compartments are given; `gradatim.kinetics.disposition` turns one into another."""

    CLEARANCES = "clearances"  # CL, V | CL, V1, Q, V2 | CL, V1, Q2, V2, Q3, V3
    MICRO = "micro"  # K, V | K, K12, K21, V1 | K, K12, K21, K13, K31, V1
    MACRO = "macro"  # A, ALPHA | A, ALPHA, B, BETA | … C, GAMMA: a bolus of 1 is A·exp(−ALPHA·t) + …, A per volume


@dataclass(frozen=True, slots=True)
class Direct:
    """Straight into the central compartment: a bolus, or an infusion where the event has a rate or a duration."""


@dataclass(frozen=True, slots=True)
class FirstOrder:
    """From a depot at rate KA."""


@dataclass(frozen=True, slots=True)
class ZeroOrder:
    """At a constant rate over D1 into the central compartment."""


@dataclass(frozen=True, slots=True)
class Parallel:
    """The share FR from one depot at KA1, the rest from another at KA2; each with its own lag, ALAG1 and ALAG2."""


@dataclass(frozen=True, slots=True)
class Mixed:
    """The share FR from a depot at KA, the rest at a constant rate over D2, after ALAG2, into the central compartment."""


@dataclass(frozen=True, slots=True)
class Transit:
    """Through ``steps`` compartments that take MTT together (each step at steps/MTT: an Erlang delay), then, with ``depot``, from a
    depot at KA. A number of steps that is not whole has no linear model."""

    steps: int
    depot: bool = True


Absorption: TypeAlias = Direct | FirstOrder | ZeroOrder | Parallel | Mixed | Transit

_NAMES = {
    (Spelling.CLEARANCES, 1): ("CL", "V"),
    (Spelling.CLEARANCES, 2): ("CL", "V1", "Q", "V2"),
    (Spelling.CLEARANCES, 3): ("CL", "V1", "Q2", "V2", "Q3", "V3"),
    (Spelling.MICRO, 1): ("K", "V"),
    (Spelling.MICRO, 2): ("K", "K12", "K21", "V1"),
    (Spelling.MICRO, 3): ("K", "K12", "K21", "K13", "K31", "V1"),
    (Spelling.MACRO, 1): ("A", "ALPHA"),
    (Spelling.MACRO, 2): ("A", "ALPHA", "B", "BETA"),
    (Spelling.MACRO, 3): ("A", "ALPHA", "B", "BETA", "C", "GAMMA"),
}
_TISSUES = ("central", "peripheral", "peripheral2")


def mammillary(
    compartments: int = 1,
    absorption: Absorption = Direct(),
    spelling: Spelling = Spelling.CLEARANCES,
    *,
    units: Units = Units(),  # noqa: B008 - frozen
) -> LinearModel:
    """A model with 1 to 3 compartments around the central one, read in the central one.

    Parameters are plain numbers in ``units``: CL in volume per time, rates per time.
    Raises `BadInput` for another number of compartments or of transit steps.
    """
    faults = []
    if compartments not in {1, 2, 3}:
        faults.append(
            Fault("compartments", f"{compartments} is not 1, 2 or 3", "Use network() or from_matrix() for other forms")
        )
    if isinstance(absorption, Transit) and (type(absorption.steps) is not int or not 1 <= absorption.steps <= 50):
        remedy = "Give a whole number of steps from 1 to 50; a gamma delay between whole numbers is not linear: use an ODE solver"
        faults.append(Fault("absorption.steps", f"{absorption.steps!r} steps", remedy))
    if faults:
        raise BadInput(faults)
    ways, extra, shares = _ways(absorption)
    names = (*ways, *_TISSUES[:compartments])
    spelt = _NAMES[spelling, compartments]
    centre = len(ways)

    def fill(values: Mapping[str, Floats]) -> tuple[Rates, Floats]:
        body = _disposition([values[name] for name in spelt], spelling)
        size = len(values[spelt[0]])
        between, lost = np.zeros((len(names), len(names), size)), np.zeros((len(names), size))
        lost[centre] = body.elimination
        for place, (out, back) in enumerate(body.peripherals, centre + 1):
            between[place, centre], between[centre, place] = out, back
        for (one, other), rate in _inflow(absorption, values).items():
            between[other, one] = rate
        return Rates(between=between, lost=lost), np.broadcast_to(body.volume, (size,))

    return LinearModel(
        compartments=names, parameters=(*spelt, *extra), observed="central", fill=fill, shares=shares, entries=_entries(absorption),
        units=units, quotients=_quotients(spelt, spelling, absorption, centre),
        volume={Spelling.CLEARANCES: spelt[1], Spelling.MICRO: spelt[-1], Spelling.MACRO: None}[spelling],
    )  # fmt: skip


def _quotients(
    spelt: tuple[str, ...], spelling: Spelling, absorption: Absorption, centre: int
) -> tuple[Quotient, ...] | None:
    """The same rates as fractions; None where there is more to do than to divide."""
    match spelling:
        case Spelling.MACRO:
            return None
        case Spelling.CLEARANCES:
            body = [Quotient(source=centre, into=None, above=spelt[0], below=spelt[1])]
            for place, (flow, size) in enumerate(zip(spelt[2::2], spelt[3::2], strict=True), centre + 1):
                body.append(Quotient(source=centre, into=place, above=flow, below=spelt[1]))
                body.append(Quotient(source=place, into=centre, above=flow, below=size, idle=1.0))
        case Spelling.MICRO:
            body = [Quotient(source=centre, into=None, above=spelt[0])]
            for place, (out, back) in enumerate(zip(spelt[1:-1:2], spelt[2:-1:2], strict=True), centre + 1):
                body.append(Quotient(source=centre, into=place, above=out))
                body.append(Quotient(source=place, into=centre, above=back))
        case _:
            assert_never(spelling)
    return (*body, *_inward(absorption))


def _inward(absorption: Absorption) -> list[Quotient]:
    match absorption:
        case Direct() | ZeroOrder():
            return []
        case FirstOrder() | Mixed():
            return [Quotient(source=0, into=1, above="KA")]
        case Parallel():
            return [Quotient(source=0, into=2, above="KA1"), Quotient(source=1, into=2, above="KA2")]
        case Transit(steps=steps, depot=depot):
            chain = [Quotient(source=place, into=place + 1, above=float(steps), below="MTT") for place in range(steps)]
            return [*chain, Quotient(source=steps, into=steps + 1, above="KA")] if depot else chain
        case _:
            assert_never(absorption)


def _disposition(given: list[Floats], spelling: Spelling) -> Disposition:
    match spelling:
        case Spelling.CLEARANCES:
            return Disposition.of_clearances(given[0], given[1], *zip(given[2::2], given[3::2], strict=True))
        case Spelling.MICRO:
            return Disposition.of_micro(given[-1], given[0], *zip(given[1:-1:2], given[2:-1:2], strict=True))
        case Spelling.MACRO:
            return Disposition.of_macro(np.stack(given[0::2]), np.stack(given[1::2]))
        case _:
            assert_never(spelling)


def _ways(absorption: Absorption) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Compartments before the central one, further parameters, and which of these are shares."""
    match absorption:
        case Direct():
            return (), (), ()
        case FirstOrder():
            return ("depot",), ("KA",), ()
        case ZeroOrder():
            return (), ("D1",), ()
        case Parallel():
            return ("depot", "depot2"), ("KA1", "KA2", "FR"), ("FR",)
        case Mixed():
            return ("depot",), ("KA", "FR", "D2"), ("FR",)
        case Transit(steps=steps, depot=depot):
            chain = tuple(f"transit{number}" for number in range(1, steps + 1))
            return ((*chain, "depot"), ("MTT", "KA"), ()) if depot else (chain, ("MTT",), ())
        case _:
            assert_never(absorption)


def _inflow(absorption: Absorption, values: Mapping[str, Floats]) -> dict[tuple[int, int], Floats]:
    """Rates between the compartments on the way in and the central one, by their places."""
    match absorption:
        case Direct() | ZeroOrder():
            return {}
        case FirstOrder() | Mixed():
            return {(0, 1): values["KA"]}
        case Parallel():
            return {(0, 2): values["KA1"], (1, 2): values["KA2"]}
        case Transit(steps=steps, depot=depot):
            if np.any(values["MTT"] <= 0):
                raise BadInput(
                    [Fault("MTT", "is not above 0", "Give the time that all steps take together, or leave them out")]
                )
            chain = {(place, place + 1): steps / values["MTT"] for place in range(steps)}
            return chain | {(steps, steps + 1): values["KA"]} if depot else chain
        case _:
            assert_never(absorption)


def _entries(absorption: Absorption) -> dict[str, tuple[Portion, ...]]:
    """Doses that do not simply go where they are given."""
    match absorption:
        case ZeroOrder():
            return {"central": (Portion(into="central", spread=True),)}
        case Parallel():
            return {"depot": (Portion(into="depot", share="FR"), Portion(into="depot2", share="FR", rest=True))}
        case Mixed():
            return {
                "depot": (
                    Portion(into="depot", share="FR"),
                    Portion(into="central", share="FR", rest=True, spread=True),
                )
            }
        case Direct() | FirstOrder() | Transit():
            return {}
        case _:
            assert_never(absorption)
