"""What is known of the kidneys, for whoever reads a page: they clear the drug."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from gradatim.domain.entry import Measured, PersonDescribed
from gradatim.domain.finding import Fact, message
from gradatim.domain.monograph import Monograph
from gradatim.domain.person import Person
from gradatim.domain.record import Record
from gradatim.domain.renal import Formula, renal_function, wolf_band
from gradatim.domain.safety.case import governing
from gradatim.words import say
from gradatim.words.sentence import numbers, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class KidneyValue:
    """A value of the laboratory as it was reported. ``described``: it was told with the person on that day, not measured."""

    text: str
    on: date | None
    described: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Kidneys:
    """What is known of the kidneys; ``estimate`` is the one that the limits go by."""

    values: tuple[KidneyValue, ...]
    estimate: tuple[Formula, float] | None
    dialysis: bool = False


def kidneys_of(record: Record) -> Kidneys:
    """The values that count, each with its own day, and the estimate made from them."""
    person = record.person
    if person is None:
        return Kidneys(values=(), estimate=None)
    values = []
    for name, value in (("creatinine", person.creatinine), ("egfr", person.egfr)):
        if value is not None:
            told = record.of(PersonDescribed)
            measured = [one for one in record.of(Measured) if value in (one.what.creatinine, one.what.egfr)]
            newest = measured[-1].at if measured else told[-1].at if told else None
            day = None if newest is None else record.day_of(newest)
            values.append(
                KidneyValue(
                    text=sentence(f"measure.{name}", value=numbers(_unit(str(value)))), on=day, described=not measured
                )
            )
    return Kidneys(values=tuple(values), estimate=renal_function(person).deciding, dialysis=person.dialysis)


def _unit(value: str) -> str:
    """As a laboratory writes it; an eGFR is always of 1.73 m² of body surface."""
    return value.replace("umol/L", "µmol/L").replace("mL/min", "mL/min/1.73 m²")


def kidneys_text(made: Kidneys) -> str:
    """``creatinine 70 µmol/L on Tue 1 Sep 2026; CKD-EPI 2021 93 mL/min/1.73 m²``."""
    parts = []
    for value in made.values:
        key = "described" if value.described else "measured"
        parts.append(value.text if value.on is None else _said(key, what=value.text, day=value.on))
    if made.estimate is not None and made.estimate[0] is not Formula.REPORTED:
        parts.append(_said("estimate", formula=made.estimate[0], value=f"{made.estimate[1]:.0f}"))
    if made.dialysis:
        parts.append(_said("dialysis"))
    return "; ".join(parts) or _said("kidney-unknown")


def _said(key: str, **facts: Fact) -> str:
    return say(message(f"report.{key}", **facts))


def renal_data(person: Person, monograph: Monograph) -> dict[str, Any] | None:
    """Every estimate, the one that the rules use, and the limits that follow; None where no formula fits what is known."""
    found = renal_function(person)
    deciding = found.deciding
    if deciding is None:
        return None
    rails = [one for one in governing(monograph.guardrails, person, deciding[1], 0) if one.group.startswith("renal")]
    return {
        "estimates": {str(formula): round(value, 1) for formula, value in found.estimates},
        "deciding": {"formula": str(deciding[0]), "ml_min": round(deciding[1], 1), "band": str(wolf_band(deciding[1]))},
        "guardrails": [
            {"id": one.id, "bound": str(one.absolute or one.recommended or ""), "why": one.why, "source": [str(citation) for citation in one.source]}
            for one in rails
        ],
    }  # fmt: skip
