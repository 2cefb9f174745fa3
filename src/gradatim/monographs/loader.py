"""Reads the TOML folders. A planner's part is read at once; what people read, and the bibliography, only when asked for."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from gradatim.domain.citation import Source
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.reading import did_you_mean, read
from gradatim.languages import speaking, spoken
from gradatim.monographs.in_words import in_words

ORAL = ("baclofen_oral",)
FOLDERS = (*ORAL, "baclofen_intrathecal")
MONOGRAPH_FILES = ("monograph", "products", "titration", "taper", "guardrails", "conditions", "interactions")
LEAFLET_FILES = ("codes", "danger", "missed", "reactions", "topics", "claims", "watch")


class UnknownMonograph(LookupError):
    """No monograph has this name."""


def table(folder: str, file: str) -> dict[str, Any]:
    """One TOML file of a monograph as plain data."""
    return data_of(f"{folder}/{file}")


def data_of(file: str) -> dict[str, Any]:
    """A file of this package by its name without ending, such as ``baclofen_oral/danger`` or ``scales``, as plain data."""
    return tomllib.loads(files(__package__).joinpath(f"{file}.toml").read_text("utf-8"))


def _merged(folder: str, names: tuple[str, ...]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for name in names:
        merged |= in_words(f"{folder}/{name}", table(folder, name))
    return merged


def _known(id: str) -> None:
    if id not in ORAL:
        raise UnknownMonograph(f"{id!r} is not a monograph of doses by mouth. {did_you_mean(id, list(ORAL))}")


def monograph(id: str = "baclofen_oral") -> Monograph:
    """The planner's part of a monograph, its words in the language that is spoken.

    Raises `BadInput` with file faults, `UnknownMonograph` for another name.
    """
    return _monograph(id, spoken())


def leaflet(id: str = "baclofen_oral") -> Leaflet:
    """The part of a monograph that people read, in the language that is spoken."""
    return _leaflet(id, spoken())


@cache
def _monograph(id: str, language: str) -> Monograph:
    _known(id)
    with speaking(language):
        return read(Monograph, _merged(id, MONOGRAPH_FILES), id)


@cache
def _leaflet(id: str, language: str) -> Leaflet:
    _known(id)
    with speaking(language):
        return read(Leaflet, _merged(id, LEAFLET_FILES), id)


@cache
def bibliography() -> dict[str, Source]:
    """Every source by its key."""
    data = tomllib.loads(files(__package__).joinpath("bibliography.toml").read_text("utf-8"))
    sources = read(tuple[Source, ...], data["sources"], "sources")
    return {source.key: source for source in sources}
