"""Drug levels of other programs from PyPI, beside ours, in one run on one thread, on the workload of `kinetics.py`.

A peer is timed only where its levels are ours: the largest difference is told first. Peers have requirements of their own, which do
not go with those of Gradatim, so they stand in an environment of their own:

    python -m venv peers && peers/bin/pip install --require-hashes -r requirements/bench.lock
    PYTHONPATH=src peers/bin/python bench/kinetics_peers.py

openpkflow adds up closed forms, one person at a time, in NumPy; SciPy's LSODA and DOP853 solve the equations from dose to dose, one person
at a time. Not timed: opendose-poppk 1.1.1, whose doses by mouth are put straight into the central compartment, whatever the rate of absorption.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator
from importlib import metadata
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from gradatim.kinetics import FirstOrder, Histories, Row, Schedule, curves, follow, mammillary

Floats = NDArray[np.float64]
MODEL = mammillary(2, FirstOrder())
BODY = {"CL": 10.8, "V1": 28.8, "Q": 12.930048, "V2": 19.679240228905393, "KA": 2.23}
STAGES = ((3, 5), (3, 10), (3, 15), (21, 20), (7, 15), (7, 10), (7, 5))
HOURS = np.arange(1225.0)
NEAR = 1e-6
"""How far, as a share of a level, a peer may be off to be timed; levels below a millionth of the highest are left out."""
MANY = 4_000


class Taken(NamedTuple):
    """Of one person."""

    times: Floats
    amounts: Floats
    read: Floats
    body: dict[str, float]


Peer = Callable[[Taken], Floats]


def planned() -> tuple[Floats, Floats]:
    """Times and amounts of 51 days of titration and taper."""
    days = np.concatenate([np.full(length, amount) for length, amount in STAGES]).astype(np.float64)
    return (np.arange(len(days))[:, None] * 24.0 + [8.0, 14.0, 21.0]).ravel(), np.repeat(days, 3)


def people(number: int, own: bool) -> list[Taken]:
    """Some of the people; with times and doses of their own, or all on the plan."""
    random = np.random.default_rng(20250101)
    times, amounts = planned()
    found = []
    for _ in range(number):
        z = random.standard_normal(2)
        body = BODY | {"CL": BODY["CL"] * np.exp(0.3 * z[0]), "V1": BODY["V1"] * np.exp(0.4 * z[1])}
        kept, late = random.random(len(times)) > 0.1, random.exponential(0.3, len(times))
        if own:
            read = np.sort(random.uniform(0, 1224, len(HOURS)))
            found.append(Taken(np.sort((times + late)[kept]), amounts[kept], read, body))
        else:
            found.append(Taken(times, amounts, HOURS, body))
    return found


def openpkflow() -> Peer:
    """Raises ImportError."""
    from openpkflow.sim.dosing import Dose, DoseRegimen  # type: ignore[import-not-found, unused-ignore]
    from openpkflow.sim.models import TwoCompartmentModel  # type: ignore[import-not-found, unused-ignore]
    from openpkflow.sim.simulate import simulate  # type: ignore[import-not-found, unused-ignore]

    def levels(one: Taken) -> Floats:
        doses = tuple(
            Dose(amount=float(much), time=float(at), route="oral")
            for at, much in zip(one.times, one.amounts, strict=True)
        )
        body = one.body
        model = TwoCompartmentModel(
            route="oral", CL_F=body["CL"], V1_F=body["V1"], Q=body["Q"], V2=body["V2"], ka=body["KA"]
        )
        return np.asarray(simulate(model, DoseRegimen(doses), one.read).concs)

    return levels


def scipy_ode(method: Literal["LSODA", "DOP853"]) -> Callable[[], Peer]:
    """An ODE solver, to 1e-8 and 1e-10."""

    def made() -> Peer:
        def levels(one: Taken) -> Floats:
            body = one.body
            k10, k12, k21, ka = body["CL"] / body["V1"], body["Q"] / body["V1"], body["Q"] / body["V2"], body["KA"]
            state, now, found = np.zeros(3), 0.0, []
            for at, much in zip([*one.times, 1224.5], [*one.amounts, 0.0], strict=True):
                read = one.read[(now <= one.read) & (one.read < at)]
                if at > now:
                    solved = solve_ivp(
                        lambda _t, x: (-ka * x[0], ka * x[0] - (k10 + k12) * x[1] + k21 * x[2], k12 * x[1] - k21 * x[2]),
                        (now, at), state, method, [*read, at], rtol=1e-8, atol=1e-10,
                    )  # fmt: skip
                    found.append(solved.y[1, :-1] / body["V1"])
                    state, now = solved.y[:, -1], at
                state[0] += much
            return np.concatenate(found)

        return levels

    return made


PEERS: dict[str, tuple[Callable[[], Peer], str, int]] = {
    "openpkflow": (openpkflow, "openpkflow", 6),
    "SciPy LSODA": (scipy_ode("LSODA"), "scipy", 2),
    "SciPy DOP853": (scipy_ode("DOP853"), "scipy", 2),
}
"""What makes each, the package that it is of, and how many people it is asked for."""


def there() -> Iterator[tuple[str, Peer, int]]:
    """The peers that are installed."""
    for name, (make, package, number) in PEERS.items():
        try:
            yield f"{name} {metadata.version(package)}", make(), number
        except (ImportError, metadata.PackageNotFoundError):
            print(f"{name:24} is not installed")


def ours(taken: list[Taken], own: bool) -> Callable[[], Floats]:
    """All their levels [people, times], by one thread."""
    body = {name: np.array([one.body[name] for one in taken]) for name in BODY}
    if not own:
        rows = zip(taken[0].times.tolist(), taken[0].amounts.tolist(), strict=True)
        events = Schedule(rows=tuple(Row(number=n, time=at, evid=1, amt=much) for n, (at, much) in enumerate(rows, 1)))
        room = curves(MODEL, events, body, HOURS)
        return lambda: curves(MODEL, events, body, HOURS, threads=1, into=room).levels.T
    told = Histories.of([(one.times, one.amounts) for one in taken], [one.read for one in taken])
    space = follow(MODEL, told, body)
    return lambda: follow(MODEL, told, body, threads=1, into=space).reshape(len(taken), -1)


def best(work: Callable[[], object], seconds: float = 1.0) -> float:
    """The shortest of the runs, at least three, that fit into some seconds."""
    times: list[float] = []
    while len(times) < 3 or sum(times) < seconds:
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


def beside(name: str, peer: Peer, taken: list[Taken], exact: Floats, rate: float) -> None:
    """One line about a peer."""
    found = np.array([peer(one) for one in taken])
    told = exact > 1e-6 * exact.max()
    off = float(np.max(np.abs(found[told] / exact[told] - 1)))
    if off > NEAR:
        print(f"{name:24} is off by {off:.1e}: not timed", flush=True)
        return
    theirs = found.size / best(lambda: [peer(one) for one in taken])
    print(f"{name:24} {theirs / 1e6:10.4f} M/s; off by {off:.1e}; ours {rate / theirs:10,.0f} × as fast", flush=True)


def main() -> None:
    """Measure and print."""
    print(
        f"CPython {platform.python_version()}, {platform.machine()}, {platform.system()}; millions of levels a second, one thread"
    )
    for own in (False, True):
        print("own doses and times" if own else "one schedule for everybody")
        many = people(MANY, own)
        run = ours(many, own)
        exact = run().copy()
        rate = exact.size / best(run)
        print(f"{'Gradatim, 4,000 people':24} {rate / 1e6:10.1f} M/s", flush=True)
        for name, peer, number in there():
            beside(name, peer, many[:number], exact[:number], rate)


if __name__ == "__main__":
    main()
