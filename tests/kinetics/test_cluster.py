"""The same people on a cluster of processes: the same bits for any parts and any workers, also when one is killed; and clear refusals."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradatim.domain.fault import BadInput
from gradatim.kinetics import cluster, engines
from gradatim.kinetics.adherence import Adherence
from gradatim.kinetics.bands import bands
from gradatim.kinetics.catalogue import published
from gradatim.kinetics.events import doses
from gradatim.kinetics.expected import Dosing, expected
from gradatim.kinetics.exposure import exposure
from gradatim.kinetics.exposures import exposures
from gradatim.kinetics.population import Population
from gradatim.kinetics.subject import subject
from gradatim.kinetics.trial import Trial, arms_of, trial
from gradatim.kinetics.variability import Normal

distributed = pytest.importorskip("distributed")

ADULT = published("adult-derived")
MODEL = ADULT.model()
PEOPLE = Population.of_published(ADULT, covariates={"CRCL": Normal(mean=90, sd=20, low=20)}, seed=3)
THREE = doses(20, [24.0 * day + hour for day in range(3) for hour in (8, 14, 21)])
TIMES = np.arange(0, 73.0, 6)
EDGES = [0.0, 24.0, 48.0, 72.0]


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Two processes; without kernels, which each would have to fetch first."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("GRADATIM_NO_NUMBA", "1")
        forgotten = (engines.has_numba, cluster.stamp)
        for one in forgotten:
            one.cache_clear()
        with cluster.workers(2) as found:
            yield found
    for one in forgotten:
        one.cache_clear()


def counted(**more: Any) -> np.ndarray:
    return bands(MODEL, THREE, PEOPLE.parameters, 3000, TIMES, first=7, **more).counts


def tried(**more: Any) -> Trial:
    arms = arms_of(
        {"three": THREE, "once": doses(60, [8.0, 32.0, 56.0])}, {"adults": PEOPLE}, {"all": None, "some": Adherence(missed=0.2, late=Normal(mean=0.5, sd=1))},
    )  # fmt: skip
    return trial(MODEL, arms, 200, TIMES, EDGES, first=5, seed=2, **more)


def same(one: Trial, other: Trial) -> bool:
    return all(
        np.array_equal(a.mean, b.mean)
        and np.array_equal(a.sd, b.sd)
        and all(np.array_equal(getattr(a, name).counts, getattr(b, name).counts) for name in ("levels", "measures", "beside"))
        for a, b in zip(one.arms, other.arms, strict=True)
    )  # fmt: skip


def test_bands_are_the_same_in_any_parts(client: Any) -> None:
    here = counted()
    assert here.sum() == 3000 * len(TIMES)
    for chunk in (None, 3000, 1000, 617):
        assert np.array_equal(counted(on=client, chunk=chunk), here)


def test_a_trial_is_the_same_in_any_parts(client: Any) -> None:
    here = tried(chunk=200)
    assert same(tried(chunk=77), here)
    for chunk in (None, 100, 67):
        assert same(tried(on=client, chunk=chunk), here)


def test_the_exposure_of_each_person_is_the_same_in_any_parts(client: Any) -> None:
    def found(**more: Any) -> list[np.ndarray]:
        made = exposures(MODEL, THREE, PEOPLE.parameters, 60, EDGES, first=11, above=150, step=2, **more)
        return [made.highest, made.highest_at, made.lowest, made.area, *([] if made.above is None else [made.above])]

    here = exposure(MODEL, THREE, PEOPLE.parameters(11, 60), EDGES, above=150, step=2)
    for more in ({}, {"chunk": 13}, {"on": client}, {"on": client, "chunk": 25}):
        alike = zip(found(**more), (here.highest, here.highest_at, here.lowest, here.area, here.above), strict=True)
        assert all(np.array_equal(one, other) for one, other in alike if other is not None)
    with pytest.raises(BadInput, match="2 subjects for 60 people"):
        exposures(MODEL, THREE, lambda *_: PEOPLE.parameters(0, 2), 60, EDGES)


def test_what_is_expected_of_a_plan_is_the_same_and_progress_is_told(client: Any) -> None:
    who = subject(given={"CRCL": "60 mL/min"})
    dosing = Dosing(doses=tuple((row.time, row.amt) for row in THREE.rows), edges=tuple(EDGES))
    given: dict[str, Any] = {"percents": (5, 50, 95), "people": 1200, "seed": 4}
    seen: list[int] = []
    assert expected(who, dosing, **given, on=client, watch=seen.append) == expected(who, dosing, **given)
    assert seen == sorted(seen)
    assert seen[-1] == 2 * 1200
    assert 1200 in seen
    assert len(seen) >= 4
    late, given["people"] = Adherence(missed=0.1), 100
    assert expected(who, dosing, **given, on=client, taking=late) == expected(who, dosing, **given, taking=late)
    assert expected(who, dosing, **given, taking=late).spreads != expected(who, dosing, **given).spreads


def deadly(marks: Path, times: int) -> Callable[[int, int], Any]:
    """People over whom the process that draws them is killed, so many times."""

    def people(first: int, number: int) -> Any:
        for turn in range(times):
            try:
                (marks / f"{first}-{turn}").touch(exist_ok=False)
            except FileExistsError:
                continue
            if first == 1007:
                os.kill(os.getpid(), signal.SIGKILL)
        return PEOPLE.parameters(first, number)

    return people


@pytest.mark.long
def test_a_killed_worker_changes_nothing(client: Any, tmp_path: Path) -> None:
    before = set(client.nthreads())
    found = bands(MODEL, THREE, deadly(tmp_path, 1), 3000, TIMES, first=7, chunk=1000, on=client)
    assert np.array_equal(found.counts, counted())
    assert len(list(tmp_path.iterdir())) == 3  # each part was begun, and one of them a second time
    assert not before <= set(client.nthreads())  # whoever was killed did not come back as it was


@pytest.mark.long
def test_workers_that_die_again_and_again_end_it(tmp_path: Path) -> None:
    with cluster.workers(1) as mortal:
        mortal.run_on_scheduler(lambda dask_scheduler: setattr(dask_scheduler, "allowed_failures", 0))
        with pytest.raises(BadInput, match="more memory"):
            bands(MODEL, THREE, deadly(tmp_path, 9), 3000, TIMES, first=1007, chunk=3000, on=mortal)


def test_when_all_workers_are_gone_for_good_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_WITHOUT", 1)

    def slowly(first: int, number: int) -> int:
        time.sleep(0.1)
        return first + number

    with cluster.workers(1) as left:
        parts = cluster.each(left, slowly, [(first, 1) for first in range(50)])
        assert next(parts) == (0, 1, 1)
        assert left.cluster is not None
        left.cluster.scale(0)
        with pytest.raises(BadInput, match="has lost all its workers"):
            list(parts)


def test_the_workers_of_a_cluster_count_on_processors(client: Any) -> None:
    with pytest.raises(BadInput, match="count on processors"):
        counted(on=client, engine="gpu")
    assert np.array_equal(counted(on=client, engine="best"), counted())
    with pytest.raises(BadInput, match="count on processors"):
        expected(subject(), Dosing(doses=((8.0, 20.0),), edges=(0.0, 24.0)), on=client, engine="gpu")


def test_a_fault_in_a_part_arrives_as_it_is(client: Any) -> None:
    def people(first: int, number: int) -> Any:
        return PEOPLE.parameters(first, number) | ({"CL": np.full(number, -1.0)} if first else {})

    with pytest.raises(BadInput, match=r"parameters\.CL: -1 is out of range"):
        bands(MODEL, THREE, people, 3000, TIMES, chunk=1000, on=client)
    assert np.array_equal(counted(on=client), counted())  # and what was under way is gone


OTHERS = {
    "none": ("import sys\nsys.modules['gradatim'] = None\n", r"has no gradatim.*gradatim\[scale\]=="),
    "version": ("import gradatim\ngradatim.__version__ = '0.0.9'\n", r"another gradatim, 0\.0\.9 .*pip install"),
    "code": (
        "import gradatim.kinetics.cluster as c\nc.stamp = lambda: '0.1.0 otherwise'\n",
        r"another gradatim, 0\.1\.0 otherwise, than is asked for, 0\.1\.0 ",
    ),
}


@pytest.mark.parametrize("which", ["none", "code", pytest.param("version", marks=pytest.mark.long)])
def test_workers_with_another_program_are_refused(which: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program, said = OTHERS[which]
    begun = distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=50,
        preload=[program],
    )
    with begun as local, distributed.Client(local) as client:
        with pytest.raises(BadInput, match=said):
            counted(on=client)
        monkeypatch.setattr(cluster, "_same_program", lambda _: None)  # one that came later, and was not asked
        with pytest.raises(BadInput, match=said):
            counted(on=client)


def test_without_dask_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    for begun in (cluster.workers(2), cluster.connected("tcp://127.0.0.1:1")):
        with pytest.raises(BadInput, match=r'distributed.*pip install "gradatim\[scale\]"'), begun:
            pass


def test_an_address_where_nothing_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 0.3)
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        with pytest.raises(BadInput, match="nothing answers at"), cluster.connected(address):
            pass


def test_a_cluster_by_its_address_and_one_without_workers(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with cluster.connected(str(client.scheduler_info()["address"])) as other:
        assert np.array_equal(counted(on=other), counted())
    monkeypatch.setattr(cluster, "_PATIENCE", 0.3)
    with (
        distributed.LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0") as empty,
        distributed.Client(empty) as nobody,
        pytest.raises(BadInput, match="has no worker"),
    ):
        counted(on=nobody)
