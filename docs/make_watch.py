"""Writes reference/watch.md: every rule of the watch with a record that fires it and one that does not, from the cases of its tests.

``python docs/make_watch.py`` after a change; a test finds a stale page.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from gradatim.domain.sign import Beside
from gradatim.domain.watch.reach import FEWEST, REACHES, Reach
from gradatim.monographs import leaflet
from gradatim.words import say, sources_text

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docs" / "reference" / "watch.md"

HEAD = """# The watch

Every rule that looks at a record, with a record that fires it and one close by that does not. The page is made from the cases that
`tests/spec/test_watch.py` runs, by `docs/make_watch.py`.

| level | asks for |
|---|---|
| E | emergency services now |
| D | the prescriber or pharmacist today |
| V | the next visit |

The watch asks for contact. It never changes a dose, never calls an amount safe, and says nothing is well. What to do is the fixed text of
[the monograph](monograph.md). Words of your own fire no rule: they are shown, and nobody has judged them.

An answer (who dealt with it, and what was said) lets V rest for up to 30 days and D for up to 24 hours. E never rests: it is shown with
the answer. Whatever comes to be known after the answer shows the rule again.

The records below begin on Tuesday 1 December 2026, in London, at 08:00, 14:00 and 21:00. Unless something else is said, the person is
45 years old with an eGFR of 95, has taken baclofen for 100 days, has a plan of 10 mg at each time, and took every dose as planned. A plan
named here gives its steps, mg at each time. Under *does not* the rule is silent, or speaks at another level; another rule may speak.
"""

CHAPTERS = {
    "Doses not taken": ("watch-withdrawal", "watch-pump", "watch-gap"),
    "Too much taken": ("watch-overdose", "watch-extra", "watch-dose-twice", "watch-doses"),
    "Signs beside something else": ("watch-kidney-confusion", "watch-breathing", "watch-sleepy"),
    "What the dose may have changed": ("watch-weaker", "watch-fall", "watch-more", "watch-mood"),
    "Signs by themselves": ("watch-sign-", "watch-reactions", "watch-noted"),
    "Other medicines, alcohol, operations": ("watch-interaction-", "watch-medicine", "watch-surgery"),
    "What somebody has to look after": ("watch-",),
}

SIGNS = """
## What a sign is read as

Beside something else a sign may mean more. By itself each danger sign keeps its own level, and an unwanted effect that is not listed here
has no level in the sources: it is shown for the next visit.

| noted | beside | is read as |
|---|---|---|
"""

REACH = f"""
## How far back it looks

Every number that is not in the monograph stands in one table, `gradatim.domain.watch.reach`. Numbers that no source gives are marked as
derived. A score counts as clearly worse when at least {FEWEST} scores of the last days are all worse than all of at least {FEWEST} in the
days before: no source says how large a difference matters, so no size is asked for.

| what | how far | why | source |
|---|---|---|---|
"""


def cell(text: object) -> str:
    """Text that cannot break a table."""
    return " ".join(str(text).replace("|", "\\|").split())


def row(pair: Any, story: Any) -> str:
    """A row of the decision table."""
    finding = pair.fires.findings()[pair.rule]
    said = f"{say(finding.message)} *{finding.why}*" if finding.why else say(finding.message)
    near = f"{story(pair.near)} {pair.note}"
    return f"| `{pair.rule}` | {pair.level} | {cell(story(pair.fires))} | {cell(near)} | {cell(said)} | {sources_text(finding.source)} |"


def made() -> str:
    """The whole page."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    from tests.spec.watch_cases import PAIRS, story

    def chapter(pair: Any) -> str:
        return next(name for name, starts in CHAPTERS.items() if pair.rule.startswith(starts))

    lines = [HEAD]
    order = list(CHAPTERS)
    for name, pairs in groupby(sorted(PAIRS, key=lambda pair: order.index(chapter(pair))), chapter):
        lines += [
            f"## {name}\n",
            "| rule | level | fires | does not | what is said, *and what to do* | source |",
            "|---|---|---|---|---|---|",
        ]
        lines += [row(pair, story) for pair in pairs]
        lines.append("")
    return (
        "\n".join(lines).rstrip()
        + "\n"
        + SIGNS
        + "\n".join(_meanings())
        + "\n"
        + REACH
        + "\n".join(map(_reach, REACHES))
        + "\n"
    )


def _meanings() -> Iterator[str]:
    known = leaflet()
    words = {one.id: one.sign for one in known.danger_signs}
    names = {one.id: one.name for one in known.reactions} | words
    beside = {
        Beside.NOTHING: "–", Beside.NOT_TAKEN: "doses not taken in full, or cut, in the last 3 days", Beside.PUMP: "a pump",
        Beside.WEAK_KIDNEYS: "weak kidneys (eGFR under 60, dialysis), or a newly begun medicine that can weaken them",
        Beside.SLOW_BREATHING: "an opioid or alcohol", Beside.RISE: "a rise of the dose in the last 14 days",
    }  # fmt: skip
    for meaning in known.watch.meanings:
        noted = "; ".join(names[id] for id in meaning.noted)
        yield f"| {cell(noted)} | {beside[meaning.beside]} | {cell(words[meaning.means])} |"


def _reach(reach: Reach) -> str:
    hours = reach.seconds // 3600
    span = f"{hours} hours" if hours <= 24 else f"{reach.days} days"
    return f"| {cell(reach.what)} | {span} | {cell(reach.why)} | {sources_text(reach.source)} |"


if __name__ == "__main__":
    FILE.write_text(made(), "utf-8")
