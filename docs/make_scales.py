"""Writes reference/scales.md: what a person can log, what it means, what is not asked and why, and how common side effects are.

``python docs/make_scales.py`` after a change of the data; a test finds a stale page.
"""

from __future__ import annotations

from pathlib import Path

from gradatim.domain.goals import LEVELS, t_score
from gradatim.domain.scale import Better, Every, ImportantDifference, Rater, Scale
from gradatim.monographs import leaflet, not_embedded, scales
from gradatim.words import sources_text
from gradatim.words.frequency import how_common

FILE = Path(__file__).parent / "reference" / "scales.md"

HEAD = """# Scales and side effects

What a person can write down, from `src/gradatim/monographs/scales.toml`. The page is made from the data by `docs/make_scales.py`. Every
answer is optional, and an answer that was not given is a gap, never a 0. How to read a source: [the monograph](monograph.md).

Only scales whose licence allows it are asked. The sentences are ours; where the steps are those of a published scale, the list under the
tables says so.

"""

TABLE = """| id | the question | answers | good end | source |
|---|---|---|---|---|
"""

CHAPTERS = {
    Every.DAY: "## Every day\n\nThe questions of the check-in, in their order.\n\n",
    Every.WEEK: "## Every week\n\n",
    Every.VISIT: "## At a visit\n\nNever asked for: a field for what a clinician found.\n\n",
}

DIFFERENCES = """## A difference that matters

A change can be real and still too small to matter. A published number holds for the people it was found in, and for nobody else.

| id | for whom | difference | source |
|---|---|---|---|
"""

GOALS = """## Goals as one number

Each goal has a level from −2 to +2 and a weight: how important it is to the person (1 to 3) times how hard it is (1 to 3), or 1 where
goals are not weighted. All levels together give one T-score:

```text
T = 50 + 10 · Σ(w·x) / √(0.7 · Σ(w²) + 0.3 · (Σw)²)
```

with w the weight and x the level of each goal, so that goals reached as expected give exactly 50.

This is the corrected formula of the erratum to the published guide, GAS [M]; the formulas that the guide itself printed on two pages are
wrong. A public copy that opens with the erratum was read, not the publisher's page. The score is worked out without rounding on the way
and given to one tenth.

| goals as (weight, level) | T-score |
|---|---|
"""

EXAMPLES: tuple[tuple[tuple[int, int], ...], ...] = (
    ((1, 0), (4, 0), (9, 0)),
    ((1, 1),),
    ((1, 1), (1, 0), (1, -1)),
    ((6, 1), (2, -1)),
    ((1, -1), (1, -1), (1, -1)),
)

EFFECTS = """## How common each side effect is

One line for each source, as that source says it. Sources that differ are not averaged: they asked different people in different ways, and
a range in one source comes from different trials. A number says how many people had the effect, not how likely it is for you.

| side effect | how common |
|---|---|
"""


def cell(text: object) -> str:
    """Text that cannot break a table."""
    return " ".join(str(text).replace("|", "\\|").split())


def row(one: Scale) -> str:
    """A scale in one line."""
    ends = {Better.LOW: f"low: {one.written(one.low)}", Better.HIGH: f"high: {one.written(one.high)}", None: "–"}
    good = ends[one.better] if not one.unit or one.better is None else one.better.value
    asked = f"{one.question} ({one.frame})" if one.frame not in one.question else one.question
    return f"| `{one.id}` | {cell(asked)} | {cell(one.sentence)} | {good} | {sources_text(one.source)} |"


def told(one: Scale) -> str:
    """Everything else about a scale, as a list."""
    lines = [f"### {one.name}", ""]
    lines += [f"- {one.written(anchor.value)}: {anchor.words}" for anchor in one.anchors if one.by is Rater.PERSON]
    if one.only_if:
        lines.append(f"- Asked only when `{one.only_if}` is above its lowest value.")
    for place, band in enumerate(one.bands):
        last = one.bands[place + 1].start if place + 1 < len(one.bands) else None
        reach = f"from {band.start} to below {last}" if last is not None else f"from {band.start}"
        lines.append(f"- Band {reach}: {band.words}, {sources_text(band.source)}")
    if one.how:
        lines.append(f"- How: {one.how}")
    if one.derived:
        lines.append(f"- Ours: {one.derived}")
    if one.not_found:
        lines.append(f"- Not found: {one.not_found}")
    return "\n".join(lines)


def difference(one: Scale, each: ImportantDifference) -> str:
    """A published difference in one line."""
    size = f"{each.low} to {each.high}" if each.high else each.low
    basis = f" ({each.basis})" if each.basis else ""
    return (
        f"| `{one.id}` | {cell(each.population)} | {cell(f'{size} {one.unit}{basis}')} | {sources_text(each.source)} |"
    )


def made() -> str:
    """The whole page."""
    known = tuple(scales().values())
    text = HEAD
    for every, chapter in CHAPTERS.items():
        here = [one for one in known if one.every is every]
        text += chapter + TABLE + "\n".join(map(row, here)) + "\n\n" + "\n\n".join(map(told, here)) + "\n\n"
    rows = [difference(one, each) for one in known for each in one.important]
    text += DIFFERENCES + "\n".join(rows) + "\n\n"
    text += "For every other scale and everybody else: not found, and therefore not here.\n\n## Never asked\n\n"
    text += "| scale | why | source |\n|---|---|---|\n"
    text += "\n".join(
        f"| {cell(one.name)} | {cell(one.reason)} | {sources_text(one.source)} |" for one in not_embedded()
    )
    text += "\n\n" + GOALS
    for goals in EXAMPLES:
        shown = ", ".join(f"({weight}, {scales()['goal'].written(level)})" for weight, level in goals)
        text += f"| {shown} | {t_score(goals)} |\n"
    text += "\n" + EFFECTS
    for reaction in leaflet().reactions:
        lines = "<br>".join(cell(line) for line in how_common(reaction))
        text += f"| {cell(reaction.name)} | {lines} |\n"
    assert {anchor.value: anchor.words for anchor in scales()["goal"].anchors} == LEVELS
    return text


if __name__ == "__main__":
    FILE.write_text(made(), "utf-8")
