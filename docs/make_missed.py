"""Writes reference/missed-doses.md: a forgotten dose by rule, regimen and minute, from the cases of its tests.

``python docs/make_missed.py`` after a change; a test finds a stale page.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gradatim.monographs import leaflet
from gradatim.words import sources_text

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docs" / "reference" / "missed-doses.md"

HEAD = """# Missed doses

What becomes of a dose that is not recorded, minute by minute. The page is made from the cases that `tests/spec/test_missed.py` runs, by
`docs/make_missed.py`. Two doses are never due at once, and nothing here ever says to take two.

| word | meaning |
|---|---|
| early | its time has not come |
| due | take it; on time until one hour after its time, or half the way to the next dose if that is less |
| late | it may still be taken |
| missed | too late: leave it out, and take the next one at its usual time |
| held | no dose for so long that somebody has to be asked first |

A dose is never missed before half the time to the next has passed, or an hour if that is less; and always before the next is due.
"""

WHOM = {
    "nhs": "The rule of everybody whose country has none of its own.",
    "eu-leaflet": "The rule in Switzerland. Its source gives no number, so the two hours of the rule above stand in.",
    "strict": "Only where a prescriber wants it.",
}


def cell(text: object) -> str:
    """Text that cannot break a table."""
    return " ".join(str(text).replace("|", "\\|").split())


def span(minutes: int) -> str:
    """``4 h``, ``1 h 1 min``, ``45 min``."""
    hours, rest = divmod(abs(minutes), 60)
    said = " ".join(
        part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if part
    )
    return f"{said} before" if minutes < 0 else said


def made() -> str:
    """The whole page."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    from tests.spec.missed_cases import GAP_CASES, MISSED_CASES

    known = leaflet()
    lines = [HEAD]
    for rule in known.missed_dose:
        lines += [f"## The rule `{rule.id}`\n", f"> {rule.text}\n", f"{WHOM[rule.id]} {sources_text(rule.source)}\n"]
        lines += [
            "| doses at | the dose of | next in | may be taken until | after its time it is |",
            "|---|---|---|---|---|",
        ]
        lines += [_row(case) for case in MISSED_CASES if case.rule == rule.id]
        lines.append("")
    return "\n".join([*lines, *_gap(known, GAP_CASES)]) + "\n"


def _row(case: Any) -> str:
    after = ", ".join(f"{span(minute)}: {_state(case, minute)}" for minute, _ in case.moments)
    times = ", ".join(case.times)
    return f"| {times} | {case.times[case.slot - 1]} | {span(case.next_in)} | {span(case.until)} | {after} |"


def _state(case: Any, minute: int) -> str:
    """As the program says now; a dose of yesterday that is no longer shown is missed."""
    from tests.journals import at

    due = at(case.times[case.slot - 1])
    shown = [one.state for one in case.at_minute(minute).doses if one.dose.instant == due]
    return str(shown[0]) if shown else "missed"


def _gap(known: Any, cases: Any) -> Iterator[str]:
    rule = known.gap
    yield f"## No dose for more than {rule.hours} hours\n"
    yield f"> {rule.text}\n"
    yield f"{rule.derived} {sources_text(rule.source)}\n"
    yield "A planned dose must have been left out: the usual time between two doses of one a day is no gap. A dose that is still on time"
    yield "may be taken. Taken doses and answers of somebody who was asked end it.\n"
    yield "| doses at | last dose | now | the dose of | is | the guard | |"
    yield "|---|---|---|---|---|---|---|"
    for case in cases:
        seen = case.today()
        from tests.journals import at

        state = next(one.state for one in seen.doses if one.dose.instant == at(case.shown))
        guard = "speaks" if seen.gap is not None else "is silent"
        times = ", ".join(case.times)
        yield f"| {times} | {_day(case.last)} | {_day(case.now)} | {_day(case.shown)} | {state} | {guard} | {cell(case.note)} |"


def _day(text: str) -> str:
    first, _, clock = text.rpartition(" ")
    return f"day {int(first or 0) + 1}, {clock}"


if __name__ == "__main__":
    FILE.write_text(made(), "utf-8")
