"""Changes of what a JSON text says, so that a fuzzer gets behind the parser: a part replaced, lost, doubled, moved, or put into another."""

from __future__ import annotations

import json
from copy import deepcopy
from random import Random
from typing import Any

ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**31, 2**53 - 1, 2**53, 2**63, -(2**63), 10**30, 10**400, 0.1, -0.0, 1e300, "", " ", "x", "\x00", "\ud800", "0", "-1", "1e999", "NaN",
    "5 mg", "0 mg", "-5 mg", "0.001 mg", "1000000000 mg", "5 mg/5 mL", "0 mg/0 mL", "9999-12-31", "0001-01-01", "2026-02-30", "9999-12-31T23:59:59Z", "1000-01-01T00:00:00Z",
    "24:00", "23:59", "00:00", "Europe/London", "../x", "UTC", "45", "-45", "999", "62 kg", "1e9 kg", "0 kg", "0.9 mg/dL", "x" * 5000, "9" * 5000, [], {}, [[]], {"": ""}, [None],
    "a\u202eb", "😴", "us/10", "uk/10", "baclofen", "prescriber", "person", "approved", "draft", "step", "hold", "review", "correction", "note", "dose-taken",
)  # fmt: skip


def mutated(data: bytes, chance: Random) -> bytes | None:
    """The text with one to four changes; None where it is no JSON. Lines of JSON are changed one by one."""
    kept = data.split(b"\n")
    at = chance.randrange(len(kept))
    try:
        told = [json.loads(kept[at])]
    except (ValueError, RecursionError):
        return None
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        _change(told, chance)
    try:
        kept[at] = json.dumps(told[0] if told else None, ensure_ascii=False).encode("utf-8", "surrogatepass")
        if chance.random() < 0.3:
            kept[at] = json.dumps(told[0] if told else None).encode()
    except (ValueError, RecursionError):
        return None
    return b"\n".join(kept)


def _places(told: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    waiting = [told]
    while waiting and len(found) < 3000:
        now = waiting.pop()
        parts = list(now.items()) if isinstance(now, dict) else list(enumerate(now)) if isinstance(now, list) else []
        found += [(now, name) for name, _ in parts]
        waiting += [part for _, part in parts if isinstance(part, dict | list)]
    return found


def _change(told: Any, chance: Random) -> None:
    places = _places(told)
    if not places:
        return
    around, name = chance.choice(places)
    other_around, other = chance.choice(places)
    match chance.randrange(8):
        case 0 | 1 | 2:
            around[name] = deepcopy(chance.choice(ODD))
        case 3:
            del around[name]
        case 4:
            around[name] = deepcopy(other_around[other])
        case 5 if isinstance(around, list):
            around.insert(name, deepcopy(around[name]))
        case 6 if isinstance(around, dict):
            around[chance.choice(("kind", "x", "id", "person", str(name) + "x", "\ud800"))] = deepcopy(around[name])
        case _:
            now = around[name]
            if isinstance(now, bool) or not isinstance(now, int):
                around[name] = [now]
            else:
                around[name] = now * chance.choice((-1, 2, 10, 1000, 10**9)) + chance.choice((-1, 0, 1))
