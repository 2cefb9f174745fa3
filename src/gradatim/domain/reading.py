"""Plain data (TOML, JSON) ↔ domain types, driven by the dataclasses themselves.

`read` collects *every* fault with its path and remedy before it raises; `plain` is its inverse: ``read(T, plain(x)) == x``.
A domain type takes part by being a dataclass, an enum, or a class with ``parse(text)`` and ``__str__`` that undo one another.
A union of dataclasses is told apart by its class variable ``kind``.

The reader and the writer of a type are put together once, from its hints, and kept: a record of ten years is read in a blink.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from enum import Enum
from functools import cache, lru_cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from gradatim.domain.fault import BadInput, Fault, Unreadable

T = TypeVar("T")

_BROKEN: Any = object()  # stands for a part that could not be read; its fault is already noted

_LARGEST = 2**53 - 1  # beyond it a phone's JSON rounds, and nothing that is counted here comes near

_At = str | tuple[Any, str | int]
"""Where a reader stands: the path it began from, or the place around it and a name or number there. Spelt only for a fault."""
_Reader = Callable[[Any, _At, list[Fault]], Any]


def read(wanted: type[T], data: object, at: str = "") -> T:
    """Build a ``wanted`` from plain data. Raises `BadInput` with all faults; ``at`` is the path that faults start from."""
    faults: list[Fault] = []
    value = _reader(cast("Any", wanted))(data, at, faults)
    if faults:
        raise BadInput(faults)
    return cast("T", value)


def plain(value: object) -> Any:
    """The plain data of a domain value: dicts, lists, strings, ints, bools. Fields at their default are left out."""
    kind: Any = type(value)
    return None if value is None else _writer(kind)(value)


def join(at: str, name: str) -> str:
    """``("plan", "steps")`` → ``"plan.steps"``."""
    return f"{at}.{name}" if at else name


def did_you_mean(said: str, known: list[str]) -> str:
    """A remedy that names the nearest known words, or all of them when few."""
    folded = {word.lower(): word for word in known}
    near = get_close_matches(said.lower(), list(folded), n=3, cutoff=0.6)
    if near:
        return f"Did you mean {' or '.join(folded[word] for word in near)}?"
    return f"Use one of: {', '.join(known)}" if len(known) <= 24 else f"For example: {', '.join(known[:8])} …"


# --- writing ----------------------------------------------------------------------------------------------------------


@cache
def _writer(kind: type) -> Callable[[Any], Any]:
    """How a value of exactly this type becomes plain data."""
    if issubclass(kind, bool | int):
        return _as_it_is
    if issubclass(kind, Enum):
        return _enum_value
    if issubclass(kind, str):
        return _as_it_is
    if hasattr(kind, "parse"):
        return str
    if issubclass(kind, time):
        return _time_text
    if issubclass(kind, date):
        return _date_text
    if issubclass(kind, tuple):
        return lambda value: [plain(item) for item in value]
    if is_dataclass(kind):
        return _fields_writer(kind)
    raise TypeError(f"{kind.__name__} has no plain form")


def _fields_writer(wanted: type) -> Callable[[Any], Any]:
    kind = getattr(wanted, "kind", None) if "kind" not in _hints(wanted) else None
    first: dict[str, Any] = {"kind": kind} if isinstance(kind, str) else {}
    defaults = {field.name: field.default for field in fields(wanted)}

    def write(value: Any) -> dict[str, Any]:
        out = first.copy()
        for name, default in defaults.items():
            part = getattr(value, name)
            if default is MISSING or part != default:
                out[name] = plain(part)
        return out

    return write


def _as_it_is(value: Any) -> Any:
    return value


def _enum_value(value: Any) -> Any:
    return value.value


def _date_text(value: date) -> str:
    return value.isoformat()


def _time_text(value: time) -> str:
    return value.strftime("%H:%M")


# --- reading ----------------------------------------------------------------------------------------------------------


@cache
def _hints(wanted: type) -> dict[str, Any]:
    hints = get_type_hints(wanted)
    return {field.name: hints[field.name] for field in fields(wanted)}


@cache
def _required(wanted: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(wanted) if f.default is MISSING and f.default_factory is MISSING)


@cache
def _readers(wanted: type) -> dict[str, _Reader]:
    """The reader of each field; looked up while reading, so that a type may hold its own kind."""
    return {name: _reader(hint) for name, hint in _hints(wanted).items()}


@cache
def _reader(wanted: Any) -> _Reader:
    """How plain data becomes a ``wanted``: the value, or `_BROKEN` with its faults added to the list."""
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        return _union_reader(get_args(wanted))
    if origin is tuple:
        return _items_reader(get_args(wanted)[0])
    if hasattr(wanted, "parse"):
        return _text_reader(wanted.parse)
    if is_dataclass(wanted):
        return _fields_reader(cast("type", wanted))
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return _choice_reader(wanted)
    if wanted is date:
        return _read_date
    if wanted is time:
        return _read_time
    if wanted in (str, int, bool):
        return _bare_reader(wanted)
    raise TypeError(f"no way to read a {wanted!r}")


def _spelt(at: _At) -> str:
    if isinstance(at, str):
        return at
    around, part = at
    return join(_spelt(around), part) if isinstance(part, str) else f"{_spelt(around)}[{part}]"


def _fault(faults: list[Fault], at: _At, problem: str, remedy: str) -> Any:
    faults.append(Fault(_spelt(at), problem, remedy))
    return _BROKEN


def _bare_reader(wanted: type) -> _Reader:
    name = {str: "text in quotes", int: "a whole number", bool: "true or false"}[wanted]

    def read_bare(data: Any, at: _At, faults: list[Fault]) -> Any:
        if type(data) is wanted and not (isinstance(data, int) and abs(data) > _LARGEST):
            return data
        return _fault(faults, at, f"{data!r} is not {name}", f"Write {name}")

    return read_bare


def _union_reader(options: tuple[Any, ...]) -> _Reader:
    choices = tuple(choice for choice in options if choice is not type(None))
    optional = len(choices) < len(options)
    if len(choices) == 1:
        read_one = _reader(choices[0])
        return lambda data, at, faults: None if data is None and optional else read_one(data, at, faults)
    kinds: dict[str, _Reader] = {choice.kind: _fields_reader(choice, tagged=True) for choice in choices}

    def read_union(data: Any, at: _At, faults: list[Fault]) -> Any:
        if data is None and optional:
            return None
        tagged = type(data) is dict or isinstance(data, Mapping)
        said = data.get("kind") if tagged else data
        if not tagged or not isinstance(said, str) or said not in kinds:
            return _fault(faults, (at, "kind"), f"{said!r} is not known here", f"Use one of: {', '.join(kinds)}")
        return kinds[said](data, at, faults)

    return read_union


def _items_reader(wanted: Any) -> _Reader:
    read_item = _reader(wanted)

    def read_items(data: Any, at: _At, faults: list[Fault]) -> Any:
        if not isinstance(data, list | tuple):
            return _fault(faults, at, f"{data!r} is not a list", "Write a list: [ … ]")
        before = len(faults)
        items = tuple([read_item(item, (at, place), faults) for place, item in enumerate(data)])
        return _BROKEN if len(faults) > before else items

    return read_items


def _text_reader(parse: Callable[[str], Any]) -> _Reader:
    known = lru_cache(4096)(parse)  # what a parser makes is frozen, and the same few texts come again and again

    def read_text(data: Any, at: _At, faults: list[Fault]) -> Any:
        if type(data) is not str:
            if isinstance(data, bool) or not isinstance(data, str | int | float):
                return _fault(faults, at, f"{data!r} is not an amount", "Write it as text in quotes with its unit")
            data = str(data)
        try:
            return known(data)
        except Unreadable as fault:
            return _fault(faults, at, fault.problem, fault.remedy)
        except ValueError as fault:
            return _fault(faults, at, str(fault), "Correct this value")

    return read_text


def _choice_reader(wanted: type[Enum]) -> _Reader:
    members = {member.value: member for member in wanted}

    def read_choice(data: Any, at: _At, faults: list[Fault]) -> Any:
        if type(data) is str and data in members:
            return members[data]
        try:
            return wanted(data)
        except ValueError:
            return _fault(faults, at, f"{data!r} is not known here", did_you_mean(str(data), [*map(str, members)]))

    return read_choice


def _read_date(data: Any, at: _At, faults: list[Fault]) -> Any:
    if isinstance(data, date) and not isinstance(data, datetime):
        return data
    try:
        if isinstance(data, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", data):
            return date.fromisoformat(data)
    except ValueError:
        pass
    return _fault(faults, at, f"{data!r} is not a date", "Write year-month-day, for example 2026-12-01")


def _read_time(data: Any, at: _At, faults: list[Fault]) -> Any:
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


def _fields_reader(wanted: type, *, tagged: bool = False) -> _Reader:
    """``tagged``: the data also say which ``kind`` they are, and somebody has looked at it."""

    def read_fields(data: Any, at: _At, faults: list[Fault]) -> Any:
        if type(data) is not dict and not isinstance(data, Mapping):
            return _fault(faults, at, f"{data!r} is not a table", f"Write a table with {', '.join(_hints(wanted))}")
        readers = _readers(wanted)
        before = len(faults)
        for key in data:
            if key not in readers and not (tagged and key == "kind"):
                _fault(faults, (at, str(key)), f"{key!r} is not known here", did_you_mean(str(key), list(readers)))
        for name in _required(wanted):
            if name not in data:
                _fault(faults, (at, name), "is missing", f"Add {name}")
        parts = {name: reader(data[name], (at, name), faults) for name, reader in readers.items() if name in data}
        if len(faults) > before:
            return _BROKEN
        try:
            return wanted(**parts)
        except BadInput as bad:
            faults.extend(Fault(_within(at, f.path), f.problem, f.remedy) for f in bad.faults)
        except Unreadable as fault:
            _fault(faults, at, fault.problem, fault.remedy)
        return _BROKEN

    return read_fields


def _within(at: _At, path: str) -> str:
    return join(_spelt(at), path) if path else _spelt(at)
