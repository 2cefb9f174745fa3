"""Refuses a monograph that contradicts itself, names no source, or fails its own tests. Reports every fault at once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from gradatim.domain.citation import Citation, Evidence, Source
from gradatim.domain.fault import BadInput, Fault
from gradatim.domain.guardrail import Applies, Guardrail
from gradatim.domain.intrathecal import Ampoule, IntrathecalMonograph
from gradatim.domain.knowledge import Claim, Code, ConditionRule, DangerSign, Grade, Interaction
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.product import Product
from gradatim.domain.reading import did_you_mean, read
from gradatim.monographs.bounds import bounds
from gradatim.monographs.intrathecal_loader import INTRATHECAL_FILES
from gradatim.monographs.loader import FOLDERS, LEAFLET_FILES, MONOGRAPH_FILES
from gradatim.monographs.own_tests import run
from gradatim.monographs.signs import signs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable


# ISO 3166 codes of the countries that the facts speak of. The United Kingdom is GB; its product ids start with uk/.
MARKETS = ("AU", "BD", "BR", "CA", "CH", "DE", "ES", "FR", "GB", "IE", "IT", "RU", "UA", "US")

Tables: TypeAlias = dict[str, dict[str, Any]]  # file → its TOML


def check(folder: Path | str) -> tuple[Fault, ...]:
    """Every fault of a monograph: a packaged one by its name, or any folder by its `Path`.

    A folder may bring a ``bibliography.toml`` of its own, inside or beside it; else the packaged one is used.
    """
    place: Traversable = files(__package__).joinpath(folder) if isinstance(folder, str) else folder
    if not place.is_dir() or (isinstance(folder, str) and folder not in FOLDERS):
        remedy = did_you_mean(folder, list(FOLDERS)) if isinstance(folder, str) else "Give the folder of its TOML files"
        return (Fault(str(folder), "there is no such monograph", remedy),)
    by_pump = any(place.joinpath(f"{name}.toml").is_file() for name in ("ampoules", "dosing"))
    wanted: dict[type, tuple[str, ...]] = (
        {IntrathecalMonograph: INTRATHECAL_FILES} if by_pump else {Monograph: MONOGRAPH_FILES, Leaflet: LEAFLET_FILES}
    )
    faults: list[Fault] = []
    tables: Tables = {}
    parts = tuple(_part(kind, place, names, tables, faults) for kind, names in wanted.items())
    own = _table(place, "tests", faults)
    sources = _sources(place, faults)
    file_of = {key: file for file, data in tables.items() for key in data}
    for part in parts:
        said = [*_facts(part, sources), *bounds(part)] if part else []
        faults += [Fault(_at(fault.path, file_of), fault.problem, fault.remedy) for fault in said]
    if own is not None and not own.get("tests"):
        faults.append(Fault("tests.toml/tests", "there are no own tests", "Write the numbers again from the sources"))
    if all(parts) and not by_pump:
        faults += [Fault(f"watch.toml/{fault.path}", fault.problem, fault.remedy) for fault in signs(*parts)]
    if all(parts):
        for place_in, case in enumerate((own or {}).get("tests", ())):
            faults += run(case, f"tests.toml/tests[{place_in}]", parts)
    return tuple(dict.fromkeys(faults))


# --- reading ---------------------------------------------------------------------------------------------------


def _table(place: Traversable, name: str, faults: list[Fault]) -> dict[str, Any] | None:
    try:
        return tomllib.loads(place.joinpath(f"{name}.toml").read_text("utf-8"))
    except FileNotFoundError:
        faults.append(Fault(f"{name}.toml", "is missing", f"Add {name}.toml to the folder"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        faults.append(Fault(f"{name}.toml", f"is not readable TOML: {broken}", "Correct the file at that place"))
    return None


def _part(wanted: type, place: Traversable, names: tuple[str, ...], tables: Tables, faults: list[Fault]) -> Any:
    """A part of the monograph, or None when any of its files has a fault."""
    before, merged = len(faults), dict[str, Any]()
    for name in names:
        tables[name] = _table(place, name, faults) or {}
        twice = sorted(merged.keys() & tables[name])
        faults += [Fault(f"{name}.toml/{key}", "stands in another file too", "Keep one of them") for key in twice]
        merged |= tables[name]
    if len(faults) > before:
        return None
    try:
        return read(wanted, merged)
    except BadInput as bad:
        file_of = {key: name for name in names for key in tables[name]}
        faults += [Fault(_at(fault.path, file_of), fault.problem, fault.remedy) for fault in bad.faults]
    return None


def _at(path: str, file_of: dict[str, str]) -> str:
    key = re.match(r"\w*", path)
    return f"{file_of.get(key[0] if key else '', 'monograph')}.toml/{path}"


def _sources(place: Traversable, faults: list[Fault]) -> frozenset[str]:
    beside = [place, *([place.parent] if isinstance(place, Path) else []), files(__package__)]
    home = next((each for each in beside if each.joinpath("bibliography.toml").is_file()), beside[0])
    if (data := _table(home, "bibliography", faults)) is None:
        return frozenset()
    try:
        known = read(tuple[Source, ...], data.get("sources", []), "sources")
    except BadInput as bad:
        faults += [Fault(f"bibliography.toml/{fault.path}", fault.problem, fault.remedy) for fault in bad.faults]
        return frozenset()
    faults += _repeated("key", known, "bibliography.toml/sources")
    return frozenset(source.key for source in known)


# --- facts and words -------------------------------------------------------------------------------------------


def _walk(value: object, at: str) -> Iterator[tuple[str, Any]]:
    """Every domain value and every tuple inside ``value``, with its path."""
    if isinstance(value, tuple):
        yield at, value
        for place, item in enumerate(value):
            yield from _walk(item, f"{at}[{place}]")
    elif is_dataclass(value):
        yield at, value
        for field in fields(value):
            yield from _walk(getattr(value, field.name), f"{at}.{field.name}" if at else field.name)


def _repeated(name: str, items: tuple[Any, ...], at: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, item in enumerate(items):
        if (said := getattr(item, name, None)) in seen:
            yield Fault(f"{at}[{place}].{name}", f"{said!r} is there twice", "Give each its own, or take one out")
        elif said is not None:
            seen.add(said)


def _facts(part: Any, sources: frozenset[str]) -> Iterator[Fault]:
    codes = [condition.code for condition in getattr(part, "conditions", ())]
    for at, item in _walk(part, ""):
        if isinstance(item, tuple):
            for name in ("id", "code"):
                yield from _repeated(name, item, at)
            continue
        yield from _cited(at, item, sources)
        for name in ("markets", "market"):
            said = getattr(item, name, ())
            for word in (said,) if isinstance(said, str) else said:
                yield from _known(f"{at}.{name}", word, MARKETS, "market")
        if isinstance(item, Applies | ConditionRule):
            for name in ("conditions", "indications"):
                for word in getattr(item, name, ()):
                    yield from _known(f"{at}.{name}", word, codes, "condition")
        yield from _complete(at, item)


def _known(at: str, said: str, words: tuple[str, ...] | list[str], what: str) -> Iterator[Fault]:
    if said not in words:
        yield Fault(at, f"{said!r} is not a known {what}", did_you_mean(said, list(words)))


def _cited(at: str, item: Any, sources: frozenset[str]) -> Iterator[Fault]:
    source: tuple[Citation, ...] | None = getattr(item, "source", None)
    if source is None:
        return
    # Two kinds of item exist to say that there is no source: an ungrounded claim and an unverified code.
    admitted = (isinstance(item, Claim) and Grade.NO_SOURCE in item.grades) or (
        isinstance(item, Code) and not item.verified
    )
    if not source and not admitted:
        yield Fault(f"{at}.source", "this fact has no source", "Add at least one, for example US-TAB [T]")
    for place, citation in enumerate(source):
        if citation.key not in sources and citation.key != "D":
            near = "".join(f"Did you mean {key}? " for key in get_close_matches(citation.key, sources, n=1))
            remedy = f"{near}Every key is listed in bibliography.toml"
            yield Fault(f"{at}.source[{place}]", f"{citation.key} is not in the bibliography", remedy)
    if isinstance(item, Guardrail) and source and all(citation.evidence is Evidence.DERIVED for citation in source):
        remedy = "Name the sources of its numbers beside D [D]"
        yield Fault(f"{at}.source", f"{item.id} is derived, and from nothing", remedy)


def _complete(at: str, item: Any) -> Iterator[Fault]:
    match item:
        case Product() | Ampoule():
            prefix = "uk/" if item.market == "GB" else f"{item.market.lower()}/"
            if not item.id.startswith(prefix):
                yield Fault(f"{at}.id", f"{item.id} is not of the market {item.market}", f"Begin the id with {prefix}")
        case Interaction():
            if not item.members:
                yield Fault(f"{at}.members", f"{item.id} has no medicines", "List its names in lower case")
            for name in item.members:
                if name != name.lower().strip():
                    yield Fault(f"{at}.members", f"{name!r} is not in lower case", f"Write {name.lower().strip()}")
        case DangerSign():
            for name in ("sign", "when", "act"):
                if not getattr(item, name).strip():
                    yield Fault(f"{at}.{name}", f"{item.id} has no {name}", f"Write {name} in plain words")
        case _:
            pass


# --- numbers against numbers -----------------------------------------------------------------------------------
