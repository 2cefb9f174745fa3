"""What comes in when, of one person: doses by each of their ways in, and infusions as long as they last. Plain Python, and compiled as it is."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def arrivals(
    times: Floats,
    amounts: Floats,
    durations: Floats,
    lags: Floats,
    shares: Floats,
    spread: Floats,
    targets: Ints,
    when: Floats,
    given: Floats,
    rate: Floats,
) -> int:
    """How many events there are; their times, in order, go into ``when``, what comes in at once into ``given`` [events, targets] and what
    flows in from then on per time into ``rate`` [events, targets]. An event for each dose and way, and one for each infusion's end,
    are the most there can be.

    ``times``, ``amounts`` and ``durations`` (0: at once) of the doses; of each way in its lag, its share, how long it ``spread`` s a dose
    that is given at once (0: not at all), and its target. What flows is added up anew at each event, so that nothing is left over.
    """
    doses, ways = len(times), len(targets)
    at = np.zeros(ways, dtype=np.int64)
    ends, flows, into = np.empty(doses * ways), np.empty(doses * ways), np.empty(doses * ways, dtype=np.int64)
    running, count = 0, 0
    while True:
        soon = math.inf
        for way in range(ways):
            if at[way] < doses:
                soon = min(soon, times[at[way]] + lags[way])
        for one in range(running):
            soon = min(soon, ends[one])
        if soon == math.inf:
            return count
        when[count] = soon
        for target in range(given.shape[1]):
            given[count, target] = 0.0
            rate[count, target] = 0.0
        kept = 0
        for one in range(running):
            if ends[one] > soon:
                ends[kept], flows[kept], into[kept] = ends[one], flows[one], into[one]
                kept += 1
        running = kept
        for way in range(ways):
            while at[way] < doses and times[at[way]] + lags[way] <= soon:
                dose = at[way]
                size, lasting = amounts[dose] * shares[way], durations[dose]
                if lasting <= 0.0:
                    lasting = spread[way]
                if lasting > 0.0:
                    ends[running], flows[running], into[running] = soon + lasting, size / lasting, targets[way]
                    running += 1
                else:
                    given[count, targets[way]] += size
                at[way] = dose + 1
        for one in range(running):
            rate[count, into[one]] += flows[one]
        count += 1
