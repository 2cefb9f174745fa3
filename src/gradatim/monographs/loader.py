"""Reads the TOML folders. A planner's part is read at once; what people read, and the bibliography, only when asked for."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from gradatim.domain.citation import Source
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.reading import did_you_mean, read

ORAL = ("baclofen_oral",)
FOLDERS = (*ORAL, "baclofen_intrathecal")
MONOGRAPH_FILES = ("monograph", "products", "titration", "taper", "guardrails", "conditions", "interactions")
LEAFLET_FILES = ("codes", "danger", "missed", "reactions", "topics", "claims", "watch")


class UnknownMonograph(LookupError):
    """No monograph has this name."""


def table(folder: str, file: str) -> dict[str, Any]:
    """One TOML file of a monograph as plain data."""
    return tomllib.loads(files(__package__).joinpath(folder, f"{file}.toml").read_text("utf-8"))


def _merged(folder: str, names: tuple[str, ...]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for name in names:
        merged |= table(folder, name)
    return merged


def _known(id: str) -> None:
    if id not in ORAL:
        raise UnknownMonograph(f"{id!r} is not a monograph of doses by mouth. {did_you_mean(id, list(ORAL))}")


@cache
def monograph(id: str = "baclofen_oral") -> Monograph:
    """The planner's part of a monograph. Raises `BadInput` with file faults, `UnknownMonograph` for another name."""
    _known(id)
    return read(Monograph, _merged(id, MONOGRAPH_FILES), id)


@cache
def leaflet(id: str = "baclofen_oral") -> Leaflet:
    """The part of a monograph that people read."""
    _known(id)
    return read(Leaflet, _merged(id, LEAFLET_FILES), id)


@cache
def bibliography() -> dict[str, Source]:
    """Every source by its key."""
    data = tomllib.loads(files(__package__).joinpath("bibliography.toml").read_text("utf-8"))
    sources = read(tuple[Source, ...], data["sources"], "sources")
    return {source.key: source for source in sources}
