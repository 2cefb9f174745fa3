"""Speed of drug levels: many people on one schedule, people with schedules of their own, one person, and fits to measured levels, beside the
machine's limits.

The workload: 51 days of titration and taper, 153 doses, levels at 1,225 hours, two compartments by mouth, clearance and volume log-normal.
Every figure is wall time of whole calls, the best of some; limits are measured in the same run. What another engine reaches is not run here:
at best 2.97 and 5.35 million levels a second on one and two cores for the closed form of mrgsolve 2.0.2.9000 (R), on this workload, on two
virtual cores of an Intel Xeon (Sapphire Rapids, 2.6 GHz). SciPy's LSODA is run here, as a yardstick for this machine.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

from gradatim.kinetics import (
    Adherence,
    FirstOrder,
    Histories,
    Normal,
    Population,
    Row,
    Schedule,
    Variability,
    bands,
    curves,
    follow,
    mammillary,
    simulate,
    summary,
)  # fmt: skip
from gradatim.kinetics.crew import aligned
from gradatim.kinetics.crowd import Curves
from gradatim.kinetics.engines import no_gpu, simulated
from gradatim.kinetics.estimation import Measured, Observed, Prior, fit, fit_all, fit_histories, posterior
from gradatim.kinetics.variability import Scatter

MODEL = mammillary(2, FirstOrder())
BODY = {"CL": 10.8, "V1": 28.8, "Q": 12.930048, "V2": 19.679240228905393, "KA": 2.23}
STAGES = ((3, 5), (3, 10), (3, 15), (21, 20), (7, 15), (7, 10), (7, 5))
HOURS = np.arange(1225.0)
PEERS = {1: 2.97e6, 2: 5.35e6}
SD = {"CL": 0.3, "V1": 0.4}
PEOPLE = Population(
    typical=BODY, variability=Variability(on=("CL", "V1"), omega=((0.09, 0.0), (0.0, 0.16))), seed=20250101
)


def course() -> Schedule:
    """Days 1-3 5 mg, 4-6 10, 7-9 15, 10-30 20, 31-37 15, 38-44 10, 45-51 5, at 8, 14 and 21 hours."""
    days = [amount for length, amount in STAGES for _ in range(length)]
    times = [(24.0 * day + hour, amount) for day, amount in enumerate(days) for hour in (8, 14, 21)]
    return Schedule(
        rows=tuple(Row(number=n, time=time, evid=1, amt=float(much)) for n, (time, much) in enumerate(times, 1))
    )


EVENTS = course()


def people(number: int) -> dict[str, Any]:
    """People of this workload, from one seed."""
    z = np.random.default_rng(20250101).standard_normal((2, number))
    return BODY | {name: BODY[name] * np.exp(sd * one) for (name, sd), one in zip(SD.items(), z, strict=True)}


CPU = 0.0  # of the run whose processor time was shortest, among those that `best` last measured


def best(work: Callable[[], object], seconds: float = 1.5) -> float:
    """The shortest of the runs, at least three, that fit into some seconds: what the machine does while others leave it alone."""
    global CPU  # noqa: PLW0603 - read by `say`
    times: list[tuple[float, float]] = []
    while len(times) < 3 or sum(time for time, _ in times) < seconds:
        begin, used = time.perf_counter(), time.process_time()
        work()
        times.append((time.perf_counter() - begin, time.process_time() - used))
    CPU = min(used for _, used in times)
    return min(took for took, _ in times)


def say(name: str, number: float, unit: str = "M/s", more: str = "") -> None:
    """One line."""
    print(f"{name:58} {number:10,.1f} {unit:8} {more}", flush=True)


def tell(name: str, levels: int, took: float, more: str = "") -> None:
    """One line for so many levels; beside wall time what a processor does in a second of its own, which others disturb less."""
    say(name, levels / took / 1e6, more=f"{levels / CPU / 1e6:8,.1f} per processor  {more}")


def limits() -> dict[tuple[str, int], float]:
    """Bytes a second written past the cache, and levels a second of the bare arithmetic, on one and two threads."""
    from concurrent.futures import ThreadPoolExecutor

    from kinetics_limits import arithmetic, fill

    size = 1 << 26
    room = aligned(size, np.dtype(np.float64))
    room[:] = 0
    found: dict[tuple[str, int], float] = {}
    for threads in (1, 2):
        parts = [(begin, begin + size // 16) for begin in range(0, size, size // 16)]
        with ThreadPoolExecutor(threads) as pool:
            took = best(lambda pool=pool, parts=parts: list(pool.map(lambda part: fill(room, *part), parts)))
            found["write", threads] = 8 * size / took
            arithmetic(1)
            rounds, each = 40_000, 128 * 16
            took = best(lambda pool=pool, work=[rounds] * threads: list(pool.map(arithmetic, work)))
            found["arithmetic", threads] = threads * rounds * each / took
    return found


def stored(limit: dict[tuple[str, int], float]) -> None:
    """One schedule, every level kept."""
    for number in (1_000, 10_000, 100_000):
        values = people(number)
        for kind in (np.float64, np.float32):
            room: Curves = curves(MODEL, EVENTS, values, HOURS, dtype=kind)
            for threads in (1, 2):
                took = best(lambda: curves(MODEL, EVENTS, values, HOURS, dtype=kind, threads=threads, into=room))  # noqa: B023
                rate = number * len(HOURS) / took
                share = rate * np.dtype(kind).itemsize / limit["write", threads]
                more = f"{rate / PEERS[threads]:6,.0f} × mrgsolve's, {share:4.0%} of the write limit"
                tell(
                    f"stored {np.dtype(kind).name}, {number:,} people, {threads} thread(s)",
                    number * len(HOURS),
                    took,
                    more,
                )
        if number == 100_000:
            took = best(lambda: curves(MODEL, EVENTS, values, HOURS))  # noqa: B023
            tell("  the same into fresh memory, 2 threads", number * len(HOURS), took)


def streamed(limit: dict[tuple[str, int], float]) -> None:
    """One schedule, nothing kept but the answer."""
    for number in (100_000, 1_000_000):
        for threads in (1, 2):
            took = best(lambda: bands(MODEL, EVENTS, PEOPLE.parameters, number, HOURS, threads=threads))  # noqa: B023
            rate = number * len(HOURS) / took
            more = f"{rate / limit['arithmetic', threads]:4.0%} of the arithmetic"
            tell(f"quantile bands, {number:,} people drawn, {threads} thread(s)", number * len(HOURS), took, more)
    values, edges = people(100_000), HOURS[::24]
    for threads in (1, 2):
        took = best(lambda: summary(MODEL, EVENTS, values, HOURS, edges, threads=threads))  # noqa: B023
        tell(f"exposure of 51 days, 100,000 people, {threads} thread(s)", 100_000 * len(HOURS), took)


def histories(number: int) -> tuple[Histories, dict[str, Any]]:
    """People with their own missed and late doses, and their own times."""
    random, values = np.random.default_rng(3), people(number)
    taken = Adherence(missed=0.1, missed_again=0.3, late=Normal(mean=0.3, sd=0.5)).taken(
        EVENTS, [0.0], first=0, number=number
    )
    told = Histories(
        dose_first=taken.dose_first, dose_times=taken.dose_times, amounts=taken.amounts,
        note_first=np.arange(number + 1, dtype=np.int64) * len(HOURS), note_times=np.sort(random.uniform(0, 1224, (number, len(HOURS)))).ravel(),
    )  # fmt: skip
    return told, values


def own() -> None:
    """Each their own missed and late doses, and their own times."""
    number = 4_000
    told, values = histories(number)
    room = follow(MODEL, told, values)
    for threads in (1, 2):
        took = best(lambda: follow(MODEL, told, values, threads=threads, into=room))  # noqa: B023
        more = f"{number * len(HOURS) / took / PEERS[threads]:6,.0f} × mrgsolve's on one schedule"
        tell(f"own histories, {number:,} people, {threads} thread(s)", number * len(HOURS), took, more)
    took = best(lambda: follow(MODEL, told, values))
    tell("  the same into fresh memory, all cores", number * len(HOURS), took)
    deep = values | {"Q2": values["Q"], "Q3": 2.0, "V3": 60.0}
    others = (
        ("three compartments", mammillary(3, FirstOrder()), told, deep),
        ("infusions over an hour", mammillary(2), replace(told, durations=np.ones(len(told.dose_times))), values),
    )
    for name, model, those, body in others:
        known = {one: value for one, value in body.items() if one in model.parameters}
        follow(model, those, known, into=room)
        for threads in (1, 2):
            took = best(lambda: follow(model, those, known, threads=threads, into=room))  # noqa: B023
            tell(f"own histories, {name}, {threads} thread(s)", number * len(HOURS), took)


def gpu() -> None:
    """The same on a GPU, copies there and back included; a word where there is none."""
    why = no_gpu() or ("it is a simulator" if simulated() else "")
    if why:
        print(f"no lines for a GPU: {why}", flush=True)
        return
    number = 100_000
    values, edges = people(number), HOURS[::24]
    for kind in (np.float64, np.float32):
        curves(MODEL, EVENTS, values, HOURS, dtype=kind, engine="gpu")
        took = best(lambda: curves(MODEL, EVENTS, values, HOURS, dtype=kind, engine="gpu"))  # noqa: B023
        say(f"GPU, stored {np.dtype(kind).name}, {number:,} people", number * len(HOURS) / took / 1e6)
    for many in (1_000_000, 10_000_000):
        bands(MODEL, EVENTS, PEOPLE, many, HOURS, engine="gpu")
        took = best(lambda: bands(MODEL, EVENTS, PEOPLE, many, HOURS, engine="gpu"))  # noqa: B023
        say(f"GPU, quantile bands, {many:,} people drawn", many * len(HOURS) / took / 1e6)
    summary(MODEL, EVENTS, values, HOURS, edges, engine="gpu")
    took = best(lambda: summary(MODEL, EVENTS, values, HOURS, edges, engine="gpu"))
    say(f"GPU, exposure of 51 days, {number:,} people", number * len(HOURS) / took / 1e6)
    told, some = histories(40_000)
    follow(MODEL, told, some, engine="gpu")
    took = best(lambda: follow(MODEL, told, some, engine="gpu"))
    say("GPU, own histories, 40,000 people", len(told.note_times) / took / 1e6)


ONE = """
import time; begin = time.perf_counter()
from gradatim.kinetics import *
import sys; sys.path.insert(0, "bench"); loaded = time.perf_counter()
rows = [(24.0 * day + hour, amount) for day, amount in enumerate([5]*3+[10]*3+[15]*3+[20]*21+[15]*7+[10]*7+[5]*7) for hour in (8, 14, 21)]
events = Schedule(rows=tuple(Row(number=n, time=t, evid=1, amt=float(a)) for n, (t, a) in enumerate(rows, 1)))
model, body = mammillary(2, FirstOrder()), {"CL": 10.8, "V1": 28.8, "Q": 12.930048, "V2": 19.679240228905393, "KA": 2.23}
first = curves(model, events, body, range(1225)); print(loaded - begin, time.perf_counter() - begin)
"""


def one() -> None:
    """One person."""
    hours = HOURS
    warm = best(lambda: curves(MODEL, EVENTS, BODY, hours))
    new = best(lambda: curves(MODEL, Schedule(rows=EVENTS.rows), BODY, hours))
    say("one person, warm, the same schedule", warm * 1e3, "ms")
    say("one person, warm, a new schedule (checked and compiled)", new * 1e3, "ms")

    def process() -> list[float]:
        begin = time.perf_counter()
        told = subprocess.run([sys.executable, "-c", ONE], capture_output=True, text=True, check=True).stdout.split()
        return [*map(float, told), time.perf_counter() - begin]

    runs = [process() for _ in range(5)]
    loaded, first, whole = min(runs, key=lambda run: run[2])
    say(
        "one person, first curve of a fresh process",
        first * 1e3,
        "ms",
        f"of which {loaded * 1e3:.0f} ms to import; whole process {whole * 1e3:.0f} ms",
    )


PRIOR = Prior(
    model=MODEL, typical=BODY, variability=Variability(on=("CL", "V1"), omega=((0.09, 0.0), (0.0, 0.16))), scatter=Scatter(proportional=0.15),
)  # fmt: skip
TAKEN = [24.0 * day + hour for day in range(4) for hour in (8, 14, 21)]
SAMPLED = (34.0, 37.75, 82.0)
GIVEN = [5.0] * 9 + [10.0] * 3

FIT = """
import time; begin = time.perf_counter()
from gradatim.kinetics import *; from gradatim.kinetics.estimation import *; loaded = time.perf_counter()
taken = [24.0 * day + hour for day in range(4) for hour in (8, 14, 21)]
rows = tuple(Row(number=n, time=t, evid=1, amt=5.0 if n < 9 else 10.0) for n, t in enumerate(taken))
seen = tuple(Measured(time=t, level=y) for t, y in ((34.0, 0.065), (37.75, 0.028), (82.0, 0.120)))
body = {"CL": 10.8, "V1": 28.8, "Q": 12.930048, "V2": 19.679240228905393, "KA": 2.23}
spread = Variability(on=("CL", "V1"), omega=((0.09, 0.0), (0.0, 0.16)))
prior = Prior(model=mammillary(2, FirstOrder()), typical=body, variability=spread, scatter=Scatter(proportional=0.15))
found = fit(prior, Observed(schedule=Schedule(rows=rows), measured=seen)); print(loaded - begin, time.perf_counter() - begin)
"""


def maps() -> None:
    """(d) MAP fits: 12 doses, 3 levels, 2 etas. One fit of this problem took 34.3 ms in mapbayr 0.10.2 (50 people in one call), 4.5 ms in
    Tucuxi-core, on the processor named above."""
    number = 50_000
    random = np.random.default_rng(4)
    etas = random.standard_normal((2, number)) * np.array([[0.3], [0.4]])
    true = curves(MODEL, Schedule(rows=tuple(Row(time=t, evid=1, amt=a) for t, a in zip(TAKEN, GIVEN, strict=True))),
                  PRIOR.parameters(etas), SAMPLED).levels  # fmt: skip
    levels = (true * np.exp(0.15 * random.standard_normal(true.shape))).T.ravel()
    told = Histories(
        dose_first=np.arange(number + 1) * 12, dose_times=np.tile(TAKEN, number), amounts=np.tile(GIVEN, number),
        note_first=np.arange(number + 1) * 3, note_times=np.tile(SAMPLED, number),
    )  # fmt: skip
    found = fit_histories(PRIOR, told, levels)
    say("(d) fits that ended at a minimum", 100 * found.found.mean(), "%")
    for thorough in (False, True):
        how = "5 descents" if thorough else "1 descent"
        for threads in (1, 2):
            took = best(lambda: fit_histories(PRIOR, told, levels, threads=threads, thorough=thorough))  # noqa: B023
            say(
                f"(d) MAP, {number:,} people, {how}, {threads} thread(s)",
                took / number * 1e6,
                "µs a fit",
                f"{number / took:10,.0f} fits a second",
            )
    schedule = Schedule(
        rows=tuple(Row(number=n, time=t, evid=1, amt=a) for n, (t, a) in enumerate(zip(TAKEN, GIVEN, strict=True)))
    )
    people = [
        Observed(
            schedule=schedule, measured=tuple(Measured(time=t, level=y) for t, y in zip(SAMPLED, one, strict=True))
        )
        for one in levels[:6000].reshape(-1, 3).tolist()
    ]
    took = best(lambda: fit_all(PRIOR, people, threads=1))
    say("(d) MAP, 2,000 people as objects, 1 thread", took / len(people) * 1e6, "µs a fit")
    for thorough in (False, True):
        took = best(lambda: fit(PRIOR, people[0], thorough=thorough), 0.5)  # noqa: B023
        say(f"(d) MAP, one person, warm, {'5 descents' if thorough else '1 descent'}, no kernel", took * 1e3, "ms")
    mode = fit(PRIOR, people[0])
    say(
        "(d) posterior, 4,000 draws in 4 chains",
        best(lambda: posterior(mode), 1.0) * 1e3,
        "ms",
        f"worth {posterior(mode).effective.min():,.0f}",
    )

    def process() -> list[float]:
        return [
            *map(
                float,
                subprocess.run([sys.executable, "-c", FIT], capture_output=True, text=True, check=True).stdout.split(),
            )
        ]

    loaded, first = min((process() for _ in range(5)), key=lambda run: run[1])
    say("(d) MAP, first fit of a fresh process", first * 1e3, "ms", f"of which {loaded * 1e3:.0f} ms to import")


def others() -> None:
    """NumPy's engine, and an ODE solver for one person."""
    values = people(1000)
    rate = 1000 * len(HOURS) / best(lambda: simulate(MODEL, EVENTS, values, HOURS))
    say("the exact engine in NumPy, 1,000 people", rate / 1e6)
    k, k12, k21, ka = 10.8 / 28.8, 12.930048 / 28.8, 12.930048 / 19.679240228905393, 2.23

    def lsoda() -> None:
        state, now = np.zeros(3), 0.0
        for row in (*EVENTS.rows, Row(time=1224.0)):
            if row.time > now:
                asked = HOURS[(now <= HOURS) & (row.time > HOURS)]
                found = solve_ivp(
                    lambda _t, x: (-ka * x[0], ka * x[0] - (k + k12) * x[1] + k21 * x[2], k12 * x[1] - k21 * x[2]),
                    (now, row.time), state, "LSODA", [*asked, row.time], rtol=1e-8, atol=1e-10,
                )  # fmt: skip
                state, now = found.y[:, -1], row.time
            state[0] += row.amt

    say("SciPy LSODA (1e-8, 1e-10), one person at a time", len(HOURS) / best(lsoda) / 1e3, "k/s")


BANDS = """
import sys; sys.path.insert(0, "bench"); import kinetics as k
k.bands(k.MODEL, k.EVENTS, k.PEOPLE.parameters, int(sys.argv[1]), k.HOURS)
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def memory(number: int) -> float:
    """The most memory that a fresh process needs for bands of so many people, in MiB; told by Linux only."""
    if not Path("/proc/self/status").exists():
        return float("nan")
    command = [sys.executable, "-c", BANDS, str(number)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout) / 1024


def main() -> None:
    """Measure and print."""
    print(
        f"CPython {platform.python_version()}, {platform.machine()}, {platform.system()}; load {os.getloadavg()[0]:.1f}"
    )
    print("figures are millions of levels a second unless another unit is told")
    curves(MODEL, EVENTS, people(1000), HOURS)
    limit = limits()
    for threads in (1, 2):
        say(
            f"limit: writing past the cache, {threads} thread(s)",
            limit["write", threads] / 1e9,
            "GB/s",
            f"{limit['write', threads] / 8e6:,.0f} M/s of float64",
        )
        say(f"limit: arithmetic alone, {threads} thread(s)", limit["arithmetic", threads] / 1e6)
    others()
    stored(limit)
    streamed(limit)
    own()
    gpu()
    one()
    maps()
    for number in (100_000, 1_000_000):
        say(f"most memory, bands of {number:,} people, 2 threads", memory(number), "MiB")
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
