"""Models, doses and parameters out of the air, for laws that hold for all of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from gradatim.kinetics.events import Row, Schedule
from gradatim.kinetics.mammillary import Direct, FirstOrder, Mixed, Parallel, Transit, mammillary
from gradatim.kinetics.structure import LinearModel

RATES = st.floats(0.01, 20)
_BODY = {1: ("CL", "V"), 2: ("CL", "V1", "Q", "V2"), 3: ("CL", "V1", "Q2", "V2", "Q3", "V3")}
_WAY: dict[Any, tuple[str, ...]] = {
    Direct(): (), FirstOrder(): ("KA",), Parallel(): ("KA1", "KA2", "FR"), Mixed(): ("KA", "FR", "D2"), Transit(3): ("MTT", "KA"),
}  # fmt: skip


@st.composite
def models(draw: st.DrawFn) -> tuple[LinearModel, dict[str, float]]:
    number = draw(st.sampled_from([1, 2, 3]))
    way = draw(st.sampled_from(list(_WAY)))
    model = mammillary(number, way)
    values = {name: draw(RATES) * (10 if name.startswith(("V", "CL")) else 1) for name in (*_BODY[number], *_WAY[way])}
    if "FR" in values:
        values["FR"] = draw(st.floats(0, 1))
    return model, values


TIMES = st.integers(0, 400).map(lambda quarter: quarter / 4)


@st.composite
def dosings(draw: st.DrawFn, most: int = 6) -> tuple[Row, ...]:
    """Doses into the first compartment, at once or over a while; quarters of an hour, so that times are exact."""
    rows = []
    for time in sorted(draw(st.lists(TIMES, min_size=1, max_size=most))):
        dur = draw(st.sampled_from([0.0, 0.0, 0.5, 3.0, 30.0]))
        rows.append(Row(time=time, evid=1, amt=draw(st.floats(0.1, 100)), dur=dur))
    return tuple(rows)


def schedule(*rows: Row) -> Schedule:
    return Schedule(rows=tuple(sorted(rows, key=lambda row: row.time)))
