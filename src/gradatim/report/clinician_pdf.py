"""The page for the clinician on paper: always one page, and what has no room is counted on it."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, Literal

from gradatim.report.clinician import ReportInput
from gradatim.report.clinician_page import ClinicianPage, Item, clinician_page, said
from gradatim.report.lines import symptom_svg, taken_svg
from gradatim.report.lines.symptom import described as symptom_described
from gradatim.report.lines.taken import described as taken_described
from gradatim.report.typesetting import typeset
from gradatim.words.english import INTENDED_USE

Paper = Literal["a4", "us-letter"]

_INNER = {"a4": 527.0, "us-letter": 540.0}  # points between the margins
_TALL = {"a4": (88.0, 90.0), "us-letter": (84.0, 82.0)}  # of the figure of the last days, and of each other one
_GUTTER = 10.0
_LONGEST = 400  # letters of one item: longer ones are cut, and the cut is seen

# What may be left out for want of room: how many stay, each with what that loses. The cheapest loss comes first.
_LOSSES: dict[str, tuple[tuple[int, int], ...]] = {
    "findings": ((12, 1), (10, 3), (8, 5), (7, 7), (6, 9), (5, 12), (4, 26), (3, 32), (2, 40), (1, 50)),
    "supply": ((6, 2), (4, 4), (3, 6), (2, 8), (1, 30)),
    "questions": ((8, 1), (6, 2), (5, 3), (4, 4), (3, 6), (2, 14), (1, 23)),
    "changes": ((8, 1), (6, 2), (5, 2), (4, 3), (3, 4), (2, 6), (1, 13), (0, 34)),
    "charts": ((1, 24), (0, 35)),
    "lines": ((9, 0), (6, 1), (5, 2), (4, 3), (3, 5), (2, 18), (1, 28)),
}


def to_pdf(made: ReportInput, *, paper: Paper = "a4") -> bytes:
    """One page as PDF/UA-1; the same input gives the same bytes."""
    return typeset("clinician.typ", page_data(made, paper), made.now.seconds)


def page_data(made: ReportInput, paper: Paper) -> dict[str, Any]:
    """All that is printed, and how much of it to try."""
    page = clinician_page(made)
    inner = _INNER[paper]
    first, other = _TALL[paper]
    half = (inner - _GUTTER) / 2
    strip, since = made.recent_line, made.since_line
    strip_svg = taken_svg(strip, inner - 18, first, title=said("strip-figure"), medium="paper")
    since_svg = taken_svg(since, half, other, title=said("taken-figure"), key=False, medium="paper")
    return {
        **asdict(page),
        "who": page.who[:_LONGEST], "facts": [[name, text[:_LONGEST]] for name, text in page.facts],
        "paper": paper, "intended": INTENDED_USE, "issued": list(made.now.utc().timetuple()[:6]),
        "findings": [_cut(item) for item in page.findings], "supply": [_cut(item) for item in page.supply],
        "questions": [_cut(Item(text=text)) for text in page.questions],
        "today_label": said("today"), "today_total": said("today-total", amount=made.day.planned) if page.doses else said("no-dose"),
        "strip": _figure(strip_svg, taken_described(strip)) if len(strip.days) > 1 else None,
        "course": _figure(since_svg, taken_described(since)) if len(since.days) > 1 else None,
        "charts": [_figure(symptom_svg(line, half, other, medium="paper"), symptom_described(line)) for line in made.lines],
        "no_scores": said("no-scores"), "steps_mark": said("steps-mark"), "table_heading": said("table"),
        "findings_heading": said("findings"), "no_findings": said("no-findings"), "supply_heading": said("supply"),
        "no_supply": said("no-supply"), "questions_heading": said("questions"), "no_questions": said("no-questions"),
        "sources_label": said("sources"),
        **_room(made, page),
    }  # fmt: skip


def _figure(svg: str, said_of_it: str) -> dict[str, str]:
    return {"svg": svg, "alt": said_of_it}


def _cut(item: Item) -> dict[str, Any]:
    return asdict(replace(item, text=item.text if len(item.text) <= _LONGEST else f"{item.text[:_LONGEST]}…"))


def _room(made: ReportInput, page: ClinicianPage) -> dict[str, Any]:
    """How many of each list there are to choose from, the most first, with what each choice loses; and what is said of the rest."""
    have = {
        "findings": len(page.findings), "supply": len(page.supply), "questions": len(page.questions),
        "changes": max(len(page.table) - 1, 0), "charts": len(made.lines),
    }  # fmt: skip
    levels = {
        name: [(count, 0), *((fewer, loss) for fewer, loss in _LOSSES[name] if fewer < count)]
        for name, count in have.items()
    }
    levels["lines"] = list(_LOSSES["lines"])
    beyond = dict.fromkeys(have, 0) | {"charts": len(made.left_out)}
    more = {
        name: [_more(name, count - shown + beyond[name]) for shown in range(count + 1)] for name, count in have.items()
    }
    return {"levels": levels, "more": more}


def _more(name: str, left: int) -> str:
    return said(f"more-{name}", count=left) if left else ""
