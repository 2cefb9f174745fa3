"""Vectors as files: each maker's under its own name, written the same way every time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

Maker = Callable[[], Any]


def file_of(maker: Maker) -> tuple[str, str]:
    """The name of a maker's file, and what it should hold."""
    return f"{maker.__name__.replace('_', '-')}.json", json.dumps(maker(), separators=(",", ":"), ensure_ascii=False) + "\n"  # fmt: skip


def files_of(makers: Iterable[Maker]) -> dict[str, str]:
    """The same of several."""
    return dict(map(file_of, makers))
