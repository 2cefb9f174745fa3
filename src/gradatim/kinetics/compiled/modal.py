"""Own histories of people with up to two tissues, up to two depots, and infusions: as sums of modes, none of them negative.

What is seen of a dose into the central compartment is Σ w·e^-λt over the rates λ of the body, with weights w ≥ 0 that add up to 1: the
compartments exchange in pairs, so their matrix is a symmetric one in other units. A depot with the rate ka adds w·ka·D(ka, λ) with
D(a, b) = (e^-at − e^-bt)/(b − a), written as e^-min·(1 − e^-|gap|)/|gap|; an infusion w·(1 − e^-λt)/λ. Doses add up mode by mode, so tissues need
not be followed, and with nothing subtracted no digit is lost where rates meet.

The rates are the roots of k10 = λ·(1 + Σ k1j/(pj − λ)), pj the rate back from a tissue: one below the least p, one between each two, one above.
Each is looked for from the nearer end of its stretch, so that pj − λ, of which w = 1/(1 + Σ k1j·pj/(pj − λ)²) is made, keeps its digits.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped, unused-ignore]
from numba import types  # type: ignore[import-untyped, unused-ignore]
from numpy.typing import NDArray

from gradatim.kinetics import arrivals as plain
from gradatim.kinetics.compiled.beside import AHEAD, Beside
from gradatim.kinetics.compiled.decay import decays, fused
from gradatim.kinetics.compiled.jit import jit, word
from gradatim.kinetics.compiled.vectors import DOUBLE, I64, WIDE, Words, yes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_LEAST = 1e-150  # a rate that stands for none
_APART = 1e-17  # rates nearer than this are moved so far apart: a change of 7e-15 in the faintest level that is told
arrivals = jit(plain.arrivals)


class Body(NamedTuple):
    """Of N people: the rate out ``k10``, into tissues ``out`` [tissues, N] and ``back``, of depots ``ka`` [depots, N], and by what an amount
    is multiplied to be a level."""

    k10: Floats
    out: Floats
    back: Floats
    ka: Floats
    scale: Floats


class Ways(NamedTuple):
    """In which a dose goes in: ``targets`` [ways], 0 the central compartment and then the depots; shares, lags, and how long a dose is
    spread [ways, N]."""

    targets: Ints
    shares: Floats
    lags: Floats
    spread: Floats


class Doses(NamedTuple):
    """Of N people one after the other."""

    first: Ints
    times: Floats
    amounts: Floats
    durations: Floats


class Form(NamedTuple):
    """What a kernel is compiled for: as many items as rates of the body, as many as depots, and whether anything flows in over time (an
    integer says yes, a boolean no)."""

    rates: Any
    depots: Any
    fed: Any


@jit
def _too_small(rate: float, k10: float, out: Floats, apart: Floats, size: int, delta: float) -> bool:
    """Whether a rate is below the root of its stretch; ``apart``: p − the rate's origin, from which it is ``delta``."""
    total = k10 - rate
    for j in range(size):
        total -= out[j] * (rate / (apart[j] - delta))
    return bool(total > 0.0)


@jit
def _root(
    low: float, high: float, k10: float, out: Floats, back: Floats, size: int, apart: Floats
) -> tuple[float, float]:
    """The rate between two ends, as the nearer of them and what is to be added, halving the bits of the latter."""
    middle = 0.5 * (high - low)
    for j in range(size):
        apart[j] = back[j] - low
    above = _too_small(low + middle, k10, out, apart, size, middle)
    origin, sign = (high, -1.0) if above else (low, 1.0)
    for j in range(size):
        apart[j] = back[j] - origin
    small, large = np.int64(0), np.float64(middle).view(np.int64)
    while large - small > 1:
        half = (small + large) >> 1
        delta = sign * np.int64(half).view(np.float64)
        if _too_small(origin + delta, k10, out, apart, size, delta) == above:
            large = half
        else:
            small = half
    return origin, sign * np.int64(large).view(np.float64)


@jit
def spectrum(k10: float, out: Floats, back: Floats, rates: Floats, weights: Floats) -> None:
    """The rates of a body and their weights; a tissue that gets nothing, or shares its way back with another, leaves a weight of 0."""
    size, k = 0, np.empty(len(out))
    p, apart = np.empty(len(out)), np.empty(len(out))
    for j in range(len(out)):
        if out[j] == 0.0:
            continue
        if back[j] == 0.0:
            k10 += out[j]
            continue
        place = size
        same = False
        for i in range(size):
            if p[i] == back[j]:
                k[i] += out[j]
                same = True
        if same:
            continue
        while place > 0 and p[place - 1] > back[j]:
            p[place], k[place] = p[place - 1], k[place - 1]
            place -= 1
        p[place], k[place] = back[j], out[j]
        size += 1
    rates[:], weights[:] = 1.0, 0.0
    most = k10
    for j in range(size):
        most += k[j] + p[j]
    for number in range(size + 1):
        low = 0.0 if number == 0 else p[number - 1]
        high = p[number] if number < size else 2.0 * most + 1e-300
        origin, delta = _root(low, high, k10, k, p, size, apart) if size > 0 else (0.0, k10)
        total = 1.0
        for j in range(size):
            away = (p[j] - origin) - delta
            total += k[j] * (p[j] / away) / away if away != 0 else np.inf
        rates[number], weights[number] = max(origin + delta, _LEAST), 1.0 / total


@jit
def _told(body: Body, person: int, numbers: Floats, rates: Floats, weights: Floats, used: int) -> None:
    """What the words below ask for, of one person: rates, weights and weights over rates, then of each depot its rate, and of each of
    its meetings with a rate the difference, what D is multiplied by, and whether the depot is slower."""
    spectrum(body.k10[person], body.out[:, person], body.back[:, person], rates, weights)
    for j in range(used):
        numbers[j], numbers[used + j], numbers[2 * used + j] = rates[j], weights[j], weights[j] / rates[j]
    at = 3 * used
    for depot in range(len(body.ka)):
        ka = body.ka[depot, person]
        numbers[at] = ka
        at += 1
        for j in range(used):
            gap = max(abs(ka - rates[j]), _APART * max(ka, rates[j]), _LEAST)
            numbers[at], numbers[at + 1], numbers[at + 2] = gap, weights[j] * ka / gap, 1.0 if ka < rates[j] else 0.0
            at += 3


@jit
def follow(
    first: int, end: int, form: Form, doses: Doses, ways: Ways, body: Body, note_first: Ints, notes: Floats, out: Floats
) -> None:
    """The levels of the people from ``first`` up to and without ``end``, into ``out`` [notes]."""
    used, depots, most = len(form.rates), len(body.ka), 0
    for person in range(first, end):
        most = max(most, (doses.first[person + 1] - doses.first[person]) * 2 * len(ways.targets))
    parts = used * (2 + depots)
    numbers = np.zeros((3 * used + depots * (1 + 3 * used), WIDE))
    begun, after = np.empty((most + 1 + AHEAD, WIDE)), np.zeros((most + 1 + AHEAD, parts, WIDE))
    given, rate = np.zeros((most, 1 + depots, WIDE)), np.zeros((most, 1 + depots, WIDE))
    rates, weights = np.empty(len(body.out) + 1), np.empty(len(body.out) + 1)
    for group in range(first, end, WIDE):
        people, events = min(WIDE, end - group), 0
        begun[:] = np.inf
        given[:], rate[:] = 0.0, 0.0
        for lane in range(people):
            person = group + lane
            _told(body, person, numbers[:, lane], rates, weights, used)
            d0, d1, n0 = doses.first[person], doses.first[person + 1], note_first[person]
            begun[0, lane] = notes[n0] if n0 < len(notes) else 0.0
            number = arrivals(
                doses.times[d0:d1], doses.amounts[d0:d1], doses.durations[d0:d1], ways.lags[:, person],
                ways.shares[:, person] * body.scale[person], ways.spread[:, person], ways.targets, begun[1:, lane], given[:, :, lane],
                rate[:, :, lane],
            )  # fmt: skip
            events = max(events, number)
        after_events(form, numbers, begun, given, rate, events, after)
        for lane in range(people):
            n0, n1 = note_first[group + lane], note_first[group + lane + 1]
            beside_events(form, notes, n0, n1, numbers, begun, after, lane, out)


class _Modes:
    """The numbers of one person or of eight, as vectors."""

    def __init__(self, words: Words, rates: int, depots: int, fetch: Any) -> None:
        self.words, self.b = words, words.b
        self.rates, self.weights, self.over = ([fetch(part * rates + j) for j in range(rates)] for part in range(3))
        self.depots = []
        one = ir.Constant(DOUBLE, 1.0)
        for depot in range(depots):
            at = 3 * rates + depot * (1 + 3 * rates)
            meetings = [tuple(fetch(at + 1 + 3 * j + place) for place in range(3)) for j in range(rates)]
            slower = [self.b.fcmp_ordered("==", last, ir.Constant(last.type, [one] * WIDE)) for _, _, last in meetings]
            self.depots.append(
                (fetch(at), [(gap, by, low) for (gap, by, _), low in zip(meetings, slower, strict=True)])
            )

    def pass_by(self, t: Any) -> tuple[list[tuple[Any, Any]], list[tuple[Any, list[Any]]]]:
        """After a time: of each rate what is left and what is gone; of each depot what is left, and what D is made of for each rate."""
        b = self.b
        body = [decays(b, b.fmul(rate, t)) for rate in self.rates]
        depots = []
        for ka, meetings in self.depots:
            left, _ = decays(b, b.fmul(ka, t))
            met = []
            for (gap, _, slower), (rest, _) in zip(meetings, body, strict=True):
                _, gone = decays(b, b.fmul(gap, t))
                met.append(b.fmul(b.select(slower, left, rest), gone))
            depots.append((left, met))
        return body, depots


@word
def after_events(
    _typing: Any, form: Any, numbers: Any, begun: Any, given: Any, rate: Any, events: Any, after: Any
) -> Any:
    """What the levels after each event are made of, into ``after`` [events + 1 …, parts, 8] from the row 1 on: of each rate its amount,
    then its share of what flows in, then what comes of each depot."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        words, kind = Words(context, builder), signature.args
        events = arguments[5]
        rates, depots, fed = len(kind[0][0]), len(kind[0][1]), yes(kind[0][2])
        of, since, much, flow, to = (words.data(kind[1 + place], arguments[1 + place]) for place in (0, 1, 2, 3, 5))
        modes, b, zero = (
            _Modes(words, rates, depots, lambda row: words.load(of, I64(WIDE * row))),
            builder,
            words.number(0.0),
        )
        amounts = [words.variable(zero) for _ in range(rates)]
        inside = [words.variable(zero) for _ in range(depots)]
        flowing = words.variable(zero)
        with words.loop(I64(0), events) as event:
            row = b.mul(event, I64(WIDE))
            now = words.load(since, words.plus(row, WIDE))
            before = b.select(b.icmp_signed("==", event, I64(0)), now, words.load(since, row))
            body, left = modes.pass_by(b.fsub(now, before))
            target = b.mul(event, I64(WIDE * (1 + depots)))
            at_once = [words.load(much, words.plus(target, WIDE * place)) for place in range(1 + depots)]
            found = []
            for j, place in enumerate(amounts):
                more = b.load(place)
                value = b.fmul(more, body[j][0])
                if fed:
                    value = fused(b, b.fmul(b.load(flowing), modes.over[j]), body[j][1], value)
                for depot, (_, met) in enumerate(left):
                    value = fused(b, b.fmul(b.load(inside[depot]), modes.depots[depot][1][j][1]), met[j], value)
                found.append(fused(b, modes.weights[j], at_once[0], value))
            for value, place in zip(found, amounts, strict=True):
                b.store(value, place)
            for depot, place in enumerate(inside):
                b.store(fused(b, b.load(place), left[depot][0], at_once[1 + depot]), place)
            if fed:
                b.store(words.load(flow, target), flowing)
            parts = list(found)
            if fed:
                parts += [b.fmul(b.load(flowing), over) for over in modes.over]
            for depot, (_, meetings) in enumerate(modes.depots):
                parts += [b.fmul(b.load(inside[depot]), by) for _, by, _ in meetings]
            size = rates * (2 + depots)
            at = b.mul(words.plus(event, 1), I64(size * WIDE))
            for number, part in enumerate(parts):
                words.store(part, to, words.plus(at, number * WIDE))
        return context.get_dummy_value()

    return types.void(form, numbers, begun, given, rate, events, after), generate


@word
def beside_events(
    _typing: Any, form: Any, notes: Any, first: Any, end: Any, numbers: Any, begun: Any, after: Any, lane: Any, out: Any
) -> Any:
    """The levels of the person ``lane`` of eight at ``notes[first:end]``, into the same places of ``out``; see `after_events`."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        words, kind = Words(context, builder), signature.args
        _, _, first, end, numbers, _, _, lane, out = arguments
        rates, depots, fed = len(kind[0][0]), len(kind[0][1]), yes(kind[0][2])
        of, to, b = words.data(kind[4], numbers), words.data(kind[8], out), builder

        def fetch(row: int) -> Any:
            return words.spread(b.load(b.gep(of, [words.plus(lane, WIDE * row)])))

        modes = _Modes(words, rates, depots, fetch)
        used = rates * (1 + fed + depots)

        def tell(t: Any, parts: list[Any]) -> Any:
            body, left = modes.pass_by(t)
            terms = [(parts[j], body[j][0]) for j in range(rates)]
            terms += [(parts[rates + j], body[j][1]) for j in range(rates if fed else 0)]
            for depot, (_, met) in enumerate(left):
                terms += [(parts[rates * (1 + fed + depot) + j], met[j]) for j in range(rates)]
            total = b.fmul(*terms[0])
            for one, other in terms[1:]:
                total = fused(b, one, other, total)
            return total

        times, since, weights = (words.data(kind[place], arguments[place]) for place in (1, 5, 6))
        Beside(words, times, since, weights, lane, used, rates * (2 + depots)).all(first, end, to, tell)
        return context.get_dummy_value()

    return types.void(form, notes, first, end, numbers, begun, after, lane, out), generate
