"""Non-compartmental analysis: what levels that were measured amount to, without a model.

Linear-up/log-down areas (Purves RD, J Pharmacokinet Biopharm 1992;20:211-26). The terminal slope is the log-linear line through the last
points with the best adjusted R²; among those within ``near`` of the best the one with the most points, as in WinNonlin and PKNCA (Denney
WS et al., J Pharmacokinet Pharmacodyn 2015;42:S65). Derived numbers as in Gabrielsson J, Weiner D, Methods Mol Biol 2012;929:377-89.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gradatim.domain.fault import BadInput, Fault
from gradatim.domain.finding import Message, message
from gradatim.kinetics.units import factor

_LEAST = 3  # points of a line
_SHORT = 2.0  # half-lives that the points of a good slope reach over
_FAR = 20.0  # percent of an area that may be extrapolated


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalSlope:
    """The line through the logarithms of the levels at ``times``: ``rate`` per time, ``half_life``, ``adjusted_r2``; ``intercept`` is its level at 0."""

    rate: float
    intercept: float
    adjusted_r2: float
    times: tuple[float, ...]

    @property
    def half_life(self) -> float:
        """ln 2 over the rate."""
        return math.log(2) / self.rate

    @property
    def span(self) -> float:
        """How many half-lives the points reach over."""
        return (self.times[-1] - self.times[0]) / self.half_life


@dataclass(frozen=True, slots=True, kw_only=True)
class Nca:
    """What was found. Times and levels in the units they came in; clearance in L/h and volume in L where ``level_unit`` and mg allow.

    None: it cannot be said, and ``notes`` say why. ``area`` reaches to the last level that can be measured, ``area_tau`` over one interval
    of a steady state. ``extrapolated`` is the share of the whole area, in percent, that lies beyond the last level.
    """

    highest: float
    highest_at: float
    last: float
    last_at: float
    area: float
    slope: TerminalSlope | None = None
    area_whole: float | None = None
    extrapolated: float | None = None
    residence: float | None = None
    clearance: float | None = None
    volume: float | None = None
    area_tau: float | None = None
    average: float | None = None
    accumulation: float | None = None
    notes: tuple[Message, ...] = ()

    @property
    def half_life(self) -> float | None:
        """Of the terminal slope."""
        return None if self.slope is None else self.slope.half_life


def nca(
    times: Sequence[float],
    levels: Sequence[float],
    dose: float | None = None,
    *,
    level_unit: str = "ng/mL",
    tau: float | None = None,
    infusion: float = 0.0,
    near: float = 1e-4,
) -> Nca:
    """The analysis of one person's levels after one ``dose`` (mg, by mouth: clearance and volume are apparent ones), hours in order.

    ``tau``: at steady state, the interval after the dose at the first time; clearance is then dose over the area of that interval.
    ``infusion``: how long the dose ran, which the mean residence time is shortened by half of. Levels of 0 before the first that can be
    measured count as 0; after the last they are left out. Raises `BadInput` with every fault of the input; what the levels do not tell is
    None, with a note.
    """
    t, c = _checked(times, levels, dose, tau, infusion)
    top = max(range(len(c)), key=lambda k: c[k])
    if not c[top] > 0:
        raise BadInput([Fault("levels", "none is above 0", "There is nothing to analyse")])
    final = max(k for k, one in enumerate(c) if one > 0)
    area, moment = _areas(t[: final + 1], c[: final + 1])
    notes: list[Message] = []
    slope = _slope(t[: final + 1], c[: final + 1], top, near)
    found: dict[str, Any] = {
        "highest": c[top],
        "highest_at": t[top],
        "last": c[final],
        "last_at": t[final],
        "area": area,
    }
    if slope is None:
        return Nca(
            **found,
            **_of_interval(t, c, dose, tau, None, level_unit, notes),
            notes=(*notes, message("nca.no-slope", least=_LEAST)),
        )
    if slope.span < _SHORT:
        notes.append(message("nca.short-slope", span=f"{slope.span:.1f}"))
    tail = c[final] / slope.rate
    whole, share = area + tail, 100 * tail / (area + tail)
    if share > _FAR and tau is None:
        notes.append(message("nca.far", percent=f"{share:.0f}"))
    residence = (moment + tail * t[final] + tail / slope.rate) / whole - infusion / 2 if tau is None else None
    interval = _of_interval(t, c, dose, tau, slope, level_unit, notes)
    if tau is None and dose is not None:
        cleared = dose / whole * factor("mg/L", level_unit)
        interval = {"clearance": cleared, "volume": cleared / slope.rate}
    return Nca(
        **found, slope=slope, area_whole=whole, extrapolated=share, residence=residence, **interval, notes=tuple(notes)
    )


def _checked(
    times: Sequence[float], levels: Sequence[float], dose: float | None, tau: float | None, infusion: float
) -> tuple[list[float], list[float]]:
    faults = []
    if len(times) != len(levels):
        faults.append(Fault("levels", f"{len(levels)} for {len(times)} times", "Give one for each time"))
    if len(times) < 2:
        faults.append(Fault("times", "fewer than two", "Give two or more"))
    if not all(math.isfinite(one) for one in times) or any(b <= a for a, b in pairwise(times)):
        faults.append(Fault("times", "do not go up", "Sort them, and give each once"))
    if not all(math.isfinite(one) and one >= 0 for one in levels):
        faults.append(
            Fault(
                "levels",
                "one is missing or below 0",
                "Give 0 where nothing was found, and leave out what was not measured",
            )
        )
    if dose is not None and not dose > 0:
        faults.append(Fault("dose", f"{dose} is not above 0", "Give mg"))
    if tau is not None and (not tau > 0 or (len(times) > 0 and times[0] + tau > times[-1] + 1e-9)):
        faults.append(Fault("tau", f"{tau:g} reaches beyond the last time", "Give the interval that was sampled"))
    if not infusion >= 0:
        faults.append(Fault("infusion", f"{infusion} is negative", "Give 0 or more"))
    if faults:
        raise BadInput(faults)
    return [float(one) for one in times], [float(one) for one in levels]


def _areas(t: Sequence[float], c: Sequence[float]) -> tuple[float, float]:
    """AUC and AUMC: straight lines where levels rise or meet 0, exponentials where they fall."""
    area = moment = 0.0
    for (t0, c0), (t1, c1) in pairwise(zip(t, c, strict=True)):
        dt = t1 - t0
        if c1 < c0 and c1 > 0:
            rate = math.log(c0 / c1) / dt
            area += (c0 - c1) / rate
            moment += (t0 * c0 - t1 * c1) / rate + (c0 - c1) / rate**2
        else:
            area += dt * (c0 + c1) / 2
            moment += dt * (t0 * (2 * c0 + c1) + t1 * (c0 + 2 * c1)) / 6
    return area, moment


def _slope(t: Sequence[float], c: Sequence[float], top: int, near: float) -> TerminalSlope | None:
    """From all points after the highest down to the last three. A line that does not fall is none."""
    lines = []
    for begin in range(top + 1, len(t) - _LEAST + 1):
        points = [k for k in range(begin, len(t)) if c[k] > 0]
        if (
            len(points) >= _LEAST
            and (line := _line([t[k] for k in points], [math.log(c[k]) for k in points])) is not None
        ):
            lines.append(line)
    if not lines:
        return None
    best = max(one.adjusted_r2 for one in lines)
    return max((one for one in lines if one.adjusted_r2 >= best - near), key=lambda one: len(one.times))


def _line(x: list[float], y: list[float]) -> TerminalSlope | None:
    n = len(x)
    mx, my = sum(x) / n, sum(y) / n
    sxx, syy = sum((a - mx) ** 2 for a in x), sum((b - my) ** 2 for b in y)
    sxy = sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True))
    if not (sxy < 0 and syy > 0):
        return None
    r2 = sxy * sxy / (sxx * syy)
    return TerminalSlope(
        rate=-sxy / sxx,
        intercept=math.exp(my - sxy / sxx * mx),
        adjusted_r2=1 - (1 - r2) * (n - 1) / (n - 2),
        times=tuple(x),
    )


def _of_interval(
    t: Sequence[float], c: Sequence[float], dose: float | None, tau: float | None, slope: TerminalSlope | None, unit: str, notes: list[Message]
) -> dict[str, Any]:  # fmt: skip
    """Of one interval of a steady state. Accumulation is what the slope foretells: 1 / (1 − exp(−λ·τ))."""
    if tau is None:
        return {}
    end = t[0] + tau
    inside = [(a, b) for a, b in zip(t, c, strict=True) if a <= end + 1e-9]
    if inside[-1][0] < end - 1e-9:
        (a, ca), (b, cb) = inside[-1], next((x, y) for x, y in zip(t, c, strict=True) if x > end)
        share = (end - a) / (b - a)
        inside.append((end, ca * (cb / ca) ** share if 0 < cb < ca else ca + (cb - ca) * share))
    area, _ = _areas(*zip(*inside, strict=True))
    found = {"area_tau": area, "average": area / tau}
    if slope is not None:
        found["accumulation"] = -1 / math.expm1(-slope.rate * tau)
    if dose is not None and area > 0:
        found["clearance"] = dose / area * factor("mg/L", unit)
        if slope is not None:
            found["volume"] = found["clearance"] / slope.rate
    elif dose is not None:
        notes.append(message("nca.nothing"))
    return found
