"""The page for the clinician on paper: always one page, and what has no room is counted on it."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, Literal

from gradatim.report.clinician import ReportInput
from gradatim.report.clinician_lists import Item, said
from gradatim.report.clinician_page import ClinicianPage, clinician_page
from gradatim.report.lines import symptom_svg, taken_svg
from gradatim.report.lines.symptom import described as symptom_described
from gradatim.report.lines.taken import described as taken_described
from gradatim.report.typesetting import typeset
from gradatim.words import phrase

Paper = Literal["a4", "us-letter"]

_INNER = {"a4": 539.0, "us-letter": 552.0}  # points between the margins
_TALL = {"a4": (86.0, 75.0), "us-letter": (84.0, 72.0)}  # of the figure of the last days, and of each other one
_TALL_WIDE = 76.0
_GUTTER = 8.0
_LONGEST = 900  # letters of one item: longer ones are cut, and the cut is seen

# What may be left out for want of room: how many stay, each with what that loses. The cheapest loss comes first.
_LOSSES: dict[str, tuple[tuple[int, int], ...]] = {
    "urgent": ((6, 30), (4, 41), (3, 42), (2, 60), (1, 70)),
    "findings": ((12, 5), (10, 7), (8, 9), (7, 14), (6, 20), (5, 25), (4, 33), (3, 40), (2, 50), (1, 60)),
    "happened": (
        (20, 1),
        (16, 2),
        (13, 3),
        (10, 5),
        (8, 10),
        (7, 12),
        (6, 17),
        (5, 24),
        (4, 28),
        (3, 34),
        (2, 45),
        (1, 55),
    ),
    "supply": ((6, 4), (4, 8), (3, 16), (2, 37), (1, 47)),
    "questions": ((8, 1), (6, 2), (5, 3), (4, 6), (3, 15), (2, 27), (1, 36)),
    "changes": ((4, 1), (3, 1), (2, 1), (1, 2), (0, 4)),
    "charts": ((2, 19), (0, 34)),
    "lines": ((16, 0), (9, 3), (7, 6), (6, 11), (5, 18), (4, 30), (3, 48), (2, 68), (1, 80)),
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
    since_wide = taken_svg(since, inner, _TALL_WIDE, title=said("taken-figure"), key=False, medium="paper")
    return {
        **asdict(page),
        "who": page.who[:_LONGEST], "facts": [[name, text[:_LONGEST]] for name, text in page.facts],
        "paper": paper, "intended": phrase("intended-use"), "issued": list(made.now.utc().timetuple()[:6]),
        "urgent": [_cut(item) for item in page.urgent], "urgent_heading": said("urgent"),
        "happened": [_cut(item) for item in page.happened], "no_happened": said("no-happened"), "changes_html": said("changes-html"),
        "findings": [_cut(item) for item in page.findings], "supply": [_cut(item) for item in page.supply],
        "questions": [_cut(Item(text=text)) for text in page.questions],
        "today_label": said("today"), "today_total": said("today-total", amount=made.day.planned) if page.doses else said("no-dose"),
        "strip": _figure(strip_svg, taken_described(strip)) if len(strip.days) > 1 else None,
        "wide_course": _figure(since_wide, taken_described(since)) if len(since.days) > 1 else None,
        "wide_charts": [_figure(symptom_svg(line, inner, _TALL_WIDE, medium="paper"), symptom_described(line)) for line in made.lines],
        "course": _figure(since_svg, taken_described(since)) if len(since.days) > 1 else None,
        "charts": [_figure(symptom_svg(line, half, other, medium="paper"), symptom_described(line)) for line in made.lines],
        "no_scores": said("no-scores"), "steps_mark": said("steps-mark"), "table_heading": said("table"),
        "findings_heading": said("findings"), "supply_heading": said("supply"),
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
        "urgent": len(page.urgent), "findings": len(page.findings), "happened": len(page.happened),
        "supply": len(page.supply), "questions": len(page.questions),
        "changes": max(len(page.table) - 1, 0), "charts": len(made.lines) + (len(made.since_line.days) > 1),
    }  # fmt: skip
    levels = {
        name: [(count, 0), *((fewer, loss) for fewer, loss in _LOSSES[name] if fewer < count)]
        for name, count in have.items()
    }
    levels["wide"] = [(1, 0), (0, 2)]
    levels["lines"] = list(_LOSSES["lines"])
    figures = have["charts"] - len(made.lines)  # the one of what was taken is no scale
    more = {name: [_more(name, count - shown) for shown in range(count + 1)] for name, count in have.items()}
    scales = len(made.lines) + len(made.left_out)
    more["charts"] = [_more("charts", scales - max(shown - figures, 0)) for shown in range(have["charts"] + 1)]
    return {"levels": levels, "more": more}


def _more(name: str, left: int) -> str:
    return said(f"more-{name}", count=left) if left else ""
