"""The GPU itself: whether there is one, how functions are compiled for it, what fits in its memory, and the two ways data goes."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from math import prod
from types import SimpleNamespace
from typing import Any, TypeVar

import numpy as np
from numba import cuda as _cuda  # type: ignore[import-untyped, unused-ignore]
from numba.core import config as _config  # type: ignore[import-untyped, unused-ignore]
from numpy.typing import NDArray

cuda: Any = _cuda
config: Any = _config
Function = TypeVar("Function", bound=Callable[..., Any])

SIMULATED = bool(config.ENABLE_CUDASIM)
"""Whether kernels run in Numba's simulator, one Python thread for each thread of a block."""
BLOCK = 128
"""Threads in a block: four warps. No kernel here shares memory within a block, so its size only has to hide the waiting."""
_ROOM = 0.8  # of the free memory: the rest is for what the driver needs
_AT_ONCE = 1 << 20


def why_not() -> str:
    """Why there is no GPU; empty where there is one."""
    if os.environ.get("GRADATIM_NO_GPU"):
        return "GRADATIM_NO_GPU is set"
    # Numba's own CUDA is given up, and does not compile all that is here.
    if not SIMULATED and find_spec("numba_cuda") is None:
        return "numba-cuda is not installed"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if cuda.is_available():
                return ""
            return "no NVIDIA GPU, or no driver, is found" if _compiles() else "the compiler of CUDA is not installed"
    except Exception as bad:  # noqa: BLE001 - a broken driver fails in ways of its own
        return f"the driver cannot be used ({type(bad).__name__})"


def _compiles() -> bool:
    from numba.cuda.cudadrv import nvvm  # type: ignore[import-untyped, unused-ignore]

    compiler: Any = nvvm
    return bool(compiler.is_available())


def kernel(function: Callable[..., None]) -> Any:
    """A function that is launched; compiled when first called. No fast-math."""
    return cuda.jit(function)


def launch(made: Any, people: int, *given: Any) -> None:
    """Run a kernel with one thread for each of ``people``; the last block may be larger than is needed."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Grid size")  # few people leave most of a GPU idle: that is no fault
        made[-(-people // BLOCK), BLOCK](*given)


def at_once(each: int, fixed: int, people: int, most: int | None = None) -> int:
    """How many of ``people`` go to the device at a time: as fit into its free memory by bytes for ``each`` beside ``fixed`` ones, at most a
    million or ``most``, at least one."""
    free = cuda.current_context().get_memory_info().free * _ROOM - fixed
    return int(max(1, min(people, most or _AT_ONCE, free // max(each, 1))))


def sent(arrays: Sequence[NDArray[Any]]) -> list[Any]:
    """Arrays of doubles and 64-bit whole numbers on the device, all in one copy."""
    flat = np.concatenate([np.ascontiguousarray(one).reshape(-1).view(np.uint64) for one in arrays])
    whole = cuda.to_device(flat)
    found, begin = [], 0
    for one in arrays:
        size = prod(one.shape)
        if not size:  # what no kernel reads
            found.append(cuda.device_array((1,) * one.ndim, one.dtype))
            continue
        found.append(whole[begin : begin + size].view(one.dtype).reshape(one.shape))
        begin += size
    return found


def room(shape: tuple[int, ...], kind: Any = np.float64) -> Any:
    """Fresh memory on the device, at least one number."""
    return cuda.device_array(tuple(max(1, one) for one in shape), kind)


def fetched(here: Any, into: NDArray[Any] | None = None) -> NDArray[Any]:
    """An array of the device on this machine."""
    back: NDArray[Any] = here.copy_to_host() if into is None else here.copy_to_host(into)
    return back


if SIMULATED:
    # In the simulator a part is plain Python. Numba's own way, which gives `cuda` to the module of a part while one thread is in it and takes it
    # away when that thread leaves, fails where several threads are in it (Numba 0.68; mended in numba-cuda).
    from numba.cuda.simulator.kernelapi import FakeCUDAAtomic, FakeCUDALocal  # type: ignore[import-untyped, no-untyped-call, unused-ignore]

    words: Any = SimpleNamespace(local=FakeCUDALocal(), atomic=FakeCUDAAtomic())
    """What parts know of CUDA: memory of a thread's own, and atomics."""

    def part(function: Function) -> Function:
        """A function that kernels call."""
        return function

    def times(a: Any, b: Any) -> Any:
        """a·b, rounded by itself: no compiler may fuse it with a sum."""
        return a * b
else:
    from numba.cuda import libdevice  # type: ignore[import-untyped, unused-ignore]

    words = cuda
    times = libdevice.dmul_rn

    def part(function: Function) -> Function:
        """A function that kernels call."""
        made: Function = cuda.jit(device=True)(function)
        return made
