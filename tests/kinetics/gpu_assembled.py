"""Compiles every kernel of the GPU engine for a real device, without one, and looks for arithmetic that is not that of IEEE 754.

`test_gpu` runs it in a process of its own where the parts of the CUDA toolkit that compile are installed (``pip install
numba-cuda[cu12]``). What is told: a line for each kernel with how often each instruction on doubles is in it. Ends with 77 where there is no compiler.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from importlib.util import find_spec
from typing import Any

from numba import types
from numba.cuda import dispatcher

from gradatim.kinetics.gpu import closed, histories, people, shared
from gradatim.kinetics.gpu.device import cuda
from gradatim.kinetics.gpu.sinks import Sink

NO_COMPILER = 77
TOGETHER = re.compile(r"\b(?:fma|mad)\.\S*f(?:64|32)|\b\w+\.approx\S*|\b\w+(?:\.\w+)*\.ftz\S*|\bmul\.f64")
"""Fused, approximate, or free to be fused."""
DOUBLES = re.compile(r"\b(add|sub|mul|div|rcp|sqrt)((?:\.\w+)*)\.f64")
DOUBLE, LONG, WORD, COUNT = types.float64, types.int64, types.uint64, types.uint32


class Device:
    """What a device function asks of the device that is not there."""

    compute_capability = (8, 0)


def array(axes: int, kind: Any = DOUBLE) -> Any:
    return types.Array(kind, axes, "C")


def kernels() -> dict[str, tuple[Any, tuple[Any, ...]]]:
    """Every kernel, with the types of what it is given."""
    found: dict[str, tuple[Any, tuple[Any, ...]]] = {}
    for n, seen, fed, area, sink in (
        (1, 0, False, False, Sink.STORED), (3, 1, False, False, Sink.COUNTED), (3, 1, True, True, Sink.MEASURED), (4, 1, True, False, Sink.STORED),
    ):  # fmt: skip
        goes_to = (
            array(3 if sink is Sink.MEASURED else 2),
            array(2, COUNT if sink is Sink.COUNTED else LONG),
            array(2, LONG),
        )
        given = (array(2, LONG), array(1), array(3), array(2), array(2), array(3), array(2), *goes_to, LONG)
        found[f"{n} compartments, {sink.value}"] = shared.runner(n, seen, fed, area, sink), given
    singles = (
        array(2, LONG),
        array(1),
        array(3),
        array(2),
        array(2),
        array(3),
        array(2),
        array(2, types.float32),
        array(2, LONG),
        array(2, LONG),
        LONG,
    )
    found["singles"] = shared.runner(2, 1, False, False, Sink.STORED), singles
    draft = (array(1), array(2), array(2, LONG), array(2, LONG), array(2), array(2, LONG), array(1, LONG))
    found["people"] = people._drawer(6, 5), (WORD, WORD, WORD, DOUBLE, *draft, *(array(2),) * 4, array(1, LONG), LONG)
    found["doses of their own"] = (
        histories._walker(3),
        (array(2), array(2), array(1, LONG), array(1), array(1), array(2), LONG, LONG),
    )
    told = (array(2), array(2), array(1, LONG), array(1), array(2), array(1, LONG), array(1), array(1), LONG, LONG)
    found["times of their own"] = histories._reader(3, 1), told
    pair = (array(1, LONG), array(2))
    found["weights"] = closed.weigh, (array(2), *pair, LONG, LONG, LONG, array(2), array(2), LONG)
    later = (array(2), array(1, LONG), array(1), array(2), array(2), array(1, LONG), array(1), array(1), LONG, LONG)
    found["closed form"] = closed.read, later
    return found


def main() -> int:
    """Compile and tell; 1 where something is fused or approximate."""
    if find_spec("numba_cuda") is None:
        print("numba-cuda is not installed")
        return NO_COMPILER
    vars(dispatcher)["get_current_device"] = Device
    wrong = 0
    for name, (kernel, given) in kernels().items():
        try:
            assembly, _ = cuda.compile_ptx(kernel.py_func, types.void(*given), cc=Device.compute_capability)
        except Exception as bad:
            if type(bad).__name__ in {
                "NvvmSupportError",
                "OSError",
                "RuntimeError",
                "NvvmError",
                "FileNotFoundError",
                "CudaSupportError",
            }:
                print(f"no compiler: {bad}")
                return NO_COMPILER
            raise
        found = Counter(TOGETHER.findall(assembly))
        wrong += len(found)
        told = Counter("".join(one) for one in DOUBLES.findall(assembly))
        print(name, dict(found), dict(told))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
