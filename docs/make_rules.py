"""Writes reference/rules.md: every rule id that the check can give, from the monograph, the templates and the table below.

``python docs/make_rules.py`` after a change; a test finds a stale page and a rule that is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gradatim.domain.guardrail import EVERYBODY, MINIMA, UNBOUNDED, Applies, Guardrail, Kind
from gradatim.domain.knowledge import ConditionRule, InteractionLevel
from gradatim.monographs import monograph
from gradatim.words import sources_text
from gradatim.words.english import TEMPLATES

FILE = Path(__file__).parent / "reference" / "rules.md"

CHAPTERS = {
    "The start": (Kind.START_DAY, Kind.START_DOSE, Kind.START_DAY_PER_KG, Kind.START_FRACTION),
    "Steps up": (Kind.STEP_DAY, Kind.STEP_DOSE, Kind.STEP_INTERVAL),
    "How high": (Kind.DOSE, Kind.DAY, Kind.DAY_PER_KG, Kind.DAY_CEILING, Kind.DAY_FLAG),
    "Not for this person": (Kind.AVOID, Kind.AVOID_TABLETS),
    "Doses of one day": (Kind.DOSE_GAP,),
    "The way down": (
        Kind.TAPER_TOTAL, Kind.TAPER_STEP_DAY, Kind.TAPER_STEP_FRACTION, Kind.TAPER_INTERVAL, Kind.TAPER_LAST_DAY, Kind.TAPER_PRESCRIBER,
    ),
}  # fmt: skip

OWN = "rule of this program"
KIDNEYS = "the sources of the kidney limits"
PROTOCOL = "the sources of the protocol"
PRODUCT = "the sources of the product"

# rule → severity, templates, source. Where one rule has two severities, both are named with their case.
CODE = {
    "renal-unknown": ("caution from 65 years or when the age is unknown, else info", ("renal.unknown",), KIDNEYS),
    "renal-formulae-disagree": (
        "stop across 30, caution across 60",
        ("renal.disagree-30", "renal.disagree-60"),
        KIDNEYS,
    ),
    "age-unknown": ("stop under 33 kg, else info", ("person.age-unknown",), OWN),
    "locale-unknown": ("info", ("person.locale-unknown",), OWN),
    "weight-slip": ("stop", ("slip.weight",), "RESUS [2], derived [D]"),
    "child-weight-unknown": ("stop", ("person.child-weight-unknown",), "the sources of the limits by weight"),
    "medicine-not-listed": ("info", ("medicine.not-listed",), OWN),
    "tenfold-slip": ("stop", ("slip.tenfold",), "the sources of the first dose"),
    "tenfold-jump": ("stop", ("slip.tenfold-jump",), "the sources of the step"),
    "unit-slip": ("stop", ("slip.tiny",), OWN),
    "time-unused": ("info", ("plan.time-unused",), OWN),
    "no-review": ("caution", ("plan.no-review",), OWN),
    "protocol-not-for-this-age": ("stop", ("protocol.population",), PROTOCOL),
    "protocol-of-another-country": ("info", ("protocol.market",), PROTOCOL),
    "protocol-for-another-indication": ("caution", ("protocol.only-for",), PROTOCOL),
    "times-differ-from-protocol": ("caution", ("protocol.times",), PROTOCOL),
    "titration-faster-than-source": ("stop", ("protocol.faster-interval",), PROTOCOL),
    "titration-step-beyond-source": ("stop", ("protocol.faster-step",), PROTOCOL),
    "above-protocol-maximum": ("stop", ("protocol.above-maximum",), PROTOCOL),
    "taper-faster-than-source": ("stop", ("taper.faster-total",), PROTOCOL),
    "taper-step-beyond-source": ("stop", ("taper.faster-step", "taper.faster-share"), PROTOCOL),
    "taper-interval-beyond-source": ("stop", ("taper.faster-interval",), PROTOCOL),
    "protocol-needs": ("stop", ("taper.needs",), PROTOCOL),
    "protocol-for-longer-use": ("info", ("taper.for-longer-use",), PROTOCOL),
    "liquid-two-strengths": ("stop", ("product.two-strengths",), PRODUCT),
    "liquid-strength-changed": ("stop", ("product.strength-changed",), PRODUCT),
    "form-changed": ("caution", ("product.form-changed",), PRODUCT),
    "split-with-poor-hands": ("caution", ("product.split-hands",), PRODUCT),
    "quarter-tablets": ("caution", ("product.quarters",), PRODUCT),
    "product-for-another-indication": ("caution", ("product.only-for",), PRODUCT),
}

HEAD = """# Rules

Every rule id that `gradatim check` can give. The page is made from the data and the code by `docs/make_rules.py`; a test fails when a rule
is missing here.

A *limit* of the monograph has a recommended bound, an absolute bound, or both. Beyond the first it gives a caution, beyond the second a
stop, unless the row says otherwise. Of the limits of one kind and group, one written for the person's country replaces the one written for
none. A plan that only goes down is not blocked for being high, nor by a reason against taking the drug at all: such a finding is told, and
does not stand in the way of coming off.

In the messages `{…}` stands for a fact of the plan. What a severity does: [Findings and exit codes](findings-and-exit-codes.md). What the
tags behind a source mean, and the sources themselves: [The monograph](monograph.md).
"""


def cell(text: object) -> str:
    """Text that cannot break a table."""
    return " ".join(str(text).replace("|", "\\|").split())


def people(applies: Applies) -> str:
    """Whom a limit is for, in words."""
    said = [
        ", ".join(applies.markets),
        _between("age", applies.age_from_months, applies.age_under_months, " years", 12),
        "" if applies.weight_under_kg is None else f"under {applies.weight_under_kg} kg",
        _between("eGFR", applies.egfr_from, applies.egfr_under, "", 1),
        "dialysis" if applies.dialysis else "",
        " or ".join(applies.conditions),
        " or ".join(applies.indications),
        "" if applies.on_drug_over_days is None else f"on the drug for more than {applies.on_drug_over_days} days",
    ]
    return "; ".join(part for part in said if part) or "everybody"


def _between(what: str, low: int | None, under: int | None, unit: str, scale: int) -> str:
    if low is None and under is None:
        return ""
    ends = [f"from {low // scale}" if low is not None else "", f"under {under // scale}" if under is not None else ""]
    return f"{what} {' to '.join(end for end in ends if end)}{unit}"


def limit(rail: Guardrail) -> str:
    """A row of the table of one kind."""
    word = "from" if rail.at_limit else "under" if rail.kind in MINIMA else "over"
    both = [(rail.recommended, rail.beyond_recommended), (rail.absolute, rail.beyond_absolute)]
    if rail.recommended == rail.absolute:
        del both[0]
    fires = ", ".join(f"{severity} {word} {bound}" for bound, severity in both if bound)
    if rail.kind in UNBOUNDED:
        fires = str(rail.beyond_absolute)
    return f"| `{rail.id}` | {cell(people(rail.applies))} | {fires} | {cell(rail.why)} {sources_text(rail.source)} |"


def illness(rule: ConditionRule) -> str:
    """A row of the illnesses and states."""
    narrower = "" if rule.applies == EVERYBODY else people(rule.applies)
    only = "; ".join(
        part for part in (narrower, rule.product_contains and f"product with {rule.product_contains}") if part
    )
    when = cell(" or ".join(rule.conditions) + (f" ({only})" if only else ""))
    return f"| `{rule.id}` | {when} | {rule.severity} | {cell(rule.why)} {sources_text(rule.source)} |"


def made() -> str:
    """The whole page."""
    known = monograph()
    lines = [HEAD]
    for chapter, kinds in CHAPTERS.items():
        lines.append(f"## {chapter}\n")
        for kind in kinds:
            lines += [
                f"> {cell(TEMPLATES[f'limit.{kind}'])}\n",
                "| rule | for whom | fires | why, and who says so |",
                "|---|---|---|---|",
            ]
            lines += [limit(rail) for rail in known.guardrails if rail.kind is kind]
            lines.append("")
    lines += ["## Illnesses and states\n", f"> {TEMPLATES['condition']}\n"]
    lines += ["Given when the order names one of these words in `conditions` or `indication`.\n"]
    lines += ["| rule | when | severity | why, and who says so |", "|---|---|---|---|"]
    lines += map(illness, known.condition_rules)
    return "\n".join([*lines, "", *_medicines(), "", *_program()]) + "\n"


def _medicines() -> Iterator[str]:
    yield f"## Other medicines\n\n> {TEMPLATES['interaction']}\n"
    yield "Given when the order names one of them in `medicines`; strengths and other words around the name do no harm.\n"
    yield "| rule | medicines | severity | what to do, and who says so |\n|---|---|---|---|"
    for found in monograph().interactions:
        severity = "info" if found.level is InteractionLevel.MINOR else "caution"
        named = cell(", ".join(found.members[:8]) + (" …" if len(found.members) > 8 else ""))
        who, source = cell(found.with_class), sources_text(found.source)
        yield f"| `interaction-{found.id}` | {who}: {named} | {severity} ({found.level}) | {cell(found.action)} {source} |"


def _program() -> Iterator[str]:
    yield "## Rules of the program\n"
    yield "These compare parts of an order with one another, or say that a fact is missing."
    yield "Their numbers come from the protocol or limit named in the message.\n"
    yield "| rule | severity | message | source |\n|---|---|---|---|"
    for rule, (severity, keys, source) in CODE.items():
        said = " *or* ".join(cell(TEMPLATES[key]) for key in keys)
        yield f"| `{rule}` | {severity} | {said} | {source} |"


if __name__ == "__main__":
    FILE.write_text(made(), "utf-8")
