"""Writes reference/rules.md: every rule id that the check can give, from the monograph, the templates and the table below.

``python docs/make_rules.py`` after a change; a test finds a stale page and a rule that is missing.
"""

from __future__ import annotations

from pathlib import Path

from gradatim.domain.guardrail import MINIMA, UNBOUNDED, Applies, Guardrail, Kind
from gradatim.domain.knowledge import InteractionLevel
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
    "renal-formulae-disagree": ("stop across 30, caution across 60", ("renal.disagree-30", "renal.disagree-60"), KIDNEYS),
    "age-unknown": ("info", ("person.age-unknown",), OWN),
    "child-weight-unknown": ("stop", ("person.child-weight-unknown",), "the sources of the limits by weight"),
    "medicine-not-listed": ("info", ("medicine.not-listed",), OWN),
    "tenfold-slip": ("stop", ("slip.tenfold",), "the sources of the first dose"),
    "tenfold-jump": ("stop", ("slip.tenfold-jump",), "the sources of the step"),
    "unit-slip": ("stop", ("slip.tiny",), OWN),
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

Every rule id that `gradatim check` can give. The page is made from the data and the code by `docs/make_rules.py`; a test fails when a rule is missing here.

A *limit* of the monograph has a recommended bound, an absolute bound, or both. Beyond the first it gives a caution, beyond the second a stop, unless the row says otherwise. Of the limits of one kind and group, one written for the person's country replaces the one written for none. A plan that only goes down is not blocked for being high, nor by a reason against taking the drug at all: such a finding is told, and does not stand in the way of coming off.

In the messages `{…}` stands for a fact of the plan. What a severity does: [Findings and exit codes](findings-and-exit-codes.md). What the tags behind a source mean, and the sources themselves: [The monograph](monograph.md).
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
    if rail.kind in UNBOUNDED:
        bounds, graves = "–", f"{rail.beyond_absolute}"
    else:
        word = "from" if rail.at_limit else "under" if rail.kind in MINIMA else "over"
        both = ((rail.recommended, rail.beyond_recommended), (rail.absolute, rail.beyond_absolute))
        if rail.recommended == rail.absolute:
            both = both[1:]
        bounds = "; ".join(f"{word} {bound}" for bound, _ in both if bound)
        graves = "; ".join(str(severity) for bound, severity in both if bound)
    return f"| `{rail.id}` | {cell(people(rail.applies))} | {bounds} | {graves} | {cell(rail.why)} | {sources_text(rail.source)} |"


def made() -> str:
    """The whole page."""
    known = monograph()
    lines = [HEAD]
    for chapter, kinds in CHAPTERS.items():
        lines.append(f"## {chapter}\n")
        for kind in kinds:
            lines += [f"> {cell(TEMPLATES[f'limit.{kind}'])}\n", "| rule | for whom | fires | severity | why | source |", "|---|---|---|---|---|---|"]
            lines += [limit(rail) for rail in known.guardrails if rail.kind is kind]
            lines.append("")
    lines += ["## Illnesses and states\n", f"> {TEMPLATES['condition']}\n"]
    lines += ["Given when the order names one of these words in `conditions` or `indication`.\n"]
    lines += ["| rule | when | severity | why | source |", "|---|---|---|---|---|"]
    for rule in known.condition_rules:
        also = "; ".join(part for part in (people(rule.applies).replace("everybody", ""), f"product with {rule.product_contains}" if rule.product_contains else "") if part)
        when = f"{' or '.join(rule.conditions)}{f' ({also})' if also else ''}"
        lines.append(f"| `{rule.id}` | {cell(when)} | {rule.severity} | {cell(rule.why)} | {sources_text(rule.source)} |")
    lines += ["", "## Other medicines\n", f"> {TEMPLATES['interaction']}\n"]
    lines += ["Given when the order names one of them in `medicines`; strengths and brand words around the name do no harm.\n"]
    lines += ["| rule | medicines | severity | what to do | source |", "|---|---|---|---|---|"]
    for found in known.interactions:
        severity = "info" if found.level is InteractionLevel.MINOR else "caution"
        named = ", ".join(found.members[:8]) + (" …" if len(found.members) > 8 else "")
        lines.append(
            f"| `interaction-{found.id}` | {cell(found.with_class)}: {cell(named)} | {severity} ({found.level}) | {cell(found.action)} | {sources_text(found.source)} |"
        )
    lines += ["", "## Rules of the program\n"]
    lines += ["These compare parts of an order with one another, or say that a fact is missing. Their numbers come from the protocol or limit named in the message.\n"]
    lines += ["| rule | severity | message | source |", "|---|---|---|---|"]
    for rule, (severity, keys, source) in CODE.items():
        said = " *or* ".join(cell(TEMPLATES[key]) for key in keys)
        lines.append(f"| `{rule}` | {severity} | {said} | {source} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    FILE.write_text(made(), "utf-8")
