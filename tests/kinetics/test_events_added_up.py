"""Any table of events against its plain meaning: every dose that was ever given, added up, and wiped out by what wipes it out."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from gradatim.kinetics.events import Row, Schedule
from gradatim.kinetics.mammillary import mammillary
from gradatim.kinetics.simulate import simulate

MODEL = mammillary(1)
K, V = 0.2, 10.0
QUARTERS = st.integers(0, 160).map(lambda quarter: quarter / 4)
CYCLES = 300  # before a steady state: e⁻¹⁸⁰ is left of the first


@dataclass
class Given:
    """A dose into the compartment: from ``start``, seen from ``seen`` on, by the row numbered ``row``; wiped out at ``end``."""

    start: float
    amount: float
    lasting: float
    seen: float
    row: int
    ends_by_row: int = 10**6

    def left(self, at: float) -> float:
        since = at - self.start
        if since < 0 or at < self.seen:
            return 0.0
        if not self.lasting:
            return self.amount * math.exp(-K * since)
        into, after = min(since, self.lasting), max(0.0, since - self.lasting)
        return self.amount / self.lasting / K * -math.expm1(-K * into) * math.exp(-K * after)


def added_up(rows: list[Row], lag: float, share: float) -> list[float]:
    ever: list[Given] = []
    found = []
    for place, row in enumerate(rows):
        if row.resets or row.ss == 1:
            for dose in ever:
                dose.ends_by_row = min(dose.ends_by_row, place)
        if row.doses:
            amount = row.amt * share
            lasting = amount / row.rate if row.rate else row.dur
            before = range(-CYCLES, 0) if row.ss else range(0)
            for again in (*before, *range(row.addl + 1)):
                start = row.time + lag + again * row.ii
                ever.append(Given(start, amount, lasting, row.time, place))
        # A row sees what was given by the rows up to it, and additional and lagged doses that come at its time.
        found.append(sum(dose.left(row.time) for dose in ever if dose.ends_by_row > place) / V)
    return found


@st.composite
def tables(draw: st.DrawFn) -> list[Row]:
    rows = []
    for number, time in enumerate(sorted(draw(st.lists(QUARTERS, min_size=2, max_size=9))), 1):
        evid = draw(st.sampled_from([0, 0, 1, 1, 1, 3, 4]))
        if evid not in {1, 4}:
            rows.append(Row(number=number, time=time, evid=evid))
            continue
        ss = draw(st.sampled_from([0, 0, 1, 2]))
        addl = draw(st.sampled_from([0, 0, 1, 3]))
        rate, dur = draw(st.sampled_from([(0.0, 0.0), (0.0, 0.0), (8.0, 0.0), (0.0, 2.5), (1.0, 0.0), (0.0, 13.0)]))
        rows.append(Row(
            number=number, time=time, evid=evid, amt=draw(st.sampled_from([4.0, 16.0, 33.0])), rate=rate, dur=dur,
            ii=3.0 if ss or addl else 0.0, addl=addl, ss=ss,
        ))  # fmt: skip
    return [*rows, Row(number=99, time=41.0), Row(number=100, time=60.0)]


@given(tables(), st.sampled_from([0.0, 0.5, 2.25, 3.0]), st.sampled_from([1.0, 0.5, 1.75]))
@settings(max_examples=150)
def test_any_table(rows: list[Row], lag: float, share: float) -> None:
    found = simulate(MODEL, Schedule(rows=tuple(rows)), {"CL": K * V, "V": V, "ALAG1": lag, "F1": share}).levels[:, 0]
    for ours, wanted in zip(found, added_up(rows, lag, share), strict=True):
        assert math.isclose(ours, wanted, rel_tol=1e-9, abs_tol=1e-12)
