"""What this machine can count with."""

from __future__ import annotations

import os
from enum import StrEnum
from functools import cache
from importlib.util import find_spec

from gradatim.domain.fault import one_fault

GPU_REMEDY = "pip install -U 'gradatim[gpu]' on a machine with an NVIDIA GPU and its driver, or leave the engine out"


class Engine(StrEnum):
    """What many levels are worked out with."""

    CPU = "cpu"  # kernels of Numba where it is installed, else NumPy: the same bits
    GPU = "gpu"  # kernels of CUDA; refused where there is no GPU
    BEST = "best"  # a GPU where there is one and the work is large enough and of a kind for it, else the processor


@cache
def has_numba() -> bool:
    """Whether there are kernels. ``GRADATIM_NO_NUMBA`` in the environment says no."""
    return not os.environ.get("GRADATIM_NO_NUMBA") and find_spec("numba") is not None


@cache
def no_gpu() -> str:
    """Why there is no GPU to count with; empty where there is one, real or simulated."""
    if find_spec("numba") is None:
        return "Numba is not installed"
    try:
        from gradatim.kinetics.gpu.device import why_not
    except (ImportError, AttributeError) as bad:  # as numba-cuda before 0.30.4 does with Numba 0.68
        return f"numba-cuda and Numba do not go together ({bad})"
    return why_not()


def on_gpu(engine: Engine | str, worth: bool = True, refused: str = "", *, on_cluster: bool = False) -> bool:
    """Whether to count on a GPU. ``worth``: whether `Engine.BEST` would have it so; ``refused``: why its kernels do not take the work.

    Raises `BadInput` with the remedy for an engine that is not known, and for `Engine.GPU` where it cannot be had: the processor never
    takes its place unasked.
    """
    if engine not in set(Engine):
        raise one_fault("engine", f"{engine!r} is not known", f"Use one of: {', '.join(Engine)}")
    if engine == Engine.CPU or (on_cluster and engine == Engine.BEST):
        return False
    if on_cluster:
        raise one_fault(
            "engine", "the workers of a cluster count on processors", "Leave the engine out, or the cluster"
        )
    if engine == Engine.BEST:
        return worth and not refused and not no_gpu() and not simulated()
    if no_gpu():
        raise one_fault("engine", f"there is no GPU to count with: {no_gpu()}", GPU_REMEDY)
    if refused:
        raise one_fault(
            "engine", f"the GPU does not take this: {refused}", "Leave the engine out, or say engine='best'"
        )
    return True


def simulated() -> bool:
    """Whether the GPU is Numba's simulator (``NUMBA_ENABLE_CUDASIM=1``): right, and very slow."""
    from gradatim.kinetics.gpu.device import SIMULATED

    return SIMULATED


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
