"""Reads the monograph of the drug by pump. Nothing here turns an oral dose into an intrathecal one."""

from __future__ import annotations

from functools import cache
from typing import Any

from gradatim.domain.intrathecal import IntrathecalMonograph
from gradatim.domain.reading import read
from gradatim.monographs.loader import table

INTRATHECAL_FILES = ("monograph", "ampoules", "dosing", "pump", "withdrawal", "topics")


@cache
def intrathecal(id: str = "baclofen_intrathecal") -> IntrathecalMonograph:
    """The intrathecal monograph. Raises `BadInput` with all faults of its files."""
    merged: dict[str, Any] = {}
    for name in INTRATHECAL_FILES:
        merged |= table(id, name)
    return read(IntrathecalMonograph, merged, id)
