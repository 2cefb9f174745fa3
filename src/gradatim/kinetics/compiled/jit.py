"""How functions here are compiled: without the interpreter's lock, kept on disk, and with arithmetic exactly as written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba  # type: ignore[import-untyped, unused-ignore]
from numba.extending import intrinsic, overload  # type: ignore[import-untyped, unused-ignore]

from gradatim.kinetics import arrivals, propagator

Function = TypeVar("Function", bound=Callable[..., Any])

_SOURCES = [
    Path(propagator.__file__),
    Path(arrivals.__file__),
    *Path(__file__).parent.glob("*.py"),
    *(Path(__file__).parents[1] / "estimation").glob("*.py"),
]
_STAMP = (max(path.stat().st_mtime for path in _SOURCES), sum(path.stat().st_size for path in _SOURCES))


def jit(function: Function) -> Function:
    """Compile when first called. No fast-math: one subject's bits do not hang on who stands beside it.

    What is kept on disk is dropped after a change of any file of this room, not only of the function's own.
    """
    made: Any = numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    made._cache._cache_file._source_stamp = _STAMP
    kept: Function = made
    return kept


def word(make: Callable[..., Any]) -> Any:
    """A function that writes its own instructions: from the types of its arguments it makes its signature and what writes them."""
    return intrinsic(make)


def by_kind(function: Callable[..., None], *, inline: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """What ``function`` is, by the types of its arguments."""

    def told(choose: Callable[..., Any]) -> Any:
        return overload(function, inline="always" if inline else "never")(choose)

    return told
