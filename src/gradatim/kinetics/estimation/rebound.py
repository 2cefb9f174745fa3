"""Functions again, with others in the place of those they call: compiled ones, or levels from another engine. One descent serves them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import FunctionType, ModuleType
from typing import Any


def rebound(
    rooms: tuple[ModuleType, ...], instead: Mapping[str, Any], turn: Callable[[Any], Any] = lambda function: function
) -> dict[str, Any]:
    """Every function of some modules by its name, ``turn``ed, those it calls before it. ``instead`` takes the place of what has its name."""
    plain = {
        name: one
        for room in rooms
        for name, one in vars(room).items()
        if isinstance(one, FunctionType) and one.__module__ == room.__name__ and name not in instead
    }
    calls = {name: set(one.__code__.co_names) & plain.keys() for name, one in plain.items()}
    made: dict[str, Any] = dict(instead)
    while ready := [name for name, uses in calls.items() if name not in made and uses <= made.keys()]:
        for name in ready:
            one = plain[name]
            known = {**one.__globals__, **{use: made[use] for use in one.__code__.co_names if use in made}}
            copy = FunctionType(one.__code__, known, name, one.__defaults__)
            copy.__module__, copy.__qualname__ = one.__module__, one.__qualname__
            made[name] = turn(copy)
    return made
