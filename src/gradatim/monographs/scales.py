"""The scales that a person can log, as data; and a check that each is ours to ask, and says where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from gradatim.domain.citation import Citation, Evidence
from gradatim.domain.fault import BadInput, Fault
from gradatim.domain.reading import did_you_mean, read
from gradatim.domain.scale import NotEmbedded, Rater, Scale
from gradatim.languages import speaking, spoken
from gradatim.monographs.in_words import in_words
from gradatim.monographs.loader import bibliography, data_of, monograph

# Words by which a scale that may not be asked gives itself away, in its id, name or question; the reason stands in the data.
PROTECTED = {
    "epworth": ("epworth",),
    "karolinska": ("karolinska",),
    "msss-88": ("msss",),
    "phq-2": ("phq", "patient health questionnaire"),
}
FOR_CLINICIANS = ("ashworth",)


class UnknownScale(LookupError):
    """No scale has this id."""


def scales() -> Mapping[str, Scale]:
    """Every scale by its id, in the order of the check-in, its words in the language that is spoken.

    Raises `BadInput` with all faults of the file.
    """
    return _scales(spoken())


@cache
def _scales(language: str) -> Mapping[str, Scale]:
    with speaking(language):
        data = in_words("scales", data_of("scales"))
    return MappingProxyType({scale.id: scale for scale in read(tuple[Scale, ...], data["scales"], "scales")})


def scale(id: str) -> Scale:
    """One scale. Raises `UnknownScale` with the nearest ids."""
    if id not in scales():
        raise UnknownScale(f"{id!r} is not a scale. {did_you_mean(id, list(scales()))}")
    return scales()[id]


def not_embedded() -> tuple[NotEmbedded, ...]:
    """The scales that are named and never asked, each with the reason."""
    return _not_embedded(spoken())


@cache
def _not_embedded(language: str) -> tuple[NotEmbedded, ...]:
    with speaking(language):
        data = in_words("scales", data_of("scales"))
    return read(tuple[NotEmbedded, ...], data["not_embedded"], "not_embedded")


def check_scales(data: dict[str, Any] | None = None) -> tuple[Fault, ...]:
    """Every fault of the scales: of ``data`` where given, else of the packaged file."""
    data = data_of("scales") if data is None else data
    try:
        asked = read(tuple[Scale, ...], data.get("scales", []), "scales")
        left_out = read(tuple[NotEmbedded, ...], data.get("not_embedded", []), "not_embedded")
    except BadInput as bad:
        return bad.faults
    faults = [*_ids(asked, left_out)]
    for place, one in enumerate(asked):
        faults += _scale(f"scales[{place}]", one, asked[:place])
    for place, refused in enumerate(left_out):
        faults += _cited(f"not_embedded[{place}]", refused.source, None)
    for id in PROTECTED.keys() - {refused.id for refused in left_out}:
        faults.append(Fault("not_embedded", f"{id} is not named", "Name it with the reason why it is not asked"))
    return tuple(faults)


def _ids(asked: tuple[Scale, ...], left_out: tuple[NotEmbedded, ...]) -> Iterator[Fault]:
    seen: set[str] = set()
    for id in (*(one.id for one in asked), *(one.id for one in left_out)):
        if id in seen:
            yield Fault("scales", f"the id {id!r} is there twice", "Give each its own")
        seen.add(id)


def _scale(at: str, one: Scale, before: tuple[Scale, ...]) -> Iterator[Fault]:
    yield from _cited(at, one.source, one.derived)
    for place, band in enumerate(one.bands):
        yield from _cited(f"{at}.bands[{place}]", band.source, None)
    codes = {condition.code for condition in monograph().conditions}
    for place, difference in enumerate(one.important):
        yield from _cited(f"{at}.important[{place}]", difference.source, None)
        for code in difference.conditions:
            if code not in codes:
                remedy = did_you_mean(code, sorted(codes))
                yield Fault(f"{at}.important[{place}].conditions", f"{code!r} is not a known condition", remedy)
    if not one.important and not one.not_found:
        yield Fault(
            f"{at}.important", "nothing is said of the difference that matters", "Give it, or say it in not_found"
        )
    said = f"{one.id} {one.name} {one.question}".lower()
    for id, words in PROTECTED.items():
        if any(word in said for word in words):
            yield Fault(
                at, f"{one.id} may not be asked", f"Take it out; {id} stands under not_embedded with the reason"
            )
    if any(word in said for word in FOR_CLINICIANS) and one.by is not Rater.CLINICIAN:
        yield Fault(f"{at}.by", f"{one.id} is for clinicians to enter", 'Write by = "clinician"')
    named = {anchor.value for anchor in one.anchors}
    if not one.unit and one.better is not None and one.low not in named:
        yield Fault(f"{at}.anchors", f"the low end of {one.id} has no words", "Say what it means")
    if one.parts == 1 and one.high <= 10 and one.high not in named:
        yield Fault(f"{at}.anchors", f"the high end of {one.id} has no words", "Say what it means")
    if one.only_if is not None and one.only_if not in {other.id for other in before}:
        yield Fault(f"{at}.only_if", f"{one.only_if!r} is not asked before it", "Name the id of a scale above it")


def _cited(at: str, source: tuple[Citation, ...], derived: str | None) -> Iterator[Fault]:
    if not source:
        yield Fault(f"{at}.source", "this fact has no source", "Add one from the bibliography, or D [D] and derived")
    for place, citation in enumerate(source):
        if citation.key not in bibliography():
            remedy = did_you_mean(citation.key, list(bibliography()))
            yield Fault(f"{at}.source[{place}]", f"{citation.key} is not in the bibliography", remedy)
        if (citation.key == "D") is not (citation.evidence is Evidence.DERIVED):
            yield Fault(
                f"{at}.source[{place}]", f"{citation} mixes a source with our own", "Write D [D] for what is ours"
            )
    ours = any(citation.key == "D" for citation in source)
    if ours and not derived:
        yield Fault(
            f"{at}.derived", "something is ours and it is not said what", "Say in derived what is ours, and why"
        )
    if derived and not ours:
        yield Fault(f"{at}.source", "something is ours and D [D] is missing", "Add D [D]")
