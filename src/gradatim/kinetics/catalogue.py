"""Reads the model library, and refuses one that names no source, does not fit together, or fails its own vectors."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from gradatim.domain.citation import Citation, Evidence
from gradatim.domain.fault import BadInput, Fault, Unreadable
from gradatim.domain.reading import did_you_mean, read
from gradatim.kinetics.published import PublishedModel, Standing, Vector
from gradatim.kinetics.vectors import Held, held
from gradatim.monographs import bibliography

MODELS = (
    "kochak-1985", "marsot-2014", "chevillard-2018", "simon-2018", "he-2014", "wiersma-2003", "adult-derived", "renal-replacement",
)  # fmt: skip


class UnknownModel(LookupError):
    """No model of the library has this name."""


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("library", f"{name}.toml").read_text("utf-8"))


@cache
def published(id: str) -> PublishedModel:
    """A model of the library. Raises `UnknownModel`, or `BadInput` with all faults of its file."""
    if id not in MODELS:
        raise UnknownModel(f"{id!r} is no model of the library. {did_you_mean(id, list(MODELS))}")
    return read(PublishedModel, _table(id), id)


@cache
def library() -> dict[str, PublishedModel]:
    """Every model by its id."""
    return {id: published(id) for id in MODELS}


@cache
def observations() -> tuple[Vector, ...]:
    """What was measured in adults after doses by mouth: every model of adults is held against each of these."""
    return read(tuple[Vector, ...], _table("observed")["vectors"], "observed")


@cache
def compared() -> tuple[Held, ...]:
    """Every model beside its own vectors, and every model of adults beside the observations."""
    return tuple(
        held(model, vector)
        for model in library().values()
        for vector in (*model.vectors, *(observations() if model.adult else ()))
    )


def check() -> tuple[Fault, ...]:
    """Every fault of the library."""
    faults: list[Fault] = []
    models = []
    for id in MODELS:
        try:
            models.append(published(id))
        except BadInput as bad:
            faults += [Fault(f"{id}.toml/{fault.path}", fault.problem, fault.remedy) for fault in bad.faults]
    for model in models:
        faults += [Fault(f"{model.id}.toml/{fault.path}", fault.problem, fault.remedy) for fault in faults_of(model)]
    for place, vector in enumerate(observations()):
        faults += [
            Fault(f"observed.toml/{fault.path}", fault.problem, fault.remedy)
            for fault in _cited(vector, f"vectors[{place}]")
        ]
    return tuple(faults)


def faults_of(model: PublishedModel) -> Iterator[Fault]:
    """The faults of one model beside its form: sources, what is ours, and its vectors."""
    yield from _cited(model, "")
    ours = any(citation.evidence is Evidence.DERIVED for citation in model.source)
    if (model.standing is Standing.DERIVED) is not ours:
        yield Fault(
            "standing", f"{model.standing} does not go with its source", "A derived model has D [D] among its sources"
        )
    if ours and not model.derived:
        yield Fault("derived", "it is not said what is ours", "Say how the model was put together")
    if model.standing is Standing.PUBLISHED and not model.missing:
        yield Fault(
            "missing", "nothing is said to be missing", "Name what the source does not give, or that it gives all"
        )
    known = {vector.id for vector in observations()}
    for name in model.misses:
        if name not in known:
            yield Fault("misses", f"{name!r} is no observation", did_you_mean(name, sorted(known)))
    lists = [(f"vectors[{place}]", vector, vector.misses) for place, vector in enumerate(model.vectors)]
    lists += [
        (f"observed {vector.id}", vector, vector.id in model.misses)
        for vector in (observations() if model.adult else ())
    ]
    for at, vector, misses in lists:
        try:
            beside = held(model, vector)
        except (BadInput, Unreadable) as bad:
            yield Fault(at, f"cannot be worked out: {bad}", "Correct the vector or the model")
            continue
        if beside.agrees is misses:
            said = f"{vector.id}: {beside.found:.4g}, {beside.deviation:+.1%} from what is printed"
            yield Fault(
                at, said, "Take misses out" if misses else "Correct the number, or say that the model misses it"
            )


def _cited(value: object, at: str) -> Iterator[Fault]:
    """Citations that stand in no bibliography, derived numbers that claim a source, and facts without one."""
    if isinstance(value, Citation):
        if value.key not in bibliography():
            yield Fault(at, f"{value.key} is not in the bibliography", did_you_mean(value.key, list(bibliography())))
        if (value.key == "D") is not (value.evidence is Evidence.DERIVED):
            yield Fault(at, f"{value} mixes a source with our own", "Write D [D] for what is ours")
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from _cited(item, f"{at}[{place}]")
    elif is_dataclass(value):
        for field in fields(value):
            path = f"{at}.{field.name}" if at else field.name
            part = getattr(value, field.name)
            if field.name == "source" and not part:
                yield Fault(path, "has no source", "Add one from the bibliography")
            yield from _cited(part, path)
