"""Plain data (TOML, JSON) ↔ domain types, driven by the dataclasses themselves.

`read` collects *every* fault with its path and remedy before it raises; `plain` is its inverse: ``read(T, plain(x)) == x``.
A domain type takes part by being a dataclass, an enum, or a class with ``parse(text)`` and ``__str__`` that undo one another.
A union of dataclasses is told apart by its class variable ``kind``.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from gradatim.domain.fault import BadInput, Fault, Unreadable

T = TypeVar("T")

_BROKEN: Any = object()  # stands for a part that could not be read; its fault is already noted


def read(wanted: type[T], data: object, at: str = "") -> T:
    """Build a ``wanted`` from plain data. Raises `BadInput` with all faults; ``at`` is the path that faults start from."""
    faults: list[Fault] = []
    value = _read(wanted, data, at, faults)
    if faults:
        raise BadInput(faults)
    return cast("T", value)


def plain(value: object) -> Any:
    """The plain data of a domain value: dicts, lists, strings, ints, bools. Fields at their default are left out."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if hasattr(type(value), "parse"):
        return str(value)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        kind = getattr(type(value), "kind", None) if "kind" not in _hints(type(value)) else None
        out: dict[str, Any] = {"kind": kind} if isinstance(kind, str) else {}
        for field in fields(value):
            part = getattr(value, field.name)
            if field.default is MISSING or part != field.default:
                out[field.name] = plain(part)
        return out
    raise TypeError(f"{type(value).__name__} has no plain form")


@cache
def _hints(wanted: type) -> dict[str, Any]:
    hints = get_type_hints(wanted)
    return {field.name: hints[field.name] for field in fields(wanted)}


@cache
def _required(wanted: type) -> frozenset[str]:
    return frozenset(f.name for f in fields(wanted) if f.default is MISSING and f.default_factory is MISSING)


def join(at: str, name: str) -> str:
    """``("plan", "steps")`` → ``"plan.steps"``."""
    return f"{at}.{name}" if at else name


def _read(wanted: Any, data: object, at: str, faults: list[Fault]) -> Any:
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        return _read_union(get_args(wanted), data, at, faults)
    if origin is tuple:
        return _read_items(get_args(wanted)[0], data, at, faults)
    if hasattr(wanted, "parse"):
        return _read_text(wanted.parse, data, at, faults)
    if is_dataclass(wanted):
        return _read_fields(cast("type", wanted), data, at, faults)
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return _read_choice(wanted, data, at, faults)
    if wanted is date:
        return _read_date(data, at, faults)
    if wanted is time:
        return _read_time(data, at, faults)
    if wanted in (str, int, bool):
        if type(data) is wanted:
            return data
        names = {str: "text in quotes", int: "a whole number", bool: "true or false"}
        return _fault(faults, at, f"{data!r} is not {names[wanted]}", f"Write {names[wanted]}")
    raise TypeError(f"no way to read a {wanted!r}")


def _fault(faults: list[Fault], at: str, problem: str, remedy: str) -> Any:
    faults.append(Fault(at, problem, remedy))
    return _BROKEN


def _read_union(choices: tuple[Any, ...], data: object, at: str, faults: list[Fault]) -> Any:
    if data is None and type(None) in choices:
        return None
    choices = tuple(c for c in choices if c is not type(None))
    if len(choices) == 1:
        return _read(choices[0], data, at, faults)
    kinds = {choice.kind: choice for choice in choices}
    said = data.get("kind") if isinstance(data, Mapping) else data
    if not isinstance(data, Mapping) or not isinstance(said, str) or said not in kinds:
        return _fault(faults, join(at, "kind"), f"{said!r} is not known here", f"Use one of: {', '.join(kinds)}")
    rest = {key: value for key, value in data.items() if key != "kind"}
    return _read(kinds[data["kind"]], rest, at, faults)


def _read_items(wanted: Any, data: object, at: str, faults: list[Fault]) -> Any:
    if not isinstance(data, list | tuple):
        return _fault(faults, at, f"{data!r} is not a list", "Write a list: [ … ]")
    items = tuple(_read(wanted, item, f"{at}[{place}]", faults) for place, item in enumerate(data))
    return _BROKEN if any(item is _BROKEN for item in items) else items


def _read_text(parse: Any, data: object, at: str, faults: list[Fault]) -> Any:
    if isinstance(data, bool) or not isinstance(data, str | int | float):
        return _fault(faults, at, f"{data!r} is not an amount", "Write it as text in quotes with its unit")
    try:
        return parse(data if isinstance(data, str) else str(data))
    except Unreadable as fault:
        return _fault(faults, at, fault.problem, fault.remedy)
    except ValueError as fault:
        return _fault(faults, at, str(fault), "Correct this value")


def _read_choice(wanted: type[Enum], data: object, at: str, faults: list[Fault]) -> Any:
    try:
        return wanted(data)
    except ValueError:
        known = [str(member.value) for member in wanted]
        return _fault(faults, at, f"{data!r} is not known here", did_you_mean(str(data), known))


def did_you_mean(said: str, known: list[str]) -> str:
    """A remedy that names the nearest known words, or all of them when few."""
    folded = {word.lower(): word for word in known}
    near = get_close_matches(said.lower(), list(folded), n=3, cutoff=0.6)
    if near:
        return f"Did you mean {' or '.join(folded[word] for word in near)}?"
    return f"Use one of: {', '.join(known)}" if len(known) <= 24 else f"For example: {', '.join(known[:8])} …"


def _read_date(data: object, at: str, faults: list[Fault]) -> Any:
    if isinstance(data, date) and not isinstance(data, datetime):
        return data
    try:
        if isinstance(data, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", data):
            return date.fromisoformat(data)
    except ValueError:
        pass
    return _fault(faults, at, f"{data!r} is not a date", "Write year-month-day, for example 2026-12-01")


def _read_time(data: object, at: str, faults: list[Fault]) -> Any:
    if isinstance(data, time):
        data = data.isoformat()[:5] if not (data.second or data.microsecond) else str(data)
    try:
        if isinstance(data, str) and re.fullmatch(r"[0-9]{2}:[0-9]{2}", data):
            return time.fromisoformat(data)
    except ValueError:
        pass
    return _fault(
        faults, at, f"{data!r} is not a time of day", "Write hours and minutes on a 24-hour clock, for example 08:00"
    )


def _read_fields(wanted: type, data: object, at: str, faults: list[Fault]) -> Any:
    if not isinstance(data, Mapping):
        return _fault(faults, at, f"{data!r} is not a table", f"Write a table with {', '.join(_hints(wanted))}")
    hints = _hints(wanted)
    before = len(faults)
    for key in data:
        if key not in hints:
            _fault(faults, join(at, str(key)), f"{key!r} is not known here", did_you_mean(str(key), list(hints)))
    for name in hints:
        if name not in data and name in _required(wanted):
            _fault(faults, join(at, name), "is missing", f"Add {name}")
    parts = {name: _read(hints[name], data[name], join(at, name), faults) for name in hints if name in data}
    if len(faults) > before:
        return _BROKEN
    try:
        return wanted(**parts)
    except BadInput as bad:
        faults.extend(Fault(join(at, f.path) if f.path else at, f.problem, f.remedy) for f in bad.faults)
    except Unreadable as fault:
        _fault(faults, at, fault.problem, fault.remedy)
    return _BROKEN
