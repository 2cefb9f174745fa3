"""One event a row, and a schedule of them: what may stand in a row, and what may not, with the remedy.

What the rows mean is NONMEM's: Users Guide VI (PREDPP), chapter V; `gradatim.kinetics.program` carries it out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from gradatim.domain.fault import BadInput, Fault

DOSING = ("AMT", "RATE", "DUR", "II", "ADDL", "SS")
"""The columns that only a row that gives a dose may fill."""
_OBSERVE, _DOSE, _OTHER, _RESET, _RESET_DOSE = range(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One event. ``number`` counts the rows of the table from 1. ``cmt`` None: where the model takes doses by default."""

    number: int = 0
    time: float
    evid: int = _OBSERVE
    amt: float = 0.0
    rate: float = 0.0
    dur: float = 0.0
    ii: float = 0.0
    addl: int = 0
    ss: int = 0
    cmt: str | int | None = None
    dv: float | None = None

    @property
    def doses(self) -> bool:
        """Whether drug is given."""
        return self.evid in {_DOSE, _RESET_DOSE}

    @property
    def resets(self) -> bool:
        """Whether everything before is wiped out."""
        return self.evid in {_RESET, _RESET_DOSE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The events of one subject in their order, and each covariate at every row."""

    rows: tuple[Row, ...]
    covariates: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    id: str = "1"

    def __post_init__(self) -> None:
        faults = [fault for row in self.rows for fault in meaning(row)]
        faults += order(self.rows)
        for name, values in self.covariates.items():
            if len(values) != len(self.rows):
                faults.append(
                    Fault(
                        f"covariates.{name}",
                        f"has {len(values)} values for {len(self.rows)} rows",
                        "Give one for each row",
                    )
                )
        if faults:
            raise BadInput(faults)


def doses(amount: float, times: Iterable[float], *, cmt: str | int | None = None, dur: float = 0.0) -> Schedule:
    """The same dose at some times: the shortest way to a schedule."""
    return Schedule(rows=tuple(
        Row(number=number, time=float(time), evid=_DOSE, amt=amount, cmt=cmt, dur=dur) for number, time in enumerate(sorted(times), 1)
    ))  # fmt: skip


# --- what may stand in a row --------------------------------------------------------------------------------------------


def meaning(row: Row) -> Iterator[Fault]:
    def fault(column: str, problem: str, remedy: str) -> Fault:
        return Fault(f"row {row.number}.{column}", problem, remedy)

    if not math.isfinite(row.time):
        yield fault("TIME", f"{row.time} is no time", "Give a number")
    if row.evid not in range(5):
        yield fault(
            "EVID", f"{row.evid} is no kind of event", "0 observes, 1 doses, 2 other, 3 resets, 4 resets and doses"
        )
        return
    if isinstance(row.cmt, int) and row.cmt < 0:
        yield fault(
            "CMT",
            f"{row.cmt} would switch a compartment off",
            "Compartments are always on: give its number or its name",
        )
    if not row.doses:
        for name in DOSING:
            if getattr(row, name.lower()):
                yield fault(
                    name,
                    f"{getattr(row, name.lower()):g} in a row that gives no dose",
                    "Leave it at 0, or make EVID 1 or 4",
                )
        return
    for name in ("AMT", "DUR", "II", "ADDL"):
        if getattr(row, name.lower()) < 0:
            yield fault(name, f"{getattr(row, name.lower()):g} is negative", "Give 0 or more")
    if row.rate < 0 and row.rate not in {-1, -2}:
        yield fault(
            "RATE",
            f"{row.rate:g} is negative",
            "Give a rate above 0; -1 (or -2) leaves the rate (or duration) to the model",
        )
    if row.rate and row.dur:
        yield fault("DUR", "both a rate and a duration", "Give one of them")
    if row.addl > 0 and row.ii <= 0:
        yield fault("II", f"{row.addl} more doses without an interval", "Give in II the time from dose to dose")
    if row.ss not in {0, 1, 2}:
        yield fault("SS", f"{row.ss} is not known", "1 replaces what is there by the steady state, 2 adds it")
    yield from _amount(row, fault)


def _amount(row: Row, fault: Any) -> Iterator[Fault]:
    """What AMT 0 may mean, and where a steady state needs an interval."""
    if row.amt == 0 and not row.ss:
        if row.rate or row.dur:
            yield fault(
                "AMT",
                "an infusion of nothing, or one without an end",
                "Give the amount: amount / rate is how long it lasts",
            )
        else:
            yield fault("AMT", "a dose of 0", "Give the amount, or make EVID 0 or 2")
    elif row.amt == 0 and not (row.rate > 0 or row.rate == -1):
        yield fault("RATE", "a steady state of nothing", "Give an amount and II, or a rate for a constant infusion")
    elif row.amt == 0 and (row.ii or row.addl):
        yield fault(
            "II", "a constant infusion has no interval", "Leave II and ADDL at 0, or give the amount of each infusion"
        )
    elif row.amt > 0 and row.ss and row.ii <= 0:
        yield fault("II", "a steady state without an interval", "Give in II the time from dose to dose")


def order(rows: Sequence[Row]) -> Iterator[Fault]:
    for before, row in pairwise(rows):
        if row.time < before.time and not row.resets:
            problem = f"{row.time:g} comes after {before.time:g}"
            yield Fault(
                f"row {row.number}.TIME", problem, "Sort by time; only a reset (EVID 3 or 4) may start time again"
            )
