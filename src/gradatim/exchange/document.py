"""The plan document: one JSON file that holds a course and its person, and beside them everything derived from them.

Reading takes the course and the person, and refuses a file whose derived part says something else than the plan does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gradatim.domain.calendar import Calendar, lay_out
from gradatim.domain.citation import Citation, Source
from gradatim.domain.clock import Instant
from gradatim.domain.course import Course
from gradatim.domain.dose import OralDose
from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.domain.finding import Finding
from gradatim.domain.monograph import Monograph
from gradatim.domain.person import Person
from gradatim.domain.plan import LONGEST
from gradatim.domain.reading import plain, read
from gradatim.domain.safety.person_rules import check_words
from gradatim.domain.schedule import Mode, ScheduledDose, Span
from gradatim.domain.supply import Need
from gradatim.domain.tablets import WHOLE, Portion, Solid
from gradatim.languages import LANGUAGES, speaking, spoken
from gradatim.words import dose_sentence, phrase, portion_text, reason_text, say_finding
from gradatim.words.sentence import known

SCHEMA = "gradatim/plan/1"
DERIVED = (
    "intended_use",
    "language",
    "issued",
    "first",
    "last",
    "mode",
    "plan",
    "steps",
    "doses",
    "findings",
    "supply",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFile:
    """The part of the document that is read back."""

    person: Person
    course: Course


def document(calendar: Calendar, sources: Mapping[str, Source]) -> dict[str, Any]:
    """The document of a calendar as plain data. ``sources`` gives the titles behind the keys."""
    return {
        "schema": SCHEMA,
        "intended_use": phrase("intended-use"),
        "language": spoken(),
        "issued": calendar.issued.iso(),
        "mode": str(calendar.mode),
        "first": calendar.first.isoformat(),
        "last": calendar.last.isoformat(),
        "plan": _summary(calendar),
        "steps": [_step(span, sources) for span in calendar.spans],
        "doses": [dose_data(dose, calendar.person.zone) for dose in calendar.doses],
        "findings": [_finding(finding, calendar, sources) for finding in calendar.findings],
        "supply": [need_data(need) for need in calendar.supply],
        "person": plain(calendar.person),
        "course": plain(calendar.course),
    }


def _summary(calendar: Calendar) -> dict[str, Any]:
    plan = calendar.plan
    data: dict[str, Any] = {
        "id": plan.id, "version": plan.version, "state": str(plan.state), "drug": calendar.monograph.name,
        "monograph": f"{plan.drug} {calendar.monograph.version}", "purpose": str(plan.purpose), "protocol": plan.protocol,
        "start": plan.start.isoformat(), "valid_until": plan.until.isoformat(), "zone": calendar.person.zone,
        "blocked": calendar.blocked,
    }  # fmt: skip
    if plan.approval is not None:
        copied = plan.approval.copied_from
        data["approved_by"] = plan.approval.by
        data["approved_at"] = plan.approval.at.iso()
        data["copied_from"] = (
            None if copied is None else {"prescriber": copied.prescriber, "dated": copied.dated.isoformat()}
        )
        data["overrides"] = plain(plan.overrides)
    return data


def number(dose: OralDose) -> int | float:
    """mg as a JSON number: exact, since a float prints three decimals as they are."""
    return dose.micrograms // 1000 if dose.micrograms % 1000 == 0 else float(dose.in_mg)


def _count(parts: int, whole: int) -> int | float:
    return parts // whole if parts % whole == 0 else parts / whole


def units_data(portion: Portion) -> Any:
    """``[{product, strength_mg, count}]`` for solids, ``{product, ml, mg_per_ml}`` for a liquid."""
    if isinstance(portion, Solid):
        return [
            {
                "product": part.product.id,
                "strength_mg": number(part.product.strength or OralDose(0)),
                "count": _count(part.quarters, WHOLE),
            }
            for part in portion.pieces
        ]
    assert portion.product.concentration is not None
    per_ml = _count(portion.product.concentration.micrograms_per_ml, 1000)
    return {"product": portion.product.id, "ml": _count(portion.microlitres, 1000), "mg_per_ml": per_ml}


def dose_data(dose: ScheduledDose, zone: str) -> dict[str, Any]:
    """One dated dose."""
    return {
        "id": dose.id, "date": dose.day.isoformat(), "time": f"{dose.at:%H:%M}", "zone": zone, "at": dose.instant.iso(),
        "mg": number(dose.dose), "units": units_data(dose.portion), "text": portion_text(dose.portion),
        "sentence": dose_sentence(dose.at, dose.portion), "version": dose.version, "step": dose.step,
        **({"waiting_for": dose.waiting} if dose.waiting else {}),
    }  # fmt: skip


def citations(source: tuple[Citation, ...], sources: Mapping[str, Source]) -> list[str]:
    """``WOLF [A]: Wolf E et al. …``, one line each."""
    return [
        f"{citation}: {sources[citation.key].title}" if citation.key in sources else str(citation)
        for citation in source
    ]


def _step(span: Span, sources: Mapping[str, Source]) -> dict[str, Any]:
    step, review = span.stretch.step, span.stretch.review
    data: dict[str, Any] = {
        "version": span.plan.version, "number": span.stretch.number, "kind": step.kind, "first": span.first.isoformat(), "last": span.last.isoformat(),
        "open": span.stretch.last is None,
        "doses": [{"slot": s.id, "time": f"{s.at:%H:%M}", "mg": number(d)} for s, d in zip(span.plan.slots, step.doses, strict=True)],
        "day_mg": number(span.stretch.day_total), "because": str(step.because), "reason": reason_text(step),
        "source": citations(step.source, sources),
    }  # fmt: skip
    if review is not None:
        data["review"] = {"id": review.id, "by": str(review.by), "asks": [ask_text(ask) for ask in review.asks]}
    if span.stretch.waiting:
        data["waiting_for"] = span.stretch.waiting
    return data


def ask_text(ask: str) -> str:
    """A criterion of a review in words: the template of its key, or the prescriber's own sentence."""
    return phrase(ask) if ask.startswith("ask.") and known(ask) else ask


def _finding(finding: Finding, calendar: Calendar, sources: Mapping[str, Source]) -> dict[str, Any]:
    return {
        "rule": finding.rule, "severity": str(finding.severity), "message": say_finding(finding),
        "source": citations(finding.source, sources), "at": finding.at, "overridden": calendar.overridden(finding),
        "facts": {name: str(fact) for name, fact in finding.message.facts},
    }  # fmt: skip


def need_data(need: Need) -> dict[str, Any]:
    """What one product needs: ``count`` is the exact sum over the doses, ``dispense`` what to hand out."""
    if need.product.is_solid:
        return {
            "product": need.product.id, "strength_mg": number(need.product.strength or OralDose(0)),
            "count": _count(need.quarters, WHOLE), "dispense": need.dispense, "splits": need.splits,
        }  # fmt: skip
    assert need.product.concentration is not None
    per_ml = _count(need.product.concentration.micrograms_per_ml, 1000)
    return {"product": need.product.id, "ml": _count(need.microlitres, 1000), "mg_per_ml": per_ml}


def read_document(data: Mapping[str, Any], monograph: Monograph) -> PlanFile:
    """The course and person of a document. Raises `BadInput` for a foreign schema, unknown keys, any fault of the plan, and
    doses that differ from what the plan gives."""
    if data.get("schema") != SCHEMA:
        raise one_fault("schema", f"{data.get('schema')!r} is not {SCHEMA}", "Give a file that gradatim plan wrote")
    kept = {key: value for key, value in data.items() if key not in DERIVED and key != "schema"}
    found = read(PlanFile, kept)
    check_words(found.person, monograph)
    for plan in found.course.versions:
        if plan.drug != monograph.id:
            raise one_fault(
                f"course.versions[{plan.version - 1}].drug",
                f"{plan.drug!r} is not {monograph.id}",
                "Give a plan for this drug",
            )
        for id in plan.products:
            monograph.product(id, f"course.versions[{plan.version - 1}].products")
    _compare(data, found, monograph)
    return found


def _compare(data: Mapping[str, Any], found: PlanFile, monograph: Monograph) -> None:
    said = data.get("doses")
    if said is None:
        return
    if not isinstance(said, list):
        raise one_fault("doses", "is not a list", "Take it out, or write the file anew")
    try:
        first, last = date.fromisoformat(data["first"]), date.fromisoformat(data["last"])
        mode, issued = Mode(data["mode"]), Instant.parse(data["issued"])
    except (KeyError, TypeError, ValueError) as error:
        raise one_fault(
            "doses", f"the days they cover cannot be read ({error})", "Take the doses out, or write the file anew"
        ) from None
    if (last - first).days > LONGEST:
        raise one_fault(
            "last", f"{last} is more than {LONGEST} days after {first}", "Write the file anew for fewer days"
        )
    calendar = lay_out(found.course, found.person, monograph, issued, first=first, last=last, mode=mode)
    language = data.get("language", "en")
    if not isinstance(language, str) or language not in LANGUAGES:
        raise one_fault("language", f"{language!r} is not spoken here", f"Write one of: {', '.join(LANGUAGES)}")
    with speaking(language):
        planned = [dose_data(dose, found.person.zone) for dose in calendar.doses]
    if said == planned:
        return
    faults = []
    for place, (one, two) in enumerate(zip(said, planned, strict=False)):
        if one != two:
            keys = [key for key in two if not isinstance(one, Mapping) or one.get(key) != two[key]]
            faults.append(
                Fault(
                    f"doses[{place}].{keys[0] if keys else ''}",
                    "differs from what the plan gives",
                    "The plan counts: write the file anew",
                )
            )
    if len(said) != len(planned):
        faults.append(
            Fault(
                "doses",
                f"holds {len(said)} doses, the plan gives {len(planned)}",
                "The plan counts: write the file anew",
            )
        )
    raise BadInput(faults[:20])
