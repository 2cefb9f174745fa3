"""What this machine can count with."""

from __future__ import annotations

import os
from functools import cache
from importlib.util import find_spec


@cache
def has_numba() -> bool:
    """Whether there are kernels. ``GRADATIM_NO_NUMBA`` in the environment says no."""
    return not os.environ.get("GRADATIM_NO_NUMBA") and find_spec("numba") is not None


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
