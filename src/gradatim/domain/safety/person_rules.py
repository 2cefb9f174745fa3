"""What the person brings: kidneys, illnesses, other medicines, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator

from gradatim.domain.citation import Citation, Evidence
from gradatim.domain.fault import BadInput, Fault
from gradatim.domain.finding import Finding, message
from gradatim.domain.guardrail import Kind, Severity
from gradatim.domain.knowledge import Interaction, InteractionLevel
from gradatim.domain.medicine import named
from gradatim.domain.monograph import Monograph
from gradatim.domain.person import Person
from gradatim.domain.reading import did_you_mean
from gradatim.domain.safety.case import Case

SMALL_GRAMS = 33_000  # under it a person of unknown age may be a child [RXR-PED]
SEVERE = 30  # mL/min: under it baclofen is avoided [WOLF], [VLAV]
OLD_MONTHS = 65 * 12  # from the guardrails of older people


def check_words(person: Person, monograph: Monograph, at: str = "person") -> None:
    """Raises `BadInput` for every condition or indication that the monograph's vocabulary does not hold."""
    known = [condition.code for condition in monograph.conditions]
    said = [(f"{at}.conditions[{place}]", code) for place, code in enumerate(person.conditions)]
    if person.indication is not None:
        said.append((f"{at}.indication", person.indication))
    if faults := [
        Fault(path, f"{code!r} is not known here", did_you_mean(code, known))
        for path, code in said
        if code not in known
    ]:
        raise BadInput(faults)


def person_rules(case: Case) -> Iterator[Finding]:
    """Findings about the person, whatever the doses."""
    yield from _kidneys(case)
    yield from _unknowns(case)
    yield from _conditions(case)
    yield from _medicines(case)


def _renal_source(case: Case) -> tuple[Citation, ...]:
    cited = (c for g in case.monograph.guardrails if g.group == "renal" and g.kind is Kind.AVOID for c in g.source)
    return tuple(dict.fromkeys(cited))


def _kidneys(case: Case) -> Iterator[Finding]:
    if case.person.dialysis:
        return
    if case.deciding is None:
        grave = case.person.age is None or case.person.age.months >= OLD_MONTHS
        severity = Severity.CAUTION if grave else Severity.INFO
        yield Finding(
            rule="renal-unknown",
            severity=severity,
            message=message("renal.unknown"),
            source=_renal_source(case),
            at="person.creatinine",
        )
    if (gap := case.renal.disagreement) is not None:
        (low_by, low), (high_by, high) = gap
        facts = {"low": f"{low:.0f}", "low_by": low_by, "high": f"{high:.0f}", "high_by": high_by}
        under = low < SEVERE <= high
        said = message("renal.disagree-30" if under else "renal.disagree-60", **facts)
        yield case.eased(
            Finding(
                rule="renal-formulae-disagree",
                severity=Severity.STOP if under else Severity.CAUTION,
                message=said,
                source=_renal_source(case),
                at="person.creatinine",
            )
        )


def _unknowns(case: Case) -> Iterator[Finding]:
    if case.person.age is None:
        weight = case.person.weight
        small = weight is not None and weight.grams < SMALL_GRAMS
        severity = Severity.STOP if small else Severity.INFO
        source = (Citation("RXR-PED", Evidence.MIRROR),) if small else ()
        said = message("person.age-unknown")
        yield Finding(rule="age-unknown", severity=severity, message=said, source=source, at="person.age")
    if case.person.market is None:
        said = message("person.locale-unknown")
        yield Finding(rule="locale-unknown", severity=Severity.INFO, message=said, source=(), at="person.market")
    yield from _weight_slip(case.person)
    if case.person.is_child and case.person.weight is None:
        yield Finding(rule="child-weight-unknown", severity=Severity.STOP, message=message("person.child-weight-unknown"),
                      source=tuple(dict.fromkeys(c for g in case.of_kind(Kind.DAY_PER_KG) for c in g.source)), at="person.weight")  # fmt: skip


def usual_weight_kg(months: int) -> float | None:
    """A rough weight for an age, kg: for finding slips of the pen only, never for a dose. None over 12 years [RESUS].

    Up to 12 months 0.5·months + 4, from 1 to 5 years 2·years + 8, from 6 to 12 years 3·years + 7.
    """
    years = months // 12
    if months <= 12:
        return 0.5 * months + 4
    if years <= 5:
        return 2 * years + 8
    return 3 * years + 7 if years <= 12 else None


def _weight_slip(person: Person) -> Iterator[Finding]:
    if person.age is None or person.weight is None:
        return
    usual = usual_weight_kg(person.age.months)
    factor = 2.5  # wide enough for real children; a slip of a digit or of pounds for kilograms of grown-ups lies beyond
    if usual is not None and not usual / factor <= person.weight.kg <= usual * factor:
        said = message("slip.weight", weight=str(person.weight), age=person.age)
        source = (Citation("RESUS", Evidence.SECONDARY), Citation("D", Evidence.DERIVED))
        yield Finding(rule="weight-slip", severity=Severity.STOP, message=said, source=source, at="person.weight")


def _conditions(case: Case) -> Iterator[Finding]:
    present = {*case.person.conditions, *(() if case.person.indication is None else (case.person.indication,))}
    titles = {condition.code: condition.title for condition in case.monograph.conditions}
    deciding = None if case.deciding is None else case.deciding[1]
    suiting = [
        (rule, hit)
        for rule in case.monograph.condition_rules
        if (hit := [code for code in rule.conditions if code in present])
        and case.person.suits(rule.applies, deciding, case.plan.on_drug_days)
    ]
    local = {rule.conditions for rule, _ in suiting if rule.applies.markets}
    for rule, hit in suiting:
        if rule.conditions in local and not rule.applies.markets:
            continue  # the country's own word replaces the general one
        holding = [p.id for p in case.products if rule.product_contains in p.contains]
        if rule.product_contains is not None and not holding:
            continue
        said = message("condition", condition=titles.get(hit[0], hit[0]))
        found = Finding(
            rule=rule.id, severity=rule.severity, message=said, source=rule.source, at="person.conditions", why=rule.why
        )
        yield case.eased(found)


def interactions_of(medicine: str, monograph: Monograph) -> tuple[Interaction, ...]:
    """The interactions whose members are named in a free text such as "Ibuprofen 400 mg", in the spelling of any of our languages."""
    found = named(medicine, (member for one in monograph.interactions for member in one.members))
    return tuple(one for one in monograph.interactions if not found.isdisjoint(one.members))


def _medicines(case: Case) -> Iterator[Finding]:
    seen: dict[str, list[str]] = {}
    unknown = []
    for medicine in case.person.medicines:
        matched = interactions_of(medicine, case.monograph)
        if not matched:
            unknown.append(medicine)
        for interaction in matched:
            seen.setdefault(interaction.id, []).append(medicine)
    for interaction in case.monograph.interactions:
        if interaction.id in seen:
            severity = Severity.INFO if interaction.level is InteractionLevel.MINOR else Severity.CAUTION
            said = message(
                "interaction",
                medicines=tuple(seen[interaction.id]),
                with_class=interaction.with_class,
                level=interaction.level,
            )
            yield Finding(rule=f"interaction-{interaction.id}", severity=severity, message=said, source=interaction.source,
                          at="person.medicines", why=f"{interaction.mechanism} {interaction.action}")  # fmt: skip
    if unknown:
        yield Finding(rule="medicine-not-listed", severity=Severity.INFO, message=message("medicine.not-listed", medicines=tuple(unknown)),
                      source=(), at="person.medicines")  # fmt: skip
