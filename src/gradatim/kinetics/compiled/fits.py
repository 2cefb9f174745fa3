"""The functions of a fit, compiled: the very ones that run as plain Python, in the same order, so that the digits are the same."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradatim.kinetics.compiled.jit import jit
from gradatim.kinetics.estimation import descent, everybody, modes
from gradatim.kinetics.estimation.rebound import rebound


def _room(size: int) -> Any:
    return np.zeros(size)


def _places(size: int) -> Any:
    return np.zeros(size, np.int64)


_MADE = rebound((modes, descent, everybody), {"room": jit(_room), "places": jit(_places)}, jit)
fit_everybody = _MADE["fit_everybody"]
