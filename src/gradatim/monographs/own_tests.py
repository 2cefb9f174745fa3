"""The cases in ``tests.toml`` of a monograph: a second transcription of the sources that the data must satisfy.

A case has a ``name`` and asks one of three things:

* ``guardrail_kind``, a described person, a ``value`` and what to ``expect`` of it;
* an item (``titration``, ``taper``, ``product``, ``medicine`` …) and the values its fields must have. Tables may be
  given in part; ``says`` lists words that must occur in the item; ``"not said"`` stands for a value that is left out;
* ``fact``, a path such as ``screening.steps[0]``, with fields in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any

from gradatim.domain.fault import BadInput, Fault
from gradatim.domain.guardrail import UNBOUNDED, Band, Bound, Guardrail, Kind
from gradatim.domain.person import Age, Person, Weight
from gradatim.domain.protocol import Amount, DoseRange, TitrationProtocol
from gradatim.domain.reading import did_you_mean, read
from gradatim.domain.safety.case import governing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gradatim.domain.dose import OralDose

NOT_SAID = "not said"
READ_AGAIN = "Read the source again, then correct the monograph or the case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """As much of a person as guardrails ask for. ``None`` is not known."""

    market: str | None = None
    age_months: int | None = None
    weight_kg: int | None = None
    egfr: int | None = None
    dialysis: bool | None = None
    conditions: tuple[str, ...] = ()
    indications: tuple[str, ...] = ()
    on_drug_days: int | None = None


class Expect(StrEnum):
    """What a case wants of the guardrails of its kind. ``silent`` and ``applies`` ask for no value."""

    WITHIN = "within"
    BEYOND = "beyond"  # the recommended bound or the absolute one
    BEYOND_RECOMMENDED = "beyond recommended"
    BEYOND_ABSOLUTE = "beyond absolute"
    APPLIES = "applies"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardrailCase(Someone):
    """A value that guardrails of one kind must classify as expected, for one person."""

    name: str
    guardrail_kind: Kind
    expect: Expect
    value: Bound | None = None


def governing_kind(guardrails: tuple[Guardrail, ...], kind: Kind, someone: Someone) -> tuple[Guardrail, ...]:
    """The guardrails of one kind for this person, chosen as the check chooses them."""
    person = Person(
        zone="UTC",
        age=None if someone.age_months is None else Age(someone.age_months),
        weight=None if someone.weight_kg is None else Weight(someone.weight_kg * 1000),
        dialysis=bool(someone.dialysis), market=someone.market, conditions=someone.conditions,
        indication=someone.indications[0] if someone.indications else None,
    )  # fmt: skip
    found = governing(guardrails, person, someone.egfr, someone.on_drug_days or 0)
    return tuple(rail for rail in found if rail.kind is kind)


def start_day(protocol: TitrationProtocol) -> DoseRange | None:
    """The first day in mg; None for amounts per weight."""
    if protocol.rungs:
        first = protocol.rungs[0]
        return _same(first.dose * first.times)
    return per_day(protocol.start, protocol)


def per_day(amount: Amount | None, protocol: TitrationProtocol) -> DoseRange | None:
    """An amount as mg a day, at the number of doses that the source names first; None for amounts per weight."""
    if amount is None or amount.per_dose is None:
        return amount.per_day if amount else None
    if not protocol.times:
        return None
    return DoseRange(amount.per_dose.low * protocol.times[0], amount.per_dose.high * protocol.times[0])


def _same(dose: OralDose) -> DoseRange:
    return DoseRange(dose, dose)


def run(case: Mapping[str, Any], at: str, parts: tuple[object, ...]) -> tuple[Fault, ...]:
    """What one case finds wrong. ``parts`` are the monograph and, where there is one, its leaflet."""
    try:
        return tuple(Fault(at, f"{case.get('name')!r}: {said}", READ_AGAIN) for said in _answer(case, at, parts))
    except BadInput as bad:
        return bad.faults


def _answer(case: Mapping[str, Any], at: str, parts: tuple[object, ...]) -> Iterator[str]:
    if "guardrail_kind" in case:
        yield from _classified(read(GuardrailCase, case, at), at, parts)
        return
    wanted = {key: value for key, value in case.items() if key != "name"}
    asked = next((key for key in wanted if key in (*LISTS, "fact")), None)
    if asked is None or not case.get("name") or len(wanted) < 2:
        ways = ", ".join(("guardrail_kind", "fact", *LISTS))
        raise BadInput([Fault(at, "this case asks nothing", f"Give a name, one of {ways}, and what to expect")])
    said = str(wanted.pop(asked))
    items = _by_path(parts, said, at) if asked == "fact" else _by_name(parts, asked, said, at)
    faults = [list(_differences(wanted, item)) for item in items]
    yield from min(faults, key=len)  # several items may carry one name: a class of medicines, a coding system


def _classified(case: GuardrailCase, at: str, parts: tuple[object, ...]) -> Iterator[str]:
    found = governing_kind(getattr(parts[0], "guardrails", ()), case.guardrail_kind, case)
    names = ", ".join(rail.id for rail in found)
    if case.expect is Expect.SILENT:
        if found:
            yield f"{names} should not apply to this person"
        return
    if not found:
        yield f"no guardrail of the kind {case.guardrail_kind} applies to this person"
    elif case.expect is not Expect.APPLIES:
        if case.value is None or case.guardrail_kind in UNBOUNDED:
            remedy = "Give a value, or expect applies or silent"
            raise BadInput([Fault(f"{at}.value", "there is nothing to classify", remedy)])
        bands = {rail.classify(case.value.value) for rail in found}
        worst = [band for band in Band if band in bands][-1]
        if worst != case.expect.value and (case.expect is not Expect.BEYOND or worst is Band.WITHIN):
            yield f"{case.value} is {worst} ({names}), expected {case.expect}"


# What a case may ask for: the list it stands in, and the field that names an item.
LISTS: dict[str, tuple[str, str]] = {
    "titration": ("titrations", "id"), "taper": ("tapers", "id"), "product": ("products", "id"),
    "medicine": ("interactions", "members"), "condition": ("condition_rules", "conditions"),
    "code": ("codes", "system"), "missed": ("missed_dose", "id"), "reaction": ("reactions", "id"),
    "danger": ("danger_signs", "id"), "topic": ("topics", "id"), "ampoule": ("ampoules", "id"),
    "first_day": ("first_day", "id"), "change": ("changes", "id"), "maintenance": ("maintenance", "id"),
    "alarm": ("alarms", "id"),
}  # fmt: skip


def _by_name(parts: tuple[object, ...], asked: str, said: str, at: str) -> list[Any]:
    where, key = LISTS[asked]
    items = [item for part in parts for item in getattr(part, where, ())]
    found = [spread(item) for item in items if said in _names(item, key)]
    if not found:
        known = sorted({name for item in items for name in _names(item, key)})
        raise BadInput([Fault(f"{at}.{asked}", f"no {asked} is called {said!r}", did_you_mean(said, known))])
    return found


def _names(item: object, key: str) -> tuple[str, ...]:
    value = getattr(item, key)
    return value if isinstance(value, tuple) else (value,)


def _by_path(parts: tuple[object, ...], path: str, at: str) -> list[Any]:
    for part in parts:
        value: Any = part
        try:
            for step in re.findall(r"\w+", path):
                value = value[int(step)] if isinstance(value, tuple) else getattr(value, step)
        except (AttributeError, IndexError, ValueError):
            continue
        return [spread(value)]
    remedy = "Write the path of a field, for example screening.steps[0]"
    raise BadInput([Fault(f"{at}.fact", f"there is no {path}", remedy)])


def spread(value: object) -> Any:
    """A domain value as plain data with *all* its fields, the ones at their default too."""
    if value is None:
        return NOT_SAID
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [spread(item) for item in value]
    if not is_dataclass(value):
        return value
    if hasattr(type(value), "parse"):
        return str(value)
    out = {field.name: spread(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, TitrationProtocol):
        out |= {"start_day": spread(start_day(value)), "step_day": spread(per_day(value.step, value))}
    return out


def _differences(wanted: Mapping[str, Any], item: Any) -> Iterator[str]:
    for key, value in wanted.items():
        if key == "says":
            text = str(item)
            yield from (f"{words!r} is not said" for words in value if words not in text)
        elif not isinstance(item, dict) or key not in item:
            known = list(item) if isinstance(item, dict) else []
            yield f"{key!r} is not a field here. {did_you_mean(key, known)}"
        elif not _fits(value, item[key]):
            yield f"{key} is {item[key]!r}, expected {value!r}"


def _fits(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(found, dict) and not list(_differences(wanted, found))
    if isinstance(wanted, list) and wanted and isinstance(wanted[0], Mapping):
        return isinstance(found, list) and all(any(_fits(one, other) for other in found) for one in wanted)
    return type(wanted) is type(found) and bool(wanted == found)
