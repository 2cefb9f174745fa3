"""Days as they are written in requests: ``2026-12-01``, and nothing that only looks like one."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from gradatim.domain.plan import EARLIEST, LATEST

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _read(said: object) -> date:
    if isinstance(said, str) and _DAY.fullmatch(said):
        found = date.fromisoformat(said)
        if EARLIEST <= found.year <= LATEST:
            return found
    raise ValueError(f"is not a day from {EARLIEST} to {LATEST}, written like 2026-12-01")


Day = Annotated[
    date,
    BeforeValidator(_read),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-12-01"]}),
]
