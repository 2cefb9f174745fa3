"""Writes reference/monograph.md: protocols, products and sources from the data, and what was searched for and not found.

``python docs/make_monograph.py`` after a change; a test finds a stale page.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gradatim.domain.citation import Evidence
from gradatim.domain.product import Form
from gradatim.domain.protocol import Amount, TaperProtocol, TitrationProtocol
from gradatim.monographs import bibliography, leaflet, monograph
from gradatim.monographs.intrathecal_loader import intrathecal
from gradatim.words import phrase, sources_text

FILE = Path(__file__).parent / "reference" / "monograph.md"

HEAD = """# The monograph

What the program knows about baclofen, from `src/gradatim/monographs/`. The page is made from the data by `docs/make_monograph.py`. Every
other part, with its sources, on the terminal:

```sh
gradatim monograph show baclofen
gradatim monograph show baclofen danger-signs
gradatim monograph show baclofen us-label
```

The limits are on [the page of rules](rules.md).

## How to read a source

`US-TAB [T]` is a key, explained [below](#sources), and a tag: how much of that source was seen. Pages written for laypeople by laypeople
are never used, so they have no tag.

| tag | what was seen |
|---|---|
"""

UP = """
## Ways up

A plan takes the gentle end of each range: the low amount, the long interval. Most protocols that do not run lack a step or an interval in
their source: `gradatim monograph show baclofen ID` says what is missing, and an order may name the protocol and give its own step and
interval beside it.

| id | for whom | start | step, no sooner than | at most | runs | source |
|---|---|---|---|---|---|---|
"""

DOWN = """
## Ways down

`needs` is a condition that blocks the plan until a clinician overrides it. What each becomes for one person: [Coming
down](../explanation/tapering.md).

| id | for whom | in all | each cut | no sooner than | runs | source |
|---|---|---|---|---|---|---|
"""

PRODUCTS = """
## Products

A tablet is split only where a source says that it may be. *Not said* counts as no.

| id | what | halves | once open | only for | source |
|---|---|---|---|---|---|
"""

MISSING = """
## Not found, and therefore not here

Searched for without success. The program has no number where no source has one; it says so instead.

- A rule for starting again after several missed days. After 24 hours without a dose the text says: call, do not go back to the full dose alone.
- A ceiling of 40 mg a day for older people, often repeated. The limits for older people are about the start and the interval.
- A number for a weak liver. Liver disease gives a finding, not a smaller dose.
- A formal source for coming down by 5 to 10 mg a week, 10 % every 2 to 4 weeks, or 10 to 20 % a week. A prescriber may order these as steps
of their own.
- How many days ahead to order a supply.
- Whether the tablets marked *not said* above may be split, and the strengths sold in Australia.
- Storage and days after opening for the liquids sold in the United Kingdom.
- What magnesium does beside baclofen.
- A factor from mg by mouth to micrograms by pump. There is no function for it, on purpose.
"""


def cell(text: object) -> str:
    """Text that cannot break a table."""
    return " ".join(str(text).replace("|", "\\|").split())


def amount(part: Amount) -> str:
    """``5 mg a dose``."""
    said = ((part.per_dose, "a dose"), (part.per_day, "a day"), (part.per_day_per_kg, "a day"))
    return next(f"{value} {unit}" for value, unit in said if value is not None)


def up(one: TitrationProtocol) -> str:
    """A row of the ways up."""
    most = "; ".join(
        part
        for part in (
            f"{one.maximum_day} a day" if one.maximum_day else "",
            f"{one.maximum_dose} a dose" if one.maximum_dose else "",
        )
        if part
    )
    low, high = min(one.times), max(one.times)
    times = f"{low} to {high} times" if low < high else "once" if low == 1 else f"{low} times"
    step = ", ".join(part for part in (amount(one.step) if one.step else "", str(one.interval or "")) if part) or "–"
    only = f", only for {one.only_for}" if one.only_for else ""
    return (
        f"| `{one.id}` | {cell(one.applies_to)}{only} | {amount(one.start)}, {times} | {step} "
        f"| {most or '–'} | {'yes' if one.usable else 'no'} | {sources_text(one.source)} |"
    )


def down(one: TaperProtocol) -> str:
    """A row of the ways down."""
    cut = " and ".join(str(part) for part in (one.step, one.fraction) if part) or "–"
    needs = f". Needs: {one.needs}" if one.needs else ""
    runs = "yes" if one.usable else "no"
    return f"| `{one.id}` | {cell(one.applies_to + needs)} | {one.total or '–'} | {cut} | {one.interval or '–'} | {runs} | {sources_text(one.source)} |"


def halves(one: Any) -> str:
    """Whether a piece may be split."""
    if one.form is not Form.TABLET:
        return "–"
    if one.divisible_into > 1:
        return "yes"
    return {None: "not said", True: "scored, halves not said", False: "no"}[one.scored]


def product(one: Any) -> str:
    """A row of the products."""
    open_ = (
        f"{one.in_use_days} days"
        if one.in_use_days
        else f"{one.in_use_hours} hours, mixed"
        if one.in_use_hours
        else "–"
    )
    what = f"{one.name}, {one.concentration}" if one.concentration else one.name
    return (
        f"| `{one.id}` | {cell(what)} | {halves(one)} | {open_} | {one.only_for or '–'} | {sources_text(one.source)} |"
    )


def made() -> str:
    """The whole page."""
    known, read = monograph(), leaflet()
    text = HEAD + "\n".join(f"| [{tag.value}] | {phrase(f'evidence.{tag}')} |" for tag in Evidence) + "\n"
    text += UP + "\n".join(map(up, known.titrations)) + "\n"
    text += DOWN + "\n".join(map(down, known.tapers)) + "\n"
    text += PRODUCTS + "\n".join(map(product, known.products)) + "\n"
    text += "\n## Missed doses\n\n| id | text | source |\n|---|---|---|\n"
    text += (
        "\n".join(f"| `{rule.id}` | {cell(rule.text)} | {sources_text(rule.source)} |" for rule in read.missed_dose)
        + "\n"
    )
    text += MISSING
    topics = [(topic.title, topic.not_found) for topic in (*read.topics, *intrathecal().topics) if topic.not_found]
    text += (
        "\nAnd, told beside the topic that it belongs to:\n\n"
        + "\n".join(f"- {title}: {said}" for title, said in topics)
        + "\n"
    )
    text += "\n## Sources\n\n| key | source | where |\n|---|---|---|\n"
    for key, source in sorted(bibliography().items()):
        note = f" {source.note}" if source.note else ""
        year = f", {source.year}" if source.year and str(source.year) not in source.title else ""
        text += f"| {key} | {cell(source.title + year)} | {cell((source.address or '') + note)} |\n"
    return text


if __name__ == "__main__":
    FILE.write_text(made(), "utf-8")
