"""Work on people given out to the processes of a Dask cluster: on this machine or on many, the same numbers.

What is sent is a model, doses in hours and amounts, and parameters: no name and no date. What comes back from each part does not hang on
how the people were cut into parts, nor on which process took it, how often it was begun again, or when it was done. Dask and its
`distributed` are imported here only, and only when asked for: ``pip install "gradatim[scale]"``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

import gradatim
from gradatim.domain.fault import BadInput, one_fault
from gradatim.kinetics.engines import has_numba

if TYPE_CHECKING:
    from distributed import Client as Client  # noqa: PLC0414 - for those who only name its type

Done = TypeVar("Done")

_IN_FLIGHT = 2  # parts sent for each thread of the cluster: one is worked on, one waits
_PARTS = 4  # for each thread, so that none waits long for the last
LEAST = 512
"""People in a part at least, so that sending it is little beside the work."""
_PATIENCE = 10  # seconds until a cluster that does not answer is given up
_WITHOUT = 60  # seconds that work waits while all workers are gone; on a cluster of somebody else's it is theirs to say
INSTALL = 'Install it: pip install "gradatim[scale]"'


@contextmanager
def workers(number: int) -> Iterator[Client]:
    """So many processes of this machine, of one thread each, that nobody outside it can reach; ended when the block is left.

    Raises `BadInput` without Dask. Like everything that starts processes it belongs below ``if __name__ == "__main__"`` in a program.
    """
    with _dask():
        import dask
        from distributed import Client, LocalCluster
    # no dashboard, and what Dask writes down goes with the block
    given_up = {"distributed.scheduler.no-workers-timeout": f"{_WITHOUT}s"}
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as scratch,
        dask.config.set({"temporary-directory": scratch, **given_up}),
    ):
        begun = LocalCluster(
            n_workers=number, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50,
            scheduler_kwargs={"dashboard": False},
        )  # fmt: skip
        with begun as local, Client(local) as client:
            yield client


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """A cluster that runs already, by the address of its scheduler, such as ``tcp://192.0.2.7:8786``.

    Raises `BadInput` without Dask, and where nothing answers there.
    """
    with _dask():
        from distributed import Client
    try:
        client = Client(address, timeout=_PATIENCE)
    except (OSError, ValueError) as no:
        remedy = "Start it with: dask scheduler, and: dask worker ADDRESS; or correct the address"
        raise one_fault("cluster", f"nothing answers at {address}", remedy) from no
    with client:
        yield client


def each(
    client: Client, work: Callable[[int, int], Done], parts: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int, Done]]:
    """What ``work`` says of each part (the number of its first person, and how many), in the order in which they are done.

    No more parts are under way than the cluster has hands for, so that answers never pile up. What a worker that dies was doing is begun
    again by another, and Dask starts one in its place where it can. Raises `BadInput` where ``work`` does, where a worker has no gradatim
    or another one, where there is no worker, where workers die again and again, and where all are gone for good.
    """
    with _dask():
        from distributed import KilledWorker, as_completed
        from distributed.client import FutureCancelledError
        from distributed.protocol.pickle import dumps
        from distributed.scheduler import NoWorkerError

    _same_program(client)
    packed, waiting, carried = dumps(work), iter(parts), _carried()
    sent: dict[Any, tuple[int, int]] = {}

    def send() -> list[Any]:
        room = max(_IN_FLIGHT * sum(client.nthreads().values()), 1) - len(sent)
        found = []
        for first, number in islice(waiting, max(room, 0)):
            future = client.submit(carried, packed, stamp(), first, number, pure=False)
            sent[future] = first, number
            found.append(future)
        return found

    running = as_completed(send(), with_results=True)
    try:
        for future, found in running:
            first, number = sent.pop(future)
            running.update(send())
            yield first, number, found
    except NoWorkerError as none:
        raise one_fault("cluster", "has lost all its workers", "Start some, and then this again") from none
    except KilledWorker as killed:
        problem = "workers died again and again over the same people"
        raise one_fault("cluster", problem, "Give them more memory, or smaller chunks") from killed
    except FutureCancelledError as gone:
        raise one_fault("cluster", "has gone away", "Start it again, and then this again") from gone
    except ModuleNotFoundError as missing:
        raise _missing(missing.name or "gradatim") from missing
    finally:
        client.cancel(list(sent))


def _carried() -> Callable[[bytes, str, int, int], Any]:
    """`part_of` for a worker that may not have it. Dask sends a function within a function whole; the name of one that a worker cannot
    import makes it lose its connection, and everybody wait for ever."""

    def part(packed: bytes, program: str, first: int, number: int) -> Any:
        from gradatim.kinetics.cluster import part_of

        return part_of(packed, program, first, number)

    return part


def part_of(packed: bytes, program: str, first: int, number: int) -> Any:
    """What a worker does: one part. Raises `BadInput` where its program is another one, which would give other numbers."""
    if program != stamp():
        raise _other(stamp(), program)
    return _unpacked(packed)(first, number)


@lru_cache(maxsize=4)
def _unpacked(packed: bytes) -> Callable[[int, int], Any]:
    """Once for all parts that a worker does: what is worked out of a schedule is kept by its identity."""
    from distributed.protocol.pickle import loads

    work: Callable[[int, int], Any] = loads(packed)
    return work


def size_of_parts(client: Client, people: int, most: int) -> int:
    """How many people to a part, so that each thread gets some parts: any other number gives the same."""
    threads: int = sum(client.nthreads().values())
    return min(max(-(-people // (_PARTS * max(threads, 1))), LEAST), most)


@cache
def stamp() -> str:
    """The version of this program with a mark of everything that levels are worked out by, and whether it is compiled: levels of doses of
    one's own are the same to 1e-12 only without."""
    mark = hashlib.blake2b(digest_size=8)
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        mark.update(path.read_bytes())
    return f"{gradatim.__version__} {mark.hexdigest()} {'with' if has_numba() else 'without'} Numba"


def _same_program(client: Client) -> None:
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError:
        raise one_fault("cluster", "has no worker", "Start some with: dask worker ADDRESS") from None
    told: Any = client.run(_asked())
    for program in told.values():
        if program is None:
            raise _missing("gradatim")
        if program != stamp():
            raise _other(program)


def _asked() -> Callable[[], str | None]:
    """What a worker has for a program, sent whole like `_carried`."""

    def program() -> str | None:
        try:
            import gradatim
        except ImportError:
            return None
        try:
            from gradatim.kinetics.cluster import stamp
        except ImportError:
            return gradatim.__version__
        return stamp()

    return program


def _missing(name: str) -> BadInput:
    remedy = f'On every machine of the cluster: pip install "gradatim[scale]=={gradatim.__version__}"'
    return one_fault("cluster", f"a worker has no {name}", remedy)


def _other(there: str, here: str | None = None) -> BadInput:
    problem = f"a worker has another gradatim, {there}, than is asked for, {here or stamp()}: its numbers might differ"
    return one_fault(
        "cluster", problem, f'On every machine of the cluster: pip install "gradatim[scale]=={gradatim.__version__}"'
    )


@contextmanager
def _dask() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as missing:
        raise one_fault("cluster", f"needs {missing.name}, which is not installed", INSTALL) from None
