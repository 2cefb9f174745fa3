"""Levels of one person at their times of measuring, and how they change with the person's etas: the sums that a fit repeats.

A central compartment with at most one tissue has rates λ₁ (and λ₂), and an amount put into it is left as Σ Aⱼ·exp(−λⱼ·t) with Aⱼ ≥ 0 of sum 1
(Gibaldi M, Perrier D, Pharmacokinetics, 2nd ed., 1982). A depot at rate ka is folded into each by D = (exp(−λt) − exp(−ka·t))/(ka − λ), so
two compartments are two of one compartment each, followed from event to event:

    u ← u·exp(−λ·dt) + d·D(ka, λ; dt),     d ← d·exp(−ka·dt) + dose,     level = Σ Wⱼ·uⱼ,     Wⱼ = ka·Aⱼ·F/V

The derivatives by ka, λ and W go along (analytic sensitivities), and are turned into those by etas. D is t·exp(−λt)·E(x) with x = (ka − λ)·t and
E(x) = (1 − exp(−x))/x, a smooth function, so that equal rates are no special case.

Everything here is plain numbers in flat rows. It runs as it stands, and `gradatim.kinetics.compiled.fits` compiles the very same functions.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple, TypeAlias

Row: TypeAlias = Any
"""A flat row of numbers that can be written to: a list here, an array where it is compiled."""
Numbers: TypeAlias = Any
"""One that is read only."""
Places: TypeAlias = Any
"""One of whole numbers."""

CL, V, Q, V2, KA, F = range(6)
"""The parameters that an eta may be on, in the order of a person's typical values."""
LOG_NORMAL, PROPORTIONAL, ADDITIVE, LOGIT = range(4)

_NEAR = 0.5
_LOOK_BACK = 12
_SAME = 1e-12


def room(size: int) -> Row:
    """A row of so many zeros."""
    return [0.0] * size


def places(size: int) -> Row:
    """A row of so many whole zeros."""
    return [0] * size


# --- what happens when ---------------------------------------------------------------------------------------------------


def steps_of(
    dose_times: Numbers, amounts: Numbers, dose_at: Places, note_times: Numbers, note_at: Places, dt_of: Row, given: Row, note_of: Row,
    lengths: Row,
) -> int:  # fmt: skip
    """Doses and times of measuring as one row of steps: which length of time passes first, what is then given, which level is then noted
    (−1: none). A dose counts at its time. ``dose_at``, ``note_at``: from where up to and without where they are this person's. Gives how
    many different lengths there are: equal ones, or nearly, are worked out once."""
    dose, note, step, different = dose_at[0], note_at[0], 0, 0
    now = 0.0
    while dose < dose_at[1] or note < note_at[1]:
        first = dose < dose_at[1] and (note == note_at[1] or dose_times[dose] <= note_times[note])
        time = dose_times[dose] if first else note_times[note]
        pause = time - now if step else 0.0
        now = time
        found = -1
        for back in range(different - 1, max(-1, different - 1 - _LOOK_BACK), -1):
            if abs(lengths[back] - pause) <= _SAME * pause:
                found = back
                break
        if found < 0:
            lengths[different] = pause
            found = different
            different += 1
        dt_of[step] = found
        given[step] = amounts[dose] if first else 0.0
        note_of[step] = -1 if first else note - note_at[0]
        if first:
            dose += 1
        else:
            note += 1
        step += 1
    return different


# --- the parameters of a person --------------------------------------------------------------------------------------------


def varied(typical: float, eta: float, how: int) -> tuple[float, float]:
    """The parameter of a typical value and an eta, and the derivative of its logarithm; 0 and 0 where there is no such parameter."""
    if how == LOG_NORMAL:
        value, slope = typical * math.exp(eta), 1.0
    elif how == PROPORTIONAL:
        value = typical * (1.0 + eta)
        slope = 1.0 / (1.0 + eta) if value > 0 else 0.0
    elif how == ADDITIVE:
        value = typical + eta
        slope = 1.0 / value if value > 0 else 0.0
    else:
        odds = typical / (1.0 - typical) * math.exp(eta)
        value = odds / (1.0 + odds)
        slope = 1.0 - value
    return (value, slope) if value > 0 else (0.0, 0.0)


def disposition(cl: float, v: float, q: float, v2: float, tissue: int) -> tuple[float, float, float, float]:
    """λ₁ ≥ λ₂ and A₁, A₂; without a tissue λ and 1, 0 and 0. No difference of near numbers is taken."""
    k10 = cl / v
    if not tissue:
        return k10, 0.0, 1.0, 0.0
    k12, k21 = q / v, q / v2
    a = k10 + k12
    root = math.sqrt((a - k21) * (a - k21) + 4.0 * k12 * k21)
    if a >= k21:
        above = 0.5 * ((a - k21) + root)  # λ₁ − k21
        fast = k21 + above
    else:
        slow = 0.5 * ((k21 - a) + root)  # λ₁ − k10 − k12
        above = k12 * k21 / slow
        fast = a + slow
    share = above / root
    return fast, k10 * k21 / fast, share, 1.0 - share


def slopes(
    q: float, v: float, v2: float, k10: float, body: tuple[float, float, float, float], by: int
) -> tuple[float, float, float]:
    """The derivatives of λ₁, λ₂ and A₁ by the logarithm of one parameter, with a tissue."""
    k12, k21 = q / v, q / v2
    d10 = k10 if by == CL else -k10 if by == V else 0.0
    d12 = k12 if by == Q else -k12 if by == V else 0.0
    d21 = k21 if by == Q else -k21 if by == V2 else 0.0
    total, product = d10 + d12 + d21, d10 * k21 + k10 * d21
    root = body[0] - body[1]
    fast = (body[0] * total - product) / root
    slow = (product - body[1] * total) / root
    return fast, slow, ((fast - d21) - body[2] * (fast - slow)) / root


# --- one compartment with a depot -------------------------------------------------------------------------------------------


def filled(x: float) -> tuple[float, float]:
    """E(x) = (1 − exp(−x))/x and its derivative, for x ≥ 0."""
    if x < _NEAR:
        value, slope, term = 0.0, 0.0, 1.0
        for k in range(1, 17):
            term /= k  # x^(k−1)/k! with its sign
            value += term
            slope -= term * k / (k + 1.0)
            term *= -x
        return value, slope
    left = math.exp(-x)
    value = (1.0 - left) / x
    return value, (left - value) / x


def through(ka: float, rate: float, dt: float) -> tuple[float, float, float]:
    """D of a depot and a compartment, and its derivatives by ka and by the compartment's rate."""
    low, high = (ka, rate) if ka < rate else (rate, ka)
    left = dt * math.exp(-low * dt)
    value, slope = filled((high - low) * dt)
    by_high, by_low = left * dt * slope, -left * dt * (value + slope)
    return (left * value, by_low, by_high) if ka < rate else (left * value, by_high, by_low)


# --- levels ------------------------------------------------------------------------------------------------------------------


class Belief(NamedTuple):
    """What holds for everybody: ``number`` etas, each on a parameter (``slots``) in a manner (``hows``); ``factor``, L of Ω = L·Lᵀ by rows;
    whether there is a ``depot`` and a ``tissue``; ``scale``, what amount over volume is multiplied by to be a level; σp and σa."""

    number: int
    slots: Places
    hows: Places
    factor: Numbers
    depot: int
    tissue: int
    scale: float
    proportional: float
    additive: float


class Design(NamedTuple):
    """What is one person's: the ``typical`` parameters of such a person, the steps (see `steps_of`), and what was ``measured``, ``limited``
    where it is only known to be below that."""

    typical: Numbers
    many: int
    different: int
    noted: int
    dt_of: Places
    given: Numbers
    note_of: Places
    lengths: Numbers
    measured: Numbers
    limited: Places


class Desk(NamedTuple):
    """Room to work: levels, their derivatives by each eta, level by level, and what is prepared for them (`desk`)."""

    levels: Row
    by_eta: Row
    prepared: Row
    eta: Row
    change: Row


def desk(number: int, different: int, noted: int) -> Desk:
    """For so many etas, lengths of time and levels."""
    return Desk(room(noted), room(noted * number), room(5 * different), room(number), room(4 * number))


def levels_of(belief: Belief, design: Design, at: Desk) -> bool:
    """Levels and their derivatives for the etas that lie on the desk. False where an eta leaves no parameter above 0."""
    number, typical, eta, change = belief.number, design.typical, at.eta, at.change
    cl, v, q, v2, ka, share = typical[0], typical[1], typical[2], typical[3], typical[4], typical[5]
    for k in range(number):
        slot = belief.slots[k]
        value, slope = varied(typical[slot], eta[k], belief.hows[k])
        if not 0 < value < 1e300:
            return False
        change[k] = slope
        if slot == CL:
            cl = value
        elif slot == V:
            v = value
        elif slot == Q:
            q = value
        elif slot == V2:
            v2 = value
        elif slot == KA:
            ka = value
        else:
            share = value
    body = disposition(cl, v, q, v2, belief.tissue)
    for place in range(design.noted):
        at.levels[place] = 0.0
    for place in range(design.noted * number):
        at.by_eta[place] = 0.0
    whole = belief.scale * share / v * (ka if belief.depot else 1.0)
    for mode in range(1 + belief.tissue):
        rate, part = body[mode], body[2 + mode]
        _prepare(ka, rate, belief.depot, design, at.prepared)
        for k in range(number):  # by the logarithm of the parameter, times what its eta does to that
            by, slope = belief.slots[k], change[k]
            d_rate, d_part = 0.0, 0.0
            if belief.tissue:
                fast, slow, more = slopes(q, v, v2, cl / v, body, by)
                d_rate, d_part = (fast, more) if mode == 0 else (slow, -more)
            elif by == CL:
                d_rate = rate
            elif by == V:
                d_rate = -rate
            if by == V:
                d_part -= part
            elif by == F or (by == KA and belief.depot):
                d_part += part
            change[number + k] = d_rate * slope
            change[2 * number + k] = d_part * whole * slope
            change[3 * number + k] = ka * slope if by == KA else 0.0
        _followed(part * whole, belief, design, at)
    return True


def _prepare(ka: float, rate: float, depot: int, design: Design, prepared: Row) -> None:
    """What each different length of time does."""
    for place in range(design.different):
        dt = design.lengths[place]
        prepared[5 * place] = math.exp(-rate * dt)
        if depot:
            prepared[5 * place + 1] = math.exp(-ka * dt)
            value, by_ka, by_rate = through(ka, rate, dt)
            prepared[5 * place + 2] = value
            prepared[5 * place + 3] = by_ka
            prepared[5 * place + 4] = by_rate


def _followed(weight: float, belief: Belief, design: Design, at: Desk) -> None:
    """One mode from event to event, added to what is noted."""
    number, depot, prepared, change = belief.number, belief.depot, at.prepared, at.change
    d, d_ka, u, u_ka, u_rate = 0.0, 0.0, 0.0, 0.0, 0.0
    for step in range(design.many):
        place = design.dt_of[step]
        dt, stays = design.lengths[place], prepared[5 * place]
        u_rate = (u_rate - dt * u) * stays
        u *= stays
        if depot:
            left, moved = prepared[5 * place + 1], prepared[5 * place + 2]
            u_ka = u_ka * stays + d_ka * moved + d * prepared[5 * place + 3]
            u_rate += d * prepared[5 * place + 4]
            u += d * moved
            d_ka = (d_ka - dt * d) * left
            d = d * left + design.given[step]
        else:
            u += design.given[step]
        slot = design.note_of[step]
        if slot >= 0:
            at.levels[slot] += weight * u
            for k in range(number):
                by_rates = u_rate * change[number + k] + u_ka * change[3 * number + k]
                at.by_eta[slot * number + k] += change[2 * number + k] * u + weight * by_rates
